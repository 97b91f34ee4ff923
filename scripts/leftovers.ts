import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Where a test run keeps its temporary files, and how it reaches the engine. */
export interface TestRun {
  /** The temporary folder of this very run, given to it as TMPDIR. */
  readonly folder: string;
  readonly engineEnv: Readonly<Record<string, string>>;
}

/** npm keeps compiled code of its own in the temporary folder, for its next start. */
const foreign = ['node-compile-cache'];

/** What a test run has left behind: containers, images, processes and temporary files, one line each. */
export function findLeftovers({ folder, engineEnv }: TestRun): string[] {
  const names = readdirSync(folder).filter((name) => !foreign.includes(name));
  const files = names.map((name) => `file ${join(folder, name)}`);
  return [...leftInDocker(engineEnv), ...leftProcesses(folder), ...files];
}

function leftInDocker(engineEnv: TestRun['engineEnv']): string[] {
  const docker = (...args: string[]): string[] => {
    const { stdout } = spawnSync('docker', args, { env: { ...process.env, ...engineEnv }, encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line.includes('cloudbase-run'));
  };
  return [
    ...docker('ps', '--all', '--format', '{{.Names}} {{.Labels}}').map((line) => `container ${line}`),
    ...docker('images', '--format', '{{.Repository}}:{{.Tag}}').map((line) => `image ${line}`),
  ];
}

/** Processes that work in the folder or have it as TMPDIR; told by /proc, so on Linux alone. */
function leftProcesses(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.flatMap((pid) => {
    const isOurs =
      read(() => readlinkSync(`/proc/${pid}/cwd`)).startsWith(folder) ||
      readProc(pid, 'environ').includes(folder);
    return isOurs ? [`process ${pid} ${readProc(pid, 'cmdline').replaceAll('\0', ' ')}`] : [];
  });
}

function readProc(pid: string, file: string): string {
  return read(() => readFileSync(join('/proc', pid, file), 'utf8'));
}

/** A process may end while it is looked at. */
function read(look: () => string): string {
  try {
    return look();
  } catch {
    return '';
  }
}
