import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** An announced upload: where its bytes go and what the PUT must show to be let in. */
export interface Upload {
  readonly name: string;
  readonly version: string;
  readonly sign: string;
  /** The header that the client was told to send back. */
  readonly header: { readonly Key: string; readonly Value: string };
  readonly file: string;
  /** Milliseconds since the epoch. */
  readonly announcedAt: number;
  stored: boolean;
}

/** A signed address of a stored package: until when it is good, and the header that a GET of it must show. */
export interface DownloadAddress {
  readonly sign: string;
  readonly expiresAt: number;
  readonly header: { readonly Key: string; readonly Value: string } | undefined;
}

/** The uploaded packages, kept as files in one folder. */
export class PackageStore {
  readonly #dir: string;
  readonly #uploads: Upload[] = [];
  readonly #addresses = new Map<Upload, DownloadAddress[]>();
  #lastVersion = 0;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Announces an upload for a service; the version is a unix time in seconds and never repeats. */
  announce(serverName: string): Upload {
    const announcedAt = Date.now();
    this.#lastVersion = Math.max(this.#lastVersion + 1, Math.floor(announcedAt / 1000));
    const version = String(this.#lastVersion);
    const upload: Upload = {
      name: `${serverName}.zip`,
      version,
      sign: randomBytes(16).toString('hex'),
      header: { Key: 'x-cos-meta-package', Value: randomBytes(8).toString('hex') },
      file: join(this.#dir, `${serverName}-${version}.zip`),
      announcedAt,
      stored: false,
    };
    this.#uploads.push(upload);
    return upload;
  }

  /** Signs an address at which a stored package can be fetched for so many milliseconds. */
  sign(upload: Upload, forMs: number, demandsHeader: boolean): DownloadAddress {
    const Value = randomBytes(8).toString('hex');
    const address: DownloadAddress = {
      sign: randomBytes(16).toString('hex'),
      expiresAt: Date.now() + forMs,
      header: demandsHeader ? { Key: 'x-cos-download-package', Value } : undefined,
    };
    this.#addresses.set(upload, [...(this.#addresses.get(upload) ?? []), address]);
    return address;
  }

  /** The address of the package with this sign, also an expired one. */
  findAddress(upload: Upload, sign: string | null): DownloadAddress | undefined {
    return this.#addresses.get(upload)?.find((address) => address.sign === sign);
  }

  /** The upload that a package's name and version stand for. */
  find(name: string, version: string): Upload | undefined {
    return this.#uploads.find((upload) => upload.name === name && upload.version === version);
  }

  /** Writes the bytes to disk as they arrive; a broken transfer leaves nothing behind. */
  async store(upload: Upload, bytes: AsyncIterable<Buffer>): Promise<number> {
    await mkdir(this.#dir, { recursive: true });
    try {
      await pipeline(bytes, createWriteStream(upload.file));
    } catch (error) {
      await rm(upload.file, { force: true });
      throw error;
    }
    upload.stored = true;
    return (await stat(upload.file)).size;
  }

  /** Takes back what was stored. */
  async discard(upload: Upload): Promise<void> {
    upload.stored = false;
    await rm(upload.file, { force: true });
  }
}
