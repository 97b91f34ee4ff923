import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { describeWithEngine } from '../support/engine.ts';
import { listLabelled } from '../support/leftovers.ts';
import {
  ask,
  deploy,
  errorsOf,
  instant,
  makeWorkspace,
  removeWorkspaces,
  shownBy,
  writeFiles,
} from '../support/step.ts';

describeWithEngine('a container through dist', (engine) => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant, dockerEnv: engine.env });
  });
  afterAll(async () => {
    await emulator.close();
    await removeWorkspaces();
  });

  const labelOf = (result: StepResult): string => `cloudbase-run-${result.state['step'] ?? ''}`;

  describe.each([
    { example: 'node-container', file: 'server.js' },
    { example: 'python-container', file: 'app.py' },
  ])('the example $example', ({ example, file }) => {
    it('is verified, ends live, and answers with the changed code after the second deploy', async () => {
      const workspace = await makeWorkspace({ app: { copy: `examples/${example}` } });
      const inputs = { source: 'app', 'server-config': 'app/cloudbase-run.yml', 'service-name': example };
      const request = { workspace, env: engine.env };
      const first = await deploy(emulator, { ...request, inputs: { ...inputs, verify: 'true' } });
      expect([first.exitCode, first.postExitCode, first.stderr]).toEqual([0, 0, '']);
      expect(first.outputs).toMatchObject({ status: 'live', mode: 'container', version: `${example}-001` });
      expect(first.summary).toContain('| http | passed | "GET /" answers 200 |');
      const url = first.outputs['url'] ?? '';
      const message = 'Hello from a CloudBase Run container';
      expect(await ask(`${url}/a/b`)).toEqual({ status: 200, body: { message, path: '/a/b' } });

      const text = await readFile(`examples/${example}/${file}`, 'utf8');
      await writeFiles(workspace, {
        [`app/${file}`]: text.replace('CloudBase Run container', 'changed one'),
      });
      const second = await deploy(emulator, { ...request, inputs });
      expect(second.outputs).toMatchObject({ status: 'live', url, 'previous-version': `${example}-001` });
      const changed = { message: 'Hello from a changed one', path: '/' };
      expect(await ask(url)).toEqual({ status: 200, body: changed });
      expect(JSON.parse(second.outputs['service'] ?? '')).toMatchObject({ accessTypes: ['PUBLIC'] });
      expect(await listLabelled(engine, labelOf(first))).toEqual([]);
    }, 120_000);
  });

  const broken = [
    {
      fixture: 'exits',
      kind: 'exit-on-start',
      error: /^The service ended with exit code 3 before it listened. The process ended by itself/,
      tail: ['Reading the settings', 'Error: the settings name no greeting'],
    },
    {
      fixture: 'loopback',
      kind: 'loopback-bind',
      error: /^The service listens on port 8080 of the loopback interface only. Listen on 0.0.0.0/,
      tail: ['Listening on 127.0.0.1:8080'],
    },
  ];

  describe('one that does not come up', () => {
    const results = new Map<string, StepResult>();

    beforeAll(async () => {
      emulator.journal.clear();
      const runs = broken.map(async ({ fixture }) => {
        const workspace = await makeWorkspace({ app: { copy: `__tests__/fixtures/containers/${fixture}` } });
        const inputs = { source: 'app', verify: 'auto', lint: 'off' };
        results.set(fixture, await deploy(emulator, { workspace, inputs, env: engine.env }));
      });
      await Promise.all(runs);
    }, 60_000);

    it.each(broken)(
      '$fixture: $kind, with the tail of its log, and nothing left',
      async ({ fixture, kind, error, tail }) => {
        const result = results.get(fixture);
        if (result === undefined) throw new Error('The step did not end.');
        expect([result.exitCode, result.outputs['status'], result.stderr]).toEqual([1, 'failed', '']);
        expect(result.outputs['failure-kind']).toBe(kind);
        expect(errorsOf(result)).toEqual([expect.stringMatching(error)]);
        for (const line of tail) {
          expect(result.lines).toContain(line);
          expect(result.summary).toContain(line);
        }
        expect(await listLabelled(engine, labelOf(result))).toEqual([]);
        expect([result.leftAfterMain, result.leftAfterPost]).toEqual([[], []]);
      },
    );

    it('is not released', () => {
      expect(emulator.journal.writes()).toEqual([]);
    });
  });

  it('one that does not build is build, with the output of the failing command', async () => {
    emulator.journal.clear();
    const dockerfile =
      'FROM node:24-slim\nEXPOSE 8080\nRUN echo compiling; echo "no such module" >&2; exit 5\nCMD ["node", "server.js"]\n';
    const workspace = await makeWorkspace({ Dockerfile: dockerfile });
    const result = await deploy(emulator, { workspace, inputs: { verify: 'true' }, env: engine.env });
    expect([result.exitCode, result.outputs['failure-kind'], result.stderr]).toEqual([1, 'build', '']);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(/^The image does not build\. "RUN .*" ended with exit code 5\./),
    ]);
    expect(result.lines).toContainEqual(expect.stringMatching(/^::error .*file=Dockerfile,line=3,/));
    expect(result.summary).toContain('no such module');
    expect(emulator.journal.writes()).toEqual([]);
    expect(await listLabelled(engine, labelOf(result))).toEqual([]);
  }, 60_000);

  it('one that prints its env vars and ends shows no value of them', async () => {
    const values = { API_TOKEN: 'zq-1029384756', GREETING: 'Servus 0815' };
    const workspace = await makeWorkspace({
      Dockerfile: 'FROM node:24-slim\nEXPOSE 8080\nCMD ["node", "-p", "JSON.stringify(process.env)"]\n',
    });
    const config = Object.entries(values).map(([name, value]) => `  ${name}: ${value}`);
    const result = await deploy(emulator, {
      workspace,
      inputs: { verify: 'true', 'server-config': ['EnvParams:', ...config].join('\n') },
      env: engine.env,
    });
    expect(result.outputs['failure-kind']).toBe('exit-on-start');
    expect(result.summary).toContain('API_TOKEN');
    for (const value of Object.values(values)) expect(shownBy(result)).not.toContain(value);
  }, 60_000);
});
