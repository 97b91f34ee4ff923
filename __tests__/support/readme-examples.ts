import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';
import { z } from 'zod';

import { configSchemaFile } from '../../scripts/readme/config-schema.ts';
import { InputError } from '../../src/errors.ts';
import { inputDefaults } from '../../src/inputs.ts';
import { parseConfigSource, parseServiceConfig } from '../../src/service-config/parse.ts';
import { settleInputs } from '../../src/stages/inputs/inputs.ts';
import { createFakeFiles, root as workspace } from './fake-files.ts';

const root = join(import.meta.dirname, '../..');

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly strategy?: { readonly matrix?: Readonly<Record<string, readonly unknown[]>> };
  readonly steps?: readonly Step[];
}

/** Texts by the path at which the steps of a page find them. */
export type ConfigFiles = Readonly<Record<string, string>>;

/** The config files that the examples of a page show, and those of the repository. */
export function readConfigFiles(examples: readonly string[]): ConfigFiles {
  const own = readdirSync(join(root, 'examples'))
    .map((name) => `examples/${name}/cloudbase-run.yml`)
    .filter((path) => existsSync(join(root, path)));
  const shown = examples.flatMap((text) => {
    const [, path] = /^# (\S+\.yml)\n/.exec(text) ?? [];
    return path === undefined || stepsOf(parse(text)) !== undefined ? [] : [[path, evaluate(text)] as const];
  });
  return Object.fromEntries([
    ...own.map((path) => [path, readFileSync(join(root, path), 'utf8')] as const),
    ...shown,
  ]);
}

/** What the action and the schema for editors would say about an example: a workflow, a list of steps, or a config. */
export async function findFaults(text: string, files: ConfigFiles = {}): Promise<string[]> {
  const steps = stepsOf(parse(text));
  if (steps === undefined) return [...parserFaults(text), ...schemaFaults(text)];
  const ours = steps.filter(({ uses = '' }) => /deploy-cloudbase-run@|^\.\/$/.test(uses));
  return (await Promise.all(ours.map((step) => stepFaults(step, files)))).flat();
}

/** The steps of a workflow or of a list of steps, once for each value of a matrix; undefined for YAML of another kind. */
function stepsOf(value: unknown): readonly Step[] | undefined {
  if (Array.isArray(value)) return value as Step[];
  const { jobs } = (value ?? {}) as { readonly jobs?: Readonly<Record<string, Job>> };
  return jobs === undefined ? undefined : Object.values(jobs).flatMap(stepsOfJob);
}

function stepsOfJob({ strategy, steps = [] }: Job): Step[] {
  const [[name, values] = ['', ['']]] = Object.entries(strategy?.matrix ?? {});
  const text = JSON.stringify(steps);
  return values.flatMap(
    (value) => JSON.parse(text.replaceAll(`\${{ matrix.${name} }}`, String(value))) as Step[],
  );
}

/** An expression becomes a word that fits wherever a name, an id or a number may stand; a comparison is true. */
function evaluate(text: string): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    expression.includes(' == ') ? 'true' : '12345678',
  );
}

function evaluateEach(map: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, evaluate(String(value))]));
}

/** What a run would say about its inputs, its config and the step's environment before any request. */
async function stepFaults(step: Step, files: ConfigFiles): Promise<string[]> {
  const given = evaluateEach(step.with);
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(inputDefaults, name));
  const raw = { ...inputDefaults, ...(given as Partial<typeof inputDefaults>) };
  const { kind, value } = parseConfigSource(raw['server-config']);
  const around = { env: evaluateEach(step.env), context: { workspace } };
  const fake = createFakeFiles({ ...files, [`${raw.source}/main`]: '' });
  const problems = await settleInputs(raw, around, fake).then(
    () => [],
    (error: unknown) => {
      if (error instanceof InputError) return error.problems;
      throw error;
    },
  );
  return [
    ...unknown.map((name) => `there is no input ${name}`),
    ...problems.map(({ subject, message }) => `${subject} ${message}`),
    ...(kind === 'inline' ? schemaFaults(value) : []),
  ];
}

function parserFaults(yaml: string): string[] {
  return parseServiceConfig(evaluate(yaml), 'example').problems.map(
    ({ subject, message }) => `${subject} ${message}`,
  );
}

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

function schemaFaults(yaml: string): string[] {
  const schema = JSON.parse(readFileSync(join(root, configSchemaFile), 'utf8')) as JsonSchema;
  const config: unknown = parse(evaluate(yaml)) ?? {};
  const issues = z.fromJSONSchema(schema).safeParse(config).error?.issues ?? [];
  return issues.map(({ path, message }) => `the schema for editors: ${path.join('.')} ${message}`);
}
