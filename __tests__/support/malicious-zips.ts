import { randomBytes } from 'node:crypto';

import { linkEntry, writeZip, type WrittenEntry } from './zip-writer.ts';

/** A package that must be refused. */
export interface MaliciousZip {
  readonly name: string;
  readonly zip: () => Buffer;
  /** What the refusal says of it. */
  readonly reason: string;
}

/** The file outside of every folder that some of them aim at. */
export const absoluteEvil = '/tmp/evil-entry.txt';

const first: WrittenEntry = { name: 'first.txt', content: 'first' };

function of(name: string, entries: readonly WrittenEntry[], reason: string): MaliciousZip {
  return { name, reason, zip: () => writeZip([first, ...entries]) };
}

function named(name: string | Buffer, reason: string): MaliciousZip {
  const shown = Buffer.from(name).toString('utf8');
  const text = JSON.stringify(shown.length > 200 ? `${shown.slice(0, 200)}…` : shown);
  return of(`an entry ${text.slice(0, 40)}`, [{ name, content: 'evil' }], `its entry ${text} ${reason}`);
}

const outside = (link: string): string => `its link "${link}" leads out of the folder`;

const names: readonly MaliciousZip[] = [
  named('../evil.txt', 'leads out of its folder by ".."'),
  named(`../../../../../..${absoluteEvil}`, 'leads out of its folder by ".."'),
  named('deep/../../evil.txt', 'leads out of its folder by ".."'),
  named('deep/..', 'leads out of its folder by ".."'),
  named('..', 'leads out of its folder by ".."'),
  named('../', 'leads out of its folder by ".."'),
  named(absoluteEvil, 'has an absolute path'),
  named('C:/evil.txt', 'has an absolute path'),
  named('c:evil.txt', 'has an absolute path'),
  named('..\\evil.txt', 'has a backslash in its name'),
  named('\\\\host\\share\\evil.txt', 'has a backslash in its name'),
  named('deep//evil.txt', 'has an empty part in its path'),
  named('', 'has no name'),
  ...['.git/hooks/post-checkout', '.git', 'deep/.git/config', './.Git/config', 'deep/.GIT', '.git/'].map(
    (name) => named(name, 'has ".git" in its path: git would run what stands there'),
  ),
  named('x'.repeat(256), 'has a part of more than 255 bytes in its path'),
  named(`${'語'.repeat(86)}.txt`, 'has a part of more than 255 bytes in its path'),
  named(`${'x/'.repeat(2_100)}evil`, 'has a path of more than 4096 bytes'),
  of(
    'a name with NUL',
    [{ name: 'evil\0.txt' }],
    'its entry "evil\\u0000.txt" has a control character in its name',
  ),
  of(
    'a name with a line break',
    [{ name: 'a\n::error::evil' }],
    'its entry "a\\n::error::evil" has a control',
  ),
  of(
    'a name with a C1 control',
    [{ name: 'a\u0085b' }],
    'its entry "a\\x85b" has a control character in its name',
  ),
  of('a name that is not UTF-8', [{ name: Buffer.from([0x66, 0xff, 0xfe]) }], 'is not UTF-8'),
  of('the same in cp437', [{ name: Buffer.from([0x82, 0x2e]), flags: 0 }], 'is not UTF-8'),
];

const trees: readonly MaliciousZip[] = [
  of('a file twice', [{ name: 'first.txt', content: 'other' }], 'it holds "first.txt" twice'),
  of('a file twice, once with a dot', [{ name: './first.txt' }], 'it holds "first.txt" twice'),
  of('a file that is a folder', [{ name: 'first.txt/x' }], 'it holds "first.txt" as a file and as a folder'),
  of(
    'a file below one that comes later',
    [{ name: 'a/x' }, { name: 'a' }],
    'it holds "a" as a file and as a folder',
  ),
  of(
    'a file and a folder of one name',
    [{ name: 'first.txt/', mode: 0o040755 }],
    'it holds "first.txt" twice',
  ),
  of('a link and a file of one name', [linkEntry('a', 'first.txt'), { name: 'a' }], 'it holds "a" twice'),
  of(
    'a file below a link',
    [linkEntry('a', 'b'), { name: 'a/x' }],
    'its entry "a/x" lies below the link "a"',
  ),
  of(
    'a file below a link that comes later',
    [{ name: 'a/b/x' }, linkEntry('a', '.')],
    'its entry "a/b/x" lies below the link "a"',
  ),
];

const links: readonly MaliciousZip[] = [
  of('a link that is .git', [linkEntry('.git', 'x')], 'its entry ".git" has ".git" in its path'),
  of(
    'a link to an absolute path',
    [linkEntry('a', '/etc/passwd')],
    'it holds the link "a" to an absolute path',
  ),
  of('a link to a drive', [linkEntry('a', 'C:/x')], 'it holds the link "a" to an absolute path'),
  of(
    'a link with a backslash',
    [linkEntry('a', '..\\x')],
    'it holds the link "a" with a backslash in its target',
  ),
  of(
    'a link with NUL',
    [linkEntry('a', 'x\0y')],
    'it holds the link "a" with a control character in its target',
  ),
  of('a link to nothing', [linkEntry('a', '')], 'it holds the link "a" with an empty or too long target'),
  of(
    'a link to no UTF-8',
    [linkEntry('a', Buffer.from([0xff]))],
    'it holds the link "a" whose target is not UTF-8',
  ),
  of('a link with a huge target', [linkEntry('a', 'x'.repeat(5_000))], 'is a link with too long a target'),
  of('a link to the parent', [linkEntry('a', '..')], outside('a')),
  of('a link out of a deep folder', [linkEntry('d/e/a', '../../../x')], outside('d/e/a')),
  of('a link out and in again', [linkEntry('a', 'd/../../target/first.txt')], outside('a')),
  of('a chain of links', [linkEntry('d/b', '..'), linkEntry('c', 'd/b/..')], outside('c')),
  of(
    'a link through a link of another depth',
    [
      { name: 'd/e/f' },
      linkEntry('up', 'd/e'),
      linkEntry('d/e/root', '../..'),
      linkEntry('x', 'up/root/../y'),
    ],
    outside('x'),
  ),
  of(
    'a link through one that differs in letter case',
    [linkEntry('d/e/root', '../..'), linkEntry('x', 'd/e/ROOT/../y')],
    outside('x'),
  ),
  of(
    'a link through one of two that differ in letter case alone',
    [linkEntry('up', '.'), linkEntry('UP', 'd/e'), linkEntry('x', 'up/../y')],
    outside('x'),
  ),
  of(
    'links of millions of steps',
    Array.from({ length: 600 }, (_, index) => linkEntry(`a${index}`, 'x/'.repeat(2_000))),
    'its links lead through too many folders',
  ),
  of('a link to itself', [linkEntry('a', 'a')], 'its link "a" leads in a circle'),
  of('links in a circle', [linkEntry('a', 'b'), linkEntry('b', 'a/x')], 'its link "a" leads in a circle'),
];

const kinds: readonly MaliciousZip[] = [
  of('a device', [{ name: 'a', mode: 0o060644 }], 'its entry "a" is no file, folder or link'),
  of('a pipe', [{ name: 'a', mode: 0o010644 }], 'its entry "a" is no file, folder or link'),
  of('a socket', [{ name: 'a', mode: 0o140644 }], 'its entry "a" is no file, folder or link'),
  of('a link that is a folder', [linkEntry('a/', 'b')], 'its entry "a" is no file, folder or link'),
  of('a folder that is a file', [{ name: 'a', mode: 0o040755 }], 'its entry "a" is no file, folder or link'),
  of('an encrypted entry', [{ name: 'a', flags: 0x801 }], 'its entry "a" is encrypted'),
  of(
    'an unknown compression',
    [{ name: 'a', method: 12 }],
    'its entry "a" is compressed in an unknown way (12)',
  ),
];

const mebibyte = 1024 ** 2;
/** More than may weigh as little as it likes. */
const zeros = Buffer.alloc(101 * mebibyte);

const bombs: readonly MaliciousZip[] = [
  of('a bomb', [{ name: 'a', content: zeros }], 'its entry "a" unpacks to more than 200 times its size'),
  of(
    'an entry that claims a byte more than 100 MiB',
    [{ name: 'a', content: 'x', size: 100 * mebibyte + 1 }],
    'its entry "a" unpacks to more than 200 times its size',
  ),
  of(
    'an entry that claims all of 100 MiB, which is no bomb yet',
    [{ name: 'a', content: 'x', size: 100 * mebibyte - 5 }],
    'it is damaged',
  ),
  of(
    'a bomb of many small entries',
    Array.from({ length: 101 }, (_, index) => ({
      name: `a${index}`,
      content: zeros.subarray(0, mebibyte),
    })),
    'it unpacks to more than 200 times its size',
  ),
  of(
    'more than 2 GiB',
    Array.from({ length: 3 }, (_, index) => ({
      name: `a${index}`,
      content: randomBytes(6 * mebibyte),
      size: 2 ** 30,
    })),
    'it holds more than 2147483648 bytes',
  ),
  of(
    'entries that share bytes',
    [
      { name: 'a', content: 'x'.repeat(1_000) },
      ...[2, 3, 4].map((n) => ({ name: `b${n}`, content: 'x'.repeat(1_000), sharesWith: 1 })),
    ],
    'its entries "a" and "b2" share bytes',
  ),
  of('an entry larger than it says', [{ name: 'a', content: 'x'.repeat(50_000), size: 10 }], 'it is damaged'),
  of('an entry smaller than it says', [{ name: 'a', content: 'x', size: 50_000 }], 'it is damaged'),
  of('a stored entry of another size', [{ name: 'a', content: 'x', method: 0, size: 5 }], 'it is damaged'),
  of(
    'a wrong checksum',
    [{ name: 'a', content: 'x', crc: 1 }],
    'its entry "a" is damaged: the checksum is another one',
  ),
  of('a link with a wrong checksum', [{ ...linkEntry('a', 'x'), crc: 1 }], 'its entry "a" is damaged'),
];

const others: readonly MaliciousZip[] = [
  { name: 'no zip', zip: () => Buffer.from('<html>not found</html>'), reason: 'it is damaged' },
  { name: 'an empty file', zip: () => Buffer.alloc(0), reason: 'it is damaged' },
  {
    name: 'half a zip',
    zip: () => writeZip([first, { name: 'b', content: 'x' }]).subarray(0, 80),
    reason: 'it is damaged',
  },
  {
    name: 'more entries in its end than there are',
    zip: () => writeZip([first], 2),
    reason: 'it is damaged',
  },
  {
    name: 'too many entries',
    zip: () => writeZip(Array.from({ length: 100_001 }, (_, index) => ({ name: `${index}`, method: 0 }))),
    reason: 'it holds more than 100000 files, folders and links',
  },
  {
    name: 'too many folders',
    zip: () =>
      writeZip(Array.from({ length: 60 }, (_, index) => ({ name: `${index}/${'x/'.repeat(2_000)}y` }))),
    reason: 'it holds more than 100000 files, folders and links',
  },
];

/** Every kind of package that is refused. */
export const maliciousZips: readonly MaliciousZip[] = [
  ...names,
  ...trees,
  ...links,
  ...kinds,
  ...bombs,
  ...others,
];
