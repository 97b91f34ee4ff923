import type { Docker } from '../../docker-port.ts';
import type { Exec } from '../../process-port.ts';
import { createClient } from './client.ts';
import { listChanges, readContainer, readHostPort, readLogs, start, stop } from './container.ts';
import { readEngine } from './engine.ts';
import { listLayers, readImage, tag } from './image.ts';
import { readWorkingSet } from './memory.ts';
import { isPublic, readManifest } from './manifest.ts';
import { logIn, pull, push } from './registry.ts';
import { removeContainers, removeImages } from './removal.ts';
import { readListeners } from './sockets.ts';

const checkLimitMs = 60_000;

/**
 * The Docker engine that the docker command reaches. `exec` belongs to the run, `cleanupExec` still works after the
 * run was aborted; `env` is what both hand to every program.
 */
export function createDocker(exec: Exec, cleanupExec: Exec, env: Readonly<Record<string, string>>): Docker {
  const client = createClient(exec, cleanupExec, env);
  const { run } = client;
  return {
    readEngine: () => readEngine(run),
    build: (command, onLine) => run(command, onLine),
    check: (args) => run({ args, timeoutMs: checkLimitMs }),
    start: (args, containerEnv) => start(args, containerEnv, client),
    readContainer: (id) => readContainer(id, run),
    readHostPort: (id, port) => readHostPort(id, port, run),
    readLogs: (id, lines) => readLogs(id, lines, run),
    readListeners,
    readWorkingSet: (pid) => readWorkingSet(pid),
    listChanges: (id) => listChanges(id, run),
    stop: (id, seconds) => stop(id, seconds, client),
    removeContainers: (label) => removeContainers(label, client.cleanUp),
    readImage: (reference) => readImage(reference, run),
    listLayers: (reference) => listLayers(reference, run),
    tag: (image, reference) => tag(image, reference, client.cleanUp),
    removeImages: (references) => removeImages(references, client.cleanUp),
    login: (access, folder) => logIn(access, folder, client),
    push: (reference, onLine) => push(reference, onLine, client),
    pull: (reference, onLine) => pull(reference, onLine, client),
    readManifest: (reference) => readManifest(reference, client),
    isPublic: (reference, folder) => isPublic(reference, folder, client),
  };
}
