import type { DeliveryInputs } from '../../inputs.ts';
import type { FileEntry } from '../../ports.ts';
import type { Built } from '../build/built.ts';

/** What the platform gets. */
export type Artifact = SourcePackage | ImageReference;

/** The source package on disk. */
export interface SourcePackage {
  readonly kind: 'package';
  readonly file: string;
  readonly bytes: number;
  /** Of the zip file, in hexadecimal. */
  readonly sha256: string;
  /** Of what it holds, whatever compressed it: that of the fingerprint. */
  readonly contentSha256: string;
  readonly fileCount: number;
  /** Before compression. */
  readonly sourceBytes: number;
  /** The ten largest files, the largest first. */
  readonly largest: readonly FileEntry[];
}

/** An image in a registry. */
export interface ImageReference {
  readonly kind: 'image';
  /** By which the platform pulls it. */
  readonly reference: string;
  /** Of its manifest; undefined where the registry could not be asked. */
  readonly digest: string | undefined;
  /** True when it is known to be the very image that this machine has built or pulled. */
  readonly isProven: boolean;
}

export interface PackageRequest {
  readonly built: Built;
  readonly delivery: DeliveryInputs;
  /** The commit that is released; empty outside a repository. */
  readonly sha: string;
  readonly tempFolder: string;
}
