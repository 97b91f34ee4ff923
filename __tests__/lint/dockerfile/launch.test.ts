import { describe, expect, it } from '@jest/globals';

import { readLaunch, readStart } from '../../../src/lint/dockerfile/launch.ts';
import { createDockerfileSubject, type DockerfileSubject } from '../../../src/lint/dockerfile/tree.ts';
import { placeOfText } from '../../../src/lint/dockerfile/located-text.ts';
import { sourceOf } from '../../support/lint.ts';

const subjectOf = (text: string): DockerfileSubject =>
  createDockerfileSubject(
    sourceOf({ mode: 'container', files: { Dockerfile: text } }),
    { path: 'Dockerfile', buildFolder: '.' },
    text,
  );
const launchOf = (text: string): string[] | undefined =>
  readLaunch(readStart(subjectOf(text)))?.words.map((word) => word.text);

describe('the command of a container', () => {
  it.each<[string, string[], string[] | undefined]>([
    ['is none', ['FROM a'], undefined],
    ['stands in JSON', ['FROM a', 'CMD ["node", "a b.js"]'], ['node', 'a b.js']],
    ['stands in a shell command', ['FROM a', 'CMD node \'a b.js\' --x="y z"'], ['node', 'a b.js', '--x=y z']],
    ['is the last CMD', ['FROM a', 'CMD ["a"]', 'CMD ["b"]'], ['b']],
    ['is ENTRYPOINT with CMD', ['FROM a', 'CMD ["b"]', 'ENTRYPOINT ["a"]'], ['a', 'b']],
    ['loses CMD beside a shell ENTRYPOINT', ['FROM a', 'ENTRYPOINT a x', 'CMD ["b"]'], ['a', 'x']],
    ['comes from the stage below', ['FROM a AS x', 'CMD ["b"]', 'FROM x'], ['b']],
    ['is not that of another stage', ['FROM a AS x', 'CMD ["b"]', 'FROM b'], undefined],
    [
      'loses the CMD below when ENTRYPOINT is set',
      ['FROM a AS x', 'CMD ["b"]', 'FROM x', 'ENTRYPOINT ["c"]'],
      ['c'],
    ],
    [
      'is taken away by an empty list',
      ['FROM a AS x', 'ENTRYPOINT ["b"]', 'FROM x', 'ENTRYPOINT []'],
      undefined,
    ],
    ['is not that of ONBUILD', ['FROM a', 'ONBUILD CMD ["b"]'], undefined],
    [
      'is the script of sh -c',
      ['FROM a', 'CMD ["sh", "-c", "exec node \\"a b\\" $X"]'],
      ['exec', 'node', 'a b', '$X'],
    ],
    ['is the last one of a script', ['FROM a', 'CMD cd /app && A=1 node x'], ['node', 'x']],
    ['is found behind an ENTRYPOINT', ['FROM a', 'ENTRYPOINT ["tini", "--"]', 'CMD node x'], ['node', 'x']],
    [
      'is found with options of the shell',
      ['FROM a', 'CMD ["bash", "-o", "pipefail", "-ec", "a b"]'],
      ['a', 'b'],
    ],
    ['is a script in a file', ['FROM a', 'CMD ["sh", "start.sh", "-c"]'], ['sh', 'start.sh', '-c']],
    ['goes on in the next line', ['FROM a', 'CMD ["node", \\', '  # why', '', '  "x"]'], ['node', 'x']],
    ['goes on with another escape', ['# escape=`', 'FROM a', 'CMD node `', '  c:\\x'], ['node', 'c:x']],
    ['ends in two backslashes', ['FROM a', 'CMD ["node", "x\\\\"]'], ['node', 'x\\']],
    ['has escapes in JSON', ['FROM a', 'CMD ["\\u0061\\/b", "\\"c\\""]'], ['a/b', '"c"']],
    ['is lower case', ['from a', 'cmd ["b"]'], ['b']],
    ['is the text of broken JSON', ['FROM a', "CMD ['b']"], ['[b]']],
    ['sends its output elsewhere', ['FROM a', 'CMD node x >/dev/null 2>&1'], ['node', 'x']],
    ['has a comment', ['FROM a', 'CMD node x#1 # y'], ['node', 'x#1']],
    [
      'has a substitution',
      ['FROM a', 'CMD node $(ls a) ${B:-c d} `e f`'],
      ['node', '$(ls a)', '${B:-c d}', '`e f`'],
    ],
  ])('%s', (_name, lines, expected) => {
    expect(launchOf(lines.join('\n'))).toEqual(expected);
    expect(launchOf(lines.join('\r\n'))).toEqual(expected);
  });

  it.each<[string, string, string]>([
    ['CMD ["node", "x"]', 'x', '2:15-16'],
    ['CMD ["node", \\\n  "--port", "80"]', '80', '3:14-16'],
    ['CMD node \\\n  # port\n  --port "80"', '80', '4:11-13'],
    ['CMD ["sh", "-c", \\\n "exec \\"a\\" 80"]', '80', '3:14-16'],
    ['  CMD node 80', '80', '2:12-14'],
    ['CMD \\\r\n  node 80', '80', '3:8-10'],
  ])('knows the place in %j', (command, text, place) => {
    const subject = subjectOf(`FROM a\n${command}\n`);
    const word = readLaunch(readStart(subject))?.words.find((one) => one.text === text);
    const at = word && placeOfText(subject, word.instruction, word);
    expect(`${at?.line}:${at?.column}-${at?.endColumn}`).toBe(place);
    expect(at).toMatchObject({ file: 'Dockerfile', endLine: at?.line });
  });

  it('is none where nobody can have written it', () => {
    expect(launchOf(`FROM a\nCMD ["node", "${'x'.repeat(16_000)}"]`)).toHaveLength(2);
    expect(launchOf(`FROM a\nCMD ["node", "${'x'.repeat(17_000)}"]`)).toBeUndefined();
  });

  it.each([
    ['node x', true, ''],
    ['cd a && node x', true, ''],
    ['redis-server & node x', false, ''],
    ['node x | tee y', false, ''],
    ['(node x)', false, ''],
    ['export A=1 B="2 3"; C=4 node x', true, 'A=1 B=2 3 C=4'],
    ['A=1; node x', true, 'A=1'],
  ])('says what is around it in %j', (script, isAlone, assignments) => {
    const launch = readLaunch(readStart(subjectOf(`FROM a\nCMD ${script}\n`)));
    expect(launch?.isAlone).toBe(isAlone);
    expect(launch?.assignments.map(({ text }) => text).join(' ')).toBe(assignments);
  });

  it.each([
    ['node $PORT', true],
    ['node "a$PORT"', true],
    ['node `date`', true],
    ["node '$PORT'", false],
    ['node \\$PORT', false],
    ['node 80', false],
  ])('knows whether a shell changes the last word of %j', (script, isOpen) => {
    const launch = readLaunch(readStart(subjectOf(`FROM a\nCMD ${script}\n`)));
    expect(launch?.words.at(-1)?.isOpen).toBe(isOpen);
  });

  it.each([
    'CMD',
    'CMD ',
    'CMD \\',
    'CMD "',
    "CMD '",
    'CMD [',
    'CMD ["',
    'CMD $(',
    'CMD ${',
    'CMD `',
    'CMD\\\n',
    'CMD <<EOF\na\nEOF',
  ])('reads %j without a fault', (command) => {
    expect(() => launchOf(`FROM a\n${command}`)).not.toThrow();
  });
});
