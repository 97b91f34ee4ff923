import { dirname } from 'node:path/posix';

import { expect, it } from '@jest/globals';

import { stageTitles } from '../src/events.ts';
import {
  isDefaultExport,
  isModuleState,
  isReExport,
  listModules,
  readsEnvironment,
  type Import,
  type Module,
} from './support/modules.ts';

/** The stages in their order; verify shares serve.ts with commands that run a service locally. */
const stages = Object.keys(stageTitles).flatMap((name) => (name === 'verify' ? ['serve', name] : [name]));
/** What may stand under src/; a stage or an adapter is a file, or a folder of that name. */
const plan = [
  /^(index|ports|docker-port|process-port|errors|events|context|inputs|parse-inputs|parse-image-inputs|input-fields|image-fields|package-fields|outcome)\.ts$/,
  /^service-config\/(schema|yaml|parse|layers|issues|positions|overlay|rules|merge|diff|items|drift|same|sanity|fingerprint)\.ts$/,
  /^lint\/(finding|rule|rules|check|directive|ignore|json)\.ts$/,
  /^lint\/(dockerfile|function|script|project)\/[a-z-]+\.ts$/,
  new RegExp(`^stages/(${stages.join('|')}|smoke)(\\.ts|/[a-z-]+\\.ts)$`),
  /^(generation|diagnosis|commands|report)\/[a-z-]+\.ts$/,
  /^adapters\/(actions|process|docker|files|cloudbase|github|http|clock|archive|ports)(\.ts|\/[a-z-]+\.ts)$/,
];
const ranks = [
  /^(ports|docker-port|process-port|errors|events|context)\.ts$/,
  /^((inputs|parse-inputs|parse-image-inputs|input-fields|image-fields|package-fields)\.ts$|service-config\/|lint\/|generation\/|diagnosis\/)/,
  /^stages\//,
  /^outcome\.ts$/,
  /^(commands|report)\//,
  /^index\.ts$/,
];
const emptyNames = /^(utils?|helpers?|common|lib|misc|managers?|handlers?|processors?)$/;
const purePackages =
  /^(yaml|zod|leven|ignore|acorn|acorn-walk|jsonc-parser|semver|dockerfile-ast|dockerfile-utils|@secretlint\/[a-z-]+|node:path)(\/|$)/;

const modules = listModules('src');
const paths = modules.map(({ path }) => path);
const isOurs = (path: string): boolean => path.endsWith('.ts');
const isAdapter = (path: string): boolean => path.startsWith('adapters/');
const rankOf = (path: string): number => ranks.findIndex((rank) => rank.test(path));
/** A folder, with the folders of subjects in it where it has such. */
const houseOf = (path: string): string => (path.startsWith('lint/') ? 'lint' : dirname(path));
const stageOf = (path: string): string => /^stages\/([^/.]+)/.exec(path)?.[1] ?? '';

function imports(isWrong: (from: string, to: string, each: Import) => boolean): string[] {
  return modules.flatMap(({ path, imports: all }) =>
    all.filter((each) => isWrong(path, each.to, each)).map(({ to }) => `${path} -> ${to}`),
  );
}

function nodes(isWrong: (node: Module['nodes'][number]) => boolean, where = modules): string[] {
  return where.flatMap(({ path, nodes: all }) =>
    all.filter(isWrong).map((node) => `${path}: ${node.parent.getText().slice(0, 80)}`),
  );
}

it('has every file on the plan, under a name that says something', () => {
  expect(paths.filter((path) => !plan.some((form) => form.test(path)))).toEqual([]);
  expect(paths.filter((path) => path.split(/[/.-]/).some((word) => emptyNames.test(word)))).toEqual([]);
});

it('imports from lower ranks, or from the same folder', () => {
  const isWrong = (from: string, to: string): boolean => {
    if (!isOurs(to) || isAdapter(from) || isAdapter(to) || (stageOf(from) !== '' && stageOf(to) !== ''))
      return false;
    if (rankOf(to) === rankOf(from)) return houseOf(from) !== houseOf(to);
    return rankOf(to) < 0 || rankOf(to) > rankOf(from);
  };
  expect(imports(isWrong)).toEqual([]);
});

it('hands values from stage to stage: they import types of earlier stages only', () => {
  const isWrong = (from: string, to: string, { isType }: Import): boolean => {
    const [into, out] = [stageOf(from), stageOf(to)];
    if (into === '' || out === '' || into === out) return false;
    return stages.indexOf(out) >= stages.indexOf(into) || !(isType || `${into} ${out}` === 'verify serve');
  };
  expect(imports(isWrong)).toEqual([]);
});

it('imports without circles', () => {
  const done = new Set<string>();
  const follow = (path: string, way: readonly string[]): string[] => {
    if (way.includes(path)) return [[...way, path].join(' -> ')];
    if (done.has(path)) return [];
    const next = modules.find((module) => module.path === path)?.imports ?? [];
    const circles = next.flatMap(({ to }) => follow(to, [...way, path]));
    done.add(path);
    return circles;
  };
  expect(paths.flatMap((path) => follow(path, []))).toEqual([]);
});

it('keeps adapters apart: they know ports, errors and packages, and only index.ts knows them', () => {
  const isWrong = (from: string, to: string): boolean => {
    if (isAdapter(from))
      return isOurs(to) && !isAdapter(to) && !/^(ports|docker-port|process-port|errors)\.ts$/.test(to);
    return isAdapter(to) && from !== 'index.ts';
  };
  expect(imports(isWrong)).toEqual([]);
});

it('keeps effects in adapters: everything else imports pure packages', () => {
  const isWrong = (from: string, to: string): boolean =>
    !isOurs(to) && !isAdapter(from) && from !== 'index.ts' && !purePackages.test(to);
  expect(imports(isWrong)).toEqual([]);
  expect(
    nodes(
      readsEnvironment,
      modules.filter(({ path }) => path !== 'index.ts'),
    ),
  ).toEqual([]);
});

it('has no barrels, no default exports and no module state', () => {
  expect(nodes((node) => isReExport(node) || isDefaultExport(node) || isModuleState(node))).toEqual([]);
});

it('meets the emulator on the wire alone', () => {
  expect(imports((_from, to) => to.startsWith('..'))).toEqual([]);
  const emulator = listModules('emulator').flatMap((module) => module.imports.map(({ to }) => to));
  expect(emulator.filter((to) => to.startsWith('../src'))).toEqual([]);
});

it('has a front door that fits a screen', () => {
  expect(modules.find(({ path }) => path === 'index.ts')?.lineCount).toBeLessThanOrEqual(60);
});
