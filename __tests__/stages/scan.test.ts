import { expect, it } from '@jest/globals';

import { InputError } from '../../src/errors.ts';
import type { AllowedSecret } from '../../src/inputs.ts';
import { scan } from '../../src/stages/scan.ts';
import { failureOf } from '../support/failure.ts';
import { createFakeFiles, root } from '../support/fake-files.ts';
import { createFakeLog } from '../support/fakes.ts';
import { containerProject, fileEntry, noPatterns } from '../support/samples.ts';

const token = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
const awsKey = ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYzzzzzzzKEy'].join('/');

async function look(texts: Readonly<Record<string, string>>, allowedSecrets: readonly AllowedSecret[] = []) {
  const log = createFakeLog();
  const entries = Object.entries(texts).map(([path, text]) => fileEntry(path, { size: text.length }));
  const nodes = Object.fromEntries(
    Object.entries(texts).map(([path, text]) => [`services/api/${path}`, text]),
  );
  const project = containerProject({ folder: `${root}/services/api`, files: entries });
  const request = { selection: { ...noPatterns, allowedSecrets }, repository: root };
  return { ...(await scan(project, request, { files: createFakeFiles(nodes), log })), lines: log.lines };
}

it('warns of each hit at its line in the repository, and never shows it', async () => {
  const { scanned, hits, lines } = await look({
    'a.js': `const x = 1;\n  const token = "${token}";\n`,
    'conf/aws.ini': `AWS_SECRET_ACCESS_KEY=${awsKey}\n`,
    'README.md': 'nothing\n',
  });
  expect(scanned).toBe(3);
  expect(hits).toEqual([
    { file: 'services/api/a.js', line: 2, column: 18 },
    { file: 'services/api/conf/aws.ini', line: 1, column: 1 },
  ]);
  expect(lines).toEqual([
    'warning: "a.js" holds what looks like a secret (GITHUB_TOKEN), and it is uploaded. Hand secrets to the service through env-from; if it is none, say so in allow-secret-files: "a.js: the reason". @services/api/a.js:2',
    'warning: "conf/aws.ini" holds what looks like a secret (AWSSecretAccessKey), and it is uploaded. Hand secrets to the service through env-from; if it is none, say so in allow-secret-files: "conf/aws.ini: the reason". @services/api/conf/aws.ini:1',
  ]);
});

it('looks neither into large files, nor into installed modules, nor into what is allowed', async () => {
  const large = `${token}\n${'x'.repeat(1_000_000)}`;
  const texts = { 'large.txt': large, 'node_modules/m/a.js': token, 'docs/a.md': token, 'b.js': '' };
  const { scanned, hits } = await look(texts, [{ pattern: 'docs/', reason: 'revoked' }]);
  expect([scanned, hits]).toEqual([1, []]);
});

const header = '-----BEGIN RSA PRIVATE KEY-----';
const body = 'MIIEpAIBAAKCAQEA04up8hoqzS1abcdefghijklmnopqrstuvwx';

it('refuses private keys wherever they stand, all at once', async () => {
  const texts = {
    deploy_key: `${header}\n${body}\n`,
    'tls.crt': `Bag Attributes\n    friendlyName: caf\ufffd\n${header}\nProc-Type: 4,ENCRYPTED\n\n${body}\n`,
    'old.txt': 'PuTTY-User-Key-File-2: ssh-rsa\n',
    'docs.md': `Put a line "${header}" there.\n${header}\n...\n`,
  };
  const error = await failureOf(InputError, () => look(texts));
  expect(error.problems.map(({ message }) => message.split('.')[0])).toEqual([
    '"deploy_key" holds a private key and would be uploaded',
    '"tls',
    '"old',
  ]);
  const allowed = ['deploy_key', 'tls.crt', 'old.txt'].map((pattern) => ({ pattern, reason: 'test' }));
  expect(await look(texts, allowed)).toMatchObject({ scanned: 1, hits: [] });
});

it('looks into thousands of files, whatever their names, one after the other', async () => {
  const many = Array.from(
    { length: 4_000 },
    (_, at) => [`a\nb${at}.txt`, `line ${at}\n`.repeat(20)] as const,
  );
  const { scanned } = await look(Object.fromEntries([...many, ['binary.bin', `\0${token}`]]));
  expect(scanned).toBe(4_000);
});
