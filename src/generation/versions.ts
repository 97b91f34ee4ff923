import semver from 'semver';

import type { Snapshot } from './source.ts';

/** A line of a runtime whose image is built on. */
export interface Version {
  /** As in the tag of the image: `24`, `3.13`. */
  readonly line: string;
  /** Why it is not the one that the project asks for, in one sentence. */
  readonly doubt?: string;
}

interface Asked {
  /** The file that asks. */
  readonly by: string;
  readonly text: string;
  /** A range of semver; undefined where it is none. */
  readonly range: string | undefined;
}

interface Runtime {
  readonly name: string;
  /** The lines that get fixes, the one to take first in front. */
  readonly lines: readonly string[];
}

/** Lines that get security fixes in the months to come. */
const node: Runtime = { name: 'Node.js', lines: ['24', '22', '26'] };
const python: Runtime = { name: 'Python', lines: ['3.13', '3.12', '3.11', '3.14'] };
const codeNames: Readonly<Record<string, string>> = {
  'lts/*': '26',
  'lts/-1': '24',
  'lts/lithium': '26',
  'lts/krypton': '24',
  'lts/jod': '22',
  'lts/iron': '20',
  'lts/hydrogen': '18',
  node: '26',
  stable: '26',
  latest: '26',
};

/** The line of Node.js for a project: what .nvmrc, .node-version or `engines` asks for, where it still gets fixes. */
export function chooseNode(snapshot: Snapshot, engines: unknown): Version {
  const asked = ['.nvmrc', '.node-version'].flatMap((by) => {
    const text = firstLine(snapshot.texts.get(by) ?? '');
    const plain = codeNames[text.toLowerCase()] ?? text.replace(/^v/, '');
    return text === '' ? [] : [{ by, text, range: lineOf(plain, /^\d+/) }];
  });
  if (typeof engines === 'string' && engines.trim() !== '')
    asked.push({ by: '"engines" of package.json', text: engines, range: rangeOf(engines) });
  return choose(node, asked[0]);
}

/** The line of Python for a project: what .python-version, runtime.txt or `requires-python` asks for. */
export function choosePython({ texts }: Snapshot): Version {
  const asked = ['.python-version', 'runtime.txt'].flatMap((by) => {
    const text = firstLine(texts.get(by) ?? '');
    return text === '' ? [] : [{ by, text, range: lineOf(text.replace(/^python-/, ''), /^\d+\.\d+/) }];
  });
  const required = /^requires-python\s*=\s*["']([^"']+)["']/m.exec(texts.get('pyproject.toml') ?? '')?.[1];
  if (required !== undefined)
    asked.push({ by: '"requires-python" of pyproject.toml', text: required, range: pepRange(required) });
  return choose(python, asked[0]);
}

function firstLine(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  return lines.find((line) => line !== '') ?? '';
}

function lineOf(text: string, form: RegExp): string | undefined {
  const line = form.exec(text)?.[0];
  return line === undefined ? undefined : `${line}.x`;
}

function rangeOf(text: string): string | undefined {
  return semver.validRange(text) ?? undefined;
}

/** A version specifier of Python as a range of semver: `>=3.10,<3.13`, `~=3.11`, `==3.12.*`. */
function pepRange(text: string): string | undefined {
  const parts = text.split(',').map((part) => part.trim().replace(/\s+/g, ''));
  const kept = parts.filter((part) => !part.startsWith('!='));
  const ranges = kept.map((part) => {
    if (/^~=\d+\.\d+$/.test(part)) return part.replace('~=', '^');
    return part
      .replace(/^~=/, '~')
      .replace(/^={2,3}/, '')
      .replace(/\.\*$/, '.x');
  });
  return rangeOf(ranges.join(' '));
}

function choose({ name, lines }: Runtime, asked: Asked | undefined): Version {
  const [first = ''] = lines;
  if (asked === undefined) return { line: first };
  const { by, range } = asked;
  // It becomes a comment in the Dockerfile, which a line break would end.
  const text = asked.text.replace(/[^ -~]+/g, ' ').slice(0, 40);
  if (range === undefined) {
    const doubt = `${by} asks for "${text}", which names no version of ${name}, so ${first} is taken.`;
    return { line: first, doubt };
  }
  const fitting = lines.find((line) => semver.intersects(range, `${line}.x`));
  if (fitting !== undefined) return { line: fitting };
  const line = nearest(lines, range) ?? first;
  const doubt = `${by} asks for ${name} "${text}", which is no line that gets security fixes: ${line} is the nearest that does.`;
  return { line, doubt };
}

/** The oldest line that is newer than what is asked for, else the newest one. */
function nearest(lines: readonly string[], range: string): string | undefined {
  const wanted = semver.minVersion(range);
  const sorted = lines.toSorted((left, right) => semver.compare(full(left), full(right)));
  return sorted.find((line) => wanted !== null && semver.gt(full(line), wanted)) ?? sorted.at(-1);
}

function full(line: string): string {
  return line.includes('.') ? `${line}.0` : `${line}.0.0`;
}
