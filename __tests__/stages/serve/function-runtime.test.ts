import { describe, expect, it } from '@jest/globals';

import type { Command, Finished } from '../../../src/process-port.ts';
import {
  findFramework,
  findNode,
  loadFunction,
  MissingFrameworkError,
} from '../../../src/stages/serve/function-runtime.ts';
import { StartError } from '../../../src/stages/serve/start-error.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import {
  createFakeClock,
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
    clock: createFakeClock(),
    docker: createFakeDocker({}),
    exec: createFakeExec(run),
    files: createFakeFiles(files),
    http: createFakeHttp({}),
    log: createFakeLog(),
    toolCache: createFakeToolCache(cache),
  };
}

describe('the functions framework', () => {
  const request = { tempFolder: '/tmp/step', installEnv: { A: '1' } };

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

  it('that cannot be installed is told apart from a function that is wrong', async () => {
    const ports = portsOf({ run: () => ({ exitCode: 1, lines: ['E404'] }) });
    const error = await failureOf(MissingFrameworkError, () => findFramework('/copy', request, ports));
    expect(error).toMatchObject({ kind: 'build', exitCode: 1, logTail: ['E404'] });
    expect(ports.toolCache.stored).toEqual([]);
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
  const request = {
    node: '/node',
    framework: '/ff',
    folder: '/copy',
    env: { A: '1' },
    platformEnv: ['TOKEN'],
  };
  const failed = (detail: string) => [
    `Failed to load target function, because "Provided module can't be loaded.`,
    `Detailed stack trace: ${detail}`,
    '    at Object.<anonymous> (/app/index.js:1:39)',
  ];

  it('asks the framework, with the env vars of the config', async () => {
    const ports = portsOf({ run: () => ({}) });
    await loadFunction(request, ports);
    expect(ports.exec.commands).toEqual([
      { file: '/node', args: ['/ff', '--dry-run'], cwd: '/copy', env: { A: '1' }, timeoutMs: 60_000 },
    ]);
  });

  it.each<[number, string[], object, string]>([
    [
      1,
      failed('Error: no greeting'),
      {
        kind: 'entry-not-found',
        finding: 'ended with exit code 1 because the framework cannot load the function',
        isOnlyHere: false,
      },
      'npx tcb-ff --dry-run',
    ],
    [
      1,
      failed('Error: Missing required environment variable: NAME'),
      {
        kind: 'missing-env',
        finding: 'ended with exit code 1 because the env var "NAME" is not set',
        isOnlyHere: false,
      },
      'npx tcb-ff --dry-run',
    ],
    [
      1,
      failed('Error: Missing required environment variable: TOKEN'),
      {
        kind: 'missing-env',
        finding:
          'ended with exit code 1 because the env var "TOKEN" is not set in this run; the platform has it',
        isOnlyHere: true,
      },
      'verify-env',
    ],
    [
      3,
      [],
      { kind: 'exit-on-start', finding: 'ended with exit code 3 before it listened', isOnlyHere: false },
      'npx tcb-ff --dry-run',
    ],
    [
      124,
      ['TOKEN is not set'],
      { kind: 'slow-start', finding: 'does not load within 60 s', isOnlyHere: false },
      'top level',
    ],
  ])('that ends with exit code %s and %j is %j', async (...[exitCode, lines, diagnosis, hint]) => {
    const ports = portsOf({ run: () => ({ exitCode, lines }) });
    const error = await failureOf(StartError, () => loadFunction(request, ports));
    expect(error.diagnosis).toMatchObject(diagnosis);
    expect(error).toMatchObject({
      message: `The service ${error.diagnosis.finding}.`,
      kind: error.diagnosis.kind,
      exitCode,
      logTail: lines,
    });
    expect(error.advice).toContain(hint);
  });

  it('keeps the last 20 lines, and reads some more', async () => {
    const stack = Array.from({ length: 30 }, (_, index) => `    at f (/app/index.js:${index}:1)`);
    const lines = [...failed('Error: Missing required environment variable: TOKEN'), ...stack];
    const ports = portsOf({ run: () => ({ exitCode: 1, lines }) });
    const error = await failureOf(StartError, () => loadFunction(request, ports));
    expect(error.diagnosis.kind).toBe('missing-env');
    expect(error.logTail).toEqual(lines.slice(-20));
  });
});
