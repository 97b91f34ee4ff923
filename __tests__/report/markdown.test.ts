import { describe, expect, it } from '@jest/globals';

import { ProjectError } from '../../src/errors.ts';
import { commentMarker, renderComment, renderSummary } from '../../src/report/markdown.ts';
import { failed, goodValues, live } from '../support/outcomes.ts';
import { runContext, target } from '../support/samples.ts';

const failure = (message: string, logTail: string[] = [], advice = 'Do better.') => ({
  kind: 'build' as const,
  stage: 'build' as const,
  error: new ProjectError(message, { kind: 'build', logTail, advice }),
});

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
  const textOf = (message: string): string =>
    /\n- (.*)\n/.exec(renderComment(failed(failure(message)), target, runContext()))?.[1] ?? '';

  it.each([
    ['<img src=x>', '&lt;img src=x&gt;'],
    ['a & b', 'a &amp; b'],
    ['[x](http://y)', '\\[x\\]\\(http://y\\)'],
    ['**bold** _it_ ~no~', '\\*\\*bold\\*\\* \\_it\\_ \\~no\\~'],
    ['`code` a|b # !', '\\`code\\` a\\|b \\# \\!'],
    ['back\\slash', 'back\\\\slash'],
    ['thanks @someone', 'thanks @\u200bsomeone'],
    ['tab\tand\r  spaces', 'tab and spaces'],
  ])('%j is shown as it is', (message, shown) => {
    expect(textOf(message)).toBe(shown);
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

describe('the summary', () => {
  it('shows checks, changes and the time of each stage', () => {
    const values = {
      ...goodValues,
      verify: {
        status: 'passed' as const,
        checks: [{ name: 'answers' as const, result: 'passed' as const, detail: '"GET /" answers 200 | ok' }],
        timeToListenMs: 1,
      },
      compare: { ...goodValues.compare, changes: [{ setting: 'Cpu', from: '(not set)', to: '1' }] },
    };
    const stages = [
      { stage: 'look' as const, durationMs: 1234, isFailed: false },
      { stage: 'build' as const, durationMs: 10, isFailed: true },
    ];
    expect(
      renderSummary({ ...live, values, stages }, target)
        .split('\n')
        .slice(0, 2),
    ).toEqual(['## CloudBase Run: <code>shop</code>', '']);
    expect(
      renderSummary({ ...live, values, stages }, target)
        .split('\n')
        .slice(8),
    ).toEqual([
      '| checked locally | result | detail |',
      '| --- | --- | --- |',
      '| answers | passed | "GET /" answers 200 \\| ok |',
      '',
      '| setting | from | to |',
      '| --- | --- | --- |',
      '| <code>Cpu</code> | \\(not set\\) | 1 |',
      '',
      '| stage | duration |',
      '| --- | ---: |',
      '| Look at the live service | 1.2 s |',
      '| Build (failed) | 0.0 s |',
      '',
    ]);
  });

  it('says why nothing was verified', () => {
    const verify = { status: 'skipped' as const, reason: 'input "verify" is false' };
    expect(renderSummary({ ...live, values: { verify } }, undefined)).toContain(
      '## CloudBase Run\n\nStatus: **live**\n\nLocal verification was skipped: input "verify" is false.\n',
    );
  });
});
