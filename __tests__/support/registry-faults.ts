import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a chosen request ends instead of reaching the registry. */
export type FaultAnswer =
  { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | 'drop' | 'hang';

/** Which requests end so. */
export interface RegistryFault {
  /** Any, when it is left out; `POST`, `PATCH` and `PUT` are a push's, `GET` and `HEAD` a pull's and a push's look. */
  readonly method?: RegExp;
  /** Tried on path and query, as in `/v2/shop/app/manifests/1`. */
  readonly path: RegExp;
  /** How many requests it catches before it is over; all of them, when it is left out. */
  readonly times?: number;
  readonly answer: FaultAnswer;
}

/** A request that came by. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** What a fault made of it; undefined when the registry got it. */
  readonly fault?: FaultAnswer;
}

/** A real registry behind a loopback proxy that spoils what it is told to. */
export interface FaultProxy {
  /** To be used in names of images, in place of the registry's own. */
  readonly address: string;
  readonly seen: readonly SeenRequest[];
  /** Adds a fault; the first one that fits a request counts. */
  fault(fault: RegistryFault): void;
  /** Forgets all faults; requests that hang go on hanging. */
  heal(): void;
  close(): Promise<void>;
}

/** Code and default headers of the answers that registries give; docker shows the code's words. */
const answers: Readonly<Record<number, readonly [code: string, headers?: Readonly<Record<string, string>>]>> =
  {
    401: ['UNAUTHORIZED', { 'www-authenticate': 'Basic realm="registry"' }],
    403: ['DENIED'],
    404: ['NAME_UNKNOWN'],
    429: ['TOOMANYREQUESTS', { 'retry-after': '1' }],
    503: ['UNAVAILABLE'],
  };

/** Starts a proxy in front of the registry at an address; without faults everything passes through. */
export async function startFaultProxy(address: string): Promise<FaultProxy> {
  const faults: { rule: RegistryFault; left: number }[] = [];
  const seen: SeenRequest[] = [];
  const take = (method: string, path: string): FaultAnswer | undefined => {
    const found = faults.find(
      ({ rule, left }) => left > 0 && (rule.method?.test(method) ?? true) && rule.path.test(path),
    );
    if (found !== undefined) found.left -= 1;
    return found?.rule.answer;
  };
  const server = createServer((incoming, response) => {
    const { method = '', url = '' } = incoming;
    const fault = take(method, url);
    seen.push({ method, path: url, ...(fault === undefined ? {} : { fault }) });
    if (fault === undefined) pass(address, incoming, response);
    else spoil(fault, incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    fault: (rule) => faults.push({ rule, left: rule.times ?? Infinity }),
    heal: () => (faults.length = 0),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The name of the host stays as it was asked for, so that the registry's redirects lead to the proxy again. */
function pass(address: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = incoming;
  const [host, port] = address.split(':');
  const upstream = request({ host, port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
  incoming.pipe(upstream);
}

function spoil(fault: FaultAnswer, incoming: IncomingMessage, response: ServerResponse): void {
  if (fault === 'hang') return;
  if (fault === 'drop') {
    incoming.socket.destroy();
    return;
  }
  const [code, headers = {}] = answers[fault.status] ?? ['UNKNOWN'];
  const body = JSON.stringify({ errors: [{ code, message: `asked to answer ${fault.status}` }] });
  response.writeHead(fault.status, { 'content-type': 'application/json', ...headers, ...fault.headers });
  response.end(incoming.method === 'HEAD' ? undefined : body);
  // An upload is read to its end and dropped, so that the answer is heard.
  incoming.resume();
}
