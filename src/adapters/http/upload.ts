import { stat } from 'node:fs/promises';

import { CloudError } from '../../errors.ts';
import { collect, decode, send } from './request.ts';

const bodyLimit = 64 * 1024;

interface Upload {
  readonly headers: Readonly<Record<string, string>>;
  readonly file: string;
  readonly signal: AbortSignal;
}

/** Sends a file from disk by PUT; an answer other than 2xx is a CloudError of kind `upload`. */
export async function upload(url: string, { headers, file, signal }: Upload): Promise<void> {
  signal.throwIfAborted();
  const { size } = await stat(file);
  const sent = { ...headers, 'Content-Length': size };
  const fail = (error: unknown): never => {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw uploadFailure(`the connection failed (${reason})`, '');
  };
  const answer = await send(url, { method: 'PUT', signal, headers: sent, file }).catch(fail);
  const chunks: Buffer[] = [];
  await collect(answer, bodyLimit, chunks).catch(fail);
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return;
  const code = /<Code>([^<]+)<\/Code>/.exec(decode(chunks, bodyLimit))?.[1] ?? '';
  throw uploadFailure(`the store answers ${status}${code === '' ? '' : ` ${code}`}`, code);
}

function uploadFailure(reason: string, code: string): CloudError {
  return new CloudError(`The package cannot be uploaded: ${reason}.`, {
    kind: 'upload',
    action: 'PUT',
    code,
    isRetryable: true,
    advice:
      'Run again. Where the link to the store is slow, use a runner in China or make the package smaller.',
  });
}
