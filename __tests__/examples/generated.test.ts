import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, expect, it } from '@jest/globals';
import { execa } from 'execa';

import { createFiles } from '../../src/adapters/files.ts';
import { generateDockerfile } from '../../src/stages/project/generate.ts';
import { findDockerfileFaults } from '../support/dockerfile-lint.ts';
import { describeWithEngine } from '../support/engine.ts';
import { createFakeLog } from '../support/fakes.ts';

type Sources = Readonly<Record<string, string>>;

const server = (greeting: string): string => `createServer((request, response) => {
  response.end(JSON.stringify({ greeting: ${greeting}, path: request.url }));
}).listen(process.env.PORT);
process.on('SIGTERM', () => process.exit(0));
`;

/** A lockfile of npm for one package without dependencies of its own. */
function lockOf(
  kind: 'dependencies' | 'devDependencies',
  name: string,
  locked: { readonly version: string; readonly bin?: Readonly<Record<string, string>> },
): string {
  const root = { name: 'service', [kind]: { [name]: locked.version } };
  const packages = { '': root, [`node_modules/${name}`]: { ...locked, dev: kind === 'devDependencies' } };
  return JSON.stringify({ name: 'service', lockfileVersion: 3, requires: true, packages });
}

const plain: Sources = {
  'package.json': JSON.stringify({
    name: 'service',
    scripts: { start: 'node server.js', prepare: 'husky' },
    dependencies: { ms: '2.1.3' },
  }),
  'package-lock.json': lockOf('dependencies', 'ms', { version: '2.1.3' }),
  'server.js': `const { createServer } = require('node:http');\nconst ms = require('ms');\n${server('ms(60000)')}`,
  '.env': 'PASSWORD=not-in-the-image\n',
};

const compiled: Sources = {
  'package.json': JSON.stringify({
    name: 'service',
    scripts: { build: 'tsc', start: 'node --watch dist/main.js', prepare: 'husky' },
    devDependencies: { typescript: '5.9.3' },
  }),
  'package-lock.json': lockOf('devDependencies', 'typescript', { version: '5.9.3', bin: { tsc: 'bin/tsc' } }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      outDir: 'dist',
      rootDir: 'src',
      module: 'commonjs',
      types: [],
      ignoreDeprecations: '5.0',
    },
  }),
  'src/main.ts': `declare const require: (name: string) => any;\ndeclare const process: any;
const { createServer } = require('node:http');\nconst greeting: string = 'compiled';\n${server('greeting').replace('(request, response)', '(request: any, response: any)')}`,
};

const flask: Sources = {
  '.python-version': '3.11\n',
  'requirements.txt': 'Flask>=2.2\ngunicorn>=20.1\n',
  'app.py': `from flask import Flask, request

app = Flask(__name__)


@app.get("/<path:name>")
def answer(name):
    return {"greeting": "flask", "path": request.path}
`,
};

describeWithEngine('generated Dockerfiles', ({ env }) => {
  const undo: (() => Promise<unknown>)[] = [];

  async function docker(args: string[]): Promise<string> {
    const { stdout } = await execa('docker', args, { env });
    return stdout;
  }

  afterEach(async () => {
    for (const each of undo.splice(0).reverse()) await each();
  });

  async function write(sources: Sources): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'generated-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    for (const [path, text] of Object.entries(sources)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return folder;
  }

  async function start(folder: string): Promise<{ id: string; url: string }> {
    const tag = `generated-${process.pid}`;
    undo.push(() => docker(['image', 'rm', '--force', tag]));
    await docker(['buildx', 'build', '--quiet', '--load', '--tag', tag, folder]);
    const id = await docker(['run', '--detach', '--env', 'PORT=9000', '--publish', '127.0.0.1::9000', tag]);
    undo.push(() => docker(['rm', '--force', id]));
    return { id, url: `http://${await docker(['port', id, '9000/tcp'])}` };
  }

  async function answer(url: string): Promise<unknown> {
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline) {
      const response = await fetch(url, { headers: { connection: 'close' } }).catch(() => undefined);
      if (response !== undefined) return response.json();
      await delay(100);
    }
    throw new Error(`${url} never answered`);
  }

  it.each<[string, Sources, { greeting: string; packages: string[] }]>([
    ['a Node.js service', plain, { greeting: '1m', packages: ['ms'] }],
    ['a Node.js service that is compiled', compiled, { greeting: 'compiled', packages: [] }],
    ['a Flask service', flask, { greeting: 'flask', packages: [] }],
  ])(
    '%s is built, listens on PORT and runs as a plain user',
    async (_name, sources, { greeting, packages }) => {
      const folder = await write(sources);
      const files = createFiles(new AbortController().signal);
      const request = { folder, buildFolder: '.', port: undefined };
      const written = await generateDockerfile(request, { files, log: createFakeLog() });
      expect(written).toEqual({ kind: 'written', port: 8080, files: ['.dockerignore', 'Dockerfile'] });
      const read = async (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
      const texts = { Dockerfile: await read('Dockerfile'), '.dockerignore': await read('.dockerignore') };
      expect(findDockerfileFaults({ ...sources, ...texts })).toEqual([]);

      const { id, url } = await start(folder);
      expect(await answer(`${url}/a`)).toEqual({ greeting, path: '/a' });
      expect(await docker(['exec', id, 'id', '-u'])).toBe('1000');
      const inside = (await docker(['exec', id, 'ls', '-A', '/app'])).split('\n');
      expect(inside).not.toContain('.env');
      expect(inside).not.toContain('Dockerfile');
      if (inside.includes('node_modules')) {
        const installed = await docker(['exec', id, 'ls', '/app/node_modules']);
        expect(installed.split('\n').filter((each) => each !== '')).toEqual(packages);
      }
      await docker(['stop', '--time', '10', id]);
      expect(await docker(['inspect', '--format', '{{.State.ExitCode}}', id])).toBe('0');
    },
    300_000,
  );
});
