import { describe, expect, it } from '@jest/globals';

import { parseYaml } from '../../src/service-config/yaml.ts';

const faultsOf = (text: string): (string | undefined)[][] =>
  parseYaml(text, 'cloud.yml').problems.map(({ subject, message, at }) => [
    `${at?.file}:${at?.line}:${at?.column}`,
    subject,
    message,
  ]);

describe('a YAML document', () => {
  it('is given with its value, and tells where its nodes stand', () => {
    const { value, problems } = parseYaml('A: &a 1\nB: *a\n', 'cloud.yml');
    expect(problems).toEqual([]);
    expect(value?.value).toEqual({ A: 1, B: 1 });
    expect(value?.locate(8)).toEqual({ file: 'cloud.yml', line: 2, column: 1 });
  });

  it.each([
    ['an empty text', '', null],
    ['a byte order mark', '\uFEFFPort: 80', { Port: 80 }],
    ['lines that end as on Windows', 'Cpu: 1\r\nMem: 2\r\n', { Cpu: 1, Mem: 2 }],
    ['words that were booleans in YAML 1.1', '[yes, no, on, off]', ['yes', 'no', 'on', 'off']],
    ['a node that many aliases repeat', `A: [&a 1${', *a'.repeat(90)}]`, { A: Array(91).fill(1) }],
    ['tabs where they mean nothing', 'A:\t1\t# one\nB: "\t"', { A: 1, B: '\t' }],
    ['a name that only looks like a merge', 'A: &a b\n<<: *a', { A: 'b', '<<': 'b' }],
    ['an anchor at a null that is written', 'A: &a null\nB: *a', { A: null, B: null }],
    ['twenty levels', `${'['.repeat(20)}${']'.repeat(20)}`, expect.any(Array)],
  ])('may have %s', (_name, text, value) => {
    expect(parseYaml(text, 'cloud.yml').value?.value).toEqual(value);
    expect(faultsOf(text)).toEqual([]);
  });

  const tagged =
    'has a tag (!name), and no setting takes one. Leave it out, or put a text that begins with "!" in quotes.';
  const noAnchor =
    'has an alias (*name) without its anchor (&name) before it. Put a text that begins with "*" in quotes.';
  const noValue = 'has an anchor (&name) without a value. Put a text that begins with "&" in quotes.';
  const merge =
    'has a merge key (<<), which YAML 1.2 does not know. Write the settings out, or put what all overlays share at the top.';
  const noText = 'has a key that is not a plain text.';

  it.each([
    ['A: 1\n---\nB: 2', '2:1', 'must be one YAML document.'],
    ['A: 1\nA: 1', '2:1', 'is not valid YAML: Map keys must be unique.'],
    ['A: {B: 1, B: 2}', '1:11', 'is not valid YAML: Map keys must be unique.'],
    ['A:\n\tB: 1', '2:1', 'is not valid YAML: Tabs are not allowed as indentation.'],
    ['A: {B: 1, "B": 2}', '1:11', 'is not valid YAML: Map keys must be unique.'],
    ['A: {1: a, "1": b}', '1:11', 'is not valid YAML: Map keys must be unique.'],
    ['A: {0x10: a, 16: b}', '1:14', 'is not valid YAML: Map keys must be unique.'],
    ['A: &a {}\nB: {<<: *a}', '2:5', merge],
    ['<<: {A: 1}', '1:1', merge],
    ['A: !port 80', '1:10', tagged],
    ['A: ! 80', '1:6', tagged],
    ['A: !!int "80"', '1:10', tagged],
    ['A: {KEY: !!binary aGk=}', '1:19', tagged],
    ['A: !!set {a, b}', '1:10', tagged],
    ['%YAML 1.1\n---\nA: yes', '1:1', 'must be YAML 1.2, not 1.1.'],
    ['%YAML hunter2\n---\nA: b', '1:7', 'is not valid YAML: Unsupported YAML version.'],
    ['? [a]\n: b', '1:3', noText],
    ['A: {? {b: 1} : c}', '1:7', noText],
    ['A: &name', '1:9', noValue],
    ['A: &name # text\nB: 1', '1:10', noValue],
    ['~: 1', '1:1', noText],
    ['A: &a b\n*a : c', '2:1', noText],
    ['A: {__proto__: b}', '1:5', noText],
    ['A: *missing', '1:4', noAnchor],
    ['A:\n  B: *late\nC: &late 1', '2:6', noAnchor],
    [
      [
        'a: &a [x]',
        ...['b', 'c', 'd', 'e'].map((name, at) => `${name}: &${name} [${`*${'abcd'[at]},`.repeat(9)}]`),
      ].join('\n'),
      '2:8',
      'has too many aliases (*name).',
    ],
  ])('is refused where it is wrong: %j', (text, at, message) => {
    expect(faultsOf(text)).toEqual([[`cloud.yml:${at}`, 'server-config', message]]);
  });

  it.each(['A: {', 'a: b: c', '\tA: 1', 'A: "x', '*a : 1', '@', '`', '%'])('is no YAML: %j', (text) => {
    const [[at, , message] = []] = faultsOf(text);
    expect(at).toMatch(/^cloud\.yml:\d+:\d+$/);
    expect(message).toMatch(/^(is not valid YAML: \S|has )/);
  });

  it.each([
    ']s3cret',
    '[a]s3cret',
    '}s3cret',
    '|s3cret',
    '>s3cret',
    '!s3cret',
    '!s3cret!',
    '!s3cret!x',
    '!<s3cret',
    '!<s3cret>',
    '*s3cret',
    '&s3cret',
    '"s3cret',
    "'s3cret",
    '"a" s3cret',
    '"a\\s3cret"',
    '"\\us3cret"',
    '"\\x5s3cret"',
    '@s3cret',
    '%s3cret',
    'a: s3cret',
    '- s3cret',
    '{s3cret',
    's3cret: a: b',
    '\n s3cret',
  ])('that a secret breaks is refused without showing it: %j', (value) => {
    const messages = faultsOf(`EnvParams:\n  A: ${value}`).map(([, , message = '']) => message);
    expect(messages.join(' ')).toMatch(/^(is not valid YAML|has )/);
    expect(messages.join(' ')).not.toMatch(/s3c|\\[sux]/);
  });

  it.each([21, 100, 500, 1_000, 5_000])('of %i levels is nested too deeply', (depth) => {
    expect(faultsOf(`A: ${'['.repeat(depth)}${']'.repeat(depth)}`).map(([, , message]) => message)).toEqual([
      'is nested too deeply for a config.',
    ]);
  });

  it('with one slip that goes on and on has ten problems at most', () => {
    expect(faultsOf('{'.repeat(200))).toHaveLength(10);
  });

  it('tells the line of what stands after a flow map that breaks a rule', () => {
    const places = faultsOf('yes{\n a: [ b ],\n c: 1,\n d: 2\n}\n').map(([at]) => at);
    expect(places).toEqual(['1:1', '2:10', '3:5', '3:5', '5:1'].map((at) => `cloud.yml:${at}`));
  });
});
