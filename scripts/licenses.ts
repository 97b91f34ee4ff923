import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/**
 * The licenses of all packages that the action depends on, in the order of their names and versions. The bundler's own
 * list keeps one license where a package is there in several versions, now of the one, now of the other.
 */
export function renderLicenses(root: string): string {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const sections = Object.entries(lock.packages)
    .filter(([path, { dev, optional }]) => path !== '' && dev !== true && optional !== true)
    .map(([path, { version = '', license = '' }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return [`${name}@${version}`, license, ...readTexts(join(root, path))].join('\n');
    });
  return `${[...new Set(sections)].sort().join('\n\n')}\n`;
}

function readTexts(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)\b/i.test(name));
  return names.sort().map((name) => `\n${readFileSync(join(folder, name), 'utf8').trim()}`);
}
