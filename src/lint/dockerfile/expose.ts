import type { Argument } from 'dockerfile-ast';

import type { DockerfileTree } from './tree.ts';

/** What one argument of an EXPOSE names. */
export interface Exposed {
  readonly argument: Argument;
  /** As it is written, with its variables resolved as far as ARG and ENV of the stage tell. */
  readonly value: string;
  /** `none` is no port at all, `outside` is not from 1 to 65535, or a range upside down. */
  readonly kind: 'ports' | 'variable' | 'outside' | 'none';
  /** Both 0 where the kind is not `ports`. */
  readonly first: number;
  readonly last: number;
  /** `tcp`, `udp` or what else stands there, in lower case. */
  readonly protocol: string;
}

/** What the final stage of a Dockerfile exposes, itself or by a stage that it is built from, in the order of the file. */
export function listExposed({ finalInstructions }: DockerfileTree): Exposed[] {
  return finalInstructions.flatMap((instruction) => {
    if (instruction.getKeyword() !== 'EXPOSE') return [];
    const places = instruction.getArguments();
    return instruction.getExpandedArguments().map((argument, index) => ({
      argument: places[index] ?? argument,
      ...parseExposed(argument.getValue()),
    }));
  });
}

function parseExposed(value: string): Omit<Exposed, 'argument'> {
  const nothing = { value, first: 0, last: 0, protocol: '' };
  if (value.includes('$')) return { ...nothing, kind: 'variable' };
  const [, start, end = start, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(value) ?? [];
  if (start === undefined) return { ...nothing, kind: 'none' };
  const [first, last] = [Number(start), Number(end)];
  if (first < 1 || last < first || last > 65_535) return { ...nothing, kind: 'outside' };
  return { value, kind: 'ports', first, last, protocol: protocol.toLowerCase() };
}

/** The ports over TCP, each named once: `80`, or a range such as `80-82`. */
export function listTcpPorts(exposed: readonly Exposed[]): string[] {
  const ports = exposed.filter(({ kind, protocol }) => kind === 'ports' && protocol === 'tcp');
  return [...new Set(ports.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)))];
}

/** The single port over TCP; undefined where there is none, or more than one, or one that is not known. */
export function singlePort(exposed: readonly Exposed[]): number | undefined {
  const [port, ...others] = listTcpPorts(exposed);
  if (port === undefined || others.length > 0 || port.includes('-')) return undefined;
  return exposed.some(({ kind }) => kind === 'variable') ? undefined : Number(port);
}
