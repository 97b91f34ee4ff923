import { describe, expect, it } from '@jest/globals';

import { ReadinessError } from '../../src/errors.ts';
import { buildOutputs, outputNames } from '../../src/report/outputs.ts';
import { failed, goodValues, live } from '../support/outcomes.ts';
import { serviceDetail } from '../support/samples.ts';

const finding = (severity: 'error' | 'warning'): object => ({ severity });

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
      'console-url':
        'https://tcb.cloud.tencent.com/dev?envId=demo-env#/platform-run/service/detail?serverName=shop&tabId=deploy&envId=demo-env',
      'duration-seconds': '65.4',
      'lint-errors': '0',
      'lint-warnings': '0',
    });
    expect(JSON.parse(service)).toMatchObject({
      status: 'normal',
      settings: { EnvParams: { KEPT: '[redacted]' } },
    });
  });

  it('never hold the value of an env var', () => {
    for (const EnvParams of ['{"KEY":"canary-value"}', 'KEY=canary-value', { KEY: 'canary-value' }]) {
      const service = serviceDetail({ settings: { EnvParams } });
      const follow = { ...goodValues.follow, service };
      const outputs = buildOutputs({ ...live, values: { ...goodValues, follow } });
      expect(JSON.stringify(outputs)).not.toContain('canary-value');
      expect(outputs.service).toContain('[redacted]');
    }
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
    const findings = [finding('error'), finding('warning'), finding('warning')] as never[];
    const counted = (lint: object): unknown => {
      const outputs = buildOutputs({ ...live, values: { lint: { isFailed: false, findings, ...lint } } });
      return [outputs['lint-errors'], outputs['lint-warnings']];
    };
    expect(counted({})).toEqual(['1', '2']);
    expect(counted({ skipped: 'off' })).toEqual(['', '']);
  });

  it('come in the order of action.yml', () => {
    expect(Object.keys(buildOutputs(live))).toEqual([...outputNames]);
  });
});
