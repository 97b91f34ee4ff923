import { chmod, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

import { annotationsOf, clean, lint, lintIn, placedIn, server, within } from '../support/lint-step.ts';
import { errorsOf, makeWorkspace, removeWorkspaces, writeFiles } from '../support/step.ts';

afterAll(removeWorkspaces);

describe('other tools', () => {
  const withPath = (folder: string) => ({ PATH: `${folder}:${process.env['PATH'] ?? ''}` });

  /** A program of this name that prints a text and ends with an exit code. */
  async function standIn(name: string, output: string, exitCode: number): Promise<string> {
    const folder = await makeWorkspace({
      [name]: `#!/bin/sh\ncat <<'END'\n${output}\nEND\nexit ${exitCode}\n`,
    });
    await chmod(join(folder, name), 0o755);
    return folder;
  }

  it('are not missed where there is no engine', async () => {
    const result = await lint(clean);
    expect(result.exitCode).toBe(0);
    expect(annotationsOf(result)).toEqual([]);
    expect(result.lines.some((line) => /BuildKit/i.test(line))).toBe(true);
  });

  it('find what hadolint finds, where it is on PATH', async () => {
    const finding = {
      line: 3,
      code: 'DL3045',
      message: '`COPY` to a relative destination without `WORKDIR` set.',
      column: 1,
      file: 'Dockerfile',
      level: 'warning',
    };
    const folder = await standIn('hadolint', JSON.stringify([finding]), 1);
    const result = await lint(within('services/api', clean), { source: 'services/api' }, withPath(folder));
    expect(placedIn(result)).toEqual(['warning services/api/Dockerfile:3 DL3045']);
    expect([result.exitCode, result.outputs['lint-warnings']]).toEqual([0, '1']);
  });

  it.each([
    { name: 'no JSON', output: 'hadolint: something went wrong', exitCode: 1 },
    { name: 'JSON of another form', output: '{"results": 3}', exitCode: 0 },
    { name: 'findings of another form', output: '[null, {"line": "x"}, {"code": 3}]', exitCode: 1 },
  ])('do no harm where hadolint prints $name', async ({ output, exitCode }) => {
    const folder = await standIn('hadolint', output, exitCode);
    const result = await lint(clean, {}, withPath(folder));
    expect(result.exitCode).toBe(0);
    expect(errorsOf(result)).toEqual([]);
  });
});

describe('a Dockerfile that is missing', () => {
  const node = {
    'server.js': server,
    'package.json':
      '{ "name": "app", "private": true, "type": "module", "scripts": { "start": "node server.js" } }\n',
  };

  it('is a finding in container mode', async () => {
    const result = await lint(node, { mode: 'container' });
    expect(placedIn(result)).toEqual(['error Dockerfile:1 CBR001']);
    expect(result.exitCode).toBe(1);
  });

  it.each([
    { name: 'Node.js', tree: node },
    {
      name: 'Python',
      tree: {
        'requirements.txt': 'Flask==3.0.3\ngunicorn==23.0.0\n',
        'app.py':
          'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef index():\n    return "hello"\n',
      },
    },
  ])('is written for $name where the input asks for it, and is right by our own rules', async ({ tree }) => {
    const inputs = { 'generate-dockerfile': 'true', mode: 'container', 'server-config': 'Port: 8080' };
    const { workspace, ...result } = await lint(tree, inputs);
    expect(placedIn(result)).toEqual([]);
    expect([result.exitCode, result.outputs['lint-errors'], result.outputs['lint-warnings']]).toEqual([
      0,
      '0',
      '0',
    ]);
    expect(await readdir(workspace)).toEqual(expect.arrayContaining(['.dockerignore', 'Dockerfile']));
    const written = await readFile(join(workspace, 'Dockerfile'), 'utf8');
    await writeFiles(workspace, { Dockerfile: `${written}# kept\n` });
    const again = await lintIn(workspace, inputs);
    expect(again.exitCode).toBe(0);
    expect(await readFile(join(workspace, 'Dockerfile'), 'utf8')).toBe(`${written}# kept\n`);
  });
});
