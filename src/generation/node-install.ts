import type { NodeProject } from './node-project.ts';
import { refuse, sample } from './source.ts';

/** How the dependencies of a Node.js project come into its image. */
export interface NodeInstall {
  readonly manager: 'npm' | 'pnpm' | 'yarn' | 'yarn-berry';
  /** The files that it needs, package.json first. */
  readonly copied: readonly string[];
  /** Before everything else in the build stage; empty where the image has all it needs. */
  readonly prepare: readonly string[];
  /** Installs what the build needs. */
  readonly all: string;
  /** Installs what production needs, alone. */
  readonly production: string;
  /** Leaves of an installation of everything what production needs. */
  readonly prune: string;
  /** Files with secrets that stay out of the image. */
  readonly ignored: readonly string[];
  readonly doubts: readonly string[];
}

type Commands = Pick<NodeInstall, 'prepare' | 'all' | 'production' | 'prune'>;

const lockfiles: readonly (readonly [string, NodeInstall['manager']])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['npm-shrinkwrap.json', 'npm'],
  ['package-lock.json', 'npm'],
];
const secret = /_auth|authtoken|_password|npmAuth/i;

/** The package manager that the lockfile belongs to, and its commands. */
export function planInstall(project: NodeProject): NodeInstall {
  const { files, texts } = project.snapshot;
  const [lockfile, found] = lockfiles.find(([name]) => files.has(name)) ?? [undefined, 'npm'];
  const isBerry = found === 'yarn' && /^__metadata:/m.test(texts.get('yarn.lock') ?? '');
  const manager = isBerry ? 'yarn-berry' : found;
  refuseOtherManager(project, lockfile);
  const settings = [
    '.npmrc',
    ...(found === 'pnpm' ? ['pnpm-workspace.yaml'] : []),
    ...(isBerry ? ['.yarnrc.yml'] : []),
  ];
  const there = settings.filter((name) => files.has(name));
  const ignored = there.filter((name) => secret.test(texts.get(name) ?? ''));
  return {
    manager,
    copied: ['package.json', lockfile ?? '', ...there.filter((name) => !ignored.includes(name))].filter(
      (name) => name !== '',
    ),
    ...withHooks(project, commandsOf(project, manager, lockfile)),
    ignored,
    doubts: [...lockDoubts(project, lockfile), ...ignored.map(secretDoubt)],
  };
}

function refuseOtherManager({ packageManager }: NodeProject, lockfile: string | undefined): void {
  const name = packageManager?.split('@')[0];
  if (lockfile !== undefined || name === undefined || name === 'npm') return;
  refuse(`package.json asks for the package manager "${name}", whose lockfile is not in the source: add it.`);
}

function lockDoubts({ dependencies }: NodeProject, lockfile: string | undefined): string[] {
  if (lockfile !== undefined || Object.keys(dependencies).length === 0) return [];
  return [
    'The source has no lockfile, so each build may install other versions: run "npm install" and commit package-lock.json.',
  ];
}

function secretDoubt(name: string): string {
  return `${name} holds credentials, so it stays out of the image: packages that need them cannot be installed there.`;
}

function commandsOf(project: NodeProject, manager: NodeInstall['manager'], lockfile?: string): Commands {
  if (manager === 'pnpm') return pnpm(project);
  if (manager === 'yarn') return yarn(project);
  if (manager === 'yarn-berry') return yarnBerry(project);
  const verb = lockfile === undefined ? 'install' : 'ci';
  return {
    prepare: [],
    all: `npm ${verb}`,
    production: `npm ${verb} --omit=dev`,
    prune: 'npm prune --omit=dev',
  };
}

function pnpm({ packageManager, snapshot }: NodeProject): Commands {
  const lock = /^lockfileVersion:\s*['"]?(\d+)/m.exec(snapshot.texts.get('pnpm-lock.yaml') ?? '')?.[1];
  const version = managerVersion('pnpm', packageManager) ?? { '9': '10', '6': '8' }[lock ?? ''];
  if (version === undefined)
    refuse(
      'pnpm-lock.yaml is of a version that needs a pnpm without support: run "pnpm install" with pnpm 10.',
    );
  return {
    prepare: ['ENV CI=true', `RUN npm install --global pnpm@${version}`],
    all: 'pnpm install --frozen-lockfile',
    production: 'pnpm install --frozen-lockfile --prod',
    prune: 'pnpm prune --prod --ignore-scripts',
  };
}

function yarn({ packageManager }: NodeProject): Commands {
  const version = managerVersion('yarn', packageManager) ?? '1.22.22';
  return {
    prepare: [`RUN npm install --global --force yarn@${version}`],
    all: 'yarn install --frozen-lockfile',
    production: 'yarn install --frozen-lockfile --production',
    prune: 'yarn install --frozen-lockfile --production --ignore-scripts',
  };
}

function yarnBerry({ packageManager, snapshot }: NodeProject): Commands {
  const settings = snapshot.texts.get('.yarnrc.yml') ?? '';
  const version = managerVersion('yarn', packageManager) ?? '4';
  if (
    !/^nodeLinker:\s*["']?node-modules/m.test(settings) ||
    Number.parseInt(version) < 4 ||
    secret.test(settings)
  )
    refuse(
      `Yarn 2 and newer is understood as Yarn 4 with "nodeLinker: node-modules" and without credentials in .yarnrc.yml; ${sample}.`,
    );
  return {
    prepare: ['ENV YARN_IGNORE_PATH=1', `RUN npm install --global --force @yarnpkg/cli-dist@${version}`],
    all: 'yarn install --immutable',
    production: 'yarn install --immutable && yarn workspaces focus --all --production',
    prune: 'yarn workspaces focus --all --production',
  };
}

function managerVersion(name: string, packageManager = ''): string | undefined {
  return new RegExp(`^${name}@(\\d[\\w.-]*)$`).exec(packageManager)?.[1];
}

/** Scripts that npm would run on install, when the sources are not there yet: those that can be left out are. */
function withHooks({ scripts }: NodeProject, commands: Commands): Commands {
  const isDone = /^((npm|pnpm|yarn)( run)? build|nux[ti] prepare|husky.*)$/;
  const hooks = ['preinstall', 'install', 'postinstall'].filter((name) => scripts[name] !== undefined);
  const needed = hooks.find(
    (name) => !isDone.test(scripts[name] ?? '') && !/only-allow/.test(scripts[name] ?? ''),
  );
  if (needed !== undefined)
    refuse(
      `the script "${needed}" may need files that are not there while dependencies are installed; ${sample}.`,
    );
  const dropped = [...hooks.filter((name) => isDone.test(scripts[name] ?? '')), 'prepare', 'prepublish'];
  const found = dropped.filter((name) => scripts[name] !== undefined);
  if (found.length === 0) return commands;
  const drop = `npm pkg delete ${found.map((name) => `scripts.${name}`).join(' ')} && `;
  return { ...commands, all: `${drop}${commands.all}`, production: `${drop}${commands.production}` };
}
