import { describe, expect, it } from '@jest/globals';

import { startRules } from '../../../src/lint/dockerfile/start.ts';
import type { DockerfileSubject } from '../../../src/lint/dockerfile/tree.ts';
import type { Hit, Rule } from '../../../src/lint/rule.ts';
import { checkDockerfile, checkDockerfileText, places } from '../../support/lint.ts';

const find = (id: string, text: string): readonly Hit[] =>
  startRules.filter((rule) => rule.id === id).flatMap((rule) => checkDockerfileText(rule, text));
const messages = (id: string, ...lines: string[]): string[] =>
  find(id, lines.join('\n')).map(({ at, message }) => `${at.line}: ${message}`);

describe.each(startRules.map((rule): [string, Rule<DockerfileSubject>] => [rule.id, rule]))(
  '%s',
  (id, rule) => {
    it('finds its bad example alone', () => {
      expect(places(checkDockerfile(rule, rule.bad))).toHaveLength(1);
      for (const other of startRules)
        expect({ id, hits: checkDockerfile(other, rule.good) }).toEqual({ id, hits: [] });
    });

    it('leaves a command of the service config alone', () => {
      expect(checkDockerfile(rule, rule.bad, { hasCommand: true })).toEqual([]);
    });

    it.each([
      '',
      '\u0000',
      'FROM',
      'FROM \nCMD',
      'CMD [',
      'FROM a\nCMD ["',
      'FROM a\nFROO b\nENTRYPOINT',
      'ONBUILD CMD [',
    ])('takes %j', (text) => {
      expect(() => checkDockerfileText(rule, text)).not.toThrow();
    });
  },
);

describe('no command', () => {
  const none = (image: string): string =>
    `The image has neither CMD nor ENTRYPOINT, and its base "${image}" starts no service.`;

  it.each<[string, string[], string]>([
    ['an official image', ['FROM node:24-slim', 'RUN a'], `1: ${none('node')}`],
    ['its whole name', ['FROM docker.io/library/node:24', 'RUN a'], `1: ${none('node')}`],
    ['a library', ['FROM library/python'], `1: ${none('python')}`],
    ['a digest', ['FROM alpine@sha256:0123'], `1: ${none('alpine')}`],
    [
      'nothing',
      ['FROM golang AS build', 'CMD ["x"]', 'FROM scratch', 'COPY --from=build a a'],
      `3: ${none('scratch')}`,
    ],
    ['Distroless', ['FROM gcr.io/distroless/static-debian12'], `1: ${none('distroless/static-debian12')}`],
    ['a variable', ['ARG IMAGE=debian:12', 'FROM $IMAGE'], `2: ${none('debian')}`],
    ['a stage below', ['FROM ubuntu AS base', 'FROM base'], `2: ${none('ubuntu')}`],
    ['an empty list', ['FROM node', 'CMD []'], `1: ${none('node')}`],
  ])('is found on %s', (_name, lines, message) => {
    expect(messages('CBR002', ...lines)).toEqual([message]);
  });

  it.each([
    [['FROM nginx']],
    [['FROM caddy:2']],
    [['FROM php:8-apache']],
    [['FROM tomcat']],
    [['FROM ghcr.io/someone/node']],
    [['FROM localhost:5000/node']],
    [['FROM someone/node']],
    [['FROM $IMAGE']],
    [['ARG IMAGE', 'FROM $IMAGE']],
    [['FROM node AS base', 'CMD ["x"]', 'FROM base']],
    [['FROM node', 'ENTRYPOINT ["x"]']],
    [['FROM node', 'cmd x']],
    [['FROM node AS base', 'ONBUILD CMD ["x"]', 'FROM base']],
    [['# nothing']],
  ])('is not found in %j', (lines) => {
    expect(messages('CBR002', ...lines)).toEqual([]);
  });
});

describe('JSON that does not parse', () => {
  it.each([
    ["CMD ['node', 'x']", 'its strings stand in single quotes'],
    ['CMD ["node" "x"]', 'a comma is missing between two of its strings'],
    ['CMD ["node", "x",]', 'a comma stands before its bracket'],
    ['CMD ["node", "x"', 'its bracket is not closed'],
    ['CMD [ “node”, “x” ]', 'its strings stand in typographic quotes'],
    ['CMD ["node", "x"] # why', 'something stands after its bracket'],
    ['CMD [node, x]', 'it is no list of strings in double quotes'],
    ['CMD ["node", 80]', 'it is no list of strings in double quotes'],
    ['CMD ["c:\\windows\\x.exe"]', 'it is no list of strings in double quotes'],
    ['CMD ["", "x" "y"]', 'a comma is missing between two of its strings'],
    ['CMD ["node", \\\n  # why\n  "x" \\\n  "y"]', 'a comma is missing between two of its strings'],
  ])('is found in %j', (command, fault) => {
    expect(messages('CBR003', 'FROM a', command)).toEqual([
      `2: CMD looks like a list in JSON, but ${fault}.`,
    ]);
  });

  it('is found in ENTRYPOINT, with its columns', () => {
    expect(find('CBR003', 'FROM a\nENTRYPOINT [\'x\']\nCMD ["y"]')).toEqual([
      {
        message: 'ENTRYPOINT looks like a list in JSON, but its strings stand in single quotes.',
        at: { file: 'Dockerfile', line: 2, column: 12, endLine: 2, endColumn: 17 },
      },
    ]);
  });

  it.each([
    'CMD ["node", "x"]',
    'CMD  [ "node" , "x" ] ',
    'CMD ["node", \\\n  "x"]',
    'CMD ["node", \\\n  # why\n\n  "x"]',
    'CMD ["node", "a\\"b\\u0041"]',
    'CMD [ -f x ] && node y',
    'CMD [ "$A" = "b" ] && exec node y || exit 1',
    "CMD [ 'a' = $A ]; node y",
    'CMD [[ "$A" == b ]] && node y',
    'CMD node "x[0]"',
    'CMD echo [x]',
    'CMD []',
    'CMD ["node", "x"]\nCMD ["y"]',
    'CMD [\'x\']\nCMD ["y"]',
    'HEALTHCHECK CMD [\'x\']\nCMD ["y"]',
    'CMD [a',
    `CMD ["node", "${'x'.repeat(17_000)}"]`,
  ])('is not found in %j', (command) => {
    expect(messages('CBR003', 'FROM a', command)).toEqual([]);
  });
});

describe('a shell that keeps SIGTERM', () => {
  it.each([
    ['CMD node x', 'CMD', 'sh'],
    ['ENTRYPOINT node x', 'ENTRYPOINT', 'sh'],
    ['CMD ["sh", "-c", "node x"]', 'CMD', 'sh'],
    ['CMD ["/bin/bash", "-ec", "a && node x"]', 'CMD', 'bash'],
    ['SHELL ["/bin/bash", "-c"]\nCMD a; node x', 'CMD', 'bash'],
    ['ENTRYPOINT ["tini", "--"]\nCMD node x', 'CMD', 'sh'],
    ['CMD a && node x', 'CMD', 'sh'],
  ])('is found in %j', (command, keyword, shell) => {
    expect(messages('CBR004', 'FROM a', command).map((line) => line.replace(/^\d: /, ''))).toEqual([
      `${keyword} runs its command as a child of ${shell}, which does not hand on SIGTERM.`,
    ]);
  });

  it.each([
    'CMD ["node", "x"]',
    'CMD exec node x',
    'CMD a && exec node x',
    'CMD if a; then exec node x; else exec node y; fi',
    'CMD ["sh", "-c", "exec node $PORT"]',
    'CMD ["sh", "start.sh"]',
    'CMD ["./start.sh", "-c", "node x"]',
    'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nCMD node x',
    'CMD ["bash", "-c", "node x"]',
    'ENTRYPOINT ["dumb-init", "--"]\nCMD node x',
    'ENTRYPOINT ["tini", "-g", "--"]\nCMD node x',
    "CMD trap 'kill $!' TERM; node x & wait",
    'SHELL ["powershell", "-Command"]\nCMD node x',
    "CMD ['node', 'x']",
    'CMD node x\nCMD ["node", "x"]',
    'RUN a\nHEALTHCHECK CMD curl localhost\nCMD ["x"]',
  ])('is not found in %j', (command) => {
    expect(messages('CBR004', 'FROM a', command)).toEqual([]);
  });
});

describe('the advice about a shell', () => {
  const other = 'Write the command in the JSON form, or begin it with exec.';
  const fixes = (command: string): string[] =>
    find('CBR004', `FROM a\n${command}`).map(({ fix }) => fix ?? other);

  it.each([
    ['CMD uvicorn main:app --port 80', 'CMD ["uvicorn", "main:app", "--port", "80"]'],
    ['ENTRYPOINT java -jar app.jar', 'ENTRYPOINT ["java", "-jar", "app.jar"]'],
    ['CMD ["sh", "-c", "./server"]', 'CMD ["./server"]'],
    ['ENTRYPOINT ["tini", "--"]\nCMD node x', 'CMD ["node", "x"]'],
  ])('names the list of %j', (command, list) => {
    expect(fixes(command)).toEqual([`Write ${list}, or begin the command with exec.`]);
  });

  it.each([
    'CMD a && node x',
    'CMD uvicorn main:app --port $PORT',
    'CMD A=1 node x',
    'CMD node x > /dev/null',
    'CMD app "a b"',
    'CMD app --password k3Ws9qTb',
    'CMD app redis://k3Ws9qTb',
    'CMD cd app',
    'CMD ["tini", "--", "sh", "-c", "node x"]',
  ])('names no list for %j', (command) => {
    expect(fixes(command)).toEqual([other]);
  });
});

describe('a command that does not stay with the service', () => {
  it.each([
    ['CMD ["bash"]', '"bash" without a file waits'],
    ['CMD ["/bin/sh", "-l"]', '"sh" without a file waits'],
    ['CMD bash', '"bash" without a file waits'],
    ['ENTRYPOINT ["node"]', '"node" without a file waits'],
    ['ENTRYPOINT ["tini", "--"]\nCMD ["python3"]', '"python3" without a file waits'],
    ['CMD ["nginx"]', '"nginx" goes into the background'],
    ['CMD a && nginx', '"nginx" goes into the background'],
    ['CMD ["gunicorn", "a:b", "--daemon"]', '"gunicorn" goes into the background'],
    ['CMD ["gunicorn", "-D", "a:b"]', '"gunicorn" goes into the background'],
    ['CMD ["pm2", "start", "a.js"]', '"pm2 start" goes into the background'],
    ['CMD ["npx", "pm2", "start", "a.js"]', '"pm2 start" goes into the background'],
    ['CMD ["tail", "-f", "/dev/null"]', '"tail -f /dev/null" keeps the container running'],
    ['CMD a && service nginx start', '"service nginx start" goes into the background'],
    ['CMD /etc/init.d/nginx start', '"nginx start" goes into the background'],
  ])('is found in %j', (command, message) => {
    expect(messages('CBR008', 'FROM a', command)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    'CMD ["bash", "start.sh"]',
    'CMD ["bash", "-c", "exec a"]',
    'CMD ["node", "a.js"]',
    'ENTRYPOINT ["node"]\nCMD ["a.js"]',
    'ENTRYPOINT ["/start.sh"]\nCMD ["bash"]',
    'CMD ["python", "-m", "a"]',
    'CMD node < a.js',
    'CMD echo 1 | node',
    'CMD node a.js & bash',
    'CMD a; bash',
    'CMD ["nginx", "-g", "daemon off;"]',
    'CMD nginx -g "daemon off;"',
    'CMD ["nginx", "-c", "/a.conf"]',
    'RUN echo "daemon off;" >> /etc/nginx/nginx.conf\nCMD ["nginx"]',
    'CMD ["gunicorn", "a:b"]',
    'CMD ["pm2", "start", "a.js", "--no-daemon"]',
    'CMD ["pm2-runtime", "start", "a.js"]',
    'CMD ["pm2", "logs"]',
    'CMD ["tail", "-f", "/a.log"]',
    'CMD service nginx start && tail -f /dev/null',
    'CMD service nginx start; exec node a.js',
    'CMD ["service", "nginx", "status"]',
    "CMD ['bash']",
    'CMD ["npm", "start"]',
    'CMD []',
  ])('is not found in %j', (command) => {
    expect(messages('CBR008', 'FROM a', command)).toEqual([]);
  });

  it('is not found for nginx with a file that keeps it there', () => {
    const files = { Dockerfile: 'FROM nginx\nCMD ["nginx"]\n', 'nginx.conf': 'daemon off;\n' };
    const hits = startRules.flatMap((rule) => checkDockerfile(rule, { mode: 'container', files }));
    expect(hits).toEqual([]);
  });
});

describe('a package manager', () => {
  it.each([
    ['CMD ["npm", "start"]', 'npm start'],
    ['CMD exec npm run serve', 'npm run'],
    ['ENTRYPOINT ["tini", "--"]\nCMD ["/usr/local/bin/pnpm", "start"]', 'pnpm start'],
    ['CMD ["yarn", "serve"]', 'yarn serve'],
  ])('is found in %j', (command, name) => {
    expect(messages('CBR005', 'FROM a', command)[0]).toContain(
      `The main process of the container is "${name}" and not the service itself.`,
    );
  });

  it.each([
    'CMD ["node", "npm", "start"]',
    'CMD ["npx", "next", "start"]',
    'CMD ["yarn", "exec", "x"]',
    'CMD ["pnpm", "exec", "x"]',
    'CMD ["npm"]',
    'CMD npm ci && exec node x',
  ])('is not found in %j', (command) => {
    expect(messages('CBR005', 'FROM a', command)).toEqual([]);
  });
});

describe('a CMD without effect', () => {
  it.each<[string, string[]]>([
    ['ENTRYPOINT node x\nCMD ["y"]', ['3: CMD has no effect, because the ENTRYPOINT is in shell form.']],
    ['CMD ["y"]\nENTRYPOINT node x', ['2: CMD has no effect, because the ENTRYPOINT is in shell form.']],
    ['ENTRYPOINT ["node"]\nCMD ["y"]', []],
    ['ENTRYPOINT node x', []],
    ['ENTRYPOINT [\'x\']\nCMD ["y"]', []],
  ])('in %j', (commands, expected) => {
    expect(messages('CBR006', 'FROM a', commands)).toEqual(expected);
  });
});

describe('a variable that nobody replaces', () => {
  it.each([
    ['CMD ["gunicorn", "-b", "0.0.0.0:$PORT"]', 'PORT'],
    ['CMD ["node", "${HOME}/x"]', 'HOME'],
    ['CMD ["uvicorn", "a:b", "--port", "${PORT:-80}"]', 'PORT'],
    ['ENTRYPOINT ["uvicorn"]\nCMD ["--port", "$PORT"]', 'PORT'],
  ])('is found in %j', (command, name) => {
    expect(messages('CBR007', 'FROM a', command)[0]).toContain(
      `The JSON form hands on "$${name}" as it is written, because no shell replaces it.`,
    );
  });

  it.each([
    'CMD gunicorn -b 0.0.0.0:$PORT',
    'CMD ["sh", "-c", "exec gunicorn -b 0.0.0.0:$PORT"]',
    'CMD ["java", "-jar", "x.jar", "--server.port=${PORT}"]',
    'CMD ["node", "-e", "console.log(`${a}`)"]',
    'CMD ["python", "-c", "print(\'$a\')"]',
    'CMD ["./docker-entrypoint.sh", "$PORT"]',
    'CMD ["grep", "x$"]',
    'CMD ["node", "costs$5"]',
  ])('is not found in %j', (command) => {
    expect(messages('CBR007', 'FROM a', command)).toEqual([]);
  });
});
