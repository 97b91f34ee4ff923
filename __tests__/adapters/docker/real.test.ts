import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execa } from 'execa';

import { createDocker } from '../../../src/adapters/docker/docker.ts';
import { createExec } from '../../../src/adapters/process.ts';
import type { Docker } from '../../../src/docker-port.ts';
import { ProjectError } from '../../../src/errors.ts';
import { describeWithEngine } from '../../support/engine.ts';
import { failureOf } from '../../support/failure.ts';

const repository = `docker-real-${process.pid}`;
const built = `${repository}:built`;
const label = `docker-real=${process.pid}`;
const held = 64 * 1024 * 1024;

describeWithEngine('a real engine', (engine) => {
  const env = { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), ...engine.env };
  const live = createExec(env, new AbortController().signal);
  const docker = createDocker(live, live, env);
  const startScript = (script: string, ...options: string[]): Promise<string> =>
    docker.start(['run', '--detach', '--label', label, ...options, built, 'node', '-e', script], {
      inherited: {},
      lines: [],
    });
  const listNames = async (): Promise<string[]> => {
    const args = ['images', '--filter', `reference=${repository}:*`, '--format', '{{.Repository}}:{{.Tag}}'];
    const { stdout } = await execa('docker', args, { env });
    return stdout.split('\n').filter(Boolean).sort();
  };
  /** Resolves when the container has written this line. */
  const untilLog = async (id: string, line: string, by: Docker = docker): Promise<void> => {
    while (!(await by.readLogs(id, 5)).includes(line)) await new Promise((done) => setTimeout(done, 50));
  };

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'docker-real-'));
    const lines = ['FROM node:24-slim', 'COPY Dockerfile /copied', 'EXPOSE 8080 53/udp', 'USER 1000'];
    await writeFile(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
    await execa('docker', ['build', '--quiet', '--tag', built, folder], { env });
    await rm(folder, { recursive: true });
  });
  afterAll(async () => {
    expect(await docker.removeContainers(label)).toBeUndefined();
    const names = await listNames();
    expect(await docker.removeImages(names)).toBeUndefined();
    expect(names).toEqual([built]);
  });

  it('describes itself and the image', async () => {
    expect(await docker.readEngine()).toMatchObject({ store: expect.stringMatching(/^[a-z0-9]+$/) });
    const image = await docker.readImage(built);
    expect(image).toMatchObject({ architecture: 'amd64', os: 'linux', user: '1000', exposedPorts: [8080] });
    expect(image?.bytes).toBeGreaterThan(1_000_000);
    const layers = await docker.listLayers(built);
    expect(layers[2]).toMatchObject({ command: expect.stringContaining('COPY Dockerfile /copied') });
    expect(layers[2]?.bytes).toBeGreaterThan(0);
    expect(await docker.readImage(`${repository}:none`)).toBeUndefined();
  });

  it('takes a name away and leaves the image to who else names it', async () => {
    const names = [`${repository}:one`, `${repository}:two`];
    for (const name of names) await docker.tag(built, name);
    expect(await listNames()).toEqual([built, ...names]);
    expect(await docker.removeImages([...names, `${repository}:none`])).toBeUndefined();
    expect(await listNames()).toEqual([built]);
  });

  it('tells what a container holds and what it has written', async () => {
    const script = `require('fs').writeFileSync('/tmp/written', 'a');
      globalThis.held = Buffer.alloc(${held}, 1); console.log('ready'); setInterval(() => {}, 1000);`;
    const id = await startScript(script);
    await untilLog(id, 'ready');
    expect(await docker.listChanges(id)).toEqual(
      expect.arrayContaining([
        { kind: 'changed', path: '/tmp' },
        { kind: 'added', path: '/tmp/written' },
      ]),
    );
    const { pid } = await docker.readContainer(id);
    const bytes = await docker.readWorkingSet(pid);
    expect(bytes).toBeGreaterThan(held);
    expect(bytes).toBeLessThan(held * 4);
    expect(await docker.readWorkingSet(process.pid)).toBeUndefined();
  });

  it.each([
    ['obeys SIGTERM', "process.on('SIGTERM', () => process.exit(0));", true],
    ['ends with 137 by itself', "process.on('SIGTERM', () => process.exit(137));", true],
    ['ignores SIGTERM', "process.on('SIGTERM', () => {});", false],
  ])('stops a container that %s', async (_, script, hasEnded) => {
    const id = await startScript(`${script} console.log('ready'); setInterval(() => {}, 1000);`);
    await untilLog(id, 'ready');
    expect(await docker.stop(id, 1)).toBe(hasEnded);
    expect((await docker.readContainer(id)).isRunning).toBe(false);
  });

  it('stops and removes after an abort', async () => {
    const aborted = createDocker(createExec(env, AbortSignal.abort(new RangeError('aborted'))), live, env);
    const own = `docker-real-aborted=${process.pid}`;
    const id = await startScript("console.log('ready'); setInterval(() => {}, 1000);", '--label', own);
    await untilLog(id, 'ready');
    await docker.tag(built, `${repository}:aborted`);
    await failureOf(RangeError, () => aborted.readContainer(id));
    expect(await aborted.stop(id, 0)).toBe(false);
    expect(await aborted.removeContainers(own)).toBeUndefined();
    expect(await docker.readContainer(id)).toMatchObject({ pid: 0, exitCode: 1 });
    expect(await aborted.removeImages([`${repository}:aborted`])).toBeUndefined();
    expect(await docker.readImage(`${repository}:aborted`)).toBeUndefined();
  });

  it('that is gone is said to be gone', async () => {
    const lost = createExec(
      { ...env, DOCKER_HOST: 'unix:///nowhere/docker.sock' },
      new AbortController().signal,
    );
    const failed = await failureOf(ProjectError, () => createDocker(lost, lost, env).readContainer('id'));
    expect(failed).toMatchObject({ kind: 'build', advice: expect.stringContaining('docker info') });
  });
});
