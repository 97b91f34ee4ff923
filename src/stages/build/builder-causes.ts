import type { CauseRule } from './cause.ts';

const otherDriver =
  'Run docker/setup-buildx-action in a step before this one, or name a builder of another driver in the input "builder".';
const builderAdvice =
  'Create the builder in a step before this one (docker/setup-buildx-action), and pass its name as the input "builder".';

/** What can be wrong with the machine, buildx and the builder; the first rule that fits counts. */
export const builderRules: readonly CauseRule[] = [
  {
    pattern: /^Canceled: |^context canceled$/m,
    explain: () => ({ reason: 'The build was cancelled.', advice: 'Run the step again.' }),
  },
  {
    pattern:
      /^docker: unknown command|is not a docker command|^unknown flag: --\S+\s+Usage:\s+docker \[OPTIONS\]/,
    explain: () => ({
      reason: 'Docker has no buildx on this machine.',
      advice: 'Install buildx in a step before this one (docker/setup-buildx-action).',
    }),
  },
  {
    pattern: /^unknown (?:shorthand )?flag: ('\w'|\S+)/,
    explain: ([, flag = '']) => ({
      reason: `The buildx on this machine does not know the flag "${flag.replaceAll("'", '')}".`,
      advice: 'Install a newer buildx in a step before this one (docker/setup-buildx-action).',
    }),
  },
  {
    pattern: /^invalid progress mode (\S+)/,
    explain: ([, mode = '']) => ({
      reason: `The buildx on this machine does not know the progress mode "${mode}".`,
      advice: 'Install buildx 0.13 or newer in a step before this one (docker/setup-buildx-action).',
    }),
  },
  {
    pattern: /no builder "([^"]+)" found/,
    explain: ([, name = '']) => ({ reason: `There is no builder "${name}".`, advice: builderAdvice }),
  },
  {
    pattern: /^/,
    explain: (_found, { step }) =>
      /^\[internal\] (?:waiting for connection|booting buildkit)/.test(step)
        ? {
            reason: 'The builder does not answer.',
            advice:
              'Look at it with "docker buildx inspect": its endpoint, its certificates, and whether its image can be pulled.',
            kind: 'network',
          }
        : undefined,
  },
  {
    pattern: /[Cc]ache export (?:is|feature is currently) not supported for (?:the )?(\S+) driver/,
    explain: ([, driver = '']) => ({
      reason: `A builder of the driver "${driver}" cannot write the cache that the input "cache-to" asks for.`,
      advice: otherDriver,
    }),
  },
  {
    pattern: /Multi-platform build is not supported for the (\S+) driver/,
    explain: ([, driver = '']) => ({
      reason: `A builder of the driver "${driver}" builds for its own platform only, and that is not linux/amd64.`,
      advice: `Use a runner of x64. ${otherDriver}`,
    }),
  },
  {
    pattern: /no space left on device/i,
    isInLog: true,
    explain: () => ({
      reason: 'The disk of the builder is full.',
      advice:
        'Free disk space in a step before this one, keep large files out with .dockerignore, or use a larger builder.',
    }),
  },
  {
    pattern:
      /Cannot connect to the Docker daemon|error reading from server|transport is closing|error reading server preface|failed to receive status|client connection is closing|error during connect/,
    explain: ([found = '']) => ({
      reason: found.startsWith('Cannot connect')
        ? 'No Docker engine answers.'
        : 'The connection to the builder broke in the middle of the build: its engine ended or was restarted.',
      advice:
        'Check that the engine runs ("docker info") and has memory and disk left, then run the step again.',
    }),
  },
];
