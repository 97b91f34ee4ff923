import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { startGitHub, type GitHubServer } from '../../emulator/github/server.ts';
import { createGitHub } from '../../src/adapters/github.ts';
import { failureOf } from '../support/failure.ts';

const lasting = new AbortController().signal;
let server: GitHubServer;
let before: string | undefined;

beforeAll(async () => {
  server = await startGitHub();
  before = process.env['GITHUB_API_URL'];
  process.env['GITHUB_API_URL'] = server.url;
});
afterAll(async () => {
  if (before === undefined) Reflect.deleteProperty(process.env, 'GITHUB_API_URL');
  else process.env['GITHUB_API_URL'] = before;
  await server.close();
});

it('creates a comment, changes it, and finds it among more than one page', async () => {
  const gitHub = createGitHub(server.token, 'acme/shop', lasting);
  for (let index = 0; index < 100; index++) await gitHub.createComment(7, `filler ${index}`);
  const created = await gitHub.createComment(7, 'ours');
  expect(created).toMatchObject({ body: 'ours', isByBot: true });
  expect(created.url).toBe(`https://github.com/acme/shop/pull/7#issuecomment-${created.id}`);
  expect(await gitHub.updateComment(created.id, 'changed')).toEqual({ ...created, body: 'changed' });
  const comments = await gitHub.listComments(7);
  expect(comments).toHaveLength(101);
  expect(comments.at(-1)).toEqual({ ...created, body: 'changed' });
});

it('hands a refusal on', async () => {
  const stranger = createGitHub('wrong', 'acme/shop', lasting);
  expect((await failureOf(Error, () => stranger.listComments(7))).message).toContain('Bad credentials');
});

it('does nothing after an abort', async () => {
  const count = server.journal.length;
  const gitHub = createGitHub(server.token, 'acme/shop', AbortSignal.abort(new RangeError('aborted')));
  await failureOf(Error, () => gitHub.createComment(7, 'late'));
  expect(server.journal).toHaveLength(count);
});
