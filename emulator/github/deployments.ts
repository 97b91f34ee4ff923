import { demand, flagOf, numberOf, textOf } from './exchange.ts';
import type { Exchange, Route } from './exchange.ts';
import type { Context, DeploymentRecord, Repository } from './model.ts';
import { pageReply } from './paging.ts';
import { renderDeployment } from './render.ts';
import { missing, notFound, Refusal } from './reply.ts';
import type { Reply } from './reply.ts';

const all = '/repos/:owner/:repo/deployments';
const docs = '/deployments/deployments';

/** The endpoints of deployments themselves. */
export const deploymentRoutes: Route[] = [
  { method: 'GET', path: all, docs: `${docs}#list-deployments`, answer: listDeployments },
  { method: 'POST', path: all, docs: `${docs}#create-a-deployment`, answer: createDeployment },
  { method: 'GET', path: `${all}/:deployment`, docs: `${docs}#get-a-deployment`, answer: getDeployment },
  {
    method: 'DELETE',
    path: `${all}/:deployment`,
    docs: `${docs}#delete-a-deployment`,
    answer: deleteDeployment,
  },
];

/** The deployment that the route names. */
export function findDeployment(exchange: Exchange): DeploymentRecord {
  const id = numberOf(exchange, 'deployment');
  const deployment = exchange.repository.deployments.find((candidate) => candidate.id === id);
  if (deployment === undefined) throw notFound();
  return deployment;
}

function listDeployments(exchange: Exchange): Reply {
  demand(exchange, ['deployments'], 'read');
  const query = exchange.url.searchParams;
  const filters = ['sha', 'ref', 'task', 'environment'] as const;
  const matches = (deployment: DeploymentRecord) =>
    filters.every((name) => [null, '', 'none', deployment[name]].includes(query.get(name)));
  const newestFirst = exchange.repository.deployments.filter(matches).reverse();
  return pageReply(exchange, newestFirst, (deployment) => show(exchange, deployment));
}

function getDeployment(exchange: Exchange): Reply {
  demand(exchange, ['deployments'], 'read');
  return { status: 200, body: show(exchange, findDeployment(exchange)) };
}

function createDeployment(exchange: Exchange): Reply {
  demand(exchange, ['deployments'], 'write');
  const ref = textOf(exchange, 'ref');
  if (ref === undefined) throw missing('ref');
  const sha = findSha(exchange.repository, ref);
  const merged = flagOf(exchange, 'auto_merge', true) ? mergeDefault(exchange.repository, ref) : undefined;
  if (merged !== undefined) return merged;
  checkContexts(exchange, ref);
  const deployment = buildDeployment(exchange, ref, sha);
  exchange.repository.deployments.push(deployment);
  const shown = show(exchange, deployment);
  return { status: 201, body: shown, headers: { location: String(shown['url']) } };
}

function deleteDeployment(exchange: Exchange): Reply {
  demand(exchange, ['deployments'], 'write');
  const deployment = findDeployment(exchange);
  const { deployments } = exchange.repository;
  const state = deployment.statuses.at(-1)?.state;
  const isActive = state === undefined || state === 'success';
  const isAlone = deployments.filter((other) => other.environment === deployment.environment).length === 1;
  if (isActive && !isAlone) {
    const message =
      'We cannot delete an active deployment unless it is the only deployment in a given environment.';
    throw new Refusal(422, message);
  }
  deployments.splice(deployments.indexOf(deployment), 1);
  return { status: 204 };
}

function show(exchange: Exchange, deployment: DeploymentRecord) {
  return renderDeployment(exchange.url.origin, exchange.repository, deployment);
}

function findSha(repository: Repository, ref: string): string {
  const branch = repository.branches.get(ref.replace(/^refs\/heads\//, ''));
  if (branch !== undefined) return branch;
  const commits = [
    ...repository.branches.values(),
    ...[...repository.pulls.values()].map((pull) => pull.sha),
  ];
  const pull = /^(?:refs\/)?pull\/(\d+)\/(?:head|merge)$/.exec(ref)?.[1];
  const sha =
    pull === undefined ? commits.find((commit) => commit === ref) : repository.pulls.get(Number(pull))?.sha;
  if (sha === undefined) throw new Refusal(422, `No ref found for: ${ref}`);
  return sha;
}

/** GitHub merges the default branch into a branch that lacks it instead of deploying; a bare commit cannot take it. */
function mergeDefault(repository: Repository, ref: string): Reply | undefined {
  const name = ref.replace(/^refs\/heads\//, '');
  const branch = repository.branches.has(name)
    ? name
    : [...repository.branches].find(([, sha]) => sha === ref)?.[0];
  const outcome = branch === undefined ? undefined : repository.behind.get(branch);
  if (outcome === undefined || branch === undefined) return undefined;
  if (outcome === 'conflicts' || branch !== name) {
    throw new Refusal(409, `Conflict merging ${repository.defaultBranch} into ${ref}.`);
  }
  repository.behind.delete(branch);
  return {
    status: 202,
    body: { message: `Auto-merged ${repository.defaultBranch} into ${ref} on deployment.` },
  };
}

function checkContexts(exchange: Exchange, ref: string): void {
  const submitted = exchange.repository.contexts;
  const required = exchange.body['required_contexts'];
  const stateOf = (name: unknown): Context => ({
    context: String(name),
    state: submitted.find(({ context }) => context === name)?.state ?? 'pending',
  });
  const contexts = Array.isArray(required) ? required.map(stateOf) : submitted;
  if (contexts.every(({ state }) => state === 'success')) return;
  throw new Refusal(409, `Conflict: Commit status checks failed for ${ref}.`, {
    errors: [{ contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' }],
  });
}

function buildDeployment(exchange: Exchange, ref: string, sha: string): DeploymentRecord {
  const environment = textOf(exchange, 'environment') ?? 'production';
  const now = new Date();
  return {
    id: exchange.world.takeId(),
    ref,
    sha,
    task: textOf(exchange, 'task') ?? 'deploy',
    payload: exchange.body['payload'] ?? {},
    environment,
    description: textOf(exchange, 'description') ?? null,
    isTransient: flagOf(exchange, 'transient_environment', false),
    isProduction: flagOf(exchange, 'production_environment', environment === 'production'),
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
}
