import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { renderLicenses } from './licenses.ts';

const root = join(import.meta.dirname, '..');
const built = join(root, '.tmp', 'dist');
const dist = join(root, 'dist');

/** The post part runs the same code under another name, by which it knows itself. */
const postPart = "import './index.js';\n";

rmSync(built, { recursive: true, force: true });
mkdirSync(join(root, '.tmp'), { recursive: true });
const args = ['build', 'src/index.ts', '-o', built];
const ncc = join(root, 'node_modules', '@vercel', 'ncc', 'dist', 'ncc', 'cli.js');
const { status } = spawnSync(process.execPath, [ncc, ...args], { cwd: root, stdio: 'inherit' });
if (status === 0) {
  writeFileSync(join(built, 'post.js'), postPart);
  writeFileSync(join(built, 'licenses.txt'), renderLicenses(root));
  rmSync(dist, { recursive: true, force: true });
  renameSync(built, dist);
}
process.exitCode = status ?? 1;
