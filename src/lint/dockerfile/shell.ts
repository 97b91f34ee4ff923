import { sliceText, type LocatedText } from './located-text.ts';

/** One word of a command line, as the program gets it. */
export interface Word extends LocatedText {
  /** True where the shell puts something into it that is not known here, such as `$PORT`. */
  readonly isOpen: boolean;
}

/** One program with its arguments. */
export interface SimpleCommand {
  readonly words: readonly Word[];
  /** Env vars that are set for it alone, such as `A=1 node server.js`. */
  readonly assignments: readonly Word[];
  /** What stands after it: `&&`, `|`, `&`, `;`, a line break, a parenthesis; empty at the end. */
  readonly operator: string;
}

/** One lexical part of a script: a comment, a redirection, an operator, blanks, or a word. */
const part =
  /(?<comment>(?<=^|[\s;&|()])#[^\n]*)|(?<redirection>\d*(?:&>>?|[<>]+[&|]?)[ \t]*)|(?<operator>&&|\|\|?|;+|&|\n|[()])|(?<blank>[^\S\n]+)|(?<word>(?:\\[^]|'[^']*'?|"(?:\\[^]|\$\([^)$]*\)|[^"\\])*"?|\$\((?:[^()]|\([^()]*\))*\)?|\$\{[^}]*\}?|`[^`]*`?|[^\s;&|()<>\\'"`])+)|\\?/g;

/** The programs that a shell script starts, in their order; only as deep as plain command lists go. */
export function splitScript(script: LocatedText): SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let words: Word[] = [];
  let isTarget = false;
  const close = (operator: string): void => {
    if (words.length > 0) commands.push(createCommand(words, operator));
    words = [];
  };
  for (const { groups = {}, index } of script.text.matchAll(part)) {
    const { redirection, operator, word } = groups;
    if (operator !== undefined) close(operator);
    else if (word !== undefined && !isTarget)
      words.push(unquote(sliceText(script, index, index + word.length)));
    if (redirection !== undefined) isTarget = true;
    else if (operator !== undefined || word !== undefined) isTarget = false;
  }
  close('');
  return commands;
}

function createCommand(words: readonly Word[], operator: string): SimpleCommand {
  const first = words.findIndex(({ text }) => !/^[A-Za-z_]\w*=/.test(text));
  const count = first === -1 ? words.length : first;
  return { words: words.slice(count), assignments: words.slice(0, count), operator };
}

/** Without the quotes and backslashes; single quotes keep what is in them from the shell. */
function unquote({ text, offsets }: LocatedText): Word {
  let plain = '';
  let quote = '';
  let isOpen = false;
  const kept: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote === '' ? char === "'" || char === '"' : char === quote) {
      quote = quote === '' ? char : '';
      continue;
    }
    if (char === '\\' && quote !== "'" && at + 1 < text.length) at += 1;
    else if ((char === '$' || char === '`') && quote !== "'") isOpen = true;
    plain += text.charAt(at);
    kept.push(offsets[at] ?? 0);
  }
  return { text: plain, offsets: kept.length > 0 ? kept : offsets, isOpen };
}
