const everywhere: readonly string[] = [
  '.git',
  '.gitignore',
  '.github',
  '.dockerignore',
  'Dockerfile',
  'docker-compose*.yml',
  'compose*.yml',
  '**/.env',
  '**/.env.*',
  '**/.envrc',
  '**/.netrc',
  '**/*.key',
  '**/*-key.pem',
  '**/id_rsa*',
  '**/*.p12',
  '**/*.pfx',
  '**/*.log',
  '**/.DS_Store',
  '.idea',
  '.vscode',
  'coverage',
];

/** The text of a .dockerignore: what no image needs, and the project's own lines. */
export function buildDockerignore(ignored: readonly string[]): string {
  return `${[...everywhere, ...ignored].join('\n')}\n`;
}

/** What a .dockerignore that is there already lets into the image although it should not, by name. */
export function findGaps(ignores: (path: string) => boolean, isNode: boolean): string[] {
  const wanted = ['.git', '.env', ...(isNode ? ['node_modules'] : [])];
  return wanted.filter((name) => !ignores(name) && !ignores(`${name}/x`));
}

/** The files that the Dockerfile copies and a .dockerignore keeps from the build. */
export function findHidden(ignores: (path: string) => boolean, copied: readonly string[]): string[] {
  return copied.filter(ignores);
}
