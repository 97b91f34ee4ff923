import { builderRules } from './builder-causes.ts';
import { firstLine, network, type Cause, type CauseRule, type FailureFacts } from './cause.ts';
import { explainImage, imageIn, wrongPlatform } from './image-causes.ts';

/** What can be wrong with the Dockerfile, what it builds on, and its commands; the first rule that fits counts. */
const dockerfileRules: readonly CauseRule[] = [
  {
    pattern: /failed to read dockerfile: open (.+?): no such file/,
    explain: ([, path = '']) => ({
      reason: `There is no Dockerfile "${path}".`,
      advice: 'Set Dockerfile and BuildDir in server-config to where it is, and commit it.',
    }),
  },
  {
    pattern:
      /dockerfile parse error|Dockerfile cannot be empty|file with no instructions|no build stage in current context|invalid stage index|failed to parse stage name|base name .* should not be blank|invalid reference format/,
    explain: (_found, { message }) => ({
      reason: `The Dockerfile is wrong: ${firstLine(message).replace(/^dockerfile parse error (?:on )?line \d+: /, '')}.`,
      advice: 'Correct it; "docker buildx build --check" finds such errors without building.',
    }),
  },
  {
    pattern: /^(?:[\w ]+: )?secret (\S+?):? not found/m,
    explain: ([, id = '']) => ({
      reason: `The Dockerfile needs the build secret "${id}", and the build has none of that id.`,
      advice: `Add a line "${id}=…" to the input "build-secrets".`,
    }),
  },
  {
    pattern: /^failed to stat (.+?): stat /,
    explain: ([, path = '']) => ({
      reason: `The file "${path}", which a build secret is to be read from, is not there.`,
      advice: 'Write it in a step before this one, or correct the input "build-secrets".',
    }),
  },
  {
    pattern: /unset ssh forward key|no ssh handler|SSH_AUTH_SOCK/i,
    explain: () => ({
      reason: 'The Dockerfile asks for SSH (--mount=type=ssh), which the build does not hand over.',
      advice: 'Hand over a token as a build secret (input "build-secrets"), and fetch by https.',
    }),
  },
  {
    pattern: /target stage "?([^"\n]+?)"? could not be found/,
    explain: ([, target = '']) => ({
      reason: `The Dockerfile has no stage "${target}", which the input "target" names.`,
      advice: 'Use the name after AS of one of its FROM lines.',
    }),
  },
  {
    pattern: /^(?:.*: )?failed to resolve source metadata for (\S+): ([^]*)/,
    explain: ([, image = '', why = '']) => explainImage(image, why),
  },
  {
    pattern:
      /failed to (?:fetch anonymous token|fetch oauth token|authorize|copy): ([^]*)|pull access denied[^]*/,
    explain: ([all = '', why = all], { command }) => explainImage(imageIn(command), why),
  },
  {
    pattern: /no match for platform in manifest/,
    explain: (_found, { command }) => wrongPlatform(`The image "${imageIn(command)}" is not made`),
  },
  {
    pattern:
      /failed to calculate checksum of ref \S+ "?(.+?)"?: not found|"([^"]+)":? not found|^lstat (\S+): no such file/m,
    explain: ([, ...paths], { command }) =>
      explainCopy(paths.find((path) => path !== undefined) ?? '', command),
  },
  {
    pattern: /exec format error/,
    isInLog: true,
    explain: (_found, { command }) => wrongPlatform(`"${command}" starts a program that is not made`),
  },
  {
    pattern: /(?:did not complete successfully|executor failed running): exit code: (\d+)/,
    explain: ([, exitCode = ''], { command }) => ({
      reason: `"${command}" ended with exit code ${exitCode}.`,
      advice: adviceForExit(exitCode),
    }),
  },
  {
    pattern: /did not complete successfully: ([^]*)/,
    explain: ([, why = ''], { command }) => ({
      reason: `The builder could not run "${command}": ${firstLine(why)}.`,
      advice:
        'Run the step again; if it fails again, restart the engine of the runner or use another builder.',
    }),
  },
  {
    pattern: network,
    explain: (_found, { message }) => ({
      reason: `The builder could not reach a server: ${firstLine(message)}.`,
      advice: 'Run the step again. If it fails again, check the network and the proxy of the runner.',
      kind: 'network',
    }),
  },
];

/** The cause that the error text and the last lines of the failing step show. */
export function findCause(facts: FailureFacts): Cause {
  const withLog = [facts.message, ...facts.logTail].join('\n');
  for (const { pattern, isInLog, explain } of [...builderRules, ...dockerfileRules]) {
    const found = pattern.exec(isInLog === true ? withLog : facts.message);
    const cause = found === null ? undefined : explain([...found], facts);
    if (cause !== undefined) return cause;
  }
  const what = firstLine(facts.message);
  return {
    reason: what === '' ? 'The build failed, and buildx gives no reason.' : `The build failed: ${what}.`,
    advice: 'Read the end of the build log.',
  };
}

function explainCopy(path: string, command: string): Cause {
  const from = /--from=(\S+)/.exec(command)?.[1];
  // A path that the Dockerfile does not spell out has the value of a build argument in it.
  const bare = path.replace(/^\//, '');
  const what = command.includes(bare) && bare !== '' ? `"${bare}" is not there` : 'a source is not there';
  return from === undefined
    ? {
        reason: `"${command}" cannot be done: ${what}.`,
        advice:
          'Paths count from BuildDir. Check that the file is committed and that .dockerignore lets it in.',
      }
    : {
        reason: `"${command}" cannot be done: ${what} in "${from}".`,
        advice: `Check that "${from}" makes this path, and that its WORKDIR is the one you think of.`,
      };
}

function adviceForExit(exitCode: string): string {
  switch (exitCode) {
    case '126':
      return 'The file is there but cannot be run: give it the exec bit, and check its first line.';
    case '127':
      return 'A command was not found: install it in the image before this line, and check its spelling.';
    case '137':
      return 'The command was killed, most often because memory ran out: use a larger builder, or let it do less at a time.';
    default:
      return 'Read its last lines in the log.';
  }
}
