import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Emulator } from '../../emulator/emulator.ts';
import type { Timeline } from '../../emulator/options.ts';
import { runStep, type StepOptions, type StepResult } from '../../scripts/runner.ts';

/** Releases that take no longer than what they really build and start. */
export const instant: Partial<Timeline> = {
  registrationMs: 0,
  buildMs: 0,
  createVersionMs: 0,
  releaseMs: 0,
  onlineLagMs: 0,
  busyAfterFailureMs: 0,
};

export const envId = 'demo-env';

/** Files by path; a value with `copy` names a folder or file of the project to copy there. */
export type Tree = Readonly<Record<string, string | { readonly copy: string }>>;

const folders: string[] = [];

/** Makes a checkout of the given files; `removeWorkspaces` removes it. */
export async function makeWorkspace(tree: Tree): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'workspace-'));
  folders.push(folder);
  await writeFiles(folder, tree);
  return folder;
}

/** Writes files into a folder, over those that are there. */
export async function writeFiles(folder: string, tree: Tree): Promise<void> {
  for (const [path, content] of Object.entries(tree)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    if (typeof content === 'string') await writeFile(target, content);
    else await cp(content.copy, target, { recursive: true });
  }
}

/** Removes every checkout that was made. */
export async function removeWorkspaces(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}

/** A step that differs from the usual one: a deploy to the emulator without verification. */
export type StepRequest = Partial<StepOptions> & { readonly workspace: string };

/** Runs the committed action against an emulator, by default as `deploy` of the workspace to the service `app`. */
export function deploy(emulator: Emulator, request: StepRequest): Promise<StepResult> {
  const inputs = {
    'service-name': 'app',
    'env-id': envId,
    'secret-id': emulator.credential.secretId,
    'secret-key': emulator.credential.secretKey,
    'api-endpoint': emulator.apiEndpoint,
    verify: 'false',
    ...request.inputs,
  };
  return runStep({ ...request, inputs });
}

/** The lines that the runner shows as errors, without the command before them. */
export function errorsOf({ lines }: Pick<StepResult, 'lines'>): string[] {
  return lines.flatMap((line) => /^::error[^:]*::(.*)$/.exec(line)?.slice(1) ?? []);
}

/** Everything that a step showed or handed on, but for the values that it asked the runner to hide. */
export function shownBy(result: StepResult): string {
  const lines = result.lines.filter((line) => !line.startsWith('::add-mask::'));
  return [...lines, result.stderr, result.summary, ...Object.values(result.outputs)].join('\n');
}

/** The status and the JSON or text that a URL answers with. */
export async function ask(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, { headers: { connection: 'close' } });
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) as unknown };
  } catch {
    return { status: response.status, body: text };
  }
}
