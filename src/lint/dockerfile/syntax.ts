import { DockerfileParser } from 'dockerfile-ast';
import { validate, ValidationCode } from 'dockerfile-utils';

import type { Finding } from '../finding.ts';
import { judgeSyntax, type SyntaxProblem } from './syntax-doubts.ts';
import { syntaxRules, type SyntaxCode } from './syntax-rules.ts';
import { asSentence, withoutQuotes } from './tool-answer.ts';

const maxLines = 2_000;
const maxLength = 250_000;

const reference = 'https://docs.docker.com/reference/dockerfile/';

/**
 * Checks the syntax and the general rules of a Dockerfile with dockerfile-utils, which needs nothing but the text. What
 * the Docker builder takes all the same is at most a warning. `file` is the name that findings carry.
 */
export function lintSyntax(text: string, file: string): Finding[] {
  if (isTooLong(text)) return [tooLong(file)];
  const judged = judgeSyntax(text, DockerfileParser.parse(text), listProblems(text));
  return unique(judged.map(({ problem, severity }) => ({ severity, ...describe(problem, file) })));
}

/** True where dockerfile-utils would take seconds or more: its time grows with the square of the lines. */
export function isTooLong(text: string): boolean {
  return text.length > maxLength || text.split('\n', maxLines + 2).length > maxLines + 1;
}

function tooLong(file: string): Finding {
  return {
    severity: 'info',
    tool: 'dockerfile-utils',
    rule: 'TOO_LONG',
    message: `The Dockerfile has more than ${maxLines} lines or ${maxLength} characters, so its syntax was not checked.`,
    fix: 'Move long scripts into files of their own and copy them into the image.',
    url: reference,
    at: { file, line: 1, column: 1 },
  };
}

function listProblems(text: string): SyntaxProblem[] {
  return validate(text).flatMap(({ code, message, range, severity }) => {
    const name = typeof code === 'number' ? ValidationCode[code] : undefined;
    if (!isKnown(name)) return [];
    const said = typeof message === 'string' ? message : message.value;
    return [{ code: name, said, range, isError: severity === 1 }];
  });
}

function isKnown(name: string | undefined): name is SyntaxCode {
  return name !== undefined && Object.hasOwn(syntaxRules, name);
}

function describe({ code, said, range }: SyntaxProblem, file: string): Omit<Finding, 'severity'> {
  const { fix, part, message } = syntaxRules[code];
  return {
    tool: 'dockerfile-utils',
    rule: code,
    message: asSentence(message ?? withoutOddWords(said)),
    fix,
    url: part === undefined ? reference : `${reference}#${part}`,
    at: {
      file,
      line: range.start.line + 1,
      column: range.start.character + 1,
      endLine: range.end.line + 1,
      endColumn: range.end.character + 1,
    },
  };
}

/** A line that was torn off its instruction can begin with anything, also with a part of a secret. */
function withoutOddWords(said: string): string {
  const isOdd = /^Unknown instruction: (?![A-Z]{1,15}$)/.test(said);
  return isOdd ? 'The line begins with no instruction' : withoutQuotes(said);
}

/** The same is said only once of a line. */
function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Map(findings.toReversed().map((found) => [keyOf(found), found]));
  return findings.filter((found) => seen.get(keyOf(found)) === found);
}

function keyOf({ rule, message, at }: Finding): string {
  return `${at.line} ${rule} ${message}`;
}
