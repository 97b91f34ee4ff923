import { Arg, Env, type Argument, type Dockerfile, type Property } from 'dockerfile-ast';

import type { DockerfileTree, Stage } from './tree.ts';

/** What one argument of an EXPOSE names. */
export interface Exposed {
  readonly argument: Argument;
  /** As it is written, with its variables resolved as far as ARG and ENV of its stage and of those below it tell. */
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
export function listExposed({ dockerfile, finalStages }: DockerfileTree): Exposed[] {
  return [...finalStages].reverse().flatMap((stage) =>
    stage.instructions.flatMap((instruction) => {
      if (instruction.getKeyword() !== 'EXPOSE') return [];
      const places = instruction.getArguments();
      return instruction.getExpandedArguments().map((argument, index) => ({
        argument: places[index] ?? argument,
        ...parseExposed(resolveBelow(dockerfile, stage, argument.getValue())),
      }));
    }),
  );
}

/** With the variables that the stages below set: the image hands ENV on, and the builder ARG. */
function resolveBelow(dockerfile: Dockerfile, stage: Stage, value: string): string {
  return value.replaceAll(/\$(?:(\w+)|\{(\w+)\})/g, (variable, plain?: string, braced?: string) => {
    for (let { parent } = stage; parent !== undefined; parent = parent.parent) {
      const known = findValue(dockerfile, parent, plain ?? braced ?? '');
      if (known !== undefined) return known;
    }
    return variable;
  });
}

/** What a stage leaves in a variable, ENV before ARG; an ARG without a value takes the one before the first FROM. */
function findValue(dockerfile: Dockerfile, { instructions }: Stage, name: string): string | undefined {
  const last = (kind: typeof Env | typeof Arg): Property | undefined =>
    instructions
      .flatMap((instruction) => (instruction instanceof kind ? instruction.getProperties() : []))
      .findLast((property) => property.getName() === name);
  const property = last(Env) ?? last(Arg);
  if (property === undefined) return undefined;
  const initial = dockerfile.getInitialARGs().flatMap((arg) => arg.getProperties());
  const value = property.getValue() ?? initial.findLast((arg) => arg.getName() === name)?.getValue();
  return value ?? undefined;
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
