import { expect } from '@jest/globals';
import * as fc from 'fast-check';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { createCloudRun } from '../../src/adapters/cloudbase/cloudbase.ts';
import type { Position, Problem } from '../../src/errors.ts';
import type { CloudRun, ServiceDetail, Target } from '../../src/ports.ts';
import { diffSettings } from '../../src/service-config/diff.ts';
import { buildItems } from '../../src/service-config/items.ts';
import { liveOf, parseLiveEnv, resolveSettings, type Live } from '../../src/service-config/merge.ts';
import { parseConfigSource, parseServiceConfig } from '../../src/service-config/parse.ts';
import { inlineName } from '../../src/service-config/rules.ts';
import { settingsSchema, type Settings } from '../../src/service-config/schema.ts';
import { waitFor } from './cloud-client.ts';
import {
  configTexts,
  damage,
  edits,
  overlaid,
  renderConfig,
  secret,
  secretLines,
  settings,
  styles,
  successions,
  type Edit,
  type Style,
} from './config-arbitraries.ts';
import { createFakeLog } from './fakes.ts';
import { serviceDetail } from './samples.ts';
import { instant } from './step.ts';

const configFile = 'f.yml';

/** A property of service configs, and how often it is tried where there is little time. */
export interface Property {
  readonly name: string;
  readonly runs: number;
  /** Fails with the seed and the smallest example that it found. */
  readonly check: (parameters: Parameters) => Promise<void>;
}

type Parameters = Pick<fc.Parameters, 'seed' | 'numRuns'>;

/** All that holds for every service config; the rounds are asked for when the first one is taken. */
export function createProperties(rounds: () => Rounds): Property[] {
  const written = fc.tuple(settings, styles);
  const overlayNames = fc.constantFrom('', 'dev', 'none');
  const entry = (name: string, runs: number, property: fc.IRawProperty<unknown>): Property => ({
    name,
    runs,
    check: async (parameters) => {
      // The search for a smaller example must end before the test does, or nothing is told.
      await fc.assert(property as fc.IAsyncProperty<unknown>, {
        ...parameters,
        interruptAfterTimeLimit: 20_000,
      });
    },
  });
  return [
    entry('any text is parsed or explained', 200, fc.property(configTexts, overlayNames, parsesOrExplains)),
    entry('any input is a path or the config', 60, fc.property(configTexts, isPathOrConfig)),
    entry('it is read as it was meant', 120, fc.property(settings, styles, isReadAsMeant)),
    entry('an overlay is merged as it was meant', 40, fc.property(overlaid, styles, isMergedAsMeant)),
    entry('a damaged config keeps its secrets', 300, fc.property(smallConfigs, styles, edits, keepsSecret)),
    entry('an env var keeps its secret', 200, fc.property(secretLines, keepsSecretLine)),
    entry('an env var keeps the characters of a number', 100, fc.property(numbers, keepsNumber)),
    entry('nothing stays of a failed release', 200, fc.property(successions, settings, takesBack)),
    entry(
      'it is live after a create',
      20,
      fc.asyncProperty(written, (each) => rounds().create(each)),
    ),
    entry(
      'it is live after an update, over what another config left',
      20,
      fc.asyncProperty(successions, styles, ([first, second], style) =>
        rounds().update([first, style], [second, style]),
      ),
    ),
  ];
}

/** Any text makes settings, or problems that say what to change and where in the text. */
function parsesOrExplains(text: string, overlay: string): void {
  for (const file of [configFile, inlineName]) {
    const { value, problems } = parseServiceConfig(text, file, overlay);
    for (const problem of problems) expectProblem(problem, text, file);
    if (problems.length === 0) expect(settingsSchema.safeParse(value?.settings).success).toBe(true);
  }
}

function expectProblem({ subject, message, at }: Problem, text: string, file: string): void {
  expect(subject).toMatch(/^(server-config|config-environment)/);
  expect(message).toMatch(/([.?]|[.?] \(line \d+, column \d+\))$/);
  const [, line, column] = / \(line (\d+), column (\d+)\)$/.exec(message) ?? [];
  if (at !== undefined) expect(at.file).toBe(file);
  const place = line === undefined ? at : { file, line: Number(line), column: Number(column) };
  if (place !== undefined) expectInside(place, text);
}

function expectInside({ line, column }: Position, text: string): void {
  const lines = text.split('\n');
  expect(line).toBeGreaterThanOrEqual(1);
  expect(line).toBeLessThanOrEqual(lines.length);
  expect(column).toBeGreaterThanOrEqual(1);
  expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
}

function isPathOrConfig(text: string): void {
  const { kind, value } = parseConfigSource(text);
  expect(value).toBe(text.trim());
  if (kind === 'path') expect(value).not.toContain('\n');
}

/** A config that was written in any style is read as it was meant. */
function isReadAsMeant(config: Settings, style: Style): void {
  const { value, problems } = parseServiceConfig(renderConfig(config, style), configFile);
  expect(problems).toEqual([]);
  expect(value?.settings).toEqual(config);
}

/** An overlay lies over the base: maps merge, anything else is replaced. */
function isMergedAsMeant([base, dev]: readonly [Settings, Settings], style: Style): void {
  const text = renderConfig({ ...base, environments: { dev, other: {} } }, style);
  const parse = (overlay: string) => parseServiceConfig(text, configFile, overlay);
  expect(parse('dev').problems).toEqual([]);
  expect(parse('other').value?.settings).toEqual(base);
  const maps = (['EnvParams', 'VpcConf', 'PublicNetConf'] as const)
    .filter((name) => base[name] !== undefined && dev[name] !== undefined)
    .map((name) => [name, { ...base[name], ...dev[name] }]);
  expect(parse('dev').value?.settings).toEqual({ ...base, ...dev, ...Object.fromEntries(maps) });
}

/** In a small config the damage is near the secret, and there is no other setting whose value it may become. */
const smallConfigs = settings.map((config): Settings =>
  Object.fromEntries(Object.entries(config).filter(([name]) => name === 'EnvParams')),
);

/** Whatever is wrong around the value of an env var, no message shows the value. */
function keepsSecret(config: Settings, style: Style, places: readonly Edit[]): void {
  const text = renderConfig({ ...config, EnvParams: { ...config.EnvParams, TOKEN: secret } }, style);
  expectSecret(damage(text, places));
}

/** Whatever is wrong with the value of an env var, no message shows it. */
function keepsSecretLine(line: string): void {
  expectSecret(`EnvParams:\n  TOKEN: ${line}\n`);
}

const numbers = fc.oneof(
  fc.double().map(String),
  fc.bigInt().map(String),
  fc.stringMatching(/^[-+]?[0-9]{1,20}(\.[0-9]{0,5})?([eE][-+]?[0-9]{1,3})?$/),
  fc.stringMatching(/^0[xo][0-7]{1,20}$/),
  fc.constantFrom('true', 'False', '.inf', '-.INF', '.nan', '1_000', '012', 'yes', 'on'),
);

/** What YAML reads as a number or a boolean is the text of an env var as it stands. */
function keepsNumber(text: string): void {
  const { value, problems } = parseServiceConfig(`EnvParams:\n  VALUE: ${text}\n`, configFile);
  expect(problems).toEqual([]);
  expect(value?.settings.EnvParams).toEqual({ VALUE: text });
}

/** What a version tells of itself; all else holds for the service, whatever version serves (API DescribeVersionDetail). */
const ofVersions: readonly (keyof Settings)[] = [
  ...(['Port', 'Cpu', 'Mem', 'PolicyDetails', 'Dockerfile', 'BuildDir', 'EnvParams', 'CustomLogs'] as const),
  ...(['EntryPoint', 'Cmd', 'VpcConf', 'VolumesConf'] as const),
];

/** Without an item there is no telling the API that there is none of these. */
const neverEmptied: ReadonlySet<string> = new Set(['Port', 'Dockerfile', 'CustomLogs', 'VpcConf']);

/** A version serves, a later release has failed: the next one is made over what that one has left on the service. */
function takesBack([serving, failed]: readonly [Settings, Settings], wanted: Settings): void {
  const { OpenAccessTypes: accessTypes = [], ...ownSettings } = heldAfter(resolve(failed, undefined));
  const version = heldAfter(resolve(serving, undefined));
  const told = Object.fromEntries(ofVersions.map((name) => [name, version[name] ?? null]));
  const settings = { ...ownSettings, ...told };
  const onlineVersions = [{ versionName: 'shop-001', imageUrl: '', share: 100 }];
  const service = { accessTypes: accessTypes as string[], ownSettings, onlineVersions };
  const before = liveOf(serviceDetail({ ...service, settings }), 2);
  const next = heldAfter(resolve(wanted, before));
  const { OpenAccessTypes: access = accessTypes, ...after } = { ...ownSettings, ...next };
  const asked = sentOf(wanted);
  const names = Object.keys({ ...ownSettings, ...version, ...asked }).filter(
    (name) => name in asked || !neverEmptied.has(name) || told[name] !== null,
  ) as (keyof Settings)[];
  const stood = { ...before, settings };
  const expected = { ...configOf(stood, names), ...asked, ...expectedMaps(asked, stood) };
  const result = configOf({ ...before, settings: after, accessTypes: access as string[] }, names);
  expect(comparable(withoutEmpty(result))).toEqual(comparable(withoutEmpty(expected)));
}

/** What a service holds that was told these settings alone. */
function heldAfter(sent: Settings): Readonly<Record<string, unknown>> {
  const { EnvParams: env, ...others } = sentOf(sent);
  return { ...others, ...(env === undefined ? {} : { EnvParams: JSON.stringify(env) }) };
}

/** The platform takes an empty value for one that is not set. */
function withoutEmpty<T extends object>(value: T): T {
  const isEmpty = (inner: unknown): boolean =>
    ['', 0, false, undefined, null, '.'].some((each) => each === inner);
  const inside = (inner: unknown): unknown => {
    if (!Array.isArray(inner)) return inner;
    return inner.map((part: unknown) =>
      typeof part === 'object' && part !== null ? withoutEmpty(part) : part,
    );
  };
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (isEmpty(inner) ? [] : [[name, inside(inner)]])),
  ) as T;
}

/** A subject may hold it: there it is a name. */
function expectSecret(text: string): void {
  const { problems } = parseServiceConfig(text, configFile);
  for (const { message } of problems) expect(message).not.toContain(secret);
}

/** A config with the way it is written. */
type Written = readonly [config: Settings, style: Style];

/** Takes configs through the embedded cloud; every one gets a service of its own. */
export interface Rounds {
  /** Creates a service from a config; what is live then must be the config. */
  readonly create: (written: Written) => Promise<void>;
  /** Creates a service from the first config and updates it with the second, which must change nothing else. */
  readonly update: (first: Written, second: Written) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** An environment takes 15 services. */
const servicesEach = 10;

/** Starts an embedded cloud for a thousand rounds. */
export async function startRounds(): Promise<Rounds> {
  const environments = Array.from({ length: 100 }, (_, at) => ({ envId: `rounds-${at}`, opened: true }));
  const emulator = await startEmulator({ timeline: instant, environments });
  const cloudRun = connect(emulator);
  let count = 0;
  const create = async (written: Written): Promise<Deployed> => {
    const target = { envId: `rounds-${Math.floor(count / servicesEach)}`, serviceName: `round-${count}` };
    count++;
    const place = { emulator, cloudRun, target };
    const live = await deploy(written, place, undefined);
    expectLive(written, live, createdWith);
    return { place, live };
  };
  return {
    create: async (written) => {
      await create(written);
    },
    update: async (first, second) => {
      const { place, live: before } = await create(first);
      expectLive(second, await deploy(second, place, before), before);
    },
    close: () => emulator.close(),
  };
}

function connect(emulator: Emulator): CloudRun {
  const { secretId, secretKey } = emulator.credential;
  const connection = {
    credentials: { secretId, secretKey, sessionToken: '' },
    region: 'ap-shanghai',
    apiEndpoint: emulator.apiEndpoint,
    proxy: undefined,
  };
  return createCloudRun(connection, createFakeLog(), new AbortController().signal);
}

interface Place {
  readonly emulator: Emulator;
  readonly cloudRun: CloudRun;
  readonly target: Target;
}

interface Deployed {
  readonly place: Place;
  readonly live: Live;
}

/** What of the settings that a new service has without being told is the action's choice. */
const createdWith: Live = {
  settings: {},
  ownSettings: {},
  accessTypes: ['MINIAPP'],
  recordNumber: 0,
  isNewestServing: true,
  isFunction: false,
};

async function deploy([config, style]: Written, place: Place, before: Live | undefined): Promise<Live> {
  const { emulator, cloudRun, target } = place;
  const parsed = parseServiceConfig(renderConfig(config, style), configFile);
  emulator.script(target.envId, target.serviceName, { end: 'online', run: false });
  const request = {
    deployInfo: { DeployType: 'image', ImageUrl: 'registry.invalid/app:1' },
    items: buildItems(resolve(parsed.value?.settings ?? {}, before)),
  };
  await (before === undefined
    ? cloudRun.createService(target, request)
    : cloudRun.updateService(target, request));
  const recordNumber = (before?.recordNumber ?? 0) + 1;
  const versionName = `${target.serviceName}-${String(recordNumber).padStart(3, '0')}`;
  const service = await waitFor(
    () => cloudRun.readService(target),
    (found) => found?.onlineVersions[0]?.versionName === versionName,
  );
  return asLive(service, recordNumber);
}

function asLive(service: ServiceDetail | undefined, recordNumber: number): Live {
  const { settings = {}, ownSettings = {}, accessTypes = [] } = service ?? {};
  return { settings, ownSettings, accessTypes, recordNumber, isNewestServing: true, isFunction: false };
}

/** What the API is told, of the user's settings alone. */
function resolve(wanted: Settings, before: Live | undefined): Settings {
  return resolveSettings({ settings: wanted, envStrategy: 'merge' }, before).sent;
}

/** What is live must be what was asked for over what was there; it must itself be a config, and be no change again. */
function expectLive([config, style]: Written, live: Live, before: Live): void {
  const wanted = sentOf(config);
  const expected = { ...withSameNames(before, live), ...wanted, ...expectedMaps(wanted, before) };
  expect(comparable(configOf(live, Object.keys(expected)))).toEqual(comparable(expected));
  isReadAsMeant(configOf(live, Object.keys(wanted)), style);
  expect(diffSettings(resolve(config, live), live).settings).toEqual([]);
}

/** What of a config the API knows; `InstallDependency` is about the package alone. */
function sentOf(config: Settings): Settings {
  return Object.fromEntries(Object.entries(config).filter(([name]) => name !== 'InstallDependency'));
}

/** The settings that were live before, as far as they are settings of a config. */
function withSameNames(before: Live, live: Live): Settings {
  const names = Object.keys(settingsSchema.shape).filter(
    (name) => name in before.settings || (name in live.settings && before !== createdWith),
  );
  return configOf(before, names);
}

function configOf(live: Live, names: readonly string[]): Settings {
  const all: Readonly<Record<string, unknown>> = {
    ...live.settings,
    EnvParams: parseLiveEnv(live.settings),
    OpenAccessTypes: live.accessTypes,
    ...(live.settings['BuildDir'] === '' ? { BuildDir: '.' } : {}),
  };
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

/** Env vars and access types do not simply replace what was there. */
function expectedMaps({ EnvParams, OpenAccessTypes: access }: Settings, before: Live): Settings {
  const env = new Map<string, string | null>(Object.entries(parseLiveEnv(before.settings)));
  for (const [name, value] of Object.entries(EnvParams ?? {})) env.set(name, value);
  const kept = (['VPC', 'MINIAPP'] as const).filter((type) => before.accessTypes.includes(type));
  const closed = kept.length === 0 ? (['MINIAPP'] as const) : kept;
  const types = access?.flatMap((type) => {
    if (type === 'PRIVATE') return [...closed];
    return type === 'WEB' ? ['PUBLIC' as const] : [type];
  });
  return {
    EnvParams: Object.fromEntries([...env].filter(([, value]) => value !== null)),
    OpenAccessTypes: types ?? (before.accessTypes as NonNullable<Settings['OpenAccessTypes']>),
  };
}

/** An empty list is one that is not set; access types and lists of maps have no order. */
function comparable(config: Settings): Readonly<Record<string, unknown>> {
  const filled = Object.entries(config).filter(([, value]) => !Array.isArray(value) || value.length > 0);
  return Object.fromEntries(
    filled.map(([name, value]) => [name, isUnordered(name, value) ? [...new Set(sorted(value))] : value]),
  );
}

function isUnordered(name: string, value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && (name === 'OpenAccessTypes' || typeof value[0] === 'object');
}

function sorted(list: readonly unknown[]): string[] {
  const inOrder = (part: unknown): unknown =>
    typeof part === 'object' && part !== null ? Object.entries(part).sort() : part;
  return list.map((part) => JSON.stringify(inOrder(part))).sort();
}
