import { parse } from 'acorn';

import type { Finding } from './finding.ts';

/** Parses the entry of a function, if it is JavaScript; `file` is the name that the finding carries. */
export function lintEntry(text: string, file: string): Finding[] {
  if (!/\.[cm]?js$/.test(file)) return [];
  const faults = (['module', 'script'] as const).map((sourceType) => syntaxFault(text, sourceType));
  const [asModule, asScript] = faults;
  const fault = file.endsWith('.mjs') ? asModule : (asScript ?? undefined);
  if (fault === undefined || (asModule === undefined && !file.endsWith('.cjs'))) return [];
  return [
    {
      severity: 'error',
      tool: 'cloudbase-run',
      rule: 'syntax',
      message: `The entry does not parse: ${fault.message}.`,
      fix: 'Correct the syntax.',
      url: 'docs/rules.md',
      at: { file, line: fault.line, column: fault.column + 1 },
    },
  ];
}

interface Fault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

function syntaxFault(text: string, sourceType: 'module' | 'script'): Fault | undefined {
  try {
    parse(text, {
      ecmaVersion: 'latest',
      sourceType,
      allowHashBang: true,
      allowReturnOutsideFunction: sourceType === 'script',
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError) || !('loc' in error)) throw error;
    const { line, column } = error.loc as { line: number; column: number };
    return { message: error.message.replace(/ \(\d+:\d+\)$/, ''), line, column };
  }
}
