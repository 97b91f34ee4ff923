import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { deleteService, readShapes, rollBack, type Cloud } from '../../scripts/live/calls.ts';
import { compareShapes, shapeOf } from '../../scripts/live/shapes.ts';
import { runStep } from '../../scripts/runner.ts';
import { createCaller } from '../../src/adapters/cloudbase/call.ts';
import { describeWithEngine } from '../support/engine.ts';

const root = join(import.meta.dirname, '../..');
const timeline = {
  registrationMs: 20,
  buildMs: 20,
  createVersionMs: 20,
  releaseMs: 20,
  onlineLagMs: 20,
  deleteMs: 50,
};
const silent = () => undefined;
const log = {
  ...{ debug: silent, info: silent, notice: silent, warning: silent, error: silent, output: silent },
  ...{ startGroup: silent, endGroup: silent, mask: silent },
};

describe('shapeOf', () => {
  it('keeps paths and types, and no value', () => {
    const answer = {
      Name: 'secret-name',
      Items: [{ Key: 'a' }, { Key: 1, More: null }],
      Params: { 'DB-PASSWORD': 'hunter2', lower: true },
      RequestId: 'b81d',
    };
    expect(shapeOf(answer)).toEqual({
      '': 'object',
      Items: 'list',
      'Items[]': 'object',
      'Items[].Key': 'number | string',
      'Items[].More': 'null',
      Name: 'string',
      Params: 'object',
      'Params.(key)': 'boolean | string',
      RequestId: 'string',
    });
    expect(JSON.stringify(shapeOf(answer))).not.toMatch(/secret-name|hunter2|b81d|DB-|lower/);
  });

  it('takes anything that JSON can hold', () => {
    expect([null, [], 'a', 1, {}].map((value) => shapeOf(value)[''])).toEqual([
      'null',
      'list',
      'string',
      'number',
      'object',
    ]);
  });
});

describe('compareShapes', () => {
  it('tells every difference', () => {
    const live = { A: { '': 'object', Id: 'string' }, B: { '': 'object' } };
    const emulated = { A: { '': 'object', Id: 'number', Name: 'string' } };
    expect(compareShapes(live, emulated)).toEqual([
      'A Id: live string, emulator number',
      'A Name: live -, emulator string',
      'B (answer): live object, emulator -',
    ]);
    expect(compareShapes(live, live)).toEqual([]);
  });
});

describe('the calls of the live workflow', () => {
  let emulator: Emulator;
  let cloud: Cloud;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline });
    const { apiEndpoint, credential } = emulator;
    const connection = {
      credentials: { ...credential, sessionToken: '' },
      region: 'ap-shanghai',
      apiEndpoint,
      proxy: undefined,
    };
    const caller = createCaller(connection, { log, signal: new AbortController().signal });
    cloud = { caller, target: { envId: 'demo-env', serviceName: 'live-test' }, pauseMs: 50 };
  });

  afterAll(() => emulator.close());

  const deploy = (greeting: string) =>
    runStep({
      workspace: root,
      inputs: {
        'service-name': 'live-test',
        'env-id': 'demo-env',
        'secret-id': emulator.credential.secretId,
        'secret-key': emulator.credential.secretKey,
        'api-endpoint': emulator.apiEndpoint,
        source: 'examples/node-function',
        'server-config': `OpenAccessTypes: [WEB]\nEnvParams: {GREETING: ${greeting}}`,
        verify: 'false',
      },
    });

  it('read shapes, roll back and delete', async () => {
    const first = await deploy('Confidential');
    const second = await deploy('Classified');
    expect([first.outputs['status'], second.outputs['status']]).toEqual(['live', 'live']);

    const shapes = await readShapes(cloud);
    expect(shapes['DescribeCloudRunServerDetail']).toMatchObject({ 'BaseInfo.Status': 'string' });
    expect(shapes['DescribeCloudRunDeployRecord']).toMatchObject({ 'DeployRecords[].BuildId': 'number' });
    expect(JSON.stringify(shapes)).not.toMatch(/Confidential|Classified|live-test|demo-env|127\.0\.0\.1/);

    await rollBack(cloud, first.outputs['version'] ?? '');
    const answer = await fetch(first.outputs['url'] ?? '');
    expect(await answer.text()).toContain('Confidential');

    await deleteService(cloud);
    await deleteService(cloud);
    const gone = await readShapes(cloud);
    expect(gone['DescribeCloudRunServerDetail']?.['']).toMatch(/^refused with /);
  });
});

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly run?: string;
}

/** The steps of the job of live.yml that proves where the Dockerfile is looked for. */
function buildFolderSteps(): readonly Step[] {
  const text = readFileSync(join(root, '.github/workflows/live.yml'), 'utf8');
  const { jobs } = parse(text) as { jobs: Record<string, { steps: readonly Step[] } | undefined> };
  return jobs['build-folder']?.steps ?? [];
}

describeWithEngine('the build folder in the live workflow', (engine) => {
  const steps = buildFolderSteps();
  const inputs = steps.find(({ uses }) => uses === './')?.with ?? {};
  const words = steps.map(({ run = '' }) => /curl .* grep '(.*)'$/.exec(run)?.[1] ?? '').join('');

  /** The step of the workflow against an emulator that looks for the Dockerfile in this place. */
  async function deploy(
    dockerfile: 'in-build-dir' | 'in-package',
  ): Promise<{ status: string; answer: string }> {
    const emulator = await startEmulator({ timeline, dockerEnv: engine.env, assumptions: { dockerfile } });
    try {
      const { secretId, secretKey } = emulator.credential;
      const own = { 'secret-id': secretId, 'secret-key': secretKey, 'api-endpoint': emulator.apiEndpoint };
      const step = await runStep({
        workspace: root,
        env: engine.env,
        inputs: { ...inputs, ...own, 'service-name': 'live-test', 'env-id': 'demo-env' },
      });
      const { status = '', url = '' } = step.outputs;
      return { status, answer: url === '' ? '' : await (await fetch(url)).text() };
    } finally {
      await emulator.close();
    }
  }

  it('is found by a platform that builds as it is assumed to, and by no other', async () => {
    expect(words).toBe('Hello from a service of the monorepo');
    expect(await deploy('in-build-dir')).toEqual({ status: 'live', answer: words });
    expect(await deploy('in-package')).toMatchObject({ status: 'failed' });
  }, 120_000);
});
