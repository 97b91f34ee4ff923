import type { Image } from '../build/built.ts';
import type { FailedStart } from '../serve/ready.ts';
import { checkNames, failed, passed, skipped, warned, type Check, type CheckName } from './check.ts';

const optional: readonly CheckName[] = ['event-stream', 'websocket', 'agent', 'burst'];
const ofImage: readonly CheckName[] = ['architecture', 'user', 'image-size'];

/** The whole table in its order: every row that is missing is skipped, with the reason why it was not looked at. */
export function complete(
  rows: readonly Check[],
  { image, reason }: { readonly image: Image | undefined; readonly reason: string },
): Check[] {
  const missing = checkNames.filter(
    (name) => !optional.includes(name) && !rows.some((row) => row.name === name),
  );
  const reasonOf = (name: CheckName): string =>
    image === undefined && ofImage.includes(name) ? 'functions run in an image of the platform' : reason;
  const all = [...rows, ...missing.map((name) => skipped(name, reasonOf(name)))];
  return all.sort((left, right) => checkNames.indexOf(left.name) - checkNames.indexOf(right.name));
}

/**
 * The rows of a service that did not come up or stay up, with what was seen of it besides. A reason of this machine
 * alone proves nothing against it, but nothing for it either: only what its image shows stands, and what it gave away.
 */
export function explainFailure(failure: FailedStart, seen: readonly Check[]): Check[] {
  const { kind, finding, isOnlyHere, advice } = failure.diagnosis;
  if (isOnlyHere) {
    return [warned('starts', joinAdvice(finding, advice)), ...seen.filter(({ name }) => name !== 'starts')];
  }
  const row = failed(rowOf(failure), { kind, detail: finding, advice });
  const rest = seen.filter(({ name }) => name !== row.name && name !== 'starts');
  const starts = row.name === 'listens' && failure.isRunning ? [passed('starts', 'the process runs')] : [];
  return [...starts, row, ...rest];
}

function joinAdvice(finding: string, advice: string): string {
  return `${finding}; ${advice.charAt(0).toLowerCase()}${advice.slice(1).replace(/\.$/, '')}`;
}

/** The row that a failure belongs to; to wait too long is no way of listening where the process has ended. */
function rowOf({ diagnosis: { kind }, isRunning }: FailedStart): CheckName {
  if (kind === 'architecture') return 'architecture';
  const isListening =
    kind === 'wrong-port' || kind === 'loopback-bind' || (kind === 'slow-start' && isRunning);
  return isListening ? 'listens' : 'starts';
}
