import * as fc from 'fast-check';

/** What no message may show, wherever it stands as the value of something that looks secret. */
export const canary = 'zQ7kCanaryV4lue';

const images = [
  ...['node:24-slim', 'node', 'alpine:3.13', 'python:3-alpine', 'scratch', 'ubuntu@sha256:', 'a/b/c:d@e'],
  ...['$IMAGE', '${IMAGE:-node:20}', '${', 'build', '0', '--platform=linux/arm64 node:22', '你好:最新', ''],
];

const paths = [
  ...['.', './', '/app', 'package.json', 'package*.json ./', '.env', 'missing.js', '../up', '/', '*.js'],
  ...['id_rsa', 'a b', '"a b"', '[', ']', '**/*', '!x', '\\', '$HOME/x', 'https://example.com/a.tar.gz'],
];

const commands = [
  ...['node server.js', 'npm install', 'npm ci', 'npm start', 'pip install -r requirements.txt', 'exit 1'],
  ...['gunicorn -b 127.0.0.1:8000 app', 'exec node server.js --port 3000', 'sh -c "node app.js"', '$CMD'],
  ...['apt-get install -y gcc', 'apk add gcc', 'flask run --host localhost', 'sudo su', '&& \\', '|', ';'],
];

const flags = [
  ...['--from=build ', '--from=99 ', '--from= ', '--chown=node:node ', '--mount=type=cache,target=/x '],
  ...['--interval=5s ', '--link ', '--platform=linux/arm64 ', '--', '--=x ', '--from=build --from=other '],
];

/** JSON arrays, as they should be and broken. */
const lists = fc.oneof(
  fc
    .array(fc.constantFrom('node', 'server.js', '--port=3000', '127.0.0.1', '', '"', '\\'), { maxLength: 4 })
    .map((words) => JSON.stringify(words)),
  fc.constantFrom(
    ...["['node', 'server.js']", '["node" "server.js"]', '["node",]', '["node', '[node]', '[]', '[[]]'],
    ...['["node"] extra', '[1, null]', '["\\u00"]', '{"a":1}', '["a",\\\n"b"]', '[“node”]'],
  ),
);

const names = [
  ...['PORT', 'NODE_ENV', 'HOST', 'DB_PASSWORD', 'API_TOKEN', 'SECRET_KEY', 'DATABASE_URL', '端口', 'A.B'],
  ...['NPM_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'constructor', '__proto__', 'toString', ''],
];

const values = [
  ...['3000', '80', '0', '70000', '-1', '127.0.0.1', 'localhost:3000', '"a b"', "'", '"', '$PORT', '${', ''],
  ...['production', 'a b c', '$(cat /x)', '\\', '🚀'],
];

const variables = fc.oneof(
  fc
    .tuple(fc.constantFrom(...names), fc.constantFrom('=', ' ', ' = ', '=='), fc.constantFrom(...values))
    .map((parts) => parts.join('')),
  fc.constantFrom(
    ...[`DB_PASSWORD=${canary}`, `SECRET_KEY "${canary}"`, `A=1 API_TOKEN='${canary}' B=2`],
    ...[
      `DATABASE_URL=mysql://root:${canary}@db:3306/app`,
      `NPM_TOKEN=${canary}`,
      `A=1 \\\n  TOKEN=${canary}`,
    ],
    ...[`JWT_SECRET=a${canary}\\ b`, `PRIVATE_KEY="${canary}\\n${canary}"`],
  ),
);

const heredocs = fc.constantFrom(
  'RUN <<EOF\nnpm install\nEOF',
  'RUN <<-"EOF" sh\n\tCMD ["x"]\n\tEOF',
  'COPY <<EOF /app/x <<END /app/y\na\nEOF\nb\nEND',
  'RUN <<EOF\nnever ends',
  'RUN <<\nEOF',
);

const instructions: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...images).map((image) => `FROM ${image}`),
  fc
    .tuple(fc.constantFrom(...images), fc.constantFrom('build', 'Build', '1', '-', '构建', ''))
    .map(([image, name]) => `FROM ${image} AS ${name}`),
  fc.tuple(fc.constantFrom('ENV', 'ARG', 'env', 'LABEL'), variables).map((parts) => parts.join(' ')),
  fc
    .tuple(
      fc.constantFrom('EXPOSE'),
      fc.array(fc.constantFrom(...values, '80/tcp', '1-99999/udp'), { maxLength: 3 }),
    )
    .map(([word, ports]) => `${word} ${ports.join(' ')}`),
  fc
    .tuple(
      fc.constantFrom('COPY', 'ADD', 'copy'),
      fc.constantFrom('', ...flags),
      fc.oneof(
        fc.array(fc.constantFrom(...paths), { maxLength: 4 }).map((each) => each.join(' ')),
        lists,
      ),
    )
    .map(([word, flag, rest]) => `${word} ${flag}${rest}`),
  fc
    .tuple(
      fc.constantFrom('CMD', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME', 'HEALTHCHECK CMD', 'HEALTHCHECK'),
      fc.constantFrom('', ...flags),
      fc.oneof(fc.constantFrom(...commands), lists),
    )
    .map(([word, flag, rest]) => `${word} ${flag}${rest}`),
  fc.constantFrom(
    'USER node',
    'USER',
    'USER 0:0',
    'WORKDIR app',
    'WORKDIR',
    'STOPSIGNAL SIGKILL',
    'MAINTAINER x',
  ),
  heredocs,
);

const noise = fc.constantFrom(
  ...[
    '# a comment',
    '#',
    '',
    '   ',
    '\t',
    '\\',
    'FROM',
    'FRMO node',
    'node:24',
    'ＦＲＯＭ node',
    '\u0000',
    '\ufeff',
  ],
  ...[
    '# syntax=docker/dockerfile:1',
    '# escape=`',
    '# escape=x',
    '# check=skip=all;error=true',
    '# syntax=',
    '&& x',
  ],
  ...['# cloudrun-lint ignore=CBR001 why', '# cloudrun-lint ignore=', '# cloudrun-lint ignore=CBR9999,X'],
  ...['RUN a \\\n\n\n  b', 'RUN a \\\n# inside\n  b', 'RUN a \\', 'RUN a `\n b', '\u2028', 'INCLUDE ./x'],
);

const lines = fc.oneof(
  { arbitrary: instructions, weight: 8 },
  { arbitrary: instructions.map((each) => `ONBUILD ${each}`), weight: 1 },
  { arbitrary: noise, weight: 3 },
);

/** Dockerfiles that are put together from what may stand in one, right or wrong, with any line ends. */
export const dockerfiles: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '', '', '\ufeff', '# escape=`\n', '# syntax=docker/dockerfile:1\n# escape=\\\n'),
    fc.array(lines, { maxLength: 14 }),
    fc.constantFrom('\n', '\n', '\r\n', '\r'),
  )
  .map(([head, each, newline]) => (head + each.join('\n')).replaceAll('\n', newline));
