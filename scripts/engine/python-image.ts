import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { installPackages, sourcesLine } from './apt.ts';
import { mustRun } from './run.ts';

// Debian 12 is the release whose Python is 3.11.
const release = 'bookworm';
const packages = ['python3-minimal', 'python3-pip', 'python3-flask', 'gunicorn', 'ca-certificates'];

/** Identifies what the Python stand-in is made of. */
export function pythonStamp(): Promise<string> {
  const parts = ['recipe 1', release, ...packages];
  return Promise.resolve(createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16));
}

/** Writes a small Debian with Python 3.11, pip, Flask and gunicorn as a tar archive; hands back its path. */
export async function makePythonTar(work: string): Promise<string> {
  if (process.getuid?.() !== 0) throw new Error('a Python stand-in needs root');
  await installPackages(['mmdebstrap']);
  const tar = join(work, 'image.tar');
  const hooks = [
    // Debian's pip refuses to install beside Debian's own packages; in the real image it does not.
    '--customize-hook=rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED',
    '--customize-hook=ln -s /usr/bin/python3 "$1"/usr/local/bin/python',
    '--customize-hook=rm -rf "$1"/usr/share/doc "$1"/usr/share/man "$1"/usr/share/locale',
  ];
  const args = [
    '--quiet',
    '--variant=minbase',
    '--dpkgopt=force-unsafe-io',
    `--include=${packages.join(',')}`,
    ...hooks,
  ];
  await mustRun('mmdebstrap', [...args, release, tar, await sourcesLine(release)], { timeoutMs: 600_000 });
  return tar;
}
