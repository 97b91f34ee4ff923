import { join, relative } from 'node:path';

import { lintDockerfile } from '../lint/dockerfile.ts';
import { countFindings, type Finding } from '../lint/finding.ts';
import { lintEntry } from '../lint/function.ts';
import type { Files } from '../ports.ts';
import type { Project } from './project/project.ts';

/** What lint found, or why it did not look. */
export interface LintReport {
  readonly findings: readonly Finding[];
  /** True when the findings reach the severity that fails the run. */
  readonly isFailed: boolean;
  readonly skipped?: string;
}

interface LintRequest {
  readonly level: 'error' | 'warning' | 'off';
  readonly workspace: string;
}

/** Lints the Dockerfile or the entry; findings carry paths relative to the workspace. */
export async function lint(project: Project, request: LintRequest, files: Files): Promise<LintReport> {
  if (request.level === 'off') return { findings: [], isFailed: false, skipped: 'input "lint" is off' };
  const findings = await find(project, request.workspace, files);
  const { error, warning } = countFindings(findings);
  return { findings, isFailed: error > 0 || (request.level === 'warning' && warning > 0) };
}

async function find(project: Project, workspace: string, files: Files): Promise<Finding[]> {
  const nameOf = (...parts: string[]): string =>
    relative(workspace, join(project.folder, ...parts)).replaceAll('\\', '/');
  if (project.kind === 'container') {
    return lintDockerfile(project.dockerfileText, nameOf(project.buildFolder, project.dockerfile));
  }
  const text = await files.readText(join(project.folder, project.entry));
  return text === undefined ? [] : lintEntry(text, nameOf(project.entry));
}
