import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, toolEnvironment } from './child.ts';
import { BuildFailure, type Plan } from './instance.ts';

/** The install command that a folder's lock file asks for; development dependencies are left out. */
export function buildInstallArgs(lockFiles: ReadonlySet<string>): readonly [string, ...string[]] {
  if (lockFiles.has('pnpm-lock.yaml')) return ['pnpm', 'install', '--prod'];
  if (lockFiles.has('yarn.lock')) return ['yarn', 'install', '--production'];
  return ['npm', 'install', '--omit=dev', '--no-audit', '--no-fund'];
}

/**
 * Installs a function's dependencies as the vendor's function Dockerfile does: only when package.json names some and
 * the package brings no node_modules.
 */
export async function installDependencies(dir: string, plan: Plan): Promise<void> {
  if (existsSync(join(dir, 'node_modules')) || !(await hasDependencies(dir))) return;
  const lockFiles = new Set(['pnpm-lock.yaml', 'yarn.lock'].filter((name) => existsSync(join(dir, name))));
  const [file, ...args] = buildInstallArgs(lockFiles);
  plan.log(`RUN ${[file, ...args].join(' ')}`);
  const command = { file, args, cwd: dir, env: toolEnvironment() };
  const result = await runCommand(command, { signal: plan.signal, onLine: plan.log });
  if (result.code !== 0) throw new BuildFailure(`${file} install failed with exit code ${result.code}`);
}

async function hasDependencies(dir: string): Promise<boolean> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(dir, 'package.json'), 'utf8'));
    const dependencies: unknown = Object.entries(manifest ?? {}).find(([key]) => key === 'dependencies')?.[1];
    return typeof dependencies === 'object' && dependencies !== null && Object.keys(dependencies).length > 0;
  } catch {
    return false;
  }
}
