import { From, Workdir, type Dockerfile, type Instruction } from 'dockerfile-ast';

import type { SyntaxCode } from './syntax-rules.ts';
import type { Severity } from '../finding.ts';

interface Point {
  readonly line: number;
  readonly character: number;
}

/** What dockerfile-utils found; lines and characters count from 0. */
export interface SyntaxProblem {
  readonly code: SyntaxCode;
  readonly said: string;
  readonly range: { readonly start: Point; readonly end: Point };
  readonly isError: boolean;
}

interface Place {
  readonly instruction: Instruction;
  readonly firstLine: number;
  readonly lastLine: number;
}

interface Surroundings {
  readonly lines: readonly string[];
  readonly places: readonly Place[];
  readonly escape: string;
  readonly problems: readonly SyntaxProblem[];
  /** The frontend of a `# syntax=` directive; empty where there is none. */
  readonly frontend: string;
  readonly isLowerCase: boolean;
}

type Doubt = (problem: SyntaxProblem, surroundings: Surroundings) => Severity | undefined;

/**
 * How bad the problems are that dockerfile-utils found in a Dockerfile: an error is only what stops the build, and what
 * the Docker builder takes without a word has no severity at all.
 */
export function judgeSyntax(
  text: string,
  dockerfile: Dockerfile,
  problems: readonly SyntaxProblem[],
): { readonly problem: SyntaxProblem; readonly severity: Severity }[] {
  const surroundings = survey(text, dockerfile, problems);
  return problems.flatMap((problem) => {
    const severity = (doubts[problem.code] ?? judgeUsually)(problem, surroundings);
    return severity === undefined ? [] : [{ problem, severity: soften(severity, surroundings) }];
  });
}

function survey(text: string, dockerfile: Dockerfile, problems: readonly SyntaxProblem[]): Surroundings {
  const places = dockerfile.getInstructions().map((instruction) => {
    const { start, end } = instruction.getRange();
    return { instruction, firstLine: start.line, lastLine: end.line };
  });
  const syntax = dockerfile
    .getDirectives()
    .find((directive) => directive.getName().toLowerCase() === 'syntax');
  return {
    lines: text.split(/\r\n|\r|\n/),
    places,
    escape: dockerfile.getEscapeCharacter(),
    problems,
    frontend: syntax?.getValue() ?? '',
    isLowerCase: places.every(({ instruction }) => /^[^A-Z]*$/.test(instruction.getInstruction())),
  };
}

/** Another frontend has a language of its own. */
function soften(severity: Severity, { frontend }: Surroundings): Severity {
  const isForeign = frontend !== '' && !/(^|\/)docker\/dockerfile(-upstream)?(:|@|$)/.test(frontend);
  return severity === 'error' && isForeign ? 'warning' : severity;
}

const judgeUsually: Doubt = ({ isError }) => (isError ? 'error' : 'warning');

/** Newer frontends know newer flags. */
const judgeFlag: Doubt = ({ said }, { frontend }) => {
  if (said.endsWith(': unpack')) return undefined;
  return frontend === '' ? 'error' : 'warning';
};

const judgeQuotes: Doubt = ({ range }, { lines, escape }) =>
  isClosed(cut(lines, range.start, range.end), escape) ? undefined : 'error';

const doubts: Readonly<Partial<Record<SyntaxCode, Doubt>>> = {
  CASING_INSTRUCTION: (_, { isLowerCase }) => (isLowerCase ? undefined : 'info'),
  CASING_DIRECTIVE: () => 'info',
  DEPRECATED_MAINTAINER: () => 'info',
  FLAG_AT_LEAST_ONE: () => 'warning',
  FLAG_LESS_THAN_1MS: () => 'warning',
  UNKNOWN_ADD_FLAG: judgeFlag,
  UNKNOWN_COPY_FLAG: judgeFlag,
  UNKNOWN_FROM_FLAG: judgeFlag,
  UNKNOWN_HEALTHCHECK_FLAG: judgeFlag,
  SYNTAX_MISSING_SINGLE_QUOTE: judgeQuotes,
  SYNTAX_MISSING_DOUBLE_QUOTE: judgeQuotes,
  ARGUMENT_MISSING: ({ range }, { lines }) =>
    /^entrypoint$/i.test(cut(lines, range.start, range.end)) ? 'warning' : 'error',
  DUPLICATE_BUILD_STAGE_NAME: (problem, { problems }) =>
    problems.find(({ code, said }) => code === problem.code && said === problem.said) === problem
      ? undefined
      : 'warning',
  FLAG_INVALID_FROM_VALUE: ({ said }) => (said.startsWith('invalid from flag value :') ? 'warning' : 'error'),
  INVALID_DESTINATION: ({ range }, { lines }) =>
    /(^|\/)\.{1,2}$/.test(withoutQuotes(cut(lines, range.start, range.end))) ? undefined : 'warning',
  INVALID_PORT: ({ range }, { lines }) => {
    const port = withoutQuotes(cut(lines, range.start, range.end));
    if (port.includes('$') || /^\d+(\/\w+)?$/.test(port)) return undefined;
    return port.includes(':') ? 'warning' : 'error';
  },
  // The builder knows many names, also without SIG.
  INVALID_SIGNAL: ({ range }, { lines }) => {
    const signal = cut(lines, range.start, range.end);
    if (/^(ABRT|ALRM|HUP|INT|KILL|QUIT|TERM|USR[12]|WINCH)$/i.test(signal)) return undefined;
    return /^[a-z]/i.test(signal) ? 'warning' : 'error';
  },
  // What has no FROM is hardly a Dockerfile, so one of its words is enough.
  UNKNOWN_INSTRUCTION: (problem, { places, problems }) =>
    places.some(({ instruction }) => instruction instanceof From) ||
    problems.find(({ code }) => code === problem.code) === problem
      ? 'error'
      : undefined,
  UNSUPPORTED_MODIFIER: (problem, surroundings) => (isExpanded(problem, surroundings) ? 'error' : undefined),
  WORKDIR_IS_NOT_ABSOLUTE: ({ range }, { places }) =>
    hasWorkdirBefore(range.start.line, places) ? undefined : 'warning',
};

/** The builder does not look at the variables of shell commands, of quoted text and of here-documents. */
function isExpanded({ range }: SyntaxProblem, { lines, places }: Surroundings): boolean {
  const place = places.findLast(({ firstLine }) => firstLine <= range.start.line);
  if (place === undefined) return true;
  const before = cut(lines, { line: place.firstLine, character: 0 }, range.start);
  if (before.includes('<<') && range.start.line > place.firstLine) return false;
  if ((before.split("'").length - 1) % 2 === 1) return false;
  return !['HEALTHCHECK', 'ONBUILD', 'SHELL'].includes(place.instruction.getKeyword());
}

function hasWorkdirBefore(line: number, places: readonly Place[]): boolean {
  const before = places.filter(({ firstLine }) => firstLine < line);
  const stage = before.slice(before.findLastIndex(({ instruction }) => instruction instanceof From) + 1);
  return stage.some(
    ({ instruction }) =>
      instruction instanceof Workdir && /^["']?[/$]/.test(instruction.getArgumentsContent() ?? ''),
  );
}

/** The text between two places. */
function cut(lines: readonly string[], start: Point, end: Point): string {
  if (start.line === end.line) return (lines[start.line] ?? '').slice(start.character, end.character);
  const middle = lines.slice(start.line + 1, end.line);
  const last = (lines[end.line] ?? '').slice(0, end.character);
  return [(lines[start.line] ?? '').slice(start.character), ...middle, last].join('\n');
}

function withoutQuotes(text: string): string {
  return text.replaceAll(/^["']|["']$/g, '');
}

/** True where every quote that is opened is closed. */
function isClosed(text: string, escape: string): boolean {
  let open = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === escape && open !== "'") at++;
    else if (open === character) open = '';
    else if (open === '' && (character === '"' || character === "'")) open = character;
  }
  return open === '';
}
