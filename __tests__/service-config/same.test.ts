import { describe, expect, it } from '@jest/globals';

import { accessSet, hasArrived, hasMore, isSameSetting } from '../../src/service-config/same.ts';

const cpu = { PolicyType: 'cpu', PolicyThreshold: 60 };
const mem = { PolicyType: 'mem', PolicyThreshold: 70 };
const volume = { Type: 'cos', BucketName: 'files', DstPath: '/files' };

type Pair = readonly [setting: string, values: readonly [asked: unknown, live: unknown]];

/** Other forms of the same value: nothing has to be sent, and what was sent has arrived. */
const same: readonly Pair[] = [
  [
    'OpenAccessTypes',
    [
      ['PUBLIC', 'VPC'],
      ['VPC', 'PUBLIC'],
    ],
  ],
  ['OpenAccessTypes', [['WEB'], ['PUBLIC', '']]],
  ['Cpu', [0.5, 0.5]],
  ['Cpu', [0.5, '0.5']],
  ['Cpu', [1, '1.00']],
  ['Port', [8080, '8080']],
  ['MinNum', [0, 0]],
  ['MinNum', [0, undefined]],
  ['MinNum', [0, null]],
  ['InitialDelaySeconds', [0, '']],
  ['CustomLogs', ['stdout', 'stdout']],
  ['LogSetId', ['7', 7]],
  ['BuildDir', ['.', '']],
  ['BuildDir', ['.', undefined]],
  ['BuildDir', ['./', '.']],
  ['BuildDir', ['./services/api', 'services/api/']],
  ['BuildDir', ['services//api', 'services/api']],
  ['BuildDir', ['services/web/../api', 'services/api']],
  [
    'EntryPoint',
    [
      ['node', 'server.js'],
      ['node', 'server.js'],
    ],
  ],
  ['EntryPoint', [[], undefined]],
  ['Cmd', [[], null]],
  ['TimerScale', [[], undefined]],
  ['TimerScale', [[], null]],
  [
    'PolicyDetails',
    [
      [cpu, mem],
      [mem, cpu],
    ],
  ],
  ['PolicyDetails', [[cpu], [{ ...cpu, PolicyThreshold: '60' }]]],
  ['VolumesConf', [[{ ...volume, ReadOnly: false }], [volume]]],
  ['VolumesConf', [[volume], [{ ...volume, ReadOnly: false, Endpoint: '', MountIP: null }]]],
  ['PublicNetConf', [{ PublicNetStatus: 'ENABLE' }, { PublicNetStatus: 'ENABLE', Ip: '10.0.0.1' }]],
  [
    'VpcConf',
    [
      { VpcId: 'v', SubnetId: 's' },
      { SubnetId: 's', VpcId: 'v', SubnetCidr: '10.0.0.0/8' },
    ],
  ],
];

/** What has to be sent, and has not arrived as long as it is read so. */
const different: readonly Pair[] = [
  ['Cpu', [0.5, 1]],
  ['Cpu', [0.5, undefined]],
  ['MinNum', [0, 1]],
  ['MinNum', [1, undefined]],
  ['CustomLogs', ['stdout', '']],
  ['CustomLogs', ['stdout', 'Stdout']],
  ['LogSetId', ['7', '7.0']],
  ['BuildDir', ['.', 'services']],
  ['BuildDir', ['services/api', undefined]],
  ['BuildDir', ['api', 'API']],
  [
    'EntryPoint',
    [
      ['node', 'server.js'],
      ['server.js', 'node'],
    ],
  ],
  ['EntryPoint', [['node'], undefined]],
  ['Cmd', [[], ['node']]],
  ['Cmd', [['a', 'b'], ['a']]],
  ['Cmd', [['a'], ['a', 'b']]],
  ['TimerScale', [[{ ReplicaNum: 1 }], []]],
  ['PolicyDetails', [[cpu, mem], [cpu]]],
  [
    'PolicyDetails',
    [
      [cpu, cpu],
      [cpu, mem],
    ],
  ],
  ['PolicyDetails', [[{ ...cpu, PolicyThreshold: 61 }], [cpu]]],
  ['VolumesConf', [[{ ...volume, ReadOnly: true }], [volume]]],
  ['VolumesConf', [[volume], undefined]],
  ['VolumesConf', [[volume], [{ BucketName: 'files' }]]],
  ['PublicNetConf', [{ PublicNetStatus: 'ENABLE' }, { PublicNetStatus: 'DISABLE' }]],
  ['PublicNetConf', [{ PublicNetStatus: 'ENABLE' }, undefined]],
  [
    'VpcConf',
    [
      { VpcId: 'v', SubnetId: 's' },
      { VpcId: 'v', SubnetId: 'other' },
    ],
  ],
];

describe('a setting', () => {
  it.each(same)('%s is the same in %j', (setting, [asked, live]) => {
    expect(isSameSetting(setting, asked, live)).toBe(true);
  });

  it.each(different)('%s is another one in %j', (setting, [asked, live]) => {
    expect(isSameSetting(setting, asked, live)).toBe(false);
  });

  it.each<Pair>([
    ['OpenAccessTypes', [['VPC'], ['VPC', 'PUBLIC']]],
    ['OpenAccessTypes', [['VPC', 'PUBLIC'], ['VPC']]],
    ['OpenAccessTypes', [['VPC'], undefined]],
    // A part or a field that is to go has to be sent, although all that is asked for is there.
    ['PolicyDetails', [[cpu], [cpu, mem]]],
    ['VolumesConf', [[volume], [{ ...volume, SrcPath: '/sub' }]]],
    ['VolumesConf', [[volume], [{ ...volume, ReadOnly: true }]]],
    // A command as one text no longer says where an argument ends.
    ['EntryPoint', [['node', 'server.js'], 'node server.js']],
    ['Cmd', [['a b'], ['a', 'b']]],
    ['Cmd', [['a'], ['a', '']]],
  ])('%s has to be sent for %j', (setting, [asked, live]) => {
    expect(isSameSetting(setting, asked, live)).toBe(false);
  });
});

describe('env vars', () => {
  it.each([
    [{}, {}],
    [
      { A: '1', B: '' },
      { B: '', A: '1' },
    ],
  ])('%j are the same as %j', (asked, live) => {
    expect(isSameSetting('EnvParams', asked, live)).toBe(true);
  });

  it.each([
    [{ A: '1' }, { A: '2' }],
    [{ A: '1' }, { A: '1', B: '2' }],
    [{ A: '1', B: '' }, { A: '1' }],
    [{ A: '1' }, { A: '1', B: '' }],
    [{ A: '' }, { B: '' }],
    [{ A: '1.0' }, { A: '1' }],
    [{}, { A: '1' }],
    [{ constructor: '' }, { A: '' }],
  ])('%j are others than %j', (asked, live) => {
    expect(isSameSetting('EnvParams', asked, live)).toBe(false);
  });
});

describe('a setting that was sent', () => {
  const read = same.filter(([setting]) => setting !== 'OpenAccessTypes');

  it.each(read)('%s has arrived in %j', (setting, [asked, live]) => {
    expect(hasArrived(setting, asked, live)).toBe(true);
  });

  it.each<Pair>([
    ['EntryPoint', [['node', 'server.js'], 'node server.js']],
    ['EntryPoint', [['node', 'server.js'], '  node   server.js ']],
    [
      'Cmd',
      [
        ['sh', '-c', 'echo a'],
        ['sh', '-c', 'echo', 'a'],
      ],
    ],
    ['Cmd', [[], '']],
    ['PolicyDetails', [[cpu], [cpu, mem]]],
    ['VolumesConf', [[volume], [{ ...volume, SrcPath: '/sub' }]]],
    // The first live part holds both asked ones, the second but one of them: each needs a part of its own.
    [
      'VolumesConf',
      [
        [{ Type: 'cos' }, { Type: 'cos', DstPath: '/a' }],
        [{ Type: 'cos', DstPath: '/a' }, { Type: 'cos' }],
      ],
    ],
  ])('%s has arrived in %j, although it would be sent or matched otherwise', (setting, [asked, live]) => {
    expect(hasArrived(setting, asked, live)).toBe(true);
  });

  it.each(different)('%s has not arrived in %j', (setting, [asked, live]) => {
    expect(hasArrived(setting, asked, live)).toBe(false);
  });

  it('needs as many live parts as were asked for', () => {
    const parts = [{ Type: 'cos' }, { Type: 'cos', DstPath: '/a' }];
    expect(hasArrived('VolumesConf', parts, [{ Type: 'cos', DstPath: '/a' }])).toBe(false);
  });
});

it.each<[string, readonly [unknown, unknown], boolean]>([
  ['PolicyDetails', [[cpu], [cpu, mem]], true],
  ['PolicyDetails', [[cpu], [cpu]], false],
  ['PolicyDetails', [[cpu, mem], [cpu]], false],
  ['VolumesConf', [[], [volume]], true],
  ['VolumesConf', [[volume], [volume, null, '']], false],
  ['Cmd', [['a'], ['a', 'b']], false],
  ['EntryPoint', [['node'], ['node', 'x']], false],
  ['Cpu', [1, 2], false],
  ['PolicyDetails', [[cpu], undefined], false],
])('%s in %j holds more than was asked for: %s', (setting, [asked, live], expected) => {
  expect(hasMore(setting, asked, live)).toBe(expected);
});

it('reads access types as a set in the words of the API', () => {
  expect([...accessSet(['VPC', 'WEB', '', 'PUBLIC', 'VPC'])]).toEqual(['VPC', 'PUBLIC']);
});
