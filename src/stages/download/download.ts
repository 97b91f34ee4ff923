import { join } from 'node:path';

import { InputError } from '../../errors.ts';
import type {
  Archive,
  CloudRun,
  Files,
  Http,
  Log,
  OnlineVersion,
  PackageAddress,
  VersionPackage,
} from '../../ports.ts';
import type { LiveState } from '../look.ts';
import { judgeTarget, type Destination } from './target.ts';

/** The code of a version in a local folder. */
export interface Downloaded {
  readonly versionName: string;
  /** Absolute path. */
  readonly folder: string;
  /** Files and links that were put there, and the bytes of these files. */
  readonly fileCount: number;
  readonly fileBytes: number;
  /** Paths of files that the folder held already, and kept. */
  readonly kept: readonly string[];
  /** The package as the platform holds it. */
  readonly zip: { readonly bytes: number; readonly sha256: string };
}

interface DownloadPorts {
  readonly archive: Archive;
  readonly cloudRun: CloudRun;
  readonly files: Files;
  readonly http: Http;
  readonly log: Log;
}

/**
 * Brings the code of the version with the most of the traffic into a folder. It is fetched and unpacked in the temporary
 * folder first, so that the folder gets whole files only.
 */
export async function download(
  live: LiveState,
  destination: Destination & { readonly tempFolder: string },
  ports: DownloadPorts,
): Promise<Downloaded> {
  const { archive, files, log } = ports;
  const { tempFolder } = destination;
  const version = pickVersion(live);
  tellVersions(live, log);
  const zip = join(tempFolder, 'download.zip');
  await files.makeFolder(tempFolder);
  const fetched = await fetchPackage({ live, version, to: zip }, ports);
  const unpacked = join(tempFolder, 'download');
  const { entries, clashes } = await archive.extract(zip, unpacked);
  const folder = (await files.realPath(destination.folder)) ?? destination.folder;
  const { folders, moved, kept } = await judgeTarget(entries, { ...destination, folder }, files);
  for (const path of ['', ...folders]) await files.makeFolder(join(folder, path));
  for (const path of moved) await files.move(join(unpacked, path), join(folder, path));
  tellClashes(clashes, log);
  tellKept(kept, log);
  const isMoved = new Set(moved);
  return {
    versionName: version.versionName,
    folder,
    fileCount: moved.length,
    fileBytes: entries.reduce(
      (sum, { path, kind, size }) => sum + (kind === 'file' && isMoved.has(path) ? size : 0),
      0,
    ),
    kept,
    zip: fetched,
  };
}

function pickVersion({ target, service }: LiveState): OnlineVersion {
  const { envId, serviceName } = target;
  if (service === undefined)
    throw serviceError(
      `names no service of the environment "${envId}": "${serviceName}". The command "download" fetches the code of a live service.`,
    );
  const [version] = service.onlineVersions;
  if (version !== undefined) return version;
  throw serviceError(
    `names a service without a version online: "${serviceName}" has no code that serves. Deploy it first, or look into the console.`,
  );
}

function tellVersions({ service }: LiveState, log: Log): void {
  const [first, ...others] = service?.onlineVersions ?? [];
  if (first === undefined) return;
  const rest = others.map(({ versionName, share }) => `"${versionName}" gets ${share} %`).join(', ');
  const share = rest === '' ? '' : `, which gets ${first.share} % of the traffic; ${rest}`;
  log.info(`Downloading the package of "${first.versionName}"${share}.`);
}

interface Wanted {
  readonly live: LiveState;
  readonly version: OnlineVersion;
  readonly to: string;
}

/** Only the first try may use the address that told whether there is a package. */
async function fetchPackage(wanted: Wanted, { cloudRun, http, log }: DownloadPorts) {
  const { live, version, to } = wanted;
  const readAddress = async (): Promise<VersionPackage> => {
    const address = await cloudRun.readDownload(live.target, version.versionName);
    if (address === undefined) throw imageError(live, version);
    return address;
  };
  const first = await readAddress();
  if (first.isOutdated)
    log.warning(`The platform says that the package of "${version.versionName}" is out of date.`);
  const known: PackageAddress[] = [first];
  return http.download(to, async () => known.pop() ?? readAddress());
}

/** A version without a package was deployed as an image (DescribeCloudBaseBuildService has no DownloadUrl for it). */
function imageError({ target }: LiveState, { versionName, imageUrl }: OnlineVersion): InputError {
  const image = imageUrl === '' ? '' : ` ("${imageUrl}")`;
  return serviceError(
    `names a service without code to download: "${versionName}" of "${target.serviceName}" has no package, as a version that was deployed as an image. Pull the image${image} instead.`,
  );
}

function serviceError(message: string): InputError {
  return new InputError([{ subject: 'service-name', message }]);
}

const mostNamed = 10;

function tellClashes(clashes: readonly string[], log: Log): void {
  if (clashes.length > 0)
    log.warning(`Where letter case does not count, these are one path: ${nameSome(clashes)}.`);
}

function tellKept(kept: readonly string[], log: Log): void {
  if (kept.length > 0)
    log.warning(
      `${kept.length} file(s) were there already and are kept: ${nameSome(kept)}. "overwrite: true" replaces them.`,
    );
}

function nameSome(names: readonly string[]): string {
  const left = names.length - mostNamed;
  return `${names.slice(0, mostNamed).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
