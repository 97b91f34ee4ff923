import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient, type CloudClient } from '../support/cloud-client.ts';
import { describeWithEngine } from '../support/engine.ts';
import { instant } from '../support/step.ts';

type DeployParams = Parameters<CloudClient['sdk']['cloudrun']['deploy']>[0];

describeWithEngine('a service of a monorepo', (engine) => {
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant, dockerEnv: engine.env });
    client = createClient(emulator);
  });
  afterAll(async () => {
    await emulator.close();
  });

  async function deploy(serverName: string, settings: object): Promise<string> {
    const targetPath = '__tests__/fixtures/containers/monorepo';
    const serverConfig = { Port: 8080, ...settings };
    await client.sdk.cloudrun.deploy({ serverName, targetPath, serverConfig } as DeployParams);
    await client.waitEnded(serverName);
    const { BuildId } = (await client.records(serverName))?.[0] ?? {};
    return JSON.stringify(await client.call('DescribeCloudRunBuildLog', { ServerName: serverName, BuildId }));
  }

  it('builds with its Dockerfile below the build folder, and answers', async () => {
    await deploy('right', { BuildDir: 'services', Dockerfile: 'api/Dockerfile.api' });
    const { BaseInfo } = await client.waitOnline('right', 'right-001');
    const answer = await fetch(BaseInfo.DefaultDomainName);
    expect(await answer.text()).toBe('Hello from a service of the monorepo');
  });

  it.each([
    [
      'a build folder too high',
      { BuildDir: '.', Dockerfile: 'services/api/Dockerfile.api' },
      '/api/server.js',
    ],
    ['a build folder too low', { BuildDir: 'services/api', Dockerfile: 'Dockerfile.api' }, '/api/server.js'],
    ['no build folder', { Dockerfile: 'services/api/Dockerfile.api' }, '/api/server.js'],
    [
      'a Dockerfile named from the root',
      { BuildDir: 'services', Dockerfile: 'services/api/Dockerfile.api' },
      'no such file',
    ],
  ])('fails to build with %s', async (how, settings, words) => {
    const serverName = `wrong-${how.length}`;
    expect(await deploy(serverName, settings)).toContain(words);
    expect((await client.records(serverName))?.[0]?.Status).toBe('build_failed');
  });
});
