import { createHash } from 'node:crypto';
import { posix } from 'node:path';

import type { FileEntry, Files } from '../../src/ports.ts';

/** A file's text, or what else stands at a path. */
export type FakeNode = string | { readonly link: string } | { readonly kind: 'other' };

export interface FakeFiles extends Files {
  /** What stands in each path now. */
  readonly nodes: ReadonlyMap<string, FakeNode>;
  readonly removed: readonly string[];
}

/** Where the files of a test stand. */
export const root = '/repo';

/** A file system in memory: paths are relative to `root`, or absolute. */
export function createFakeFiles(initial: Readonly<Record<string, FakeNode>>): FakeFiles {
  const nodes = new Map(
    Object.entries(initial).map(([path, node]) => [posix.resolve(root, path), node] as const),
  );
  const folders = new Set(['/', root]);
  const removed: string[] = [];
  const kindOf = (path: string): FileEntry['kind'] | undefined => {
    const node = nodes.get(path);
    if (node !== undefined) return typeof node === 'string' ? 'file' : 'link' in node ? 'link' : 'other';
    const isParent = [...nodes.keys()].some((each) => each.startsWith(`${path}/`));
    return folders.has(path) || isParent ? 'folder' : undefined;
  };
  const textOf = (path: string): string | undefined => {
    const node = nodes.get(path);
    return typeof node === 'string' ? node : undefined;
  };
  const describe = (folder: string, name: string): FileEntry => {
    const path = posix.join(folder, name);
    const kind = kindOf(path) ?? 'other';
    return { path: name, kind, size: textOf(path)?.length ?? 0, isExecutable: false };
  };
  return {
    nodes,
    removed,
    readText: (path) => Promise.resolve(textOf(path)),
    readLooseText: (path) => Promise.resolve(textOf(path)),
    kindOf: (path) => Promise.resolve(kindOf(path)),
    readLink: (path) => {
      const node = nodes.get(path);
      return Promise.resolve(typeof node === 'object' && 'link' in node ? node.link : '');
    },
    realPath: (path) => {
      const node = nodes.get(path);
      const target = typeof node === 'object' && 'link' in node ? posix.resolve(path, '..', node.link) : path;
      return Promise.resolve(kindOf(target) === undefined ? undefined : target);
    },
    listFolder: (path) => {
      const inside = [...nodes.keys()].filter((each) => each.startsWith(`${path}/`));
      const names = new Set(inside.map((each) => each.slice(path.length + 1).split('/', 1)[0] ?? ''));
      return Promise.resolve([...names].sort().map((name) => describe(path, name)));
    },
    listFiles: (folder, path) => {
      const start = posix.join(folder, path);
      const below = [...nodes.keys()].filter((each) => each === start || each.startsWith(`${start}/`)).sort();
      return Promise.resolve(
        below.map((each) => {
          const inside = posix.relative(folder, each);
          return { ...describe(folder, inside), path: inside };
        }),
      );
    },
    digest: (folder, entries) => {
      const all = createHash('sha256');
      for (const { path, kind, isExecutable } of entries) {
        const node = nodes.get(posix.join(folder, path));
        all.update(JSON.stringify([path, kind, isExecutable, node]));
      }
      return Promise.resolve(all.digest('hex'));
    },
    copy: (from, to, paths) => {
      for (const path of paths) nodes.set(posix.join(to, path), nodes.get(posix.join(from, path)) ?? '');
      return Promise.resolve();
    },
    copyFolder: (from, to) => {
      const inside = [...nodes].filter(([path]) => path.startsWith(`${from}/`));
      for (const [path, node] of inside) nodes.set(`${to}${path.slice(from.length)}`, node);
      return Promise.resolve();
    },
    append: (path, text) => Promise.resolve(void nodes.set(path, (textOf(path) ?? '') + text)),
    create: (path, text) => {
      if (kindOf(path) !== undefined) return Promise.reject(new Error(`EEXIST: "${path}" is there already`));
      return Promise.resolve(void nodes.set(path, text));
    },
    write: (path, text) => Promise.resolve(void nodes.set(path, text)),
    move: (from, to) => {
      nodes.set(to, nodes.get(from) ?? '');
      nodes.delete(from);
      return Promise.resolve();
    },
    makeFolder: (path) => Promise.resolve(void folders.add(path)),
    removeFolder: (path) => Promise.resolve(void removed.push(path)),
  };
}
