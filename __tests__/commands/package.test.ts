import { describe, expect, it } from '@jest/globals';

import { packageAlone } from '../../src/commands/package.ts';
import { createEvents } from '../../src/events.ts';
import { createRun } from '../../src/outcome.ts';
import { buildOutputs } from '../../src/report/outputs.ts';
import { renderSummary } from '../../src/report/markdown.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { createFakeExec, createFakePorts } from '../support/fakes.ts';
import { packageInputs, runContext, serviceConfig } from '../support/samples.ts';
import { settledOf, toolEnv } from '../support/settled.ts';
import type { Settings } from '../../src/service-config/schema.ts';

/** Whatever asks the cloud or the engine fails: nobody expects it. */
function start(nodes: Readonly<Record<string, string>>, settings: Settings = {}) {
  const heard: string[] = [];
  const files = createFakeFiles({ ...nodes, '/tmp/step/package.zip': 'zip' });
  const ports = createFakePorts({ files, exec: createFakeExec(() => ({})) });
  const events = createEvents();
  events.listen(({ kind, stage }) => {
    if (kind === 'finished') heard.push(stage);
  });
  const run = createRun(events, ports.clock);
  const settled = settledOf(packageInputs, { outputPath: '/out/app.zip', config: serviceConfig(settings) });
  const around = { context: runContext(), ...toolEnv, ports };
  return { heard, ports, files, work: () => packageAlone(run, settled, around) };
}

describe('the command package', () => {
  it('selects, looks for secrets and packages, and builds nothing', async () => {
    const { heard, files, ports, work } = start({
      Dockerfile: 'FROM scratch\n',
    });
    const outcome = await work();
    expect(outcome.status).toBe('packaged');
    expect(heard).toEqual(['project', 'scan', 'package']);
    expect(files.nodes.get('/out/app.zip')).toBe('zip');
    expect(outcome.values.project?.result).toMatchObject({ files: [{ path: 'Dockerfile' }] });
    expect(buildOutputs(outcome)).toMatchObject({
      'package-sha256': 'abc',
      'package-bytes': '123',
      mode: 'container',
    });
    expect(renderSummary(outcome, runContext())).toContain('**Packaged**: <code>/out/app.zip</code>');
    expect(ports.exec).toMatchObject({ commands: [] });
  });

  it('installs the dependencies of a function that ships them', async () => {
    const nodes = { 'index.js': '', 'package.json': '{"dependencies":{"a":"1"}}' };
    const { heard, ports, work } = start(nodes, { InstallDependency: false });
    expect((await work()).status).toBe('packaged');
    expect(heard).toEqual(['project', 'scan', 'build', 'package']);
    expect(ports.exec).toMatchObject({ commands: [{ file: 'npm' }] });
  });
});
