import { writeFile } from 'node:fs/promises';

import { expect, it } from '@jest/globals';

import { nameFullDisk } from '../../../src/adapters/files/full-disk.ts';
import { ProjectError } from '../../../src/errors.ts';

it('names the path of what cannot be written because the disk is full', async () => {
  const cause: unknown = await writeFile('/dev/full', 'x').catch((error: unknown) => error);
  const error = nameFullDisk(cause, '/out/a.zip');
  expect(error).toBeInstanceOf(ProjectError);
  expect(error).toMatchObject({
    message: '"/out/a.zip" cannot be written: the disk is full.',
    kind: 'build',
    cause,
  });
});

it.each([Object.assign(new Error('EACCES'), { code: 'EACCES' }), new RangeError('ours'), undefined])(
  'leaves every other error as it is: %s',
  (error) => {
    expect(nameFullDisk(error, '/out/a.zip')).toBe(error);
  },
);
