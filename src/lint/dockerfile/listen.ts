import { readListening, type Address, type Listening } from './address.ts';
import { isPortVariable, listEnv, parsePortSetting, type EnvSetting } from './env.ts';
import { nodeExample, uvicornExample } from './example.ts';
import { listExposed, singlePort } from './expose.ts';
import { placeOf, type DockerfileSubject } from './tree.ts';
import { placeOfText } from './located-text.ts';
import type { Hit, Rule } from '../rule.ts';

const good = uvicornExample(' --host 0.0.0.0 --port $PORT');

/** The rules about the address that the command listens on. */
export const commandPortRules: readonly Rule<DockerfileSubject>[] = [
  {
    id: 'CBR014',
    severity: 'error',
    title: 'Command that listens on another port',
    why: 'CloudBase Run probes the port of the service, and gives up when nothing listens there.',
    fix: 'Listen on the port that the env var PORT names.',
    bad: uvicornExample(' --host 0.0.0.0 --port 3000'),
    good,
    check: checkOtherPort,
  },
  {
    id: 'CBR015',
    severity: 'info',
    title: 'Port written into the image',
    why: 'CloudBase Run tells the port in the env var PORT; a number in the image has to be changed with the setting Port.',
    fix: 'Listen on the port that the env var PORT names.',
    bad: uvicornExample(' --host 0.0.0.0 --port 8080'),
    good,
    check: checkLiteralPort,
  },
  {
    id: 'CBR016',
    severity: 'warning',
    title: 'Setting that seems to name another port',
    why: 'CloudBase Run probes the port of the service, and gives up when nothing listens there.',
    fix: 'Listen on the port that the env var PORT names.',
    bad: nodeExample(['USER node', 'EXPOSE 8080', 'CMD ["node", "server.js", "--port=3000"]'], 8080),
    good: nodeExample(['USER node', 'EXPOSE 8080', 'CMD ["node", "server.js"]'], 8080),
    check: checkDoubtfulPort,
  },
];

/** The port that the service has in the end. */
function portOf(subject: DockerfileSubject): number | undefined {
  return subject.source.service.port ?? singlePort(listExposed(subject));
}

interface LiteralAddress extends Address {
  readonly port: number;
}

/** The addresses with a number; none where another option names the right port, or leaves it to a variable. */
function listLiterals({ addresses }: Listening, port: number | undefined): LiteralAddress[] {
  if (
    addresses.some((address) => address.port === 'variable' || (address.port === port && port !== undefined))
  )
    return [];
  return addresses.filter(isLiteral);
}

function isLiteral(address: Address): address is LiteralAddress {
  return typeof address.port === 'number' && address.port > 0;
}

function checkOtherPort(subject: DockerfileSubject): Hit[] {
  const listening = readListening(subject);
  const port = portOf(subject);
  if (listening === undefined || port === undefined) return [];
  return listLiterals(listening, port)
    .filter(({ isSure }) => isSure)
    .map((address) => ({
      message: `The command listens on port ${address.port} ("${address.shown}"), but the port of the service is ${port}.`,
      fix: `Listen on the port that the env var PORT names, or set "Port: ${address.port}" in server-config.`,
      at: placeOfText(subject, address.word.instruction, address.word),
    }));
}

function checkLiteralPort(subject: DockerfileSubject): Hit[] {
  const listening = readListening(subject);
  if (listening === undefined) return [];
  const port = portOf(subject);
  const fixed = listening.addresses
    .filter(isLiteral)
    .filter((address) => port === undefined || address.port === port)
    .map(({ shown, word }) => ({
      message: `The command names the port as a number ("${shown}").`,
      at: placeOfText(subject, word.instruction, word),
    }));
  const settings = listPortSettings(subject, listening).filter(
    (setting) => port === undefined || setting.port === port,
  );
  return [
    ...fixed,
    ...settings.map(({ name, property }) => ({
      message: `ENV fixes the port in "${name}".`,
      fix: `Remove "${name}", and listen on the port that the env var PORT names.`,
      at: placeOf(subject, property),
    })),
  ];
}

function checkDoubtfulPort(subject: DockerfileSubject): Hit[] {
  const listening = readListening(subject);
  const port = portOf(subject);
  if (listening === undefined || port === undefined) return [];
  const options = listLiterals(listening, port).filter(({ isSure }) => !isSure);
  const settings = listPortSettings(subject, listening).filter((setting) => setting.port !== port);
  const assigned = listening.assignments.filter(({ text }) => {
    const value = /^(?:PORT|[A-Z_]+_PORT)=(\d+)$/.exec(text)?.[1];
    const name = text.split('=', 1)[0] ?? '';
    return value !== undefined && Number(value) !== port && (name === 'PORT' || isPortVariable(name));
  });
  return [
    ...options.map((address) => ({
      message: `The command seems to listen on port ${address.port} ("${address.shown}"), but the port of the service is ${port}.`,
      at: placeOfText(subject, address.word.instruction, address.word),
    })),
    ...assigned.map((word) => ({
      message: `The command sets "${word.text.split('=', 1)[0] ?? ''}" to another port than ${port}, the one of the service.`,
      at: placeOfText(subject, word.instruction, word),
    })),
    ...settings.map(({ name, property }) => ({
      message: `ENV fixes another port in "${name}" than ${port}, the one of the service.`,
      fix: `Remove "${name}", and listen on the port that the env var PORT names.`,
      at: placeOf(subject, property),
    })),
  ];
}

interface PortSetting extends EnvSetting {
  readonly port: number;
}

/** The env vars of the image that fix a port; none where the command says itself on which port it listens. */
function listPortSettings(subject: DockerfileSubject, listening: Listening): PortSetting[] {
  if (listening.addresses.some(({ port }) => port !== undefined)) return [];
  return listEnv(subject).flatMap((setting) => {
    const port = parsePortSetting(setting, listening.server?.name);
    return port === undefined ? [] : [{ ...setting, port }];
  });
}
