import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { compareReadme, readmes } from '../scripts/readme-tables.ts';
import { configSchemaFile } from '../scripts/readme/config-schema.ts';
import { fillTables, renderTables } from '../scripts/readme/render.ts';
import { joinSources, readSources } from '../scripts/readme/sources.ts';
import { failureKinds } from '../src/errors.ts';
import { inputDefaults } from '../src/inputs.ts';
import { rules } from '../src/lint/rules.ts';
import { outputNames } from '../src/report/outputs.ts';
import { describePlan } from '../src/report/plan.ts';
import { diffSettings } from '../src/service-config/diff.ts';
import { parseServiceConfig } from '../src/service-config/parse.ts';
import { settingNames } from '../src/service-config/schema.ts';
import { compare, type Plan } from '../src/stages/compare.ts';
import { lintWorkflow } from './support/actionlint.ts';
import { readPage, type Page } from './support/markdown.ts';
import { findFaults, readConfigFiles } from './support/readme-examples.ts';
import { containerProject, liveState, serviceConfig, serviceDetail } from './support/samples.ts';

const root = join(import.meta.dirname, '..');
const pages = ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md'];

const { examples: settingExamples } = parse(readFileSync(join(root, 'docs/tables.yml'), 'utf8')) as {
  readonly examples: Readonly<Record<string, unknown>>;
};

/** When a setting takes effect on a live service that has another value. */
function effectOf(name: string): string | undefined {
  const settings = { [name]: 'another value', EnvParams: '{}' };
  const live = {
    settings,
    ownSettings: settings,
    accessTypes: [],
    recordNumber: 1,
    isNewestServing: true,
    isFunction: false,
  };
  return diffSettings({ [name]: settingExamples[name] }, live).settings[0]?.effect;
}

/** The plan that the README shows: its config for "prod", against a service that differs from it. */
function planOfExample(page: Page): Plan {
  const { 'cloudbase-run.yml': text = '' } = readConfigFiles(yamlOf(page));
  const { value = serviceConfig() } = parseServiceConfig(text, 'cloudbase-run.yml', 'prod');
  const env = { ...value.settings.EnvParams, LOG_LEVEL: 'debug', DEBUG_ROUTES: '1' };
  const EnvParams = JSON.stringify({ PAYMENT_KEY: 'one', SESSION_KEY: 'two', ...env });
  const { port: Port } = containerProject();
  const settings = { Cpu: 1, Mem: 2, MinNum: 0, MaxNum: 5, Port, Dockerfile: 'Dockerfile', EnvParams };
  const live = liveState(serviceDetail({ settings, accessTypes: ['MINIAPP'] }));
  return compare({ config: value, envFrom: {}, envStrategy: 'merge', live, project: containerProject() });
}

function yamlOf({ blocks }: Page): string[] {
  return blocks.filter(({ language }) => language === 'yaml').map(({ text }) => text);
}

describe.each(pages)('%s', (file) => {
  const page = readPage(file);
  const examples = yamlOf(page);

  it('has examples that the action accepts, and configs that fit the schema for editors', async () => {
    const files = readConfigFiles(examples);
    const faults = await Promise.all(examples.map((text) => findFaults(text, files)));
    expect(examples).not.toEqual([]);
    expect(faults.flat()).toEqual([]);
  });

  it('names the schema for editors by the address that it has', () => {
    const named = examples.flatMap((text) => [...text.matchAll(/\$schema=(.*)/g)].map(([, url]) => url));
    const address = `https://raw.githubusercontent.com/OWNER/deploy-cloudbase-run/v1/${configSchemaFile}`;
    expect(named).toEqual(named.map(() => address));
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

  it('names lint rules that exist', () => {
    const named = readFileSync(join(root, file), 'utf8').match(/\bCBR\d{3}\b/g) ?? [];
    expect(named.filter((id) => !rules.some((rule) => rule.id === id))).toEqual([]);
  });

  it('links to headings that exist', () => {
    const text = readFileSync(join(root, file), 'utf8');
    const titles = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title);
    const anchors = titles.map((title) => title.toLowerCase().replace(/[^\p{L}\d _-]/gu, ''));
    const known = anchors.map((anchor) => anchor.replaceAll(' ', '-'));
    const linked = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(linked.filter((anchor) => !known.some((each) => each === anchor))).toEqual([]);
  });

  it('links to files that exist', () => {
    expect(page.links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });
});

describe('the checks of the examples', () => {
  const step = (lines: string) => `- uses: OWNER/deploy-cloudbase-run@v1\n  with:\n${lines}`;
  const complete =
    '    service-name: api\n    env-id: e-1\n    secret-id: ${{ secrets.A }}\n    secret-key: k\n';
  const files = { 'api.yml': 'Port: 80\nenvironments: { dev: {} }\n' };
  const withFile = `${complete}    server-config: api.yml\n    config-environment: `;
  const matrix = 'jobs:\n  deploy:\n    strategy: { matrix: { name: [dev, prod] } }\n    steps:\n';
  const inEach = step(`${withFile}\${{ matrix.name }}\n`).replace(/^/gm, '      ');

  it.each([
    ['a good step', step(complete), []],
    ['an unknown input', step(`${complete}    colour: blue\n`), ['there is no input colour']],
    ['a missing input', step('    service-name: api\n    env-id: e-1\n    secret-key: k\n'), [/^secret-id/]],
    ['a wrong choice', step(`${complete}    verify: perhaps\n`), [/^verify must be/]],
    ['a comparison', step(`${complete}    redeploy: \${{ a == 'b' }}\n`), []],
    [
      'an unknown setting',
      step(`${complete}    server-config: |\n      Cqu: 1\n`),
      [/Did you mean "Cpu"/, /^the schema for editors: .*Cqu/],
    ],
    ['a file that no example shows', step(`${complete}    server-config: no.yml\n`), [/does not exist/]],
    ['an overlay of a file', step(`${withFile}dev\n`), []],
    ['an overlay that no example shows', step(`${withFile}prod\n`), [/^config-environment .*not "prod"/]],
    ['each value of a matrix', `${matrix}${inEach}`, [/^config-environment .*not "prod"/]],
    [
      'a variable of the step',
      step(`${complete}    env-from: KEY\n  env:\n    KEY: \${{ secrets.KEY }}\n`),
      [],
    ],
    ['a variable that the step lacks', step(`${complete}    env-from: KEY\n`), [/^env-from .*"KEY"/]],
    ['a config', '# yaml-language-server: nothing but a comment\n', []],
    ['a config with an unknown setting', 'Port: 80\nColour: blue\n', [/Colour/, /^the schema .*Colour/]],
    ['a config with an overlay', 'environments: { dev: { Prot: 80 } }\n', [/"Port"/, /^the schema .*Prot/]],
  ])('judge %s', async (_, yaml, faults) => {
    const found = await findFaults(yaml, files);
    expect(found).toHaveLength(faults.length);
    faults.forEach((fault, index) => {
      expect(found[index]).toMatch(fault);
    });
  });

  it('know the config files of a page and of the repository', () => {
    const known = readConfigFiles(['# a/b.yml\nPort: 80\n', 'Port: 81\n', '# w.yml\njobs: {}\n']);
    expect(known['a/b.yml']).toBe('# a/b.yml\nPort: 80\n');
    expect(known).toHaveProperty(['examples/node-function/cloudbase-run.yml']);
    expect(known).not.toHaveProperty(['w.yml']);
  });
});

describe('the configs of examples/', () => {
  const own = Object.entries(readConfigFiles([]));

  it.each(own)('%s is accepted', async (_, text) => {
    expect(await findFaults(text)).toEqual([]);
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

  it('allow every call that the action makes, and no other', () => {
    const [policy] = english.blocks.filter(({ language }) => language === 'json');
    const allowed = [...(policy?.text.matchAll(/"tcbr?:(\w+)"/g) ?? [])].map(([, name]) => name);
    const source = readFileSync(join(root, 'src/adapters/cloudbase/cloudbase.ts'), 'utf8');
    const called = [...source.matchAll(/'((?:Create|Describe|Submit|Update)[A-Z]\w+)'/g)];
    expect(allowed.sort()).toEqual([...new Set(called.map(([, name]) => name))].sort());
  });

  it.each(readmes)('names the settings that take effect at once: $file', ({ file }) => {
    const hot = settingNames.filter((name) => effectOf(name) === 'hot').map((name) => `\`${name}\``);
    const words = { 'README.md': [', ', ' and '], 'README.zh-CN.md': ['、', ' 和 '] }[file];
    const [comma = '', and = ''] = words;
    const list = `${hot.slice(0, -1).join(comma)}${and}${hot.at(-1) ?? ''}`;
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    expect(lines.filter((line) => line.startsWith(list))).toHaveLength(1);
  });

  it('show a plan as the log has it', () => {
    const [example] = english.blocks.filter(({ language }) => language === 'text');
    expect(example?.text.trimEnd().split('\n')).toEqual(describePlan(planOfExample(english)));
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
    expect(tables.settings).toContain('StartDate?, EndDate?, StartTime, EndTime, ReplicaNum}]` |');
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
