import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { parse } from 'acorn';
import { validate } from 'dockerfile-utils';

import { lintProject, type LintCase } from '../__tests__/support/lint-project.ts';
import { createFiles } from '../src/adapters/files.ts';
import type { Finding } from '../src/lint/finding.ts';
import { buildLargeProject, lastScript, smallProject } from './lint-projects.ts';
import { inTurns, timeProgram, type Row } from './measure.ts';

const action = join(import.meta.dirname, '..', 'dist', 'index.js');
const rounds = 7;
const quickRounds = 101;
const warmUp = 30;

/** Measures lint without BuildKit's own check: a large project in both modes, a whole run of it, and one Dockerfile. */
export async function benchLint(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const [container, functions] = [join(folder, 'container'), join(folder, 'function')];
    await writeFiles(container, buildLargeProject('container'));
    await writeFiles(functions, buildLargeProject('function'));
    await writeFiles(join(folder, 'small'), smallProject);
    return [
      ...(await benchStage({ container, functions })),
      await benchRun(folder, container),
      await benchDockerfile(join(folder, 'small')),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const large = '5,000 files, 4,000 of them scripts';

async function benchStage(folders: { readonly container: string; readonly functions: string }) {
  const { container, functions } = folders;
  const medians = await inTurns(rounds, {
    container: () => time(() => lintLarge(container, { files: {}, mode: 'container', port: 8080 })),
    functions: () => time(() => lintLarge(functions, { files: {}, mode: 'function' })),
    parser: () => time(() => parseScripts(container)),
  });
  const beside = `read and parse alone ${seconds(medians['parser'])}`;
  return (['container', 'functions'] as const).map((name): Row => {
    const ours = seconds(medians[name]);
    const what = `lint of ${large}: a ${name === 'container' ? 'container' : 'function'}`;
    return { what, ours, beside, result: ours, promised: '≤ 1.5 s' };
  });
}

/** The last script of the chain holds what lint has to find: without it, not all of them were read. */
async function lintLarge(folder: string, project: LintCase): Promise<void> {
  const findings = await lintOnDisk(folder, project);
  if (!findings.some(({ at }) => at.file === lastScript))
    throw new Error(`Lint found nothing in "${lastScript}": the benchmark measures something else.`);
}

async function lintOnDisk(folder: string, project: LintCase): Promise<readonly Finding[]> {
  const findings = await lintProject(project, { folder, files: createFiles(new AbortController().signal) });
  if (findings instanceof Error) throw findings;
  return findings;
}

async function parseScripts(folder: string): Promise<void> {
  const paths = Object.keys(buildLargeProject('container')).filter((path) => path.endsWith('.js'));
  await Promise.all(
    paths.map(async (path) => {
      parse(await readFile(join(folder, path), 'utf8'), { ecmaVersion: 'latest', locations: true });
    }),
  );
}

/** The engine is one that nobody answers for, so that its check takes no part. */
async function benchRun(folder: string, source: string): Promise<Row> {
  const empty = join(folder, 'empty.mjs');
  await writeFile(empty, '');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    RUNNER_TEMP: folder,
    GITHUB_WORKSPACE: source,
    DOCKER_HOST: `unix://${join(folder, 'nobody.sock')}`,
    INPUT_COMMAND: 'lint',
    'INPUT_SERVER-CONFIG': 'Port: 8080',
  };
  const medians = await inTurns(rounds, {
    run: () => timeProgram([action], env),
    empty: () => timeProgram([empty], env),
  });
  const run = seconds(medians['run']);
  return {
    what: `command "lint" on ${large}, whole run`,
    ours: run,
    beside: `empty script ${seconds(medians['empty'])}`,
    result: run,
    promised: 'none',
  };
}

async function benchDockerfile(folder: string): Promise<Row> {
  const text = smallProject.Dockerfile;
  const subjects = {
    ours: () =>
      time(async () => {
        const findings = await lintOnDisk(folder, { files: {}, mode: 'container', port: 8080 });
        if (findings.length === 0) throw new Error('Lint found nothing in the Dockerfile of the benchmark.');
      }),
    floor: () => time(() => Promise.resolve(validate(text))),
  };
  await inTurns(warmUp, subjects);
  const { ours = 0, floor = 0 } = await inTurns(quickRounds, subjects);
  return {
    what: `lint of one Dockerfile of ${text.split('\n').length} lines`,
    ours: `${ours.toFixed(1)} ms`,
    beside: `dockerfile-utils alone ${floor.toFixed(1)} ms`,
    result: `${ours.toFixed(1)} ms`,
    promised: '≤ 30 ms',
  };
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}

function seconds(ms = 0): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
