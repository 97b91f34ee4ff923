import { describe, expect, it } from '@jest/globals';

import type { Problem } from '../../src/errors.ts';
import { inlineName } from '../../src/service-config/rules.ts';
import { parseConfigSource, parseServiceConfig } from '../../src/service-config/parse.ts';

const inFile = (yaml: string): Problem[] => [...parseServiceConfig(yaml, 'cloud.yml').problems];
const settingsOf = (yaml: string): unknown => parseServiceConfig(yaml, 'cloud.yml').value?.settings;

describe('the source of the config', () => {
  it.each([
    ['deploy/cloud.yml', 'path', 'deploy/cloud.yml'],
    [' cloud.yml \n', 'path', 'cloud.yml'],
    ['Cpu: 1', 'inline', 'Cpu: 1'],
    ['Cpu: 1\nMem: 2\n', 'inline', 'Cpu: 1\nMem: 2'],
    ['[a, b]', 'inline', '[a, b]'],
    ['{Cpu: 1', 'inline', '{Cpu: 1'],
    ['two\nlines', 'inline', 'two\nlines'],
  ])('%j is %s', (input, kind, value) => {
    expect(parseConfigSource(input)).toEqual({ kind, value });
  });
});

describe('a good config', () => {
  it.each(['', '# nothing\n', '{}'])('may hold nothing: %j', (yaml) => {
    expect(settingsOf(yaml)).toEqual({});
  });

  it('keeps settings and where they stand', () => {
    const { value, problems } = parseServiceConfig('Cpu: 1\nMem: 2\nOpenAccessTypes: [WEB]\n', 'cloud.yml');
    expect(problems).toEqual([]);
    expect(value).toEqual({
      settings: { Cpu: 1, Mem: 2, OpenAccessTypes: ['WEB'] },
      positions: {
        Cpu: { file: 'cloud.yml', line: 1, column: 1 },
        Mem: { file: 'cloud.yml', line: 2, column: 1 },
        OpenAccessTypes: { file: 'cloud.yml', line: 3, column: 1 },
      },
      overlays: [],
    });
  });

  it('keeps env vars as they are written', () => {
    const yaml = [
      'EnvParams:',
      '  VERSION: 1.10',
      '  MASK: 0x1F',
      '  BIG: 123456789012345678901234567890',
      '  ENDLESS: .inf',
      '  NONE: .NaN',
      '  SMALL: 1e-400',
      '  YES: yes',
      '  NO: no',
      '  SWITCH: off',
      '  ON: True',
      '  OFF: "false"',
      '  TEXT: plain text',
      '  GONE: null',
      '  8080: port',
      '  0x1F: hexadecimal',
      '  True: also a name',
    ].join('\n');
    expect(settingsOf(yaml)).toEqual({
      EnvParams: {
        VERSION: '1.10',
        MASK: '0x1F',
        BIG: '123456789012345678901234567890',
        ENDLESS: '.inf',
        NONE: '.NaN',
        SMALL: '1e-400',
        YES: 'yes',
        NO: 'no',
        SWITCH: 'off',
        ON: 'True',
        OFF: 'false',
        TEXT: 'plain text',
        GONE: null,
        8080: 'port',
        '0x1F': 'hexadecimal',
        True: 'also a name',
      },
    });
  });

  it('keeps an env var that is an alias as it is written where it stands first', () => {
    const yaml = 'EnvParams: {A: &a 1.10, B: *a, C: &c True, D: *c, E: &e text, F: *e}';
    expect(settingsOf(yaml)).toEqual({
      EnvParams: { A: '1.10', B: '1.10', C: 'True', D: 'True', E: 'text', F: 'text' },
    });
  });

  it.each([
    'Port: 8080\nEnvParams: {PORT: 8080}',
    'Port: "8080"\nEnvParams: {PORT: "8080"}',
    'EnvParams: {PORT: null}',
  ])('may name the variable that the platform sets itself, if it equals Port: %j', (yaml) => {
    expect(inFile(yaml)).toEqual([]);
  });

  it.each([
    ['0.25', '0.5'],
    ['0.5', '1'],
    ['16', '32'],
  ])('takes Cpu %s with Mem %s', (cpu, mem) => {
    expect(inFile(`Cpu: ${cpu}\nMem: ${mem}`)).toEqual([]);
  });
});

describe('a number or a boolean in quotes', () => {
  it('is taken for what it says', () => {
    const yaml = [
      'Cpu: "0.5"',
      "Mem: '1'",
      'MinNum: "0"',
      'MaxNum: "5"',
      'Port: "8080"',
      'InitialDelaySeconds: "10"',
      'InstallDependency: "true"',
      'PolicyDetails: [{PolicyType: cpu, PolicyThreshold: "60"}]',
      'TimerScale: [{CycleType: daily, StartTime: "08:00", EndTime: "20:00", ReplicaNum: "2"}]',
      'VolumesConf: [{Type: cos, ReadOnly: "false"}]',
    ].join('\n');
    expect(inFile(yaml)).toEqual([]);
    expect(settingsOf(yaml)).toEqual({
      Cpu: 0.5,
      Mem: 1,
      MinNum: 0,
      MaxNum: 5,
      Port: 8080,
      InitialDelaySeconds: 10,
      InstallDependency: true,
      PolicyDetails: [{ PolicyType: 'cpu', PolicyThreshold: 60 }],
      TimerScale: [{ CycleType: 'daily', StartTime: '08:00', EndTime: '20:00', ReplicaNum: 2 }],
      VolumesConf: [{ Type: 'cos', ReadOnly: false }],
    });
  });

  it.each(['"1e3"', '"0x50"', '" 80"', '"80 "', '"+80"', '""'])(
    'is refused when it is not plain: %s',
    (port) => {
      expect(inFile(`Port: ${port}`).map(({ subject }) => subject)).toEqual(['server-config: Port']);
    },
  );

  it.each(['CustomLogs: true', 'LogSetId: 5', 'Cmd: [1]'])('is no text without them: %s', (yaml) => {
    expect(inFile(yaml)).toHaveLength(1);
  });
});

describe('a bad config', () => {
  const pairs = '0.25/0.5, 0.5/1, 1/2, 2/4, 4/8, 8/16, 16/32';
  const unknown = 'is not a setting of CloudBase Run.';
  const buildDir = 'a folder inside the source, such as services/api';
  const dockerfile = 'the path of a Dockerfile inside BuildDir, such as docker/Dockerfile';
  const fingerprint = 'EnvParams.CLOUDBASE_RUN_FINGERPRINT';
  const reserved = 'is a name that the action keeps for itself. Use another one.';
  const envPort = 'must equal the setting Port, or be left out: the platform sets this variable itself.';

  it.each([
    ['Cup: 1', '1:1: Cup', `${unknown} Did you mean "Cpu"?`],
    [
      'Port: 80\nopenaccesstypes: [WEB]',
      '2:1: openaccesstypes',

      `${unknown} Did you mean "OpenAccessTypes"?`,
    ],
    ['Port: 80\nBanana: 1', '2:1: Banana', unknown],
    ['VpcConf:\n  VpcId: v\n  SubnetId: s\n  Vpc: x', '4:3: VpcConf.Vpc', `${unknown} Did you mean "VpcId"?`],
    [
      'PolicyDetails: [{PolicyType: cpu, PolicyThreshold: 60, policyTyp: cpu}]',
      '1:56: PolicyDetails.0.policyTyp',
      `${unknown} Did you mean "PolicyType"?`,
    ],
    ['PublicNetConf: {PublicNetStatus: ENABLE, Banana: 1}', '1:42: PublicNetConf.Banana', unknown],
    [
      'PolicyDetails:\n  - PolicyType: cpu\n    PolicyThreshold: 60\n    Typ: 1',
      '4:5: PolicyDetails.0.Typ',

      unknown,
    ],
    ['Port: web', '1:7: Port', 'must be a whole number from 1 to 65535, not "web".'],
    ['Port: 70000', '1:7: Port', 'must be a whole number from 1 to 65535, not 70000.'],
    ['Port: 8080.5', '1:7: Port', 'must be a whole number from 1 to 65535, not 8080.5.'],
    ['Port:', '1:6: Port', 'must be a whole number from 1 to 65535, not an empty value.'],
    ['MinNum: 1.5', '1:9: MinNum', 'must be a whole number from 0 to 50, not 1.5.'],
    ['InitialDelaySeconds: -1', '1:22: InitialDelaySeconds', 'must be a whole number of seconds, not -1.'],
    ['InstallDependency: "no"', '1:20: InstallDependency', 'must be true or false, not "no".'],
    [
      'OpenAccessTypes: [OPEN]',
      '1:19: OpenAccessTypes.0',
      'must be PUBLIC, VPC, MINIAPP, OA, WEB or PRIVATE, not "OPEN".',
    ],
    [
      'OpenAccessTypes: WEB',
      '1:18: OpenAccessTypes',
      'must be a list of access types such as [WEB], not "WEB".',
    ],
    [
      'OpenAccessTypes: []',
      '1:18: OpenAccessTypes',
      'must be a list of access types such as [WEB], not an empty list.',
    ],
    [
      'PolicyDetails: [{PolicyType: disk, PolicyThreshold: 60}]',
      '1:30: PolicyDetails.0.PolicyType',
      'must be cpu, mem or cpu/mem, not "disk".',
    ],
    [
      'PolicyDetails: [{PolicyType: cpu}]',
      '1:17: PolicyDetails.0.PolicyThreshold',
      'is missing: it must be a whole number from 1 to 100, in per cent.',
    ],
    [
      'Dockerfile: {a: 1}',
      '1:13: Dockerfile',
      'must be the path of a Dockerfile inside BuildDir, such as docker/Dockerfile, not a map.',
    ],
    [`CustomLogs: [${'x'.repeat(60)}]`, '1:13: CustomLogs', 'must be a path such as stdout, not a list.'],
    [
      `LogType: ${'x'.repeat(60)}`,
      '1:10: LogType',
      `must be none, default or custom, not "${'x'.repeat(39)}…".`,
    ],
    [
      'EnvParams:\n  A:\n    B: secret-value',
      '3:5: EnvParams.A',
      'must be a text, or null to delete the variable, not a map.',
    ],
    [
      `EnvParams: '{"KEY":"secret-value"}'`,
      '1:12: EnvParams',
      'must be a map of names and texts, such as "LOG_LEVEL: info", not a text. Write a line for each name below "EnvParams:", not JSON.',
    ],
    [
      'EnvParams: [A=secret-value]',
      '1:12: EnvParams',
      'must be a map of names and texts, such as "LOG_LEVEL: info", not a list.',
    ],
    [
      'EnvParams: {"": secret-value}',
      '1:17: EnvParams.',
      'has an empty name: it must be a map of names and texts, such as "LOG_LEVEL: info".',
    ],
    ['VolumesConf: [{Type: cfs, KeyID: 5}]', '1:34: VolumesConf.0.KeyID', 'must be a text, not a number.'],
    ['Cpu: 1', '1:1: Cpu', 'must be set together with its twin: Cpu and Mem belong together.'],
    ['Mem: 1', '1:1: Mem', 'must be set together with its twin: Cpu and Mem belong together.'],
    ['Cpu: 1\nMem: 1', '2:1: Mem', `must be 2 × Cpu, as one of the pairs ${pairs}.`],
    ['Cpu: 3\nMem: 6', '2:1: Mem', `must be 2 × Cpu, as one of the pairs ${pairs}.`],
    ['MinNum: 3\nMaxNum: 2', '1:1: MinNum', 'must not exceed MaxNum.'],
    ['EnvParams: {PORT: 8080}', '1:13: EnvParams.PORT', envPort],
    ['Port: 80\nEnvParams:\n  A: b\n  PORT: 8080', '4:3: EnvParams.PORT', envPort],
    ['InstallDependency: yes', '1:20: InstallDependency', 'must be true or false, not "yes".'],
    ['InternalAccess: on', '1:17: InternalAccess', 'must be open or close, not "on".'],
    ['EnvParams: {A: b, CLOUDBASE_RUN_FINGERPRINT: c}', `1:19: ${fingerprint}`, reserved],
    ['EnvParams: {CLOUDBASE_RUN_FINGERPRINT: null}', `1:13: ${fingerprint}`, reserved],
    ['BuildDir: ../api', '1:11: BuildDir', `must be ${buildDir}, not "../api".`],
    ['BuildDir: a/../../b', '1:11: BuildDir', `must be ${buildDir}, not "a/../../b".`],
    ['Dockerfile: /etc/Dockerfile', '1:13: Dockerfile', `must be ${dockerfile}, not "/etc/Dockerfile".`],
    [
      'InitialDelaySeconds: 99999999999999999999',
      '1:22: InitialDelaySeconds',
      'must be a whole number of seconds, not 100000000000000000000.',
    ],
    ['InstallDependency: off', '1:20: InstallDependency', 'must be true or false, not "off".'],
    [
      'VolumesConf: [{Type: cos, ReadOnly: on}]',
      '1:37: VolumesConf.0.ReadOnly',
      'must be true or false, not "on".',
    ],
    ['Port: 1e999', '1:7: Port', 'must be a whole number from 1 to 65535, not Infinity.'],
    ['Cpu: .inf\nMem: 1', '1:6: Cpu', 'must be a number of vCPU such as 0.5, not Infinity.'],
    ['Cpu: .nan\nMem: 1', '1:6: Cpu', 'must be a number of vCPU such as 0.5, not NaN.'],
    [
      'MaxNum: 99999999999999999999',
      '1:9: MaxNum',
      'must be a whole number from 1 to 50, not 100000000000000000000.',
    ],
    [
      'OpenAccessTypes: [PRIVATE, PUBLIC]',
      '1:1: OpenAccessTypes',

      'must not hold both PRIVATE and a type that opens (WEB, PUBLIC, OA).',
    ],
    [
      'OpenAccessTypes: [PRIVATE, WEB]',
      '1:1: OpenAccessTypes',

      'must not hold both PRIVATE and a type that opens (WEB, PUBLIC, OA).',
    ],
    ['- Cpu', '1:1', 'must be a map of settings, such as "Cpu: 0.5".'],
    ['just text', '1:1', 'must be a map of settings, such as "Cpu: 0.5".'],
  ])('%j', (yaml, where, message) => {
    const told = inFile(yaml).map(({ subject, at, ...rest }) => [
      `${at?.line}:${at?.column}${subject.replace('server-config', '')}`,
      rest.message,
      at?.file,
    ]);
    expect(told).toEqual([[where, message, 'cloud.yml']]);
  });

  it('that is no good YAML has the problems of the YAML alone', () => {
    expect(inFile('Cpu: 1\nCpu: 1\nPort: web').map(({ message }) => message)).toEqual([
      'is not valid YAML: Map keys must be unique.',
    ]);
  });

  it('has problems of single settings and between settings at once, and keeps what is right', () => {
    const { problems, value } = parseServiceConfig('MinNum: 3\nMaxNum: 2\nPort: web\nCmd: [a]', 'cloud.yml');
    expect(problems.map(({ subject }) => subject)).toEqual(['server-config: Port', 'server-config: MinNum']);
    expect(value?.settings).toEqual({ MinNum: 3, MaxNum: 2, Cmd: ['a'] });
  });

  it.each(['Cpu: web\nMem: 1', 'Cpu: 0.5\nMem: web'])('does not miss the wrong twin: %j', (yaml) => {
    expect(inFile(yaml)).toHaveLength(1);
  });

  it('shows all its problems at once', () => {
    expect(
      inFile('Cup: 1\nPort: web\nMaxNum: 0')
        .map(({ subject }) => subject)
        .sort(),
    ).toEqual(['server-config: Cup', 'server-config: MaxNum', 'server-config: Port']);
  });

  it('given inline, has its position in the message, for no file holds it', () => {
    expect(parseServiceConfig('Port: 80\nCup: 1', inlineName).problems).toEqual([
      { subject: 'server-config: Cup', message: `${unknown} Did you mean "Cpu"? (line 2, column 1)` },
    ]);
  });
});
