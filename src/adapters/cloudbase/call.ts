import { setTimeout as wait } from 'node:timers/promises';

import type { Log } from '../../ports.ts';
import { translateError } from './translate.ts';

/** The API services of CloudBase and the versions that are spoken here. */
const versions = { tcb: '2018-06-08', tcbr: '2022-02-17' } as const;

export interface CloudConnection {
  readonly credentials: {
    readonly secretId: string;
    readonly secretKey: string;
    readonly sessionToken: string;
  };
  readonly region: string;
  /** A URL in which `{service}` stands for the API service's name. */
  readonly apiEndpoint: string;
  /** The HTTP proxy for this endpoint, if there is one. */
  readonly proxy: string | undefined;
}

export type Answer = Readonly<Record<string, unknown>>;

/** One call of the API. Reads are tried again after throttling and network failures, writes never. */
export interface Caller {
  read(service: keyof typeof versions, action: string, params: object): Promise<Answer>;
  write(service: keyof typeof versions, action: string, params: object): Promise<Answer>;
}

interface CallerPorts {
  readonly log: Log;
  readonly signal: AbortSignal;
}

const tries = 4;

/** Calls the API through the SDK's generic service, which adds nothing to the parameters and signs them (TC3). */
export function createCaller(connection: CloudConnection, { log, signal }: CallerPorts): Caller {
  let sdk: Promise<Sdk> | undefined;
  const call = async (service: keyof typeof versions, action: string, params: object): Promise<Answer> => {
    signal.throwIfAborted();
    sdk ??= connect(connection);
    const { send } = await sdk;
    log.debug(`${service}:${action}`);
    try {
      return await untilAborted(send(service, action, params), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw translateError(action, error);
    }
  };
  const read: Caller['read'] = async (service, action, params) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call(service, action, params);
      } catch (error) {
        signal.throwIfAborted();
        const failure = translateError(action, error);
        if (!failure.isRetryable || attempt === tries) throw failure;
        const pauseMs = 2 ** attempt * 250 * (0.75 + Math.random() / 2);
        log.info(`${failure.message} Try ${attempt + 1} of ${tries} in ${Math.round(pauseMs)} ms.`);
        await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  };
  return { read, write: call };
}

interface Sdk {
  readonly send: (service: keyof typeof versions, action: string, params: object) => Promise<Answer>;
}

async function connect({ credentials, region, apiEndpoint, proxy }: CloudConnection): Promise<Sdk> {
  const { default: CloudBase } = await import('@cloudbase/manager-node');
  const { secretId, secretKey, sessionToken } = credentials;
  const app = new CloudBase({
    secretId,
    secretKey,
    region,
    useInternalEndpoint: false,
    ...(sessionToken === '' ? {} : { token: sessionToken }),
    ...(proxy === undefined ? {} : { proxy }),
  });
  const services = new Map(
    (Object.keys(versions) as (keyof typeof versions)[]).map((name) => {
      const service = app.commonService(name, versions[name]);
      pointAt(service, apiEndpoint.replaceAll('{service}', name));
      return [name, service];
    }),
  );
  return {
    send: async (service, action, params) => {
      const answer: unknown = await services.get(service)?.call({ Action: action, Param: { ...params } });
      return typeof answer === 'object' && answer !== null ? (answer as Answer) : {};
    },
  };
}

/** The SDK has no setting for the endpoint of `tcbr`; its request object takes the address from this property. */
function pointAt(service: object, baseUrl: string): void {
  const { commonService } = service as { commonService?: object };
  if (commonService === undefined)
    throw new TypeError('The SDK has changed: its generic service has no request object.');
  Object.defineProperty(commonService, 'baseUrl', { configurable: true, get: () => baseUrl });
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
