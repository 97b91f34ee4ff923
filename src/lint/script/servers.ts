import type { AnyNode, CallExpression, NewExpression } from 'acorn';

import { isScriptName } from './graph.ts';
import { originOf, readNames, valueOf, type Names } from './names.ts';
import { isSoleStart } from './start.ts';
import { isBranch, keyName, literalText, propertyOf, walkTree } from './tree.ts';
import type { ScriptSubject } from './script.ts';

/** A call that makes a server listen. */
export interface ListenCall {
  readonly call: CallExpression | NewExpression;
  /** The port, where it is a number in the script whatever the environment says. */
  readonly port: { readonly node: AnyNode; readonly number: number } | undefined;
  readonly host: ListenHost | undefined;
  /** True where the framework listens on localhost unless a host is named, and none is. */
  readonly isLocalByDefault: boolean;
  /** True where this is surely the one server that the container runs. */
  readonly isMain: boolean;
}

export interface ListenHost {
  readonly node: AnyNode;
  readonly text: string;
  /** The env var that is asked first. */
  readonly envVar: string | undefined;
}

/** A call that asks for any free port. */
const probe = /\.listen\(\s*0\s*(?=[,)])/g;
const listens = /\blisten\b|\bserve\s*\(|\bserver\s*\(/;

/** Lists the calls by which a script of a container listens; not those that ask for any free port with 0. */
export function listListenCalls(subject: ScriptSubject): readonly ListenCall[] {
  if (subject.source.mode !== 'container' || !listens.test(subject.text)) return [];
  const names = readNames(subject.program);
  const found: FoundCall[] = [];
  const isWalked = walkTree(subject.program, {
    CallExpression(call, _state, ancestors) {
      const target = targetOf(call, names);
      if (target !== undefined) found.push({ call, target, isCertain: !ancestors.some(isInBranch) });
    },
  });
  const serving = found.filter(({ call }) => readListenPort(call, names)?.number !== 0);
  const isSole = isWalked && serving.length === 1 && isSoleServer(subject);
  return serving.map((each) => readListenCall(each, isSole, names));
}

interface FoundCall {
  readonly call: CallExpression;
  /** What listens, by its origin; an empty text where that is not known. */
  readonly target: string;
  readonly isCertain: boolean;
}

function targetOf(call: CallExpression, names: Names): string | undefined {
  const origin = originOf(call.callee, names);
  if (/^(@hono\/node-server\.serve|(@hapi\/)?hapi\.(server|Server))$/.test(origin ?? '')) return origin;
  if (call.callee.type !== 'MemberExpression' || keyName(call.callee) !== 'listen') return undefined;
  return originOf(call.callee.object, names) ?? '';
}

/** `if (require.main === module)` is true of the script that a service begins with. */
function isInBranch(node: AnyNode, index: number, ancestors: readonly AnyNode[]): boolean {
  const inner = ancestors[index + 1];
  if (inner === undefined || !isBranch(node, inner)) return false;
  return !(node.type === 'IfStatement' && inner === node.consequent && asksForMain(node.test));
}

function asksForMain(test: AnyNode): boolean {
  if (test.type === 'MemberExpression')
    return test.object.type === 'MetaProperty' && keyName(test) === 'main';
  if (test.type !== 'BinaryExpression' || !test.operator.startsWith('==')) return false;
  return [test.left, test.right].some(
    (side) => side.type === 'MemberExpression' && keyName(side) === 'main' && isNamed(side.object, 'require'),
  );
}

function isNamed(node: AnyNode, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

function isSoleServer({ file, source }: ScriptSubject): boolean {
  if (!isSoleStart(file, source)) return false;
  return [...source.texts].every(
    ([path, text]) =>
      path === file ||
      path === source.dockerfile?.path ||
      !isScriptName(path) ||
      !listens.test(text.replaceAll(probe, '')),
  );
}

const servers =
  /^((http|https|http2|net|restify)\.(createServer|createSecureServer|Server)|express|koa|fastify|polka|connect|@nestjs\/core\.NestFactory\.create)\(\)|^(@hono\/node-server\.serve|(@hapi\/)?hapi\.(server|Server))$/;

function readListenCall({ call, target, isCertain }: FoundCall, isSole: boolean, names: Names): ListenCall {
  const [first, second] = call.arguments;
  const options = valueOf(first, names);
  const isObject = options?.type === 'ObjectExpression';
  const hostNode = isObject ? (propertyOf(options, 'host') ?? propertyOf(options, 'hostname')) : second;
  return {
    call,
    port: readListenPort(call, names),
    host: readHost(hostNode, names, 0),
    isLocalByDefault: isLocalByDefault(call, target, names),
    isMain: isSole && isCertain && servers.test(target),
  };
}

function readListenPort({ arguments: [first] }: CallExpression, names: Names): ListenCall['port'] {
  const options = valueOf(first, names);
  return readPort(options?.type === 'ObjectExpression' ? propertyOf(options, 'port') : first, names, 0);
}

const deepest = 12;

function readPort(node: AnyNode | undefined, names: Names, depth: number): ListenCall['port'] {
  const value = valueOf(node, names);
  if (node === undefined || value === undefined || depth > deepest) return undefined;
  if (value.type === 'LogicalExpression') return atNode(node, readPort(value.left, names, depth + 1));
  const name = value.type === 'CallExpression' ? originOf(value.callee, names) : undefined;
  if (value.type === 'CallExpression' && /^(Number|parseInt|Number\.parseInt)$/.test(name ?? ''))
    return atNode(node, readPort(value.arguments[0], names, depth + 1));
  const text = value.type === 'Literal' && typeof value.value === 'number' ? value.raw : literalText(value);
  return text !== undefined && /^\d{1,5}$/.test(text) ? { node, number: Number(text) } : undefined;
}

function atNode(node: AnyNode, port: ListenCall['port']): ListenCall['port'] {
  return port === undefined ? undefined : { ...port, node };
}

function readHost(node: AnyNode | undefined, names: Names, depth: number): ListenHost | undefined {
  const value = valueOf(node, names);
  if (node === undefined || value === undefined || depth > deepest) return undefined;
  const text = literalText(value);
  if (text !== undefined) return { node, text, envVar: undefined };
  if (value.type !== 'LogicalExpression') return undefined;
  const envVar = /^process\.env\.(\w+)$/.exec(originOf(value.left, names) ?? '')?.[1];
  const fallback = readHost(value.right, names, depth + 1);
  return envVar === undefined || fallback === undefined ? undefined : { ...fallback, node, envVar };
}

function isLocalByDefault(call: CallExpression, target: string, names: Names): boolean {
  const isFastify = /^fastify(\.fastify)?\(\)/.test(target) || isNestOnFastify(call, names);
  const [first, second] = call.arguments;
  if (!isFastify || first === undefined) return false;
  const options = valueOf(first, names);
  const isCallback = second === undefined || /Function/.test(second.type);
  if (options?.type !== 'ObjectExpression') return isCallback && isPort(options, names);
  const hasMore = options.properties.some((each) => each.type === 'SpreadElement');
  return !hasMore && ['host', 'path'].every((name) => propertyOf(options, name) === undefined);
}

/** Rather than an object of options from elsewhere. */
function isPort(node: AnyNode | undefined, names: Names): boolean {
  return (
    /^(Literal|LogicalExpression|CallExpression)$/.test(node?.type ?? '') ||
    (originOf(node, names)?.startsWith('process.env.') ?? false)
  );
}

function isNestOnFastify({ callee }: CallExpression, names: Names): boolean {
  const app = callee.type === 'MemberExpression' ? valueOf(callee.object, names) : undefined;
  if (app?.type !== 'CallExpression' || !originOf(app, names)?.endsWith('NestFactory.create()')) return false;
  return originOf(app.arguments[1], names)?.endsWith('FastifyAdapter()') ?? false;
}
