import type { Position } from '../errors.ts';
import type { Finding, Severity } from '../lint/finding.ts';
import type { RuleInfo } from '../lint/rules.ts';
import { encodePath } from './escape.ts';

/*
 * One run, also for the findings of other tools: they are merged here, and their rules carry the tool's name. GitHub
 * closes the alerts of a tool when the next upload no longer has them, so a run for each tool would leave the alerts of
 * one that finds nothing any more. `automationDetails` is left out, so that the input `category` of the upload counts.
 */

/** The findings as a SARIF 2.1.0 log, with every rule of CloudBase Run and those of other tools that were broken. */
export function renderSarif(findings: readonly Finding[], rules: readonly RuleInfo[]): string {
  const known = listRules(findings, rules);
  const indexes = new Map(known.map(({ id }, index) => [id, index]));
  const count = createCounter();
  const results = findings.map((finding) => ({
    ruleId: idOf(finding),
    ruleIndex: indexes.get(idOf(finding)),
    level: levels[finding.severity],
    message: { text: escapeLinks(`${finding.message} ${finding.fix}`) },
    locations: [{ physicalLocation: renderPlace(finding.at) }],
    partialFingerprints: { 'cloudbaseRunLint/v1': count(fingerprint(finding)) },
  }));
  const run = {
    tool: { driver: { name: 'deploy-cloudbase-run', rules: known } },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [rootId]: { description: { text: 'The root of the repository.' } } },
    results,
  };
  return `${JSON.stringify({ $schema: schemaUrl, version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
}

/** The signs of a URI (RFC 3986); what else a browser takes, SARIF does not. */
const uriForm =
  /^https?:\/\/(?:[\w.~:/?@!$&'()*+,;=-]|%[\dA-F]{2})+(?:#(?:[\w.~:/?@!$&'()*+,;=-]|%[\dA-F]{2})*)?$/i;

const schemaUrl = 'https://json.schemastore.org/sarif-2.1.0.json';
const rootId = '%SRCROOT%';
const levels = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<
  Severity,
  string
>;

/** The ids of two tools may be the same word. */
function idOf({ tool, rule }: Finding): string {
  return tool === 'cloudbase-run' ? rule : `${tool}/${rule}`;
}

interface SarifRule {
  readonly id: string;
}

function listRules(findings: readonly Finding[], rules: readonly RuleInfo[]): SarifRule[] {
  const pages = new Map(
    findings
      .filter(({ url }) => uriForm.test(url) && URL.canParse(url))
      .map((finding) => [idOf(finding), { helpUri: finding.url }] as const),
  );
  const ours = rules.map(({ id, severity, title, why, fix }) => ({
    id,
    name: toPascalCase(title),
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why} ${fix}`, markdown: `${why}\n\n**What to do:** ${fix}` },
    defaultConfiguration: { level: levels[severity] },
    ...pages.get(id),
  }));
  const known = new Set(rules.map(({ id }) => id));
  const others = new Map(
    findings.filter((finding) => !known.has(idOf(finding))).map((finding) => [idOf(finding), finding]),
  );
  const theirs = [...others].map(([id, { tool, rule, severity, fix }]) => ({
    id,
    name: rule,
    shortDescription: { text: `${rule} of ${tool}` },
    fullDescription: { text: `A rule of ${tool}.` },
    help: { text: fix },
    defaultConfiguration: { level: levels[severity] },
    ...pages.get(id),
  }));
  return [...ours, ...theirs];
}

function toPascalCase(title: string): string {
  const words = title.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

/** `[text](target)` would be a link. */
function escapeLinks(text: string): string {
  return text.replace(/\[(?=[^\]]*\]\()/g, '\\[');
}

function renderPlace({ file, line, column, endLine, endColumn }: Position): object {
  return {
    artifactLocation: { uri: encodePath(file), uriBaseId: rootId },
    region: { startLine: line, startColumn: column, endLine, endColumn },
  };
}

/** The same while lines move: rule, file and message. */
function fingerprint(finding: Finding): string {
  return hash([idOf(finding), finding.at.file, finding.message].join('\n'));
}

/** Numbers those that are equal, in their order. */
function createCounter(): (text: string) => string {
  const counts = new Map<string, number>();
  return (text) => {
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return `${text}:${count}`;
  };
}

/** FNV-1a with 64 bits, in hexadecimal: it tells findings apart and guards nothing. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text))
    value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  return value.toString(16).padStart(16, '0');
}
