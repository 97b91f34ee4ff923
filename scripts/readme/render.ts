import type { Entry, JsonSchema, Language, Sources } from './sources.ts';

export const tableNames = ['inputs', 'outputs', 'settings', 'failures'] as const;

export type Tables = Readonly<Record<(typeof tableNames)[number], string>>;

const heads = {
  en: {
    inputs: ['Input', 'Default', 'What it is'],
    outputs: ['Output', 'What it is'],
    settings: ['Setting', 'Accepted', 'What it is'],
    failures: ['Kind', 'What happened, and what to do'],
  },
  zh: {
    inputs: ['输入', '默认值', '说明'],
    outputs: ['输出', '说明'],
    settings: ['设置', '接受的值', '说明'],
    failures: ['类型', '发生了什么，怎么办'],
  },
} as const;

/** Renders every generated table in a language, as Markdown without the markers around it. */
export function renderTables(sources: Sources, language: Language): Tables {
  const titles = heads[language];
  const told = ({ words }: Pick<Entry, 'words'>): string => words[language];
  const failures = sources.failures.map((entry) => [code(entry.name), told(entry)]);
  const reserved = [sources.reserved.names.map(code).join(' '), told(sources.reserved)];
  return {
    inputs: renderTable(
      titles.inputs,
      sources.inputs.map((entry) => [code(entry.name), code(entry.default), told(entry)]),
    ),
    outputs: renderTable(
      titles.outputs,
      sources.outputs.map((entry) => [code(entry.name), told(entry)]),
    ),
    settings: renderTable(
      titles.settings,
      sources.settings.map((entry) => [code(entry.name), describeForm(entry.schema), told(entry)]),
    ),
    failures: renderTable(titles.failures, [...failures, reserved]),
  };
}

/** Puts each table between its markers; a README without a marker is an error. */
export function fillTables(markdown: string, tables: Tables): string {
  let filled = markdown;
  for (const name of tableNames) {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const from = filled.indexOf(open);
    const to = filled.indexOf(close, from);
    if (from === -1 || to === -1) throw new Error(`The markers ${open} and ${close} are missing.`);
    filled = `${filled.slice(0, from)}${open}\n\n${tables[name]}\n\n${filled.slice(to)}`;
  }
  return filled;
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

/** The accepted form of a setting in signs that need no translation. */
function describeForm(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map(code).join(' ');
  switch (schema.type) {
    case 'array':
      return describeList(schema.items ?? {});
    case 'object':
      return code(describeObject(schema));
    case 'boolean':
      return '`true` `false`';
    case 'integer':
    case 'number':
      return code(describeRange(schema));
    case undefined:
    default:
      return code('"…"');
  }
}

function describeList(items: JsonSchema): string {
  if (items.enum !== undefined) return code(`[${items.enum.join(', ')}]`);
  return code(items.type === 'object' ? `[${describeObject(items)}]` : '["…"]');
}

/** The names in a map; a question mark follows one that may be left out. */
function describeObject({ properties, required = [] }: JsonSchema): string {
  if (properties === undefined) return '{KEY: "…"}';
  const names = Object.keys(properties).map((name) => (required.includes(name) ? name : `${name}?`));
  return `{${names.join(', ')}}`;
}

function describeRange({ minimum, exclusiveMinimum, maximum = Number.MAX_SAFE_INTEGER }: JsonSchema): string {
  if (exclusiveMinimum !== undefined) return `> ${exclusiveMinimum}`;
  return maximum < Number.MAX_SAFE_INTEGER ? `${minimum ?? 0}…${maximum}` : `≥ ${minimum ?? 0}`;
}
