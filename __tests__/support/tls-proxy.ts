import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket, createSecureContext } from 'node:tls';
import { promisify } from 'node:util';

/** A proxy that ends TLS for the cloud's API, so that unmodified vendor software reaches the emulator. */
export interface TlsProxy {
  readonly url: string;
  /** The certificate to trust, as a file for NODE_EXTRA_CA_CERTS. */
  readonly caFile: string;
  /** What was let through but for loopback, as `host:port`, with the credentials that came along. */
  readonly passed: readonly { readonly target: string; readonly authorization: string | undefined }[];
  /** Hosts that were asked for and are neither the API nor loopback; they are refused. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

/** Where the vendor's SDK looks for templates. */
const TEMPLATES = 'qcloud-tcb-console-1258344699.ap-shanghai.service.tcloudbase.com';

/** A name for the store, under which nothing passes by the proxy as loopback does. */
export const storeHost = 'store.test';

/**
 * Starts a CONNECT proxy: `*.tencentcloudapi.com` and the vendor's template list, and the store, end at the emulator's endpoint, loopback passes through, and nothing
 * else is let out.
 */
export async function startTlsProxy(apiEndpoint: string): Promise<TlsProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'tls-proxy-'));
  const [keyFile, caFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  await makeCertificate(keyFile, caFile);
  const secureContext = createSecureContext({ key: await readFile(keyFile), cert: await readFile(caFile) });
  const refused: string[] = [];
  const passed: TlsProxy['passed'][number][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => {
    response.writeHead(501).end();
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    const [host = '', port = ''] = (request.url ?? '').split(':');
    if (host === '127.0.0.1') {
      accept(client);
      joinSockets(client, connect(Number(port), host));
    } else if (host.endsWith('.tencentcloudapi.com') || host === TEMPLATES || host === storeHost) {
      passed.push({ target: `${host}:${port}`, authorization: request.headers['proxy-authorization'] });
      accept(client);
      if (port === '80') {
        joinSockets(client, connect(Number(new URL(apiEndpoint).port), '127.0.0.1'));
        return;
      }
      const plain = new TLSSocket(client, { isServer: true, secureContext });
      joinSockets(plain, connect(Number(new URL(apiEndpoint).port), '127.0.0.1'));
    } else {
      refused.push(host);
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caFile,
    refused,
    passed,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeCertificate(keyFile: string, caFile: string): Promise<void> {
  const names = `subjectAltName=DNS:*.tencentcloudapi.com,DNS:${TEMPLATES},DNS:${storeHost}`;
  const subject = ['-subj', '/CN=emulator', '-addext', names];
  const files = ['-keyout', keyFile, '-out', caFile];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await promisify(execFile)('openssl', ['req', '-x509', '-days', '2', ...key, ...files, ...subject]);
}

function accept(client: Socket): void {
  client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
}

function joinSockets(client: Socket, upstream: Socket): void {
  client.pipe(upstream).pipe(client);
  client.on('error', () => upstream.destroy());
  upstream.on('error', () => client.destroy());
  client.on('close', () => upstream.destroy());
}
