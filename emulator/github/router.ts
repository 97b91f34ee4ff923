import { commentRoutes } from './comments.ts';
import { deploymentStatusRoutes } from './deployment-statuses.ts';
import { deploymentRoutes } from './deployments.ts';
import type { Route } from './exchange.ts';
import type { Repository, World } from './model.ts';
import { pullRoutes } from './pulls.ts';
import { forbidden, notFound, Refusal, refusalReply } from './reply.ts';
import type { Reply } from './reply.ts';

/** A request as far as routing is concerned. */
export interface Incoming {
  method: string;
  url: URL;
  /** The body as it came; empty when there was none. */
  text: string;
}

const routes = [...commentRoutes, ...pullRoutes, ...deploymentRoutes, ...deploymentStatusRoutes];
const userDocs = '/users/users#get-the-authenticated-user';

/** Finds the endpoint of a request and lets it answer; what it refuses comes back in GitHub's shape. */
export function answerRequest(world: World, incoming: Incoming): Reply {
  let docs = '';
  try {
    if (incoming.url.pathname === '/user') {
      docs = userDocs;
      throw forbidden('');
    }
    const path = namedPath(world, incoming.url.pathname);
    const matched = routes.map((route) => ({ route, params: matchPath(route, incoming.method, path) }));
    const found = matched.find(({ params }) => params !== undefined);
    if (found?.params === undefined) throw notFound();
    docs = found.route.docs;
    const { route, params } = found;
    const repository = findRepository(world, params);
    return route.answer({ world, repository, params, url: incoming.url, body: parseBody(incoming.text) });
  } catch (error) {
    if (error instanceof Refusal) return refusalReply(error, docs);
    throw error;
  }
}

/** The links of pages name a repository by its number: the same endpoints by another path. */
function namedPath(world: World, path: string): string {
  const id = /^\/repositories\/(\d+)(?=\/)/.exec(path);
  const repository = world.repositories.find((candidate) => String(candidate.id) === id?.[1]);
  if (id === null || repository === undefined) return path;
  return `/repos/${repository.owner}/${repository.name}${path.slice(id[0].length)}`;
}

function matchPath(route: Route, method: string, path: string): Record<string, string> | undefined {
  if (route.method !== method) return undefined;
  const pattern = route.path.split('/');
  const parts = path.split('/');
  if (parts.length !== pattern.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (name.startsWith(':')) params[name.slice(1)] = part;
    else if (name !== part) return undefined;
  }
  return params;
}

function findRepository(world: World, params: Record<string, string>): Repository {
  const same = (a: string, b: string | undefined) => a.toLowerCase() === b?.toLowerCase();
  const found = world.repositories.find(
    ({ owner, name }) => same(owner, params['owner']) && same(name, params['repo']),
  );
  if (found === undefined) throw notFound();
  return found;
}

function parseBody(text: string): Record<string, unknown> {
  if (text === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'Problems parsing JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Refusal(400, 'Body should be a JSON object');
  }
  return body as Record<string, unknown>;
}
