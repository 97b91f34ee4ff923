import { expect, it } from '@jest/globals';

import { leadsToStore } from '../../../src/lint/project/stores.ts';
import { findDoubts } from '../../../src/service-config/sanity.ts';

/** What the two that judge env vars say: the rules of projects, and the doubts about a service config. */
function judge(name: string, value: string): readonly [rules: boolean, doubts: boolean] {
  const doubts = findDoubts('shop', { EnvParams: { [name]: value } });
  return [
    leadsToStore({ name, value }),
    doubts.some(({ setting, message }) => setting === `EnvParams.${name}` && message.includes('VpcConf')),
  ];
}

const host = 'db-1.example.com';

it.each([
  ['DATABASE_URL', host],
  ['DB_HOST', 'mysql'],
  ['JDBC_URL', host],
  ['MARIADB_SERVER', host],
  ['MONGO_URI', host],
  ['MONGODB_CONNECTION_STRING', host],
  ['MYSQL_HOST_2', host],
  ['PGHOST', 'pg'],
  ['POSTGRES_DSN', host],
  ['POSTGRESQL_ADDRESS', host],
  ['REDIS_CACHE_URL', host],
  ['redisEndpoint', host],
  ['db-host', ' mysql '],
  ['SHOP', 'jdbc:mysql://shop/orders'],
  ['SHOP', 'mariadb://shop/orders'],
  ['SHOP', 'mongodb://shop/orders'],
  ['SHOP', 'mssql://shop/orders'],
  ['SHOP', 'mysqlx://shop/orders'],
  ['SHOP', 'postgresql+psycopg://shop/orders'],
  ['SHOP', 'rediss://shop:6380'],
  ['SHOP', 'sqlserver://shop'],
  ['API', 'http://10.0.0.5/orders'],
  ['PEERS', '192.168.1.2:80,192.168.1.3:80'],
  ['API_HOST', '172.16.0.4'],
])('both take %s=%s for the address of a store or a private host', (name, value) => {
  expect(judge(name, value)).toEqual([true, true]);
});

it.each([
  ['DB_POOL_SIZE', '4'],
  ['DB_NAME', 'shop'],
  ['DB_HOST', ''],
  ['DB_HOST', 'localhost'],
  ['REDIS_URL', 'redis://127.0.0.1:6379'],
  ['PGHOST', '/var/run/postgresql'],
  ['DATABASE_URL', 'file:/tmp/cache.db'],
  ['DATABASE_URL', 'sqlite:///tmp/cache.db'],
  ['MONGODB_URI', 'mongodb+srv://cluster0.abcde.mongodb.net/shop'],
  ['DB_URL', 'https://db.example.com'],
  ['DB_ADDRESS', 'true'],
  ['DB_SERVER', '3306'],
  ['API_HOST', '172.32.0.4'],
  ['VERSION', '10.0.0.1'],
  ['RANGE', '10.0.0.0/8'],
  ['HOST', '0.0.0.0'],
  ['UPDB_HOST', 'shop'],
])('neither does so with %s=%s', (name, value) => {
  expect(judge(name, value)).toEqual([false, false]);
});

it('knows queues by the rules of projects alone', () => {
  expect(judge('QUEUE', 'amqp://shop')).toEqual([true, false]);
});
