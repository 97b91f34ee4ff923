import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { select, warningsOf, type SelectionCase } from '../../support/select.ts';

describe('what a Dockerfile takes by name', () => {
  const take = (...lines: string[]): SelectionCase['facts'] => ({
    dockerfileText: ['FROM node:24', ...lines, 'EXPOSE 8080', ''].join('\n'),
  });

  it('stays, with a warning that names the line and the rule', async () => {
    const nodes = {
      Dockerfile: '',
      'a.js': '',
      'conf/b.yml': '',
      'c.md': '',
      '.dockerignore': '*.js\nconf\n*.md',
    };
    const facts = take('COPY a.js conf ./', 'COPY --from=0 c.md ./');
    const { paths, lines, differences } = await select('container', { nodes, facts });
    expect(paths).toEqual(['.dockerignore', 'Dockerfile', 'a.js', 'conf/b.yml']);
    expect(warningsOf(lines)).toEqual([
      'warning: "a.js" is left out by line 1 of .dockerignore ("*.js"), but COPY in line 2 of Dockerfile takes it, so it stays in the package. Correct one of the two.',
      'warning: "conf" is left out by line 2 of .dockerignore ("conf"), but COPY in line 2 of Dockerfile takes it, so it stays in the package. Correct one of the two.',
    ]);
    expect(differences).toEqual([
      { path: 'a.js', isIn: true },
      { path: 'conf/b.yml', isIn: true },
    ]);
  });

  it('stays also where it is an installed module, or the input exclude names it', async () => {
    const nodes = { Dockerfile: '', 'node_modules/x/i.js': '', 'dist/.git/HEAD': '', 'dist/a.js': '' };
    const facts = take('COPY node_modules ./node_modules', 'ADD dist /app');
    const { paths, lines } = await select('container', { nodes, facts, inputs: { exclude: ['dist/'] } });
    expect(paths).toEqual(['Dockerfile', 'dist/a.js', 'node_modules/x/i.js']);
    expect(warningsOf(lines)).toEqual([
      expect.stringContaining(
        '"node_modules" is left out by the rule that this is never packaged, but COPY in line 2',
      ),
      expect.stringContaining('"dist" is left out by exclude ("dist/"), but ADD in line 3'),
    ]);
  });

  it('stays as it is meant where only a part of a folder is left out', async () => {
    const nodes = { Dockerfile: '', 'src/a.js': '', 'src/a.test.js': '', '.dockerignore': '**/*.test.js' };
    const { paths, lines } = await select('container', { nodes, facts: take('COPY src ./src') });
    expect(paths).toEqual(['.dockerignore', 'Dockerfile', 'src/a.js']);
    expect(warningsOf(lines)).toEqual([]);
  });

  it('is let through by the ignore file of the package, which the platform’s build reads', async () => {
    const nodes = { 'app/Dockerfile': '', 'app/a.js': '', 'app/b [1].js': '', 'app/.dockerignore': '*.js' };
    const facts = { ...take('COPY a.js .'), buildFolder: 'app' };
    const { files } = await select('container', { nodes, facts, inputs: { include: ['b*'] } });
    const rules = files.find(({ path }) => path === 'app/.dockerignore');
    expect(rules).toMatchObject({ content: '*.js\n!/b \\[1\\].js\n!/a.js\n', size: 25 });
  });

  it('is never of git, where a checkout may leave its token', async () => {
    const work = () =>
      select('container', { nodes: { Dockerfile: '', '.git/config': '' }, facts: take('COPY .git /x') });
    expect((await failureOf(InputError, work)).message).toBe(
      'source: ".git" is never packaged, for it may hold the token of the checkout, but COPY in line 2 of Dockerfile takes it. ' +
        'Write what the build needs into a file in a step before this one.',
    );
  });

  it('brings nothing along that is left out for itself', async () => {
    const web = { 'web/a.js': '', 'web/a.js.map': '', 'web/node_modules/m/i.js': '', 'web/.git/HEAD': '' };
    const nodes = { Dockerfile: '', ...web, 'b.map': '', '.dockerignore': 'web' };
    const { paths } = await select('container', {
      nodes,
      facts: take('COPY web .'),
      inputs: { exclude: ['*.map'] },
    });
    expect(paths).toEqual(['.dockerignore', 'Dockerfile', 'web/a.js']);
  });

  it('is not the Dockerfile itself: an image gets no file that its ignore file leaves out', async () => {
    const { differences } = await select('container', {
      nodes: { Dockerfile: '', '.dockerignore': 'Dockerfile\n.dockerignore' },
    });
    expect(differences).toEqual([]);
  });

  it('is looked for in the build folder', async () => {
    const nodes = { 'app/Dockerfile': '', 'app/a.js': '', 'a.js': '', 'app/.dockerignore': 'a.js' };
    const { paths } = await select('container', {
      nodes,
      facts: { ...take('COPY a.js .'), buildFolder: 'app' },
    });
    expect(paths).toEqual(['app/.dockerignore', 'app/Dockerfile', 'app/a.js']);
  });
});
