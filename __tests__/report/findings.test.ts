import { describe, expect, it } from '@jest/globals';

import type { Finding, Severity } from '../../src/lint/finding.ts';
import type { Outcome } from '../../src/outcome.ts';
import { describeFindings } from '../../src/lint/finding.ts';
import { redactFindings, renderFindings } from '../../src/report/findings.ts';
import { goodValues, live } from '../support/outcomes.ts';
import { runContext } from '../support/samples.ts';

const finding = (given: Partial<Finding> = {}): Finding => ({
  severity: 'error',
  tool: 'cloudbase-run',
  rule: 'CBR001',
  message: 'There is no CMD.',
  fix: 'Add one.',
  url: 'https://docs.test/rules.md#cbr001',
  at: { file: 'services/api/Dockerfile', line: 3, column: 1 },
  ...given,
});

const outcomeOf = (findings: readonly Finding[], ignored = 0): Outcome => ({
  ...live,
  values: { inputs: goodValues.inputs, lint: { findings, isFailed: false, ignored } },
});

const render = (findings: readonly Finding[], context = runContext()): string[] =>
  renderFindings(outcomeOf(findings), context);

const rowOf = (given: Partial<Finding>): string => render([finding(given)])[6] ?? '';

describe('the findings in the summary', () => {
  it('are a table with links to the rule and to the line at the commit', () => {
    const warning = finding({ severity: 'warning', url: 'docs/rules.md#cbr001', fix: 'Do it.' });
    const lines = renderFindings(outcomeOf([finding(), warning], 2), runContext());
    const place =
      '[<code>services/api/Dockerfile:3</code>](https://github.com/acme/shop/blob/abcdef0123456789/services/api/Dockerfile#L3)';
    expect(lines).toEqual([
      '### Lint',
      '',
      '1 error, 1 warning; 2 ignored.',
      '',
      '| severity | rule | place | what is wrong, and what to do |',
      '| --- | --- | --- | --- |',
      `| **error** | [<code>CBR001</code>](https://docs.test/rules.md#cbr001) | ${place} | There is no CMD. Add one. |`,
      `| warning | <code>CBR001</code> | ${place} | There is no CMD. Do it. |`,
      '',
    ]);
  });

  it.each([
    ['no run', { runUrl: '' }],
    ['no commit', { sha: '' }],
  ])('have no link to the line where there is %s', (_, context) => {
    expect(render([finding()], runContext(context))[6]).toContain(
      ' | <code>services/api/Dockerfile:3</code> | ',
    );
  });

  it.each(['../other/Dockerfile', '/etc/Dockerfile'])('have none outside the repository: %s', (file) => {
    expect(rowOf({ at: { file, line: 1, column: 1 } })).not.toContain('/blob/');
  });

  it('can be told from the text around them, whatever they hold', () => {
    const at = { file: 'a b/(x)|#.js', line: 1, column: 1 };
    const row = rowOf({ message: '<img> | [x](y) @someone', url: 'https://x.test/a) | b', at });
    expect(row).toContain('| &lt;img&gt; \\| \\[x\\]\\(y\\) @\u200bsomeone Add one. |');
    expect(row).toContain('](https://x.test/a%29%20%7c%20b) |');
    expect(row).toContain('/blob/abcdef0123456789/a%20b/%28x%29%7C%23.js#L1)');
    expect(rowOf({ url: 'javascript:alert(1)' })).toContain('| <code>CBR001</code> |');
  });

  it('are fifty at the most, and long texts are cut', () => {
    const all = Array.from({ length: 52 }, () => finding());
    const lines = render(all);
    expect(lines.filter((line) => line.startsWith('| **error**'))).toHaveLength(50);
    expect(lines.slice(-2)).toEqual(['And 2 more, in the log.', '']);
    expect(render(all.slice(0, 50)).join()).not.toContain('more.');
    expect(rowOf({ message: 'x'.repeat(5000) })).toContain(`${'x'.repeat(1000)}… Add one.`);
    const worst = {
      message: '<'.repeat(5000),
      fix: '@'.repeat(5000),
      url: `https://x.test/${'a'.repeat(300)}`,
    };
    expect(Buffer.byteLength(render(all.map((each) => ({ ...each, ...worst }))).join('\n'))).toBeLessThan(
      2 ** 19,
    );
  });

  it('are one line where there are none, or where lint did not look', () => {
    expect(render([])).toEqual(['Lint found nothing.', '']);
    expect(renderFindings(outcomeOf([], 3), runContext())).toEqual(['Lint found nothing; 3 ignored.', '']);
    const lint = { findings: [], isFailed: false, ignored: 0, skipped: 'input "lint" is off' };
    expect(renderFindings({ ...live, values: { lint } }, runContext())).toEqual([
      'Lint was skipped: input "lint" is off.',
      '',
    ]);
    expect(renderFindings({ ...live, values: {} }, runContext())).toEqual([]);
  });
});

it('findings are without the values that the run knows', () => {
  const { credentials } = goodValues.inputs.inputs.cloud;
  const found = [
    finding({ message: `It holds ${credentials.secretKey}.`, fix: `Not ${credentials.secretKey}.` }),
  ];
  expect(redactFindings(outcomeOf(found))).toEqual([
    finding({ message: 'It holds [redacted].', fix: 'Not [redacted].' }),
  ]);
  expect(render(found).join()).not.toContain(credentials.secretKey);
  const lint = { findings: found, isFailed: false, ignored: 0, skipped: 'x' };
  expect(redactFindings({ ...live, values: { lint } })).toBeUndefined();
});

it.each<[readonly Severity[], string]>([
  [[], 'no findings'],
  [['info', 'error', 'info'], '1 error, 2 infos'],
  [['warning'], '1 warning'],
])('%j in numbers is "%s"', (severities, words) => {
  expect(describeFindings(severities.map((severity) => finding({ severity })))).toBe(words);
});
