import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { GitHubOptions } from '../../emulator/github/server.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { deploy, instant, makeWorkspace, removeWorkspaces, type StepRequest } from '../support/step.ts';

const sha = '0123456789abcdef0123456789abcdef01234567';
const event = { pull_request: { number: 7, head: { sha, repo: { full_name: 'acme/shop' } } } };
const secret = 'kq-5544332211';
const config = `OpenAccessTypes: [WEB]\nEnvParams:\n  API_TOKEN: ${secret}\n  GREETING: Moin 77\n`;

let emulator: Emulator;
let workspace: string;

beforeEach(async () => {
  workspace = await makeWorkspace({ 'index.js': 'exports.main = () => 1;\n', 'service.yml': config });
});
afterEach(async () => {
  await emulator.close();
  await removeWorkspaces();
});

async function start(github: GitHubOptions = {}): Promise<void> {
  emulator = await startEmulator({ timeline: instant, github });
}

/** Deploys on a pull request; nothing is built or started, for the comment is the subject. */
function run(request: Partial<StepRequest> = {}): Promise<StepResult> {
  emulator.script('demo-env', request.inputs?.['service-name'] ?? 'app', { end: 'online', run: false });
  return deploy(emulator, {
    workspace,
    event,
    ...request,
    inputs: {
      'server-config': 'service.yml',
      'github-token': emulator.github.token,
      ...request.inputs,
    },
    env: {
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_RUN_ID: '4242',
      GITHUB_API_URL: emulator.githubApiUrl,
    },
  });
}

const comments = () => emulator.github.comments('acme', 'shop', 7);

describe('the comment on the pull request', () => {
  it('is one: written by the first run, updated by the second', async () => {
    await start();
    const first = await run();
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    const [written] = comments();
    expect(written?.body).toMatch(/^<!-- deploy-cloudbase-run service=app env=demo-env -->\n/);
    expect(written?.body).toContain(`**Live**: ${first.outputs['url'] ?? ''}`);
    expect(written?.body).toContain('<code>app-001</code>');
    expect(written?.body).toContain('https://github.com/acme/shop/actions/runs/4242');
    expect(written?.body).toContain('commit <code>0123456</code>');
    expect(first.lines).toContain(`Comment: ${written?.html_url ?? ''}`);
    await run();
    const [updated, ...more] = comments();
    expect([updated?.id, more]).toEqual([written?.id, []]);
    expect(updated?.body).toContain('| <code>app-002</code> | <code>app-001</code> |');
    for (const value of [secret, 'Moin 77', emulator.credential.secretKey, emulator.github.token]) {
      expect(updated?.body).not.toContain(value);
    }
  });

  it('belongs to its service, and leaves what people write alone', async () => {
    await start();
    const body = '<!-- deploy-cloudbase-run service=app env=demo-env -->\nquoted by a person';
    emulator.github.addComment('acme', 'shop', { issue: 7, body });
    await run();
    await run({ inputs: { 'service-name': 'app-two' } });
    expect(comments().map((comment) => comment.body.split('\n')[0])).toEqual([
      '<!-- deploy-cloudbase-run service=app env=demo-env -->',
      '<!-- deploy-cloudbase-run service=app env=demo-env -->',
      '<!-- deploy-cloudbase-run service=app-two env=demo-env -->',
    ]);
    expect(comments()[0]?.body).toBe(body);
  });

  it('is found among more than a hundred others', async () => {
    await start();
    for (let count = 1; count <= 130; count++) {
      emulator.github.addComment('acme', 'shop', { issue: 7, body: `remark ${count}` });
    }
    await run();
    await run();
    expect(comments()).toHaveLength(131);
    expect(comments().at(-1)?.body).toContain('<code>app-002</code>');
  });

  it('tells of a failure with its kind and the last lines of the log', async () => {
    await start();
    const script = { end: 'build_failed', log: 'step 3: `make` fails @everyone' } as const;
    emulator.script('demo-env', 'app', script);
    const result = await run();
    expect([result.exitCode, result.outputs['failure-kind']]).toEqual([1, 'build']);
    expect(comments()[0]?.body).toContain('**Failed** at "Follow the release" (<code>build</code>)');
    expect(comments()[0]?.body).toContain('step 3: `make` fails @everyone');
  });

  it('tells of a failure that was known before anything was built', async () => {
    await start();
    const result = await run({ inputs: { 'secret-key': 'wrong-secret-key' } });
    expect(result.outputs['failure-kind']).toBe('auth');
    expect(comments()[0]?.body).toContain('**Failed** at "Look at the live service" (<code>auth</code>)');
    expect(comments()[0]?.body).not.toContain('wrong-secret-key');
  });
});

describe('without a comment the run stays green', () => {
  it('with a token that may only read: a notice, or a warning where the comment was asked for', async () => {
    await start({ permissions: { issues: 'read', pullRequests: 'read' } });
    const quiet = await run();
    expect([quiet.exitCode, quiet.stderr, quiet.outputs['status']]).toEqual([0, '', 'live']);
    const sentence = 'The comment cannot be written: Resource not accessible by integration';
    expect(quiet.lines.filter((line) => line.startsWith(`::notice::${sentence}`))).toHaveLength(1);
    expect(quiet.lines.join('\n')).toContain('permissions: pull-requests: write');
    const loud = await run({ inputs: { comment: 'true' } });
    expect(loud.exitCode).toBe(0);
    expect(loud.lines.filter((line) => line.startsWith(`::warning::${sentence}`))).toHaveLength(1);
    expect(comments()).toEqual([]);
  });

  it('with comment: false GitHub is not asked', async () => {
    await start();
    const result = await run({ inputs: { comment: 'false' } });
    expect([result.exitCode, emulator.github.journal]).toEqual([0, []]);
  });

  it('on another event GitHub is not asked, and comment: true says why', async () => {
    await start();
    const result = await run({ event: { ref: 'refs/heads/main' } });
    expect([result.exitCode, emulator.github.journal]).toEqual([0, []]);
    const asked = await run({ event: { ref: 'refs/heads/main' }, inputs: { comment: 'true' } });
    expect(asked.exitCode).toBe(0);
    expect(asked.lines).toContain('::warning::There is no comment: the event is not of a pull request.');
  });

  it('on a locked conversation and with a token that is no longer good', async () => {
    await start();
    emulator.github.lock('acme', 'shop', 7);
    const locked = await run();
    expect([locked.exitCode, locked.stderr]).toEqual([0, '']);
    expect(locked.lines.join('\n')).toMatch(/^::notice::The comment cannot be written: .*locked/m);
    const expired = await run({ inputs: { 'github-token': 'ghs_expired' } });
    expect([expired.exitCode, expired.stderr]).toEqual([0, '']);
    expect(expired.lines.join('\n')).toMatch(/^::notice::The comment cannot be written: Bad credentials/m);
  });
});
