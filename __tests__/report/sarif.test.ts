import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import Ajv from 'ajv';
import fc from 'fast-check';

import { severities, type Finding, type Tool } from '../../src/lint/finding.ts';
import { rules, type RuleInfo } from '../../src/lint/rules.ts';
import { renderSarif } from '../../src/report/sarif.ts';

interface Log {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly { id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly unknown[];
      readonly partialFingerprints: Readonly<Record<string, string>>;
    }[];
  }[];
}

const ajv = new Ajv({ schemaId: 'auto', allErrors: true });
ajv.addMetaSchema(
  JSON.parse(readFileSync('node_modules/ajv/lib/refs/json-schema-draft-04.json', 'utf8')) as object,
);
const schema = readFileSync('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', 'utf8');
const validate = ajv.compile(JSON.parse(schema) as object);

/** What the official schema of SARIF 2.1.0 has against a text. */
function faultsOf(text: string): readonly unknown[] {
  return validate(JSON.parse(text)) === true ? [] : (validate.errors ?? []);
}

const example = { files: { Dockerfile: 'FROM scratch\n' }, mode: 'container' } as const;
const rule = (id: string, given: Partial<RuleInfo> = {}): RuleInfo => ({
  id,
  severity: 'error',
  title: 'No foreground "command"',
  why: 'The platform starts the CMD.',
  fix: 'Add a CMD.',
  bad: example,
  good: example,
  ...given,
});

const finding = (given: Partial<Finding> = {}): Finding => ({
  severity: 'error',
  tool: 'cloudbase-run',
  rule: 'CBR002',
  message: 'There is no CMD.',
  fix: 'Add one.',
  url: 'docs/rules.md#cbr002',
  at: { file: 'services/api/Dockerfile', line: 3, column: 1, endLine: 3, endColumn: 9 },
  ...given,
});

const two = [rule('CBR001', { severity: 'info' }), rule('CBR002')];

function resultsOf(findings: readonly Finding[]): Log['runs'][number]['results'] {
  const text = renderSarif(findings, two);
  expect(faultsOf(text)).toEqual([]);
  return (JSON.parse(text) as Log).runs[0]?.results ?? [];
}

describe('SARIF', () => {
  it('holds all rules and each finding in one run', () => {
    const text = renderSarif([finding({ url: 'https://docs.test/rules.md#cbr002' })], two);
    expect(faultsOf(text)).toEqual([]);
    expect(JSON.parse(text)).toEqual({
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'deploy-cloudbase-run',
              rules: [
                {
                  id: 'CBR001',
                  name: 'NoForegroundCommand',
                  shortDescription: { text: 'No foreground "command"' },
                  fullDescription: { text: 'The platform starts the CMD.' },
                  help: {
                    text: 'The platform starts the CMD. Add a CMD.',
                    markdown: 'The platform starts the CMD.\n\n**What to do:** Add a CMD.',
                  },
                  defaultConfiguration: { level: 'note' },
                },
                expect.objectContaining({
                  id: 'CBR002',
                  helpUri: 'https://docs.test/rules.md#cbr002',
                  defaultConfiguration: { level: 'error' },
                }),
              ],
            },
          },
          columnKind: 'utf16CodeUnits',
          originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
          results: [
            {
              ruleId: 'CBR002',
              ruleIndex: 1,
              level: 'error',
              message: { text: 'There is no CMD. Add one.' },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'services/api/Dockerfile', uriBaseId: '%SRCROOT%' },
                    region: { startLine: 3, startColumn: 1, endLine: 3, endColumn: 9 },
                  },
                },
              ],
              partialFingerprints: { 'cloudbaseRunLint/v1': expect.stringMatching(/^[0-9a-f]{16}:1$/) },
            },
          ],
        },
      ],
    });
  });

  it('is a whole log without findings, so that alerts close', () => {
    expect(resultsOf([])).toEqual([]);
    expect(faultsOf(renderSarif([], []))).toEqual([]);
  });

  it('names rules of other tools by the tool', () => {
    const findings = [
      finding({ tool: 'hadolint', rule: 'CBR001', severity: 'info', url: 'https://hadolint.test/x' }),
      finding({ tool: 'buildkit', rule: 'StageNameCasing', severity: 'warning' }),
      finding({
        tool: 'buildkit',
        rule: 'StageNameCasing',
        severity: 'warning',
        url: 'https://docker.test/x',
      }),
      finding({ rule: 'CBR999' }),
    ];
    const text = renderSarif(findings, two);
    expect(faultsOf(text)).toEqual([]);
    const { tool, results } = (JSON.parse(text) as Log).runs[0] ?? { tool: undefined, results: [] };
    const ids = ['hadolint/CBR001', 'buildkit/StageNameCasing', 'CBR999'];
    expect(tool?.driver.rules.map(({ id }) => id)).toEqual(['CBR001', 'CBR002', ...ids]);
    expect(tool?.driver.rules.slice(2, 4)).toMatchObject([
      {
        name: 'CBR001',
        helpUri: 'https://hadolint.test/x',
        shortDescription: { text: 'CBR001 of hadolint' },
      },
      {
        name: 'StageNameCasing',
        helpUri: 'https://docker.test/x',
        defaultConfiguration: { level: 'warning' },
      },
    ]);
    expect(results.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level])).toEqual([
      ['hadolint/CBR001', 2, 'note'],
      ['buildkit/StageNameCasing', 3, 'warning'],
      ['buildkit/StageNameCasing', 3, 'warning'],
      ['CBR999', 4, 'error'],
    ]);
  });

  it.each([
    ['a b/ü#?%.js', 'a%20b/%C3%BC%23%3F%25.js'],
    ['a:b', 'a%3Ab'],
    ['\ud800', '%EF%BF%BD'],
  ])('has paths that are URIs: %j', (file, uri) => {
    const [result] = resultsOf([finding({ at: { file, line: 1, column: 2 } })]);
    expect(result?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
          region: { startLine: 1, startColumn: 2 },
        },
      },
    ]);
  });

  it.each([
    ['See [here](https://x.test).', 'See \\[here](https://x.test). Add one.'],
    ['CMD ["node"] (exec) [a] is it.', 'CMD ["node"] (exec) [a] is it. Add one.'],
  ])('takes no text for a link: %s', (message, text) => {
    expect(resultsOf([finding({ message })])[0]?.message.text).toBe(text);
  });

  it('knows a finding again when lines move, and tells equal ones apart', () => {
    const at = (line: number, file = 'a.js') => ({ at: { file, line, column: 1 } });
    const prints = (findings: readonly Finding[]): (string | undefined)[] =>
      resultsOf(findings).map(({ partialFingerprints }) => partialFingerprints['cloudbaseRunLint/v1']);
    const before = prints([finding(at(1)), finding(at(5))]);
    expect(prints([finding(at(3)), finding(at(7))])).toEqual(before);
    const alone = [
      finding(at(1)),
      finding(at(1, 'b.js')),
      finding({ ...at(1), rule: 'CBR001' }),
      finding({ ...at(1), message: 'Other.' }),
      finding({ ...at(1), tool: 'hadolint' }),
    ].map((each) => prints([each])[0]);
    expect(alone[0]).toBe(before[0]);
    expect(new Set(alone).size).toBe(alone.length);
    expect(before[0]?.replace(/:1$/, ':2')).toBe(before[1]);
  });

  it('fits the schema with every rule there is', () => {
    const findings = rules.map(({ id, severity }) => finding({ rule: id, severity }));
    expect(faultsOf(renderSarif(findings, rules))).toEqual([]);
  });

  it('fits the schema whatever a finding holds', () => {
    const text = fc.string({ unit: 'binary', minLength: 1 });
    const place = fc.record({ file: text, line: fc.integer({ min: 1 }), column: fc.integer({ min: 1 }) });
    const anyFinding = fc.record({
      severity: fc.constantFrom(...severities),
      tool: fc.constantFrom<Tool[]>('cloudbase-run', 'buildkit', 'hadolint', 'dockerfile-utils'),
      rule: text,
      message: text,
      fix: text,
      url: fc.oneof(
        text,
        fc.webUrl(),
        text.map((end) => `https://${end}`),
      ),
      at: place,
    });
    const at = { file: 'f', line: 1, column: 1 };
    const odd = { severity: 'error', tool: 'cloudbase-run', rule: 'r', message: 'm', fix: 'f', at } as const;
    fc.assert(
      fc.property(fc.array(anyFinding), (findings) => {
        expect(faultsOf(renderSarif(findings, two))).toEqual([]);
      }),
      { numRuns: 100, examples: [[[{ ...odd, url: 'https://\t&' }]]] },
    );
  });
});

it('the schema refuses what is no SARIF', () => {
  const text = renderSarif([finding({ at: { file: 'a', line: 0, column: 1 } })], two);
  expect(faultsOf(text)).not.toEqual([]);
  expect(faultsOf('{"version":"2.1.0"}')).not.toEqual([]);
});
