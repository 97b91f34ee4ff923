import { describe, expect, it } from '@jest/globals';

import { compareRulesPage } from '../../scripts/readme-tables.ts';
import { renderRulesPage } from '../../scripts/readme/rules.ts';
import { topics } from '../../src/lint/dockerfile/same.ts';
import type { Example } from '../../src/lint/rule.ts';
import { rules, type RuleInfo } from '../../src/lint/rules.ts';

const container = (files: Example['files'], port?: number): Example => ({
  files,
  mode: 'container',
  ...(port === undefined ? {} : { port }),
});

const rule = (given: Partial<RuleInfo> = {}): RuleInfo => ({
  id: 'CBR001',
  severity: 'error',
  title: 'No CMD | no ENTRYPOINT',
  why: 'The platform starts it.',
  fix: 'Add a CMD.',
  bad: container({ Dockerfile: 'FROM scratch\n', 'package.json': '{}', 'x/': '' }, 8080),
  good: container({ 'src/app.mjs': 'const a = `b`;\n// ```\n' }),
  ...given,
});

describe('the page of the rules', () => {
  it('has a section for each rule that its address leads to, with both examples', () => {
    expect(renderRulesPage([rule()])).toContain(
      [
        '<a id="cbr001"></a>',
        '',
        '### CBR001: No CMD | no ENTRYPOINT',
        '',
        'Severity: error.',
        '',
        'The platform starts it.',
        '',
        '**What to do:** Add a CMD.',
        '',
        'Bad: `Dockerfile`, beside `package.json`, `x/`, with `Port: 8080`:',
        '',
        '```dockerfile',
        'FROM scratch',
        '```',
        '',
        'Good: `src/app.mjs`:',
        '',
        '````js',
        'const a = `b`;',
        '// ```',
        '````',
        '',
        '## Other tools',
      ].join('\n'),
    );
  });

  it('says how large a file is of which only the size counts', () => {
    const bad = { ...container({ 'film.mp4': '', 'index.js': '' }), sizes: { 'film.mp4': 64 * 1024 * 1024 } };
    expect(renderRulesPage([rule({ bad })])).toContain('\nBad: `film.mp4`, of 64 MB, beside `index.js`.\n');
  });

  it('has a table of all rules, and counts them', () => {
    const page = renderRulesPage([rule(), rule({ id: 'CBR002', severity: 'info', title: 'Other' })]);
    expect(page).toContain('Rules: 2. Errors: 1, warnings: 0, infos: 1.');
    expect(page).toContain(
      '| [CBR001](#cbr001) | error | No CMD \\| no ENTRYPOINT |\n| [CBR002](#cbr002) | info | Other |\n',
    );
  });

  it('takes the words of a rule for plain text', () => {
    const page = renderRulesPage([rule({ why: 'In __dirname, <app> or A_B and *.js.', fix: 'Use `x`.' })]);
    expect(page).toContain('In \\_\\_dirname, \\<app> or A_B and \\*.js.');
    expect(page).toContain('**What to do:** Use \\`x\\`.');
  });

  it.each([
    [{ 'server.js': '' }, 'Bad: `server.js`.'],
    [{ 'node_modules/': '' }, 'Bad: `node_modules/`.'],
    [{ '.env': 'A=1\n' }, 'Bad: `.env`:\n\n```text\nA=1\n```'],
    [{ 'docker/api.Dockerfile': 'FROM x' }, 'Bad: `docker/api.Dockerfile`:\n\n```dockerfile\nFROM x\n```'],
  ])('shows the first file of an example: %j', (files, text) => {
    expect(renderRulesPage([rule({ bad: container(files) })])).toContain(`\n${text}\n`);
  });

  it('has a row for all that several tools say', () => {
    const [, table = ''] = renderRulesPage([]).split('## Other tools');
    const rows = table.split('\n').filter((line) => line.startsWith('| '));
    expect(rows).toHaveLength(topics.length + 2);
    expect(rows.filter((row) => row.split('|').length !== 7)).toEqual([]);
  });
});

describe('docs/rules.md', () => {
  const { now, wanted } = compareRulesPage();

  it('is up to date', () => {
    expect(now).toBe(wanted);
  });

  it('links to rules that exist', () => {
    const anchors = [...now.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id);
    expect(anchors).toEqual(rules.map(({ id }) => id.toLowerCase()));
    const linked = [...now.matchAll(/\]\(#([^)]+)\)/g)].map(([, id]) => id);
    const [intro = ''] = now.split('## The rules');
    const ignored = [...intro.matchAll(/ignore=(CBR\d+)/g)].map(([, id = '']) => id.toLowerCase());
    expect([...linked, ...ignored].filter((id) => !anchors.includes(id))).toEqual([]);
  });
});
