import { describe, expect, it } from '@jest/globals';

import type { Docker, DockerCommand } from '../../../src/docker-port.ts';
import { ProjectError } from '../../../src/errors.ts';
import type { Finished } from '../../../src/process-port.ts';
import type { BuildRequest } from '../../../src/stages/build/built.ts';
import { buildImage } from '../../../src/stages/build/image.ts';
import { buildPorts, buildRequest, imageInputs } from '../../support/build.ts';
import { failureOf } from '../../support/failure.ts';
import { buildInputs, builtImage, containerProject } from '../../support/samples.ts';

const { engine, facts, reference } = builtImage();

interface Case {
  readonly request?: Partial<BuildRequest>;
  /** How each build ends, and what it writes. */
  readonly builds?: readonly Partial<Finished>[];
  readonly docker?: Partial<Docker>;
}

function start({ request = {}, builds = [{}], docker = {} }: Case) {
  const commands: DockerCommand[] = [];
  const ports = buildPorts({
    build: (command, onLine) => {
      const finished = { exitCode: 0, lines: [], stdout: '', ...builds[commands.length] };
      commands.push(command);
      for (const line of finished.lines) onLine(line);
      return Promise.resolve(finished);
    },
    readImage: (name) => Promise.resolve(name === reference ? facts : undefined),
    ...docker,
  });
  const project = containerProject({ buildFolder: 'app', dockerfile: 'prod.Dockerfile' });
  return {
    ports,
    commands,
    work: () => buildImage(project, { engine, request: buildRequest(request) }, ports),
  };
}

const withArgs = (buildArgs: Readonly<Record<string, string>>): Partial<BuildRequest> => ({
  inputs: imageInputs({ build: { ...buildInputs, buildArgs } }),
});

/** A line of `--progress rawjson`. */
const vertex = (digest: string, given: object): string =>
  JSON.stringify({ vertexes: [{ digest, started: '2025-01-01T00:00:00Z', ...given }] });

describe('an image that builds', () => {
  it('is known by its facts, and its steps are counted', async () => {
    const completed = '2025-01-01T00:00:02Z';
    const lines = [
      vertex('sha256:1', { name: '[1/2] FROM node:24', completed, cached: true }),
      vertex('sha256:2', { name: '[2/2] RUN npm ci', completed }),
      'a line of docker itself',
    ];
    const { ports, commands, work } = start({ builds: [{ lines }] });
    expect(await work()).toEqual({ kind: 'image', reference, facts, engine });
    expect(ports.exec.commands).toEqual([{ file: 'docker', args: ['version'] }]);
    expect(commands).toHaveLength(1);
    expect(ports.log.lines).toContain('output: [2/2] RUN npm ci: 2.0 s');
    expect(ports.log.lines).toContain('output: a line of docker itself');
    expect(ports.log.lines.at(-1)).toBe('info: Built in 2 step(s), 1 of them from the cache.');
  });

  it('shows what was held back until the end', async () => {
    const log = { vertex: 'sha256:2', stream: 1, data: Buffer.from('no end of line').toString('base64') };
    const lines = [vertex('sha256:2', { name: '[2/2] RUN npm ci' }), JSON.stringify({ logs: [log] })];
    const { ports, work } = start({ builds: [{ lines }] });
    await work();
    expect(ports.log.lines).toContain('output:   [2/2] no end of line');
  });

  it('builds again with plain progress where buildx knows no other', async () => {
    const builds = [
      { exitCode: 1, lines: ['ERROR: invalid progress mode rawjson'] },
      { lines: ['#1 building'] },
    ];
    const { ports, commands, work } = start({ builds });
    await work();
    expect(commands.map(({ args }) => args[4])).toEqual(['rawjson', 'plain']);
    expect(ports.log.lines.slice(-2)).toEqual(['output: #1 building', 'info: Built.']);
  });

  it('that the engine does not get is a failure', async () => {
    const docker = { readImage: () => Promise.resolve(undefined) };
    const inputs = imageInputs({ build: { ...buildInputs, builder: 'far' } });
    const error = await failureOf(ProjectError, start({ docker, request: { inputs } }).work);
    expect(error.kind).toBe('build');
    expect(error.advice).toContain('builder "far" can load images');
  });
});

describe('an image that does not build', () => {
  it('is a failure at the line of its Dockerfile, with the command to run locally', async () => {
    const dashes = '-'.repeat(20);
    const lines = [
      ...['prod.Dockerfile:3', dashes, '   2 |     COPY . .', '   3 | >>> RUN npm ci', dashes],
      'ERROR: failed to build: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
    ];
    const inputs = imageInputs({ build: { ...buildInputs, target: 'runtime', buildArgs: { A: 'canary' } } });
    const request = { repository: '/', inputs };
    const { commands, work } = start({ builds: [{ exitCode: 17, lines }], request });
    const error = await failureOf(ProjectError, work);
    expect(error).toMatchObject({
      kind: 'build',
      exitCode: 17,
      at: { file: 'repo/app/prod.Dockerfile', line: 3, column: 1 },
    });
    expect(error.message).toMatch(/^The image does not build\. /);
    expect(error.advice).toMatch(
      /Run it locally: docker buildx build --platform linux\/amd64 --target runtime -f app\/prod\.Dockerfile app$/,
    );
    expect(JSON.stringify([error.message, error.advice])).not.toContain('canary');
    expect(commands).toHaveLength(1);
  });

  it('has no place where BuildKit names none', async () => {
    const builds = [{ exitCode: 1, lines: ['ERROR: something else'] }];
    expect((await failureOf(ProjectError, start({ builds }).work)).at).toBeUndefined();
  });
});

describe('a build arg that looks like a secret', () => {
  it.each<[Readonly<Record<string, string>>, string]>([
    [{ NPM_TOKEN: 'k3Ws9qTb' }, '"NPM_TOKEN"'],
    [{ A: '1', DB_PASSWORD: 'k3Ws9qTb', apiKey: 'k3Ws9qTb' }, '"DB_PASSWORD", "apiKey"'],
    [{ REGISTRY: 'https://ci:Rk29vQx7Lm@npm.acme.com/' }, '"REGISTRY"'],
  ])('is warned of by its name: %j', async (buildArgs, names) => {
    const { ports, work } = start({ request: withArgs(buildArgs) });
    await work();
    expect(ports.log.lines[0]).toMatch(
      new RegExp(`^warning: build-args: ${names} may be a secret, .*build-secrets`),
    );
    expect(ports.log.lines.join()).not.toMatch(/k3Ws9qTb|Rk29vQx7Lm/);
  });

  it.each<Readonly<Record<string, string>>>([
    {},
    { NODE_VERSION: '24', GIT_SHA: 'abcdef0123456789' },
    { USE_TOKEN: 'true', NPM_TOKEN: '', TOKEN_COUNT: '3' },
    { REGISTRY: 'https://npm.acme.com/' },
  ])('is none of %j', async (buildArgs) => {
    const { ports, work } = start({ request: withArgs(buildArgs) });
    await work();
    expect(ports.log.lines.filter((line) => line.startsWith('warning'))).toEqual([]);
  });
});
