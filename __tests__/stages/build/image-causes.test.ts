import { expect, it } from '@jest/globals';

import { readBuildFailure } from '../../../src/stages/build/build-failure.ts';
import type { BuildSummary } from '../../../src/stages/build/progress.ts';

type Row = [name: string, lines: string[], reason: string, advice: RegExp];

const nothing: BuildSummary = { steps: 0, cached: 0, rest: [] };
const frame = (instruction: string): string[] => [
  'Dockerfile:1',
  '--------------------',
  `   1 | >>> ${instruction}`,
  '   2 |     RUN true',
  '--------------------',
];
const solve = (message: string): string => `ERROR: failed to build: failed to solve: ${message}`;
const from = (image: string, why: string): string[] => [
  ...frame(`FROM ${image}`),
  solve(`${image}: failed to resolve source metadata for ${image}: ${why}`),
];
const status = (code: string): string =>
  `unexpected status from HEAD request to http://127.0.0.1:5999/v2/ns/app/manifests/1: ${code}`;

// Written by buildx 0.29.1 and the engine 28.5.2, unless a row says otherwise.
const refusedRows: Row[] = [
  [
    'an image that does not exist',
    from('127.0.0.1:5999/ns/app:1', '127.0.0.1:5999/ns/app:1: not found'),
    'The image "127.0.0.1:5999/ns/app:1" does not exist in its registry.',
    /docker\/login-action/,
  ],
  [
    'an image that needs a login',
    from(
      'ghcr.io/ns/app:1',
      'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    ),
    'The image "ghcr.io/ns/app:1" cannot be pulled: access is denied, or there is no such image.',
    /docker\/login-action/,
  ],
  [
    'an image that is refused with 401',
    from('r.test/app:1', status('401 Unauthorized')),
    'The image "r.test/app:1" cannot be pulled: access is denied, or there is no such image.',
    /log in/,
  ],
  [
    'an image that is refused with 403',
    from('r.test/app:1', status('403 Forbidden')),
    'The image "r.test/app:1" cannot be pulled: access is denied, or there is no such image.',
    /log in/,
  ],
  [
    'an image whose token is refused',
    [
      ...frame('FROM 127.0.0.1:5999/t/app:1'),
      solve(
        'failed to fetch anonymous token: unexpected status from GET request to http://127.0.0.1:5999/token?scope=repository%3At%2Fapp%3Apull&service=r: 403 Forbidden',
      ),
    ],
    'The image "127.0.0.1:5999/t/app:1" cannot be pulled: access is denied, or there is no such image.',
    /log in/,
  ],
  [
    'an image of another platform (words of BuildKit 0.12)',
    from('r.test/app:1', 'no match for platform in manifest: not found'),
    'The image "r.test/app:1" is not made for linux/amd64.',
    /CloudBase Run has no other/,
  ],
  [
    'an image that is copied from',
    [
      ...frame('COPY --from=r.test/app:1 /a /b'),
      solve('failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized'),
    ],
    'The image "r.test/app:1" cannot be pulled: access is denied, or there is no such image.',
    /log in/,
  ],
];

const networkRows: Row[] = [
  [
    'a registry without an address',
    [
      ...frame('FROM nosuch:1'),
      solve(
        'nosuch:1: failed to resolve source metadata for docker.io/library/nosuch:1: failed to do request: Head "https://registry-1.docker.io/v2/library/nosuch/manifests/1": dial tcp: lookup registry-1.docker.io on 10.0.0.53:53: no such host',
      ),
    ],
    'The image "nosuch:1" cannot be pulled: failed to do request: Head "https://registry-1.docker.io/v2/library/nosuch/manifests/1": dial tcp: lookup registry-1.docker.io on 10.0.0.53:53: no such host.',
    /mirror/,
  ],
  [
    'a registry that hangs up',
    from('r.test/app:1', 'failed to do request: Head "https://r.test/v2/app/manifests/1": EOF'),
    'The image "r.test/app:1" cannot be pulled: failed to do request: Head "https://r.test/v2/app/manifests/1": EOF.',
    /again/,
  ],
  [
    'a registry out of order',
    from('r.test/app:1', status('503 Service Unavailable')),
    `The image "r.test/app:1" cannot be pulled: ${status('503 Service Unavailable')}.`,
    /again/,
  ],
  [
    'a registry with a limit',
    from('r.test/app:1', status('429 Too Many Requests')),
    'The image "r.test/app:1" cannot be pulled: its registry takes no more requests for now (429).',
    /docker\/login-action/,
  ],
  [
    'the image of the syntax line',
    [
      ...frame('# syntax=docker/dockerfile:1'),
      solve(
        'failed to resolve source metadata for docker.io/docker/dockerfile:1: failed to do request: Head "https://registry-1.docker.io/v2/docker/dockerfile/manifests/1": dial tcp 10.0.0.1:443: i/o timeout',
      ),
    ],
    'The image "docker/dockerfile:1" cannot be pulled: failed to do request: Head "https://registry-1.docker.io/v2/docker/dockerfile/manifests/1": dial tcp 10.0.0.1:443: i/o timeout.',
    /mirror/,
  ],
];

it.each(refusedRows)('names %s', (_name, lines, ...[reason, advice]) => {
  const failure = readBuildFailure(nothing, lines);
  expect(failure).toMatchObject({ reason, kind: 'build', dockerfileLine: 1 });
  expect(failure.advice).toMatch(advice);
});

it.each(networkRows)('blames the network for %s', (_name, lines, ...[reason, advice]) => {
  const failure = readBuildFailure(nothing, lines);
  expect(failure).toMatchObject({ reason, kind: 'network', dockerfileLine: 1 });
  expect(failure.advice).toMatch(advice);
});
