import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { InputError } from '../../src/errors.ts';
import { describeChanges, diffSettings, type Change, type Changes } from '../../src/service-config/diff.ts';
import type { Live } from '../../src/service-config/merge.ts';
import { fingerprintName } from '../../src/service-config/rules.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import { failureOf } from '../support/failure.ts';

const liveOf = (settings: Live['settings'], accessTypes: readonly string[] = []): Live => ({
  settings,
  ownSettings: settings,
  accessTypes,
  recordNumber: 1,
  isNewestServing: true,
  isFunction: false,
});

const live = liveOf({ Cpu: 0.5, Cmd: ['a'], EnvParams: '{"A":"live-a","B":"live-b"}' }, ['VPC', 'PUBLIC']);
const nothing: Changes = { settings: [], keptEnv: [], access: [] };
const soon = { effect: 'new version' } as const;

describe('what a create changes', () => {
  it('is every setting', () => {
    const sent: Settings = { Cpu: 1, MinNum: 0, OpenAccessTypes: ['MINIAPP'], EnvParams: { A: 'x' } };
    expect(diffSettings(sent, undefined)).toEqual({
      settings: [
        { setting: 'Cpu', kind: 'added', from: '(not set)', to: '1', ...soon },
        { setting: 'MinNum', kind: 'added', from: '(not set)', to: '0', ...soon },
        { setting: 'OpenAccessTypes', kind: 'added', from: '(not set)', to: 'MINIAPP', ...soon },
        { setting: 'EnvParams.A', kind: 'added', from: '(not set)', to: '(a value)', ...soon },
      ],
      keptEnv: [],
      access: ['The service becomes reachable from mini programs.'],
    });
  });

  it('is no setting that is set to nothing', () => {
    expect(diffSettings({ Cmd: [], TimerScale: [], EnvParams: {} }, undefined)).toEqual(nothing);
    expect(diffSettings({ InstallDependency: true }, undefined)).toEqual(nothing);
  });
});

describe('what an update changes', () => {
  it.each<[string, Settings]>([
    ['nothing is sent', {}],
    ['the same is sent', { Cpu: 0.5, OpenAccessTypes: ['PUBLIC', 'VPC'], Cmd: ['a'] }],
    ['zero is sent for what is not there', { MinNum: 0, EntryPoint: [] }],
    ['only the package is another', { InstallDependency: true }],
  ])('is nothing where %s', (_what, sent) => {
    expect(diffSettings(sent, live)).toEqual({ ...nothing, keptEnv: ['A', 'B'] });
  });

  it.each<[Settings, Omit<Change, 'setting'>]>([
    [{ Cpu: 1 }, { kind: 'changed', from: '0.5', to: '1', ...soon }],
    [{ Mem: 2 }, { kind: 'added', from: '(not set)', to: '2', ...soon }],
    [{ Cmd: [] }, { kind: 'removed', from: '["a"]', to: '(not set)', ...soon }],
    [{ Cmd: ['a', 'b'] }, { kind: 'changed', from: '["a"]', to: '["a","b"]', ...soon }],
    [{ MinNum: 1 }, { kind: 'added', from: '(not set)', to: '1', effect: 'hot' }],
    [{ MaxNum: 9 }, { kind: 'added', from: '(not set)', to: '9', effect: 'hot' }],
    [
      { OpenAccessTypes: ['VPC', 'OA'] },
      { kind: 'changed', from: 'PUBLIC, VPC', to: 'OA, VPC', effect: 'hot' },
    ],
    [{ CustomLogs: 'stdout' }, { kind: 'added', from: '(not set)', to: 'stdout', ...soon }],
    [
      { PublicNetConf: { PublicNetStatus: 'ENABLE' } },
      { kind: 'added', from: '(not set)', to: '{"PublicNetStatus":"ENABLE"}', ...soon },
    ],
  ])('is %j', (sent, change) => {
    const [setting] = Object.keys(sent);
    expect(diffSettings(sent, live).settings).toEqual([{ setting, ...change }]);
  });

  it.each<[string, Settings]>([
    ['replicas', { MinNum: 1, MaxNum: 9 }],
    ['access', { OpenAccessTypes: ['VPC'] }],
    ['replicas and more', { MinNum: 1, Cpu: 1, EnvParams: { A: 'x' } }],
  ])('is a new version where the newest release does not serve: %s', (_what, sent) => {
    const effects = (known: Live): string[] => diffSettings(sent, known).settings.map(({ effect }) => effect);
    expect(new Set(effects({ ...live, isNewestServing: false, isFunction: false }))).toEqual(
      new Set(['new version']),
    );
    expect(effects(live)).toContain('hot');
  });

  it('is no VPC that is sent again', () => {
    const vpc = { VpcId: 'v', SubnetId: 's' };
    const inVpc = liveOf({ VpcConf: { ...vpc, SubnetCidr: '10.0.0.0/8' } });
    expect(diffSettings({ VpcConf: vpc }, inVpc)).toEqual(nothing);
    expect(diffSettings({ VpcConf: { ...vpc, SubnetId: 't' } }, inVpc).settings).toMatchObject([
      { setting: 'VpcConf', kind: 'changed', to: '{"VpcId":"v","SubnetId":"t"}' },
    ]);
  });

  it('is not told over env vars that cannot be read', async () => {
    await failureOf(InputError, () => diffSettings({}, liveOf({ EnvParams: 'A=1' })));
  });
});

describe('env vars', () => {
  it('are added, changed, removed and kept, by their names', () => {
    const env = liveOf({ EnvParams: '{"KEPT":"1","CHANGED":"live","GONE":"live","EMPTIED":"live"}' });
    const EnvParams = { NEW: 'sent', KEPT: '1', CHANGED: 'sent', EMPTIED: '', EMPTY: '' };
    expect(diffSettings({ EnvParams }, env)).toEqual({
      settings: [
        { setting: 'EnvParams.CHANGED', kind: 'changed', from: '(a value)', to: '(another value)', ...soon },
        { setting: 'EnvParams.EMPTIED', kind: 'changed', from: '(a value)', to: '(another value)', ...soon },
        { setting: 'EnvParams.EMPTY', kind: 'added', from: '(not set)', to: '(a value)', ...soon },
        { setting: 'EnvParams.GONE', kind: 'removed', from: '(a value)', to: '(deleted)', ...soon },
        { setting: 'EnvParams.NEW', kind: 'added', from: '(not set)', to: '(a value)', ...soon },
      ],
      keptEnv: ['KEPT'],
      access: [],
    });
  });

  it.each(['constructor', 'toString', '__proto__'])('may be called %s', (name) => {
    const blob = `{"${name}":"1"}`;
    const EnvParams = JSON.parse(blob) as Record<string, string>;
    const setting = `EnvParams.${name}`;
    expect(diffSettings({ EnvParams }, liveOf({})).settings).toMatchObject([{ setting, kind: 'added' }]);
    expect(diffSettings({ EnvParams: {} }, liveOf({ EnvParams: blob })).settings).toMatchObject([
      { setting, kind: 'removed' },
    ]);
    expect(diffSettings({ EnvParams }, liveOf({ EnvParams: blob }))).toEqual({ ...nothing, keptEnv: [name] });
  });

  it('do not hold the mark of the source', () => {
    const marked = liveOf({ EnvParams: `{"A":"1","${fingerprintName}":"abc:1"}` });
    const kept = { ...nothing, keptEnv: ['A'] };
    expect(diffSettings({ EnvParams: { A: '1', [fingerprintName]: 'abc:2' } }, marked)).toEqual(kept);
    expect(diffSettings({ EnvParams: { A: '1' } }, marked)).toEqual(kept);
    expect(diffSettings({}, marked)).toEqual(kept);
    expect(diffSettings({ EnvParams: { [fingerprintName]: 'abc:1' } }, undefined)).toEqual(nothing);
  });
});

describe('access', () => {
  it.each<[Settings['OpenAccessTypes'], readonly string[] | undefined, string[]]>([
    [['PUBLIC'], undefined, ['The service becomes public: anyone on the internet can call it.']],
    [['PUBLIC', 'VPC'], ['VPC'], ['The service becomes public: anyone on the internet can call it.']],
    [['VPC'], ['PUBLIC', 'VPC'], ['The service is no longer public.']],
    [['VPC', 'MINIAPP'], ['MINIAPP'], ['The service becomes reachable from its VPC.']],
    [['MINIAPP'], ['VPC', 'MINIAPP'], ['The service is no longer reachable from its VPC.']],
    [['MINIAPP', 'VPC'], ['VPC'], ['The service becomes reachable from mini programs.']],
    [['VPC'], ['MINIAPP', 'VPC'], ['The service is no longer reachable from mini programs.']],
    [['VPC', 'OA'], ['VPC'], ['The service becomes reachable from the office network.']],
    [['VPC'], ['VPC', 'OA'], ['The service is no longer reachable from the office network.']],
    [['VPC', 'PUBLIC'], ['PUBLIC', 'VPC'], []],
    [undefined, ['PUBLIC'], []],
    [undefined, undefined, []],
    [
      ['MINIAPP'],
      ['PUBLIC', 'OA'],
      [
        'The service is no longer public.',
        'The service becomes reachable from mini programs.',
        'The service is no longer reachable from the office network.',
      ],
    ],
  ])('%j over %j is told in words', (OpenAccessTypes, before, sentences) => {
    const sent = { ...(OpenAccessTypes && { OpenAccessTypes }) };
    const { access } = diffSettings(sent, before === undefined ? undefined : liveOf({}, before));
    expect(access).toEqual(sentences);
  });
});

it('says changes as lines', () => {
  const sent: Settings = { Cpu: 1, OpenAccessTypes: ['VPC'], EnvParams: { A: 'live-a' } };
  expect(describeChanges(diffSettings(sent, live))).toEqual([
    'Cpu: 0.5 → 1 (new version)',
    'OpenAccessTypes: PUBLIC, VPC → VPC (hot)',
    'EnvParams.B: (a value) → (deleted) (new version)',
    'The service is no longer public.',
  ]);
});

describe('what nobody may see', () => {
  const canaries = fc.constantFrom('canary-1', 'canary-2', '{"canary":[1]}', 'a\ncanary', '| canary |');
  const envs = fc.dictionary(fc.constantFrom('A', 'B', 'C', 'constructor', '__proto__', 'KeyID'), canaries);
  const volumes = fc.array(
    fc.record({ Type: fc.constantFrom('cos', 'cfs'), KeyID: canaries }, { requiredKeys: ['Type'] }),
    { maxLength: 2 },
  );
  const states = fc.record({ env: envs, volumes });

  it('is in no change, whatever is live and sent', () => {
    let seen = 0;
    fc.assert(
      fc.property(states, fc.option(states, { nil: undefined }), (wanted, before) => {
        const sent: Settings = { EnvParams: wanted.env, VolumesConf: wanted.volumes };
        const known =
          before && liveOf({ EnvParams: JSON.stringify(before.env), VolumesConf: before.volumes });
        const changes = diffSettings(sent, known);
        seen += changes.settings.length;
        expect(JSON.stringify(changes)).not.toContain('canary');
        expect(describeChanges(changes).join('\n')).not.toContain('canary');
      }),
    );
    expect(seen).toBeGreaterThan(0);
  });

  it('is shown to be there', () => {
    const VolumesConf = [{ Type: 'cos', KeyID: 'canary' }];
    expect(diffSettings({ VolumesConf }, live).settings).toMatchObject([
      { setting: 'VolumesConf', from: '(not set)', to: '[{"Type":"cos","KeyID":"[redacted]"}]' },
    ]);
  });
});
