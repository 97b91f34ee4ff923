import { join, posix, relative } from 'node:path';

import { InputError, type Position, type Problem } from '../errors.ts';
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
 * secret at its line; a private key is an InputError. What was found is never shown, only by which rule.
 */
export async function scan(
  project: Project,
  { selection, repository }: ScanRequest,
  { files, log }: { readonly files: Files; readonly log: Log },
): Promise<Scan> {
  const lint = await loadRules();
  const allowed = await createAllowed(selection);
  const hits: Position[] = [];
  const keys: Problem[] = [];
  let scanned = 0;
  for (const { path, content } of project.files.filter(isOwnText)) {
    if (allowed(path)) continue;
    const text = content ?? (await files.readLooseText(join(project.folder, path))) ?? '';
    // Binary, as git tells it.
    if (text.slice(0, 8_000).includes('\0')) continue;
    scanned += 1;
    const file = relative(repository, join(project.folder, path)).replaceAll('\\', '/');
    if (privateKey.test(text)) keys.push({ subject: 'source', message: describeKey(path) });
    for (const { rule, line, column } of await lint(posix.extname(path), text)) {
      const at = { file, line, column };
      hits.push(at);
      log.warning(describeHit(path, rule), at);
    }
  }
  if (keys.length > 0) throw new InputError(keys);
  return { scanned, hits };
}

/** A whole key, with its header at the start of a line, not a text that speaks of one. */
const privateKey =
  /^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\r?\n(?:[\w-]+: .*\r?\n|\r?\n)*[\w+/=]{40}|^PuTTY-User-Key-File-\d/m;

function describeKey(path: string): string {
  return (
    `"${path}" holds a private key and would be uploaded. Leave it out with the input exclude, and hand secrets to the service ` +
    `through env-from. If it is none, say so in allow-secret-files: "${path}: the reason".`
  );
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

/** The rules take a while to load, and most commands need none. Their profiler would search all its marks at each new one. */
async function loadRules(): Promise<(extension: string, text: string) => Promise<Hit[]>> {
  const { lintSource } = await import('@secretlint/core');
  const { secretLintProfiler } = await import('@secretlint/profiler');
  secretLintProfiler.mark = () => undefined;
  const { creator: rule } = await import('@secretlint/secretlint-rule-preset-recommend');
  const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule }] };
  return async (ext, text) => {
    const source = { filePath: `file${ext}`, content: text, contentType: 'text', ext } as const;
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
