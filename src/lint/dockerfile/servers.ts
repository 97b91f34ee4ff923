import type { PlacedWord } from './launch.ts';
import { nameOf } from './program.ts';

/** A program whose options say on which address it listens. */
export interface Server {
  readonly name: string;
  readonly program: RegExp;
  /** The command of the program that listens, where it has several. */
  readonly command?: RegExp;
  readonly hosts?: readonly string[];
  readonly ports?: readonly string[];
  /** Options that take a host with a port. */
  readonly addresses?: readonly string[];
  /** What its first argument names. */
  readonly positional?: 'port' | 'address';
  /** Where it listens on 127.0.0.1 unless it is told otherwise. */
  readonly loopback?: Loopback;
}

/** What else than an option of its own can tell a server where to listen. */
export interface Loopback {
  readonly env?: string;
  readonly options?: readonly string[];
  /** A file of env vars that it reads. */
  readonly files?: readonly string[];
}

const servers: readonly Server[] = [
  { name: 'gunicorn', program: /^gunicorn$/, addresses: ['-b', '--bind'] },
  {
    name: 'uvicorn',
    program: /^uvicorn$/,
    hosts: ['--host'],
    ports: ['--port'],
    loopback: { env: 'UVICORN_HOST', options: ['--uds', '--fd'] },
  },
  {
    name: 'hypercorn',
    program: /^hypercorn$/,
    addresses: ['-b', '--bind'],
    loopback: { options: ['-c', '--config', '--insecure-bind', '--quic-bind'] },
  },
  {
    name: 'daphne',
    program: /^daphne$/,
    hosts: ['-b', '--bind'],
    ports: ['-p', '--port'],
    loopback: { options: ['-u', '--unix-socket', '--fd', '-e', '--endpoint'] },
  },
  {
    name: 'waitress-serve',
    program: /^waitress-serve$/,
    hosts: ['--host'],
    ports: ['--port'],
    addresses: ['--listen'],
  },
  {
    name: 'granian',
    program: /^granian$/,
    hosts: ['--host'],
    ports: ['--port'],
    loopback: { env: 'GRANIAN_HOST', options: ['--uds'] },
  },
  {
    name: 'flask run',
    program: /^flask$/,
    command: /^run$/,
    hosts: ['-h', '--host'],
    ports: ['-p', '--port'],
    loopback: { env: 'FLASK_RUN_HOST', options: ['-e', '--env-file'], files: ['.flaskenv', '.env'] },
  },
  {
    name: 'fastapi dev',
    program: /^fastapi$/,
    command: /^dev$/,
    hosts: ['--host'],
    ports: ['--port'],
    loopback: {},
  },
  { name: 'fastapi run', program: /^fastapi$/, command: /^run$/, hosts: ['--host'], ports: ['--port'] },
  {
    name: 'manage.py runserver',
    program: /^(?:manage\.py|django-admin)$/,
    command: /^runserver$/,
    positional: 'address',
    loopback: {},
  },
  { name: 'http.server', program: /^http\.server$/, positional: 'port', hosts: ['-b', '--bind'] },
  { name: 'streamlit', program: /^streamlit$/, hosts: ['--server.address'], ports: ['--server.port'] },
  {
    name: 'artisan serve',
    program: /^artisan$/,
    command: /^serve$/,
    hosts: ['--host'],
    ports: ['--port'],
    loopback: { env: 'SERVER_HOST', files: ['.env'] },
  },
  { name: 'php -S', program: /^php[\d.]*$/, addresses: ['-S'] },
  {
    name: 'next',
    program: /^next$/,
    command: /^(?:start|dev)$/,
    hosts: ['-H', '--hostname'],
    ports: ['-p', '--port'],
  },
  {
    name: 'nuxt',
    program: /^nuxi?t?$/,
    command: /^(?:start|preview|dev)$/,
    hosts: ['--host'],
    ports: ['-p', '--port'],
  },
  { name: 'vite', program: /^vite$/, hosts: ['--host'], ports: ['--port'] },
  { name: 'serve', program: /^serve$/, ports: ['-p', '--port'], addresses: ['-l', '--listen'] },
  { name: 'http-server', program: /^http-server$/, hosts: ['-a'], ports: ['-p', '--port'] },
  {
    name: 'java',
    program: /^java$/,
    hosts: ['-Dserver.address', '--server.address'],
    ports: ['-Dserver.port', '--server.port', '-Dquarkus.http.port'],
  },
  { name: 'dotnet', program: /^dotnet$/, addresses: ['--urls'] },
  {
    name: 'rails server',
    program: /^rails$/,
    command: /^s(?:erver)?$/,
    hosts: ['-b', '--binding'],
    ports: ['-p', '--port'],
  },
  { name: 'puma', program: /^puma$/, ports: ['-p', '--port'], addresses: ['-b', '--bind'] },
  { name: 'rackup', program: /^rackup$/, hosts: ['-o', '--host'], ports: ['-p', '--port'] },
  { name: 'deno serve', program: /^deno$/, command: /^serve$/, hosts: ['--host'], ports: ['--port'] },
];

/** A server as a command line starts it. */
export interface StartedServer {
  readonly server: Server;
  readonly program: PlacedWord;
  readonly arguments: readonly PlacedWord[];
}

/** The server that words start, without tini and the like in front; undefined for a program that is not known. */
export function findServer(words: readonly PlacedWord[]): StartedServer | undefined {
  const [first] = words;
  if (first === undefined) return undefined;
  const isInterpreter = /^(?:python[\d.]*|node|bun|ruby|php[\d.]*)$/.test(nameOf(first));
  const script = words.findIndex(({ text }, index) => index > 0 && !text.startsWith('-'));
  const starts = isInterpreter && script !== -1 ? [script, 0] : [0];
  for (const start of starts) {
    const found = matchServer(words.slice(start));
    if (found !== undefined) return found;
  }
  return undefined;
}

function matchServer([program, ...rest]: readonly PlacedWord[]): StartedServer | undefined {
  if (program === undefined) return undefined;
  for (const server of servers) {
    if (!server.program.test(nameOf(program))) continue;
    const { command } = server;
    if (command === undefined) return { server, program, arguments: rest };
    const index = rest.findIndex(({ text }) => command.test(text));
    if (index !== -1) return { server, program, arguments: rest.slice(index + 1) };
  }
  return undefined;
}
