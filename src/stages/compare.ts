import type { Position } from '../errors.ts';
import { diffSettings, type Changes } from '../service-config/diff.ts';
import { parseMark } from '../service-config/fingerprint.ts';
import {
  parseLiveEnv,
  resolveSettings,
  type EnvVars,
  type Live,
  type Wanted,
  liveOf,
} from '../service-config/merge.ts';
import type { ServiceConfig } from '../service-config/parse.ts';
import { fingerprintName, refuseCounts } from '../service-config/rules.ts';
import { findDoubts } from '../service-config/sanity.ts';
import { isSameSetting } from '../service-config/same.ts';
import { settingNames, type Settings } from '../service-config/schema.ts';
import type { LiveState } from './look.ts';
import type { Project } from './project/project.ts';

/** What the run would change. */
export interface Plan {
  readonly action: 'create' | 'update';
  /** What the release merges again with what is live by then. */
  readonly wanted: Wanted;
  /** What of it the user set himself: `Cpu`, `EnvParams.KEY`, a key that is to be deleted among them. */
  readonly setByUser: readonly string[];
  readonly changes: Changes;
  /** Whether the source is the one that serves; unknown where the service does not keep its fingerprint. */
  readonly source: 'same' | 'different' | 'unknown' | 'not released';
  /** False where the newest release does not serve, so that not every setting of what serves is known. */
  readonly isNewestServing: boolean;
  /** Sentences that the user should read. */
  readonly notes: readonly string[];
  readonly warnings: readonly { readonly message: string; readonly at: Position | undefined }[];
}

export interface CompareRequest {
  readonly config: ServiceConfig;
  readonly envFrom: EnvVars;
  readonly envStrategy: Wanted['envStrategy'];
  readonly live: LiveState;
  /** Left out where no source is released. */
  readonly project?: Project;
}

/** Compares what the user wants with what is live. */
export function compare({ config, envFrom, envStrategy, live, project }: CompareRequest): Plan {
  const settings = {
    ...withEnvFrom(config.settings, envFrom),
    ...(project === undefined ? {} : projectSettings(project, live)),
  };
  const fingerprint = project === undefined ? servingFingerprint(live) : project.fingerprint;
  const wanted: Wanted = { settings, envStrategy, fingerprint };
  const known = knownOf(live);
  const { sent } = resolveSettings(wanted, known);
  const changes = diffSettings(sent, known);
  const after = { ...standing(known), ...sent };
  refuseCounts(after, config);
  return {
    action: live.service === undefined ? 'create' : 'update',
    wanted,
    setByUser: namesIn(withEnvFrom(config.settings, envFrom)),
    changes,
    source: compareSource(live, project),
    isNewestServing: known?.isNewestServing ?? true,
    notes: [...createNotes(live, wanted.settings), ...failedNotes(live, known, sent), ...busyNotes(live)],
    warnings: findDoubts(live.target.serviceName, after).map(({ setting, message }) => ({
      message: `${setting}: ${message}`,
      at: config.positions[setting],
    })),
  };
}

/** False only when it is known that settings and source are those that serve, or that no source is released. */
export function isChanging({ action, changes, source, isNewestServing }: Plan): boolean {
  const isSource = source === 'different' || source === 'unknown';
  return action === 'create' || changes.settings.length > 0 || isSource || !isNewestServing;
}

function knownOf({ service, baseline }: LiveState): Live | undefined {
  return service === undefined ? undefined : liveOf(service, baseline.recordNumber);
}

function withEnvFrom(settings: Settings, envFrom: EnvVars): Settings {
  if (Object.keys(envFrom).length === 0) return settings;
  return { ...settings, EnvParams: { ...settings.EnvParams, ...envFrom } };
}

function namesIn({ EnvParams = {}, ...settings }: Settings): string[] {
  return [...Object.keys(settings), ...Object.keys(EnvParams).map((key) => `EnvParams.${key}`)];
}

/** The Dockerfile's name is sent where nothing live says it: an update never overwrites a name that is set. */
function projectSettings(project: Project, { service }: LiveState): Settings {
  if (project.kind !== 'container') return { Port: project.port };
  const { port, dockerfile } = project;
  const isKnown = (service?.settings['Dockerfile'] ?? '') !== '' || dockerfile === 'Dockerfile';
  return { Port: port, ...(service !== undefined && isKnown ? {} : { Dockerfile: dockerfile }) };
}

function compareSource(live: LiveState, project: Project | undefined): Plan['source'] {
  if (project === undefined) return 'not released';
  if (live.service === undefined || project.fingerprint === undefined) return 'unknown';
  return servingFingerprint(live) === project.fingerprint ? 'same' : 'different';
}

/** The fingerprint of the source that serves, where one version has all of the traffic and the service keeps it. */
function servingFingerprint({ service }: LiveState): string | undefined {
  const [online, ...others] = service?.onlineVersions ?? [];
  if (service === undefined || online === undefined || others.length > 0) return undefined;
  return parseMark(parseLiveEnv(service.settings)[fingerprintName], online.versionName);
}

function createNotes({ service, network }: LiveState, { OpenAccessTypes, VpcConf }: Settings): string[] {
  if (service !== undefined) return [];
  const closed =
    'The new service is not public. To open it to the internet, set "OpenAccessTypes: [WEB]" in server-config.';
  const joined =
    network === undefined || VpcConf !== undefined
      ? []
      : [
          `The new service joins the network of the environment, ${[network.vpcId, ...network.subnetIds].join(', ')}.`,
        ];
  return [...(OpenAccessTypes === undefined ? [closed] : []), ...joined];
}

/** What the platform tells of the service alone, or not exactly, cannot be taken back, nor what there is no item to unset for. */
function failedNotes({ service, underWay }: LiveState, live: Live | undefined, sent: Settings): string[] {
  if (service === undefined || live === undefined || live.isNewestServing || underWay !== undefined)
    return [];
  if (service.onlineVersions.length === 0) {
    return ['No version serves: what the config does not set stays as the failed release left it.'];
  }
  if (service.onlineVersions.length > 1) {
    return [
      'Several versions share the traffic; the settings are compared with those of the one with the most.',
    ];
  }
  if (service.settingsOf === 'service') {
    return [
      'The newest release is not the one that serves, and the settings of the one that serves cannot be read: what the ' +
        'config does not set stays as the newest release left it. Allow tcbr:DescribeVersionDetail.',
    ];
  }
  const stays = settingNames.filter((name) => sent[name] === undefined && isLeft(name, live));
  return [
    'The newest release is not the one that serves. What it changed is taken back, and what the config sets is sent ' +
      `again${stays.length === 0 ? '' : `; as it left them stay ${stays.join(', ')}`}.`,
  ];
}

/** Changed without a version, or told of the service alone (API type DescribeVersionDetailResponse has none of them). */
const ofServiceAlone: readonly string[] = [
  ...[
    'OpenAccessTypes',
    'MinNum',
    'MaxNum',
    'InternalAccess',
    'InternalDomain',
    'PublicNetConf',
    'TimerScale',
  ],
  ...['LogType', 'LogSetId', 'LogTopicId', 'LogParseType'],
  ...['SessionAffinity', 'InitialDelaySeconds', 'OperationMode'],
];

function isLeft(name: keyof Settings, { settings, ownSettings }: Live): boolean {
  if (name === 'EnvParams' || isSameSetting(name, ownSettings[name], undefined)) return false;
  const isCommand = name === 'EntryPoint' || name === 'Cmd';
  const isToldAsText = isCommand && typeof settings[name] === 'string';
  return ofServiceAlone.includes(name) || isToldAsText || (settings[name] ?? '') === '';
}

function busyNotes({ underWay }: LiveState): string[] {
  return underWay === undefined
    ? []
    : [`Another release is under way, ${underWay}: the plan is for what serves until then.`];
}

/** What stands already and stays where nothing is sent. */
function standing(live: Live | undefined): Readonly<Record<string, unknown>> {
  if (live === undefined) return {};
  return { ...live.settings, EnvParams: parseLiveEnv(live.settings), OpenAccessTypes: live.accessTypes };
}
