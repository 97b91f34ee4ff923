import { nodeExample } from './example.ts';
import { listExposed, listTcpPorts, type Exposed } from './expose.ts';
import { placeOf, type DockerfileSubject } from './tree.ts';
import type { Example, Hit, Rule } from '../rule.ts';

const start = 'CMD ["node", "server.js"]';
const exposing = (expose: string, port?: number): Example => nodeExample(['USER node', expose, start], port);

/** The rules about the port: EXPOSE beside the service's own port, and on what the command listens. */
export const portRules: readonly Rule<DockerfileSubject>[] = [
  {
    id: 'CBR010',
    severity: 'error',
    title: 'EXPOSE out of range',
    why: 'A TCP port is a number from 1 to 65535; the builder refuses any other one.',
    fix: 'Name the port that the service listens on, such as EXPOSE 8080.',
    bad: exposing('EXPOSE 80800', 8080),
    good: exposing('EXPOSE 8080', 8080),
    check: checkRange,
  },
  {
    id: 'CBR011',
    severity: 'warning',
    title: 'No port known',
    why: 'CloudBase Run sends requests to one port; it is the setting Port, or else the single TCP port that EXPOSE names. A new service is refused without it; a live one keeps its own.',
    fix: 'Set "Port: 8080" in server-config, or name the one port with EXPOSE 8080.',
    bad: nodeExample(['USER node', start]),
    good: exposing('EXPOSE 8080'),
    check: checkKnown,
  },
  {
    id: 'CBR012',
    severity: 'warning',
    title: 'EXPOSE of several ports',
    why: 'CloudBase Run sends requests to one port of a service; the other ones cannot be reached.',
    fix: 'Leave only the port of the service in EXPOSE, and move what else listens into a service of its own.',
    bad: exposing('EXPOSE 8080 9229', 8080),
    good: exposing('EXPOSE 8080', 8080),
    check: checkSeveral,
  },
  {
    id: 'CBR013',
    severity: 'warning',
    title: 'EXPOSE of another port than Port',
    why: 'CloudBase Run probes the port that the setting Port names, whatever EXPOSE says; when the service listens on the other one, it never gets ready.',
    fix: 'Make EXPOSE and the setting Port name the port that the service listens on.',
    bad: exposing('EXPOSE 3000', 8080),
    good: exposing('EXPOSE 8080', 8080),
    check: checkSame,
  },
];

function exposedOf(subject: DockerfileSubject): Exposed[] {
  return subject.stages.length === 0 ? [] : listExposed(subject);
}

function checkRange(subject: DockerfileSubject): Hit[] {
  return exposedOf(subject)
    .filter(({ kind }) => kind === 'outside')
    .map(({ argument, value }) => ({
      message: `EXPOSE must name a port from 1 to 65535, not "${value}".`,
      at: placeOf(subject, argument),
    }));
}

function checkKnown(subject: DockerfileSubject): Hit[] {
  const exposed = exposedOf(subject);
  const from = subject.finalStages[0]?.from;
  if (subject.source.service.port !== undefined || from === undefined) return [];
  if (exposed.some(({ kind }) => kind === 'outside')) return [];
  const variable = exposed.find(({ kind }) => kind === 'variable');
  if (variable !== undefined) return [findVariable(subject, variable)];
  const ports = listTcpPorts(exposed);
  const [first = '', second] = ports;
  if (first === '') {
    const message =
      'The port of the service is not known: server-config sets no Port, and no EXPOSE names one.';
    return [{ message, at: placeOf(subject, from) }];
  }
  if (second === undefined && !first.includes('-')) return [];
  const message = `EXPOSE names several ports (${ports.join(', ')}), and server-config does not say which one is the service's.`;
  const fix = `Set the one that the service listens on, such as "Port: ${Number.parseInt(first)}", in server-config.`;
  return findSecond(exposed).map((argument) => ({ message, fix, at: placeOf(subject, argument) }));
}

function findVariable(subject: DockerfileSubject, { argument }: Exposed): Hit {
  const message = `EXPOSE names a variable whose value is not known here (${argument.getValue()}), and server-config sets no Port.`;
  return {
    message,
    fix: 'Set "Port: 8080" in server-config, or give the variable a value with ARG or ENV.',
    at: placeOf(subject, argument),
  };
}

/** The argument that makes the ports several: the first one that is a range, or another port than the first. */
function findSecond(exposed: readonly Exposed[]): Exposed['argument'][] {
  const ports = exposed.filter(({ kind, protocol }) => kind === 'ports' && protocol === 'tcp');
  const second = ports.find(({ first, last }) => first !== last || first !== ports[0]?.first);
  return second === undefined ? [] : [second.argument];
}

function checkSeveral(subject: DockerfileSubject): Hit[] {
  const exposed = exposedOf(subject);
  const { port } = subject.source.service;
  if (port === undefined || !hasPort(exposed, port)) return [];
  const ports = listTcpPorts(exposed);
  const message = `EXPOSE names several ports (${ports.join(', ')}), but only ${port} can be reached.`;
  return findSecond(exposed).map((argument) => ({ message, at: placeOf(subject, argument) }));
}

function checkSame(subject: DockerfileSubject): Hit[] {
  const exposed = exposedOf(subject);
  const { port } = subject.source.service;
  const ports = listTcpPorts(exposed);
  const first = exposed.find(({ kind, protocol }) => kind === 'ports' && protocol === 'tcp');
  if (port === undefined || first === undefined || hasPort(exposed, port)) return [];
  if (exposed.some(({ kind }) => kind === 'variable')) return [];
  const message = `EXPOSE names port ${ports.join(', ')}, but the setting Port is ${port}.`;
  return [{ message, at: placeOf(subject, first.argument) }];
}

function hasPort(exposed: readonly Exposed[], port: number): boolean {
  return exposed.some(
    ({ kind, protocol, first, last }) =>
      kind === 'ports' && protocol === 'tcp' && first <= port && port <= last,
  );
}
