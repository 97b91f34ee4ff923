import { isLoopback, readListening, type Address, type Listening } from './address.ts';
import { listEnv, parseHostSetting } from './env.ts';
import { nodeExample, uvicornExample } from './example.ts';
import type { Loopback } from './servers.ts';
import { placeOf, type DockerfileSubject } from './tree.ts';
import { placeOfText } from './located-text.ts';
import type { Hit, Rule } from '../rule.ts';

const good = uvicornExample(' --host 0.0.0.0 --port $PORT');

/** The rules about commands and settings by which only the container itself reaches the service. */
export const loopbackRules: readonly Rule<DockerfileSubject>[] = [
  {
    id: 'CBR017',
    severity: 'error',
    title: 'Command that listens on the container itself alone',
    why: 'Requests of CloudBase Run come from outside the container: what listens on 127.0.0.1 never gets them.',
    fix: 'Listen on 0.0.0.0.',
    bad: uvicornExample(' --host 127.0.0.1 --port $PORT'),
    good,
    check: checkLoopback,
  },
  {
    id: 'CBR018',
    severity: 'warning',
    title: 'Setting that seems to name 127.0.0.1 as the address to listen on',
    why: 'Requests of CloudBase Run come from outside the container: what listens on 127.0.0.1 never gets them.',
    fix: 'Set it to 0.0.0.0.',
    bad: nodeExample(['ENV HOST=127.0.0.1', 'USER node', 'EXPOSE 8080', 'CMD ["node", "server.js"]'], 8080),
    good: nodeExample(['ENV HOST=0.0.0.0', 'USER node', 'EXPOSE 8080', 'CMD ["node", "server.js"]'], 8080),
    check: checkDoubtfulLoopback,
  },
  {
    id: 'CBR019',
    severity: 'error',
    title: 'Server that listens on 127.0.0.1 unless told otherwise',
    why: 'Requests of CloudBase Run come from outside the container: what listens on 127.0.0.1 never gets them.',
    fix: 'Name the address 0.0.0.0, such as "--host 0.0.0.0".',
    bad: uvicornExample(' --port $PORT'),
    good,
    check: checkDefault,
  },
];

/** The addresses on the container itself; none where the command listens on another one too. */
function listLoopbacks({ addresses }: Listening): Address[] {
  const isOpen = addresses.some(({ host }) => host !== undefined && !isLoopback(host));
  return isOpen ? [] : addresses.filter(({ host }) => isLoopback(host));
}

function checkLoopback(subject: DockerfileSubject): Hit[] {
  const listening = readListening(subject);
  if (listening === undefined) return [];
  return listLoopbacks(listening)
    .filter(({ isSure }) => isSure)
    .map(({ shown, word }) => ({
      message: `The command listens on the container itself alone ("${shown}").`,
      at: placeOfText(subject, word.instruction, word),
    }));
}

function checkDoubtfulLoopback(subject: DockerfileSubject): Hit[] {
  const listening = readListening(subject);
  if (listening === undefined) return [];
  const { addresses, server } = listening;
  const options = listLoopbacks(listening)
    .filter(({ isSure }) => !isSure)
    .map(({ shown, word }) => ({
      message: `The command seems to listen on the container itself alone ("${shown}").`,
      fix: 'Listen on 0.0.0.0.',
      at: placeOfText(subject, word.instruction, word),
    }));
  const isTold = addresses.some(({ host }) => host !== undefined);
  const settings = isTold
    ? []
    : listEnv(subject).filter((setting) => isLoopback(parseHostSetting(setting, server?.name)));
  return [
    ...options,
    ...settings.map(({ name, property }) => ({
      message: `ENV "${name}" names the container itself as the address to listen on.`,
      at: placeOf(subject, property),
    })),
  ];
}

function checkDefault(subject: DockerfileSubject): Hit[] {
  const listening = readListening(subject);
  const { loopback, name = '' } = listening?.server ?? {};
  if (listening === undefined || loopback === undefined) return [];
  if (isToldElsewhere(subject, listening, loopback)) return [];
  const { program } = listening;
  const message = `"${name}" listens on 127.0.0.1 alone, because nothing names another address.`;
  const fix = name.endsWith('runserver') ? 'Write "runserver 0.0.0.0:$PORT" in a shell command.' : undefined;
  return [
    {
      message,
      ...(fix === undefined ? {} : { fix }),
      at: placeOfText(subject, program.instruction, program),
    },
  ];
}

/** True where something names an address, or could do so. */
function isToldElsewhere(subject: DockerfileSubject, listening: Listening, loopback: Loopback): boolean {
  const { service, entries } = subject.source;
  const { env, options = [], files = [] } = loopback;
  const names = [
    ...listEnv(subject).map(({ name }) => name),
    ...service.env.map(({ name }) => name),
    ...listening.assignments.map(({ text }) => text.split('=', 1)[0]),
  ];
  return (
    listening.addresses.some(({ host }) => host !== undefined) ||
    (env !== undefined && names.includes(env)) ||
    listening.arguments.some(({ text }) =>
      options.some((option) => text === option || text.startsWith(`${option}=`)),
    ) ||
    [...entries.keys()].some((path) => files.some((file) => path === file || path.endsWith(`/${file}`))) ||
    hasUnknownArguments(listening)
  );
}

/** True for a variable that may hold options, such as `$UVICORN_OPTIONS` or `"$@"`. */
function hasUnknownArguments({ arguments: words }: Listening): boolean {
  return words.some(({ text, isOpen }, index) => {
    const before = words[index - 1]?.text ?? '';
    return isOpen && /^[$`]/.test(text) && !(before.startsWith('-') && !before.includes('='));
  });
}
