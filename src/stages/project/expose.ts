import { InputError } from '../../errors.ts';
import { listExposed, listTcpPorts, type Exposed } from '../../lint/dockerfile/expose.ts';
import { parseDockerfile } from '../../lint/dockerfile/tree.ts';

/**
 * The single TCP port that the final stage of a Dockerfile exposes, itself or by a stage that it is built from;
 * variables are resolved as far as ARG and ENV of the stage tell. Anything else is an InputError.
 */
export function parseExposedPort(dockerfileText: string, name: string): number {
  const exposed = listExposed(parseDockerfile(dockerfileText));
  const unresolved = exposed.filter(({ kind }) => kind === 'variable').map(({ value }) => value);
  if (unresolved.length > 0)
    refuse(name, `names a variable whose value is not known here (${unresolved.join(', ')})`);
  const outside = exposed.find(({ kind }) => kind === 'outside');
  if (outside !== undefined) refuseRange(name, outside);
  const ports = listTcpPorts(exposed);
  const [port = ''] = ports;
  if (port === '') refuse(name, 'names no port');
  if (ports.length > 1 || port.includes('-')) refuse(name, `names several ports (${ports.join(', ')})`);
  return Number(port);
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

function refuseRange(name: string, { argument, value }: Exposed): never {
  const line = argument.getRange().start.line + 1;
  throw new InputError([
    {
      subject: 'source',
      message: `EXPOSE in line ${line} of "${name}" must name a port from 1 to 65535, not "${value}".`,
    },
  ]);
}
