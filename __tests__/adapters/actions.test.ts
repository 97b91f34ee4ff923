import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import {
  createLog,
  createState,
  createToolCache,
  failStep,
  findProxy,
  readEvent,
  readRawInputs,
  writeOutputs,
} from '../../src/adapters/actions.ts';
import { inputDefaults } from '../../src/inputs.ts';

let folder: string;
let saved: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'actions-'));
  saved = { ...process.env };
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const name of Object.keys(process.env)) {
    if (!(name in saved)) Reflect.deleteProperty(process.env, name);
  }
  Object.assign(process.env, saved);
  await rm(folder, { recursive: true, force: true });
});

/** What is written to standard output while something happens. */
function outputOf(work: () => void): string[] {
  const lines: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text).trimEnd());
    return true;
  });
  work();
  jest.restoreAllMocks();
  return lines;
}

describe('raw inputs', () => {
  it('are read under the runner’s names, and trimmed', () => {
    Object.assign(process.env, { 'INPUT_SERVICE-NAME': ' shop ', 'INPUT_SERVER-CONFIG': 'Cpu: 1\nMem: 2\n' });
    expect(readRawInputs(inputDefaults)).toMatchObject({
      'service-name': 'shop',
      'server-config': 'Cpu: 1\nMem: 2',
    });
  });

  it('that are empty have their default, but for expressions of the runner', () => {
    process.env['INPUT_REGION'] = '';
    expect(readRawInputs(inputDefaults)).toEqual({ ...inputDefaults, 'github-token': '' });
  });
});

describe('the event', () => {
  it('is the payload, or nothing', async () => {
    await writeFile(join(folder, 'event.json'), '{"number":7}');
    await writeFile(join(folder, 'empty.json'), '');
    await writeFile(join(folder, 'broken.json'), '{');
    expect(await readEvent(join(folder, 'event.json'))).toEqual({ number: 7 });
    expect(await readEvent(join(folder, 'empty.json'))).toBeUndefined();
    expect(await readEvent(join(folder, 'broken.json'))).toBeUndefined();
    expect(await readEvent(join(folder, 'gone.json'))).toBeUndefined();
    expect(await readEvent(undefined)).toBeUndefined();
  });
});

describe('the log', () => {
  const at = { file: 'Dockerfile', line: 2, column: 3 };

  it('speaks in workflow commands', () => {
    const log = createLog();
    const lines = outputOf(() => {
      log.info('told');
      log.debug('more');
      log.startGroup('Stage');
      log.endGroup();
      log.mask('secret-value');
      log.notice('noticed');
      log.warning('at a place', at);
      log.error('over columns', { ...at, endLine: 2, endColumn: 9 });
      log.error('over lines', { ...at, endLine: 5, endColumn: 9 });
    });
    expect(lines).toEqual([
      'told',
      '::debug::more',
      '::group::Stage',
      '::endgroup::',
      '::add-mask::secret-value',
      '::notice::noticed',
      '::warning file=Dockerfile,line=2,col=3::at a place',
      '::error file=Dockerfile,line=2,endLine=2,col=3,endColumn=9::over columns',
      '::error file=Dockerfile,line=2,endLine=5::over lines',
    ]);
  });

  it('cannot be broken out of', () => {
    expect(
      outputOf(() => {
        createLog().error('one\n::set-env::two');
      }),
    ).toEqual(['::error::one%0A::set-env::two']);
  });
});

describe('what the runner shows of a step', () => {
  const at = { file: 'a.js', line: 2, column: 3 };
  const errors = (count: number, place?: typeof at): string[] =>
    outputOf(() => {
      const log = createLog();
      for (let number = 1; number <= count; number++) log.error(`m${number}`, place);
      log.error('why it failed');
      log.error('one more');
    });

  it('is ten errors, the last of them one without a place', () => {
    expect(errors(11, at)).toEqual([
      ...Array.from({ length: 9 }, (_, index) => `::error file=a.js,line=2,col=3::m${index + 1}`),
      'Error: a.js:2:3: m10',
      'Error: a.js:2:3: m11',
      '::error::why it failed',
      'Error: one more',
    ]);
    expect(errors(10)).toEqual([
      ...Array.from({ length: 10 }, (_, index) => `::error::m${index + 1}`),
      'Error: why it failed',
      'Error: one more',
    ]);
  });

  it.each([
    ['warning', 'Warning'],
    ['notice', 'Notice'],
  ] as const)('is ten of the level %s, whatever the others are', (level, word) => {
    const lines = outputOf(() => {
      const log = createLog();
      for (let number = 1; number <= 10; number++) log.error('of another level');
      for (let number = 1; number <= 11; number++) log[level](`m${number}`, at);
      log[level]('::set-env::x');
    });
    expect(lines.slice(10, 20)).toEqual(
      Array.from({ length: 10 }, (_, index) => `::${level} file=a.js,line=2,col=3::m${index + 1}`),
    );
    expect(lines.slice(20)).toEqual([`${word}: a.js:2:3: m11`, `${word}: ::set-env::x`]);
  });

  it('is 4,096 characters of a message, and no half of one', () => {
    const [whole = '', long = '', paired = ''] = outputOf(() => {
      const log = createLog();
      for (const message of ['x'.repeat(4096), 'x'.repeat(4097), `${'x'.repeat(4094)}😀y`])
        log.error(message);
    });
    expect(whole).toBe(`::error::${'x'.repeat(4096)}`);
    expect(long).toBe(`::error::${'x'.repeat(4095)}…`);
    expect(paired).toBe(`::error::${'x'.repeat(4094)}…`);
  });
});

describe('a line of another program', () => {
  it.each([
    ['plain: text :: here', 'plain: text :: here'],
    ['::set-output name=a::b', ': :set-output name=a::b'],
    ['  ::add-mask::x', '  : :add-mask::x'],
    ['::stop-commands::x', ': :stop-commands::x'],
    ['##[group]', '# #[group]'],
    ['a::b', 'a::b'],
    ['50 %\r::error::x', '50 %\r: :error::x'],
    ['a\n\t::error::x', 'a\n\t: :error::x'],
    ['\u0085::error::x', '\u0085: :error::x'],
    ['a ##[group]b', 'a # #[group]b'],
  ])('%j gives the runner no orders', (line, written) => {
    const [shown] = outputOf(() => {
      createLog().output(line);
    });
    expect(shown).toBe(written);
    expect(shown).not.toMatch(/^\s*::|##\[/m);
  });
});

it('ends the step on what nobody foresaw', () => {
  const lines = outputOf(() => {
    expect(failStep(new TypeError('bug'))).toBe(1);
  });
  expect(lines[0]).toMatch(/^::debug::TypeError: bug/);
  expect(lines.slice(1)).toEqual([
    '::error::Unexpected error: TypeError: bug. This is a bug of the action: please report it with the log.',
  ]);
});

describe('the files of the runner', () => {
  const contentOf = async (name: string, work: () => void): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, '');
    process.env[name] = path;
    work();
    return readFile(path, 'utf8');
  };

  it('take the outputs', async () => {
    const content = await contentOf('GITHUB_OUTPUT', () => {
      writeOutputs({ url: 'https://shop.test', version: '' });
    });
    expect(content).toMatch(/^url<<(\S+)\nhttps:\/\/shop\.test\n\1\nversion<<(\S+)\n\n\2\n$/);
  });

  it('take the state, which the post part reads', async () => {
    const state = createState();
    const content = await contentOf('GITHUB_STATE', () => {
      state.save('step', '1a2b');
    });
    expect(content).toMatch(/^step<<(\S+)\n1a2b\n\1\n$/);
    process.env['STATE_step'] = '1a2b';
    expect([state.read('step'), state.read('other')]).toEqual(['1a2b', '']);
  });
});

describe('the tool cache', () => {
  it('keeps folders by tool and version', async () => {
    Object.assign(process.env, { RUNNER_TOOL_CACHE: join(folder, 'cache'), RUNNER_TEMP: folder });
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    await mkdir(join(folder, 'tool'));
    await writeFile(join(folder, 'tool/a'), 'x');
    const cache = createToolCache(join(folder, 'cache'));
    expect(await cache.find('ff', '1.18.0')).toBeUndefined();
    const stored = await cache.store(join(folder, 'tool'), 'ff', '1.18.0');
    expect(await readFile(join(stored, 'a'), 'utf8')).toBe('x');
    expect(await cache.find('ff', '1.18.0')).toBe(stored);
    expect(await cache.find('ff', '1.18')).toBe(stored);
  });

  it('outside a runner keeps nothing', async () => {
    const cache = createToolCache(undefined);
    expect(await cache.find('ff', '1')).toBeUndefined();
    expect(await cache.store('/tool', 'ff', '1')).toBe('/tool');
  });
});

describe('the proxy', () => {
  it('is the one that the variables name, never one for loopback or what NO_PROXY names', () => {
    for (const name of ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY'])
      Reflect.deleteProperty(process.env, name);
    expect(findProxy('https://tcb.tencentcloudapi.com')).toBeUndefined();
    Object.assign(process.env, { HTTPS_PROXY: 'http://proxy.test:3128', HTTP_PROXY: 'http://plain.test:1' });
    expect(findProxy('https://tcb.tencentcloudapi.com')).toBe('http://proxy.test:3128/');
    expect(findProxy('http://127.0.0.1:8080')).toBeUndefined();
    process.env['HTTPS_PROXY'] = 'proxy.test:3128';
    expect(findProxy('https://tcb.tencentcloudapi.com')).toBe('http://proxy.test:3128');
    for (const name of ['NO_PROXY', 'no_proxy']) {
      process.env[name] = 'tencentcloudapi.com';
      expect(findProxy('https://tcb.tencentcloudapi.com')).toBeUndefined();
      Reflect.deleteProperty(process.env, name);
    }
  });
});
