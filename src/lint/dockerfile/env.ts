import { Env, type Property } from 'dockerfile-ast';

import { parseAddress } from './address.ts';
import type { DockerfileSubject } from './tree.ts';

/** An env var of the image that is in force. */
export interface EnvSetting {
  readonly name: string;
  readonly value: string;
  readonly property: Property;
}

/** The env vars that ENV sets in the image, each as it is set last, but for those that the service config sets. */
export function listEnv({ finalInstructions, source }: DockerfileSubject): EnvSetting[] {
  const settings = new Map<string, EnvSetting>();
  for (const instruction of finalInstructions) {
    if (!(instruction instanceof Env)) continue;
    for (const property of instruction.getProperties()) {
      const name = property.getName();
      settings.set(name, { name, value: property.getValue() ?? '', property });
    }
  }
  for (const { name } of source.service.env) settings.delete(name);
  return [...settings.values()];
}

/** Env vars that name the port, with the server that reads them; any program may read those without one. */
const portNames: ReadonlyMap<string, string> = new Map([
  ['FLASK_RUN_PORT', 'flask run'],
  ['UVICORN_PORT', 'uvicorn'],
  ['GRANIAN_PORT', 'granian'],
  ['GUNICORN_CMD_ARGS', 'gunicorn'],
  ['STREAMLIT_SERVER_PORT', 'streamlit'],
  ['SERVER_PORT', 'java'],
  ['QUARKUS_HTTP_PORT', 'java'],
  ['MICRONAUT_SERVER_PORT', 'java'],
  ['ASPNETCORE_URLS', 'dotnet'],
  ['ASPNETCORE_HTTP_PORTS', 'dotnet'],
  ['DOTNET_URLS', 'dotnet'],
  ['NITRO_PORT', ''],
]);

/** The same for env vars that name the address to listen on. */
const hostNames: ReadonlyMap<string, string> = new Map([
  ...portNames,
  ['FLASK_RUN_HOST', 'flask run'],
  ['UVICORN_HOST', 'uvicorn'],
  ['GRANIAN_HOST', 'granian'],
  ['STREAMLIT_SERVER_ADDRESS', 'streamlit'],
  ['SERVER_ADDRESS', 'java'],
  ['QUARKUS_HTTP_HOST', 'java'],
  ['NITRO_HOST', ''],
  ['HOST', ''],
  ['HOSTNAME', ''],
  ['BIND', ''],
  ['BIND_ADDR', ''],
  ['BIND_ADDRESS', ''],
  ['BIND_HOST', ''],
  ['LISTEN', ''],
  ['LISTEN_ADDR', ''],
  ['LISTEN_ADDRESS', ''],
  ['LISTEN_HOST', ''],
  ['SERVER_HOST', ''],
]);

/** True for the name of an env var by which a framework is told its port. */
export function isPortVariable(name: string): boolean {
  return portNames.has(name);
}

/** The port that an env var fixes for a server; undefined where the server reads another one, or for a variable. */
export function parsePortSetting(setting: EnvSetting, server: string | undefined): number | undefined {
  if (!isReadBy(portNames.get(setting.name), server)) return undefined;
  const { port } = parseSetting(setting);
  return typeof port === 'number' && port > 0 ? port : undefined;
}

/** The host that an env var names for a server to listen on; undefined where the server reads another one. */
export function parseHostSetting(setting: EnvSetting, server: string | undefined): string | undefined {
  return isReadBy(hostNames.get(setting.name), server) ? parseSetting(setting).host : undefined;
}

/** True where the program reads the env var, or is not known. */
function isReadBy(reader: string | undefined, server: string | undefined): boolean {
  return reader !== undefined && (reader === '' || server === undefined || server === reader);
}

function parseSetting({ name, value }: EnvSetting): ReturnType<typeof parseAddress> {
  if (name !== 'GUNICORN_CMD_ARGS') return parseAddress(value.split(/[;,]/)[0] ?? '');
  return parseAddress(/(?:^|\s)(?:--bind[= ]|-b ?)(\S+)/.exec(value)?.[1] ?? '');
}
