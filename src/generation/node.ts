import { planInstall, type NodeInstall } from './node-install.ts';
import { readNodeProject, type NodeProject } from './node-project.ts';
import { findStart, type NodeStart } from './node-start.ts';
import type { Draft, Snapshot } from './source.ts';
import { chooseNode, type Version } from './versions.ts';

interface Plan {
  readonly project: NodeProject;
  readonly install: NodeInstall;
  readonly start: NodeStart;
  readonly version: Version;
}

const ignored: readonly string[] = [
  'node_modules',
  '**/*.test.*',
  '**/*.spec.*',
  '**/__tests__',
  '.nyc_output',
  '.pnpm-store',
  '.yarn/cache',
];
const built: readonly string[] = ['.next', '.nuxt', '.output', '**/*.tsbuildinfo'];

/** A Dockerfile for a Node.js service; what cannot be known for sure is refused as an InputError. */
export function draftNode(snapshot: Snapshot): Draft {
  const project = readNodeProject(snapshot);
  const start = findStart(project);
  const install = planInstall(project);
  const version = chooseNode(snapshot, project.engines);
  const plan = { project, install, start, version };
  const isStaged = project.isCompiled || install.manager !== 'npm';
  return {
    lines: isStaged ? stagedLines(plan) : plainLines(plan),
    copied: install.copied,
    ignored: [...ignored, ...(project.isCompiled ? built : []), ...install.ignored],
    doubts: [...(version.doubt === undefined ? [] : [version.doubt]), ...install.doubts, ...start.doubts],
  };
}

/** One stage: nothing is compiled, and npm is in the image anyway. */
function plainLines(plan: Plan): string[] {
  const { install } = plan;
  return [
    ...baseLines(plan),
    '',
    ...envLines(plan),
    'WORKDIR /app',
    '',
    ...(hasNothing(plan)
      ? []
      : [copyLine(install), `RUN ${install.production} && npm cache clean --force`, '']),
    'COPY . .',
    '',
    ...runLines(plan),
  ];
}

function hasNothing({ project: { dependencies }, install }: Plan): boolean {
  return Object.keys(dependencies).length === 0 && install.copied.length === 1;
}

function stagedLines(plan: Plan): string[] {
  const { install, project } = plan;
  const build = buildCommand(install);
  const clean = plan.start.kind === 'next' ? ' && rm -rf .next/cache' : '';
  return [
    ...baseLines(plan, 'build'),
    '',
    ...install.prepare,
    'WORKDIR /app',
    '',
    copyLine(install),
    `RUN ${project.isCompiled ? install.all : install.production}`,
    '',
    'COPY . .',
    ...(project.isCompiled
      ? [`RUN ${build}${isSelfContained(plan) ? '' : ` && ${install.prune}`}${clean}`]
      : []),
    '',
    `FROM ${image(plan)}`,
    '',
    ...envLines(plan),
    'WORKDIR /app',
    '',
    ...resultLines(plan),
    '',
    ...runLines(plan),
  ];
}

function buildCommand({ manager }: NodeInstall): string {
  return {
    npm: 'npm run build',
    pnpm: 'pnpm run build',
    yarn: 'yarn run build',
    'yarn-berry': 'yarn run build',
  }[manager];
}

/** True where the build puts all that it needs at run time into one folder. */
function isSelfContained({ start }: Plan): boolean {
  return start.kind === 'nuxt' || start.kind === 'next-standalone';
}

function baseLines(plan: Plan, stage?: string): string[] {
  const { doubt } = plan.version;
  const from = `FROM ${image(plan)}`;
  return [...(doubt === undefined ? [] : [`# ${doubt}`]), stage === undefined ? from : `${from} AS ${stage}`];
}

function image({ version }: Plan): string {
  return `node:${version.line}-slim`;
}

function envLines({ project, start }: Plan): string[] {
  const { dependencies, snapshot } = project;
  const lines = ['ENV NODE_ENV=production', `ENV PORT=${snapshot.port}`];
  if (start.kind === 'next-standalone') lines.push('ENV HOSTNAME=0.0.0.0');
  if (dependencies['astro'] !== undefined || start.kind === 'nuxt') lines.push('ENV HOST=0.0.0.0');
  return lines;
}

function copyLine({ copied }: NodeInstall): string {
  return `COPY ${copied.join(' ')} ./`;
}

function resultLines({ project, start }: Plan): string[] {
  const { files } = project.snapshot;
  const hasPublic = [...files].some((path) => path.startsWith('public/'));
  switch (start.kind) {
    case 'nuxt':
      return ['COPY --from=build /app/.output ./.output'];
    case 'next':
      return ['# Next.js writes its cache into .next.', 'COPY --from=build --chown=node:node /app ./'];
    case 'next-standalone':
      return [
        '# Next.js writes its cache into .next.',
        'COPY --from=build --chown=node:node /app/.next/standalone ./',
        'COPY --from=build --chown=node:node /app/.next/static ./.next/static',
        ...(hasPublic ? ['COPY --from=build /app/public ./public'] : []),
      ];
    case 'plain':
      return ['COPY --from=build /app ./'];
  }
}

function runLines({ project, start }: Plan): string[] {
  const words = start.command.map((word) => JSON.stringify(word)).join(', ');
  return ['USER node', `EXPOSE ${project.snapshot.port}`, `CMD [${words}]`];
}
