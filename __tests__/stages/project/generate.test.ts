import { describe, expect, it } from '@jest/globals';

import { generateDockerfile } from '../../../src/stages/project/generate.ts';
import { createFakeFiles, root } from '../../support/fake-files.ts';
import { createFakeLog } from '../../support/fakes.ts';
import { generateFor, manifest, refusalOf } from '../../support/generated.ts';

const node = {
  'package.json': manifest({ scripts: { start: 'node server.js' }, dependencies: { express: '5' } }),
  'package-lock.json': '{}',
  'server.js': '',
};

describe('what is written', () => {
  it('is a Dockerfile with its .dockerignore, shown whole in the log', async () => {
    const { result, dockerfile, dockerignore, log, warnings } = await generateFor(node);
    expect(result).toEqual({ kind: 'written', port: 8080, files: ['.dockerignore', 'Dockerfile'] });
    expect(dockerfile).toBe(`FROM node:24-slim

ENV NODE_ENV=production
ENV PORT=8080
WORKDIR /app

COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force

COPY . .

USER node
EXPOSE 8080
CMD ["node", "server.js"]
`);
    const shown = (text: string): string[] =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => `output:   ${line}`);
    expect(log).toEqual([
      'info: Generated .dockerignore:',
      ...shown(dockerignore),
      'info: Generated Dockerfile:',
      ...shown(dockerfile),
      'info: Commit .dockerignore and Dockerfile as shown above, so that the next run builds the same and you can change what it does.',
    ]);
    expect(warnings).toEqual([]);
  });

  it('has the port of the setting', async () => {
    const { result, dockerfile } = await generateFor(node, { port: 3000 });
    expect(result).toMatchObject({ kind: 'written', port: 3000 });
    expect(dockerfile).toContain('ENV PORT=3000\n');
    expect(dockerfile).toContain('EXPOSE 3000\n');
  });

  it('stands in the build folder', async () => {
    const inside = Object.fromEntries(Object.entries(node).map(([path, text]) => [`api/${path}`, text]));
    const { result, dockerfile } = await generateFor(inside, { buildFolder: 'api' });
    expect(result).toMatchObject({ files: ['api/.dockerignore', 'api/Dockerfile'] });
    expect(dockerfile).toContain('COPY package.json package-lock.json ./');
  });

  it.each([
    '.git',
    'node_modules',
    '**/.env',
    '**/.env.*',
    '**/*.key',
    '**/*.log',
    'Dockerfile',
    '.dockerignore',
  ])('leaves out %s', async (line) => {
    expect((await generateFor(node)).dockerignore.split('\n')).toContain(line);
  });
});

describe('what is there', () => {
  it.each(['Dockerfile', 'dockerfile', 'DOCKERFILE'])('as %s is left alone', async (name) => {
    const files = createFakeFiles({ ...node, [name]: 'FROM scratch\n' });
    const request = { folder: root, buildFolder: '.', port: undefined };
    const result = await generateDockerfile(request, { files, log: createFakeLog() });
    expect(result).toMatchObject({
      kind: 'refused',
      problems: [
        { subject: 'generate-dockerfile', message: `"${name}" is there already, and it is left as it is.` },
      ],
    });
    expect([...files.nodes.keys()].sort()).toEqual(
      [...Object.keys(node), name].map((path) => `${root}/${path}`).sort(),
    );
    expect(files.nodes.get(`${root}/${name}`)).toBe('FROM scratch\n');
  });

  it.each<[string, string, string[]]>([
    ['complete', '.git\nnode_modules\n.env*\n', []],
    ['of folders', '.git/\nnode_modules/**\n**/.env\n', []],
    ['without Git and env vars', 'node_modules\n', ['.git', '.env']],
    ['that takes something back', '.git\n.env\nnode_modules\n!.env\n', ['.env']],
    ['empty', '', ['.git', '.env', 'node_modules']],
  ])('as a .dockerignore %s is kept', async (_name, text, gaps) => {
    const { result, dockerignore, warnings } = await generateFor({ ...node, '.dockerignore': text });
    expect(result).toMatchObject({ kind: 'written', files: ['Dockerfile'] });
    expect(dockerignore).toBe(text);
    expect(warnings).toEqual(
      gaps.map(
        (name) =>
          `warning: .dockerignore does not name "${name}", so it may get into the image: add a line with "${name}".`,
      ),
    );
  });

  it('as a .dockerignore that hides what the build needs is refused, and nothing is written', async () => {
    const outcome = await generateFor({ ...node, '.dockerignore': '*.json\n' });
    expect(refusalOf(outcome)).toBe(
      '.dockerignore leaves out "package.json", which the build needs: take it out there.',
    );
    expect(outcome.dockerfile).toBe('');
    expect(outcome.log).toEqual([]);
  });
});

const sampleOf = (language: string): string =>
  `the source looks like ${language}, for which no Dockerfile is generated; docs/dockerfiles.md has one to start from.`;

it.each<[string, Readonly<Record<string, string>>, string]>([
  ['Go', { 'go.mod': '' }, sampleOf('Go')],
  ['Go with a front end', { ...node, 'go.mod': '' }, sampleOf('Go')],
  ['Maven', { 'pom.xml': '' }, sampleOf('Java')],
  ['Gradle', { 'build.gradle.kts': '' }, sampleOf('Java')],
  ['PHP', { 'composer.json': '', 'package.json': '{}' }, sampleOf('PHP')],
  ['.NET', { 'Api.csproj': '' }, sampleOf('.NET')],
  [
    'Ruby',
    { Gemfile: '' },
    'the source looks like Ruby, for which no Dockerfile is generated; write a Dockerfile, starting from one in docs/dockerfiles.md.',
  ],
  [
    'Rust',
    { 'Cargo.toml': '' },
    'the source looks like Rust, for which no Dockerfile is generated; write a Dockerfile, starting from one in docs/dockerfiles.md.',
  ],
  ['two languages', { ...node, 'requirements.txt': 'flask' }, 'looks like both Node.js and Python'],
  ['an unknown language', { 'main.zig': '' }, 'its language is not known'],
  ['nothing', {}, 'the build folder is empty or missing'],
])('refuses %s', async (_name, sources, sentence) => {
  const outcome = await generateFor(sources);
  expect(refusalOf(outcome)).toContain(sentence);
  expect(outcome.dockerfile + outcome.dockerignore).toBe(sources['.dockerignore'] ?? '');
});

it.each([80, 443, 1023])('refuses port %i, on which a plain user cannot listen', async (port) => {
  expect(refusalOf(await generateFor(node, { port }))).toContain(
    `the service has port ${port}, which only root`,
  );
});

it('hands on what is no matter of the source', async () => {
  const files = { ...createFakeFiles(node), create: () => Promise.reject(new RangeError('disk full')) };
  const request = { folder: root, buildFolder: '.', port: undefined };
  await expect(generateDockerfile(request, { files, log: createFakeLog() })).rejects.toThrow('disk full');
});

it.each(['node_modules', '.git', '.venv', '.next'])('does not look into %s', async (name) => {
  const fake = createFakeFiles({ ...node, [`${name}/inside`]: '' });
  const listed: string[] = [];
  const listFolder = (path: string): ReturnType<typeof fake.listFolder> => {
    listed.push(path);
    return fake.listFolder(path);
  };
  const request = { folder: root, buildFolder: '.', port: undefined };
  const files = { ...fake, listFolder };
  expect(await generateDockerfile(request, { files, log: createFakeLog() })).toMatchObject({
    kind: 'written',
  });
  expect(new Set(listed)).toEqual(new Set([root]));
});
