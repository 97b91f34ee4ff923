import type { Problem } from '../../errors.ts';
import { splitNames } from '../../input-fields.ts';
import type { InputName, RawInputs } from '../../inputs.ts';
import { isGiven, isTaken } from './commands.ts';

type Rule = readonly [isWrong: boolean, subject: InputName, message: string];

/** Finds inputs that make no sense beside one another. */
export function checkTogether(raw: RawInputs): Problem[] {
  const rules = [
    ...configRules(raw),
    ...modeRules(raw),
    ...verifyRules(raw),
    ...imageRules(raw),
    ...repositoryRules(raw),
    ...registryRules(raw),
  ];
  return rules.filter(([isWrong]) => isWrong).map(([, subject, message]) => ({ subject, message }));
}

function configRules(raw: RawInputs): Rule[] {
  const hasConfig = raw['server-config'].trim() !== '';
  const overlay = raw['config-environment'];
  return [
    [
      overlay !== '' && !hasConfig,
      'config-environment',
      `is "${overlay}", but there is no server-config to pick it from. Leave it out.`,
    ],
    [
      raw.command === 'update-config' && !hasConfig && splitNames(raw['env-from']).length === 0,
      'command',
      'is "update-config", but there is nothing to change: give server-config or env-from.',
    ],
  ];
}

const buildNames = ['build-args', 'build-secrets', 'target', 'cache-from', 'cache-to', 'builder'] as const;

/** True for a mode that builds no image. With mode "auto" the mode is not known here. */
function isSourceMode({ mode }: RawInputs): boolean {
  return mode === 'function' || mode === 'agent';
}

function modeRules(raw: RawInputs): Rule[] {
  const { mode } = raw;
  return [
    [
      raw['generate-dockerfile'] === 'true' && isSourceMode(raw),
      'generate-dockerfile',
      `is "true", but mode "${mode}" uses no Dockerfile. Leave it out, or use mode "container".`,
    ],
    ...buildNames.map((name): Rule => [
      isTaken(raw, name) && isSourceMode(raw),
      name,
      `is for an image, but mode "${mode}" builds none. Leave it out, or use mode "container".`,
    ]),
    ...(['image', 'image-repository'] as const).map((name): Rule => [
      isTaken(raw, name) && isSourceMode(raw),
      name,
      `is for an image, but mode "${mode}" deploys source alone. Leave it out, or use mode "container".`,
    ]),
    [
      raw['bot-id'] !== '' && mode !== 'agent',
      'bot-id',
      `is for mode "agent", and mode is "${mode}". Leave it out, or set mode to "agent".`,
    ],
  ];
}

const verifyNames = [
  'verify-path',
  'verify-status',
  'verify-env',
  'verify-env-from',
  'verify-sse-path',
  'verify-websocket-path',
  'verify-burst',
] as const;

/** The command "run" takes no `verify`, which is said elsewhere. */
function verifyRules(raw: RawInputs): Rule[] {
  const isOff = raw.verify === 'false' && raw.command !== 'run';
  return verifyNames.map((name) => [
    isOff && isTaken(raw, name),
    name,
    'has no effect, for verify is "false". Leave one of the two out.',
  ]);
}

const selectionNames = ['include', 'exclude', 'allow-secret-files'] as const;

function imageRules(raw: RawInputs): Rule[] {
  const isImage = isTaken(raw, 'image');
  return [
    [
      isImage && isTaken(raw, 'image-repository'),
      'image',
      'is an image that exists, and image-repository is for one that is built. Leave one of the two out.',
    ],
    ...([...buildNames, ...selectionNames, 'generate-dockerfile'] as const).map((name): Rule => [
      isImage && !isSourceMode(raw) && isTaken(raw, name),
      name,
      'has no effect, for image names an image that is built already. Leave one of the two out.',
    ]),
    [
      isImage && raw['skip-unchanged'] === 'true' && isTaken(raw, 'skip-unchanged'),
      'skip-unchanged',
      'compares the source, and image is deployed without one. Leave one of the two out.',
    ],
  ];
}

function repositoryRules(raw: RawInputs): Rule[] {
  const isBuiltElsewhere =
    raw.command !== 'run' &&
    !isGiven(raw, 'image') &&
    !isGiven(raw, 'image-repository') &&
    !isSourceMode(raw);
  const isPushed = isGiven(raw, 'image-repository');
  return [
    ...(['build-args', 'build-secrets', 'target'] as const).map((name): Rule => [
      isBuiltElsewhere && isTaken(raw, name),
      name,
      "needs image-repository: the platform's own build knows no such thing, so what was verified would not be what it builds. " +
        'Give image-repository, or leave it out.',
    ]),
    ...(['image-tags', 'image-reference'] as const).map((name): Rule => [
      !isPushed && isTaken(raw, name),
      name,
      'needs image-repository, where the image is pushed to. Give it, or leave this one out.',
    ]),
  ];
}

function registryRules(raw: RawInputs): Rule[] {
  const isRemote = isGiven(raw, 'image') || isGiven(raw, 'image-repository');
  const hasUser = isTaken(raw, 'registry-username');
  const hasPassword = isTaken(raw, 'registry-password');
  const needed =
    raw.command === 'run'
      ? 'needs image, whose registry it is for. Give it, or leave this one out.'
      : 'needs image or image-repository, whose registry it is for. Give one of them, or leave this one out.';
  return [
    [!isRemote && hasUser, 'registry-username', needed],
    [!isRemote && hasPassword, 'registry-password', needed],
    [
      isRemote && hasUser && !hasPassword,
      'registry-username',
      'needs registry-password. Give both, or leave both out to use an earlier docker login.',
    ],
    [
      isRemote && hasPassword && !hasUser,
      'registry-password',
      'needs registry-username. Give both, or leave both out to use an earlier docker login.',
    ],
  ];
}
