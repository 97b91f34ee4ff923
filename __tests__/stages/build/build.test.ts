import { describe, expect, it } from '@jest/globals';

import type { Docker, RegistryAccess } from '../../../src/docker-port.ts';
import { InputError } from '../../../src/errors.ts';
import type { LocalInputs } from '../../../src/inputs.ts';
import { build } from '../../../src/stages/build/build.ts';
import type { BuildRequest, Need } from '../../../src/stages/build/built.ts';
import type { Project } from '../../../src/stages/project/project.ts';
import { buildPorts, buildRequest, imageInputs } from '../../support/build.ts';
import { failureOf } from '../../support/failure.ts';
import {
  builtImage,
  containerProject,
  deliveryInputs,
  functionProject,
  imageProject,
  localInputs,
} from '../../support/samples.ts';

const { engine, facts } = builtImage();
const access: RegistryAccess = { registry: 'r.test', username: 'me', password: 'canary-password' };

const verifying = (verify: LocalInputs['verify'], given: Partial<BuildRequest> = {}): BuildRequest =>
  buildRequest({ inputs: imageInputs({ local: { ...localInputs, verify } }), ...given });

function start(project: Project, request: BuildRequest, docker: Partial<Docker> = {}) {
  const calls: string[] = [];
  const note = <T>(call: string, value: T): Promise<T> => {
    calls.push(call);
    return Promise.resolve(value);
  };
  const ports = buildPorts({
    readEngine: () => note('engine', engine),
    login: ({ registry }, folder) => note(`login ${registry} ${folder}`, undefined),
    build: () => note('build', { exitCode: 0, lines: [], stdout: '' }),
    pull: (reference) => note(`pull ${reference}`, undefined),
    readImage: () => Promise.resolve(facts),
    ...docker,
  });
  return { ports, calls, work: () => build(project, request, ports) };
}

const noEngine: Partial<Docker> = {
  readEngine: () => Promise.resolve({ reason: 'no Docker engine answers (x)' }),
};
const isFalse = { kind: 'skipped', reason: 'input "verify" is false' };

describe('what is built', () => {
  it.each<[string, Project, readonly string[]]>([
    ['a container: an image', containerProject(), ['engine', 'build']],
    ['an existing image: pulled', imageProject({ reference: 'r.test/a:1' }), ['engine', 'pull r.test/a:1']],
    ['a function: a copy', functionProject(), []],
  ])('of %s', async (_what, project, expected) => {
    const { ports, calls, work } = start(project, verifying('auto'));
    expect((await work()).kind).toBe(project.kind === 'function' ? 'function-copy' : 'image');
    expect(calls).toEqual(expected);
    expect(ports.state.values.get('engine')).toBe(expected.length === 0 ? undefined : '28.0.0');
  });

  it.each<[Project, Need | undefined, boolean]>([
    [containerProject(), undefined, false],
    [imageProject(), undefined, false],
    [functionProject(), undefined, false],
    [functionProject({ isInstalledByPlatform: false }), undefined, true],
    [containerProject(), 'image-repository', true],
  ])('is nothing where verify is false, unless it is shipped: %#', async (project, isNeededBy, isBuilt) => {
    const { calls, work } = start(project, verifying('false', { isNeededBy }));
    const built = await work();
    if (isBuilt) expect(built.kind).not.toBe('skipped');
    else expect([built, calls]).toEqual([isFalse, []]);
  });
});

describe('a login', () => {
  const inputs = imageInputs({ delivery: { ...deliveryInputs, access } });

  it('comes before what needs it, into the folder of the step', async () => {
    const { calls, work } = start(imageProject({ reference: 'r.test/a:1' }), buildRequest({ inputs }));
    await work();
    expect(calls).toEqual(['engine', 'login r.test /tmp/step/docker-config', 'pull r.test/a:1']);
    const other = start(containerProject(), buildRequest({ inputs }));
    await other.work();
    expect(other.calls).toEqual(['engine', 'login r.test /tmp/step/docker-config', 'build']);
  });

  it('is not made where nothing is pulled or pushed', async () => {
    const local = { ...localInputs, verify: 'false' as const };
    const { calls, work } = start(imageProject(), buildRequest({ inputs: { ...inputs, local } }));
    expect([await work(), calls]).toEqual([isFalse, []]);
  });
});

describe('without an engine', () => {
  it.each<Project>([containerProject(), imageProject()])(
    'verify "auto" skips with the reason: %#',
    async (project) => {
      const { ports, work } = start(project, verifying('auto'), noEngine);
      expect(await work()).toEqual({ kind: 'skipped', reason: 'no Docker engine answers (x)' });
      expect(ports.state.values.has('engine')).toBe(false);
    },
  );

  it.each<[Need, string]>([
    [
      'verify',
      'verify: is "true", but no Docker engine answers (x). Use a runner with Docker and buildx, or "auto" to verify only where there is one.',
    ],
    [
      'image-repository',
      'image-repository: is given, and an image is built and pushed with Docker and buildx, but no Docker engine answers (x). Use a runner with Docker and buildx.',
    ],
    [
      'command',
      'command: is "run", which needs Docker with buildx for a container, but no Docker engine answers (x). Use a runner with Docker and buildx.',
    ],
  ])('what "%s" needs is refused', async (isNeededBy, message) => {
    const { work } = start(containerProject(), verifying('auto', { isNeededBy }), noEngine);
    expect((await failureOf(InputError, work)).message).toBe(message);
  });
});
