import { expect, it } from '@jest/globals';

import { writeStickyComment } from '../../src/report/comment.ts';
import { createFakeGitHub } from '../support/fakes.ts';

const marker = '<!-- deploy-cloudbase-run service=shop env=demo-env -->';
const body = `${marker}\nLive`;

it('is created where there is none', async () => {
  const gitHub = createFakeGitHub([{ body: 'other' }]);
  expect(await writeStickyComment(7, body, gitHub)).toBe('https://github.test/comment/2');
  expect(gitHub.comments.map((comment) => comment.body)).toEqual(['other', body]);
});

it('is written over where there is one, whatever it said', async () => {
  const gitHub = createFakeGitHub([{ body: 'other' }, { body: `${marker}\nFailed` }]);
  await writeStickyComment(7, body, gitHub);
  expect(gitHub.comments.map((comment) => comment.body)).toEqual(['other', body]);
});

it.each([
  ['a person who quotes the marker', { isByBot: false, body: `${marker}\nhi` }],
  ['another service', { body: '<!-- deploy-cloudbase-run service=shop2 env=demo-env -->\nLive' }],
  ['a bot that mentions the marker', { body: `see ${marker}` }],
])('never touches the comment of %s', async (_whose, comment) => {
  const gitHub = createFakeGitHub([comment]);
  await writeStickyComment(7, body, gitHub);
  expect(gitHub.comments.map((each) => each.body)).toEqual([comment.body, body]);
});
