import { describe, expect, it } from '@jest/globals';

import { liveOf, resolveSettings, type Live, type Wanted } from '../../src/service-config/merge.ts';
import { fingerprintName } from '../../src/service-config/rules.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import { serviceDetail } from '../support/samples.ts';

const wantedOf = (settings: Settings, given: Partial<Wanted> = {}): Wanted => ({
  settings,
  envStrategy: 'merge',
  ...given,
});

const liveSettings = { Cpu: 0.5, Mem: 1, Port: 8080, Cmd: ['a', 'b'], EnvParams: '{"A":"1","B":"2"}' };

const liveWith = (given: Partial<Live>): Live => ({
  settings: liveSettings,
  ownSettings: liveSettings,
  accessTypes: ['PUBLIC', 'OA', 'VPC'],
  recordNumber: 6,
  isNewestServing: false,
  isFunction: false,
  ...given,
});

const update = (settings: Settings, live: Partial<Live>, given: Partial<Wanted> = {}): Settings =>
  resolveSettings(wantedOf(settings, given), liveWith(live)).sent;

describe('what a service is to the merge', () => {
  it.each<[string, readonly string[], number, boolean]>([
    ['its newest release serves', ['shop-006'], 6, true],
    ['its newest release has a number of more digits', ['shop-1006'], 1006, true],
    ['a release after the one that serves has failed', ['shop-005'], 6, false],
    ['a number of its name is no number of a release', ['shop-6-005'], 6, false],
    ['its newest release serves beside another one', ['shop-006', 'shop-005'], 6, false],
    ['another one serves beside its newest release', ['shop-005', 'shop-006'], 6, false],
    ['nothing serves', [], 6, false],
    ['what serves has no number', ['shop'], 0, false],
  ])('is told where %s', (...[, names, recordNumber, isNewestServing]) => {
    const onlineVersions = names.map((versionName) => ({ versionName, imageUrl: '', share: 50 }));
    const accessTypes = ['VPC'];
    const service = serviceDetail({ onlineVersions, accessTypes, ownSettings: { Cpu: 2 } });
    expect(liveOf(service, recordNumber)).toEqual({
      settings: service.settings,
      ownSettings: { Cpu: 2 },
      accessTypes,
      recordNumber,
      isNewestServing,
      isFunction: false,
    });
  });

  const ownSettings = { Cpu: 2, EnvParams: '{"A":"own"}', Cmd: ['own'], VolumesConf: [{ Type: 'cos' }] };
  const names = ['Cpu', 'EnvParams', 'VpcConf', 'EntryPoint', 'Cmd', 'PolicyDetails', 'VolumesConf'];
  const nulls = Object.fromEntries(names.map((name) => [name, null]));

  it.each<[string, number, object]>([
    ['the service’s own, where its newest release serves', 1, ownSettings],
    [
      'none, but for env vars, where it does not',
      2,
      { EnvParams: ownSettings.EnvParams, EntryPoint: [], Cmd: [], PolicyDetails: [], VolumesConf: [] },
    ],
  ])('has for what its version tells as null %s', (_what, recordNumber, expected) => {
    const service = serviceDetail({ settings: { ...nulls, Mem: 1, Dockerfile: '', MinNum: 0 }, ownSettings });
    expect(liveOf(service, recordNumber).settings).toEqual({
      Mem: 1,
      Dockerfile: '',
      MinNum: 0,
      ...expected,
    });
  });
});

describe('what a release that does not serve has left on the service', () => {
  const vpc = { VpcId: 'vpc-1', SubnetId: 'subnet-1' };
  const volume = { Type: 'cos', BucketName: 'files', DstPath: '/files' };
  const policy: NonNullable<Settings['PolicyDetails']>[number] = { PolicyType: 'cpu', PolicyThreshold: 60 };
  const serving = {
    ...liveSettings,
    VolumesConf: [],
    PolicyDetails: [policy],
    Dockerfile: 'Dockerfile',
    BuildDir: '',
  };
  const left = (own: object): Partial<Live> => ({
    settings: serving,
    ownSettings: { ...serving, ...own },
    isNewestServing: false,
    isFunction: false,
  });
  const env = { A: '1', B: '2' };

  it.each<[string, object, Settings]>([
    ['nothing', {}, {}],
    ['another size', { Cpu: 2, Mem: 4 }, { Cpu: 0.5, Mem: 1 }],
    ['an env var more', { EnvParams: '{"A":"1","B":"2","C":"3"}' }, { EnvParams: env }],
    ['another value of an env var', { EnvParams: '{"A":"1","B":"left"}' }, { EnvParams: env }],
    ['an env var less', { EnvParams: '{"A":"1"}' }, { EnvParams: env }],
    ['no env var at all', { EnvParams: undefined }, { EnvParams: env }],
    ['env vars that nobody can read', { EnvParams: 'A=1' }, { EnvParams: env }],
    ['another command', { Cmd: ['a b'] }, { Cmd: ['a', 'b'] }],
    ['no command', { Cmd: null }, { Cmd: ['a', 'b'] }],
    ['a command where there is none', { EntryPoint: ['sh'] }, {}],
    ['a volume', { VolumesConf: [volume] }, { VolumesConf: [] }],
    [
      'two policies',
      { PolicyDetails: [policy, { ...policy, PolicyType: 'mem' }] },
      { PolicyDetails: [policy] },
    ],
    ['another Dockerfile and port', { Dockerfile: 'D', Port: 1 }, { Dockerfile: 'Dockerfile', Port: 8080 }],
    ['another folder', { BuildDir: 'api' }, { BuildDir: '.' }],
    ['what is no setting of a config', { Tag: 'x', HasDockerfile: false }, {}],
  ])('goes back: %s', (_what, own, sent) => {
    const { asked, sent: told } = resolveSettings(wantedOf({}), liveWith(left(own)));
    expect(told).toEqual(sent);
    expect(asked).toEqual(sent);
    // What the two have differently counts, whatever the numbers of the releases say.
    expect(update({}, { ...left(own), isNewestServing: true })).toEqual({});
  });

  it('stays where what serves has an empty text: there is no telling the API of none', () => {
    const settings = { ...serving, CustomLogs: '' };
    expect(update({}, { ...left({ CustomLogs: '/app/*.log' }), settings })).toEqual({});
  });

  it('stays where a version tells a command as one text, which does not tell its arguments', () => {
    const settings = { ...serving, Cmd: 'sh -c node server.js' };
    expect(update({}, { ...left({ Cmd: ['left'] }), settings })).toEqual({});
    expect(update({ Cmd: ['sh', '-c', 'node server.js'] }, { ...left({}), settings })).toEqual({
      Cmd: ['sh', '-c', 'node server.js'],
    });
  });

  it('stays where a function has settings of containers', () => {
    const own = { Dockerfile: 'D', BuildDir: 'api', Cmd: ['x'], Cpu: 2, Mem: 4 };
    expect(update({}, { ...left(own), isFunction: true })).toEqual({ Cpu: 0.5, Mem: 1 });
  });

  it('is the name of a Dockerfile, too, that nobody gave', () => {
    const settings = { ...serving, Dockerfile: '' };
    expect(update({}, { ...left({ Dockerfile: 'docker/D' }), settings })).toEqual({
      Dockerfile: 'Dockerfile',
    });
    expect(update({}, { ...left({ Dockerfile: '' }), settings })).toEqual({});
  });

  it('is no network where the version that serves has none', () => {
    const service = serviceDetail({ settings: { VpcConf: null }, ownSettings: { VpcConf: vpc } });
    for (const recordNumber of [1, 2])
      expect(resolveSettings(wantedOf({}), liveOf(service, recordNumber)).sent).not.toHaveProperty('VpcConf');
  });

  it('goes back where a version has none of a list', () => {
    const settings = { ...serving, EntryPoint: [] };
    expect(update({}, { ...left({ EntryPoint: ['sh'] }), settings })).toEqual({ EntryPoint: [] });
  });

  it.each<[string, Settings, object, Settings]>([
    ['over what serves', { Cpu: 1, Mem: 2 }, { Cpu: 2, Mem: 4 }, { Cpu: 1, Mem: 2 }],
    ['also where it serves', { Cpu: 0.5, Mem: 1 }, { Cpu: 2, Mem: 4 }, { Cpu: 0.5, Mem: 1 }],
    ['also where it was left', { Cpu: 2, Mem: 4 }, { Cpu: 2, Mem: 4 }, { Cpu: 2, Mem: 4 }],
    ['beside what goes back', { MinNum: 1 }, { Cmd: ['left'] }, { MinNum: 1, Cmd: ['a', 'b'] }],
    [
      'in an env var',
      { EnvParams: { B: 'new' } },
      { EnvParams: '{"B":"left","C":"left"}' },
      { EnvParams: { A: '1', B: 'new' } },
    ],
    [
      'in an env var that was left',
      { EnvParams: { B: 'left' } },
      { EnvParams: '{"A":"1","B":"left"}' },
      { EnvParams: { A: '1', B: 'left' } },
    ],
    [
      'in an env var that is to go',
      { EnvParams: { B: null } },
      { EnvParams: '{"A":"1"}' },
      { EnvParams: { A: '1' } },
    ],
  ])('gives way to the user %s', (...[, settings, own, sent]) => {
    expect(update(settings, left(own))).toEqual(sent);
  });

  it('is no reason to leave out what the user set, though it is all the same', () => {
    const settings: Settings = {
      Cpu: 0.5,
      Port: 8080,
      Cmd: ['a', 'b'],
      EnvParams: { A: '1' },
      OpenAccessTypes: ['WEB', 'OA', 'VPC'],
    };
    const told = { ...settings, EnvParams: env, OpenAccessTypes: ['PUBLIC', 'OA', 'VPC'] };
    expect(update(settings, left({}))).toEqual(told);
    expect(update(settings, { ...left({}), isNewestServing: true })).toEqual({});
  });

  it.each<[Wanted['envStrategy'], object]>([
    ['merge', { A: '1', B: '2', C: '3' }],
    ['replace', { C: '3' }],
  ])('is no base for env vars with the strategy %s', (envStrategy, sent) => {
    const own = { EnvParams: '{"A":"left","LEFT":"x"}' };
    expect(update({ EnvParams: { C: '3' } }, left(own), { envStrategy })).toEqual({ EnvParams: sent });
    const same = { EnvParams: JSON.stringify(sent) };
    expect(update({ EnvParams: { C: '3' } }, left(same), { envStrategy })).toEqual({ EnvParams: sent });
  });

  it('is no base for the mark of the source', () => {
    const settings = { EnvParams: `{"${fingerprintName}":"abc1:5"}` };
    const ownSettings = { EnvParams: `{"${fingerprintName}":"def2:6"}` };
    const live = { settings, ownSettings, isNewestServing: false };
    expect(update({}, live).EnvParams).toEqual({ [fingerprintName]: 'abc1:5' });
    expect(update({}, live, { fingerprint: 'abc1' }).EnvParams).toEqual({ [fingerprintName]: 'abc1:7' });
  });

  it('is not told again in other forms of the same', () => {
    const ownSettings = {
      ...serving,
      BuildDir: '.',
      EnvParams: { B: '2', A: '1' },
      EntryPoint: [],
      PolicyDetails: [{ PolicyThreshold: '60', PolicyType: 'cpu', Id: 0 }],
      VolumesConf: null,
      Cpu: '0.5',
      OpenAccessTypes: ['VPC', 'PUBLIC', 'OA'],
    };
    expect(update({}, { settings: serving, ownSettings, isNewestServing: false })).toEqual({});
    const other = { ...serving, PublicNetConf: { PublicNetStatus: 'DISABLE' } };
    const filled = { ...other, BuildDir: '.', PublicNetConf: { PublicNetStatus: 'DISABLE', Bandwidth: 0 } };
    expect(update({}, { settings: other, ownSettings: filled, isNewestServing: false })).toEqual({});
    expect(update({}, { settings: filled, ownSettings: other, isNewestServing: false })).toEqual({});
  });

  it('is no network: that of what serves goes out with all of its fields', () => {
    const settings = { ...serving, VpcConf: { ...vpc, SubnetCidr: '10.0.0.0/24' } };
    const ownSettings = { ...serving, VpcConf: { VpcId: 'vpc-2', SubnetId: 'subnet-2' } };
    expect(update({}, { settings, ownSettings, isNewestServing: false })).toEqual({
      VpcConf: settings.VpcConf,
    });
  });
});
