import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createCloudRun } from '../../src/adapters/cloudbase/cloudbase.ts';
import type { CloudRun, ServiceSettings } from '../../src/ports.ts';
import { diffSettings } from '../../src/service-config/diff.ts';
import { buildItems } from '../../src/service-config/items.ts';
import { parseLiveEnv, resolveSettings, type Live } from '../../src/service-config/merge.ts';
import { parseServiceConfig } from '../../src/service-config/parse.ts';
import { settingNames, type Settings } from '../../src/service-config/schema.ts';
import { waitFor } from '../support/cloud-client.ts';
import { createFakeLog } from '../support/fakes.ts';
import { instant } from '../support/step.ts';

const { examples } = parse(readFileSync(join(import.meta.dirname, '../../docs/tables.yml'), 'utf8')) as {
  readonly examples: Readonly<Record<string, unknown>>;
};

/** Env vars that home-made grammars break. */
const hardEnv: Readonly<Record<string, string>> = {
  COMMAS: 'a,b=c;d',
  JSON: '{"a":[1,"two"],"b":null}',
  QUOTES: `it's "quoted" \`twice\``,
  LINES: '-----BEGIN KEY-----\nMIIB\n-----END KEY-----\n',
  DOLLAR: '$HOME ${HOME} $$ %PATH% \\n',
  SPACES: '  padded\t',
  EMPTY: '',
  CHINESE: '你好，世界 🚀',
  LOOKS_LIKE_YAML: '*alias &anchor !tag # comment: no',
  NUMBER: '007',
  BOOLEAN: 'true',
  NOTHING: 'null',
  constructor: 'a name that objects have',
};

/** What a service would not have without being told. */
const unlikeDefaults = {
  OpenAccessTypes: ['PUBLIC', 'MINIAPP'],
  Cpu: 2,
  Mem: 4,
  MinNum: 1,
  MaxNum: 7,
  CustomLogs: '/app/logs/*.log',
  LogType: 'custom',
  Dockerfile: 'docker/api.Dockerfile',
  Port: 8081,
};

let emulator: Emulator;
let cloudRun: CloudRun;

beforeAll(async () => {
  emulator = await startEmulator({ timeline: instant });
  const { secretId, secretKey } = emulator.credential;
  const connection = {
    credentials: { secretId, secretKey, sessionToken: '' },
    region: 'ap-shanghai',
    apiEndpoint: emulator.apiEndpoint,
    proxy: undefined,
  };
  cloudRun = createCloudRun(connection, createFakeLog(), new AbortController().signal);
});
afterAll(() => emulator.close());

/** Writes a config as YAML, and parses it. */
function settingsOf(config: unknown): Settings {
  const { value, problems } = parseServiceConfig(stringify(config), 'cloud.yml');
  expect(problems).toEqual([]);
  return value?.settings ?? {};
}

/** Creates a service with a config, and reads the service's settings. */
async function takeRound(serviceName: string, config: unknown): Promise<ServiceSettings> {
  const settings = settingsOf(config);
  const target = { envId: 'demo-env', serviceName };
  emulator.script('demo-env', serviceName, { end: 'online', run: false });
  const deployInfo = { DeployType: 'image', ImageUrl: 'registry.invalid/app:1' };
  await cloudRun.createService(target, { deployInfo, items: buildItems(settings) });
  const service = await waitFor(
    () => cloudRun.readService(target),
    (found) => (found?.onlineVersions.length ?? 0) > 0,
  );
  return { ...service?.settings, OpenAccessTypes: service?.accessTypes };
}

describe('a service config that was deployed', () => {
  it('is read back as it was written, setting by setting', async () => {
    const config = { ...examples, ...unlikeDefaults };
    const live = await takeRound('every-setting', config);
    const asWritten = Object.fromEntries(
      Object.entries({ ...live, EnvParams: parseLiveEnv(live) }).filter(([name]) => name in config),
    );
    const { InstallDependency, ...sent } = config as Readonly<Record<string, unknown>>;
    expect(InstallDependency).toBe(false);
    expect(Object.keys(config).sort()).toEqual([...settingNames].sort());
    expect(asWritten).toEqual(sent);
  });

  it('is no change when it is deployed again; the VPC alone is sent', async () => {
    const config = { ...examples, ...unlikeDefaults };
    const { OpenAccessTypes, ...settings } = await takeRound('every-setting-again', config);
    const accessTypes = OpenAccessTypes as string[];
    const live: Live = {
      settings,
      ownSettings: settings,
      accessTypes,
      recordNumber: 1,
      isNewestServing: true,
      isFunction: false,
    };
    const wanted = { settings: settingsOf(config), envStrategy: 'replace' } as const;
    const { sent } = resolveSettings(wanted, live);
    expect(buildItems(sent)).toEqual([{ Key: 'VpcConf', VpcConf: settings['VpcConf'] }]);
    expect(diffSettings(sent, live)).toEqual({
      settings: [],
      keptEnv: Object.keys(parseLiveEnv(settings)),
      access: [],
    });
  });

  it('has its env vars unchanged, whatever they hold', async () => {
    const live = await takeRound('hard-env', { EnvParams: hardEnv });
    expect(parseLiveEnv(live)).toEqual(hardEnv);
  });
});
