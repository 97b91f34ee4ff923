import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** An announced upload: where its bytes go and what the PUT must show to be let in. */
export interface Upload {
  readonly name: string;
  readonly version: string;
  readonly sign: string;
  /** The header that the client was told to send back. */
  readonly header: { readonly Key: string; readonly Value: string };
  readonly file: string;
  stored: boolean;
}

/** The uploaded packages, kept as files in one folder. */
export class PackageStore {
  readonly #dir: string;
  readonly #uploads: Upload[] = [];
  #lastVersion = 0;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Announces an upload for a service; the version is a unix time in seconds and never repeats. */
  announce(serverName: string): Upload {
    this.#lastVersion = Math.max(this.#lastVersion + 1, Math.floor(Date.now() / 1000));
    const version = String(this.#lastVersion);
    const upload: Upload = {
      name: `${serverName}.zip`,
      version,
      sign: randomBytes(16).toString('hex'),
      header: { Key: 'x-cos-meta-package', Value: randomBytes(8).toString('hex') },
      file: join(this.#dir, `${serverName}-${version}.zip`),
      stored: false,
    };
    this.#uploads.push(upload);
    return upload;
  }

  /** The upload that a package's name and version stand for. */
  find(name: string, version: string): Upload | undefined {
    return this.#uploads.find((upload) => upload.name === name && upload.version === version);
  }

  /** Writes the bytes to disk as they arrive; a broken transfer leaves nothing behind. */
  async store(upload: Upload, bytes: Readable): Promise<number> {
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
}
