import { describe, expect, it } from '@jest/globals';

import { checkFunctionSettings, configProblem, inlineName } from '../../src/service-config/rules.ts';
import type { Settings } from '../../src/service-config/schema.ts';

describe('function mode', () => {
  const check = (settings: Settings): string[] =>
    checkFunctionSettings({ settings, positions: {} }, 'function').map(
      ({ subject, message }) => `${subject}: ${message}`,
    );

  it('takes the port of the platform and every other setting', () => {
    expect(check({})).toEqual([]);
    expect(check({ Port: 3000, Cpu: 1, Mem: 2, InstallDependency: false })).toEqual([]);
  });

  it('refuses another port and the settings of containers, all at once', () => {
    const advice = 'is for containers, not for function mode. Leave it out, or use mode "container".';
    expect(check({ Cmd: ['a'], EntryPoint: [], BuildDir: 'b', Dockerfile: 'd', Port: 80 })).toEqual([
      'server-config: Port: must be 3000 in function mode, which the platform fixes, not 80. Leave the setting out.',
      `server-config: Dockerfile: ${advice}`,
      `server-config: BuildDir: ${advice}`,
      `server-config: EntryPoint: ${advice}`,
      `server-config: Cmd: ${advice}`,
    ]);
  });

  it('names the line: that of the file, or of the inline text, which is no file', () => {
    const at = { file: 'cloud.yml', line: 4, column: 2 };
    const config = { settings: { Port: 80 }, positions: { Port: at } };
    expect(checkFunctionSettings(config, 'agent')[0]).toMatchObject({ at });
    expect(configProblem('Port', 'is bad.', { ...at, file: inlineName })).toEqual({
      subject: 'server-config: Port',
      message: 'is bad. (line 4, column 2)',
    });
  });
});
