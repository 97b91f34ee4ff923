import { adviceFor } from '../../diagnosis/advice.ts';
import { ProjectError } from '../../errors.ts';
import type { CheckInputs } from '../../inputs.ts';
import type { Built, Image } from '../build/build.ts';
import type { Project } from '../project/project.ts';
import { MissingFrameworkError } from '../serve/function-runtime.ts';
import {
  awaitReady,
  describeFailure,
  platformWindowMs,
  type Readiness,
  type ReadyRequest,
} from '../serve/ready.ts';
import {
  listPlatformEnv,
  memoryOf,
  serve,
  type Served,
  type ServePorts,
  type ServeRequest,
} from '../serve/serve.ts';
import {
  checkAgent,
  checkAnswers,
  checkBurst,
  checkEventStream,
  checkSecrets,
  checkWebSocket,
  type Asked,
} from './answers.ts';
import {
  checkNames,
  failed,
  passed,
  skipped,
  warned,
  type Check,
  type CheckName,
  type Verification,
} from './check.ts';
import { checkFiles, checkImageSize, checkMemory, checkShutdown, checkUser } from './traces.ts';

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
  if (image !== undefined && image.facts.architecture !== 'amd64') return refuteArchitecture(image);
  const canaries = canariesOf(request.stepLabel);
  const env = { ...request.env, CLOUDBASE_RUN_CANARY: canaries.env };
  const served = await start(project, { ...request, env, built }, ports);
  if (!('url' in served)) return served;
  try {
    return await checkServed(served, { project, request, image, platformEnv, canaries }, ports);
  } finally {
    await served.remove();
  }
}

/** Two values that nobody else knows. */
function canariesOf(stepLabel: string): Asked['canaries'] {
  return { env: `canary-env-${stepLabel}`, header: `canary-header-${stepLabel}` };
}

/** A program that cannot be started at all is a failed check, too. */
async function start(
  project: Project,
  { built, ...request }: VerifyRequest & { readonly built: Exclude<Built, { kind: 'skipped' }> },
  ports: ServePorts,
): Promise<Served | Verification> {
  try {
    return await serve(project, { built, request: { ...request, hostPort: undefined } }, ports);
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error;
    if (error instanceof MissingFrameworkError) {
      if (request.verify === 'true') throw error;
      return { status: 'skipped', reason: 'the functions framework cannot be installed here' };
    }
    if (error.finding === undefined) throw error;
    const { kind, finding: detail, advice = '', logTail } = error;
    return refute([failed('starts', { kind, detail, advice })], logTail);
  }
}

function refuteArchitecture({ facts }: Image): Verification {
  const detail = `has an image for ${facts.os}/${facts.architecture}, and the platform runs linux/amd64`;
  const advice = adviceFor.architecture ?? '';
  return refute([failed('architecture', { kind: 'architecture', detail, advice })], []);
}

function refute(checks: readonly Check[], logTail: readonly string[]): Verification {
  return { status: 'failed', checks: withSkipped(checks, notUp), timeToListenMs: undefined, logTail };
}

const notUp = 'the service did not come up';

/** Every other row of the table, with the reason why it was not looked at. */
function withSkipped(checks: readonly Check[], reason: string): Check[] {
  const isOptional = (name: CheckName): boolean =>
    ['event-stream', 'websocket', 'agent', 'burst'].includes(name);
  const missing = checkNames.filter(
    (name) => !isOptional(name) && !checks.some((check) => check.name === name),
  );
  const rows = [...checks, ...missing.map((name) => skipped(name, reason))];
  return rows.sort((left, right) => checkNames.indexOf(left.name) - checkNames.indexOf(right.name));
}

interface Surroundings {
  readonly project: Project;
  readonly request: VerifyRequest;
  readonly image: Image | undefined;
  readonly platformEnv: readonly string[];
  readonly canaries: Asked['canaries'];
}

/** A service that ends so soon after its last answer does not keep running. */
const settleMs = 250;

async function checkServed(served: Served, around: Surroundings, ports: ServePorts): Promise<Verification> {
  const { project, request, image, platformEnv, canaries } = around;
  const known: Omit<ReadyRequest, 'windowMs'> = { platformEnv, architecture: image?.facts.architecture };
  const delay = initialDelayOf(request);
  const windowMs = platformWindowMs(delay);
  const readiness = await awaitReady(served, { ...known, windowMs }, ports);
  const still = image === undefined ? [] : await lookAtImage(image, ports);
  if (readiness.status === 'unreachable') {
    const rows = [passed('starts', 'the process keeps running'), ...still];
    return conclude(withSkipped(rows, readiness.reason), undefined, []);
  }
  if (readiness.status === 'failed') return describeStart(readiness, still);
  const asked: Asked = {
    url: served.url,
    paths: pathsOf(project, request.checks),
    checks: request.checks,
    canaries,
  };
  const answers = await ask(asked, project, ports);
  await ports.clock.sleep(settleMs);
  const state = await served.readState();
  if (state.exitCode !== undefined)
    return describeStart(await describeFailure(served, state, { ...known, hasListened: true }), still);
  const { timeToListenMs } = readiness;
  const rows = [
    passed('starts', 'the process keeps running'),
    passed('listens', `on port ${served.port} of every interface`),
    checkStartTime(timeToListenMs, delay),
    ...answers,
    await checkMemory(served, memoryOf(request)),
    await checkFiles(served),
    ...still,
    await checkShutdown(served),
  ];
  const checks = withSkipped(rows, 'functions run in an image of the platform');
  return conclude(checks, timeToListenMs, await served.readLog(20));
}

function initialDelayOf({ settings, live }: VerifyRequest): number {
  const known = Number(live?.service?.settings['InitialDelaySeconds'] ?? 0);
  return settings.InitialDelaySeconds ?? (known > 0 ? known : 0);
}

async function lookAtImage(image: Image, { docker }: ServePorts): Promise<Check[]> {
  return [
    passed('architecture', `${image.facts.os}/${image.facts.architecture}`),
    checkUser(image),
    await checkImageSize(image, docker),
  ];
}

/** A start that fails for a reason of this machine alone proves nothing against the service. */
function describeStart(
  { diagnosis, logTail }: Extract<Readiness, { readonly status: 'failed' }>,
  still: readonly Check[],
): Verification {
  const { kind, finding, isOnlyHere, advice } = diagnosis;
  if (isOnlyHere) {
    const checks = withSkipped([warned('starts', finding), ...still], notUp);
    return { status: 'warned', checks, timeToListenMs: undefined };
  }
  const name =
    kind === 'wrong-port' || kind === 'loopback-bind' || kind === 'slow-start' ? 'listens' : 'starts';
  const row = failed(name, { kind, detail: finding, advice: advice ?? adviceFor[kind] ?? '' });
  const runs = name === 'listens' ? [passed('starts', 'the process runs')] : [];
  return refute([...runs, row, ...still], logTail);
}

/** The framework answers its health path itself; what the functions answer shows on their own paths. */
function pathsOf(project: Project, { path, isPathGiven }: CheckInputs): readonly string[] {
  return project.kind === 'function' && !isPathGiven ? project.routes : [path];
}

async function ask(asked: Asked, project: Project, ports: ServePorts): Promise<Check[]> {
  return [
    ...(await checkAnswers(asked, ports)),
    ...(await checkSecrets(asked, ports)),
    ...(await checkEventStream(asked, ports)),
    ...(await checkWebSocket(asked, ports)),
    ...(await checkAgent(asked, project.mode === 'agent', ports)),
    ...(await checkBurst(asked, ports)),
  ];
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

function conclude(
  checks: readonly Check[],
  timeToListenMs: number | undefined,
  logTail: readonly string[],
): Verification {
  const results = checks.map(({ result }) => result);
  if (results.includes('failed')) return { status: 'failed', checks, timeToListenMs, logTail };
  return { status: results.includes('warned') ? 'warned' : 'passed', checks, timeToListenMs };
}
