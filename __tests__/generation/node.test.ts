import { describe, expect, it } from '@jest/globals';

import { generateFor, linesOf, manifest, refusalOf, started, type Sources } from '../support/generated.ts';

const lock = { 'package-lock.json': '{}' };
const pnpmLock = { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" };
const yarnLock = { 'yarn.lock': '# yarn lockfile v1\n' };
const berryLock = { 'yarn.lock': '__metadata:\n  version: 8\n', '.yarnrc.yml': 'nodeLinker: node-modules\n' };

describe('the command', () => {
  it.each<[string, Sources, string]>([
    ['node', started('node server.js'), '["node", "server.js"]'],
    ['node without extension', started('node ./src'), '["node", "./src"]'],
    [
      'node with arguments',
      started('node server.js --trust-proxy'),
      '["node", "server.js", "--trust-proxy"]',
    ],
    [
      'node with flags',
      started('node --import ./a.mjs -r b server.js'),
      '["node", "--import", "./a.mjs", "-r", "b", "server.js"]',
    ],
    ['node that watches', started('node --watch --inspect=9229 server.js'), '["node", "server.js"]'],
    ['node with env vars', started('NODE_ENV=production PORT=3000 node server.js'), '["node", "server.js"]'],
    ['cross-env', started('cross-env NODE_ENV=production node server.js'), '["node", "server.js"]'],
    [
      'start:prod',
      started('nodemon server.js', { scripts: { 'start:prod': 'node server.js' } }),
      '["node", "server.js"]',
    ],
    [
      'another script',
      started('npm run serve', { scripts: { serve: 'node server.js' } }),
      '["node", "server.js"]',
    ],
    [
      'tsx',
      started('tsx src/index.ts', { dependencies: { tsx: '4' } }),
      '["node_modules/.bin/tsx", "src/index.ts"]',
    ],
    [
      'main',
      { 'package.json': manifest({ main: './src' }), 'src/index.js': '', 'server.js': '' },
      '["node", "src/index.js"]',
    ],
    [
      'a main that is gone',
      { 'package.json': manifest({ main: 'index.js' }), 'app.js': '' },
      '["node", "app.js"]',
    ],
    [
      'server.js',
      { 'package.json': '{}', 'server.js': '', 'app.js': '', 'index.js': '' },
      '["node", "server.js"]',
    ],
    ['index.js', { 'package.json': '{}', 'index.js': '' }, '["node", "index.js"]'],
  ])('comes from %s', async (_name, sources, command) => {
    const { dockerfile, faults, result } = await generateFor(sources);
    expect(result.kind).toBe('written');
    expect(linesOf(dockerfile, 'CMD')).toEqual([command]);
    expect(faults).toEqual([]);
  });

  it.each<[string, Sources, string]>([
    ['a shell', started('node server.js | pino-pretty'), 'needs a shell'],
    ['two commands', started('tsc && node dist/index.js'), 'needs a shell'],
    ['an env var of its own', started('NODE_OPTIONS=--x node server.js'), 'needs a shell'],
    ['a tool for development', started('nodemon server.js'), 'runs "nodemon", which is not known to serve'],
    [
      'a development server',
      started('next dev', { dependencies: { next: '15' } }),
      'runs "next", which is not known',
    ],
    [
      'a tool of devDependencies',
      started('tsx src/index.ts', { devDependencies: { tsx: '4' } }),
      '"tsx" is no entry of "dependencies"',
    ],
    [
      'a server without a build',
      started('next start', { dependencies: { next: '15' } }),
      'there is no script "build" that makes it',
    ],
    [
      'a file that is missing',
      started('node dist/main.js'),
      'starts "dist/main.js", which is not in the source',
    ],
    ['a file outside', started('node ../server.js'), 'starts "../server.js", which is not in the source'],
    [
      'a file outside that a build may make',
      started('node ../a.js', { scripts: { build: 'tsc' } }),
      'starts "../a.js", which is not in the source.',
    ],
    ['no file', started('node --watch'), 'names no file'],
    [
      'a hook',
      started('node server.js', { scripts: { prestart: 'node migrate.js' } }),
      'the script "prestart" would not run',
    ],
    ['itself', started('npm start'), 'runs itself'],
    ['nothing', { 'package.json': '{}', 'lib/index.js': '' }, 'nothing tells how the service starts'],
    ['no JSON', { 'package.json': '{', 'index.js': '' }, 'package.json is not a JSON object'],
    ['a list', { 'package.json': '[]', 'index.js': '' }, 'package.json is not a JSON object'],
  ])('cannot come from %s', async (_name, sources, sentence) => {
    const outcome = await generateFor(sources);
    expect(refusalOf(outcome)).toContain(sentence);
    expect(outcome.dockerfile).toBe('');
  });

  it('reads no file of env vars, and says so', async () => {
    const { dockerfile, warnings } = await generateFor(started('node --env-file .env server.js'));
    expect(linesOf(dockerfile, 'CMD')).toEqual(['["node", "server.js"]']);
    expect(warnings).toEqual([
      'warning: The script "start" reads a file of env vars, which is no part of the image: set them in server-config.',
    ]);
  });
});

describe('a project that is compiled', () => {
  const scripts = { build: 'nest build', start: 'nest start', 'start:prod': 'node dist/main' };
  const nest: Sources = {
    'package.json': manifest({
      scripts,
      dependencies: { '@nestjs/core': '11' },
      devDependencies: { typescript: '5' },
    }),
    ...lock,
    'src/main.ts': '',
  };
  const next = (start: string): Sources => ({
    'package.json': manifest({ scripts: { build: 'next build', start }, dependencies: { next: '15' } }),
    ...lock,
    'public/icon.png': '',
  });

  it('has its dependencies for development in the build stage alone', async () => {
    const { dockerfile, dockerignore, faults } = await generateFor(nest);
    expect(dockerfile).toBe(`FROM node:24-slim AS build

WORKDIR /app

COPY package.json package-lock.json ./
RUN npm ci

COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-slim

ENV NODE_ENV=production
ENV PORT=8080
WORKDIR /app

COPY --from=build /app ./

USER node
EXPOSE 8080
CMD ["node", "dist/main"]
`);
    expect(dockerignore).toContain('**/*.tsbuildinfo\n');
    expect(faults).toEqual([]);
  });

  it.each<[string, Sources, string]>([
    ['npm', lock, 'npm run build && npm prune --omit=dev'],
    ['pnpm', pnpmLock, 'pnpm run build && pnpm prune --prod --ignore-scripts'],
    ['Yarn', yarnLock, 'yarn run build && yarn install --frozen-lockfile --production --ignore-scripts'],
    ['Yarn 4', berryLock, 'yarn run build && yarn workspaces focus --all --production'],
  ])('is built with %s', async (_name, locked, command) => {
    const { 'package.json': text = '' } = nest;
    const { dockerfile, faults } = await generateFor({ 'package.json': text, ...locked });
    expect(linesOf(dockerfile, 'RUN').at(-1)).toBe(command);
    expect(faults).toEqual([]);
  });

  it.each([
    ['nest start', '["node", "dist/main.js"]'],
    ['npm run build && node build/app.js', '["node", "build/app.js"]'],
    ['remix-serve ./build/index.js', '["node_modules/.bin/remix-serve", "./build/index.js"]'],
  ])('starts with what "%s" means', async (start, command) => {
    const dependencies = { '@remix-run/serve': '2' };
    const text = manifest({ scripts: { build: 'make', start }, dependencies });
    const { dockerfile } = await generateFor({ 'package.json': text, ...lock });
    expect(linesOf(dockerfile, 'CMD')).toEqual([command]);
  });

  it.each(['echo "nothing to do"', 'true', 'docker build .', ''])(
    'is none where "build" is "%s"',
    async (build) => {
      const { dockerfile } = await generateFor(started('node server.js', { scripts: { build } }));
      expect(linesOf(dockerfile, 'FROM')).toEqual(['node:24-slim']);
    },
  );

  it.each([
    'next start',
    'next start -p 3000',
    'next start --hostname 127.0.0.1',
    'NODE_ENV=production next start -p 3000',
  ])('with Next.js: %s', async (start) => {
    const { dockerfile, faults } = await generateFor(next(start));
    expect(linesOf(dockerfile, 'CMD')).toEqual(['["node_modules/.bin/next", "start"]']);
    expect(linesOf(dockerfile, 'COPY').at(-1)).toBe('--from=build --chown=node:node /app ./');
    expect(faults).toEqual([]);
  });

  it('with Next.js that makes a folder of its own', async () => {
    const config = { 'next.config.mjs': "export default {\n  output: 'standalone',\n};\n" };
    const { dockerfile, faults } = await generateFor({
      ...next('node .next/standalone/server.js'),
      ...config,
    });
    expect(linesOf(dockerfile, 'CMD')).toEqual(['["node", "server.js"]']);
    expect(linesOf(dockerfile, 'ENV')).toContain('HOSTNAME=0.0.0.0');
    expect(linesOf(dockerfile, 'RUN').at(-1)).toBe('npm run build');
    expect(linesOf(dockerfile, 'COPY').slice(-3)).toEqual([
      '--from=build --chown=node:node /app/.next/standalone ./',
      '--from=build --chown=node:node /app/.next/static ./.next/static',
      '--from=build /app/public ./public',
    ]);
    expect(faults).toEqual([]);
  });

  it.each([
    ["module.exports = { output: 'export' };", 'a static site'],
    ["module.exports = { distDir: 'out' };", 'sets outputFileTracingRoot or distDir'],
  ])('is refused with the Next.js config %s', async (config, sentence) => {
    expect(refusalOf(await generateFor({ ...next('next start'), 'next.config.js': config }))).toContain(
      sentence,
    );
  });

  it('follows no comment in a Next.js config', async () => {
    const config = "module.exports = {\n  // output: 'export',\n};\n";
    const { dockerfile } = await generateFor({ ...next('next start'), 'next.config.js': config });
    expect(linesOf(dockerfile, 'CMD')).toEqual(['["node_modules/.bin/next", "start"]']);
  });

  it('with Nuxt, whose output needs no dependencies', async () => {
    const scripts = { build: 'nuxt build', postinstall: 'nuxt prepare' };
    const text = manifest({ scripts, dependencies: { nuxt: '4' } });
    const { dockerfile, faults } = await generateFor({ 'package.json': text, ...lock });
    expect(linesOf(dockerfile, 'COPY').at(-1)).toBe('--from=build /app/.output ./.output');
    expect(linesOf(dockerfile, 'CMD')).toEqual(['["node", ".output/server/index.mjs"]']);
    expect(linesOf(dockerfile, 'ENV')).toContain('HOST=0.0.0.0');
    expect(faults).toEqual([]);
  });

  it('says on which Node.js it stands where that is another than the project asks for', async () => {
    const { dockerfile, warnings, faults } = await generateFor({ ...nest, '.nvmrc': '16' });
    const doubt =
      '.nvmrc asks for Node.js "16", which is no line that gets security fixes: 22 is the nearest that does.';
    expect(dockerfile.startsWith(`# ${doubt}\nFROM node:22-slim AS build\n`)).toBe(true);
    expect(warnings).toEqual([`warning: ${doubt}`]);
    expect(faults).toEqual([]);
  });
});
