import { join, posix, relative } from 'node:path';

import { check } from '../../lint/check.ts';
import { parseDirectives, type Directive } from '../../lint/directive.ts';
import { isDockerfileText } from '../../lint/dockerfile/file.ts';
import { mergeFindings } from '../../lint/dockerfile/same.ts';
import { lintSyntax } from '../../lint/dockerfile/syntax.ts';
import { createDockerfileSubject, type DockerfileSubject } from '../../lint/dockerfile/tree.ts';
import { asOneLine, countFindings, sortFindings, type Finding } from '../../lint/finding.ts';
import { leaveOut } from '../../lint/ignore.ts';
import type { Source } from '../../lint/rule.ts';
import type { LintInputs } from '../../inputs.ts';
import type { Docker } from '../../docker-port.ts';
import type { Exec } from '../../process-port.ts';
import type { Files, Log } from '../../ports.ts';
import { followScripts } from './scripts.ts';
import { readSource, type SourceRequest } from './source.ts';
import { runTools } from './tools.ts';

/** What lint found, or why it did not look. */
export interface LintReport {
  /** The worst first; files are relative to the repository root. */
  readonly findings: readonly Finding[];
  /** True when the findings reach the severity that fails the run. */
  readonly isFailed: boolean;
  /** How many findings were left out by comments or by the input `lint-ignore`. */
  readonly ignored: number;
  readonly skipped?: string;
}

interface LintRequest extends SourceRequest {
  readonly inputs: Pick<LintInputs, 'lint' | 'lintIgnore'>;
  /** Absolute path of the repository that holds the source: files of findings are relative to it. */
  readonly repository: string;
  readonly actionUrl: string;
}

interface LintPorts {
  readonly docker: Docker;
  readonly exec: Exec;
  readonly files: Files;
  readonly log: Log;
}

/** Checks a source by the rules of CloudBase Run, and its Dockerfile by those of other tools that are there. */
export async function lint(request: LintRequest, ports: LintPorts): Promise<LintReport> {
  const { inputs, found, repository: root, actionUrl } = request;
  if (inputs.lint === 'off')
    return { findings: [], isFailed: false, ignored: 0, skipped: 'input "lint" is off' };
  const { result } = found;
  if ('kind' in result && result.kind === 'image')
    return { findings: [], isFailed: false, ignored: 0, skipped: 'an image is deployed, there is no source' };
  const source = await readSource(request, ports.files);
  const dockerfile = parseDockerfile(source);
  const [tools, { scripts, faults }] = await Promise.all([
    runDockerfileTools({ root, folder: found.folder, dockerfile }, ports),
    followScripts(source, found.folder, ports.files),
  ]);
  const directives = listDirectives(source, dockerfile);
  const ours = check({ source, dockerfile, scripts, faults, directives });
  const { findings, ignored } = leaveOut([...ours, ...tools], directives, inputs.lintIgnore);
  const place = { folder: posix.join(relative(root, found.folder).replaceAll('\\', '/'), '.'), actionUrl };
  const merged = sortFindings(mergeFindings(findings, dockerfile?.text));
  const placed = merged.map((finding) => placeFinding(finding, place));
  const { error, warning } = countFindings(placed);
  const isFailed = error > 0 || (inputs.lint === 'warning' && warning > 0);
  return { findings: placed, isFailed, ignored };
}

/** The Dockerfile, where it can be read. */
function parseDockerfile(source: Source): DockerfileSubject | undefined {
  const { dockerfile: place, texts } = source;
  const text = place === undefined ? undefined : texts.get(place.path);
  return place !== undefined && isDockerfileText(text)
    ? createDockerfileSubject(source, place, text)
    : undefined;
}

interface ToolsPlace {
  /** The repository, which may hold the settings of a tool. */
  readonly root: string;
  readonly folder: string;
  readonly dockerfile: DockerfileSubject | undefined;
}

async function runDockerfileTools(
  { root, folder, dockerfile }: ToolsPlace,
  ports: LintPorts,
): Promise<readonly Finding[]> {
  if (dockerfile === undefined) return [];
  const { path, buildFolder, text } = dockerfile;
  const context = join(folder, buildFolder);
  const toolFolder = await findHadolintSettings({ root, folder: context }, ports.files);
  const request = { dockerfile: join(folder, path), context, file: path, folder: toolFolder };
  const { findings, notes } = await runTools(request, ports);
  for (const note of notes) ports.log.info(note);
  return [...findings, ...lintSyntax(text, path)];
}

/** hadolint looks for its settings where it runs: the nearest folder that has them, else the build folder. */
async function findHadolintSettings(
  { root, folder }: { readonly root: string; readonly folder: string },
  files: Files,
): Promise<string> {
  for (let place = folder; !isOutside(root, place); place = join(place, '..')) {
    for (const name of ['.hadolint.yaml', '.hadolint.yml'])
      if ((await files.kindOf(join(place, name))) === 'file') return place;
    if (relative(root, place) === '') break;
  }
  return folder;
}

function listDirectives(source: Source, dockerfile: DockerfileSubject | undefined): Directive[] {
  const lines = dockerfile?.dockerfile.getInstructions().map((instruction) => {
    const { start, end } = instruction.getRange();
    return { line: start.line + 1, endLine: end.line + 1 };
  });
  return [...source.texts].flatMap(([file, text]) =>
    parseDirectives(file, text, file === dockerfile?.path ? lines : undefined),
  );
}

function isOutside(root: string, folder: string): boolean {
  return /^\.\.([\\/]|$)/.test(relative(root, folder));
}

function placeFinding(
  finding: Finding,
  { folder, actionUrl }: { readonly folder: string; readonly actionUrl: string },
): Finding {
  const { at, url, tool, message, fix } = finding;
  const isOurs = tool === 'cloudbase-run' && actionUrl !== '';
  const linked = isOurs ? fix.replace('docs/dockerfiles.md', `${actionUrl}/docs/dockerfiles.md`) : fix;
  return {
    ...finding,
    message: asOneLine(message),
    fix: asOneLine(linked),
    url: isOurs ? `${actionUrl}/${url}` : url,
    at: { ...at, file: posix.join(folder, at.file) },
  };
}
