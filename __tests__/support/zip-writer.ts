import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of a zip that need not be true: what is given stands there, whatever the bytes are. */
export interface WrittenEntry {
  readonly name: string | Buffer;
  readonly content?: string | Buffer;
  /** The whole Unix mode with its type, 0o100644 by default; 0 as Windows writes it. */
  readonly mode?: number;
  /** 8 (deflated) by default, 0 for stored. */
  readonly method?: number;
  readonly flags?: number;
  /** The size that is claimed. */
  readonly size?: number;
  readonly crc?: number;
  /** The number of the entry whose local header and bytes are claimed instead of own ones. */
  readonly sharesWith?: number;
  /** Whether sizes and offset stand in a zip64 field. */
  readonly isZip64?: boolean;
}

/** A link as Unix zips write it. */
export function linkEntry(name: string, target: string | Buffer): WrittenEntry {
  return { name, content: target, mode: 0o120777, method: 0 };
}

interface Facts {
  readonly entry: WrittenEntry;
  readonly name: Buffer;
  readonly packed: Buffer;
  readonly size: number;
  readonly crc: number;
}

/** Makes the bytes of a zip by hand; `entryCount` is what its end claims. */
export function writeZip(entries: readonly WrittenEntry[], entryCount = entries.length): Buffer {
  const all = entries.map(describe);
  const locals: Buffer[] = [];
  const offsets: number[] = [];
  let position = 0;
  for (const facts of all) {
    const { sharesWith } = facts.entry;
    offsets.push(sharesWith === undefined ? position : (offsets[sharesWith] ?? 0));
    if (sharesWith !== undefined) continue;
    const local = Buffer.concat([localHeader(facts), facts.name, facts.packed]);
    locals.push(local);
    position += local.length;
  }
  const directory = Buffer.concat(all.map((facts, index) => centralHeader(facts, offsets[index] ?? 0)));
  const tail = [end(entryCount, directory.length, position)];
  if (entryCount > 0xffff) tail.unshift(...zip64End(entryCount, directory.length, position));
  return Buffer.concat([...locals, directory, ...tail]);
}

function describe(entry: WrittenEntry): Facts {
  const content = Buffer.from(entry.content ?? '');
  const { name, method = 8 } = entry;
  return {
    entry,
    name: Buffer.from(name),
    packed: method === 8 ? deflateRawSync(content, { level: 9 }) : content,
    size: entry.size ?? content.length,
    crc: entry.crc ?? crc32(content),
  };
}

/** From the version to the lengths: the same in both headers. */
function fields({ entry, name, packed, size, crc }: Facts, extraLength: number): Buffer {
  const isZip64 = extraLength > 0;
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(isZip64 ? 45 : 20, 0);
  bytes.writeUInt16LE(entry.flags ?? 0x800, 2);
  bytes.writeUInt16LE(entry.method ?? 8, 4);
  bytes.writeUInt32LE(crc, 10);
  bytes.writeUInt32LE(isZip64 ? 0xffffffff : packed.length, 14);
  bytes.writeUInt32LE(isZip64 ? 0xffffffff : size, 18);
  bytes.writeUInt16LE(name.length, 22);
  bytes.writeUInt16LE(extraLength, 24);
  return bytes;
}

function localHeader(facts: Facts): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields(facts, 0)]);
}

function centralHeader(facts: Facts, offset: number): Buffer {
  const { entry, name, packed, size } = facts;
  const extra = entry.isZip64 === true ? zip64Field([size, packed.length, offset]) : Buffer.alloc(0);
  const isUnix = entry.mode !== 0;
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
  rest.writeUInt32LE(entry.isZip64 === true ? 0xffffffff : offset, 10);
  const madeBy = Buffer.from([63, isUnix ? 3 : 0]);
  const signature = Buffer.from('PK\x01\x02', 'latin1');
  return Buffer.concat([signature, madeBy, fields(facts, extra.length), rest, name, extra]);
}

function zip64Field(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + values.length * 8);
  bytes.writeUInt16LE(1, 0);
  bytes.writeUInt16LE(values.length * 8, 2);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 4 + index * 8);
  return bytes;
}

/** The end of a zip with more entries than the usual one can count, and where it lies. */
function zip64End(count: number, size: number, offset: number): Buffer[] {
  const record = Buffer.alloc(56);
  record.write('PK\x06\x06', 0, 'latin1');
  record.writeBigUInt64LE(44n, 4);
  for (const [index, value] of [count, count, size, offset].entries())
    record.writeBigUInt64LE(BigInt(value), 24 + index * 8);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 0, 'latin1');
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return [record, locator];
}

function end(count: number, size: number, offset: number): Buffer {
  const bytes = Buffer.alloc(22);
  bytes.write('PK\x05\x06', 0, 'latin1');
  bytes.writeUInt16LE(Math.min(count, 0xffff), 8);
  bytes.writeUInt16LE(Math.min(count, 0xffff), 10);
  bytes.writeUInt32LE(size, 12);
  bytes.writeUInt32LE(offset, 16);
  return bytes;
}
