import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getOctokit } from '@actions/github';
import { startGitHub } from '../../emulator/github/server.ts';
import type { GitHubOptions, GitHubServer } from '../../emulator/github/server.ts';

const at = { owner: 'acme', repo: 'shop' };
const pull = { ...at, issue_number: 7 };

let github: GitHubServer;

beforeEach(async () => {
  github = await startGitHub();
});

afterEach(async () => {
  await github.close();
});

async function restart(options: GitHubOptions): Promise<void> {
  await github.close();
  github = await startGitHub(options);
}

function rest(token = github.token) {
  return getOctokit(token, { baseUrl: github.url }).rest;
}

interface Failure {
  status: number;
  response: { headers: Record<string, string>; data: Record<string, unknown> };
}

async function failureOf(request: Promise<unknown>): Promise<Failure> {
  return request.then(
    () => {
      throw new Error('the request was not refused');
    },
    (error: unknown) => error as Failure,
  );
}

describe('issue comments', () => {
  it('carry the fields and the author of the Actions token', async () => {
    const created = await rest().issues.createComment({ ...pull, body: 'Deployed' });
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe(created.data.url);
    expect(created.data).toMatchObject({
      body: 'Deployed',
      url: `${github.url}/repos/acme/shop/issues/comments/${created.data.id}`,
      html_url: `https://github.com/acme/shop/pull/7#issuecomment-${created.data.id}`,
      issue_url: `${github.url}/repos/acme/shop/issues/7`,
      user: { login: 'github-actions[bot]', id: 41898282, type: 'Bot' },
      author_association: 'NONE',
      performed_via_github_app: { slug: 'github-actions' },
      reactions: { total_count: 0 },
    });
    expect(created.data.node_id).toMatch(/^IC_/);
    expect(created.data.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('are read, changed and deleted by their id', async () => {
    const { data } = await rest().issues.createComment({ ...pull, body: 'one' });
    const id = { ...at, comment_id: data.id };
    const updated = await rest().issues.updateComment({ ...id, body: 'two' });
    expect(updated.data.body).toBe('two');
    expect((await rest().issues.getComment(id)).data.body).toBe('two');
    expect((await rest().issues.deleteComment(id)).status).toBe(204);
    expect((await failureOf(rest().issues.getComment(id))).status).toBe(404);
    expect(github.comments('acme', 'shop', 7)).toEqual([]);
  });

  it('come in pages of 30, at most 100, with links that name the repository by number', async () => {
    for (let number = 1; number <= 250; number += 1) {
      github.addComment('acme', 'shop', { issue: 7, body: `comment ${number}` });
    }
    const first = await rest().issues.listComments(pull);
    expect(first.data).toHaveLength(30);
    expect(first.headers.link).toMatch(
      /^<http:\/\/127\.0\.0\.1:\d+\/repositories\/\d+\/issues\/7\/comments\?page=2>; rel="next", <[^>]+\?page=9>; rel="last"$/,
    );
    const second = await rest().issues.listComments({ ...pull, per_page: 500, page: 2 });
    expect(second.data).toHaveLength(100);
    expect(second.headers.link?.match(/rel="\w+"/g)).toEqual([
      'rel="prev"',
      'rel="next"',
      'rel="last"',
      'rel="first"',
    ]);
    const beyond = await rest().issues.listComments({ ...pull, per_page: 100, page: 9 });
    expect(beyond.data).toEqual([]);
  });

  it('are all found by paginate', async () => {
    for (let number = 1; number <= 205; number += 1) {
      github.addComment('acme', 'shop', { issue: 7, body: `comment ${number}`, login: 'hubot' });
    }
    const octokit = getOctokit(github.token, { baseUrl: github.url });
    const all = await octokit.paginate(octokit.rest.issues.listComments, { ...pull, per_page: 100 });
    expect(all.map(({ body }) => body)).toEqual(github.comments('acme', 'shop', 7).map(({ body }) => body));
    expect(all).toHaveLength(205);
    expect(github.journal.map(({ path }) => path)).toEqual([
      '/repos/acme/shop/issues/7/comments?per_page=100',
      expect.stringMatching(/^\/repositories\/\d+\/issues\/7\/comments\?per_page=100&page=2$/),
      expect.stringMatching(/^\/repositories\/\d+\/issues\/7\/comments\?per_page=100&page=3$/),
    ]);
  });

  it('have no Link header when they fit one page', async () => {
    expect((await rest().issues.listComments(pull)).headers.link).toBeUndefined();
  });

  it('may have 65,536 characters, counted as characters, and no more', async () => {
    const longest = '\u{1F680}'.repeat(65_536);
    expect((await rest().issues.createComment({ ...pull, body: longest })).status).toBe(201);
    const failure = await failureOf(rest().issues.createComment({ ...pull, body: `${longest}x` }));
    expect(failure.status).toBe(422);
    expect(failure.response.data).toEqual({
      message: 'Validation Failed',
      errors: [
        {
          resource: 'IssueComment',
          code: 'unprocessable',
          field: 'data',
          message: 'Body is too long (maximum is 65536 characters)',
        },
      ],
      documentation_url: 'https://docs.github.com/rest/issues/comments#create-an-issue-comment',
      status: '422',
    });
  });

  it.each([
    ['', 'Validation Failed'],
    [undefined, 'Invalid request.\n\n"body" wasn\'t supplied.'],
  ])('refuse the body %j', async (body, message) => {
    const octokit = getOctokit(github.token, { baseUrl: github.url });
    const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
    const failure = await failureOf(octokit.request(route, { ...pull, body: body as string }));
    expect(failure.status).toBe(422);
    expect(failure.response.data['message']).toBe(message);
  });

  it('are refused in a locked conversation', async () => {
    github.lock('acme', 'shop', 7);
    const failure = await failureOf(rest().issues.createComment({ ...pull, body: 'x' }));
    expect(failure.status).toBe(403);
    expect(failure.response.data['message']).toBe('Unable to create comment because issue is locked.');
  });
});

describe('permissions', () => {
  it.each([
    ['bad token', 'Bad credentials'],
    ['', 'Requires authentication'],
  ])('let nobody in with the token %j', async (token, message) => {
    const response = await fetch(`${github.url}/repos/acme/shop/pulls`, {
      headers: token === '' ? {} : { authorization: `token ${token}` },
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ message, status: '401' });
  });

  it('keep a token that may only read from writing, and say which permission is missing', async () => {
    await restart({ permissions: { issues: 'read', pullRequests: 'none', deployments: 'read' } });
    expect((await rest().issues.listComments(pull)).status).toBe(200);
    const failure = await failureOf(rest().issues.createComment({ ...pull, body: 'x' }));
    expect(failure.status).toBe(403);
    expect(failure.response.headers['x-accepted-github-permissions']).toBe(
      'issues=write; pull_requests=write',
    );
    expect(failure.response.data).toEqual({
      message: 'Resource not accessible by integration',
      documentation_url: 'https://docs.github.com/rest/issues/comments#create-an-issue-comment',
      status: '403',
    });
    expect((await failureOf(rest().repos.createDeployment({ ...at, ref: 'main' }))).status).toBe(403);
  });

  it('open the conversation of a pull request, not that of an issue, to pull-requests: write', async () => {
    await restart({
      permissions: { issues: 'none' },
      repositories: { 'acme/shop': { issues: [1], pulls: [{ number: 7, head: 'feature' }] } },
    });
    expect((await rest().issues.createComment({ ...pull, body: 'x' })).status).toBe(201);
    expect((await failureOf(rest().issues.createComment({ ...at, issue_number: 1, body: 'x' }))).status).toBe(
      403,
    );
  });

  it('are not needed to read a public repository', async () => {
    await restart({
      permissions: { issues: 'none', pullRequests: 'none', deployments: 'none' },
      repositories: { 'acme/shop': { isPrivate: false, pulls: [{ number: 7, head: 'feature' }] } },
    });
    expect((await rest().issues.listComments(pull)).status).toBe(200);
    expect((await rest().repos.listDeployments(at)).status).toBe(200);
  });

  it('never reach the user behind the Actions token', async () => {
    const failure = await failureOf(rest().users.getAuthenticated());
    expect(failure.status).toBe(403);
    expect(failure.response.data).toMatchObject({
      message: 'Resource not accessible by integration',
      documentation_url: 'https://docs.github.com/rest/users/users#get-the-authenticated-user',
    });
  });
});

describe('what does not exist', () => {
  it.each(['/repos/acme/other/pulls', '/repos/acme/shop/issues/99/comments', '/repos/acme/shop/hooks', '/'])(
    'is not found at %s',
    async (path) => {
      const octokit = getOctokit(github.token, { baseUrl: github.url });
      const failure = await failureOf(octokit.request(`GET ${path}`));
      expect(failure.status).toBe(404);
      expect(failure.response.data).toMatchObject({ message: 'Not Found', status: '404' });
    },
  );

  it.each([
    ['{', 'Problems parsing JSON'],
    ['[]', 'Body should be a JSON object'],
  ])('is a body like %s', async (body, message) => {
    const response = await fetch(`${github.url}/repos/acme/shop/issues/7/comments`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${github.token}` },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message });
  });
});

describe('rate limits', () => {
  it('are told with every answer, beside a request id', async () => {
    const first = (await rest().pulls.list(at)).headers;
    const second = (await failureOf(rest().pulls.get({ ...at, pull_number: 1 }))).response.headers;
    expect(first['x-ratelimit-limit']).toBe('1000');
    expect(first['x-ratelimit-remaining']).toBe('999');
    expect(second['x-ratelimit-remaining']).toBe('998');
    expect(first['x-ratelimit-resource']).toBe('core');
    expect(first['x-github-request-id']).not.toBe(second['x-github-request-id']);
  });

  it('refuse with 403 and no requests left until the reset', async () => {
    github.limitRate({ kind: 'primary' });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const failure = await failureOf(rest().pulls.list(at));
      expect(failure.status).toBe(403);
      expect(failure.response.headers['x-ratelimit-remaining']).toBe('0');
      expect(failure.response.data['message']).toMatch(/^API rate limit exceeded/);
    }
  });

  it('refuse as many requests as scripted with 429 and Retry-After', async () => {
    github.limitRate({ kind: 'secondary', status: 429, requests: 2, retryAfterSeconds: 5 });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const failure = await failureOf(rest().pulls.list(at));
      expect(failure.status).toBe(429);
      expect(failure.response.headers['retry-after']).toBe('5');
    }
    expect((await rest().pulls.list(at)).status).toBe(200);
  });

  it('are used up for real', async () => {
    await restart({ requestsPerHour: 2 });
    await rest().pulls.list(at);
    await rest().pulls.list(at);
    expect((await failureOf(rest().pulls.list(at))).status).toBe(403);
  });
});

describe('pull requests', () => {
  it('are listed by state and head, and read by number', async () => {
    await restart({
      repositories: {
        'acme/shop': {
          pulls: [
            { number: 3, head: 'old', state: 'closed' },
            { number: 7, head: 'feature' },
            { number: 8, head: 'feature', fork: 'hubot', sha: 'f'.repeat(40) },
          ],
        },
      },
    });
    const numbers = async (query: object) =>
      (await rest().pulls.list({ ...at, ...query })).data.map(({ number }) => number);
    expect(await numbers({})).toEqual([8, 7]);
    expect(await numbers({ state: 'all' })).toEqual([8, 7, 3]);
    expect(await numbers({ head: 'hubot:feature' })).toEqual([8]);
    const { data } = await rest().pulls.get({ ...at, pull_number: 8 });
    expect(data).toMatchObject({
      number: 8,
      html_url: 'https://github.com/acme/shop/pull/8',
      head: {
        ref: 'feature',
        sha: 'f'.repeat(40),
        label: 'hubot:feature',
        repo: { full_name: 'hubot/shop', fork: true },
      },
      base: { ref: 'main', repo: { full_name: 'acme/shop' } },
    });
  });
});
