import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { configSchemaFile, renderConfigSchema } from './readme/config-schema.ts';
import { fillTables, renderTables } from './readme/render.ts';
import { renderRulesPage, rulesFile } from './readme/rules.ts';
import { readSources } from './readme/sources.ts';
import { rules } from '../src/lint/rules.ts';

const root = join(import.meta.dirname, '..');

/** The READMEs whose tables are generated, with the language of each. */
export const readmes = [
  { file: 'README.md', language: 'en' },
  { file: 'README.zh-CN.md', language: 'zh' },
] as const;

/** The text of a README as it stands, and with its tables as they should be. */
export function compareReadme({ file, language }: (typeof readmes)[number]): {
  readonly now: string;
  readonly wanted: string;
} {
  const now = readFileSync(join(root, file), 'utf8');
  return { now, wanted: fillTables(now, renderTables(readSources(root), language)) };
}

/** The schema for editors as it stands, and as it should be. */
export function compareConfigSchema(): { readonly now: string; readonly wanted: string } {
  return { now: readIfThere(configSchemaFile), wanted: renderConfigSchema(root) };
}

/** The page of the lint rules as it stands, and as it should be. */
export function compareRulesPage(): { readonly now: string; readonly wanted: string } {
  return { now: readIfThere(rulesFile), wanted: renderRulesPage(rules) };
}

function readIfThere(file: string): string {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function main(args: readonly string[]): number {
  const isCheck = args.includes('--check');
  const generated = [
    ...readmes.map((readme) => ({ file: readme.file, ...compareReadme(readme) })),
    { file: configSchemaFile, ...compareConfigSchema() },
    { file: rulesFile, ...compareRulesPage() },
  ];
  const stale = generated.filter(({ now, wanted }) => now !== wanted);
  for (const { file, wanted } of stale) {
    console.log(isCheck ? `${file} is stale.` : `Wrote ${file}.`);
    if (isCheck) continue;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), wanted);
  }
  if (stale.length === 0) console.log('The tables, the schema and the rules are up to date.');
  else if (isCheck) console.log('Run "npm run docs" and commit the result.');
  return isCheck && stale.length > 0 ? 1 : 0;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
