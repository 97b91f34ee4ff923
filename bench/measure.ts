import { spawn } from 'node:child_process';

/** Runs a program to its end without showing its output; resolves to the milliseconds it took. */
export async function timeProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const since = performance.now();
  await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
    child.once('exit', resolve).once('error', reject);
  });
  return performance.now() - since;
}

/** Measures several subjects in turns, so that what else the machine does meets all of them alike. */
export async function inTurns(
  rounds: number,
  subjects: Readonly<Record<string, () => Promise<number>>>,
): Promise<Record<string, number>> {
  const samples = new Map(Object.keys(subjects).map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(subjects)) samples.get(name)?.push(await measure());
  }
  return Object.fromEntries([...samples].map(([name, values]) => [name, median(values)]));
}

/** The middle value; of an even number of values the upper of the two in the middle. */
export function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

/** One line of a result: what was measured, against what, and the bound that was promised. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly beside: string;
  readonly result: string;
  readonly promised: string;
}

/** Prints rows as a table. */
export function printTable(title: string, rows: readonly Row[]): void {
  const columns = ['what', 'ours', 'beside', 'result', 'promised'] as const;
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  console.log(`\n${title}`);
  console.log(line(columns));
  console.log(line(widths.map((width) => '-'.repeat(width))));
  for (const row of rows) console.log(line(columns.map((column) => row[column])));
}
