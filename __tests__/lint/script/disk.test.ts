import { expect, it } from '@jest/globals';

import { diskRules } from '../../../src/lint/script/disk.ts';
import { checkScripts, places } from '../../support/lint.ts';

const head = `const fs = require('fs');
const path = require('node:path');
const os = require('os');
const multer = require('multer');
const { Sequelize } = require('sequelize');
`;

function find(text: string): string[] {
  return diskRules.flatMap((rule) =>
    checkScripts(rule, { mode: 'container', files: { 'index.js': head + text } }).map(({ at, message }) => {
      expect(message).toMatch(/^[A-Z].*\.$/);
      return `${rule.id}:${at.line - 5} ${/"(.*)"/.exec(message)?.[1] ?? ''}`;
    }),
  );
}

it.each(diskRules)('$id finds its bad example and passes its good one', (rule) => {
  expect(places(checkScripts(rule, rule.bad))).toEqual([expect.stringMatching(/^(server.js:4|index.js:3)$/)]);
  expect(diskRules.flatMap((each) => checkScripts(each, rule.good))).toEqual([]);
});

it.each([
  ["const sqlite3 = require('sqlite3').verbose();\nnew sqlite3.Database('shop.db');", 'CBR208:2 shop.db'],
  ["const sqlite3 = require('sqlite3');\nnew sqlite3.Database('./data/shop.db');", 'CBR208:2 data/shop.db'],
  ["const Db = require('better-sqlite3');\nnew Db(path.join(__dirname, 'shop.db'));", 'CBR208:2 shop.db'],
  ["const Db = require('better-sqlite3');\nconst file = 'shop.db';\nDb(file);", 'CBR208:3 shop.db'],
  [
    "const { DatabaseSync } = require('node:sqlite');\nnew DatabaseSync('/app/shop.db');",
    'CBR208:2 /app/shop.db',
  ],
  ["new Sequelize({ dialect: 'sqlite', storage: 'shop.db' });", 'CBR208:1 shop.db'],
  ["new Sequelize('sqlite:shop.db');", 'CBR208:1 sqlite:shop.db'],
  [
    "const knex = require('knex')({ client: 'sqlite3', connection: { filename: './shop.db' } });",
    'CBR208:1 shop.db',
  ],
  ["new DataSource({ type: 'better-sqlite3', database: 'shop.db' });", 'CBR208:1 shop.db'],
  ["const upload = multer({ dest: './uploads' });", 'CBR209:1 uploads'],
  ["multer.diskStorage({ destination: '/srv/uploads' });", 'CBR209:1 /srv/uploads'],
  ["multer.diskStorage({ destination: (req, file, done) => done(null, 'uploads') });", 'CBR209:1 uploads'],
  [
    "multer.diskStorage({ destination(req, file, done) {\n  done(null, path.join(__dirname, 'files'));\n} });",
    'CBR209:2 files',
  ],
  ["const formidable = require('formidable');\nformidable({ uploadDir: 'files' });", 'CBR209:2 files'],
  [
    "const { koaBody } = require('koa-body');\nkoaBody({ multipart: true, formidable: { uploadDir: './files' } });",
    'CBR209:2 files',
  ],
  ["app.use(require('express-fileupload')({ useTempFiles: true, tempFileDir: 'files' }));", 'CBR209:1 files'],
  ["fs.writeFileSync('state.json', text);", 'CBR210:1 state.json'],
  ["fs.promises.appendFile('logs/app.log', text);", 'CBR210:1 logs/app.log'],
  ["require('fs/promises').writeFile(path.resolve(process.cwd(), 'a', 'b'), text);", 'CBR210:1 a/b'],
  ["const { mkdir } = require('node:fs/promises');\nmkdir('data', { recursive: true });", 'CBR210:2 data'],
  ['fs.createWriteStream(`./uploads/${name}`);', 'CBR210:1 uploads/'],
  ["fs.createWriteStream(path.join(__dirname, 'uploads', name));", 'CBR210:1 uploads'],
  ["fs.createWriteStream('uploads/' + name);", 'CBR210:1 uploads/'],
  [
    "const folder = path.join(__dirname, 'data');\nfs.writeFile(`${folder}/a.json`, text, done);",
    'CBR210:2 data/a.json',
  ],
  ["require('fs-extra').ensureDirSync('/app/logs');", 'CBR210:1 /app/logs'],
])('finds what stays on the disk: %s', (text, found) => {
  expect(find(text)).toEqual([found]);
});

it.each([
  ["const sqlite3 = require('sqlite3');\nnew sqlite3.Database(':memory:');"],
  ["const sqlite3 = require('sqlite3');\nnew sqlite3.Database(process.env.DB_FILE);"],
  ["const sqlite3 = require('sqlite3');\nnew sqlite3.Database(process.env.DB_FILE || 'shop.db');"],
  ["new Sequelize({ dialect: 'sqlite', storage: ':memory:' });"],
  ["new Sequelize('sqlite::memory:');"],
  ["new Sequelize({ dialect: 'mysql', database: 'shop' });\n// sqlite"],
  ["new Pool({ database: 'sqlite' });"],
  ['multer({ storage: multer.memoryStorage() });'],
  ['multer();'],
  ["multer({ dest: path.join(os.tmpdir(), 'uploads') });"],
  ['multer({ dest: os.tmpdir() });'],
  ["multer.diskStorage({ destination: (req, file, done) => done(null, '/tmp') });"],
  ['multer.diskStorage({ destination: (req, file, done) => done(null, folderOf(file)) });'],
  ["fs.writeFileSync('/tmp/state.json', text);"],
  ["fs.writeFileSync('/tmp/../tmp/state.json', text);"],
  ['fs.writeFileSync(`${os.tmpdir()}/state.json`, text);'],
  ["fs.writeFileSync(path.join(await_(fs.mkdtemp('x')), 'state.json'), text);"],
  ["fs.writeFileSync('/dev/stdout', text);"],
  ["fs.writeFileSync('/mnt/data/state.json', text);"],
  ['fs.writeFileSync(file, text);'],
  ['fs.writeFileSync(path.join(folder, name), text);'],
  ["fs.writeFileSync(process.env.FILE ?? 'state.json', text);"],
  ["fs.readFileSync('state.json');"],
  ["const save = (file) => fs.writeFile(file, text);\nsave('state.json');"],
  ["storage.writeFile('state.json', text);"],
  ["// fs.writeFile('state.json')"],
  ['fs.writeFileSync();'],
])('finds nothing in %s', (text) => {
  expect(find(text)).toEqual([]);
});
