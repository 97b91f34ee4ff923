import type { Docker } from '../../src/docker-port.ts';
import type { Command, Exec, Finished, RunningProcess } from '../../src/process-port.ts';
import type {
  Archive,
  Clock,
  CloudRun,
  FileEntry,
  Files,
  GitHub,
  Http,
  IssueComment,
  Log,
  Ports,
  State,
  ToolCache,
} from '../../src/ports.ts';
import { createFakeFiles } from './fake-files.ts';

/** Makes the method of a fake that nobody expects to be called. */
function unexpected(name: string): () => never {
  return () => {
    throw new Error(`Nobody expects a call of ${name}.`);
  };
}

/** A clock on which only sleeping takes time. */
export function createFakeClock(onSleep?: (now: number) => void): Clock {
  let now = 1_000_000;
  let sleeps = 0;
  return {
    now: () => now,
    sleep: (ms) => {
      now += ms;
      sleeps++;
      if (sleeps > 10_000) throw new Error('Nobody sleeps that often: the loop does not end.');
      return Promise.resolve(onSleep?.(now));
    },
  };
}

export interface FakeLog extends Log {
  /** `level: message` in the order of arrival, with `@file:line` where a position was given. */
  readonly lines: readonly string[];
  readonly masks: readonly string[];
}

/** A log that remembers. */
export function createFakeLog(): FakeLog {
  const lines: string[] = [];
  const masks: string[] = [];
  const write =
    (level: string): Log['notice'] =>
    (message, at) => {
      lines.push(`${level}: ${message}${at === undefined ? '' : ` @${at.file}:${at.line}`}`);
    };
  return {
    lines,
    masks,
    debug: write('debug'),
    info: write('info'),
    notice: write('notice'),
    warning: write('warning'),
    error: write('error'),
    output: write('output'),
    startGroup: write('group'),
    endGroup: () => {
      lines.push('end');
    },
    mask: (value) => {
      masks.push(value);
    },
  };
}

/** A cloud that knows the given answers, and refuses every other call. */
export function createFakeCloudRun(answers: Partial<CloudRun>): CloudRun {
  return {
    readEnvironment: unexpected('readEnvironment'),
    hasEnvironment: unexpected('hasEnvironment'),
    readService: unexpected('readService'),
    readServing: unexpected('readServing'),
    listRecords: unexpected('listRecords'),
    readTask: unexpected('readTask'),
    createUploadSlot: unexpected('createUploadSlot'),
    readDownload: unexpected('readDownload'),
    createService: unexpected('createService'),
    updateService: unexpected('updateService'),
    changeSettings: unexpected('changeSettings'),
    listGatewayUrls: unexpected('listGatewayUrls'),
    readBuildLog: unexpected('readBuildLog'),
    readProcessLog: unexpected('readProcessLog'),
    ...answers,
  };
}

/** An engine that knows the given answers, and refuses every other call. */
export function createFakeDocker(answers: Partial<Docker>): Docker {
  return {
    readEngine: unexpected('readEngine'),
    build: unexpected('build'),
    check: unexpected('check'),
    start: unexpected('start'),
    readContainer: unexpected('readContainer'),
    readHostPort: unexpected('readHostPort'),
    readLogs: unexpected('readLogs'),
    readListeners: unexpected('readListeners'),
    readWorkingSet: unexpected('readWorkingSet'),
    listChanges: unexpected('listChanges'),
    stop: unexpected('stop'),
    removeContainers: unexpected('removeContainers'),
    readImage: unexpected('readImage'),
    listLayers: unexpected('listLayers'),
    tag: unexpected('tag'),
    removeImages: unexpected('removeImages'),
    login: unexpected('login'),
    push: unexpected('push'),
    pull: unexpected('pull'),
    readManifest: unexpected('readManifest'),
    isPublic: unexpected('isPublic'),
    ...answers,
  };
}

export interface FakeExec extends Exec {
  readonly commands: readonly Command[];
  /** Where what was started writes. */
  readonly logFiles: readonly string[];
}

/** Programs that end as `run` says, or that run on as `started` says. */
export function createFakeExec(
  run: (command: Command) => Partial<Finished> = unexpected('capture'),
  started?: Partial<RunningProcess>,
): FakeExec {
  const commands: Command[] = [];
  const logFiles: string[] = [];
  return {
    commands,
    logFiles,
    capture: (command, onLine) => {
      commands.push(command);
      const finished = { exitCode: 0, lines: [], stdout: '', ...run(command) };
      for (const line of finished.lines) onLine?.(line);
      return Promise.resolve(finished);
    },
    stream: (command) => {
      commands.push(command);
      return Promise.resolve(0);
    },
    start: (command, logFile) => {
      commands.push(command);
      logFiles.push(logFile);
      if (started === undefined) return unexpected('start')();
      const idle: RunningProcess = {
        pid: 4242,
        exitCode: () => undefined,
        logTail: () => Promise.resolve([]),
        stop: () => Promise.resolve(true),
      };
      return Promise.resolve({ ...idle, ...started });
    },
    readPeakMemory: () => Promise.resolve(undefined),
    stopMarked: unexpected('stopMarked'),
  };
}

/** HTTP that knows the given answers, and refuses every other call. */
export function createFakeHttp(answers: Partial<Http>): Http {
  return {
    request: unexpected('request'),
    readEvents: unexpected('readEvents'),
    openWebSocket: unexpected('openWebSocket'),
    upload: unexpected('upload'),
    download: unexpected('download'),
    accepts: unexpected('accepts'),
    freePort: unexpected('freePort'),
    ...answers,
  };
}

export interface FakeState extends State {
  readonly values: ReadonlyMap<string, string>;
}

/** The state of a step, empty where nothing was given. */
export function createFakeState(values: Readonly<Record<string, string>> = {}): FakeState {
  const saved = new Map(Object.entries(values));
  return {
    values: saved,
    save: (name, value) => {
      saved.set(name, value);
    },
    read: (name) => saved.get(name) ?? '',
  };
}

export interface FakeToolCache extends ToolCache {
  /** The folders that were stored. */
  readonly stored: readonly string[];
}

/** A tool cache with the given folders by `tool@range`. */
export function createFakeToolCache(folders: Readonly<Record<string, string>> = {}): FakeToolCache {
  const stored: string[] = [];
  return {
    stored,
    find: (tool, range) => Promise.resolve(folders[`${tool}@${range}`]),
    store: (folder, tool, version) => {
      stored.push(folder);
      return Promise.resolve(`/cache/${tool}/${version}`);
    },
  };
}

export interface FakeArchive extends Archive {
  readonly written: readonly { root: string; entries: readonly FileEntry[]; to: string }[];
}

/** An archive that remembers what it was to hold, and unpacks what is given; its content has this digest. */
export function createFakeArchive(
  digest: Files['digest'] = () => Promise.resolve('def'),
  answers: Partial<Pick<Archive, 'extract'>> = {},
): FakeArchive {
  const written: { root: string; entries: readonly FileEntry[]; to: string }[] = [];
  return {
    written,
    write: async (root, entries, to) => {
      written.push({ root, entries, to });
      return { bytes: 123, sha256: 'abc', contentSha256: await digest(root, entries) };
    },
    extract: unexpected('extract'),
    ...answers,
  };
}

export interface FakeGitHub extends GitHub {
  readonly comments: readonly IssueComment[];
}

/** The comments of one pull request; new ones are the bot's. */
export function createFakeGitHub(initial: readonly Partial<IssueComment>[] = []): FakeGitHub {
  const urlOf = (id: number): string => `https://github.test/comment/${id}`;
  const complete = (comment: Partial<IssueComment>, index: number): IssueComment => {
    const id = index + 1;
    return { id, body: '', isByBot: true, url: urlOf(id), ...comment };
  };
  const comments = initial.map(complete);
  return {
    comments,
    listComments: () => Promise.resolve([...comments]),
    createComment: (_issue, body) => {
      const made = complete({ body }, comments.length);
      comments.push(made);
      return Promise.resolve(made);
    },
    updateComment: (id, body) => {
      const at = comments.findIndex((comment) => comment.id === id);
      const changed = { ...complete({}, id - 1), body };
      comments.splice(at, 1, changed);
      return Promise.resolve(changed);
    },
  };
}

export interface FakePorts extends Ports {
  readonly log: FakeLog;
}

/** All ports of a command; each refuses what nobody expects, but for what is given. */
export function createFakePorts(given: Partial<Omit<Ports, 'log'>>): FakePorts {
  const files = given.files ?? createFakeFiles({});
  return {
    archive: createFakeArchive((root, entries) => files.digest(root, entries)),
    clock: createFakeClock(),
    cloudRun: createFakeCloudRun({}),
    docker: createFakeDocker({}),
    exec: createFakeExec(),
    files,
    gitHub: createFakeGitHub(),
    http: createFakeHttp({}),
    state: createFakeState(),
    toolCache: createFakeToolCache(),
    ...given,
    log: createFakeLog(),
  };
}
