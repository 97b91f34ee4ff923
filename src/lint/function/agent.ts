import type { AnyNode } from 'acorn';

import type { Position } from '../../errors.ts';
import { listEntryPoints } from './entry.ts';
import { manifestFile, manifestOf } from './manifest.ts';
import type { Example, Hit, Rule, Source } from '../rule.ts';
import { literalText, walkTree } from '../script/tree.ts';
import { placeInScript, type ScriptSubject } from '../script/script.ts';

const framework = '@cloudbase/aiagent-framework';
const bot = `const { BotCore, BotRunner } = require('${framework}');

class Bot extends BotCore {
  async sendMessage() {
    this.sseSender.send({ data: { content: 'Hello' } });
    this.sseSender.end();
  }
}

exports.main = (event, context) => BotRunner.run(event, context, new Bot(context));
`;
const manifest = (dependencies: object): string =>
  JSON.stringify({ name: 'bot', main: 'index.js', dependencies }, null, 2) + '\n';
const lockfile = { 'package-lock.json': '{ "lockfileVersion": 3 }\n' };
const good: Example = {
  mode: 'agent',
  files: { 'index.js': bot, [manifestFile]: manifest({ [framework]: '^1.0.0-beta.26' }), ...lockfile },
};

/** Rules about agents as a whole. */
export const functionAgentRules: readonly Rule<Source>[] = [
  {
    id: 'CBR140',
    severity: 'warning',
    title: 'An agent without the framework for agents',
    why: 'Agents are called at /v1/aibot/bots/…: a package of CloudBase answers there and sends the answer in parts.',
    fix: `Add "${framework}" to "dependencies" of package.json, or deploy with mode "function".`,
    bad: {
      mode: 'agent',
      files: { [manifestFile]: manifest({}), 'index.js': 'exports.main = () => "Hello";\n' },
    },
    good: {
      ...good,
      files: { [manifestFile]: manifest({ [framework]: '^1.0.0-beta.26' }), 'index.js': bot, ...lockfile },
    },
    check: findMissingFramework,
  },
  {
    id: 'CBR141',
    severity: 'warning',
    title: 'An agent that sends no events',
    why: 'Who asks an agent reads its answer as server-sent events, part by part, and waits for them.',
    fix: 'Answer with BotRunner.run and sseSender, or with context.sse().',
    bad: {
      mode: 'agent',
      files: {
        'index.js': 'exports.main = () => ({ content: "Hello" });\n',
        [manifestFile]: manifest({ [framework]: '^1.0.0-beta.26' }),
      },
    },
    good,
    check: findMissingEvents,
  },
  {
    id: 'CBR143',
    severity: 'warning',
    title: 'A bot id in a settings file has the wrong form',
    why: botIdWhy(),
    fix: botIdFix(),
    bad: {
      mode: 'agent',
      files: { 'package.json': '{\n  "main": "index.js",\n  "botId": "ibot-Helper-1"\n}\n', 'index.js': bot },
    },
    good: {
      mode: 'agent',
      files: {
        [manifestFile]: JSON.stringify(
          { main: 'index.js', botId: 'ibot-helper-1', dependencies: { [framework]: '^1.0.0-beta.26' } },
          null,
          2,
        ),
        'index.js': bot,
        ...lockfile,
      },
    },
    check: findWrongIdsInSettings,
  },
];

/** Rules about each script of an agent. */
export const functionAgentScriptRules: readonly Rule<ScriptSubject>[] = [
  {
    id: 'CBR142',
    severity: 'warning',
    title: 'A bot id in a script has the wrong form',
    why: botIdWhy(),
    fix: botIdFix(),
    bad: { mode: 'agent', files: { 'index.js': `const botId = 'ibot-Helper-1';\n${bot}` } },
    good: {
      mode: 'agent',
      files: { ...good.files, 'index.js': `const botId = 'ibot-helper-1';\n${bot}` },
    },
    check: findWrongIds,
  },
];

function botIdWhy(): string {
  return 'The platform takes bot ids of the form ibot-{name}-{tag} alone, with small letters, digits and underscores.';
}

function botIdFix(): string {
  return 'Write it as ibot-{name}-{tag}, such as "ibot-helper-1".';
}

function findMissingFramework(source: Source): Hit[] {
  const found = source.mode === 'agent' ? manifestOf(source) : undefined;
  if (found?.manifest === undefined) return [];
  const { dependencies, optionalDependencies } = found.manifest;
  const names = [dependencies, optionalDependencies].flatMap(Object.keys);
  if (names.some((name) => /^@cloudbase\/(aiagent-framework$|agent-)/.test(name))) return [];
  // What streams by itself, or brings the framework in one bundle, needs none.
  if (scriptTexts(source).some((text) => /\.sse\(|text\/event-stream|class BotRunner/.test(text))) return [];
  const at = found.json.placeOf(['dependencies']);
  return [{ message: `package.json does not name "${framework}" in "dependencies".`, at }];
}

function findMissingEvents(source: Source): Hit[] {
  const at = source.mode === 'agent' ? entryPlace(source) : undefined;
  if (at === undefined) return [];
  const isSending = /\bsse|BotRunner|text\/event-stream|@cloudbase\/agent-|createExpressRoutes/i;
  if (scriptTexts(source).some((text) => isSending.test(text))) return [];
  return [{ message: `${at.file} and what it loads send no server-sent events.`, at }];
}

function entryPlace(source: Source): Position | undefined {
  const [first] = listEntryPoints(source);
  const file = first?.verdict.kind === 'found' ? first.verdict.file : undefined;
  return file !== undefined && source.texts.has(file) ? { file, line: 1, column: 1 } : undefined;
}

function scriptTexts({ texts }: Source): string[] {
  return [...texts].filter(([path]) => /\.[cm]?js$/.test(path)).map(([, text]) => text);
}

/** True for what has the three parts of a bot id, and not its form. */
function isWrongId(text: string): boolean {
  return /^ibot-[^-\s/]+-[^\s/]+$/.test(text) && !/^ibot-[a-z0-9_]+-[a-z0-9_]+$/.test(text);
}

function describeId(id: string): string {
  return `"${id}" is no bot id.`;
}

function findWrongIds(subject: ScriptSubject): Hit[] {
  const hits: Hit[] = [];
  if (subject.source.mode !== 'agent' || !subject.text.includes('ibot-')) return hits;
  const look = (node: AnyNode): void => {
    const text = literalText(node);
    if (text === undefined || !isWrongId(text)) return;
    hits.push({ message: describeId(text), at: placeInScript(subject, node) });
  };
  walkTree(subject.program, { Literal: look, TemplateLiteral: look });
  return hits;
}

function findWrongIdsInSettings({ mode, texts }: Source): Hit[] {
  if (mode !== 'agent') return [];
  return [manifestFile, 'cloudbaserc.json'].flatMap((file) =>
    (texts.get(file) ?? '').split('\n').flatMap((line, index) =>
      [...line.matchAll(/"(ibot-[^"\\]*)"/g)].flatMap((match) => {
        const id = match[1] ?? '';
        const at = {
          file,
          line: index + 1,
          column: match.index + 1,
          endLine: index + 1,
          endColumn: match.index + match[0].length + 1,
        };
        return isWrongId(id) ? [{ message: describeId(id), at }] : [];
      }),
    ),
  );
}
