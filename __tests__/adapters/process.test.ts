import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { createExec } from '../../src/adapters/process.ts';
import { MissingProgramError, ProjectError } from '../../src/errors.ts';
import type { Command, Exec, RunningProcess } from '../../src/process-port.ts';
import { waitFor } from '../support/cloud-client.ts';
import { failureOf } from '../support/failure.ts';
import { family, isAlive, node, pidsOf, waitForEnd } from '../support/process-family.ts';

const canaries = { INPUT_SECRET: 'leak', GITHUB_TOKEN: 'leak', ACTIONS_RUNTIME_TOKEN: 'leak' };
const baseEnv = { PATH: process.env['PATH'] ?? '', BASE: 'base' };
const exec = createExec(baseEnv, new AbortController().signal);
let folder: string;

const logFile = (): string => join(folder, 'log');

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
    ['SIGABRT', 134],
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
    await waitForEnd(pids);
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
    expect((await failureOf(ProjectError, () => exec.start(command, logFile()))).message).toContain(message);
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
    ['started', (command) => exec.start(command, logFile())],
  ])('that is %s is what was given, never the parent’s', async (_how, run) => {
    expect(await seenBy(run)).toEqual({ ...baseEnv, OWN: 'own' });
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
    await waitForEnd(pids);
    expect(pids).toHaveLength(2);
  });

  it.each<[string, (aborted: Exec) => Promise<unknown>]>([
    ['captured', (aborted) => aborted.capture(node(''))],
    ['streamed', (aborted) => aborted.stream(node(''))],
    ['started', (aborted) => aborted.start(node(''), logFile())],
  ])('lets nothing more be %s', async (_how, run) => {
    expect(await failureOf(RangeError, () => run(createExec(baseEnv, AbortSignal.abort(reason))))).toBe(
      reason,
    );
  });
});

it('ends what carries a marker, and nothing else', async () => {
  const marker = `MARKED_${process.pid}`;
  const begin = (name: string): Promise<RunningProcess> =>
    exec.start(
      node('console.log("up"); setInterval(() => {}, 1000)', { env: { [marker]: name } }),
      join(folder, name),
    );
  const marked = await begin('step-1');
  const other = await begin('step-2');
  for (const each of [marked, other])
    await waitFor(
      () => each.logTail(1),
      ([line]) => line === 'up',
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

describe('the peak of a process’s memory', () => {
  it('is what it has held, also what it has given back', async () => {
    const code = `
      const held = Buffer.alloc(150 * 1024 * 1024, 1);
      console.log('held ' + held.length);
      setInterval(() => {}, 1000);`;
    const small = await exec.start(
      node('console.log("held 0"); setInterval(() => {}, 1000)'),
      join(folder, 'a'),
    );
    const big = await exec.start(node(code), join(folder, 'b'));
    for (const each of [small, big])
      await waitFor(
        () => each.logTail(1),
        ([line]) => line !== undefined,
      );
    const [less = 0, more = 0] = await Promise.all([small, big].map(({ pid }) => exec.readPeakMemory(pid)));
    expect(less).toBeGreaterThan(10 * 1024 * 1024);
    expect(more - less).toBeGreaterThan(100 * 1024 * 1024);
    await Promise.all([small.stop(), big.stop()]);
    expect(await exec.readPeakMemory(big.pid)).toBeUndefined();
  });

  it('is not told of what is no process', async () => {
    expect(await exec.readPeakMemory(0)).toBeUndefined();
  });
});
