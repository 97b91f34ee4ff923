import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createExec } from '../../../src/adapters/process.ts';
import type { Command, RunningProcess } from '../../../src/process-port.ts';
import { waitFor } from '../../support/cloud-client.ts';
import { failureOf } from '../../support/failure.ts';
import { family, isAlive, node, pidsOf, waitForEnd } from '../../support/process-family.ts';

const baseEnv = { PATH: process.env['PATH'] ?? '' };
let stopRun: AbortController;
let folder: string;
let logFile: string;
let started: RunningProcess[];

beforeEach(async () => {
  stopRun = new AbortController();
  folder = await mkdtemp(join(tmpdir(), 'process-'));
  logFile = join(folder, 'log');
  started = [];
});
afterEach(async () => {
  for (const each of started) await each.stop(0);
  await rm(folder, { recursive: true, force: true });
});

async function start(command: Command): Promise<RunningProcess> {
  const running = await createExec(baseEnv, stopRun.signal).start(command, logFile);
  started.push(running);
  return running;
}

const waitForExit = (running: RunningProcess): Promise<number | undefined> =>
  waitFor(
    () => Promise.resolve(running.exitCode()),
    (code) => code !== undefined,
  );

const waitForLine = (running: RunningProcess, wanted: string): Promise<readonly string[]> =>
  waitFor(
    () => running.logTail(1),
    ([line]) => line === wanted,
  );

const forever = 'setInterval(() => {}, 1000);';

describe('what a program writes', () => {
  it('goes to its file, errors too, and its last lines are shown', async () => {
    const running = await start(node('console.log("one\\ntwo"); console.error("é"); process.exit(4)'));
    expect(await waitForExit(running)).toBe(4);
    expect(await readFile(logFile, 'utf8')).toBe('one\ntwo\né\n');
    expect(await running.logTail(2)).toEqual(['two', 'é']);
    expect(await running.logTail(9)).toEqual(['one', 'two', 'é']);
    expect(await running.logTail(0)).toEqual([]);
    expect((await stat(logFile)).mode & 0o077).toBe(0);
  });

  it.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['a line without an end', 'a\nb', ['a', 'b']],
    ['line ends of Windows', 'a\r\nb\r\n', ['a', 'b']],
    ['blank lines at the end', 'a\n\n\n', ['a', '', '']],
    ['much more than is looked at', `${'x'.repeat(99)}\n`.repeat(10_000) + 'end\n', ['x'.repeat(99), 'end']],
  ])('shows %s', async (_what, text, lines) => {
    const running = await start(node(''));
    await waitForExit(running);
    await writeFile(logFile, text);
    expect((await running.logTail(3)).slice(-lines.length || 9)).toEqual(lines);
  });

  it('shows no line of which it sees the end alone, but for one that is all there is', async () => {
    const running = await start(node(''));
    await waitForExit(running);
    await writeFile(logFile, `${'x'.repeat(300_000)}\nlast\n`);
    expect(await running.logTail(5)).toEqual(['last']);
    await writeFile(logFile, `${'x'.repeat(300_000)}\n`);
    expect((await running.logTail(5)).map((line) => /^x{200000,262144}$/.test(line))).toEqual([true]);
  });

  it('is not mixed with what an earlier one has written', async () => {
    await writeFile(logFile, 'of an earlier one\n');
    const running = await start(node('console.log("new")'));
    await waitForExit(running);
    expect(await running.logTail(5)).toEqual(['new']);
  });

  it('shows nothing where the file is gone', async () => {
    const running = await start(node(''));
    await rm(logFile);
    expect(await running.logTail(5)).toEqual([]);
  });

  it('may be a flood', async () => {
    const running = await start(
      node('const fs = require("fs"); for (;;) fs.writeSync(1, "line after line\\n".repeat(500))'),
    );
    await waitFor(
      async () => (await stat(logFile)).size,
      (size) => size > 2_000_000,
    );
    expect(await running.logTail(1000)).toHaveLength(1000);
    expect(await running.stop()).toBe(true);
    expect(running.exitCode()).toBe(143);
  });
});

describe('a program that goes on', () => {
  it('reads what it is given, or nothing', async () => {
    const echo =
      'process.stdin.on("data", (text) => console.log("read " + text)).on("end", () => console.log("end"))';
    await waitForExit(await start(node(echo, { input: 'A=1' })));
    expect(await readFile(logFile, 'utf8')).toBe('read A=1\nend\n');
    await waitForExit(await start(node(echo)));
    expect(await readFile(logFile, 'utf8')).toBe('end\n');
  });

  it('that ends at once has its exit code', async () => {
    const running = await start({ file: '/bin/sh', args: ['-c', 'exit 3'] });
    expect(await waitForExit(running)).toBe(3);
    expect(await running.stop()).toBe(true);
  });

  it('still runs when the process that started it has ended', async () => {
    const module = JSON.stringify(join(import.meta.dirname, '../../../src/adapters/process.ts'));
    const target = JSON.stringify([process.execPath, `console.log("up"); ${forever}`, logFile]);
    const code = `
      const { createExec } = await import(${module});
      const [file, code, log] = ${target};
      const exec = createExec({}, new AbortController().signal);
      const running = await exec.start({ file, args: ['-e', code] }, log);
      console.log(running.pid + ' ' + running.exitCode());`;
    const parent = { file: process.execPath, args: ['--input-type=module', '-e', code], timeoutMs: 15_000 };
    const { stdout, exitCode } = await createExec(baseEnv, stopRun.signal).capture(parent);
    const [pid = 0, code2] = stdout.split(' ');
    try {
      expect([exitCode, code2]).toEqual([0, 'undefined']);
      expect(isAlive(Number(pid))).toBe(true);
      expect(
        await waitFor(
          () => readFile(logFile, 'utf8'),
          (text) => text !== '',
        ),
      ).toBe('up\n');
    } finally {
      if (Number(pid) > 0) process.kill(Number(pid), 'SIGKILL');
    }
  });
});

describe('a program that is stopped', () => {
  it('has ended by itself when it does so within the grace', async () => {
    const slow = 'process.on("SIGTERM", () => setTimeout(() => process.exit(7), 200)); console.log("up");';
    const running = await start(node(slow + forever));
    await waitForLine(running, 'up');
    expect(running.exitCode()).toBeUndefined();
    expect(await running.stop(10_000)).toBe(true);
    expect(running.exitCode()).toBe(7);
  });

  it('is killed after the grace', async () => {
    const running = await start(node(`process.on("SIGTERM", () => {}); console.log("up"); ${forever}`));
    await waitForLine(running, 'up');
    expect(await running.stop(100)).toBe(false);
    expect(running.exitCode()).toBe(137);
  });

  it('is stopped with all that it started, which has the grace, too', async () => {
    const running = await start(family(join(folder, 'pids')));
    const pids = await pidsOf(join(folder, 'pids'));
    expect(pids.map(isAlive)).toEqual([true, true]);
    expect(await running.stop(500)).toBe(false);
    await waitForEnd(pids);
    expect(running.exitCode()).toBe(143);
  });

  it('has ended by itself also where nobody collects what it had started', async () => {
    const running = await start({ file: '/bin/sh', args: ['-c', 'sleep 1000 & echo up; exec sleep 1000'] });
    await waitForLine(running, 'up');
    expect(await running.stop(1_000)).toBe(true);
  });

  it('leaves nothing behind when the first of its processes had ended before', async () => {
    const pidFile = join(folder, 'pids');
    const code = `${process.execPath} -e '${forever}' & echo "$$ $!" > ${pidFile}`;
    const running = await start({ file: '/bin/sh', args: ['-c', code] });
    const [, child = 0] = await pidsOf(pidFile);
    await waitForExit(running);
    expect(isAlive(child)).toBe(true);
    await running.stop();
    await waitForEnd([child]);
    expect(running.exitCode()).toBe(0);
  });
});

describe('an abort', () => {
  it('ends what was started', async () => {
    const running = await start(family(join(folder, 'pids')));
    const pids = await pidsOf(join(folder, 'pids'));
    const reason = new RangeError('aborted');
    stopRun.abort(reason);
    await waitForEnd(pids);
    expect(await waitForExit(running)).toBe(143);
    expect(await running.stop()).toBe(false);
    expect(await failureOf(RangeError, () => start(node('')))).toBe(reason);
  });

  it('while it is being started ends it, too', async () => {
    const reason = new RangeError('aborted');
    const marker = `START_${process.pid}`;
    const starting = failureOf(RangeError, () => start(node(forever, { env: { [marker]: 'step' } })));
    stopRun.abort(reason);
    expect(await starting).toBe(reason);
    expect(await createExec(baseEnv, stopRun.signal).stopMarked(`${marker}=step`)).toBe(false);
  });
});
