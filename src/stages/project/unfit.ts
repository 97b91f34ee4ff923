import { join, posix, relative, resolve } from 'node:path';

import { InputError, type Problem } from '../../errors.ts';
import type { AllowedSecret } from '../../inputs.ts';
import type { FileEntry, Files, Log } from '../../ports.ts';
import { createPatterns } from './patterns.ts';
import { isSecret } from './secrets.ts';

interface Selected {
  /** Absolute path of the source folder. */
  readonly folder: string;
  readonly entries: readonly FileEntry[];
  readonly allowedSecrets: readonly AllowedSecret[];
}

/** Refuses what a package cannot or must not hold; everything that is found comes in one InputError. */
export async function refuseUnfit(
  { folder, entries, allowedSecrets }: Selected,
  files: Files,
): Promise<void> {
  const patterns = allowedSecrets.map(({ pattern }) => pattern);
  const allowed = createPatterns('allow-secret-files', patterns);
  const problems: Problem[] = [];
  for (const entry of entries) {
    const isAllowed = allowed.match(entry.path, false);
    const fault = findNameFault(entry) ?? (await findLinkFault(folder, entry, files));
    if (fault !== undefined) problems.push({ subject: 'source', message: `"${entry.path}" ${fault}` });
    else if (!isAllowed && (await isSecret(folder, entry, files)))
      problems.push({ subject: 'source', message: describeSecret(entry.path) });
  }
  problems.push(...allowed.listIdle());
  if (problems.length > 0) throw new InputError(problems);
}

function describeSecret(path: string): string {
  return (
    `"${path}" looks like a secret and would be uploaded. Remove it from the checkout, or leave it out with the input ` +
    `exclude, and hand secrets to the service through env-from. If it is none, say so in allow-secret-files: "${path}: the reason".`
  );
}

function findNameFault({ path, kind }: FileEntry): string | undefined {
  const name = posix.basename(path);
  if (kind === 'other' && name.includes('\ufffd'))
    return 'has a name that is no UTF-8, which no package can carry. Rename it.';
  if (kind === 'other')
    return 'is neither a file nor a folder nor a link. Remove it, or leave it out with exclude.';
  if (/\p{Cc}/u.test(path)) return 'has a control character in its name. Rename it.';
  if (/^[a-z]:/i.test(path))
    return 'begins as a drive of Windows does, which a zip file cannot carry. Rename it.';
  if (name.includes('\\')) return 'has a backslash in its name, which a zip file cannot carry. Rename it.';
  return undefined;
}

/** Linux follows no more links than this. */
const mostLinks = 40;

async function findLinkFault(folder: string, entry: FileEntry, files: Files): Promise<string | undefined> {
  let path = join(folder, entry.path);
  for (let count = 0, { kind } = entry; kind === 'link'; count++) {
    if (count === mostLinks) return 'is a link that leads back to itself. Remove it, or point it at a file.';
    const link = await files.readLink(path);
    if (posix.isAbsolute(link))
      return `is a link to the absolute path "${link}", which leads elsewhere on the platform. Make it relative.`;
    path = resolve(path, '..', link);
    if (isOutside(folder, path)) return leaving;
    kind = (await files.kindOf(path)) ?? 'file';
  }
  if (entry.kind !== 'link') return undefined;
  const [real, realFolder] = await Promise.all([files.realPath(path), files.realPath(folder)]);
  return real !== undefined && isOutside(realFolder ?? folder, real) ? leaving : undefined;
}

const leaving = 'is a link that leaves the source folder. Replace it by a file.';

function isOutside(folder: string, path: string): boolean {
  return /^\.\.([\\/]|$)/.test(relative(folder, path));
}

/** Names files that only their case tells apart: where letter case does not count, one would replace the other. */
export function warnOfClashes(entries: readonly FileEntry[], log: Log): void {
  const seen = new Map<string, string>();
  const told = new Set<string>();
  for (const { path } of entries)
    for (let place = path; place !== '.'; place = posix.dirname(place)) {
      const first = seen.get(place.toLowerCase());
      if (first === undefined) seen.set(place.toLowerCase(), place);
      else if (first === place) break;
      else if (posix.dirname(first) === posix.dirname(place) && !told.has(place)) {
        told.add(place);
        log.warning(
          `"${first}" and "${place}" differ in letter case alone: on many systems one replaces the other.`,
        );
      }
    }
}
