import type { CloudAccess } from '../inputs.ts';
import type { Outcome, Run } from '../outcome.ts';
import type { LocalPorts, Ports } from '../ports.ts';
import type { Settled } from '../stages/inputs/inputs.ts';
import { deploy } from './deploy.ts';
import { downloadCode } from './download.ts';
import { lintAlone } from './lint.ts';
import { packageAlone } from './package.ts';
import { plan } from './plan.ts';
import { runLocally } from './run.ts';
import type { Surroundings } from './prepare.ts';
import { updateConfig } from './update-config.ts';

/** Where commands run, with and without the cloud. */
interface Place extends Omit<Surroundings, 'ports'> {
  readonly ports: LocalPorts;
  connect(cloud: CloudAccess): Ports;
}

/** Runs the command that the inputs ask for. */
export function runCommand(run: Run, settled: Settled, place: Place): Promise<Outcome> {
  const { inputs } = settled;
  if (inputs.command === 'lint') return lintAlone(run, { ...settled, inputs }, place);
  if (inputs.command === 'run') return runLocally(run, { ...settled, inputs }, place);
  if (inputs.command === 'package') return packageAlone(run, { ...settled, inputs }, place);
  const around = { ...place, ports: place.connect(inputs.cloud) };
  if (inputs.command === 'download') return downloadCode(run, { ...settled, inputs }, around);
  if (inputs.command === 'update-config') return updateConfig(run, { ...settled, inputs }, around);
  return inputs.command === 'plan'
    ? plan(run, { ...settled, inputs }, around)
    : deploy(run, { ...settled, inputs }, around);
}
