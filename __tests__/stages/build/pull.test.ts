import { describe, expect, it } from '@jest/globals';

import type { Docker, Manifest } from '../../../src/docker-port.ts';
import { ProjectError, StopError, type FailureKind } from '../../../src/errors.ts';
import type { Need } from '../../../src/stages/build/built.ts';
import { pullImage } from '../../../src/stages/build/pull.ts';
import { buildPorts, buildRequest } from '../../support/build.ts';
import { failureOf } from '../../support/failure.ts';
import { builtImage, imageProject } from '../../support/samples.ts';

const { engine, facts } = builtImage();
const project = imageProject();
const manifest: Manifest = { digest: 'sha256:m', configDigest: facts.id };

function start(docker: Partial<Docker>, isNeededBy?: Need, reference = project.reference) {
  const ports = buildPorts(docker);
  const request = buildRequest({ isNeededBy });
  return { ports, work: () => pullImage({ ...project, reference }, { engine, request }, ports) };
}

const refusal = (kind: FailureKind): ProjectError => new ProjectError('The registry says no.', { kind });
const unknown = () => Promise.resolve(undefined);
const refused = (kind: FailureKind, found: () => Promise<Manifest | undefined>): Partial<Docker> => ({
  readImage: unknown,
  pull: () => Promise.reject(refusal(kind)),
  readManifest: found,
});

describe('an image that exists', () => {
  it('is pulled, and known by its facts', async () => {
    const { ports, work } = start({
      pull: (reference, onLine) => {
        onLine(`Pulling ${reference}`);
        return Promise.resolve();
      },
      readImage: (reference) => Promise.resolve(reference === project.reference ? facts : undefined),
    });
    expect(await work()).toEqual({ kind: 'image', reference: project.reference, facts, engine });
    expect(ports.log.lines).toEqual([`output: Pulling ${project.reference}`]);
  });

  it.each<[string, boolean, string | undefined]>([
    ['did not have it', false, project.reference],
    ['had it before', true, undefined],
  ])('is the post part’s to untag where the engine %s, also after a kill', async (_what, isKnown, saved) => {
    let isPulled = false;
    const { ports, work } = start({
      readImage: () => Promise.resolve(isKnown || isPulled ? facts : undefined),
      pull: () => {
        isPulled = true;
        return Promise.reject(new Error('killed'));
      },
    });
    expect((await failureOf(Error, work)).message).toBe('killed');
    expect(ports.state.values.get('images')).toBe(saved);
  });

  it.each<[FailureKind, () => Promise<Manifest | undefined>]>([
    ['network', () => Promise.reject(refusal('network'))],
    ['image-pull', () => Promise.resolve(manifest)],
    ['image-pull', () => Promise.reject(refusal('image-pull'))],
    ['build', () => Promise.resolve(manifest)],
  ])('that this machine alone may not get is skipped with the reason: %s, %#', async (kind, found) => {
    expect(await start(refused(kind, found)).work()).toEqual({
      kind: 'skipped',
      reason: 'this machine cannot pull the image: The registry says no.',
    });
  });

  it('that a registry of the platform does not give to everybody is skipped, for the platform has a login', async () => {
    const auth = refused('auth', () => Promise.reject(refusal('auth')));
    const built = await start(auth, undefined, 'ccr.ccs.tencentyun.com/team/shop:1').work();
    expect(built.kind).toBe('skipped');
  });

  it.each<[FailureKind, Manifest | undefined]>([
    ['auth', manifest],
    ['architecture', manifest],
    ['image-pull', undefined],
  ])('that the platform cannot get either is a failure: %s', async (kind, found) => {
    const { work } = start(refused(kind, () => Promise.resolve(found)));
    expect((await failureOf(ProjectError, work)).kind).toBe(kind);
  });

  it.each<Need>(['verify', 'command'])('that "%s" needs is a failure without it', async (need) => {
    const { work } = start(
      refused('network', () => Promise.resolve(manifest)),
      need,
    );
    expect((await failureOf(ProjectError, work)).kind).toBe('network');
  });

  it('is not skipped because the run was stopped', async () => {
    const stopped = StopError.bySignal('SIGTERM');
    await failureOf(StopError, start({ readImage: unknown, pull: () => Promise.reject(stopped) }).work);
    const second = refused('network', () => Promise.reject(stopped));
    await failureOf(StopError, start(second).work);
  });

  it('that the engine does not have after all is a failure', async () => {
    const docker = { pull: () => Promise.resolve(), readImage: unknown };
    expect((await failureOf(ProjectError, start(docker).work)).message).toContain('does not have it');
  });
});
