import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';

import type { Entry, ZipFile } from 'yauzl';

import { longestTargetBytes, parseEntryName, parseLinkTarget } from './names.ts';
import { damaged, refusal, show } from './refusal.ts';
import { mostEntries, tooMany, type TreeEntry } from './tree.ts';

/** An entry of a zip, judged, and what it is read by. */
export interface ZipEntry extends TreeEntry {
  readonly isExecutable: boolean;
  readonly raw: Entry;
}

/** How much a package may hold, unpacked. */
const mostBytes = 2 * 1024 ** 3;
/** How many times as large as packed a whole package or an entry may be, once it unpacks to more than the second. */
const [mostTimes, harmlessBytes] = [200, 100 * 1024 ** 2];

/**
 * Reads the whole directory of a zip and judges every entry by itself: name, kind, encryption, compression and size.
 * Entries whose bytes overlap are refused. Nothing is unpacked but the targets of links.
 */
export async function readEntries(zip: ZipFile, signal: AbortSignal): Promise<ZipEntry[]> {
  if (zip.entryCount > mostEntries) throw tooMany();
  const entries: ZipEntry[] = [];
  const total = { packed: 0, unpacked: 0 };
  for await (const raw of zip.eachEntry()) {
    signal.throwIfAborted();
    const entry = judgeEntry(raw);
    total.packed += raw.compressedSize;
    total.unpacked += raw.uncompressedSize;
    if (total.unpacked > mostBytes) throw refusal(`it holds more than ${mostBytes} bytes`);
    if (entry.path !== '') entries.push(entry);
  }
  if (isBomb(total.packed, total.unpacked))
    throw refusal(`it unpacks to more than ${mostTimes} times its size`);
  await refuseOverlaps(zip, entries, signal);
  return readTargets(zip, entries, signal);
}

function judgeEntry(raw: Entry): ZipEntry {
  const { path, isFolder } = parseEntryName(raw.fileNameRaw);
  const refuse = (fault: string): Error => refusal(`its entry ${show(path)} ${fault}`);
  if ((raw.generalPurposeBitFlag & encryptionFlags) !== 0) throw refuse('is encrypted');
  if (!raw.canDecodeFileData()) throw refuse(`is compressed in an unknown way (${raw.compressionMethod})`);
  if (isBomb(raw.compressedSize, raw.uncompressedSize))
    throw refuse(`unpacks to more than ${mostTimes} times its size`);
  const mode = raw.externalFileAttributes >>> 16;
  const kind = kindOf(mode & typeMask, isFolder);
  if (kind === undefined) throw refuse('is no file, folder or link');
  if (kind === 'link' && raw.uncompressedSize > longestTargetBytes)
    throw refuse('is a link with too long a target');
  return { path, kind, target: '', isExecutable: kind === 'file' && (mode & 0o111) !== 0, raw };
}

/** The bits for an encrypted entry, for strong encryption and for an encrypted directory (APPNOTE 4.4.4). */
const encryptionFlags = 0x1 | 0x40 | 0x2000;

/** The type bits of a Unix mode. */
const typeMask = 0o170000;

/** Without type bits, as Windows writes it, the name alone tells. */
function kindOf(type: number, isFolder: boolean): TreeEntry['kind'] | undefined {
  if (type === 0o120000) return isFolder ? undefined : 'link';
  if (type === 0o040000) return isFolder ? 'folder' : undefined;
  if (type === 0 || type === 0o100000) return isFolder ? 'folder' : 'file';
  return undefined;
}

function isBomb(packed: number, unpacked: number): boolean {
  return unpacked > harmlessBytes && unpacked > packed * mostTimes;
}

/** Where the bytes of an entry lie in the file, its local header included. */
async function refuseOverlaps(
  zip: ZipFile,
  entries: readonly ZipEntry[],
  signal: AbortSignal,
): Promise<void> {
  const ranges: { readonly path: string; readonly start: number; readonly end: number }[] = [];
  for (const { path, raw } of entries) {
    signal.throwIfAborted();
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(raw, { minimal: true });
    ranges.push({ path, start: raw.relativeOffsetOfLocalHeader, end: fileDataStart + raw.compressedSize });
  }
  ranges.sort((left, right) => left.start - right.start);
  for (const [index, { path, start }] of ranges.entries()) {
    const before = ranges[index - 1];
    if (before !== undefined && start < before.end)
      throw refusal(`its entries ${show(before.path)} and ${show(path)} share bytes`);
  }
}

async function readTargets(
  zip: ZipFile,
  entries: readonly ZipEntry[],
  signal: AbortSignal,
): Promise<ZipEntry[]> {
  const judged: ZipEntry[] = [];
  for (const entry of entries) {
    signal.throwIfAborted();
    if (entry.kind === 'link') {
      const target = await buffer(await zip.openReadStreamPromise(entry.raw));
      if (crc32(target) !== entry.raw.crc32) throw damaged(entry.path);
      judged.push({ ...entry, target: parseLinkTarget(entry.path, target) });
    } else judged.push(entry);
  }
  return judged;
}
