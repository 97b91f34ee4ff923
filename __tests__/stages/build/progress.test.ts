import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createProgress, type BuildSummary } from '../../../src/stages/build/progress.ts';

interface Read {
  readonly lines: string[];
  readonly summary: BuildSummary;
}

function readAll(lines: readonly string[]): Read {
  const progress = createProgress();
  const shown = lines.flatMap((line) => progress.read(line));
  const summary = progress.end();
  return { lines: [...shown, ...summary.rest], summary };
}

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');
/** A time of day in this form, with the nanoseconds that BuildKit writes. */
const at = (seconds: number): string =>
  new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString().replace('Z', '123456Z');
const vertex = (digest: string, name: string, more: object = {}): string =>
  JSON.stringify({ vertexes: [{ digest, name, ...more }] });
const log = (digest: string, data: string | Uint8Array, stream = 1): string =>
  JSON.stringify({ logs: [{ vertex: digest, stream, data: base64(data), timestamp: at(0) }] });
const run = (from: number, to?: number): object =>
  to === undefined ? { started: at(from) } : { started: at(from), completed: at(to) };

// Captured with buildx 0.29.1; the digests are shortened, the statuses and the middle of the output left out.
const captured = [
  '{"vertexes":[{"digest":"sha256:1","name":"[internal] load build definition from Dockerfile"}]}',
  '{"vertexes":[{"digest":"sha256:1","name":"[internal] load build definition from Dockerfile","started":"2026-11-25T15:25:04.805647486Z","completed":"2026-11-25T15:25:04.805689529Z"},{"digest":"sha256:1","name":"[internal] load build definition from Dockerfile","started":"2026-11-25T15:25:04.805766168Z"}]}',
  '{"statuses":[{"id":"transferring dockerfile:","vertex":"sha256:1","name":"transferring","current":0,"timestamp":"2026-11-25T15:25:04.812135973Z","started":"2026-11-25T15:25:04.812132305Z"}]}',
  '{"vertexes":[{"digest":"sha256:1","name":"[internal] load build definition from Dockerfile","started":"2026-11-25T15:25:04.805766168Z","completed":"2026-11-25T15:25:04.818694845Z"}]}',
  '{"vertexes":[{"digest":"sha256:4","inputs":["sha256:5","sha256:6"],"name":"[stage-2 3/3] COPY --from=b /etc/hostname /y"},{"digest":"sha256:6","inputs":["sha256:7"],"name":"[b 2/2] RUN echo b1; npm cii"},{"digest":"sha256:8","inputs":["sha256:7"],"name":"[a 2/2] RUN for i in 1 2 3 4 5; do echo a$i; sleep 0.3; done"},{"digest":"sha256:7","name":"[b 1/2] FROM docker.io/library/node:24-slim"}]}',
  '{"vertexes":[{"digest":"sha256:7","name":"[b 1/2] FROM docker.io/library/node:24-slim","started":"2026-11-25T15:25:04.838451569Z","completed":"2026-11-25T15:25:04.83868303Z"}]}',
  '{"vertexes":[{"digest":"sha256:7","name":"[b 1/2] FROM docker.io/library/node:24-slim","started":"2026-11-25T15:25:04.839364676Z","completed":"2026-11-25T15:25:04.839428158Z","cached":true}]}',
  '{"vertexes":[{"digest":"sha256:6","inputs":["sha256:7"],"name":"[b 2/2] RUN echo b1; npm cii","started":"2026-11-25T15:25:04.839561403Z"},{"digest":"sha256:8","inputs":["sha256:7"],"name":"[a 2/2] RUN for i in 1 2 3 4 5; do echo a$i; sleep 0.3; done","started":"2026-11-25T15:25:04.839713398Z"}]}',
  '{"logs":[{"vertex":"sha256:6","stream":1,"data":"YjEK","timestamp":"2026-11-25T15:25:05.016978458Z"}]}',
  '{"logs":[{"vertex":"sha256:8","stream":1,"data":"YTEK","timestamp":"2026-11-25T15:25:05.019128903Z"}]}',
  '{"logs":[{"vertex":"sha256:6","stream":1,"data":"VW5rbm93biBjb21tYW5kOiAiY2lpIgoKCkRpZCB5b3UgbWVhbiB0aGlzPwogIG5wbSBjaSAjIENsZWFuIGluc3RhbGwgYSBwcm9qZWN0Cg==","timestamp":"2026-11-25T15:25:06.315177355Z"}]}',
  '{"vertexes":[{"digest":"sha256:6","inputs":["sha256:7"],"name":"[b 2/2] RUN echo b1; npm cii","started":"2026-11-25T15:25:04.839561403Z","completed":"2026-11-25T15:25:06.385056933Z","error":"process \\"/bin/sh -c echo b1; npm cii\\" did not complete successfully: exit code: 1"}]}',
  '{"vertexes":[{"digest":"sha256:8","inputs":["sha256:7"],"name":"[a 2/2] RUN for i in 1 2 3 4 5; do echo a$i; sleep 0.3; done","started":"2026-11-25T15:25:04.839713398Z","completed":"2026-11-25T15:25:06.421245407Z","error":"process \\"/bin/sh -c for i in 1 2 3 4 5; do echo a$i; sleep 0.3; done\\" did not complete successfully: exit code: 137: context canceled: context canceled"}]}',
  'ERROR: failed to build: failed to solve: process "/bin/sh -c echo b1; npm cii" did not complete successfully: exit code: 1',
];
const shown = [
  '[b 1/2] FROM node:24-slim: cached',
  '  [b 2/2] b1',
  '  [a 2/2] a1',
  '  [b 2/2] Unknown command: "cii"',
  '  [b 2/2]',
  '  [b 2/2]',
  '  [b 2/2] Did you mean this?',
  '  [b 2/2]   npm ci # Clean install a project',
  '[b 2/2] RUN echo b1; npm cii: failed after 1.5 s: exit code 1',
  '[a 2/2] RUN for i in 1 2 3 4 5; do echo a$i; sleep 0.3; done: cancelled after 1.6 s',
  'ERROR: failed to build: failed to solve: process "/bin/sh -c echo b1; npm cii" did not complete successfully: exit code: 1',
];

/** The names of the Go structures: `Vertexes`, `Digest`, and lists that are null. */
function asGo(line: string): string {
  if (!line.startsWith('{')) return line;
  const upper = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(upper);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]: [string, unknown]) => [
        name === 'id' ? 'ID' : `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        upper(field),
      ]),
    );
  };
  const lists = { Vertexes: null, Statuses: null, Logs: null, Warnings: null };
  return JSON.stringify({ ...lists, ...(upper(JSON.parse(line)) as object) });
}

function asSingles(line: string): string[] {
  if (!line.startsWith('{')) return [line];
  const batch = JSON.parse(line) as Record<string, readonly unknown[]>;
  return Object.values(batch).flatMap((items) => items.map((item) => JSON.stringify(item)));
}

function asNamed(line: string): string[] {
  if (!line.startsWith('{')) return [line];
  const names: Record<string, string> = { vertexes: 'vertex', statuses: 'status', logs: 'log' };
  const batch = JSON.parse(line) as Record<string, readonly unknown[]>;
  return Object.entries(batch).flatMap(([list, items]) =>
    items.map((item) => JSON.stringify({ [names[list] ?? '']: item })),
  );
}

describe('a captured build', () => {
  it.each([
    ['with the JSON names', captured],
    ['with the names of the Go structures', captured.map(asGo)],
    ['with one event a line', captured.flatMap(asSingles)],
    ['with one event a line under its name', captured.flatMap(asNamed)],
  ])('is shown for people: %s', (_form, lines) => {
    const read = readAll(lines);
    expect(read.lines).toEqual(shown);
    expect(read.summary).toEqual({
      steps: 3,
      cached: 1,
      failed: {
        step: '[b 2/2] RUN echo b1; npm cii',
        logTail: [
          'b1',
          'Unknown command: "cii"',
          '',
          '',
          'Did you mean this?',
          '  npm ci # Clean install a project',
        ],
        error: 'process "/bin/sh -c echo b1; npm cii" did not complete successfully: exit code: 1',
      },
      rest: [],
    });
  });
});

const image = '[1/3] FROM docker.io/library/node:24-slim@sha256:'.padEnd(113, '0');

describe('a step', () => {
  it.each<[string, string[], string[]]>([
    ['that is done', [vertex('r', '[2/5] RUN npm ci', run(0, 4.21))], ['[2/5] RUN npm ci: 4.2 s']],
    [
      'from the cache',
      [vertex('r', '[2/5] RUN npm ci', { ...run(0), cached: true })],
      ['[2/5] RUN npm ci: cached'],
    ],
    [
      'with spaces in its number',
      [vertex('r', '[build  2/10] RUN x &&     y', run(0, 1))],
      ['[build 2/10] RUN x && y: 1.0 s'],
    ],
    [
      'that is a base image which was looked up, then pulled',
      [vertex('f', image, run(0, 0.1)), vertex('f', image, run(1)), vertex('f', image, run(1, 4))],
      ['[1/3] FROM node:24-slim: 3.1 s'],
    ],
    [
      'that is a base image which nothing needed',
      [
        vertex('f', image, run(0, 0.1)),
        vertex('r', '[2/3] RUN x', { inputs: ['f'], ...run(1, 1), cached: true }),
      ],
      ['[1/3] FROM node:24-slim: cached', '[2/3] RUN x: cached'],
    ],
    [
      'that is a base image, before the step that needs it',
      [
        vertex('f', image, run(0, 2)),
        vertex('r', '[2/3] RUN x', { inputs: ['f'], ...run(2) }),
        log('r', 'out\n'),
      ],
      ['[1/3] FROM node:24-slim: 2.0 s', '  [2/3] out'],
    ],
    [
      'told twice',
      [vertex('r', '[2/2] RUN x', run(0, 1)), vertex('r', '[2/2] RUN x', run(0, 1))],
      ['[2/2] RUN x: 1.0 s'],
    ],
    [
      'that failed once and went well the second time',
      [
        vertex('c', '[2/2] COPY a b', { inputs: ['f'], ...run(0, 1), error: 'try again' }),
        vertex('c', '[2/2] COPY a b', { inputs: ['f'], ...run(2, 3) }),
      ],
      ['[2/2] COPY a b: failed after 1.0 s: try again', '[2/2] COPY a b: 2.0 s'],
    ],
    ['of BuildKit that is short', [vertex('i', '[internal] load .dockerignore', run(0, 0.9))], []],
    [
      'of BuildKit that is long',
      [vertex('e', 'exporting to image', run(0, 3.25))],
      ['exporting to image: 3.3 s'],
    ],
    [
      'of BuildKit that fails, without credentials',
      [
        vertex('i', '[internal] load https', {
          ...run(0, 0.1),
          error: 'Get "https://me:pw@host/x?sig=1": 500',
        }),
      ],
      ['[internal] load https: failed after 0.1 s: Get "https://host/x": 500'],
    ],
  ])('%s', (_case, lines, expected) => {
    expect(readAll(lines).lines).toEqual(expected);
  });

  it('of BuildKit that is long is shown when it ends', () => {
    expect(createProgress().read(vertex('e', 'exporting to image', run(0, 2)))).toEqual([
      'exporting to image: 2.0 s',
    ]);
  });

  it('that could not read a cache, or went well in the end, is not where the build failed', () => {
    const { failed } = readAll([
      vertex('m', 'importing cache manifest from r/x', { ...run(0, 1), error: 'connection refused' }),
      vertex('c', '[2/2] COPY a b', { inputs: ['f'], ...run(0, 1), error: 'try again' }),
      vertex('c', '[2/2] COPY a b', { inputs: ['f'], ...run(2, 3) }),
    ]).summary;
    expect(failed).toBeUndefined();
  });

  it('keeps its own last 20 lines', () => {
    const lines = Array.from({ length: 50 }, (_, index) => [
      log('a', `a${index}\n`),
      log('b', `b${index}\n`),
    ]).flat();
    const { failed } = readAll([...lines, vertex('a', '[2/2] RUN a', { ...run(0, 1), error: 'x' })]).summary;
    expect(failed?.logTail).toEqual(Array.from({ length: 20 }, (_, index) => `a${index + 30}`));
  });

  it('with a long name is cut', () => {
    const [line = ''] = readAll([
      vertex('r', `[2/2] RUN ${'x'.repeat(500)}`, { ...run(0, 1), cached: true }),
    ]).lines;
    expect(line).toBe(`[2/2] RUN ${'x'.repeat(109)}…: cached`);
  });
});

describe('output', () => {
  const named = vertex('r', '[2/2] RUN x', run(0));
  const done = vertex('r', '[2/2] RUN x', { ...run(0, 1), inputs: ['f'] });
  it.each<[string, string[], string[]]>([
    ['cut in the middle of a line', [log('r', 'on'), log('r', 'e\ntwo')], ['one', 'two']],
    [
      'cut in the middle of a character',
      [...Buffer.from('漢é\n')].map((byte) => log('r', Uint8Array.of(byte))),
      ['漢é'],
    ],
    ['cut for good in a character', [log('r', Buffer.from('漢').subarray(0, 2))], ['\uFFFD']],
    ['of two streams', [log('r', 'out'), log('r', 'err\n', 2), log('r', 'put\n')], ['err', 'output']],
    ['with a progress bar', [log('r', '10%\r20%\r'), log('r', '100%\nno end')], ['100%', 'no end']],
    ['with Windows line ends, cut between', [log('r', 'one\r'), log('r', '\ntwo\r\r\n')], ['one', 'two']],
    ['with colours', [log('r', '\u001b[31mred\u001b[0m\u001b[2K\n')], ['red']],
    ['with a huge line', [log('r', 'x'.repeat(20_000)), log('r', 'y\n')], ['x'.repeat(20_000), 'y']],
  ])('%s', (_case, chunks, expected) => {
    const { lines } = readAll([named, ...chunks, done]);
    expect(lines).toEqual([...expected.map((line) => `  [2/2] ${line}`), '[2/2] RUN x: 1.0 s']);
  });

  it('that was held back comes with the end', () => {
    const progress = createProgress();
    expect([named, log('r', 'half')].flatMap((line) => progress.read(line))).toEqual([]);
    expect(progress.end().rest).toEqual(['  [2/2] half']);
    expect(progress.end().rest).toEqual([]);
  });
});

it('shows each warning once, with its page', () => {
  const warning = {
    vertex: 'd',
    short: base64('FromAsCasing: x (line 1)'),
    url: 'https://docs.example/from',
    level: 1,
  };
  const line = JSON.stringify({ warnings: [warning, warning] });
  expect(readAll([line, line, asGo(line)]).lines).toEqual([
    'Warning: FromAsCasing: x (line 1) (https://docs.example/from)',
  ]);
});

it.each([
  '',
  'text',
  '{',
  '{"vertexes":[',
  '{"logs":"x"}',
  '{"level":"info","msg":"x"}',
  '[1]',
  'null',
  '"x"',
  '  #5 x',
])('hands on what is no progress: %j', (line) => {
  expect(readAll([line]).lines).toEqual([line]);
});

it.each([
  '{}',
  '{"vertexes":null}',
  '{"vertexes":[null,1,"x",{},{"digest":7}],"logs":[{"vertex":1,"data":2}],"unknown":{"a":1}}',
  '{"vertexes":[{"digest":"d","name":"[1/1] RUN x","started":"soon","completed":"0001-01-01T00:00:00Z","inputs":7}]}',
  '{"logs":[{"vertex":"nobody","data":"!!!"}],"warnings":[{}]}',
])('takes progress that says nothing: %s', (line) => {
  expect(readAll([line]).lines).toEqual([]);
});

describe('whatever comes', () => {
  const text = fc
    .string({ unit: 'grapheme', maxLength: 30 })
    .map((raw) => raw.replace(/[\p{Cc}\uFEFF]/gu, '').trimEnd());
  const junk = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom('{"logs":[', '{"vertexes":[{"digest":1}]}', '{}'),
  );

  it('loses no line of a step, wherever its output is cut and whatever is mixed in', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 15 }),
        cuts,
        fc.array(junk, { maxLength: 20 }),
        (lines, sizes, mixed) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          const chunks: string[] = [vertex('r', '[2/2] RUN x', run(0))];
          for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
            const end = start + (sizes[turn % sizes.length] ?? 1);
            chunks.push(log('r', bytes.subarray(start, end)), ...mixed.slice(turn, turn + 1));
            start = end;
          }
          const own = readAll(chunks).lines.filter((line) => line.startsWith('  [2/2]'));
          expect(own).toEqual(lines.map((line) => `  [2/2] ${line}`.trimEnd()));
        },
      ),
    );
  });

  it('never throws when the stream is cut at any place, and hands on the rest', () => {
    const stream = captured.join('\n');
    fc.assert(
      fc.property(fc.nat(stream.length), fc.nat(stream.length), (first, second) => {
        const [from, to] = [Math.min(first, second), Math.max(first, second)];
        const cut = `${stream.slice(0, from)}${stream.slice(to)}`.split('\n');
        const { lines } = readAll(cut);
        expect(lines).toEqual(expect.arrayContaining(cut.filter((line) => line.startsWith('ERROR'))));
      }),
    );
  });
});
