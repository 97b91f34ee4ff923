import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';
import { z } from 'zod';

import { overlaysKey } from '../../src/service-config/issues.ts';
import { overlaySchema, settingNames, settingsSchema } from '../../src/service-config/schema.ts';
import { readSources } from './sources.ts';

export const configSchemaFile = 'schema/server-config.schema.json';

/** What an editor shows and checks while somebody writes a service config: the schema of the action, with words. */
export function renderConfigSchema(root: string): string {
  const { properties, ...form } = formOf(settingsSchema);
  const describe = wordsFor(root);
  const references = Object.fromEntries(
    Object.keys(properties).map((name) => [name, { $ref: `#/definitions/${name}` }]),
  );
  const page = {
    ...form,
    title: 'server-config of deploy-cloudbase-run',
    description: 'Settings of a CloudBase Run service.',
    properties: { ...references, [overlaysKey]: overlays },
    definitions: {
      ...Object.fromEntries(Object.entries(properties).map(describe)),
      overlay: {
        title: 'Overlay',
        description:
          'Settings that go over those at the top of the file: maps merge, lists and values replace.',
        type: ['object', 'null'],
        additionalProperties: false,
        properties: { ...references, ...partialMaps(properties, describe) },
      },
    },
  };
  return `${JSON.stringify(page, undefined, 2)}\n`;
}

type Form = z.core.JSONSchema.BaseSchema;
type Properties = Readonly<Record<string, unknown>>;

/** Every setting stands once in the definitions, for the top of the file and for overlays. */
const overlays = {
  title: overlaysKey,
  description:
    'Overlays by name; the input `config-environment` picks one, whose settings go over those at the top of the file.',
  type: 'object',
  propertyNames: { type: 'string', minLength: 1 },
  additionalProperties: { $ref: '#/definitions/overlay' },
  examples: [{ prod: { MinNum: 1 } }],
} as const;

function formOf(schema: z.core.$ZodType): Form & { readonly properties: Properties } {
  const { properties = {}, ...form } = z.toJSONSchema(schema, {
    target: 'draft-7',
    override: ({ jsonSchema, path }) => {
      if (path.join('.') === 'properties.EnvParams')
        jsonSchema.additionalProperties = { type: [...envVarTypes] };
    },
  });
  return { ...form, properties };
}

type Describe = (entry: readonly [name: string, form: unknown]) => readonly [name: string, form: unknown];

function wordsFor(root: string): Describe {
  const examples = readExamples(root);
  const words = new Map(readSources(root).settings.map((entry) => [entry.name, entry.words.en]));
  return ([name, form]) => [
    name,
    { title: name, description: words.get(name), ...(form as object), examples: [examples[name]] },
  ];
}

/** The maps of which an overlay may hold a part. */
function partialMaps(whole: Properties, describe: Describe): Properties {
  const differing = Object.entries(formOf(overlaySchema).properties).filter(
    ([name, form]) => JSON.stringify(form) !== JSON.stringify(whole[name]),
  );
  return Object.fromEntries(differing.map(describe));
}

/** The action keeps the characters of a number or a boolean as they are written. */
const envVarTypes = ['string', 'number', 'boolean', 'null'] as const;

/** The examples of docs/tables.yml; one that is missing, left over or not accepted is an error that tells all of them. */
function readExamples(root: string): Readonly<Record<string, unknown>> {
  const { examples } = parse(readFileSync(join(root, 'docs/tables.yml'), 'utf8')) as {
    readonly examples: Readonly<Record<string, unknown>>;
  };
  const missing = settingNames.filter((name) => !(name in examples)).map((name) => `${name} is missing`);
  const issues = settingsSchema.safeParse(examples).error?.issues ?? [];
  const faults = [...missing, ...issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)];
  if (faults.length > 0) throw new Error(`The examples of docs/tables.yml do not fit: ${faults.join(', ')}`);
  return examples;
}
