import type { Settings } from '../service-config/schema.ts';
import type { Outcome } from '../outcome.ts';
import { describeChanges } from '../service-config/diff.ts';
import { isChanging, type Plan } from '../stages/compare.ts';
import { code, escape } from './escape.ts';

/** The plan that counts: the one that was written, else the one that was shown. */
export function planOf({ values }: Pick<Outcome, 'values'>): Plan | undefined {
  return values.release?.plan ?? values.compare;
}

/** A plan as sentences for the log. */
export function describePlan(plan: Plan): string[] {
  const { changes, notes } = plan;
  return [
    headline(plan),
    ...describeChanges(changes),
    ...(changes.keptEnv.length === 0 ? [] : [`Env vars that stay: ${changes.keptEnv.join(', ')}.`]),
    ...describeSource(plan),
    ...notes,
  ];
}

function headline({ action, changes }: Plan): string {
  if (action === 'create') return 'The service will be created.';
  const count = changes.settings.length;
  if (count === 0) return 'No setting changes.';
  return count === 1 ? 'One setting changes.' : `${count} settings change.`;
}

function describeSource({ source }: Plan): string[] {
  if (source === 'unknown' || source === 'not released') return [];
  return [
    source === 'same' ? 'The source is the one that serves.' : 'The source is not the one that serves.',
  ];
}

/** GitHub refuses a comment of more than 65,536 characters, and a failure needs some of them, too. */
const [longestTable, longestList] = [24_000, 8_000];

/** A plan as Markdown; nothing when nothing changes. */
export function renderPlan(plan: Plan): string[] {
  const { settings, access, keptEnv } = plan.changes;
  const warnings = plan.warnings.map(({ message }) => `Warning: ${message}`);
  const sentences = [...access, ...describeSource(plan), ...plan.notes, ...warnings].map(
    (sentence) => `- ${escape(sentence)}`,
  );
  const all = settings.map(
    ({ setting, from, to, effect }) => `| ${code(setting)} | ${cell(from)} | ${cell(to)} | ${effect} |`,
  );
  const rows = fit(all, longestTable);
  const names = fit(keptEnv.map(code), longestList);
  const kept = names.length < keptEnv.length ? [...names, `${keptEnv.length - names.length} more`] : names;
  return [
    ...(rows.length === 0
      ? []
      : ['| setting | from | to | takes effect |', '| --- | --- | --- | --- |', ...rows, '']),
    ...(rows.length < all.length ? [`And ${all.length - rows.length} more.`, ''] : []),
    ...(sentences.length === 0 ? [] : [...sentences, '']),
    ...(kept.length === 0 ? [] : [`Env vars that stay: ${kept.join(', ')}`, '']),
  ];
}

/** The first parts that have room in so many characters. */
function fit(parts: readonly string[], room: number): string[] {
  let used = 0;
  return parts.filter((part) => (used += part.length) <= room);
}

const longestCell = 300;

function cell(text: string): string {
  return escape(text.length > longestCell ? `${text.slice(0, longestCell)}…` : text);
}

/** A plan as the JSON of the output `plan`; of env vars only the names. */
export function buildPlanJson(plan: Plan): string {
  const { action, source, changes, notes, warnings } = plan;
  const { settings, keptEnv, access } = changes;
  const messages = warnings.map(({ message }) => message);
  return JSON.stringify({
    action,
    changed: isChanging(plan),
    source,
    settings,
    keptEnv,
    access,
    notes,
    warnings: messages,
  });
}

/** The settings of a config as lines, env vars without their values; `envFrom` names those of the step's environment. */
export function describeSettings(
  { EnvParams = {}, VolumesConf, ...plain }: Settings,
  envFrom: readonly string[],
): string[] {
  const volumes = VolumesConf?.map(({ KeyID, ...volume }) => ({
    ...volume,
    ...(KeyID && { KeyID: '[redacted]' }),
  }));
  const lines = Object.entries({ ...plain, ...(volumes && { VolumesConf: volumes }) });
  return [
    ...lines.map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    ...Object.entries(EnvParams).map(
      ([name, value]) => `EnvParams.${name}: ${value === null ? '(deleted)' : '[redacted]'}`,
    ),
    ...envFrom.map((name) => `EnvParams.${name}: (from the environment)`),
  ];
}
