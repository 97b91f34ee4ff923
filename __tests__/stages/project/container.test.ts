import { describe, expect, it } from '@jest/globals';

import { InputError } from '../../../src/errors.ts';
import type { Files } from '../../../src/ports.ts';
import type { Settings } from '../../../src/service-config/schema.ts';
import { locateDockerfile, readContainer, readImagePort } from '../../../src/stages/project/container.ts';
import type { ProjectRequest, RequestedMode } from '../../../src/stages/project/mode.ts';
import { createFakeFiles, root } from '../../support/fake-files.ts';
import { failureOf } from '../../support/failure.ts';
import { createFakeLog } from '../../support/fakes.ts';
import { liveState, serviceConfig, serviceDetail } from '../../support/samples.ts';

interface Case {
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: Settings;
  readonly live?: Readonly<Record<string, unknown>>;
  readonly asked?: RequestedMode;
}

const log = createFakeLog();

async function readIt(request: ProjectRequest, files: Files) {
  return readContainer(request, await locateDockerfile(request, files), { files, log });
}

function read({ files = { Dockerfile: 'FROM a\nEXPOSE 8080' }, settings = {}, live, asked = 'auto' }: Case) {
  const request = { folder: root, requestedMode: asked, config: serviceConfig(settings) };
  const service = live === undefined ? undefined : serviceDetail({ settings: live });
  return readIt({ ...request, live: liveState(service) }, createFakeFiles(files));
}

it.each<[string, Case, number]>([
  ['is the config’s', { settings: { Port: 1111 }, live: { Port: 2222 } }, 1111],
  ['is the live service’s', { live: { Port: 2222 } }, 2222],
  ['is what is exposed', { live: { Port: 0 } }, 8080],
])('the port %s', async (_name, given, port) => {
  expect((await read(given)).port).toBe(port);
});

describe('the Dockerfile', () => {
  it('outside the source is refused at its line', async () => {
    const at = { file: 'cloud.yml', line: 2, column: 1 };
    const config = { ...serviceConfig({ Dockerfile: '../D' }), positions: { Dockerfile: at } };
    const request = { folder: root, requestedMode: 'auto', config } as const;
    const error = await failureOf(InputError, () => readIt(request, createFakeFiles({})));
    expect(error.problems).toMatchObject([{ subject: 'server-config: Dockerfile', at }]);
  });

  it('stands in the build folder of the config, else of the live service', async () => {
    const files = { 'a/Dockerfile': 'FROM a\nEXPOSE 1', 'b/x/Dockerfile': 'FROM b\nEXPOSE 2' };
    expect(await read({ files, settings: { BuildDir: './b/x/' } })).toMatchObject({
      buildFolder: 'b/x/',
      port: 2,
    });
    expect(await read({ files, live: { BuildDir: 'a' } })).toMatchObject({ buildFolder: 'a', port: 1 });
  });

  it('is the config’s, else the live service’s, else what is found', async () => {
    const files = { Dockerfile: 'FROM a', 'prod.Dockerfile': 'FROM b', 'dev.Dockerfile': 'FROM c' };
    const port = { Port: 80 };
    const live = { ...port, Dockerfile: 'prod.Dockerfile' };
    expect(await read({ files, live, settings: { Dockerfile: 'dev.Dockerfile' } })).toMatchObject({
      dockerfile: 'dev.Dockerfile',
    });
    expect(await read({ files, live })).toMatchObject({ dockerfile: 'prod.Dockerfile' });
    expect(await read({ files, live: { ...port, Dockerfile: '' } })).toMatchObject({
      dockerfile: 'Dockerfile',
    });
  });

  it('of the live service has to be in the source', async () => {
    const error = await failureOf(InputError, () => read({ live: { Dockerfile: 'prod.Dockerfile' } }));
    expect(error.message).toBe(
      'source: the live service is built from "prod.Dockerfile", which is not in the source. ' +
        'Add it, or name another one with the settings Dockerfile and BuildDir.',
    );
  });

  it('may have another name, which is said', async () => {
    const files = { dockerfile: 'FROM a\nEXPOSE 1', 'prod.Dockerfile': 'FROM b\nEXPOSE 2' };
    expect(await read({ files })).toMatchObject({
      dockerfile: 'dockerfile',
      dockerfileText: 'FROM a\nEXPOSE 1',
    });
    expect(log.lines.at(-1)).toMatch(/^warning: The Dockerfile is called "dockerfile"/);
    const count = log.lines.length;
    const settings = { Dockerfile: 'prod.Dockerfile' };
    expect(await read({ files, settings })).toMatchObject({ dockerfile: 'prod.Dockerfile', port: 2 });
    expect(log.lines).toHaveLength(count);
  });

  it.each<[RequestedMode, string]>([
    ['container', 'mode'],
    ['auto', 'source'],
  ])('that is missing is a problem of the input (mode %s)', async (asked, subject) => {
    const error = await failureOf(InputError, () => read({ asked, files: { 'index.js': '' } }));
    expect(error.message).toMatch(
      new RegExp(
        `^${subject}: container mode needs a Dockerfile, and there is none at "Dockerfile" in the source\\.`,
      ),
    );
  });

  it.each<[Settings, string]>([
    [{ BuildDir: '..' }, 'server-config: BuildDir: must lie inside the source folder, not "..".'],
    [{ BuildDir: '/etc' }, 'server-config: BuildDir: must lie inside the source folder, not "/etc".'],
    [{ Dockerfile: '../D' }, 'server-config: Dockerfile: must lie inside the source folder, not "../D".'],
  ])('cannot lie outside the source: %j', async (settings, message) => {
    const error = await failureOf(InputError, () => read({ settings }));
    expect(error.message).toBe(message);
  });
});

describe('the port of an existing image', () => {
  const request = (settings: Settings, live?: object): ProjectRequest => ({
    folder: root,
    requestedMode: 'auto',
    config: serviceConfig(settings),
    live: liveState(live === undefined ? undefined : serviceDetail({ settings: { ...live } })),
  });

  it.each<[string, Settings, object | undefined, number]>([
    ['the config’s', { Port: 1111 }, { Port: 2222 }, 1111],
    ['the live service’s', {}, { Port: 2222 }, 2222],
  ])('is %s', (_name, ...[settings, live, port]) => {
    expect(readImagePort(request(settings, live))).toBe(port);
  });

  it.each([undefined, {}, { Port: 0 }])('has to be named where nothing tells it: %j', async (live) => {
    const error = await failureOf(InputError, () => readImagePort(request({}, live)));
    expect(error.message).toMatch(/^server-config: Port: is missing: with an existing image/);
  });
});
