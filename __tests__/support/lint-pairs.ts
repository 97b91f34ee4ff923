import type { Rule } from '../../src/lint/rule.ts';

/** A rule of a list by its id; an id that the list does not hold is a mistake of the test. */
export function pick<S>(rules: readonly Rule<S>[]): (id: string) => Rule<S> {
  return (id) => {
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined) throw new Error(`There is no rule ${id}.`);
    return rule;
  };
}
