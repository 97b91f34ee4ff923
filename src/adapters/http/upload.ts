import { stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import { CloudError } from '../../errors.ts';
import type { Http, Log, PackageAddress } from '../../ports.ts';
import { rateOf } from './meter.ts';
import { transfer, type Transfer } from './transfer.ts';
import { explainEnd, type Trouble } from './trouble.ts';
import { uploadLimits, type UploadLimits } from './upload-limits.ts';
import { describeBytes, describeDone, describeProgress, describeRate } from './upload-words.ts';

interface Around {
  readonly log: Log;
  /** The proxy for a URL. */
  readonly findProxy: (url: string) => string | undefined;
  readonly limits?: UploadLimits;
}

/** Uploads files: each try with a fresh address and a connection of its own, until the store has taken one. */
export function createUpload(
  { log, findProxy, limits = uploadLimits }: Around,
  signal: AbortSignal,
): Http['upload'] {
  const onProgress: Parameters<typeof transfer>[1]['onProgress'] = (reading) => {
    log.info(describeProgress(reading));
  };
  return async (file, nextAddress) => {
    signal.throwIfAborted();
    const { size: sizeBytes } = await stat(file);
    const failures: Failure[] = [];
    for (let attempt = 1; ; attempt++) {
      const address = await nextAddress();
      signal.throwIfAborted();
      refuseNoAddress(address);
      const isLast = attempt === limits.tries;
      const put = { address, file, sizeBytes, isLast, proxy: findProxy(address.url) };
      const done = await transfer(put, { limits, signal, onProgress });
      if (done.end.kind === 'stored') {
        log.info(describeDone(sizeBytes, done.elapsedMs));
        return address;
      }
      const trouble = explainEnd(done.end);
      failures.push({ ...done, ...trouble });
      if (trouble.next === 'never') throw buildError(`: ${trouble.what}`, trouble);
      if (isLast) throw buildError(describeTries(sizeBytes, failures), trouble);
      const pauseMs = trouble.next === 'at-once' ? 0 : pauseAfter(attempt, limits.pauseMs);
      const when = pauseMs === 0 ? '' : ` in ${pauseMs} ms`;
      log.info(
        `${capitalize(trouble.what)}. Try ${attempt + 1} of ${limits.tries}${when}, with a fresh address.`,
      );
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
  };
}

type Failure = Transfer & Trouble;

function refuseNoAddress({ url }: PackageAddress): void {
  if (/^https?:/.test(url) && URL.canParse(url)) return;
  throw buildError(': the platform told no address for it', {
    code: '',
    next: 'never',
    advice: 'Run again.',
  });
}

function pauseAfter(attempt: number, firstMs: number): number {
  return Math.round(2 ** (attempt - 1) * firstMs * (0.75 + Math.random() / 2));
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a rate over a shorter time says is not of the link. */
const leastMs = 5_000;

function describeTries(sizeBytes: number, failures: readonly Failure[]): string {
  const rates = failures
    .filter(({ elapsedMs }) => elapsedMs >= leastMs)
    .map(({ movedBytes, elapsedMs }) => rateOf(movedBytes, elapsedMs));
  const best = rates.length === 0 ? '' : `, ${describeRate(Math.max(...rates))} at best`;
  return ` in ${failures.length} tries (${describeBytes(sizeBytes)}${best}): ${describeEach(failures)}`;
}

/** What each try met; those in a row that met the same are told once. */
function describeEach(failures: readonly Failure[]): string {
  const runs: { from: number; to: number; what: string }[] = [];
  for (const [index, { what }] of failures.entries()) {
    const run = runs.at(-1);
    if (run?.what === what) run.to = index + 1;
    else runs.push({ from: index + 1, to: index + 1, what });
  }
  const each = runs.map(
    ({ from, to, what }) => `${from === to ? `try ${from}` : `tries ${from} to ${to}`}: ${what}`,
  );
  return each.join('; ');
}

const slowAdvice =
  'Use a runner in China, make the package smaller with the input exclude, ' +
  'or push an image in container mode (image-repository).';

function buildError(reason: string, { code, next, advice = slowAdvice }: Omit<Trouble, 'what'>): CloudError {
  return new CloudError(`The package cannot be uploaded${reason}.`, {
    kind: 'upload',
    action: 'PUT',
    code,
    isRetryable: next !== 'never',
    advice,
  });
}
