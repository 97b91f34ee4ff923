import type { CloudClient } from './cloud-client.ts';

/** An announced upload, and ways to use it. */
export interface Announced {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sends so many bytes; resolves to status and body. */
  readonly put: (size: number) => Promise<string>;
  /** The status of a look there: 404 where nothing is stored, else 403, for the address is signed for an upload. */
  readonly look: () => Promise<number>;
}

/** Asks the API where the package of the service `app` is to be put. */
export async function announce(client: CloudClient): Promise<Announced> {
  const answer = (await client.call('DescribeCloudBaseBuildService', { ServiceName: 'app' })) as unknown as {
    readonly UploadUrl: string;
    readonly UploadHeaders: readonly { readonly Key: string; readonly Value: string }[];
  };
  const url = answer.UploadUrl;
  const headers = {
    ...Object.fromEntries(answer.UploadHeaders.map(({ Key, Value }) => [Key, Value])),
    connection: 'close',
  };
  return {
    url,
    headers,
    put: async (size) => {
      const reply = await fetch(url, { method: 'PUT', headers, body: Buffer.alloc(size) });
      return `${reply.status} ${await reply.text()}`;
    },
    look: async () => (await fetch(url, { method: 'GET', headers: { connection: 'close' } })).status,
  };
}
