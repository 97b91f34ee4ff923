import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createWorld } from './model.ts';
import type { Permissions, RepositorySeed, World } from './model.ts';
import { createRateLimit } from './rate-limit.ts';
import type { RateLimit, ScriptedLimit } from './rate-limit.ts';
import { Refusal, refusalReply } from './reply.ts';
import type { Reply } from './reply.ts';
import { answerRequest } from './router.ts';
import { createViews } from './views.ts';
import type { GitHubViews } from './views.ts';

/** What the server starts with. */
export interface GitHubOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** The token that is let in; made up by default. */
  token?: string;
  /** What the token may do; everything by default. */
  permissions?: Partial<Permissions>;
  /** Repositories by `owner/name`; by default `acme/shop` with the pull request 7. */
  repositories?: Record<string, RepositorySeed>;
  /** Requests an hour; 1000 by default, as for a workflow's token. */
  requestsPerHour?: number;
}

/** One request that was answered. */
export interface GitHubJournalEntry {
  at: Date;
  method: string;
  path: string;
  status: number;
}

/** The slice of GitHub's REST API that an action uses, on loopback. */
export interface GitHubServer extends GitHubViews {
  url: string;
  token: string;
  journal: GitHubJournalEntry[];
  /** Lets the next requests run into a limit. */
  limitRate(limit: ScriptedLimit): void;
  close(): Promise<void>;
}

const everything: Permissions = { issues: 'write', deployments: 'write', pullRequests: 'write' };
const defaultRepositories = { 'acme/shop': { pulls: [{ number: 7, head: 'feature' }] } };

/** Starts GitHub on loopback. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubServer> {
  const world = createWorld(options.repositories ?? defaultRepositories, {
    ...everything,
    ...options.permissions,
  });
  const token = options.token ?? `ghs_${randomBytes(18).toString('hex')}`;
  const journal: GitHubJournalEntry[] = [];
  const rateLimit = createRateLimit(options.requestsPerHour ?? 1000);
  const server = createServer((request, response) => {
    void answer({ world, token, rateLimit, journal }, request, response);
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    token,
    journal,
    ...createViews(world, url),
    limitRate: (limit) => {
      rateLimit.script(limit);
    },
    close: () => closeServer(server),
  };
}

interface Desk {
  world: World;
  token: string;
  rateLimit: RateLimit;
  journal: GitHubJournalEntry[];
}

async function answer(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const at = new Date();
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
  const method = request.method ?? 'GET';
  const requestId = randomBytes(16)
    .toString('hex')
    .toUpperCase()
    .replace(/^(.{4})(.{6})(.{6})/, '$1:$2:$3:');
  let reply: Reply;
  try {
    const body = await text(request);
    admit(desk, request, requestId);
    reply = answerRequest(desk.world, { method, url, text: body });
  } catch (error) {
    reply =
      error instanceof Refusal ? refusalReply(error, '') : { status: 500, body: { message: String(error) } };
  }
  desk.journal.push({ at, method, path: url.pathname + url.search, status: reply.status });
  send(response, reply, { 'x-github-request-id': requestId, ...desk.rateLimit.headers() });
}

function admit(desk: Desk, request: IncomingMessage, requestId: string): void {
  if (request.headers['user-agent'] === undefined) {
    throw new Refusal(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
    );
  }
  const [, given] = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (given === undefined) throw new Refusal(401, 'Requires authentication');
  if (given !== desk.token) throw new Refusal(401, 'Bad credentials');
  desk.rateLimit.count(requestId);
}

function send(response: ServerResponse, reply: Reply, headers: Record<string, string>): void {
  const hasBody = reply.body !== undefined;
  response.writeHead(reply.status, {
    server: 'github.com',
    ...(hasBody ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
    'cache-control': 'private, max-age=60, s-maxage=60',
    vary: 'Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With',
    ...headers,
    ...reply.headers,
  });
  response.end(hasBody ? JSON.stringify(reply.body) : undefined);
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
