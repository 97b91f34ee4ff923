import { describe, expect, it } from '@jest/globals';

import { InputError, ProjectError } from '../../src/errors.ts';
import type { RunEvent } from '../../src/events.ts';
import type { StageValues } from '../../src/outcome.ts';
import { createLogListener, describeValue, logEnd } from '../../src/report/log.ts';
import { createFakeLog } from '../support/fakes.ts';
import { failed, goodValues, live } from '../support/outcomes.ts';
import { liveState } from '../support/samples.ts';

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
    [{ lint: { findings: [], isFailed: false } }, ['0 finding(s).']],
    [
      { lint: { findings: [], isFailed: false, skipped: 'input "lint" is off' } },
      ['Skipped: input "lint" is off.'],
    ],
    [
      { compare: { ...goodValues.compare, action: 'create', notes: ['Closed.'] } },
      ['The service will be created.', 'Closed.'],
    ],
    [
      { compare: { ...goodValues.compare, changes: [{ setting: 'Cpu', from: '0.5', to: '1' }] } },
      ['1 setting(s) change.', 'Cpu: 0.5 → 1'],
    ],
    [{ build: { kind: 'skipped', reason: 'no engine' } }, ['Skipped: no engine.']],
    [{ build: goodValues.build }, []],
    [{ verify: { status: 'skipped', reason: 'no engine' } }, ['Skipped: no engine.']],
    [
      {
        verify: {
          status: 'passed',
          timeToListenMs: 1,
          checks: [{ name: 'starts', result: 'passed', detail: 'it runs' }],
        },
      },
      ['starts: passed, it runs'],
    ],
    [{ package: goodValues.package }, ['2 file(s), 10 bytes, sha-256 abc.']],
    [{ release: goodValues.release }, ['The platform has accepted the release as task 11.']],
    [{ release: { ...goodValues.release, taskId: 0 } }, ['The platform has accepted the release.']],
    [{ follow: goodValues.follow }, ['"shop-002" is online with all of the traffic.']],
    [{ inputs: goodValues.inputs }, []],
  ])('says what was made: %#', (value, lines) => {
    expect(describeValue(value)).toEqual(lines);
  });
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
});
