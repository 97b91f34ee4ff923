import type { FailureKind } from '../../errors.ts';

export type RegistryAction = 'push' | 'pull' | 'login' | 'read';

/** Why a registry did not do what it was asked for. */
export interface RegistryDiagnosis {
  readonly kind: FailureKind;
  /** A whole sentence, without secrets. */
  readonly finding: string;
  readonly advice: string;
  /** True when the same call may succeed a little later. */
  readonly isPassing: boolean;
}

/** What an answer means; an advice that depends on what was done is given by action. */
interface Sign {
  readonly pattern: RegExp;
  readonly why: string;
  readonly kind: FailureKind | Readonly<Record<RegistryAction, FailureKind>>;
  readonly advice: string | Readonly<Record<RegistryAction, string>>;
  readonly isPassing?: true;
}

const deliveryKinds = { push: 'upload', pull: 'image-pull', login: 'network', read: 'image-pull' } as const;
const checkLogin =
  'Check the inputs "registry-username" and "registry-password", or the docker login of an earlier step, and that this account';
const engineGone =
  /cannot connect to the docker daemon|error during connect|is the docker daemon running|failed to connect to the docker API|permission denied while trying to connect to the docker/i;

/** In this order: an answer that names its reason stands before those that name only what became of it. */
const signs: readonly Sign[] = [
  {
    pattern: engineGone,
    why: 'the Docker engine does not answer',
    kind: 'build',
    advice: 'Check the Docker engine of this machine with "docker info", and run the step again.',
  },
  {
    pattern: /no space left on device|disk quota exceeded/i,
    why: 'the disk is full',
    kind: { ...deliveryKinds, login: 'unexpected' },
    advice:
      'Free space on the disk of the Docker engine ("docker system df" tells what takes it), or of the registry where it is the one that says so.',
  },
  {
    pattern:
      /no matching manifest for|no match for platform|does not match the specified platform|does not provide (?:the specified|any) platform/i,
    why: 'there is no image for linux/amd64 under this name',
    kind: 'architecture',
    advice: 'Build the image for linux/amd64, and push it again under this name.',
  },
  {
    pattern: /x509:|tls: (?!handshake timeout)|server gave HTTP response to HTTPS client/i,
    why: 'the connection to the registry is not trusted',
    kind: 'network',
    advice:
      'The registry has to speak HTTPS with a certificate that this machine trusts; else name it in "insecure-registries" of the Docker engine.',
  },
  {
    pattern: /too ?many ?requests|(?:status|code):? 429\b|rate limit/i,
    why: 'the registry takes no more requests for now',
    kind: deliveryKinds,
    advice: 'Log in to the registry, which allows more requests, or run the step again later.',
    isPassing: true,
  },
  {
    pattern:
      /error (?:getting|storing) credentials|docker-credential-|non TTY device|password is empty|password required/i,
    why: 'docker has no credentials that it can use',
    kind: 'auth',
    advice:
      'Set the inputs "registry-username" and "registry-password", or repair the docker login of this machine.',
  },
  {
    pattern:
      /\b40[13] (?:unauthorized|forbidden)|\bunauthorized\b|\bdenied\b|insufficient_scope|authorization failed|no basic auth credentials|authentication required|incorrect username or password/i,
    why: 'the registry refuses access',
    kind: 'auth',
    advice: {
      push: `${checkLogin} may push to this repository.`,
      pull: `${checkLogin} may pull from this repository.`,
      read: `${checkLogin} may pull from this repository.`,
      login:
        'Check the inputs "registry-username" and "registry-password", and that they are for this registry.',
    },
  },
  {
    pattern: /tag (?:is )?invalid|immutable|cannot be overwritten|already exists in the repository/i,
    why: 'the registry does not take this tag',
    kind: { push: 'upload', pull: 'image-pull', login: 'unexpected', read: 'image-pull' },
    advice: 'The tag may be there already and fixed. Use a tag that this repository does not have.',
  },
  {
    pattern:
      /manifest unknown|manifest_unknown|manifest for .+ not found|name (?:is )?(?:unknown|invalid)|name_unknown|repository .*(?:not known|does not exist|not found)|: not found|404 not found/i,
    why: 'the registry has nothing of this name',
    kind: { push: 'upload', pull: 'image-pull', login: 'auth', read: 'image-pull' },
    advice: {
      push: 'Create the repository in the registry, or correct "image-repository".',
      pull: 'Check the name and the tag of the image: it has to be in the registry.',
      read: 'Check the name and the tag of the image: it has to be in the registry.',
      login: 'Check the name of the registry: what answers there is none.',
    },
  },
  {
    pattern:
      /\b5\d\d (?:internal|not implemented|bad gateway|service|gateway|insufficient)|(?:status|status code)\b[^:]*: 5\d\d\b|\bEOF\b|connection re(?:set|fused)|broken pipe|timeout|timed out|deadline exceeded|no such host|server misbehaving|name resolution|network is unreachable|no route to host|request canceled|use of closed network connection|http2: |server closed/i,
    why: 'the registry cannot be reached or does not work',
    kind: 'network',
    advice:
      'Check that the name of the registry is right and that this machine reaches it; run the step again when the registry works.',
    isPassing: true,
  },
];

const progress =
  /^[^\s:]+: (?:preparing|waiting|pushing|pushed|layer already exists|mounted|pulling|downloading|download complete|verifying|extracting|pull complete|already exists|retrying in)/i;

/** Names the reason why docker could not do this with a registry, from the last lines that it wrote. */
export function diagnoseRegistry(
  action: RegistryAction,
  lines: readonly string[],
  reference: string,
): RegistryDiagnosis {
  const told = lines.filter((line) => line.trim() !== '' && !progress.test(line)).slice(-5);
  const sign = signs.find(({ pattern }) => told.some((line) => pattern.test(line)));
  const shown = told.findLast((line) => sign?.pattern.test(line) ?? true);
  const answer = shown === undefined ? 'docker gives no reason' : cleanAnswer(shown);
  const failed = `${whatFailed(action, withoutSecrets(reference))}: `;
  if (sign === undefined) {
    return {
      kind: 'unexpected',
      finding: `${failed}${answer}.`,
      advice: 'Run the same docker command by hand to see more.',
      isPassing: false,
    };
  }
  const { kind, advice, why, isPassing = false } = sign;
  return {
    kind: typeof kind === 'string' ? kind : kind[action],
    finding: `${failed}${why} (${answer}).`,
    advice: typeof advice === 'string' ? advice : advice[action],
    isPassing,
  };
}

function whatFailed(action: RegistryAction, reference: string): string {
  switch (action) {
    case 'push':
      return `The image "${reference}" cannot be pushed`;
    case 'pull':
      return `The image "${reference}" cannot be pulled`;
    case 'read':
      return `The image "${reference}" cannot be looked up in its registry`;
    case 'login':
      return `The login to the registry "${reference}" failed`;
  }
}

const answerLimit = 300;

function cleanAnswer(line: string): string {
  const answer = withoutSecrets(line)
    .trim()
    .replace(/^(?:error response from daemon|error): /i, '')
    .replace(/[.\s]+$/, '');
  return answer.length > answerLimit ? `${answer.slice(0, answerLimit)}…` : answer;
}

/** The text with the user information and the query left out of each URL: registries sign their URLs there. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/"'@]*(?:@[^\s/"'@]*)*@/gi, '$1')
    .replace(/([a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'?#]*)[?#][^\s"']*/gi, '$1');
}

/** Whether docker says that its engine does not answer. */
export function isEngineGone(lines: readonly string[]): boolean {
  return lines.slice(-5).some((line) => engineGone.test(line));
}
