import type { Rule } from '../rule.ts';
import { functionExample } from './example.ts';
import type { SyntaxFault } from './script.ts';

/** The rule about scripts that do not parse; all others need one that does. */
export const faultRules: readonly Rule<SyntaxFault>[] = [
  {
    id: 'CBR200',
    severity: 'error',
    title: 'Script with a syntax error',
    why: 'Node.js refuses to load the script, so the service ends as soon as it starts.',
    fix: 'Correct the syntax.',
    bad: functionExample({ 'index.js': 'exports.main = async () => {\n  return { ok: true;\n};\n' }),
    good: functionExample({ 'index.js': 'exports.main = async () => {\n  return { ok: true };\n};\n' }),
    check: ({ message, at }) => [{ message: `The script does not parse: ${message}.`, at }],
  },
];
