import { InputError } from '../../errors.ts';
import type { CheckInputs } from '../../inputs.ts';
import type { Clock } from '../../ports.ts';
import type { Built, Image } from '../build/built.ts';
import type { Project } from '../project/project.ts';
import { MissingFrameworkError } from '../serve/function-runtime.ts';
import { awaitReady, platformWindowMs, type FailedStart } from '../serve/ready.ts';
import { listPlatformEnv, memoryOf, serve } from '../serve/serve.ts';
import type { Served, ServePorts, ServeRequest } from '../serve/served.ts';
import { StartError } from '../serve/start-error.ts';
import { checkAnswers, checkBurst, checkSecrets, checkWebSocket, type Asked } from './answers.ts';
import { passed, warned, type Check, type Verification } from './check.ts';
import { checkArchitecture, checkImageSize, checkUser } from './image.ts';
import { checkAgent, checkEventStream } from './streams.ts';
import { complete, explainFailure } from './table.ts';
import { checkFiles, checkMemory, checkShutdown } from './traces.ts';

export interface VerifyRequest extends Omit<ServeRequest, 'hostPort'> {
  readonly built: Built;
  readonly verify: 'auto' | 'true' | 'false';
  readonly checks: CheckInputs;
}

/** Runs what was built as the platform would, and checks it. Stops it again, whatever happens. */
export async function verify(
  project: Project,
  request: VerifyRequest,
  ports: ServePorts,
): Promise<Verification> {
  const { built } = request;
  if (request.verify === 'false') return { status: 'skipped', reason: 'input "verify" is false' };
  if (built.kind === 'skipped') return { status: 'skipped', reason: built.reason };
  const platformEnv = listPlatformEnv({ ...request, hostPort: undefined });
  if (platformEnv.length > 0)
    ports.log.info(
      `Not set in this local run, only on the platform: ${platformEnv.join(', ')}. verify-env and verify-env-from set them here, too.`,
    );
  const image = built.kind === 'image' ? built : undefined;
  const around: Surroundings = { project, request, image, platformEnv, canaries: canariesOf(request) };
  if (image !== undefined && checkArchitecture(image).result === 'failed') {
    const rows = await lookAtImage(image, ports);
    return conclude(complete(rows, { image, reason: 'the service was not started' }));
  }
  const served = await start(around, built, ports);
  if (!('url' in served)) return served;
  try {
    return await checkServed(served, around, ports);
  } finally {
    await served.remove();
  }
}

interface Surroundings {
  readonly project: Project;
  readonly request: VerifyRequest;
  /** Undefined for a function. */
  readonly image: Image | undefined;
  readonly platformEnv: readonly string[];
  readonly canaries: Asked['canaries'];
}

/** Two values that nobody else knows. */
function canariesOf({ stepLabel }: VerifyRequest): Asked['canaries'] {
  return { env: `canary-env-${stepLabel}`, header: `canary-header-${stepLabel}` };
}

/** A program that cannot be started at all is a failed check, too. */
async function start(
  around: Surroundings,
  built: Exclude<Built, { kind: 'skipped' }>,
  ports: ServePorts,
): Promise<Served | Verification> {
  const { project, request, canaries } = around;
  const env = { ...request.env, CLOUDBASE_RUN_CANARY: canaries.env };
  try {
    return await serve(project, { built, request: { ...request, env, hostPort: undefined } }, ports);
  } catch (error) {
    if (error instanceof MissingFrameworkError && request.verify === 'auto')
      return { status: 'skipped', reason: 'the functions framework cannot be installed here' };
    if (!(error instanceof StartError)) throw error;
    const { diagnosis, logTail } = error;
    const failure = { status: 'failed', diagnosis, isRunning: false, logTail } as const;
    return refute(failure, await lookAtImage(around.image, ports), around.image);
  }
}

/** What a service that did not come up, or stay up, leaves to say. */
function refute(failure: FailedStart, seen: readonly Check[], image: Image | undefined): Verification {
  const rows = explainFailure(failure, seen);
  const hasListened = seen.some(({ name }) => name === 'listens');
  const reason = hasListened ? 'the service did not stay up' : 'the service did not come up';
  return conclude(complete(rows, { image, reason }), { logTail: failure.logTail });
}

/** A service that ends so soon after its last answer does not keep running. */
const settleMs = 250;
/** How long a service that has listened may stop to do so. */
const lapseMs = 3_000;

async function checkServed(served: Served, around: Surroundings, ports: ServePorts): Promise<Verification> {
  const { request, image, platformEnv } = around;
  const { clock } = ports;
  const known = { platformEnv, architecture: image?.facts.architecture };
  const delay = initialDelayOf(request);
  const [readiness, still] = await Promise.all([
    awaitReady(served, { ...known, windowMs: platformWindowMs(delay) }, ports),
    lookAtImage(image, ports),
  ]);
  if (readiness.status === 'failed') return refute(readiness, still, image);
  if (readiness.status === 'unreachable') return skipUnreachable(readiness.reason, request.verify);
  const { timeToListenMs } = readiness;
  const answers = await watchMemory(served, clock, ask(served, around, ports));
  const [files] = await Promise.all([
    checkFiles(served, image === undefined ? 'in its folder' : 'outside /tmp'),
    clock.sleep(settleMs),
  ]);
  const windowMs = clock.now() - served.startedAt + lapseMs;
  const later = await awaitReady(served, { ...known, windowMs, hasListened: true }, ports);
  const seen = [
    describeListening(served, image),
    checkStartTime(timeToListenMs, delay),
    ...answers,
    ...still,
    files,
  ];
  if (later.status === 'failed') return refute(later, seen, image);
  const rows = [
    passed('starts', 'the process keeps running'),
    ...seen,
    await checkMemory(served, memoryOf(request)),
    await checkShutdown(served),
  ];
  const checks = complete(rows, { image, reason: 'it cannot be seen from here' });
  const isFailed = checks.some(({ result }) => result === 'failed');
  return conclude(checks, { timeToListenMs, logTail: isFailed ? await served.readLog(20) : [] });
}

/** A service that nobody can ask is not verified, whatever else is seen of it. */
function skipUnreachable(reason: string, asked: VerifyRequest['verify']): Verification {
  if (asked !== 'true') return { status: 'skipped', reason: `the service runs, but ${reason}` };
  const message = `is "true", but ${reason}. Run the job on the machine of the engine and not in a container, or use "auto" to verify only where it can be.`;
  throw new InputError([{ subject: 'verify', message }]);
}

function initialDelayOf({ settings, live }: VerifyRequest): number {
  const known = Number(live?.service?.settings['InitialDelaySeconds'] ?? 0);
  return settings.InitialDelaySeconds ?? (known > 0 ? known : 0);
}

async function lookAtImage(image: Image | undefined, { docker }: ServePorts): Promise<Check[]> {
  if (image === undefined) return [];
  return [checkArchitecture(image), checkUser(image), await checkImageSize(image, docker)];
}

async function ask(
  { url }: Served,
  { project, request, platformEnv, canaries }: Surroundings,
  ports: ServePorts,
): Promise<Check[]> {
  const { checks } = request;
  const asked: Asked = { url, paths: pathsOf(project, checks), checks, canaries };
  const rows = [
    ...(await checkAnswers(asked, ports)),
    ...(await checkSecrets(asked, ports)),
    ...(await checkEventStream(asked, ports)),
    ...(await checkWebSocket(asked, ports)),
    ...(project.mode === 'agent' ? [await checkAgent(asked, platformEnv, ports)] : []),
    ...(await checkBurst(asked, ports)),
  ];
  return rows;
}

/** The framework answers its health path itself; what the functions answer shows on their own paths. */
function pathsOf(project: Project, { path, isPathGiven }: CheckInputs): readonly string[] {
  return project.kind === 'function' && !isPathGiven ? project.routes : [path];
}

const sampleMs = 100;

/** Looks at the memory while the service is asked: it may be back where it was when all is answered. */
async function watchMemory<T>(served: Served, clock: Clock, work: Promise<T>): Promise<T> {
  const state = { isOver: false };
  const end = (): void => {
    state.isOver = true;
  };
  const watch = async (): Promise<void> => {
    while (!state.isOver) {
      await served.readPeakMemory();
      await clock.sleep(sampleMs);
    }
  };
  const [value] = await Promise.all([work.finally(end), watch()]);
  return value;
}

/** A container's port was reached from outside of it; a function's was asked on this machine. */
function describeListening({ port }: Served, image: Image | undefined): Check {
  return passed(
    'listens',
    image === undefined ? 'on the port of PORT' : `on port ${port} of every interface`,
  );
}

/** The first probes of the platform come after InitialDelaySeconds. */
function checkStartTime(timeToListenMs: number, initialDelaySeconds: number): Check {
  const taken = `${timeToListenMs} ms`;
  return initialDelaySeconds > 0 && timeToListenMs > initialDelaySeconds * 1000
    ? warned(
        'start-time',
        `takes ${taken} to listen, longer than InitialDelaySeconds (${initialDelaySeconds})`,
      )
    : passed('start-time', `listens after ${taken}`);
}

interface Rest {
  readonly timeToListenMs?: number;
  readonly logTail?: readonly string[];
}

function conclude(checks: readonly Check[], { timeToListenMs, logTail = [] }: Rest = {}): Verification {
  const results = checks.map(({ result }) => result);
  if (results.includes('failed')) return { status: 'failed', checks, timeToListenMs, logTail };
  return { status: results.includes('warned') ? 'warned' : 'passed', checks, timeToListenMs, logTail };
}
