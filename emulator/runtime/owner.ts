import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * This process, told apart from every other one that may use the same engine: host, process id, time of its start.
 * At most 40 characters that a label and the tag of an image may hold.
 */
export function nameOwner(): string {
  return [hostMark(), process.pid, readStart(process.pid)].join('.');
}

/** Whether the process of that name has ended; one of another host counts as living, for nobody can tell. */
export function isOwnerGone(owner: string): boolean {
  const [host, pid, start] = owner.split('.');
  if (host !== hostMark() || !/^\d+$/.test(pid ?? '')) return false;
  return !exists(Number(pid)) || readStart(Number(pid)) !== start;
}

function hostMark(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

/** In the kernel's ticks, from /proc; empty where there is none, and for a process that has ended and still has its id. */
function readStart(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in brackets, and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
