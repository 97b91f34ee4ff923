import { posix } from 'node:path';

import { Add, Copy } from 'dockerfile-ast';

import { createIgnoreMatcher, parseIgnorePatterns } from './ignore-pattern.ts';
import { inSource, type DockerfileSubject, type DockerfileTree, type Spanning, type Stage } from './tree.ts';
import { parseStrings } from './located-text.ts';

/** A source of a COPY or ADD that names one file or folder of the build folder. */
export interface CopySource extends Spanning {
  /** As it is written. */
  readonly value: string;
  /** Relative to the build folder, as BuildKit reads it: what leaves the folder counts from its top. */
  readonly path: string;
  readonly isOutside: boolean;
}

/** A COPY or ADD of a stage. */
export interface CopyStep {
  readonly instruction: Copy | Add;
  readonly stage: Stage;
  /** What `--from` names. */
  readonly from: string | undefined;
  /** The sources without patterns, addresses and variables that are not known. */
  readonly sources: readonly CopySource[];
}

/** Every COPY and ADD that this build runs. */
export function listCopies({ stages }: Pick<DockerfileTree, 'stages'>): CopyStep[] {
  return stages.flatMap((stage) =>
    stage.instructions.flatMap((instruction) => {
      if (!(instruction instanceof Copy || instruction instanceof Add)) return [];
      const from = instruction
        .getFlags()
        .find((flag) => flag.getName() === 'from')
        ?.getValue();
      return [{ instruction, stage, from: from ?? undefined, sources: listSources(instruction) }];
    }),
  );
}

/** True for a copy of the whole build folder. */
export function isWholeCopy({ from, sources }: CopyStep): boolean {
  return from === undefined && sources.some(({ path }) => path === '.');
}

function listSources(instruction: Copy | Add): CopySource[] {
  const content = instruction.getArgumentsContent() ?? '';
  if (content.includes('<<')) return [];
  return (listExecWords(instruction, content) ?? listPlainWords(instruction))
    .slice(0, -1)
    .filter(({ value }) => value !== '' && !/[*?[\]$\\'"<]|^[\w+.-]+:\/\/|^git@/.test(value))
    .map(({ value, node }) => ({
      value,
      path: posix.normalize(`/${value}`).replace(/^\/|\/$/g, '') || '.',
      isOutside: posix.normalize(value.replace(/^\/+/, '') || '.').startsWith('..'),
      getRange: () => node.getRange(),
    }));
}

interface Word {
  readonly value: string;
  readonly node: Spanning;
}

function listExecWords(instruction: Copy | Add, content: string): Word[] | undefined {
  const strings = instruction.getJSONStrings();
  return parseStrings(content)?.map((value, index) => ({ value, node: strings[index] ?? instruction }));
}

/** A variable with a modifier is not known, whatever the parser makes of it. */
function listPlainWords(instruction: Copy | Add): Word[] {
  const written = instruction.getArguments();
  return instruction.getExpandedArguments().map((node, index) => {
    const text = written[index]?.getValue() ?? '';
    const value = /\$\{\w+[^\w}]/.test(text) ? text : node.getValue();
    return { value: value.replace(/^(["'])(.*)\1$/, '$2'), node };
  });
}

/** Whether the source has a file or folder of the build folder; `unknown` inside of what nobody has listed. */
export function findEntry(subject: DockerfileSubject, path: string): 'present' | 'absent' | 'unknown' {
  const { entries } = subject.source;
  const wanted = inSource(subject, path);
  if (path === '.' || entries.has(wanted)) return 'present';
  for (let folder = posix.dirname(wanted); folder !== '.'; folder = posix.dirname(folder)) {
    if (/(^|\/)(node_modules|\.git)$/.test(folder) && entries.has(folder)) return 'unknown';
    const kind = entries.get(folder)?.kind;
    if (kind === 'link' || kind === 'other') return 'unknown';
  }
  return 'absent';
}

/** The rules of one ignore file; paths are relative to the build folder. */
export interface IgnoreFile {
  readonly file: string;
  /** The numbers of the lines that are no patterns, which docker refuses. */
  readonly faults: readonly number[];
  /** True where a line takes something back. */
  readonly hasExceptions: boolean;
  readonly ignores: (path: string) => boolean;
  /** The line of the pattern that excludes the path, and the pattern. */
  findPattern(path: string): { readonly line: number; readonly pattern: string } | undefined;
}

/** The ignore files of a build: that of the Dockerfile, which BuildKit alone knows, and that of the build folder. */
export function listIgnoreFiles(subject: DockerfileSubject): IgnoreFile[] {
  const { texts } = subject.source;
  return [`${subject.path}.dockerignore`, inSource(subject, '.dockerignore')].flatMap((file) => {
    const text = texts.get(file);
    return text === undefined ? [] : [createIgnoreFile(file, text)];
  });
}

/** True where no builder would see the path. */
export function isExcluded(files: readonly IgnoreFile[], path: string): boolean {
  return files.length > 0 && files.every((file) => file.ignores(path));
}

/** Reads the rules of an ignore file; a line that is no pattern excludes nothing. */
export function createIgnoreFile(file: string, text: string): IgnoreFile {
  const { patterns, faults } = parseIgnorePatterns(text);
  const ignores = createIgnoreMatcher(patterns);
  const single = new Map(patterns.map((each) => [each, createIgnoreMatcher([each])] as const));
  return {
    file,
    faults,
    ignores,
    hasExceptions: patterns.some(({ isException }) => isException),
    findPattern(path) {
      const found = patterns.findLast((each) => single.get(each)?.(path));
      return found === undefined ? undefined : { line: found.line, pattern: found.written };
    },
  };
}
