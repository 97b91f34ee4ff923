import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import { parseExposedPort } from '../../../src/stages/project/expose.ts';
import { failureOf } from '../../support/failure.ts';

const parse = (...lines: string[]): number => parseExposedPort(lines.join('\n'), 'Dockerfile');

describe('the exposed port', () => {
  it.each<[string, string[], number]>([
    ['stands alone', ['FROM a', 'EXPOSE 80'], 80],
    ['is the one over TCP', ['FROM a', 'EXPOSE 53/udp 80/tcp'], 80],
    ['may be named twice', ['FROM a', 'EXPOSE 80', 'EXPOSE 80/tcp'], 80],
    ['may be a range of one', ['FROM a', 'EXPOSE 80-80'], 80],
    ['is that of the final stage', ['FROM a AS build', 'EXPOSE 9229', 'FROM b', 'EXPOSE 80'], 80],
    ['comes from the stage below', ['FROM a AS Base', 'EXPOSE 80', 'FROM c', 'EXPOSE 1', 'FROM base'], 80],
    ['comes from a stage of its own name', ['FROM node AS node', 'EXPOSE 80'], 80],
    ['is a variable of ENV', ['FROM a', 'ENV PORT=80 OTHER=1', 'EXPOSE $PORT'], 80],
    ['is a variable of ARG', ['FROM a', 'ARG PORT=80', 'EXPOSE ${PORT}/tcp'], 80],
    ['is a variable of an ARG before FROM', ['ARG PORT=80', 'FROM a', 'ARG PORT', 'EXPOSE $PORT'], 80],
    ['is in a stage named by a variable', ['ARG B=base', 'FROM a AS base', 'EXPOSE 80', 'FROM $B'], 80],
    ['is followed through no circle', ['FROM b AS a', 'FROM a AS b', 'EXPOSE 80'], 80],
  ])('%s', (_name, lines, port) => {
    expect(parse(...lines)).toBe(port);
  });

  it.each([
    [['FROM a'], 'EXPOSE in "Dockerfile" names no port'],
    [[''], 'EXPOSE in "Dockerfile" names no port'],
    [['FROM a AS build', 'EXPOSE 80', 'FROM b'], 'EXPOSE in "Dockerfile" names no port'],
    [['FROM a', 'EXPOSE 80 443'], 'EXPOSE in "Dockerfile" names several ports (80, 443)'],
    [['FROM a', 'EXPOSE 80-82'], 'EXPOSE in "Dockerfile" names several ports (80-82)'],
    [
      ['FROM a', 'EXPOSE ${PORT:-80}'],
      'EXPOSE in "Dockerfile" names a variable whose value is not known here (${PORT:-80})',
    ],
    [
      ['FROM a', 'EXPOSE 80 $B'],
      'EXPOSE in "Dockerfile" names a variable whose value is not known here ($B)',
    ],
  ])('has to be said in the config where %j', async (lines, fault) => {
    const error = await failureOf(InputError, () => parse(...lines));
    expect(error.message).toBe(
      `server-config: Port: is missing, and ${fault}. ` +
        'Set the port that the service listens on, such as "Port: 8080".',
    );
  });

  it.each([
    [['FROM a', '', 'EXPOSE 80 70000'], '70000', 3],
    [['FROM a', 'EXPOSE 0'], '0', 2],
    [['FROM a', 'EXPOSE 80-70000'], '80-70000', 2],
  ])('cannot be out of range: %j', async (lines, port, line) => {
    const error = await failureOf(InputError, () => parse(...lines));
    expect(error.message).toBe(
      `source: EXPOSE in line ${line} of "Dockerfile" must name a port from 1 to 65535, not "${port}".`,
    );
  });
});
