import type { AnyNode, CallExpression } from 'acorn';

import type { Example, Hit, Rule } from '../rule.ts';
import { listAnswers } from './answers.ts';
import { functionExample } from './example.ts';
import { originOf, readNames, valueOf, type Names } from './names.ts';
import { literalText, unwrap, walkTree } from './tree.ts';
import { placeInScript, type ScriptSubject } from './script.ts';

const handlerFix = 'Answer with the single values that the caller needs.';

function example(handler: string): Example {
  return functionExample({ 'index.js': `exports.main = async (event, context) => {\n  ${handler}\n};\n` });
}

/** Rules of scripts that give away request headers or the environment as a whole. */
export const echoRules: readonly Rule<ScriptSubject>[] = [
  {
    id: 'CBR205',
    severity: 'warning',
    title: 'Answer holds all request headers, or the one with credentials',
    why: 'The platform hands the context of a call, with credentials, to the service in the header x-cloudbase-context. An answer that echoes all headers gives them to whoever reads it.',
    fix: handlerFix,
    bad: example('return { statusCode: 200, body: JSON.stringify(context.httpContext.headers) };'),
    good: example("return { statusCode: 200, body: context.httpContext.headers['user-agent'] };"),
    check: (subject) => [
      ...checkAnswers(subject, wholeHeaders, 'The answer holds all request headers'),
      ...checkAnswers(
        subject,
        platformHeader,
        'The answer holds the header x-cloudbase-context, with the credentials of the call',
      ),
    ],
  },
  {
    id: 'CBR206',
    severity: 'warning',
    title: 'Answer holds all env vars',
    why: 'Secrets reach a service as env vars. An answer that holds the environment gives all of them to whoever reads it.',
    fix: handlerFix,
    bad: example('return { statusCode: 200, body: JSON.stringify(process.env) };'),
    good: example('return { statusCode: 200, body: process.env.APP_VERSION };'),
    check: (subject) => checkAnswers(subject, wholeEnv, 'The answer holds all env vars of the service'),
  },
  {
    id: 'CBR207',
    severity: 'warning',
    title: 'Log holds all env vars',
    why: 'Secrets reach a service as env vars, and what a service logs is kept and can be read by everyone who may see its logs.',
    fix: 'Log the names of the env vars, or the single values that help.',
    bad: example('console.log(process.env);\n  return { statusCode: 200 };'),
    good: example('console.log(Object.keys(process.env));\n  return { statusCode: 200 };'),
    check: checkLogs,
  },
];

/** A cheap test of the text, and the test of an origin. */
interface Whole {
  readonly inText: RegExp;
  readonly origin: RegExp;
  /** Calls that bring it, by their origins, each with its first argument. */
  readonly call?: RegExp;
}

const wholeHeaders: Whole = {
  inText: /headers?\b(?!\s*(\??\.\s*\w|\[))/i,
  origin:
    /^((req|request|rq|q|ctx|event|httpContext|context\.httpContext|(ctx|context)\.(req|request))\.(raw)?headers|(req|request|ctx)\.header|(c|ctx|context)\.req\.header\(\))$/i,
};
const platformHeader: Whole = {
  inText: /x-cloudbase-context/i,
  origin:
    /^((req|request|rq|q|ctx|event|httpContext|context\.httpContext|(ctx|context)\.(req|request))\.headers|(req|request|ctx)\.header)\.x-cloudbase-context$/i,
  call: /^((req|request|ctx|(ctx|context)\.(req|request))\.(get|header)|(c|ctx|context)\.req\.header|(req|request)\.headers\.get)\(\) x-cloudbase-context$/i,
};
const wholeEnv: Whole = {
  inText: /\bprocess\s*\.\s*env\b(?!\s*(\??\.\s*\w|\[))|\benv\b.*\bprocess\b/,
  origin: /^(process|globalThis\.process)\.env$/,
};

function checkAnswers(subject: ScriptSubject, whole: Whole, message: string): Hit[] {
  if (!whole.inText.test(subject.text)) return [];
  const names = readNames(subject.program);
  return unique(
    listAnswers(subject, names).flatMap((node) => findWhole(node, { whole, names, depth: 0 })),
  ).map((node) => ({ message: `${message}.`, at: placeInScript(subject, node) }));
}

function checkLogs(subject: ScriptSubject): Hit[] {
  if (!wholeEnv.inText.test(subject.text)) return [];
  const names = readNames(subject.program);
  const found: AnyNode[] = [];
  walkTree(subject.program, {
    CallExpression({ callee, arguments: values }) {
      if (
        !/^(console|logger|log)\.(log|info|debug|warn|error|dir|table|trace)$/.test(
          originOf(callee, names) ?? '',
        )
      )
        return;
      found.push(...values.flatMap((node) => findWhole(node, { whole: wholeEnv, names, depth: 0 })));
    },
  });
  return unique(found).map((node) => ({
    message: 'The script logs all env vars of the service.',
    at: placeInScript(subject, node),
  }));
}

function unique(nodes: readonly AnyNode[]): AnyNode[] {
  return [...new Set(nodes)];
}

interface Search {
  readonly whole: Whole;
  readonly names: Names;
  readonly depth: number;
}

/** Where a value holds the whole of something, rather than one member of it. */
function findWhole(node: AnyNode | null | undefined, search: Search): AnyNode[] {
  if (!node || search.depth > 12) return [];
  const inner = unwrap(node);
  if (isWhole(inner, search)) return [node];
  const deeper = { ...search, depth: search.depth + 1 };
  return listParts(inner, search.names).flatMap((part) => findWhole(part, deeper));
}

function isWhole(node: AnyNode, { whole, names }: Search): boolean {
  const origin = originOf(node, names) ?? '';
  if (node.type !== 'CallExpression' || node.arguments.length === 0) return whole.origin.test(origin);
  return whole.call?.test(`${origin} ${literalText(node.arguments[0]) ?? ''}`) ?? false;
}

/** The parts of a value that are wholly in it. */
function listParts(node: AnyNode, names: Names): readonly (AnyNode | null | undefined)[] {
  if (node.type === 'ObjectExpression')
    return node.properties.map((each) => (each.type === 'Property' ? each.value : each.argument));
  if (node.type === 'ArrayExpression') return node.elements;
  if (node.type === 'SpreadElement') return [node.argument];
  if (node.type === 'TemplateLiteral') return node.expressions;
  if (node.type === 'ConditionalExpression') return [node.consequent, node.alternate];
  if (node.type === 'LogicalExpression')
    return node.operator === '&&' ? [node.right] : [node.left, node.right];
  if (node.type === 'BinaryExpression' && node.operator === '+') return [node.left, node.right];
  if (node.type === 'CallExpression') return keepsAll(node, names) ? node.arguments : [];
  const value = node.type === 'Identifier' ? valueOf(node, names) : node;
  return value === node ? [] : [value];
}

const keeping =
  /^(JSON\.stringify|Object\.(assign|entries|fromEntries|values)|util\.(format|inspect)|Buffer\.from|structuredClone)$/;

function keepsAll({ callee, arguments: values }: CallExpression, names: Names): boolean {
  const origin = originOf(callee, names) ?? '';
  const [, chosen] = values;
  if (origin === 'JSON.stringify' && chosen !== undefined) return chosen.type === 'Literal';
  return keeping.test(origin);
}
