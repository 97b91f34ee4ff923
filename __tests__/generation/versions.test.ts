import { describe, expect, it } from '@jest/globals';

import { chooseNode, choosePython } from '../../src/generation/versions.ts';
import type { Snapshot } from '../../src/generation/source.ts';

function snapshot(texts: Readonly<Record<string, string>>): Snapshot {
  return { files: new Set(Object.keys(texts)), texts: new Map(Object.entries(texts)), port: 8080 };
}

describe('Node.js', () => {
  it.each<[string, Readonly<Record<string, string>>, string | undefined]>([
    ['24', {}, undefined],
    ['24', { '.nvmrc': '24\n' }, undefined],
    ['22', { '.nvmrc': 'v22.11.0\n' }, undefined],
    ['22', { '.node-version': '# ours\n22\n' }, undefined],
    ['22', { '.nvmrc': 'lts/jod' }, undefined],
    ['26', { '.nvmrc': 'lts/*' }, undefined],
    ['22', { '.nvmrc': '22' }, '24.x'],
    ['24', {}, '>=18'],
    ['24', {}, '^24.3.0'],
    ['22', {}, '>=20 <24'],
    ['22', {}, '18 || 22'],
    ['26', {}, '>=25'],
    ['24', {}, '*'],
    ['24', { '.nvmrc': '\n' }, undefined],
  ])('%s for %j and engines %j', (line, texts, engines) => {
    expect(chooseNode(snapshot(texts), engines)).toEqual({ line });
  });

  it.each<[string, [Readonly<Record<string, string>>, string?], string]>([
    ['22', [{ '.nvmrc': '16' }], '.nvmrc asks for Node.js "16"'],
    ['22', [{ '.nvmrc': 'lts/iron' }], '.nvmrc asks for Node.js "lts/iron"'],
    ['24', [{ '.node-version': '23.1' }], '.node-version asks for Node.js "23.1"'],
    ['22', [{}, '18.x'], '"engines" of package.json asks for Node.js "18.x"'],
    ['26', [{}, '>=30'], '"engines" of package.json asks for Node.js ">=30"'],
    ['24', [{ '.nvmrc': 'system' }], '.nvmrc asks for "system", which names no version of Node.js'],
    ['24', [{}, 'a\nRUN evil'], 'asks for "a RUN evil", which names no version'],
  ])('%s, with a doubt, for the files and engines %j', (line, [texts, engines], doubt) => {
    const version = chooseNode(snapshot(texts), engines);
    expect(version.line).toBe(line);
    expect(version.doubt).toContain(doubt);
    expect(version.doubt).not.toContain('\n');
  });
});

describe('Python', () => {
  const requires = (range: string): Readonly<Record<string, string>> => ({
    'pyproject.toml': `[project]\nname = "x"\nrequires-python = "${range}"\n`,
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['3.13', {}],
    ['3.11', { '.python-version': '3.11.4\n' }],
    ['3.12', { 'runtime.txt': 'python-3.12.1\n' }],
    ['3.12', { '.python-version': '3.12', ...requires('>=3.13') }],
    ['3.13', requires('>=3.9')],
    ['3.12', requires('>=3.10,<3.13')],
    ['3.12', requires('==3.12.*')],
    ['3.13', requires('~=3.10')],
    ['3.11', requires('~=3.11.2')],
    ['3.14', requires('>=3.14')],
    ['3.13', requires('>=3.9, !=3.9.7')],
  ])('%s for %j', (line, texts) => {
    expect(choosePython(snapshot(texts))).toEqual({ line });
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['3.11', { 'runtime.txt': 'python-3.8.2' }, 'runtime.txt asks for Python "python-3.8.2"'],
    ['3.11', requires('<3.10'), 'asks for Python "<3.10"'],
    ['3.14', { '.python-version': '3.19' }, '3.14 is the nearest that does'],
    ['3.13', { '.python-version': 'pypy' }, 'names no version of Python'],
  ])('%s, with a doubt, for %j', (line, texts, doubt) => {
    const version = choosePython(snapshot(texts));
    expect(version.line).toBe(line);
    expect(version.doubt).toContain(doubt);
  });
});
