import { describe, expect, it } from '@jest/globals';

import { buildKitFixes, parseBuildKitChecks } from '../../../src/lint/dockerfile/buildkit.ts';

// From moby/buildkit, frontend/dockerfile/linter/ruleset.go.
const names = [
  ...['ConsistentInstructionCasing', 'CopyIgnoredFile', 'DuplicateStageName', 'ExposeInvalidFormat'],
  ...['ExposeProtoCasing', 'FromAsCasing', 'FromPlatformFlagConstDisallowed', 'InvalidBaseImagePlatform'],
  ...['InvalidDefaultArgInFrom', 'InvalidDefinitionDescription', 'JSONArgsRecommended'],
  ...['LegacyKeyValueFormat', 'MaintainerDeprecated', 'MultipleInstructionsDisallowed'],
  ...['NoEmptyContinuation', 'RedundantTargetPlatform', 'ReservedStageName', 'SecretsUsedInArgOrEnv'],
  ...['StageNameCasing', 'UndefinedArgInFrom', 'UndefinedVar', 'WorkdirRelativePath'],
];

const at = (line: number, endLine = line): unknown => ({
  ranges: [{ start: { line }, end: { line: endLine } }],
});

function parse(answer: object): unknown {
  return parseBuildKitChecks(JSON.stringify(answer), 'app/Dockerfile');
}

const sources = [{ filename: 'Dockerfile', data: 'Y2FuYXJ5' }];

describe("BuildKit's checks", () => {
  it('all have a fix', () => {
    expect(Object.keys(buildKitFixes).sort()).toEqual(names);
    for (const fix of Object.values(buildKitFixes)) expect(fix).toMatch(/^[A-Z].*\.$/);
  });

  it('are warnings at their lines', () => {
    const warning = {
      ruleName: 'StageNameCasing',
      description: 'Stage names should be lowercase',
      url: 'https://docs.docker.com/go/dockerfile/rule/stage-name-casing/',
      detail: "Stage name 'Base' should be lowercase",
      location: at(3),
    };
    expect(parse({ warnings: [warning], sources })).toEqual({
      findings: [
        {
          severity: 'warning',
          tool: 'buildkit',
          rule: 'StageNameCasing',
          message: "Stage name 'Base' should be lowercase.",
          fix: 'Write the name of the stage in lower-case letters.',
          url: 'https://docs.docker.com/go/dockerfile/rule/stage-name-casing/',
          at: { file: 'app/Dockerfile', line: 3, column: 1 },
        },
      ],
    });
  });

  it('that are new are told in their own words', () => {
    expect(
      parse({ warnings: [{ ruleName: 'New', description: 'do not', location: at(2, 5) }] }),
    ).toMatchObject({
      findings: [
        {
          rule: 'New',
          message: 'Do not.',
          fix: 'Do not.',
          url: 'https://docs.docker.com/reference/build-checks/',
          at: { line: 2, endLine: 5 },
        },
      ],
    });
  });

  it.each([
    ['of no source', { sourceIndex: -1, ranges: [{ start: { line: 9 } }] }, { line: 1, column: 1 }],
    ['of another source', { sourceIndex: 1, ranges: [{ start: { line: 9 } }] }, { line: 1, column: 1 }],
    ['without a location', undefined, { line: 1, column: 1 }],
    ['without ranges', { ranges: null }, { line: 1, column: 1 }],
    [
      'with a column',
      { ranges: [{ start: { line: 4, character: 2 }, end: { line: 4 } }] },
      { line: 4, column: 3 },
    ],
    ['with nonsense', { ranges: [{ start: 'x' }, 7] }, { line: 1, column: 1 }],
  ])('%s have a place', (_, location, place) => {
    const warnings = [{ ruleName: 'UndefinedVar', location }];
    const found = parse({ warnings, sources: [...sources, { filename: 'other' }] });
    expect(found).toMatchObject({ findings: [{ at: { file: 'app/Dockerfile', ...place } }] });
  });

  it('without findings are none', () => {
    expect([parse({ warnings: null, sources }), parse({ warnings: [], sources: null })]).toEqual([
      { findings: [] },
      { findings: [] },
    ]);
  });

  it.each(['', 'ERROR: unknown flag: --call', '[]', '{}', 'null', '"x"', '{"warnings": ['])(
    '%j is no answer of theirs',
    (stdout) => {
      expect(parseBuildKitChecks(stdout, 'Dockerfile')).toBeUndefined();
    },
  );
});

describe('what stops the build', () => {
  const stop = (message: string, location: unknown = at(2)): unknown =>
    parse({ warnings: null, sources, buildError: { message, location } });

  it.each([
    [
      'dockerfile parse error on line 2: unknown instruction: RUNN (did you mean RUN?)',
      'Unknown instruction: RUNN (did you mean RUN?).',
    ],
    ['invalid containerPort: 99999', 'Invalid containerPort: 99999.'],
    [
      'failed to process "\\"canary": unexpected end of statement while looking for matching double-quote',
      'A double quote is opened and not closed.',
    ],
    [
      'failed to process "\'canary": unexpected end of statement while looking for matching single-quote',
      'A single quote is opened and not closed.',
    ],
    [
      'Syntax error - can\'t find = in "canary". Must be of the form: name=value',
      'A word of the instruction has no "=".',
    ],
    [
      'failed to process "${B:canary}": unsupported modifier (:c) in substitution',
      'A variable is written with a modifier that Dockerfiles do not know.',
    ],
    ['failed to process "${B:?canary}": B: canary', 'A variable of the instruction cannot be replaced.'],
    [
      'dockerfile parse error on line 2: unknown instruction: canary0123/+=',
      'The line begins with no instruction.',
    ],
  ])('%j is an error without values', (said, message) => {
    const answer = stop(said);
    expect(answer).toMatchObject({
      findings: [{ severity: 'error', rule: 'BuildError', message, at: { line: 2 } }],
    });
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  it.each([
    'the Dockerfile cannot be empty',
    'file with no instructions',
    'no build stage in current context',
  ])('%j is an error of the whole file', (said) => {
    expect(stop(said, {})).toMatchObject({ findings: [{ severity: 'error', at: { line: 1 } }] });
  });

  it('stands beside the warnings', () => {
    const warnings = [{ ruleName: 'UndefinedVar', location: at(1) }];
    const buildError = { message: 'invalid signal: a', location: at(2) };
    expect(parse({ warnings, sources, buildError })).toMatchObject({
      findings: [{ rule: 'UndefinedVar' }, { rule: 'BuildError' }],
    });
  });

  it.each([
    'registry.invalid/x:1: failed to resolve source metadata for registry.invalid/x:1: failed to do request: no such host',
    'node:99: failed to resolve source metadata for docker.io/library/node:99: docker.io/library/node:99: not found',
    'pull access denied, repository does not exist or may require authorization',
    'rpc error: code = Unavailable desc = connection closed',
    'context deadline exceeded',
  ])('is no finding where it is not of the Dockerfile: %j', (said) => {
    expect(stop(said)).toEqual({ findings: [], note: 'the registry of an image refuses or does not answer' });
  });

  it('is no finding where nobody knows the place', () => {
    expect(stop('no space left on device', {})).toEqual({
      findings: [],
      note: 'the builder stopped for another reason',
    });
  });
});
