import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { median, type Row } from './measure.ts';
import { stripSources } from './stripped.ts';

const execute = promisify(execFile);
const rounds = 5;

/** What one program took to pack a folder. */
interface Packed {
  readonly ms: number;
  readonly peakMb: number;
  readonly bytes: number;
}

/** Measures the package beside the SDK's own zip and the program zip, and the selection of files. */
export async function benchPackage(): Promise<Row[]> {
  const sources = await stripSources();
  const folder = await mkdtemp(join(tmpdir(), 'bench-package-'));
  try {
    const bench = { folder, program: sources.folder };
    return [...(await benchLarge(bench)), ...(await benchSmall(bench)), await benchWalk(bench)];
  } finally {
    await sources.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Bench {
  readonly folder: string;
  /** Where the sources stand as JavaScript. */
  readonly program: string;
}

async function benchLarge({ folder, program }: Bench): Promise<Row[]> {
  const [large, huge] = [join(folder, 'large'), join(folder, 'huge')];
  await makeSource(large, { files: 5_000, bytes: 40_000 });
  await makeSource(huge, { files: 5_000, bytes: 200_000 });
  const { ours, sdk, zip } = await packInTurns({ folder, program }, large);
  const { peakMb } = await packOurs({ folder, program }, huge);
  const share = ours.ms / sdk.ms;
  return [
    {
      what: '5,000 files with 200 MB, level 1',
      ours: `${(ours.ms / 1000).toFixed(2)} s`,
      beside: `codeToZip ${(sdk.ms / 1000).toFixed(2)} s, zip -1 -r ${describeZip(zip)}`,
      result: `${share.toFixed(2)} × codeToZip`,
      promised: '≤ 0.9 ×',
    },
    {
      what: 'its peak memory, and that of 1 GB',
      ours: `${ours.peakMb.toFixed(0)} MB, ${peakMb.toFixed(0)} MB`,
      beside: `codeToZip ${sdk.peakMb.toFixed(0)} MB`,
      result: `${Math.max(ours.peakMb, peakMb).toFixed(0)} MB`,
      promised: '≤ 120 MB, flat',
    },
  ];
}

async function benchSmall({ folder, program }: Bench): Promise<Row[]> {
  const small = join(folder, 'small');
  await makeSource(small, { files: 50, bytes: 40_000 });
  const { ours, sdk, zip } = await packInTurns({ folder, program }, small);
  return [
    {
      what: '50 files with 2 MB, level 6, after load',
      ours: `${ours.ms.toFixed(0)} ms`,
      beside: `codeToZip (level 1) ${sdk.ms.toFixed(0)} ms, zip -1 -r ${describeZip(zip)}`,
      result: `${ours.ms.toFixed(0)} ms`,
      promised: '≤ 60 ms',
    },
    {
      what: 'its size',
      ours: `${(ours.bytes / 1000).toFixed(0)} KB`,
      beside: `codeToZip ${(sdk.bytes / 1000).toFixed(0)} KB`,
      result: `${(ours.bytes / sdk.bytes).toFixed(2)} × codeToZip`,
      promised: '≤ 0.95 ×',
    },
  ];
}

const patternCount = 30;

async function benchWalk({ folder, program }: Bench): Promise<Row> {
  const many = join(folder, 'many');
  await makeSource(many, { files: 50_000, bytes: 200 });
  const patterns = Array.from({ length: patternCount }, (_, at) =>
    at % 5 === 4 ? `!folder-${at}/file-1*` : `**/*.t${at}`,
  );
  await writeFile(join(many, '.dockerignore'), patterns.join('\n'));
  const script = `
    import { createFiles } from '${program}/adapters/files.js';
    import { selectContainerFiles } from '${program}/stages/project/selection.js';
    const files = createFiles(new AbortController().signal);
    const facts = { buildFolder: '.', dockerfile: 'Dockerfile', dockerfileText: 'FROM scratch\\nCOPY . .\\n' };
    const inputs = { include: [], exclude: [], allowedSecrets: [] };
    const since = performance.now();
    const { files: found } = await selectContainerFiles(
      { folder: '${many}', inputs, ownFiles: [], target: '' }, facts, { files, log: { debug() {}, warning() {} } });
    const ms = performance.now() - since;
    console.log(JSON.stringify({ ms, peakMb: 0, bytes: found.length }));`;
  const runs = await repeat(() => runScript(script));
  const { ms, bytes: count } = middle(runs);
  return {
    what: `selection among ${count.toLocaleString('en')} files by ${patternCount} patterns of .dockerignore`,
    ours: `${(ms / 1000).toFixed(2)} s`,
    beside: 'nothing',
    result: `${(ms / 1000).toFixed(2)} s`,
    promised: '≤ 2 s',
  };
}

async function packInTurns(
  bench: Bench,
  source: string,
): Promise<{ ours: Packed; sdk: Packed; zip: Packed | undefined }> {
  const [ours, sdk, zip]: [Packed[], Packed[], (Packed | undefined)[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    ours.push(await packOurs(bench, source));
    sdk.push(await packBySdk(source));
    zip.push(await packByZip(bench, source));
  }
  const known = zip.filter((each) => each !== undefined);
  return { ours: middle(ours), sdk: middle(sdk), zip: known.length === 0 ? undefined : middle(known) };
}

function packOurs({ folder, program }: Bench, source: string): Promise<Packed> {
  return runScript(`
    import { createArchive } from '${program}/adapters/archive.js';
    import { createFiles } from '${program}/adapters/files.js';
    const { signal } = new AbortController();
    await import('yazl');
    const since = performance.now();
    const entries = await createFiles(signal).listFiles('${source}', '.');
    const { bytes } = await createArchive(signal).write('${source}', entries, '${folder}/ours.zip');
    ${tell('bytes')}`);
}

function packBySdk(source: string): Promise<Packed> {
  return runScript(`
    import { createRequire } from 'node:module';
    const { codeToZip } = createRequire('${import.meta.dirname}/x.js')('@cloudbase/manager-node/lib/cloudrun/index.js');
    const since = performance.now();
    const zip = await codeToZip('${source}', { installDependency: true });
    ${tell('zip.length')}`);
}

function tell(bytes: string): string {
  return `const ms = performance.now() - since;
    console.log(JSON.stringify({ ms, bytes: ${bytes}, peakMb: process.resourceUsage().maxRSS / 1024 }));`;
}

async function packByZip({ folder }: Bench, source: string): Promise<Packed | undefined> {
  const to = join(folder, 'zip.zip');
  await rm(to, { force: true });
  const since = performance.now();
  try {
    await execute('zip', ['-1', '-r', '-q', to, '.'], { cwd: source });
  } catch {
    return undefined;
  }
  return { ms: performance.now() - since, peakMb: 0, bytes: (await stat(to)).size };
}

function describeZip(zip: Packed | undefined): string {
  if (zip === undefined) return 'is not on this machine';
  return zip.ms < 1000 ? `${zip.ms.toFixed(0)} ms` : `${(zip.ms / 1000).toFixed(2)} s`;
}

async function runScript(script: string): Promise<Packed> {
  const { stdout } = await execute(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: join(import.meta.dirname, '..'),
  });
  return JSON.parse(stdout) as Packed;
}

async function repeat(run: () => Promise<Packed>): Promise<Packed[]> {
  const runs: Packed[] = [];
  for (let round = 0; round < rounds; round++) runs.push(await run());
  return runs;
}

function middle(runs: readonly Packed[]): Packed {
  const of = (name: keyof Packed): number => median(runs.map((run) => run[name]));
  return { ms: of('ms'), peakMb: of('peakMb'), bytes: of('bytes') };
}

/** Pieces of a real script, so that they compress as sources do; the same ones in each run. */
async function makeSource(
  folder: string,
  { files, bytes }: { readonly files: number; readonly bytes: number },
): Promise<void> {
  const script = await readFile(join(import.meta.dirname, '../node_modules/typescript/lib/typescript.js'));
  for (let at = 0; at < files; at++) {
    const inside = join(folder, `folder-${at % 100}`);
    if (at < 100) await mkdir(inside, { recursive: true });
    const start = (at * 40_009) % (script.length - bytes);
    await writeFile(join(inside, `file-${at}.js`), script.subarray(start, start + bytes));
  }
}
