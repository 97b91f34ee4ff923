import { describe, expect, it } from '@jest/globals';

import { diagnoseStart, type Diagnosis } from '../../src/diagnosis/local.ts';

describe('a log that speaks of more than the end', () => {
  const redis = 'redis: connect ECONNREFUSED 127.0.0.1:6379 (retry 1)';
  const sentry = 'SENTRY_DSN is not set';
  const refused = 'Error: connect ECONNREFUSED 127.0.0.1:6379\n    at TCPConnectWrap.x (node:net:1555:16)';
  const typeError = "TypeError: Cannot read properties of undefined (reading 'x')";
  const uncaught = `/app/a.js:4\nnull.x\n     ^\n\n${typeError}\n    at main (/app/a.js:4:6)\n\nNode.js v20.1.0`;
  const traced = 'Traceback (most recent call last):\n  File "/app/a.py", line 3, in <module>\n    x = f(1)';
  const keyError = `${traced}\n  File "<frozen os>", line 679, in __getitem__\nKeyError: 'PAYMENT_TOKEN'`;
  const psycopg =
    'psycopg2.OperationalError: connection to server at "localhost" (::1), port 5432 failed: Connection refused\n\tIs the server running?\nconnection to server at "localhost" (127.0.0.1), port 5432 failed: Connection refused\n\tIs the server running?\n\n(Background on this error at: https://sqlalche.me/e/20/e3q8)';
  const inJava = (line: string): string =>
    `2026-11-25T15:00:00 WARN 1 --- [main] c.z.h.p.HikariPool : ${line}\nException in thread "main" `;
  const pino = (level: number, msg: string): string => JSON.stringify({ level, pid: 1, msg });

  const diagnoseLog = (log: string, exitCode = 1): Diagnosis =>
    diagnoseStart({
      port: 8080,
      exitCode,
      isOutOfMemory: false,
      hasListened: false,
      listeners: [],
      logTail: log.split('\n'),
      platformEnv: ['SENTRY_DSN', 'PAYMENT_TOKEN'],
    });

  it.each<[string, string, string, number?]>([
    [
      'a warning, then a module of Node.js',
      `${sentry}\nError: Cannot find module 'express'\n    at x (y)`,
      'entry-not-found',
    ],
    ['a retry, then an uncaught error', `${redis}\n${uncaught}`, 'exit-on-start'],
    ['an uncaught error, then a late retry', `${uncaught}\n${redis}`, 'exit-on-start'],
    ['an error that was logged, then a retry', `${typeError}\n    at x (y)\n${redis}`, 'exit-on-start'],
    [
      'a refusal that was logged, then another reason',
      `[ioredis] Unhandled error event: ${refused}\nunknown option --foo`,
      'exit-on-start',
    ],
    [
      'a refusal, then an error of a name of its own',
      `Error: connect ECONNREFUSED 127.0.0.1:6379\nBadOption: no\n    at x (y)`,
      'exit-on-start',
    ],
    [
      'a retry, then a panic of Go',
      `${redis}\npanic: runtime error: index out of range [1] with length 0\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:9 +0x1d\nexit status 2`,
      'exit-on-start',
      2,
    ],
    ['a retry, then a panic of Go alone', `${redis}\npanic: index out of range`, 'exit-on-start', 2],
    [
      'a log of Go, then a panic',
      '2026/11/25 15:00:00 dial tcp 127.0.0.1:5432: connect: connection refused\npanic: assignment to entry in nil map\n\ngoroutine 1 [running]:\nmain.main()',
      'exit-on-start',
      2,
    ],
    [
      'a retry, then a panic of Rust',
      `${redis}\nthread 'main' panicked at src/main.rs:4:6:\nindex out of bounds\nnote: run with \`RUST_BACKTRACE=1\``,
      'exit-on-start',
      101,
    ],
    ['a retry, then a wrong option', `${redis}\nunknown option --foo`, 'exit-on-start', 2],
    [
      'a retry, then a reason and a farewell',
      `${redis}\ninvalid config, exiting\nThe server stops.`,
      'exit-on-start',
    ],
    ['a retry with a colon, then an error', `${redis}:\n${typeError}`, 'exit-on-start'],
    [
      'a traceback, then another exit code',
      `${traced}\nConnectionError: Error 111 connecting to localhost:6379. Connection refused.\nStarting`,
      'exit-on-start',
      4,
    ],
    ['a retry, then success', `${redis}\nbye`, 'exit-on-start', 0],
    ['a refusal alone, then success', redis, 'exit-on-start', 0],
    ['a variable alone, then success', sentry, 'exit-on-start', 0],
    ['a refusal, then a segmentation fault', redis, 'exit-on-start', 139],
    ['a warning of a refusal', 'WARN redis: connect ECONNREFUSED 127.0.0.1:6379', 'exit-on-start'],
    [
      'a warning of Python, then a module',
      `WARNING:root:${sentry}\n${traced}\nModuleNotFoundError: No module named 'flask'`,
      'entry-not-found',
    ],
    [
      'a module of Python, then a late print',
      `${traced}\nModuleNotFoundError: No module named 'flask'\n${sentry}`,
      'entry-not-found',
    ],
    [
      'an error of Python, then a late print',
      `${traced}\nTypeError: x\nredis: connection refused (retry 1)`,
      'exit-on-start',
    ],
    [
      'an error of Python with a print in it',
      `${traced}\n${sentry}\n    ~^^^\nTypeError: x`,
      'exit-on-start',
    ],
    [
      'a traceback that was logged, then another end',
      `ERROR:root:no cache\n${traced}\nConnectionError: Error 111 connecting to localhost:6379. Connection refused.\nStarting`,
      'exit-on-start',
    ],
    [
      'a traceback, then a wrong option',
      `${traced}\nredis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.\nserver.py: error: unrecognized arguments`,
      'exit-on-start',
    ],
    [
      'a warning of Java, then a null pointer',
      `${inJava('Connection to localhost:5432 refused')}java.lang.NullPointerException: x\n\tat a.B.main(B.java:3)`,
      'exit-on-start',
    ],
    [
      'a retry, then what npm adds',
      `> a@1.0.0 start\n> node a.js\n\n${redis}\n${uncaught}\nnpm error Lifecycle script \`start\` failed\nnpm error code 1`,
      'exit-on-start',
    ],
    [
      'a retry in JSON, then an error',
      `${pino(50, redis)}\n${pino(60, 'the port is no number')}`,
      'exit-on-start',
    ],
    ['a warning in JSON', pino(40, redis), 'exit-on-start'],
    [
      'a variable in JSON, then a module',
      `${pino(50, sentry)}\n${pino(60, "Cannot find module 'express'")}`,
      'entry-not-found',
    ],
    ['a variable, then an uncaught error', `${sentry}\n${uncaught}`, 'exit-on-start'],
    [
      'a variable that nothing has, then an uncaught error',
      `API_TOKEN is not set\n${uncaught}`,
      'exit-on-start',
    ],
    [
      'a variable, then a port',
      `${sentry}\nError: listen EACCES: permission denied 0.0.0.0:80`,
      'wrong-port',
    ],
    ['a variable, then memory', `MemoryError\n${sentry}`, 'out-of-memory'],
    [
      'a program of another kind, then a variable',
      `exec /app/a: exec format error\n${sentry}`,
      'architecture',
    ],
    [
      'a module within a refusal',
      `Error: Cannot find module 'pg'\n    at x (y) {\n  cause: connect ECONNREFUSED 127.0.0.1:5432`,
      'entry-not-found',
    ],
    ['variables of which the platform has one', 'API_TOKEN is not set\nSENTRY_DSN is not set', 'missing-env'],
  ])('%s: is a failure', (...[, log, kind, exitCode]) => {
    expect(diagnoseLog(log, exitCode)).toMatchObject({ kind, isOnlyHere: false });
  });

  it.each<[string, string, string, number?]>([
    ['retries, then the refusal', `${redis}\n${redis}\n${refused}`, 'exit-on-start'],
    ['a variable, then the refusal', `API_TOKEN is not set\n${refused}`, 'exit-on-start'],
    [
      'an uncaught refusal, then a late print',
      `node:events:495\n${refused}\n\nNode.js v20.1.0\nReading the settings`,
      'exit-on-start',
    ],
    ['the refusal as the last line', `Starting\nconnect ECONNREFUSED 127.0.0.1:6379`, 'exit-on-start'],
    [
      'the refusal and a farewell',
      `${refused}\nShutting down\n[ERROR] Exiting with code 1.`,
      'exit-on-start',
    ],
    ['the refusal and advice', 'Could not connect to the database\nPlease start it first.', 'exit-on-start'],
    [
      'the refusal and npm',
      `> node a.js\n${refused}\nnpm error code 1\nnpm error path /app`,
      'exit-on-start',
    ],
    [
      'the refusal in JSON',
      `${pino(30, 'Starting')}\n${pino(60, 'connect ECONNREFUSED 10.0.0.9:5432')}`,
      'exit-on-start',
    ],
    [
      'the refusal in Go',
      '2026/11/25 15:00:00 dial tcp 127.0.0.1:5432: connect: connection refused\nexit status 1',
      'exit-on-start',
    ],
    [
      'a panic of Go for it',
      'panic: dial tcp 127.0.0.1:5432: connect: connection refused\n\ngoroutine 1 [running]:\nmain.main()',
      'exit-on-start',
      2,
    ],
    [
      'a panic of Rust for it',
      `thread 'main' panicked at src/main.rs:4:6:\nDb error: PoolTimedOut\nnote: run with \`RUST_BACKTRACE=1\``,
      'exit-on-start',
      101,
    ],
    [
      'an exception of Java for it',
      `${inJava('slow')}a.StartException: no\n\tat a.B.main(B.java:3)\nCaused by: org.postgresql.util.PSQLException: Connection to db:5432 refused.\n\tat c.D.e(D.java:1)\n\t... 9 more`,
      'exit-on-start',
    ],
    ['two addresses in Python', `${traced}\n${psycopg}`, 'exit-on-start'],
    [
      'a chain in Python',
      `${traced}\nConnectionRefusedError: [Errno 111] Connection refused\n\nDuring handling of the above exception, another exception occurred:\n\n${traced}\npymysql.err.OperationalError: (2003, "Can't connect to MySQL server on 'db'")`,
      'exit-on-start',
    ],
    [
      'Prisma, with advice before the stack',
      "PrismaClientInitializationError: \nInvalid `prisma.$connect()` invocation:\n\n\nCan't reach database server at `localhost:5999`\n\nPlease make sure your database server is running.\nIt has to run there.\n    at x (y)",
      'exit-on-start',
    ],
    ['a variable of Python, then a late print', `${keyError}\nReading the settings`, 'missing-env'],
    [
      'a variable of Python with a print in it',
      `${traced}\nStarting in production\n  File "<frozen os>", line 6\nKeyError: 'PAYMENT_TOKEN'`,
      'missing-env',
    ],
    [
      'a variable of gunicorn',
      `[1] [ERROR] Exception in worker process\n${keyError}\n[7] [INFO] Worker exiting (pid: 7)\n[1] [INFO] Shutting down: Master\n[1] [INFO] Reason: Worker failed to boot.`,
      'missing-env',
      3,
    ],
    [
      'a variable that another warning precedes',
      `API_TOKEN is not set\n${uncaught.replaceAll(typeError, 'Error: PAYMENT_TOKEN is not set')}`,
      'missing-env',
    ],
    ['variables in a list', 'Missing environment variables:\nPAYMENT_TOKEN\nSENTRY_DSN', 'missing-env'],
    [
      'variables in lines of their own',
      'Starting\nPAYMENT_TOKEN is not set\nSENTRY_DSN is not set',
      'missing-env',
    ],
    [
      'envalid',
      '====================\n Missing environment variables:\n    PAYMENT_TOKEN: undefined\n====================\n\n Exiting with error code 1',
      'missing-env',
    ],
    [
      't3-env',
      "❌ Invalid environment variables: { PAYMENT_TOKEN: [ 'Required' ] }\nError: Invalid environment variables\n    at x (y)",
      'missing-env',
    ],
    [
      'settings of pydantic',
      `${traced}\npydantic_core.ValidationError: 2 validation errors for Settings\nsentry_dsn\n  Field required [type=missing]\npayment_token\n  Field required [type=missing]`,
      'missing-env',
    ],
    [
      'a refusal and PHP',
      'PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /app/a.php:3\nStack trace:\n#0 /app/a.php(3): PDO->__construct()\n#1 {main}\n  thrown in /app/a.php on line 3',
      'exit-on-start',
      255,
    ],
  ])('%s: proves nothing', (...[, log, kind, exitCode]) => {
    expect(diagnoseLog(log, exitCode)).toMatchObject({ kind, isOnlyHere: true });
  });
});
