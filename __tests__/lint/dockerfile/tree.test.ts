import { expect, it } from '@jest/globals';

import { cutAfterStage } from '../../../src/lint/dockerfile/tree.ts';

const text = `ARG NODE=24
FROM node:$NODE AS Base
EXPOSE 3000

FROM base AS test
RUN npm test
FROM base
EXPOSE 9000
`;
const upToBase = 'ARG NODE=24\nFROM node:$NODE AS Base\nEXPOSE 3000\n\n';

it.each([
  ['', text],
  ['base', upToBase],
  ['BASE', upToBase],
  ['0', upToBase],
  ['test', `${upToBase}FROM base AS test\nRUN npm test\n`],
  ['1', `${upToBase}FROM base AS test\nRUN npm test\n`],
  ['2', text],
  ['absent', text],
  ['7', text],
])('cuts a Dockerfile after the stage %j', (target, cut) => {
  expect(cutAfterStage(text, target)).toBe(cut);
});

it('keeps the line ends of a Dockerfile that it cuts', () => {
  expect(cutAfterStage('FROM a AS x\r\nUSER node\r\nFROM b\r\n', 'x')).toBe('FROM a AS x\r\nUSER node\r\n');
});
