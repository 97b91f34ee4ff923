import { describe, expect, it } from '@jest/globals';

import { ReadinessError } from '../../src/errors.ts';
import type { Outcome } from '../../src/outcome.ts';
import { buildOutputs, outputNames } from '../../src/report/outputs.ts';
import { buildPlanJson } from '../../src/report/plan.ts';
import type { Check } from '../../src/stages/verify/check.ts';
import { failed, goodValues, live } from '../support/outcomes.ts';
import {
  lintInputs,
  planOf,
  releaseOf,
  runInputs,
  serviceDetail,
  updateConfigInputs,
} from '../support/samples.ts';

const finding = (severity: 'error' | 'warning' | 'info'): object => ({ severity });

describe('the outputs', () => {
  it('of a live run tell all of it', () => {
    const { service, ...outputs } = buildOutputs(live);
    expect(outputs).toEqual({
      status: 'live',
      'failure-kind': '',
      url: 'https://www.shop.test',
      urls: JSON.stringify(goodValues.follow.urls),
      'url-source': 'custom-domain',
      version: 'shop-002',
      'previous-version': 'shop-001',
      mode: 'container',
      'task-id': '11',
      'cloud-run-id': 'run-2',
      image: 'registry.test/shop:2',
      digest: '',
      'image-size-bytes': '109000000',
      'time-to-listen-ms': '120',
      'package-sha256': 'abc',
      'package-bytes': '10',
      verification: '{"status":"passed","checks":[]}',
      'console-url':
        'https://tcb.cloud.tencent.com/dev?envId=demo-env#/platform-run/service/detail?serverName=shop&tabId=deploy&envId=demo-env',
      'duration-seconds': '65.4',
      'lint-errors': '0',
      'lint-warnings': '0',
      'lint-infos': '0',
      changed: 'false',
      plan: buildPlanJson(planOf()),
    });
    expect(JSON.parse(service)).toMatchObject({
      status: 'normal',
      settings: { EnvParams: { KEPT: '[redacted]' } },
    });
  });

  it('never hold the value of an env var', () => {
    for (const EnvParams of ['{"KEY":"canary-value"}', 'KEY=canary-value', { KEY: 'canary-value' }]) {
      const ownSettings = { EnvParams: '{"OWN":"own-canary-value"}' };
      const service = serviceDetail({ settings: { EnvParams }, ownSettings });
      const follow = { ...goodValues.follow, service };
      const outputs = buildOutputs({ ...live, values: { ...goodValues, follow } });
      expect(JSON.stringify(outputs)).not.toContain('canary-value');
      expect(outputs.service).toContain('[redacted]');
    }
  });

  it('never hold the key of a volume', () => {
    const settings = { VolumesConf: [{ Type: 'cos', KeyID: 'canary-key' }], EnvParams: '{"KeyID":"1"}' };
    expect(buildOutputs(live).service).not.toContain('ownSettings');
    const follow = { ...goodValues.follow, service: serviceDetail({ settings }) };
    const outputs = buildOutputs({ ...live, values: { ...goodValues, follow } });
    expect(JSON.stringify(outputs)).not.toContain('canary-key');
    expect(JSON.parse(outputs.service)).toMatchObject({
      settings: { VolumesConf: [{ Type: 'cos', KeyID: '[redacted]' }] },
    });
  });

  it('of a run that failed early are empty but for status, kind and time', () => {
    const outputs = buildOutputs(failed({ kind: 'input', stage: 'inputs', error: new Error() }, {}));
    const filled = Object.entries(outputs).filter(([, value]) => value !== '');
    expect(filled).toEqual([
      ['status', 'failed'],
      ['failure-kind', 'input'],
      ['urls', '[]'],
      ['duration-seconds', '65.4'],
    ]);
  });

  it('of a run that failed late tell what was there before', () => {
    const { look, inputs } = goodValues;
    const outputs = buildOutputs(
      failed({ kind: 'build', stage: 'build', error: new Error() }, { inputs, look }),
    );
    expect(outputs).toMatchObject({ 'previous-version': 'shop-001', version: 'shop-001', url: '' });
    expect(outputs.service).toContain('shop.example.test');
  });

  it('of a release whose settings did not arrive name the version that serves', () => {
    const details = {
      kind: 'config-drift',
      lastStep: '',
      waitedSeconds: 90,
      consoleUrl: '',
      cloudRunId: '',
      servingVersion: 'shop-002',
    } as const;
    const error = new ReadinessError('x', details);
    const { look, inputs } = goodValues;
    const outputs = buildOutputs(failed({ kind: 'config-drift', stage: 'follow', error }, { look, inputs }));
    expect(outputs).toMatchObject({ version: 'shop-002', 'previous-version': 'shop-001', url: '' });
  });

  it('of a release that failed lead to its log', () => {
    const details = {
      kind: 'crash-loop',
      lastStep: '',
      waitedSeconds: 1,
      consoleUrl: '',
      cloudRunId: 'run-9',
    } as const;
    const error = new ReadinessError('x', details);
    const outputs = buildOutputs(failed({ kind: 'crash-loop', stage: 'follow', error }));
    expect(outputs['cloud-run-id']).toBe('run-9');
  });

  it('have no task id where the platform does not tell one', () => {
    const release = { ...goodValues.release, taskId: 0 };
    expect(buildOutputs({ ...live, values: { ...goodValues, release } })['task-id']).toBe('');
  });

  it('count findings, and count none where lint was not run', () => {
    const findings = [finding('info'), finding('error'), finding('warning'), finding('warning')] as never[];
    const counted = (lint: object): unknown => {
      const outputs = buildOutputs({
        ...live,
        values: { lint: { isFailed: false, ignored: 0, findings, ...lint } },
      });
      return [outputs['lint-errors'], outputs['lint-warnings'], outputs['lint-infos']];
    };
    expect(counted({})).toEqual(['1', '2', '1']);
    expect(counted({ skipped: 'off' })).toEqual(['', '', '']);
  });

  it('of update-config have the mode of the service, for there is no project', () => {
    const { look, online } = { ...goodValues, online: goodValues.follow };
    const inputs = { ...goodValues.inputs, inputs: updateConfigInputs };
    const outputs = buildOutputs({ ...live, status: 'unchanged', values: { inputs, look, online } });
    expect(outputs).toMatchObject({
      status: 'unchanged',
      mode: 'container',
      url: 'https://www.shop.test',
      version: 'shop-002',
      'task-id': '',
    });
  });

  it('of lint alone tell counts and the mode, and lead to no console', () => {
    const { project } = goodValues;
    const inputs = { ...goodValues.inputs, inputs: lintInputs };
    const lint = { findings: [], isFailed: false, ignored: 0 };
    const outputs = buildOutputs({ ...live, status: 'linted', values: { inputs, project, lint } });
    expect(outputs).toMatchObject({
      status: 'linted',
      mode: 'container',
      'lint-errors': '0',
      'console-url': '',
    });
  });

  it('come in the order of action.yml', () => {
    expect(Object.keys(buildOutputs(live))).toEqual([...outputNames]);
  });
});

describe('the outputs of an image', () => {
  const { inputs, build, follow } = goodValues;
  const artifact = { kind: 'image', reference: 'r.test/a:abc', digest: 'sha256:d', isProven: true } as const;
  const skipped = { status: 'skipped', reason: 'no "engine"' } as const;
  const of = (values: Outcome['values']) => {
    const all = buildOutputs({ ...live, values });
    return [
      ...[all.image, all.digest, all['image-size-bytes'], all['time-to-listen-ms']],
      all.verification === '' ? '' : (JSON.parse(all.verification) as unknown),
    ];
  };

  it.each<[string, Outcome['values'], readonly unknown[]]>([
    ['nothing', {}, ['', '', '', '', '']],
    [
      'an image that was pushed',
      { build, package: artifact },
      ['r.test/a:abc', 'sha256:d', '109000000', '', ''],
    ],
    [
      'an image that is live: by the platform’s word',
      { package: artifact, follow },
      ['registry.test/shop:2', 'sha256:d', '', '', ''],
    ],
    [
      'an image that is live where the platform names none',
      { package: artifact, follow: { ...follow, imageUrl: '' } },
      ['r.test/a:abc', 'sha256:d', '', '', ''],
    ],
    [
      'an image of which no digest is known',
      { package: { ...artifact, digest: undefined } },
      ['r.test/a:abc', '', '', '', ''],
    ],
    [
      'a package',
      { package: goodValues.package, build: { kind: 'skipped', reason: 'x' } },
      ['', '', '', '', ''],
    ],
    ['a function', { build: { kind: 'function-copy', folder: '/f' } }, ['', '', '', '', '']],
    [
      'a verification that was skipped',
      { verify: skipped },
      ['', '', '', '', { status: 'skipped', reason: 'no "engine"', checks: [] }],
    ],
    [
      'a service that could not be asked',
      { verify: { status: 'warned', checks: [], timeToListenMs: undefined, logTail: [] } },
      ['', '', '', '', { status: 'warned', checks: [] }],
    ],
    [
      'a service that runs',
      { serve: { url: 'http://127.0.0.1:1', timeToListenMs: 7 } },
      ['', '', '', '7', ''],
    ],
  ])('tell of %s', (_what, ...[values, expected]) => {
    expect(of(values)).toEqual(expected);
  });

  it('tell each check, also of a run that it failed, without the values that the run knows', () => {
    const checks: Check[] = [
      { name: 'starts', result: 'passed', detail: 'the process runs' },
      { name: 'listens', result: 'failed', detail: 'says "canary-value"', kind: 'wrong-port', advice: 'a' },
    ];
    const verify = { status: 'failed', checks, timeToListenMs: 3, logTail: ['canary-log'] } as const;
    const values = { inputs: { ...inputs, envFrom: { KEY: 'canary-value' } }, verify };
    const outcome = failed({ kind: 'wrong-port', stage: 'verify', error: new Error() }, values);
    const { verification, ...rest } = buildOutputs(outcome);
    expect(JSON.parse(verification)).toEqual({
      status: 'failed',
      checks: [checks[0], { ...checks[1], detail: 'says "[redacted]"' }],
    });
    expect([rest.status, rest['time-to-listen-ms'], verification]).toEqual([
      'failed',
      '3',
      expect.not.stringContaining('canary'),
    ]);
  });

  it('lead to a service that runs on this machine', () => {
    const serve = { url: 'http://127.0.0.1:18080', timeToListenMs: 7, logTail: [] };
    const values = { inputs: { ...inputs, inputs: runInputs }, serve };
    expect(buildOutputs({ ...live, status: 'running', values })).toMatchObject({
      status: 'running',
      url: 'http://127.0.0.1:18080',
      urls: '[]',
      'url-source': '',
      'console-url': '',
      service: '',
    });
  });
});

describe('the outputs "changed" and "plan"', () => {
  const changes = {
    settings: [{ setting: 'Cpu', kind: 'changed', from: '0.5', to: '1', effect: 'new version' } as const],
    keptEnv: [],
    access: [],
  };
  const { inputs, look, project } = goodValues;
  const planned = planOf({ changes });
  const of = (outcome: Outcome): unknown[] => {
    const { changed, plan } = buildOutputs(outcome);
    return [changed, plan === '' ? '' : (JSON.parse(plan) as { settings: unknown }).settings];
  };

  it.each<[string, Outcome, readonly unknown[]]>([
    [
      'plan that found a change',
      { ...live, status: 'planned', values: { inputs, look, project, compare: planned } },
      ['true', changes.settings],
    ],
    [
      'plan that found none',
      { ...live, status: 'planned', values: { inputs, look, project, compare: planOf() } },
      ['false', []],
    ],
    ['deploy that found nothing new', { ...live, status: 'unchanged' }, ['false', []]],
    [
      'deploy whose service changed between plan and release: what was written counts',
      { ...live, values: { ...goodValues, release: releaseOf({ plan: planned }) } },
      ['true', changes.settings],
    ],
    [
      'update-config',
      {
        ...live,
        values: {
          inputs: { ...inputs, inputs: updateConfigInputs },
          look,
          compare: planned,
          release: releaseOf({ plan: planned }),
        },
      },
      ['true', changes.settings],
    ],
    [
      'run that failed after the plan',
      failed({ kind: 'build', stage: 'build', error: new Error() }, { inputs, look, compare: planned }),
      ['true', changes.settings],
    ],
    [
      'run that failed before it',
      failed({ kind: 'lint', stage: 'lint', error: new Error() }, { inputs, look, project }),
      ['', ''],
    ],
  ])('of a %s', (_what, outcome, expected) => {
    expect(of(outcome)).toEqual(expected);
  });
});
