import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';
import { z } from 'zod';

import { failureKinds } from '../../src/errors.ts';
import { settingsSchema } from '../../src/service-config/schema.ts';

export type Language = 'en' | 'zh';

/** One sentence or two in each language. */
export type Words = Readonly<Record<Language, string>>;

/** One thing that a table has a row for. */
export interface Entry {
  readonly name: string;
  readonly words: Words;
}

export interface InputEntry extends Entry {
  readonly default: string;
}

export interface SettingEntry extends Entry {
  /** The JSON Schema of its value. */
  readonly schema: JsonSchema;
}

export interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** All that the tables of the READMEs are made of. */
export interface Sources {
  readonly inputs: readonly InputEntry[];
  readonly outputs: readonly Entry[];
  readonly settings: readonly SettingEntry[];
  readonly failures: readonly Entry[];
  readonly reserved: { readonly names: readonly string[]; readonly words: Words };
}

interface Described {
  readonly description: string;
  readonly default?: string;
}

interface Metadata {
  readonly inputs: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
}

type WordList = Readonly<Record<string, Partial<Words>>>;

/** The file `docs/tables.yml`. */
export interface Dictionary {
  readonly inputs: WordList;
  readonly outputs: WordList;
  readonly settings: WordList;
  readonly failures: WordList;
  readonly reserved: Words & { readonly kinds: readonly string[] };
}

/** Reads the contract (action.yml), the schema, the failure kinds, and the words for them in docs/tables.yml. */
export function readSources(root: string): Sources {
  const read = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'));
  return joinSources(read('action.yml') as Metadata, read('docs/tables.yml') as Dictionary);
}

/** Joins names and words; a name without words, or words without a name, is an error that tells all of them. */
export function joinSources(metadata: Metadata, dictionary: Dictionary): Sources {
  const { properties = {} } = z.toJSONSchema(settingsSchema) as JsonSchema;
  const { reserved } = dictionary;
  const kinds = failureKinds.filter((kind) => !reserved.kinds.includes(kind));
  const faults = [
    ...compareNames('inputs', Object.keys(metadata.inputs), dictionary.inputs),
    ...compareNames('outputs', Object.keys(metadata.outputs), dictionary.outputs),
    ...compareNames('settings', Object.keys(properties), dictionary.settings),
    ...compareNames('failures', kinds, dictionary.failures),
    ...reserved.kinds.filter((kind) => !failureKinds.some((known) => known === kind)),
  ];
  if (faults.length > 0) throw new Error(`docs/tables.yml does not fit: ${faults.join(', ')}`);
  const wordsOf = (list: WordList, name: string, en = ''): Words => ({ en, zh: '', ...list[name] });
  return {
    inputs: Object.entries(metadata.inputs).map(([name, { description, default: value = '' }]) => ({
      name,
      default: value,
      words: wordsOf(dictionary.inputs, name, description),
    })),
    outputs: Object.entries(metadata.outputs).map(([name, { description }]) => ({
      name,
      words: wordsOf(dictionary.outputs, name, description),
    })),
    settings: Object.entries(properties).map(([name, schema]) => ({
      name,
      schema,
      words: wordsOf(dictionary.settings, name),
    })),
    failures: kinds.map((name) => ({ name, words: wordsOf(dictionary.failures, name) })),
    reserved: { names: reserved.kinds, words: reserved },
  };
}

function compareNames(section: keyof Dictionary, names: readonly string[], list: WordList): string[] {
  const isContract = section === 'inputs' || section === 'outputs';
  const isTold = (words: Partial<Words> | undefined): boolean =>
    Boolean(words?.zh) && (isContract ? words?.en === undefined : Boolean(words?.en));
  const missing = names.filter((name) => !isTold(list[name])).map((name) => `${section}.${name} lacks words`);
  const left = Object.keys(list)
    .filter((name) => !names.includes(name))
    .map((name) => `${section}.${name} is left over`);
  return [...missing, ...left];
}
