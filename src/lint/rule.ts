import type { FailureKind, Position } from '../errors.ts';
import type { Severity } from './finding.ts';

/** What a rule found; `file` of the position is relative to the source folder. */
export interface Hit {
  /** What is wrong here, in one sentence. */
  readonly message: string;
  /** What to do here, in one sentence; the rule's own fix where this place asks for nothing else. */
  readonly fix?: string;
  readonly at: Position;
  /** The path of the source folder that is not there, where the hit is about that alone. */
  readonly missing?: string;
}

/** A small project by its files, for the tests of a rule and for its page in the docs. */
export interface Example {
  /** Texts by their paths in the source folder; the first one is the one that the docs show. */
  readonly files: Readonly<Record<string, string>>;
  /** Bytes of files that are larger than their texts here. */
  readonly sizes?: Readonly<Record<string, number>>;
  readonly mode: 'container' | 'function' | 'agent';
  /** The setting `Port` of the service, where the rule asks for it. */
  readonly port?: number;
}

/** A rule of CloudBase Run as data; `S` is what it looks at. */
export interface Rule<S> {
  /** `CBR001`; never used again for another rule. */
  readonly id: string;
  readonly severity: Severity;
  /** What the rule finds, as a short title without a full stop. */
  readonly title: string;
  /** Why it matters on CloudBase Run, in one to three sentences. */
  readonly why: string;
  /** What to do, in one sentence. */
  readonly fix: string;
  /** The failure kind of a run that it fails, where it is another one than `lint`. */
  readonly kind?: FailureKind;
  readonly bad: Example;
  readonly good: Example;
  check(subject: S): readonly Hit[];
}

/** A file or folder of the source. */
export interface SourceEntry {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** Bytes. */
  readonly size: number;
}

/** An env var that the service config sets. */
export interface ConfigEnvVar {
  readonly name: string;
  readonly value: string;
  readonly at: Position | undefined;
}

/** What is known of the service, from server-config and from the live service where somebody looked. */
export interface ServiceFacts {
  /** The port that it has to listen on; undefined where only EXPOSE could tell. */
  readonly port: number | undefined;
  /** True where the service is connected to a private network. */
  readonly hasVpc: boolean;
  /** True where EntryPoint or Cmd of the service config stand in for those of the image. */
  readonly hasCommand: boolean;
  /** Env vars of the service config that no other stage looks at. */
  readonly env: readonly ConfigEnvVar[];
  /** The export that the functions framework calls: env var FUNCTION_TARGET, else `main`. */
  readonly target: string;
  /** True where the platform installs a function's dependencies (setting InstallDependency). */
  readonly isInstalledByPlatform: boolean;
}

/** Where the Dockerfile stands, or should stand; paths are relative to the source folder. */
export interface DockerfilePlace {
  readonly path: string;
  /** The folder that the build sees (setting BuildDir); `.` for the source folder itself. */
  readonly buildFolder: string;
}

/** A source folder as lint sees it: no rule reads a file itself. */
export interface Source {
  readonly mode: 'container' | 'function' | 'agent';
  /** In container mode alone. */
  readonly dockerfile: DockerfilePlace | undefined;
  readonly service: ServiceFacts;
  /** Every file and folder by its path, but for what stands in `.git` and `node_modules`. */
  readonly entries: ReadonlyMap<string, SourceEntry>;
  /** The texts that were read, by their paths, without a byte order mark; what is no UTF-8 text is missing. */
  readonly texts: ReadonlyMap<string, string>;
  /**
   * True for a path that git ignores while lint runs alone: a build that makes it may come between the checkout and the
   * deploy, so that its absence tells nothing.
   */
  readonly isUnbuilt: (path: string) => boolean;
  /** The files that would be packaged, where the project could be settled. */
  readonly packaged: readonly string[] | undefined;
}
