import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import { ValidationCode } from 'dockerfile-utils';

import { buildKitFixes } from '../../../src/lint/dockerfile/buildkit.ts';
import { mergeFindings, topics } from '../../../src/lint/dockerfile/same.ts';
import { severities, type Finding, type Tool } from '../../../src/lint/finding.ts';

// From hadolint/hadolint, src/Hadolint/Rule: 3005, 3017, 3031, 3039 and 4002 are not in use.
const spans: readonly (readonly [number, number])[] = [
  [1000, 1001],
  [3000, 3067],
  [4000, 4006],
];
const unused = [3005, 3017, 3031, 3039, 4002];
const hadolintCodes = spans.flatMap(([first, last]) =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at)
    .filter((number) => !unused.includes(number))
    .map((number) => `DL${number}`),
);

function listOurs(): string[] {
  const names = readdirSync('src/lint', { recursive: true, encoding: 'utf8' });
  const texts = names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(`src/lint/${name}`, 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/^\s+id: '(CBR\d{3})'/gm)].map(([, id]) => id ?? ''));
}

const known: Readonly<Record<Tool, readonly string[]>> = {
  'cloudbase-run': listOurs(),
  buildkit: [...Object.keys(buildKitFixes), 'BuildError'],
  hadolint: hadolintCodes,
  'dockerfile-utils': Object.keys(ValidationCode),
};

describe('the table of topics', () => {
  it.each(topics.map((topic) => [topic.name, topic] as const))('%s names rules that exist', (_, topic) => {
    const tools = (Object.keys(known) as Tool[]).filter((tool) => topic[tool] !== undefined);
    expect(tools.length).toBeGreaterThan(1);
    for (const tool of tools) {
      expect(topic[tool]).not.toEqual([]);
      expect(known[tool]).toEqual(expect.arrayContaining([...(topic[tool] ?? [])]));
    }
  });

  it('has each name once', () => {
    expect(new Set(topics.map(({ name }) => name)).size).toBe(topics.length);
  });
});

/** A finding of a rule on a line: `DL3008 2`. */
function found(tool: Tool, place: string, extent: Partial<Finding & { endLine: number }> = {}): Finding {
  const [rule = '', line = ''] = place.split(' ');
  const { endLine = Number(line), ...rest } = extent;
  return {
    severity: 'warning',
    tool,
    rule,
    message: `${tool} ${rule}.`,
    fix: 'Do it.',
    url: 'https://example.org',
    at: { file: 'Dockerfile', line: Number(line), column: 1, endLine, endColumn: 9 },
    ...rest,
  };
}

function merge(findings: readonly Finding[], text?: string): string[] {
  return mergeFindings(findings, text).map(({ severity, rule, at }) => `${severity} ${rule} ${at.line}`);
}

const json = [
  found('dockerfile-utils', 'JSON_IN_SINGLE_QUOTES 4'),
  found('hadolint', 'DL3025 4'),
  found('buildkit', 'JSONArgsRecommended 4'),
];

describe('findings that say the same', () => {
  it("are one, in BuildKit's words before hadolint's and those of dockerfile-utils", () => {
    expect(merge(json)).toEqual(['warning JSONArgsRecommended 4']);
    expect(merge(json.slice(0, 2))).toEqual(['warning DL3025 4']);
  });

  it('are one in our words before all others', () => {
    expect(merge([...json, found('cloudbase-run', 'CBR004 4')])).toEqual(['warning CBR004 4']);
  });

  it('are as bad as the worst of them', () => {
    for (const severity of severities) {
      const findings = [
        found('buildkit', 'WorkdirRelativePath 2', { severity: 'info' }),
        found('hadolint', 'DL3000 2', { severity }),
      ];
      expect(merge(findings)).toEqual([`${severity} WorkdirRelativePath 2`]);
    }
  });

  it.each([
    ['DuplicateStageName', 'DL3024', 'DUPLICATE_BUILD_STAGE_NAME'],
    ['MaintainerDeprecated', 'DL4000', 'DEPRECATED_MAINTAINER'],
    ['MultipleInstructionsDisallowed', 'DL4003', 'MULTIPLE_INSTRUCTIONS'],
    ['BuildError', 'DL1000', 'UNKNOWN_INSTRUCTION'],
  ])('are %s, %s and %s', (buildkit, hadolint, utils) => {
    const findings = [
      found('buildkit', `${buildkit} 2`),
      found('hadolint', `${hadolint} 2`),
      found('dockerfile-utils', `${utils} 2`),
    ];
    expect(merge(findings)).toEqual([`warning ${buildkit} 2`]);
  });

  it('are one wherever they stand in an instruction that spans lines', () => {
    const ours = found('cloudbase-run', 'CBR025 4', { severity: 'error' });
    const hadolint = found('hadolint', 'DL3064 2');
    const text = 'FROM a\nENV A=b \\\n  C=d \\\n  TOKEN=e\n';
    expect(merge([hadolint, ours], text)).toEqual(['error CBR025 4']);
    expect(merge([hadolint, ours])).toEqual(['error CBR025 4', 'warning DL3064 2']);
    const buildkit = found('buildkit', 'SecretsUsedInArgOrEnv 2', { endLine: 4 });
    expect(merge([hadolint, ours, buildkit])).toEqual(['error CBR025 4']);
  });

  it('are the same finding twice', () => {
    expect(merge([found('hadolint', 'DL3008 2'), found('hadolint', 'DL3008 2')])).toEqual([
      'warning DL3008 2',
    ]);
  });

  it('keep the failure kind of one of them', () => {
    const kinds = mergeFindings([
      { ...found('cloudbase-run', 'CBR010 2'), kind: 'wrong-port' },
      found('hadolint', 'DL3011 2'),
    ]);
    expect(kinds).toMatchObject([{ rule: 'CBR010', kind: 'wrong-port' }]);
  });
});

describe('findings that say something else', () => {
  it.each<[string, Finding, Finding]>([
    ['on other lines', found('buildkit', 'JSONArgsRecommended 4'), found('hadolint', 'DL3025 5')],
    ['of other topics', found('buildkit', 'UndefinedVar 4'), found('hadolint', 'DL3025 4')],
    [
      'in other files',
      found('buildkit', 'WorkdirRelativePath 4'),
      found('hadolint', 'DL3000 4', { at: { file: 'b/Dockerfile', line: 4, column: 1 } }),
    ],
    [
      'of one rule with other words',
      found('buildkit', 'SecretsUsedInArgOrEnv 2', { message: 'A.' }),
      found('buildkit', 'SecretsUsedInArgOrEnv 2', { message: 'B.' }),
    ],
    [
      'of one topic in one tool',
      found('dockerfile-utils', 'ARGUMENT_EXTRA 2'),
      found('dockerfile-utils', 'FLAG_DUPLICATE 2'),
    ],
  ])('%s stay two', (_, left, right) => {
    expect(mergeFindings([left, right])).toEqual([left, right]);
  });

  it('of ours on other lines are not merged by what stands between', () => {
    const findings = [found('cloudbase-run', 'CBR025 2'), found('cloudbase-run', 'CBR025 3')];
    const buildkit = found('buildkit', 'SecretsUsedInArgOrEnv 2', { endLine: 3, severity: 'error' });
    expect(merge([...findings, buildkit])).toEqual(['error CBR025 2', 'warning CBR025 3']);
  });
});
