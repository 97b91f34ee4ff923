import { expect, it } from '@jest/globals';

import { readClosing } from '../../src/diagnosis/closing.ts';
import { findRefusedConnection, type RefusedConnection } from '../../src/diagnosis/database.ts';

const find = (log: string): RefusedConnection | undefined =>
  findRefusedConnection(readClosing(log.split('\n')));

it.each<[string, string, string | undefined]>([
  ['Node.js', 'Error: connect ECONNREFUSED 127.0.0.1:5432', '127.0.0.1:5432'],
  ['Node.js, IPv6', 'Error: connect ECONNREFUSED ::1:6379', '[::1]:6379'],
  [
    'Node.js, two addresses',
    'AggregateError [ECONNREFUSED]: \n    at internalConnectMultiple (node:net:1)\n  [errors]: [\n    Error: connect ECONNREFUSED ::1:5432\n    Error: connect ECONNREFUSED 127.0.0.1:5432',
    '127.0.0.1:5432',
  ],
  ['Node.js, a name', 'Error: getaddrinfo ENOTFOUND mysql.internal', 'mysql.internal'],
  ['Node.js, no name server', 'Error: getaddrinfo EAI_AGAIN redis', 'redis'],
  ['Node.js, silence', 'Error: connect ETIMEDOUT 10.0.0.3:3306', '10.0.0.3:3306'],
  ['Node.js, no route', 'Error: connect EHOSTUNREACH 10.0.0.3:27017', '10.0.0.3:27017'],
  ['a cloud', 'Error: getaddrinfo ENOTFOUND bj-cdb-abc.sql.tencentcdb.com', 'bj-cdb-abc.sql.tencentcdb.com'],
  ['mongoose', 'MongooseServerSelectionError: connect ECONNREFUSED 127.0.0.1:27017', '127.0.0.1:27017'],
  [
    'mongodb+srv',
    'Error: querySrv ENOTFOUND _mongodb._tcp.cluster0.abc.mongodb.net',
    '_mongodb._tcp.cluster0.abc.mongodb.net',
  ],
  [
    'sequelize',
    'ConnectionRefusedError [SequelizeConnectionRefusedError]: connect ECONNREFUSED 127.0.0.1:3310',
    '127.0.0.1:3310',
  ],
  [
    'a driver in the stack',
    'Error: connect ETIMEDOUT\n    at Connection._handleTimeoutError (/app/node_modules/mysql2/lib/connection.js:205:17)',
    undefined,
  ],
  [
    'prisma',
    "PrismaClientInitializationError: \nInvalid `prisma.$connect()` invocation:\n\nCan't reach database server at `localhost:5999`",
    'localhost:5999',
  ],
  [
    'psycopg',
    'psycopg2.OperationalError: connection to server at "db.local" (10.0.0.9), port 5999 failed: Connection refused',
    'db.local:5999',
  ],
  [
    'psycopg, a name',
    'psycopg2.OperationalError: could not translate host name "store" to address: Name or service not known',
    'store',
  ],
  [
    'sqlalchemy',
    'sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at "localhost" (::1), port 5432 failed: Connection refused',
    'localhost:5432',
  ],
  [
    'asyncpg',
    "ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 5432)",
    '127.0.0.1:5432',
  ],
  [
    'pymysql',
    `pymysql.err.OperationalError: (2003, "Can't connect to MySQL server on 'store' ([Errno 111] Connection refused)")`,
    'store',
  ],
  [
    'mysqlclient',
    `MySQLdb.OperationalError: (2002, "Can't connect to server on '10.1.1.1' (115)")`,
    '10.1.1.1',
  ],
  [
    'mysql.connector',
    "mysql.connector.errors.DatabaseError: 2003 (HY000): Can't connect to MySQL server on 'localhost:3306' (111)",
    'localhost:3306',
  ],
  [
    'redis',
    'redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.',
    'localhost:6379',
  ],
  [
    'redis, a name',
    'redis.exceptions.ConnectionError: Error -2 connecting to store:7000. Name or service not known.',
    'store:7000',
  ],
  [
    'pymongo',
    'pymongo.errors.ServerSelectionTimeoutError: store:7000: [Errno 111] Connection refused (configured timeouts: connectTimeoutMS: 20000.0ms)',
    'store:7000',
  ],
  [
    'a driver of Python in the stack',
    'Traceback (most recent call last):\n  File "/usr/lib/python3/site-packages/pika/adapters/blocking.py", line 1, in x\nConnectionRefusedError: [Errno 111] Connection refused',
    undefined,
  ],
  ['Go', '2026/11/25 15:00:00 dial tcp 127.0.0.1:3306: connect: connection refused', '127.0.0.1:3306'],
  ['Go, silence', 'panic: dial tcp 10.0.0.9:5432: i/o timeout', '10.0.0.9:5432'],
  ['Go, a name', 'panic: dial tcp: lookup db on 127.0.0.11:53: no such host', 'db'],
  [
    'gorm',
    'failed to initialize database, got error dial tcp 127.0.0.1:3999: connect: connection refused',
    '127.0.0.1:3999',
  ],
  [
    'mongo of Go',
    'server selection error: server selection timeout, current topology: { Type: Unknown, Servers: [{ Addr: localhost:27017, Type: Unknown }, ] }',
    'localhost:27017',
  ],
  [
    'JDBC of MySQL',
    'com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure\n\tat com.mysql.cj.jdbc.ConnectionImpl.createNewIO(ConnectionImpl.java:819)\nCaused by: java.net.ConnectException: Connection refused',
    undefined,
  ],
  [
    'JDBC of PostgreSQL',
    'org.postgresql.util.PSQLException: Connection to localhost:5432 refused. Check that the hostname and port are correct',
    'localhost:5432',
  ],
  [
    'Lettuce',
    'io.lettuce.core.RedisConnectionException: Unable to connect to store/<unresolved>:7000\nCaused by: java.net.UnknownHostException: store',
    'store',
  ],
  [
    'PDO',
    'PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /app/index.php:3',
    undefined,
  ],
  [
    'Npgsql',
    'Npgsql.NpgsqlException (0x80004005): Failed to connect to 127.0.0.1:5432\n ---> System.Net.Sockets.SocketException (111): Connection refused',
    '127.0.0.1:5432',
  ],
  ['words of the program', 'Error: Could not connect to the database after 5 attempts', undefined],
  [
    'a user and a password',
    'Connection refused: redis://admin:se:cr/et@12345@store.redis.local:7000/0',
    'store.redis.local:7000',
  ],
  ['a password of digits', 'connection refused for root:12345@tcp(db.local:3306)/shop', 'db.local:3306'],
  [
    'a message after the crash',
    'Error: connect ECONNREFUSED 127.0.0.1:5432\n    at x (y)\nThe server stops.',
    '127.0.0.1:5432',
  ],
])('%s: a database that is not there', (_case, log, address) => {
  expect(find(log)).toEqual({ address, isDatabase: true });
});

it.each<[string, string, string | undefined]>([
  [
    'fetch',
    'TypeError: fetch failed\n  [cause]: Error: connect ECONNREFUSED 127.0.0.1:8081',
    '127.0.0.1:8081',
  ],
  ['axios', 'AxiosError: getaddrinfo ENOTFOUND api.example.com', 'api.example.com'],
  [
    'requests',
    "requests.exceptions.ConnectionError: HTTPConnectionPool(host='api.example.com', port=80): Max retries exceeded with url: / (Caused by NewConnectionError('[Errno 111] Connection refused'))",
    'api.example.com:80',
  ],
  [
    'Go',
    'panic: Get "http://api.example.com:8081/": dial tcp 10.0.0.1:8081: connect: connection refused',
    '10.0.0.1:8081',
  ],
  [
    'a driver beside',
    "sqlalchemy.exc loaded\nrequests.exceptions.ConnectionError: HTTPConnectionPool(host='api', port=8444): [Errno 111] Connection refused",
    'api:8444',
  ],
  ['a raw socket', 'ConnectionRefusedError: [Errno 111] Connection refused', undefined],
])('%s: a service that is no database', (_case, log, address) => {
  expect(find(log)).toEqual({ address, isDatabase: false });
});

it.each([
  [
    'another crash after it',
    'Error: connect ECONNREFUSED 127.0.0.1:6379\n    at x (y)\nTypeError: x is not a function',
  ],
  ['a way around it', 'connect ECONNREFUSED 127.0.0.1:6379, falling back to memory\nfailed'],
  [
    'a wrong password',
    'psycopg2.OperationalError: connection to server at "localhost", port 5432 failed: FATAL:  password authentication failed',
  ],
  ['a taken port', 'Error: listen EADDRINUSE: address already in use :::5432'],
  ['a connection that stands', 'Connected to redis:6379\nError: boom'],
  ['silence', ''],
])('%s: no connection is at fault', (_case, log) => {
  expect(find(log)).toBeUndefined();
});

it('looks at the last twenty lines alone', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `Request ${index} answered`);
  const refusal = 'connect ECONNREFUSED 127.0.0.1:5432';
  expect(find([refusal, ...lines].join('\n'))).toBeUndefined();
  expect(find([refusal, ...lines.slice(1)].join('\n'))).toBeDefined();
  expect(find([refusal, ...lines.map((line) => `npm error ${line}`)].join('\n'))).toBeDefined();
});
