import type { ValidationCode } from 'dockerfile-utils';

/** The name of a rule of dockerfile-utils; one of its codes has an older name too, which is left out. */
export type SyntaxCode = Exclude<keyof typeof ValidationCode, 'FLAG_INVALID_LINK_VALUE'>;

/** What is told of a rule of dockerfile-utils. */
export interface SyntaxRule {
  /** What to do, in one sentence. */
  readonly fix: string;
  /** The part of the Dockerfile reference that explains it. */
  readonly part?: string;
  /** Stands in for the message of dockerfile-utils where that one is vague, or shows a value. */
  readonly message?: string;
}

const flag = 'Write one of the flags that the Dockerfile reference names for this instruction.';
const duration = 'Write the duration as a number with a unit, such as "30s" or "1m30s".';
const argument = 'Write what the instruction needs on the same line.';
const modifier = 'Write "${NAME}", "${NAME:-default}" or "${NAME:+value}".';
const healthcheck = 'healthcheck';

/** Every rule of dockerfile-utils by its name. */
export const syntaxRules: Readonly<Record<SyntaxCode, SyntaxRule>> = {
  CASING_INSTRUCTION: { fix: 'Write every instruction in upper-case letters.', part: 'format' },
  CASING_DIRECTIVE: { fix: 'Write the directive in lower-case letters.', part: 'parser-directives' },
  ARGUMENT_MISSING: { fix: argument },
  ARGUMENT_EXTRA: { fix: 'Remove what stands after the first argument.' },
  ARGUMENT_REQUIRES_ONE: { fix: 'Give the instruction exactly one argument.' },
  ARGUMENT_REQUIRES_AT_LEAST_ONE: { fix: argument },
  ARGUMENT_REQUIRES_TWO: {
    fix: 'Write the pair as NAME=value.',
    part: 'env',
    message: 'A name stands here without a value.',
  },
  ARGUMENT_REQUIRES_AT_LEAST_TWO: { fix: 'Name the sources, and the destination after them.', part: 'copy' },
  ARGUMENT_REQUIRES_ONE_OR_THREE: { fix: 'Write "FROM image" or "FROM image AS name".', part: 'from' },
  ARGUMENT_UNNECESSARY: { fix: 'Remove what stands after HEALTHCHECK NONE.', part: healthcheck },
  DUPLICATE_BUILD_STAGE_NAME: { fix: 'Give every stage a name of its own.', part: 'from' },
  EMPTY_CONTINUATION_LINE: {
    fix: 'Remove the empty line, or the backslash before it.',
    message: 'An instruction goes on after an empty line.',
  },
  INVALID_BUILD_STAGE_NAME: {
    message: 'A stage has a name that begins with a digit or holds signs.',
    fix: 'Name the stage with letters, digits, "-", "_" and ".", a letter first.',
    part: 'from',
  },
  FLAG_AT_LEAST_ONE: { fix: 'Write a number of 1 or more.', part: healthcheck },
  FLAG_DUPLICATE: { fix: 'Write the flag once.' },
  FLAG_INVALID_DURATION: { fix: duration, part: healthcheck },
  FLAG_LESS_THAN_1MS: { fix: 'Write a duration of 1 ms or more.', part: healthcheck },
  FLAG_MISSING_DURATION: { fix: duration, part: healthcheck },
  FLAG_MISSING_VALUE: { fix: 'Write the flag with its value, as --name=value.' },
  FLAG_UNKNOWN_UNIT: { fix: duration, part: healthcheck },
  NO_SOURCE_IMAGE: {
    fix: 'Begin the Dockerfile with FROM; only ARG may stand before it.',
    part: 'from',
    message: 'No FROM names a base image here.',
  },
  INVALID_ESCAPE_DIRECTIVE: { fix: 'Write "# escape=\\" or "# escape=`".', part: 'escape' },
  INVALID_AS: { fix: 'Write "FROM image AS name".', part: 'from' },
  INVALID_DESTINATION: {
    fix: 'End the destination with "/".',
    part: 'copy',
    message: 'Several sources are copied to a destination that does not end with "/".',
  },
  INVALID_PORT: { fix: 'Write the port as a number, with "/tcp" or "/udp" where needed.', part: 'expose' },
  INVALID_PROTO: { fix: 'Write "/tcp" or "/udp" after the port.', part: 'expose' },
  INVALID_REFERENCE_FORMAT: {
    fix: 'Write the image as name:tag or name@sha256:digest.',
    part: 'from',
    message: 'The reference of the base image is not valid.',
  },
  INVALID_SIGNAL: { fix: 'Write a number or a name such as SIGTERM.', part: 'stopsignal' },
  INVALID_SYNTAX: {
    fix: 'Write a whole number.',
    part: healthcheck,
    message: 'The value is no whole number.',
  },
  ONBUILD_CHAINING_DISALLOWED: { fix: 'Write one ONBUILD before the instruction.', part: 'onbuild' },
  ONBUILD_TRIGGER_DISALLOWED: { fix: 'Remove FROM or MAINTAINER after ONBUILD.', part: 'onbuild' },
  SHELL_JSON_FORM: { fix: 'Write SHELL ["program", "argument"] with double quotes.', part: 'shell' },
  SHELL_REQUIRES_ONE: { fix: 'Name the program in SHELL ["program", "argument"].', part: 'shell' },
  SYNTAX_MISSING_EQUALS: {
    fix: 'Write each pair as NAME=value, and put a value with blanks in double quotes.',
    part: 'env',
    message: 'A word of the instruction has no "=".',
  },
  SYNTAX_MISSING_NAMES: { fix: 'Write the name before the "=".', part: 'env' },
  SYNTAX_MISSING_SINGLE_QUOTE: {
    fix: 'Close the single quote.',
    part: 'env',
    message: 'A single quote is opened and not closed.',
  },
  SYNTAX_MISSING_DOUBLE_QUOTE: {
    fix: 'Close the double quote.',
    part: 'env',
    message: 'A double quote is opened and not closed.',
  },
  MULTIPLE_INSTRUCTIONS: {
    fix: 'Remove the instruction: only the last one of its kind in a stage counts.',
    message: 'A later instruction of the same kind replaces this one.',
  },
  UNKNOWN_INSTRUCTION: {
    fix: 'Write an instruction of the Dockerfile reference, or end the line before with a backslash if this one belongs to it.',
    part: 'overview',
  },
  UNKNOWN_ADD_FLAG: { fix: flag, part: 'add' },
  UNKNOWN_COPY_FLAG: { fix: flag, part: 'copy' },
  UNKNOWN_FROM_FLAG: { fix: flag, part: 'from' },
  UNKNOWN_HEALTHCHECK_FLAG: { fix: flag, part: healthcheck },
  UNKNOWN_TYPE: {
    fix: 'Write HEALTHCHECK CMD with a command, or HEALTHCHECK NONE.',
    part: healthcheck,
    message: 'HEALTHCHECK is followed neither by CMD nor by NONE.',
  },
  UNSUPPORTED_MODIFIER: {
    fix: modifier,
    part: 'environment-replacement',
    message: 'A variable is written with a modifier that Dockerfiles do not know.',
  },
  DEPRECATED_MAINTAINER: {
    fix: 'Write LABEL org.opencontainers.image.authors="name" in its place.',
    part: 'maintainer-deprecated',
    message: 'The instruction MAINTAINER is deprecated.',
  },
  HEALTHCHECK_CMD_ARGUMENT_MISSING: { fix: 'Write the command after HEALTHCHECK CMD.', part: healthcheck },
  FLAG_INVALID_FROM_VALUE: {
    fix: 'Name a stage or an image in --from, without variables.',
    part: 'copy---from',
    message: 'The flag --from names neither a stage nor an image.',
  },
  FLAG_EXPECTED_BOOLEAN_VALUE: { fix: 'Write the flag alone, or with "true" or "false".' },
  JSON_IN_SINGLE_QUOTES: {
    fix: 'Write the JSON list with double quotes.',
    part: 'shell-and-exec-form',
    message: 'A JSON list is written with single quotes, so it runs as a shell command.',
  },
  WORKDIR_IS_NOT_ABSOLUTE: {
    fix: 'Begin the path with "/".',
    part: 'workdir',
    message: 'A relative WORKDIR depends on what the base image has set.',
  },
  BASE_NAME_EMPTY: {
    fix: 'Declare the variable with ARG and a default before FROM.',
    part: 'understand-how-arg-and-from-interact',
    message: 'The base image is a variable that is not set.',
  },
  DUPLICATED_ESCAPE_DIRECTIVE: { fix: 'Write the directive "escape" once.', part: 'escape' },
};
