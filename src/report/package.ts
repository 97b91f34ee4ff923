import type { Outcome } from '../outcome.ts';
import type { SourcePackage } from '../stages/package/artifact.ts';
import { code } from './escape.ts';

/** A number of bytes for people, in decimal units as stores and links count them. */
export function showBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB'];
  let [value, unit] = [bytes, 0];
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1000;
  const digits = unit > 0 && value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** The source package as lines of the log: what it holds and weighs, and its largest files. */
export function describePackage({ largest, ...zip }: SourcePackage): string[] {
  const width = Math.max(...largest.map(({ size }) => showBytes(size).length));
  return [
    `${describeSizes(zip)}.`,
    `sha-256 ${zip.sha256}`,
    largest.length === zip.fileCount ? 'Its files:' : `Its ${largest.length} largest files:`,
    ...largest.map(({ path, size }) => `  ${showBytes(size).padStart(width)}  ${path}`),
  ];
}

function describeSizes({ fileCount, sourceBytes, bytes }: Omit<SourcePackage, 'largest'>): string {
  const files = `${fileCount} ${fileCount === 1 ? 'file' : 'files'}`;
  return `${files} with ${showBytes(sourceBytes)}, packed to ${showBytes(bytes)}`;
}

/** The source package for the job summary. */
export function renderPackage({ values }: Outcome): string[] {
  const { package: artifact } = values;
  if (artifact?.kind !== 'package') return [];
  const { largest, fileCount } = artifact;
  const title = largest.length === fileCount ? 'Its files' : `Its ${largest.length} largest files`;
  return [
    `Package: ${describeSizes(artifact)}, sha-256 ${code(artifact.sha256)}.`,
    '',
    `<details><summary>${title}</summary>`,
    '',
    '| file | size |',
    '| --- | ---: |',
    ...largest.map(({ path, size }) => `| ${code(path)} | ${showBytes(size)} |`),
    '',
    '</details>',
    '',
  ];
}
