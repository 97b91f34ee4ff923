import { DockerfileParser, From, type Dockerfile, type Instruction } from 'dockerfile-ast';

import { InputError } from '../../errors.ts';

/**
 * The single TCP port that the final stage of a Dockerfile exposes, itself or by a stage that it is built from;
 * variables are resolved as far as ARG and ENV of the stage tell. Anything else is an InputError.
 */
export function parseExposedPort(dockerfileText: string, name: string): number {
  const exposed = listExposed(DockerfileParser.parse(dockerfileText));
  const places = exposed.flatMap((instruction) => {
    const line = instruction.getRange().start.line + 1;
    return instruction.getExpandedArguments().map((argument) => ({ line, value: argument.getValue() }));
  });
  const unresolved = places.filter(({ value }) => value.includes('$')).map(({ value }) => value);
  if (unresolved.length > 0)
    refuse(name, `names a variable whose value is not known here (${unresolved.join(', ')})`);
  const ports = [...new Set(places.flatMap((place) => parsePort(place, name)))];
  const [port = ''] = ports;
  if (port === '') refuse(name, 'names no port');
  if (ports.length > 1 || port.includes('-')) refuse(name, `names several ports (${ports.join(', ')})`);
  return Number(port);
}

/** EXPOSE of the final stage, and of the earlier stages below it. */
function listExposed(dockerfile: Dockerfile): Instruction[] {
  const stages = new Map<string, Instruction[]>();
  let current: Instruction[] = [];
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction instanceof From) {
      const base = instruction.getExpandedArguments()[0]?.getValue().toLowerCase() ?? '';
      current = [...(stages.get(base) ?? [])];
      stages.set(instruction.getBuildStage()?.toLowerCase() ?? '', current);
    } else if (instruction.getKeyword() === 'EXPOSE') current.push(instruction);
  }
  return current;
}

interface Place {
  readonly line: number;
  readonly value: string;
}

/** A port, or a range as it is written; nothing for another protocol than TCP and for what is no port at all. */
function parsePort({ line, value }: Place, name: string): string[] {
  const [, first, last = first, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(value) ?? [];
  if (first === undefined) return [];
  const [from, to] = [Number(first), Number(last)];
  if (from < 1 || to < from || to > 65_535) {
    throw new InputError([
      {
        subject: 'source',
        message: `EXPOSE in line ${line} of "${name}" must name a port from 1 to 65535, not "${value}".`,
      },
    ]);
  }
  if (protocol.toLowerCase() !== 'tcp') return [];
  return [from === to ? String(from) : `${from}-${to}`];
}

function refuse(name: string, fault: string): never {
  throw new InputError([
    {
      subject: 'server-config: Port',
      message:
        `is missing, and EXPOSE in "${name}" ${fault}. ` +
        'Set the port that the service listens on, such as "Port: 8080".',
    },
  ]);
}
