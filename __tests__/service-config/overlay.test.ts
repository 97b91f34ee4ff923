import { describe, expect, it } from '@jest/globals';

import type { Position, Problem } from '../../src/errors.ts';
import { mergeOverlay } from '../../src/service-config/overlay.ts';
import { parseServiceConfig } from '../../src/service-config/parse.ts';
import { inlineName } from '../../src/service-config/rules.ts';
import type { OverlaySettings, Settings } from '../../src/service-config/schema.ts';

const place = (line: number): Position => ({ file: 'cloud.yml', line, column: 1 });

function placed<T extends object>(
  settings: T,
  line: number,
): { settings: T; positions: Record<string, Position> } {
  return {
    settings,
    positions: Object.fromEntries(Object.keys(settings).map((name) => [name, place(line)])),
  };
}

describe('the merge', () => {
  it.each<[string, Settings, OverlaySettings, Settings]>([
    ['keeps what the overlay does not name', { Cpu: 1, Mem: 2 }, {}, { Cpu: 1, Mem: 2 }],
    ['adds what only the overlay names', {}, { MinNum: 1 }, { MinNum: 1 }],
    ['replaces values', { MinNum: 1, CustomLogs: 'a' }, { MinNum: 0 }, { MinNum: 0, CustomLogs: 'a' }],
    ['replaces lists', { Cmd: ['a', 'b'] }, { Cmd: ['c'] }, { Cmd: ['c'] }],
    ['replaces lists by empty ones', { Cmd: ['a'] }, { Cmd: [] }, { Cmd: [] }],
    [
      'replaces true by false',
      { InstallDependency: true },
      { InstallDependency: false },
      { InstallDependency: false },
    ],
    [
      'merges env vars, and keeps the null that deletes a live one',
      { EnvParams: { A: '1', B: '2', C: null } },
      { EnvParams: { B: null, C: '3', D: '' } },
      { EnvParams: { A: '1', B: null, C: '3', D: '' } },
    ],
    [
      'merges the maps of networks',
      { VpcConf: { VpcId: 'v', SubnetId: 's' }, PublicNetConf: { PublicNetStatus: 'ENABLE' } },
      { VpcConf: { SubnetId: 't' }, PublicNetConf: { PublicNetStatus: 'DISABLE' } },
      { VpcConf: { VpcId: 'v', SubnetId: 't' }, PublicNetConf: { PublicNetStatus: 'DISABLE' } },
    ],
  ])('%s', (_name, ...[base, overlay, merged]) => {
    expect(mergeOverlay(placed(base, 1), placed(overlay, 9)).settings).toEqual(merged);
  });

  it('tells where the setting stands that counts, and changes neither part', () => {
    const [base, overlay] = [placed({ Cpu: 1, Mem: 2 }, 1), placed({ Cpu: 2 }, 9)];
    expect(mergeOverlay(base, overlay).positions).toEqual({ Cpu: place(9), Mem: place(1) });
    expect([base, overlay]).toEqual([placed({ Cpu: 1, Mem: 2 }, 1), placed({ Cpu: 2 }, 9)]);
  });

  it('takes no value of the base for one that is wrong in the overlay', () => {
    const overlay = { settings: {}, positions: { Cpu: place(9) } };
    expect(mergeOverlay(placed({ Cpu: 1, MinNum: 1 }, 1), overlay).settings).toEqual({ MinNum: 1 });
  });
});

const base = 'Cpu: 1\nMem: 2\nEnvParams: {A: 1, B: two}\nCmd: [a, b]\n';
const config = `${base}environments:
  dev:
    EnvParams:
      A: yes
      C: null
    Cmd: [c]
  stg:
  prod: {}
`;

const told = (problems: readonly Problem[]): string[] =>
  problems.map(
    ({ subject, message, at }) =>
      `${at === undefined ? '' : `${at.line}:${at.column} `}${subject.replace('server-config: ', '')} ${message}`,
  );
const problemsOf = (text: string, overlay?: string): string[] =>
  told(parseServiceConfig(text, 'cloud.yml', overlay).problems);

describe('an overlay that is picked', () => {
  it('stands over the base, with its lines', () => {
    const { value, problems } = parseServiceConfig(config, 'cloud.yml', 'dev');
    expect(problems).toEqual([]);
    expect(value?.settings).toEqual({
      Cpu: 1,
      Mem: 2,
      EnvParams: { A: 'yes', B: 'two', C: null },
      Cmd: ['c'],
    });
    const places = Object.entries(value?.positions ?? {}).map(
      ([name, { line, column }]) => `${name} ${line}:${column}`,
    );
    expect(places.sort()).toEqual([
      'Cmd 10:5',
      'Cpu 1:1',
      'EnvParams 7:5',
      'EnvParams.A 8:7',
      'EnvParams.B 3:19',
      'EnvParams.C 9:7',
      'Mem 2:1',
    ]);
  });

  it.each(['stg', 'prod', '', undefined])('may hold nothing, or be none: %j', (overlay) => {
    const { value, problems } = parseServiceConfig(config, 'cloud.yml', overlay);
    expect(problems).toEqual([]);
    expect(value?.settings).toEqual({ Cpu: 1, Mem: 2, EnvParams: { A: '1', B: 'two' }, Cmd: ['a', 'b'] });
    expect(value?.overlays).toEqual(['dev', 'stg', 'prod']);
  });

  it('may be called anything, and is an alias where it is like another', () => {
    const text = 'environments: {1.0: &a {EnvParams: &e {A: 1.0}}, on: *a, constructor: {EnvParams: *e}}';
    for (const name of ['1.0', 'on', 'constructor']) {
      const { value, problems } = parseServiceConfig(text, 'cloud.yml', name);
      expect(problems).toEqual([]);
      expect(value?.settings).toEqual({ EnvParams: { A: '1.0' } });
    }
  });
});

describe('an overlay that is not there', () => {
  it.each([
    [
      config,
      'prdo',
      'config-environment must be an overlay that the service config holds (dev, stg, prod), not "prdo". Did you mean "prod"?',
    ],
    [
      config,
      'Dev',
      'config-environment must be an overlay that the service config holds (dev, stg, prod), not "Dev". Did you mean "dev"?',
    ],
    [
      config,
      'canary',
      'config-environment must be an overlay that the service config holds (dev, stg, prod), not "canary".',
    ],
    ...[base, '', 'environments: {}'].map((text): [string, string, string] => [
      text,
      'prod',
      'config-environment is "prod", and the service config holds no overlays. ' +
        'Add it as "environments: {prod: {MinNum: 1}}", or leave the input out.',
    ]),
  ])('is named, with those that are: %j, %s', (text, overlay, message) => {
    expect(problemsOf(text, overlay)).toEqual([message]);
  });

  it('hides no conflict of the base', () => {
    expect(problemsOf('Cpu: 1\nenvironments: {prod: {MinNum: 1}}', 'prdo')).toEqual([
      'config-environment must be an overlay that the service config holds (prod), not "prdo". Did you mean "prod"?',
      '1:1 Cpu must be set together with its twin: Cpu and Mem belong together.',
    ]);
  });

  it('leaves the base, so that further checks can add theirs', () => {
    expect(parseServiceConfig(config, 'cloud.yml', 'no').value?.settings.Cmd).toEqual(['a', 'b']);
  });

  it('is not told of where the overlays or the one that is meant cannot be read', () => {
    expect(problemsOf('environments: [prod]', 'prod')).toEqual([
      '1:15 environments must be a map of overlays such as {prod: {MinNum: 1}}, not a list.',
    ]);
    expect(problemsOf('environments: {prod: 1, dev: {}}', 'prod')).toEqual([
      '1:22 environments.prod must be a map of settings such as {MinNum: 1}, not 1.',
    ]);
  });
});

describe('overlays with faults', () => {
  it('have all of them told at their lines, picked or not', () => {
    const text = `Cup: 1
environments:
  dev:
    Port: web
    VpcConf: {Vpc: a}
  prod:
    cpu: 1
    EnvParams: {A: [b]}
    environments: {}
  x: [a]
  "": {}
`;
    const unknown = 'is not a setting of CloudBase Run.';
    for (const overlay of ['', 'dev', 'prod', 'x']) {
      expect(problemsOf(text, overlay)).toEqual([
        `1:1 Cup ${unknown} Did you mean "Cpu"?`,
        '4:11 environments.dev.Port must be a whole number from 1 to 65535, not "web".',
        `5:15 environments.dev.VpcConf.Vpc ${unknown} Did you mean "VpcId"?`,
        '8:20 environments.prod.EnvParams.A must be a text, or null to delete the variable, not a list.',
        `7:5 environments.prod.cpu ${unknown} Did you mean "Cpu"?`,
        '9:5 environments.prod.environments cannot stand within an overlay: overlays have their place at the top of the file.',
        '10:6 environments.x must be a map of settings such as {MinNum: 1}, not a list.',
        '11:3 environments. has an empty name: it must be a map of overlays such as {prod: {MinNum: 1}}.',
      ]);
    }
  });

  it.each([
    ['enviroments: {}', '1:1 enviroments is not a setting of CloudBase Run. Did you mean "environments"?'],
    [
      'environments:',
      '1:14 environments must be a map of overlays such as {prod: {MinNum: 1}}, not an empty value.',
    ],
    [
      'environments: {prod: {environment: {}}}',
      '1:23 environments.prod.environment is not a setting of CloudBase Run.',
    ],
    ['environments: {dev: {}, dev: {}}', '1:25 server-config is not valid YAML: Map keys must be unique.'],
  ])('have a hint where one is due: %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('given inline, have their position in the message', () => {
    expect(told(parseServiceConfig('environments: {prod: {Cup: 1}}', inlineName).problems)).toEqual([
      'environments.prod.Cup is not a setting of CloudBase Run. Did you mean "Cpu"? (line 1, column 23)',
    ]);
  });
});

describe('settings that conflict', () => {
  const twin = 'must be set together with its twin: Cpu and Mem belong together.';
  const pair = 'must be 2 × Cpu, as one of the pairs 0.25/0.5, 0.5/1, 1/2, 2/4, 4/8, 8/16, 16/32.';
  const port = 'must equal the setting Port, or be left out: the platform sets this variable itself.';
  const over = 'must not exceed MaxNum.';

  it.each<[string, string, string, string[]]>([
    [
      'in an overlay that is not picked',
      'Cpu: 1\nMem: 2\nenvironments: {dev: {}, prod: {Mem: 3}}',
      'dev',
      [`3:32 environments.prod.Mem ${pair}`],
    ],
    [
      'in the overlay that is picked, with the base',
      'Cpu: 1\nMem: 2\nenvironments: {prod: {Cpu: 2}}',
      'prod',
      [`2:1 environments.prod.Mem ${pair}`],
    ],
    ['in the base, once', 'Cpu: 1\nenvironments: {dev: {}, prod: {MinNum: 1}}', '', [`1:1 Cpu ${twin}`]],
    [
      'in the base, once, though picked',
      'Cpu: 1\nenvironments: {dev: {}, prod: {}}',
      'dev',
      [`1:1 Cpu ${twin}`],
    ],
    [
      'in the base and otherwise in an overlay',
      'MinNum: 3\nMaxNum: 2\nenvironments: {prod: {MinNum: 4}}',
      '',
      [`1:1 MinNum ${over}`, `3:23 environments.prod.MinNum ${over}`],
    ],
    ['in the base, which the overlay mends', 'Cpu: 1\nenvironments: {prod: {Mem: 2}}', 'prod', []],
    [
      'in the base, which one overlay mends and another does not',
      'Cpu: 1\nenvironments: {prod: {Mem: 2}, dev: {}}',
      'prod',
      [`1:1 environments.dev.Cpu ${twin}`],
    ],
    [
      'in each of two overlays',
      'MinNum: 3\nenvironments: {dev: {MaxNum: 2}, prod: {MaxNum: 2}}',
      'dev',
      [`1:1 environments.dev.MinNum ${over}`, `1:1 environments.prod.MinNum ${over}`],
    ],
    [
      'in env vars of an overlay',
      'Port: 80\nenvironments:\n  prod:\n    EnvParams:\n      A: b\n      PORT: 81',
      '',
      [`6:7 environments.prod.EnvParams.PORT ${port}`],
    ],
    [
      'in half a network',
      'environments: {prod: {VpcConf: {SubnetId: s}}}',
      '',
      ['1:23 environments.prod.VpcConf.VpcId is missing: it must be a text.'],
    ],
    [
      'in no way, when a network is complete together',
      'VpcConf: {VpcId: v, SubnetId: s}\nenvironments: {prod: {VpcConf: {SubnetId: t}}}',
      'prod',
      [],
    ],
    [
      'in no way that is known, where a value is wrong already',
      'Cpu: 1\nMem: 2\nPort: 80\nenvironments: {prod: {Cpu: big, Mem: 4, Port: web, EnvParams: {PORT: 81}}}',
      'prod',
      [
        '4:28 environments.prod.Cpu must be a number of vCPU such as 0.5, not "big".',
        '4:47 environments.prod.Port must be a whole number from 1 to 65535, not "web".',
      ],
    ],
  ])('%s', (_name, ...[text, overlay, problems]) => {
    expect(problemsOf(text, overlay)).toEqual(problems);
  });
});
