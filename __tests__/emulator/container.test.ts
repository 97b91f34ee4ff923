import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import {
  createClient,
  waitFor,
  withFolder,
  type CloudClient,
  type TaskAnswer,
} from '../support/cloud-client.ts';
import { describeWithEngine } from '../support/engine.ts';

type DeployParams = Parameters<CloudClient['sdk']['cloudrun']['deploy']>[0];

const TIMELINE = {
  registrationMs: 0,
  buildMs: 0,
  createVersionMs: 0,
  releaseMs: 0,
  onlineLagMs: 0,
  deleteMs: 0,
  busyAfterFailureMs: 0,
};
const SERVER = `
const { createServer } = require('node:http');
const { readFileSync } = require('node:fs');
const host = process.env.BIND ?? '0.0.0.0';
createServer((request, response) => {
  const built = readFileSync('/app/build-environment', 'utf8');
  response.end(JSON.stringify({ env: process.env, built, args: process.argv.slice(2) }));
}).listen(Number(process.env.PORT), host, () => console.log('listening as ' + process.getuid()));
`;
const DOCKERFILE = `
FROM node:24-slim
WORKDIR /app
RUN env > build-environment
COPY server.js .
USER node
CMD ["node", "server.js"]
`;
const FILES = { Dockerfile: DOCKERFILE, 'server.js': SERVER };

interface Seen {
  env: { [name: string]: string };
  built: string;
  args: string[];
}

describeWithEngine('a container release', (engine) => {
  const name = `app-${process.pid}`;
  const env = { ...engine.env, PATH: engine.env['PATH'] ?? process.env['PATH'] ?? '' };
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    process.env['GITHUB_TOKEN'] = 'leak-1';
    const dockerEnv = { ...env, INPUT_SECRET: 'leak-2' };
    emulator = await startEmulator({ timeline: { ...TIMELINE, probeWindowMs: 3000 }, dockerEnv });
    client = createClient(emulator);
  });
  afterAll(async () => {
    await emulator.close();
    delete process.env['GITHUB_TOKEN'];
  });

  const docker = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('docker', args, { env })).stdout.trim();

  async function deploy(
    serverName: string,
    files: { [path: string]: string },
    serverConfig: object,
  ): Promise<TaskAnswer['Task']> {
    await withFolder(files, (targetPath) =>
      client.sdk.cloudrun.deploy({
        serverName,
        targetPath,
        serverConfig: { Dockerfile: 'Dockerfile', ...serverConfig },
      } as DeployParams),
    );
    return client.waitEnded(serverName);
  }

  async function ask(serverName: string, version = '001'): Promise<Seen> {
    const { BaseInfo } = await client.waitOnline(serverName, `${serverName}-${version}`);
    return (await (await fetch(BaseInfo.DefaultDomainName)).json()) as Seen;
  }

  async function logs(serverName: string): Promise<string> {
    const { RunId, BuildId } = (await client.records(serverName))?.[0] ?? { RunId: '', BuildId: 0 };
    const build = await client.call('DescribeCloudRunBuildLog', { ServerName: serverName, BuildId });
    const run = await client.call('DescribeCloudRunProcessLog', { RunId });
    return JSON.stringify([build, run]);
  }

  it('builds and runs a package, which sees PORT, its env vars and nothing else of ours', async () => {
    await deploy(name, FILES, { Port: 8080, EnvParams: '{"GREETING":"Hi","PATH_HINT":"x","HOME":"/app"}' });
    const seen = await ask(name);
    expect(seen.env).toMatchObject({ PORT: '8080', GREETING: 'Hi', PATH_HINT: 'x', HOME: '/app' });
    expect(JSON.stringify(seen)).not.toContain('leak-');
    expect(seen.built).toContain('PATH=');
    expect(Object.keys(seen.env)).not.toContain('DOCKER_HOST');
    const log = await logs(name);
    expect(log).toContain('RUN env > build-environment');
    expect(log).toContain('listening as 1000');
  });

  it('gives the container the memory of the service, its command and the label of the emulator', async () => {
    const before = (await ask(name)).env['HOSTNAME'] ?? '';
    await deploy(name, FILES, { Cpu: 0.5, Mem: 1, EntryPoint: ['node'], Cmd: ['server.js', '--loud'] });
    const seen = await ask(name, '002');
    expect(seen.args).toEqual(['--loud']);
    const format =
      '{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{index .Config.Labels "deploy-cloudbase-run.emulator"}}';
    expect(await docker('inspect', '--format', format, seen.env['HOSTNAME'] ?? '')).toMatch(
      /^1073741824 500000000 [0-9a-f]{12}$/,
    );
    await waitFor(
      () => docker('ps', '--all', '--quiet', '--filter', `id=${before}`),
      (ids) => ids === '',
    );
  });

  it('starts the image online again by its address, after a release that failed', async () => {
    const { ImageUrl } = (await client.detail(name)).OnlineVersionInfos?.[0] ?? {};
    expect(await deploy(name, { ...FILES, 'server.js': 'process.exit(3)' }, {})).toMatchObject({
      Status: 'failed',
    });
    await client.deployImage('Update', name, { DeployInfo: { DeployType: 'image', ImageUrl } });
    expect((await ask(name, '004')).env['GREETING']).toBe('Hi');
  });

  it('fails to start an image that cannot be pulled', async () => {
    await client.deployImage('Create', `${name}-absent`, {
      DeployInfo: { DeployType: 'image', ImageUrl: '127.0.0.1:9/absent:1' },
    });
    expect((await client.waitEnded(`${name}-absent`)).FailReason).toContain('ErrImagePull');
  });

  it('finds the Dockerfile in the build folder', async () => {
    const files = { 'back/docker/Prod': DOCKERFILE, 'back/server.js': SERVER };
    await deploy(`${name}-dir`, files, { Port: 8080, BuildDir: 'back', Dockerfile: 'docker/Prod' });
    expect((await ask(`${name}-dir`)).env['PORT']).toBe('8080');
  });

  it.each([
    [
      'a step of the build fails',
      { Dockerfile: 'FROM node:24-slim\nRUN echo told you && exit 3\n' },
      'told you',
    ],
    ['there is no Dockerfile', { 'server.js': SERVER }, 'no such file'],
  ])('fails in the build when %s', async (_case, files, words) => {
    const serverName = `${name}-${words.slice(0, 2)}`;
    await deploy(serverName, files, { Port: 8080 });
    expect((await client.records(serverName))?.[0]?.Status).toBe('build_failed');
    expect(await logs(serverName)).toContain(words);
  });

  it.each([
    ['may not bind its port', { Port: 80 }, /Back-off.*EACCES: permission denied/],
    ['binds loopback only', { Port: 8080, EnvParams: '{"BIND":"127.0.0.1"}' }, /Readiness probe failed/],
  ])('fails in the start when it %s', async (reason, config, words) => {
    const serverName = `${name}-${reason.slice(0, 3)}`;
    await deploy(serverName, FILES, config);
    expect((await client.records(serverName))?.[0]?.Status).toBe('deploy_failed');
    expect(await logs(serverName)).toMatch(words);
  });

  it('leaves no container and no image behind', async () => {
    const id = (await ask(name, '004')).env['HOSTNAME'] ?? '';
    expect(await docker('inspect', '--format', '{{.State.Running}}', id)).toBe('true');
    await emulator.close();
    expect(await docker('ps', '--all', '--quiet', '--filter', `id=${id}`)).toBe('');
    expect(await docker('image', 'ls', '--quiet', '--filter', `reference=*/${name}*`)).toBe('');
  });
});
