import { posix } from 'node:path';

import { createDockerfileSubject, type DockerfileSubject } from '../../src/lint/dockerfile/tree.ts';
import type { Example, Hit, Rule, ServiceFacts, Source, SourceEntry } from '../../src/lint/rule.ts';
import { parseScript, type ScriptSubject } from '../../src/lint/script/script.ts';

/** A source as the lint stage would read it, with every file packaged. */
export function sourceOf(example: Example, service: Partial<ServiceFacts> = {}): Source {
  const { files, sizes, mode, port } = example;
  return {
    mode,
    dockerfile: mode === 'container' ? { path: 'Dockerfile', buildFolder: '.' } : undefined,
    service: {
      port,
      hasVpc: false,
      hasCommand: false,
      env: [],
      target: 'main',
      isInstalledByPlatform: true,
      ...service,
    },
    entries: listEntries(files, sizes),
    texts: new Map(Object.entries(files)),
    isUnbuilt: () => false,
    packaged: Object.keys(files),
  };
}

/** Files, the folders that hold them; a path that ends with `/` is an empty folder. */
function listEntries(files: Example['files'], sizes: Example['sizes']): Map<string, SourceEntry> {
  const entries = new Map<string, SourceEntry>();
  for (const [path, text] of Object.entries(files)) {
    if (path.endsWith('/')) entries.set(path.slice(0, -1), { kind: 'folder', size: 0 });
    else entries.set(path, { kind: 'file', size: sizes?.[path] ?? Buffer.byteLength(text) });
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder))
      entries.set(folder, { kind: 'folder', size: 0 });
  }
  return entries;
}

/** What a rule of Dockerfiles finds in an example. */
export function checkDockerfile(
  rule: Rule<DockerfileSubject>,
  example: Example,
  service: Partial<ServiceFacts> = {},
): readonly Hit[] {
  const source = sourceOf(example, service);
  const place = source.dockerfile ?? { path: 'Dockerfile', buildFolder: '.' };
  return rule.check(createDockerfileSubject(source, place, example.files['Dockerfile'] ?? ''));
}

/** The same for a Dockerfile that stands alone. */
export function checkDockerfileText(
  rule: Rule<DockerfileSubject>,
  text: string,
  port?: number,
): readonly Hit[] {
  const files = { Dockerfile: text };
  return checkDockerfile(rule, { mode: 'container', files, ...(port === undefined ? {} : { port }) });
}

/** What a rule of whole sources finds in an example. */
export function checkSource(
  rule: Rule<Source>,
  example: Example,
  service: Partial<ServiceFacts> = {},
): readonly Hit[] {
  return rule.check(sourceOf(example, service));
}

/** What a rule of scripts finds in the JavaScript files of an example. */
export function checkScripts(
  rule: Rule<ScriptSubject>,
  example: Example,
  service: Partial<ServiceFacts> = {},
): readonly Hit[] {
  const source = sourceOf(example, service);
  const isModulePackage = /"type":\s*"module"/.test(example.files['package.json'] ?? '');
  return Object.entries(example.files).flatMap(([file, text]) => {
    if (!/\.[cm]?js$/.test(file)) return [];
    const isDeclaredModule = file.endsWith('.mjs') || (isModulePackage && !file.endsWith('.cjs'));
    const subject = parseScript(source, { file, text, isDeclaredModule });
    return 'message' in subject ? [] : rule.check(subject);
  });
}

/** Where hits are, as `Dockerfile:3`. */
export function places(hits: readonly Hit[]): string[] {
  return hits.map(({ at }) => `${at.file}:${at.line}`);
}
