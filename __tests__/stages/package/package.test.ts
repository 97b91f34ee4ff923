import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import type { Built } from '../../../src/stages/build/built.ts';
import { packageProject } from '../../../src/stages/package/package.ts';
import type { Project } from '../../../src/stages/project/project.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeDocker, createFakePorts } from '../../support/fakes.ts';
import {
  builtImage,
  containerProject,
  deliveryInputs,
  functionProject,
  imageProject,
} from '../../support/samples.ts';

const skipped: Built = { kind: 'skipped', reason: 'x' };
const copy: Built = { kind: 'function-copy', folder: '/tmp/step/function' };
const repository = 'ccr.ccs.tencentyun.com/acme/shop';
const again =
  'info: The platform builds the image again from the same source. To ship the image that was built here, set image-repository.';

function start(project: Project, built: Built, given: Partial<typeof deliveryInputs> = {}) {
  const { facts } = builtImage();
  const ports = createFakePorts({
    docker: createFakeDocker({
      readImage: () => Promise.resolve(undefined),
      readManifest: () => Promise.resolve({ digest: 'sha256:m', configDigest: facts.id }),
    }),
  });
  const delivery = { ...deliveryInputs, ...given };
  const request = { built, delivery, sha: 'abc', tempFolder: '/tmp/step' };
  return { ports, work: () => packageProject(project, request, ports) };
}

describe('what the platform gets', () => {
  it.each<[string, Project, Built, object, 'package' | 'image', readonly string[]]>([
    ['a container', containerProject(), builtImage(), {}, 'package', [again]],
    ['a container that was not built here', containerProject(), skipped, {}, 'package', [again]],
    ['a function', functionProject(), copy, {}, 'package', []],
    ['an existing image', imageProject({ reference: `${repository}:1` }), skipped, {}, 'image', []],
    [
      'a container with a repository',
      containerProject(),
      builtImage(),
      { repository },
      'image',
      [`info: "${repository}:abc" is this very image already.`],
    ],
  ])('of %s', async (_what, ...[project, built, given, kind, lines]) => {
    const { ports, work } = start(project, built, given);
    expect((await work()).kind).toBe(kind);
    expect(ports.log.lines).toEqual(lines);
  });

  it('of a function is never an image', async () => {
    const { work } = start(functionProject({ mode: 'agent' }), copy, { repository });
    expect((await failureOf(InputError, work)).message).toBe(
      'image-repository: is given, but mode "agent" deploys source alone. Leave it out, or use mode "container".',
    );
  });
});
