import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import type { ProjectRequest, RequestedMode } from '../../../src/stages/project/mode.ts';
import { readProject, requireProject, type Project } from '../../../src/stages/project/project.ts';
import { createFakeFiles, root } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeLog } from '../../support/fakes.ts';
import { liveState, serviceConfig, serviceDetail } from '../../support/samples.ts';

async function read(nodes: Record<string, string>, requestedMode: RequestedMode = 'auto') {
  const log = createFakeLog();
  const request = { folder: root, requestedMode, config: serviceConfig() };
  const found = await readProject(request, { files: createFakeFiles(nodes), log });
  const { files, ...project } = requireProject(found);
  return { project, paths: files.map(({ path }) => path), lines: log.lines };
}

it('reads a container', async () => {
  const { project, paths, lines } = await read({ Dockerfile: 'FROM a\nEXPOSE 80', 'app.py': '' });
  expect(project).toEqual({
    kind: 'container',
    mode: 'container',
    folder: root,
    port: 80,
    fingerprint: undefined,
    dockerfile: 'Dockerfile',
    buildFolder: '.',
    differences: [],
    dockerfileText: 'FROM a\nEXPOSE 80',
  });
  expect(paths).toEqual(['Dockerfile', 'app.py']);
  expect(lines).toEqual(['info: Mode "container": the source holds Dockerfile.']);
});

it.each<[RequestedMode, string]>([
  ['auto', 'function'],
  ['agent', 'agent'],
])('reads a function in mode %s', async (asked, mode) => {
  const { project, paths } = await read({ 'index.js': '', 'node_modules/a/i.js': '' }, asked);
  expect(project).toEqual({
    kind: 'function',
    mode,
    folder: root,
    port: 3000,
    differences: [{ path: 'node_modules', isIn: false }],
    fingerprint: undefined,
    entry: 'index.js',
    routes: ['/'],
    needed: [],
    packageManager: 'npm',
    lockfile: undefined,
    hasDependencies: false,
    isInstalledByPlatform: true,
    nodeVersion: undefined,
  });
  expect(paths).toEqual(['index.js']);
});

it('reads an existing image without a source', async () => {
  const log = createFakeLog();
  const config = serviceConfig({ Port: 80 });
  const request: ProjectRequest = {
    folder: '/gone',
    requestedMode: 'auto',
    config,
    image: 'acme/shop:1',
    isFingerprinted: true,
    generatesDockerfile: true,
  };
  const found = await readProject(request, { files: createFakeFiles({}), log });
  expect(found).toEqual({
    mode: 'container',
    folder: '/gone',
    location: undefined,
    result: {
      kind: 'image',
      mode: 'container',
      folder: '/gone',
      port: 80,
      files: [],
      differences: [],
      fingerprint: undefined,
      reference: 'acme/shop:1',
    },
  });
  expect(log.lines).toEqual(['info: Mode "container": an image is deployed.']);
});

it('hands on what stands in the way of an image', async () => {
  const request: ProjectRequest = {
    folder: root,
    requestedMode: 'auto',
    config: serviceConfig(),
    image: 'acme/shop:1',
  };
  const { result } = await readProject(request, { files: createFakeFiles({}), log: createFakeLog() });
  expect(result).toBeInstanceOf(InputError);
});

it('refuses inputs for an image where the source is a function', async () => {
  const request: ProjectRequest = {
    folder: root,
    requestedMode: 'auto',
    config: serviceConfig(),
    imageInputs: ['image-repository'],
  };
  const read = (nodes: Record<string, string>) =>
    readProject(request, { files: createFakeFiles(nodes), log: createFakeLog() });
  await failureOf(InputError, () => read({ 'index.js': '' }));
  expect((await read({ Dockerfile: 'FROM a\nEXPOSE 80' })).mode).toBe('container');
});

describe('the fingerprint of the source', () => {
  const nodes = { Dockerfile: 'FROM a\nEXPOSE 80', 'app.py': 'one', '.dockerignore': '*.log' };
  const keeping = serviceDetail({ settings: { EnvParams: '{"CLOUDBASE_RUN_FINGERPRINT":"cd34:1"}' } });

  /** How often the files were digested, and what came of it. */
  async function readIt(
    given: Partial<ProjectRequest>,
    source: Readonly<Record<string, string>> = nodes,
  ): Promise<{ digests: number; fingerprint: Project['fingerprint']; also: readonly unknown[] }> {
    let digests = 0;
    const also: unknown[] = [];
    const fake = createFakeFiles(source);
    const digest: typeof fake.digest = (folder, entries, besides) => {
      digests++;
      also.push(besides);
      return fake.digest(folder, entries);
    };
    const request = { folder: root, requestedMode: 'auto', config: serviceConfig(), ...given } as const;
    const found = await readProject(request, { files: { ...fake, digest }, log: createFakeLog() });
    const { fingerprint } = requireProject(found);
    return { digests, fingerprint, also };
  }

  it.each<[string, Partial<ProjectRequest>]>([
    ['that nobody asks for', {}],
    ['of a new service', { live: liveState(), isFingerprinted: false }],
    ['of a service that keeps none', { live: liveState(serviceDetail()), isFingerprinted: false }],
  ])('is not computed: %s', async (_name, given) => {
    expect(await readIt(given)).toMatchObject({ digests: 0, fingerprint: undefined });
  });

  it.each<[string, Partial<ProjectRequest>]>([
    ['where it is asked for', { isFingerprinted: true }],
    ['where it is asked for, for a new service', { live: liveState(), isFingerprinted: true }],
    ['where the live service keeps one', { live: liveState(keeping), isFingerprinted: false }],
  ])('is computed once: %s', async (_name, given) => {
    const { digests, fingerprint } = await readIt(given);
    expect(digests).toBe(1);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, Readonly<Record<string, string>>, boolean]>([
    ['the same for the same files', { ...nodes }, true],
    ['the same where only ignored files differ', { ...nodes, 'a.log': 'x' }, true],
    ['another one for other content', { ...nodes, 'app.py': 'two' }, false],
    ['another one for one file more', { ...nodes, 'b.py': '' }, false],
  ])('is %s', async (_name, source, isSame) => {
    const [first, second] = [
      await readIt({ isFingerprinted: true }),
      await readIt({ isFingerprinted: true }, source),
    ];
    expect(first.fingerprint === second.fingerprint).toBe(isSame);
  });

  it.each([undefined, '{"args":[]}'])('takes what the build depends on besides: %s', async (buildFacts) => {
    const { also } = await readIt({ isFingerprinted: true, buildFacts });
    expect(also).toEqual([buildFacts]);
  });

  it('is there for functions, too', async () => {
    const { fingerprint } = await readIt({ isFingerprinted: true }, { 'index.js': '' });
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });
});
