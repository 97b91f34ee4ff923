import { join, posix } from 'node:path';

import type { FileEntry, Files } from '../../ports.ts';

const sample = /[._-](example|sample|template|dist)$/;
const neverPublic = /^\.env|^(\.git-credentials|[._]netrc)$|\.(p12|pfx|ppk)$/;
const maybeKey = /\.(pem|key|p8)$|^id_(rsa|dsa|ecdsa|ed25519)/;
const literalLogin = /^[^#;\n]*\b_(authToken|password)[ \t]*=[ \t]*(?!["']?\$\{)\S/m;

/** Larger JSON files are data; keys of service accounts take a few KiB. */
const jsonLimit = 64 * 1024;

/** Tells whether a file that would be uploaded holds a secret, by its name (in any case), or by what stands in it. */
export async function isSecret(folder: string, entry: FileEntry, files: Files): Promise<boolean> {
  const name = posix.basename(entry.path).toLowerCase();
  // What others publish is no secret of this project.
  if (entry.path.split('/').includes('node_modules')) return false;
  if (sample.test(name)) return false;
  if (neverPublic.test(name)) return true;
  const sign = signOf(name, entry);
  return sign !== undefined && sign.test((await files.readLooseText(join(folder, entry.path))) ?? '');
}

/** What makes a file of this name a secret. */
function signOf(name: string, { size }: FileEntry): RegExp | undefined {
  if (name === '.npmrc') return literalLogin;
  const isSmallJson = name.endsWith('.json') && size <= jsonLimit;
  return isSmallJson || maybeKey.test(name) ? /PRIVATE KEY-----/ : undefined;
}
