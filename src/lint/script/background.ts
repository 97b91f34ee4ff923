import type { AnyNode, CallExpression, NewExpression } from 'acorn';

import type { Example, Hit, Rule } from '../rule.ts';
import { serviceExample } from './example.ts';
import { originOf, readNames, type Names } from './names.ts';
import { isSurelyEvaluated, keyName, walkTree } from './tree.ts';
import { placeInScript, type ScriptSubject } from './script.ts';

const server = `const express = require('express');
const { sendReminders } = require('./reminders');

const app = express();
app.get('/', (req, res) => res.send('hello'));
app.listen(process.env.PORT || 3000);
`;

function example(text: string): Example {
  const reminders = 'exports.sendReminders = async () => ({ sent: 0 });\n';
  const files = { 'server.js': server + text, 'reminders.js': reminders };
  return serviceExample(files, { dependencies: { express: '^5.1.0' } });
}

/** Rules of scripts that work without a request. */
export const backgroundRules: readonly Rule<ScriptSubject>[] = [
  {
    id: 'CBR211',
    severity: 'warning',
    title: 'Background work outside of requests',
    why: 'The platform starts and stops instances with the traffic: without requests there may be none, so that nothing runs, and with many requests each instance runs the same work once more.',
    fix: 'Let a timer trigger call a route of the service instead, and do the work while that request is open.',
    bad: example('setInterval(sendReminders, 60_000);\n'),
    good: example(
      "app.post('/tasks/send-reminders', async (req, res) => res.json(await sendReminders()));\n",
    ),
    check: checkBackground,
  },
];

const inText = /\bsetInterval\b|\b(node-cron|cron|node-schedule|toad-scheduler|agenda|bullmq|bull|bree)['"`]/;
const schedulers =
  /^((globalThis\.)?setInterval|node-cron\.schedule|cron\.(CronJob|job|CronJob\.from)|node-schedule\.scheduleJob|bullmq\.Worker|agenda(\.Agenda)?\(\)\.(every|schedule|start)|bull\(\)\.process|bree\(\)\.start|toad-scheduler\.ToadScheduler\(\)\.add\w+)$/i;

function checkBackground(subject: ScriptSubject): Hit[] {
  if (!inText.test(subject.text)) return [];
  const names = readNames(subject.program);
  const found: Hit[] = [];
  const visit = (
    node: CallExpression | NewExpression,
    _state: unknown,
    ancestors: readonly AnyNode[],
  ): void => {
    const origin = originOf(node.callee, names) ?? '';
    if (!schedulers.test(origin) || !isSurelyEvaluated(ancestors) || isUnref(node, ancestors, names)) return;
    const name = origin.replaceAll('()', '').replace('globalThis.', '');
    const message = `The script starts background work with ${name} when it is loaded.`;
    found.push({ message, at: placeInScript(subject, node) });
  };
  walkTree(subject.program, { CallExpression: visit, NewExpression: visit });
  return found;
}

/** A timer that does not keep the process alive does housekeeping. */
function isUnref(node: AnyNode, ancestors: readonly AnyNode[], names: Names): boolean {
  const outer = ancestors.at(-2);
  if (outer?.type === 'MemberExpression' && outer.object === node && keyName(outer) === 'unref') return true;
  if (outer?.type !== 'VariableDeclarator' || outer.id.type !== 'Identifier') return false;
  const program = ancestors[0];
  const { name } = outer.id;
  let isFound = false;
  if (program?.type !== 'Program' || !names.has(name)) return false;
  walkTree(program, {
    MemberExpression(member) {
      if (member.object.type === 'Identifier' && member.object.name === name)
        isFound ||= keyName(member) === 'unref';
    },
  });
  return isFound;
}
