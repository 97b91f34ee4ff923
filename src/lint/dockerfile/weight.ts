import { Arg, Env, type Instruction } from 'dockerfile-ast';

import { parseImage } from './image-name.ts';
import { installName, isInstall } from './packages.ts';
import { listCommands, type RunCommand } from './run.ts';
import { containerExample, npmExample } from './example.ts';
import { inSource, placeOf, type DockerfileSubject } from './tree.ts';
import { isRecord, parseJson } from '../json.ts';
import type { Hit, Rule } from '../rule.ts';

const withDevelopment = {
  'package.json': '{ "name": "shop", "private": true, "devDependencies": { "eslint": "^9.0.0" } }\n',
};

const start = ['FROM node:24-slim', 'WORKDIR /app', 'COPY package.json package-lock.json ./'];
const end = ['COPY server.js ./', 'USER node', 'CMD ["node", "server.js"]'];
const good = npmExample([...start, 'RUN npm ci --omit=dev', ...end], withDevelopment);

const goStages = (...final: readonly string[]): readonly string[] => [
  'FROM golang:1.27 AS build',
  'WORKDIR /src',
  'COPY go.mod main.go ./',
  'RUN CGO_ENABLED=0 go build -o /server .',
  ...final,
  'CMD ["/server"]',
];
const goFiles = { 'go.mod': 'module shop\n', 'main.go': 'package main\n' };

/** What makes the image larger than the service needs. */
export const weightRules: readonly Rule<DockerfileSubject>[] = [
  {
    id: 'CBR034',
    severity: 'info',
    title: 'Development dependencies in the image',
    why: 'An instance that starts from nothing pulls the image first: each megabyte makes a cold start longer. Development dependencies are not needed to run.',
    fix: 'Install with "--omit=dev" ("--production" with Yarn 1, "--prod" with pnpm), or build in a stage of its own.',
    bad: npmExample([...start, 'RUN npm ci', ...end], withDevelopment),
    good,
    check: checkDevelopment,
  },
  {
    id: 'CBR035',
    severity: 'warning',
    title: 'Compiler or build tools installed in the image that runs',
    why: 'Compilers add hundreds of megabytes to what a cold start pulls, and give an attacker tools. The service runs without them.',
    fix: 'Compile in a stage of its own and copy the result with COPY --from, or remove the tools in the same RUN.',
    bad: npmExample([
      ...start,
      'RUN apt-get update && apt-get install -y build-essential && npm ci --omit=dev',
      ...end,
    ]),
    good: npmExample([
      'FROM node:24 AS build',
      ...start.slice(1),
      'RUN npm ci --omit=dev',
      'FROM node:24-slim',
      'WORKDIR /app',
      'COPY --from=build /app/node_modules ./node_modules',
      ...end,
    ]),
    check: (subject) =>
      subject.finalInstructions.flatMap((run) => checkTools(subject, listCommands(subject, run))),
  },
  {
    id: 'CBR036',
    severity: 'warning',
    title: 'Image of a compiler as the image that runs',
    why: 'An instance that starts from nothing pulls the image first. Images of compilers hold several hundred megabytes that a built service does not need.',
    fix: 'Build in a stage that is named with AS, and copy the result with COPY --from into a small image.',
    bad: containerExample(goStages('USER nobody'), goFiles),
    good: containerExample(
      goStages('FROM gcr.io/distroless/static-debian13:nonroot', 'COPY --from=build /server /server'),
      goFiles,
    ),
    check: checkToolImage,
  },
];

function checkDevelopment(subject: DockerfileSubject): Hit[] {
  if (!hasDevelopment(subject)) return [];
  let isProduction = false;
  let hits: Hit[] = [];
  for (const instruction of subject.finalInstructions) {
    isProduction = productionAfter(instruction) ?? isProduction;
    const isHere =
      isProduction || /NODE_ENV=["']?production/.test(instruction.getRawArgumentsContent() ?? '');
    for (const command of listCommands(subject, instruction)) {
      if (removesDevelopment(command.words, isHere)) hits = [];
      else if (!isHere && isJavaScriptInstall(command) && !hasFlag(command.words)) {
        const message = `"${installName(command.words)}" brings the devDependencies of package.json into the image.`;
        hits.push({ message, at: placeOf(subject, command) });
      }
    }
  }
  return hits;
}

function hasDevelopment(subject: DockerfileSubject): boolean {
  const manifest = parseJson(subject.source.texts.get(inSource(subject, 'package.json')) ?? '');
  const names = isRecord(manifest) ? manifest['devDependencies'] : undefined;
  return isRecord(names) && Object.keys(names).length > 0;
}

/** Whether npm omits development dependencies from here on; undefined where the instruction does not say. */
function productionAfter(instruction: Instruction): boolean | undefined {
  if (!(instruction instanceof Env || instruction instanceof Arg)) return undefined;
  const said = instruction.getProperties().flatMap((property) => {
    const [name, value] = [property.getName().toLowerCase(), property.getValue()];
    if (name === 'node_env') return [value === 'production'];
    if (name === 'npm_config_omit') return [value === 'dev'];
    return name === 'npm_config_production' ? [value === 'true'] : [];
  });
  return said.at(-1);
}

function isJavaScriptInstall({ words, isConditional }: RunCommand): boolean {
  return !isConditional && /^(npm|yarn|pnpm)$/.test(words[0] ?? '') && isInstall(words);
}

function hasFlag(words: readonly string[]): boolean {
  return words.some((word, index) =>
    /^(--omit=dev|--production(=true)?|--prod|-P|--only=prod(uction)?|--no-dev|dev)$/.test(
      word === 'dev' && words[index - 1] !== '--omit' ? '' : word,
    ),
  );
}

/** A later step that leaves only what runs. */
function removesDevelopment(words: readonly string[], isProduction: boolean): boolean {
  const [tool = '', verb = ''] = words;
  if (/^(npm|pnpm|yarn)$/.test(tool) && /^(prune|ci|i|install|workspaces)$/.test(verb))
    return isProduction || hasFlag(words);
  return (
    (tool === 'rm' && words.some((word) => /(^|\/)node_modules\/?$/.test(word))) || tool === 'node-prune'
  );
}

const installers: readonly (readonly [RegExp, RegExp, RegExp])[] = [
  [/^(apt|apt-get|aptitude)$/, /^install$/, /^(purge|remove|autoremove)$/],
  [/^apk$/, /^add$/, /^del$/],
  [/^(yum|dnf|microdnf|tdnf)$/, /^(install|groupinstall)$/, /^(remove|erase|autoremove)$/],
];

const tools =
  /^(build-essential|build-base|alpine-sdk|gcc|g\+\+|gcc-c\+\+|gcc-\d+|g\+\+-\d+|clang(-\d+)?|cmake|make|autoconf|automake|python3?(\.\d+)?-dev(el)?|musl-dev|libc6?-dev|linux-headers|maven|gradle|cargo|rust|rustc|golang(-go|-\d.*)?|go|default-jdk(-headless)?|openjdk-?\d+(-jdk(-headless)?)?)(=.*)?$/;

function checkTools(subject: DockerfileSubject, commands: readonly RunCommand[]): Hit[] {
  return commands.flatMap((command, index) => {
    const [tool = '', ...rest] = command.words;
    const installer = installers.find(([name]) => name.test(tool));
    if (installer === undefined || !rest.some((word) => installer[1].test(word))) return [];
    const found = rest.filter((word) => tools.test(word)).map((word) => `"${word.replace(/=.*/, '')}"`);
    const isRemoved = commands
      .slice(index + 1)
      .some(
        ({ words }) => installer[0].test(words[0] ?? '') && words.some((word) => installer[2].test(word)),
      );
    if (found.length === 0 || isRemoved) return [];
    const message = `${found.join(', ')} of "${tool}" ${found.length === 1 ? 'stays' : 'stay'} in the image that runs.`;
    return [{ message, at: placeOf(subject, command) }];
  });
}

function checkToolImage(subject: DockerfileSubject): Hit[] {
  const root = subject.finalStages.at(-1);
  const image = root === undefined ? undefined : parseImage(root.base);
  if (root === undefined || image === undefined || image.tag.includes('jre')) return [];
  if (!/^(golang|maven|gradle|rust|dotnet\/sdk)$/.test(image.product)) return [];
  const message = `The image that runs is built on "${image.product}", an image to build with.`;
  return [{ message, at: placeOf(subject, root.from) }];
}
