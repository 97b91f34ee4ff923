import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

import { codeOf } from '../../errors.ts';
import type { HttpReply, HttpRequest, NoAnswer } from '../../ports.ts';

/** Sends a request and reads as much of the answer's body as is asked for and comes in time. */
export async function request(asked: HttpRequest, signal: AbortSignal): Promise<HttpReply | NoAnswer> {
  const answer = await ask(asked, signal);
  if (typeof answer === 'string') return answer;
  const { bodyLimit = 0 } = asked;
  const chunks: Buffer[] = [];
  if (bodyLimit > 0) await collect(answer, bodyLimit, chunks).catch(() => undefined);
  answer.destroy();
  signal.throwIfAborted();
  return { ...describeHead(answer), body: decode(chunks, bodyLimit) };
}

/** The answer as soon as its head is there; it breaks off when the time is over, and is to be destroyed at the end. */
export async function ask(
  { url, timeoutMs, ...asked }: HttpRequest,
  signal: AbortSignal,
): Promise<IncomingMessage | NoAnswer> {
  signal.throwIfAborted();
  const late = AbortSignal.timeout(timeoutMs);
  try {
    return await send(url, { ...asked, signal: AbortSignal.any([signal, late]) });
  } catch (error) {
    signal.throwIfAborted();
    // The parser of Node.js names what is not HTTP by a code that starts with HPE_.
    const code = codeOf(error);
    // The request itself is malformed, which says nothing of the other side.
    if (code.startsWith('ERR_INVALID_')) throw error;
    return late.aborted || code.startsWith('HPE_') ? 'silent' : 'refused';
  }
}

interface Outgoing {
  readonly method: string;
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request over a connection of its own; resolves with the head of the answer. */
function send(url: string, { method, signal, headers = {}, body }: Outgoing): Promise<IncomingMessage> {
  const open = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = open(url, { method, headers, signal, agent: false });
    outgoing.once('response', resolve).on('error', reject).end(body);
  });
}

/** Reads up to so many bytes and a chunk more; what came before a failure is in `chunks`. */
export async function collect(answer: IncomingMessage, limit: number, chunks: Buffer[]): Promise<void> {
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= limit) break;
  }
}

/** The text of the first bytes, without a character that they cut in two. */
export function decode(chunks: readonly Buffer[], limit: number): string {
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, limit), { stream: true });
}

/** The status, and the headers with every value that came. */
export function describeHead(answer: IncomingMessage): Pick<HttpReply, 'status' | 'headers'> {
  const headers = Object.entries(answer.headersDistinct).map(
    ([name, values = []]) => [name, values.join(', ')] as const,
  );
  return { status: answer.statusCode ?? 0, headers: Object.fromEntries(headers) };
}
