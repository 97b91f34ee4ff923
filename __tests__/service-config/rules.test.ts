import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../src/errors.ts';
import {
  checkFunctionSettings,
  configProblem,
  findConflicts,
  fingerprintName,
  inlineName,
  refuseCounts,
} from '../../src/service-config/rules.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import { failureOf } from '../support/failure.ts';

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

describe('settings that are wrong together', () => {
  const at = { file: 'cloud.yml', line: 1, column: 1 };
  const conflictsOf = (settings: Settings, extra: readonly string[] = []): string[] => {
    const names = [...Object.keys(settings), ...extra];
    const positions = Object.fromEntries(names.map((name, index) => [name, { ...at, line: index + 1 }]));
    return findConflicts({ settings, positions }).map(({ key, at: place }) => `${key} ${place?.line}`);
  };

  it.each<[string, Settings, string[], string[]]>([
    ['nothing', {}, [], []],
    ['a pair of the platform', { Cpu: 0.25, Mem: 0.5 }, [], []],
    ['no pair', { Cpu: 1, Mem: 1 }, [], ['Mem 2']],
    ['a pair that is not offered', { Cpu: 3, Mem: 6 }, [], ['Mem 2']],
    ['half a pair', { Mem: 1 }, [], ['Mem 1']],
    ['half a pair, the other half being wrong', { Mem: 1 }, ['Cpu'], []],
    ['as many instances at least as at most', { MinNum: 2, MaxNum: 2 }, [], []],
    ['more instances at least than at most', { MinNum: 3, MaxNum: 2 }, [], ['MinNum 1']],
    ['the port twice', { Port: 80, EnvParams: { PORT: '80' } }, [], []],
    ['two ports', { Port: 80, EnvParams: { PORT: '81' } }, ['EnvParams.PORT'], ['EnvParams.PORT 3']],
    ['a port next to one that is wrong', { EnvParams: { PORT: '81' } }, ['Port'], []],
    ['a port without a place of its own', { EnvParams: { PORT: '81' } }, [], ['EnvParams.PORT 1']],
    ['no port', { EnvParams: { PORT: null } }, [], []],
    ['closed and open', { OpenAccessTypes: ['WEB', 'PRIVATE'] }, [], ['OpenAccessTypes 1']],
    ['closed and public', { OpenAccessTypes: ['PRIVATE', 'PUBLIC'] }, [], ['OpenAccessTypes 1']],
    ['closed and open to an office', { OpenAccessTypes: ['PRIVATE', 'OA'] }, [], ['OpenAccessTypes 1']],
    ['open to an office', { OpenAccessTypes: ['OA', 'VPC'] }, [], []],
    ['closed, and open to mini programs', { OpenAccessTypes: ['PRIVATE', 'MINIAPP'] }, [], []],
    [
      'the env var of the action',
      { EnvParams: {} },
      [`EnvParams.${fingerprintName}`],
      [`EnvParams.${fingerprintName} 2`],
    ],
  ])('%s', (_name, ...[settings, extra, conflicts]) => {
    expect(conflictsOf(settings, extra)).toEqual(conflicts);
  });
});

describe('replica counts that are merged', () => {
  const at = { file: 'cloud.yml', line: 4, column: 2 };
  const refuse = (merged: object, settings: Settings) => (): void => {
    refuseCounts({ ...merged }, { settings, positions: { MinNum: at, MaxNum: at } });
  };

  it.each<[string, object, Settings, string, string]>([
    [
      'MinNum over the live MaxNum',
      { MinNum: 6, MaxNum: 5 },
      { MinNum: 6 },
      'MinNum',
      'MinNum 6 and MaxNum 5',
    ],
    [
      'MaxNum under the live MinNum',
      { MinNum: 2, MaxNum: 1 },
      { MaxNum: 1 },
      'MaxNum',
      'MinNum 2 and MaxNum 1',
    ],
    ['a live text', { MinNum: 6, MaxNum: '5' }, { MinNum: 6 }, 'MinNum', 'MinNum 6 and MaxNum 5'],
    [
      'texts that sort otherwise',
      { MinNum: '10', MaxNum: '9' },
      { MaxNum: 9 },
      'MaxNum',
      'MinNum 10 and MaxNum 9',
    ],
    [
      'MinNum over the limit, for there is no MaxNum',
      { MinNum: 51 },
      { MinNum: 51 },
      'MinNum',
      'MinNum 51 and MaxNum 50',
    ],
    [
      'MinNum over a MaxNum of null',
      { MinNum: 51, MaxNum: null },
      { MinNum: 51 },
      'MinNum',
      'MinNum 51 and MaxNum 50',
    ],
  ])('are refused: %s', async (...[, merged, settings, key, counts]) => {
    const { problems } = await failureOf(InputError, refuse(merged, settings));
    const message = `would make ${counts} on the live service: MinNum must not exceed MaxNum. Set both.`;
    expect(problems).toEqual([{ subject: `server-config: ${key}`, message, at }]);
  });

  it.each<[string, object, Settings]>([
    ['the same', { MinNum: 5, MaxNum: 5 }, { MinNum: 5 }],
    ['texts that sort otherwise', { MinNum: '9', MaxNum: '10' }, { MinNum: 9 }],
    ['no MinNum', { MaxNum: 0 }, { MaxNum: 0 }],
    ['no MaxNum', { MinNum: 50 }, { MinNum: 50 }],
    ['a MaxNum that is no number', { MinNum: 9, MaxNum: 'many' }, { MinNum: 9 }],
    ['wrong already, and set by nobody', { MinNum: 9, MaxNum: 1 }, { Cpu: 1 }],
  ])('are taken: %s', (_what, merged, settings) => {
    expect(refuse(merged, settings)).not.toThrow();
  });
});
