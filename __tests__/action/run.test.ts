import { afterAll, describe, expect, it } from '@jest/globals';

import { runStep, type StepResult } from '../../scripts/runner.ts';
import { describeWithEngine } from '../support/engine.ts';
import { listLabelled, listProcesses } from '../support/leftovers.ts';
import { ask, errorsOf, makeWorkspace, removeWorkspaces } from '../support/step.ts';

const greeter =
  'exports.main = (event, { httpContext }) => ({ greeting: process.env.GREETING, token: process.env.TOKEN, url: httpContext.url });\n';

/** What the service answers between the main and the post part of the step. */
interface Between {
  result: StepResult;
  answer: unknown;
}

async function runBetween(
  request: Parameters<typeof runStep>[0],
  look: (url: string) => Promise<unknown>,
): Promise<Between> {
  let answer: unknown;
  const result = await runStep({
    ...request,
    onMainEnd: async (outputs) => {
      answer = await look(outputs['url'] ?? '');
    },
  });
  return { result, answer };
}

const markOf = (result: StepResult): string => `cloudbase-run-${result.state['step'] ?? ''}`;

afterAll(removeWorkspaces);

describe('a function that is left running', () => {
  it('answers the steps that follow, with the env vars of the local run, and is stopped by the post part', async () => {
    const workspace = await makeWorkspace({ 'index.js': greeter });
    const { result, answer } = await runBetween(
      {
        workspace,
        env: { TOKEN: 'stand-in-token' },
        inputs: {
          command: 'run',
          mode: 'function',
          'server-config': 'EnvParams: { GREETING: from-config }',
          'verify-env': 'GREETING=from-step',
          'verify-env-from': 'TOKEN',
        },
      },
      (url) => ask(`${url}/a`),
    );
    expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([0, 0, '']);
    expect(result.outputs).toMatchObject({ status: 'running', 'failure-kind': '' });
    expect(answer).toMatchObject({ status: 200, body: { greeting: 'from-step', token: 'stand-in-token' } });
    expect(Number(result.outputs['time-to-listen-ms'])).toBeGreaterThan(0);
    expect(result.lines).toContain(`Running: ${result.outputs['url']}`);
    expect(result.lines.join('\n')).toMatch(/The last lines of the service\n[^]*Server listening on port/);
    expect(result.leftAfterPost).toEqual([]);
    expect(listProcesses(markOf(result))).toEqual([]);
  }, 60_000);

  it('takes the port that run-port names, and refuses one that is taken', async () => {
    const workspace = await makeWorkspace({ 'index.js': greeter });
    const inputs = { command: 'run', mode: 'function', 'run-port': '39471' };
    const { result, answer } = await runBetween({ workspace, inputs }, () => runStep({ workspace, inputs }));
    expect(result.outputs['url']).toBe('http://127.0.0.1:39471');
    const second = answer as StepResult;
    expect(second.outputs).toMatchObject({ status: 'failed', 'failure-kind': 'input', url: '' });
    expect(errorsOf(second)).toEqual([expect.stringMatching(/^run-port: is 39471, where another program/)]);
  }, 60_000);

  it('is not left running when it does not come up', async () => {
    const workspace = await makeWorkspace({ 'index.js': 'process.exit(7);\n' });
    const result = await runStep({ workspace, inputs: { command: 'run', mode: 'function' } });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ status: 'failed', url: '' });
    expect([result.leftAfterMain, result.leftAfterPost]).toEqual([[], []]);
    expect(listProcesses(markOf(result))).toEqual([]);
  }, 60_000);
});

describeWithEngine('a container that is left running', (engine) => {
  it('answers on run-port, and is stopped by the post part', async () => {
    const workspace = await makeWorkspace({ app: { copy: 'examples/node-container' } });
    const { result, answer } = await runBetween(
      {
        workspace,
        env: engine.env,
        inputs: {
          command: 'run',
          source: 'app',
          'server-config': 'app/cloudbase-run.yml',
          'verify-env': 'GREETING=Servus',
        },
      },
      (url) => ask(`${url}/x`),
    );
    expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([0, 0, '']);
    expect(answer).toEqual({
      status: 200,
      body: { message: 'Servus from a CloudBase Run container', path: '/x' },
    });
    expect(result.lines).toContain('Listening on port 8080');
    expect(await listLabelled(engine, markOf(result))).toEqual([]);
  }, 60_000);

  it('that ends before the job does is told of', async () => {
    const workspace = await makeWorkspace({
      Dockerfile: 'FROM node:24-slim\nCOPY server.js ./\nUSER node\nEXPOSE 8080\nCMD ["node", "server.js"]\n',
      'server.js':
        "require('http').createServer((q, s) => { s.end('bye'); setTimeout(() => process.exit(9), 50); }).listen(process.env.PORT);\n",
    });
    const { result } = await runBetween(
      { workspace, env: engine.env, inputs: { command: 'run' } },
      async (url) => {
        await ask(url);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      },
    );
    expect(result.postExitCode).toBe(0);
    expect(result.lines).toContain(
      '::warning::The service did not last until the end of the job: it ended with exit code 9.',
    );
  }, 60_000);
});
