import { describe, expect, it } from '@jest/globals';

import { runLocally } from '../../src/commands/run.ts';
import type { Docker } from '../../src/docker-port.ts';
import { InputError, ProjectError } from '../../src/errors.ts';
import { createEvents } from '../../src/events.ts';
import type { RunInputs } from '../../src/inputs.ts';
import { createRun } from '../../src/outcome.ts';
import { buildOutputs } from '../../src/report/outputs.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeDocker, createFakeHttp, createFakePorts, createFakeState } from '../support/fakes.ts';
import { deliveryInputs, runContext, runInputs, serviceConfig } from '../support/samples.ts';
import { createServingDocker } from '../support/serving.ts';
import { settledOf, toolEnv } from '../support/settled.ts';

interface Case {
  readonly inputs?: Partial<RunInputs>;
  readonly nodes?: Readonly<Record<string, string>>;
  readonly docker?: Partial<Docker>;
  readonly isPortTaken?: boolean;
}

const container = { Dockerfile: 'FROM scratch\nEXPOSE 8080\n' };

/** Whatever asks the cloud fails: there is none among the ports. */
function start({ inputs = {}, nodes = container, docker = {}, isPortTaken = false }: Case) {
  const calls: string[] = [];
  const heard: string[] = [];
  const state = createFakeState();
  const ports = createFakePorts({
    docker: createFakeDocker({ ...createServingDocker(calls), ...docker }),
    http: createFakeHttp({
      request: () => Promise.resolve({ status: 200, headers: {}, body: '' }),
      accepts: (port) => Promise.resolve(isPortTaken || port === 18_080),
    }),
    files: createFakeFiles(nodes),
    state,
  });
  const events = createEvents();
  events.listen(({ kind, stage }) => heard.push(`${stage} ${kind}`));
  const run = createRun(events, ports.clock);
  const settled = settledOf<RunInputs>(
    { ...runInputs, ...inputs },
    { config: serviceConfig({ Port: 8080 }) },
  );
  const around = { context: runContext(), ...toolEnv, ports };
  return { calls, heard, run, state, work: () => runLocally(run, settled, around) };
}

describe('the command run', () => {
  it('builds, starts, and leaves the service running, with word for the post part', async () => {
    const { calls, heard, state, work } = start({});
    const outcome = await work();
    expect(outcome.status).toBe('running');
    expect(heard).toEqual(
      ['project', 'build', 'serve'].flatMap((stage) => [`${stage} started`, `${stage} finished`]),
    );
    expect(calls).toEqual(['build', 'start']);
    expect(Object.fromEntries(state.values)).toEqual({
      engine: '28.0.0',
      served: '{"kind":"container","id":"id"}',
    });
    expect(buildOutputs(outcome)).toMatchObject({
      status: 'running',
      url: 'http://127.0.0.1:18080',
      mode: 'container',
      'time-to-listen-ms': expect.stringMatching(/^\d+$/),
      'image-size-bytes': '109000000',
      verification: '',
      'console-url': '',
    });
  });

  it('runs an image that exists without a source', async () => {
    const delivery = { ...deliveryInputs, image: 'acme/shop:1' };
    const { calls, work } = start({ inputs: { delivery }, nodes: {} });
    expect((await work()).status).toBe('running');
    expect(calls).toEqual(['pull acme/shop:1', 'start']);
  });

  it('leaves nothing of a service that does not come up', async () => {
    const readContainer = () =>
      Promise.resolve({ isRunning: false, exitCode: 3, isOutOfMemory: false, pid: 0 });
    const readListeners = () => Promise.resolve(undefined);
    const { calls, run, state, work } = start({ docker: { readContainer, readListeners } });
    const error = await failureOf(ProjectError, work);
    expect(error.kind).toBe('exit-on-start');
    expect([calls.at(-1), state.values.has('served')]).toEqual(['remove', false]);
    expect(run.fail(error)).toMatchObject({ status: 'failed', failure: { stage: 'serve' } });
  });

  it('needs the image: what would be skipped elsewhere is a failure', async () => {
    const delivery = { ...deliveryInputs, image: 'acme/shop:1' };
    const pull = () => Promise.reject(new ProjectError('The registry is away.', { kind: 'network' }));
    const { heard, work } = start({ inputs: { delivery }, nodes: {}, docker: { pull } });
    expect((await failureOf(ProjectError, work)).kind).toBe('network');
    expect(heard.at(-1)).toBe('build failed');
  });

  it.each<[string, Case, string]>([
    [
      'without an engine',
      { docker: { readEngine: () => Promise.resolve({ reason: 'there is none' }) } },
      'command',
    ],
    ['on a port that is taken', { inputs: { port: 8080 }, isPortTaken: true }, 'run-port'],
    ['of a Dockerfile that is not there', { inputs: { mode: 'container' }, nodes: { 'a.js': '' } }, 'mode'],
  ])('is refused %s', async (_what, ...[given, subject]) => {
    const { problems } = await failureOf(InputError, start(given).work);
    expect(problems.map((problem) => problem.subject)).toEqual([subject]);
  });
});
