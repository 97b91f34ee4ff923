import { describe, expect, it } from '@jest/globals';

import type { Change, Changes } from '../../src/service-config/diff.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import {
  buildPlanJson,
  describePlan,
  describeSettings,
  planOf as planThatCounts,
  renderPlan,
} from '../../src/report/plan.ts';
import { goodValues } from '../support/outcomes.ts';
import { planOf, releaseOf } from '../support/samples.ts';

const cpu: Change = { setting: 'Cpu', kind: 'changed', from: '0.5', to: '1', effect: 'new version' };
const min: Change = { setting: 'MinNum', kind: 'added', from: '(not set)', to: '1', effect: 'hot' };
const opens = 'The service becomes public: anyone on the internet can call it.';

const changesOf = (given: Partial<Changes>): { changes: Changes } => ({
  changes: { settings: [], keptEnv: [], access: [], ...given },
});

const head = ['| setting | from | to | takes effect |', '| --- | --- | --- | --- |'];

const envChanges = (count: number, name = 'KEY'): Change[] =>
  Array.from({ length: count }, (_, index) => ({
    setting: `EnvParams.${name}_${index}`,
    kind: 'added',
    from: '(not set)',
    to: '(a value)',
    effect: 'new version',
  }));

describe('the plan that counts', () => {
  const [shown, written] = [planOf({ notes: ['shown'] }), planOf({ notes: ['written'] })];

  it('is the written one, else the shown one, else none', () => {
    const release = releaseOf({ plan: written });
    expect(planThatCounts({ values: { compare: shown, release } })).toBe(written);
    expect(planThatCounts({ values: { compare: shown } })).toBe(shown);
    expect(planThatCounts({ values: { inputs: goodValues.inputs } })).toBeUndefined();
  });
});

describe('a plan in the log', () => {
  it.each([
    [planOf(), ['No setting changes.']],
    [planOf({ action: 'create' }), ['The service will be created.']],
    [planOf(changesOf({ settings: [cpu] })), ['One setting changes.', 'Cpu: 0.5 → 1 (new version)']],
    [
      planOf({
        ...changesOf({ settings: [cpu, min], access: [opens], keptEnv: ['A', 'B'] }),
        notes: ['Note.'],
      }),
      [
        '2 settings change.',
        'Cpu: 0.5 → 1 (new version)',
        'MinNum: (not set) → 1 (hot)',
        opens,
        'Env vars that stay: A, B.',
        'Note.',
      ],
    ],
    [planOf({ source: 'same' }), ['No setting changes.', 'The source is the one that serves.']],
    [planOf({ source: 'different' }), ['No setting changes.', 'The source is not the one that serves.']],
    [planOf({ source: 'unknown' }), ['No setting changes.']],
    [planOf({ source: 'not released' }), ['No setting changes.']],
  ])('is told in sentences: %#', (plan, lines) => {
    expect(describePlan(plan)).toEqual(lines);
  });
});

describe('a plan in Markdown', () => {
  it('is nothing where nothing changes', () => {
    expect(renderPlan(planOf())).toEqual([]);
  });

  it('is a table, the sentences, and what stays', () => {
    const changes = changesOf({ settings: [cpu, min], access: [opens], keptEnv: ['A', 'B_C'] });
    expect(renderPlan(planOf({ ...changes, notes: ['Note.'] }))).toEqual([
      ...head,
      '| <code>Cpu</code> | 0.5 | 1 | new version |',
      '| <code>MinNum</code> | \\(not set\\) | 1 | hot |',
      '',
      `- ${opens}`,
      '- Note.',
      '',
      'Env vars that stay: <code>A</code>, <code>B\\_C</code>',
      '',
    ]);
  });

  it.each([
    [{ settings: [cpu] }, [...head, '| <code>Cpu</code> | 0.5 | 1 | new version |', '']],
    [{ access: [opens] }, [`- ${opens}`, '']],
    [{ keptEnv: ['A'] }, ['Env vars that stay: <code>A</code>', '']],
  ])('leaves out what there is not: %#', (given, lines) => {
    expect(renderPlan(planOf(changesOf(given)))).toEqual(lines);
  });

  it.each<[string, Parameters<typeof planOf>[0], string[]]>([
    ['the source that serves', { source: 'same' }, ['- The source is the one that serves.', '']],
    ['another source', { source: 'different' }, ['- The source is not the one that serves.', '']],
    ['a source that nobody knows', { source: 'unknown' }, []],
    ['no source', { source: 'not released' }, []],
    [
      'warnings',
      { warnings: [{ message: 'MinNum: is *low*.', at: { file: 'cloud.yml', line: 1, column: 1 } }] },
      ['- Warning: MinNum: is \\*low\\*.', ''],
    ],
    [
      'all that is to be said, in the order in which it counts',
      {
        ...changesOf({ access: [opens] }),
        source: 'different',
        notes: ['A note.'],
        warnings: [{ message: 'Cpu: is low.', at: undefined }],
      },
      [`- ${opens}`, '- The source is not the one that serves.', '- A note.', '- Warning: Cpu: is low.', ''],
    ],
  ])('tells %s', (_what, given, lines) => {
    expect(renderPlan(planOf(given))).toEqual(lines);
  });

  it('shows 200 rows as they are', () => {
    const lines = renderPlan(planOf(changesOf({ settings: envChanges(200) })));
    expect(lines).toHaveLength(203);
    expect(lines.at(-2)).toContain('KEY\\_199</code>');
  });

  it.each([
    [1000, 'KEY'],
    [300, 'A_LONG_NAME_OF_AN_ENV_VAR_WITH_MANY_SIGNS_TO_ESCAPE_IN_IT'],
    [3, 'X'.repeat(30_000)],
  ])('with %s rows of %j has room in a comment, and says how many are not shown', (count, name) => {
    const settings = envChanges(count, name);
    const keptEnv = settings.map(({ setting }) => setting);
    const text = renderPlan(planOf(changesOf({ settings, keptEnv }))).join('\n');
    expect(text.length).toBeLessThan(40_000);
    const shown = (pattern: RegExp): number => [...text.matchAll(pattern)].length;
    const told = (pattern: RegExp): number => Number(pattern.exec(text)?.[1]);
    expect(shown(/^\| <code>/gm) + told(/^And (\d+) more\.$/m)).toBe(count);
    expect(shown(/[:,] <code>/g) + told(/[:,] (\d+) more$/m)).toBe(count);
  });

  it('cuts a long cell', () => {
    const [, , row = ''] = renderPlan(planOf(changesOf({ settings: [{ ...cpu, to: 'x'.repeat(1000) }] })));
    expect(row).toBe(`| <code>Cpu</code> | 0.5 | ${'x'.repeat(300)}… | new version |`);
  });

  it('lets no name and no value out of its cell', () => {
    const hostile = 'a|b\n| c | `d` <img src=x> [e](f) @g </code>';
    const shown = 'a\\|b \\| c \\| \\`d\\` &lt;img src=x&gt; \\[e\\]\\(f\\) @\u200bg &lt;/code&gt;';
    const settings = [{ ...cpu, setting: hostile, from: hostile, to: hostile }];
    const given = { ...changesOf({ settings, keptEnv: [hostile], access: [hostile] }), notes: [hostile] };
    expect(renderPlan(planOf(given))).toEqual([
      ...head,
      `| <code>${shown}</code> | ${shown} | ${shown} | new version |`,
      '',
      `- ${shown}`,
      `- ${shown}`,
      '',
      `Env vars that stay: <code>${shown}</code>`,
      '',
    ]);
  });
});

/** What a workflow may rely on in the output `plan`. Fields may come; none of these goes or changes its meaning. */
describe('the output plan', () => {
  const jsonOf = (given: Parameters<typeof planOf>[0]): unknown => JSON.parse(buildPlanJson(planOf(given)));

  it('holds the action, what changes setting by setting, what stays, access in words, and warnings', () => {
    const at = { file: 'cloud.yml', line: 1, column: 1 };
    const given = {
      ...changesOf({ settings: [cpu, min, ...envChanges(1)], keptEnv: ['KEPT'], access: [opens] }),
      source: 'different' as const,
      notes: ['A note.'],
      warnings: [{ message: 'MinNum: is low.', at }],
    };
    expect(jsonOf(given)).toEqual({
      action: 'update',
      changed: true,
      source: 'different',
      settings: [
        { setting: 'Cpu', kind: 'changed', from: '0.5', to: '1', effect: 'new version' },
        { setting: 'MinNum', kind: 'added', from: '(not set)', to: '1', effect: 'hot' },
        {
          setting: 'EnvParams.KEY_0',
          kind: 'added',
          from: '(not set)',
          to: '(a value)',
          effect: 'new version',
        },
      ],
      keptEnv: ['KEPT'],
      access: [opens],
      notes: ['A note.'],
      warnings: ['MinNum: is low.'],
    });
  });

  it.each([
    [{ action: 'create' as const }, true],
    [{ action: 'update' as const }, false],
    [{ source: 'same' as const }, false],
    [{ source: 'not released' as const }, false],
    [{ source: 'different' as const }, true],
    [{ source: 'unknown' as const }, true],
    [{ source: 'same' as const, isNewestServing: false }, true],
    [changesOf({ settings: [cpu] }), true],
    [changesOf({ keptEnv: ['A'] }), false],
  ])('tells whether %j changes anything: %s', (given, changed) => {
    expect(jsonOf(given)).toMatchObject({ changed });
  });

  it('is one line, and holds nothing of what is wanted', () => {
    const wanted = { settings: { EnvParams: { A: 'canary' } }, envStrategy: 'merge' as const };
    const json = buildPlanJson(planOf({ wanted, ...changesOf({ settings: [{ ...cpu, to: 'a\nb' }] }) }));
    expect(json).not.toMatch(/\n|canary/);
  });
});

describe('the settings of a config', () => {
  it('are lines, without the values of env vars and keys', () => {
    const settings: Settings = {
      Cpu: 0.5,
      CustomLogs: 'stdout',
      Cmd: ['a', 'b'],
      EnvParams: { A: 'canary', EMPTY: '', GONE: null },
      VolumesConf: [{ Type: 'cos', KeyID: 'canary' }, { Type: 'cfs' }],
    };
    expect(describeSettings(settings, ['TOKEN'])).toEqual([
      'Cpu: 0.5',
      'CustomLogs: "stdout"',
      'Cmd: ["a","b"]',
      'VolumesConf: [{"Type":"cos","KeyID":"[redacted]"},{"Type":"cfs"}]',
      'EnvParams.A: [redacted]',
      'EnvParams.EMPTY: [redacted]',
      'EnvParams.GONE: (deleted)',
      'EnvParams.TOKEN: (from the environment)',
    ]);
  });

  it('may be none', () => {
    expect(describeSettings({}, [])).toEqual([]);
  });
});
