import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { expect } from '@jest/globals';

import type { Emulator } from '../../emulator/emulator.ts';
import type { Timeline } from '../../emulator/options.ts';
import type { ReleaseScript } from '../../emulator/release/script.ts';
import { runStep, type StepOptions, type StepResult } from '../../scripts/runner.ts';
import type { CloudClient } from './cloud-client.ts';

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

/** A release that goes well without anything built or run. */
export const pretended: ReleaseScript = { end: 'online', run: false };

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

/** As `deploy`, with a release that is only pretended; only for runs that come to a release of a package. */
export function pretend(emulator: Emulator, request: StepRequest): Promise<StepResult> {
  emulator.script(envId, request.inputs?.['service-name'] ?? 'app', pretended);
  return deploy(emulator, request);
}

/** One written call, with its items by their keys. */
export interface Written {
  readonly action: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** What each item of the call holds, whatever slot it is in. */
  readonly items: Readonly<Record<string, unknown>>;
}

/** The calls that changed a service, oldest first, without those that were refused. */
export function writesTo(emulator: Emulator, serverName: string): Written[] {
  const calls = emulator.journal
    .writes()
    .filter((entry) => entry.serverName === serverName && entry.code === undefined);
  return calls.map(({ action, params }) => {
    const items = (params['Items'] ?? []) as readonly Readonly<Record<string, unknown>>[];
    const values = items.map(({ Key, ...slots }) => [String(Key), Object.values(slots)[0]] as const);
    return { action, params, items: Object.fromEntries(values) };
  });
}

/** Where a step writes, and how to look there. */
export interface Place {
  readonly emulator: Emulator;
  readonly client: CloudClient;
  readonly serviceName: string;
}

/**
 * Runs a step that writes once, and expects its plan to be what the items of the write change of what serves, and what
 * serves otherwise after it: no less, no more.
 */
export async function expectTruePlan(place: Place, run: () => Promise<StepResult>): Promise<StepResult> {
  const { emulator, client, serviceName } = place;
  const before = await readServing(client, serviceName);
  const count = writesTo(emulator, serviceName).length;
  const result = await run();
  const [write, ...more] = writesTo(emulator, serviceName).slice(count);
  const after = await readServing(client, serviceName);
  const { settings } = JSON.parse(result.outputs['plan'] ?? '') as { readonly settings: readonly Change[] };
  const planned = settings.map(describeChange).sort();
  expect({ more, sent: difference(before, withItems(before, write?.items ?? {})) }).toEqual({
    more: [],
    sent: planned,
  });
  expect({ served: difference(before, after) }).toEqual({ served: planned });
  return result;
}

interface Change {
  readonly setting: string;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}

type Values = Readonly<Record<string, string>>;

/** The settings that a version tells of itself; the others are the service's own. */
const ofVersion = [
  ...['Port', 'Cpu', 'Mem', 'PolicyDetails', 'Dockerfile', 'BuildDir', 'EnvParams', 'CustomLogs'],
  ...['EntryPoint', 'Cmd', 'VpcConf', 'VolumesConf'],
];

const itemNames: Values = {
  AccessTypes: 'OpenAccessTypes',
  CpuSpecs: 'Cpu',
  MemSpecs: 'Mem',
  EnvParam: 'EnvParams',
  LogPath: 'CustomLogs',
};

/** What serves, as text by the names of the settings, each env var by itself. */
async function readServing(client: CloudClient, ServerName: string): Promise<Values> {
  const { ServerConfig, OnlineVersionInfos } = await client.detail(ServerName);
  const VersionName = OnlineVersionInfos?.[0]?.VersionName;
  const version = await client.call('DescribeVersionDetail', { ServerName, VersionName });
  const own = ofVersion.map((name) => [name, version[name === 'CustomLogs' ? 'LogPath' : name]] as const);
  return toValues([...Object.entries(ServerConfig), ...own]);
}

/** Later entries replace earlier ones of the same name. */
function toValues(entries: readonly (readonly [string, unknown])[]): Values {
  const { EnvParams, ...plain } = Object.fromEntries(entries);
  const env = JSON.parse(typeof EnvParams === 'string' && EnvParams !== '' ? EnvParams : '{}') as Values;
  const texts = Object.entries(plain).map(([name, value]) => [name, toText(name, value)] as const);
  return Object.fromEntries([
    ...texts.filter(([, text]) => text !== ''),
    ...Object.entries(env)
      .filter(([key]) => key !== 'CLOUDBASE_RUN_FINGERPRINT')
      .map(([key, value]) => [`EnvParams.${key}`, value]),
  ]) as Values;
}

function toText(name: string, value: unknown): string {
  // The folder of the source itself.
  if (name === 'BuildDir' && value === '.') return '';
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (isCommand(name)) return value.join(' ');
  if (name === 'OpenAccessTypes') return value.map(String).sort().join(', ');
  return value.length === 0 ? '' : JSON.stringify(value);
}

function isCommand(name: string): boolean {
  return name === 'EntryPoint' || name === 'Cmd';
}

/** Env vars go out as a whole. */
function withItems(before: Values, items: Written['items']): Values {
  const rest = Object.entries(before).filter(([name]) => !('EnvParam' in items && isEnv(name)));
  const sent = Object.entries(items).map(([key, value]) => [itemNames[key] ?? key, value] as const);
  const names = new Set(sent.map(([name]) => name));
  return { ...Object.fromEntries(rest.filter(([name]) => !names.has(name))), ...toValues(sent) };
}

function isEnv(name: string): boolean {
  return name.startsWith('EnvParams.');
}

function difference(before: Values, after: Values): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => before[name] !== after[name]);
  return changed
    .map((setting) => {
      const [from, to] = [before[setting], after[setting]];
      const kind = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
      return describeChange({ setting, kind, from: from ?? '(not set)', to: to ?? '(not set)' });
    })
    .sort();
}

/** A plan shows no values of env vars, and a version tells of a command only its words. */
function describeChange({ setting, kind, from, to }: Change): string {
  return isEnv(setting) || isCommand(setting) ? `${setting} ${kind}` : `${setting} ${kind}: ${from} → ${to}`;
}

/** The env vars of a service as they are live, and who may reach it. */
export async function readLive(
  client: CloudClient,
  serverName: string,
): Promise<{ readonly env: Readonly<Record<string, string>>; readonly access: readonly string[] }> {
  const { BaseInfo, ServerConfig } = await client.detail(serverName);
  const env = JSON.parse(ServerConfig.EnvParams || '{}') as Record<string, string>;
  return { env, access: [...BaseInfo.AccessTypes].sort() };
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
