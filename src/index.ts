import { createLog, failStep, openStep, readEvent, readRawInputs, writeOutputs } from './adapters/actions.ts';
import { connectCloud, createPorts } from './adapters/ports.ts';
import { post, removeLogin, removeTempFolder } from './commands/post.ts';
import { isVendorVariable, pickChildEnv, pickToolEnv, readContext, type RunContext } from './context.ts';
import { StopError } from './errors.ts';
import { createEvents } from './events.ts';
import { inputDefaults, type CloudAccess } from './inputs.ts';
import { createRun, type Outcome } from './outcome.ts';
import type { LocalPorts } from './ports.ts';
import { buildOutputs } from './report/outputs.ts';
import { listenTo, report } from './report/report.ts';
import { settleInputs } from './stages/inputs/inputs.ts';

process.noDeprecation = true;
const env = { ...process.env };
for (const name of Object.keys(env).filter(isVendorVariable)) Reflect.deleteProperty(process.env, name);
// Read under this name by the proxies that are meant, not by the SDK.
if (env['http_proxy']) process.env['HTTP_PROXY'] = env['http_proxy'];

const raw = readRawInputs(inputDefaults);
const stop = new AbortController();
const stopWith = (error: StopError) => stop.abort.bind(stop, error);
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stopWith(StopError.bySignal(name)));

async function run(context: RunContext, ports: LocalPorts): Promise<Outcome> {
  const events = createEvents();
  listenTo(events, ports.log);
  const journey = createRun(events, ports.clock);
  try {
    const settled = await journey.stage('inputs', () => settleInputs(raw, { env, context }, ports.files));
    setTimeout(stopWith(StopError.byTimeout(settled.inputs.timeoutMs)), settled.inputs.timeoutMs).unref();
    const { runCommand } = await import('./commands/command.ts');
    const connect = (cloud: CloudAccess) => connectCloud(ports, cloud, stop.signal);
    return await runCommand(journey, settled, { context, ...pickToolEnv(env), ports, connect });
  } catch (error) {
    return journey.fail(error);
  }
}

async function main(): Promise<number> {
  const { isPost, stepId } = openStep();
  const context = readContext(env, await readEvent(env['GITHUB_EVENT_PATH']), stepId);
  const token = raw['github-token'];
  const childEnv = pickChildEnv(env, context.stepLabel);
  const around = { context, env: childEnv, token, toolCache: env['RUNNER_TOOL_CACHE'], log: createLog() };
  const lasting = createPorts(around, new AbortController().signal);
  if (isPost) return stepId === '' ? 0 : post(context, lasting);
  const outcome = await run(context, createPorts(around, stop.signal));
  writeOutputs(buildOutputs(outcome));
  await (outcome.status === 'running' ? removeLogin : removeTempFolder)(context, lasting);
  await report(outcome, context, createPorts(around, AbortSignal.timeout(15_000)));
  return outcome.failure === undefined ? 0 : 1;
}

void main()
  .catch(failStep)
  .then((exitCode) => process.exit(exitCode));
