import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

import { failureKinds } from '../src/errors.ts';
import {
  envStrategies,
  inputDefaults,
  lintLevels,
  modes,
  referenceKinds,
  switches,
  type InputName,
} from '../src/inputs.ts';
import { statuses } from '../src/outcome.ts';
import { parseInputs } from '../src/parse-inputs.ts';
import { outputNames } from '../src/report/outputs.ts';
import { buildPlanJson } from '../src/report/plan.ts';
import * as merge from '../src/service-config/merge.ts';
import { fingerprintName } from '../src/service-config/rules.ts';
import { planOf, rawInputs } from './support/samples.ts';

interface Metadata {
  readonly inputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly runs: Readonly<Record<string, string>>;
}

const action = parse(readFileSync('action.yml', 'utf8')) as Metadata;
const readme = readFileSync('README.md', 'utf8');

/** The rows of the table between the markers of a name, cell by cell, without the head. */
function tableOf(name: string): string[][] {
  const [, table = ''] = new RegExp(`<!-- ${name} -->(.*?)<!-- /${name} -->`, 's').exec(readme) ?? [];
  const rows = table.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

function descriptionOf(part: Readonly<Record<string, unknown>> | undefined): string {
  return String(part?.['description']);
}

/** The choices that an input offers when it is given another one. */
function choicesOf(name: InputName): readonly string[] {
  const [problem] = parseInputs(rawInputs({ [name]: 'none of them' }), {}).problems;
  const choices = [...(problem?.message ?? '').matchAll(/(?:must be|or) "([^"]+)"/g)];
  return choices.map(([, choice = '']) => choice);
}

describe('action.yml', () => {
  it('names the inputs of inputs.ts, in their order and with their defaults', () => {
    const declared = Object.entries(action.inputs).map(([name, input]) => [name, input['default']]);
    expect(declared).toEqual(Object.entries(inputDefaults));
  });

  it('describes every input, and requires none, for each command has its own', () => {
    for (const input of Object.values(action.inputs)) {
      expect(Object.keys(input).sort()).toEqual(['default', 'description']);
      expect(input['description']).toMatch(/^\S.*\S\.?$/);
    }
  });

  it('names the outputs that the run writes, in their order, each with its description', () => {
    expect(Object.keys(action.outputs)).toEqual([...outputNames]);
    for (const output of Object.values(action.outputs)) expect(Object.keys(output)).toEqual(['description']);
  });

  it('names every status', () => {
    const [, list = ''] = /^How the run ended: (.+)\.$/.exec(descriptionOf(action.outputs['status'])) ?? [];
    expect(list.split(/, | or /)).toEqual([...statuses]);
  });

  it('names every field of the output plan', () => {
    const [, list = ''] =
      /^What the run changes as JSON, with (.+?);/.exec(descriptionOf(action.outputs['plan'])) ?? [];
    const fields = Object.keys(JSON.parse(buildPlanJson(planOf())) as object);
    expect(list.split(/, | and /)).toEqual(fields);
  });

  it.each([
    ['mode', modes],
    ['lint', lintLevels],
    ['verify', switches],
    ['comment', switches],
    ['env-strategy', envStrategies],
    ['image-reference', referenceKinds],
    ['command', choicesOf('command')],
    ['skip-unchanged', choicesOf('skip-unchanged')],
    ['redeploy', choicesOf('redeploy')],
    ['generate-dockerfile', choicesOf('generate-dockerfile')],
  ])('names every choice of %s', (name, choices) => {
    const description = descriptionOf(action.inputs[name]);
    expect(choices.filter((choice) => !new RegExp(`\\b${choice}\\b`).test(description))).toEqual([]);
  });

  it.each(['command', 'skip-unchanged', 'redeploy', 'generate-dockerfile'] as const)(
    'is asked for choices of %s',
    (name) => {
      expect(choicesOf(name).length).toBeGreaterThan(1);
      expect(choicesOf(name)).toContain(inputDefaults[name]);
    },
  );

  it('names the strategies that the merge knows', () => {
    expect(envStrategies).toEqual(merge.envStrategies);
  });

  it('names the env var that the service keeps for skip-unchanged', () => {
    expect(descriptionOf(action.inputs['skip-unchanged'])).toContain(fingerprintName);
  });

  it('runs on Node.js 24, and its files are there', () => {
    const { using, main = '', post = '' } = action.runs;
    expect(using).toBe('node24');
    expect([main, post].map((file) => [file, existsSync(file)])).toEqual([
      ['dist/index.js', true],
      ['dist/post.js', true],
    ]);
  });
});

describe('the README', () => {
  it('lists every input with its default', () => {
    const rows = tableOf('inputs').map(([name, value]) => [name, value]);
    expect(rows).toEqual(Object.entries(inputDefaults).map(([name, value]) => [code(name), code(value)]));
  });

  it('lists every output', () => {
    expect(tableOf('outputs').map(([name]) => name)).toEqual(outputNames.map(code));
  });

  it('names every failure kind in its table', () => {
    const named = tableOf('failures').flatMap(([cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, kind]) => kind),
    );
    expect(named.sort()).toEqual([...failureKinds].sort());
  });
});
