import type { Instruction } from 'dockerfile-ast';

import { isDistroless, isOfficial, readBaseImage, type BaseImage } from './base.ts';
import { readLaunch, readStart } from './launch.ts';
import { nodeExample } from './example.ts';
import { listExposed, singlePort } from './expose.ts';
import { nameOf } from './program.ts';
import { placeOf, type DockerfileSubject } from './tree.ts';
import type { Hit, Rule } from '../rule.ts';

const command = 'CMD ["node", "server.js"]';

/** The rules about the user that the service runs as. */
export const userRules: readonly Rule<DockerfileSubject>[] = [
  {
    id: 'CBR020',
    severity: 'error',
    title: 'Port below 1024 with a user other than root',
    why: 'On CloudBase Run only root may listen on a port below 1024 (EACCES); Docker on your own machine allows it to everybody.',
    fix: 'Listen on a port from 1024 on, and name it in the setting Port and in EXPOSE, such as 8080.',
    bad: nodeExample(['USER node', 'EXPOSE 80', command], 80),
    good: nodeExample(['USER node', 'EXPOSE 8080', command], 8080),
    check: checkLowPort,
  },
  {
    id: 'CBR021',
    severity: 'info',
    title: 'Service that runs as root',
    why: 'Whoever breaks into the service then owns all of its container.',
    fix: 'Create a user with RUN, and name it with USER before CMD.',
    bad: nodeExample(['EXPOSE 8080', command], 8080),
    good: nodeExample(['USER node', 'EXPOSE 8080', command], 8080),
    check: checkRoot,
  },
];

/** Who the container runs as, as far as it is known. */
interface User {
  readonly name: string;
  /** As it may be shown: values of variables may not. */
  readonly shown: string;
  /** The USER that says so; undefined where the base image does. */
  readonly instruction: Instruction | undefined;
}

function readUser(subject: DockerfileSubject): User | undefined {
  const instruction = subject.finalInstructions.findLast((one) => one.getKeyword() === 'USER');
  if (instruction === undefined) {
    const name = userOfImage(readBaseImage(subject));
    return name === undefined ? undefined : { name, shown: `"${name}"`, instruction };
  }
  const value = instruction.getExpandedArguments()[0]?.getValue().replaceAll(/["']/g, '') ?? '';
  const name = value.split(':', 1)[0] ?? '';
  if (name === '' || name.includes('$')) return undefined;
  const isVariable = instruction.getArguments()[0]?.getValue().includes('$') === true;
  return { name, shown: isVariable ? 'a user other than root' : `"${name}"`, instruction };
}

/** Official images that run as root unless USER says otherwise. */
const rootImages = new Set(
  (
    'node python alpine debian ubuntu busybox golang rust eclipse-temurin openjdk amazoncorretto maven gradle php ' +
    'ruby scratch almalinux rockylinux fedora amazonlinux oraclelinux buildpack-deps tomcat perl swift'
  ).split(' '),
);

/** The user that an image sets itself, where that is sure. */
function userOfImage(image: BaseImage | undefined): string | undefined {
  if (image === undefined) return undefined;
  if (isDistroless(image)) return image.tag.includes('nonroot') ? 'nonroot' : undefined;
  if (image.registry === 'docker.io' && image.name === 'nginxinc/nginx-unprivileged') return 'nginx';
  if (!isOfficial(image, rootImages)) return undefined;
  return image.name === 'php' && image.tag.includes('apache') ? undefined : 'root';
}

function isRoot({ name }: User): boolean {
  return name === 'root' || /^0+$/.test(name);
}

function checkLowPort(subject: DockerfileSubject): Hit[] {
  const user = readUser(subject);
  const from = subject.finalStages[0]?.from;
  const port = portOf(subject);
  if (user === undefined || from === undefined || isRoot(user)) return [];
  if (port === undefined || port >= 1024 || mayBindLow(subject)) return [];
  const message = `The service runs as ${user.shown}, who may not listen on port ${port} of CloudBase Run.`;
  return [{ message, at: placeOf(subject, user.instruction ?? from) }];
}

/** True where a program gets the right to listen on a low port, or to become root. */
function mayBindLow(subject: DockerfileSubject): boolean {
  const image = readBaseImage(subject);
  return (
    image === undefined ||
    /(?:^|\/)(?:caddy|traefik|frankenphp)$/.test(image.name) ||
    /setcap|cap_net_bind_service|authbind|sudo|doas/i.test(subject.text)
  );
}

/** Programs that take the rights of root away from what they start. */
const dropping =
  /^(?:gosu|su-exec|setpriv|runuser|su|chroot|s6-setuidgid|nginx|php-fpm[\d.]*|apache2-foreground)$/;

function checkRoot(subject: DockerfileSubject): Hit[] {
  const user = readUser(subject);
  const from = subject.finalStages[0]?.from;
  if (user === undefined || from === undefined || !isRoot(user) || dropsRoot(subject)) return [];
  const image = readBaseImage(subject);
  const message =
    user.instruction === undefined
      ? `The service runs as root, because no USER names another one than the image "${image?.name ?? ''}" has.`
      : 'The service runs as root, because the last USER says so.';
  return [{ message, fix: adviseUser(subject, image), at: placeOf(subject, user.instruction ?? from) }];
}

function dropsRoot(subject: DockerfileSubject): boolean {
  const words = readLaunch(readStart(subject))?.words ?? [];
  return words.some((word) => dropping.test(nameOf(word))) || /\b(?:gosu|su-exec)\b/.test(subject.text);
}

function adviseUser(subject: DockerfileSubject, image: BaseImage | undefined): string {
  const port = portOf(subject);
  const user = isOfficial(image, new Set(['node']))
    ? 'Write "USER node" before CMD'
    : 'Create a user with RUN, and name it with USER before CMD';
  return port === undefined || port >= 1024 ? `${user}.` : `${user}; such a user needs a port from 1024 on.`;
}

function portOf(subject: DockerfileSubject): number | undefined {
  return subject.source.service.port ?? singlePort(listExposed(subject));
}
