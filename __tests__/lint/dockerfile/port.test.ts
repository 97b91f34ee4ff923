import { describe, expect, it } from '@jest/globals';

import { commandPortRules } from '../../../src/lint/dockerfile/listen.ts';
import { loopbackRules } from '../../../src/lint/dockerfile/loopback.ts';
import { portRules } from '../../../src/lint/dockerfile/port.ts';
import type { DockerfileSubject } from '../../../src/lint/dockerfile/tree.ts';
import type { Hit, Rule } from '../../../src/lint/rule.ts';
import { checkDockerfile, checkDockerfileText, places } from '../../support/lint.ts';

const rules = [...portRules, ...commandPortRules, ...loopbackRules];

const find = (id: string, text: string, port?: number): readonly Hit[] =>
  rules.filter((rule) => rule.id === id).flatMap((rule) => checkDockerfileText(rule, text, port));

describe.each(rules.map((rule): [string, Rule<DockerfileSubject>] => [rule.id, rule]))('%s', (id, rule) => {
  it('finds its bad example alone', () => {
    expect(places(checkDockerfile(rule, rule.bad))).toHaveLength(1);
    for (const other of rules)
      expect({ id, hits: checkDockerfile(other, rule.good) }).toEqual({ id, hits: [] });
  });

  it.each([
    '',
    '\u0000',
    'EXPOSE',
    'FROM',
    'FROM a\nEXPOSE',
    'FROM a\nCMD ["a", "--port"]\nENV',
    'FROM a\nENV constructor=1 __proto__=2\nCMD ["constructor"]',
  ])('takes %j', (text) => {
    expect(() => checkDockerfileText(rule, text, 80)).not.toThrow();
  });
});

describe('EXPOSE', () => {
  it.each<[string, number | undefined, string]>([
    ['EXPOSE 8080 70000', 8080, 'CBR010 2:13 EXPOSE must name a port from 1 to 65535, not "70000".'],
    ['EXPOSE 0', undefined, 'CBR010 2:8 EXPOSE must name a port from 1 to 65535, not "0".'],
    ['EXPOSE 90-80', 80, 'CBR010 2:8 EXPOSE must name a port from 1 to 65535, not "90-80".'],
    [
      '# nothing',
      undefined,
      'CBR011 1:1 The port of the service is not known: server-config sets no Port, and no EXPOSE names one.',
    ],
    [
      'EXPOSE 53/udp',
      undefined,
      'CBR011 1:1 The port of the service is not known: server-config sets no Port, and no EXPOSE names one.',
    ],
    [
      'EXPOSE 80 \\\n 443',
      undefined,
      "CBR011 3:2 EXPOSE names several ports (80, 443), and server-config does not say which one is the service's.",
    ],
    [
      'EXPOSE 80-82',
      undefined,
      "CBR011 2:8 EXPOSE names several ports (80-82), and server-config does not say which one is the service's.",
    ],
    [
      'EXPOSE 80 ${A}',
      undefined,
      'CBR011 2:11 EXPOSE names a variable whose value is not known here (${A}), and server-config sets no Port.',
    ],
    ['EXPOSE 80 443', 80, 'CBR012 2:11 EXPOSE names several ports (80, 443), but only 80 can be reached.'],
    [
      'EXPOSE 80\nEXPOSE 9229/TCP',
      9229,
      'CBR012 3:8 EXPOSE names several ports (80, 9229), but only 9229 can be reached.',
    ],
    ['EXPOSE 80-90', 85, 'CBR012 2:8 EXPOSE names several ports (80-90), but only 85 can be reached.'],
    ['EXPOSE 3000', 8080, 'CBR013 2:8 EXPOSE names port 3000, but the setting Port is 8080.'],
    ['ENV P=3000\nEXPOSE $P', 8080, 'CBR013 3:8 EXPOSE names port 3000, but the setting Port is 8080.'],
    ['EXPOSE 80 443', 8080, 'CBR013 2:8 EXPOSE names port 80, 443, but the setting Port is 8080.'],
  ])('has to be corrected in %j with the port %s', (line, port, expected) => {
    const found = ['CBR010', 'CBR011', 'CBR012', 'CBR013'].flatMap((id) =>
      find(id, `FROM a\n${line}\n`, port).map(
        ({ at, message }) => `${id} ${at.line}:${at.column} ${message}`,
      ),
    );
    expect(found).toEqual([expected]);
  });

  it.each<[string, string, number | undefined]>([
    ['CBR010', 'FROM a\nEXPOSE 1 65535 53/udp $A', 1],
    ['CBR010', 'FROM a AS b\nEXPOSE 70000\nFROM c', 80],
    ['CBR011', 'FROM a\nEXPOSE 80', undefined],
    ['CBR011', 'FROM a\nEXPOSE 80 80/tcp 53/udp', undefined],
    ['CBR011', 'FROM a\nEXPOSE 70000', undefined],
    ['CBR011', 'FROM a', 80],
    ['CBR011', 'FROM a\nEXPOSE $A', 80],
    ['CBR011', 'FROM a\nARG A=80\nEXPOSE $A', undefined],
    ['CBR011', 'FROM a AS b\nEXPOSE 80\nFROM b', undefined],
    ['CBR011', '', undefined],
    ['CBR012', 'FROM a\nEXPOSE 80\nEXPOSE 80/tcp 53/udp', 80],
    ['CBR012', 'FROM a\nEXPOSE 80 443', 8080],
    ['CBR012', 'FROM a AS b\nEXPOSE 443\nFROM c\nEXPOSE 80', 80],
    ['CBR013', 'FROM a\nEXPOSE 80 443', 443],
    ['CBR013', 'FROM a\nEXPOSE 80-90', 85],
    ['CBR013', 'FROM a\nEXPOSE 53/udp', 80],
    ['CBR013', 'FROM a\nEXPOSE 3000', undefined],
    ['CBR013', 'FROM a\nEXPOSE 3000 $A', 80],
  ])('%s does not find %j with %s', (id, text, port) => {
    expect(find(id, text, port)).toEqual([]);
  });
});
