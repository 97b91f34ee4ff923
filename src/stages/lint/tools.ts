import type { Docker } from '../../docker-port.ts';
import { MissingProgramError, ProjectError } from '../../errors.ts';
import { parseBuildKitChecks } from '../../lint/dockerfile/buildkit.ts';
import { parseHadolint } from '../../lint/dockerfile/hadolint.ts';
import type { Finding } from '../../lint/finding.ts';
import type { Exec, Finished } from '../../process-port.ts';

const hadolintLimitMs = 60_000;

/** A Dockerfile for the tools that lint Dockerfiles. Paths are absolute. */
export interface ToolsRequest {
  readonly dockerfile: string;
  /** The folder that the build sees. */
  readonly context: string;
  /** The name that the findings carry. */
  readonly file: string;
  /** Where hadolint runs, and so looks for its `.hadolint.yaml`; the context by default. */
  readonly folder?: string;
}

/** What the tools found; `notes` say in whole sentences what was left out, and why. */
export interface ToolsResult {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

interface ToolsPorts {
  readonly docker: Pick<Docker, 'check'>;
  readonly exec: Pick<Exec, 'capture'>;
}

/**
 * Runs BuildKit's checks and hadolint, where they are there; both honour their own comments and settings. What they do
 * not do is a note, never a failure.
 */
export async function runTools(request: ToolsRequest, { docker, exec }: ToolsPorts): Promise<ToolsResult> {
  const results = await Promise.all([runBuildKit(request, docker), runHadolint(request, exec)]);
  return {
    findings: results.flatMap(({ findings }) => findings),
    notes: results.flatMap(({ notes }) => notes),
  };
}

async function runBuildKit(request: ToolsRequest, docker: ToolsPorts['docker']): Promise<ToolsResult> {
  const leftOut = (why: string): ToolsResult => leaveOut("BuildKit's checks were", why);
  const finished = await attempt(() => docker.check(buildCheckArgs(request)));
  if (finished instanceof MissingProgramError) return leftOut('there is no docker command on this machine');
  if (finished instanceof ProjectError) return leftOut('the docker command cannot be started');
  const checks = parseBuildKitChecks(finished.stdout, request.file);
  if (checks === undefined) return leftOut(explain(finished));
  const { findings, note } = checks;
  return {
    findings,
    notes: note === undefined ? [] : leaveOut("Some of BuildKit's checks were", note).notes,
  };
}

/** The argv of `docker` for the checks, of the same image that `build` would make. */
export function buildCheckArgs({
  dockerfile,
  context,
}: Pick<ToolsRequest, 'dockerfile' | 'context'>): string[] {
  return [
    ...['buildx', 'build', '--call=check,format=json', '--progress', 'plain', '--platform', 'linux/amd64'],
    ...['--file', dockerfile, context],
  ];
}

/** The builder prints lines of the Dockerfile too, which can hold secrets: only what is known is told. */
function explain({ exitCode, lines }: Finished): string {
  const said = lines.join('\n');
  if (exitCode === 124) return 'they took too long';
  if (/unknown flag|unknown shorthand flag|not a docker command|unknown command/.test(said))
    return 'this docker command does not know them';
  if (/cannot connect to the docker daemon|is the docker daemon running|error during connect/i.test(said))
    return 'no Docker engine answers';
  if (/unsupported subrequest|unknown (request|subrequest)|no support for/i.test(said))
    return "the engine's BuildKit does not know them";
  if (/failed to resolve source metadata|failed to do request|i\/o timeout|connection refused/i.test(said))
    return 'a registry refuses or does not answer';
  return `docker buildx build ended with exit code ${exitCode}`;
}

async function runHadolint(request: ToolsRequest, exec: ToolsPorts['exec']): Promise<ToolsResult> {
  const { dockerfile, context, file, folder: cwd = context } = request;
  const args = buildHadolintArgs(dockerfile);
  const finished = await attempt(() =>
    exec.capture({ file: 'hadolint', args, cwd, timeoutMs: hadolintLimitMs }),
  );
  if (finished instanceof MissingProgramError) return { findings: [], notes: [] };
  if (finished instanceof ProjectError) return leaveOut('hadolint was', 'it cannot be started');
  const findings = parseHadolint(finished.stdout, file);
  if (findings !== undefined) return { findings, notes: [] };
  const { exitCode } = finished;
  return leaveOut(
    'hadolint was',
    exitCode === 124 ? 'it took too long' : `it printed no JSON list (exit code ${exitCode})`,
  );
}

/** The argv of `hadolint`. */
export function buildHadolintArgs(dockerfile: string): string[] {
  return ['--no-color', '--no-fail', '--format', 'json', dockerfile];
}

function leaveOut(what: string, why: string): ToolsResult {
  return { findings: [], notes: [`${what} left out: ${why}.`] };
}

/** What a program that cannot be started throws is a value here; an aborted run still throws. */
async function attempt(run: () => Promise<Finished>): Promise<Finished | ProjectError> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ProjectError) return error;
    throw error;
  }
}
