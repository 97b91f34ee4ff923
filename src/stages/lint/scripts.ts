import { join } from 'node:path';

import { isDeclaredModule, resolveScript } from '../../lint/script/graph.ts';
import { listStartScripts } from '../../lint/script/start.ts';
import { parseScript, type ScriptSubject, type SyntaxFault } from '../../lint/script/script.ts';
import type { Source } from '../../lint/rule.ts';
import type { Files } from '../../ports.ts';

/** Larger scripts are bundles with data in them, which take long and tell little. */
const scriptLimit = 5 * 1024 * 1024;

/** The scripts that a service loads. */
export interface Scripts {
  readonly scripts: readonly ScriptSubject[];
  readonly faults: readonly SyntaxFault[];
}

/** Reads and parses the scripts with which a service starts, and all that they import by a relative path. */
export async function followScripts(
  source: Source & { readonly texts: Map<string, string> },
  folder: string,
  files: Files,
): Promise<Scripts> {
  const scripts: ScriptSubject[] = [];
  const faults: SyntaxFault[] = [];
  const seen = new Set<string>();
  let next = listStartScripts(source);
  while (next.length > 0) {
    const fresh = [...new Set(next)].filter((file) => isReadable(file, source, seen));
    for (const file of fresh) seen.add(file);
    await Promise.all(
      fresh.map(async (file) => {
        const text = await files.readText(join(folder, file));
        if (text !== undefined) source.texts.set(file, text);
      }),
    );
    const parsed = fresh.flatMap((file) => parse(file, source));
    for (const each of parsed) {
      if ('program' in each) scripts.push(each);
      else if (!each.isTooDeep) faults.push(each);
    }
    next = parsed.flatMap((each) => ('program' in each ? follow(each) : []));
  }
  return { scripts, faults };
}

function isReadable(file: string, { entries }: Source, seen: ReadonlySet<string>): boolean {
  return !seen.has(file) && (entries.get(file)?.size ?? 0) <= scriptLimit;
}

function parse(file: string, source: Source): (ScriptSubject | SyntaxFault)[] {
  const text = source.texts.get(file);
  if (text === undefined) return [];
  return [parseScript(source, { file, text, isDeclaredModule: isDeclaredModule(file, source) })];
}

function follow({ file, imports, source }: ScriptSubject): string[] {
  return imports.flatMap(({ specifier }) => resolveScript(file, specifier, source) ?? []);
}
