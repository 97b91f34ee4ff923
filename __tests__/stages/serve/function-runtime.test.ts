import { describe, expect, it } from '@jest/globals';

import { ProjectError } from '../../../src/errors.ts';
import type { Command, Finished } from '../../../src/ports.ts';
import { findFramework, findNode, loadFunction } from '../../../src/stages/verify/function-runtime.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import {
  createFakeDocker,
  createFakeExec,
  createFakeHttp,
  createFakeLog,
  createFakeToolCache,
} from '../../support/fakes.ts';

const command = 'node_modules/@cloudbase/functions-framework/bin/tcb-ff.js';

interface Outside {
  readonly files?: Readonly<Record<string, string>>;
  readonly cache?: Readonly<Record<string, string>>;
  readonly run?: (command: Command) => Partial<Finished>;
}

function portsOf({ files = {}, cache = {}, run }: Outside) {
  return {
    docker: createFakeDocker({}),
    exec: createFakeExec(run),
    files: createFakeFiles(files),
    http: createFakeHttp({}),
    log: createFakeLog(),
    toolCache: createFakeToolCache(cache),
  };
}

describe('the functions framework', () => {
  const request = { tempFolder: '/tmp/step', installEnv: { A: '1' }, verify: 'auto' as const };

  it('is the project’s own', async () => {
    const ports = portsOf({ files: { [`/copy/${command}`]: '' } });
    expect(await findFramework('/copy', request, ports)).toBe(`/copy/${command}`);
  });

  it('is the one of the tool cache', async () => {
    const cache = { 'cloudbase-functions-framework@1.18.0': '/cache/ff' };
    const ports = portsOf({ cache, files: { [`/cache/ff/${command}`]: '' } });
    expect(await findFramework('/copy', request, ports)).toBe(`/cache/ff/${command}`);
  });

  it('is installed into the tool cache, without its scripts', async () => {
    const ports = portsOf({ run: () => ({}) });
    expect(await findFramework('/copy', request, ports)).toBe(`/tmp/step/framework/${command}`);
    expect(ports.toolCache.stored).toEqual(['/tmp/step/framework']);
    const [install] = ports.exec.commands;
    expect(install).toMatchObject({ file: 'npm', cwd: '/tmp/step/framework', env: { A: '1' } });
    expect(install?.args).toContain('--ignore-scripts');
    expect(install?.args.at(-1)).toBe('@cloudbase/functions-framework@1.18.0');
  });

  it('is installed beside a cache that another step is just filling', async () => {
    const ports = portsOf({
      cache: { 'cloudbase-functions-framework@1.18.0': '/cache/ff' },
      run: () => ({}),
    });
    expect(await findFramework('/copy', request, ports)).toBe(`/tmp/step/framework/${command}`);
  });

  it('is not put over one that another step has stored meanwhile', async () => {
    const cache: Record<string, string> = {};
    const files: Record<string, string> = { [`/cache/ff/${command}`]: '' };
    const run = () => {
      cache['cloudbase-functions-framework@1.18.0'] = '/cache/ff';
      return {};
    };
    const ports = portsOf({ cache, files, run });
    expect(await findFramework('/copy', request, ports)).toBe(`/tmp/step/framework/${command}`);
    expect(ports.toolCache.stored).toEqual([]);
  });

  it('that cannot be installed fails only a run that must verify', async () => {
    const ports = portsOf({ run: () => ({ exitCode: 1, lines: ['E404'] }) });
    expect(await findFramework('/copy', request, ports)).toBeUndefined();
    const error = await failureOf(ProjectError, () =>
      findFramework('/copy', { ...request, verify: 'true' }, ports),
    );
    expect(error).toMatchObject({ kind: 'build', exitCode: 1, logTail: ['E404'] });
  });
});

describe('the Node.js', () => {
  const has = (version: string) => () => ({ stdout: `/usr/bin/node\n${version}\n` });

  it.each([
    [
      undefined,
      { 'node@20.18': '/cache/node20' },
      '/cache/node20/bin/node',
      'Run on Node.js 20.18 of the tool cache, as the platform does.',
    ],
    [
      '22.11.0',
      { 'node@22.11.0': '/cache/node22' },
      '/cache/node22/bin/node',
      'Run on Node.js 22.11.0 of the tool cache, as the platform does.',
    ],
  ])('is the one of the tool cache (asked: %s)', async (...[asked, cache, path, line]) => {
    const ports = portsOf({ cache: { ...cache } });
    expect(await findNode(asked, ports)).toBe(path);
    expect(ports.log.lines).toEqual([`info: ${line}`]);
  });

  it.each([
    ['22', '22.3.1', 'Run on Node.js 22.3.1.'],
    ['20.18.1', '20.18.1', 'Run on Node.js 20.18.1.'],
    [
      '2',
      '22.3.1',
      'Run on Node.js 22.3.1; the platform runs 2, add actions/setup-node with that version to use it here.',
    ],
    [
      undefined,
      '24.1.0',
      'Run on Node.js 24.1.0; the platform runs 20.18, add actions/setup-node with that version to use it here.',
    ],
  ])('is else what there is (asked: %s, there: %s)', async (asked, version, line) => {
    const ports = portsOf({ run: has(version) });
    expect(await findNode(asked, ports)).toBe('/usr/bin/node');
    expect(ports.log.lines).toEqual([`info: ${line}`]);
  });
});

describe('loading a function', () => {
  const request = { node: '/node', framework: '/ff', folder: '/copy', env: { A: '1' } };

  it('asks the framework, with the env vars of the config', async () => {
    const ports = portsOf({ run: () => ({}) });
    await loadFunction(request, ports);
    expect(ports.exec.commands).toEqual([
      { file: '/node', args: ['/ff', '--dry-run'], cwd: '/copy', env: { A: '1' }, timeoutMs: 60_000 },
    ]);
  });

  it.each([
    [1, 'entry-not-found', 'does not load (exit code 1)', 'npx tcb-ff --dry-run'],
    [124, 'slow-start', 'does not load within 60 s', 'top level'],
  ])('that ends with exit code %s is %s', async (...[exitCode, kind, why, hint]) => {
    const ports = portsOf({ run: () => ({ exitCode, lines: ['why'] }) });
    const error = await failureOf(ProjectError, () => loadFunction(request, ports));
    const message = `The function ${why}: "tcb-ff --dry-run" loads it as the platform does.`;
    expect(error).toMatchObject({ kind, message, exitCode, logTail: ['why'] });
    expect(error.advice).toContain(hint);
  });
});
