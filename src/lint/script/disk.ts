import type { AnyNode, CallExpression, NewExpression } from 'acorn';

import type { Example, Hit, Rule } from '../rule.ts';
import { serviceExample, functionExample } from './example.ts';
import { originOf, readNames, valueOf, type Names } from './names.ts';
import { readDiskPath } from './paths.ts';
import { isFunction, literalText, propertyOf, walkTree } from './tree.ts';
import { placeInScript, type ScriptSubject } from './script.ts';

function databaseExample(file: string): Example {
  const text = `const express = require('express');
const Database = require('better-sqlite3');

const db = new Database('${file}');
const app = express();
app.get('/orders', (req, res) => res.json(db.prepare('SELECT * FROM orders').all()));
app.listen(process.env.PORT || 3000);
`;
  const dependencies = { 'better-sqlite3': '^12.4.0', express: '^5.1.0' };
  return serviceExample({ 'server.js': text }, { dependencies });
}

function uploadExample(folder: string): Example {
  const text = `const express = require('express');
const multer = require('multer');

const upload = multer({ dest: '${folder}' });
const app = express();
app.post('/photos', upload.single('photo'), (req, res) => res.json({ size: req.file.size }));
app.listen(process.env.PORT || 3000);
`;
  return serviceExample({ 'server.js': text }, { dependencies: { express: '^5.1.0', multer: '^2.0.0' } });
}

function fileExample(file: string): Example {
  const text = `const fs = require('node:fs');

exports.main = (event) => fs.appendFileSync('${file}', event.id);
`;
  return functionExample({ 'index.js': text });
}

/** Rules of scripts that keep data on the disk of an instance. */
export const diskRules: readonly Rule<ScriptSubject>[] = [
  {
    id: 'CBR208',
    severity: 'warning',
    title: 'Database is a file on the local disk',
    why: 'Instances come and go with the traffic and with each release, and each of them has a disk of its own that goes with it. Rows that one instance writes are unknown to the others, and are lost.',
    fix: 'Keep the data in a database outside of the instance, such as CloudBase or TencentDB.',
    bad: databaseExample('shop.sqlite'),
    good: databaseExample(':memory:'),
    check: (subject) => checkCalls(subject, /sqlite/i, findDatabase),
  },
  {
    id: 'CBR209',
    severity: 'warning',
    title: 'Uploads stay on the local disk',
    why: 'Instances come and go with the traffic and with each release, and their disks go with them. A file that one instance takes is unknown to the others, and is lost.',
    fix: 'Send uploads to cloud storage; take them in memory or below /tmp on the way.',
    bad: uploadExample('uploads/'),
    good: uploadExample('/tmp/uploads'),
    check: (subject) => checkCalls(subject, /multer|formidable|uploadDir|tempFileDir/, findUploads),
  },
  {
    id: 'CBR210',
    severity: 'warning',
    title: 'File is written to the local disk',
    why: 'Instances come and go with the traffic and with each release, and their disks go with them. What is written there is unknown to other instances, and is lost.',
    fix: 'Keep the data in cloud storage or a database, and write what is only needed for a moment below /tmp.',
    bad: fileExample('orders.txt'),
    good: fileExample('/tmp/orders.txt'),
    check: (subject) =>
      checkCalls(
        subject,
        /writeFile|appendFile|createWriteStream|mkdir|output(File|Json)|ensureDir/,
        findWrites,
      ),
  },
];

interface Call {
  readonly node: CallExpression | NewExpression;
  /** Of what is called. */
  readonly origin: string;
  readonly names: Names;
}

/** What is written where. */
interface Found {
  readonly what: string;
  readonly path: string;
  readonly node: AnyNode;
}

type Find = (call: Call) => readonly (Found | undefined)[];

function checkCalls(subject: ScriptSubject, inText: RegExp, find: Find): Hit[] {
  if (!inText.test(subject.text)) return [];
  const names = readNames(subject.program);
  const found: Found[] = [];
  const visit = (node: CallExpression | NewExpression): void => {
    const origin = originOf(node.callee, names) ?? '';
    found.push(...find({ node, origin, names }).filter((each) => each !== undefined));
  };
  walkTree(subject.program, { CallExpression: visit, NewExpression: visit });
  return found.map(({ what, path, node }) => ({
    message: `${what} ${JSON.stringify(path)} on the disk of one instance.`,
    at: placeInScript(subject, node),
  }));
}

function foundAt(what: string, node: AnyNode | undefined, names: Names): Found | undefined {
  const path = readDiskPath(node, names);
  return path === undefined || node === undefined || path.includes(':memory:')
    ? undefined
    : { what, path, node };
}

const sqliteOpeners = /^(sqlite3(\.verbose\(\)|\.cached)?\.Database|better-sqlite3|sqlite\.DatabaseSync)$/;

function findDatabase({ node, origin, names }: Call): (Found | undefined)[] {
  const what = 'The script keeps a SQLite database in';
  const [first, second] = node.arguments;
  if (sqliteOpeners.test(origin)) return [foundAt(what, first, names)];
  if (/(^|\.)Sequelize$/.test(origin) && /^sqlite:(?!:)/.test(literalText(first) ?? ''))
    return [foundAt(what, first, names)];
  const options = [first, second].map((each) => valueOf(each, names)).find(isSqlite);
  if (options === undefined) return [];
  const connection = valueOf(propertyOf(options, 'connection'), names);
  const places = [
    propertyOf(options, 'storage'),
    propertyOf(options, 'database'),
    propertyOf(options, 'filename'),
    propertyOf(connection, 'filename'),
  ];
  return places.map((place) => foundAt(what, place, names));
}

function isSqlite(node: AnyNode | undefined): boolean {
  return ['dialect', 'client', 'type', 'driver'].some((key) =>
    /^(better-)?sqlite3?$/.test(literalText(propertyOf(node, key)) ?? ''),
  );
}

function findUploads({ node, origin, names }: Call): (Found | undefined)[] {
  const options = valueOf(node.arguments[0], names);
  const keys = uploadKeys.find(({ callee }) => callee.test(origin))?.keys ?? [];
  const inner = valueOf(propertyOf(options, 'formidable'), names);
  return keys.map((key) => {
    const value = propertyOf(options, key) ?? propertyOf(inner, key);
    return foundAt('The script keeps uploads in', destinationOf(value), names);
  });
}

const uploadKeys = [
  { callee: /^(@koa\/)?multer(\.diskStorage)?$/, keys: ['dest', 'destination'] },
  { callee: /^(formidable(\.\w+)?|koa-body(\.koaBody)?)$/, keys: ['uploadDir'] },
  { callee: /^express-fileupload$/, keys: ['tempFileDir'] },
];

/** `'uploads'`, or what `(req, file, done) => done(null, 'uploads')` hands on. */
function destinationOf(node: AnyNode | undefined): AnyNode | undefined {
  if (node === undefined || !isFunction(node) || !('body' in node)) return node;
  const { body } = node;
  const statement = 'type' in body && body.type === 'BlockStatement' ? body.body.at(-1) : undefined;
  const last = statement?.type === 'ExpressionStatement' ? statement.expression : body;
  return 'type' in last && last.type === 'CallExpression' ? last.arguments[1] : undefined;
}

const writers =
  /^(fs|fs\/promises|fs\.promises|fs-extra|graceful-fs)\.(writeFile|appendFile|createWriteStream|mkdir|outputFile|outputJson|ensureDir)(Sync)?$/;

function findWrites({ node, origin, names }: Call): (Found | undefined)[] {
  if (!writers.test(origin)) return [];
  const what = /mkdir|ensureDir/.test(origin) ? 'The script makes the folder' : 'The script writes';
  return [foundAt(what, node.arguments[0], names)];
}
