import { posix } from 'node:path';

import type { NodeProject } from './node-project.ts';
import { ownDockerfile, refuse, sample } from './source.ts';

/** How a Node.js service starts. */
export interface NodeStart {
  readonly kind: 'plain' | 'next' | 'next-standalone' | 'nuxt';
  /** For the exec form of CMD. */
  readonly command: readonly string[];
  readonly doubts: readonly string[];
}

/** Programs that serve in production and listen on PORT, by the package that brings them. */
const servers: Readonly<Record<string, string>> = {
  next: 'next',
  'remix-serve': '@remix-run/serve',
  'react-router-serve': '@react-router/serve',
  tsx: 'tsx',
};
const withValue = /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions)$/;
const runScript = /^(?:npm|pnpm|yarn)(?: run)? (?!run\b|exec\b|dlx\b)([\w:.-]+)$/;
const buildFirst = /^(?:npm|pnpm|yarn)(?: run)? build\s*&&\s*/;

/**
 * The command that starts the service: the script "start:prod" or "start" where it is one command that serves in
 * production, else what the framework makes, else `main` or server.js, app.js, index.js.
 */
export function findStart(project: NodeProject): NodeStart {
  const framework = findFramework(project);
  if (framework !== undefined) return framework;
  const [name, script] = findScript(project);
  if (script === undefined) return { kind: 'plain', command: ['node', findEntry(project)], doubts: [] };
  const words = splitCommand(name, script);
  if (words.join(' ') === 'nest start') return plainNode(project, name, ['dist/main.js']);
  const [program = '', ...rest] = words;
  return program === 'node' ? plainNode(project, name, rest) : serverStart(project, name, words);
}

function findFramework(project: NodeProject): NodeStart | undefined {
  const { scripts, dependencies, devDependencies, isCompiled } = project;
  const start = scripts['start:prod'] ?? scripts['start'] ?? '';
  if (dependencies['next'] !== undefined && isCompiled && /^(node .next\/standalone\/.*|)$/.test(start))
    return nextStart(project);
  const nuxt = dependencies['nuxt'] ?? devDependencies['nuxt'];
  if (
    nuxt !== undefined &&
    isCompiled &&
    /^(node .output\/server\/index\.mjs|nux[ti] (start|preview)|)$/.test(start)
  )
    return { kind: 'nuxt', command: ['node', '.output/server/index.mjs'], doubts: [] };
  return undefined;
}

/** Options of `next start` name a port and a host, which are those of a developer's desk. */
function nextStart(project: NodeProject): NodeStart {
  const kind = nextKind(project);
  const command = kind === 'next' ? ['node_modules/.bin/next', 'start'] : ['node', 'server.js'];
  return { kind, command, doubts: [] };
}

function nextKind({ snapshot }: NodeProject): 'next' | 'next-standalone' {
  const configs = [...snapshot.texts].filter(([path]) => path.startsWith('next.config.'));
  const text = configs.map(([, each]) => each.replace(/\/\/.*|\/\*[^]*?\*\//g, '')).join('\n');
  if (/\boutput\s*:\s*["'`]export["'`]/.test(text))
    refuse('the Next.js config makes a static site (output "export"), which has no server to start.');
  if (/\b(outputFileTracingRoot|distDir)\s*:/.test(text))
    refuse(`the Next.js config sets outputFileTracingRoot or distDir, which moves what is built; ${sample}.`);
  return /\boutput\s*:\s*["'`]standalone["'`]/.test(text) ? 'next-standalone' : 'next';
}

/** The script to start with; a script that only runs another one stands for that one. */
function findScript({ scripts }: NodeProject): readonly [string, string | undefined] {
  let name = scripts['start:prod'] === undefined ? 'start' : 'start:prod';
  for (let step = 0; step < 5; step += 1) {
    const before = scripts[`pre${name}`];
    if (before !== undefined && !/^(?:npm|pnpm|yarn)(?: run)? build$/.test(before))
      refuse(
        `the script "pre${name}" would not run in the container; call it from "build", or ${ownDockerfile}.`,
      );
    const script = scripts[name]?.trim().replace(buildFirst, '');
    const next = runScript.exec(script ?? '')?.[1];
    if (next === undefined || scripts[next] === undefined) return [name, script];
    name = next;
  }
  return refuse(`the script "start" runs itself; let it run the service, as in "node server.js".`);
}

function splitCommand(name: string, script: string): readonly string[] {
  const words = script.split(/\s+/).filter((word) => word !== '');
  const first = words.findIndex((word) => word !== 'cross-env' && !/^(NODE_ENV|PORT|HOST)=/.test(word));
  const command = words.slice(Math.max(first, 0));
  if (/^[\w\s@./:=,+-]+$/.test(script) && !/^\w+=/.test(command[0] ?? '')) return command;
  return refuse(
    `the script "${name}" in package.json needs a shell; let it be one command such as "node server.js", or ${ownDockerfile}.`,
  );
}

/** `node` with its arguments, without what only serves at a developer's desk. */
function plainNode(project: NodeProject, name: string, args: readonly string[]): NodeStart {
  const kept: string[] = [];
  const doubts: string[] = [];
  let entry: string | undefined;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (entry !== undefined) kept.push(word);
    else if (/^--(watch|inspect)/.test(word)) continue;
    else if (word.startsWith('--env-file')) {
      if (word === '--env-file' || word === '--env-file-if-exists') index += 1;
      doubts.push(
        `The script "${name}" reads a file of env vars, which is no part of the image: set them in server-config.`,
      );
    } else if (withValue.test(word)) kept.push(word, args[(index += 1)] ?? '');
    else if (word.startsWith('-')) kept.push(word);
    else kept.push((entry = word));
  }
  if (entry === undefined) refuse(`the script "${name}" names no file that "node" starts.`);
  checkEntry(project, name, entry);
  return { kind: 'plain', command: ['node', ...kept], doubts };
}

function checkEntry({ snapshot, isCompiled }: NodeProject, name: string, entry: string): void {
  const path = posix.normalize(entry);
  if (path.startsWith('/') || path.startsWith('..'))
    refuse(`the script "${name}" starts "${entry}", which is not in the source.`);
  const forms = ['', '.js', '.json', '.node', '/index.js', '/package.json'].map((end) => `${path}${end}`);
  if (isCompiled || forms.some((form) => snapshot.files.has(form))) return;
  refuse(
    `the script "${name}" starts "${entry}", which is not in the source, and there is no script "build" that would make it.`,
  );
}

function serverStart(project: NodeProject, name: string, words: readonly string[]): NodeStart {
  const [program = '', ...args] = words;
  const owner = servers[program];
  if (owner === undefined || (program === 'next' && args[0] !== 'start') || args.includes('watch'))
    refuse(
      `the script "${name}" runs "${program}", which is not known to serve in production on PORT; ` +
        `add a script "start:prod" such as "node dist/index.js", or ${ownDockerfile}.`,
    );
  if (project.dependencies[owner] === undefined)
    refuse(
      `the script "${name}" runs "${program}", and "${owner}" is no entry of "dependencies": move it there.`,
    );
  if (program !== 'tsx' && !project.isCompiled)
    refuse(`the script "${name}" serves what a build makes, and there is no script "build" that makes it.`);
  if (program === 'next') return nextStart(project);
  return { kind: 'plain', command: [`node_modules/.bin/${program}`, ...args], doubts: [] };
}

function findEntry({ main, snapshot, isCompiled }: NodeProject): string {
  const path = main === undefined ? undefined : posix.normalize(main);
  const isInside = path !== undefined && !path.startsWith('..') && !path.startsWith('/');
  const named = isInside ? [path, `${path}.js`, `${path}/index.js`] : [];
  const found = [...named, 'server.js', 'app.js', 'index.js'].find((each) => snapshot.files.has(each));
  if (found !== undefined) return found;
  if (isCompiled && isInside) return path;
  return refuse(
    'nothing tells how the service starts: there is no script "start", no file that "main" names, and no server.js, ' +
      'app.js or index.js. Add a script "start" to package.json, such as "node server.js".',
  );
}
