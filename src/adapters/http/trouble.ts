import type { TransferEnd } from './transfer.ts';
import { describeRate, describeSeconds } from './upload-words.ts';

/** Why a try of an upload failed, and what is to be done about it. */
export interface Trouble {
  /** In words, to stand in a sentence. */
  readonly what: string;
  /** The store's own code; empty where it gave none. */
  readonly code: string;
  readonly next: 'at-once' | 'after-a-pause' | 'never';
  /** Undefined where the advice for a slow link fits. */
  readonly advice?: string;
}

type Failed = Exclude<TransferEnd, { readonly kind: 'stored' }>;

/** Tells what a try met. */
export function explainEnd(end: Failed): Trouble {
  switch (end.kind) {
    case 'stalled':
      return { what: `nothing moved for ${describeSeconds(end.ms)}`, code: '', next: 'at-once' };
    case 'slow': {
      const rest = `the rest would take ${describeSeconds(end.leftMs)} at ${describeRate(end.bytesPerSecond)}`;
      return { what: `the link is too slow (${rest})`, code: '', next: 'at-once' };
    }
    case 'unanswered':
      return {
        what: `the store gave no answer within ${describeSeconds(end.ms)}`,
        code: '',
        next: 'at-once',
      };
    case 'answered':
      return explainAnswer(end.status, end.text);
    case 'no-tunnel':
      return { what: `the proxy answers ${end.status}`, code: '', ...afterRefusal(end.status, proxyAdvice) };
    case 'broken':
      return { what: `the connection failed (${end.message})`, code: '', ...afterBreak(end.code) };
  }
}

type Next = Pick<Trouble, 'next' | 'advice'>;

const proxyAdvice =
  'Check the address of the proxy and its credentials in HTTPS_PROXY, or name the store in NO_PROXY.';
const networkAdvice =
  'Check that the runner reaches the store: its DNS, its firewall, and HTTPS_PROXY where it needs a proxy.';
const refusalAdvice =
  'Run again. Where the store refuses again, ask the support of CloudBase about this code.';

/** Codes of a link that was too slow: the store judges when all has arrived (the first seen live, the other documented by COS). */
const slowCodes = /^(UserNetworkTooSlow|RequestTimeout)$/;
/** Codes of an address or of a token that is over (COS). */
const expiredCodes = /Expired/;

function explainAnswer(status: number, text: string): Trouble {
  const code = /<Code>\s*([\w.-]{1,100})\s*<\/Code>/.exec(text)?.[1] ?? '';
  const what = `the store answers ${status}${code === '' ? '' : ` ${code}`}`;
  if (status >= 200 && status < 300)
    return { what: `${what} before it has all of the package`, code, next: 'after-a-pause' };
  if (status === 400 && slowCodes.test(code)) return { what, code, next: 'at-once' };
  if (status === 403 && code === 'RequestTimeTooSkewed')
    return { what, code, next: 'at-once', advice: "Set the runner's clock." };
  if (status === 403 && isExpired(code, text))
    return { what: `${what}: the address has expired`, code, next: 'at-once' };
  return { what, code, ...afterRefusal(status, refusalAdvice) };
}

/** An address that is over is a plain AccessDenied to COS: only its message tells it from any other. */
function isExpired(code: string, text: string): boolean {
  return expiredCodes.test(code) || (code === 'AccessDenied' && /<Message>[^<]*expired/i.test(text));
}

function afterRefusal(status: number, advice: string): Next {
  const isPassing = status === 408 || status === 429 || status >= 500;
  return isPassing ? { next: 'after-a-pause' } : { next: 'never', advice };
}

function afterBreak(code: string): Next {
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    const advice =
      'Where a proxy ends TLS, name the file of its certificate in NODE_EXTRA_CA_CERTS of the step.';
    return { next: 'never', advice };
  }
  if (/^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)$/.test(code))
    return { next: 'after-a-pause', advice: networkAdvice };
  return code.startsWith('ERR_INVALID_')
    ? { next: 'never', advice: refusalAdvice }
    : { next: 'after-a-pause' };
}
