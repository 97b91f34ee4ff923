import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isRawJsonUnknown, readBuildFailure } from '../../../src/stages/build/build-failure.ts';
import { createProgress, type BuildSummary, type FailedStep } from '../../../src/stages/build/progress.ts';

const nothing: BuildSummary = { steps: 0, cached: 0, rest: [] };
const failedAt = (failed: Partial<FailedStep>): BuildSummary => ({
  ...nothing,
  failed: { step: '', logTail: [], error: '', ...failed },
});
const frame = (line: number, ...marked: string[]): string[] => [
  `Dockerfile:${line}`,
  '--------------------',
  `${String(line - 1).padStart(4)} |     FROM node:24-slim`,
  ...marked.map((text, index) => `${String(line + index).padStart(4)} | >>> ${text}`),
  `${String(line + marked.length).padStart(4)} |     `,
  '--------------------',
];
const solve = (message: string): string => `ERROR: failed to build: failed to solve: ${message}`;
const docs = 'Learn more at https://docs.docker.com/go/build-cache-backends/';
const eof = 'failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF';
const checksum =
  'failed to compute cache key: failed to calculate checksum of ref b3fb730b-5700::cqz6kzfbrueb9np89:';

type Row = [name: string, lines: string[], reason: string, advice: RegExp];

// Written by buildx 0.29.1 and the engine 28.5.2, unless a row says otherwise.
const rows: Row[] = [
  [
    'a command that fails',
    [
      ...frame(3, 'RUN echo one && \\', '    echo two && \\', '    exit 7'),
      solve(
        'process "/bin/sh -c echo one &&     echo two &&     exit 7" did not complete successfully: exit code: 7',
      ),
    ],
    '"RUN echo one && echo two && exit 7" ended with exit code 7.',
    /^Read its last lines in the log\.$/,
  ],
  [
    'a command that speaks of other causes',
    [
      ...frame(3, 'RUN echo \'no builder "x" found: secret y: not found\'; exit 1'),
      solve(
        'process "/bin/sh -c echo \'no builder "x" found: secret y: not found\'; exit 1" did not complete successfully: exit code: 1',
      ),
    ],
    '"RUN echo \'no builder "x" found: secret y: not found\'; exit 1" ended with exit code 1.',
    /last lines/,
  ],
  [
    'a command that fails, in the words of the engine 20.10',
    [
      'failed to solve: ',
      'error: failed to solve: rpc error: code = Unknown desc = executor failed running [/bin/sh -c exit 7]: exit code: 7',
    ],
    '"RUN exit 7" ended with exit code 7.',
    /last lines/,
  ],
  [
    'a command that is not there',
    [
      ...frame(3, 'RUN /bin/foo'),
      solve('process "/bin/sh -c /bin/foo" did not complete successfully: exit code: 127'),
    ],
    '"RUN /bin/foo" ended with exit code 127.',
    /install it in the image/,
  ],
  [
    'a command that was killed',
    [
      ...frame(2, 'RUN npm run build'),
      solve('process "/bin/sh -c npm run build" did not complete successfully: exit code: 137'),
    ],
    '"RUN npm run build" ended with exit code 137.',
    /memory/,
  ],
  [
    'a command that the builder cannot run',
    [
      ...frame(2, 'RUN true'),
      solve(
        'process "/bin/sh -c true" did not complete successfully: failed to create endpoint y0hi4xe4 on network bridge: adding interface veth27c2e6b to bridge docker0 failed: Device does not exist',
      ),
    ],
    'The builder could not run "RUN true": failed to create endpoint y0hi4xe4 on network bridge: adding interface veth27c2e6b to bridge docker0 failed: Device does not exist.',
    /another builder/,
  ],
  [
    'a secret that the build does not have',
    [
      ...frame(2, 'RUN --mount=type=secret,id=npmrc,required=true cat /run/secrets/npmrc'),
      solve('secret npmrc: not found'),
    ],
    'The Dockerfile needs the build secret "npmrc", and the build has none of that id.',
    /"build-secrets"/,
  ],
  [
    'the file of a secret that is not there',
    ['ERROR: failed to build: failed to stat /nonexist/file: stat /nonexist/file: no such file or directory'],
    'The file "/nonexist/file", which a build secret is to be read from, is not there.',
    /"build-secrets"/,
  ],
  [
    'SSH',
    [...frame(2, 'RUN --mount=type=ssh,required=true true'), solve('unset ssh forward key default')],
    'The Dockerfile asks for SSH (--mount=type=ssh), which the build does not hand over.',
    /"build-secrets"/,
  ],
  [
    'a stage that does not exist',
    [solve('target stage "nostage" could not be found')],
    'The Dockerfile has no stage "nostage", which the input "target" names.',
    /after AS/,
  ],
  [
    'a file that is not there',
    [...frame(2, 'COPY missing.txt package*.json /app/'), solve(`${checksum} "/missing.txt": not found`)],
    '"COPY missing.txt package*.json /app/" cannot be done: "missing.txt" is not there.',
    /\.dockerignore/,
  ],
  [
    'a file that a build argument names',
    [...frame(3, 'COPY $TOKEN /x'), solve(`${checksum} "/s3cr3tvalue": not found`)],
    '"COPY $TOKEN /x" cannot be done: a source is not there.',
    /BuildDir/,
  ],
  [
    'a file that another stage does not have',
    [...frame(3, 'COPY --from=a /app/dist /dist'), solve('lstat /app/dist: no such file or directory')],
    '"COPY --from=a /app/dist /dist" cannot be done: "app/dist" is not there in "a".',
    /WORKDIR/,
  ],
  [
    'a wrong instruction',
    [
      ...frame(2, 'RUNN npm ci'),
      solve('dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)'),
    ],
    'The Dockerfile is wrong: unknown instruction: RUNN (did you mean RUN?).',
    /--check/,
  ],
  [
    'a flag that the Dockerfile may not use',
    [
      ...frame(2, 'RUN --security=insecure true'),
      solve('dockerfile parse error on line 2: unknown flag: --security'),
    ],
    'The Dockerfile is wrong: unknown flag: --security.',
    /--check/,
  ],
  [
    'an empty Dockerfile',
    [solve('the Dockerfile cannot be empty')],
    'The Dockerfile is wrong: the Dockerfile cannot be empty.',
    /--check/,
  ],
  [
    'a stage number that is not there',
    [solve('invalid stage index 5')],
    'The Dockerfile is wrong: invalid stage index 5.',
    /--check/,
  ],
  [
    'no Dockerfile',
    [solve('failed to read dockerfile: open Nope.Dockerfile: no such file or directory')],
    'There is no Dockerfile "Nope.Dockerfile".',
    /BuildDir/,
  ],
  [
    'a cache that the builder cannot write',
    [
      'ERROR: failed to build: Cache export is not supported for the docker driver.',
      'Switch to a different driver, or turn on the containerd image store, and try again.',
      docs,
    ],
    'A builder of the driver "docker" cannot write the cache that the input "cache-to" asks for.',
    /docker\/setup-buildx-action.*"builder"/,
  ],
  [
    'a platform that the builder does not build for',
    ['ERROR: failed to build: Multi-platform build is not supported for the docker driver.', docs],
    'A builder of the driver "docker" builds for its own platform only, and that is not linux/amd64.',
    /docker\/setup-buildx-action/,
  ],
  [
    'an unknown builder',
    ['ERROR: no builder "nosuch" found'],
    'There is no builder "nosuch".',
    /docker\/setup-buildx-action/,
  ],
  [
    'a full disk',
    [solve('ResourceExhausted: write /var/lib/docker/overlay2/bkvd/diff/big: no space left on device')],
    'The disk of the builder is full.',
    /Free disk space/,
  ],
  [
    'no engine',
    ['ERROR: Cannot connect to the Docker daemon at unix:///none.sock. Is the docker daemon running?'],
    'No Docker engine answers.',
    /docker info/,
  ],
  [
    'an engine that ends in the middle',
    [`ERROR: failed to build: ${eof}`],
    'The connection to the builder broke in the middle of the build: its engine ended or was restarted.',
    /docker info/,
  ],
  [
    'a connection that closes (words of gRPC)',
    ['ERROR: failed to solve: rpc error: code = Unavailable desc = transport is closing'],
    'The connection to the builder broke in the middle of the build: its engine ended or was restarted.',
    /docker info/,
  ],
  [
    'a flag that buildx does not know',
    ['unknown flag: --frobnicate', '', 'Usage:  docker buildx build [OPTIONS] PATH | URL | -'],
    'The buildx on this machine does not know the flag "--frobnicate".',
    /newer buildx/,
  ],
  [
    'no buildx',
    ['unknown flag: --progress', '', 'Usage:  docker [OPTIONS] COMMAND [ARG...]'],
    'Docker has no buildx on this machine.',
    /Install buildx/,
  ],
  [
    'no buildx, asked without flags',
    ['docker: unknown command: docker buildx', '', "Run 'docker --help' for more information"],
    'Docker has no buildx on this machine.',
    /Install buildx/,
  ],
  [
    'an old buildx',
    ['ERROR: invalid progress mode rawjson'],
    'The buildx on this machine does not know the progress mode "rawjson".',
    /0\.13/,
  ],
  ['a build that was cancelled', [solve('Canceled: context canceled')], 'The build was cancelled.', /again/],
  [
    'something else',
    [solve('https://me:token@git.test/x?key=1: odd')],
    'The build failed: https://git.test/x: odd.',
    /build log/,
  ],
  ['nothing at all', [], 'The build failed, and buildx gives no reason.', /build log/],
];

it.each(rows)('names %s', (_name, lines, ...[reason, advice]) => {
  const failure = readBuildFailure(nothing, lines);
  expect(failure).toMatchObject({ reason, kind: 'build' });
  expect(failure.advice).toMatch(advice);
});

describe('the last lines of the step', () => {
  const run = frame(3, 'RUN ["/bin/foo"]');
  const exit = solve('process "/bin/foo" did not complete successfully: exit code: 1');
  it.each([
    [
      'exec /bin/foo: exec format error',
      '"RUN ["/bin/foo"]" starts a program that is not made for linux/amd64.',
    ],
    ['head: write error: No space left on device', 'The disk of the builder is full.'],
    ['Error: secret x: not found', '"RUN ["/bin/foo"]" ended with exit code 1.'],
  ])('show the cause: %s', (line, reason) => {
    expect(readBuildFailure(failedAt({ logTail: [line] }), [...run, exit]).reason).toBe(reason);
  });

  it('are told, and the place in the Dockerfile', () => {
    const failure = readBuildFailure(failedAt({ step: '[3/3] RUN s3cr3t', logTail: ['one', 'two'] }), [
      ...run,
      exit,
    ]);
    expect(failure).toMatchObject({
      ...{ reason: '"RUN ["/bin/foo"]" ended with exit code 1.', logTail: ['one', 'two'], dockerfileLine: 3 },
    });
  });

  it('are the last of all lines where no step failed', () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    const { logTail, dockerfileLine } = readBuildFailure(nothing, ['{"vertexes":null}', ...lines]);
    expect(logTail).toEqual(lines.slice(-20));
    expect(dockerfileLine).toBeUndefined();
  });
});

it.each(['waiting for connection', 'booting buildkit'])(
  'names a builder that does not answer: %s',
  (what) => {
    const summary = failedAt({ step: `[internal] ${what}`, error: 'context deadline exceeded' });
    const failure = readBuildFailure(summary, ['ERROR: failed to build: context deadline exceeded']);
    expect(failure).toMatchObject({ reason: 'The builder does not answer.', kind: 'network' });
  },
);

it('takes the line from the error where no excerpt shows it', () => {
  const lines = ['error: failed to solve: dockerfile parse error line 4: unknown instruction: RUNN'];
  expect(readBuildFailure(nothing, lines)).toMatchObject({
    ...{ dockerfileLine: 4, reason: 'The Dockerfile is wrong: unknown instruction: RUNN.' },
  });
});

it('reads plain progress, where the summary knows nothing', () => {
  const plain = [
    '#5 [2/2] RUN echo hi; exit 3',
    '#5 0.214 hi',
    '#5 ERROR: process "/bin/sh -c echo hi; exit 3" did not complete successfully: exit code: 3',
    '------',
    ' > [2/2] RUN echo hi; exit 3:',
    '0.214 hi',
    '------',
    ...frame(2, 'RUN echo hi; exit 3'),
    solve('process "/bin/sh -c echo hi; exit 3" did not complete successfully: exit code: 3'),
  ];
  expect(readBuildFailure(nothing, plain)).toMatchObject({
    ...{ logTail: ['hi'], dockerfileLine: 2 },
    reason: '"RUN echo hi; exit 3" ended with exit code 3.',
  });
});

it('knows a buildx that is older than raw progress', () => {
  expect(isRawJsonUnknown(['ERROR: invalid progress mode rawjson'])).toBe(true);
  expect(isRawJsonUnknown(['error: invalid progress mode rawjson'])).toBe(true);
  expect(isRawJsonUnknown(['ERROR: invalid progress mode odd', 'rawjson'])).toBe(false);
});

it('never throws, and always says something', () => {
  const known = rows.flatMap(([, lines]) => lines);
  const line = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom(...known),
    fc.constantFrom('------', ' > :', 'x:1'),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const progress = createProgress();
      for (const each of lines) progress.read(each);
      const failure = readBuildFailure(progress.end(), lines);
      expect(failure.reason).toMatch(/\S.*\.$/);
      expect(failure.advice).not.toBe('');
    }),
  );
});
