import { demand, numberOf } from './exchange.ts';
import type { Exchange, Route } from './exchange.ts';
import type { Repository } from './model.ts';
import { pageReply } from './paging.ts';
import { nodeId, renderUser, repositoryUrl } from './render.ts';
import { notFound } from './reply.ts';
import type { Reply } from './reply.ts';

type Pull = Repository['pulls'] extends Map<number, infer Entry> ? Entry : never;

/** The endpoints that read pull requests. */
export const pullRoutes: Route[] = [
  {
    method: 'GET',
    path: '/repos/:owner/:repo/pulls',
    docs: '/pulls/pulls#list-pull-requests',
    answer: listPulls,
  },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/pulls/:pull',
    docs: '/pulls/pulls#get-a-pull-request',
    answer: getPull,
  },
];

function listPulls(exchange: Exchange): Reply {
  demand(exchange, ['pullRequests'], 'read');
  const query = exchange.url.searchParams;
  const state = query.get('state') ?? 'open';
  const head = query.get('head');
  const base = query.get('base');
  const pulls = [...exchange.repository.pulls.values()]
    .filter((pull) => state === 'all' || pull.state === state)
    .filter((pull) => head === null || head === `${ownerOf(exchange, pull)}:${pull.head}`)
    .filter((pull) => base === null || base === pull.base)
    .sort((a, b) => (query.get('direction') === 'asc' ? a.number - b.number : b.number - a.number));
  return pageReply(exchange, pulls, (pull) => renderPull(exchange, pull));
}

function getPull(exchange: Exchange): Reply {
  demand(exchange, ['pullRequests'], 'read');
  const pull = exchange.repository.pulls.get(numberOf(exchange, 'pull'));
  if (pull === undefined) throw notFound();
  return { status: 200, body: renderPull(exchange, pull) };
}

function renderPull(exchange: Exchange, pull: Pull): Record<string, unknown> {
  const { repository } = exchange;
  const base = repositoryUrl(exchange.url.origin, repository);
  const page = `https://github.com/${repository.owner}/${repository.name}/pull/${pull.number}`;
  const baseSha = repository.branches.get(pull.base) ?? '';
  return {
    url: `${base}/pulls/${pull.number}`,
    id: repository.id + pull.number,
    node_id: nodeId('PR', repository.id + pull.number),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: `${base}/issues/${pull.number}`,
    comments_url: `${base}/issues/${pull.number}/comments`,
    statuses_url: `${base}/statuses/${pull.sha}`,
    number: pull.number,
    state: pull.state,
    locked: repository.issues.get(pull.number)?.locked ?? false,
    title: pull.title,
    user: renderUser(exchange.url.origin, ownerOf(exchange, pull)),
    body: null,
    draft: false,
    merged_at: null,
    head: renderBranch(exchange, { owner: ownerOf(exchange, pull), branch: pull.head, sha: pull.sha }),
    base: renderBranch(exchange, { owner: repository.owner, branch: pull.base, sha: baseSha }),
  };
}

function renderBranch(exchange: Exchange, at: { owner: string; branch: string; sha: string }) {
  const { repository } = exchange;
  const fullName = `${at.owner}/${repository.name}`;
  const user = renderUser(exchange.url.origin, at.owner);
  const isFork = at.owner !== repository.owner;
  const id = isFork ? repository.id + 500_000 : repository.id;
  const repo = {
    id,
    name: repository.name,
    full_name: fullName,
    fork: isFork,
    private: repository.isPrivate,
    owner: user,
  };
  return { label: `${at.owner}:${at.branch}`, ref: at.branch, sha: at.sha, user, repo };
}

function ownerOf(exchange: Exchange, pull: Pull): string {
  return pull.fork ?? exchange.repository.owner;
}
