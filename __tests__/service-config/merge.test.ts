import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../src/errors.ts';
import {
  isPublic,
  mergeEnv,
  parseLiveEnv,
  resolveSettings,
  type Live,
  type Wanted,
} from '../../src/service-config/merge.ts';
import { fingerprintName } from '../../src/service-config/rules.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import { failureOf } from '../support/failure.ts';

const wantedOf = (settings: Settings, given: Partial<Wanted> = {}): Wanted => ({
  settings,
  envStrategy: 'merge',
  ...given,
});

const liveSettings = { Cpu: 0.5, Mem: 1, Port: 8080, Cmd: ['a', 'b'], EnvParams: '{"A":"1","B":"2"}' };

/** A service whose newest release serves; its own settings are those of the version, but for what is given. */
const liveWith = (given: Partial<Live> = {}): Live => ({
  settings: liveSettings,
  ownSettings: given.settings ?? liveSettings,
  accessTypes: ['PUBLIC', 'OA', 'VPC'],
  recordNumber: 6,
  isNewestServing: true,
  isFunction: false,
  ...given,
});

describe('live env vars', () => {
  it.each([
    [{}, {}],
    [{ EnvParams: null }, {}],
    [{ EnvParams: '' }, {}],
    [{ EnvParams: 'null' }, {}],
    [{ EnvParams: '{"A":"1","B":2,"C":true}' }, { A: '1', B: '2', C: 'true' }],
    [{ EnvParams: { A: '1' } }, { A: '1' }],
    [{ EnvParams: '{"A":{"deep":[1]}}' }, { A: '{"deep":[1]}' }],
  ])('of %j are %j', (settings, env) => {
    expect(parseLiveEnv(settings)).toEqual(env);
  });

  it.each(['{', '[]', '"text"', '1', 'A=1'])('that are %j stop the run', async (blob) => {
    const error = await failureOf(InputError, () => parseLiveEnv({ EnvParams: blob }));
    expect(error.message).toMatch(
      /^server-config: EnvParams: the env vars of the live service are not a JSON object/,
    );
    expect(error.kind).toBe('input');
  });

  it('stop an update of anything, and show nothing of what they are', async () => {
    const live = liveWith({ settings: { EnvParams: 'TOKEN=canary' } });
    const error = await failureOf(InputError, () => resolveSettings(wantedOf({ Cpu: 1 }), live));
    expect(error.message).not.toContain('canary');
  });
});

describe('merged env vars', () => {
  const live = { KEPT: 'live', CHANGED: 'live', GONE: 'live' };
  const wanted = { CHANGED: 'new', ADDED: 'new', GONE: null, NEVER: null };

  it('keep what is live, take what is wanted, and lose what is null', () => {
    expect(mergeEnv(live, wanted, 'merge')).toEqual({ KEPT: 'live', CHANGED: 'new', ADDED: 'new' });
    expect(mergeEnv(live, undefined, 'merge')).toEqual(live);
  });

  it('are nothing but what is wanted where they replace', () => {
    expect(mergeEnv(live, wanted, 'replace')).toEqual({ CHANGED: 'new', ADDED: 'new' });
    expect(mergeEnv(live, {}, 'replace')).toEqual({});
  });
});

describe('the settings of a create', () => {
  const create = (settings: Settings, given: Partial<Wanted> = {}): Settings => {
    const { asked, sent } = resolveSettings(wantedOf(settings, given), undefined);
    expect(sent).toEqual(asked);
    return sent;
  };

  it('are explicit and closed where the user sets nothing', () => {
    expect(create({ Port: 8080 })).toEqual({
      Cpu: 0.5,
      Mem: 1,
      MinNum: 0,
      MaxNum: 5,
      CustomLogs: 'stdout',
      Port: 8080,
      InitialDelaySeconds: 0,
      EnvParams: {},
      OpenAccessTypes: ['MINIAPP'],
    });
  });

  it.each(['merge', 'replace'] as const)('are the user’s where he sets them (%s)', (envStrategy) => {
    const settings: Settings = { Cpu: 1, Mem: 2, InitialDelaySeconds: 9, EnvParams: { A: '1', B: null } };
    expect(create(settings, { envStrategy })).toMatchObject({
      Cpu: 1,
      Mem: 2,
      InitialDelaySeconds: 9,
      EnvParams: { A: '1' },
    });
    expect(create(settings, { envStrategy }).EnvParams).not.toHaveProperty('B');
  });

  it.each<[Settings, number, number]>([
    [{ MinNum: 4 }, 4, 5],
    [{ MinNum: 9 }, 9, 9],
    [{ MaxNum: 3 }, 0, 3],
    [{ MinNum: 9, MaxNum: 12 }, 9, 12],
  ])('have room for the replicas of %j', (settings, MinNum, MaxNum) => {
    expect(create(settings)).toMatchObject({ MinNum, MaxNum });
  });

  it('hold the mark of the first version where the source is to be known again', () => {
    expect(create({}, { fingerprint: 'abc1' }).EnvParams).toEqual({ [fingerprintName]: 'abc1:1' });
    expect(create({ EnvParams: { A: '1' } }, { fingerprint: 'abc1' }).EnvParams).toEqual({
      A: '1',
      [fingerprintName]: 'abc1:1',
    });
  });

  it.each<[Settings['OpenAccessTypes'], string[]]>([
    [undefined, ['MINIAPP']],
    [['PRIVATE'], ['MINIAPP']],
    [['WEB'], ['PUBLIC']],
    [
      ['WEB', 'PUBLIC', 'VPC'],
      ['PUBLIC', 'VPC'],
    ],
    [
      ['PRIVATE', 'VPC'],
      ['MINIAPP', 'VPC'],
    ],
    [['OA'], ['OA']],
  ])('open the access %j as %j', (OpenAccessTypes, sent) => {
    expect(create({ ...(OpenAccessTypes && { OpenAccessTypes }) }).OpenAccessTypes).toEqual(sent);
  });
});

const update = (settings: Settings, live: Partial<Live> = {}, given: Partial<Wanted> = {}): Settings =>
  resolveSettings(wantedOf(settings, given), liveWith(live)).sent;

describe('the settings of an update', () => {
  it('are nothing where nothing changes, access least of all', () => {
    expect(resolveSettings(wantedOf({}), liveWith())).toEqual({ asked: {}, sent: {} });
    expect(update({ Cpu: 0.5, Mem: 1, Port: 8080, EnvParams: { A: '1' } })).toEqual({});
    expect(update({ OpenAccessTypes: ['VPC', 'OA', 'WEB'] })).toEqual({});
  });

  it('are what changes; asked for is all that the user set', () => {
    const settings = { Cpu: 1, Mem: 2, Port: 8080, MinNum: 1 };
    expect(resolveSettings(wantedOf(settings), liveWith())).toEqual({
      asked: settings,
      sent: { Cpu: 1, Mem: 2, MinNum: 1 },
    });
  });

  it('hold a command whose words only change their order', () => {
    expect(update({ Cmd: ['b', 'a'] })).toEqual({ Cmd: ['b', 'a'] });
    expect(update({ Cmd: ['a, b'] })).toEqual({ Cmd: ['a, b'] });
    expect(update({ Cmd: ['a b'] })).toEqual({ Cmd: ['a b'] });
    expect(update({ Cmd: ['a', 'b'] })).toEqual({});
  });

  it.each<[Settings['OpenAccessTypes'], string[], string[] | undefined]>([
    [['PRIVATE'], ['PUBLIC', 'OA', 'VPC'], ['VPC']],
    [['PRIVATE'], ['MINIAPP', 'PUBLIC'], ['MINIAPP']],
    [['PRIVATE'], ['PUBLIC'], ['MINIAPP']],
    [['PRIVATE'], [], ['MINIAPP']],
    [['PRIVATE'], ['VPC'], undefined],
    [
      ['PRIVATE', 'OA'],
      ['PUBLIC', 'VPC'],
      ['VPC', 'OA'],
    ],
    [['WEB'], ['MINIAPP'], ['PUBLIC']],
    [['WEB'], ['PUBLIC'], undefined],
    [
      ['WEB', 'VPC'],
      ['PUBLIC', 'OA'],
      ['PUBLIC', 'VPC'],
    ],
  ])('turn the access %j over %j into %j', (OpenAccessTypes, accessTypes, sent) => {
    const settings = { ...(OpenAccessTypes && { OpenAccessTypes }) };
    expect(update(settings, { accessTypes }).OpenAccessTypes).toEqual(sent);
  });
});

describe('the env vars of an update', () => {
  it.each<[string, Settings['EnvParams'], object | undefined]>([
    ['one changes', { B: '3' }, { A: '1', B: '3' }],
    ['one comes', { C: '3' }, { A: '1', B: '2', C: '3' }],
    ['an empty one comes', { C: '' }, { A: '1', B: '2', C: '' }],
    ['one is emptied', { B: '' }, { A: '1', B: '' }],
    ['one is deleted', { B: null }, { A: '1' }],
    ['all are deleted', { A: null, B: null }, {}],
    ['one that is not there is deleted', { C: null }, undefined],
    ['all stay as they are', { A: '1' }, undefined],
  ])('go out as a whole when %s', (_when, EnvParams, sent) => {
    expect(update({ EnvParams }).EnvParams).toEqual(sent);
  });

  it.each<[string, Settings['EnvParams'], object | undefined]>([
    ['the rest goes', { A: '1' }, { A: '1' }],
    ['another one takes their place', { C: '3' }, { C: '3' }],
    ['none takes their place', {}, {}],
    ['they take their own place', { B: '2', A: '1' }, undefined],
  ])('are replaced: %s', (_what, EnvParams, sent) => {
    expect(update({ EnvParams }, {}, { envStrategy: 'replace' }).EnvParams).toEqual(sent);
  });

  it('stay where the config names none, whatever the strategy', () => {
    expect(update({ Cpu: 1, Mem: 2 }, {}, { envStrategy: 'replace' })).toEqual({ Cpu: 1, Mem: 2 });
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])('may be called %s', (name) => {
    const own = JSON.parse(`{"${name}":"new"}`) as Record<string, string>;
    const added = update({ EnvParams: own }).EnvParams ?? {};
    expect(Object.entries(added)).toEqual([
      ['A', '1'],
      ['B', '2'],
      [name, 'new'],
    ]);
    const live = { settings: { EnvParams: `{"${name}":"live"}` } };
    expect(Object.entries(update({ EnvParams: own }, live).EnvParams ?? {})).toEqual([[name, 'new']]);
    expect(Object.entries(update({ EnvParams: { A: '1' } }, live).EnvParams ?? {})).toEqual([
      [name, 'live'],
      ['A', '1'],
    ]);
    const deleted = JSON.parse(`{"${name}":null}`) as Record<string, null>;
    expect(Object.keys(update({ EnvParams: deleted }, live).EnvParams ?? { A: 1 })).toEqual([]);
    expect(update({ EnvParams: deleted })).toEqual({});
  });
});

describe('the mark of the source', () => {
  const marked = { settings: { EnvParams: `{"A":"1","${fingerprintName}":"abc1:6"}` } };

  it.each<[string, Partial<Wanted>, object | undefined]>([
    [
      'survives a replacement',
      { settings: { EnvParams: { B: '2' } }, envStrategy: 'replace' },
      { B: '2', mark: 'abc1:6' },
    ],
    ['survives the deletion of the rest', { settings: { EnvParams: { A: null } } }, { mark: 'abc1:6' }],
    ['is not sent again where nothing changes', {}, undefined],
    ['gets the next number for the same source', { fingerprint: 'abc1' }, { A: '1', mark: 'abc1:7' }],
    ['names another source', { fingerprint: 'def2' }, { A: '1', mark: 'def2:7' }],
    [
      'comes with a replacement',
      { settings: { EnvParams: { B: '2' } }, envStrategy: 'replace', fingerprint: 'def2' },
      { B: '2', mark: 'def2:7' },
    ],
    [
      'comes with a replacement of nothing',
      { envStrategy: 'replace', fingerprint: 'def2' },
      { A: '1', mark: 'def2:7' },
    ],
  ])('%s', (_what, given, sent) => {
    const { EnvParams } = update({}, marked, given);
    const named = Object.entries(EnvParams ?? {}).map(([name, value]) => [
      name === fingerprintName ? 'mark' : name,
      value,
    ]);
    expect(EnvParams && Object.fromEntries(named)).toEqual(sent);
  });

  it('is new on a service that had none', () => {
    expect(update({}, {}, { fingerprint: 'abc1' }).EnvParams).toEqual({
      A: '1',
      B: '2',
      [fingerprintName]: 'abc1:7',
    });
  });
});

describe('the VPC of an update', () => {
  const vpc = { VpcId: 'vpc-1', SubnetId: 'subnet-1', SubnetCidr: '10.0.0.0/24', CreateType: 1 };
  const same = { VpcId: 'vpc-1', SubnetId: 'subnet-1' };
  const other = { VpcId: 'vpc-2', SubnetId: 'subnet-2' };

  const resolve = (VpcConf: Settings['VpcConf'], live: unknown): unknown[] => {
    const settings = { ...liveSettings, VpcConf: live };
    const { asked, sent } = resolveSettings(
      wantedOf({ ...(VpcConf && { VpcConf }) }),
      liveWith({ settings }),
    );
    return [asked.VpcConf, sent.VpcConf];
  };

  it('is sent again with all of its fields, for a new version may lose it', () => {
    expect(resolve(undefined, vpc)).toEqual([vpc, vpc]);
    expect(resolve(same, vpc)).toEqual([vpc, vpc]);
  });

  it.each([[other], [{ ...same, SubnetId: 'subnet-2' }], [{ ...same, VpcId: 'vpc-2' }]])(
    'is replaced whole by %j',
    (wanted) => {
      expect(resolve(wanted, vpc)).toEqual([wanted, wanted]);
    },
  );

  it.each([[undefined], [null], [{ VpcId: '', SubnetId: '' }], [{ VpcId: 'vpc-1' }], ['vpc-1']])(
    'is the user’s, or none, where %j is live',
    (live) => {
      expect(resolve(other, live)).toEqual([other, other]);
      expect(resolve(undefined, live)).toEqual([undefined, undefined]);
    },
  );
});

it.each([
  [['PUBLIC', 'VPC'], true],
  [['OA', 'MINIAPP'], false],
  [[], false],
])('access %j is public: %s', (types, expected) => {
  expect(isPublic(types)).toBe(expected);
});
