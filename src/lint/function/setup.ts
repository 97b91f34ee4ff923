import type { Hit, Rule, Source } from '../rule.ts';
import { isSurelyEvaluated, keyName, walkTree } from '../script/tree.ts';
import { placeInScript, type ScriptSubject } from '../script/script.ts';

const handler = 'exports.main = (event, context) => ({ path: context.httpContext.url });\n';

/** Rules about what belongs to a container and stands beside a function. */
export const functionSetupRules: readonly Rule<Source>[] = [
  {
    id: 'CBR130',
    severity: 'info',
    title: 'A Dockerfile stands beside a function',
    why:
      'Function mode does not use it. A new service that is deployed with mode "auto" becomes a container for the ' +
      'sake of it, and a service keeps its mode for good.',
    fix: 'Name the mode in the workflow, or remove the Dockerfile.',
    bad: {
      mode: 'function',
      files: {
        Dockerfile:
          'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nUSER node\nEXPOSE 3000\nCMD ["node", "index.js"]\n',
        'index.js': handler,
      },
    },
    good: { mode: 'function', files: { 'index.js': handler } },
    check: ({ mode, entries }) => {
      if (mode === 'container') return [];
      const found = [...entries].filter(
        ([path, { kind }]) => kind === 'file' && path.toLowerCase() === 'dockerfile',
      );
      return found.map(([file]) => ({
        message: `${file} is not used in ${mode} mode.`,
        at: { file, line: 1, column: 1 },
      }));
    },
  },
];

/** Rules about what a function does while it is loaded. */
export const functionServerRules: readonly Rule<ScriptSubject>[] = [
  {
    id: 'CBR131',
    severity: 'warning',
    title: 'A function opens a port of its own',
    why:
      'In function mode the functions framework listens on port 3000 and calls the exported function. On the same ' +
      'port the framework cannot start, and no request reaches another one.',
    fix: 'Export a function and let the framework listen, or use container mode.',
    bad: {
      mode: 'function',
      files: {
        'index.js':
          "const http = require('node:http');\n\nhttp.createServer((request, response) => response.end()).listen(3000);\n" +
          'exports.main = () => "Hello";\n',
      },
    },
    good: { mode: 'function', files: { 'index.js': handler } },
    check: findListeners,
  },
];

function findListeners(subject: ScriptSubject): Hit[] {
  const hits: Hit[] = [];
  if (subject.source.mode === 'container' || !subject.text.includes('listen')) return hits;
  walkTree(subject.program, {
    CallExpression(node, _state, ancestors) {
      const { callee } = node;
      if (callee.type !== 'MemberExpression' || keyName(callee) !== 'listen') return;
      if (!isSurelyEvaluated(ancestors)) return;
      const at = placeInScript(subject, callee.property);
      hits.push({ message: `${subject.file} calls "listen" as it is loaded.`, at });
    },
  });
  return hits;
}
