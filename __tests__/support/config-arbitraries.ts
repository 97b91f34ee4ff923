import { isDeepStrictEqual } from 'node:util';

import * as fc from 'fast-check';
import { parseDocument, stringify, type ToStringOptions } from 'yaml';
import { z } from 'zod';

import { cpuSizes, settingNames, settingsSchema, type Settings } from '../../src/service-config/schema.ts';

/** What breaks home-made grammars: YAML's own signs, and texts that look like something else. */
const hardPieces = [
  ...['', ' ', '\n', '\n\n', '\r\n', '\r', '\t', '"', "'", '`', '\\', '\\n', '$', '${HOME}', '$$', '%'],
  ...[': ', ':', ' #', '#', '- ', '? ', '*a', '&a ', '!tag ', '|', '>-', '{', '}', '[', ']', ',', '@', '<<'],
  ...['007', '1e3', '0x1f', '.inf', 'true', 'yes', 'null', '~', '---', '...', '2001-01-01', '1_000', '0.10'],
  ...['\u0000', '\u0085', '\u2028', '\ufeff', '\u001b[31m', '你好', '🚀', 'e\u0301', '{"a":[1,"b"]}'],
] as const;

/** Any text of whole characters, hard ones often. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...hardPieces), { maxLength: 6 }).map((pieces) => pieces.join('')),
);

const filledTexts = texts.filter((text) => text !== '');

const paths = fc
  .array(fc.constantFrom('docker', 'api.Dockerfile', 'a b', '服务', '.hidden', '0'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join('/'));

/** Names that no rule forbids: not the empty one, nor PORT; `__proto__` is no key of a config. */
const envNames = fc
  .oneof(filledTexts, fc.constantFrom('constructor', 'toString', 'A', 'B', 'C', 'PATH'))
  .filter((name) => name !== 'PORT' && name !== '__proto__');

const envVars = fc
  .array(fc.tuple(envNames, fc.oneof({ arbitrary: texts, weight: 5 }, fc.constant(null))), { maxLength: 6 })
  .map((entries) => Object.fromEntries(entries));

/** Settings of which the schema does not tell all: names of files, and what the platform's own limits narrow. */
const special: Readonly<Partial<Record<keyof Settings, fc.Arbitrary<unknown>>>> = {
  Cpu: fc.constantFrom(...cpuSizes),
  Mem: fc.constantFrom(...cpuSizes.map((cpu) => cpu * 2)),
  EnvParams: envVars,
  Dockerfile: paths,
  BuildDir: fc.oneof(fc.constant('.'), paths),
  InitialDelaySeconds: fc.integer({ min: 0, max: 3600 }),
};

/** The part of JSON Schema that the schema of the settings is made of. */
interface Form {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly items?: Form;
  readonly properties?: Readonly<Record<string, Form>>;
  readonly required?: readonly string[];
}

function valuesOf(form: Form): fc.Arbitrary<unknown> {
  if (form.enum !== undefined) return fc.constantFrom(...form.enum);
  if (form.type === 'boolean') return fc.boolean();
  if (form.type === 'integer') return fc.integer({ min: form.minimum ?? 0, max: form.maximum ?? 1000 });
  if (form.type === 'string' && form.pattern !== undefined)
    return fc.stringMatching(new RegExp(form.pattern));
  if (form.type === 'string') return form.minLength === undefined ? texts : filledTexts;
  if (form.type === 'array' && form.items !== undefined)
    return fc.array(valuesOf(form.items), { minLength: form.minItems ?? 0, maxLength: 4 });
  if (form.type === 'object' && form.properties !== undefined) return mapsOf(form.properties, form.required);
  throw new Error(`No values are known for the form ${JSON.stringify(form)}.`);
}

function mapsOf(
  properties: Readonly<Record<string, Form>>,
  requiredKeys: readonly string[] = [],
): fc.Arbitrary<unknown> {
  const values = Object.entries(properties).map(([name, form]) => [name, valuesOf(form)]);
  const model = Object.fromEntries(values) as Record<string, fc.Arbitrary<unknown>>;
  return fc.record(model, { requiredKeys: [...requiredKeys], noNullPrototype: true });
}

const { properties } = z.toJSONSchema(settingsSchema) as { readonly properties: Record<string, Form> };

/** Settings that the parser has to accept: each of the schema's or none, right together. */
export const settings: fc.Arbitrary<Settings> = fc
  .record(
    Object.fromEntries(settingNames.map((name) => [name, special[name] ?? valuesOf(properties[name] ?? {})])),
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((each) => agree(each as Settings));

/** Makes settings that are right by themselves right together. */
function agree({ Cpu, Mem, MinNum, MaxNum, OpenAccessTypes: access, ...rest }: Settings): Settings {
  const size = Cpu ?? (Mem === undefined ? undefined : Mem / 2);
  const [low, high] = [MinNum, MaxNum].map((amount) => amount ?? 0).sort((left, right) => left - right);
  const isPrivate = access?.[0] === 'PRIVATE';
  const excluded: readonly string[] = isPrivate ? ['PUBLIC', 'WEB', 'OA'] : ['PRIVATE'];
  return {
    ...rest,
    ...(size === undefined ? {} : { Cpu: size, Mem: size * 2 }),
    ...(MinNum === undefined ? {} : { MinNum: MaxNum === undefined ? MinNum : low }),
    ...(MaxNum === undefined ? {} : { MaxNum: MinNum === undefined ? MaxNum : high }),
    ...(access === undefined ? {} : { OpenAccessTypes: access.filter((type) => !excluded.includes(type)) }),
  };
}

const listChanges = {
  same: (list: readonly unknown[]) => list,
  reversed: (list: readonly unknown[]) => list.toReversed(),
  shorter: (list: readonly unknown[]) => (list.length > 1 ? list.slice(1) : list),
  twice: (list: readonly unknown[]) => [...list, ...list],
} as const;

/** A config and a later one, which repeats some settings of the first, lists in another order or length. */
export const successions: fc.Arbitrary<readonly [first: Settings, second: Settings]> = fc
  .tuple(settings, settings, fc.subarray([...settingNames]), fc.constantFrom(...Object.values(listChanges)))
  .map(([first, second, repeated, change]) => {
    const again = Object.entries(first)
      .filter(([name]) => repeated.some((each) => each === name))
      .map(([name, value]) => [name, Array.isArray(value) ? change(value) : value]);
    return [first, agree({ ...second, ...(Object.fromEntries(again) as Settings) })];
  });

/** The ways to write the same config. */
export interface Style {
  readonly isJson: boolean;
  readonly isQuoted: boolean;
  readonly newline: string;
  readonly head: string;
  readonly options: ToStringOptions;
}

export const styles: fc.Arbitrary<Style> = fc.record({
  isJson: fc.boolean(),
  isQuoted: fc.boolean(),
  newline: fc.constantFrom('\n', '\r\n'),
  head: fc.constantFrom('', '\ufeff', '---\n', '# a comment\n', '%YAML 1.2\n---\n'),
  options: fc.record({
    collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
    defaultStringType: fc.constantFrom(
      ...(['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const),
    ),
    defaultKeyType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
    lineWidth: fc.constantFrom(0, 30, 80),
    indent: fc.integer({ min: 1, max: 8 }),
  }),
});

/** A config as it stands in a file. */
export type Config = Settings & { readonly environments?: Readonly<Record<string, Settings>> };

/**
 * Writes a config in a style; every style means the same. JSON, which is YAML too, stands in where the package cannot
 * write a text in a style, such as lines of blanks.
 */
export function renderConfig(config: Config, style: Style): string {
  const written = style.isQuoted ? quoteScalars(config) : config;
  const json = style.head + JSON.stringify(written);
  if (style.isJson) return json;
  const text = (style.head + stringify(written, style.options)).replaceAll('\n', style.newline);
  return isWritten(text, written) ? text : json;
}

function isWritten(text: string, value: unknown): boolean {
  const document = parseDocument(text);
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS(), value);
}

function quoteScalars(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(quoteScalars);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, quoteScalars(inner)]));
}

const yamlPieces = [
  ...hardPieces,
  ...settingNames.map((name) => `${name}: `),
  ...[
    '\n',
    '\n  ',
    '\n    ',
    '\n- ',
    '|\n',
    '>\n ',
    '!!int ',
    '!<a> ',
    '%YAML 1.1\n',
    '%TAG ! a\n',
    '\n---\n',
  ],
  ...['1e400', '-0', '9'.repeat(40), '.nan', 'on', '__proto__: ', 'constructor: ', '\\x', '"\\u', '\ud800'],
  ...['environments:\n  dev:\n    ', 'environments: {dev: {', '<<: *a', 'Cpu: &a 1\n', '&a [*a]', 'cpu: 1\n'],
];

const fragments = fc
  .array(fc.oneof(fc.constantFrom(...yamlPieces), fc.string()), { maxLength: 25 })
  .map((pieces) => pieces.join(''));

const nested = fc
  .tuple(fc.constantFrom('[', '{', '{a: ', '- ', '? ', '{? ', '[&a '), fc.integer({ min: 1, max: 3000 }))
  .map(([sign, times]) => sign.repeat(times));

const indented = fc
  .integer({ min: 1, max: 60 })
  .map((depth) => Array.from({ length: depth }, (_, at) => `${' '.repeat(at)}a:`).join('\n'));

const bombs = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .map(([levels, width]) =>
    Array.from({ length: levels }, (_, at) => {
      const inner = at === 0 ? 'x' : `*a${at - 1}`;
      return `Cmd${at}: &a${at} [${Array.from({ length: width }, () => inner).join(', ')}]`;
    }).join('\n'),
  );

const wrongValues = fc
  .dictionary(fc.constantFrom(...settingNames, 'environments', 'cpu', 'Ports'), fc.jsonValue({ maxDepth: 3 }))
  .map((value) => stringify(value));

/** A config with an overlay that may stand over it: it sets both or none of what has to fit together. */
export const overlaid: fc.Arbitrary<readonly [base: Settings, overlay: Settings]> = fc
  .tuple(settings, settings)
  .map(([base, { MinNum, MaxNum, ...overlay }]) => [
    base,
    MinNum === undefined || MaxNum === undefined ? overlay : { ...overlay, MinNum, MaxNum },
  ]);

const whole: fc.Arbitrary<Config> = fc.oneof(
  settings,
  overlaid.map(([base, dev]) => ({ ...base, environments: { dev } })),
);

/** Breaks a few places of a text. */
export function damage(text: string, edits: readonly Edit[]): string {
  return edits.reduce((broken, [place, length, piece]) => {
    const at = place % (broken.length + 1);
    return broken.slice(0, at) + piece + broken.slice(at + length);
  }, text);
}

/** What is put in a place of a text, over so many characters. */
export type Edit = readonly [place: number, length: number, piece: string];

const editsWith = (pieces: readonly string[]): fc.Arbitrary<readonly Edit[]> =>
  fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...pieces)), { maxLength: 4 });

/** Edits that bring no name of a setting: the value of another setting than EnvParams may be shown. */
export const edits = editsWith(hardPieces);

const damaged = fc
  .tuple(whole, styles, editsWith(yamlPieces))
  .map(([config, style, places]) => damage(renderConfig(config, style), places));

/** Anything that may stand in a file: noise, fragments of YAML, deep nesting, alias bombs, good configs gone wrong. */
export const configTexts: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: texts, weight: 3 },
  { arbitrary: fragments, weight: 12 },
  { arbitrary: nested, weight: 1 },
  { arbitrary: indented, weight: 1 },
  { arbitrary: bombs, weight: 3 },
  { arbitrary: wrongValues, weight: 6 },
  { arbitrary: damaged, weight: 12 },
);

/** What no message may show. */
export const secret = 'S3CRET';

/** Values of an env var as somebody may write them: hard signs around a secret, in one line, without quotes. */
export const secretLines: fc.Arbitrary<string> = fc
  .tuple(...[0, 1].map(() => fc.array(fc.constantFrom(...hardPieces.filter(isInLine)), { maxLength: 3 })))
  .map(([before = [], after = []]) => before.join('') + secret + after.join(''));

function isInLine(piece: string): boolean {
  return !/[\r\n]/.test(piece);
}
