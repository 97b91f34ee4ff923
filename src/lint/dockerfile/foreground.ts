import type { Launch, PlacedWord } from './launch.ts';
import { placeOfText } from './located-text.ts';
import { nameOf, stripRunners } from './program.ts';
import type { DockerfileSubject } from './tree.ts';
import type { Hit } from '../rule.ts';

/** Finds a command that surely ends at once, goes into the background, or waits without a service. */
export function checkForeground(subject: DockerfileSubject, launch: Launch | undefined): Hit[] {
  if (launch === undefined || !launch.isAlone || hasEntrypointScript(launch)) return [];
  if (launch.script?.text.text.includes('<') === true) return [];
  const words = stripRunners(launch.words);
  const [first] = words;
  if (first === undefined) return [];
  const isOnly = (launch.script?.commands.length ?? 1) === 1;
  const fault = findDaemon(subject, words) ?? (isOnly ? findIdle(words) : undefined);
  return fault === undefined ? [] : [{ ...fault, at: placeOfText(subject, first.instruction, first) }];
}

/** A script in front may start the service itself. */
function hasEntrypointScript({ words }: Launch): boolean {
  return words.slice(0, -1).some((word) => /\.sh$|entrypoint$/.test(nameOf(word)));
}

type Fault = Pick<Hit, 'message' | 'fix'>;

function findDaemon(subject: DockerfileSubject, words: readonly PlacedWord[]): Fault | undefined {
  const [name = '', ...options] = words.map((word, index) => (index === 0 ? nameOf(word) : word.text));
  const has = (option: RegExp): boolean => options.some((text) => option.test(text));
  const isInitScript = /^\/etc\/init\.d\//.test(words[0]?.text ?? '');
  if (isInitScript && options[0] === 'start') return leaving(`${name} start`);
  if (name === 'service' && options[1] === 'start') return leaving(`service ${options[0] ?? ''} start`);
  if (name === 'nginx' && !has(/daemon\s+off|^-[cthvVTs?]/) && !staysByConfig(subject))
    return leaving('nginx', 'Start it with CMD ["nginx", "-g", "daemon off;"].');
  if (name === 'gunicorn' && has(/^(?:-D|--daemon)$/))
    return leaving('gunicorn', 'Start gunicorn without the option for a daemon.');
  if (name === 'pm2' && options[0] === 'start' && !has(/^--(?:no-daemon|attach)$/))
    return leaving('pm2 start', 'Start the service itself, or use "pm2-runtime" instead of "pm2".');
  return undefined;
}

/** A file of nginx or a RUN that writes one may keep it in the foreground. */
function staysByConfig({ text, source }: DockerfileSubject): boolean {
  return [text, ...source.texts.values()].some((content) => /daemon\s+off/.test(content));
}

function leaving(command: string, fix?: string): Fault {
  const message = `"${command}" goes into the background, and the container ends.`;
  return fix === undefined ? { message } : { message, fix };
}

function findIdle(words: readonly PlacedWord[]): Fault | undefined {
  const [name = '', ...options] = words.map((word, index) => (index === 0 ? nameOf(word) : word.text));
  const isShell =
    /^(?:ba|da|a|z)?sh$/.test(name) && options.every((text) => /^(?:-[il]+|--login)$/.test(text));
  const isInterpreter = /^(?:node|nodejs|python[\d.]*)$/.test(name) && options.length === 0;
  if (isShell || isInterpreter)
    return { message: `"${name}" without a file waits for input, gets none, and ends at once.` };
  if (name !== 'tail' || !options.includes('/dev/null') || !/^(?:-f|-F)$/.test(options[0] ?? ''))
    return undefined;
  return { message: '"tail -f /dev/null" keeps the container running without a service.' };
}
