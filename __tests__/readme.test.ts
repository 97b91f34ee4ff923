import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { compareReadme, readmes } from '../scripts/readme-tables.ts';
import { fillTables, renderTables } from '../scripts/readme/render.ts';
import { joinSources, readSources } from '../scripts/readme/sources.ts';
import { failureKinds } from '../src/errors.ts';
import { inputDefaults, parseInputs } from '../src/inputs.ts';
import { outputNames } from '../src/report/outputs.ts';
import { parseConfigSource, parseServiceConfig } from '../src/service-config/parse.ts';
import { settingNames } from '../src/service-config/schema.ts';
import { lintWorkflow } from './support/actionlint.ts';
import { readPage } from './support/markdown.ts';

const root = join(import.meta.dirname, '..');
const pages = ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md'];

interface Step {
  readonly uses?: string;
  readonly id?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** The steps of a workflow or of a list of steps; undefined for YAML of another kind. */
function stepsOf(value: unknown): readonly Step[] | undefined {
  if (Array.isArray(value)) return value as Step[];
  const { jobs } = value as { jobs?: Record<string, { steps?: Step[] }> };
  return jobs === undefined ? undefined : Object.values(jobs).flatMap(({ steps = [] }) => steps);
}

/** An expression becomes a word that fits wherever a name, an id or a number may stand. */
function evaluate(text: string): string {
  return text.replace(/\$\{\{.*?\}\}/g, '12345678');
}

/** What the action itself would say about a step's inputs and service config. */
function faultsOf(step: Step): string[] {
  const given = Object.entries(step.with ?? {});
  const unknown = given.filter(([name]) => !Object.hasOwn(inputDefaults, name)).map(([name]) => name);
  const values = given.map(([name, value]) => [name, evaluate(String(value))]);
  const idFits = values.map(([name, value]) => [name, name === 'env-id' ? `env-${value}` : value]);
  const raw = { ...inputDefaults, ...(Object.fromEntries(idFits) as typeof inputDefaults) };
  const source = parseConfigSource(raw['server-config']);
  const config = source.kind === 'inline' ? configFaults(source.value) : [];
  return [
    ...unknown.map((name) => `there is no input ${name}`),
    ...parseInputs(raw, {}).problems.map(({ subject, message }) => `${subject} ${message}`),
    ...config,
  ];
}

function configFaults(yaml: string): string[] {
  return parseServiceConfig(evaluate(yaml), 'example').problems.map(
    ({ subject, message }) => `${subject} ${message}`,
  );
}

function blockFaults(text: string): string[] {
  const steps = stepsOf(parse(text));
  if (steps === undefined) return configFaults(text);
  return steps.filter(({ uses = '' }) => /deploy-cloudbase-run@|^\.\/$/.test(uses)).flatMap(faultsOf);
}

describe.each(pages)('%s', (file) => {
  const page = readPage(file);
  const examples = page.blocks.filter(({ language }) => language === 'yaml').map(({ text }) => text);

  it('has examples that the action accepts', () => {
    expect(examples.flatMap(blockFaults)).toEqual([]);
  });

  it('has workflows that GitHub accepts', async () => {
    const workflows = examples.filter((text) => text.includes('\njobs:'));
    const results: string[] = [];
    for (const text of workflows) results.push(...(await lintWorkflow(text)));
    expect(results).toEqual([]);
  });

  it('uses no output that there is not', () => {
    const used = examples.flatMap((text) => [...text.matchAll(/steps\.\w+\.outputs\.([\w-]+)/g)]);
    expect(used.map(([, name]) => name).filter((name) => !outputNames.some((each) => each === name))).toEqual(
      [],
    );
  });

  it('links to files that exist', () => {
    expect(page.links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });
});

describe('the checks of the examples', () => {
  const step = (lines: string) => `- uses: OWNER/deploy-cloudbase-run@v1\n  with:\n${lines}`;
  const complete =
    '    service-name: api\n    env-id: e-1\n    secret-id: ${{ secrets.A }}\n    secret-key: k\n';

  it.each([
    ['a good step', step(complete), []],
    ['an unknown input', step(`${complete}    colour: blue\n`), ['there is no input colour']],
    ['a missing input', step('    service-name: api\n    env-id: e-1\n    secret-key: k\n'), [/^secret-id/]],
    ['a wrong choice', step(`${complete}    verify: perhaps\n`), [/^verify must be/]],
    ['an unknown setting', step(`${complete}    server-config: |\n      Cqu: 1\n`), [/Did you mean "Cpu"/]],
    ['a config file with an unknown setting', 'Port: 80\nColour: blue\n', [/Colour/]],
  ])('judge %s', (_, yaml, faults) => {
    const found = blockFaults(yaml);
    expect(found).toHaveLength(faults.length);
    faults.forEach((fault, index) => {
      expect(found[index]).toMatch(fault);
    });
  });
});

describe('the two READMEs', () => {
  const [english, chinese] = [readPage('README.md'), readPage('README.zh-CN.md')];

  it('have the same headings', () => {
    expect(chinese.headings).toEqual(english.headings);
  });

  it('have the same code', () => {
    expect(chinese.blocks).toEqual(english.blocks);
  });

  it('have tables with the same rows', () => {
    expect(chinese.tables).toEqual(english.tables);
  });

  it('link to the same files', () => {
    const others = (links: readonly string[]) => links.filter((link) => !/^README/.test(link));
    expect(others(chinese.links)).toEqual(others(english.links));
  });

  it.each(readmes)('has tables that are up to date: $file', (readme) => {
    const { now, wanted } = compareReadme(readme);
    expect(now).toBe(wanted);
  });

  it('name every input, output, setting and failure kind once', () => {
    const named = english.tables.map(({ rows }) => rows.flat());
    expect(named).toContainEqual(Object.keys(inputDefaults));
    expect(named).toContainEqual([...outputNames]);
    expect(named).toContainEqual([...settingNames]);
    expect(named.map((names) => [...names].sort())).toContainEqual([...failureKinds].sort());
  });
});

describe('CONTRIBUTING.md', () => {
  const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

  it('tells of every npm script', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const untold = Object.keys(scripts)
      .filter((name) => !/^(pre|post)/.test(name))
      .filter((name) => !new RegExp(`npm (run )?${name}\\b`).test(contributing));
    expect(untold).toEqual([]);
  });

  it('names files that exist', () => {
    const named = [
      ...contributing.matchAll(/`((?:src|scripts|docs|emulator|examples|__tests__)\/[\w./-]*)`/g),
    ];
    const paths = named.map(([, path = '']) => path).filter((path) => !path.includes('NAME'));
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('readme-tables', () => {
  const words = { zh: '字' };
  const both = { en: 'word', zh: '字' };
  const settings = Object.fromEntries(settingNames.map((name) => [name, both]));
  const failures = Object.fromEntries(failureKinds.slice(1).map((kind) => [kind, both]));
  const dictionary = { inputs: { a: words }, outputs: {}, settings, failures };
  const reserved = { kinds: [failureKinds[0]], ...both };
  const metadata = { inputs: { a: { description: 'A | B', default: 'x' } }, outputs: {} };

  it('renders names, defaults and words', () => {
    const tables = renderTables(joinSources(metadata, { ...dictionary, reserved }), 'en');
    expect(tables.inputs.split('\n')[2]).toBe('| `a` | `x` | A \\| B |');
    expect(tables.failures).toContain(`| \`${failureKinds[0]}\` | word |`);
    expect(tables.settings).toContain('| `MaxNum` | `1…50` |');
    expect(tables.settings).toContain('| `InternalAccess` | `open` `close` |');
  });

  it.each([
    ['an input without words', { inputs: {} }, 'inputs.a lacks words'],
    ['words without an output', { outputs: { b: words } }, 'outputs.b is left over'],
    [
      'a setting without English words',
      { settings: { ...settings, Cpu: words } },
      'settings.Cpu lacks words',
    ],
    [
      'a failure kind without words',
      { reserved: { kinds: [], ...both } },
      `failures.${failureKinds[0]} lacks`,
    ],
    ['an unknown reserved kind', { reserved: { kinds: [failureKinds[0], 'odd'], ...both } }, 'odd'],
  ])('refuses %s', (_, change, message) => {
    expect(() => joinSources(metadata, { ...dictionary, reserved, ...change })).toThrow(message);
  });

  it('refuses a page without markers', () => {
    const tables = renderTables(readSources(root), 'zh');
    expect(() => fillTables('# Title', tables)).toThrow('<!-- inputs -->');
  });
});
