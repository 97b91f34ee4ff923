/*
 * The deploy remark of a release cannot be read back, so the source that a version was made of is kept in an env var of
 * its own (`fingerprintName`). Its value names the source and the number of the version: a version that somebody else
 * releases from another source inherits the variable, but has another number.
 */

/** The value that says which source the version with this number is made of. */
export function buildMark(fingerprint: string, versionNumber: number): string {
  return `${fingerprint}:${versionNumber}`;
}

/** The fingerprint in a mark that holds for the version of this name. */
export function parseMark(mark: string | undefined, versionName: string): string | undefined {
  const [, fingerprint, number] = /^([0-9a-f]+):(\d+)$/.exec(mark ?? '') ?? [];
  return Number(number) === versionNumber(versionName) ? fingerprint : undefined;
}

/** The counter in a version's name, such as `api-007` (seen live); -1 for another name. */
export function versionNumber(versionName: string): number {
  return Number(/-(\d+)$/.exec(versionName)?.[1] ?? -1);
}
