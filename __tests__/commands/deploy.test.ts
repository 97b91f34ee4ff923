import { describe, expect, it } from '@jest/globals';

import { deploy } from '../../src/commands/deploy.ts';
import { ProjectError } from '../../src/errors.ts';
import { createEvents } from '../../src/events.ts';
import { createRun, type Run } from '../../src/outcome.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { failureOf } from '../support/failure.ts';
import {
  createFakeArchive,
  createFakeClock,
  createFakeCloudRun,
  createFakeDocker,
  createFakeExec,
  createFakeGitHub,
  createFakeHttp,
  createFakeLog,
  createFakeState,
  createFakeToolCache,
} from '../support/fakes.ts';
import {
  deployInputs,
  deployRecord,
  releaseTask,
  runContext,
  serviceConfig,
  serviceDetail,
} from '../support/samples.ts';

function start(nodes: Readonly<Record<string, string>>) {
  const calls: string[] = [];
  const heard: string[] = [];
  let isWritten = false;
  const online = serviceDetail({ onlineVersions: [{ versionName: 'shop-001', imageUrl: 'i', share: 100 }] });
  const cloudRun = createFakeCloudRun({
    readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal' }),
    readService: () => Promise.resolve(isWritten ? online : undefined),
    listRecords: () => Promise.resolve([deployRecord({ number: 1 })]),
    readTask: () => Promise.resolve(releaseTask({ versionName: 'shop-001' })),
    createUploadSlot: () =>
      Promise.resolve({ url: 'https://s', headers: {}, packageName: 'p', packageVersion: 'v' }),
    createService: () => {
      calls.push('create');
      isWritten = true;
      return Promise.resolve(11);
    },
  });
  const clock = createFakeClock();
  const events = createEvents();
  events.listen(({ kind, stage }) => heard.push(`${stage} ${kind}`));
  const run: Run = createRun(events, clock);
  const ports = {
    cloudRun,
    clock,
    archive: createFakeArchive(),
    docker: createFakeDocker({}),
    exec: createFakeExec(),
    files: createFakeFiles(nodes),
    gitHub: createFakeGitHub(),
    http: createFakeHttp({ upload: () => Promise.resolve(void calls.push('upload')) }),
    log: createFakeLog(),
    state: createFakeState(),
    toolCache: createFakeToolCache(),
  };
  const inputs = { ...deployInputs, verify: 'false' as const };
  const settled = { inputs, config: serviceConfig(), sourceFolder: '/repo' };
  const around = { context: runContext(), installEnv: {}, ports };
  return { calls, heard, run, work: () => deploy(run, settled, around) };
}

describe('a deploy', () => {
  it('goes through every stage, and ends with each one’s value', async () => {
    const { work, heard, calls } = start({ 'index.js': 'exports.main = () => 1;' });
    const outcome = await work();
    const stages = ['look', 'project', 'lint', 'compare', 'build', 'verify', 'package', 'release', 'follow'];
    expect(heard).toEqual(stages.flatMap((stage) => [`${stage} started`, `${stage} finished`]));
    expect(outcome.status).toBe('live');
    expect(Object.keys(outcome.values)).toEqual(stages);
    expect(outcome.values.follow?.versionName).toBe('shop-001');
    expect(outcome.values.verify).toEqual({ status: 'skipped', reason: 'input "verify" is false' });
    expect(calls).toEqual(['upload', 'create']);
  });

  it('that lint refuses writes nothing, and keeps what was found', async () => {
    const { work, run, calls } = start({ 'index.js': 'return (;' });
    const error = await failureOf(ProjectError, work);
    expect(error.kind).toBe('lint');
    const { values } = run.fail(error);
    expect(values.lint?.findings).toHaveLength(1);
    expect(values.compare).toBeUndefined();
    expect(calls).toEqual([]);
  });
});
