import type { Instruction } from 'dockerfile-ast';
import { Add, Copy } from 'dockerfile-ast';

import { isExcluded, isWholeCopy, listCopies, listIgnoreFiles } from './context.ts';
import { installName, isInstall } from './packages.ts';
import { listCommands, type RunCommand } from './run.ts';
import { npmExample, npmSteps } from './example.ts';
import { inSource, placeOf, type DockerfileSubject } from './tree.ts';
import type { Hit, Rule } from '../rule.ts';

const good = npmExample(['FROM node:24-slim', ...npmSteps]);

const withYarn = { 'yarn.lock': '# yarn lockfile v1\n' };

/** How dependencies get into the image. */
export const installRules: readonly Rule<DockerfileSubject>[] = [
  {
    id: 'CBR030',
    severity: 'warning',
    title: 'npm install where the lockfile allows npm ci',
    why: 'CloudBase Run builds the image again for each release. "npm install" may pick other versions than those that were tested; "npm ci" installs what the lockfile names, and fails where it does not fit package.json.',
    fix: 'Write "npm ci", with "--omit=dev" for the image that runs.',
    bad: npmExample([
      'FROM node:24-slim',
      'WORKDIR /app',
      'COPY package*.json ./',
      'RUN npm install --omit=dev',
      'COPY server.js ./',
      'CMD ["node", "server.js"]',
    ]),
    good,
    check: (subject) => {
      const lockfile = npmLockfiles.find((name) => hasFile(subject, name));
      if (lockfile === undefined) return [];
      return listRuns(subject)
        .filter(({ words, isConditional }) => !isConditional && isPlainNpmInstall(words))
        .map((command) => ({
          message: `"npm ${command.words[1] ?? ''}" installs what it finds, though "${lockfile}" stands beside it.`,
          at: placeOf(subject, command),
        }));
    },
  },
  {
    id: 'CBR031',
    severity: 'error',
    title: 'npm ci without a lockfile',
    why: '"npm ci" fails where there is no package-lock.json or npm-shrinkwrap.json, and with it the build.',
    fix: 'Run "npm install" once, commit package-lock.json, and copy it before "npm ci".',
    bad: {
      mode: 'container',
      files: {
        Dockerfile:
          'FROM node:24-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCOPY server.js ./\nCMD ["node", "server.js"]\n',
        'package.json': '{ "name": "shop", "private": true }\n',
        'server.js': "require('node:http').createServer().listen(process.env.PORT);\n",
      },
    },
    good,
    check: checkNpmCi,
  },
  {
    id: 'CBR032',
    severity: 'info',
    title: 'Install that may change the lockfile',
    why: 'CloudBase Run builds the image again for each release. Without the flag an install may pick other versions than those that the lockfile names.',
    fix: 'Add "--frozen-lockfile", or "--immutable" with Yarn 2 and newer.',
    bad: npmExample(
      [
        'FROM node:24-slim',
        'WORKDIR /app',
        'COPY package.json yarn.lock ./',
        'RUN yarn install --production',
        'CMD ["node", "server.js"]',
      ],
      withYarn,
    ),
    good,
    check: (subject) => listRuns(subject).flatMap((command) => checkFrozen(subject, command)),
  },
  {
    id: 'CBR033',
    severity: 'info',
    title: 'All sources copied before the dependencies are installed',
    why: 'A change of any file makes the layers after its COPY anew. Where the manifests are copied and installed first, a build installs again only when they change.',
    fix: 'Copy the manifest and the lockfile, install, and copy the rest then.',
    bad: npmExample(
      [
        'FROM node:24-slim',
        'WORKDIR /app',
        'COPY . .',
        'RUN npm ci --omit=dev',
        'USER node',
        'CMD ["node", "server.js"]',
      ],
      { '.dockerignore': '.git\nnode_modules\n' },
    ),
    good,
    check: checkOrder,
  },
];

const npmLockfiles = ['package-lock.json', 'npm-shrinkwrap.json'];

function hasFile(subject: DockerfileSubject, name: string): boolean {
  return subject.source.entries.has(inSource(subject, name));
}

function listRuns(subject: DockerfileSubject): RunCommand[] {
  return subject.stages.flatMap(({ instructions }) =>
    instructions.flatMap((run) => listCommands(subject, run)),
  );
}

/** `npm install` of the project itself: neither of named packages, nor into another folder. */
function isPlainNpmInstall(words: readonly string[]): boolean {
  return (
    words[0] === 'npm' &&
    /^(i|install)$/.test(words[1] ?? '') &&
    !words.some((word) => /^(--prefix|-C|-g|--global|--package-lock-only|--location)\b/.test(word)) &&
    words.slice(2).every((word) => /^-|[<>]|^\/dev\/null$/.test(word))
  );
}

/** Only where nothing but a file of the build folder could be the lockfile that is missing. */
function checkNpmCi(subject: DockerfileSubject): Hit[] {
  const ignores = listIgnoreFiles(subject);
  const top = inSource(subject, '.');
  const prefix = top === '.' ? '' : `${top}/`;
  const lockfiles = [...subject.source.entries.keys()].filter(
    (path) => path.startsWith(prefix) && /(^|\/)(package-lock|npm-shrinkwrap)\.json$/.test(path),
  );
  const isThere = lockfiles.some((path) => !isExcluded(ignores, path.slice(prefix.length)));
  if (isThere || !hasFile(subject, 'package.json')) return [];
  const hits: Hit[] = [];
  for (const instruction of subject.stages.flatMap(({ instructions }) => instructions)) {
    for (const command of listCommands(subject, instruction)) {
      if (mayMakeLockfile(command.words)) return hits;
      if (isPlainNpmCi(command)) hits.push(missing(subject, command, lockfiles[0]));
    }
    if (mayBringLockfile(subject, instruction)) return hits;
  }
  return hits;
}

function isPlainNpmCi({ words, isConditional }: RunCommand): boolean {
  return !isConditional && words[0] === 'npm' && words[1] === 'ci' && !words.includes('--help');
}

function missing(subject: DockerfileSubject, command: RunCommand, excluded: string | undefined): Hit {
  const at = placeOf(subject, command);
  if (excluded === undefined)
    return { message: '"npm ci" fails: the build folder holds no package-lock.json.', at };
  const fix = 'Take the lockfile out of .dockerignore, and copy it before "npm ci".';
  return { message: `"npm ci" fails: .dockerignore excludes "${excluded}".`, fix, at };
}

function mayMakeLockfile(words: readonly string[]): boolean {
  const [tool = '', verb = ''] = words;
  if (tool === 'npm')
    return (
      /^(i|install|shrinkwrap|init|add|update|import)$/.test(verb) &&
      !words.some((word) => /^(-g|--global)$/.test(word))
    );
  return !/^(npm|corepack|apk|apt|apt-get|mkdir|chown|chmod|echo|set|rm|ls|node|adduser|addgroup|useradd|groupadd)$/.test(
    tool,
  );
}

function mayBringLockfile(subject: DockerfileSubject, instruction: Instruction): boolean {
  if (!(instruction instanceof Copy || instruction instanceof Add)) return false;
  const from = instruction.getFlags().find((flag) => flag.getName() === 'from');
  const text = instruction.getArgumentsContent() ?? '';
  if (from !== undefined) return !subject.stages.some(({ name }) => name === from.getValue()?.toLowerCase());
  return (
    /<<|:\/\/|\$|git@/.test(text) || (instruction instanceof Add && /\.(tar|t?gz|bz2|xz|zst)\b/.test(text))
  );
}

function checkFrozen(subject: DockerfileSubject, command: RunCommand): Hit[] {
  const { words, isConditional } = command;
  const tool = words[0] ?? '';
  const lockfile = { yarn: 'yarn.lock', pnpm: 'pnpm-lock.yaml' }[tool];
  if (isConditional || lockfile === undefined || !hasFile(subject, lockfile) || !isInstall(words)) return [];
  if (words.some((word) => /^--(no-)?(frozen-lockfile|immutable)/.test(word))) return [];
  const fix = tool === 'pnpm' ? 'Add "--frozen-lockfile".' : undefined;
  const message = `"${installName(words)}" may install other versions than "${lockfile}" names.`;
  return [{ message, ...(fix === undefined ? {} : { fix }), at: placeOf(subject, command) }];
}

function checkOrder(subject: DockerfileSubject): Hit[] {
  const copies = listCopies(subject);
  return subject.stages.flatMap((stage): Hit[] => {
    const whole = copies.find((step) => step.stage === stage && isWholeCopy(step));
    const install = stage.instructions
      .flatMap((run) => listCommands(subject, run).map((command) => ({ run, command })))
      .find(({ command }) => isInstall(command.words));
    if (whole === undefined || install === undefined) return [];
    const [copied, installed] = [whole.instruction, install.run].map((one) => one.getRange().start.line);
    if (copied === undefined || installed === undefined || copied > installed) return [];
    const message = `All sources are copied before "${installName(install.command.words)}", so that each change installs again.`;
    return [{ message, at: placeOf(subject, whole.instruction) }];
  });
}
