import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import type { ServiceDetail } from '../../../src/ports.ts';
import type { Settings } from '../../../src/service-config/schema.ts';
import {
  findDockerfile,
  refuseImageInputs,
  settleMode,
  type RequestedMode,
} from '../../../src/stages/project/mode.ts';
import { createFakeFiles, root, type FakeNode } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import { liveState, serviceConfig, serviceDetail } from '../../support/samples.ts';

interface Case {
  readonly asked?: RequestedMode;
  readonly live?: ServiceDetail['serviceType'] | 'none';
  readonly files?: readonly string[];
  readonly settings?: Settings;
  readonly image?: string;
}

function settle({
  asked = 'auto',
  live,
  files = [],
  settings = {},
  image = '',
}: Case): ReturnType<typeof settleMode> {
  const service = live === undefined || live === 'none' ? undefined : serviceDetail({ serviceType: live });
  const request = { folder: root, requestedMode: asked, config: serviceConfig(settings), image };
  return settleMode(
    live === undefined ? request : { ...request, live: liveState(service) },
    createFakeFiles(Object.fromEntries(files.map((file) => [file, '']))),
  );
}

const both = ['Dockerfile', 'cloudbase-functions.json'];

describe('the mode', () => {
  it.each<[Case, string, string]>([
    [{ asked: 'container', files: both }, 'container', 'the input asks for it'],
    [{ asked: 'function', live: 'none', files: both }, 'function', 'the input asks for it'],
    [{ asked: 'function', live: 'function' }, 'function', 'the input asks for it'],
    [{ asked: 'agent', live: 'function' }, 'agent', 'the input asks for it'],
    [{ live: 'function', files: ['Dockerfile'] }, 'function', 'the live service runs in it'],
    [{ live: 'container', files: both }, 'container', 'the live service runs in it'],
    [{ files: ['cloudbase-functions.json'] }, 'function', 'the source holds cloudbase-functions.json'],
    [{ files: ['Dockerfile', 'package.json'] }, 'container', 'the source holds Dockerfile'],
    [{ live: 'none', files: ['dockerFILE'] }, 'container', 'the source holds dockerFILE'],
    [
      { files: ['app/Dockerfile'], settings: { BuildDir: 'app' } },
      'container',
      'the source holds Dockerfile',
    ],
    [{ settings: { Dockerfile: 'prod.Dockerfile' } }, 'container', 'the source holds prod.Dockerfile'],
    [{ files: ['index.js', 'Dockerfile.dev'] }, 'function', 'the source holds no Dockerfile'],
    [{ files: ['Dockerfile/readme'] }, 'function', 'the source holds no Dockerfile'],
    [{ settings: { BuildDir: 'gone' } }, 'function', 'the source holds no Dockerfile'],
    [{ image: 'a:1', files: ['cloudbase-functions.json'] }, 'container', 'an image is deployed'],
    [{ image: 'a:1', live: 'container' }, 'container', 'an image is deployed'],
  ])('of %j is %s', async (given, mode, reason) => {
    expect(await settle(given)).toEqual({ mode, reason });
  });

  it.each<[RequestedMode, ServiceDetail['serviceType']]>([
    ['container', 'function'],
    ['function', 'container'],
    ['agent', 'container'],
  ])('%s cannot be that of a live service in %s mode', async (asked, live) => {
    const error = await failureOf(InputError, () => settle({ asked, live, files: both }));
    expect(error.message).toBe(
      `mode: is "${asked}", but the live service "shop" runs in ${live} mode, which cannot be changed. ` +
        `Use "${live}" or "auto", or deploy to a service of another name.`,
    );
  });

  it('of an image is not that of a live function', async () => {
    const error = await failureOf(InputError, () => settle({ image: 'a:1', live: 'function' }));
    expect(error.message).toBe(
      'image: is deployed in container mode, but the live service "shop" runs in function mode, which cannot be changed. ' +
        'Deploy to a service of another name.',
    );
  });

  it('has to be said where the source holds both kinds and nothing is live', async () => {
    const error = await failureOf(InputError, () => settle({ live: 'none', files: both }));
    expect(error.message).toBe(
      'mode: must be "function" or "container": the source holds both cloudbase-functions.json and Dockerfile, ' +
        'and there is no live service to go by.',
    );
  });
});

it('prefers the Dockerfile of the proper name', async () => {
  const files = (nodes: Record<string, FakeNode>): Promise<string | undefined> =>
    findDockerfile(root, createFakeFiles(nodes));
  expect(await files({ DOCKERFILE: '', Dockerfile: '' })).toBe('Dockerfile');
  expect(await files({ DOCKERFILE: '' })).toBe('DOCKERFILE');
  expect(await files({})).toBeUndefined();
});

describe('inputs for an image', () => {
  const request = { folder: root, requestedMode: 'auto', config: serviceConfig() } as const;

  it('are refused in a mode that has none, all at once', async () => {
    const imageInputs = ['builder', 'image-repository'] as const;
    const error = await failureOf(InputError, () => {
      refuseImageInputs({ ...request, imageInputs }, 'function');
    });
    expect(error.problems).toEqual([
      {
        subject: 'builder',
        message: 'is for an image, but mode "function" builds none. Leave it out, or use mode "container".',
      },
      {
        subject: 'image-repository',
        message:
          'is for an image, but mode "function" deploys source alone. Leave it out, or use mode "container".',
      },
    ]);
  });

  it('are fine in container mode, and where there are none', () => {
    expect(() => {
      refuseImageInputs({ ...request, imageInputs: ['target'] }, 'container');
      refuseImageInputs({ ...request, imageInputs: [] }, 'agent');
      refuseImageInputs(request, 'function');
    }).not.toThrow();
  });
});
