import { describe, expect, it } from '@jest/globals';

import { readClosing } from '../../src/diagnosis/closing.ts';
import { findMissingEnv } from '../../src/diagnosis/missing-env.ts';

const find = (log: string, known: readonly string[] = []): readonly string[] | undefined =>
  findMissingEnv(readClosing(log.split('\n')), known);

const pythonKeyError = (frame: string, name: string): string =>
  `Traceback (most recent call last):\n  File "/app/main.py", line 4, in <module>\n    url = ${frame}["${name}"]\n${
    frame === 'os.environ' ? '  File "<frozen os>", line 679, in __getitem__\n' : ''
  }KeyError: '${name}'`;

describe('a variable that is missing', () => {
  it.each<[string, string, string[]]>([
    ['Python', pythonKeyError('os.environ', 'DATABASE_URL'), ['DATABASE_URL']],
    ['Python, the last line alone', "KeyError: 'DATABASE_URL'", ['DATABASE_URL']],
    [
      'Python, in a chain',
      `${pythonKeyError('os.environ', 'DB_HOST')}\n\nDuring handling of the above exception, another exception occurred:\n\nRuntimeError: bad settings`,
      ['DB_HOST'],
    ],
    ['Starlette', `KeyError: "Config 'SECRET_KEY' is missing, and has no default."`, ['SECRET_KEY']],
    [
      'pydantic 2',
      'pydantic_core._pydantic_core.ValidationError: 2 validation errors for Settings\ndatabase_url\n  Field required [type=missing, input_value={}, input_type=dict]\n    For further information visit https://errors.pydantic.dev/2.7/v/missing\napi_key\n  Field required [type=missing, input_value={}, input_type=dict]',
      ['DATABASE_URL', 'API_KEY'],
    ],
    [
      'pydantic 1',
      'pydantic.error_wrappers.ValidationError: 1 validation error for AppConfig\nDB_HOST\n  field required (type=value_error.missing)',
      ['DB_HOST'],
    ],
    [
      'Django',
      'django.core.exceptions.ImproperlyConfigured: Set the SECRET_KEY environment variable',
      ['SECRET_KEY'],
    ],
    [
      'decouple',
      'decouple.UndefinedValueError: SECRET_KEY not found. Declare it as envvar or define a default value.',
      ['SECRET_KEY'],
    ],
    ['Node.js', 'Error: Missing required environment variable: JWT_SECRET', ['JWT_SECRET']],
    [
      'Node.js, several',
      'Error: Missing env vars: JWT_SECRET, DB_HOST and TOKEN',
      ['JWT_SECRET', 'DB_HOST', 'TOKEN'],
    ],
    ['not defined', 'Error: JWT_SECRET is not defined', ['JWT_SECRET']],
    ['not set', 'PAYMENT_TOKEN is not set', ['PAYMENT_TOKEN']],
    ['must be set', 'Error: PAYMENT_TOKEN must be set', ['PAYMENT_TOKEN']],
    ['required', 'Error: PAYMENT_TOKEN is required', ['PAYMENT_TOKEN']],
    [
      'several required',
      'Error: DB_HOST, DB_USER and DB_PASSWORD are required',
      ['DB_HOST', 'DB_USER', 'DB_PASSWORD'],
    ],
    ['environment variable is missing', 'Error: environment variable "TOKEN" is missing', ['TOKEN']],
    ['env var between', 'Error: DB_HOST environment variable not set', ['DB_HOST']],
    ['with a dollar', 'fatal: $API_KEY is empty', ['API_KEY']],
    ['in backquotes', 'Error: `API_KEY` must not be empty', ['API_KEY']],
    [
      'joi',
      'Error: Config validation error: "DB_HOST" is required. "TOKEN" is required',
      ['DB_HOST', 'TOKEN'],
    ],
    [
      'Next.js',
      'Error: Please define the MONGODB_URI environment variable inside .env.local',
      ['MONGODB_URI'],
    ],
    ['env-var', 'EnvVarError: env-var: "TOKEN" is a required variable, but it was not set', ['TOKEN']],
    [
      'envalid',
      '\u001b[33m================================\u001b[39m\n\u001b[33m Missing\u001b[39m environment variables:\n    \u001b[34mDATABASE_URL\u001b[39m: undefined\n    \u001b[34mTOKEN\u001b[39m: Signs the cookies (eg. "abc")\n\u001b[33m================================\u001b[39m',
      ['DATABASE_URL', 'TOKEN'],
    ],
    [
      'dotenv-safe',
      'MissingEnvVarsError: The following variables were defined in .env.example but are not present in the environment:\n  DB_HOST, DB_USER\nMake sure to add them to .env or directly to the environment.',
      ['DB_HOST', 'DB_USER'],
    ],
    [
      'zod 3',
      'ZodError: [\n  {\n    "code": "invalid_type",\n    "expected": "string",\n    "received": "undefined",\n    "path": [\n      "DB_HOST"\n    ],\n    "message": "Required"\n  }\n]',
      ['DB_HOST'],
    ],
    [
      'zod 4',
      'ZodError: [\n  {\n    "expected": "string",\n    "code": "invalid_type",\n    "path": [\n      "DB_HOST"\n    ],\n    "message": "Invalid input: expected string, received undefined"\n  }\n]',
      ['DB_HOST'],
    ],
    ['t3-env', "❌ Invalid environment variables: { DB_HOST: [ 'Required' ] }", ['DB_HOST']],
    ['envconfig of Go', '2026/11/25 15:00:00 required key DB_HOST missing value', ['DB_HOST']],
    ['env of Go', 'env: required environment variable "TOKEN" is not set', ['TOKEN']],
    [
      'Spring',
      `Caused by: java.lang.IllegalArgumentException: Could not resolve placeholder 'db.url' in value "\${db.url}"`,
      ['DB_URL'],
    ],
    ['Prisma', 'error: Environment variable not found: DATABASE_URL.', ['DATABASE_URL']],
    ['Ruby', `config.rb:2:in 'fetch': key not found: "TOKEN" (KeyError)`, ['TOKEN']],
    ['a shell', './run.sh: line 3: TOKEN: unbound variable', ['TOKEN']],
    ['another shell', '/app/run.sh: 3: TOKEN: parameter not set', ['TOKEN']],
    [
      'Rust',
      "thread 'main' panicked at src/main.rs:4:6:\nDATABASE_URL must be set: NotPresent",
      ['DATABASE_URL'],
    ],
    ['Rust without a name', 'Error: environment variable not found', []],
    ['the functions framework', 'Detailed stack trace: Error: GREETING_WORD must be set', ['GREETING_WORD']],
  ])('is read from the words of %s', (_case, log, expected) => {
    expect(find(log)).toEqual(expected);
  });

  it('may have any name that the platform knows', () => {
    expect(find('TOKEN is required')).toBeUndefined();
    expect(find('TOKEN is required', ['TOKEN'])).toEqual(['TOKEN']);
    const log = 'ValidationError: 1 validation error for Settings\ntoken\n  Field required [type=missing]';
    expect(find(log, ['APP_TOKEN'])).toEqual(['APP_TOKEN']);
  });
});

describe('no variable is missing', () => {
  it.each([
    ['a banner', 'NODE_ENV=production PORT=8080\nHTTP server starts\nError: boom'],
    ['the words of a banner', 'NODE_ENV is not set\nError: boom'],
    ['what is set', 'DATABASE_URL is set\nError: boom'],
    ['a warning', 'WARN SENTRY_DSN is not set\nfailed'],
    ['a notice with a default', 'LOG_LEVEL is not set, using info\nfailed'],
    ['a notice in JSON', '{"level":"warn","msg":"SENTRY_DSN is not set"}\nfailed'],
    ['a notice in numbers', '{"level":30,"msg":"SENTRY_DSN is not set"}\nfailed'],
    ['what is turned off', 'SENTRY_DSN is not set, error reporting is disabled\nfailed'],
    [
      'what was survived',
      'Error: CACHE_URL is not set\n    at start (/app/a.js:1:1)\nTypeError: x is not a function',
    ],
    ['a constant of JavaScript', 'ReferenceError: API_URL is not defined'],
    ['a constant of Python', "NameError: name 'API_URL' is not defined"],
    ['a mapping of Python', pythonKeyError('prices', 'GOLD_BAR')],
    ['a lower-case key', "KeyError: 'name'"],
    ['a column', 'Error: column "USER_NAME" is not defined'],
    ['a header', 'Error: header X_TOKEN is missing'],
    ['a word', 'FATAL ERROR: an ERROR is required\nHTTP is not defined'],
    ['a code', 'Error [ERR_MODULE_NOT_FOUND]: ERR_MODULE_NOT_FOUND is not set'],
    [
      'a model of pydantic',
      'ValidationError: 1 validation error for Order\nprice\n  Field required [type=missing]',
    ],
    [
      'the source that is shown',
      "/app/server.js:4\n  throw new Error('TOKEN_A is not set' + x);\n  ^\n\nTypeError: x",
    ],
    ['a destructured undefined', "TypeError: Cannot read properties of undefined (reading 'split')"],
    ['silence', ''],
  ])('in %s', (_case, log) => {
    expect(find(log)).toBeUndefined();
  });
});
