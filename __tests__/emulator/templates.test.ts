import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient, withFolder, type CloudClient } from '../support/cloud-client.ts';
import { instant } from '../support/step.ts';
import { startTlsProxy, type TlsProxy } from '../support/tls-proxy.ts';

type DeployParams = Parameters<CloudClient['sdk']['cloudrun']['deploy']>[0];

const ROOT = join(import.meta.dirname, '../..');
const SDK = `
  const { default: CloudBase } = await import('@cloudbase/manager-node');
  const [secretId, secretKey, method, params] = process.argv.slice(1);
  const sdk = new CloudBase({ secretId, secretKey, envId: 'demo-env' });
  console.log(JSON.stringify(await sdk.cloudrun[method](JSON.parse(params))));`;

/** The SDK as its vendor ships it, in a process of its own: only there can it be told which certificate to trust. */
describe('the templates', () => {
  let emulator: Emulator;
  let proxy: TlsProxy;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant });
    proxy = await startTlsProxy(emulator.apiEndpoint);
  });
  afterAll(async () => {
    await proxy.close();
    await emulator.close();
  });

  async function sdk(method: 'getTemplates' | 'init', params: object = {}): Promise<unknown> {
    const { secretId, secretKey } = emulator.credential;
    const args = ['--input-type=module', '-e', SDK, secretId, secretKey, method, JSON.stringify(params)];
    const env = { http_proxy: proxy.url, NODE_EXTRA_CA_CERTS: proxy.caFile };
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
    return JSON.parse(stdout);
  }

  const read = (...path: string[]): Promise<string> => readFile(join(...path), 'utf8');
  const example = (...path: string[]): Promise<string> => read(ROOT, 'examples', ...path);

  it("are listed by the vendor's SDK, a function and a container", async () => {
    expect(await sdk('getTemplates')).toEqual([
      expect.objectContaining({ identifier: 'helloworld', language: 'Nodejs', funcTypes: ['tcbrFunc'] }),
      expect.objectContaining({ identifier: 'node-container', funcTypes: ['tcbrContainer'] }),
    ]);
    expect(emulator.journal.actions()).toEqual(['POST template list']);
    expect(proxy.refused).toEqual([]);
  });

  it('become a project that can be deployed, the function by default', async () => {
    await withFolder({}, async (targetPath) => {
      const projectDir = join(targetPath, 'hello');
      expect(await sdk('init', { serverName: 'hello', targetPath })).toEqual({ projectDir });
      expect(await read(projectDir, 'index.js')).toBe(await example('node-function', 'index.js'));
      const client = createClient(emulator);
      await client.sdk.cloudrun.deploy({ serverName: 'hello', targetPath: projectDir } as DeployParams);
      const { BaseInfo } = await client.waitOnline('hello', 'hello-001');
      expect(await (await fetch(BaseInfo.DefaultDomainName)).json()).toMatchObject({
        message: 'Hello from a CloudBase Run function',
      });
    });
  });

  it('have a container with a Dockerfile, and bring no installed dependencies', async () => {
    await withFolder({}, async (targetPath) => {
      await sdk('init', { serverName: 'box', template: 'node-container', targetPath });
      expect(await read(targetPath, 'box/Dockerfile')).toBe(await example('node-container', 'Dockerfile'));
      expect(await readdir(join(targetPath, 'box'))).not.toContain('node_modules');
    });
  });

  it('are cut by skip and limit, and answer nothing else', async () => {
    const ask = (path: string, method = 'GET'): Promise<Response> =>
      fetch(`${emulator.apiEndpoint}${path}`, { method });
    const list = '/func_tpl/v1.0/function_list/find';
    expect(await (await ask(`${list}?skip=1&limit=1`, 'POST')).json()).toMatchObject({
      data: [{ identifier: 'node-container' }],
    });
    expect((await ask(list)).status).toBe(405);
    expect((await ask('/templates/absent.zip')).status).toBe(404);
  });
});
