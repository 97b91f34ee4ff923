import { describe, expect, it } from '@jest/globals';

import type { Built } from '../../../src/stages/build/built.ts';
import { packageSource } from '../../../src/stages/package/source.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { createFakeArchive } from '../../support/fakes.ts';
import { builtImage, containerProject, functionProject } from '../../support/samples.ts';

const skipped: Built = { kind: 'skipped', reason: 'x' };
const copy: Built = { kind: 'function-copy', folder: '/tmp/step/function' };

describe('the package', () => {
  it.each<[string, Built]>([
    ['nothing was built', skipped],
    ['an image was built', builtImage()],
  ])('holds the selected files of the project, also where %s', async (_what, built) => {
    const archive = createFakeArchive();
    const project = containerProject();
    const how = { built, tempFolder: '/tmp/step' };
    const artifact = await packageSource(project, how, { archive, files: createFakeFiles({}) });
    expect(archive.written).toEqual([{ root: '/repo', entries: project.files, to: '/tmp/step/package.zip' }]);
    expect(artifact).toEqual({
      kind: 'package',
      file: '/tmp/step/package.zip',
      bytes: 123,
      sha256: 'abc',
      fileCount: 1,
    });
  });

  it.each([
    [true, '/repo', ['index.js', 'package.json']],
    [false, '/tmp/step/function', ['index.js', 'node_modules/.bin/a', 'node_modules/a/index.js']],
  ])(
    'of a function installed by the platform (%s) stands in %s',
    async (isInstalledByPlatform, root, paths) => {
      const archive = createFakeArchive();
      const files = createFakeFiles({
        '/tmp/step/function/node_modules/a/index.js': '',
        '/tmp/step/function/node_modules/.bin/a': { link: '../a/index.js' },
        '/tmp/step/function/index.js': '',
      });
      const project = functionProject({ isInstalledByPlatform });
      await packageSource(project, { built: copy, tempFolder: '/tmp/step' }, { archive, files });
      const [written] = archive.written;
      expect(written?.root).toBe(root);
      expect(written?.entries.map(({ path }) => path)).toEqual(paths);
    },
  );
});
