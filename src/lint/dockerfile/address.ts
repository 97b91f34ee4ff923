import { readLaunch, readStart, type Launch, type PlacedWord } from './launch.ts';
import { listEnvWords, stripRunners } from './program.ts';
import { findServer, type Server } from './servers.ts';
import type { DockerfileSubject } from './tree.ts';

/** Where a command line tells a program to listen. */
export interface Address {
  /** The words that say so, such as `--port 8080`. */
  readonly shown: string;
  readonly word: PlacedWord;
  readonly host: string | undefined;
  /** `variable` where the port comes from an env var. */
  readonly port: number | 'variable' | undefined;
  /** False for an option of a program that is not known. */
  readonly isSure: boolean;
}

/** What the start of a container tells of the address that it listens on. */
export interface Listening {
  readonly launch: Launch;
  readonly server: Server | undefined;
  readonly program: PlacedWord;
  readonly arguments: readonly PlacedWord[];
  readonly addresses: readonly Address[];
  /** Env vars that the command line sets, as `NAME=value`. */
  readonly assignments: readonly PlacedWord[];
}

/**
 * Reads the address from ENTRYPOINT and CMD; undefined where the config stands in for them, and where another program
 * in the image may take the requests first, such as nginx.
 */
export function readListening(subject: DockerfileSubject): Listening | undefined {
  const launch = readLaunch(readStart(subject));
  if (launch?.isAlone !== true || subject.source.service.hasCommand || hasProxy(subject)) return undefined;
  const words = stripRunners(launch.words);
  const started = findServer(words);
  const program = started?.program ?? words[0];
  if (program === undefined) return undefined;
  const args = started?.arguments ?? words.slice(1);
  return {
    launch,
    server: started?.server,
    program,
    arguments: args,
    addresses: listAddresses(args, started?.server),
    assignments: [...launch.assignments, ...listEnvWords(launch.words)],
  };
}

const proxies =
  /\b(?:nginx|openresty|caddy|haproxy|envoy|traefik|apache2|httpd|supervisord?|s6-overlay|systemd|pm2)\b/i;

function hasProxy({ finalStages, finalInstructions }: DockerfileSubject): boolean {
  const last = finalStages.at(-1);
  return (
    (last !== undefined && proxies.test(last.base)) ||
    finalInstructions.some(
      (instruction) =>
        /^(?:RUN|COPY|ADD|CMD|ENTRYPOINT)$/.test(instruction.getKeyword()) &&
        proxies.test(instruction.getTextContent()),
    )
  );
}

/** The options of programs that are not known; `--host` may also name what they connect to. */
const unknownServer: Server = {
  name: '',
  program: /^/,
  hosts: ['--host', '--hostname'],
  ports: ['--port', '--http-port', '--http.port', '--server.port', '--listen-port'],
};
const binds = ['--bind', '--bind-address', '--listen', '--listen-address', '--listen-addr', '--listen-host'];

function listAddresses(args: readonly PlacedWord[], server: Server = unknownServer): Address[] {
  const isSure = server !== unknownServer;
  const ports = optionsOf(args, server.ports ?? []);
  const hosts = optionsOf(args, server.hosts ?? []);
  const pairs = optionsOf(args, isSure ? (server.addresses ?? []) : binds);
  return [
    ...ports.map((option) => ({ ...option, isSure, host: undefined, port: parsePort(option.value) })),
    ...hosts.map((option) => ({ ...option, isSure, host: option.value, port: undefined })),
    ...[...pairs, ...listPositionals(args, server)].flatMap((option) =>
      option.value.split(/[;,]/).map((value) => ({ ...option, isSure, ...parseAddress(value) })),
    ),
  ];
}

interface Option {
  readonly shown: string;
  readonly value: string;
  readonly word: PlacedWord;
}

/** `--port 80`, `--port=80`, `-p 80`, `-p80` and `-p=80`. */
function optionsOf(args: readonly PlacedWord[], names: readonly string[]): Option[] {
  return args.flatMap((word, index) => {
    const name = names.find((option) => word.text === option);
    const next = args[index + 1];
    if (name !== undefined)
      return next === undefined || next.text.startsWith('-')
        ? []
        : [{ shown: `${name} ${next.text}`, value: next.text, word: next }];
    const start = names.find(
      (option) =>
        word.text.startsWith(`${option}=`) || (/^-\w$/.test(option) && word.text.startsWith(option)),
    );
    if (start === undefined) return [];
    return [{ shown: word.text, value: word.text.slice(start.length).replace(/^=/, ''), word }];
  });
}

function listPositionals(args: readonly PlacedWord[], { positional }: Server): Option[] {
  const word = args.find(({ text }) => (positional === 'port' ? /^(?:\d+|\$.*)$/ : /^[^-]/).test(text));
  if (positional === undefined || word === undefined) return [];
  return [{ shown: word.text, value: word.text, word }];
}

const variable = /\$(?:\{[^}]*\}|\([^)]*\)|\w+)|`[^`]*`/g;

function parsePort(value: string): number | 'variable' | undefined {
  if (/^\d{1,5}$/.test(value)) return Number(value);
  return value.search(variable) === -1 ? undefined : 'variable';
}

/** `0.0.0.0:80`, `:80`, `80`, `[::1]:80`, `http://+:80`; the host `$` stands for a variable. */
export function parseAddress(value: string): {
  host: string | undefined;
  port: number | 'variable' | undefined;
} {
  const plain = value.trim().replace(variable, '$');
  if (/^(?:\d+|\$)$/.test(plain)) return { host: undefined, port: parsePort(value.trim()) };
  const [, host, port = ''] =
    /^(?:\w+:\/\/)?(\[[^\]]*\]|::1|[^:/[\]?]*)(?::(\d{1,5}|\$))?(?:[/?].*)?$/.exec(plain) ?? [];
  if (host === undefined || /^(?:unix|fd)\b/.test(plain)) return { host: undefined, port: undefined };
  return { host: host === '' ? undefined : host, port: port === '$' ? 'variable' : parsePort(port) };
}

/** True for an address that only the container itself reaches. */
export function isLoopback(host: string | undefined): boolean {
  return host !== undefined && /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}
