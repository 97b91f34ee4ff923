import type { Example, Hit, Rule } from '../rule.ts';
import { serviceExample } from './example.ts';
import { listListenCalls, type ListenCall, type ListenHost } from './servers.ts';
import { placeInScript, type ScriptSubject } from './script.ts';

function expressExample(listen: string, port?: number): Example {
  const text = `import express from 'express';

const app = express();
app.get('/', (req, res) => res.send('hello'));
${listen}
`;
  const manifest = { type: 'module', dependencies: { express: '^5.1.0' } } as const;
  return serviceExample({ 'server.js': text }, manifest, port);
}

function fastifyExample(options: string): Example {
  const text = `import fastify from 'fastify';

const app = fastify();
app.get('/', async () => 'hello');
await app.listen(${options});
`;
  const manifest = { type: 'module', dependencies: { fastify: '^5.6.0' } } as const;
  return serviceExample({ 'server.js': text }, manifest, 8080);
}

const fine = "app.listen(Number(process.env.PORT) || 3000, '0.0.0.0');";
const good = expressExample(fine, 8080);

/** Rules of the port and the address on which the scripts of a container listen. */
export const listenRules: readonly Rule<ScriptSubject>[] = [
  {
    id: 'CBR201',
    severity: 'warning',
    title: 'Script listens on a literal port',
    why: 'The platform hands the port of the service to the container in the env var PORT, and probes and calls that port alone. A literal port works only as long as the setting Port happens to be the same.',
    fix: 'Take the port from the env var PORT, with the literal as a fallback: Number(process.env.PORT) || 3000.',
    bad: expressExample('app.listen(8080);'),
    good: expressExample(fine),
    check: findLiteralPorts,
  },
  {
    id: 'CBR202',
    severity: 'error',
    title: 'Server listens on another port than Port',
    why: 'The platform opens a TCP connection to the port of the service and stops a version where nobody answers. This is the one server of the container, and it listens elsewhere.',
    fix: 'Take the port from the env var PORT, or set Port to the port of the script.',
    bad: expressExample('app.listen(3000);', 8080),
    good,
    check: findWrongPorts,
  },
  {
    id: 'CBR203',
    severity: 'error',
    title: 'Server listens on a loopback address',
    why: 'Probes and requests reach the container from outside, where an address such as 127.0.0.1 cannot be reached. This is the one server of the container, so that the version would never be ready.',
    fix: 'Listen on 0.0.0.0, or name no host.',
    bad: expressExample("app.listen(process.env.PORT, '127.0.0.1');", 8080),
    good,
    check: findLoopback,
  },
  {
    id: 'CBR204',
    severity: 'warning',
    title: 'Script may listen on a loopback address alone',
    why: 'Probes and requests reach the container from outside, where an address such as 127.0.0.1 cannot be reached. Fastify listens on localhost unless it is told another host.',
    fix: 'Let the server listen on 0.0.0.0.',
    bad: fastifyExample('{ port: process.env.PORT ?? 3000 }'),
    good: fastifyExample("{ port: process.env.PORT ?? 3000, host: '0.0.0.0' }"),
    check: findDoubtfulHosts,
  },
];

function findLiteralPorts(subject: ScriptSubject): Hit[] {
  return listListenCalls(subject).flatMap((call) => {
    const { port } = subject.source.service;
    if (call.port === undefined || call.port.number === port || isWrongPort(call, subject)) return [];
    const message = `The script listens on the literal port ${call.port.number}, whatever the env var PORT says.`;
    return [{ message, at: placeInScript(subject, call.port.node) }];
  });
}

function findWrongPorts(subject: ScriptSubject): Hit[] {
  const { port: expected } = subject.source.service;
  return listListenCalls(subject).flatMap((call) => {
    if (call.port === undefined || !isWrongPort(call, subject)) return [];
    const message = `The server listens on port ${call.port.number}, but the service's Port is ${String(expected)}.`;
    return [{ message, at: placeInScript(subject, call.port.node) }];
  });
}

function isWrongPort({ isMain, port }: ListenCall, { source }: ScriptSubject): boolean {
  return isMain && source.service.port !== undefined && port?.number !== source.service.port;
}

function findLoopback(subject: ScriptSubject): Hit[] {
  return listListenCalls(subject).flatMap(({ host, isMain }) => {
    if (host === undefined || !isMain || host.envVar !== undefined || !isLoopback(host)) return [];
    const message = `The server listens on ${JSON.stringify(host.text)}, which nobody outside of the container reaches.`;
    return [{ message, at: placeInScript(subject, host.node) }];
  });
}

function isLoopback({ text }: ListenHost): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(text.trim());
}

const fastifyForm = "app.listen({ port, host: '0.0.0.0' })";
const nestForm = "app.listen(port, '0.0.0.0')";

function findDoubtfulHosts(subject: ScriptSubject): Hit[] {
  return listListenCalls(subject).flatMap((call): Hit[] => {
    const { host, isMain } = call;
    if (call.isLocalByDefault)
      return [
        {
          message: 'Fastify listens on localhost alone where no host is named.',
          fix: `Name the host: ${subject.text.includes('FastifyAdapter') ? nestForm : fastifyForm}.`,
          at: placeInScript(subject, call.call),
        },
      ];
    if (host === undefined || !isLoopback(host) || (isMain && host.envVar === undefined)) return [];
    if (host.envVar !== undefined && isSet(host.envVar, subject)) return [];
    const condition = host.envVar === undefined ? '' : ` unless the env var ${host.envVar} is set`;
    const message = `The script listens on ${JSON.stringify(host.text)}${condition}, which nobody outside of the container reaches.`;
    return [{ message, at: placeInScript(subject, host.node) }];
  });
}

/** By the service config, or by a Dockerfile that names it. */
function isSet(envVar: string, { source }: ScriptSubject): boolean {
  if (source.service.env.some(({ name }) => name === envVar)) return true;
  const dockerfile = source.texts.get(source.dockerfile?.path ?? '') ?? '';
  return new RegExp(String.raw`\b${envVar}\b`).test(dockerfile);
}
