import { describe, expect, it } from '@jest/globals';

import { createMeter, judge, type Reading } from '../../../src/adapters/http/meter.ts';
import { uploadLimits } from '../../../src/adapters/http/upload-limits.ts';

const size = 10_000_000;

describe('the rate', () => {
  it('is that of the last seconds, whatever the link took at once at the start', () => {
    const meter = createMeter(size, 20_000);
    let reading = meter.read(1_000, 4_000_000);
    expect(reading.bytesPerSecond).toBe(4_000_000);
    for (let second = 2; second <= 40; second++)
      reading = meter.read(second * 1000, 4_000_000 + (second - 1) * 24_000);
    expect(reading).toMatchObject({ elapsedMs: 40_000, bytesPerSecond: 24_000, movedBytes: 4_936_000 });
    expect(reading.leftMs).toBeCloseTo((size - 4_936_000) / 24);
  });

  it('never goes back, and nothing moves while the count stands or falls', () => {
    const meter = createMeter(size, 2_000);
    meter.read(1_000, 500);
    meter.read(2_000, 400);
    expect(meter.read(4_000, 500)).toMatchObject({
      movedBytes: 500,
      idleMs: 3_000,
      bytesPerSecond: 0,
      leftMs: Infinity,
    });
  });

  it('has nothing left once all has moved', () => {
    expect(createMeter(size, 2_000).read(1_000, size + 1)).toMatchObject({ movedBytes: size, leftMs: 0 });
    expect(createMeter(0, 2_000).read(1_000, 0)).toMatchObject({ leftMs: 0 });
  });
});

describe('a try', () => {
  const reading = (more: Partial<Reading>): Reading => ({
    sizeBytes: size,
    movedBytes: 1_000_000,
    elapsedMs: 30_000,
    bytesPerSecond: 24_000,
    leftMs: 375_000,
    idleMs: 0,
    ...more,
  });
  const slow = { kind: 'slow', bytesPerSecond: 24_000, leftMs: 375_000 };

  it.each([
    ['too slow, from 30 s on', {}, slow],
    ['too slow, before 30 s', { elapsedMs: 29_999 }, undefined],
    ['just fast enough', { leftMs: 170_000 }, undefined],
    ['a little slower', { leftMs: 170_001 }, { ...slow, leftMs: 170_001 }],
    ['pausing', { idleMs: 5_000 }, undefined],
    ['without a move for a while', { idleMs: 29_999, bytesPerSecond: 0, leftMs: Infinity }, undefined],
    ['without a move for 30 s', { idleMs: 30_000, leftMs: Infinity }, { kind: 'stalled', ms: 30_000 }],
    ['all moved, the answer awaited', { idleMs: 150_000, elapsedMs: 209_999, leftMs: 0 }, undefined],
    [
      'all moved, no answer after the cut',
      { elapsedMs: 210_000, leftMs: 0 },
      { kind: 'unanswered', ms: 210_000 },
    ],
  ] as const)('that is %s', (_name, more, verdict) => {
    expect(judge(reading(more), uploadLimits, false)).toEqual(verdict);
  });

  it('that is the last may be slow, until the cut; a stall ends it', () => {
    expect(judge(reading({ elapsedMs: 209_999 }), uploadLimits, true)).toBeUndefined();
    expect(judge(reading({ elapsedMs: 210_000 }), uploadLimits, true)).toMatchObject({ kind: 'unanswered' });
    expect(judge(reading({ idleMs: 30_000 }), uploadLimits, true)).toMatchObject({ kind: 'stalled' });
  });
});
