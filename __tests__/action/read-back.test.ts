import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import {
  deploy,
  envId,
  errorsOf,
  instant,
  makeWorkspace,
  pretend,
  removeWorkspaces,
} from '../support/step.ts';

let emulator: Emulator;
let workspace: string;

beforeAll(async () => {
  emulator = await startEmulator({ timeline: instant });
  workspace = await makeWorkspace({ 'index.js': 'exports.main = () => 1;\n' });
});
afterAll(async () => {
  await emulator.close();
  await removeWorkspaces();
});

const noticesOf = ({ lines }: StepResult): string[] =>
  lines.filter((line) => line.startsWith('::notice::The service is not quite as it was written: '));

describe('a service that is read back', () => {
  it('late, is waited for', async () => {
    const inputs = {
      'service-name': 'late',
      'server-config': 'OpenAccessTypes: [WEB]\nEnvParams: {KEY: one}',
    };
    const created = await pretend(emulator, { workspace, inputs });
    emulator.drift(envId, 'late', { readBackLagMs: 2_000 });
    const config = 'OpenAccessTypes: [PRIVATE]\nCpu: 1\nMem: 2\nEnvParams: {KEY: two}';
    const [released, hot] = [
      await pretend(emulator, { workspace, inputs: { ...inputs, 'server-config': config } }),
      await deploy(emulator, {
        workspace,
        inputs: { ...inputs, command: 'update-config', 'server-config': 'MaxNum: 8' },
      }),
    ];
    for (const result of [created, released, hot]) {
      expect([result.exitCode, result.stderr, result.outputs['status']]).toEqual([0, '', 'live']);
      expect(noticesOf(result)).toEqual([]);
    }
    expect(JSON.parse(released.outputs['service'] ?? '')).toMatchObject({
      accessTypes: ['MINIAPP'],
      settings: { Cpu: 1, Mem: 2 },
    });
    expect(JSON.parse(hot.outputs['service'] ?? '')).toMatchObject({ settings: { MaxNum: 8 } });
  }, 60_000);

  it.each([
    {
      name: 'with a value that only the action chose',
      drift: { ignoredKeys: ['CpuSpecs'] },
      notices: ['Cpu is 1, not 0.5.'],
    },
    {
      name: 'open to a closed circle that nobody asked for',
      drift: { access: ['MINIAPP', 'VPC'] },
      notices: ['The service is open to VPC, which nobody asked for.'],
    },
  ])('$name, is live with a notice', async ({ name, drift, notices }) => {
    const serviceName = name.replaceAll(' ', '-').slice(0, 40);
    emulator.drift(envId, serviceName, drift);
    const result = await pretend(emulator, { workspace, inputs: { 'service-name': serviceName } });
    expect([result.exitCode, result.outputs['status'], errorsOf(result)]).toEqual([0, 'live', []]);
    expect(noticesOf(result)).toEqual(
      notices.map((notice) => `::notice::The service is not quite as it was written: ${notice}`),
    );
  });
});
