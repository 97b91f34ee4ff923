import { describe, expect, it } from '@jest/globals';

import { findDrift, type Asked, type Drift } from '../../src/service-config/drift.ts';
import type { Settings } from '../../src/service-config/schema.ts';

function ask(
  settings: Settings,
  setByUser: readonly string[] = [],
  allowedAccess: readonly string[] = [],
): Asked {
  return { settings, setByUser: new Set(setByUser), allowedAccess };
}

/** What was asked for by the user himself, compared with the live settings. */
function driftOf(settings: object, live: object): Drift[] {
  return findDrift(ask(settings, Object.keys(settings)), { ...live }, []);
}

const cos = { Type: 'cos', BucketName: 'files', DstPath: '/files', KeyID: 'key-id-7' };
const cpu = { PolicyType: 'cpu', PolicyThreshold: 60 };
const mem = { PolicyType: 'mem', PolicyThreshold: 70 };
const day = { CycleType: 'daily', StartTime: '08:00', EndTime: '20:00', ReplicaNum: 3 };

describe('access', () => {
  const failure = true;
  const notice = false;
  const opened = (type: string): string => `The service is open to ${type}, which nobody asked for.`;
  const lacks = (type: string): string =>
    `The service is not open to ${type}, which OpenAccessTypes should have.`;

  it.each<[string[], string[], [string, boolean][]]>([
    [['VPC'], ['VPC'], []],
    [['VPC', 'OA', 'PUBLIC'], ['PUBLIC', 'VPC', 'OA'], []],
    [['VPC'], ['VPC', 'VPC', ''], []],
    [['VPC'], ['VPC', 'PUBLIC'], [[opened('PUBLIC'), failure]]],
    [['VPC'], ['OA', 'VPC'], [[opened('OA'), failure]]],
    [['MINIAPP'], ['MINIAPP', 'VPC'], [[opened('VPC'), notice]]],
    [['VPC'], ['VPC', 'MINIAPP'], [[opened('MINIAPP'), notice]]],
    [['VPC', 'OA'], ['OA'], [[lacks('VPC'), failure]]],
    [['PUBLIC'], [], [[lacks('PUBLIC'), failure]]],
    [
      ['VPC'],
      ['PUBLIC'],
      [
        [opened('PUBLIC'), failure],
        [lacks('VPC'), failure],
      ],
    ],
  ])('set by the user to %j, and live %j', (wanted, live, expected) => {
    const asked = ask({ OpenAccessTypes: wanted as ('VPC' | 'OA')[] }, ['OpenAccessTypes'], wanted);
    expect(findDrift(asked, {}, live)).toEqual(
      expected.map(([message, isFailure]) => ({ setting: 'OpenAccessTypes', message, isFailure })),
    );
  });

  it.each<[string[], string[], [string, boolean][]]>([
    [['PUBLIC', 'OA'], ['OA', 'PUBLIC'], []],
    [['VPC'], ['VPC', 'PUBLIC'], [[opened('PUBLIC'), failure]]],
    [[], ['OA'], [[opened('OA'), failure]]],
    [['VPC'], ['VPC', 'MINIAPP'], [[opened('MINIAPP'), notice]]],
    [['VPC', 'PUBLIC'], ['PUBLIC'], [[lacks('VPC'), notice]]],
  ])('not set by the user, before %j and now %j', (before, live, expected) => {
    expect(findDrift(ask({}, [], before), {}, live)).toEqual(
      expected.map(([message, isFailure]) => ({ setting: 'OpenAccessTypes', message, isFailure })),
    );
  });

  it('of a new service may be the closed one that it was created with', () => {
    expect(findDrift(ask({ OpenAccessTypes: ['MINIAPP'] }), {}, ['MINIAPP'])).toEqual([]);
  });

  it('is never allowed to be public by what was sent alone', () => {
    expect(findDrift(ask({ OpenAccessTypes: ['PUBLIC'] }), {}, ['PUBLIC'])).toEqual([
      { setting: 'OpenAccessTypes', message: opened('PUBLIC'), isFailure: true },
    ]);
  });

  it('may be allowed under the user’s own word for the public', () => {
    expect(findDrift(ask({ OpenAccessTypes: ['PUBLIC'] }, [], ['WEB']), {}, ['PUBLIC'])).toEqual([]);
  });
});

describe('a setting that arrived', () => {
  it.each<[string, object, object]>([
    ['the same number', { Cpu: 0.5 }, { Cpu: 0.5 }],
    ['a number as text', { Port: 100, Cpu: 0.5 }, { Port: '100', Cpu: '0.50' }],
    [
      'a flag as text',
      { VolumesConf: [{ Type: 'nfs', ReadOnly: true }] },
      { VolumesConf: [{ Type: 'nfs', ReadOnly: 'true' }] },
    ],
    ['a zero that the answer leaves out', { MinNum: 0 }, {}],
    ['a zero as text', { MinNum: 0 }, { MinNum: '0' }],
    [
      'an unset flag that the answer leaves out',
      { VolumesConf: [{ Type: 'nfs', ReadOnly: false }] },
      { VolumesConf: [{ Type: 'nfs' }] },
    ],
    ['an empty list as null', { TimerScale: [] }, { TimerScale: null }],
    ['an empty list that the answer leaves out', { VolumesConf: [] }, {}],
    ['an empty list as a text', { Cmd: [] }, { Cmd: '' }],
    ['an empty list as a list of nothing', { Cmd: [], TimerScale: [] }, { Cmd: [null], TimerScale: [''] }],
    ['the root folder left out', { BuildDir: '.' }, {}],
    ['the root folder as nothing', { BuildDir: './' }, { BuildDir: '' }],
    ['the root folder as a dot', { BuildDir: './' }, { BuildDir: '.' }],
    ['a folder with a slash', { BuildDir: 'api' }, { BuildDir: 'api/' }],
    ['a folder without its slashes', { BuildDir: './api//' }, { BuildDir: 'api' }],
    ['a command as a list', { Cmd: ['node', 'server.js'] }, { Cmd: ['node', 'server.js'] }],
    ['a command as one text', { EntryPoint: ['sh', '-c', 'node a.js'] }, { EntryPoint: 'sh -c  node a.js ' }],
    [
      'a command that was cut into words',
      { Cmd: ['sh', '-c', 'node a.js'] },
      { Cmd: ['sh', '-c', 'node', 'a.js'] },
    ],
    ['policies in another order', { PolicyDetails: [cpu, mem] }, { PolicyDetails: [mem, cpu] }],
    ['timers with more fields', { TimerScale: [day] }, { TimerScale: [{ ...day, StartDate: '', Id: 4 }] }],
    [
      'the network switch filled in',
      { PublicNetConf: { PublicNetStatus: 'ENABLE' } },
      { PublicNetConf: { PublicNetStatus: 'ENABLE', NatId: 'n' } },
    ],
    [
      'the VPC filled in',
      { VpcConf: { VpcId: 'v', SubnetId: 's' } },
      { VpcConf: { SubnetId: 's', VpcId: 'v', VpcCIDR: '10.0.0.0/8' } },
    ],
    ['what is about the package alone', { InstallDependency: true }, { InstallDependency: false }],
    ['what was not asked for', { Cpu: undefined }, { Cpu: 4, Tag: 'x' }],
    [
      'volumes of which one also looks like the other',
      { VolumesConf: [{ Type: 'cos' }, cos] },
      { VolumesConf: [cos, { ...cos, DstPath: '/more' }] },
    ],
  ])('is no drift: %s', (_case, asked, live) => {
    expect(driftOf(asked, live)).toEqual([]);
  });
});

describe('a setting that did not arrive', () => {
  it.each<[object, object, string]>([
    [{ Cpu: 1 }, { Cpu: 0.5 }, 'Cpu is 0.5, not 1.'],
    [{ Cpu: 1 }, { Cpu: '0.5' }, 'Cpu is "0.5", not 1.'],
    [{ MinNum: 0 }, { MinNum: 1 }, 'MinNum is 1, not 0.'],
    [{ Port: 80 }, {}, 'Port is not set, but should be 80.'],
    [{ Port: 80 }, { Port: '' }, 'Port is not set, but should be 80.'],
    [{ Port: 80 }, { Port: [80] }, 'Port is [80], not 80.'],
    [{ CustomLogs: 'stdout' }, { CustomLogs: 'a\n::b' }, 'CustomLogs is "a\\n::b", not "stdout".'],
    [{ BuildDir: 'api' }, { BuildDir: '.' }, 'BuildDir is ".", not "api".'],
    [{ BuildDir: '.' }, { BuildDir: 'api' }, 'BuildDir is "api", not ".".'],
    [{ BuildDir: 'api' }, { BuildDir: 7 }, 'BuildDir is 7, not "api".'],
    [{ Cmd: ['a', 'b'] }, { Cmd: ['b', 'a'] }, 'Cmd is ["b","a"], not ["a","b"].'],
    [{ Cmd: ['a', 'b'] }, { Cmd: ['a'] }, 'Cmd is ["a"], not ["a","b"].'],
    [{ Cmd: ['a'] }, { Cmd: 'a b' }, 'Cmd is "a b", not ["a"].'],
    [{ Cmd: ['a'] }, { Cmd: ['a', null, { b: 1 }] }, 'Cmd is ["a",null,{"b":1}], not ["a"].'],
    [{ Cmd: [] }, { Cmd: ['a'] }, 'Cmd is ["a"], but should not be set.'],
    [{ TimerScale: [] }, { TimerScale: [{ Id: 1 }] }, 'TimerScale is [{"Id":1}], but should not be set.'],
    [
      { PolicyDetails: [cpu] },
      { PolicyDetails: 'cpu' },
      'PolicyDetails is "cpu", not [{"PolicyType":"cpu","PolicyThreshold":60}].',
    ],
    [
      { PublicNetConf: { PublicNetStatus: 'DISABLE' } },
      { PublicNetConf: { PublicNetStatus: 'ENABLE' } },
      'PublicNetConf is {"PublicNetStatus":"ENABLE"}, not {"PublicNetStatus":"DISABLE"}.',
    ],
    [
      { PublicNetConf: { PublicNetStatus: 'ENABLE' } },
      { PublicNetConf: null },
      'PublicNetConf is not set, but should be {"PublicNetStatus":"ENABLE"}.',
    ],
  ])('%j, live %j: %s', (asked, live, message) => {
    const setting = Object.keys(asked).join();
    expect(driftOf(asked, live)).toEqual([{ setting, message, isFailure: true }]);
    expect(findDrift(ask(asked), { ...live }, [])).toEqual([{ setting, message, isFailure: false }]);
  });

  it('is the same element asked for twice and live once', () => {
    const settings = driftOf({ TimerScale: [day, day] }, { TimerScale: [day] });
    expect(settings.map(({ setting, isFailure }) => [setting, isFailure])).toEqual([['TimerScale', true]]);
  });

  it('is a VPC that was sent again, and only worth a notice', () => {
    const asked = ask({ VpcConf: { VpcId: 'vpc-1', SubnetId: 's' }, Cpu: 1 }, ['Cpu']);
    expect(findDrift(asked, { Cpu: 1, VpcConf: { VpcId: '', SubnetId: '' } }, [])).toEqual([
      {
        setting: 'VpcConf',
        message: 'VpcConf is {"VpcId":"","SubnetId":""}, not {"VpcId":"vpc-1","SubnetId":"s"}.',
        isFailure: false,
      },
    ]);
  });

  it.each<unknown>([[], [{ ...cos, KeyID: 'key-id-8' }], 'key-id-8', [null], { KeyID: 'key-id-8' }])(
    'shows no key of a volume: %j',
    (VolumesConf) => {
      expect(driftOf({ VolumesConf: [cos] }, { VolumesConf })).toEqual([
        {
          setting: 'VolumesConf',
          message: 'VolumesConf does not hold what was asked for.',
          isFailure: true,
        },
      ]);
    },
  );

  it('does not count what an object inherits', () => {
    const inherited = JSON.parse('{"VpcId":"v","SubnetId":"s","constructor":"c","__proto__":"p"}') as object;
    expect(driftOf({ VpcConf: inherited }, { VpcConf: { VpcId: 'v', SubnetId: 's' } })).toHaveLength(1);
    expect(driftOf({ VpcConf: inherited }, { VpcConf: inherited })).toEqual([]);
    expect(driftOf({ VpcConf: { VpcId: 'v', toString: '' } }, { VpcConf: { VpcId: 'v' } })).toEqual([]);
  });
});

describe('a list that holds more than was asked for', () => {
  it.each([
    ['PolicyDetails', [cpu], [mem, cpu]],
    ['TimerScale', [day], [day, day]],
    ['VolumesConf', [cos], [{ Type: 'nfs' }, cos]],
  ])('is worth a notice: %s', (setting, asked, live) => {
    expect(driftOf({ [setting]: asked }, { [setting]: live })).toEqual([
      { setting, message: `${setting} holds more than was asked for.`, isFailure: false },
    ]);
  });
});

describe('env vars', () => {
  const compare = (EnvParams: Settings['EnvParams'], live: unknown, set: readonly string[]): Drift[] =>
    findDrift(
      ask(
        { EnvParams },
        set.map((key) => `EnvParams.${key}`),
      ),
      { EnvParams: live },
      [],
    );

  it.each<[Settings['EnvParams'], unknown]>([
    [undefined, '{"A":"1"}'],
    [undefined, 'not JSON'],
    [{}, ''],
    [{}, null],
    [{ A: '1', B: '' }, '{"B":"","A":1}'],
    [{ A: 'true' }, { A: true }],
  ])('%j arrived as %j', (asked, live) => {
    expect(compare(asked, live, ['A'])).toEqual([]);
  });

  it.each<[Settings['EnvParams'], unknown, string]>([
    [{ KEY: 'secret-1' }, '{}', 'The env var "KEY" did not arrive.'],
    [{ KEY: '' }, null, 'The env var "KEY" did not arrive.'],
    [{ KEY: 'secret-1' }, { KEY: 'secret-2' }, 'The env var "KEY" has another value.'],
    [{ KEY: 'secret-1' }, { KEY: 'secret-1 ' }, 'The env var "KEY" has another value.'],
  ])('%j, live %j: %s', (asked, live, message) => {
    expect(compare(asked, live, ['KEY'])).toEqual([{ setting: 'EnvParams.KEY', message, isFailure: true }]);
    expect(compare(asked, live, ['OTHER'])).toEqual([
      { setting: 'EnvParams.KEY', message, isFailure: false },
    ]);
  });

  it.each<Settings['EnvParams']>([{}, { KEY: null }])(
    'that were to be deleted are still there: %j',
    (asked) => {
      expect(compare(asked, { KEY: 'secret' }, ['KEY'])).toEqual([
        {
          setting: 'EnvParams.KEY',
          message: 'The env var "KEY" is live, but was to be deleted.',
          isFailure: true,
        },
      ]);
    },
  );

  it('that nobody asked for are worth a notice', () => {
    expect(compare({ A: '1' }, { A: '1', 'B\n::c': 'secret' }, ['A'])).toEqual([
      {
        setting: 'EnvParams.B\n::c',
        message: 'The env var "B\\n::c" is live, but was not asked for.',
        isFailure: false,
      },
    ]);
  });

  it.each([
    [['A'], true],
    [[], false],
  ])('that cannot be read, with %j set by the user', (set, isFailure) => {
    const message = 'The env vars of the live service are not a JSON object, so they cannot be compared.';
    expect(compare({ A: 'secret' }, 'A=secret', set)).toEqual([{ setting: 'EnvParams', message, isFailure }]);
    const asked = ask({ EnvParams: { A: 'secret' } }, ['Cpu', ...set.map((key) => `EnvParams.${key}`)]);
    expect(findDrift(asked, { EnvParams: '[]' }, [])).toEqual([{ setting: 'EnvParams', message, isFailure }]);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('may be called %s', (key) => {
    const blob = `{${JSON.stringify(key)}:"1"}`;
    const env = JSON.parse(blob) as Record<string, string>;
    expect(compare(env, blob, [key])).toEqual([]);
    expect(compare(env, '{}', [key]).map(({ message }) => message)).toEqual([
      `The env var "${key}" did not arrive.`,
    ]);
    expect(compare({}, blob, []).map(({ message, isFailure }) => [message, isFailure])).toEqual([
      [`The env var "${key}" is live, but was not asked for.`, false],
    ]);
  });
});

it('lists every drift, access first', () => {
  const asked = ask({ Cpu: 1, Mem: 2, EnvParams: { A: '1', B: '2' } }, ['Cpu', 'EnvParams.B'], ['VPC']);
  const drift = findDrift(asked, { Cpu: 2, Mem: 4, EnvParams: '{"C":"3"}' }, ['VPC', 'PUBLIC']);
  expect(drift.map(({ setting, isFailure }) => [setting, isFailure])).toEqual([
    ['OpenAccessTypes', true],
    ['Cpu', true],
    ['Mem', false],
    ['EnvParams.A', false],
    ['EnvParams.B', true],
    ['EnvParams.C', false],
  ]);
});
