import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createClient, withFolder, type CloudClient } from '../support/cloud-client.ts';
import { instant } from '../support/step.ts';

const AGENT = {
  'index.js': `
    exports.main = (event, context) => {
      const { httpMethod, url } = context.httpContext;
      const [, botId] = /^\\/v1\\/aibot\\/bots\\/([^/]+)\\/send-message$/.exec(new URL(url).pathname) ?? [];
      if (httpMethod !== 'POST' || botId === undefined) return { statusCode: 404, headers: {}, body: 'no such method' };
      const sse = context.sse({ keepalive: false });
      for (const word of [...event.msg.split(' '), botId]) sse.send({ data: { content: word } });
      sse.end({ data: '[DONE]' });
    };`,
  'package.json': JSON.stringify({ name: 'agent', main: 'index.js' }),
};
/** The one method under test, without the SDK's advice to use another kind of agent. */
interface FunctionAgents {
  createFunctionAgent(cwd: string, bot: typeof BOT): Promise<{ BotId: string }>;
}

const BOT = { Name: 'Echo', BotId: 'ibot-echo_1-t7', Introduction: 'Says it again', Avatar: '' };

describe('an agent', () => {
  let emulator: Emulator;
  let client: CloudClient;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant });
    client = createClient(emulator);
  });
  afterAll(async () => {
    await emulator.close();
  });

  const create = (more: object = {}): Promise<{ BotId: string }> => {
    const agents: FunctionAgents = client.sdk.agent;
    return withFolder(AGENT, (cwd) => agents.createFunctionAgent(cwd, { ...BOT, ...more }));
  };

  it("is created by the vendor's SDK and streams its answer from the service's address", async () => {
    expect((await create()).BotId).toBe(BOT.BotId);
    const { BaseInfo } = await client.waitOnline('ibot-echo_1', 'ibot-echo_1-001');
    expect(BaseInfo).toMatchObject({ ServerType: 'function', Status: 'normal' });
    expect(emulator.journal.actions().slice(0, 4)).toEqual([
      'DescribeEnvInfo',
      'DescribeCloudBaseBuildService',
      'PUT package',
      'CreateBot',
    ]);
    const url = `${BaseInfo.DefaultDomainName}/v1/aibot/bots/${BOT.BotId}/send-message`;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: '{"msg":"hi there"}' });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const data = [...(await answer.text()).matchAll(/^data: ?(.+)$/gm)].map((match) => match[1]);
    const said = ['hi', 'there', BOT.BotId].map((content) => JSON.stringify({ content }));
    expect(data).toEqual([...said, '[DONE]']);
    expect((await fetch(url)).status).toBe(404);
  });

  it('is refused a second time, and another one with the same service too', async () => {
    await expect(create()).rejects.toMatchObject({ code: 'ResourceInUse' });
    await expect(create({ BotId: 'ibot-echo_1-t8' })).rejects.toMatchObject({ code: 'ResourceInUse' });
    expect(await client.records('ibot-echo_1')).toHaveLength(1);
  });

  it.each([
    ['a BotId of another form', { BotId: 'ibot-Echo-1' }, 'InvalidParameter'],
    ['a BotId with a part too many', { BotId: 'ibot-a-b-c' }, 'InvalidParameter'],
    ['no Name', { Name: '' }, 'MissingParameter'],
    ['a package that was never announced', { PackageName: 'x.zip', PackageVersion: '1' }, 'InvalidParameter'],
    ['an unknown environment', { EnvId: 'other' }, 'InvalidParameter.EnvId'],
    ['an environment without CloudBase Run', { EnvId: 'closed-env' }, 'ResourceNotFound'],
  ])('is refused with %s', async (_case, more, code) => {
    const upload = await client.call('DescribeCloudBaseBuildService', { ServiceName: 'ibot-new' });
    const { PackageName, PackageVersion } = upload;
    const params = { ...BOT, BotId: 'ibot-new-1', PackageName, PackageVersion, ...more };
    await expect(client.call('CreateBot', params)).rejects.toMatchObject({ code });
    expect((await client.sdk.cloudrun.list()).Total).toBe(1);
  });
});
