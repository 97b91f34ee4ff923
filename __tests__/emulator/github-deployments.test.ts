import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getOctokit } from '@actions/github';
import { startGitHub } from '../../emulator/github/server.ts';
import type { GitHubServer } from '../../emulator/github/server.ts';

const at = { owner: 'acme', repo: 'shop' };
const free = { ...at, ref: 'feature', required_contexts: [] };
const sha = 'a'.repeat(40);

let github: GitHubServer;

beforeEach(async () => {
  github = await startGitHub({
    repositories: {
      'acme/shop': {
        branches: { feature: sha, late: 'b'.repeat(40), clash: 'c'.repeat(40) },
        behind: { late: 'merges', clash: 'conflicts' },
        pulls: [{ number: 7, head: 'feature' }],
      },
    },
  });
});

afterEach(async () => {
  await github.close();
});

function repos() {
  return getOctokit(github.token, { baseUrl: github.url }).rest.repos;
}

async function refused(request: Promise<unknown>): Promise<{ status: number; response: { data: unknown } }> {
  return request.then(
    () => {
      throw new Error('the request was not refused');
    },
    (error: unknown) => error as { status: number; response: { data: unknown } },
  );
}

async function create(options: object = {}): Promise<number> {
  const { data } = await repos().createDeployment({ ...free, environment: 'preview', ...options });
  return 'id' in data ? data.id : 0;
}

async function setState(
  id: number,
  state: 'success' | 'inactive' | 'in_progress' | 'failure',
  options: object = {},
) {
  return repos().createDeploymentStatus({ ...at, deployment_id: id, state, ...options });
}

describe('creating a deployment', () => {
  it('answers 201 with the fields that GitHub returns', async () => {
    const created = await repos().createDeployment({ ...free, environment: 'preview', payload: { a: 1 } });
    expect(created.status).toBe(201);
    expect(created.data).toMatchObject({
      ref: 'feature',
      sha,
      task: 'deploy',
      environment: 'preview',
      original_environment: 'preview',
      payload: { a: 1 },
      description: null,
      transient_environment: false,
      production_environment: false,
      creator: { login: 'github-actions[bot]', type: 'Bot' },
      repository_url: `${github.url}/repos/acme/shop`,
    });
    expect(github.deployments('acme', 'shop')).toHaveLength(1);
  });

  it('is refused while the workflow itself is a pending check', async () => {
    const failure = await refused(repos().createDeployment({ ...at, ref: 'feature' }));
    expect(failure.status).toBe(409);
    expect(failure.response.data).toEqual({
      message: 'Conflict: Commit status checks failed for feature.',
      errors: [
        {
          contexts: [{ context: 'deploy', state: 'pending' }],
          resource: 'Deployment',
          field: 'required_contexts',
          code: 'invalid',
        },
      ],
      documentation_url: 'https://docs.github.com/rest/deployments/deployments#create-a-deployment',
      status: '409',
    });
  });

  it('is refused when a context it requires was never submitted', async () => {
    expect((await refused(repos().createDeployment({ ...free, required_contexts: ['ci'] }))).status).toBe(
      409,
    );
  });

  it('merges the default branch instead, once, into a branch that lacks it', async () => {
    const late = { ...free, ref: 'late' };
    const merged = await repos().createDeployment(late);
    expect(merged.status).toBe(202);
    expect(merged.data).toEqual({ message: 'Auto-merged main into late on deployment.' });
    expect(github.deployments('acme', 'shop')).toEqual([]);
    expect((await repos().createDeployment(late)).status).toBe(201);
  });

  it.each(['clash', 'b'.repeat(40)])('is a conflict when %s cannot take the default branch', async (ref) => {
    const failure = await refused(repos().createDeployment({ ...free, ref }));
    expect(failure.status).toBe(409);
    expect(failure.response.data).toMatchObject({ message: `Conflict merging main into ${ref}.` });
    expect((await repos().createDeployment({ ...free, ref, auto_merge: false })).status).toBe(201);
  });

  it.each([sha, 'refs/heads/feature', 'refs/pull/7/head'])('knows the commit by %s', async (ref) => {
    const { data } = await repos().createDeployment({ ...free, ref });
    expect(data).toMatchObject({ ref, sha });
  });

  it('refuses a ref that does not exist', async () => {
    const failure = await refused(repos().createDeployment({ ...free, ref: 'nowhere' }));
    expect(failure.status).toBe(422);
    expect(failure.response.data).toMatchObject({ message: 'No ref found for: nowhere' });
  });
});

describe('deployment statuses', () => {
  it('are listed newest first and told in the views', async () => {
    const id = await create();
    await setState(id, 'in_progress', { log_url: 'https://example.com/log' });
    await setState(id, 'success', { environment_url: 'https://example.com/' });
    const { data } = await repos().listDeploymentStatuses({ ...at, deployment_id: id });
    expect(data.map(({ state }) => state)).toEqual(['success', 'in_progress']);
    expect(data[0]).toMatchObject({ environment: 'preview', environment_url: 'https://example.com/' });
    expect(data[1]).toMatchObject({
      log_url: 'https://example.com/log',
      target_url: 'https://example.com/log',
    });
    const [deployment] = github.deployments('acme', 'shop');
    expect(deployment?.statuses.map(({ state }) => state)).toEqual(['in_progress', 'success']);
  });

  it.each([
    [{ state: 'finished' }, 'state is not included in the list'],
    [
      { state: 'success', description: 'x'.repeat(141) },
      'description is too long (maximum is 140 characters)',
    ],
  ])('refuse %j', async (options, message) => {
    const id = await create();
    const failure = await refused(setState(id, 'success', options));
    expect(failure.status).toBe(422);
    expect(failure.response.data).toMatchObject({ errors: [{ resource: 'DeploymentStatus', message }] });
  });

  it('make earlier successes of the environment inactive, unless transient, production or told otherwise', async () => {
    const plain = await create();
    const kept = await create({ transient_environment: true });
    const elsewhere = await create({ environment: 'staging' });
    for (const id of [plain, kept, elsewhere]) await setState(id, 'success', { auto_inactive: false });
    await setState(await create(), 'success');
    const last = github.deployments('acme', 'shop').map(({ statuses }) => statuses.at(-1)?.state);
    expect(last).toEqual(['inactive', 'success', 'success', 'success']);
  });
});

describe('deleting a deployment', () => {
  it('takes only an inactive one', async () => {
    const [first, second] = [await create(), await create()];
    await setState(first, 'success');
    const failure = await refused(repos().deleteDeployment({ ...at, deployment_id: first }));
    expect(failure.status).toBe(422);
    await setState(first, 'inactive');
    expect((await repos().deleteDeployment({ ...at, deployment_id: first })).status).toBe(204);
    expect((await refused(repos().getDeployment({ ...at, deployment_id: first }))).status).toBe(404);
    expect(github.deployments('acme', 'shop').map(({ id }) => id)).toEqual([second]);
  });

  it('takes the only one of an environment whatever its state', async () => {
    const id = await create();
    await setState(id, 'success');
    expect((await repos().deleteDeployment({ ...at, deployment_id: id })).status).toBe(204);
  });
});

it('lists deployments newest first, by environment and in pages', async () => {
  for (let number = 0; number < 35; number += 1) await create();
  const last = await create({ environment: 'staging' });
  const { data, headers } = await repos().listDeployments(at);
  expect(data).toHaveLength(30);
  expect(data[0]?.id).toBe(last);
  expect(headers.link).toContain('rel="next"');
  const staging = await repos().listDeployments({ ...at, environment: 'staging' });
  expect(staging.data.map(({ id }) => id)).toEqual([last]);
});
