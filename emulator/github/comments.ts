import { demand, numberOf } from './exchange.ts';
import type { Exchange, Route } from './exchange.ts';
import type { CommentRecord, Issue } from './model.ts';
import { pageReply } from './paging.ts';
import { actionsLogin, renderComment } from './render.ts';
import { invalid, missing, notFound, Refusal } from './reply.ts';
import type { Reply } from './reply.ts';

const longestBody = 65_536;
const one = '/repos/:owner/:repo/issues/comments/:comment';
const all = '/repos/:owner/:repo/issues/:issue/comments';
const docs = '/issues/comments';

/** The endpoints of comments on issues and pull requests. */
export const commentRoutes: Route[] = [
  { method: 'GET', path: one, docs: `${docs}#get-an-issue-comment`, answer: getComment },
  { method: 'PATCH', path: one, docs: `${docs}#update-an-issue-comment`, answer: updateComment },
  { method: 'DELETE', path: one, docs: `${docs}#delete-an-issue-comment`, answer: deleteComment },
  { method: 'GET', path: all, docs: `${docs}#list-issue-comments`, answer: listComments },
  { method: 'POST', path: all, docs: `${docs}#create-an-issue-comment`, answer: createComment },
];

function listComments(exchange: Exchange): Reply {
  const issue = findIssue(exchange);
  demandIssue(exchange, issue, 'read');
  const since = Date.parse(exchange.url.searchParams.get('since') ?? '') || 0;
  const comments = issue.comments.filter((comment) => comment.updatedAt.getTime() >= since);
  return pageReply(exchange, comments, (comment) => show(exchange, { issue, comment }));
}

function createComment(exchange: Exchange): Reply {
  const issue = findIssue(exchange);
  demandIssue(exchange, issue, 'write');
  if (issue.locked) throw locked();
  const body = checkBody(exchange);
  const now = new Date();
  const comment = { id: exchange.world.takeId(), login: actionsLogin, body, createdAt: now, updatedAt: now };
  issue.comments.push(comment);
  const shown = show(exchange, { issue, comment });
  return { status: 201, body: shown, headers: { location: String(shown['url']) } };
}

function getComment(exchange: Exchange): Reply {
  const found = findComment(exchange);
  demandIssue(exchange, found.issue, 'read');
  return { status: 200, body: show(exchange, found) };
}

function updateComment(exchange: Exchange): Reply {
  const found = findComment(exchange);
  demandIssue(exchange, found.issue, 'write');
  found.comment.body = checkBody(exchange);
  found.comment.updatedAt = new Date();
  return { status: 200, body: show(exchange, found) };
}

function deleteComment(exchange: Exchange): Reply {
  const { issue, comment } = findComment(exchange);
  demandIssue(exchange, issue, 'write');
  issue.comments.splice(issue.comments.indexOf(comment), 1);
  return { status: 204 };
}

function show(exchange: Exchange, found: { issue: Issue; comment: CommentRecord }) {
  return renderComment(exchange.url.origin, exchange.repository, found);
}

function findIssue(exchange: Exchange): Issue {
  const issue = exchange.repository.issues.get(numberOf(exchange, 'issue'));
  if (issue === undefined) throw notFound();
  return issue;
}

function findComment(exchange: Exchange): { issue: Issue; comment: CommentRecord } {
  const id = numberOf(exchange, 'comment');
  for (const issue of exchange.repository.issues.values()) {
    const comment = issue.comments.find((candidate) => candidate.id === id);
    if (comment !== undefined) return { issue, comment };
  }
  throw notFound();
}

/** The conversation of a pull request is open to both permissions, that of an issue only to its own. */
function demandIssue(exchange: Exchange, issue: Issue, level: 'read' | 'write'): void {
  demand(exchange, issue.isPull ? ['issues', 'pullRequests'] : ['issues'], level);
}

function checkBody(exchange: Exchange): string {
  const body = exchange.body['body'];
  if (typeof body !== 'string') throw missing('body');
  const refuse = (message: string) =>
    invalid({ resource: 'IssueComment', code: 'unprocessable', field: 'data', message });
  if (body.trim() === '') throw refuse('Body cannot be blank');
  if (Array.from(body).length > longestBody)
    throw refuse(`Body is too long (maximum is ${longestBody} characters)`);
  return body;
}

function locked(): Refusal {
  return new Refusal(403, 'Unable to create comment because issue is locked.', {
    documentation: 'https://docs.github.com/articles/locking-conversations/',
  });
}
