import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import type { Extracted, ServiceDetail, VersionPackage } from '../../../src/ports.ts';
import { download } from '../../../src/stages/download/download.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeFiles, root, type FakeNode } from '../../support/fake-files.ts';
import {
  createFakeArchive,
  createFakeCloudRun,
  createFakeHttp,
  createFakePorts,
  type FakePorts,
} from '../../support/fakes.ts';
import { fileEntry, liveState, serviceDetail, target } from '../../support/samples.ts';

const packed = [
  fileEntry('index.js', { size: 10 }),
  fileEntry('empty', { kind: 'folder', size: 0 }),
  fileEntry('lib/a', { size: 5 }),
  fileEntry('link', { kind: 'link', size: 7 }),
];

interface World {
  readonly nodes?: Readonly<Record<string, FakeNode>>;
  readonly extracted?: Extracted;
  readonly packages?: readonly (Partial<VersionPackage> | undefined)[];
  /** How often the store fails before it delivers. */
  readonly failures?: number;
}

interface Seen {
  readonly ports: FakePorts;
  readonly urls: string[];
  readonly asked: string[];
}

function makeWorld({
  nodes = {},
  extracted = { entries: packed, clashes: [] },
  packages = [{}],
  failures = 0,
}: World): Seen {
  const urls: string[] = [];
  const asked: string[] = [];
  const ports = createFakePorts({
    files: createFakeFiles(nodes),
    archive: createFakeArchive(undefined, {
      extract: (file, to) => {
        asked.push(`${file} -> ${to}`);
        return Promise.resolve(extracted);
      },
    }),
    cloudRun: createFakeCloudRun({
      readDownload: (of, versionName) => {
        expect(of).toEqual(target);
        asked.push(versionName);
        const given = packages[Math.min(asked.length, packages.length) - 1];
        const url = `https://store.test/${asked.length}?sign=s3cret`;
        return Promise.resolve(given && { url, headers: {}, isOutdated: false, ...given });
      },
    }),
    http: createFakeHttp({
      download: async (file, nextAddress) => {
        asked.push(file);
        for (let attempt = 0; attempt <= failures; attempt++) {
          urls.push((await nextAddress()).url);
        }
        return { bytes: 77, sha256: 'abc' };
      },
    }),
  });
  return { ports, urls, asked };
}

const versions = (...shares: readonly number[]): ServiceDetail['onlineVersions'] =>
  shares.map((share, index) => ({
    versionName: `shop-00${index + 1}`,
    imageUrl: `registry.test/shop:${index}`,
    share,
  }));

const to = { folder: `${root}/out`, existing: 'keep', tempFolder: '/tmp/step' } as const;

describe('a download', () => {
  it('puts the files of the version that serves into the folder', async () => {
    const { ports, asked } = makeWorld({});
    const made = await download(liveState(serviceDetail()), to, ports);
    expect(made).toEqual({
      versionName: 'shop-001',
      folder: '/repo/out',
      fileCount: 3,
      fileBytes: 15,
      kept: [],
      zip: { bytes: 77, sha256: 'abc' },
    });
    expect(asked).toEqual([
      'shop-001',
      '/tmp/step/download.zip',
      '/tmp/step/download.zip -> /tmp/step/download',
    ]);
    expect(await ports.files.kindOf('/repo/out/lib/a')).toBe('file');
    expect(await ports.files.kindOf('/repo/out/empty')).toBe('folder');
    expect(ports.log.lines).toEqual(['info: Downloading the package of "shop-001".']);
  });

  it('makes the folder also where the package is empty', async () => {
    const { ports } = makeWorld({ extracted: { entries: [], clashes: [] } });
    expect((await download(liveState(serviceDetail()), to, ports)).fileCount).toBe(0);
    expect(await ports.files.kindOf('/repo/out')).toBe('folder');
  });

  it('takes the version with the most of the traffic, and names the others', async () => {
    const { ports, asked } = makeWorld({});
    await download(liveState(serviceDetail({ onlineVersions: versions(90, 10) })), to, ports);
    expect(asked[0]).toBe('shop-001');
    expect(ports.log.lines).toEqual([
      'info: Downloading the package of "shop-001", which gets 90 % of the traffic; "shop-002" gets 10 %.',
    ]);
  });

  it('asks for a fresh address before each further try, and shows none', async () => {
    const { ports, urls } = makeWorld({ failures: 2 });
    await download(liveState(serviceDetail()), to, ports);
    expect([urls.length, new Set(urls).size]).toEqual([3, 3]);
    expect(ports.log.lines.join()).not.toContain('s3cret');
  });

  it('says that a package is out of date', async () => {
    const { ports } = makeWorld({ packages: [{ isOutdated: true }] });
    await download(liveState(serviceDetail()), to, ports);
    expect(ports.log.lines).toContain(
      'warning: The platform says that the package of "shop-001" is out of date.',
    );
  });

  it('keeps what is there, and says so with the first ten names', async () => {
    const paths = Array.from({ length: 12 }, (_, index) => `f${index}`);
    const entries = [...paths, 'new'].map((path) => fileEntry(path));
    const nodes = Object.fromEntries(paths.map((path) => [`out/${path}`, 'mine']));
    const { ports } = makeWorld({ nodes, extracted: { entries, clashes: [] } });
    const made = await download(liveState(serviceDetail()), to, ports);
    expect([made.fileCount, made.fileBytes, made.kept]).toEqual([1, 1, paths]);
    expect(await ports.files.readText('/repo/out/f0')).toBe('mine');
    expect(ports.log.lines.slice(1)).toEqual([
      'warning: 12 file(s) were there already and are kept: f0, f1, f2, f3, f4, f5, f6, f7, f8, f9 and 2 more. "overwrite: true" replaces them.',
    ]);
  });

  it('replaces what is there where that is asked for', async () => {
    const { ports } = makeWorld({ nodes: { 'out/index.js': 'mine', 'out/other': 'mine' } });
    const made = await download(liveState(serviceDetail()), { ...to, existing: 'replace' }, ports);
    expect([made.fileCount, made.kept]).toEqual([3, []]);
    expect(await ports.files.readText('/repo/out/index.js')).not.toBe('mine');
    expect(await ports.files.readText('/repo/out/other')).toBe('mine');
  });

  it('touches nothing where something stands in the way', async () => {
    const { ports } = makeWorld({ nodes: { 'out/lib': { link: '/etc' } } });
    const error = await failureOf(InputError, () => download(liveState(serviceDetail()), to, ports));
    expect(error.message).toContain('output-path: holds the link "lib"');
    expect(await ports.files.kindOf('/repo/out/index.js')).toBeUndefined();
  });

  it('goes where a link leads that names the folder itself', async () => {
    const { ports } = makeWorld({ nodes: { out: { link: 'real' }, 'real/x': 'x' } });
    expect((await download(liveState(serviceDetail()), to, ports)).folder).toBe('/repo/real');
  });

  it('warns of paths that are one where letter case does not count', async () => {
    const { ports } = makeWorld({ extracted: { entries: packed, clashes: ['a and A'] } });
    await download(liveState(serviceDetail()), to, ports);
    expect(ports.log.lines).toContain(
      'warning: Where letter case does not count, these are one path: a and A.',
    );
  });

  it.each([
    ['is not there', undefined, 'names no service of the environment "demo-env": "shop"'],
    [
      'has no version online',
      serviceDetail({ onlineVersions: [] }),
      '"shop" has no code that serves. Deploy it first',
    ],
    [
      'was deployed as an image',
      serviceDetail(),
      '"shop-001" of "shop" has no package, as a version that was deployed as an image. Pull the image ("registry.test/shop:1") instead.',
    ],
  ])('of a service that %s is refused', async (_name, service, reason) => {
    const { ports } = makeWorld({ packages: [undefined] });
    const error = await failureOf(InputError, () => download(liveState(service), to, ports));
    expect(error.problems.map(({ subject }) => subject)).toEqual(['service-name']);
    expect(error.message).toContain(reason);
  });
});
