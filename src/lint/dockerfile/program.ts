import { posix } from 'node:path';

import type { PlacedWord } from './launch.ts';

/** Programs that start the one named after them: how many words stand between, besides options. */
const runners: Readonly<Record<string, number>> = {
  tini: 0,
  'dumb-init': 0,
  exec: 0,
  env: 0,
  nohup: 0,
  npx: 0,
  bunx: 0,
  gosu: 1,
  'su-exec': 1,
  'opentelemetry-instrument': 0,
  'ddtrace-run': 0,
};

/** The same for programs that do so with one of their commands. */
const runnerCommands: Readonly<Record<string, RegExp>> = {
  uv: /^run$/,
  poetry: /^run$/,
  pipenv: /^run$/,
  pdm: /^run$/,
  hatch: /^run$/,
  bundle: /^exec$/,
  pnpm: /^(?:exec|dlx)$/,
  yarn: /^(?:exec|dlx)$/,
  'newrelic-admin': /^run-program$/,
};

/** The words without what only starts the program: tini, npx, `uv run`, an entrypoint script. */
export function stripRunners(words: readonly PlacedWord[]): readonly PlacedWord[] {
  const count = countRunnerWords(words);
  return count === 0 ? words : stripRunners(words.slice(count));
}

function countRunnerWords(words: readonly PlacedWord[]): number {
  const [first, second] = words;
  if (first === undefined) return 0;
  const name = nameOf(first);
  if (second !== undefined && ownOf(runnerCommands, name)?.test(second.text) === true)
    return 2 + countOptions(words.slice(2));
  const between = ownOf(runners, name) ?? (isEntrypointScript(name) && second !== undefined ? 0 : undefined);
  if (between === undefined) return 0;
  return 1 + countOptions(words.slice(1)) + between;
}

function ownOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function isEntrypointScript(name: string): boolean {
  return /\.sh$|entrypoint$/.test(name);
}

function countOptions(words: readonly PlacedWord[]): number {
  const index = words.findIndex(({ text }) => !/^-|^[A-Za-z_]\w*=/.test(text));
  return index === -1 ? words.length : index;
}

/** The name of a program without its folder. */
export function nameOf({ text }: { readonly text: string }): string {
  return posix.basename(text);
}

/** The env vars that `env` sets in front of a program. */
export function listEnvWords(words: readonly PlacedWord[]): readonly PlacedWord[] {
  const index = words.findIndex((word) => nameOf(word) === 'env');
  if (index === -1) return [];
  const rest = words.slice(index + 1);
  return rest.slice(0, countOptions(rest)).filter(({ text }) => !text.startsWith('-'));
}
