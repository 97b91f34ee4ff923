import { describe, expect, it } from '@jest/globals';

import { listExposed, listTcpPorts, singlePort, type Exposed } from '../../../src/lint/dockerfile/expose.ts';
import { parseDockerfile } from '../../../src/lint/dockerfile/tree.ts';

const list = (lines: string): Exposed[] => listExposed(parseDockerfile(`FROM a\n${lines}\n`));

describe('what EXPOSE names', () => {
  it.each([
    ['EXPOSE 80', 'ports 80 80 tcp'],
    ['EXPOSE 80/UDP', 'ports 80 80 udp'],
    ['EXPOSE 80-82/tcp', 'ports 80 82 tcp'],
    ['EXPOSE 65536', 'outside 0 0 '],
    ['EXPOSE 82-80', 'outside 0 0 '],
    ['EXPOSE $PORT', 'variable 0 0 '],
    ['ENV PORT=81\nEXPOSE $PORT', 'ports 81 81 tcp'],
    ['EXPOSE http', 'none 0 0 '],
    ['EXPOSE 80:80', 'none 0 0 '],
  ])('is read from %j', (lines, expected) => {
    const found = list(lines).map(
      ({ kind, first, last, protocol }) => `${kind} ${first} ${last} ${protocol}`,
    );
    expect(found).toEqual([expected]);
  });

  it('keeps the place of each argument', () => {
    const places = list('ENV P=80\nEXPOSE $P \\\n  443').map(({ argument, value }) => ({
      value,
      start: argument.getRange().start,
    }));
    expect(places).toEqual([
      { value: '80', start: { line: 2, character: 7 } },
      { value: '443', start: { line: 3, character: 2 } },
    ]);
  });

  it.each([
    ['FROM a AS base\nEXPOSE 80\nFROM b\nEXPOSE 81', ['81']],
    ['FROM a AS base\nEXPOSE 80\nFROM BASE\nEXPOSE 81', ['80', '81']],
    ['FROM a\nEXPOSE 80\nFROM', []],
    ['EXPOSE 80', []],
    ['EXPOSE 80\nFROM a\nEXPOSE 81', ['81']],
  ])('is that of the final stage and of those below it in %j', (text, values) => {
    expect(listExposed(parseDockerfile(text)).map(({ value }) => value)).toEqual(values);
  });

  it.each([
    ['FROM a AS base\nARG PORT=3000\nFROM base\nEXPOSE $PORT', ['3000']],
    ['FROM a AS base\nENV PORT=3000\nFROM base\nEXPOSE ${PORT}/tcp', ['3000/tcp']],
    ['FROM a AS base\nENV PORT=3000\nARG PORT=81\nFROM base\nEXPOSE $PORT', ['3000']],
    ['FROM a AS base\nENV PORT=80\nENV PORT=81\nFROM base\nEXPOSE $PORT', ['81']],
    ['FROM a AS base\nENV P=80\nFROM base AS next\nENV P=81\nFROM next\nEXPOSE $P', ['81']],
    ['FROM a AS base\nENV P=80\nFROM base AS next\nFROM next\nEXPOSE $P', ['80']],
    ['FROM a AS base\nENV P=80\nFROM base\nENV P=81\nEXPOSE $P', ['81']],
    ['FROM a AS base\nARG P=80\nFROM base\nARG P\nEXPOSE $P', ['80']],
    ['FROM a AS base\nARG A=80 B=90\nFROM base\nEXPOSE $A-$B', ['80-90']],
    ['ARG P=80\nFROM a AS base\nARG P\nFROM base\nEXPOSE $P', ['80']],
    ['FROM a AS base\nARG P\nFROM base\nEXPOSE $P', ['$P']],
    ['FROM a AS base\nEXPOSE $P\nFROM base\nENV P=80', ['$P']],
    ['FROM a AS other\nENV P=80\nFROM a\nEXPOSE $P', ['$P']],
    ['ARG P=80\nFROM a\nEXPOSE $P', ['$P']],
  ])('takes variables of the stages below in %j', (text, values) => {
    expect(listExposed(parseDockerfile(text)).map(({ value }) => value)).toEqual(values);
  });

  it.each<[string, string[], number | undefined]>([
    ['EXPOSE 80', ['80'], 80],
    ['EXPOSE 80 80/tcp 53/udp', ['80'], 80],
    ['EXPOSE 80-80', ['80'], 80],
    ['EXPOSE 80 443', ['80', '443'], undefined],
    ['EXPOSE 80-82', ['80-82'], undefined],
    ['EXPOSE 80 $A', ['80'], undefined],
    ['EXPOSE 53/udp', [], undefined],
    ['', [], undefined],
  ])('sums up %j', (lines, ports, single) => {
    expect(listTcpPorts(list(lines))).toEqual(ports);
    expect(singlePort(list(lines))).toBe(single);
  });
});
