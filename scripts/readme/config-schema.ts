import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';
import { z } from 'zod';

import { settingNames, settingsSchema } from '../../src/service-config/schema.ts';
import { readSources } from './sources.ts';

export const configSchemaFile = 'schema/server-config.schema.json';

/** What an editor shows and checks while somebody writes a service config: the schema of the action, with words. */
export function renderConfigSchema(root: string): string {
  const examples = readExamples(root);
  const words = new Map(readSources(root).settings.map((entry) => [entry.name, entry.words.en]));
  const { properties = {}, ...schema } = z.toJSONSchema(settingsSchema, {
    target: 'draft-7',
    override: ({ jsonSchema, path }) => {
      if (path.join('.') === 'properties.EnvParams')
        jsonSchema.additionalProperties = { type: [...envVarTypes] };
    },
  });
  const described = Object.entries(properties).map(([name, form]) => [
    name,
    { title: name, description: words.get(name), ...(form as object), examples: [examples[name]] },
  ]);
  const page = {
    ...schema,
    title: 'server-config of deploy-cloudbase-run',
    description: 'Settings of a CloudBase Run service.',
    properties: Object.fromEntries(described) as unknown,
  };
  return `${JSON.stringify(page, undefined, 2)}\n`;
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
