import { describe, expect, it } from '@jest/globals';

import { updateConfig } from '../../src/commands/update-config.ts';
import { CloudError, InputError } from '../../src/errors.ts';
import { createEvents } from '../../src/events.ts';
import type { UpdateConfigInputs } from '../../src/inputs.ts';
import { createRun } from '../../src/outcome.ts';
import type { ConfigItem, ServiceDetail } from '../../src/ports.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import { buildOutputs } from '../../src/report/outputs.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeCloudRun, createFakePorts } from '../support/fakes.ts';
import {
  deployRecord,
  network,
  releaseTask,
  runContext,
  serviceConfig,
  serviceDetail,
  updateConfigInputs,
} from '../support/samples.ts';
import { settledOf, toolEnv } from '../support/settled.ts';

interface Case {
  readonly settings: Settings;
  readonly envFrom?: Readonly<Record<string, string>>;
  readonly service?: ServiceDetail | undefined;
  readonly mode?: UpdateConfigInputs['mode'];
  readonly isBusy?: boolean;
}

const container = serviceDetail({ settings: { Cpu: 0.5, Mem: 1, MinNum: 0, EnvParams: '{"KEPT":"live"}' } });

/** A cloud that takes changes of settings, and shows what is given as the service after one; it builds nothing. */
function start(given: Case, after?: ServiceDetail) {
  const { settings, envFrom = {}, mode = 'auto', isBusy = false } = given;
  const before = 'service' in given ? given.service : container;
  const sent: (readonly ConfigItem[])[] = [];
  const heard: string[] = [];
  const now = (): ServiceDetail | undefined => (sent.length > 0 ? after : before);
  const number = (): number => Number(/\d+$/.exec(now()?.onlineVersions[0]?.versionName ?? '1')?.[0]);
  const ports = createFakePorts({
    cloudRun: createFakeCloudRun({
      readEnvironment: () => Promise.resolve({ isOpen: true, status: 'normal', network }),
      readService: () => Promise.resolve(now()),
      readServing: () => Promise.resolve(now()),
      listRecords: () => Promise.resolve([deployRecord({ number: number() })]),
      readTask: () => Promise.resolve(releaseTask({ status: isBusy ? 'running' : 'finished' })),
      changeSettings: (_target, items) => {
        sent.push(items);
        return Promise.resolve(after === undefined || number() === 1 ? 0 : 11);
      },
      listGatewayUrls: () => Promise.resolve([]),
    }),
  });
  const events = createEvents();
  events.listen(({ kind, stage }) => heard.push(`${stage} ${kind}`));
  const config = serviceConfig(settings);
  const settled = settledOf({ ...updateConfigInputs, mode }, { config, envFrom });
  const around = { context: runContext(), ...toolEnv, ports };
  const run = createRun(events, ports.clock);
  return { sent, heard, run, work: () => updateConfig(run, settled, around) };
}

const names = (...stages: string[]): string[] =>
  stages.flatMap((stage) => [`${stage} started`, `${stage} finished`]);

describe('update-config', () => {
  it('changes what takes effect at once, and reads it back', async () => {
    const after = { ...container, settings: { ...container.settings, MinNum: 1 } };
    const { work, sent, heard } = start({ settings: { MinNum: 1 } }, after);
    const { status, values } = await work();
    expect([status, heard]).toEqual(['live', names('look', 'compare', 'release', 'follow')]);
    expect(sent).toEqual([[{ Key: 'MinNum', IntValue: 1 }]]);
    expect(values.release?.makesVersion).toBe(false);
    expect(values.follow).toMatchObject({ versionName: 'shop-001', previousVersion: 'shop-001' });
  });

  it('changes what makes a version, and follows it to its end', async () => {
    const EnvParams = '{"KEPT":"live","SECRET":"canary"}';
    const after = serviceDetail({
      settings: { ...container.settings, EnvParams },
      onlineVersions: [{ versionName: 'shop-002', imageUrl: 'registry.test/shop:1', share: 100 }],
    });
    const { work, sent } = start({ settings: {}, envFrom: { SECRET: 'canary' } }, after);
    const { status, values } = await work();
    expect(sent).toEqual([[{ Key: 'EnvParam', Value: EnvParams }]]);
    expect(values.follow).toMatchObject({ versionName: 'shop-002', previousVersion: 'shop-001' });
    expect([status, values.release?.makesVersion]).toEqual(['live', true]);
  });

  it('writes nothing where nothing changes; the URL is given', async () => {
    const service = { ...container, accessTypes: ['PUBLIC'] };
    const settings: Settings = { Cpu: 0.5, Mem: 1, OpenAccessTypes: ['WEB'], EnvParams: { KEPT: 'live' } };
    const { work, sent, heard } = start({ settings, service });
    const { status, values } = await work();
    expect([status, sent, heard]).toEqual(['unchanged', [], names('look', 'compare', 'online')]);
    expect(values.online).toMatchObject({
      versionName: 'shop-001',
      previousVersion: '',
      urls: [{ url: 'https://shop.example.test' }],
    });
  });

  it('never sends access that the user did not set', async () => {
    const service = { ...container, accessTypes: ['PUBLIC'] };
    const after = { ...service, settings: { ...container.settings, MinNum: 1 } };
    const { work, sent } = start({ settings: { MinNum: 1 }, service }, after);
    await work();
    expect(sent.flat().map(({ Key }) => Key)).toEqual(['MinNum']);
  });
});

describe('update-config is refused', () => {
  const functions = serviceDetail({ serviceType: 'function', settings: { Port: 3000 } });
  const inputs = (mode: Case['mode'], service: ServiceDetail, settings: Settings = { MinNum: 1 }): Case => ({
    settings,
    service,
    ...(mode === undefined ? {} : { mode }),
  });

  it('where there is no service', async () => {
    const { work, sent, heard } = start({ settings: { MinNum: 1 }, service: undefined });
    const error = await failureOf(InputError, work);
    expect(error.message).toBe(
      'service-name: names no service of the environment "demo-env": "shop". ' +
        'The command "update-config" changes a live service; the command "deploy" creates one.',
    );
    expect([sent, heard]).toEqual([[], names('look')]);
  });

  it.each<[string, Case, readonly string[]]>([
    ['function', inputs('function', container), ['mode']],
    ['agent', inputs('agent', container), ['mode']],
    ['container', inputs('container', functions), ['mode']],
    [
      'auto',
      inputs('auto', functions, { Port: 80, Cmd: ['x'] }),
      ['server-config: Port', 'server-config: Cmd'],
    ],
    [
      'container with settings of its own',
      inputs('container', functions, { Dockerfile: 'D' }),
      ['mode', 'server-config: Dockerfile'],
    ],
  ])('where the live service does not fit the mode: %s', async (_name, given, subjects) => {
    const { work, sent, heard } = start(given);
    const { problems } = await failureOf(InputError, work);
    expect(problems.map(({ subject }) => subject)).toEqual(subjects);
    expect([sent, heard]).toEqual([[], names('look')]);
  });

  it.each<[string, Case]>([
    ['container', inputs('container', container)],
    ['function', inputs('function', functions)],
    ['agent', inputs('agent', functions)],
    ['auto', inputs('auto', container, { Cmd: ['x'] })],
  ])('but not where it fits: %s', async (_name, given) => {
    const after = { ...(given.service ?? container), settings: { MinNum: 1, Cmd: ['x'] } };
    expect((await start(given, after).work()).status).toBe('live');
  });

  it('while another release is under way', async () => {
    const { work, run, sent, heard } = start({ settings: { MinNum: 1 }, isBusy: true });
    const error = await failureOf(CloudError, work);
    expect(error).toMatchObject({ kind: 'conflict' });
    expect([sent, heard]).toEqual([[], names('look')]);
    const { version, service } = buildOutputs(run.fail(error));
    expect([version, service]).toEqual(['shop-001', expect.stringContaining('"serviceType":"container"')]);
  });
});
