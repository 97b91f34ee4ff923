import { describe, expect, it } from '@jest/globals';

import { listCommands, type RunCommand } from '../../../src/lint/dockerfile/run.ts';
import { parseDockerfile } from '../../../src/lint/dockerfile/tree.ts';

const commandsOf = (run: string): RunCommand[] => {
  const tree = parseDockerfile(`FROM a\n${run}\n`);
  return tree.finalInstructions.flatMap((instruction) => listCommands(tree, instruction));
};
const namesOf = (run: string): string[] => commandsOf(run).map(({ words }) => words.join(' '));

describe('the commands of a RUN', () => {
  it.each<[string, string[]]>([
    ['RUN npm ci', ['npm ci']],
    ['RUN npm ci && npm prune; a | b & c', ['npm ci', 'npm prune', 'a', 'b', 'c']],
    ['RUN --mount=type=cache,target=/x --network=none npm ci', ['npm ci']],
    ['RUN A=1 sudo B=2 exec npm ci', ['npm ci']],
    ['RUN if ! test -f a; then npm ci; fi', ['test -f a', 'npm ci', 'fi']],
    ['RUN npm "ci" \'--a b\'', ['npm ci --a b']],
    ['RUN npm ci > log 2>&1 && a >/dev/null b < c', ['npm ci', 'a b']],
    ['RUN npm ci # && a', ['npm ci']],
    [
      'RUN apt-get update && \\\n  # note\n\n  apt-get install -y \\\n  gcc',
      ['apt-get update', 'apt-get install -y gcc'],
    ],
    ['RUN ["npm", "ci"]', ['npm ci']],
    ['RUN ["/bin/bash", "-o", "pipefail", "-c", "npm ci | a"]', ['npm ci', 'a']],
    ['RUN ["npm", 1]', ['[npm, 1]']],
    ['RUN <<EOF\nnpm ci\n# a\nb \\\n  c\nEOF', ['npm ci', 'b c']],
    ['RUN <<EOF\nnpm\\\n  ci --om\\\nit=dev\nb\nEOF', ['npm ci --omit=dev', 'b']],
    ['RUN --mount=type=cache,target=/x <<-"E"\n\tnpm ci\n\tE', ['npm ci']],
    ['RUN bash <<EOF\nnpm ci\nEOF', ['npm ci']],
    ['RUN python3 <<EOF\nnpm ci\nEOF', []],
    ['RUN (npm ci)', ['npm ci']],
    ['RUN A=1', []],
    ['RUN', []],
    ['CMD npm ci', []],
  ])('%j', (run, names) => {
    expect(namesOf(run)).toEqual(names);
    expect(namesOf(run.replaceAll('\n', '\r\n'))).toEqual(names);
  });

  it('are read with the escape character of the Dockerfile', () => {
    const tree = parseDockerfile('# escape=`\nFROM a\nRUN npm `\n  ci\n');
    const words = tree.finalInstructions.flatMap((run) => listCommands(tree, run)).map((one) => one.words);
    expect(words).toEqual([['npm', 'ci']]);
  });

  it.each([
    ['npm ci', false],
    ['npm ci && a', false],
    ['npm ci || a', true],
    ['(npm ci) || a', true],
    ['if a; then npm ci; fi', true],
    ['case a in b) npm ci;; esac', true],
  ])('%j may be decided: %j', (script, expected) => {
    expect(commandsOf(`RUN ${script}`)[0]?.isConditional).toBe(expected);
  });

  it.each([
    ['RUN a && npm ci', '1:9-1:15'],
    ['RUN a && \\\n  npm \\\n  ci > b', '2:2-3:4'],
    ['RUN ["sh", "-c", "a && npm ci"]', '1:23-1:29'],
    ['RUN <<EOF\na\nnpm ci\nEOF', '3:0-3:6'],
  ])('have a place in %j', (run, place) => {
    const { start, end } = commandsOf(run).at(-1)?.getRange() ?? {};
    expect(`${start?.line}:${start?.character}-${end?.line}:${end?.character}`).toBe(place);
  });
});
