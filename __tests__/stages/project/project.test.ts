import { expect, it } from '@jest/globals';

import type { RequestedMode } from '../../../src/stages/project/mode.ts';
import { readProject } from '../../../src/stages/project/project.ts';
import { createFakeFiles, root } from '../../support/fake-files.ts';
import { createFakeLog } from '../../support/fakes.ts';
import { serviceConfig } from '../../support/samples.ts';

async function read(nodes: Record<string, string>, requestedMode: RequestedMode = 'auto') {
  const log = createFakeLog();
  const request = { folder: root, requestedMode, config: serviceConfig() };
  const { files, ...project } = await readProject(request, { files: createFakeFiles(nodes), log });
  return { project, paths: files.map(({ path }) => path), lines: log.lines };
}

it('reads a container', async () => {
  const { project, paths, lines } = await read({ Dockerfile: 'FROM a\nEXPOSE 80', 'app.py': '' });
  expect(project).toEqual({
    kind: 'container',
    mode: 'container',
    folder: root,
    port: 80,
    dockerfile: 'Dockerfile',
    buildFolder: '.',
    dockerfileText: 'FROM a\nEXPOSE 80',
  });
  expect(paths).toEqual(['Dockerfile', 'app.py']);
  expect(lines).toEqual(['info: Mode "container": the source holds Dockerfile.']);
});

it.each<[RequestedMode, string]>([
  ['auto', 'function'],
  ['agent', 'agent'],
])('reads a function in mode %s', async (asked, mode) => {
  const { project, paths } = await read({ 'index.js': '', 'node_modules/a/i.js': '' }, asked);
  expect(project).toEqual({
    kind: 'function',
    mode,
    folder: root,
    port: 3000,
    entry: 'index.js',
    routes: ['/'],
    packageManager: 'npm',
    lockfile: undefined,
    hasDependencies: false,
    isInstalledByPlatform: true,
    nodeVersion: undefined,
  });
  expect(paths).toEqual(['index.js']);
});
