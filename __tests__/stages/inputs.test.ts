import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../src/errors.ts';
import type { RawInputs } from '../../src/inputs.ts';
import { settleInputs } from '../../src/stages/inputs.ts';
import { createFakeFiles, root, type FakeNode } from '../support/fake-files.ts';
import { failureOf } from '../support/failure.ts';
import { rawInputs } from '../support/samples.ts';

const settle = (
  given: Partial<RawInputs>,
  nodes: Record<string, FakeNode> = {},
): ReturnType<typeof settleInputs> =>
  settleInputs(rawInputs(given), { env: {}, context: { workspace: root } }, createFakeFiles(nodes));
const fileForm =
  'Give the path of a YAML file relative to the workspace, or the YAML itself, such as "Cpu: 0.5".';

describe('the inputs', () => {
  it('are settled with the source folder and the config given inline', async () => {
    const { config, sourceFolder, inputs } = await settle(
      { source: 'app', 'server-config': 'Port: 80' },
      { 'app/index.js': '' },
    );
    expect(sourceFolder).toBe('/repo/app');
    expect(config.settings).toEqual({ Port: 80 });
    expect(inputs.target.serviceName).toBe('shop');
  });

  it('take the config from a file', async () => {
    const { config } = await settle(
      { 'server-config': 'deploy/cloud.yml' },
      { 'deploy/cloud.yml': 'Port: 80' },
    );
    expect(config).toEqual({
      settings: { Port: 80 },
      positions: { Port: { file: 'deploy/cloud.yml', line: 1, column: 1 } },
    });
  });

  it.each<[string, FakeNode | undefined, string]>([
    ['cloud.yml', undefined, 'the file "cloud.yml" does not exist.'],
    ['../cloud.yml', undefined, 'the file "../cloud.yml" lies outside the workspace.'],
    ['/etc/cloud.yml', undefined, 'the file "../etc/cloud.yml" lies outside the workspace.'],
    ['cloud.yml', { kind: 'other' }, 'the file "cloud.yml" cannot be read as UTF-8 text.'],
  ])('refuse the config file %s (%j)', async (path, node, fault) => {
    const nodes: Record<string, FakeNode> = node === undefined ? {} : { [path]: node };
    const error = await failureOf(InputError, () => settle({ 'server-config': path }, nodes));
    expect(error.problems).toEqual([{ subject: 'server-config', message: `${fault} ${fileForm}` }]);
  });

  it('refuse a folder as the config file', async () => {
    const error = await failureOf(InputError, () =>
      settle({ 'server-config': 'deploy' }, { 'deploy/a': '' }),
    );
    expect(error.message).toContain('the file "deploy" is a folder.');
  });

  it.each([
    ['gone', 'does not exist; was the repository checked out?'],
    ['index.js', 'is not a folder.'],
  ])('refuse the source %s', async (source, fault) => {
    const error = await failureOf(InputError, () => settle({ source }, { 'index.js': '' }));
    expect(error.problems).toEqual([
      {
        subject: 'source',
        message: `must be the folder to deploy, relative to the workspace: "${source}" ${fault}`,
      },
    ]);
  });

  it('show all problems at once: of inputs, config and source', async () => {
    const given = { 'service-name': '', 'server-config': 'Cup: 1\nPort: x', source: 'gone' };
    const error = await failureOf(InputError, () => settle(given));
    expect(error.problems.map(({ subject }) => subject).sort()).toEqual([
      'server-config: Cup',
      'server-config: Port',
      'service-name',
      'source',
    ]);
  });

  it.each(['function', 'agent'])('show what mode %s does not take with all other problems', async (mode) => {
    const given = { mode, 'service-name': '', 'server-config': 'Port: 80\nDockerfile: D\nCup: 1' };
    const error = await failureOf(InputError, () => settle(given, { 'index.js': '' }));
    expect(error.problems.map(({ subject }) => subject)).toEqual([
      'service-name',
      'server-config: Cup',
      'server-config: Port',
      'server-config: Dockerfile',
    ]);
  });

  it.each(['auto', 'container'])('leave a port to mode %s', async (mode) => {
    const { config } = await settle({ mode, 'server-config': 'Port: 80' }, { 'index.js': '' });
    expect(config.settings).toEqual({ Port: 80 });
  });
});
