import { describe, expect, it } from '@jest/globals';

import { check } from '../../src/lint/check.ts';
import { parseDirectives } from '../../src/lint/directive.ts';
import { createDockerfileSubject } from '../../src/lint/dockerfile/tree.ts';
import { leaveOut } from '../../src/lint/ignore.ts';
import type { Example } from '../../src/lint/rule.ts';
import { rules } from '../../src/lint/rules.ts';
import { parseScript, type ScriptSubject, type SyntaxFault } from '../../src/lint/script/script.ts';
import { isDeclaredModule } from '../../src/lint/script/graph.ts';
import { sourceOf } from '../support/lint.ts';

/** A good example whose Dockerfile exposes nothing has its port from the service config. */
function withPort(example: Example): Example {
  const isExposed = Object.values(example.files).some((text) => /^EXPOSE/m.test(text));
  return isExposed || example.mode !== 'container' ? example : { port: 8080, ...example };
}

/** What all rules together find in an example. */
function findIn(example: Example) {
  const source = sourceOf(example);
  const { dockerfile: place, texts } = source;
  const text = place === undefined ? undefined : texts.get(place.path);
  const dockerfile =
    place === undefined || text === undefined ? undefined : createDockerfileSubject(source, place, text);
  const lines = dockerfile?.dockerfile.getInstructions().map((instruction) => {
    const { start, end } = instruction.getRange();
    return { line: start.line + 1, endLine: end.line + 1 };
  });
  const parsed = [...texts].flatMap(([file, script]): (ScriptSubject | SyntaxFault)[] =>
    /\.[cm]?js$/.test(file)
      ? [parseScript(source, { file, text: script, isDeclaredModule: isDeclaredModule(file, source) })]
      : [],
  );
  const directives = [...texts].flatMap(([file, content]) =>
    parseDirectives(file, content, file === place?.path ? lines : undefined),
  );
  const found = check({
    source,
    dockerfile,
    scripts: parsed.filter((each) => 'program' in each),
    faults: parsed.filter((each): each is SyntaxFault => !('program' in each)),
    directives,
  });
  return leaveOut(found, directives, []).findings;
}

describe.each(rules)('$id: $title', (rule) => {
  it('finds its bad example, in the file that is shown', () => {
    const hits = findIn(rule.bad).filter((finding) => finding.rule === rule.id);
    expect(hits.length).toBeGreaterThan(0);
    const [shown = ''] = Object.keys(rule.bad.files);
    if (rule.id !== 'CBR001') expect(new Set(hits.map(({ at }) => at.file))).toEqual(new Set([shown]));
  });

  it('finds nothing in its good example, and nor does another rule of its severity or a worse one', () => {
    const order = ['error', 'warning', 'info'];
    const limit = order.indexOf(rule.severity);
    const found = findIn(withPort(rule.good)).filter(({ severity }) => order.indexOf(severity) <= limit);
    expect(found.map(({ rule: id, message }) => `${id}: ${message}`)).toEqual([]);
  });

  it('says what is wrong in one sentence, and what to do in another', () => {
    for (const { message, fix, at } of findIn(rule.bad)) {
      expect(message).toMatch(/^["'`.a-zA-Z-].*[^.][.]$/);
      expect(fix).toMatch(/^[A-Z].*[^.][.]$/);
      expect(at.line).toBeGreaterThanOrEqual(1);
      expect(at.column).toBeGreaterThanOrEqual(1);
    }
    expect(rule.title).not.toMatch(/[.]$/);
    expect(rule.why).toMatch(/[.]$/);
  });
});

it('gives each rule an id of its own', () => {
  const ids = rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^CBR\d{3}$/.test(id))).toEqual([]);
  expect(ids).toEqual([...ids].sort());
});
