import type { IncomingMessage } from 'node:http';

import type { EventStream, HttpRequest, NoAnswer } from '../../ports.ts';
import { ask, describeHead } from './request.ts';

const mostEvents = 20;
/** How long further events are waited for after the first one. */
const afterFirstMs = 1_000;
/** How much is read of an answer that has no events, or huge ones. */
const defaultLimit = 4 * 1024 * 1024;

/** Reads server-sent events, whatever the answer says of its type, and notes when each of them was whole. */
export async function readEvents(asked: HttpRequest, signal: AbortSignal): Promise<EventStream | NoAnswer> {
  const started = performance.now();
  const answer = await ask(asked, signal);
  if (typeof answer === 'string') return answer;
  const eventTimesMs: number[] = [];
  const note = (): void => {
    if (eventTimesMs.length < mostEvents) eventTimesMs.push(Math.round(performance.now() - started));
    if (eventTimesMs.length === mostEvents) answer.destroy();
  };
  await readTimely(answer, asked.bodyLimit ?? defaultLimit, note).catch(() => undefined);
  answer.destroy();
  signal.throwIfAborted();
  return { ...describeHead(answer), eventTimesMs, isEnded: answer.complete };
}

async function readTimely(answer: IncomingMessage, limit: number, onEvent: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const parse = createParser(() => {
    timer ??= setTimeout(() => answer.destroy(), afterFirstMs);
    onEvent();
  });
  try {
    let size = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      parse(chunk);
      size += chunk.length;
      if (size >= limit) break;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Byte order mark, `data` and a colon, as bytes: more of a line is never needed. */
const keptBytes = 8;

/**
 * Finds the ends of events as the WHATWG has defined them: a blank line ends one, if any line before it has the field
 * `data`. Comments and other fields make no event.
 */
function createParser(onEvent: () => void): (chunk: Buffer) => void {
  let line = '';
  let isFirstLine = true;
  let hasData = false;
  let isAfterReturn = false;
  const endLine = (): void => {
    const field = isFirstLine ? line.replace(/^\u00ef\u00bb\u00bf/, '') : line;
    if (field === '' && hasData) onEvent();
    hasData = field !== '' && (hasData || /^data(:|$)/.test(field));
    line = '';
    isFirstLine = false;
  };
  return (chunk) => {
    for (const byte of chunk.toString('latin1')) {
      const isSecondHalf = byte === '\n' && isAfterReturn;
      isAfterReturn = byte === '\r';
      if (isSecondHalf) continue;
      if (byte === '\n' || byte === '\r') endLine();
      else if (line.length < keptBytes) line += byte;
    }
  };
}
