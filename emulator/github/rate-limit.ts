import { Refusal } from './reply.ts';

/** A limit to run into: which one, for how many requests, and with what status GitHub says so. */
export interface ScriptedLimit {
  kind: 'primary' | 'secondary';
  status?: 403 | 429;
  /** How many requests the secondary limit refuses, 1 by default; the primary one lasts until its reset. */
  requests?: number;
  /** What `Retry-After` says for the secondary limit, or how far off the primary one's reset is; 60 by default. */
  retryAfterSeconds?: number;
}

/** Counts requests as GitHub does, and refuses where a limit is scripted or used up. */
export interface RateLimit {
  script(limit: ScriptedLimit): void;
  /** Counts one request; throws the refusal when it is over a limit. */
  count(requestId: string): void;
  /** The headers that every answer carries. */
  headers(): Record<string, string>;
}

const hourSeconds = 3600;

/** Creates the hourly limit of a workflow's token. */
export function createRateLimit(limit: number): RateLimit {
  const scripted: Required<ScriptedLimit>[] = [];
  let status: 403 | 429 = 403;
  let used = 0;
  let reset = nowSeconds() + hourSeconds;

  function takeScripted(): Required<ScriptedLimit> | undefined {
    const next = scripted[0];
    if (next === undefined) return undefined;
    next.requests -= 1;
    if (next.requests <= 0) scripted.shift();
    return next;
  }

  return {
    script: (wanted) => {
      scripted.push({ status: 403, requests: 1, retryAfterSeconds: 60, ...wanted });
    },
    count: (requestId) => {
      if (nowSeconds() >= reset) [used, reset] = [0, nowSeconds() + hourSeconds];
      used = Math.min(used + 1, limit + 1);
      const refused = takeScripted();
      if (refused?.kind === 'secondary') throw secondary(refused);
      if (refused !== undefined) {
        [status, used, reset] = [refused.status, limit + 1, nowSeconds() + refused.retryAfterSeconds];
      }
      if (used > limit) throw primary(status, requestId);
    },
    headers: () => ({
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - used)),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-used': String(Math.min(used, limit)),
      'x-ratelimit-resource': 'core',
    }),
  };
}

function primary(status: 403 | 429, requestId: string): Refusal {
  const message =
    'API rate limit exceeded for installation. If you reach out to GitHub Support for help, ' +
    `please include the request ID ${requestId} and timestamp ${new Date().toISOString()}.`;
  const documentation = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api';
  return new Refusal(status, message, { documentation });
}

function secondary(limit: Required<ScriptedLimit>): Refusal {
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  const documentation =
    'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits';
  return new Refusal(limit.status, message, {
    documentation,
    headers: { 'retry-after': String(limit.retryAfterSeconds) },
  });
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
