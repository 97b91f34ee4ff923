import { InputError, type Position } from '../errors.ts';
import type { ServiceSettings } from '../ports.ts';
import { diffSettings, type Changes } from '../service-config/diff.ts';
import { readMark } from '../service-config/fingerprint.ts';
import {
  parseLiveEnv,
  resolveSettings,
  type EnvVars,
  type Live,
  type Wanted,
} from '../service-config/merge.ts';
import type { ServiceConfig } from '../service-config/parse.ts';
import { configProblem, fingerprintName } from '../service-config/rules.ts';
import { findDoubts } from '../service-config/sanity.ts';
import type { Settings } from '../service-config/schema.ts';
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
  readonly source: 'same' | 'different' | 'unknown';
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
  const fingerprint = project === undefined ? readServing(live) : project.fingerprint;
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
    notes: [...closedNotes(live, wanted.settings), ...busyNotes(live)],
    warnings: findDoubts(live.target.serviceName, after).map(({ setting, message }) => ({
      message: `${setting}: ${message}`,
      at: config.positions[setting],
    })),
  };
}

/** True when a release would change something, as far as it is known. */
export function isChanging({ action, changes, source }: Plan): boolean {
  return action === 'create' || changes.settings.length > 0 || source === 'different';
}

function knownOf({ service, baseline }: LiveState): Live | undefined {
  return service === undefined ? undefined : { ...service, recordNumber: baseline.recordNumber };
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
  if (project.kind === 'function') return { Port: project.port };
  const { port, dockerfile } = project;
  const isKnown = (service?.settings['Dockerfile'] ?? '') !== '' || dockerfile === 'Dockerfile';
  return { Port: port, ...(service !== undefined && isKnown ? {} : { Dockerfile: dockerfile }) };
}

function compareSource(live: LiveState, project: Project | undefined): Plan['source'] {
  if (project === undefined) return 'same';
  if (live.service === undefined || project.fingerprint === undefined) return 'unknown';
  return readServing(live) === project.fingerprint ? 'same' : 'different';
}

/** The fingerprint of the source that serves, where one version has all of the traffic and the service keeps it. */
function readServing({ service }: LiveState): string | undefined {
  const [online, ...others] = service?.onlineVersions ?? [];
  if (service === undefined || online === undefined || others.length > 0) return undefined;
  return readMark(parseLiveEnv(service.settings)[fingerprintName], online.versionName);
}

/** The config may set one of the two, and the live service the other. */
function refuseCounts({ MinNum, MaxNum }: ServiceSettings, { settings, positions }: ServiceConfig): void {
  if (settings.MinNum === undefined && settings.MaxNum === undefined) return;
  if (typeof MinNum !== 'number' || typeof MaxNum !== 'number' || MinNum <= MaxNum) return;
  const key = settings.MinNum === undefined ? 'MaxNum' : 'MinNum';
  const message = `would make MinNum ${MinNum} and MaxNum ${MaxNum} on the live service: MinNum must not exceed MaxNum. Set both.`;
  throw new InputError([configProblem(key, message, positions[key])]);
}

function closedNotes({ service }: LiveState, { OpenAccessTypes }: Settings): string[] {
  if (service !== undefined || OpenAccessTypes !== undefined) return [];
  return [
    'The new service is not public. To open it to the internet, set "OpenAccessTypes: [WEB]" in server-config.',
  ];
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
