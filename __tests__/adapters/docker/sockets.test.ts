import { describe, expect, it } from '@jest/globals';

import { parseListeners, readListeners } from '../../../src/adapters/docker/sockets.ts';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid';
const socket = (local: string, state: string): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1`;

describe('the listening sockets', () => {
  it.each([
    ['00000000:1F90', '0.0.0.0', 8080],
    ['0100007F:0050', '127.0.0.1', 80],
    ['020011AC:0BB8', '172.17.0.2', 3000],
    ['00000000000000000000000000000000:1F90', '::', 8080],
    ['00000000000000000000000001000000:1F90', '::1', 8080],
    ['0000000000000000FFFF00000100007F:1F90', '127.0.0.1', 8080],
  ])('%s is %s, port %s', (local, address, port) => {
    expect(parseListeners([head, socket(local, '0A')].join('\n'))).toEqual([{ address, port }]);
  });

  it('are not connections, and an empty table has none', () => {
    expect(
      parseListeners([head, socket('00000000:1F90', '01'), socket('00000000:1F90', '06'), ''].join('\n')),
    ).toEqual([]);
    expect(parseListeners('')).toEqual([]);
  });
});

it('a process that is not of this machine shows no sockets', async () => {
  expect(await readListeners('no-such-id', process.pid)).toBeUndefined();
});
