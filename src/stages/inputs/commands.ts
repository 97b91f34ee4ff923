import type { Problem } from '../../errors.ts';
import { commands, inputDefaults, type InputName, type Inputs, type RawInputs } from '../../inputs.ts';

type Command = Inputs['command'];

const local: readonly Command[] = ['deploy', 'plan', 'run'];
const service: readonly Command[] = ['deploy', 'plan'];
const source: readonly Command[] = ['deploy', 'plan', 'lint', 'run', 'package'];

/** Inputs that only some commands take. Others would do nothing, and nobody would hear of it. */
const takers: Partial<Record<InputName, readonly Command[]>> = {
  include: source,
  exclude: source,
  'allow-secret-files': source,
  'build-args': local,
  'build-secrets': local,
  target: local,
  'cache-from': local,
  'cache-to': local,
  builder: local,
  // Workflows set it beside "lint" and "update-config" since these exist.
  verify: ['deploy', 'plan', 'lint', 'update-config'],
  'verify-path': service,
  'verify-status': service,
  'verify-env': local,
  'verify-env-from': local,
  'verify-sse-path': service,
  'verify-websocket-path': service,
  'verify-burst': service,
  image: local,
  'image-repository': service,
  'image-tags': service,
  'image-reference': service,
  'registry-username': local,
  'registry-password': local,
  'run-port': ['run'],
  'output-path': ['package', 'download'],
  overwrite: ['package', 'download'],
  'skip-unchanged': service,
  redeploy: service,
};

/** True for an input that is not left at its default. */
export function isGiven(raw: RawInputs, name: InputName): boolean {
  return raw[name].trim() !== inputDefaults[name];
}

/** True for an input that is given, and that the command takes. */
export function isTaken(raw: RawInputs, name: InputName): boolean {
  const known: readonly string[] | undefined = takers[name];
  return isGiven(raw, name) && (known === undefined || known.includes(raw.command));
}

/** Finds inputs that the command does not take. */
export function checkCommand(raw: RawInputs): Problem[] {
  if (commands.every((command) => command !== raw.command)) return [];
  return (Object.keys(takers) as InputName[])
    .filter((name) => isGiven(raw, name) && !isTaken(raw, name))
    .map((subject) => ({ subject, message: `is for ${wordsOf(takers[subject] ?? [])}. Leave it out.` }));
}

function wordsOf(those: readonly Command[]): string {
  const named = those.filter((command) => command !== 'lint' && command !== 'update-config');
  const [last = '', ...others] = named.map((command) => `"${command}"`).reverse();
  if (others.length === 0) return `the command ${last}`;
  return `the commands ${others.reverse().join(', ')} and ${last}`;
}
