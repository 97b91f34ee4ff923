import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepOptions, StepResult } from '../../scripts/runner.ts';
import {
  annotationsOf,
  clean,
  dockerfile,
  lint,
  loopback,
  placedIn,
  server,
  within,
  wrong,
} from '../support/lint-step.ts';
import {
  errorsOf,
  instant,
  makeWorkspace,
  pretend,
  removeWorkspaces,
  shownBy,
  type Tree,
} from '../support/step.ts';

afterAll(removeWorkspaces);

describe('the command lint', () => {
  it('needs no credentials, no service and no environment', async () => {
    const result = await lint(clean);
    expect(annotationsOf(result)).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({
      status: 'linted',
      'failure-kind': '',
      mode: 'container',
      'lint-errors': '0',
      'lint-warnings': '0',
      'lint-infos': '0',
      'console-url': '',
    });
    expect(result.summary).toContain('**Linted**: no findings.');
  });

  it.each([
    { name: 'at the root', tree: wrong, source: '.', file: 'server.js' },
    {
      name: 'in a subfolder',
      tree: within('services/api', wrong),
      source: 'services/api',
      file: 'services/api/server.js',
    },
    {
      name: 'in a checkout in a subfolder',
      tree: { 'repo/.git/HEAD': 'ref: refs/heads/main\n', ...within('repo', wrong) },
      source: 'repo',
      file: 'server.js',
    },
    {
      name: 'in a subfolder of a checkout in a subfolder',
      tree: { 'repo/.git/HEAD': 'ref: refs/heads/main\n', ...within('repo/services/api', wrong) },
      source: 'repo/services/api',
      file: 'services/api/server.js',
    },
  ])('annotates the line, with a source $name', async ({ tree, source, file }) => {
    const result = await lint(tree, { source });
    expect(placedIn(result)).toEqual([`error ${file}:4 CBR203`]);
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({
      status: 'failed',
      'failure-kind': 'lint',
      'lint-errors': '1',
    });
    expect(errorsOf(result).at(-1)).toMatch(/^Lint found 1 error\. /);
    expect(result.lines.at(-1)).toMatch(/^::error::/);
    expect(result.summary).toContain(file);
    expect(result.summary).toContain('CBR203');
  });

  it('reads the settings of the service config, and fails on warnings where it is asked to', async () => {
    const root = { ...clean, Dockerfile: dockerfile.replace('USER node\n', '') };
    const tree = { ...root, 'service.yml': 'Port: 9090\n' };
    const [lenient, strict] = [
      await lint(tree, { 'server-config': 'service.yml' }),
      await lint(tree, { 'server-config': 'service.yml', lint: 'warning' }),
    ];
    expect(placedIn(lenient).filter((line) => line.startsWith('warning Dockerfile:4 '))).toHaveLength(1);
    expect([lenient.exitCode, lenient.outputs['status']]).toEqual([0, 'linted']);
    expect([strict.exitCode, strict.outputs['failure-kind']]).toEqual([1, 'lint']);
    expect(placedIn(strict)).toEqual(placedIn(lenient));
  });

  it('is refused where it is off', async () => {
    const result = await lint(wrong, { lint: 'off' });
    expect([result.exitCode, result.outputs['failure-kind']]).toEqual([1, 'input']);
    expect(errorsOf(result)).toEqual([expect.stringMatching(/^lint: is "off"/)]);
  });
});

describe('the command deploy', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ timeline: instant });
  });
  afterAll(() => emulator.close());

  const broken: Tree = { 'index.js': 'exports.main = () => 1;\nlet a =;\n', 'package.json': '{}' };
  const release = async (inputs: StepOptions['inputs']): Promise<StepResult> => {
    const workspace = await makeWorkspace(within('fn', broken));
    emulator.journal.clear();
    return pretend(emulator, { workspace, inputs: { source: 'fn', ...inputs } });
  };

  it('writes nothing where lint finds an error', async () => {
    const result = await release({ 'service-name': 'linted' });
    expect(placedIn(result)).toEqual(['error fn/index.js:2 CBR200']);
    expect([result.exitCode, result.outputs['status'], result.stderr]).toEqual([1, 'failed', '']);
    expect(emulator.journal.writes()).toEqual([]);
  });

  it('goes on where lint is off, or the rule is ignored', async () => {
    const [off, ignored] = [
      await release({ 'service-name': 'unlinted', lint: 'off' }),
      await release({ 'service-name': 'ignored', 'lint-ignore': 'CBR200' }),
    ];
    for (const result of [off, ignored]) {
      expect([result.exitCode, result.outputs['status'], result.stderr]).toEqual([0, 'live', '']);
      expect(placedIn(result)).toEqual([]);
    }
    expect([off.outputs['lint-errors'], ignored.outputs['lint-errors']]).toEqual(['', '0']);
  });
});

describe('what is ignored', () => {
  it('is a rule that lint-ignore names', async () => {
    const result = await lint(wrong, { 'lint-ignore': 'CBR001, CBR203' });
    expect([result.exitCode, placedIn(result), result.outputs['lint-errors']]).toEqual([0, [], '0']);
  });

  it('is no rule that does not exist', async () => {
    const result = await lint(wrong, { 'lint-ignore': 'CBR20' });
    expect(result.exitCode).toBe(1);
    expect(result.outputs['failure-kind']).toBe('input');
    expect(errorsOf(result)).toEqual([expect.stringMatching(/^lint-ignore: .*"CBR20"/)]);
  });

  it.each([
    { name: 'with a reason', comment: '// cloudrun-lint ignore=CBR203 a proxy stands before it', placed: [] },
    {
      name: 'without a reason',
      comment: '// cloudrun-lint ignore=CBR203',
      placed: ['error server.js:5 CBR203', 'warning server.js:4 CBR901'],
    },
    {
      name: 'for another rule',
      comment: '// cloudrun-lint ignore=CBR200 it parses',
      placed: ['error server.js:5 CBR203'],
    },
  ])('is the line below a comment $name', async ({ comment, placed }) => {
    const result = await lint({
      ...wrong,
      'server.js': loopback.replace('server.listen', `${comment}\nserver.listen`),
    });
    expect(placedIn(result)).toEqual(placed);
    expect(result.exitCode).toBe(placed.length === 0 ? 0 : 1);
  });
});

describe('what lint leaves', () => {
  it('is a SARIF file with every finding', async () => {
    const tree = within('services/api', wrong);
    const { workspace, exitCode } = await lint(tree, {
      source: 'services/api',
      'sarif-file': 'out/lint.sarif',
    });
    const log = JSON.parse(await readFile(join(workspace, 'out/lint.sarif'), 'utf8')) as Sarif;
    expect([exitCode, log.version, log.runs[0]?.results.length]).toEqual([1, '2.1.0', 1]);
    const [result] = log.runs[0]?.results ?? [];
    expect([result?.ruleId, result?.level]).toEqual(['CBR203', 'error']);
    expect(result?.locations[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: 'services/api/server.js' },
      region: { startLine: 4 },
    });
  });

  it('is a SARIF file without findings, too', async () => {
    const { workspace, exitCode } = await lint(clean, { 'sarif-file': 'lint.sarif' });
    const log = JSON.parse(await readFile(join(workspace, 'lint.sarif'), 'utf8')) as Sarif;
    expect([exitCode, log.runs[0]?.results]).toEqual([0, []]);
  });

  it('are ten annotations of a level at most, and the rest as lines of the log', async () => {
    const names = (name: string, count: number): string[] =>
      Array.from({ length: count }, (_, index) => `${name}${index}.js`);
    const [broken, local] = [names('broken', 30), names('local', 12)];
    const parts = Object.fromEntries([
      ...broken.map((name) => [name, 'let a = 1;\n\nlet b =;\n']),
      ...local.map((name) => [name, loopback]),
    ]) as Tree;
    const imports = [...broken, ...local].map((name) => `import './${name}';\n`).join('');
    const copied = dockerfile.replace('server.js', '*.js');
    const result = await lint({ ...clean, ...parts, Dockerfile: copied, 'server.js': imports + server });
    const shown = annotationsOf(result);
    const count = (level: string): number => shown.filter((each) => each.level === level).length;
    expect([count('error'), count('warning'), count('notice')]).toEqual([10, 10, 0]);
    expect(placedIn(result).filter((line) => /^error broken\d+\.js:3 CBR200$/.test(line))).toHaveLength(9);
    expect(placedIn(result).filter((line) => /^warning local\d+\.js:4 CBR204$/.test(line))).toHaveLength(10);
    const plain = result.lines.filter((line) =>
      /^(Error: broken\d+\.js:3|Warning: local\d+\.js:4):\d+: /.test(line),
    );
    expect(plain).toHaveLength(21 + 2);
    expect(result.outputs).toMatchObject({ 'lint-errors': '30', 'lint-warnings': '12' });
    expect(errorsOf(result).at(-1)).toMatch(/^Lint found 30 errors, 12 warnings\. /);
    for (const name of [...broken, ...local]) expect(result.summary).toContain(name);
  });

  it('is no secret', async () => {
    const secret = 'Zq7kCanaryV4lue2024x';
    const lines = [
      `ENV DB_PASSWORD=${secret} API_TOKEN="${secret}"`,
      `ENVDB_PASSWORD=${secret}`,
      `ARG NPM_TOKEN=${secret}`,
      `ENV A=1 ${secret}`,
      `RUN curl -u user:${secret} https://example.com`,
    ];
    const tree = {
      ...clean,
      Dockerfile: dockerfile.replace('USER', `${lines.join('\n')}\nUSER`),
      '.env': `PASSWORD=${secret}\n`,
    };
    const config = `Port: 8080\nEnvParams:\n  DATABASE_URL: mysql://root:${secret}@10.0.0.1:3306/app\n`;
    const result = await lint(tree, { 'server-config': config, 'sarif-file': 'lint.sarif' });
    expect(placedIn(result).length).toBeGreaterThan(0);
    const sarif = await readFile(join(result.workspace, 'lint.sarif'), 'utf8');
    expect(shownBy(result) + sarif).not.toContain(secret);
  });
});

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly results: readonly {
      readonly ruleId: string;
      readonly level: string;
      readonly locations: readonly { readonly physicalLocation: object }[];
    }[];
  }[];
}
