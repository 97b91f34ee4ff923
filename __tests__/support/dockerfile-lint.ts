import { check } from '../../src/lint/check.ts';
import { lintSyntax } from '../../src/lint/dockerfile/syntax.ts';
import { createDockerfileSubject } from '../../src/lint/dockerfile/tree.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { sourceOf } from './lint.ts';

/**
 * The errors and warnings in the Dockerfile and the .dockerignore of a small source, as `CBR001 line 3: message`:
 * the rules of CloudBase Run and the general ones.
 */
export function findDockerfileFaults(files: Readonly<Record<string, string>>, port = 8080): string[] {
  const text = files['Dockerfile'] ?? '';
  const source = sourceOf({ files, mode: 'container', port });
  const place = { path: 'Dockerfile', buildFolder: '.' };
  const dockerfile = createDockerfileSubject(source, place, text);
  const subjects = { source, dockerfile, scripts: [], faults: [], directives: [] };
  const findings = [...check(subjects), ...lintSyntax(text, 'Dockerfile')];
  return findings
    .filter(isOfDockerfile)
    .map(({ rule, at, message }) => `${rule} line ${at.line}: ${message}`);
}

function isOfDockerfile({ severity, at }: Finding): boolean {
  return severity !== 'info' && /Dockerfile$|\.dockerignore$/.test(at.file);
}
