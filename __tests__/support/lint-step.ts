import { expect } from '@jest/globals';

import { runStep, type StepOptions, type StepResult } from '../../scripts/runner.ts';
import { makeWorkspace, type Tree } from './step.ts';

/** An engine that nobody answers for: what lint finds does not hang on this machine. */
const noEngine = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

/** A Dockerfile in which nothing is found. */
export const dockerfile = `FROM node:24-slim
WORKDIR /app
COPY package.json server.js ./
USER node
EXPOSE 8080
CMD ["node", "server.js"]
`;
const manifest = '{ "name": "app", "private": true, "type": "module" }\n';
/** A server in which nothing is found. */
export const server = `import { createServer } from 'node:http';

const server = createServer((request, response) => response.end('hello'));
server.listen(Number(process.env.PORT ?? 8080));
`;
/** One that nobody outside its container reaches. */
export const loopback = server.replace('8080));', "8080), '127.0.0.1');");

/** A project in which nothing is found. */
export const clean: Tree = {
  Dockerfile: dockerfile,
  '.dockerignore': '.git\nnode_modules\n',
  'package.json': manifest,
  'server.js': server,
};
/** Listens where nobody outside the container can reach it, in line 4. */
export const wrong: Tree = { ...clean, 'server.js': loopback };

/** Runs `command: lint` with nothing but what is given: no credentials, no service, no environment. */
export async function lint(
  tree: Tree,
  inputs: StepOptions['inputs'] = {},
  env: StepOptions['env'] = {},
): Promise<StepResult & { readonly workspace: string }> {
  const workspace = await makeWorkspace(tree);
  return { ...(await lintIn(workspace, inputs, env)), workspace };
}

/** The same in a checkout that is there; nothing may be left or shown on standard error. */
export async function lintIn(
  workspace: string,
  inputs: StepOptions['inputs'] = {},
  env: StepOptions['env'] = {},
): Promise<StepResult> {
  const result = await runStep({
    workspace,
    inputs: { command: 'lint', ...inputs },
    env: { ...noEngine, ...env },
  });
  expect([result.stderr, result.postExitCode, result.leftAfterMain]).toEqual(['', 0, []]);
  return result;
}

/** Moves every file of a tree into a folder. */
export function within(folder: string, tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([path, content]) => [`${folder}/${path}`, content]));
}

/** A line that the runner shows as an annotation. */
export interface Annotation {
  readonly level: string;
  /** `file:line`, empty without a place. */
  readonly place: string;
  readonly message: string;
}

/** The annotations of a step, those without a place too. */
export function annotationsOf({ lines }: Pick<StepResult, 'lines'>): Annotation[] {
  return lines.flatMap((line) => {
    const [, level, properties = '', message = ''] =
      /^::(error|warning|notice)(?: ([^:]*))?::(.*)$/.exec(line) ?? [];
    if (level === undefined) return [];
    const { file = '', line: at } = Object.fromEntries(
      properties.split(',').map((property) => property.split('=')),
    ) as Record<string, string>;
    return [{ level, place: file === '' ? '' : `${file}:${at ?? ''}`, message }];
  });
}

/** The annotations that stand at a place, as `level place rule`. */
export function placedIn(result: Pick<StepResult, 'lines'>): string[] {
  return annotationsOf(result)
    .filter(({ place }) => place !== '')
    .map(({ level, place, message }) => `${level} ${place} ${/\(([\w/-]+), /.exec(message)?.[1] ?? ''}`);
}
