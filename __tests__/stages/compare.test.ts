import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../src/errors.ts';
import type { ServiceDetail } from '../../src/ports.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import { compare, isChanging, type CompareRequest, type Plan } from '../../src/stages/compare.ts';
import { failureOf } from '../support/failure.ts';
import {
  containerProject,
  functionProject,
  liveState,
  planOf,
  serviceConfig,
  serviceDetail,
} from '../support/samples.ts';

const opens = 'The service becomes public: anyone on the internet can call it.';
const staysClosed =
  'The new service is not public. To open it to the internet, set "OpenAccessTypes: [WEB]" in server-config.';

function planFor(
  settings: Settings,
  service: ServiceDetail | undefined,
  given: Partial<CompareRequest> = {},
): Plan {
  return compare({
    config: serviceConfig(settings),
    envFrom: {},
    envStrategy: 'merge',
    live: liveState(service),
    project: containerProject(),
    ...given,
  });
}

const linesOf = ({ changes }: Plan): string[] =>
  changes.settings.map(({ setting, from, to, effect }) => `${setting}: ${from} > ${to} (${effect})`);

describe('the plan for a new service', () => {
  const plan = (settings: Settings): Plan => planFor(settings, undefined);

  it('names every setting, and says that the service stays closed', () => {
    const { action, wanted, source, notes, ...rest } = plan({ EnvParams: { KEY: 'canary' } });
    expect([action, source, wanted.settings]).toEqual([
      'create',
      'unknown',
      { EnvParams: { KEY: 'canary' }, Port: 8080, Dockerfile: 'Dockerfile' },
    ]);
    expect(rest.changes.settings).toEqual(
      expect.arrayContaining([
        {
          setting: 'OpenAccessTypes',
          kind: 'added',
          from: '(not set)',
          to: 'MINIAPP',
          effect: 'new version',
        },
        {
          setting: 'EnvParams.KEY',
          kind: 'added',
          from: '(not set)',
          to: '(a value)',
          effect: 'new version',
        },
      ]),
    );
    expect(JSON.stringify(rest)).not.toContain('canary');
    expect(notes).toEqual([staysClosed]);
  });

  it.each<[string, Settings, string[], string[]]>([
    ['opens', { OpenAccessTypes: ['WEB'] }, [], [opens]],
    ['is as closed as the user chose', { OpenAccessTypes: ['VPC'] }, [], []],
    ['is closed as the user chose', { OpenAccessTypes: ['PRIVATE'] }, [], []],
    ['stays closed where nobody chose', {}, [staysClosed], []],
  ])('says what has to be said where it %s', (...[, settings, notes, said]) => {
    const { changes, ...made } = plan(settings);
    expect(made.notes).toEqual(notes);
    expect(changes.access.filter((line) => line === opens)).toEqual(said);
  });

  it('of a function has the port of the platform, and no Dockerfile', () => {
    const { wanted } = planFor({}, undefined, { project: functionProject() });
    expect(wanted.settings).toEqual({ Port: 3000 });
  });
});

describe('the plan for a live service', () => {
  const plan = (settings: Settings, accessTypes: string[], live: object = {}): Plan =>
    planFor(settings, serviceDetail({ accessTypes, settings: { Cpu: 0.5, Mem: 1, Port: 8080, ...live } }));

  it('holds what changes, and leaves access alone', () => {
    const changed = plan({ Cpu: 1, Mem: 2, MinNum: 1 }, ['PUBLIC'], { MinNum: 0 });
    expect([changed.action, changed.notes, changed.changes.access]).toEqual(['update', [], []]);
    expect(linesOf(changed)).toEqual([
      'Cpu: 0.5 > 1 (new version)',
      'Mem: 1 > 2 (new version)',
      'MinNum: 0 > 1 (hot)',
    ]);
    expect(plan({}, ['PUBLIC']).changes.settings).toEqual([]);
  });

  it.each<[Settings['OpenAccessTypes'], string[], string[]]>([
    [['WEB'], ['VPC'], [opens, 'The service is no longer reachable from its VPC.']],
    [
      ['PRIVATE'],
      ['PUBLIC'],
      ['The service is no longer public.', 'The service becomes reachable from mini programs.'],
    ],
    [['WEB'], ['PUBLIC'], []],
    [['PRIVATE'], ['VPC'], []],
  ])('says who reaches it: asked for %j, live %j', (asked, live, said) => {
    expect(plan(asked === undefined ? {} : { OpenAccessTypes: asked }, live).changes.access).toEqual(said);
  });

  it.each<[string, object, string, object]>([
    ['live', { Dockerfile: 'prod.Dockerfile' }, 'prod.Dockerfile', {}],
    ['live under the name that tools expect', { Dockerfile: 'Dockerfile' }, 'Dockerfile', {}],
    ['not known, and the one found is the default', {}, 'Dockerfile', {}],
    ['not known, and the one found is not the default', {}, 'dockerfile', { Dockerfile: 'dockerfile' }],
    ['another one', { Dockerfile: 'prod.Dockerfile' }, 'Dockerfile', {}],
    ['empty, and the one found is the default', { Dockerfile: '' }, 'Dockerfile', {}],
    ['empty', { Dockerfile: '' }, 'dockerfile', { Dockerfile: 'dockerfile' }],
  ])('says which Dockerfile only where it has to: %s', (...[, live, dockerfile, sent]) => {
    const service = serviceDetail({ settings: { Port: 8080, ...live } });
    const { wanted } = planFor({}, service, { project: containerProject({ dockerfile }) });
    expect(wanted.settings).toEqual({ Port: 8080, ...sent });
  });

  it('has the Dockerfile that the user set', () => {
    const changed = plan({ Dockerfile: 'other' }, [], { Dockerfile: 'Dockerfile' });
    expect(changed.wanted.settings).toEqual({ Port: 8080, Dockerfile: 'other' });
    expect(linesOf(changed)).toEqual(['Dockerfile: Dockerfile > other (new version)']);
  });

  it('stops at env vars that cannot be read', async () => {
    const error = await failureOf(InputError, () => plan({}, [], { EnvParams: 'KEY=canary' }));
    expect(error.message).toContain('the env vars of the live service are not a JSON object');
    expect(error.message).not.toContain('canary');
  });
});

describe('env vars', () => {
  const env = { KEPT: 'live', OLD: 'live', GONE: 'live' };
  const service = serviceDetail({ settings: { Port: 8080, EnvParams: JSON.stringify(env) } });
  const config = serviceConfig({ EnvParams: { OLD: 'canary-1', GONE: null } });
  const envFrom = { SECRET: 'canary-2' };

  it.each([
    [
      'merge',
      [
        'EnvParams.GONE: (a value) > (deleted) (new version)',
        'EnvParams.OLD: (a value) > (another value) (new version)',
        'EnvParams.SECRET: (not set) > (a value) (new version)',
      ],
      ['KEPT'],
    ],
    [
      'replace',
      [
        'EnvParams.GONE: (a value) > (deleted) (new version)',
        'EnvParams.KEPT: (a value) > (deleted) (new version)',
        'EnvParams.OLD: (a value) > (another value) (new version)',
        'EnvParams.SECRET: (not set) > (a value) (new version)',
      ],
      [],
    ],
  ] as const)('with the strategy %s', (envStrategy, lines, kept) => {
    const plan = planFor({}, service, { config, envFrom, envStrategy });
    expect(linesOf(plan)).toEqual(lines);
    expect(plan.changes.keptEnv).toEqual(kept);
    expect(plan.wanted).toMatchObject({
      envStrategy,
      settings: { EnvParams: { OLD: 'canary-1', GONE: null, SECRET: 'canary-2' } },
    });
    const { wanted, ...shown } = plan;
    expect(JSON.stringify(shown)).not.toMatch(/canary/);
    expect(Object.keys(wanted)).toEqual(['settings', 'envStrategy', 'fingerprint']);
  });

  it('from the step alone are merged, and touch nothing else', () => {
    const plan = planFor({}, service, { envFrom });
    expect(linesOf(plan)).toEqual(['EnvParams.SECRET: (not set) > (a value) (new version)']);
    expect(plan.changes.keptEnv).toEqual(['KEPT', 'OLD', 'GONE']);
  });

  it('are left alone where nobody names one', () => {
    expect(planFor({ Port: 8080 }, service).wanted.settings).not.toHaveProperty('EnvParams');
  });
});

describe('the source', () => {
  const fingerprint = 'ab12';
  const keeping = (mark: string, shares: readonly number[] = [100]): ServiceDetail =>
    serviceDetail({
      settings: { Port: 8080, EnvParams: JSON.stringify({ CLOUDBASE_RUN_FINGERPRINT: mark }) },
      onlineVersions: shares.map((share, index) => ({
        versionName: `shop-00${index + 1}`,
        imageUrl: '',
        share,
      })),
    });

  it.each<[string, ServiceDetail | undefined, string | undefined, Plan['source']]>([
    ['that serves', keeping('ab12:1'), fingerprint, 'same'],
    ['of another fingerprint', keeping('cd34:1'), fingerprint, 'different'],
    ['that another version was made of', keeping('ab12:7'), fingerprint, 'different'],
    ['with a mark that nobody understands', keeping('ab12'), fingerprint, 'different'],
    ['that serves beside a canary', keeping('ab12:1', [80, 20]), fingerprint, 'different'],
    ['where nothing serves', keeping('ab12:1', []), fingerprint, 'different'],
    ['of a service that keeps none', serviceDetail(), fingerprint, 'different'],
    ['that has none', keeping('ab12:1'), undefined, 'unknown'],
    ['of a new service', undefined, fingerprint, 'unknown'],
  ])('%s', (...[, service, mark, source]) => {
    const plan = planFor({}, service, { project: containerProject({ fingerprint: mark }) });
    expect(plan.source).toBe(source);
    expect(plan.wanted.fingerprint).toBe(mark);
  });

  it('and its mark are no change of the settings', () => {
    const project = containerProject({ fingerprint: 'ef56' });
    expect(planFor({}, keeping('ab12:1'), { project }).changes).toEqual({
      settings: [],
      keptEnv: [],
      access: [],
    });
  });
});

describe('a change of settings alone', () => {
  const live = liveState(serviceDetail({ settings: { EnvParams: '{}', MinNum: 0 } }));
  const bare = (settings: Settings, given: Partial<CompareRequest> = {}): Plan =>
    compare({ config: serviceConfig(settings), envFrom: {}, envStrategy: 'merge', live, ...given });

  it('brings nothing of a project', () => {
    const plan = bare({ MinNum: 1 });
    expect(plan.wanted.settings).toEqual({ MinNum: 1 });
    expect([plan.source, ...linesOf(plan)]).toEqual(['not released', 'MinNum: 0 > 1 (hot)']);
  });

  it.each([
    ['ab12:1', 'ab12'],
    ['ab12:9', undefined],
  ])('keeps the fingerprint of the source that serves: %s', (mark, fingerprint) => {
    const EnvParams = JSON.stringify({ CLOUDBASE_RUN_FINGERPRINT: mark });
    const plan = bare({}, { live: liveState(serviceDetail({ settings: { EnvParams } })) });
    expect(plan.wanted.fingerprint).toBe(fingerprint);
  });
});

describe('warnings', () => {
  const at = { file: 'cloud.yml', line: 3, column: 1 };

  it('stand where the setting is written', () => {
    const settings: Settings = { MinNum: 0, InitialDelaySeconds: 60 };
    const config = { ...serviceConfig(settings), positions: { InitialDelaySeconds: at } };
    const [warning, ...others] = planFor({}, serviceDetail(), { config }).warnings;
    expect(warning?.message).toMatch(/^InitialDelaySeconds: With MinNum 0, /);
    expect([warning?.at, others]).toEqual([at, []]);
  });

  it('are about what the service will have, what is live already included', () => {
    const live = { Port: 8080, EnvParams: '{"DATABASE_URL":"mysql://canary:x@db/app"}' };
    const { warnings } = planFor({}, serviceDetail({ settings: live }));
    expect(warnings).toEqual([
      { message: expect.stringContaining('EnvParams.DATABASE_URL: '), at: undefined },
    ]);
    expect(JSON.stringify(warnings)).not.toContain('canary');
    const VpcConf = { VpcId: 'vpc-1', SubnetId: 'subnet-1' };
    expect(planFor({ VpcConf }, serviceDetail({ settings: live })).warnings).toEqual([]);
  });

  it('see access that is live', () => {
    const service = serviceDetail({ accessTypes: ['PUBLIC'], settings: { EnvParams: '{"ADMIN_MODE":"1"}' } });
    const said = planFor({}, service).warnings.map(({ message }) => message);
    expect(said).toEqual([expect.stringContaining('OpenAccessTypes: The service is open to everyone')]);
    expect(planFor({ OpenAccessTypes: ['PRIVATE'] }, service).warnings).toEqual([]);
  });
});

it('a release under way is said, and is no obstacle to a plan', () => {
  const live = { ...liveState(serviceDetail()), underWay: '"shop-002"' };
  expect(planFor({}, undefined, { live }).notes).toEqual([
    'Another release is under way, "shop-002": the plan is for what serves until then.',
  ]);
});

describe('a plan changes something', () => {
  const one = {
    settings: [{ setting: 'Cpu', kind: 'changed', from: '1', to: '2', effect: 'new version' }],
    keptEnv: [],
    access: [],
  } as const;

  it.each<[Partial<Plan>, boolean]>([
    [{ action: 'create', source: 'not released' }, true],
    [{ changes: one, source: 'same' }, true],
    [{ changes: one, source: 'not released' }, true],
    [{ source: 'different' }, true],
    [{ source: 'unknown' }, true],
    [{ source: 'same' }, false],
    [{ source: 'not released' }, false],
    [{ source: 'same', isNewestServing: false }, true],
    [{ source: 'not released', isNewestServing: false }, true],
  ])('%j: %s', (given, isIt) => {
    expect(isChanging(planOf(given))).toBe(isIt);
  });
});

it.each<[Settings, string, unknown]>([
  [{ MinNum: 6 }, 'server-config: MinNum', 5],
  [{ MinNum: 6 }, 'server-config: MinNum', '5'],
  [{ MaxNum: 1 }, 'server-config: MaxNum', 5],
])('refuses %j against the other half on the live service', async (settings, subject, MaxNum) => {
  const live = { Port: 8080, MinNum: 2, MaxNum };
  const error = await failureOf(InputError, () => planFor(settings, serviceDetail({ settings: live })));
  expect(error.problems.map((problem) => problem.subject)).toEqual([subject]);
  expect(error.message).toContain('MinNum must not exceed MaxNum. Set both.');
});

it('does not refuse numbers that nobody sets', () => {
  const live = { Port: 8080, MinNum: 1, MaxNum: 0 };
  expect(planFor({}, serviceDetail({ settings: live })).changes.settings).toEqual([]);
});

it('knows what the user set from what the project adds', () => {
  const settings: Settings = { MinNum: 1, EnvParams: { LEVEL: 'info', OLD: null } };
  const { wanted, setByUser } = planFor(settings, undefined, { envFrom: { TOKEN: 'canary' } });
  expect(Object.keys(wanted.settings)).toContain('Port');
  expect(setByUser).toEqual(['MinNum', 'EnvParams.LEVEL', 'EnvParams.OLD', 'EnvParams.TOKEN']);
});
