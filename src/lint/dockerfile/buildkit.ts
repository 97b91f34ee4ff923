import { asSentence, countOf, entriesOf, listOf, textOf, withoutQuotes } from './tool-answer.ts';
import type { Finding } from '../finding.ts';
import { parseJson } from '../json.ts';

/** What BuildKit's checks said; `note` is a failure that is none of the Dockerfile's, as a part of a sentence. */
export interface BuildKitChecks {
  readonly findings: readonly Finding[];
  readonly note?: string;
}

const overview = 'https://docs.docker.com/reference/build-checks/';

/** What to do about each check of BuildKit, by its name. */
export const buildKitFixes: Readonly<Record<string, string>> = {
  ConsistentInstructionCasing: 'Write every instruction in upper-case letters.',
  CopyIgnoredFile: 'Remove the file from .dockerignore, or do not copy it.',
  DuplicateStageName: 'Give every stage a name of its own.',
  ExposeInvalidFormat: 'Write the port of the container alone.',
  ExposeProtoCasing: 'Write the protocol in lower-case letters.',
  FromAsCasing: 'Write FROM and AS both in upper-case letters.',
  FromPlatformFlagConstDisallowed: 'Remove --platform, or write a variable such as $BUILDPLATFORM.',
  InvalidBaseImagePlatform: 'Use a base image that is built for linux/amd64.',
  InvalidDefaultArgInFrom: 'Give the ARG a default that makes a valid image name.',
  InvalidDefinitionDescription:
    'Begin the comment with the name of the stage or ARG, or put an empty line after it.',
  JSONArgsRecommended: 'Write the command as a JSON list: ["program", "argument"].',
  LegacyKeyValueFormat: 'Write the pair as NAME=value.',
  MaintainerDeprecated: 'Write LABEL org.opencontainers.image.authors="name" in its place.',
  MultipleInstructionsDisallowed: 'Remove all but the last of these instructions in the stage.',
  NoEmptyContinuation: 'Remove the empty line, or the backslash before it.',
  RedundantTargetPlatform: 'Remove --platform=$TARGETPLATFORM.',
  ReservedStageName: 'Give the stage another name than "scratch" or "context".',
  SecretsUsedInArgOrEnv: 'Pass the secret at run time, or with RUN --mount=type=secret while building.',
  StageNameCasing: 'Write the name of the stage in lower-case letters.',
  UndefinedArgInFrom: 'Declare the variable with ARG before FROM.',
  UndefinedVar: 'Declare the variable with ARG or ENV before it is used, or correct its name.',
  WorkdirRelativePath: 'Begin the path of WORKDIR with "/".',
};

/**
 * Reads what `docker buildx build --call=check,format=json` prints; undefined where it is no such JSON. Checks are
 * warnings, what stops the build is the error `BuildError`.
 */
export function parseBuildKitChecks(stdout: string, file: string): BuildKitChecks | undefined {
  const answer = parseJson(stdout);
  const { warnings, sources, buildError } = entriesOf(answer);
  if (warnings === undefined && sources === undefined && buildError === undefined) return undefined;
  const names = listOf(sources).map(({ filename }) => textOf(filename));
  const findings = listOf(warnings).map((warning) => parseWarning(warning, names, file));
  if (buildError === undefined || buildError === null) return { findings };
  return addBuildError(entriesOf(buildError), findings, file);
}

type Entries = Readonly<Record<string, unknown>>;

function parseWarning(warning: Entries, names: readonly string[], file: string): Finding {
  const rule = textOf(warning['ruleName']) || 'Check';
  const description = textOf(warning['description']);
  const detail = textOf(warning['detail']) || description || rule;
  const known = Object.hasOwn(buildKitFixes, rule) ? buildKitFixes[rule] : undefined;
  return {
    severity: 'warning',
    tool: 'buildkit',
    rule,
    message: asSentence(detail),
    fix: known ?? asSentence(description || `See what BuildKit says of ${rule}`),
    url: textOf(warning['url']) || overview,
    at: placeOf(warning['location'], names, file),
  };
}

/** BuildKit knows lines, and only now and then columns, which count from 0; other sources than the Dockerfile have no place. */
function placeOf(location: unknown, names: readonly string[], file: string): Finding['at'] {
  const { sourceIndex = 0, ranges } = entriesOf(location);
  const isDockerfile =
    sourceIndex === 0 || (names[0] !== undefined && names[Number(sourceIndex)] === names[0]);
  const [first] = isDockerfile ? listOf(ranges) : [];
  if (first === undefined) return { file, line: 1, column: 1 };
  const last = listOf(ranges).at(-1) ?? first;
  const start = entriesOf(first['start']);
  const line = countOf(start['line']);
  const column = countOf(Number(start['character'] ?? 0) + 1);
  const endLine = Math.max(line, countOf(entriesOf(last['end'])['line']));
  return { file, line, column, ...(endLine === line ? {} : { endLine, endColumn: 1 }) };
}

const registryTrouble =
  /failed to resolve source metadata|failed to do request|failed to fetch|failed to authorize|pull access denied|deadline exceeded|context canceled|rpc error|i\/o timeout|connection refused/i;
const wholeFile = /cannot be empty|no instructions|no build stage|no stages/;

function addBuildError(
  { message, location }: Entries,
  findings: readonly Finding[],
  file: string,
): BuildKitChecks {
  const said = textOf(message);
  if (registryTrouble.test(said))
    return { findings, note: 'the registry of an image refuses or does not answer' };
  const isPlaced = listOf(entriesOf(location)['ranges']).length > 0;
  if (!isPlaced && !wholeFile.test(said)) return { findings, note: 'the builder stopped for another reason' };
  const error: Finding = {
    severity: 'error',
    tool: 'buildkit',
    rule: 'BuildError',
    message: describeError(said.replace(/^dockerfile parse error on line \d+: /, '')),
    fix: 'Correct the instruction as the Dockerfile reference has it.',
    url: 'https://docs.docker.com/reference/dockerfile/',
    at: placeOf(location, [], file),
  };
  return { findings: [...findings, error] };
}

/** The builder quotes the words that it could not read, and these can be values of env vars. */
const withoutValues: readonly (readonly [RegExp, string])[] = [
  [/can't find = in/, 'A word of the instruction has no "=".'],
  [/looking for matching single-quote/, 'A single quote is opened and not closed.'],
  [/looking for matching double-quote/, 'A double quote is opened and not closed.'],
  [/unsupported modifier/, 'A variable is written with a modifier that Dockerfiles do not know.'],
  [/^failed to process /, 'A variable of the instruction cannot be replaced.'],
  [/^unknown instruction: (?![A-Za-z]{1,15}( |$))/, 'The line begins with no instruction.'],
];

function describeError(said: string): string {
  return withoutValues.find(([pattern]) => pattern.test(said))?.[1] ?? asSentence(withoutQuotes(said));
}
