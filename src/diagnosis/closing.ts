/** The end of a log: what the process said last, from the crash that ended it. */
export interface Closing {
  readonly lines: readonly string[];
  readonly text: string;
}

const maxLineLength = 2000;
/** What is written to stdout can come after the crash on stderr, and servers sum up what their workers said. */
const plainLineCount = 20;

/** Reads what a process said at its end; an error before another crash does not count, the process survived it. */
export function readClosing(log: readonly string[]): Closing {
  const lines = leaveOutSource(log.flatMap((entry) => entry.split('\n')).map(clean)).filter(
    (line) => line !== '' && !runnerLine.test(line),
  );
  const start = Math.max(findSurvived(lines) + 1, findPlain(lines, plainLineCount));
  const closing = lines.slice(start);
  return { lines: closing, text: closing.join('\n') };
}

/** What package runners and Node.js add to any crash. */
const runnerLine =
  /^(npm (ERR!|error|notice)(?!.*(Missing script|Could not read package))|error Command failed|\s*ELIFECYCLE|Node\.js v\d)/;

function clean(line: string): string {
  return line.replace(ansi, '').trimEnd().slice(0, maxLineLength);
}

const ansi = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

/** Node.js shows the source line of a crash (`/app/server.js:4`, the line, a caret): that is code, no message. */
function leaveOutSource(lines: readonly string[]): string[] {
  return lines.filter((_line, index) => {
    const head = [index - 1, index - 2].find((each) => isLocation(lines[each] ?? ''));
    const isShown = /^\s*\^+$/.test(lines[index + 1] ?? '') || /^\s*\^+$/.test(lines[index] ?? '');
    return head === undefined || !isShown;
  });
}

/** True for what Node.js puts before an error that nothing caught: the place of its line of code. */
export function isLocation(line: string): boolean {
  return /^(file:\/\/|node:|\/)\S+:\d+$/.test(line);
}

/** The place of the last crash that another one followed; -1 where there is none. */
function findSurvived(lines: readonly string[]): number {
  const crashes = lines.flatMap((line, index) => (isCrash(line) ? [index] : []));
  let first = crashes.pop() ?? 0;
  for (let before = crashes.pop(); before !== undefined; before = crashes.pop()) {
    if (!isChained(lines.slice(before + 1, first + 1))) return before;
    first = before;
  }
  return -1;
}

/** True for the line of an error or a panic, with its name. */
export function isCrash(line: string): boolean {
  if (/^\s/.test(line)) return false;
  return (
    /^(panic: |fatal error: |thread '|FATAL ERROR)/.test(line) ||
    /(^|[\s([:])([\w$]+\.)*[\w$]*(Error|Exception)( \[[^\]]+\])?(:|$)/.test(line)
  );
}

/** True where the last line tells of the same crash as the line before the first. */
function isChained(lines: readonly string[]): boolean {
  const last = lines.at(-1) ?? '';
  return (
    /^(Caused by|Suppressed): /.test(last) ||
    lines.some((line) => /^(The above exception was|During handling of the above) /.test(line))
  );
}

/** The place of the n-th last line that is no stack line; 0 where there are fewer. */
function findPlain(lines: readonly string[], count: number): number {
  const plain = lines.flatMap((line, index) =>
    /^[^\s})\]]/.test(line) && !line.startsWith('- ') ? [index] : [],
  );
  return plain.at(-count) ?? 0;
}
