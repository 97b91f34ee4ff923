import type { ServerConfig } from '../state/config.ts';

/** What a build made and a start can run again: an unpacked function, or an image that the engine has. */
export type Artifact =
  { readonly kind: 'function'; readonly dir: string } | { readonly kind: 'image'; readonly image: string };

/** A running version. */
export interface Instance {
  /** On 127.0.0.1. */
  readonly port: number;
  /** What it has written to stdout and stderr, the last part of it. */
  output(): Promise<string>;
  stop(): Promise<void>;
}

/** What a build or a start needs to know of the version. */
export interface Plan {
  readonly serverName: string;
  readonly versionName: string;
  readonly mode: 'function' | 'container';
  readonly config: ServerConfig;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The build of a version failed; the message is the reason the platform would give. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure';
}

/** A version was built but does not serve; `output` is what it wrote before it was given up. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}
