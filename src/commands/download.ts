import type { DownloadInputs } from '../inputs.ts';
import type { Outcome, Run } from '../outcome.ts';
import { download } from '../stages/download/download.ts';
import type { Settled } from '../stages/inputs/inputs.ts';
import { look } from '../stages/look.ts';
import type { Surroundings } from './prepare.ts';

/** Brings the code of the version that serves into a local folder; writes nothing to the cloud. */
export async function downloadCode(
  run: Run,
  settled: Settled<DownloadInputs>,
  { context, ports }: Surroundings,
): Promise<Outcome> {
  const { inputs, outputPath: folder } = settled;
  const { target, overwrites } = inputs;
  const live = await run.stage('look', () => look(target, ports.cloudRun));
  const { tempFolder } = context;
  const existing = overwrites ? 'replace' : 'keep';
  await run.stage('download', () => download(live, { folder, existing, tempFolder }, ports));
  return run.end('done');
}
