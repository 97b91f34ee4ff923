import { diffSettings, type Change } from '../service-config/diff.ts';
import { isPublic, settingsForCreate, settingsForUpdate } from '../service-config/merge.ts';
import type { ServiceConfig } from '../service-config/parse.ts';
import type { Settings } from '../service-config/schema.ts';
import type { LiveState } from './look.ts';
import type { Project } from './project/project.ts';

/** What the release will change, setting by setting. */
export interface Plan {
  readonly action: 'create' | 'update';
  /** What the user set, with what the project adds to it; the release merges it again with what is live by then. */
  readonly wanted: Settings;
  readonly changes: readonly Change[];
  /** Sentences about access that the user should read. */
  readonly notes: readonly string[];
}

/** Compares what the user wants with what is live. */
export function compare(config: ServiceConfig, live: LiveState, project: Project): Plan {
  const wanted = { ...config.settings, ...projectSettings(project, live) };
  const { service } = live;
  if (service === undefined) {
    const sent = settingsForCreate(wanted, project.port);
    return {
      action: 'create',
      wanted,
      changes: diffSettings(sent, undefined),
      notes: accessNotes(wanted, sent),
    };
  }
  const sent = settingsForUpdate(wanted, service.settings, service.accessTypes);
  const known = { ...service.settings, OpenAccessTypes: service.accessTypes };
  return {
    action: 'update',
    wanted,
    changes: diffSettings(sent, known),
    notes: updateNotes(sent, service.accessTypes),
  };
}

/** The Dockerfile's name is sent where nothing live says it: an update never overwrites a name that is set. */
function projectSettings(project: Project, { service }: LiveState): Settings {
  if (project.kind === 'function') return { Port: project.port };
  const { port, dockerfile } = project;
  const isKnown = (service?.settings['Dockerfile'] ?? '') !== '' || dockerfile === 'Dockerfile';
  return { Port: port, ...(service !== undefined && isKnown ? {} : { Dockerfile: dockerfile }) };
}

function accessNotes(wanted: Settings, sent: Settings): string[] {
  if (wanted.OpenAccessTypes !== undefined) {
    return isPublic(sent.OpenAccessTypes ?? [])
      ? ['The service becomes public: anyone on the internet can call it.']
      : [];
  }
  return [
    'The new service is not public. To open it to the internet, set "OpenAccessTypes: [WEB]" in server-config.',
  ];
}

function updateNotes(sent: Settings, now: readonly string[]): string[] {
  if (sent.OpenAccessTypes === undefined || isPublic(sent.OpenAccessTypes) === isPublic(now)) return [];
  return [
    isPublic(now)
      ? 'The service is no longer public.'
      : 'The service becomes public: anyone on the internet can call it.',
  ];
}
