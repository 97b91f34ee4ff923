import type { Rule, Source } from '../rule.ts';

/** Larger Dockerfiles are no Dockerfiles; those of large projects have some 50 KiB. */
const dockerfileLimit = 256 * 1024;
const longLine = /[^\n]{32768}/;

/** The rule about the Dockerfile as a file; all others need one that can be read. */
export const fileRules: readonly Rule<Source>[] = [
  {
    id: 'CBR001',
    severity: 'error',
    title: 'No Dockerfile that can be read',
    why: 'Container mode builds an image from the Dockerfile of the source; without one the build on the platform fails.',
    fix: 'Add a Dockerfile, or let the input generate-dockerfile write one for Node.js and Python; docs/dockerfiles.md has samples for other languages.',
    bad: { mode: 'container', files: { 'server.js': '' } },
    good: {
      mode: 'container',
      files: {
        Dockerfile:
          'FROM node:24-slim\nWORKDIR /app\nCOPY server.js ./\nUSER node\nEXPOSE 8080\nCMD ["node", "server.js"]\n',
        'server.js': '',
      },
    },
    check: ({ dockerfile, entries, texts }) => {
      if (dockerfile === undefined) return [];
      const { path } = dockerfile;
      const fault = describeFault(entries.get(path), texts.get(path));
      if (fault === undefined) return [];
      const fix = entries.has(path) ? 'Put a Dockerfile of plain UTF-8 text in its place.' : undefined;
      const at = { file: path, line: 1, column: 1 };
      return [{ message: `The Dockerfile "${path}" ${fault}.`, at, ...(fix === undefined ? {} : { fix }) }];
    },
  },
];

/** True for a text that is worth parsing; a text of another size or kind takes long and tells nothing. */
export function isDockerfileText(text: string | undefined): text is string {
  return (
    text !== undefined &&
    text.trim() !== '' &&
    text.length <= dockerfileLimit &&
    !/\0/.test(text) &&
    !longLine.test(text)
  );
}

function describeFault(
  entry: { readonly kind: string; readonly size: number } | undefined,
  text: string | undefined,
): string | undefined {
  if (entry === undefined) return 'does not exist';
  if (entry.kind === 'link' && text === undefined) return 'is a link that leads to no text';
  if (entry.kind === 'folder') return 'is a folder';
  if (entry.size > dockerfileLimit) return `is larger than ${dockerfileLimit / 1024} KiB`;
  if (text !== undefined && text.trim() === '') return 'is empty';
  if (text !== undefined && longLine.test(text)) return 'has a line of more than 32 KiB';
  return isDockerfileText(text) ? undefined : 'is no UTF-8 text';
}
