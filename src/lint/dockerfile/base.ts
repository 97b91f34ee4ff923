import type { DockerfileSubject } from './tree.ts';

/** The image that the final stage stands on in the end. */
export interface BaseImage {
  /** Without registry, tag and digest: `node`, `nginxinc/nginx-unprivileged`; official images without `library/`. */
  readonly name: string;
  readonly registry: string;
  readonly tag: string;
}

/** The image below the final stages; undefined where a variable keeps it unknown. */
export function readBaseImage({ finalStages }: DockerfileSubject): BaseImage | undefined {
  const base = finalStages.at(-1)?.base ?? '';
  if (base === '' || base.includes('$')) return undefined;
  const [path = ''] = base.split('@');
  const [, name = '', tag = 'latest'] = /^(.*?)(?::([^:/]*))?$/.exec(path) ?? [];
  const [first = '', ...rest] = name.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const registry = hasRegistry
    ? first.replace(/^(?:index|registry-1)\.docker\.io$/, 'docker.io')
    : 'docker.io';
  const repository = hasRegistry ? rest.join('/') : name;
  const plain = registry === 'docker.io' ? repository.replace(/^library\//, '') : repository;
  return { name: plain.toLowerCase(), registry, tag: tag.toLowerCase() };
}

/** True for an official image of Docker Hub of one of these names. */
export function isOfficial(image: BaseImage | undefined, names: ReadonlySet<string>): boolean {
  return image?.registry === 'docker.io' && names.has(image.name);
}

/** True for the images of Distroless. */
export function isDistroless(image: BaseImage | undefined): boolean {
  return image?.registry === 'gcr.io' && image.name.startsWith('distroless/');
}
