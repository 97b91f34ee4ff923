import type { Position, Problem } from '../errors.ts';
import { cpuSizes, type Settings } from './schema.ts';

/** The file name under which positions of an inline config are given. */
export const inlineName = 'server-config';

/** The port of every function service; the platform fixes it. */
export const functionPort = 3000;

/** The one env var that the action keeps for itself: it holds the fingerprint of what was released. */
export const fingerprintName = 'CLOUDBASE_RUN_FINGERPRINT';

const containerSettings = ['Dockerfile', 'BuildDir', 'EntryPoint', 'Cmd'] as const;

interface PlacedSettings {
  readonly settings: Settings;
  readonly positions: Readonly<Record<string, Position>>;
}

/** Finds settings that are right by themselves and wrong together. */
export function crossProblems({ settings, positions }: PlacedSettings): Problem[] {
  const problems: Problem[] = [];
  const add = (key: keyof Settings, message: string): void => {
    problems.push(configProblem(key, message, positions[key]));
  };
  const { Cpu, Mem, MinNum, MaxNum, OpenAccessTypes: access } = settings;
  if ((positions['Cpu'] === undefined) !== (positions['Mem'] === undefined)) {
    add(
      positions['Cpu'] === undefined ? 'Mem' : 'Cpu',
      'must be set together with its twin: Cpu and Mem belong together.',
    );
  } else if (Cpu !== undefined && Mem !== undefined && (Mem !== Cpu * 2 || !cpuSizes.includes(Cpu))) {
    add(
      'Mem',
      `must be 2 × Cpu, as one of the pairs ${cpuSizes.map((cpu) => `${cpu}/${cpu * 2}`).join(', ')}.`,
    );
  }
  if (MinNum !== undefined && MaxNum !== undefined && MinNum > MaxNum)
    add('MinNum', 'must not exceed MaxNum.');
  const envPort = settings.EnvParams?.['PORT'];
  if (typeof envPort === 'string' && envPort !== String(settings.Port)) {
    const message = 'must equal the setting Port, or be left out: the platform sets this variable itself.';
    problems.push(configProblem('EnvParams.PORT', message, positions['EnvParams']));
  }
  if (access?.includes('PRIVATE') === true && (access.includes('PUBLIC') || access.includes('WEB'))) {
    add('OpenAccessTypes', 'must not hold both PRIVATE and a public type (WEB, PUBLIC).');
  }
  return problems;
}

/** Finds the settings that function mode, agents included, does not take: another port, and what is for containers. */
export function checkFunctionSettings(
  { settings, positions }: PlacedSettings,
  mode: 'function' | 'agent',
): Problem[] {
  const { Port } = settings;
  const otherPort =
    `must be ${functionPort} in ${mode} mode, which the platform fixes, not ${Port ?? functionPort}. ` +
    'Leave the setting out.';
  const notTaken = `is for containers, not for ${mode} mode. Leave it out, or use mode "container".`;
  return [
    ...(Port === undefined || Port === functionPort
      ? []
      : [configProblem('Port', otherPort, positions['Port'])]),
    ...containerSettings
      .filter((name) => settings[name] !== undefined)
      .map((name) => configProblem(name, notTaken, positions[name])),
  ];
}

/** A problem of one setting (the whole config for an empty key); an inline config is no file, so its line goes into the message. */
export function configProblem(key: string, message: string, at: Position | undefined): Problem {
  const subject = key === '' ? inlineName : `${inlineName}: ${key}`;
  if (at === undefined) return { subject, message };
  if (at.file === inlineName)
    return { subject, message: `${message} (line ${at.line}, column ${at.column})` };
  return { subject, message, at };
}
