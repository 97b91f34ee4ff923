import { describe, expect, it } from '@jest/globals';

import { cpuSizes, settingNames, settingsSchema } from '../../src/service-config/schema.ts';

describe('the settings', () => {
  it('are all optional, and no other key is taken', () => {
    expect(settingsSchema.parse({})).toEqual({});
    expect(settingsSchema.safeParse({ Unknown: 1 }).success).toBe(false);
    expect(settingNames).toHaveLength(27);
  });

  it.each([
    ['OpenAccessTypes', []],
    ['PolicyDetails', []],
    ['PolicyDetails', [{ PolicyType: 'disk', PolicyThreshold: 1 }]],
    ['PolicyDetails', [{ PolicyType: 'cpu', PolicyThreshold: 101 }]],
    ['MinNum', -1],
    ['MinNum', 51],
    ['MaxNum', 0],
    ['Port', 0],
    ['CustomLogs', ''],
    ['EnvParams', { '': 'x' }],
    ['EnvParams', { A: 1 }],
    ['InitialDelaySeconds', -1],
    ['VpcConf', { VpcId: 'v' }],
    ['OperationMode', 'sometimes'],
    ['InstallDependency', 'no'],
    ...[
      '',
      '/',
      '/a',
      '..',
      '../a',
      'a/../..',
      './../a',
      'a/b/../../../c',
      'a\\b',
      '..\\a',
      '\\a',
      'C:\\a',
      'c:/a',
      'a\0b',
    ].flatMap((path) => [['BuildDir', path] as const, ['Dockerfile', path] as const]),
  ])('refuse %s: %j', (name, value) => {
    expect(settingsSchema.safeParse({ [name]: value }).success).toBe(false);
  });

  it.each([
    ['MaxNum', 50],
    ['Port', 65535],
    ['EnvParams', { A: '1', B: null }],
    ['Cmd', []],
    ...[
      '.',
      './',
      'a',
      './a',
      'a/b',
      'a/../b',
      'a/..',
      '..a',
      'a..',
      'a/..b',
      '...',
      'a//b/',
      'ab:c',
      '目录',
    ].flatMap((path) => [['BuildDir', path] as const, ['Dockerfile', path] as const]),
    ['TimerScale', [{ CycleType: 'daily', StartTime: '08:00', EndTime: '20:00', ReplicaNum: 50 }]],
  ])('take %s: %j', (name, value) => {
    expect(settingsSchema.safeParse({ [name]: value }).success).toBe(true);
  });
});

it('offers the sizes of the console', () => {
  expect(cpuSizes).toEqual([0.25, 0.5, 1, 2, 4, 8, 16]);
});
