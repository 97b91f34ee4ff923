import type { Downloaded } from '../stages/download/download.ts';
import { code } from './escape.ts';
import { showBytes } from './package.ts';

/** What a download has put where, as a sentence of the log. */
export function describeDownload({ folder, fileCount, fileBytes, kept }: Downloaded): string {
  const rest = kept.length === 0 ? '' : `; ${kept.length} that were there are kept`;
  return `${fileCount} file(s) with ${showBytes(fileBytes)}, put into "${folder}"${rest}.`;
}

/** How many of the files that were kept the job summary names. */
const mostNamed = 50;

/** The same for the job summary, with the names of the files that were kept. */
export function renderDownload({ versionName, folder, fileCount, fileBytes, kept }: Downloaded): string[] {
  const left = kept.length - mostNamed;
  const names = kept.slice(0, mostNamed).map((path) => `- ${code(path)}`);
  return [
    `**Downloaded** ${code(versionName)} to ${code(folder)}: ${fileCount} file(s) with ${showBytes(fileBytes)}.`,
    ...(kept.length === 0
      ? []
      : ['', `${kept.length} file(s) were there already and are kept:`, '', ...names]),
    ...(left > 0 ? [`- and ${left} more`] : []),
  ];
}
