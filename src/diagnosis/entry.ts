import type { Closing } from './closing.ts';

/** What a process did not find of its own code, as the rest of "because …"; undefined where all was there. */
export function findMissingEntry(closing: Closing, exitCode: number): string | undefined {
  return findMissingFile(closing) ?? readForm(closing, loaders) ?? readCommand(closing, exitCode);
}

/** The file, the module or the program that a process says it did not find; undefined where it says nothing of one. */
export function findMissingFile(closing: Closing): string | undefined {
  return readForm(closing, forms);
}

function readForm({ lines }: Closing, known: typeof forms): string | undefined {
  for (const line of lines.toReversed()) {
    for (const [form, reason] of known) {
      const match = form.exec(line);
      if (match !== null) return `${reason}${quote(match[1])}`;
    }
  }
  return undefined;
}

function readCommand({ lines }: Closing, exitCode: number): string | undefined {
  if (exitCode !== 126 && exitCode !== 127) return undefined;
  const reason = exitCode === 126 ? 'it may not run its start command' : 'it cannot find its start command';
  const command = lines.map((line) => commandForm.exec(line)?.[1]).findLast((name) => name !== undefined);
  return `${reason}${quote(command)}`;
}

/** A name, unless it is something else than a name. */
function quote(name: string | undefined): string {
  return name !== undefined && /^[\w@./:+-]{1,120}$/.test(name) && !/:.*@/.test(name) ? ` "${name}"` : '';
}

const commandForm =
  /(?:^|[\s:])([\w./-]+): (?:command )?(?:not found|no such file or directory|permission denied)$/i;

/** The framework says so of whatever ends the function while it is loaded. */
const loaders: typeof forms = [
  [/Failed to load target function, because/, 'the framework cannot load the function'],
  [/Failed to load function (\S+), because/, 'the framework cannot load the function'],
  [/Failed to load functions config/, 'the framework cannot load cloudbase-functions.json'],
];

const forms: readonly (readonly [RegExp, string])[] = [
  [/Cannot find module '(\/[^']+)'/, 'it cannot find the file'],
  [/Cannot find module '([^']+)'/, 'it cannot find the module'],
  [/Cannot find package '([^']+)' imported/, 'it cannot find the package'],
  [/can't open file '([^']+)'/, 'it cannot find the file'],
  [/^(?:ModuleNotFoundError|\S*python\S*): No module named '?([\w.]+)/, 'it cannot find the module'],
  [/Failed to find attribute '\w+' in '([\w.]+)'/, 'the app that is started is not in the module'],
  [/Could not import (?:module )?["']([\w.]+)["']/, 'it cannot import the module'],
  [/Attribute "\w+" not found in module "([\w.]+)"/, 'the app that is started is not in the module'],
  [/Could not locate a Flask application/, 'it cannot find the Flask app'],
  [/Unable to access jarfile (\S+)/, 'it cannot find the file'],
  [/Could not find or load main class (\S+)/, 'it cannot find the class'],
  [/no main manifest attribute, in (\S+)/, 'no main class is named in'],
  [/Could not open input file: (\S+)/, 'it cannot find the file'],
  [/cannot load such file -- (\S+)/, 'it cannot find the file'],
  [/Missing script: "?([\w:-]+)"?/i, 'package.json has no script'],
  [/Could not read package\.json/, 'it cannot find package.json'],
  [/The application '([^']+)' does not exist/, 'it cannot find the file'],
  [
    /exec: "([^"]+)": (?:executable file not found|stat \S+: no such file|permission denied)/,
    'it cannot run',
  ],
  [/^exec (\S+): (?:no such file or directory|permission denied)/, 'it cannot run'],
];
