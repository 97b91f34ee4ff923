import { expect, it } from '@jest/globals';

import { writeContextRules } from '../../../src/stages/build/context-rules.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { containerProject } from '../../support/samples.ts';

const project = containerProject({
  buildFolder: 'app',
  dockerfile: 'docker/api.Dockerfile',
  dockerfileText: 'FROM a\n',
});

it('builds from the Dockerfile itself where the ignore file says it all', async () => {
  const files = createFakeFiles({ 'app/.dockerignore': '*.md' });
  expect(await writeContextRules(project, '/tmp/step', files)).toBe('/repo/app/docker/api.Dockerfile');
  expect(files.nodes.size).toBe(1);
});

it.each([
  [{ 'app/.dockerignore': '*.md' }, '*.md'],
  [{ 'app/.dockerignore': '*.md', 'app/docker/api.Dockerfile.dockerignore': '*.js' }, '*.js'],
  [{}, ''],
])('adds what differs to the rules that count, beside a copy of the Dockerfile: %j', async (nodes, rules) => {
  const differences = [
    { path: 'app/node_modules', isIn: false },
    { path: 'app/#a [1]*.txt', isIn: false },
    { path: 'app/ends with a blank ', isIn: false },
    { path: 'app/docs/a.md', isIn: true },
  ];
  const files = createFakeFiles(nodes);
  const path = await writeContextRules({ ...project, differences }, '/tmp/step', files);
  expect(path).toBe('/tmp/step/build/api.Dockerfile');
  expect(files.nodes.get(path)).toBe('FROM a\n');
  expect(files.nodes.get(`${path}.dockerignore`)).toBe(
    [rules, '/node_modules', '/#a \\[1\\]\\*.txt', '/ends with a blank?', '!/docs/a.md', ''].join('\n'),
  );
});
