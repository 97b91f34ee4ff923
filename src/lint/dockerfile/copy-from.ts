import { Run, type Flag } from 'dockerfile-ast';
import leven from 'leven';

import { listCopies } from './context.ts';
import { npmExample } from './example.ts';
import { placeOf, type DockerfileSubject, type Stage } from './tree.ts';
import type { Hit, Rule } from '../rule.ts';

const start = [
  'FROM node:24 AS build',
  'WORKDIR /app',
  'COPY package.json package-lock.json ./',
  'RUN npm ci --omit=dev',
  'FROM node:24-slim',
  'WORKDIR /app',
];
const end = ['COPY server.js ./', 'USER node', 'CMD ["node", "server.js"]'];

/** What `--from` of a COPY or of a mount names. */
export const fromRules: readonly Rule<DockerfileSubject>[] = [
  {
    id: 'CBR042',
    severity: 'error',
    title: '--from that names no earlier stage',
    why: 'A build takes the name of no earlier stage for an image and pulls it: the build fails, or copies from an image of somebody else.',
    fix: 'Write the name of an earlier stage, as its FROM gives it after AS.',
    bad: npmExample([...start, 'COPY --from=builder /app/node_modules ./node_modules', ...end]),
    good: npmExample([...start, 'COPY --from=build /app/node_modules ./node_modules', ...end]),
    check: (subject) =>
      listNames(subject).flatMap(({ name, stage, node }): Hit[] => {
        const fault = faultOf(name, stage, subject.stages);
        return fault === undefined ? [] : [{ ...fault, at: placeOf(subject, node) }];
      }),
  },
];

interface Named {
  readonly name: string;
  readonly stage: Stage;
  readonly node: Flag;
}

function listNames(subject: DockerfileSubject): Named[] {
  const copies = listCopies(subject).flatMap(({ instruction, stage }) =>
    instruction.getFlags().flatMap((node): Named[] => {
      const name = node.getName() === 'from' ? node.getValue() : null;
      return name === null || name === '' ? [] : [{ name: name.toLowerCase(), stage, node }];
    }),
  );
  return [...copies, ...subject.stages.flatMap(listMounts)];
}

function listMounts(stage: Stage): Named[] {
  return stage.instructions.flatMap((run) => {
    if (!(run instanceof Run)) return [];
    return run.getFlags().flatMap((node): Named[] => {
      const name = /(?:^|,)from=([^,]+)/.exec(node.getValue() ?? '')?.[1];
      return name === undefined ? [] : [{ name: name.toLowerCase(), stage, node }];
    });
  });
}

/** Names that people give to stages, and that no image of Docker Hub has. */
const stageNames = [
  'base',
  'build',
  'builder',
  'deps',
  'dependencies',
  'install',
  'compile',
  'assets',
  'frontend',
  'prod-deps',
  'test',
  'publish',
  'packager',
];

/** Images of Docker Hub that a `--from` takes files from, whatever stages have a name like theirs. */
const imageNames =
  /^(alpine|bash|buildpack-deps|busybox|caddy|clojure|composer|curl|debian|docker|elixir|erlang|golang|gradle|haproxy|httpd|java|maven|mariadb|memcached|mongo|mysql|nginx|node|openjdk|oven|perl|php|postgres|pypy|python|redis|ruby|rust|scratch|swift|tomcat|traefik|ubuntu)$/;

function faultOf(
  name: string,
  stage: Stage,
  stages: readonly Stage[],
): { readonly message: string; readonly fix?: string } | undefined {
  const earlier = stages.slice(0, stage.index);
  if (name.includes('$') || earlier.some((one) => one.name === name)) return undefined;
  if (/^\d+$/.test(name)) return faultOfNumber(Number(name), stage);
  const same = stages.find((one) => one.name === name);
  if (same === stage) return { message: `--from="${name}" names the stage that it stands in.` };
  if (same !== undefined) return { message: `--from="${name}" names a stage that comes later.` };
  if (!/^[a-z][\w-]*$/.test(name) || imageNames.test(name)) return undefined;
  const near = nearest(name, earlier);
  if (near === undefined && !stageNames.includes(name)) return undefined;
  const message = `--from="${name}" names no earlier stage.`;
  return near === undefined
    ? { message }
    : { message, fix: `Write "${near}", the name of an earlier stage.` };
}

function faultOfNumber(number: number, { index }: Stage): { message: string; fix?: string } | undefined {
  if (number < index) return undefined;
  const fix =
    index === 0 ? 'Add the stage before this one.' : `Write a number from 0 to ${index - 1}, or a name.`;
  return { message: `--from=${number} names no earlier stage: this one is number ${index}.`, fix };
}

function nearest(name: string, stages: readonly Stage[]): string | undefined {
  const names = stages.flatMap((stage) => stage.name ?? []);
  return names
    .map((known) => ({ known, distance: leven(name, known, { maxDistance: 3 }) }))
    .filter(({ known, distance }) => distance <= 2 && distance < Math.min(name.length, known.length))
    .sort((left, right) => left.distance - right.distance)[0]?.known;
}
