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

const refusal = new ProjectError('The registry refuses access.', { kind: 'auth', advice: 'Log in.' });

interface Case {
  readonly image?: Image;
  readonly delivery?: Partial<DeliveryInputs>;
  readonly sha?: string;
  /** What the registry holds before, by reference. */
  readonly holds?: Readonly<Record<string, Manifest>>;
  /** What a push leaves there. */
  readonly becomes?: Manifest;
  /** Names that the engine has before, with the ids of their images. */
  readonly known?: Readonly<Record<string, string>>;
  /** Whether the registry refuses to say what it holds. */
  readonly isRefused?: (isPushed: boolean) => boolean;
  /** The last line of a push. */
  readonly told?: string;
  readonly docker?: Partial<Docker>;
}

function start(given: Case) {
  const { delivery = {}, sha = 'abc', holds = {}, becomes = same, known = {}, docker = {} } = given;
  const calls: string[] = [];
  const held = new Map(Object.entries(holds));
  const names = new Map([[image.reference, id], ...Object.entries(known)]);
  const ports = {
    docker: createFakeDocker({
      readManifest: (reference) =>
        given.isRefused?.(held.has(reference)) === true
          ? Promise.reject(refusal)
          : Promise.resolve(held.get(reference)),
      readImage: (reference) => {
        const known = names.get(reference);
        return Promise.resolve(known === undefined ? undefined : { ...image.facts, id: known });
      },
      tag: (from, to) => {
        calls.push(`tag ${from} ${to}`);
        names.set(to, names.get(from) ?? from);
        return Promise.resolve();
      },
      push: (reference, onLine) => {
        calls.push(`push ${reference}`);
        for (const line of ['4d1cf2fab6a5: Preparing', '4d1cf2fab6a5: Waiting', given.told ?? 'Pushed'])
          onLine(line);
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
  return { calls, names, ports, work: () => pushImage(given.image ?? image, request, ports) };
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
    const { ports, work } = start({ delivery: { tags: ['latest', 'v1'] }, known: { [`${own}:latest`]: id } });
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

describe('a registry that refuses to say what it holds', () => {
  const told = `abc: digest: sha256:${'e'.repeat(64)} size: 528`;
  const always = (): boolean => true;

  it('of a repository that is not there yet gets the first push, and then has to prove it', async () => {
    const { calls, ports, work } = start({ isRefused: (isPushed) => !isPushed });
    expect(await work()).toEqual({ kind: 'image', reference: `${own}:abc`, digest, isProven: true });
    expect(calls).toEqual(pushed(`${own}:abc`));
    expect(ports.log.lines[0]).toContain(`refuses to say what "${own}:abc" is`);
    const { work: otherWork } = start({ isRefused: (isPushed) => !isPushed, becomes: other });
    expect((await failureOf(ProjectError, otherWork)).kind).toBe('conflict');
  });

  it('after the push, too, is believed the digest that docker told of this image', async () => {
    const { work } = start({ isRefused: always, told, delivery: { referenceBy: 'digest' } });
    const pushedDigest = `sha256:${'e'.repeat(64)}`;
    const reference = `${own}@${pushedDigest}`;
    expect(await work()).toEqual({ kind: 'image', reference, digest: pushedDigest, isProven: true });
  });

  it.each<[string, Case]>([
    ['docker told no digest', { isRefused: always }],
    [
      'the name is another image by now',
      {
        ...{ isRefused: always, told },
        docker: { readImage: () => Promise.resolve({ ...image.facts, id: 'sha256:moved' }) },
      },
    ],
  ])('is no proof where %s, and nothing else is pushed', async (_what, given) => {
    const { calls, work } = start({ ...given, delivery: { tags: ['latest'] } });
    const error = await failureOf(ProjectError, work);
    expect(error).toMatchObject({ kind: 'auth', advice: 'Log in.' });
    expect(error.message).toBe(
      `Nobody can prove that the registry holds this very image under "${own}:abc". The registry refuses access.`,
    );
    expect(calls.filter((call) => call.startsWith('push'))).toEqual([`push ${own}:abc`]);
  });

  it('for any other reason is a failure before anything is pushed', async () => {
    const broken = new ProjectError('The registry does not answer.', { kind: 'network' });
    const { calls, work } = start({ docker: { readManifest: () => Promise.reject(broken) } });
    expect(await failureOf(ProjectError, work)).toBe(broken);
    expect(calls).toEqual([]);
  });
});

describe('further tags', () => {
  const tags = ['latest', 'v1'];

  it.each<[string, Case]>([
    ['the registry then holds another image', { becomes: other, delivery: { tags } }],
    [
      'the platform cannot pull',
      { docker: { isPublic: () => Promise.resolve(false) }, delivery: { repository: foreign, tags } },
    ],
  ])('stay where they are when %s', async (_what, given) => {
    const { calls, work } = start(given);
    await failureOf(ProjectError, work);
    expect(calls).toEqual(pushed(`${given.delivery?.repository ?? own}:abc`));
  });
});

describe('names that this machine has for other images', () => {
  const known = { [`${own}:abc`]: 'sha256:first', [`${own}:latest`]: 'sha256:old', [`${own}:v1`]: id };
  const delivery = { tags: ['latest', 'v1', 'v2'] };

  it('mean afterwards what they meant', async () => {
    const { calls, names, ports, work } = start({ known, delivery });
    await work();
    expect(Object.fromEntries(names)).toMatchObject(known);
    expect(calls.slice(8)).toEqual([`tag sha256:first ${own}:abc`, `tag sha256:old ${own}:latest`]);
    expect(ports.state.values.get('images')).toBe(`${own}:v2`);
  });

  it('mean so, too, when the push fails', async () => {
    const push = () => Promise.reject(new Error('refused'));
    const { names, work } = start({ known, delivery, docker: { push } });
    expect((await failureOf(Error, work)).message).toBe('refused');
    expect(Object.fromEntries(names)).toMatchObject(known);
  });

  it('are told where they cannot be put back', async () => {
    const tag = (from: string) =>
      from === image.reference ? Promise.resolve() : Promise.reject(new Error('gone'));
    const { ports, work } = start({ known, docker: { tag } });
    expect((await work()).isProven).toBe(true);
    expect(ports.log.lines.at(-1)).toBe(
      `warning: On this machine "${own}:abc" may now be the image of this run: Error: gone`,
    );
  });
});

describe('whether the platform can pull', () => {
  const existing = (reference: string, built: Built, docker: Partial<Docker>) => {
    const ports = { docker: createFakeDocker(docker), log: createFakeLog(), state: createFakeState() };
    return {
      ports,
      work: () => describeExisting(imageProject({ reference }), { built, tempFolder: '/tmp/step' }, ports),
    };
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
    describeExisting(
      imageProject({ reference: `${own}:1` }),
      { built, tempFolder: '/tmp/step' },
      {
        docker: createFakeDocker({ readManifest: () => Promise.resolve(manifest) }),
        log: createFakeLog(),
        state: createFakeState(),
      },
    );

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
