import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');

/** How a step is run. Only what is named here reaches the action, as on a runner of its own. */
export interface StepOptions {
  readonly inputs: Readonly<Record<string, string>>;
  /** What the step's `env:` and the runner add. */
  readonly env?: Readonly<Record<string, string>>;
  readonly workspace: string;
  /** The Node.js that runs the action; this process's own by default. */
  readonly node?: string;
  readonly event?: unknown;
  readonly onLine?: (line: string) => void;
  /** Called once the action runs, with a way to signal it. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Called with the outputs when the main part has ended, before the post part; as the steps that follow would be. */
  readonly onMainEnd?: (outputs: Readonly<Record<string, string>>) => unknown;
}

/** What the runner sees of a step: its main part, and the post part that always follows. */
export interface StepResult {
  readonly exitCode: number;
  readonly postExitCode: number;
  /** Standard output of both parts, line by line. */
  readonly lines: readonly string[];
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Values that the runner was told to hide. */
  readonly masks: readonly string[];
  /** What the main part saved for the post part. */
  readonly state: Readonly<Record<string, string>>;
  /** What lay in RUNNER_TEMP after each part. */
  readonly leftAfterMain: readonly string[];
  readonly leftAfterPost: readonly string[];
}

interface Metadata {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly main: string; readonly post: string };
}

/** Runs the committed action as a runner does: inputs and files in the environment, main, then post. */
export async function runStep(options: StepOptions): Promise<StepResult> {
  const metadata = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Metadata;
  const folder = await mkdtemp(join(tmpdir(), 'runner-'));
  try {
    const env = { ...(await prepare(folder, options)), ...inputVariables(metadata, options.inputs) };
    const { node, workspace, onLine, onStart } = options;
    const main = await runPart({
      node,
      workspace,
      onLine,
      onStart,
      program: join(root, metadata.runs.main),
      env,
    });
    const outputs = parseFileCommands(await readFile(join(folder, 'GITHUB_OUTPUT'), 'utf8'));
    await options.onMainEnd?.(outputs);
    const leftAfterMain = await readdir(join(folder, 'temp'));
    const state = parseFileCommands(await readFile(join(folder, 'GITHUB_STATE'), 'utf8'));
    const stateEnv = Object.fromEntries(
      Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]),
    );
    const postEnv = { ...env, ...stateEnv };
    const post = await runPart({
      node,
      workspace,
      onLine,
      program: join(root, metadata.runs.post),
      env: postEnv,
    });
    const lines = [...main.lines, ...post.lines];
    return {
      exitCode: main.exitCode,
      postExitCode: post.exitCode,
      lines,
      stderr: main.stderr + post.stderr,
      outputs,
      summary: await readFile(join(folder, 'GITHUB_STEP_SUMMARY'), 'utf8'),
      masks: lines.flatMap((line) => (line.startsWith('::add-mask::') ? [unescape(line.slice(12))] : [])),
      state,
      leftAfterMain,
      leftAfterPost: await readdir(join(folder, 'temp')),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const fileNames = [
  'GITHUB_OUTPUT',
  'GITHUB_STATE',
  'GITHUB_ENV',
  'GITHUB_PATH',
  'GITHUB_STEP_SUMMARY',
] as const;

async function prepare(
  folder: string,
  { workspace, event, env }: StepOptions,
): Promise<Record<string, string>> {
  const files = fileNames.map((name) => [name, join(folder, name)] as const);
  for (const [, path] of files) await writeFile(path, '');
  const eventPath = join(folder, 'event.json');
  await writeFile(eventPath, JSON.stringify(event ?? {}));
  const temp = join(folder, 'temp');
  await mkdir(temp);
  return {
    ...machineVariables(),
    HOME: process.env['HOME'] ?? folder,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    ...Object.fromEntries(files),
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: join(root, '.tmp', 'tool-cache'),
    RUNNER_OS: 'Linux',
    ...env,
  };
}

/** What every job on this machine needs to find tools and to reach package registries. */
function machineVariables(): Record<string, string> {
  const isWanted = (name: string): boolean =>
    /^(PATH|SSL_CERT_.+|NODE_EXTRA_CA_CERTS|(https?|no)_proxy|npm_config_.+)$/i.test(name);
  const entries = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && isWanted(name),
  );
  return Object.fromEntries(entries) as Record<string, string>;
}

/** INPUT_… as the runner names them: upper case, spaces as `_`, hyphens kept; defaults come from action.yml. */
function inputVariables(metadata: Metadata, inputs: StepOptions['inputs']): Record<string, string> {
  const defaults = Object.entries(metadata.inputs).map(([name, input]) => [
    name,
    (input.default ?? '').replace(/\$\{\{.*\}\}/, ''),
  ]);
  const given: Record<string, string> = {
    ...(Object.fromEntries(defaults) as Record<string, string>),
    ...inputs,
  };
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}

interface Part {
  readonly node: StepOptions['node'];
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly onLine: StepOptions['onLine'];
  readonly onStart?: StepOptions['onStart'];
}

async function runPart({ node = process.execPath, program, env, workspace, onLine, onStart }: Part) {
  const child = spawn(node, [program], {
    env,
    cwd: workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let rest = '';
  let stderr = '';
  const lines: string[] = [];
  const take = (line: string): void => {
    lines.push(line);
    onLine?.(line);
  };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    parts.forEach(take);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  onStart?.((signal) => child.kill(signal));
  const exitCode = await new Promise<number>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(code ?? (signal === 'SIGKILL' ? 137 : 143));
    });
  });
  if (rest !== '') take(rest);
  return { exitCode, lines, stderr };
}

/** Reads `name<<delimiter` blocks of a file that the runner hands to the action. */
function parseFileCommands(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const [, name, delimiter] = /^(.+?)<<(.+)$/.exec(lines[at] ?? '') ?? [];
    if (name === undefined || delimiter === undefined) continue;
    const end = lines.indexOf(delimiter, at + 1);
    values[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return values;
}

function unescape(value: string): string {
  return value.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
