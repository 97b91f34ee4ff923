import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';

import { compareConfigSchema } from '../scripts/readme-tables.ts';
import { configSchemaFile } from '../scripts/readme/config-schema.ts';
import { settingNames } from '../src/service-config/schema.ts';

interface Property {
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

const root = join(import.meta.dirname, '..');
const page: unknown = JSON.parse(readFileSync(join(root, configSchemaFile), 'utf8'));
const schema = page as {
  readonly properties: Readonly<Record<string, Property & { readonly $ref?: string }>>;
  readonly definitions: Readonly<Record<string, Property>>;
};
const validator = z.fromJSONSchema(page as Parameters<typeof z.fromJSONSchema>[0]);
const accepts = (config: unknown): boolean => validator.safeParse(config).success;

const exampleFiles = readdirSync(join(root, 'examples')).map((name) =>
  join('examples', name, 'cloudbase-run.yml'),
);

describe('the schema for editors', () => {
  it('is what "npm run docs" writes', () => {
    const { now, wanted } = compareConfigSchema();
    expect(now).toBe(wanted);
  });

  it('has every setting, with a title, a description and an example that it accepts', () => {
    expect(Object.keys(schema.properties)).toEqual([...settingNames, 'environments']);
    for (const [name, property] of Object.entries(schema.properties)) {
      const { $ref = '' } = property;
      const {
        title,
        description,
        examples = [],
      } = schema.definitions[$ref.split('/').at(-1) ?? ''] ?? property;
      expect([title, description]).toEqual([name, expect.stringMatching(/^\S.*\.$/)]);
      expect(examples).toHaveLength(1);
      expect(accepts({ [name]: examples[0] })).toBe(true);
    }
  });

  it.each(exampleFiles)('accepts %s, which names it for the editor', (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    expect(accepts(parse(text))).toBe(true);
    const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    expect(resolve(root, dirname(file), path)).toBe(join(root, configSchemaFile));
  });

  it.each([
    { EnvParams: { TEXT: 'a', NUMBER: 1.5, FLAG: true, GONE: null } },
    { OpenAccessTypes: ['WEB', 'VPC'] },
    { Cpu: 1, Mem: 2, environments: { dev: {}, stg: null, prod: { Cpu: 2, Mem: 4, Cmd: ['a'] } } },
    { environments: { prod: { EnvParams: { A: null, B: 1 }, VpcConf: { SubnetId: 's' } } } },
    { environments: {} },
    {},
  ])('accepts %j', (config) => {
    expect(accepts(config)).toBe(true);
  });

  it.each([
    { Cup: 1 },
    { Port: 'web' },
    { Port: 70_000 },
    { OpenAccessTypes: ['OPEN'] },
    { OpenAccessTypes: [] },
    { EnvParams: { A: ['b'] } },
    { VpcConf: { VpcId: 'v' } },
    { environments: null },
    { environments: [] },
    { environments: { '': {} } },
    { environments: { prod: { Cup: 1 } } },
    { environments: { prod: { Port: 70_000 } } },
    { environments: { prod: { environments: {} } } },
    { environments: { prod: { VpcConf: { Vpc: 'v' } } } },
    { environments: { prod: [] } },
    { PolicyDetails: [{ PolicyType: 'disk', PolicyThreshold: 60 }] },
  ])('refuses %j', (config) => {
    expect(accepts(config)).toBe(false);
  });
});
