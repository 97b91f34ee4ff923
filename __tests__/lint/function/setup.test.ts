import { describe, expect, it } from '@jest/globals';

import { functionAgentRules, functionAgentScriptRules } from '../../../src/lint/function/agent.ts';
import { functionNativeRules } from '../../../src/lint/function/native.ts';
import { functionServerRules, functionSetupRules } from '../../../src/lint/function/setup.ts';
import type { ServiceFacts } from '../../../src/lint/rule.ts';
import { checkScripts, checkSource } from '../../support/lint.ts';

function find(
  mode: 'function' | 'agent',
  files: Record<string, string>,
  service: Partial<ServiceFacts> = {},
): string[] {
  const rules = [...functionNativeRules, ...functionSetupRules, ...functionAgentRules].map(
    (rule) => [rule.id, checkSource(rule, { mode, files }, service)] as const,
  );
  const scripts = [...functionServerRules, ...functionAgentScriptRules].map(
    (rule) => [rule.id, checkScripts(rule, { mode, files }, service)] as const,
  );
  return [...rules, ...scripts].flatMap(([id, hits]) =>
    hits.map(({ at, message }) => `${id} ${at.file}:${at.line} ${message}`),
  );
}
const dependsOn = (dependencies: object, key = 'dependencies'): string =>
  JSON.stringify({ [key]: dependencies }, null, 1);

describe('native modules', () => {
  it.each<[Record<string, string>, string[]]>([
    [
      { 'package.json': dependsOn({ sharp: '1' }) },
      ['CBR112 package.json:3 The dependency "sharp" is native.'],
    ],
    [
      { 'package.json': dependsOn({ bcrypt: '1' }, 'optionalDependencies') },
      ['CBR112 package.json:3 The dependency "bcrypt" is native.'],
    ],
    [{ 'package.json': dependsOn({ bcrypt: '1' }, 'devDependencies') }, []],
    [{ 'package.json': dependsOn({ bcryptjs: '1', 'sql.js': '1' }) }, []],
    [
      { 'package.json': dependsOn({ playwright: '1' }) },
      [
        'CBR115 package.json:3 The dependency "playwright" needs a browser, whose system libraries function mode lacks.',
      ],
    ],
    [
      { 'binding.gyp': '' },
      ['CBR114 binding.gyp:1 binding.gyp asks for a compiler when the dependencies are installed.'],
    ],
    [{ 'lib/a.node': '' }, ['CBR114 lib/a.node:1 "lib/a.node" is compiled for one system.']],
    [{ 'prebuilds/linux-x64/a.node': '', 'a.linux-x64-gnu.node': '', 'vendor/binding.gyp': '' }, []],
  ])('in %j it finds %j', (files, found) => {
    expect(find('function', files)).toEqual(found);
  });

  it('come with the package where the platform installs nothing', () => {
    const files = {
      'package.json': dependsOn({ sharp: '1', bcrypt: '1' }),
      'node_modules/sharp/index.js': '',
    };
    expect(find('function', files, { isInstalledByPlatform: false })).toEqual([
      'CBR113 package.json:3 The native dependency "sharp" is packaged for the system that it was installed on.',
    ]);
  });
});

describe('what belongs to a container', () => {
  it.each<[string, string[]]>([
    ['app.listen(3000);', ['CBR131 index.js:1 index.js calls "listen" as it is loaded.']],
    [
      'http\n .createServer(f)\n .listen({ port: 80 });',
      ['CBR131 index.js:3 index.js calls "listen" as it is loaded.'],
    ],
    [
      '(async () => { await app.listen(1); })();',
      ['CBR131 index.js:1 index.js calls "listen" as it is loaded.'],
    ],
    ["app['listen'](1);", ['CBR131 index.js:1 index.js calls "listen" as it is loaded.']],
    ['if (require.main === module) app.listen(3000);', []],
    ['exports.start = () => app.listen(3000);', []],
    ['process.env.LOCAL && app.listen(3000);', []],
    ['listen(1); const a = app.listen; b.listening();', []],
    ['// app.listen(3000);', []],
  ])('%s', (text, found) => {
    expect(find('function', { 'index.js': text })).toEqual(found);
  });

  it.each([
    ['Dockerfile', ['CBR130 Dockerfile:1 Dockerfile is not used in function mode.']],
    ['dockerfile', ['CBR130 dockerfile:1 dockerfile is not used in function mode.']],
    ['docker/Dockerfile', []],
    ['Dockerfile.dev', []],
  ])('%s', (file, found) => {
    expect(find('function', { [file]: '' })).toEqual(found);
  });
});

describe('an agent', () => {
  const framework = dependsOn({ '@cloudbase/aiagent-framework': '1' });
  const run = 'exports.main = (e, c) => BotRunner.run(e, c, new Bot(c));';
  const noFramework = 'package.json does not name "@cloudbase/aiagent-framework" in "dependencies".';
  const noEvents = 'index.js and what it loads send no server-sent events.';

  it.each<[Record<string, string>, string[]]>([
    [{ 'package.json': framework, 'index.js': run }, []],
    [
      {
        'package.json': dependsOn({ '@cloudbase/agent-server': '1' }),
        'index.js': 'createExpressRoutes({});',
      },
      [],
    ],
    [{ 'package.json': '{}', 'index.js': 'exports.main = (e, c) => c.sse().end();' }, []],
    [{ 'package.json': '{}', 'index.js': "require('./a')", 'a.js': "h('text/event-stream')" }, []],
    [{ 'package.json': '{\n}', 'index.js': run }, [`CBR140 package.json:1 ${noFramework}`]],
    [{ 'package.json': dependsOn({ koa: '1' }), 'index.js': run }, [`CBR140 package.json:2 ${noFramework}`]],
    [
      { 'package.json': framework, 'index.js': 'exports.main = () => assert(passed, message);' },
      [`CBR141 index.js:1 ${noEvents}`],
    ],
    [{ 'package.json': '{"main": "gone.js"}' }, [`CBR140 package.json:1 ${noFramework}`]],
    [{ 'index.js': run }, []],
  ])('of %j has %j', (files, found) => {
    expect(find('agent', files)).toEqual(found);
  });

  it.each<[string, string[]]>([
    ["const id = 'ibot-helper-1';", []],
    ["const id = 'ibot-helper_2-tag_1';", []],
    ["const id = 'ibot-helper';", []],
    ["const id = 'ibot-';", []],
    ["const id = 'an ibot-My-Tag';", []],
    ["const path = '/v1/aibot/bots/ibot-My-Tag/send-message';", []],
    ["const id = 'ibot-My-Tag';", ['CBR142 index.js:1 "ibot-My-Tag" is no bot id.']],
    ['call({\n  id: `ibot-my-agent-1` });', ['CBR142 index.js:2 "ibot-my-agent-1" is no bot id.']],
  ])('names itself in %s', (text, found) => {
    expect(find('agent', { 'package.json': framework, 'index.js': `${text}\n${run}` })).toEqual(found);
    expect(find('function', { 'index.js': text })).toEqual([]);
  });

  it('names itself in its settings', () => {
    const files = { 'package.json': framework, 'index.js': run };
    const settings = '{\n "name": "ibot-my",\n "id": "ibot-my-1",\n "other": "ibot-my-A"\n}';
    expect(find('agent', { ...files, 'cloudbaserc.json': settings })).toEqual([
      'CBR143 cloudbaserc.json:4 "ibot-my-A" is no bot id.',
    ]);
  });
});
