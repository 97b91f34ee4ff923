import type { Finished } from './process-port.ts';

export interface DockerEngine {
  readonly version: string;
  /** No container can have more CPUs. */
  readonly cpus: number;
  /** The image store, such as `overlay2` or `containerd`: each counts the size of an image in its own way. */
  readonly store: string;
}

export interface ContainerState {
  readonly isRunning: boolean;
  readonly exitCode: number;
  readonly isOutOfMemory: boolean;
  /** As the host sees it; 0 when it does not run. */
  readonly pid: number;
}

/** Env vars of a container on their way through the docker command. */
export interface ContainerEnv {
  /** Named by `--env NAME`; the values are variables of the docker command itself. */
  readonly inherited: Readonly<Record<string, string>>;
  /** Lines for `--env-file /dev/stdin`: variables that would change what the docker command does. */
  readonly lines: readonly string[];
}

/** An image that the engine has. */
export interface ImageFacts {
  /** `sha256:…`; the digest of its config or, in the containerd store, of its manifest. */
  readonly id: string;
  /** In the words of Go, such as `amd64`. */
  readonly architecture: string;
  readonly os: string;
  /** Empty where the image names none, which is root. */
  readonly user: string;
  readonly exposedPorts: readonly number[];
  /** As the engine's image store counts. */
  readonly bytes: number;
}

export interface ImageLayer {
  readonly bytes: number;
  /** The instruction that made it. */
  readonly command: string;
}

/** What a registry holds under a reference. */
export interface Manifest {
  /** Of the manifest, or of the index where the reference names one. */
  readonly digest: string;
  /** Of the config of the image for linux/amd64. */
  readonly configDigest: string;
}

export interface RegistryAccess {
  /** Host and port, `docker.io` for Docker Hub. */
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

export interface FileChange {
  readonly kind: 'added' | 'changed' | 'deleted';
  readonly path: string;
}

/** A docker command of the run: its arguments, and what it inherits besides. */
export interface DockerCommand {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The Docker engine behind the docker command. What a registry refuses is a ProjectError that names the reference and
 * the registry's answer; what may pass by itself (429, 5xx, lost connections) was tried three times.
 */
export interface Docker {
  /** The engine that answers, or the reason why none does. */
  readEngine(): Promise<DockerEngine | { readonly reason: string }>;
  build(command: DockerCommand, onLine: (line: string) => void): Promise<Finished>;
  /** Runs checks that only look; ended after a minute, with exit code 124. */
  check(args: readonly string[]): Promise<Finished>;

  /**
   * `docker run -d` with these arguments; values travel by inheritance or standard input, never on argv. Resolves to the
   * id. An abort does not end it.
   */
  start(args: readonly string[], env: ContainerEnv): Promise<string>;
  readContainer(id: string): Promise<ContainerState>;
  readHostPort(id: string, port: number): Promise<number>;
  readLogs(id: string, lines: number): Promise<readonly string[]>;
  /** The TCP sockets that listen inside a running container; undefined where its processes cannot be seen. */
  readListeners(id: string, pid: number): Promise<readonly { address: string; port: number }[] | undefined>;
  /**
   * The working set of a running container in bytes, as Kubernetes defines it: memory in use without the file cache
   * that can be dropped. Undefined where its control group cannot be seen.
   */
  readWorkingSet(pid: number): Promise<number | undefined>;
  /** What differs from the image in the container's own layer (`docker diff`). */
  listChanges(id: string): Promise<readonly FileChange[]>;
  /** Sends the container its stop signal. Resolves to whether it ended by itself within these seconds; else it is killed. */
  stop(id: string, seconds: number): Promise<boolean>;
  /** Removes every container with this label; works after an abort. Resolves to what docker said of one that stays. */
  removeContainers(label: string): Promise<string | undefined>;

  /** Undefined when the engine has no such image. */
  readImage(reference: string): Promise<ImageFacts | undefined>;
  listLayers(reference: string): Promise<readonly ImageLayer[]>;
  /** Works after an abort, like removeImages. */
  tag(image: string, reference: string): Promise<void>;
  /** Removes these names of images, and those images that have no other; works after an abort, like removeContainers. */
  removeImages(references: readonly string[]): Promise<string | undefined>;

  /**
   * Logs in with credentials of the run, for all later calls. They stay in this folder, a configuration like the
   * machine's own; it is the caller's to remove.
   */
  login(access: RegistryAccess, folder: string): Promise<void>;
  push(reference: string, onLine: (line: string) => void): Promise<void>;
  /** For linux/amd64. */
  pull(reference: string, onLine: (line: string) => void): Promise<void>;
  /** Undefined when the registry has nothing under this reference. */
  readManifest(reference: string): Promise<Manifest | undefined>;
  /**
   * Whether the reference can be read without a login; undefined when the registry cannot be asked. The folder, made where
   * there is none, holds meanwhile what the question takes.
   */
  isPublic(reference: string, folder: string): Promise<boolean | undefined>;
}
