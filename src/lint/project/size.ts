import type { Hit, Rule, Source } from '../rule.ts';
import { functionExample } from '../script/example.ts';

const megabyte = 1024 * 1024;
const mostFiles = 5_000;
const mostBytes = 100 * megabyte;
const mostBytesOfFile = 50 * megabyte;

/** Rules of how much a package holds. */
export const sizeRules: readonly Rule<Source>[] = [
  {
    id: 'CBR304',
    severity: 'warning',
    title: 'Package is unusually large',
    why: `More than ${mostFiles} files, ${mostBytes / megabyte} MB together or ${mostBytesOfFile / megabyte} MB in one file are rarely source. The upload store cuts an upload that takes longer than about 200 seconds, and every build unpacks all of it.`,
    fix: 'Leave data, media, models and build leftovers out of the package, and keep in cloud storage what the service needs of them.',
    bad: {
      ...functionExample({ 'model/weights.onnx': '' }),
      sizes: { 'model/weights.onnx': 300 * megabyte },
    },
    good: functionExample({ 'model/labels.json': '["cat", "dog"]\n' }),
    check: checkSize,
  },
];

interface PackedFile {
  readonly path: string;
  readonly size: number;
}

function checkSize({ packaged, entries }: Source): Hit[] {
  const files = (packaged ?? []).map((path) => ({ path, size: entries.get(path)?.size ?? 0 }));
  return [...checkWhole(files), ...checkFiles(files)];
}

function checkWhole(files: readonly PackedFile[]): Hit[] {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const largest = files.reduce<PackedFile | undefined>(
    (found, file) => (found === undefined || file.size > found.size ? file : found),
    undefined,
  );
  if (largest === undefined || (files.length <= mostFiles && bytes <= mostBytes)) return [];
  const folders = bytes > mostBytes ? listLargest(files) : listFullest(files);
  const message = `The package holds ${files.length} files with ${showSize(bytes)}, most of it in ${folders}.`;
  return [{ message, at: { file: largest.path, line: 1, column: 1 } }];
}

function listLargest(files: readonly PackedFile[]): string {
  return listFolders(files, ({ size }) => size)
    .map(([folder, bytes]) => `${JSON.stringify(folder)} (${showSize(bytes)})`)
    .join(', ');
}

function listFullest(files: readonly PackedFile[]): string {
  return listFolders(files, () => 1)
    .map(([folder, count]) => `${JSON.stringify(folder)} (${count} files)`)
    .join(', ');
}

/** The three folders of the source folder in which most stands; `.` stands for its own files. */
function listFolders(
  files: readonly PackedFile[],
  measure: (file: PackedFile) => number,
): (readonly [folder: string, amount: number])[] {
  const amounts = new Map<string, number>();
  for (const file of files) {
    const folder = /^([^/]+)\//.exec(file.path)?.[1] ?? '.';
    amounts.set(folder, (amounts.get(folder) ?? 0) + measure(file));
  }
  return [...amounts].sort(([, left], [, right]) => right - left).slice(0, 3);
}

function checkFiles(files: readonly PackedFile[]): Hit[] {
  return files
    .filter(({ size }) => size > mostBytesOfFile)
    .sort((left, right) => right.size - left.size)
    .slice(0, 10)
    .map(({ path, size }) => ({
      message: `${JSON.stringify(path)} has ${showSize(size)}.`,
      at: { file: path, line: 1, column: 1 },
    }));
}

function showSize(bytes: number): string {
  return bytes < megabyte ? 'less than 1 MB' : `${Math.round(bytes / megabyte)} MB`;
}
