import { afterAll, describe, expect, it } from '@jest/globals';

import { createFiles } from '../../src/adapters/files.ts';
import { InputError } from '../../src/errors.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { lintProject, type LintCase } from '../support/lint-project.ts';
import { expectFinding } from '../support/lint-properties.ts';
import { makeWorkspace, removeWorkspaces } from '../support/step.ts';
import { listTemplates, readTemplate, readTemplates, type Template } from '../support/templates.ts';

const templates = readTemplates();

/** What is found in each template: doubts that are right, by `severity rule`. A new one is looked at here first. */
const found: Readonly<Record<string, readonly string[]>> = {
  express: ['info CBR005', 'info CBR021', 'warning CBR030', 'warning CBR048'],
  'express-mysql': ['info CBR005', 'info CBR021', 'warning CBR048', 'warning CBR305'],
  nestjs: ['info CBR005', 'info CBR021', 'info CBR034', 'warning CBR030'],
  nextjs: ['info CBR005', 'info CBR021', 'warning CBR030'],
  flask: ['info CBR015', 'info CBR021', 'info CBR033', 'warning CBR035'],
  fastapi: ['info CBR015', 'info CBR021', 'info CBR033'],
  django: ['info CBR015', 'info CBR021', 'info CBR033', 'warning CBR035', 'warning CBR048'],
  gin: ['info CBR021', 'warning CBR048'],
  springboot: ['info CBR021', 'warning CBR013', 'warning CBR048'],
  'sample-node': ['info CBR021', 'warning CBR048'],
  'sample-python': ['info CBR021'],
  'function-hello': ['warning CBR305'],
  'function-dist': ['info CBR130'],
  'function-esm': ['warning CBR305'],
  'function-multi': ['warning CBR305'],
  agent: ['warning CBR305'],
};

afterAll(removeWorkspaces);

/** Lints the files where they are on disk. */
async function lintOnDisk(project: LintCase & Pick<Template, 'files'>): Promise<readonly Finding[]> {
  const folder = await makeWorkspace(project.files);
  const files = createFiles(new AbortController().signal);
  const findings = await lintProject(project, { folder, files });
  if (findings instanceof InputError) throw findings;
  return findings;
}

function describeFindings(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ severity, rule }) => `${severity} ${rule}`))].sort();
}

const isError = ({ severity }: Finding): boolean => severity === 'error';

describe('the shapes of official templates', () => {
  it('are all linted', () => {
    expect(templates.map(({ name }) => name).sort()).toEqual(listTemplates());
  });

  describe.each(templates)('$name', (template) => {
    it('has no error, and only the doubts that are known', async () => {
      const findings = await lintOnDisk(template);
      expect(findings.filter(isError)).toEqual([]);
      expect(describeFindings(findings)).toEqual(found[template.name]);
      for (const finding of findings) expectFinding(finding, template);
    });

    it('has no error after a checkout and an install', async () => {
      const around = {
        '.git/HEAD': 'ref: refs/heads/main\n',
        'node_modules/express/package.json': '{ "name": "express", "main": "index.js" }',
        'node_modules/express/index.js': "require('http').createServer().listen(1, '127.0.0.1');\n",
      };
      const findings = await lintOnDisk({ ...template, files: { ...template.files, ...around } });
      expect(findings.filter(isError)).toEqual([]);
      expect(findings.map(({ at }) => at.file).filter((file) => /node_modules|\.git\//.test(file))).toEqual(
        [],
      );
    });
  });
});

describe('a template that is deployed otherwise', () => {
  it.each([
    { name: 'springboot', mode: 'container', port: 80 },
    { name: 'express', mode: 'container', port: 80 },
    { name: 'gin', mode: 'container', port: 80 },
    { name: 'sample-node', mode: 'auto', port: undefined },
    { name: 'function-dist', mode: 'auto', port: 3000 },
    { name: 'function-esm', mode: 'auto', port: undefined },
    { name: 'agent', mode: 'function', port: undefined },
  ] as const)(
    'has no error where nobody can be sure: $name in mode $mode, Port $port',
    async ({ name, mode, port }) => {
      const findings = await lintOnDisk(readTemplate(name, mode, port));
      expect(findings.filter(isError)).toEqual([]);
    },
  );
});
