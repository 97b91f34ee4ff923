import { isCrash, isLocation } from './closing.ts';

/** What a process said at once: a line, with the stack, the causes or the list that belong to it. */
export type Statement = readonly string[];

/** Takes the lines of a log apart into statements. */
export function readStatements(lines: readonly string[]): readonly Statement[] {
  const statements: string[][] = [];
  let isCut = true;
  for (const line of lines) {
    if (/^[=*_#-]{5,}$/.test(line)) {
      isCut = true;
      continue;
    }
    if (/^\s+at /.test(line)) joinMessage(statements);
    const last = statements.at(-1);
    if (isCut || last === undefined || !continues(line, last)) statements.push([line]);
    else last.push(line);
    isCut = false;
  }
  return statements;
}

/** The message of an error of JavaScript can have many lines, before its stack. */
function joinMessage(statements: string[][]): void {
  const head = statements.findLastIndex((statement) => statement.some(isCrash));
  const message = statements.slice(head + 1);
  if (head === -1 || message.length > 10 || message.some(isOwn)) return;
  if (statements[head]?.some((line) => /^\s+at /.test(line)) ?? true) return;
  statements.splice(head + 1);
  statements[head]?.push(...message.flat());
}

/** True for what surely is no part of a message: an error of a name of its own, a crash, a line of a logger. */
function isOwn([first = '']: Statement): boolean {
  return isLocation(first) || /^([\w$.]+: |\[|\d{4}|\{)/.test(first);
}

function continues(line: string, statement: Statement): boolean {
  const previous = statement.at(-1) ?? '';
  if (isLocation(line) || traceback.test(line)) return chain.test(previous);
  if (isLocation(previous) || /^thread '/.test(previous)) return true;
  if (continued.some((form) => form.test(line))) return true;
  const head = statement[0] ?? '';
  if (traceback.test(head) && isOpen(statement) && isException(line)) return true;
  if (isCrash(line)) return false;
  if (/[:[{(]$/.test(previous) || statement.some((each) => /^goroutine \d/.test(each))) return true;
  const text = statement.join('\n');
  return (
    (/OperationalError/.test(text) && ofDatabase.test(line)) ||
    (/validation errors? for /.test(text) && /^[A-Za-z_][\w.]*$/.test(line))
  );
}

/** The first line of a traceback of Python. */
export const traceback = /Traceback \(most recent call last\):$/;
/** What stands in Python between an exception and the one that it led to. */
export const chain = /^(The above exception was|During handling of the above) /;
const ofDatabase = /^(connection to server at "|\(Background on this error|Multiple connection attempts)/;

/** True where the exception of the last traceback is still to come. */
function isOpen(statement: Statement): boolean {
  return !statement.slice(statement.findLastIndex((line) => traceback.test(line)) + 1).some(isException);
}

/** A line that a traceback of Python ends with. */
export function isException(line: string): boolean {
  return /^([a-z_]\w*\.)*[A-Z]\w*(: .*)?$/.test(line);
}

const continued = [
  /^[\s)}\]^]/,
  /^(- |#\d+ |\d+: 0x)/,
  /^(Caused by|Suppressed): |^(Require stack|Stack trace|stack backtrace):$|^Emitted '|^goroutine \d|^note: run with|^\[signal /,
  chain,
  /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/,
];
