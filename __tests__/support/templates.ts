import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The shape of an official template, and how it is deployed. */
export interface Template {
  readonly name: string;
  readonly mode: 'auto' | 'container' | 'function' | 'agent';
  readonly port: number | undefined;
  readonly files: Readonly<Record<string, string>>;
}

export type Templates = readonly Template[];

const folder = join(import.meta.dirname, '..', 'fixtures', 'templates');

/**
 * Reads a template from its folder among the fixtures. The ending `.fixture` is left out: it keeps files apart that
 * would mean something to this repository.
 */
export function readTemplate(name: string, mode: Template['mode'], port?: number): Template {
  const root = join(folder, name);
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const files = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [relative(root, path).replace(/\.fixture$/, ''), readFileSync(path, 'utf8')] as const;
  });
  return { name, mode, port, files: Object.fromEntries(files) };
}

/** Every template with the mode and the port that it is made for. */
export function readTemplates(): Templates {
  return [
    readTemplate('express', 'container', 3000),
    readTemplate('express-mysql', 'container', 80),
    readTemplate('nestjs', 'container', 3000),
    readTemplate('nextjs', 'container', 3000),
    readTemplate('flask', 'container', 8080),
    readTemplate('fastapi', 'container', 80),
    readTemplate('django', 'container', 8080),
    readTemplate('gin', 'container', 8080),
    readTemplate('springboot', 'container', 8080),
    readTemplate('sample-node', 'container', 3000),
    readTemplate('sample-python', 'container', 3000),
    readTemplate('function-hello', 'function'),
    readTemplate('function-dist', 'function'),
    readTemplate('function-esm', 'function'),
    readTemplate('function-multi', 'function'),
    readTemplate('agent', 'agent'),
  ];
}

/** The names of the folders among the fixtures. */
export function listTemplates(): string[] {
  return readdirSync(folder).sort();
}
