import { InputError } from '../errors.ts';
import type { UpdateConfigInputs } from '../inputs.ts';
import type { Outcome, Run } from '../outcome.ts';
import type { ServiceDetail } from '../ports.ts';
import type { ServiceConfig } from '../service-config/parse.ts';
import { checkFunctionSettings } from '../service-config/rules.ts';
import { compare, isChanging } from '../stages/compare.ts';
import { follow } from '../stages/follow/follow.ts';
import { describeLive } from '../stages/follow/online.ts';
import type { Settled } from '../stages/inputs/inputs.ts';
import { look, refuseUnderWay, type LiveState } from '../stages/look.ts';
import { configure } from '../stages/release/configure.ts';
import type { Surroundings } from './prepare.ts';

/** Changes the settings of a live service without a build, and follows the change to its end. */
export async function updateConfig(
  run: Run,
  settled: Settled<UpdateConfigInputs>,
  { context, ports }: Surroundings,
): Promise<Outcome> {
  const { inputs, config, envFrom } = settled;
  const { target, envStrategy } = inputs;
  const live = await run.stage('look', () => look(target, ports.cloudRun));
  refuseUnderWay(live);
  const service = requireService(live);
  checkMode(settled, service);
  const plan = await run.stage('compare', () => compare({ config, envFrom, envStrategy, live }));
  if (!isChanging(plan)) {
    await run.stage('online', () => describeLive({ target, service, previousVersion: '' }, ports));
    return run.end('unchanged');
  }
  const remark = context.runUrl;
  const released = await run.stage('release', () => configure({ target, plan, remark }, ports));
  await run.stage('follow', () => follow(released, ports));
  return run.end('live');
}

function requireService({ target, service }: LiveState): ServiceDetail {
  if (service !== undefined) return service;
  throw new InputError([
    {
      subject: 'service-name',
      message:
        `names no service of the environment "${target.envId}": "${target.serviceName}". ` +
        'The command "update-config" changes a live service; the command "deploy" creates one.',
    },
  ]);
}

function checkMode(
  { inputs, config }: { inputs: UpdateConfigInputs; config: ServiceConfig },
  service: ServiceDetail,
): void {
  const { serviceType } = service;
  const asked = inputs.mode === 'agent' ? 'function' : inputs.mode;
  const other = {
    subject: 'mode',
    message: `is "${inputs.mode}", but the live service runs in ${serviceType} mode. Leave the input out.`,
  };
  const problems = [
    ...(asked === 'auto' || asked === serviceType ? [] : [other]),
    ...(serviceType === 'function' ? checkFunctionSettings(config, 'function') : []),
  ];
  if (problems.length > 0) throw new InputError(problems);
}
