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
  /** What stands after it: `&&`, `|`, `&`, `;`, a line break, parentheses; none at the end. */
  readonly operators: readonly string[];
}

/** One lexical part of a script: a comment, a redirection, an operator, blanks, or a word. */
const part =
  /(?<comment>(?<=^|[\s;&|()])#[^\n]*)|(?<redirection>\d*(?:&>>?|[<>]+[&|]?)[ \t]*)|(?<operator>&&|\|\|?|;+|&|\n|[()])|(?<blank>(?:[^\S\n]|\\\r?\n)+)|(?<word>(?:\\(?:\r\n|[^])|'[^']*'?|"(?:\\[^]|\$\([^)$]*\)|[^"\\])*"?|\$\((?:[^()]|\([^()]*\))*\)?|\$\{[^}]*\}?|`[^`]*`?|[^\s;&|()<>\\'"`])+)|\\?/g;

/** The shell, the script and what stands before both, where the words of a command run `sh -c`. */
export function findScript<W extends LocatedText>(
  words: readonly W[],
): { readonly shell: W; readonly text: W; readonly before: readonly W[] } | undefined {
  const index = words.findIndex(({ text }) => /^(?:\/\S*\/)?(?:ba|da|a|z|k)?sh$/.test(text));
  const option = words.findIndex(({ text }, at) => at > index && /^-[a-z]*c$/.test(text));
  const [shell, text] = [words[index], words[option + 1]];
  const isShell = words.slice(index + 1, option).every((word) => /^[-+]|^pipefail$/.test(word.text));
  if (shell === undefined || option === -1 || text === undefined || !isShell) return undefined;
  return { shell, text, before: words.slice(0, index) };
}

/** The programs that a shell script starts, in their order; only as deep as plain command lists go. */
export function splitScript(script: LocatedText): SimpleCommand[] {
  const commands: OpenCommand[] = [];
  let words: Word[] = [];
  let isTarget = false;
  const close = (): void => {
    if (words.length > 0) commands.push(createCommand(words));
    words = [];
  };
  for (const { groups = {}, index } of script.text.matchAll(part)) {
    const { redirection, operator, word } = groups;
    if (operator !== undefined) {
      close();
      commands.at(-1)?.operators.push(operator);
    } else if (word !== undefined && !isTarget)
      words.push(unquote(sliceText(script, index, index + word.length)));
    if (redirection !== undefined) isTarget = true;
    else if (operator !== undefined || word !== undefined) isTarget = false;
  }
  close();
  return commands;
}

/** A command to which operators are still added. */
interface OpenCommand extends SimpleCommand {
  readonly operators: string[];
}

function createCommand(words: readonly Word[]): OpenCommand {
  const first = words.findIndex(({ text }) => !/^[A-Za-z_]\w*=/.test(text));
  const count = first === -1 ? words.length : first;
  return { words: words.slice(count), assignments: words.slice(0, count), operators: [] };
}

/** Without the quotes and backslashes; single quotes keep what is in them from the shell. */
function unquote({ text, offsets }: LocatedText): Word {
  let plain = '';
  let quote = '';
  let isOpen = false;
  const kept: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    const joint = char === '\\' && quote !== "'" ? /^\\\r?\n/.exec(text.slice(at, at + 3)) : null;
    if (joint !== null) {
      at += joint[0].length - 1;
      continue;
    }
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
