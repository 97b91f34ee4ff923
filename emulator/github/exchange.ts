import type { Access, Permissions, Repository, World } from './model.ts';
import { forbidden } from './reply.ts';
import type { Reply } from './reply.ts';

/** A request that found its route: everything an endpoint needs. */
export interface Exchange {
  world: World;
  repository: Repository;
  /** Values of the route's `:names`. */
  params: Record<string, string>;
  url: URL;
  body: Record<string, unknown>;
}

/** One endpoint: `docs` is its page below docs.github.com/rest. */
export interface Route {
  method: string;
  path: string;
  docs: string;
  answer(exchange: Exchange): Reply;
}

const names: Record<keyof Permissions, string> = {
  issues: 'issues',
  deployments: 'deployments',
  pullRequests: 'pull_requests',
};

/** Refuses unless one of these permissions reaches the level; reading a public repository needs none. */
export function demand(exchange: Exchange, kinds: (keyof Permissions)[], level: 'read' | 'write'): void {
  if (level === 'read' && !exchange.repository.isPrivate) return;
  const enough: Access[] = level === 'read' ? ['read', 'write'] : ['write'];
  if (kinds.some((kind) => enough.includes(exchange.world.permissions[kind]))) return;
  throw forbidden(kinds.map((kind) => `${names[kind]}=${level}`).join('; '));
}

/** A property of the request's body as text; undefined when it is absent, null or of another type. */
export function textOf(exchange: Exchange, property: string): string | undefined {
  const value = exchange.body[property];
  return typeof value === 'string' ? value : undefined;
}

/** A property of the request's body as a boolean, or what GitHub takes when it is absent. */
export function flagOf(exchange: Exchange, property: string, fallback: boolean): boolean {
  const value = exchange.body[property];
  return typeof value === 'boolean' ? value : fallback;
}

/** A number in the route's path; NaN, which nothing is numbered, when it is none. */
export function numberOf(exchange: Exchange, name: string): number {
  return Number(exchange.params[name]);
}
