import { isCrash, isLocation, type Closing } from './closing.ts';
import { findPythonTraceback, leaveOutForeignLines } from './traceback.ts';
import { readStatements, type Statement } from './statements.ts';

/**
 * The lines that tell why a process ended: those of the crash that ended it, else what it said last. Without lines
 * where that is not sure, as where more was said after an error with a stack.
 */
export function readCause({ lines }: Closing, exitCode: number): Closing {
  const statements = readStatements(leaveOutForeignLines(lines));
  const cause = findUncaught(statements, exitCode) ?? findLast(statements);
  const shown = cause === -1 ? [] : [...introduce(statements, cause), ...(statements[cause] ?? [])];
  return { lines: shown, text: shown.join('\n') };
}

/** The place of the crash that surely ended the process, whatever stands after it: other output can be late. */
function findUncaught(statements: readonly Statement[], exitCode: number): number | undefined {
  const found = statements.findLastIndex(isUncaught);
  if (found !== -1) return found;
  return findPythonTraceback(
    statements.map((statement) => (isFarewell(statement) ? [] : statement)),
    exitCode,
  );
}

function isUncaught([first = '', second = '']: Statement): boolean {
  return (
    /^(panic: |fatal error: |thread 'main' panicked|Exception in thread "main"|Unhandled exception\b)/.test(
      first,
    ) ||
    /\bUncaught [\w\\]*(Error|Exception)\b/.test(first) ||
    (isLocation(first) && second !== '')
  );
}

/** The place of the last statement; -1 where it only informs or warns, or an error with a stack stands before it. */
function findLast(statements: readonly Statement[]): number {
  const last = statements.findLastIndex((statement) => !isFarewell(statement));
  const isInformation = isRemark(statements[last]?.[0] ?? '');
  return isInformation || statements.slice(0, Math.max(last, 0)).some(hasStack) ? -1 : last;
}

function hasStack(statement: Statement): boolean {
  return statement.some((line) => /^\s+(at |from |File ")|^#\d+ |^goroutine \d|Traceback \(most/.test(line));
}

function isRemark(line: string): boolean {
  return (
    /^\W*(info|warn(ing)?|debug|notice|trace)\b/i.test(line) ||
    /\b(INFO|WARN|WARNING|DEBUG|NOTICE|DeprecationWarning|UserWarning)\b/.test(line) ||
    /"?level"?\s*[:=]\s*"?(info|warn|debug|trace|[1-4]0\b)/i.test(line)
  );
}

/** True for what says that the process ends, or what to do next, and not why. */
function isFarewell(statement: Statement): boolean {
  return statement.every((line) => {
    const words = line.replace(logPrefix, '').trim();
    return words === '' || farewells.some((form) => form.test(words));
  });
}

/** A time, a process, a level. */
const logPrefix = /^(\s*(\[[^\]]*\]|\d[\d:.,TZ+/-]*(?!\S)|(INFO|ERROR|FATAL|CRITICAL|WARN(ING)?)\b:?))*\s*/i;

const subject = '((the|this) )?(server|process|worker|service|application|app|program|master)';
const ends =
  '(exit(s|ing|ed)?|shut(s|ting)? down|stop(s|ping|ped)|terminat(es|ing|ed)|abort(s|ing|ed)?|giv(es|ing) up|quit(s|ting)?)';

const farewells = [
  new RegExp(
    `^(${subject} )?((\\(pid:? ?\\d+\\)|is|has|was|will|now) )*${ends}( now)?(:? ${subject})?( with( error| exit)? (code|status):? \\d+)?( \\(\\w+:? \\d+\\))?[.!…]*$`,
    'i',
  ),
  /^exit (status|code):? \d+$/i,
  /^Reason: Worker failed to boot\.$|^\S*HaltServer: /,
  /^(((server|application|app|service) )?start(up)? failed|failed to start( (the )?(server|application|app|service))?)[.!:]*( exiting\.?)?$/i,
  /^(please|make sure|check|see|hint:|set (it|them)|info Visit https:\/\/yarnpkg)\b/i,
];

/** Lines in the same words before what was said last, and what an error without names of env vars sums up. */
function introduce(statements: readonly Statement[], place: number): readonly string[] {
  const cause = statements[place] ?? [];
  const before = statements[place - 1] ?? [];
  const message = cause.find(isCrash) ?? '';
  if (/\b(invalid|missing)\b.*\benv/i.test(message) && !/[A-Z]{2,}_|[A-Z]{3,}/.test(message)) return before;
  if (cause.length > 1) return [];
  const words = leaveOutNames(cause);
  const start = statements.slice(0, place).findLastIndex((each) => leaveOutNames(each) !== words);
  return statements.slice(start + 1, place).flat();
}

function leaveOutNames(statement: Statement): string {
  return statement.join('\n').replace(/[A-Z][A-Z0-9_]{2,}|\d+/g, '');
}
