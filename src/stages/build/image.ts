import { join, relative } from 'node:path';

import type { DockerEngine } from '../../docker-port.ts';
import { ProjectError } from '../../errors.ts';
import { looksSecret } from '../../lint/dockerfile/secrets.ts';
import type { Finished } from '../../process-port.ts';
import type { Log } from '../../ports.ts';
import type { ContainerProject } from '../project/project.ts';
import type { BuildPorts, BuildRequest, Image } from './built.ts';
import { isRawJsonUnknown, readBuildFailure } from './build-failure.ts';
import { writeContextRules } from './context-rules.ts';
import { buildDockerBuild, imageName, type BuildArgsRequest } from './docker-args.ts';
import { createProgress, type BuildSummary } from './progress.ts';

interface ImageRequest {
  readonly engine: DockerEngine;
  readonly request: BuildRequest;
}

/** Builds the image and loads it into the engine; what fails is a ProjectError that names the step and its line. */
export async function buildImage(
  project: ContainerProject,
  { engine, request }: ImageRequest,
  ports: BuildPorts,
): Promise<Image> {
  const { labels, buildSecrets, cacheEnv, inputs } = request;
  warnOfSecrets(inputs.build.buildArgs, ports.log);
  const reference = imageName(request.stepLabel);
  const dockerfile = await writeContextRules(project, request.tempFolder, ports.files);
  const how = { build: inputs.build, buildSecrets, labels, cacheEnv, dockerfile, reference };
  await ports.exec.stream({ file: 'docker', args: ['version'] });
  const { finished, summary } = await runBuild(project, how, ports);
  if (finished.exitCode !== 0) throw describeFailure(project, request, { finished, summary });
  const facts = await ports.docker.readImage(reference);
  if (facts === undefined) throw lostImage(inputs.build.builder);
  ports.log.info(describeCache(summary));
  return { kind: 'image', reference, facts, engine };
}

function warnOfSecrets(buildArgs: Readonly<Record<string, string>>, log: Log): void {
  const names = Object.entries(buildArgs).flatMap(([name, value]) =>
    looksSecret(name, value) ? [`"${name}"`] : [],
  );
  if (names.length > 0)
    log.warning(
      `build-args: ${names.join(', ')} may be a secret, and values of build arguments stay in the history of the image, for everybody who can pull it. Hand secrets over with build-secrets, and read them with "RUN --mount=type=secret".`,
    );
}

interface Run {
  readonly finished: Finished;
  readonly summary: BuildSummary;
}

/** An older buildx does not know the progress that can be read by steps. */
async function runBuild(
  project: ContainerProject,
  how: Omit<BuildArgsRequest, 'progress'>,
  { docker, log }: BuildPorts,
): Promise<Run> {
  const progress = createProgress();
  const command = buildDockerBuild(project, { ...how, progress: 'rawjson' });
  const finished = await docker.build(command, (line) => {
    for (const shown of progress.read(line)) log.output(shown);
  });
  const summary = progress.end();
  for (const held of summary.rest) log.output(held);
  if (finished.exitCode === 0 || !isRawJsonUnknown(finished.lines)) return { finished, summary };
  const plain = await docker.build(buildDockerBuild(project, { ...how, progress: 'plain' }), (line) => {
    log.output(line);
  });
  return { finished: plain, summary };
}

function describeCache({ steps, cached }: BuildSummary): string {
  return steps === 0 ? 'Built.' : `Built in ${steps} step(s), ${cached} of them from the cache.`;
}

function describeFailure(
  { folder, buildFolder, dockerfile }: ContainerProject,
  { repository, inputs }: BuildRequest,
  { finished, summary }: Run,
): ProjectError {
  const { exitCode, lines } = finished;
  const failure = readBuildFailure(summary, lines);
  const file = relative(repository, join(folder, buildFolder, dockerfile)).replaceAll('\\', '/');
  const line = failure.dockerfileLine;
  const target = inputs.build.target === '' ? '' : `--target ${inputs.build.target} `;
  const rerun = `Run it locally: docker buildx build --platform linux/amd64 ${target}-f ${buildFolder}/${dockerfile} ${buildFolder}`;
  return new ProjectError(`The image does not build. ${failure.reason}`, {
    kind: failure.kind,
    exitCode,
    logTail: failure.logTail,
    advice: [failure.advice, rerun].filter(Boolean).join(' '),
    at: line === undefined ? undefined : { file, line, column: 1 },
  });
}

function lostImage(builder: string): ProjectError {
  return new ProjectError(`The image was built, but the engine of this machine does not have it.`, {
    kind: 'build',
    advice: `Check that the builder "${builder || 'in use'}" can load images ("docker buildx build --load").`,
  });
}
