import { refusal, show } from './refusal.ts';

/** What Linux takes as a name and as a path. */
const [longestPartBytes, longestPathBytes] = [255, 4_096];

interface EntryName {
  /** With `/` between its parts, without `.` among them; empty for the folder itself. */
  readonly path: string;
  readonly isFolder: boolean;
}

/** The path of an entry below the folder; a name that could mean a place outside of it, another one, or git's, is refused. */
export function parseEntryName(raw: Buffer): EntryName {
  const name = decodeText(raw);
  const fault = name === undefined ? 'is not UTF-8' : findFault(name, raw.length);
  if (name === undefined || fault !== undefined) throw refusal(`its entry ${show(raw)} ${fault ?? ''}`);
  const isFolder = name.endsWith('/');
  const parts = (isFolder ? name.slice(0, -1) : name).split('/');
  return { path: parts.filter((part) => part !== '.').join('/'), isFolder: isFolder || parts.at(-1) === '.' };
}

/** The target of a link; one that is no relative path is refused. Where it leads is for `judgeTree`. */
export function parseLinkTarget(path: string, raw: Buffer): string {
  const target = decodeText(raw);
  const fault = target === undefined ? 'whose target is not UTF-8' : findTargetFault(target, raw.length);
  if (target === undefined || fault !== undefined)
    throw refusal(`it holds the link ${show(path)} ${fault ?? ''}`);
  return target;
}

/** The longest target that a link may have, in bytes. */
export const longestTargetBytes = longestPathBytes;

function decodeText(raw: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    return undefined;
  }
}

function findFault(name: string, bytes: number): string | undefined {
  if (name === '') return 'has no name';
  if (/\p{Cc}/u.test(name)) return 'has a control character in its name';
  if (name.includes('\\')) return 'has a backslash in its name';
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'has an absolute path';
  if (bytes > longestPathBytes) return `has a path of more than ${longestPathBytes} bytes`;
  const parts = name.replace(/\/$/, '').split('/');
  if (parts.includes('..')) return 'leads out of its folder by ".."';
  if (parts.includes('')) return 'has an empty part in its path';
  // Below a checkout it would hold hooks and commands; as a file, it names the folder that does.
  if (parts.some((part) => part.toLowerCase() === '.git'))
    return 'has ".git" in its path: git would run what stands there';
  const isLong = parts.some((part) => Buffer.byteLength(part) > longestPartBytes);
  return isLong ? `has a part of more than ${longestPartBytes} bytes in its path` : undefined;
}

function findTargetFault(target: string, bytes: number): string | undefined {
  if (target === '' || bytes > longestTargetBytes) return 'with an empty or too long target';
  if (/\p{Cc}/u.test(target)) return 'with a control character in its target';
  if (target.includes('\\')) return 'with a backslash in its target';
  return target.startsWith('/') || /^[a-z]:/i.test(target) ? 'to an absolute path' : undefined;
}
