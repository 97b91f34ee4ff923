import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/**
 * How many bytes of a connection this machine still holds, because the other side has not acknowledged them: megabytes
 * where a link was fast at first. 0 where the system does not tell (proc_net(5)).
 */
export async function readUnacknowledged({ localPort, remotePort }: Partial<Socket>): Promise<number> {
  if (localPort === undefined || remotePort === undefined) return 0;
  for (const name of ['tcp', 'tcp6']) {
    const table = await readFile(`/proc/self/net/${name}`, 'latin1').catch(() => '');
    const bytes = parseSendQueue(table, localPort, remotePort);
    if (bytes !== undefined) return bytes;
  }
  return 0;
}

/** The length of the send queue of the connection between two ports, in a table of /proc/net. */
export function parseSendQueue(table: string, localPort: number, remotePort: number): number | undefined {
  const [local, remote] = [localPort, remotePort].map(toHexadecimal);
  for (const line of table.split('\n')) {
    const [, from = '', to = '', , queues = ''] = line.trim().split(/\s+/);
    if (from.endsWith(`:${local}`) && to.endsWith(`:${remote}`)) return parseInt(queues, 16);
  }
  return undefined;
}

function toHexadecimal(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}
