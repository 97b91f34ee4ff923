import { CloudError } from '../../errors.ts';
import type { CloudRun, Log, ServiceDetail, Target } from '../../ports.ts';
import { isPublic } from '../../service-config/merge.ts';

/** A public address of the service, and what kind of address it is. */
export interface RankedUrl {
  readonly url: string;
  readonly source: 'gateway' | 'custom-domain' | 'default-domain';
}

interface UrlPorts {
  readonly cloudRun: CloudRun;
  readonly log: Log;
}

/**
 * The addresses under which the public reaches the service, best first: HTTP gateway, custom domain, default domain.
 * None when the service is not public. Gateway routes that may not be read are left out, with a notice.
 */
export async function rankUrls(
  target: Target,
  service: ServiceDetail,
  ports: UrlPorts,
): Promise<RankedUrl[]> {
  if (!isPublic(service.accessTypes)) return [];
  const gateway = (await readGateway(target, ports)).map((url) => ({ url, source: 'gateway' as const }));
  const custom = service.customDomains.map((url) => ({
    url: withScheme(url),
    source: 'custom-domain' as const,
  }));
  const domain = service.defaultDomain;
  const standard = domain === '' ? [] : [{ url: withScheme(domain), source: 'default-domain' as const }];
  return [...gateway, ...custom, ...standard];
}

async function readGateway(target: Target, { cloudRun, log }: UrlPorts): Promise<readonly string[]> {
  try {
    return await cloudRun.listGatewayUrls(target);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    log.notice(
      `The routes of the HTTP gateway cannot be read (${error.code || error.kind}); the URL is chosen without them.`,
    );
    return [];
  }
}

function withScheme(address: string): string {
  return /^https?:\/\//.test(address) ? address : `https://${address}`;
}

/** The page of the service in the console. */
export function consoleUrlOf({ envId, serviceName }: Target): string {
  const query = new URLSearchParams({ serverName: serviceName, tabId: 'deploy', envId });
  return `https://tcb.cloud.tencent.com/dev?envId=${encodeURIComponent(envId)}#/platform-run/service/detail?${query.toString()}`;
}
