import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import type { Built } from '../../../src/stages/build/built.ts';
import { packageSource } from '../../../src/stages/package/source.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { createFakeArchive } from '../../support/fakes.ts';
import { failureOf } from '../../support/failure.ts';
import { builtImage, containerProject, fileEntry, functionProject } from '../../support/samples.ts';

const skipped: Built = { kind: 'skipped', reason: 'x' };
const copy: Built = { kind: 'function-copy', folder: '/tmp/step/function' };

describe('the package', () => {
  it.each<[string, Built]>([
    ['nothing was built', skipped],
    ['an image was built', builtImage()],
  ])('holds the selected files of the project, also where %s', async (_what, built) => {
    const archive = createFakeArchive();
    const files = createFakeFiles({});
    const entries = [fileEntry('Dockerfile', { size: 5 }), fileEntry('model.bin', { size: 70 })];
    const project = containerProject({ files: entries });
    const artifact = await packageSource(project, { built, tempFolder: '/tmp/step' }, { archive, files });
    expect(archive.written).toEqual([{ root: '/repo', entries, to: '/tmp/step/package.zip' }]);
    expect(artifact).toEqual({
      kind: 'package',
      file: '/tmp/step/package.zip',
      bytes: 123,
      sha256: 'abc',
      contentSha256: 'def',
      fileCount: 2,
      sourceBytes: 75,
      largest: [entries[1], entries[0]],
    });
  });

  it('tells its ten largest files, those of one size in their order', async () => {
    const entries = Array.from({ length: 12 }, (_, at) => fileEntry(`f${at}`, { size: at % 3 }));
    const ports = { archive: createFakeArchive(), files: createFakeFiles({}) };
    const how = { built: skipped, tempFolder: '/tmp/step' };
    const { largest } = await packageSource(containerProject({ files: entries }), how, ports);
    expect(largest.map(({ path }) => path).join(' ')).toBe('f2 f5 f8 f11 f1 f4 f7 f10 f0 f3');
  });

  it('is moved where it is asked for', async () => {
    const files = createFakeFiles({ '/tmp/step/package.zip': 'zip' });
    const how = { built: skipped, tempFolder: '/tmp/step', to: '/out/app.zip' };
    const artifact = await packageSource(containerProject(), how, { archive: createFakeArchive(), files });
    expect(artifact.file).toBe('/out/app.zip');
    expect([...files.nodes]).toEqual([['/out/app.zip', 'zip']]);
  });

  it.each([
    ['abc', 'is refused'],
    ['def', 'is made'],
  ])('of a source whose mark is %s %s: its content has to be what was read before', async (mark, result) => {
    const ports = { archive: createFakeArchive(), files: createFakeFiles({}) };
    const project = containerProject({ fingerprint: mark });
    const work = () => packageSource(project, { built: skipped, tempFolder: '/tmp/step' }, ports);
    if (result === 'is made') expect((await work()).contentSha256).toBe('def');
    else
      expect((await failureOf(InputError, work)).message).toBe(
        'source: "/repo" changed after it was read. Let nothing write into the source folder while this step runs.',
      );
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
