/** How far the token may go with one kind of resource. */
export type Access = 'write' | 'read' | 'none';

/** What the workflow's `permissions:` grant the token. */
export interface Permissions {
  issues: Access;
  deployments: Access;
  pullRequests: Access;
}

/** A commit status or check as deployments look at it. */
export interface Context {
  context: string;
  state: 'pending' | 'success' | 'failure' | 'error';
}

/** A pull request to start with; its head is a branch of the repository unless `fork` names another owner. */
export interface PullSeed {
  number: number;
  head: string;
  base?: string;
  state?: 'open' | 'closed';
  title?: string;
  sha?: string;
  fork?: string;
}

/** A repository to start with. */
export interface RepositorySeed {
  /** A private repository can be read only with the permission for it. */
  isPrivate?: boolean;
  defaultBranch?: string;
  /** Branches by name with the commit each points to. */
  branches?: Record<string, string>;
  /** Branches that lack commits of the default branch, and what comes of merging those. */
  behind?: Record<string, 'merges' | 'conflicts'>;
  /** What every commit carries; by default the workflow run that is in progress. */
  contexts?: Context[];
  /** Numbers of plain issues. */
  issues?: number[];
  pulls?: PullSeed[];
}

/** A stored issue comment. */
export interface CommentRecord {
  id: number;
  login: string;
  body: string;
  createdAt: Date;
  updatedAt: Date;
}

/** An issue, or the conversation of a pull request. */
export interface Issue {
  number: number;
  isPull: boolean;
  locked: boolean;
  comments: CommentRecord[];
}

/** A stored status of a deployment. */
export interface StatusRecord {
  id: number;
  state: string;
  description: string;
  environment: string;
  environmentUrl: string;
  logUrl: string;
  createdAt: Date;
}

/** A stored deployment; its statuses stand oldest first. */
export interface DeploymentRecord {
  id: number;
  ref: string;
  sha: string;
  task: string;
  payload: unknown;
  environment: string;
  description: string | null;
  isTransient: boolean;
  isProduction: boolean;
  createdAt: Date;
  updatedAt: Date;
  statuses: StatusRecord[];
}

/** A repository with everything that happened in it. */
export interface Repository {
  id: number;
  owner: string;
  name: string;
  isPrivate: boolean;
  defaultBranch: string;
  branches: Map<string, string>;
  behind: Map<string, 'merges' | 'conflicts'>;
  contexts: Context[];
  issues: Map<number, Issue>;
  pulls: Map<number, Required<Omit<PullSeed, 'fork'>> & { fork: string | undefined }>;
  deployments: DeploymentRecord[];
}

/** Everything the server knows, with a counter for ids. */
export interface World {
  repositories: Repository[];
  permissions: Permissions;
  takeId(): number;
}

const runningWorkflow: Context[] = [{ context: 'deploy', state: 'pending' }];

/** Builds the world that a server starts with. */
export function createWorld(seeds: Record<string, RepositorySeed>, permissions: Permissions): World {
  let lastId = 2_400_000_000;
  const repositories = Object.entries(seeds).map(([name, seed], index) =>
    createRepository(name, seed, 700_000_001 + index),
  );
  return { repositories, permissions, takeId: () => (lastId += 17) };
}

/** A commit id that is always the same for the same text. */
export function fakeSha(text: string): string {
  let hash = 0x811c9dc5;
  let sha = '';
  while (sha.length < 40) {
    for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
    sha += hash.toString(16).padStart(8, '0');
  }
  return sha.slice(0, 40);
}

function createRepository(fullName: string, seed: RepositorySeed, id: number): Repository {
  const [owner = '', name = ''] = fullName.split('/');
  const defaultBranch = seed.defaultBranch ?? 'main';
  const branches = new Map(Object.entries(seed.branches ?? {}));
  if (!branches.has(defaultBranch)) branches.set(defaultBranch, fakeSha(`${fullName} ${defaultBranch}`));
  const repository: Repository = {
    id,
    owner,
    name,
    isPrivate: seed.isPrivate ?? true,
    defaultBranch,
    branches,
    behind: new Map(Object.entries(seed.behind ?? {})),
    contexts: seed.contexts ?? runningWorkflow,
    issues: new Map(),
    pulls: new Map(),
    deployments: [],
  };
  for (const number of seed.issues ?? []) addIssue(repository, number, false);
  for (const pull of seed.pulls ?? []) addPull(repository, pull);
  return repository;
}

function addPull(repository: Repository, seed: PullSeed): void {
  const sha = seed.sha ?? repository.branches.get(seed.head) ?? fakeSha(`${repository.name} ${seed.head}`);
  if (seed.fork === undefined) repository.branches.set(seed.head, sha);
  addIssue(repository, seed.number, true);
  repository.pulls.set(seed.number, {
    number: seed.number,
    head: seed.head,
    base: seed.base ?? repository.defaultBranch,
    state: seed.state ?? 'open',
    title: seed.title ?? `Change ${seed.head}`,
    sha,
    fork: seed.fork,
  });
}

function addIssue(repository: Repository, number: number, isPull: boolean): void {
  repository.issues.set(number, { number, isPull, locked: false, comments: [] });
}
