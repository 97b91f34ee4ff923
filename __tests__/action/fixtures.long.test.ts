import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { describeWithEngine, type TestEngine } from '../support/engine.ts';
import { failingFixtures, type FailingFixture, type Remark } from '../support/failing-fixtures.ts';
import { listLabelled } from '../support/leftovers.ts';
import { deploy, errorsOf, makeWorkspace, removeWorkspaces } from '../support/step.ts';
import { resultsOf, verificationOf } from '../support/verification.ts';

/** How many fixtures are run at once, beside those that only wait. */
const lanes = 4;
const botId = 'ibot-hello-test';

interface Case {
  readonly name: string;
  readonly fixture: FailingFixture;
  readonly inputs: Readonly<Record<string, string>>;
  /** The failure kind of the run; empty when the plan is made. */
  readonly kind: string;
  /** The row that tells it, with its result. */
  readonly row: Readonly<Record<string, string>>;
}

type Look = Omit<Case, 'name' | 'fixture' | 'inputs'> & { readonly inputs?: Case['inputs'] };

/** What is found of a fixture that comes up, with the inputs that make it look. */
const looks: Readonly<Record<Remark, readonly Look[]>> = {
  'answers no HTTP': [
    { kind: '', row: { http: 'warned' } },
    { inputs: { 'verify-path': '/' }, kind: 'not-http', row: { http: 'failed' } },
  ],
  'answers 500': [
    { kind: '', row: { http: 'warned' } },
    { inputs: { 'verify-status': '200-499' }, kind: 'smoke', row: { http: 'failed' } },
  ],
  'reflects the canary': [{ kind: 'smoke', row: { secrets: 'failed' } }],
  'ignores SIGTERM': [{ kind: '', row: { shutdown: 'warned' } }],
  'runs as root': [{ kind: '', row: { user: 'warned' } }],
  'writes outside /tmp': [{ kind: '', row: { files: 'warned' } }],
  'listens after 3 s': [
    { inputs: { 'server-config': 'InitialDelaySeconds: 1' }, kind: '', row: { 'start-time': 'warned' } },
  ],
  'streams at /events, not at /buffered': [
    { inputs: { 'verify-sse-path': '/events' }, kind: '', row: { 'event-stream': 'passed' } },
    { inputs: { 'verify-sse-path': '/buffered' }, kind: 'smoke', row: { 'event-stream': 'failed' } },
  ],
  'streams at /events, takes WebSockets': [
    {
      inputs: { 'verify-sse-path': '/events', 'verify-websocket-path': '/' },
      kind: '',
      row: { 'event-stream': 'passed', websocket: 'passed' },
    },
  ],
  'streams at send-message': [{ inputs: { 'bot-id': botId }, kind: '', row: { agent: 'passed' } }],
  'answers JSON at send-message': [{ inputs: { 'bot-id': botId }, kind: 'smoke', row: { agent: 'failed' } }],
  'answers 500 at /people': [{ kind: '', row: { http: 'warned' } }],
};

const listening = ['wrong-port', 'loopback-bind', 'slow-start'];

function casesOf(fixture: FailingFixture): Case[] {
  const { expected, mode, name } = fixture;
  const shown = `${mode} ${name}`;
  if ('remark' in expected) {
    return looks[expected.remark].map(({ inputs = {}, ...look }) => {
      const given = Object.entries(inputs).map(([key, value]) => `${key}: ${value}`);
      return { name: [shown, ...given].join(', '), fixture, inputs, ...look };
    });
  }
  if (expected.isOnlyHere === true)
    return [{ name: shown, fixture, inputs: {}, kind: '', row: { starts: 'warned' } }];
  const { kind, exitCode } = expected;
  const isUp = exitCode === undefined && listening.includes(kind);
  const row = kind === 'architecture' ? 'architecture' : isUp || kind === 'wrong-port' ? 'listens' : 'starts';
  return [{ name: shown, fixture, inputs: {}, kind, row: { [row]: 'failed' } }];
}

const cases = failingFixtures.flatMap(casesOf);

describeWithEngine('every way in which a service fails on this machine', (engine) => {
  let emulator: Emulator;
  const results = new Map<string, StepResult>();

  beforeAll(async () => {
    emulator = await startEmulator({ dockerEnv: engine.env });
    const run = async (each: Case): Promise<void> => {
      results.set(each.name, await runCase(emulator, engine, each));
    };
    const waiting = cases.filter((each) => !takesAll(each));
    const work = async (): Promise<void> => {
      for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) await run(each);
    };
    await Promise.all([...cases.filter(takesAll).map(run), ...Array.from({ length: lanes }, work)]);
  }, 900_000);
  afterAll(async () => {
    await emulator.close();
    await removeWorkspaces();
  });

  describe.each(cases)('$name', ({ name, kind, row }) => {
    it(`ends as ${kind || 'a plan'} with ${JSON.stringify(row)}, and leaves nothing`, async () => {
      const result = results.get(name);
      if (result === undefined) throw new Error('The step did not end.');
      expect({ ...result.outputs, rows: resultsOf(result), errors: errorsOf(result) }).toMatchObject({
        'failure-kind': kind,
        status: kind === '' ? 'planned' : 'failed',
        rows: row,
        errors: kind === '' ? [] : [expect.stringMatching(/^The service .+\. .+/)],
      });
      expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([kind === '' ? 0 : 1, 0, '']);
      for (const { name: check, detail } of verificationOf(result).checks)
        expect(result.lines.some((line) => line.startsWith(check) && line.endsWith(detail))).toBe(true);
      expect(await listLabelled(engine, `cloudbase-run-${result.state['step'] ?? ''}`)).toEqual([]);
      expect([result.leftAfterMain, result.leftAfterPost]).toEqual([[], []]);
    });
  });
});

/** Those that run and are never ready take the whole time that the platform would wait, and nearly no processor. */
function takesAll({ kind, fixture: { expected } }: Case): boolean {
  const isUp = 'kind' in expected && expected.exitCode === undefined;
  return isUp && (kind === 'slow-start' || kind === 'wrong-port');
}

async function runCase(
  emulator: Emulator,
  engine: TestEngine,
  { fixture, inputs }: Case,
): Promise<StepResult> {
  const { folder, mode, name, platformEnv } = fixture;
  const workspace = await makeWorkspace({ app: { copy: folder } });
  const secrets = Object.fromEntries(platformEnv.map((each) => [each, 'only-on-the-platform']));
  return deploy(emulator, {
    workspace,
    env: { ...engine.env, ...secrets },
    inputs: {
      command: 'plan',
      verify: 'true',
      lint: 'off',
      source: 'app',
      mode,
      'service-name': name,
      'env-from': platformEnv.join(' '),
      ...inputs,
    },
  });
}
