import { describe, expect, it } from '@jest/globals';

import type { FailureKind } from '../../../src/errors.ts';
import type { FailedStart } from '../../../src/stages/serve/ready.ts';
import { failed, passed, warned, type Check } from '../../../src/stages/verify/check.ts';
import { complete, explainFailure } from '../../../src/stages/verify/table.ts';
import { builtImage } from '../../support/samples.ts';

describe('the whole table', () => {
  const reason = 'it was not started';
  const always = [
    ...['architecture', 'starts', 'listens', 'start-time', 'http', 'secrets'],
    ...['memory', 'files', 'user', 'image-size', 'shutdown'],
  ];

  it('of a container has every row that is not asked for by an input, in its order', () => {
    const rows = complete([], { image: builtImage(), reason });
    expect(rows.map(({ name }) => name)).toEqual(always);
    expect(rows.every(({ result, detail }) => result === 'skipped' && detail === reason)).toBe(true);
  });

  it('of a function has no image, whatever the reason for the other rows is', () => {
    const rows = complete([], { image: undefined, reason });
    expect(rows.map(({ name }) => name)).toEqual(always);
    const ofImage = rows.filter(({ detail }) => detail === 'functions run in an image of the platform');
    expect(ofImage.map(({ name }) => name)).toEqual(['architecture', 'user', 'image-size']);
    expect(rows.filter(({ detail }) => detail === reason)).toHaveLength(always.length - 3);
  });

  it('keeps what is there, several rows of one name in the order in which they came', () => {
    const given = [passed('http', '/b'), warned('burst', 'x'), passed('http', '/a'), passed('starts', 'y')];
    const rows = complete(given, { image: builtImage(), reason });
    expect(rows.filter(({ result }) => result !== 'skipped')).toEqual([
      passed('starts', 'y'),
      passed('http', '/b'),
      passed('http', '/a'),
      warned('burst', 'x'),
    ]);
    expect(rows).toHaveLength(always.length + 2);
  });
});

const failure = (given: Partial<FailedStart['diagnosis']>, isRunning: boolean): FailedStart => ({
  status: 'failed',
  diagnosis: { kind: 'exit-on-start', finding: 'ended', isOnlyHere: false, advice: 'Read it.', ...given },
  isRunning,
  logTail: [],
});
const leak = failed('secrets', { kind: 'smoke', detail: 'sends back', advice: 'Do not.' });
const ofImage: readonly Check[] = [passed('architecture', 'linux/amd64'), warned('user', 'runs as root')];

describe('a service that did not come up', () => {
  it.each<[FailureKind, boolean, string, boolean]>([
    ['exit-on-start', false, 'starts', false],
    ['missing-env', false, 'starts', false],
    ['entry-not-found', false, 'starts', false],
    ['out-of-memory', false, 'starts', false],
    ['out-of-memory', true, 'starts', false],
    ['slow-start', false, 'starts', false],
    ['slow-start', true, 'listens', true],
    ['loopback-bind', true, 'listens', true],
    ['wrong-port', true, 'listens', true],
    ['wrong-port', false, 'listens', false],
    ['architecture', false, 'architecture', false],
  ])('because of %s (running: %s) fails the row %s, and starts: %s', (...[kind, isRunning, name, starts]) => {
    const rows = explainFailure(failure({ kind }, isRunning), ofImage);
    expect(rows.filter(({ result }) => result === 'failed')).toEqual([
      { name, result: 'failed', kind, detail: 'ended', advice: 'Read it.' },
    ]);
    expect(rows.filter((row) => row.name === 'starts' && row.result === 'passed')).toHaveLength(
      starts ? 1 : 0,
    );
    expect(rows.filter((row) => row.name === name)).toHaveLength(1);
    expect(rows).toContainEqual(warned('user', 'runs as root'));
  });

  it('for a reason of this machine is warned of, and what was seen before stands', () => {
    const seen = [passed('listens', 'x'), passed('http', 'x'), warned('burst', 'x'), leak, ...ofImage];
    const cause = failure({ isOnlyHere: true, advice: 'To have it checked, start one.' }, false);
    const warning = warned('starts', 'ended; to have it checked, start one');
    expect(explainFailure(cause, [passed('starts', 'x'), ...seen])).toEqual([warning, ...seen]);
  });

  it('any more keeps the rows that were seen before, but for those that it contradicts', () => {
    const seen = [passed('starts', 'x'), passed('listens', 'x'), passed('http', 'x'), leak];
    expect(explainFailure(failure({}, false), seen)).toEqual([
      failed('starts', { kind: 'exit-on-start', detail: 'ended', advice: 'Read it.' }),
      passed('listens', 'x'),
      passed('http', 'x'),
      leak,
    ]);
    expect(explainFailure(failure({ kind: 'slow-start' }, true), seen)).toEqual([
      passed('starts', 'the process runs'),
      failed('listens', { kind: 'slow-start', detail: 'ended', advice: 'Read it.' }),
      passed('http', 'x'),
      leak,
    ]);
  });
});
