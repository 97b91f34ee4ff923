import { describe, expect, it } from '@jest/globals';

import { InputError, ProjectError } from '../../src/errors.ts';
import type { RunEvent } from '../../src/events.ts';
import type { DeployInputs } from '../../src/inputs.ts';
import type { Finding, Severity } from '../../src/lint/finding.ts';
import type { StageValues, Status } from '../../src/outcome.ts';
import { createLogListener, describeValue, logEnd } from '../../src/report/log.ts';
import type { Changes } from '../../src/service-config/diff.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import { createFakeLog } from '../support/fakes.ts';
import { failed, goodValues, live } from '../support/outcomes.ts';
import { deployInputs, liveState, planOf, releaseOf } from '../support/samples.ts';

const changes: Changes = {
  settings: [{ setting: 'Cpu', kind: 'changed', from: '0.5', to: '1', effect: 'new version' }],
  keptEnv: ['KEPT'],
  access: [],
};

const found = (...severities: readonly Severity[]): Finding[] =>
  severities.map((severity) => ({
    severity,
    tool: 'cloudbase-run',
    rule: 'CBR001',
    message: 'm.',
    fix: 'f.',
    url: 'docs/rules.md#cbr001',
    at: { file: 'a', line: 1, column: 1 },
  }));

const linesOf = (use: (log: ReturnType<typeof createFakeLog>) => void): readonly string[] => {
  const log = createFakeLog();
  use(log);
  return log.lines;
};

describe('the log of a run', () => {
  it('is one group a stage', () => {
    const events: RunEvent[] = [
      { kind: 'started', stage: 'look' },
      { kind: 'finished', stage: 'look', value: liveState(), durationMs: 1250 },
      { kind: 'started', stage: 'build' },
      { kind: 'failed', stage: 'build', error: new Error('x'), durationMs: 1 },
    ];
    const lines = linesOf((log) => {
      for (const event of events) createLogListener(log)(event);
    });
    expect(lines).toEqual([
      'group: Look at the live service',
      'info: There is no service "shop" in "demo-env" yet.',
      'info: Done in 1.3 s.',
      'end',
      'group: Build',
      'end',
    ]);
  });

  it.each<[Partial<StageValues>, string[]]>([
    [
      { look: goodValues.look },
      ['"shop" in "demo-env" runs in container mode; online: "shop-001" with 100 %.'],
    ],
    [
      { lint: { findings: found('error', 'info', 'info'), isFailed: false, ignored: 3 } },
      ['Lint: 1 error, 2 infos; 3 ignored.'],
    ],
    [
      { lint: { findings: [], isFailed: false, ignored: 0, skipped: 'input "lint" is off' } },
      ['Skipped: input "lint" is off.'],
    ],
    [
      { compare: planOf({ action: 'create', notes: ['Closed.'] }) },
      ['The service will be created.', 'Closed.'],
    ],
    [
      { compare: planOf({ changes, source: 'different' }) },
      [
        'One setting changes.',
        'Cpu: 0.5 → 1 (new version)',
        'Env vars that stay: KEPT.',
        'The source is not the one that serves.',
      ],
    ],
    [{ build: { kind: 'skipped', reason: 'no engine' } }, ['Skipped: no engine.']],
    [{ build: goodValues.build }, []],
    [{ verify: { status: 'skipped', reason: 'no engine' } }, ['Skipped: no engine.']],
    [
      {
        verify: {
          status: 'passed',
          timeToListenMs: 1,
          logTail: [],
          checks: [
            { name: 'starts', result: 'passed', detail: 'it runs' },
            { name: 'start-time', result: 'warned', detail: 'takes long' },
            { name: 'files', result: 'skipped', detail: 'not seen' },
          ],
        },
      },
      ['starts      passed   it runs', 'start-time  warned   takes long', 'files       skipped  not seen'],
    ],
    [
      {
        verify: {
          status: 'failed',
          timeToListenMs: undefined,
          logTail: ['tail'],
          checks: [{ name: 'http', result: 'failed', detail: 'answers 500', kind: 'smoke', advice: 'a' }],
        },
      },
      ['http  failed   answers 500'],
    ],
    [
      { serve: { url: 'http://127.0.0.1:18080', timeToListenMs: 7 } },
      ['It listens at http://127.0.0.1:18080 after 7 ms.'],
    ],
    [
      { package: { kind: 'image', reference: 'r.test/a:1', digest: 'sha256:d', isProven: true } },
      ['Image r.test/a:1, digest sha256:d. The registry holds the very image that this machine has.'],
    ],
    [
      { package: { kind: 'image', reference: 'r.test/a:1', digest: undefined, isProven: false } },
      ['Image r.test/a:1. This machine has not seen it.'],
    ],
    [{ scan: { scanned: 1, hits: [] } }, ['1 text read; found what looks like a secret: none.']],
    [
      { scan: { scanned: 2, hits: [{ file: 'a.js', line: 1, column: 1 }] } },
      ['2 texts read; found what looks like a secret: 1, see the warnings.'],
    ],
    [
      { package: goodValues.package },
      [
        '2 files with 30 bytes, packed to 10 bytes.',
        'sha-256 abc',
        'Its files:',
        '  20 bytes  index.js',
        '  10 bytes  package.json',
      ],
    ],
    [{ release: goodValues.release }, ['The platform has accepted the release as task 11.']],
    [{ release: releaseOf({ taskId: 0 }) }, ['The platform has accepted the release.']],
    [
      { release: releaseOf({ taskId: 0, makesVersion: false }) },
      ['The platform has taken the settings; they need no new version.'],
    ],
    [{ follow: goodValues.follow }, ['"shop-002" is online with all of the traffic.']],
    [{ follow: { ...goodValues.follow, share: 20 } }, ['"shop-002" is online with 20 % of the traffic.']],
    [{ follow: { ...goodValues.follow, share: 0 } }, ['"shop-002" is online with 0 % of the traffic.']],
    [{ online: goodValues.follow }, ['"shop-002" serves just this already; nothing is released.']],
    [{ inputs: goodValues.inputs }, []],
  ])('says what was made: %#', (value, lines) => {
    expect(describeValue(value)).toEqual(lines);
  });
});

describe('a service that ended for a reason of the runner', () => {
  const checks = [
    { name: 'starts', result: 'warned', detail: 'could not connect to its database' },
    { name: 'files', result: 'warned', detail: 'writes /app/x' },
  ] as const;

  it('is warned of with the last lines of its log, without env vars', () => {
    const log = createFakeLog();
    const listen = createLogListener(log);
    const finish = <N extends 'inputs' | 'verify'>(stage: N, value: StageValues[N]): void => {
      listen({ kind: 'finished', stage, value, durationMs: 0 });
    };
    finish('inputs', { ...goodValues.inputs, envFrom: { KEY: 'canary-value' } });
    const logTail = ['refused with canary-value'];
    finish('verify', { status: 'warned', checks, timeToListenMs: undefined, logTail });
    expect(log.lines.slice(-4)).toEqual([
      'output: refused with [redacted]',
      'warning: The service could not connect to its database. It was not checked any further.',
      'info: Done in 0.0 s.',
      'end',
    ]);
  });

  it('is not warned of when it came up', () => {
    const log = createFakeLog();
    const value = { status: 'warned', checks: checks.slice(1), timeToListenMs: 1, logTail: [] };
    createLogListener(log)({ kind: 'finished', stage: 'verify', value, durationMs: 0 });
    expect(log.lines.filter((line) => line.startsWith('warning'))).toEqual([]);
  });
});

describe('an overlay', () => {
  const settings: Settings = { MinNum: 1, EnvParams: { LEVEL: 'canary', GONE: null } };
  const config = { settings, positions: {}, overlays: ['dev', 'prod'] };
  const linesFor = (given: Partial<DeployInputs>): string[] =>
    describeValue({
      inputs: {
        ...goodValues.inputs,
        inputs: { ...deployInputs, ...given },
        config,
        envFrom: { TOKEN: 'canary' },
      },
    });

  it('is shown with its base, env vars by their names', () => {
    expect(linesFor({ overlay: 'prod', envFrom: ['TOKEN'] })).toEqual([
      'server-config with "prod":',
      'MinNum: 1',
      'EnvParams.LEVEL: [redacted]',
      'EnvParams.GONE: (deleted)',
      'EnvParams.TOKEN: (from the environment)',
    ]);
  });

  it('that is not picked is told', () => {
    expect(linesFor({ overlay: '' })).toEqual([
      'server-config holds the environments "dev", "prod"; config-environment picks none, so its base counts alone.',
    ]);
  });
});

it('warns of what is probably not meant, each at its place, within the group of the plan', () => {
  const at = { file: 'cloud.yml', line: 4, column: 1 };
  const warnings = [
    { message: 'MinNum: is low.', at },
    { message: 'VpcConf: is missing.', at: undefined },
  ];
  const lines = linesOf((log) => {
    const listen = createLogListener(log);
    listen({ kind: 'started', stage: 'compare' });
    listen({ kind: 'finished', stage: 'compare', value: planOf({ warnings }), durationMs: 100 });
  });
  expect(lines).toEqual([
    'group: Compare with the live service',
    'info: No setting changes.',
    'warning: MinNum: is low. @cloud.yml:4',
    'warning: VpcConf: is missing.',
    'info: Done in 0.1 s.',
    'end',
  ]);
});

describe('the end of the log', () => {
  it.each([
    [goodValues.follow.urls, 'info: Live: https://www.shop.test'],
    [[], 'info: Live. The service is not public, so there is no URL.'],
  ])('is the URL', (urls, line) => {
    const values = { follow: { ...goodValues.follow, urls } };
    expect(
      linesOf((log) => {
        logEnd({ ...live, values }, log);
      }),
    ).toEqual([line]);
  });

  it.each<[Status, Partial<StageValues>, string]>([
    [
      'planned',
      { compare: planOf({ changes }) },
      'Planned, nothing was written to the cloud. One setting changes.',
    ],
    ['planned', { compare: planOf() }, 'Planned, nothing was written to the cloud. No setting changes.'],
    [
      'planned',
      { compare: planOf({ action: 'create' }) },
      'Planned, nothing was written to the cloud. The service will be created.',
    ],
    ['unchanged', { online: goodValues.follow, compare: planOf() }, 'Unchanged: https://www.shop.test'],
    [
      'unchanged',
      { online: { ...goodValues.follow, urls: [] } },
      'Unchanged. The service is not public, so there is no URL.',
    ],
    ['live', { follow: goodValues.follow, compare: planOf({ changes }) }, 'Live: https://www.shop.test'],
    [
      'linted',
      { lint: { findings: found('warning', 'warning', 'info'), isFailed: false, ignored: 0 } },
      'Linted: 2 warnings, 1 info.',
    ],
    ['linted', { lint: { findings: [], isFailed: false, ignored: 1 } }, 'Linted: no findings.'],
    [
      'running',
      { serve: { url: 'http://127.0.0.1:18080', timeToListenMs: 7 } },
      'Running: http://127.0.0.1:18080',
    ],
  ])('of a run that is %s: %#', (status, values, line) => {
    const lines = linesOf((log) => {
      logEnd({ ...live, status, values }, log);
    });
    expect(lines).toEqual([`info: ${line}`]);
  });

  it('names every problem of the inputs at its place', () => {
    const error = new InputError([
      { subject: 'mode', message: 'is wrong.' },
      { subject: 'server-config: Cpu', message: 'is bad.', at: { file: 'cloud.yml', line: 3, column: 1 } },
    ]);
    expect(
      linesOf((log) => {
        logEnd(failed({ kind: 'input', stage: 'inputs', error }), log);
      }),
    ).toEqual(['error: mode: is wrong.', 'error: server-config: Cpu: is bad. @cloud.yml:3']);
  });

  it('shows the log tail of a failure before its reason', () => {
    const error = new ProjectError('It does not build.', {
      kind: 'build',
      logTail: ['a', 'b'],
      advice: 'Try.',
    });
    expect(
      linesOf((log) => {
        logEnd(failed({ kind: 'build', stage: 'build', error }), log);
      }),
    ).toEqual([
      'group: The last lines of the log',
      'output: a',
      'output: b',
      'end',
      'error: It does not build. Try.',
    ]);
  });

  it.each([
    [new TypeError('x is undefined'), 'x is undefined'],
    ['thrown text', 'thrown text'],
  ])('asks for a report of what nobody foresaw', (error, said) => {
    const lines = linesOf((log) => {
      logEnd(failed({ kind: 'unexpected', stage: 'look', error }), log);
    });
    expect(lines[0]).toMatch(/^debug: /);
    expect(lines.slice(1)).toEqual([
      `error: Unexpected error: ${said}. This is a bug of the action: please report it with the log.`,
    ]);
  });

  it('shows no env var in what nobody foresaw', () => {
    const inputs = { ...goodValues.inputs, envFrom: { KEY: 'canary-value' } };
    const error = new TypeError('cannot read canary-value');
    const lines = linesOf((log) => {
      logEnd(failed({ kind: 'unexpected', stage: 'look', error }, { inputs }), log);
    });
    expect(lines.at(-1)).toMatch(/^error: Unexpected error: cannot read \[redacted\]\. /);
    expect(lines.join()).not.toContain('canary-value');
  });
});
