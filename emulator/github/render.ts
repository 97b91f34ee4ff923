import type { CommentRecord, DeploymentRecord, Issue, Repository, StatusRecord } from './model.ts';

/** Who did something, with GitHub's fields of a simple user. */
export interface User {
  login: string;
  id: number;
  type: 'User' | 'Bot';
  [field: string]: unknown;
}

/** An issue comment as the API shows it. */
export interface Comment {
  id: number;
  body: string;
  user: User;
  html_url: string;
  created_at: string;
  updated_at: string;
  [field: string]: unknown;
}

/** A deployment as the API shows it. */
export interface Deployment {
  id: number;
  ref: string;
  sha: string;
  environment: string;
  [field: string]: unknown;
}

/** A status of a deployment as the API shows it. */
export interface DeploymentStatus {
  id: number;
  state: string;
  environment_url: string;
  log_url: string;
  [field: string]: unknown;
}

/** The login that everything done with the Actions token carries. */
export const actionsLogin = 'github-actions[bot]';

/** The start of every API address of a repository. */
export function repositoryUrl(api: string, repository: Repository): string {
  return `${api}/repos/${repository.owner}/${repository.name}`;
}

/** Shows a user or bot by its login. */
export function renderUser(api: string, login: string): User {
  const isBot = login.endsWith('[bot]');
  const id = login === actionsLogin ? 41_898_282 : fakeId(login);
  const page = isBot ? `https://github.com/apps/${login.slice(0, -5)}` : `https://github.com/${login}`;
  const url = `${api}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId(isBot ? 'BOT' : 'U', id),
    avatar_url: `https://avatars.githubusercontent.com/${isBot ? 'in/15368' : `u/${id}`}?v=4`,
    gravatar_id: '',
    url,
    html_url: page,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: isBot ? 'Bot' : 'User',
    user_view_type: 'public',
    site_admin: false,
  };
}

/** Shows a comment of an issue or a pull request. */
export function renderComment(
  api: string,
  repository: Repository,
  found: { issue: Issue; comment: CommentRecord },
): Comment {
  const { issue, comment } = found;
  const base = repositoryUrl(api, repository);
  const url = `${base}/issues/comments/${comment.id}`;
  const page = `https://github.com/${repository.owner}/${repository.name}/${issue.isPull ? 'pull' : 'issues'}`;
  return {
    url,
    html_url: `${page}/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${base}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: renderUser(api, comment.login),
    created_at: renderTime(comment.createdAt),
    updated_at: renderTime(comment.updatedAt),
    body: comment.body,
    author_association: comment.login === repository.owner ? 'OWNER' : 'NONE',
    reactions: renderReactions(`${url}/reactions`),
    performed_via_github_app: renderApp(comment.login),
  };
}

/** Shows a deployment. */
export function renderDeployment(
  api: string,
  repository: Repository,
  deployment: DeploymentRecord,
): Deployment {
  const url = `${repositoryUrl(api, repository)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('DE', deployment.id),
    task: deployment.task,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: renderTime(deployment.createdAt),
    updated_at: renderTime(deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(api, repository),
    creator: renderUser(api, actionsLogin),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.isTransient,
    production_environment: deployment.isProduction,
    performed_via_github_app: renderApp(actionsLogin),
  };
}

/** Shows a status of a deployment. */
export function renderStatus(
  api: string,
  repository: Repository,
  found: { deployment: DeploymentRecord; status: StatusRecord },
): DeploymentStatus {
  const { deployment, status } = found;
  const url = `${repositoryUrl(api, repository)}/deployments/${deployment.id}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: renderUser(api, actionsLogin),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: renderTime(status.createdAt),
    updated_at: renderTime(status.createdAt),
    deployment_url: url,
    repository_url: repositoryUrl(api, repository),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: renderApp(actionsLogin),
  };
}

function fakeId(login: string): number {
  return (
    1_000_000 +
    (Array.from(login).reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7) % 90_000_000)
  );
}

/** An opaque node id in GitHub's form. */
export function nodeId(prefix: string, id: number): string {
  return `${prefix}_${Buffer.from(`${prefix}:${id}`).toString('base64url')}`;
}

/** GitHub's times have no fractions of a second. */
export function renderTime(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function renderReactions(url: string): Record<string, unknown> {
  const kinds = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];
  return { url, total_count: 0, ...Object.fromEntries(kinds.map((kind) => [kind, 0])) };
}

function renderApp(login: string): Record<string, unknown> | null {
  if (login !== actionsLogin) return null;
  return {
    id: 15_368,
    client_id: 'Iv1.05c79e9ad1f6bdfa',
    slug: 'github-actions',
    node_id: 'MDM6QXBwMTUzNjg=',
    name: 'GitHub Actions',
    html_url: 'https://github.com/apps/github-actions',
  };
}
