import { intersects } from 'semver';

import { nodeRangeOf } from './node-version.ts';
import type { Rule } from '../rule.ts';
import { placeInScript, type ScriptSubject } from '../script/script.ts';

/** The versions of Node.js that find out by themselves that a script is a module. */
const detecting = '>=20.19.0 <21 || >=22.7.0';

const script = 'export const main = (event, context) => ({ path: context.httpContext.url });\n';

/** Rules about the two module systems of Node.js. */
export const functionModuleRules: readonly Rule<ScriptSubject>[] = [
  {
    id: 'CBR105',
    severity: 'error',
    title: 'Module syntax in a script that Node.js takes for CommonJS',
    why:
      'Function mode runs on Node.js 20.18, which takes a .js file for CommonJS unless package.json says "type": ' +
      '"module". Newer ones (20.19, 22.7) look at the syntax, so that the same file runs elsewhere.',
    fix: 'Set "type": "module" in package.json, or let the file end with .mjs.',
    bad: { mode: 'function', files: { 'index.js': script, 'package.json': '{ "main": "index.js" }\n' } },
    good: {
      mode: 'function',
      files: { 'index.js': script, 'package.json': '{ "main": "index.js", "type": "module" }\n' },
    },
    check: (subject) => {
      const { source, file, isModule, isDeclaredModule, program } = subject;
      if (source.mode === 'container' || !isModule || isDeclaredModule) return [];
      const range = nodeRangeOf(source);
      if (range === undefined || intersects(range, detecting)) return [];
      const node = program.body.find(({ type }) => /^(Import|Export)/.test(type));
      const message = `${file} has the syntax of a module, and Node.js ${range} takes it for CommonJS.`;
      return [{ message, at: placeInScript(subject, node ?? { start: 0, end: 0 }) }];
    },
  },
];
