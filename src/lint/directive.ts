import type { Position } from '../errors.ts';
import type { Rule } from './rule.ts';

/** An inline comment that leaves findings out: `# cloudrun-lint ignore=CBR001 a reason`. */
export interface Directive {
  readonly ids: readonly string[];
  /** Empty where none is given. */
  readonly reason: string;
  readonly at: Position;
  /** The last line that it covers; the first is its own. */
  readonly endLine: number;
}

/** The lines of an instruction or of another thing that a comment above it is about; they count from 1. */
export interface Lines {
  readonly line: number;
  readonly endLine: number;
}

const form =
  /(?:#|\/\/|\/\*)[ \t]*cloudrun-lint[ \t]+ignore=((?:[\w/-]+)?(?:,[ \t]*[\w/-]+)*)((?:(?!\*\/).)*)(?:\*\/(.*))?$/;

/** Nobody ignores more rules at one place. */
const mostIds = 50;

/**
 * The comments of a file. One beside code is about that line; one on a line of its own about the instruction that
 * follows (`instructions`, where the file has such), else about the next line that is no comment.
 */
export function parseDirectives(file: string, text: string, instructions?: readonly Lines[]): Directive[] {
  if (!text.includes('cloudrun-lint')) return [];
  const lines = text.split(/\r?\n/);
  return lines.flatMap((content, index) => {
    const [all, ids = '', reason = '', after = ''] = form.exec(content) ?? [];
    if (all === undefined) return [];
    const before = content.slice(0, content.length - all.length);
    const line = index + 1;
    const isAlone = before.trim() === '' && after.trim() === '';
    if (instructions !== undefined && !isAlone) return [];
    const at = { file, line, column: before.length + 1, endLine: line, endColumn: content.length + 1 };
    const endLine = isAlone ? coveredTo(line, lines, instructions) : line;
    return [
      {
        ids: [...new Set(ids.split(',').map((id) => id.trim()))].filter((id) => id !== '').slice(0, mostIds),
        reason: reason.trim(),
        at,
        endLine,
      },
    ];
  });
}

function coveredTo(
  line: number,
  lines: readonly string[],
  instructions: readonly Lines[] | undefined,
): number {
  if (instructions !== undefined)
    return instructions.find((instruction) => instruction.endLine > line)?.endLine ?? line;
  const next = lines.findIndex((content, index) => index >= line && !/^\s*(#|\/\/|\/\*|\*|$)/.test(content));
  return next < 0 ? line : next + 1;
}

/** A comment with those of its ids that name no rule. */
export interface DirectiveSubject extends Directive {
  readonly unknownIds: readonly string[];
}

const start = 'FROM node:24-slim\nWORKDIR /app\nCOPY server.js ./\n';
const end = 'EXPOSE 8080\nCMD exec node server.js\n';

/** The rules about the comments that leave findings out. */
export const directiveRules: readonly Rule<DirectiveSubject>[] = [
  {
    id: 'CBR901',
    severity: 'warning',
    title: 'Ignore comment without a reason',
    why: 'Whoever reads the comment later has to know why the rule does not count there. Without a reason the comment has no effect.',
    fix: 'Write the reason behind the ids.',
    bad: {
      mode: 'container',
      files: { Dockerfile: `${start}# cloudrun-lint ignore=CBR020\n${end}`, 'server.js': '' },
    },
    good: {
      mode: 'container',
      files: {
        Dockerfile: `${start}# cloudrun-lint ignore=CBR020 the base image drops root itself\n${end}`,
        'server.js': '',
      },
    },
    check: ({ ids, reason, at }) =>
      reason === '' && ids.length > 0
        ? [
            {
              message: `The comment that ignores ${ids.join(', ')} gives no reason, so it has no effect.`,
              at,
            },
          ]
        : [],
  },
  {
    id: 'CBR902',
    severity: 'warning',
    title: 'Ignore comment that names no rule',
    why: 'A mistyped id leaves the finding where it is.',
    fix: 'Name the rules by their ids, separated by commas without spaces, such as CBR002.',
    bad: {
      mode: 'container',
      files: { Dockerfile: `${start}# cloudrun-lint ignore=CBR9999 for now\n${end}`, 'server.js': '' },
    },
    good: {
      mode: 'container',
      files: { Dockerfile: `${start}# cloudrun-lint ignore=CBR020 for now\n${end}`, 'server.js': '' },
    },
    check: ({ ids, unknownIds, at }) => {
      if (ids.length === 0) return [{ message: 'The comment names no rule to ignore.', at }];
      return unknownIds.map((id) => ({ message: `The comment ignores "${id}", which is no rule.`, at }));
    },
  },
];
