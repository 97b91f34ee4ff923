import { readFile } from 'node:fs/promises';

import type { Docker } from '../../docker-port.ts';

/** Reads the sockets of the container's network namespace (proc_net(5)), where its process is one of this machine. */
export async function readListeners(id: string, pid: number): ReturnType<Docker['readListeners']> {
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  if (!groups.includes(id)) return undefined;
  const tables = ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => ''));
  return (await Promise.all(tables)).flatMap(parseListeners);
}

/** The listening sockets in a table of /proc/net; addresses there are hexadecimal in host byte order. */
export function parseListeners(table: string): { address: string; port: number }[] {
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    return state === '0A' ? [{ address: parseAddress(address), port: parseInt(port, 16) }] : [];
  });
}

function parseAddress(hex: string): string {
  if (hex.length === 8) return [6, 4, 2, 0].map((at) => parseInt(hex.slice(at, at + 2), 16)).join('.');
  if (/^0+$/.test(hex)) return '::';
  if (hex === '00000000000000000000000001000000') return '::1';
  const mapped = /^0{16}FFFF0000(.{8})$/i.exec(hex)?.[1];
  return mapped === undefined ? hex : parseAddress(mapped);
}
