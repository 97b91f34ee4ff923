import { expect, it } from '@jest/globals';

import type { ImageLayer } from '../../../src/docker-port.ts';
import { checkArchitecture, checkImageSize, checkUser } from '../../../src/stages/verify/image.ts';
import { createFakeDocker } from '../../support/fakes.ts';
import { builtImage } from '../../support/samples.ts';

const MiB = 1024 * 1024;

it.each([
  ['linux', 'amd64', { result: 'passed', detail: 'linux/amd64' }],
  [
    'linux',
    'arm64',
    {
      result: 'failed',
      kind: 'architecture',
      detail: 'has an image for linux/arm64, and the platform runs linux/amd64',
    },
  ],
  ['windows', 'amd64', { result: 'failed', kind: 'architecture' }],
])('an image for %s/%s is %j', (os, architecture, expected) => {
  const row = checkArchitecture(builtImage({ os, architecture }));
  expect(row).toMatchObject({ name: 'architecture', ...expected });
  if (row.result === 'failed') expect(row.advice).not.toBe('');
});

it.each([
  ['', 'warned'],
  ['root', 'warned'],
  ['0', 'warned'],
  ['root:root', 'warned'],
  ['0:1000', 'warned'],
  ['node', 'passed'],
  ['1000:0', 'passed'],
  ['rooted', 'passed'],
])('the user %j is %s', (user, result) => {
  const detail =
    result === 'passed'
      ? `runs as "${user.split(':')[0] ?? ''}"`
      : 'runs as root: name another USER in the Dockerfile';
  expect(checkUser(builtImage({ user }))).toEqual({ name: 'user', result, detail });
});

const layersOf = (layers: readonly ImageLayer[]) => {
  const { reference } = builtImage();
  return createFakeDocker({
    listLayers: (asked) => Promise.resolve(asked === reference ? layers : []),
  });
};

it.each<[number, string, string]>([
  [1024 * MiB, 'passed', '1024.0 MiB in the overlay2 store; largest layers: 2.0 MiB by "COPY . ."'],
  [
    1024 * MiB + 1,
    'warned',
    'has an image of 1024.0 MiB in the overlay2 store, which is slow to pull on a cold start; largest layers: 2.0 MiB by "COPY . ."',
  ],
])('%s bytes are %s', async (bytes, result, detail) => {
  const docker = layersOf([{ bytes: 2 * MiB, command: 'COPY . . # buildkit' }]);
  expect(await checkImageSize(builtImage({ bytes }), docker)).toEqual({ name: 'image-size', result, detail });
});

it.each<[string, number[], string]>([
  ['no layers', [], '1.0 MiB in the overlay2 store'],
  ['empty and tiny layers', [0, 0.09], '1.0 MiB in the overlay2 store'],
  [
    'the three largest',
    [1, 4, 2, 3],
    '1.0 MiB in the overlay2 store; largest layers: 4.0 MiB by "L4", 3.0 MiB by "L3", 2.0 MiB by "L2"',
  ],
])('shows of the layers: %s', async (_name, sizes, detail) => {
  const docker = layersOf(sizes.map((size) => ({ bytes: size * MiB, command: `L${size}` })));
  expect(await checkImageSize(builtImage({ bytes: MiB }), docker)).toMatchObject({ detail });
});

it.each([
  ['RUN /bin/sh -c npm ci # buildkit', 'RUN npm ci'],
  ['/bin/sh -c npm ci', 'npm ci'],
  ['/bin/sh -c #(nop) COPY dir:1 in /app ', 'COPY dir:1 in /app'],
  ['/bin/sh -c #(nop)  CMD ["node"]', 'CMD ["node"]'],
  ['COPY /src /app # buildkit', 'COPY /src /app'],
  ['RUN /bin/sh -c apk add  git \\\n  curl # buildkit', 'RUN apk add git \\ curl'],
  ['RUN |1 TOKEN=canary /bin/sh -c npm ci # buildkit', 'RUN npm ci'],
  ['RUN |2 A=x y TOKEN=can/ary /bin/bash -o pipefail -c npm ci # buildkit', 'RUN npm ci'],
  ['RUN |1 TOKEN=two\ncanary /bin/sh -ec npm ci # buildkit', 'RUN npm ci'],
  ['|1 TOKEN=canary /bin/sh -c npm ci', 'npm ci'],
  ['RUN |1 TOKEN=canary npm ci # buildkit', 'RUN …'],
  ['RUN |1 TOKEN=canary /usr/local/bin/fish --command npm ci # buildkit', 'RUN …'],
  [`COPY ${'x'.repeat(100)} /`, `COPY ${'x'.repeat(55)}…`],
])('shows the command %j without the values of build args', async (command, shown) => {
  const row = await checkImageSize(builtImage(), layersOf([{ bytes: MiB, command }]));
  expect(/by "([^]*)"$/.exec(row.detail)?.[1]).toBe(shown);
  expect(row.detail).not.toContain('canary');
});

it('says of a layer without an instruction that the base image brings it', async () => {
  const row = await checkImageSize(builtImage(), layersOf([{ bytes: MiB, command: '' }]));
  expect(row.detail).toMatch(/largest layers: 1\.0 MiB that the base image brings$/);
});
