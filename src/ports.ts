import type { Docker } from './docker-port.ts';
import type { Position } from './errors.ts';
import type { Exec } from './process-port.ts';

/*
 * What the house needs from outside. Each adapter is made with the AbortSignal of the run: once it is aborted, pending
 * and later calls throw its reason. The methods that clean up (`remove…`, `stop`) still work then, with a bound of
 * their own.
 */

/** The step's log. Messages are plain sentences without secrets. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  notice(message: string, at?: Position): void;
  warning(message: string, at?: Position): void;
  error(message: string, at?: Position): void;
  /** A line of another program: shown as it is, but it can give the runner no orders. */
  output(line: string): void;
  startGroup(title: string): void;
  endGroup(): void;
  /** From now on the runner shows `***` wherever the value would stand in the log. */
  mask(value: string): void;
}

export interface FileEntry {
  /** Relative to the folder that was listed, with `/` on every system. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly size: number;
  readonly isExecutable: boolean;
  /** When anything of it was changed last, in milliseconds since 1970; an entry that tells is refused if it changes later. */
  readonly changedAtMs?: number;
  /** What stands in the package in place of the file's own content. */
  readonly content?: string;
}

/** The file system. Paths are absolute. */
export interface Files {
  readText(path: string): Promise<string | undefined>;
  /** As `readText`, with U+FFFD for what is no UTF-8; undefined where nothing is there, else an InputError. */
  readLooseText(path: string): Promise<string | undefined>;
  kindOf(path: string): Promise<FileEntry['kind'] | undefined>;
  readLink(path: string): Promise<string>;
  /** Where a path leads when its links are followed; undefined when nothing is there. */
  realPath(path: string): Promise<string | undefined>;
  listFolder(path: string): Promise<readonly FileEntry[]>;
  /** What stands below a path of the folder but for folders, or what stands there itself; paths start at the folder. */
  listFiles(folder: string, path: string): Promise<readonly FileEntry[]>;
  /** SHA-256 over the paths, kinds, exec bits and contents of these entries and over `also`, in hexadecimal. */
  digest(root: string, entries: readonly FileEntry[], also?: string): Promise<string>;
  copy(from: string, to: string, paths: readonly string[]): Promise<void>;
  copyFolder(from: string, to: string): Promise<void>;
  append(path: string, text: string): Promise<void>;
  /** Puts a new file in place of what stands there, also of a link; makes its folder where there is none. */
  write(path: string, text: string): Promise<void>;
  /** Writes a new file; fails when anything stands at the path. */
  create(path: string, text: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** Puts a file or a link in place of the file or link that stands at the other path, all at once; makes its folder where there is none. */
  move(from: string, to: string): Promise<void>;
  /** Works after the run was aborted; nothing there is no error. */
  removeFolder(path: string): Promise<void>;
}

/** A zip file that was written. */
export interface Packed {
  readonly bytes: number;
  /** Of the zip file, in hexadecimal. */
  readonly sha256: string;
  /** Of what it holds, as `Files.digest` makes it. */
  readonly contentSha256: string;
}

/** What a package was unpacked to. */
export interface Extracted {
  /** What the package names, in its order. */
  readonly entries: readonly FileEntry[];
  /** Pairs of paths that are one path where letter case does not count. */
  readonly clashes: readonly string[];
}

/** Zip archives: equal entries make equal bytes. */
export interface Archive {
  /** An entry that cannot be read or has changed since it was listed is an InputError that names it. */
  write(root: string, entries: readonly FileEntry[], to: string): Promise<Packed>;
  /**
   * Unpacks a zip into a new folder, which nothing leaves. All of it is judged before anything is written; one that is
   * refused or damaged is a ProjectError and leaves no folder.
   */
  extract(file: string, to: string): Promise<Extracted>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: string;
  /** Bounds the time until the head of the answer is there, and as much of its body as is read. */
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How much of the answer's body is read, in bytes; nothing by default. */
  readonly bodyLimit?: number;
}

export interface HttpReply {
  readonly status: number;
  /** Names in lower case; a header that comes several times is joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** As much of the body as was asked for and came in time. */
  readonly body: string;
}

/** Where a package can be fetched, or put. The URL is signed: whoever knows it can do the same. */
export interface PackageAddress {
  readonly url: string;
  /** Sent with the request; the store may demand them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** `refused` when nobody listens, `silent` when somebody does and gives no HTTP answer in time. */
export type NoAnswer = 'refused' | 'silent';

/** How a stream of server-sent events came in. */
export interface EventStream extends Omit<HttpReply, 'body'> {
  /** When each event was whole, in milliseconds after the request; no more than 20 are waited for. */
  readonly eventTimesMs: readonly number[];
  /** True when the other side had ended the answer. */
  readonly isEnded: boolean;
}

export interface Http {
  request(request: HttpRequest): Promise<HttpReply | NoAnswer>;
  /** Reads server-sent events until the answer ends, the time is over, or a second after the first event. */
  readEvents(request: HttpRequest): Promise<EventStream | NoAnswer>;
  /** Opens a WebSocket, waits for the answer to a ping, and closes it; an HTTP answer instead is its status. */
  openWebSocket(url: string, timeoutMs: number): Promise<'open' | { readonly status: number } | NoAnswer>;
  /**
   * Sends a file from disk by PUT, again to the next address where that may help; resolves to the address that has
   * taken it. What cannot be uploaded is a CloudError of kind `upload`; an error of `nextAddress` is thrown as it is.
   */
  upload<T extends PackageAddress>(file: string, nextAddress: () => Promise<T>): Promise<T>;
  /**
   * Fetches a package into a file, in place of one that is there; up to 1 GiB. Tries again, with the next address, after
   * failures of the link and of the store; one that stays is a CloudError of kind `network`, and shows no address.
   */
  download(
    to: string,
    nextAddress: () => Promise<PackageAddress>,
  ): Promise<{ readonly bytes: number; readonly sha256: string }>;
  /** Whether somebody accepts TCP connections on this port of the loopback interface. */
  accepts(port: number): Promise<boolean>;
  /** A TCP port of the loopback interface that nobody uses right now. */
  freePort(): Promise<number>;
}

/** Values that the step's post part reads. */
export interface State {
  save(name: string, value: string): void;
  read(name: string): string;
}

/** Tools in the runner's tool cache. */
export interface ToolCache {
  /** The folder of the newest cached version that satisfies the range. */
  find(tool: string, versionRange: string): Promise<string | undefined>;
  store(folder: string, tool: string, version: string): Promise<string>;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface IssueComment {
  readonly id: number;
  readonly body: string;
  readonly isByBot: boolean;
  readonly url: string;
}

/** GitHub, for one repository. */
export interface GitHub {
  listComments(issue: number): Promise<readonly IssueComment[]>;
  createComment(issue: number, body: string): Promise<IssueComment>;
  updateComment(id: number, body: string): Promise<IssueComment>;
}

/** One service in one environment. */
export interface Target {
  readonly envId: string;
  readonly serviceName: string;
}

export interface CloudEnvironment {
  /** False when CloudBase Run was never opened in the environment. */
  readonly isOpen: boolean;
  /** Lower case; `normal` when it can take a release. */
  readonly status: string;
  /** The environment's own private network, where it has one. */
  readonly network: Network | undefined;
}

/** A private network. */
export interface Network {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

export interface OnlineVersion {
  readonly versionName: string;
  readonly imageUrl: string;
  /** Per cent of the traffic. */
  readonly share: number;
}

/** A service's settings in the words of the API (`Cpu`, `OpenAccessTypes`, `EnvParams` …). */
export type ServiceSettings = Readonly<Record<string, unknown>>;

export interface ServiceDetail {
  readonly serviceType: 'function' | 'container';
  readonly status: string;
  readonly accessTypes: readonly string[];
  readonly defaultDomain: string;
  readonly customDomains: readonly string[];
  /** Of the version that serves, where they were read with it: then `null` is what that version does not have. */
  readonly settings: ServiceSettings;
  /** What the platform holds for the service itself, as its newest release left it, also one that failed. */
  readonly ownSettings: ServiceSettings;
  /** Whose `settings` are: the version's, or the service's own where those of the version were not read. */
  readonly settingsOf: 'version' | 'service';
  /** Those that get traffic, the most first. */
  readonly onlineVersions: readonly OnlineVersion[];
}

export interface DeployRecord {
  /** The counter behind the version's name; 0 when the API gave none. */
  readonly number: number;
  readonly status: string;
  readonly runId: string;
  readonly buildId: number;
  readonly imageUrl: string;
}

export interface ReleaseTask {
  readonly id: number;
  readonly status: string;
  readonly versionName: string;
  readonly failReason: string;
  readonly steps: readonly { readonly name: string; readonly status: string; readonly failReason: string }[];
}

/** Where a package is uploaded, and the name by which the release refers to it. */
export interface UploadSlot extends PackageAddress {
  readonly packageName: string;
  readonly packageVersion: string;
}

/** The package that a version was made from. */
export interface VersionPackage extends PackageAddress {
  /** True where the platform says that the package is out of date (`OutDate`). */
  readonly isOutdated: boolean;
}

/** One setting of a release: `Key` and exactly one value field (API type DiffConfigItem). */
export type ConfigItem = Readonly<{ Key: string } & Record<string, unknown>>;

/** What Create and Update take besides the target. */
export interface ReleaseRequest {
  readonly deployInfo: Readonly<Record<string, unknown>>;
  readonly items: readonly ConfigItem[];
  /** The network of a new service: some environments refuse to create one without it. */
  readonly network?: Network | undefined;
}

/** The CloudBase Run API. Refusals and network failures are CloudErrors; answers are decoded tolerantly. */
export interface CloudRun {
  readEnvironment(envId: string): Promise<CloudEnvironment>;
  /** False when the account has no environment of this id. */
  hasEnvironment(envId: string): Promise<boolean>;
  /** Undefined when there is no such service. */
  readService(target: Target): Promise<ServiceDetail | undefined>;
  /**
   * The same with the settings of the version that gets the most of the traffic: the service's own may be of another
   * one. Where a version's settings may not be read, the service's own stand, with a notice.
   */
  readServing(target: Target): Promise<ServiceDetail | undefined>;
  /** Newest first; none when there is no such service. */
  listRecords(target: Target): Promise<readonly DeployRecord[]>;
  /** The task with this id, the latest for id 0; undefined when there is none. */
  readTask(target: Target, taskId: number): Promise<ReleaseTask | undefined>;
  createUploadSlot(target: Target): Promise<UploadSlot>;
  /** Where the package of a version can be fetched; undefined when the version was not made from one. */
  readDownload(target: Target, versionName: string): Promise<VersionPackage | undefined>;
  /** Both resolve to the id of the task, 0 where the API does not tell. */
  createService(target: Target, request: ReleaseRequest): Promise<number>;
  updateService(target: Target, request: ReleaseRequest): Promise<number>;
  /** Changes settings and publishes the newest image with them; 0 where they took effect at once, without a release. */
  changeSettings(target: Target, items: readonly ConfigItem[]): Promise<number>;
  /** Public URLs of HTTP gateway routes that lead to the service, custom domains first. */
  listGatewayUrls(target: Target): Promise<readonly string[]>;
  readBuildLog(target: Target, buildId: number): Promise<readonly string[]>;
  readProcessLog(target: Target, runId: string): Promise<readonly string[]>;
}

/** What every command may reach. */
export interface LocalPorts {
  readonly log: Log;
  readonly exec: Exec;
  readonly docker: Docker;
  readonly files: Files;
  readonly archive: Archive;
  readonly http: Http;
  readonly state: State;
  readonly toolCache: ToolCache;
  readonly clock: Clock;
  readonly gitHub: GitHub;
}

/** What commands that talk to the cloud may reach. */
export interface Ports extends LocalPorts {
  readonly cloudRun: CloudRun;
}
