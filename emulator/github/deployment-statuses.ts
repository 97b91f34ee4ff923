import { findDeployment } from './deployments.ts';
import { demand, flagOf, numberOf, textOf } from './exchange.ts';
import type { Exchange, Route } from './exchange.ts';
import type { DeploymentRecord, StatusRecord } from './model.ts';
import { pageReply } from './paging.ts';
import { renderStatus } from './render.ts';
import { invalid, missing, notFound } from './reply.ts';
import type { Reply } from './reply.ts';

const states = new Set(['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success']);
const longestDescription = 140;
const all = '/repos/:owner/:repo/deployments/:deployment/statuses';
const docs = '/deployments/statuses';

/** The endpoints of the statuses of a deployment. */
export const deploymentStatusRoutes: Route[] = [
  { method: 'GET', path: all, docs: `${docs}#list-deployment-statuses`, answer: listStatuses },
  { method: 'POST', path: all, docs: `${docs}#create-a-deployment-status`, answer: createStatus },
  { method: 'GET', path: `${all}/:status`, docs: `${docs}#get-a-deployment-status`, answer: getStatus },
];

function listStatuses(exchange: Exchange): Reply {
  demand(exchange, ['deployments'], 'read');
  const deployment = findDeployment(exchange);
  return pageReply(exchange, [...deployment.statuses].reverse(), (status) =>
    show(exchange, deployment, status),
  );
}

function getStatus(exchange: Exchange): Reply {
  demand(exchange, ['deployments'], 'read');
  const deployment = findDeployment(exchange);
  const status = deployment.statuses.find(({ id }) => id === numberOf(exchange, 'status'));
  if (status === undefined) throw notFound();
  return { status: 200, body: show(exchange, deployment, status) };
}

function createStatus(exchange: Exchange): Reply {
  demand(exchange, ['deployments'], 'write');
  const deployment = findDeployment(exchange);
  const status = buildStatus(exchange, deployment);
  addStatus(deployment, status);
  if (status.state === 'success' && flagOf(exchange, 'auto_inactive', true))
    retireOthers(exchange, deployment, status);
  const shown = show(exchange, deployment, status);
  return { status: 201, body: shown, headers: { location: String(shown['url']) } };
}

function buildStatus(exchange: Exchange, deployment: DeploymentRecord): StatusRecord {
  const refuse = (field: string, message: string) =>
    invalid({ resource: 'DeploymentStatus', code: 'custom', field, message });
  const state = textOf(exchange, 'state');
  if (state === undefined) throw missing('state');
  if (!states.has(state)) throw refuse('state', 'state is not included in the list');
  const description = textOf(exchange, 'description') ?? '';
  if (Array.from(description).length > longestDescription) {
    throw refuse('description', `description is too long (maximum is ${longestDescription} characters)`);
  }
  return {
    id: exchange.world.takeId(),
    state,
    description,
    environment: textOf(exchange, 'environment') ?? deployment.environment,
    environmentUrl: textOf(exchange, 'environment_url') ?? '',
    logUrl: textOf(exchange, 'log_url') ?? textOf(exchange, 'target_url') ?? '',
    createdAt: new Date(),
  };
}

/** A success makes earlier successful deployments of the environment inactive, unless they are kept or production. */
function retireOthers(exchange: Exchange, deployment: DeploymentRecord, success: StatusRecord): void {
  const isRetired = (other: DeploymentRecord) =>
    other !== deployment &&
    other.environment === deployment.environment &&
    !other.isTransient &&
    !other.isProduction &&
    other.statuses.at(-1)?.state === 'success';
  for (const other of exchange.repository.deployments.filter(isRetired)) {
    addStatus(other, { ...success, id: exchange.world.takeId(), state: 'inactive', description: '' });
  }
}

function addStatus(deployment: DeploymentRecord, status: StatusRecord): void {
  deployment.statuses.push(status);
  deployment.updatedAt = status.createdAt;
}

function show(exchange: Exchange, deployment: DeploymentRecord, status: StatusRecord) {
  return renderStatus(exchange.url.origin, exchange.repository, { deployment, status });
}
