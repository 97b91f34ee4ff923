import { describe, expect, it } from '@jest/globals';

import type { RunContext } from '../../src/context.ts';
import { ProjectError } from '../../src/errors.ts';
import { createEvents, type StageName } from '../../src/events.ts';
import type { DeployInputs } from '../../src/inputs.ts';
import type { Outcome } from '../../src/outcome.ts';
import type { GitHub, ServiceDetail } from '../../src/ports.ts';
import { buildOutputs } from '../../src/report/outputs.ts';
import { listenTo, report } from '../../src/report/report.ts';
import type { Settings } from '../../src/service-config/schema.ts';
import { compare as comparePlan } from '../../src/stages/compare.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { createFakeGitHub, createFakeLog } from '../support/fakes.ts';
import { failed, goodValues, live } from '../support/outcomes.ts';
import {
  lintInputs,
  liveState,
  releaseOf,
  runContext,
  runInputs,
  serviceDetail,
} from '../support/samples.ts';

const last = 'info: Live: https://www.shop.test';

async function reportWith(
  inputs: Partial<DeployInputs>,
  context: Partial<RunContext> = {},
  gitHub: GitHub = createFakeGitHub(),
) {
  const log = createFakeLog();
  const files = createFakeFiles({ '/summary.md': 'before\n' });
  const settled = { ...goodValues.inputs, inputs: { ...goodValues.inputs.inputs, ...inputs } };
  const outcome = { ...live, values: { ...goodValues, inputs: settled } };
  await report(outcome, runContext(context), { files, gitHub, log });
  const comments = (await gitHub.listComments(7).catch(() => [])).map(({ body }) => body);
  return { lines: log.lines, summary: files.nodes.get('/summary.md'), comments };
}

const refusing = (message: string, status?: number): GitHub => ({
  ...createFakeGitHub(),
  listComments: () => Promise.reject(Object.assign(new Error(message), { status })),
});

describe('the report', () => {
  it('adds to the summary, writes the comment, and ends the log', async () => {
    const { lines, summary, comments } = await reportWith({});
    expect(summary).toMatch(/^before\n## CloudBase Run: <code>shop<\/code>\n/);
    expect(comments).toEqual([
      expect.stringMatching(/^<!-- deploy-cloudbase-run service=shop env=demo-env -->\n/),
    ]);
    expect(lines).toEqual(['info: Comment: https://github.test/comment/1', last]);
  });

  it('writes no comment where none is wanted', async () => {
    const { lines, comments } = await reportWith({ comment: 'false' });
    expect([lines, comments]).toEqual([[last], []]);
  });

  it.each([
    [{}, { pullRequest: undefined }, 'the event is not of a pull request'],
    [{ gitHubToken: '' }, {}, 'the input github-token is empty'],
  ])(
    'is quiet about a comment that cannot be, unless it was asked for: %#',
    async (inputs, context, reason) => {
      expect((await reportWith({ ...inputs, comment: 'auto' }, context)).lines).toEqual([last]);
      expect((await reportWith({ ...inputs, comment: 'true' }, context)).lines).toEqual([
        `warning: There is no comment: ${reason}.`,
        last,
      ]);
    },
  );

  it.each([
    ['auto', 'notice'],
    ['true', 'warning'],
  ] as const)('with comment %s makes a refusal a %s, never a failure', async (comment, level) => {
    const forbidden = refusing('Resource not accessible by integration', 403);
    expect((await reportWith({ comment }, {}, forbidden)).lines).toEqual([
      `${level}: The comment cannot be written: Resource not accessible by integration. Grant the job "permissions: pull-requests: write".`,
      last,
    ]);
  });

  it('advises permissions only where they are missing', async () => {
    expect((await reportWith({}, {}, refusing('socket hang up'))).lines).toEqual([
      'notice: The comment cannot be written: socket hang up.',
      last,
    ]);
  });

  it('makes a summary that cannot be written a warning', async () => {
    const log = createFakeLog();
    const files = { ...createFakeFiles({}), append: () => Promise.reject(new Error('disk full')) };
    await report(live, runContext({ pullRequest: undefined }), { files, gitHub: createFakeGitHub(), log });
    expect(log.lines).toEqual(['warning: The job summary cannot be written: Error: disk full', last]);
  });
});

it('of a service that was left running is a summary and the last line, without a comment', async () => {
  const log = createFakeLog();
  const files = createFakeFiles({ '/summary.md': '' });
  const gitHub = createFakeGitHub();
  const serve = { url: 'http://127.0.0.1:18080', timeToListenMs: 7 };
  const values = { inputs: { ...goodValues.inputs, inputs: runInputs }, serve };
  await report({ ...live, status: 'running', values }, runContext(), { files, gitHub, log });
  expect(files.nodes.get('/summary.md')).toContain('http://127.0.0.1:18080');
  expect([gitHub.comments, log.lines]).toEqual([[], ['info: Running: http://127.0.0.1:18080']]);
});

describe('the sarif-file', () => {
  const findings = [
    {
      severity: 'error',
      tool: 'cloudbase-run',
      rule: 'CBR001',
      message: 'It holds sample-secret-key.',
      fix: 'Take it out.',
      url: 'docs/rules.md#cbr001',
      at: { file: 'Dockerfile', line: 3, column: 1 },
    },
  ] as const;
  const lint = { findings, isFailed: false, ignored: 0 };
  const settled = (sarifFile: string) => ({
    ...goodValues.inputs,
    inputs: { ...goodValues.inputs.inputs, sarifFile, comment: 'false' as const },
  });

  async function write(
    sarifFile: string,
    values: Outcome['values'],
    nodes: Parameters<typeof createFakeFiles>[0] = {},
  ) {
    const log = createFakeLog();
    const files = createFakeFiles({ 'x/y': '', ...nodes });
    const outcome = { ...live, values: { follow: goodValues.follow, inputs: settled(sarifFile), ...values } };
    await report(outcome, runContext({ summaryFile: '' }), { files, gitHub: createFakeGitHub(), log });
    const written = [...files.nodes].filter(([path]) => path.endsWith('.sarif'));
    return { lines: log.lines, written: Object.fromEntries(written) };
  }

  it('holds the findings, without the values that the run knows', async () => {
    const { lines, written } = await write('out/lint.sarif', { lint });
    expect(lines).toEqual([last]);
    expect(Object.keys(written)).toEqual(['/repo/out/lint.sarif']);
    const text = written['/repo/out/lint.sarif'];
    expect(text).toContain('"text": "It holds [redacted]. Take it out."');
    expect(text).not.toContain('sample-secret-key');
  });

  it('is written of a run that failed, of one without findings, and of lint alone', async () => {
    const files = createFakeFiles({});
    const ports = { files, gitHub: createFakeGitHub(), log: createFakeLog() };
    const error = new ProjectError('x', { kind: 'build' });
    const values = { inputs: settled('a.sarif'), lint: { ...lint, findings: [] } };
    await report(failed({ kind: 'build', stage: 'build', error }, values), runContext(), ports);
    expect(files.nodes.get('/repo/a.sarif')).toContain('"results": []');
    const alone = { ...goodValues.inputs, inputs: { ...lintInputs, sarifFile: 'b.sarif' } };
    await report({ ...live, status: 'linted', values: { inputs: alone, lint } }, runContext(), ports);
    expect(files.nodes.get('/repo/b.sarif')).toContain('"ruleId": "CBR001"');
    expect(ports.gitHub.comments).toEqual([]);
  });

  it.each<[string, string, Outcome['values']]>([
    ['nobody asked for it', '', { lint }],
    ['lint was skipped', 'a.sarif', { lint: { ...lint, skipped: 'input "lint" is off' } }],
    ['the run did not come to lint', 'a.sarif', {}],
  ])('is not written where %s', async (_, sarifFile, values) => {
    expect(await write(sarifFile, values)).toEqual({ lines: [last], written: {} });
  });

  it('is not written through a link out of the workspace', async () => {
    const links = { out: { link: '/etc' }, '/etc/passwd': '', inner: { link: 'x' } };
    const warning = (file: string): string =>
      `warning: The sarif-file "${file}" cannot be written: a link leads out of the workspace.`;
    expect(await write('out/a.sarif', { lint }, links)).toEqual({
      lines: [warning('out/a.sarif'), last],
      written: {},
    });
    expect(Object.keys((await write('inner/a.sarif', { lint }, links)).written)).toEqual([
      '/repo/inner/a.sarif',
    ]);
  });

  it('that cannot be written is a warning', async () => {
    const log = createFakeLog();
    const files = { ...createFakeFiles({}), write: () => Promise.reject(new Error('disk full')) };
    const outcome = { ...live, values: { ...goodValues, inputs: settled('a.sarif'), lint } };
    await report(outcome, runContext({ summaryFile: '' }), { files, gitHub: createFakeGitHub(), log });
    expect(log.lines).toEqual(['warning: The sarif-file "a.sarif" cannot be written: disk full.', last]);
  });
});

it('lets masks, log and annotations hear of the run, masks first', () => {
  const log = createFakeLog();
  const order: string[] = [];
  const events = createEvents();
  listenTo(events, {
    ...log,
    mask: () => order.push('mask'),
    info: () => order.push('info'),
    error: () => order.push('error'),
  });
  events.emit({ kind: 'finished', stage: 'inputs', value: goodValues.inputs, durationMs: 1 });
  const findings = [{ severity: 'error', rule: 'R', message: 'm', at: { file: 'a', line: 1, column: 1 } }];
  events.emit({
    kind: 'finished',
    stage: 'lint',
    value: { findings, isFailed: true, ignored: 0 },
    durationMs: 1,
  });
  expect(order).toEqual(['mask', 'mask', 'info', 'info', 'info', 'error']);
});

describe('what nobody may see', () => {
  const KeyID = 'canary-key-id';
  const settings: Settings = {
    Cpu: 1,
    Mem: 2,
    EnvParams: { CHANGED: 'canary-sent', ADDED: 'canary-added', KEPT: 'canary-kept', GONE: null },
    VolumesConf: [{ Type: 'cos', KeyID }],
  };
  const envFrom = { TOKEN: 'canary-given', MODE: 'canary' };
  const before = {
    EnvParams: JSON.stringify({ CHANGED: 'canary-live', KEPT: 'canary-kept', GONE: 'canary-gone' }),
    VolumesConf: [{ Type: 'cos', KeyID: `${KeyID}-live` }],
  };
  const service = serviceDetail({ settings: before });
  const given = {
    ...goodValues.inputs,
    inputs: { ...goodValues.inputs.inputs, overlay: 'prod', envFrom: Object.keys(envFrom) },
    config: { settings, positions: {}, overlays: ['prod'] },
    envFrom,
  };

  const outcomeFor = (envStrategy: 'merge' | 'replace', found: ServiceDetail | undefined): Outcome => {
    const look = liveState(found);
    const compare = comparePlan({ config: given.config, envFrom, envStrategy, live: look });
    const follow = { ...goodValues.follow, service };
    const release = releaseOf({ plan: compare });
    return { ...live, values: { ...goodValues, inputs: given, look, compare, release, follow } };
  };
  const failureOf = (values: Outcome['values']): Outcome => {
    const logTail = ['set canary-sent', 'canary-given', 'canary-gone.'];
    const error = new ProjectError('It ended with canary-added.', { kind: 'build', logTail });
    return failed({ kind: 'build', stage: 'build', error }, values);
  };

  it.each([
    ['merge', service],
    ['replace', service],
    ['merge', undefined],
    ['replace', undefined],
  ] as const)('is in no log, output, summary and comment: %s, %#', async (envStrategy, found) => {
    const good = outcomeFor(envStrategy, found);
    const planned: Outcome = { ...good, status: 'planned' };
    for (const outcome of [good, planned, failureOf(good.values)]) {
      const log = createFakeLog();
      const files = createFakeFiles({ '/summary.md': '' });
      const gitHub = createFakeGitHub();
      const events = createEvents();
      listenTo(events, log);
      for (const [stage, value] of Object.entries(outcome.values) as [StageName, unknown][])
        events.emit({ kind: 'finished', stage, value, durationMs: 1 });
      await report(outcome, runContext(), { files, gitHub, log });
      const summary = files.nodes.get('/summary.md');
      const comments = gitHub.comments.map(({ body }) => body);
      expect(comments).toHaveLength(1);
      expect(summary).toContain('EnvParams');
      const outputs = buildOutputs(outcome);
      expect(JSON.stringify([log.lines, summary, comments, outputs])).not.toContain('canary');
    }
  });
});
