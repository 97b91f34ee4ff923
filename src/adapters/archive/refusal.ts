import { ProjectError } from '../../errors.ts';

const longestShown = 200;

/** The failure of a package that is not unpacked; the reason is the end of a sentence that begins with the package. */
export function refusal(reason: string): ProjectError {
  return new ProjectError(`The package is refused: ${reason}.`, {
    kind: 'input',
    advice: 'Nothing of it was written to the folder. Look at what was deployed as this version.',
  });
}

/** The failure of a package with an entry whose bytes are not those that were packed. */
export function damaged(path: string): ProjectError {
  return refusal(`its entry ${show(path)} is damaged: the checksum is another one`);
}

/** A name of a package as text for a message: in quotes, cut, and with whatever is no text escaped. */
export function show(name: string | Buffer): string {
  const text = typeof name === 'string' ? name : name.toString('utf8');
  const shown = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  return JSON.stringify(shown).replace(/\p{Cc}/gu, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`);
}
