import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import type { ServiceDetail } from '../../../src/ports.ts';
import type { Settings } from '../../../src/service-config/schema.ts';
import { findDockerfile, settleMode, type RequestedMode } from '../../../src/stages/project/mode.ts';
import { createFakeFiles, root, type FakeNode } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import { liveState, serviceConfig, serviceDetail } from '../../support/samples.ts';

interface Case {
  readonly asked?: RequestedMode;
  readonly live?: ServiceDetail['serviceType'] | 'none';
  readonly files?: readonly string[];
  readonly settings?: Settings;
}

function settle({ asked = 'auto', live, files = [], settings = {} }: Case): ReturnType<typeof settleMode> {
  const service = live === undefined || live === 'none' ? undefined : serviceDetail({ serviceType: live });
  const request = { folder: root, requestedMode: asked, config: serviceConfig(settings) };
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
