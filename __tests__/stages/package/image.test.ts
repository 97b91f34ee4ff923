import { describe, expect, it } from '@jest/globals';

import type { Docker, Manifest } from '../../../src/docker-port.ts';
import { MissingProgramError, ProjectError } from '../../../src/errors.ts';
import type { DeliveryInputs } from '../../../src/inputs.ts';
import type { Built, Image } from '../../../src/stages/build/built.ts';
import { describeExisting, pushImage } from '../../../src/stages/package/image.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeDocker, createFakeLog, createFakeState } from '../../support/fakes.ts';
import { builtImage, deliveryInputs, imageProject } from '../../support/samples.ts';

const image = builtImage();
const { id } = image.facts;
const short = 'c'.repeat(12);
/** The platform's own registry, and one that it reads as anybody can. */
const own = 'ccr.ccs.tencentyun.com/acme/shop';
const foreign = 'ghcr.io/acme/shop';
const digest = `sha256:${'d'.repeat(64)}`;
const same: Manifest = { digest, configDigest: id };
const other: Manifest = { digest: 'sha256:other', configDigest: 'sha256:other' };

interface Case {
  readonly image?: Image;
  readonly delivery?: Partial<DeliveryInputs>;
  readonly sha?: string;
  /** What the registry holds before, by reference. */
  readonly holds?: Readonly<Record<string, Manifest>>;
  /** What a push leaves there. */
  readonly becomes?: Manifest;
  /** Names that the engine has before. */
  readonly known?: readonly string[];
  readonly docker?: Partial<Docker>;
}

function start(given: Case) {
  const { delivery = {}, sha = 'abc', holds = {}, becomes = same, known = [], docker = {} } = given;
  const calls: string[] = [];
  const held = new Map(Object.entries(holds));
  const ports = {
    docker: createFakeDocker({
      readManifest: (reference) => Promise.resolve(held.get(reference)),
      readImage: (reference) => Promise.resolve(known.includes(reference) ? image.facts : undefined),
      tag: (from, to) => {
        calls.push(`tag ${from} ${to}`);
        return Promise.resolve();
      },
      push: (reference, onLine) => {
        calls.push(`push ${reference}`);
        for (const line of ['4d1cf2fab6a5: Preparing', '4d1cf2fab6a5: Waiting', 'Pushed']) onLine(line);
        held.set(reference, becomes);
        return Promise.resolve();
      },
      ...docker,
    }),
    log: createFakeLog(),
    state: createFakeState(),
  };
  const request = {
    built: image,
    delivery: { ...deliveryInputs, repository: own, ...delivery },
    sha,
    tempFolder: '/tmp/step',
  };
  return { calls, ports, work: () => pushImage(given.image ?? image, request, ports) };
}

const pushed = (...references: readonly string[]): string[] =>
  references.flatMap((reference) => [`tag ${image.reference} ${reference}`, `push ${reference}`]);

describe('the tag that never moves', () => {
  it.each<[string, Case, string, readonly string[]]>([
    ['is the commit', {}, `${own}:abc`, pushed(`${own}:abc`)],
    ['is pushed once where it is this very image', { holds: { [`${own}:abc`]: same } }, `${own}:abc`, []],
    [
      'names the image, too, where the commit is another image',
      { holds: { [`${own}:abc`]: other } },
      `${own}:abc-${short}`,
      pushed(`${own}:abc-${short}`),
    ],
    [
      'is that of an earlier run of the same image',
      { holds: { [`${own}:abc`]: other, [`${own}:abc-${short}`]: same } },
      `${own}:abc-${short}`,
      [],
    ],
    ['is the image itself outside a repository', { sha: '' }, `${own}:${short}`, pushed(`${own}:${short}`)],
    [
      'stays where the user names it as a further tag',
      { delivery: { tags: ['abc', 'latest'] }, holds: { [`${own}:abc`]: other } },
      `${own}:abc-${short}`,
      pushed(`${own}:abc-${short}`, `${own}:latest`),
    ],
    [
      'is named once where the user names it, too',
      { delivery: { tags: ['abc', 'v1', 'v1'] } },
      `${own}:abc`,
      pushed(`${own}:abc`, `${own}:v1`),
    ],
    [
      'does not keep further tags from being pushed',
      { delivery: { tags: ['latest'] }, holds: { [`${own}:abc`]: same, [`${own}:latest`]: other } },
      `${own}:abc`,
      pushed(`${own}:latest`),
    ],
  ])('%s', async (_what, ...[given, reference, expected]) => {
    const { calls, work } = start(given);
    expect(await work()).toEqual({ kind: 'image', reference, digest, isProven: true });
    expect(calls).toEqual(expected);
  });

  it('that is another image is told', async () => {
    const { ports, work } = start({ holds: { [`${own}:abc`]: other } });
    await work();
    expect(ports.log.lines).toEqual([
      `info: "${own}:abc" is another image already, and stays it: a release may serve by this tag.`,
      `info: Push "${own}:abc-${short}".`,
      'output: Pushed',
    ]);
  });

  it.each<[string, string]>([
    ['abc', `${own}:abc-${short}`],
    ['', `${own}:${short}`],
  ])('is not taken from others: commit "%s"', async (sha, name) => {
    const { calls, work } = start({ sha, holds: { [`${own}:abc`]: other, [name]: other } });
    const error = await failureOf(ProjectError, work);
    expect(error.kind).toBe('conflict');
    expect(error.message).toContain(`"${name}"`);
    expect(calls).toEqual([]);
  });
});

describe('the image that is pushed', () => {
  it('is referred to by its digest where that is asked for', async () => {
    const { work } = start({ delivery: { referenceBy: 'digest' } });
    expect((await work()).reference).toBe(`${own}@${digest}`);
  });

  it.each<[string, Manifest]>([
    ['by the digest of its config', { digest: 'sha256:x', configDigest: id }],
    ['by the digest of its manifest, in the containerd store', { digest: id, configDigest: 'sha256:x' }],
  ])('is known again %s', async (_how, becomes) => {
    expect(await start({ becomes }).work()).toMatchObject({ digest: becomes.digest, isProven: true });
    const { calls, work } = start({ holds: { [`${own}:abc`]: becomes } });
    await work();
    expect(calls).toEqual([]);
  });

  it.each<[string, Manifest | undefined]>([
    ['another image', other],
    ['nothing', undefined],
  ])('is refused where the registry then holds %s', async (_what, then) => {
    let isPushed = false;
    const docker: Partial<Docker> = {
      readManifest: () => Promise.resolve(isPushed ? then : undefined),
      push: () => {
        isPushed = true;
        return Promise.resolve();
      },
    };
    expect((await failureOf(ProjectError, start({ docker }).work)).kind).toBe('conflict');
  });

  it.each([{ architecture: 'arm64' }, { os: 'windows' }])('is never one for %j', async (facts) => {
    const { calls, work } = start({ image: builtImage(facts) });
    expect((await failureOf(ProjectError, work)).kind).toBe('architecture');
    expect(calls).toEqual([]);
  });

  it('leaves word of the names that the post part removes, not of those that were there before', async () => {
    const { ports, work } = start({ delivery: { tags: ['latest', 'v1'] }, known: [`${own}:latest`] });
    await work();
    expect(ports.state.values.get('images')).toBe(`${own}:abc ${own}:v1`);
  });

  it('leaves word before anything gets a name', async () => {
    const docker: Partial<Docker> = { tag: () => Promise.reject(new Error('killed')) };
    const { ports, work } = start({ docker });
    await failureOf(Error, work);
    expect(ports.state.values.get('images')).toBe(`${own}:abc`);
  });
});

describe('whether the platform can pull', () => {
  const existing = (reference: string, built: Built, docker: Partial<Docker>) => {
    const ports = { docker: createFakeDocker(docker), log: createFakeLog(), state: createFakeState() };
    return { ports, work: () => describeExisting(imageProject({ reference }), built, ports) };
  };
  const answers = (isPublic: () => Promise<boolean | undefined>): Partial<Docker> => ({
    isPublic,
    readManifest: () => Promise.resolve(same),
  });
  const skipped: Built = { kind: 'skipped', reason: 'x' };
  const unknown = `warning: Nobody knows whether CloudBase Run can pull "${foreign}:abc": the registry gives no clear answer without a login.`;

  it.each<[string, () => Promise<boolean | undefined>, readonly string[]]>([
    ['public', () => Promise.resolve(true), []],
    ['unclear', () => Promise.resolve(undefined), [unknown]],
    ['unasked, without docker', () => Promise.reject(new MissingProgramError('docker')), [unknown]],
  ])('from another registry is asked without a login: %s', async (_what, isPublic, warnings) => {
    const both = [
      start({ delivery: { repository: foreign }, holds: { [`${foreign}:abc`]: same }, docker: { isPublic } }),
      existing(`${foreign}:abc`, image, answers(isPublic)),
      existing(`${foreign}:abc`, skipped, answers(isPublic)),
    ];
    for (const { ports, work } of both) {
      expect((await work()).reference).toBe(`${foreign}:abc`);
      expect(ports.log.lines.filter((line) => line.startsWith('warning'))).toEqual(warnings);
    }
  });

  it('is an error where it cannot, with what to do about that registry', async () => {
    const isPublic = () => Promise.resolve(false);
    const all = [
      start({ delivery: { repository: foreign }, docker: { isPublic } }),
      existing(`${foreign}:abc`, image, answers(isPublic)),
      existing(`${foreign}:abc`, skipped, answers(isPublic)),
    ];
    for (const { work } of all) {
      const error = await failureOf(ProjectError, work);
      expect(error.kind).toBe('image-pull');
      expect(error.message).toContain(`CloudBase Run cannot pull "${foreign}:abc"`);
      expect(error.advice).toMatch(/Make the package public/);
    }
  });

  it('from its own registries is not asked', async () => {
    const { work } = existing(`${own}:abc`, image, { readManifest: () => Promise.resolve(same) });
    expect(await work()).toEqual({ kind: 'image', reference: `${own}:abc`, digest, isProven: true });
  });
});

describe('an image that exists', () => {
  const describeIt = (built: Built, manifest?: Manifest) =>
    describeExisting(imageProject({ reference: `${own}:1` }), built, {
      docker: createFakeDocker({ readManifest: () => Promise.resolve(manifest) }),
      log: createFakeLog(),
      state: createFakeState(),
    });

  it('is proven only where the registry still holds what ran here', async () => {
    expect(await describeIt(image, same)).toMatchObject({ digest, isProven: true });
    expect(await describeIt(image)).toMatchObject({ digest: undefined, isProven: false });
    expect(await describeIt({ kind: 'skipped', reason: 'x' }, same)).toMatchObject({
      digest: undefined,
      isProven: false,
    });
  });

  it('that moved meanwhile is a conflict', async () => {
    const error = await failureOf(ProjectError, () => describeIt(image, other));
    expect(error.kind).toBe('conflict');
  });

  it('for another machine is refused', async () => {
    const error = await failureOf(ProjectError, () =>
      describeIt(builtImage({ architecture: 'arm64' }), same),
    );
    expect(error.kind).toBe('architecture');
  });
});
