import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { inputDefaults } from '../src/inputs.ts';
import { outputNames } from '../src/report/outputs.ts';
import { lintWorkflow } from './support/actionlint.ts';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(import.meta.dirname, '../.github/workflows');

/** What a workflow of this repository must not do, each fault as a sentence. */
function faultsOf(text: string): string[] {
  const { permissions, concurrency, jobs } = parse(text) as Workflow;
  const faults = [
    ...(JSON.stringify(permissions) === '{}' ? [] : ['top level: permissions are not {}']),
    ...(concurrency === undefined ? ['top level: no concurrency group'] : []),
    ...[...text.matchAll(/uses: (?!\.\/)(.*)/g)]
      .filter(([, uses = '']) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(uses))
      .map(([, uses = '']) => `${uses}: not pinned by a full SHA with its version in a comment`),
    ...[...text.matchAll(/^ *(?:- )?run: .*\$\{\{.*/gm)].map(
      ([line]) => `an expression in a script: ${line}`,
    ),
  ];
  return [...faults, ...Object.entries(jobs).flatMap(([name, job]) => jobFaults(name, job))];
}

function jobFaults(name: string, job: Job): string[] {
  const writes = Object.entries(job.permissions ?? {}).filter(([, level]) => level !== 'read');
  const scripts = job.steps.filter(({ run = '' }) => run.includes('${{'));
  return [
    ...(job.permissions === undefined ? [`${name}: no permissions of its own`] : []),
    ...writes.map(([scope]) => `${name}: may write ${scope}`),
    ...(job['timeout-minutes'] === undefined ? [`${name}: no timeout-minutes`] : []),
    ...scripts.map(({ run = '' }) => `${name}: an expression in a script: ${run}`),
    ...job.steps
      .filter(({ uses = '' }) => uses.startsWith('actions/checkout@'))
      .filter((step) => step.with?.['persist-credentials'] !== false)
      .map(() => `${name}: the checkout keeps its credentials`),
    ...job.steps
      .filter(({ uses }) => uses === './')
      .flatMap((step) => Object.keys(step.with ?? {}))
      .filter((input) => !Object.hasOwn(inputDefaults, input))
      .map((input) => `${name}: there is no input ${input}`),
  ];
}

/** Outputs of this action that a workflow reads and that it does not have. */
function unknownOutputs(text: string): string[] {
  const { jobs } = parse(text) as Workflow;
  const ours = Object.values(jobs)
    .flatMap(({ steps }) => steps)
    .filter(({ uses }) => uses === './')
    .map(({ id }) => id);
  return [...text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)]
    .filter(([, id]) => ours.includes(id))
    .map(([, , name = '']) => name)
    .filter((name) => !outputNames.some((each) => each === name));
}

describe.each(readdirSync(folder))('%s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');

  it('is a valid workflow', async () => {
    expect(await lintWorkflow(text)).toEqual([]);
  });

  it('has least permissions, pinned actions and time limits', () => {
    expect(faultsOf(text)).toEqual([]);
  });

  it('reads only outputs that the action has', () => {
    expect(unknownOutputs(text)).toEqual([]);
  });
});

describe('the checks', () => {
  const good = readFileSync(join(folder, 'ci.yml'), 'utf8');

  it.each([
    ['permissions at the top', 'permissions: {}', 'permissions: read-all', 'permissions are not {}'],
    ['concurrency', /concurrency:\n.*\n.*\n/, '', 'no concurrency group'],
    ['pinned actions', /@[0-9a-f]{40} # .*/, '@v7', 'not pinned'],
    ['the version in a comment', / # v.*/, '', 'not pinned'],
    ['time limits', /timeout-minutes: .*/, 'name: ci', 'no timeout-minutes'],
    ['reading only', 'contents: read', 'contents: write', 'may write contents'],
    ['a checkout without credentials', 'persist-credentials: false', 'clean: true', 'keeps its credentials'],
    ['scripts without expressions', 'bash .ci/run', 'echo ${{ github.ref }}', 'an expression in a script'],
    ['inputs of the action', 'bash .ci/run', 'x\n      - uses: ./\n        with: {a: b}', 'no input a'],
  ])('ask for %s', (...[, from, to, fault]) => {
    expect(faultsOf(good)).toEqual([]);
    expect(faultsOf(good.replace(from, to)).join('\n')).toContain(fault);
  });

  it('ask for outputs of the action', () => {
    const text = 'jobs: {a: {steps: [{id: x, uses: ./}, {run: "${{ steps.x.outputs.urll }}"}]}}';
    expect(unknownOutputs(text)).toEqual(['urll']);
  });

  it('ask actionlint', async () => {
    expect(await lintWorkflow('on: push\njobs: {a: {steps: []}}')).not.toEqual([]);
  });
});
