import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { DEFAULT_ASSUMPTIONS } from '../../emulator/options.ts';

it.each(Object.keys(DEFAULT_ASSUMPTIONS))(
  'FACTS.md names the alternative of "%s", and a test runs it',
  async (name) => {
    const root = join(import.meta.dirname, '../..');
    expect(await readFile(join(root, 'emulator/FACTS.md'), 'utf8')).toContain(`\`${name}: `);
    expect(await readFile(join(root, '__tests__/emulator/assumptions.test.ts'), 'utf8')).toContain(
      `${name}: `,
    );
  },
);
