import { once } from 'node:events';
import { connect } from 'node:net';

import { expect, it } from '@jest/globals';

import { parseSendQueue, readUnacknowledged } from '../../../src/adapters/http/unacknowledged.ts';
import { withTcpServer } from '../../support/loopback.ts';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 0100007F:C350 01 00000000:000186A0 00:00000000 00000000     0        0 1 1
   1: 0100007F:C350 0100007F:1F90 01 0001E240:00000000 00:00000000 00000000     0        0 2 1
`;

it('finds the send queue of a connection by its ports', () => {
  expect(parseSendQueue(table, 50_000, 8_080)).toBe(123_456);
  expect(parseSendQueue(table, 8_080, 50_000)).toBe(0);
  expect(parseSendQueue(table, 50_000, 80)).toBeUndefined();
  expect(parseSendQueue('', 50_000, 8_080)).toBeUndefined();
});

it('tells what a side that does not read leaves here', async () => {
  await withTcpServer(
    (socket) => socket.pause(),
    async (url) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      await once(socket, 'connect');
      expect(await readUnacknowledged(socket)).toBe(0);
      socket.write(Buffer.alloc(8_000_000));
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await readUnacknowledged(socket)).toBeGreaterThan(100_000);
      socket.destroy();
      expect(await readUnacknowledged(socket)).toBe(0);
    },
  );
});

it('tells nothing where there is no connection', async () => {
  expect(await readUnacknowledged({})).toBe(0);
});
