import { describe, expect, it } from '@jest/globals';

import { ProjectError } from '../../src/errors.ts';
import type { Outcome } from '../../src/outcome.ts';
import { commentMarker, renderComment, renderSummary } from '../../src/report/markdown.ts';
import type { Changes } from '../../src/service-config/diff.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import type { Plan } from '../../src/stages/compare.ts';
import type { Check } from '../../src/stages/verify/check.ts';
import { failed, goodValues, live } from '../support/outcomes.ts';
import {
  deployInputs,
  lintInputs,
  planOf,
  releaseOf,
  runContext,
  runInputs,
  target,
} from '../support/samples.ts';

const failure = (message: string, logTail: string[] = [], advice = 'Do better.') => ({
  kind: 'build' as const,
  stage: 'build' as const,
  error: new ProjectError(message, { kind: 'build', logTail, advice }),
});

const changes: Changes = {
  settings: [{ setting: 'Cpu', kind: 'added', from: '(not set)', to: '1', effect: 'new version' }],
  keptEnv: ['KEPT'],
  access: ['The service is no longer public.'],
};

/** The changes as they are shown. */
const table = [
  '| setting | from | to | takes effect |',
  '| --- | --- | --- | --- |',
  '| <code>Cpu</code> | \\(not set\\) | 1 | new version |',
  '',
  '- The service is no longer public.',
  '',
  'Env vars that stay: <code>KEPT</code>',
  '',
];

describe('the comment', () => {
  it('of a live run', () => {
    expect(renderComment(live, target, runContext()).split('\n')).toEqual([
      '<!-- deploy-cloudbase-run service=shop env=demo-env -->',
      '### CloudBase Run: <code>shop</code>',
      '',
      '**Live**: https://www.shop.test',
      '',
      '| version | before | mode | access |',
      '| --- | --- | --- | --- |',
      '| <code>shop-002</code> | <code>shop-001</code> | <code>container</code> | <code>PUBLIC</code> |',
      '',
      '[console](https://tcb.cloud.tencent.com/dev?envId=demo-env#/platform-run/service/detail?serverName=shop&tabId=deploy&envId=demo-env) · [log](https://github.com/acme/shop/actions/runs/5) · commit <code>abcdef0</code> · 65.4 s',
      '',
    ]);
  });

  it('of a service that is not public has no URL', () => {
    const values = { ...goodValues, follow: { ...goodValues.follow, urls: [], previousVersion: '' } };
    const comment = renderComment({ ...live, values }, target, runContext({ sha: '', runUrl: '' }));
    expect(comment).toContain('**Live**, not public\n');
    expect(comment).toContain('<code>none</code>');
    expect(comment).not.toMatch(/\[log\]|commit/);
  });

  it('of a failed run names stage, kind, reasons and advice', () => {
    const comment = renderComment(failed(failure('One.\nTwo.')), target, runContext());
    expect(comment).toContain('**Failed** at "Build" (<code>build</code>)\n\n- One.\n- Two.\n\nDo better.\n');
    expect(comment).not.toContain('<details>');
  });

  it('of a cancelled run says so', () => {
    const cancelled = failed({ kind: 'cancelled', stage: undefined, error: new Error('x') });
    expect(renderComment(cancelled, target, runContext())).toContain(
      '**Cancelled** (<code>cancelled</code>)',
    );
  });

  it('of an unforeseen error hides its text', () => {
    const comment = renderComment(
      failed({ kind: 'unexpected', stage: 'look', error: new Error('canary') }),
      target,
      runContext(),
    );
    expect(comment).toContain('- Unexpected error.');
    expect(comment).not.toContain('canary');
  });

  it('has a marker of its own for each service and environment', () => {
    const markers = [target, { ...target, serviceName: 'b' }, { ...target, envId: 'b' }].map(commentMarker);
    expect(new Set(markers).size).toBe(3);
  });
});

describe('text of others', () => {
  it('is shown as it is', () => {
    const comment = renderComment(failed(failure('<img src=x> [x](y) @someone')), target, runContext());
    expect(comment).toContain('\n- &lt;img src=x&gt; \\[x\\]\\(y\\) @\u200bsomeone\n');
  });

  it('cannot leave the fence of a log', () => {
    const tail = ['before', '```', '````js', '</details>', 'after'];
    const comment = renderComment(failed(failure('x', tail)), target, runContext());
    expect(comment).toContain(`\n\`\`\`\`\`text\n${tail.join('\n')}\n\`\`\`\`\`\n`);
  });

  it('is fenced by three ticks where it has none', () => {
    expect(renderComment(failed(failure('x', ['a'])), target, runContext())).toContain('\n```text\na\n```\n');
  });
});

describe('a plan', () => {
  const { inputs, look, project } = goodValues;
  const planned = (compare: Plan): Outcome => ({
    ...live,
    status: 'planned',
    values: { inputs, look, project, compare },
  });

  it.each([
    ['comment', (outcome: Outcome) => renderComment(outcome, target, runContext())],
    ['summary', (outcome: Outcome) => renderSummary(outcome, runContext())],
  ])('in the %s says what would change, and that nothing was written to the cloud', (_where, render) => {
    const text = render(planned(planOf({ changes })));
    expect(text).toContain('\n\n**Planned**, nothing was written to the cloud. One setting changes.\n\n');
    expect(text).toContain(`\n${table.join('\n')}`);
    const unchanged = render(planned(planOf()));
    expect(unchanged).toContain('**Planned**, nothing was written to the cloud. No setting changes.');
    expect(unchanged).not.toContain('takes effect');
  });

  it.each([
    ['live', 'Live'],
    ['unchanged', 'Unchanged'],
  ] as const)('of a run that is %s stands below what serves', (status, word) => {
    const values = { inputs, look, project, compare: planOf({ changes }), online: goodValues.follow };
    const lines = renderComment({ ...live, status, values }, target, runContext()).split('\n');
    expect(lines.slice(3, 17)).toEqual([
      `**${word}**: https://www.shop.test`,
      '',
      '| version | before | mode | access |',
      '| --- | --- | --- | --- |',
      '| <code>shop-002</code> | <code>shop-001</code> | <code>container</code> | <code>PUBLIC</code> |',
      '',
      ...table,
    ]);
  });

  it('of a run that failed is shown, too', () => {
    const values = { inputs, look, compare: planOf({ changes }) };
    expect(renderComment(failed(failure('x'), values), target, runContext())).toContain(table.join('\n'));
  });
});

describe('an overlay', () => {
  const settings: Settings = { MinNum: 1, CustomLogs: '```', EnvParams: { LEVEL: 'canary' } };
  const outcomeWith = (overlay: string): Outcome => {
    const inputs = {
      ...goodValues.inputs,
      inputs: { ...deployInputs, overlay, envFrom: ['TOKEN'] },
      config: { settings, positions: {}, overlays: ['prod'] },
      envFrom: { TOKEN: 'canary' },
    };
    return { ...live, values: { ...goodValues, inputs } };
  };

  it('is shown in the summary with its base, folded, and env vars by their names', () => {
    expect(renderSummary(outcomeWith('pr<o>d'), runContext())).toContain(
      [
        '<details><summary>server-config with <code>pr&lt;o&gt;d</code></summary>',
        '',
        '````text',
        'MinNum: 1',
        'CustomLogs: "```"',
        'EnvParams.LEVEL: [redacted]',
        'EnvParams.TOKEN: (from the environment)',
        '````',
        '',
        '</details>',
        '',
      ].join('\n'),
    );
  });

  it('is left out where none is picked, and of a comment', () => {
    expect(renderSummary(outcomeWith(''), runContext())).not.toContain('server-config');
    expect(renderComment(outcomeWith('prod'), target, runContext())).not.toContain('<details>');
  });
});

describe('the summary', () => {
  it('shows checks, changes and the time of each stage', () => {
    const values = {
      ...goodValues,
      verify: {
        status: 'passed' as const,
        checks: [{ name: 'http' as const, result: 'passed' as const, detail: '"GET /" answers 200 | ok' }],
        timeToListenMs: 1,
        logTail: [],
      },
      release: releaseOf({ plan: planOf({ changes }) }),
    };
    const stages = [
      { stage: 'look' as const, durationMs: 1234, isFailed: false },
      { stage: 'build' as const, durationMs: 10, isFailed: true },
    ];
    expect(
      renderSummary({ ...live, values, stages }, runContext())
        .split('\n')
        .slice(0, 2),
    ).toEqual(['## CloudBase Run: <code>shop</code>', '']);
    expect(
      renderSummary({ ...live, values, stages }, runContext())
        .split('\n')
        .slice(8),
    ).toEqual([
      'Lint found nothing.',
      '',
      '| checked locally | result | detail |',
      '| --- | --- | --- |',
      '| http | passed | "GET /" answers 200 \\| ok |',
      '',
      'Package: 2 files with 30 bytes, packed to 10 bytes, sha-256 <code>abc</code>.',
      '',
      '<details><summary>Its files</summary>',
      '',
      '| file | size |',
      '| --- | ---: |',
      '| <code>index.js</code> | 20 bytes |',
      '| <code>package.json</code> | 10 bytes |',
      '',
      '</details>',
      '',
      ...table,
      '| stage | duration |',
      '| --- | ---: |',
      '| Look at the live service | 1.2 s |',
      '| Build (failed) | 0.0 s |',
      '',
    ]);
  });

  it('of lint alone is what lint found', () => {
    const at = { file: 'a|b', line: 2, column: 1 };
    const found = {
      severity: 'warning',
      tool: 'hadolint',
      rule: 'DL3008',
      url: '',
      message: 'm.',
      fix: 'f.',
      at,
    } as const;
    const lint = { findings: [found], isFailed: false, ignored: 0 };
    const values = { inputs: { ...goodValues.inputs, inputs: lintInputs }, lint };
    const summary = renderSummary({ ...live, status: 'linted', values }, runContext());
    expect(summary.split('\n').slice(0, 10)).toEqual([
      '## CloudBase Run',
      '',
      '**Linted**: 1 warning.',
      '',
      '### Lint',
      '',
      '1 warning.',
      '',
      '| severity | rule | place | what is wrong, and what to do |',
      '| --- | --- | --- | --- |',
    ]);
    const nothing = { ...values, lint: { ...lint, findings: [] } };
    expect(renderSummary({ ...live, status: 'linted', values: nothing }, runContext())).toContain(
      '\n**Linted**: no findings.\n\nLint found nothing.\n\n| stage |',
    );
  });

  it('says why nothing was verified', () => {
    const verify = { status: 'skipped' as const, reason: 'input "verify" is false' };
    expect(renderSummary({ ...live, values: { verify } }, runContext())).toContain(
      '## CloudBase Run\n\nStatus: **live**\n\nLocal verification was skipped: input "verify" is false.\n',
    );
  });

  it('shows every check, those that are not passed in bold, and no value that the run knows', () => {
    const checks: Check[] = [
      { name: 'starts', result: 'passed', detail: 'runs' },
      { name: 'user', result: 'warned', detail: 'runs as root' },
      { name: 'files', result: 'skipped', detail: 'not seen' },
      { name: 'http', result: 'failed', detail: 'says canary-value', kind: 'smoke', advice: 'a' },
    ];
    const verify = { status: 'failed' as const, checks, timeToListenMs: 3, logTail: [] };
    const inputs = { ...goodValues.inputs, envFrom: { KEY: 'canary-value' } };
    const summary = renderSummary(failed(failure('x'), { inputs, verify }), runContext());
    expect(summary).toContain(
      [
        '| checked locally | result | detail |',
        '| --- | --- | --- |',
        '| starts | passed | runs |',
        '| user | **warned** | runs as root |',
        '| files | skipped | not seen |',
        '| http | **failed** | says \\[redacted\\] |',
        '',
      ].join('\n'),
    );
  });

  const artifact = { kind: 'image', reference: 'r.test/a:1', digest: 'sha256:d', isProven: true } as const;
  const checked = { status: 'passed', checks: [], timeToListenMs: 1, logTail: [] } as const;
  const unchecked = { status: 'skipped', reason: 'x' } as const;

  it.each<[string, Outcome['values'], string]>([
    [
      'checked and proven',
      { package: artifact, verify: checked },
      'Image <code>r.test/a:1</code>, digest <code>sha256:d</code>: the very image that was checked here.',
    ],
    [
      'proven, and never run',
      { package: artifact, verify: unchecked },
      'Image <code>r.test/a:1</code>, digest <code>sha256:d</code>, not checked here.',
    ],
    [
      'checked, and not proven',
      { package: { ...artifact, digest: undefined, isProven: false }, verify: checked },
      'Image <code>r.test/a:1</code>, not checked here.',
    ],
  ])('tells the image that is deployed: %s', (_what, ...[values, line]) => {
    expect(renderSummary({ ...live, values }, runContext()).split('\n')).toContain(line);
  });

  it('tells no image of a package', () => {
    expect(renderSummary(live, runContext())).not.toContain('Image ');
  });

  it('of a service that was left running leads to it', () => {
    const serve = { url: 'http://127.0.0.1:18080', timeToListenMs: 7, logTail: [] };
    const values = { inputs: { ...goodValues.inputs, inputs: runInputs }, serve };
    const summary = renderSummary({ ...live, status: 'running', values }, runContext());
    expect(summary.split('\n').slice(0, 4)).toEqual([
      '## CloudBase Run',
      '',
      '**Running** on this machine for the steps that follow: <code>http://127.0.0.1:18080</code>',
      '',
    ]);
  });
});
