import { posix } from 'node:path';

import {
  findEntry,
  isExcluded,
  isWholeCopy,
  listCopies,
  listIgnoreFiles,
  type CopySource,
  type IgnoreFile,
} from './context.ts';
import { npmExample } from './example.ts';
import { inSource, placeOf, type DockerfileSubject } from './tree.ts';
import type { Hit, Rule } from '../rule.ts';

const start = [
  'FROM node:24-slim',
  'WORKDIR /app',
  'COPY package.json package-lock.json ./',
  'RUN npm ci --omit=dev',
];
const end = ['USER node', 'CMD ["node", "server.js"]'];
const good = npmExample([...start, 'COPY server.js ./', ...end]);

/** What COPY and ADD take from the build folder and from other stages. */
export const copyRules: readonly Rule<DockerfileSubject>[] = [
  {
    id: 'CBR037',
    severity: 'error',
    title: 'COPY of a file that is not there',
    why: 'The build fails at a COPY or ADD whose source the build folder does not hold. Paths are relative to the build folder, which is the source folder unless the setting BuildDir names another one.',
    fix: 'Correct the path, or make the file in a step of the workflow before this action.',
    bad: npmExample([...start, 'COPY serve.js ./', ...end]),
    good,
    check: (subject) =>
      listOwnSources(subject).flatMap((source): Hit[] => {
        if (source.isOutside || findEntry(subject, source.path) !== 'absent') return [];
        const missing = inSource(subject, source.path);
        return [
          { message: `The build folder holds no "${source.path}".`, at: placeOf(subject, source), missing },
        ];
      }),
  },
  {
    id: 'CBR038',
    severity: 'error',
    title: 'COPY of a file that .dockerignore excludes',
    why: 'The builder does not see what .dockerignore excludes: the build fails at a COPY or ADD that names such a file.',
    fix: 'Correct the pattern in .dockerignore, or add a line with "!" and the path after it.',
    bad: npmExample([...start, 'COPY server.js ./', ...end], { '.dockerignore': 'node_modules\n*.js\n' }),
    good,
    check: checkExcluded,
  },
  {
    id: 'CBR039',
    severity: 'error',
    title: 'COPY from outside the build folder',
    why: 'A build sees nothing outside its folder, and CloudBase Run gets nothing else: the build fails at a COPY or ADD that leads out of it.',
    fix: 'Move the file into the build folder, or set BuildDir and the paths to a folder that holds both.',
    bad: npmExample([...start, 'COPY ../shared ./shared', ...end]),
    good,
    check: (subject) =>
      listOwnSources(subject).flatMap((source): Hit[] => {
        if (!source.isOutside || findEntry(subject, source.path) !== 'absent') return [];
        return [
          { message: `"${source.value}" leads out of the build folder.`, at: placeOf(subject, source) },
        ];
      }),
  },
  {
    id: 'CBR040',
    severity: 'warning',
    title: 'COPY path that climbs above the build folder',
    why: 'BuildKit reads such a path from the top of the build folder; other builders refuse it. Which one CloudBase Run uses is not known.',
    fix: 'Write the path from the top of the build folder, without "../".',
    bad: npmExample([...start, 'COPY ../server.js ./', ...end]),
    good,
    check: (subject) =>
      listOwnSources(subject).flatMap((source): Hit[] => {
        if (!source.isOutside || findEntry(subject, source.path) !== 'present') return [];
        const message = `"${source.value}" leads out of the build folder, and BuildKit reads it as "${source.path}".`;
        return [{ message, at: placeOf(subject, source) }];
      }),
  },
  {
    id: 'CBR041',
    severity: 'warning',
    title: 'Whole folder copied without a .dockerignore',
    why: 'This action packages neither node_modules nor .git, but docker on any other machine takes both along: modules built for another system replace those of the image, the history of the repository is in it, and each change of .git builds again.',
    fix: 'Add a .dockerignore with the lines "node_modules" and ".git".',
    bad: npmExample([...start, 'COPY . .', ...end], { 'node_modules/': '' }),
    good: npmExample([...start, 'COPY . .', ...end], {
      'node_modules/': '',
      '.dockerignore': 'node_modules\n.git\n',
    }),
    check: checkIgnoreFile,
  },
];

function listOwnSources(subject: DockerfileSubject): CopySource[] {
  return listCopies(subject).flatMap(({ from, sources }) => (from === undefined ? sources : []));
}

function checkExcluded(subject: DockerfileSubject): Hit[] {
  const files = listIgnoreFiles(subject);
  const [first] = files;
  if (first === undefined) return [];
  return listOwnSources(subject).flatMap((source): Hit[] => {
    const { path } = source;
    if (findEntry(subject, path) !== 'present' || isAlwaysSent(subject, path)) return [];
    if (path === '.' || !isExcluded(files, path) || holdsIncluded(subject, path, files)) return [];
    const found = first.findPattern(path);
    const pattern = found === undefined ? '' : ` by "${found.pattern}" in line ${found.line}`;
    const message = `"${path}" is excluded from the build${pattern} of ${posix.basename(first.file)}.`;
    return [
      {
        message: found === undefined ? `"${path}" is excluded from the build.` : message,
        at: placeOf(subject, source),
      },
    ];
  });
}

function isAlwaysSent(subject: DockerfileSubject, path: string): boolean {
  return path === '.dockerignore' || inSource(subject, path) === subject.path;
}

/** True for a folder in which a later line with `!` takes something back. */
function holdsIncluded(subject: DockerfileSubject, path: string, files: readonly IgnoreFile[]): boolean {
  const top = inSource(subject, '.');
  const prefix = top === '.' ? '' : `${top}/`;
  return [...subject.source.entries].some(
    ([entry, { kind }]) =>
      kind !== 'folder' &&
      entry.startsWith(`${prefix}${path}/`) &&
      files.some((file) => !file.ignores(entry.slice(prefix.length))),
  );
}

function checkIgnoreFile(subject: DockerfileSubject): Hit[] {
  const { entries } = subject.source;
  const names = [`${subject.path}.dockerignore`, inSource(subject, '.dockerignore')];
  if (names.some((name) => entries.has(name) || subject.source.texts.has(name))) return [];
  const found = ['node_modules', '.git'].filter(
    (name) => entries.get(inSource(subject, name))?.kind === 'folder',
  );
  const [step] = listCopies(subject).filter(isWholeCopy);
  if (found.length === 0 || step === undefined) return [];
  const what = found.map((name) => `"${name}"`).join(' and ');
  const message = `${step.instruction.getKeyword()} takes ${what} along on other machines, since there is no .dockerignore.`;
  return [{ message, at: placeOf(subject, step.instruction) }];
}
