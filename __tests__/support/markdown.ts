import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A fenced block: its language and its text. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

/** A table: what its first column names in code, row by row. */
export interface Table {
  readonly rows: readonly (readonly string[])[];
}

/** The parts of a Markdown page that a translation shares with its original. */
export interface Page {
  readonly blocks: readonly Block[];
  /** Depths of the headings, in their order. */
  readonly headings: readonly number[];
  readonly tables: readonly Table[];
  /** Targets of relative links, without their fragments. */
  readonly links: readonly string[];
}

/** Reads a page of the repository. */
export function readPage(file: string): Page {
  const markdown = readFileSync(join(root, file), 'utf8');
  const blocks: Block[] = [];
  const prose = markdown.replace(/^```(\w*)\n(.*?)^```$/gms, (_, language: string, text: string) => {
    blocks.push({ language, text });
    return '';
  });
  return {
    blocks,
    headings: [...prose.matchAll(/^(#+) /gm)].map(([, signs = '']) => signs.length),
    tables: [...prose.matchAll(/(?:^\|.*\n)+/gm)].map(([lines]) => readTable(lines)),
    links: [...prose.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, target = '']) => target),
  };
}

function readTable(lines: string): Table {
  const rows = lines.trimEnd().split('\n').slice(2);
  return {
    rows: rows.map((row) => {
      const [, first = ''] = row.split(/(?<!\\)\|/);
      return [...first.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
    }),
  };
}
