import { join, posix, relative } from 'node:path';

import type { Position } from '../errors.ts';
import type { SelectionInputs } from '../inputs.ts';
import type { FileEntry, Files, Log } from '../ports.ts';
import type { Project } from './project/project.ts';

/** What looks like a secret within the files of a package. */
export interface Scan {
  /** How many files were read: texts below 1 MB. */
  readonly scanned: number;
  readonly hits: readonly Position[];
}

interface ScanRequest {
  readonly selection: SelectionInputs;
  /** Absolute path of the repository: files are named relative to it. */
  readonly repository: string;
}

/** Larger files are data, in bytes. */
const largestText = 1_000_000;

/**
 * Looks into the files that will be uploaded, by the recommended rules of secretlint, and warns of what looks like a
 * secret at its line. What was found is never shown, only by which rule.
 */
export async function scan(
  project: Project,
  { selection, repository }: ScanRequest,
  { files, log }: { readonly files: Files; readonly log: Log },
): Promise<Scan> {
  const lint = await loadRules();
  const allowed = await createAllowed(selection);
  const hits: Position[] = [];
  let scanned = 0;
  for (const entry of project.files.filter(isOwnText)) {
    const text = allowed(entry.path) ? undefined : await files.readText(join(project.folder, entry.path));
    if (text === undefined) continue;
    scanned += 1;
    const file = relative(repository, join(project.folder, entry.path)).replaceAll('\\', '/');
    for (const { rule, line, column } of await lint(entry.path, text)) {
      const at = { file, line, column };
      hits.push(at);
      log.warning(describeHit(entry.path, rule), at);
    }
  }
  return { scanned, hits };
}

function isOwnText({ path, kind, size }: FileEntry): boolean {
  return kind === 'file' && size < largestText && !path.split('/').includes('node_modules');
}

async function createAllowed({ allowedSecrets }: SelectionInputs): Promise<(path: string) => boolean> {
  const { default: ignore } = await import('ignore');
  const matcher = ignore({ ignorecase: false }).add(allowedSecrets.map(({ pattern }) => pattern));
  return (path) => matcher.ignores(path);
}

interface Hit {
  /** Such as `AWSSecretAccessKey`. */
  readonly rule: string;
  readonly line: number;
  readonly column: number;
}

/** The rules take a while to load, and most commands need none. */
async function loadRules(): Promise<(path: string, text: string) => Promise<Hit[]>> {
  const { lintSource } = await import('@secretlint/core');
  const { creator: rule } = await import('@secretlint/secretlint-rule-preset-recommend');
  const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule }] };
  return async (path, text) => {
    const source = { filePath: path, content: text, contentType: 'text', ext: posix.extname(path) } as const;
    const { messages } = await lintSource({ source, options: { config, maskSecrets: true } });
    return messages.map(({ messageId, loc: { start } }) => ({
      rule: messageId,
      line: start.line,
      column: start.column + 1,
    }));
  };
}

function describeHit(path: string, rule: string): string {
  return (
    `"${path}" holds what looks like a secret (${rule}), and it is uploaded. Hand secrets to the service through env-from; ` +
    `if it is none, say so in allow-secret-files: "${path}: the reason".`
  );
}
