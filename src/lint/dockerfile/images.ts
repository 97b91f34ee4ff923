import { Volume } from 'dockerfile-ast';

import { parseImage } from './image-name.ts';
import { npmExample, npmSteps } from './example.ts';
import { placeOf, type DockerfileSubject, type Stage } from './tree.ts';
import type { Hit, Rule } from '../rule.ts';

const good = npmExample(['FROM node:24-slim', ...npmSteps]);

/** The images that a Dockerfile builds on, and what it makes of them. */
export const imageRules: readonly Rule<DockerfileSubject>[] = [
  {
    id: 'CBR044',
    severity: 'warning',
    title: 'VOLUME in the image',
    why: 'Instances of CloudBase Run come and go, and nothing mounts a VOLUME of the image: what is written there is lost with the instance, and other instances never see it.',
    fix: 'Remove VOLUME; keep data in a database or in object storage, or mount storage with the setting VolumesConf.',
    bad: npmExample(['FROM node:24-slim', 'VOLUME /data', ...npmSteps]),
    good,
    check: (subject) =>
      subject.finalInstructions.flatMap((instruction): Hit[] => {
        const words = instruction.getArguments().map((word) => word.getValue());
        if (!(instruction instanceof Volume) || words.length === 0) return [];
        const paths = instruction.getJSONStrings().map((text) => text.getJSONValue());
        const what = (paths.length > 0 ? paths : words).map((path) => `"${path}"`).join(', ');
        return [{ message: `Data in ${what} is lost with the instance.`, at: placeOf(subject, instruction) }];
      }),
  },
  {
    id: 'CBR045',
    severity: 'error',
    title: 'Image for another platform than linux/amd64',
    why: 'CloudBase Run runs images for linux/amd64. One for another architecture does not start: "exec format error".',
    fix: 'Remove --platform, or write --platform=linux/amd64.',
    bad: npmExample(['FROM --platform=linux/arm64 node:24-slim', ...npmSteps]),
    good,
    check: (subject) => subject.finalStages.flatMap((stage) => checkPlatform(subject, stage)),
  },
  {
    id: 'CBR046',
    severity: 'error',
    title: 'Base image for another architecture than amd64',
    why: 'CloudBase Run runs images for linux/amd64. One for another architecture does not start: "exec format error".',
    fix: 'Use the image without the architecture in its name, which is there for linux/amd64 too.',
    bad: npmExample(['FROM arm64v8/node:24-slim', ...npmSteps]),
    good,
    check: (subject) =>
      subject.finalStages.flatMap((stage): Hit[] => {
        const architecture = architectureOf(stage.base);
        if (architecture === undefined) return [];
        const message = `The image that runs is built on "${stage.base}", which is for ${architecture}.`;
        return [{ message, at: placeOf(subject, stage.from) }];
      }),
  },
  {
    id: 'CBR047',
    severity: 'warning',
    title: 'Base image that nobody maintains any more',
    why: 'The repository is deprecated: its images get no security updates.',
    fix: 'Use another image.',
    bad: npmExample(['FROM openjdk:17-jdk-slim', 'COPY app.jar ./', 'CMD ["java", "-jar", "app.jar"]'], {
      'app.jar': '',
    }),
    good: npmExample(
      ['FROM eclipse-temurin:21-jre', 'COPY app.jar ./', 'USER nobody', 'CMD ["java", "-jar", "app.jar"]'],
      {
        'app.jar': '',
      },
    ),
    check: (subject) =>
      subject.stages.flatMap((stage): Hit[] => {
        const product = stage.parent === undefined ? parseImage(stage.base)?.product : undefined;
        const replacement = replacements.get(product ?? '');
        if (product === undefined || replacement === undefined) return [];
        const fix = `Use another image, such as "${replacement}".`;
        return [
          {
            message: `The image "${product}" is deprecated and gets no updates.`,
            fix,
            at: placeOf(subject, stage.from),
          },
        ];
      }),
  },
];

/** Repositories of Docker Hub that say themselves that they are deprecated. */
const replacements = new Map([
  ['openjdk', 'eclipse-temurin:21-jre'],
  ['java', 'eclipse-temurin:21-jre'],
  ['centos', 'debian:13-slim'],
  ['iojs', 'node:24-slim'],
]);

/** What the builder sets itself; an ARG with a value does not change it. */
const automatic = /^(BUILD|TARGET)(PLATFORM|OS|ARCH|VARIANT)$/;

function checkPlatform(subject: DockerfileSubject, { from }: Stage): Hit[] {
  const flag = from.getPlatformFlag() ?? from.getFlags().find((one) => one.getName() === 'platform');
  const platform = (flag?.getValue() ?? '').replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (written, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? '';
      if (automatic.test(name)) return written;
      return subject.dockerfile.resolveVariable(name, from.getRange().start.line) ?? written;
    },
  );
  if (flag === undefined || platform.includes('$') || !isForeign(platform.toLowerCase())) return [];
  return [{ message: `The image that runs is made for "${platform}".`, at: placeOf(subject, flag) }];
}

function isForeign(platform: string): boolean {
  return platform.startsWith('windows') || foreign.test(platform);
}

const foreign =
  /(?<![a-z\d])(arm64(v8)?|aarch64|arm(v[5-8]l?)?|armhf|arm32v[5-7]|ppc64le|s390x|riscv64|mips64le|loong64)(?![a-z\d])/;

/** The architecture that the name of an image carries, in its namespace or its tag. */
function architectureOf(base: string): string | undefined {
  const [, path = '', tag = ''] = /^([^@]*?)(?::([\w.-]+))?(?:@.*)?$/.exec(base.toLowerCase()) ?? [];
  const namespace = path.split('/').at(-2) ?? '';
  if (base.includes('$') || /amd64|x86/.test(tag)) return undefined;
  const exact = /^(arm64v8|arm32v[5-7]|ppc64le|s390x|riscv64|mips64le)$/.exec(namespace);
  return (
    exact?.[0] ??
    /(?:^|[-_])(?:arm64(?:v8)?|aarch64|armv[5-8]l?|armhf|arm32v[5-7]|ppc64le|s390x|riscv64)(?=$|[-_])/
      .exec(tag)?.[0]
      .replace(/^[-_]/, '')
  );
}
