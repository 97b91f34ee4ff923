import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../src/errors.ts';
import {
  describeSetting,
  isPublic,
  mergeEnv,
  parseLiveEnv,
  settingsForCreate,
  settingsForUpdate,
} from '../../src/service-config/merge.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import { failureOf } from '../support/failure.ts';

describe('live env vars', () => {
  it.each([
    [{}, {}],
    [{ EnvParams: null }, {}],
    [{ EnvParams: '' }, {}],
    [{ EnvParams: '{"A":"1","B":2,"C":true}' }, { A: '1', B: '2', C: 'true' }],
    [{ EnvParams: { A: '1' } }, { A: '1' }],
    [{ EnvParams: '{"A":{"deep":[1]}}' }, { A: '{"deep":[1]}' }],
  ])('of %j are %j', (settings, env) => {
    expect(parseLiveEnv(settings)).toEqual(env);
  });

  it.each(['{', '[]', '"text"', '1', 'null', 'A=1'])('that are %j stop the run', async (blob) => {
    const error = await failureOf(InputError, () => parseLiveEnv({ EnvParams: blob }));
    expect(error.message).toMatch(
      /^server-config: EnvParams: the env vars of the live service are not a JSON object/,
    );
    expect(error.kind).toBe('input');
  });
});

describe('merged env vars', () => {
  it('keep what is live, take what is wanted, and lose what is null', () => {
    const live = { KEPT: 'live', CHANGED: 'live', GONE: 'live' };
    expect(mergeEnv(live, { CHANGED: 'new', ADDED: 'new', GONE: null, NEVER: null })).toEqual({
      KEPT: 'live',
      CHANGED: 'new',
      ADDED: 'new',
    });
    expect(mergeEnv(live, undefined)).toEqual(live);
  });
});

describe('the settings of a create', () => {
  it('are explicit and closed where the user sets nothing', () => {
    expect(settingsForCreate({}, 8080)).toEqual({
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

  it('are the user’s where he sets them', () => {
    const wanted: Settings = { Cpu: 1, Mem: 2, InitialDelaySeconds: 9, EnvParams: { A: '1', B: null } };
    expect(settingsForCreate(wanted, 80)).toMatchObject({
      Cpu: 1,
      Mem: 2,
      InitialDelaySeconds: 9,
      EnvParams: { A: '1' },
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
    expect(settingsForCreate({ OpenAccessTypes }, 80).OpenAccessTypes).toEqual(sent);
  });
});

describe('the settings of an update', () => {
  const live = { Cpu: 0.5, Mem: 1, Port: 8080, Cmd: ['a', 'b'], EnvParams: '{"A":"1","B":"2"}' };
  const update = (wanted: Settings, settings: object = live, access = ['PUBLIC', 'OA', 'VPC']): Settings =>
    settingsForUpdate(wanted, { ...settings }, access);

  it('are nothing where nothing changes, access least of all', () => {
    expect(update({})).toEqual({});
    expect(update({ Cpu: 0.5, Mem: 1, Port: 8080, EnvParams: { A: '1' } })).toEqual({});
    expect(update({ OpenAccessTypes: ['VPC', 'OA', 'WEB'] })).toEqual({});
  });

  it('are what changes', () => {
    expect(update({ Cpu: 1, Mem: 2, Port: 8080, MinNum: 1 })).toEqual({ Cpu: 1, Mem: 2, MinNum: 1 });
  });

  it('hold a command whose words only change their order', () => {
    expect(update({ Cmd: ['b', 'a'] })).toEqual({ Cmd: ['b', 'a'] });
    expect(update({ Cmd: ['a, b'] })).toEqual({ Cmd: ['a, b'] });
    expect(update({ Cmd: ['a', 'b'] })).toEqual({});
  });

  it('hold all env vars as soon as one changes', () => {
    expect(update({ EnvParams: { B: null, C: '3' } })).toEqual({ EnvParams: { A: '1', C: '3' } });
  });

  it('close for PRIVATE what is public, and keep the rest', () => {
    expect(update({ OpenAccessTypes: ['PRIVATE'] })).toEqual({ OpenAccessTypes: ['VPC'] });
    expect(update({ OpenAccessTypes: ['PRIVATE'] }, live, ['PUBLIC'])).toEqual({
      OpenAccessTypes: ['MINIAPP'],
    });
    expect(update({ OpenAccessTypes: ['PRIVATE'] }, live, ['VPC'])).toEqual({});
  });

  it('send the VPC again, for a new version may lose it', () => {
    const vpc = { VpcId: 'vpc-1', SubnetId: 'subnet-1' };
    expect(update({}, { ...live, VpcConf: vpc })).toEqual({ VpcConf: vpc });
    expect(update({}, { ...live, VpcConf: { VpcId: '', SubnetId: '' } })).toEqual({});
    const other = { VpcId: 'vpc-2', SubnetId: 'subnet-2' };
    expect(update({ VpcConf: other }, { ...live, VpcConf: vpc })).toEqual({ VpcConf: other });
  });

  it('are not made over env vars that cannot be read', async () => {
    await failureOf(InputError, () => update({ Cpu: 1 }, { EnvParams: 'A=1' }));
  });
});

describe('a setting in one line', () => {
  it.each([
    [undefined, '(not set)'],
    [null, '(not set)'],
    ['', '(not set)'],
    [0, '0'],
    [false, 'false'],
    ['stdout', 'stdout'],
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [[{ b: 1, a: 2 }], '[{"a":2,"b":1}]'],
  ])('%j is %s', (value, text) => {
    expect(describeSetting('Cpu', value)).toBe(text);
  });

  it('knows that access types have no order, and commands have one', () => {
    expect(describeSetting('OpenAccessTypes', ['VPC', 'OA'])).toBe('OA, VPC');
    expect(describeSetting('Cmd', ['node', 'a.js'])).toBe('["node","a.js"]');
  });
});

it.each([
  [['PUBLIC', 'VPC'], true],
  [['OA', 'MINIAPP'], false],
  [[], false],
])('access %j is public: %s', (types, expected) => {
  expect(isPublic(types)).toBe(expected);
});
