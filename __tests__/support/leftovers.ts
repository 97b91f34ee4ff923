import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

import { execa } from 'execa';

import type { TestEngine } from './engine.ts';

/** Containers that carry a label, and images that carry it or are called so, by id. */
export async function listLabelled({ env }: TestEngine, label: string): Promise<string[]> {
  const filter = ['--filter', `label=${label}`, '--quiet'];
  const lists = [
    ['ps', '--all', ...filter],
    ['images', ...filter],
    ['images', '--filter', `reference=${label}`, '--quiet'],
  ];
  const found = await Promise.all(lists.map((args) => execa('docker', args, { env })));
  return found.flatMap(({ stdout }) => stdout.split('\n').filter(Boolean));
}

/** The command lines of running processes whose arguments, environment or folder hold a text. */
export function listProcesses(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const commandLine = readProc(pid, 'cmdline');
      return `${commandLine}\0${readProc(pid, 'environ')}\0${readFolder(pid)}`.includes(text)
        ? [`${pid} ${commandLine.replaceAll('\0', ' ').trim()}`]
        : [];
    });
}

function readProc(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

function readFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}
