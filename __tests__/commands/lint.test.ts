import { expect, it } from '@jest/globals';

import { lintAlone } from '../../src/commands/lint.ts';
import { InputError, ProjectError } from '../../src/errors.ts';
import { createEvents } from '../../src/events.ts';
import { createRun, type Outcome } from '../../src/outcome.ts';
import { createFakeFiles } from '../support/fake-files.ts';
import { failureOf } from '../support/failure.ts';
import { createFakePorts } from '../support/fakes.ts';
import { lintInputs, runContext } from '../support/samples.ts';
import { settledOf } from '../support/settled.ts';

/** Whatever asks the cloud fails the run: there is none. */
function start(files: Readonly<Record<string, string>>): { work: () => Promise<Outcome>; heard: string[] } {
  const heard: string[] = [];
  const ports = createFakePorts({ files: createFakeFiles(files) });
  const events = createEvents();
  events.listen(({ kind, stage }) => heard.push(`${stage} ${kind}`));
  const settled = settledOf(lintInputs);
  const run = createRun(events, ports.clock);
  return { heard, work: () => lintAlone(run, settled, { context: runContext(), ports }) };
}

it('reads and lints the source, and nothing else', async () => {
  const { work, heard } = start({ 'index.js': 'exports.main = () => 1;' });
  const { status, values } = await work();
  expect([status, values.lint?.isFailed]).toEqual(['linted', false]);
  expect(heard).toEqual(['project started', 'project finished', 'lint started', 'lint finished']);
});

it('fails with what it finds', async () => {
  const error = await failureOf(ProjectError, start({ 'index.js': 'return (;' }).work);
  expect(error.message).toMatch(/^Lint found 1 error\. First: index\.js:1: /);
});

it('waits for no build: what git ignores may be made before the deploy', async () => {
  const files = { 'package.json': '{"main": "dist/index.js"}', 'src/index.ts': '', '.gitignore': 'dist/\n' };
  expect((await start(files).work()).status).toBe('linted');
  const error = await failureOf(ProjectError, start({ ...files, '.gitignore': '*.log\n' }).work);
  expect(error.message).toMatch(/"main" of package.json is "dist\/index.js", which does not exist/);
});

it('fails with what would be refused later', async () => {
  const files = { 'index.js': 'exports.main = () => 1;', '.env': 'A=1' };
  const error = await failureOf(InputError, start(files).work);
  expect(error.message).toMatch(/"\.env" looks like a secret/);
});
