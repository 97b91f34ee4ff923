import { describe, expect, it } from '@jest/globals';

import { lintSyntax } from '../../../src/lint/dockerfile/syntax.ts';

const from = 'FROM node:24-slim\n';

function judge(text: string): string[] {
  return lintSyntax(text, 'Dockerfile').map(({ severity, rule, at }) => `${severity} ${rule} ${at.line}`);
}

// The measure of this file is what the BuildKit of Docker 28.5 said of each line, with --call=check.
describe('what the builder takes', () => {
  it.each([
    'COPY a b .',
    'COPY a b ..',
    'COPY a b /x/.',
    'COPY a b ./',
    'COPY ["a", "b", "."]',
    'ONBUILD COPY a b .',
    'EXPOSE 80${X}',
    'EXPOSE ${PORT:-3000}',
    "EXPOSE '80'",
    'EXPOSE 3000/tcp 3001',
    'ENV A "b c" d',
    'ENV A="a"b',
    "ENV A='a'b",
    'ENV A="b \\\n c"',
    "ENV A='${B:x}'",
    'STOPSIGNAL KILL',
    'STOPSIGNAL term',
    'STOPSIGNAL SIGTERM',
    'ADD --unpack=true a.tar b',
    'HEALTHCHECK CMD test ${A:0:1}',
    'ONBUILD RUN x ${A:0:1}',
    'RUN x ${A:0:1}',
    'SHELL ["a", "${A:x}"]',
    "COPY <<'EOF' /a\n${A:x}\nEOF",
    'WORKDIR /a\nWORKDIR b',
    'WORKDIR "/a"\nWORKDIR b',
    'WORKDIR $A\nWORKDIR b',
    'CMD []',
    'RUN <<EOF\n\na\n\nEOF',
    'RUN --mount=type=cache,target=/x y',
    'HEALTHCHECK --start-interval=5s CMD x',
    'COPY --link --chmod=755 a b',
  ])('%j has no findings', (line) => {
    expect(judge(`${from}${line}\n`)).toEqual([]);
  });

  it('in lower case throughout has no findings', () => {
    expect(judge('from node:24-slim\nrun x\ncmd ["a"]\n')).toEqual([]);
  });
});

describe('what the builder takes, but should not be', () => {
  it.each([
    ['COPY a b /x', 'warning INVALID_DESTINATION 2'],
    ['ENTRYPOINT', 'warning ARGUMENT_MISSING 2'],
    ['EXPOSE 127.0.0.1:80:80', 'warning INVALID_PORT 2'],
    ['HEALTHCHECK --retries=0 CMD x', 'warning FLAG_AT_LEAST_ONE 2'],
    ['HEALTHCHECK --interval=0s CMD x', 'warning FLAG_LESS_THAN_1MS 2'],
    ['COPY --from= a b', 'warning FLAG_INVALID_FROM_VALUE 2'],
    ['STOPSIGNAL RTMIN+1', 'warning INVALID_SIGNAL 2'],
    ['WORKDIR a', 'warning WORKDIR_IS_NOT_ABSOLUTE 2'],
    ['RUN a \\\n\n b', 'warning EMPTY_CONTINUATION_LINE 3'],
    ["CMD ['a']", 'warning JSON_IN_SINGLE_QUOTES 2'],
    ['CMD ["a"]\nCMD ["b"]', 'warning MULTIPLE_INSTRUCTIONS 2'],
    ['MAINTAINER a', 'info DEPRECATED_MAINTAINER 2'],
    ['run x', 'info CASING_INSTRUCTION 2'],
  ])('%j has %j', (line, finding) => {
    expect(judge(`${from}${line}\n`)).toEqual([finding]);
  });

  it('is a relative WORKDIR in each stage', () => {
    expect(judge(`${from}WORKDIR /a\n${from}WORKDIR b\n`)).toEqual(['warning WORKDIR_IS_NOT_ABSOLUTE 4']);
  });

  it('is the second stage of a name', () => {
    const text = 'FROM a AS b\nRUN x\nFROM a AS c\nRUN x\nFROM a AS B\nRUN x\n';
    expect(judge(text)).toEqual(['warning DUPLICATE_BUILD_STAGE_NAME 5']);
  });

  it('is a directive in capitals', () => {
    expect(judge(`# Escape=\`\n${from}`)).toEqual(['info CASING_DIRECTIVE 1']);
  });
});

describe('what stops the build', () => {
  it.each([
    ['EXPOSE abc', 'INVALID_PORT'],
    ['EXPOSE 80 # web', 'INVALID_PORT'],
    ['EXPOSE 80/foo', 'INVALID_PROTO'],
    ['ENV A', 'ARGUMENT_REQUIRES_TWO'],
    ['ENV A=b c', 'SYNTAX_MISSING_EQUALS'],
    ['ENV A="b', 'SYNTAX_MISSING_DOUBLE_QUOTE'],
    ['ENV A="b\\"', 'SYNTAX_MISSING_DOUBLE_QUOTE'],
    ["ENV A='b", 'SYNTAX_MISSING_SINGLE_QUOTE'],
    ['ENV A=${B:x}', 'UNSUPPORTED_MODIFIER'],
    ['ARG', 'ARGUMENT_MISSING'],
    ['COPY a', 'ARGUMENT_REQUIRES_AT_LEAST_TWO'],
    ['COPY --foo a b', 'UNKNOWN_COPY_FLAG'],
    ['COPY --from=.x a b', 'FLAG_INVALID_FROM_VALUE'],
    ['HEALTHCHECK foo', 'UNKNOWN_TYPE'],
    ['STOPSIGNAL 1a', 'INVALID_SIGNAL'],
    ['SHELL bash', 'SHELL_JSON_FORM'],
    ['ONBUILD FROM a', 'ONBUILD_TRIGGER_DISALLOWED'],
    ['FROM a b', 'ARGUMENT_REQUIRES_ONE_OR_THREE'],
    ['FROM $X', 'BASE_NAME_EMPTY'],
    ['FROM a AS 1b', 'INVALID_BUILD_STAGE_NAME'],
    ['FOO', 'UNKNOWN_INSTRUCTION'],
  ])('%j is the error %s', (line, rule) => {
    expect(judge(`${from}${line}\n`).filter((found) => found.startsWith('error'))).toContain(
      `error ${rule} 2`,
    );
  });

  it('is no FROM', () => {
    expect([judge(''), judge('RUN a\n')]).toEqual([['error NO_SOURCE_IMAGE 1'], ['error NO_SOURCE_IMAGE 1']]);
  });

  it('is one unknown instruction where the file is no Dockerfile', () => {
    expect(judge('FORM a\nimport b\nconst c\n')).toEqual([
      'error NO_SOURCE_IMAGE 1',
      'error UNKNOWN_INSTRUCTION 1',
    ]);
    expect(judge(`${from}IMPORT b\nCONST c\n`)).toHaveLength(2);
  });

  it.each([
    ['docker/dockerfile:1', 'COPY --foo a b', 'warning UNKNOWN_COPY_FLAG 3'],
    ['docker/dockerfile:1', 'FOO', 'error UNKNOWN_INSTRUCTION 3'],
    ['docker.io/docker/dockerfile:1.7-labs', 'FOO', 'error UNKNOWN_INSTRUCTION 3'],
    ['example/frontend', 'FOO', 'warning UNKNOWN_INSTRUCTION 3'],
  ])('depends on the frontend: with %s %j is %j', (frontend, line, finding) => {
    expect(judge(`# syntax=${frontend}\n${from}${line}\n`)).toContain(finding);
  });
});
