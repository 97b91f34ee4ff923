import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { nameImage, readImageName } from '../../emulator/runtime/image.ts';
import { nameOwner } from '../../emulator/runtime/owner.ts';
import { createClient, waitFor, type CloudClient } from '../support/cloud-client.ts';
import { describeWithEngine, type TestEngine } from '../support/engine.ts';
import { startFaultProxy } from '../support/registry-faults.ts';
import { describeWithRegistry, readManifest } from '../support/registry.ts';

const TIMELINE = {
  registrationMs: 0,
  buildMs: 0,
  createVersionMs: 0,
  releaseMs: 0,
  onlineLagMs: 0,
  deleteMs: 0,
  busyAfterFailureMs: 0,
  probeWindowMs: 10_000,
};
const SERVER =
  "require('node:http').createServer((q, a) => a.end(process.env.WORD)).listen(process.env.PORT)";
const OWN = 'deploy-cloudbase-run-emulator';
/** A tar archive without files. */
const NO_FILES = '\0'.repeat(1024);
const Items = [{ Key: 'Port', IntValue: 9000 }];

function prepareDocker(engine: TestEngine, config: () => string) {
  const env = { ...engine.env, PATH: engine.env['PATH'] ?? process.env['PATH'] ?? '' };
  const docker = (args: string[], input?: string) =>
    execa('docker', args, {
      env: { ...env, DOCKER_CONFIG: config() },
      ...(input === undefined ? {} : { input }),
    });
  return {
    env,
    docker,
    /** Builds a service that answers a word; it shares all its layers with the next one. */
    build: (image: string, word: string) => {
      const dockerfile = `FROM node:24-slim\nENV WORD=${word}\nCMD ["node", "-e", ${JSON.stringify(SERVER)}]\n`;
      return execa('docker', ['buildx', 'build', '--load', '--tag', image, '-'], { env, input: dockerfile });
    },
    ids: async (image: string) => (await docker(['image', 'ls', '--quiet', '--no-trunc', image])).stdout,
    ownNames: async (serverName: string) =>
      (await docker(['image', 'ls', '--format', '{{.Tag}}', `${OWN}/${serverName}`])).stdout,
  };
}

describeWithRegistry('an image that is deployed by its reference', ({ engine, registry }) => {
  const name = `image-${process.pid}`;
  const { env, docker, build, ids, ownNames } = prepareDocker(
    engine,
    () => engine.env['DOCKER_CONFIG'] ?? '',
  );
  let emulator: Emulator;
  let client: CloudClient;

  const reference = (tag: string) => `${registry.address}/shop/${name}:${tag}`;
  async function push(tag: string, word: string): Promise<void> {
    await build(reference(tag), word);
    await docker(['push', reference(tag)]);
    await docker(['image', 'rm', reference(tag)]);
  }
  const deploy = (action: 'Create' | 'Update', serverName: string, ImageUrl: string) =>
    client.deployImage(action, serverName, { DeployInfo: { DeployType: 'image', ImageUrl }, Items });
  async function ask(serverName: string, version: string): Promise<string> {
    const { BaseInfo } = await client.waitOnline(serverName, `${serverName}-${version}`);
    return (await fetch(BaseInfo.DefaultDomainName)).text();
  }

  beforeAll(async () => {
    await push('1', 'one');
    await push('2', 'two');
    emulator = await startEmulator({ timeline: TIMELINE, dockerEnv: env });
    client = createClient(emulator);
  }, 120_000);
  afterAll(() => emulator.close());

  it('is pulled and runs, and is known to the engine by a name of the emulator alone', async () => {
    await deploy('Create', name, reference('1'));
    expect(await ask(name, '001')).toBe('one');
    expect((await client.records(name))?.[0]).toMatchObject({ BuildId: 0, ImageUrl: reference('1') });
    expect(await ids(reference('1'))).toBe('');
    expect(readImageName(await ownNames(name))).toMatchObject({ owner: nameOwner() });
  });

  it('is pulled by its digest', async () => {
    const { digest } = await readManifest(registry.address, `shop/${name}`, '2');
    const byDigest = `${registry.address}/shop/${name}@${digest}`;
    await deploy('Update', name, byDigest);
    expect(await ask(name, '002')).toBe('two');
    expect((await client.records(name))?.[0]).toMatchObject({ ImageUrl: byDigest });
    expect((await docker(['image', 'ls', '--quiet', '--filter', `reference=${byDigest}`])).stdout).toBe('');
  });

  it('comes back by a rollback, and by its reference, when it has gone from the engine', async () => {
    const names = { ServerName: name, CurrentVersionName: `${name}-002`, RollbackVersionName: `${name}-001` };
    await client.call('SubmitServerRollback', names);
    expect(await ask(name, '001')).toBe('one');
    await client.waitEnded(name);
    await deploy('Update', name, reference('2'));
    expect(await ask(name, '003')).toBe('two');
  });

  it('is what the registry has, not what the engine has under that name', async () => {
    await push('moved', 'theirs');
    await build(reference('moved'), 'ours');
    const ours = await ids(reference('moved'));
    await deploy('Create', `${name}-moved`, reference('moved'));
    expect(await ask(`${name}-moved`, '001')).toBe('theirs');
    expect(await ids(reference('moved'))).toBe(ours);
    await docker(['image', 'rm', reference('moved')]);
    expect(await ids(reference('moved'))).toBe('');
  });

  it('fails with the reason when it cannot be pulled', async () => {
    const proxy = await startFaultProxy(registry.address);
    proxy.fault({ path: /\/manifests\//, answer: { status: 403 } });
    const foreign = reference('foreign');
    await docker(['import', '--platform', 'linux/arm64', '-', foreign], NO_FILES);
    await docker(['push', foreign]);
    await docker(['image', 'rm', foreign]);
    const rows = [
      [reference('absent'), /manifest unknown/],
      [`${proxy.address}/shop/${name}:1`, /denied/],
      [foreign, /no match for platform/],
      ['--all-tags', /invalid reference format/],
    ] as const;
    const seen = [];
    for (const [index, [image]] of rows.entries()) {
      await deploy('Create', `${name}-f${index}`, image);
      seen.push((await client.waitEnded(`${name}-f${index}`)).FailReason);
    }
    await proxy.close();
    for (const [index, [image, words]] of rows.entries()) {
      expect(seen[index]).toContain(`Failed to pull image "${image}": ErrImagePull: `);
      expect(seen[index]).toMatch(words);
    }
    expect(await ids(reference('*'))).toBe('');
  });

  it('goes when the emulator is closed, and takes no name of others with it', async () => {
    const [tag = ''] = (await ownNames(name)).split('\n');
    const kept = `kept-${process.pid}:1`;
    await docker(['tag', `${OWN}/${name}:${tag}`, kept]);
    await emulator.close();
    expect(await ids(`${OWN}/${name}*`)).toBe('');
    expect(await ids(kept)).not.toBe('');
    await docker(['image', 'rm', kept]);
    expect(await ids(kept)).toBe('');
  });
});

describeWithRegistry(
  'an image of a registry with a password',
  ({ engine, registry }) => {
    const folder = { path: '' };
    const { env, docker } = prepareDocker(engine, () => folder.path);
    beforeAll(async () => {
      folder.path = await mkdtemp(join(tmpdir(), 'images-test-'));
    });
    afterAll(() => rm(folder.path, { recursive: true }));

    it('cannot be pulled, whoever is logged in here', async () => {
      const image = `${registry.address}/shop/app:1`;
      await docker(['login', '--username', 'ann', '--password-stdin', registry.address], 'secret');
      await docker(['import', '-', image], NO_FILES);
      await docker(['push', image]);
      await docker(['image', 'rm', image]);
      const dockerEnv = { ...env, DOCKER_CONFIG: folder.path };
      const emulator = await startEmulator({ timeline: TIMELINE, dockerEnv });
      const client = createClient(emulator);
      const DeployInfo = { DeployType: 'image', ImageUrl: image };
      await client.deployImage('Create', 'locked', { DeployInfo, Items });
      expect((await client.waitEnded('locked')).FailReason).toMatch(
        /ErrImagePull: .*no basic auth credentials/,
      );
      await emulator.close();
    });
  },
  { user: { name: 'ann', password: 'secret' } },
);

describeWithEngine('an image that a killed emulator had pulled', (engine) => {
  const { env, docker } = prepareDocker(engine, () => engine.env['DOCKER_CONFIG'] ?? '');

  it('goes by its name when the next emulator starts; one of a living emulator stays', async () => {
    const plan = { serverName: `Gone-${process.pid}`, versionName: 'v-001' };
    const id = '0123456789ab';
    const gone = nameImage({ id, owner: nameOwner().replace(/\.\d+\./, '.999999999.') }, plan);
    const living = nameImage({ id, owner: nameOwner() }, plan);
    for (const image of [gone, living]) await docker(['tag', 'node:24-slim', image]);
    const emulator = await startEmulator({ dockerEnv: env });
    const left = async () =>
      (await docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', `${OWN}/gone-${process.pid}`]))
        .stdout;
    expect(await waitFor(left, (names) => !names.includes(gone))).toBe(living);
    await docker(['image', 'rm', living]);
    await docker(['image', 'inspect', 'node:24-slim']);
    await emulator.close();
  });
});

describe('the name of an image', () => {
  it('tells whose it is, and no other name does', () => {
    const engine = { id: '0123456789ab', owner: nameOwner() };
    const plan = { serverName: 'a'.repeat(45), versionName: `${'a'.repeat(45)}-001` };
    const image = nameImage(engine, plan);
    expect(readImageName(image)).toEqual(engine);
    expect(nameImage(engine, plan)).not.toBe(image);
    expect(image.split(':')[1]).toMatch(/^[\w][\w.-]{0,127}$/);
    expect(readImageName('deploy-cloudbase-run-emulator/app:1')).toBeUndefined();
  });
});
