import type { AnyNode, CallExpression, NewExpression } from 'acorn';

import { placeOfHost, readStoreAddress } from '../project/stores.ts';
import type { Example, Hit, Rule } from '../rule.ts';
import { serviceExample } from './example.ts';
import { originOf, readNames, valueOf, type Names } from './names.ts';
import { literalText, propertyOf, walkTree } from './tree.ts';
import { placeInScript, type ScriptSubject } from './script.ts';

function example(address: string): Example {
  const text = `const express = require('express');
const { Pool } = require('pg');

const pool = new Pool({ connectionString: ${address} });
const app = express();
app.get('/orders', async (req, res) => res.json((await pool.query('SELECT * FROM orders')).rows));
app.listen(process.env.PORT || 3000);
`;
  return serviceExample({ 'server.js': text }, { dependencies: { express: '^5.1.0', pg: '^8.16.0' } });
}

/** Rules of addresses of databases that stand in scripts. */
export const databaseRules: readonly Rule<ScriptSubject>[] = [
  {
    id: 'CBR212',
    severity: 'warning',
    title: 'Script names a database of a private network, without VpcConf',
    why: 'Without VpcConf a service reaches public hosts alone: no private address, and no name that only a private network or a compose file knows.',
    fix: 'Set VpcConf with VpcId and SubnetId, and take the address from an env var.',
    bad: example("'postgres://shop@10.0.0.12:5432/shop'"),
    good: example('process.env.DATABASE_URL'),
    check: (subject) => (subject.source.service.hasVpc ? [] : checkAddresses(subject, 'private')),
  },
  {
    id: 'CBR213',
    severity: 'warning',
    title: 'Script looks for a database on its own instance',
    why: 'On the platform the container of the service runs alone: no database, cache or queue listens on its localhost.',
    fix: 'Take the address from an env var, with localhost as a fallback at most.',
    bad: example("'postgres://shop@localhost:5432/shop'"),
    good: example("process.env.DATABASE_URL ?? 'postgres://shop@localhost:5432/shop'"),
    check: (subject) => (runsStores(subject) ? [] : checkAddresses(subject, 'service')),
  },
];

/** By what the image installs or is made of. */
function runsStores({ source }: ScriptSubject): boolean {
  const text = source.texts.get(source.dockerfile?.path ?? '') ?? '';
  return /redis|mysql|mariadb|postgres|mongo|memcached|rabbitmq|supervisor/i.test(text);
}

const urlInText = /\b(amqps?|mariadb|mongodb|mssql|mysqlx?|postgres(ql)?|rediss?|sqlserver):\/\//i;
const clientInText =
  /['"`](amqplib|ioredis|knex|mariadb|memcached|mong|mssql|mysql|pg|redis|sequelize|typeorm)/;
const clients =
  /^(amqplib|ioredis|knex|mariadb|memcached|mongodb|mongoose|mssql|mysql|mysql2(\/promise)?|pg|pg-promise|redis|sequelize|typeorm)(\.|\(|$)/;

interface Address {
  readonly host: string;
  readonly node: AnyNode;
}

function checkAddresses(subject: ScriptSubject, place: 'private' | 'service'): Hit[] {
  if (!urlInText.test(subject.text) && !clientInText.test(subject.text)) return [];
  const what = place === 'private' ? 'a database of a private network' : 'a database on its own instance';
  return listAddresses(subject)
    .filter(({ host }) => placeOfHost(host) === place)
    .map(({ host, node }) => ({
      message: `The script names the host ${JSON.stringify(host)}, ${what}.`,
      at: placeInScript(subject, node),
    }));
}

function listAddresses({ program }: ScriptSubject): Address[] {
  const names = readNames(program);
  const found: Address[] = [];
  const addUrl = (node: AnyNode, _state: unknown, ancestors: readonly AnyNode[]): void => {
    const host = isFallback(node, ancestors) ? undefined : readStoreAddress(leadingText(node))?.host;
    if (host !== undefined && host !== '') found.push({ host, node });
  };
  const addHost = (node: CallExpression | NewExpression): void => {
    if (clients.test(originOf(node.callee, names) ?? '')) found.push(...listHosts(node, names));
  };
  walkTree(program, {
    Literal: addUrl,
    TemplateLiteral: addUrl,
    CallExpression: addHost,
    NewExpression: addHost,
  });
  return found;
}

/** An address that counts only where an env var is not set is meant for work on the service. */
function isFallback(node: AnyNode, ancestors: readonly AnyNode[]): boolean {
  return ancestors.some((outer, index) => {
    const inner = ancestors[index + 1] ?? node;
    if (outer.type === 'LogicalExpression' || outer.type === 'AssignmentPattern')
      return inner === outer.right;
    return outer.type === 'ConditionalExpression' || outer.type === 'IfStatement';
  });
}

/** A template is read up to its first expression, unless that stands inside the host. */
function leadingText(node: AnyNode): string {
  if (node.type !== 'TemplateLiteral') return literalText(node) ?? '';
  const texts = node.quasis.map((quasi) => quasi.value.cooked ?? '');
  return texts.join('${}').replace(/^([a-z0-9+:]+:\/\/)[^/?#]*@/i, '$1');
}

function listHosts({ arguments: values }: CallExpression | NewExpression, names: Names): Address[] {
  return values.flatMap((value) => {
    const options = valueOf(value, names);
    const inner = ['connection', 'socket'].map((key) => valueOf(propertyOf(options, key), names));
    return [options, ...inner].flatMap((each) => {
      const node = propertyOf(each, 'host');
      const host = literalText(valueOf(node, names));
      return node === undefined || host === undefined ? [] : [{ host, node }];
    });
  });
}
