import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { createExec } from '../../src/adapters/process.ts';
import { MissingProgramError, ProjectError } from '../../src/errors.ts';
import type { Command, Exec } from '../../src/ports.ts';
import { waitFor } from '../support/cloud-client.ts';
import { failureOf } from '../support/failure.ts';

const canaries = { INPUT_SECRET: 'leak', GITHUB_TOKEN: 'leak', ACTIONS_RUNTIME_TOKEN: 'leak' };
const baseEnv = { PATH: process.env['PATH'] ?? '', BASE: 'base' };
const exec = createExec(baseEnv, new AbortController().signal);
let folder: string;

beforeAll(() => {
  Object.assign(process.env, canaries);
});
afterAll(() => {
  for (const name of Object.keys(canaries)) Reflect.deleteProperty(process.env, name);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'process-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const node = (code: string, given: Partial<Command> = {}): Command => ({
  file: process.execPath,
  args: ['-e', code],
  ...given,
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A program that starts another one, which ignores SIGTERM, and writes both process ids into a file. */
const family = (pidFile: string): Command =>
  node(`
    const child = require('child_process').spawn(process.execPath, ['-e',
      "process.on('SIGTERM', () => {}); process.stdout.write('deaf'); setInterval(() => {}, 1000)"],
      { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.once('data', () =>
      require('fs').writeFileSync(${JSON.stringify(pidFile)}, process.pid + ' ' + child.pid));
    setInterval(() => {}, 1000);`);

async function pidsOf(pidFile: string): Promise<number[]> {
  const read = (): Promise<string> => readFile(pidFile, 'utf8').catch(() => '');
  return (await waitFor(read, (text) => / \d/.test(text))).split(' ').map(Number);
}

describe('a program that runs to its end', () => {
  it('hands on its lines, its exit code and its output', async () => {
    const heard: string[] = [];
    const code = 'console.log("one\\ntwo"); console.error("three"); process.exitCode = 3';
    const finished = await exec.capture(node(code), (line) => heard.push(line));
    expect([...finished.lines].sort()).toEqual(['one', 'three', 'two']);
    expect([...heard].sort()).toEqual([...finished.lines].sort());
    expect(finished).toMatchObject({ exitCode: 3, stdout: 'one\ntwo' });
  });

  it('keeps the last thousand lines', async () => {
    const { lines } = await exec.capture(node('for (let i = 0; i < 1500; i++) console.log(i)'));
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([1000, '500', '1499']);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGKILL', 137],
  ])('by %s has the exit code %s', async (signal, exitCode) => {
    const finished = await exec.capture(
      node(`process.kill(process.pid, '${signal}'); setInterval(() => {}, 9)`),
    );
    expect(finished.exitCode).toBe(exitCode);
  });

  it('reads what it is given', async () => {
    const code = 'process.stdin.on("data", (text) => console.log("read " + text))';
    expect((await exec.capture(node(code, { input: 'A=1' }))).stdout).toBe('read A=1');
  });

  it('that takes too long is ended with exit code 124', async () => {
    const finished = await exec.capture(
      node('console.log("up"); setInterval(() => {}, 9)', { timeoutMs: 400 }),
    );
    expect(finished).toMatchObject({ exitCode: 124 });
    expect((await exec.capture(node('', { timeoutMs: 20_000 }))).exitCode).toBe(0);
  });

  it('that takes too long is ended with all that it started', async () => {
    const pidFile = join(folder, 'pids');
    const finished = exec.capture({ ...family(pidFile), timeoutMs: 4_000 });
    const pids = await pidsOf(pidFile);
    expect((await finished).exitCode).toBe(124);
    await waitFor(
      () => Promise.resolve(pids.some(isAlive)),
      (isAny) => !isAny,
    );
    expect(pids).toHaveLength(2);
  });

  it('that is not there is told from one that cannot be run', async () => {
    await failureOf(MissingProgramError, () => exec.capture({ file: 'no-such-program', args: [] }));
    const other = await failureOf(ProjectError, () => exec.capture({ file: '/', args: [] }));
    expect(other).not.toBeInstanceOf(MissingProgramError);
  });

  it('runs in its folder, and reads nothing', async () => {
    const code = 'process.stdin.on("data", () => {}).on("end", () => console.log(process.cwd()))';
    const { stdout } = await exec.capture(node(code, { cwd: folder }));
    expect(stdout).toBe(folder);
  });

  it.each<[string, Command]>([
    ['"no-such-program" is not on this machine.', { file: 'no-such-program', args: [] }],
    ['cannot be started', { file: '/', args: [] }],
  ])('that cannot be run is a ProjectError: %s', async (message, command) => {
    const error = await failureOf(ProjectError, () => exec.capture(command));
    expect(error.kind).toBe('build');
    expect(error.message).toContain(message);
    expect((await failureOf(ProjectError, () => exec.start(command))).message).toContain(message);
  });
});

describe('the environment of a child', () => {
  const code = 'require("fs").writeFileSync("env.json", JSON.stringify(process.env))';
  const seenBy = async (run: (command: Command) => Promise<unknown>): Promise<unknown> => {
    await run(node(code, { cwd: folder, env: { OWN: 'own' } }));
    const read = (): Promise<string> => readFile(join(folder, 'env.json'), 'utf8').catch(() => '');
    return JSON.parse(await waitFor(read, (text) => text.endsWith('}')));
  };

  it.each<[string, (command: Command) => Promise<unknown>]>([
    ['captured', (command) => exec.capture(command)],
    ['streamed', (command) => exec.stream(command)],
    ['started', (command) => exec.start(command)],
  ])('that is %s is what was given, never the parent’s', async (_how, run) => {
    expect(await seenBy(run)).toEqual({ ...baseEnv, OWN: 'own' });
  });
});

describe('a program that goes on', () => {
  it('shows its last lines and its exit code', async () => {
    const running = await exec.start(
      node('console.log("one\\ntwo\\nthree"); setTimeout(() => process.exit(4), 50)'),
    );
    expect(running.exitCode()).toBeUndefined();
    expect(
      await waitFor(
        () => Promise.resolve(running.exitCode()),
        (code) => code !== undefined,
      ),
    ).toBe(4);
    expect(running.logTail(2)).toEqual(['two', 'three']);
    await running.stop();
  });

  it('is stopped with all that it started, deaf or not', async () => {
    const running = await exec.start(family(join(folder, 'pids')));
    const pids = await pidsOf(join(folder, 'pids'));
    expect(pids.map(isAlive)).toEqual([true, true]);
    await running.stop();
    await waitFor(
      () => Promise.resolve(pids.some(isAlive)),
      (isAny) => !isAny,
    );
    expect(running.exitCode()).toBe(143);
  });
});

describe('an abort', () => {
  const reason = new RangeError('aborted');

  it('ends the whole process group of what runs, and says its reason', async () => {
    const stop = new AbortController();
    const running = failureOf(RangeError, () =>
      createExec(baseEnv, stop.signal).capture(family(join(folder, 'pids'))),
    );
    const pids = await pidsOf(join(folder, 'pids'));
    stop.abort(reason);
    expect(await running).toBe(reason);
    await waitFor(
      () => Promise.resolve(pids.some(isAlive)),
      (isAny) => !isAny,
    );
    expect(pids).toHaveLength(2);
  });

  it.each<[string, (aborted: Exec) => Promise<unknown>]>([
    ['captured', (aborted) => aborted.capture(node(''))],
    ['streamed', (aborted) => aborted.stream(node(''))],
    ['started', (aborted) => aborted.start(node(''))],
  ])('lets nothing more be %s', async (_how, run) => {
    expect(await failureOf(RangeError, () => run(createExec(baseEnv, AbortSignal.abort(reason))))).toBe(
      reason,
    );
  });
});

it('ends what carries a marker, and nothing else', async () => {
  const marker = `MARKED_${process.pid}`;
  const wait = 'console.log("up"); setInterval(() => {}, 1000)';
  const marked = await exec.start(node(wait, { env: { [marker]: 'step-1' } }));
  const other = await exec.start(node(wait, { env: { [marker]: 'step-2' } }));
  for (const each of [marked, other])
    await waitFor(
      () => Promise.resolve(each.logTail(1)),
      (lines) => lines.length > 0,
    );
  expect(await exec.stopMarked(`${marker}=step-1`)).toBe(true);
  expect(
    await waitFor(
      () => Promise.resolve(marked.exitCode()),
      (code) => code !== undefined,
    ),
  ).toBe(137);
  expect(await exec.stopMarked(`${marker}=step-1`)).toBe(false);
  expect(isAlive(other.pid)).toBe(true);
  await other.stop();
});
