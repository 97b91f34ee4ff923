import { posix } from 'node:path';

import { manifestFile, manifestOf } from './manifest.ts';
import type { Example, Hit, Rule, Source } from '../rule.ts';

/** Packages that are compiled, or that bring a binary for each platform. */
const native: ReadonlySet<string> = new Set([
  '@tensorflow/tfjs-node',
  'argon2',
  'bcrypt',
  'better-sqlite3',
  'bufferutil',
  'canvas',
  'couchbase',
  'grpc',
  'isolated-vm',
  'kerberos',
  'leveldown',
  'libxmljs',
  'libxmljs2',
  'node-pty',
  'node-sass',
  'oracledb',
  're2',
  'robotjs',
  'serialport',
  'sharp',
  'sodium-native',
  'sqlite3',
  'usb',
  'utf-8-validate',
  'zeromq',
]);

/** Packages that drive a browser, which needs system libraries. */
const browsers: ReadonlySet<string> = new Set([
  'playwright',
  'playwright-chromium',
  'playwright-firefox',
  'playwright-webkit',
  'puppeteer',
]);

const handler = { 'index.js': 'exports.main = () => "Hello";\n' };
const lockfile = { 'package-lock.json': '{ "lockfileVersion": 3 }\n' };
const manifest = (dependencies: object): string =>
  JSON.stringify({ main: 'index.js', dependencies }, null, 2) + '\n';

/** Rules about what is compiled for one system. */
export const functionNativeRules: readonly Rule<Source>[] = [
  {
    id: 'CBR112',
    severity: 'info',
    title: 'A dependency is native',
    why:
      'A native package is built, or its binary is fetched, when the platform installs it. Where neither works, ' +
      'the function fails as it loads; only a container can bring the tools of a compiler along.',
    fix: 'See that it has a binary for Linux on x64 and this Node.js; else use container mode.',
    bad: { mode: 'function', files: { [manifestFile]: manifest({ sharp: '^0.33.5' }), ...handler } },
    good: {
      mode: 'function',
      files: { [manifestFile]: manifest({ jimp: '^1.6.0' }), ...handler, ...lockfile },
    },
    check: (source) =>
      source.service.isInstalledByPlatform
        ? findDependencies(source, native, (name) => `The dependency "${name}" is native.`)
        : [],
  },
  {
    id: 'CBR113',
    severity: 'warning',
    title: 'A native dependency is packaged as it is installed here',
    why:
      'With the setting InstallDependency false the platform runs the node_modules of the package, whose binaries ' +
      'have to be those of Linux on x64 for the Node.js of the cloud.',
    fix: 'Install on Linux x64 with the Node.js of the cloud, or leave InstallDependency true.',
    bad: installedExample('sharp', '0.33.5'),
    good: installedExample('jimp', '1.6.0'),
    check: (source) =>
      findDependencies(
        source,
        new Set([...native].filter((name) => isPackaged(source, name))),
        (name) => `The native dependency "${name}" is packaged for the system that it was installed on.`,
      ),
  },
  {
    id: 'CBR114',
    severity: 'warning',
    title: 'The source holds a native module',
    why: 'A .node file runs on one system and one Node.js, and binding.gyp asks for a compiler when it is installed.',
    fix: 'Take a package that has binaries for Linux on x64, or use container mode.',
    bad: { mode: 'function', files: { 'build/Release/addon.node': '', ...handler } },
    good: { mode: 'function', files: handler },
    check: findNativeFiles,
  },
  {
    id: 'CBR115',
    severity: 'warning',
    title: 'A dependency drives a browser',
    why: 'A browser needs system libraries and fonts, and nothing but npm packages can be added in function mode.',
    fix: 'Use container mode with an image that brings a browser, or a browser elsewhere with puppeteer-core or playwright-core.',
    bad: { mode: 'function', files: { [manifestFile]: manifest({ puppeteer: '^24.0.0' }), ...handler } },
    good: {
      mode: 'function',
      files: { [manifestFile]: manifest({ 'puppeteer-core': '^24.0.0' }), ...handler, ...lockfile },
    },
    check: (source) =>
      findDependencies(
        source,
        browsers,
        (name) => `The dependency "${name}" needs a browser, whose system libraries function mode lacks.`,
      ),
  },
];

function installedExample(name: string, version: string): Example {
  return {
    mode: 'function',
    files: {
      [manifestFile]: manifest({ [name]: version }),
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, version }),
      ...handler,
      ...lockfile,
    },
  };
}

function isPackaged({ packaged = [] }: Source, name: string): boolean {
  return packaged.some((path) => path.startsWith(`node_modules/${name}/`));
}

function findDependencies(
  source: Source,
  names: ReadonlySet<string>,
  describe: (name: string) => string,
): Hit[] {
  const found = source.mode === 'container' ? undefined : manifestOf(source);
  const { json, manifest: read } = found ?? {};
  if (json === undefined || read === undefined) return [];
  return (['dependencies', 'optionalDependencies'] as const).flatMap((key) =>
    Object.keys(read[key])
      .filter((name) => names.has(name))
      .map((name) => ({ message: describe(name), at: json.placeOf([key, name]) })),
  );
}

function findNativeFiles({ mode, entries, packaged }: Source): Hit[] {
  if (mode === 'container') return [];
  const files = packaged === undefined ? undefined : new Set(packaged);
  return [...entries].flatMap(([file, { kind }]) => {
    const isOfLinux = /linux[-_]?(x64|glibc|gnu)/i.test(file);
    const isNative = (posix.extname(file) === '.node' && !isOfLinux) || file === 'binding.gyp';
    if (kind !== 'file' || !isNative || files?.has(file) === false) return [];
    const message =
      file === 'binding.gyp'
        ? 'binding.gyp asks for a compiler when the dependencies are installed.'
        : `"${file}" is compiled for one system.`;
    return [{ message, at: { file, line: 1, column: 1 } }];
  });
}
