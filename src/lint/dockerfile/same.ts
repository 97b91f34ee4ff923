import { DockerfileParser } from 'dockerfile-ast';

import type { SyntaxCode } from './syntax-rules.ts';
import { isTooLong } from './syntax.ts';
import { severities, type Finding, type Tool } from '../finding.ts';

/** The rules of the tools that say the same. */
export interface Topic {
  readonly name: string;
  readonly 'cloudbase-run'?: readonly string[];
  readonly buildkit?: readonly string[];
  readonly hadolint?: readonly string[];
  readonly 'dockerfile-utils'?: readonly SyntaxCode[];
}

/** What several tools look for; a rule that only one tool has is in none. */
export const topics: readonly Topic[] = [
  {
    name: 'syntax',
    buildkit: ['BuildError'],
    hadolint: ['DL1000', 'DL3021', 'DL3043', 'DL3061'],
    'dockerfile-utils': [
      'ARGUMENT_EXTRA',
      'ARGUMENT_MISSING',
      'ARGUMENT_REQUIRES_AT_LEAST_ONE',
      'ARGUMENT_REQUIRES_AT_LEAST_TWO',
      'ARGUMENT_REQUIRES_ONE',
      'ARGUMENT_REQUIRES_ONE_OR_THREE',
      'ARGUMENT_REQUIRES_TWO',
      'ARGUMENT_UNNECESSARY',
      'BASE_NAME_EMPTY',
      'DUPLICATED_ESCAPE_DIRECTIVE',
      'FLAG_AT_LEAST_ONE',
      'FLAG_DUPLICATE',
      'FLAG_EXPECTED_BOOLEAN_VALUE',
      'FLAG_INVALID_DURATION',
      'FLAG_INVALID_FROM_VALUE',
      'FLAG_LESS_THAN_1MS',
      'FLAG_MISSING_DURATION',
      'FLAG_MISSING_VALUE',
      'FLAG_UNKNOWN_UNIT',
      'HEALTHCHECK_CMD_ARGUMENT_MISSING',
      'INVALID_AS',
      'INVALID_BUILD_STAGE_NAME',
      'INVALID_DESTINATION',
      'INVALID_ESCAPE_DIRECTIVE',
      'INVALID_PORT',
      'INVALID_PROTO',
      'INVALID_REFERENCE_FORMAT',
      'INVALID_SIGNAL',
      'INVALID_SYNTAX',
      'NO_SOURCE_IMAGE',
      'ONBUILD_CHAINING_DISALLOWED',
      'ONBUILD_TRIGGER_DISALLOWED',
      'SHELL_JSON_FORM',
      'SHELL_REQUIRES_ONE',
      'SYNTAX_MISSING_DOUBLE_QUOTE',
      'SYNTAX_MISSING_EQUALS',
      'SYNTAX_MISSING_NAMES',
      'SYNTAX_MISSING_SINGLE_QUOTE',
      'UNKNOWN_ADD_FLAG',
      'UNKNOWN_COPY_FLAG',
      'UNKNOWN_FROM_FLAG',
      'UNKNOWN_HEALTHCHECK_FLAG',
      'UNKNOWN_INSTRUCTION',
      'UNKNOWN_TYPE',
      'UNSUPPORTED_MODIFIER',
    ],
  },
  {
    name: 'command as a JSON list',
    'cloudbase-run': ['CBR003', 'CBR004'],
    buildkit: ['JSONArgsRecommended'],
    hadolint: ['DL3025'],
    'dockerfile-utils': ['JSON_IN_SINGLE_QUOTES'],
  },
  {
    name: 'case of instructions',
    buildkit: ['ConsistentInstructionCasing'],
    'dockerfile-utils': ['CASING_INSTRUCTION'],
  },
  {
    name: 'stage named twice',
    buildkit: ['DuplicateStageName'],
    hadolint: ['DL3024'],
    'dockerfile-utils': ['DUPLICATE_BUILD_STAGE_NAME'],
  },
  { name: 'reserved stage name', buildkit: ['ReservedStageName'], hadolint: ['DL3063'] },
  {
    name: 'deprecated MAINTAINER',
    buildkit: ['MaintainerDeprecated'],
    hadolint: ['DL4000'],
    'dockerfile-utils': ['DEPRECATED_MAINTAINER'],
  },
  {
    name: 'instruction that a later one replaces',
    buildkit: ['MultipleInstructionsDisallowed'],
    hadolint: ['DL3012', 'DL4003', 'DL4004'],
    'dockerfile-utils': ['MULTIPLE_INSTRUCTIONS'],
  },
  {
    name: 'empty line in an instruction',
    buildkit: ['NoEmptyContinuation'],
    'dockerfile-utils': ['EMPTY_CONTINUATION_LINE'],
  },
  {
    name: 'relative WORKDIR',
    buildkit: ['WorkdirRelativePath'],
    hadolint: ['DL3000'],
    'dockerfile-utils': ['WORKDIR_IS_NOT_ABSOLUTE'],
  },
  {
    name: 'secrets in ARG and ENV',
    'cloudbase-run': ['CBR025', 'CBR026'],
    buildkit: ['SecretsUsedInArgOrEnv'],
    hadolint: ['DL3064'],
  },
  {
    name: 'platform of the base image',
    'cloudbase-run': ['CBR045', 'CBR046'],
    buildkit: ['FromPlatformFlagConstDisallowed', 'InvalidBaseImagePlatform'],
    hadolint: ['DL3029'],
  },
  { name: 'redundant platform', buildkit: ['RedundantTargetPlatform'], hadolint: ['DL3065'] },
  {
    name: 'base image by an unknown variable',
    buildkit: ['BuildError', 'InvalidDefaultArgInFrom', 'UndefinedArgInFrom'],
    'dockerfile-utils': ['BASE_NAME_EMPTY', 'INVALID_REFERENCE_FORMAT'],
  },
  {
    name: 'COPY of a file that is left out',
    'cloudbase-run': ['CBR038'],
    buildkit: ['CopyIgnoredFile'],
  },
  { name: 'root user', 'cloudbase-run': ['CBR021'], hadolint: ['DL3002'] },
  {
    name: 'port of EXPOSE',
    'cloudbase-run': ['CBR010'],
    buildkit: ['BuildError', 'ExposeInvalidFormat'],
    hadolint: ['DL3011'],
    'dockerfile-utils': ['INVALID_PORT'],
  },
  {
    name: 'stage of --from',
    'cloudbase-run': ['CBR042'],
    buildkit: ['BuildError'],
    hadolint: ['DL3022', 'DL3023'],
    'dockerfile-utils': ['FLAG_INVALID_FROM_VALUE'],
  },
];

/** The ids of the rules that say the same, of all tools. */
export function listRules(topic: Topic): readonly string[] {
  return tools.flatMap((tool): readonly string[] => topic[tool] ?? []);
}

/** Whose words are kept where several say the same. */
const tools: readonly Tool[] = ['cloudbase-run', 'buildkit', 'hadolint', 'dockerfile-utils'];

/**
 * Makes one finding of those that say the same of the same instruction: in our words before BuildKit's, hadolint's and
 * those of dockerfile-utils, and as bad as the worst of them. With the text of the Dockerfile it knows the instructions
 * that span lines.
 */
export function mergeFindings(findings: readonly Finding[], text = ''): Finding[] {
  const firstLineOf = readFirstLines(text);
  const groups: Finding[][] = [];
  for (const finding of [...findings].sort((left, right) => rankOf(left) - rankOf(right))) {
    const group = groups.find((members) => members.some((other) => isSame(other, finding, firstLineOf)));
    if (group === undefined) groups.push([finding]);
    else group.push(finding);
  }
  return groups.flatMap(([first, ...others]) => (first === undefined ? [] : [keepWorst(first, others)]));
}

function rankOf({ tool }: Finding): number {
  return tools.indexOf(tool);
}

type LineOf = (line: number) => number;

/** The first line of the instruction that stands on a line. */
function readFirstLines(text: string): LineOf {
  if (text === '' || isTooLong(text)) return (line) => line;
  const firstLines = new Map<number, number>();
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const { start, end } = instruction.getRange();
    for (let line = start.line; line <= end.line; line++) firstLines.set(line + 1, start.line + 1);
  }
  return (line) => firstLines.get(line) ?? line;
}

function isSame(left: Finding, right: Finding, firstLineOf: LineOf): boolean {
  if (left.at.file !== right.at.file) return false;
  if (left.tool === right.tool) return isRepeated(left, right);
  return overlap(left, right, firstLineOf) && haveTopic(left, right);
}

function isRepeated(left: Finding, right: Finding): boolean {
  return left.rule === right.rule && left.at.line === right.at.line && left.message === right.message;
}

/** Tools place a finding at the instruction, at its first line, or at the word in it. */
function overlap({ at: left }: Finding, { at: right }: Finding, firstLineOf: LineOf): boolean {
  if (firstLineOf(left.line) === firstLineOf(right.line)) return true;
  return left.line <= (right.endLine ?? right.line) && right.line <= (left.endLine ?? left.line);
}

function haveTopic(left: Finding, right: Finding): boolean {
  return topics.some((topic) => isAbout(topic, left) && isAbout(topic, right));
}

function isAbout(topic: Topic, { tool, rule }: Finding): boolean {
  const rules: readonly string[] = topic[tool] ?? [];
  return rules.includes(rule);
}

function keepWorst(first: Finding, others: readonly Finding[]): Finding {
  const worst = [first, ...others].map(({ severity }) => severities.indexOf(severity));
  const severity = severities[Math.min(...worst)] ?? first.severity;
  const kind = [first, ...others].find((finding) => finding.kind !== undefined)?.kind;
  return { ...first, severity, ...(kind === undefined ? {} : { kind }) };
}
