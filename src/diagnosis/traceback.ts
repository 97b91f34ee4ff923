import { chain, isException, traceback, type Statement } from './statements.ts';

/** Leaves out what other output put between the lines of a traceback of Python. */
export function leaveOutForeignLines(lines: readonly string[]): readonly string[] {
  let isOpen = false;
  return lines.filter((line) => {
    if (traceback.test(line)) {
      isOpen = true;
      return true;
    }
    if (!isOpen || /^\s/.test(line)) return true;
    if (!isException(line)) return chain.test(line);
    isOpen = false;
    return true;
  });
}

/**
 * The place of the traceback with which Python itself ended. What stands after it can be held back output, which speaks
 * of no trouble; undefined where it does.
 */
export function findPythonTraceback(statements: readonly Statement[], exitCode: number): number | undefined {
  const place = statements.findLastIndex(([first = '']) => /^Traceback /.test(first));
  if (place === -1 || exitCode !== 1) return undefined;
  const before = statements[place - 1]?.[0] ?? '';
  const isLogged = /\b(ERROR|CRITICAL|WARN|WARNING|Exception)\b/.test(before);
  return isLogged || statements.slice(place + 1).some(speaksOfTrouble) ? undefined : place;
}

function speaksOfTrouble(statement: Statement): boolean {
  return statement.some((line) =>
    /error|fail|fatal|refus|invalid|unknown|unrecogni|unexpected|usage|missing|required|not (set|found)|n't|no such|cannot|could not|unable|exception|timed? ?out/i.test(
      line,
    ),
  );
}
