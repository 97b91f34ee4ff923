import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { execa } from 'execa';

import { createDocker } from '../../../src/adapters/docker/docker.ts';
import { createExec } from '../../../src/adapters/process.ts';
import type { Docker } from '../../../src/docker-port.ts';
import { ProjectError } from '../../../src/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { startFaultProxy, type FaultProxy } from '../../support/registry-faults.ts';
import { describeWithRegistry, readManifest } from '../../support/registry.ts';

const user = { name: 'pusher', password: 'right-password-of-the-test' };
const settings = {
  auths: { 'other.example': { auth: 'b3RoZXI6c2VjcmV0' } },
  credsStore: 'spy',
  proxies: { default: { noProxy: 'example.com' } },
};
const name = `docker-delivery-${process.pid}`;
const ignore = (): void => undefined;

/** A machine whose docker configuration has a keychain that writes down what it is asked for. */
async function makeMachine(root: string, engineEnv: Record<string, string>) {
  const config = join(root, 'machine');
  await mkdir(config);
  await writeFile(join(config, 'config.json'), JSON.stringify(settings));
  const plugins = join(
    engineEnv['DOCKER_CONFIG'] ?? join(process.env['HOME'] ?? '', '.docker'),
    'cli-plugins',
  );
  await symlink(plugins, join(config, 'cli-plugins'));
  const spy = join(root, 'docker-credential-spy');
  await writeFile(spy, `#!/bin/sh\necho "$1" >> '${root}/spy.log'\necho '{}'\n`);
  await chmod(spy, 0o755);
  const path = engineEnv['PATH'] ?? process.env['PATH'] ?? '';
  return { ...engineEnv, PATH: `${root}:${path}`, HOME: root, TMPDIR: root, DOCKER_CONFIG: config };
}

describeWithRegistry(
  'a registry with a password',
  ({ engine, registry }) => {
    let root = '';
    let env: Record<string, string> = {};
    let docker: Docker;
    const login = (password: string): Promise<void> =>
      docker.login({ registry: registry.address, username: user.name, password }, join(root, 'run', 'login'));
    const at = (tag: string): string => `${registry.address}/shop/${name}:${tag}`;
    const names = new Set<string>();
    const tagAs = async (tag: string): Promise<string> => {
      names.add(at(tag));
      await docker.tag(`${name}:built`, at(tag));
      return at(tag);
    };

    beforeAll(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'docker-build-'));
      await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\nLABEL a=1\n');
      await execa('docker', ['build', '--quiet', '--tag', `${name}:built`, folder], { env: engine.env });
      await rm(folder, { recursive: true });
    });
    afterAll(async () => {
      await execa('docker', ['rmi', `${name}:built`], { env: engine.env });
    });
    beforeEach(async () => {
      root = await mkdtemp(join(tmpdir(), 'docker-delivery-'));
      env = await makeMachine(root, engine.env);
      const exec = createExec(env, new AbortController().signal);
      docker = createDocker(exec, exec, env);
    });
    afterEach(async () => {
      expect(await docker.removeImages([...names])).toBeUndefined();
      names.clear();
      await rm(root, { recursive: true });
    });

    it('keeps a login in a file of the run, beside what the machine has', async () => {
      await login(user.password);
      const folder = join(root, 'run', 'login');
      const file = join(folder, 'config.json');
      const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
      const auth = Buffer.from(`${user.name}:${user.password}`).toString('base64');
      expect(config).toMatchObject({
        auths: { ...settings.auths, [registry.address]: { auth } },
        proxies: settings.proxies,
        credsStore: 'spy',
      });
      expect([(await stat(file)).mode & 0o777, (await stat(folder)).mode & 0o777]).toEqual([0o600, 0o700]);
      const machine = await readFile(join(root, 'machine', 'config.json'), 'utf8');
      expect(JSON.parse(machine)).toEqual(settings);
      expect(await readdir(root)).not.toContain('spy.log');
      expect(await docker.readEngine()).toHaveProperty('version');
    });

    it('refuses a wrong password, and the calls that follow have no login', async () => {
      const { message, kind, advice, exitCode, logTail } = await failureOf(ProjectError, () =>
        login('wrong'),
      );
      expect({ kind, exitCode }).toEqual({ kind: 'auth', exitCode: 1 });
      expect(message).toContain(`The login to the registry "${registry.address}" failed: `);
      expect(advice).toContain('"registry-password"');
      expect([message, ...logTail].join('\n')).not.toContain('wrong');
      const reference = await tagAs('refused');
      const refused = await failureOf(ProjectError, () => docker.push(reference, ignore));
      expect(refused).toMatchObject({ kind: 'auth', message: expect.stringContaining(`"${reference}"`) });
    });

    it('takes an image, tells its digests, and gives it back', async () => {
      await login(user.password);
      const reference = await tagAs('kept');
      const lines: string[] = [];
      await docker.push(reference, (line) => lines.push(line));
      const told = await readManifest(registry, `shop/${name}`, 'kept');
      expect(await docker.readManifest(reference)).toEqual(told);
      expect(lines.at(-1)).toContain(told.digest);
      const { id } = (await docker.readImage(`${name}:built`)) ?? {};
      expect([told.configDigest, told.digest]).toContain(id);

      expect(await docker.removeImages([reference])).toBeUndefined();
      expect(await docker.readImage(reference)).toBeUndefined();
      await docker.pull(reference, ignore);
      expect((await docker.readImage(reference))?.id).toBe(id);
    });

    it('tells of an index its own digest, and the config of the image for linux/amd64', async () => {
      await login(user.password);
      const reference = await tagAs('single');
      await docker.push(reference, ignore);
      const create = ['buildx', 'imagetools', 'create', '--prefer-index', '--tag', at('index'), reference];
      await execa('docker', create, {
        env: { ...env, DOCKER_CONFIG: join(root, 'run', 'login') },
      });
      const told = await readManifest(registry, `shop/${name}`, 'index');
      const single = await readManifest(registry, `shop/${name}`, 'single');
      expect(told.digest).not.toBe(single.digest);
      expect(await docker.readManifest(at('index'))).toEqual(told);
      expect(await docker.readManifest(`${registry.address}/shop/${name}@${told.digest}`)).toEqual(told);
    });

    it('has nothing under a name that nobody pushed', async () => {
      await login(user.password);
      expect(await docker.readManifest(at('nobody'))).toBeUndefined();
      const missing = await failureOf(ProjectError, () => docker.pull(at('nobody'), ignore));
      expect(missing).toMatchObject({
        kind: 'image-pull',
        message: expect.stringContaining('the registry has nothing of this name'),
      });
    });

    it('is not public, also for a run that has a login; nothing stays of the question', async () => {
      await login(user.password);
      const reference = await tagAs('private');
      await docker.push(reference, ignore);
      expect(await docker.isPublic(reference, join(root, 'run'))).toBe(false);
      expect(await readdir(join(root, 'run'))).toEqual(['login']);
    });
  },
  { user },
);

describeWithRegistry('an open registry that fails now and then', ({ engine, registry }) => {
  let proxy: FaultProxy;
  let docker: Docker;
  let pauses: string[] = [];
  let afterPause = ignore;
  let root = '';
  const reference = (): string => `${proxy.address}/shop/${name}:open`;

  beforeEach(async () => {
    pauses = [];
    afterPause = ignore;
    root = await mkdtemp(join(tmpdir(), 'docker-delivery-'));
    proxy = await startFaultProxy(registry.address);
    const env = { PATH: process.env['PATH'] ?? '', HOME: root, TMPDIR: root, ...engine.env };
    const exec = createExec(env, new AbortController().signal);
    const hasty: typeof exec = {
      ...exec,
      capture: (command, onLine) => {
        if (command.file !== 'sleep') return exec.capture(command, onLine);
        pauses.push(command.args.join());
        afterPause();
        return Promise.resolve({ exitCode: 0, lines: [], stdout: '' });
      },
    };
    docker = createDocker(hasty, exec, env);
    await writeFile(
      join(root, 'Dockerfile'),
      `FROM scratch\nCOPY Dockerfile /\nLABEL b="${proxy.address}"\n`,
    );
    await execa('docker', ['build', '--quiet', '--tag', reference(), root], { env: engine.env });
  });
  afterEach(async () => {
    expect(await docker.removeImages([reference()])).toBeUndefined();
    await proxy.close();
    await rm(root, { recursive: true });
  });

  it.each([
    ['503', { status: 503 }, 'network'],
    ['429', { status: 429 }, 'upload'],
    ['a lost connection', 'drop', 'network'],
  ] as const)('is asked again after %s, and what it says at last counts', async (_, answer, kind) => {
    const fault = { method: /PUT/, path: /\/manifests\//, answer };
    proxy.fault({ ...fault, times: 1 });
    const lines: string[] = [];
    await docker.push(reference(), (line) => lines.push(line));
    expect(pauses).toEqual(['2']);
    expect(lines.join('\n')).toMatch(/cannot be pushed: .*Trying again in 2 seconds \(try 2 of 3\)\./);
    expect(await docker.readManifest(reference())).toHaveProperty('configDigest');

    proxy.fault(fault);
    const failed = await failureOf(ProjectError, () => docker.push(reference(), ignore));
    expect(failed).toMatchObject({ kind, message: expect.stringContaining(`"${reference()}"`) });
    expect(pauses).toEqual(['2', '2', '6']);
  });

  it('is not asked again after a refusal', async () => {
    proxy.fault({ method: /PUT/, path: /\/manifests\//, answer: { status: 403 } });
    const failed = await failureOf(ProjectError, () => docker.push(reference(), ignore));
    expect(failed).toMatchObject({ kind: 'auth', exitCode: 1 });
    expect(pauses).toEqual([]);
  });

  it('is public; nobody knows while it does not answer', async () => {
    await docker.push(reference(), ignore);
    expect(await docker.isPublic(reference(), join(root, 'step'))).toBe(true);
    for (const answer of [{ status: 503 }, { status: 429 }, 'drop'] as const) {
      proxy.heal();
      proxy.fault({ path: /\/manifests\//, answer });
      expect(await docker.isPublic(reference(), join(root, 'step'))).toBeUndefined();
    }
    expect(await readdir(join(root, 'step'))).toEqual([]);
  });

  it.each([401, 403])(
    'may refuse to be looked at with %s, and tells the digest to who pushes',
    async (status) => {
      proxy.fault({ method: /GET|HEAD/, path: /\/manifests\//, answer: { status } });
      const refused = await failureOf(ProjectError, () => docker.readManifest(reference()));
      expect(refused.kind).toBe('auth');
      const lines: string[] = [];
      await docker.push(reference(), (line) => lines.push(line));
      const { digest } = await readManifest(registry.address, `shop/${name}`, 'open');
      expect(lines.at(-1)).toMatch(new RegExp(`^open: digest: ${digest} size: \\d+$`));
      expect(pauses).toEqual([]);
    },
  );

  it('is read again after a failure that passes', async () => {
    await docker.push(reference(), ignore);
    const told = await readManifest(registry.address, `shop/${name}`, 'open');
    proxy.fault({ path: /\/manifests\//, answer: { status: 503 } });
    afterPause = () => {
      proxy.heal();
    };
    expect(await docker.readManifest(reference())).toEqual(told);
    expect(pauses).toEqual(['2']);
  });
});
