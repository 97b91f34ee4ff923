import { describe, expect, it } from '@jest/globals';

import { runCommand } from '../../src/commands/command.ts';
import { CloudError, InputError } from '../../src/errors.ts';
import { createEvents } from '../../src/events.ts';
import { createRun, type Outcome } from '../../src/outcome.ts';
import type { ServiceDetail } from '../../src/ports.ts';
import { buildOutputs } from '../../src/report/outputs.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeFiles, root } from '../support/fake-files.ts';
import { createFakeArchive, createFakeCloudRun, createFakeHttp, createFakePorts } from '../support/fakes.ts';
import { downloadInputs, fileEntry, runContext, serviceDetail } from '../support/samples.ts';
import { settledOf, toolEnv } from '../support/settled.ts';

interface World {
  readonly service?: ServiceDetail | undefined;
  readonly isOpen?: boolean;
  readonly overwrites?: boolean;
}

/** Runs the command against a cloud that can be read alone. */
function start(given: World = {}): {
  readonly ended: Promise<Outcome>;
  readonly read: (path: string) => unknown;
} {
  const { isOpen = true, overwrites = false } = given;
  const files = createFakeFiles({ 'out/index.js': 'mine' });
  const ports = createFakePorts({
    files,
    archive: createFakeArchive(undefined, {
      extract: () => Promise.resolve({ entries: [fileEntry('index.js'), fileEntry('new.js')], clashes: [] }),
    }),
    http: createFakeHttp({
      download: async (_to, nextAddress) => ({ bytes: (await nextAddress()).url.length, sha256: 'abc' }),
    }),
    cloudRun: createFakeCloudRun({
      readEnvironment: () => Promise.resolve({ isOpen, status: 'normal', network: undefined }),
      hasEnvironment: () => Promise.resolve(true),
      readServing: () => Promise.resolve('service' in given ? given.service : serviceDetail()),
      listRecords: () => Promise.resolve([]),
      readTask: () => Promise.resolve(undefined),
      readDownload: () => Promise.resolve({ url: 'https://s', headers: {}, isOutdated: false }),
    }),
  });
  const run = createRun(createEvents(), ports.clock);
  const settled = settledOf({ ...downloadInputs, overwrites }, { outputPath: `${root}/out` });
  const place = { context: runContext(), ...toolEnv, ports, connect: () => ports };
  const ended = run.stage('inputs', () => settled).then(() => runCommand(run, settled, place));
  return { ended, read: (path) => files.nodes.get(path) };
}

describe('the command download', () => {
  it('looks at the service, downloads, and is done', async () => {
    const { ended, read } = start();
    const outcome = await ended;
    expect(outcome.stages.map(({ stage }) => stage)).toEqual(['inputs', 'look', 'download']);
    expect(buildOutputs(outcome)).toMatchObject({
      status: 'done',
      'failure-kind': '',
      version: 'shop-001',
      mode: 'container',
      'package-bytes': '9',
      'package-sha256': 'abc',
      url: '',
    });
    expect([read('/repo/out/index.js'), read('/repo/out/new.js')]).toEqual(['mine', '']);
  });

  it('replaces what is there only where that is asked for', async () => {
    const { ended, read } = start({ overwrites: true });
    await ended;
    expect(read('/repo/out/index.js')).toBe('');
  });

  it('refuses an environment that is not open, and a service that is not there', async () => {
    expect((await failureOf(CloudError, () => start({ isOpen: false }).ended)).kind).toBe('env-not-opened');
    const error = await failureOf(InputError, () => start({ service: undefined }).ended);
    expect(error.message).toContain('service-name: names no service of the environment "demo-env": "shop".');
  });
});
