import { expect, it } from '@jest/globals';

import { backgroundRules } from '../../../src/lint/script/background.ts';
import { checkScripts, places } from '../../support/lint.ts';

function find(text: string): string[] {
  return backgroundRules.flatMap((rule) =>
    checkScripts(rule, { mode: 'container', files: { 'index.js': text } }).map(
      ({ at, message }) =>
        `${at.line} ${/^The script starts background work with (\S+) when it is loaded\.$/.exec(message)?.[1] ?? message}`,
    ),
  );
}

it.each(backgroundRules)('$id finds its bad example and passes its good one', (rule) => {
  expect(places(checkScripts(rule, rule.bad))).toEqual(['server.js:7']);
  expect(checkScripts(rule, rule.good)).toEqual([]);
});

it.each([
  ['setInterval(work, 1000);', '1 setInterval'],
  ['const timer = setInterval(work, 1000);', '1 setInterval'],
  ['globalThis.setInterval(work, 1000);', '1 setInterval'],
  ['(async () => {\n  setInterval(work, 1000);\n})();', '2 setInterval'],
  ["const cron = require('node-cron');\ncron.schedule('* * * * *', work);", '2 node-cron.schedule'],
  ["import cron from 'node-cron';\ncron.schedule('* * * * *', work);", '2 node-cron.schedule'],
  ["import { CronJob } from 'cron';\nconst job = new CronJob('* * * * *', work);", '2 cron.CronJob'],
  ["require('node-schedule').scheduleJob('* * * * *', work);", '1 node-schedule.scheduleJob'],
  ["const { Worker } = require('bullmq');\nnew Worker('mail', work);", '2 bullmq.Worker'],
  [
    "const Agenda = require('agenda');\nconst agenda = new Agenda();\nagenda.every('1 day', 'mail');",
    '3 agenda.every',
  ],
  [
    "const Queue = require('bull');\nconst mails = new Queue('mail');\nmails.process(work);",
    '3 bull.process',
  ],
])('finds %s', (text, found) => {
  expect(find(text)).toEqual([found]);
});

it.each([
  ['setInterval(prune, 1000).unref();'],
  ['const timer = setInterval(prune, 1000);\ntimer.unref();'],
  ['function start() {\n  setInterval(work, 1000);\n}'],
  ['app.get("/", (req, res) => { const timer = setInterval(() => res.write("x"), 1000); });'],
  ['if (process.env.WORKER) setInterval(work, 1000);'],
  ['setTimeout(work, 1000);'],
  ['const { setInterval } = require("./clock");\nsetInterval(work, 1000);'],
  ["const cron = require('node-cron');\ncron.validate('* * * * *');"],
  ["const { Queue } = require('bullmq');\nconst mails = new Queue('mail');"],
  ["const { Worker } = require('node:worker_threads');\nnew Worker('./bullmq');"],
  ['// setInterval(work, 1000)'],
])('finds nothing in %s', (text) => {
  expect(find(text)).toEqual([]);
});
