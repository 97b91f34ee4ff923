import { setTimeout as wait } from 'node:timers/promises';

import type { Finished } from '../../process-port.ts';
import type { Run } from './client.ts';

const rounds = 4;
const pauseMs = 500;
const limitMs = 60_000;

/** Removes the containers that carry a label. Resolves to what docker said of one that stays. */
export function removeContainers(label: string, run: Run): Promise<string | undefined> {
  return insist(async () => {
    const list = ['ps', '--all', '--filter', `label=${label}`, '--quiet'];
    const found = await run({ args: list, timeoutMs: limitMs });
    const ids = [...new Set(found.stdout.split('\n').filter(Boolean))];
    const removed =
      ids.length === 0
        ? found
        : await run({ args: ['rm', '--force', '--volumes', ...ids], timeoutMs: limitMs });
    const failed = [found, removed].find(({ exitCode }) => exitCode !== 0);
    return failed && refusalOf(failed, failed.lines);
  });
}

/**
 * Takes these names from their images, and removes the images that have no other. A name that is not there is fine.
 * Resolves to what docker said of one that stays.
 */
export async function removeImages(references: readonly string[], run: Run): Promise<string | undefined> {
  const names = [...new Set(references)];
  if (names.length === 0) return undefined;
  return insist(async () => {
    const removed = await run({ args: ['rmi', ...names], timeoutMs: limitMs });
    if (removed.exitCode === 0) return undefined;
    const refusals = removed.lines.filter((line) => !/no such image|^(untagged|deleted): /i.test(line));
    return refusals.length === 0 && removed.lines.length > 0 ? undefined : refusalOf(removed, refusals);
  });
}

/** A busy engine refuses now and then to remove what is just changing its state. */
async function insist(removeOnce: () => Promise<string | undefined>): Promise<string | undefined> {
  let refusal: string | undefined;
  for (let round = 0; round < rounds; round++) {
    if (round > 0) await wait(pauseMs);
    refusal = await removeOnce();
    if (refusal === undefined) return undefined;
  }
  return refusal;
}

function refusalOf({ exitCode }: Finished, lines: readonly string[]): string {
  return lines.at(-1) ?? `exit code ${exitCode}`;
}
