import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { findDockerfileFaults } from './support/dockerfile-lint.ts';
import { generateFor, manifest, type Sources } from './support/generated.ts';
import { readPage } from './support/markdown.ts';

const root = join(import.meta.dirname, '..');
const page = 'docs/dockerfiles.md';
const text = readFileSync(join(root, page), 'utf8');

/** What the samples are for: a small source of each language. */
const sources: Readonly<Record<string, Sources>> = {
  'Node.js': {
    'package.json': manifest({ scripts: { build: 'tsc', start: 'node dist/server.js' } }),
    'package-lock.json': '{}',
    'src/server.ts': '',
  },
  Python: { 'requirements.txt': 'flask\ngunicorn\n', 'app.py': 'app = Flask(__name__)\n' },
  Go: { 'go.mod': '', 'go.sum': '', 'main.go': '' },
  Java: { 'pom.xml': '', 'src/main/java/Application.java': '' },
  PHP: { 'composer.json': '{}', 'composer.lock': '{}', 'public/index.php': '' },
  '.NET': { 'Api.csproj': '', 'Program.cs': '' },
};

/** The Dockerfile and the .dockerignore of a section. */
function sampleOf(language: string): Sources {
  const [, section = ''] = text.split(`\n## ${language}\n`);
  const [own = ''] = section.split('\n## ');
  const blockOf = (kind: string): string =>
    new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\`$`, 'm').exec(own)?.[1] ?? '';
  return { Dockerfile: blockOf('dockerfile'), '.dockerignore': blockOf('gitignore') };
}

describe.each(Object.entries(sources))('the sample for %s', (language, files) => {
  const sample = sampleOf(language);

  it('has a Dockerfile that passes lint, and a .dockerignore', () => {
    expect(sample['Dockerfile']).toMatch(/^FROM /);
    expect(sample['.dockerignore']?.split('\n')).toEqual(expect.arrayContaining(['.git', '**/.env']));
    const others = { '.git/HEAD': '', '.env.example': '' };
    expect(findDockerfileFaults({ ...sample, ...files, ...others })).toEqual([]);
  });

  it('listens on PORT as a plain user', () => {
    expect(sample['Dockerfile']).toMatch(/^ENV PORT=8080$/m);
    expect(sample['Dockerfile']).toMatch(/^USER (node|app|www-data)\nEXPOSE 8080\nCMD \[/m);
  });
});

it.each(['Node.js', 'Python'])('shows for %s what is generated', async (language) => {
  const { dockerfile, dockerignore } = await generateFor(sources[language] ?? {});
  expect(sampleOf(language)).toEqual({ Dockerfile: dockerfile, '.dockerignore': dockerignore });
});

it('holds no other samples, and no link that leads nowhere', () => {
  const { blocks, links } = readPage(page);
  const languages = Object.keys(sources);
  expect([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(languages);
  expect(blocks.map(({ language }) => language)).toEqual(
    languages.flatMap(() => ['dockerfile', 'gitignore']),
  );
  expect(links.filter((link) => !existsSync(join(root, 'docs', link)))).toEqual([]);
});
