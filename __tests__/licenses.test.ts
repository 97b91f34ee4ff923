import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from '@jest/globals';

import { renderLicenses } from '../scripts/licenses.ts';

const root = join(import.meta.dirname, '..');
const licenses = renderLicenses(root);

it('the licenses in dist are those of the locked packages', () => {
  expect(readFileSync(join(root, 'dist', 'licenses.txt'), 'utf8')).toBe(licenses);
});

it.each(Object.keys((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest).dependencies))(
  'they hold that of %s',
  (name) => {
    expect(licenses).toMatch(new RegExp(`^${name}@\\d+\\.\\d+\\.\\d+`, 'm'));
  },
);

it('they hold one for each version of a package, and none of what only tests and builds use', () => {
  expect(licenses.match(/^uuid@\S+$/gm)?.length).toBeGreaterThan(1);
  expect(licenses).not.toMatch(/^(jest|typescript|eslint)@/m);
});

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}
