import { describe, expect, it } from '@jest/globals';

import { lint } from '../../src/stages/lint.ts';
import { createFakeFiles, root } from '../support/fake-files.ts';
import { containerProject, functionProject } from '../support/samples.ts';

const container = (dockerfileText: string) =>
  containerProject({ folder: '/repo/app', buildFolder: 'image', dockerfileText });
const request = (level: 'error' | 'warning' | 'off') => ({ level, workspace: root });
const files = createFakeFiles({ 'app/index.js': 'return (;' });

describe('lint', () => {
  it('reads the Dockerfile, under its path in the workspace', async () => {
    const report = await lint(container('FROM a\nRUNN b\n'), request('error'), files);
    expect(report.findings.map(({ at }) => `${at.file}:${at.line}`)).toEqual(['app/image/Dockerfile:2']);
    expect(report.isFailed).toBe(true);
  });

  it('reads the entry of a function', async () => {
    const report = await lint(functionProject({ folder: '/repo/app' }), request('error'), files);
    expect(report.findings.map(({ at }) => `${at.file}:${at.line}`)).toEqual(['app/index.js:1']);
    expect(report.isFailed).toBe(true);
  });

  it('has nothing to say where there is nothing', async () => {
    const gone = functionProject({ entry: 'gone.js' });
    expect(await lint(gone, request('warning'), files)).toEqual({ findings: [], isFailed: false });
  });

  it.each([
    ['error', false],
    ['warning', true],
  ] as const)('with level %s, a warning fails: %s', async (level, isFailed) => {
    const report = await lint(container('FROM a\nRUN b \\\n\n c\n'), request(level), files);
    expect(report.findings.map(({ severity }) => severity)).toEqual(['warning']);
    expect(report.isFailed).toBe(isFailed);
  });

  it('is left out when it is off', async () => {
    expect(await lint(container('RUNN'), request('off'), files)).toEqual({
      findings: [],
      isFailed: false,
      skipped: 'input "lint" is off',
    });
  });
});
