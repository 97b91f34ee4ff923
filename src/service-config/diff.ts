import type { ServiceSettings } from '../ports.ts';
import { describeSetting, parseLiveEnv, type EnvVars } from './merge.ts';
import type { Settings } from './schema.ts';

/** One setting that the release changes; values of env vars are never held here. */
export interface Change {
  readonly setting: string;
  readonly from: string;
  readonly to: string;
}

const unset = '(not set)';
const someValue = '(a value)';

/** What the settings that will be sent change on the live service, setting by setting, env vars key by key. */
export function diffSettings(sent: Settings, live: ServiceSettings | undefined): Change[] {
  const { EnvParams, ...plain } = sent;
  const settings = Object.entries(plain).flatMap(([setting, value]) => {
    if (setting === 'InstallDependency') return [];
    const from = describeSetting(setting, live?.[setting]);
    const change = { setting, from, to: describeSetting(setting, value) };
    return change.from === change.to ? [] : [change];
  });
  if (EnvParams === undefined) return settings;
  return [...settings, ...diffEnv(live === undefined ? {} : parseLiveEnv(live), EnvParams as EnvVars)];
}

function diffEnv(live: EnvVars, sent: EnvVars): Change[] {
  const keys = [...new Set([...Object.keys(live), ...Object.keys(sent)])].sort();
  return keys
    .filter((key) => live[key] !== sent[key])
    .map((key) => ({
      setting: `EnvParams.${key}`,
      from: live[key] === undefined ? unset : someValue,
      to: sent[key] === undefined ? '(deleted)' : live[key] === undefined ? someValue : '(another value)',
    }));
}
