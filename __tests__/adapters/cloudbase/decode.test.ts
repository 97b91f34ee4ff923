import { describe, expect, it } from '@jest/globals';

import * as decode from '../../../src/adapters/cloudbase/decode.ts';

/** What an answer may hold in place of anything: nothing here may throw. */
const oddities = [
  {},
  { EnvBaseInfo: null, BaseInfo: null, ServerConfig: null, Task: null, Log: null, Logs: null },
];

describe('an odd answer', () => {
  it.each(oddities)('is decoded into empty values: %j', (answer) => {
    expect(decode.decodeEnvironment(answer)).toEqual({ isOpen: false, status: '', network: undefined });
    expect(decode.decodeVersion(answer, { Cpu: 1 })).toEqual({ Cpu: 1 });
    expect(decode.decodeService(answer)).toEqual({
      serviceType: 'container',
      status: '',
      accessTypes: [],
      defaultDomain: '',
      customDomains: [],
      settings: {},
      ownSettings: {},
      settingsOf: 'service',
      onlineVersions: [],
    });
    expect(decode.decodeRecords({ ...answer, DeployRecords: null })).toEqual([]);
    expect(decode.decodeTask(answer)).toBeUndefined();
    expect(decode.decodeGatewayUrls({ ...answer, Domains: null }, 'shop')).toEqual([]);
    expect(decode.decodeProcessLog(answer)).toEqual([]);
    expect(decode.decodeBuildLog(answer)).toEqual({ text: '', delivered: 0, hasMore: false });
  });
});

describe('the environment', () => {
  it.each([
    [{ IsExist: true, EnvBaseInfo: { Status: 'NORMAL' } }, true, 'normal'],
    [{ IsExist: false, EnvBaseInfo: { Status: '' } }, false, ''],
    [{ IsExist: 'true' }, false, ''],
  ])('in %j', (answer, isOpen, status) => {
    expect(decode.decodeEnvironment(answer)).toEqual({ isOpen, status, network: undefined });
  });

  it.each<[object, object | undefined]>([
    [
      { VpcId: 'vpc-1', SubnetIds: 'a' },
      { vpcId: 'vpc-1', subnetIds: ['a'] },
    ],
    [
      { VpcId: 'vpc-1', SubnetIds: 'a, b,' },
      { vpcId: 'vpc-1', subnetIds: ['a', 'b'] },
    ],
    [
      { VpcId: 'vpc-1', SubnetIds: ['a', ' b', '', null] },
      { vpcId: 'vpc-1', subnetIds: ['a', 'b'] },
    ],
    [
      { VpcId: 'vpc-1', SubnetIds: null },
      { vpcId: 'vpc-1', subnetIds: [] },
    ],
    [{ VpcId: '', SubnetIds: 'a' }, undefined],
    [{ VpcId: null }, undefined],
  ])('with the network %j', (EnvBaseInfo, network) => {
    expect(decode.decodeEnvironment({ IsExist: true, EnvBaseInfo }).network).toEqual(network);
  });
});

describe('a version', () => {
  const ofService = {
    Cpu: 1,
    MinNum: 2,
    MaxNum: 7,
    OpenAccessTypes: ['VPC'],
    CustomLogs: 'stdout',
    EnvParams: '{"A":"service"}',
    EntryPoint: ['sh', '-c'],
    Tag: 'function:',
  };

  it('tells its settings over those of the service', () => {
    const said = {
      Port: 8080,
      Cpu: 0.5,
      Mem: 1,
      PolicyDetails: [{ PolicyType: 'cpu', PolicyThreshold: 60 }],
      Dockerfile: 'Dockerfile',
      BuildDir: 'api',
      EnvParams: '{"A":"version"}',
      VpcConf: { VpcId: 'v', SubnetId: 's', VpcCIDR: '', SubnetCIDR: '' },
      VolumesConf: [{ Type: 'cos' }],
    };
    const answer = { ...said, Name: 'shop-001', Status: 'normal', LogPath: '/log', Cmd: ['node', 'a b.js'] };
    expect(decode.decodeVersion(answer, ofService)).toEqual({
      ...ofService,
      ...said,
      CustomLogs: '/log',
      Cmd: ['node', 'a b.js'],
    });
  });

  it('does not tell what holds for the service as a whole', () => {
    const answer = { MinNum: 0, MaxNum: 50, OpenAccessTypes: ['PUBLIC'], AccessTypes: ['PUBLIC'], Tag: '' };
    expect(decode.decodeVersion(answer, ofService)).toEqual(ofService);
  });

  it('has null where it tells null, but for what holds for the service as a whole', () => {
    const of = { Cpu: null, EnvParams: null, EntryPoint: null, CustomLogs: null };
    const names = [...Object.keys(ofService), 'LogPath', 'VpcConf', 'Cmd'];
    const nulls = Object.fromEntries(names.map((name) => [name, null]));
    expect(decode.decodeVersion(nulls, ofService)).toEqual({ ...ofService, ...of, VpcConf: null, Cmd: null });
  });

  it('says nothing where it leaves out', () => {
    expect(decode.decodeVersion({}, ofService)).toEqual(ofService);
    expect(decode.decodeVersion({ Cpu: undefined, Cmd: undefined }, ofService)).toEqual(ofService);
  });

  it.each([
    [{ VpcId: '', VpcCIDR: '', SubnetId: '', SubnetCIDR: '' }],
    [{ VpcId: '', SubnetId: 's' }],
    [null],
  ])('has no network where it tells %j', (VpcConf) => {
    const own = { VpcConf: { VpcId: 'v', SubnetId: 's' } };
    expect(decode.decodeVersion({ VpcConf }, own)).toEqual({ VpcConf: null });
    expect(decode.decodeVersion({ VpcConf }, {})).toEqual({ VpcConf: null });
  });

  it('says that there is none where it has an empty text', () => {
    expect(decode.decodeVersion({ EnvParams: '', LogPath: '' }, ofService)).toEqual({
      ...ofService,
      EnvParams: '',
      CustomLogs: '',
    });
  });

  it.each<[string, unknown, unknown, unknown]>([
    ['one text of the service’s words', 'sh -c "a  b"', ['sh', '-c', '"a b"'], ['sh', '-c', '"a b"']],
    ['one text of other words', 'node server.js', ['sh', '-c'], 'node server.js'],
    ['one text, and the service has none', 'node server.js', null, 'node server.js'],
    ['one other word', 'node', ['sh', '-c'], ['node']],
    ['an empty text, and the service has none', '', [], []],
    ['an empty text', '', ['sh'], []],
    ['a list', ['sh', 'a b'], ['x'], ['sh', 'a b']],
    ['nothing', null, ['sh'], null],
    ['nothing at all', undefined, ['sh'], ['sh']],
  ])('has a command as %s', (...[, value, own, command]) => {
    for (const name of ['EntryPoint', 'Cmd'])
      expect(decode.decodeVersion({ [name]: value }, { [name]: own })[name]).toEqual(command);
  });
});

describe('the service', () => {
  it('is read whatever the case and the form of its fields', () => {
    const settings = { Cpu: 0.5, OpenAccessTypes: ['vpc'] };
    expect(
      decode.decodeService({
        BaseInfo: {
          Status: 'Normal',
          ServerType: 'function',
          AccessTypes: ['public', 'Oa'],
          DefaultDomainName: 'https://shop.test',
          CustomDomainNames: ['a.test', ''],
        },
        ServerConfig: settings,
        OnlineVersionInfos: [
          { VersionName: 'shop-001', FlowRatio: 0 },
          { VersionName: 'shop-002', FlowRatio: '20' },
          { VersionName: 'shop-003', ImageUrl: 'i', FlowRatio: '80%' },
        ],
      }),
    ).toEqual({
      serviceType: 'function',
      status: 'normal',
      accessTypes: ['PUBLIC', 'OA'],
      defaultDomain: 'https://shop.test',
      customDomains: ['a.test'],
      settings,
      ownSettings: settings,
      settingsOf: 'service',
      onlineVersions: [
        { versionName: 'shop-003', imageUrl: 'i', share: 80 },
        { versionName: 'shop-002', imageUrl: '', share: 20 },
      ],
    });
  });

  it.each([
    [{ BaseInfo: { ServerType: 'container' } }, 'container'],
    [{ ServerConfig: { Tag: 'function:' } }, 'function'],
    [{ ServerConfig: { Tag: 'other' } }, 'container'],
  ])('%j runs in %s mode', (answer, serviceType) => {
    expect(decode.decodeService(answer).serviceType).toBe(serviceType);
  });

  it('takes access and domain from where they are', () => {
    const answer = {
      BaseInfo: { AccessTypes: null, CustomDomainName: 'b.test' },
      ServerConfig: { OpenAccessTypes: ['VPC'] },
    };
    expect(decode.decodeService(answer)).toMatchObject({ accessTypes: ['VPC'], customDomains: ['b.test'] });
  });
});

it('records come newest first, by the counter in whatever id', () => {
  const records = decode.decodeRecords({
    DeployRecords: [
      { DeployId: 'shop-009', Status: 'NORMAL', RunId: 'r9', BuildId: 9 },
      { DeployId: '10', Status: 'Building', BuildId: '12' },
      { DeployId: 'odd', Status: null },
    ],
  });
  expect(records).toEqual([
    { number: 10, status: 'building', runId: '', buildId: 12, imageUrl: '' },
    { number: 9, status: 'normal', runId: 'r9', buildId: 9, imageUrl: '' },
    { number: 0, status: '', runId: '', buildId: 0, imageUrl: '' },
  ]);
});

describe('a task', () => {
  it('is read with its steps', () => {
    const Steps = [{ Name: 'build', Status: 'FINISHED' }, null];
    expect(
      decode.decodeTask({ IsExist: true, Task: { Id: '7', Status: 'Running', VersionName: 'v', Steps } }),
    ).toEqual({
      id: 7,
      status: 'running',
      versionName: 'v',
      failReason: '',
      steps: [
        { name: 'build', status: 'finished', failReason: '' },
        { name: '', status: '', failReason: '' },
      ],
    });
  });

  it.each([
    { IsExist: false, Task: { Id: 7 } },
    { IsExist: true, Task: { Id: 0 } },
  ])('is none: %j', (answer) => {
    expect(decode.decodeTask(answer)).toBeUndefined();
  });

  it('has no steps where the list is null', () => {
    expect(decode.decodeTask({ Task: { Id: 7, Steps: null } })?.steps).toEqual([]);
  });
});

it('the upload slot holds its headers', () => {
  const UploadHeaders = [{ Key: 'x-cos-token', Value: 't' }];
  expect(
    decode.decodeUploadSlot({ UploadUrl: 'https://s', UploadHeaders, PackageName: 'p', PackageVersion: 'v' }),
  ).toEqual({ url: 'https://s', headers: { 'x-cos-token': 't' }, packageName: 'p', packageVersion: 'v' });
  expect(decode.decodeUploadSlot({ UploadUrl: 'https://s', UploadHeaders: null }).headers).toEqual({});
});

it('a version has an address of its package where it was made from one', () => {
  const DownloadHeaders = [{ Key: 'x-cos-token', Value: 't' }, { Value: 'no key' }, null];
  const answer = { DownloadUrl: 'https://s', DownloadHeaders, OutDate: true };
  const headers = { 'x-cos-token': 't' };
  expect(decode.decodeDownload(answer)).toEqual({ url: 'https://s', headers, isOutdated: true });
  const bare = { url: 'https://s', headers: {}, isOutdated: false };
  expect(decode.decodeDownload({ DownloadUrl: 'https://s' })).toEqual(bare);
  expect(decode.decodeDownload({ DownloadUrl: 'https://s', DownloadHeaders: null })).toEqual(bare);
  for (const none of [{}, { DownloadUrl: '' }, { DownloadUrl: null, DownloadHeaders: null }])
    expect(decode.decodeDownload(none)).toBeUndefined();
});

it('gateway URLs are the enabled routes to the service, own domains first', () => {
  const route = (Path: string, given: object = {}): object => ({
    Path,
    UpstreamResourceType: 'CBR',
    UpstreamResourceName: 'shop',
    ...given,
  });
  const Domains = [
    { Domain: 'default.test', IsDefault: true, Routes: [route('/'), route('/api')] },
    {
      Domain: 'own.test',
      IsDefault: false,
      Routes: [route('/v1'), route('/other', { UpstreamResourceName: 'b' })],
    },
    { Domain: 'off.test', Enable: false, Routes: [route('/')] },
    {
      Domain: 'half.test',
      Routes: [route('/off', { Enable: false }), route('/scf', { UpstreamResourceType: 'SCF' })],
    },
    { Domain: '', Routes: [route('/')] },
    { Domain: 'none.test', Routes: null },
  ];
  expect(decode.decodeGatewayUrls({ Domains }, 'shop')).toEqual([
    'https://own.test/v1',
    'https://default.test',
    'https://default.test/api',
  ]);
});

it.each([
  [{ Logs: ['a', 'b\nc'] }, ['a', 'b', 'c']],
  [{ Logs: 'a\nb' }, ['a', 'b']],
  [{ Logs: [{ Log: 'a' }, { Text: 'b' }] }, ['a', 'b']],
  [{ Logs: [] }, []],
  [{ Logs: [''] }, []],
  [{ Logs: ['a\n\nb'] }, ['a', '', 'b']],
])('the process log in %j', (answer, lines) => {
  expect(decode.decodeProcessLog(answer)).toEqual(lines);
});

it.each([
  ['12', 12],
  [12.5, 12.5],
  ['', 0],
  ['x', 0],
  [null, 0],
  [Infinity, 0],
])('%j as a number is %s', (value, number) => {
  expect(decode.number(value)).toBe(number);
});
