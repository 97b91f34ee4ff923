import { openGateway, type Gateway, type Route } from '../runtime/gateway.ts';
import type { Cloud } from '../state/cloud.ts';
import { configTexts } from '../state/config.ts';
import type { Environment, Service, Version } from '../state/model.ts';
import { createBalancer } from './traffic.ts';

/** Opens the address of a service that is about to exist; who answers there is looked up anew with each request. */
export function openServiceGateway(
  cloud: Cloud,
  environment: Environment,
  serverName: string,
): Promise<Gateway> {
  const choose = createBalancer();
  const { envId } = environment;
  return openGateway({
    route: () => routeOf(environment.services.get(serverName), choose),
    seen: (action, code) => {
      const refusal = code === undefined ? {} : { code };
      cloud.journal.add({
        at: Date.now(),
        api: 'gateway',
        action,
        envId,
        serverName,
        params: {},
        ...refusal,
      });
    },
  });
}

function routeOf(service: Service | undefined, choose: (service: Service) => Version | undefined): Route {
  if (service === undefined || !configTexts(service.config, 'OpenAccessTypes').includes('PUBLIC')) {
    return {
      kind: 'refuse',
      status: 403,
      code: 'PUBLIC_ACCESS_CLOSED',
      message: 'Public access is not open.',
    };
  }
  const instance = choose(service)?.instance;
  return instance === undefined
    ? {
        kind: 'refuse',
        status: 503,
        code: 'SERVICE_NOT_READY',
        message: 'No version of the service is online.',
      }
    : { kind: 'forward', port: instance.port };
}
