import type { Docker, DockerEngine, ImageFacts } from '../../docker-port.ts';
import type { ImageInputs } from '../../inputs.ts';
import type { Files, Log, State } from '../../ports.ts';
import type { Exec } from '../../process-port.ts';

/** An image that the engine of this machine has. */
export interface Image {
  readonly kind: 'image';
  /** By which the engine knows it. */
  readonly reference: string;
  readonly facts: ImageFacts;
  readonly engine: DockerEngine;
}

/** A copy of a function's files with its dependencies installed. */
export interface FunctionCopy {
  readonly kind: 'function-copy';
  readonly folder: string;
}

/** What was built, or the reason why nothing was. */
export type Built = Image | FunctionCopy | { readonly kind: 'skipped'; readonly reason: string };

export interface BuildRequest {
  /** What cannot do without it: an input, or the command. Undefined where it may be skipped. */
  readonly isNeededBy: Need | undefined;
  readonly inputs: ImageInputs;
  /** Ids of BuildKit secrets with their values. */
  readonly buildSecrets: Readonly<Record<string, string>>;
  /** The image's OCI labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Absolute path of the repository: files of a failure are relative to it. */
  readonly repository: string;
  readonly stepLabel: string;
  /** A folder of this step's own, removed when it ends. */
  readonly tempFolder: string;
  /** What package managers may know besides (context.ts). */
  readonly installEnv: Readonly<Record<string, string>>;
  /** What a build may know besides to reach GitHub's cache (context.ts). */
  readonly cacheEnv: Readonly<Record<string, string>>;
}

export type Need = 'command' | 'image-repository' | 'verify';

export interface BuildPorts {
  readonly docker: Docker;
  readonly exec: Exec;
  readonly files: Files;
  readonly log: Log;
  readonly state: State;
}
