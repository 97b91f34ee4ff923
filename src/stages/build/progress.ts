import { parseProgress, type LogChunk, type Vertex } from './progress-events.ts';

/** The step at which a build failed. */
export interface FailedStep {
  /** As the log shows it: `[2/5] RUN npm ci`. BuildKit has put the values of build arguments in it. */
  readonly step: string;
  /** The last 20 lines that this very step wrote, oldest first. */
  readonly logTail: readonly string[];
  readonly error: string;
}

/** What a build came to, as far as its progress tells. */
export interface BuildSummary {
  /** Steps of the Dockerfile that ended, and how many of them came from the cache. */
  readonly steps: number;
  readonly cached: number;
  /** The first step that failed by itself; an optional one may fail in a build that succeeds. */
  readonly failed?: FailedStep;
  /** Lines that were still held back, for the end of the log. */
  readonly rest: readonly string[];
}

/** Reads what `docker buildx build --progress rawjson` writes to standard error, line by line. */
export interface Progress {
  /** What a line says, as lines for the log; a line that is no progress comes back as it is. */
  read(line: string): readonly string[];
  end(): BuildSummary;
}

interface Output {
  readonly decoder: InstanceType<typeof TextDecoder>;
  pending: string;
}

interface Step {
  name: string;
  inputs: readonly string[];
  startedMs: number | undefined;
  /** When it ended, by when it started: a step that only looked into the cache starts again. */
  readonly spans: Map<number, number>;
  isDone: boolean;
  isCached: boolean;
  error: string;
  reported: string;
  readonly outputs: Map<string, Output>;
  readonly tail: string[];
}

const tailLength = 20;
const longestName = 120;
/** Code units of a line that does not end; no program writes more for a person to read. */
const longestLine = 16_384;
const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[ -/]*[@-~]`, 'g');

/** A reader for the progress of one build. It knows no clock: all times come from the lines. */
export function createProgress(): Progress {
  const steps = new Map<string, Step>();
  const failures = new Set<Step>();
  const held = new Set<Step>();
  const warnings = new Set<string>();
  const stepOf = (digest: string): Step => {
    const step = steps.get(digest) ?? newStep();
    steps.set(digest, step);
    return step;
  };
  const settle = (step: Step): string[] => {
    const released =
      step.startedMs === undefined ? [] : step.inputs.map(stepOf).filter((each) => held.delete(each));
    // What a cached step needs was not fetched either.
    if (step.isCached) for (const each of released) each.isCached = true;
    if (step.error !== '') failures.add(step);
    held.delete(step);
    if (step.isDone && mayStartAgain(step)) held.add(step);
    return [...released, ...(step.isDone && !held.has(step) ? [step] : [])].flatMap(report);
  };
  return {
    read(line) {
      const event = parseProgress(line);
      if (event === undefined) return [line];
      const news = event.warnings.filter((warning) => !warnings.has(warning));
      for (const warning of news) warnings.add(warning);
      const touched = new Set(event.vertexes.map((vertex) => update(stepOf(vertex.digest), vertex)));
      return [
        ...[...new Set(news)].map((warning) => `Warning: ${warning}`),
        ...event.logs.flatMap((chunk) => write(stepOf(chunk.vertex), chunk)),
        ...[...touched].flatMap(settle),
      ];
    },
    end() {
      const rest = [...steps.values()].flatMap((step) => [
        ...flush(step),
        ...(held.delete(step) ? report(step) : []),
      ]);
      return { ...summarize([...steps.values()], [...failures]), rest };
    },
  };
}

function newStep(): Step {
  return {
    ...{ name: '', inputs: [], startedMs: undefined, spans: new Map(), isDone: false, isCached: false },
    ...{ error: '', reported: '', outputs: new Map(), tail: [] },
  };
}

function update(step: Step, vertex: Vertex): Step {
  const { startedMs, completedMs, isCached, error } = vertex;
  if (vertex.name !== '') step.name = shorten(vertex.name);
  if (vertex.inputs.length > 0) step.inputs = vertex.inputs;
  if (startedMs !== undefined && startedMs !== step.startedMs) {
    step.startedMs = startedMs;
    step.isDone = false;
    step.error = '';
  }
  if (completedMs !== undefined) step.spans.set(startedMs ?? completedMs, completedMs);
  if (isCached) step.isCached = true;
  if (error !== '') step.error = error;
  if (completedMs !== undefined || isCached || error !== '') step.isDone = true;
  return step;
}

/** A base image is looked up first, and pulled only when a step needs it: its first end says nothing. */
function mayStartAgain(step: Step): boolean {
  const { inputs, isCached, error, reported } = step;
  return numberOf(step) !== undefined && inputs.length === 0 && !isCached && error === '' && reported === '';
}

function shorten(name: string): string {
  const plain = name
    .replace(/\s+/g, ' ')
    .replace(/(\bFROM |\bfor )docker\.io\/(?:library\/)?/, '$1')
    .replace(/^(\[[^\]]*\] FROM [^@ ]+)@sha256:[0-9a-f]{64}/, '$1')
    .trim();
  return plain.length > longestName ? `${plain.slice(0, longestName - 1)}…` : plain;
}

function write(step: Step, { stream, bytes }: LogChunk): string[] {
  const output = step.outputs.get(stream) ?? {
    decoder: new TextDecoder('utf-8', { ignoreBOM: true }),
    pending: '',
  };
  step.outputs.set(stream, output);
  const lines = `${output.pending}${output.decoder.decode(bytes, { stream: true })}`.split('\n');
  const last = lastDrawn(lines.pop() ?? '');
  const isEndless = last.length > longestLine;
  output.pending = isEndless ? '' : last;
  return [...lines, ...(isEndless ? [last] : [])].map((line) => show(step, line));
}

/** A progress bar draws its line again and again: what it has drawn last, with the return that may follow. */
function lastDrawn(text: string): string {
  const once = text.replace(/\r+/g, '\r');
  return once.slice(once.lastIndexOf('\r', once.length - 2) + 1);
}

function show(step: Step, text: string): string {
  const line = lastDrawn(text).replaceAll('\r', '').replace(escapes, '');
  step.tail.push(line);
  if (step.tail.length > tailLength) step.tail.shift();
  return `  ${tagOf(step)} ${line}`.trimEnd();
}

function flush(step: Step): string[] {
  const left = [...step.outputs.values()].map(({ decoder, pending }) => pending + decoder.decode());
  step.outputs.clear();
  return left.filter((text) => text !== '').map((text) => show(step, text));
}

function tagOf(step: Step): string {
  return numberOf(step) ?? nameOf(step);
}

/** `[2/5]`, `[build 2/5]` or `[linux/amd64 2/5]` of a step of the Dockerfile; its other steps have no number. */
function numberOf({ name }: Step): string | undefined {
  return /^\[(?:[^\]]* )?\d+\/\d+\]/.exec(name)?.[0];
}

function nameOf({ name }: Step): string {
  return name === '' ? 'unnamed step' : name;
}

/** The lines that say that a step ended: none when that was said, or is of no interest. */
function report(step: Step): string[] {
  const lines = flush(step);
  const isDull = numberOf(step) === undefined && step.error === '' && durationOf(step) <= 1000;
  const text = isDull ? '' : `${nameOf(step)}: ${describeEnd(step)}`;
  const isKnown = text === step.reported || (step.reported !== '' && step.isCached && step.error === '');
  if (isKnown) return lines;
  step.reported = text;
  return [...lines, text];
}

function describeEnd(step: Step): string {
  const seconds = `${(durationOf(step) / 1000).toFixed(1)} s`;
  if (isCancelled(step)) return `cancelled after ${seconds}`;
  if (step.error === '') return isFromCache(step) ? 'cached' : seconds;
  const exit = /did not complete successfully: (exit code: \d+)$/.exec(step.error)?.[1]?.replace(':', '');
  return `failed after ${seconds}: ${exit ?? step.error.split('\n', 1)[0] ?? ''}`;
}

function durationOf({ spans }: Step): number {
  return [...spans].reduce((sum, [from, to]) => sum + Math.max(0, to - from), 0);
}

function isFromCache({ isCached, error }: Step): boolean {
  return isCached && error === '';
}

/** Stopped because another step failed, or the build was stopped. */
function isCancelled({ error }: Step): boolean {
  return /context canceled/.test(error);
}

function summarize(steps: readonly Step[], failures: readonly Step[]): Omit<BuildSummary, 'rest'> {
  const ended = steps.filter((step) => numberOf(step) !== undefined && step.isDone);
  // A cache that cannot be read is left out by BuildKit, and the build goes on.
  const culprits = failures.filter(
    (step) => step.error !== '' && !isCancelled(step) && !step.name.startsWith('importing cache'),
  );
  const failed = culprits.find((step) => numberOf(step) !== undefined) ?? culprits[0];
  return {
    steps: ended.length,
    cached: ended.filter(isFromCache).length,
    ...(failed === undefined ? {} : { failed: describeFailed(failed) }),
  };
}

function describeFailed(step: Step): FailedStep {
  return { step: nameOf(step), logTail: [...step.tail], error: step.error };
}
