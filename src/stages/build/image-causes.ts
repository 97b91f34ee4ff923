import { firstLine, network, type Cause } from './cause.ts';

const loginAdvice =
  'Check the name and the tag. If the image is private, log in to its registry in a step before this one (docker/login-action).';

/** Why an image that a Dockerfile builds on cannot be pulled. */
export function explainImage(image: string, why: string): Cause {
  const shortName = image.replace(/^docker\.io\/(?:library\/)?/, '');
  const name = image === '' ? 'A base image' : `The image "${shortName}"`;
  if (/429|toomanyrequests|rate limit/i.test(why)) {
    return {
      reason: `${name} cannot be pulled: its registry takes no more requests for now (429).`,
      advice: 'Log in to the registry in a step before this one (docker/login-action), or use a mirror.',
      kind: 'network',
    };
  }
  if (
    /pull access denied|insufficient_scope|unauthorized|authorization failed|authentication required|: 40[13] |\bdenied\b|did not include a token/.test(
      why,
    )
  ) {
    return {
      reason: `${name} cannot be pulled: access is denied, or there is no such image.`,
      advice: loginAdvice,
    };
  }
  if (/no match for platform/.test(why)) return wrongPlatform(`${name} is not made`);
  if (/: not found|manifest unknown|: 404 /.test(why)) {
    return { reason: `${name} does not exist in its registry.`, advice: loginAdvice };
  }
  const isDown = network.test(why) || /: 5\d\d /.test(why);
  return {
    reason: `${name} cannot be pulled: ${firstLine(why)}.`,
    advice:
      'Run the step again. If it fails again, check that the runner reaches the registry, or use a mirror.',
    ...(isDown ? { kind: 'network' as const } : {}),
  };
}

/** Something that another processor runs. */
export function wrongPlatform(what: string): Cause {
  return {
    reason: `${what} for linux/amd64.`,
    advice: 'Use images and programs that are made for linux/amd64: CloudBase Run has no other.',
  };
}

/** The image that an instruction builds on or copies from; empty where it names none. */
export function imageIn(command: string): string {
  const found = /^FROM (?:--\S+ )*(\S+)|--from=(\S+)/i.exec(command);
  return found?.[1] ?? found?.[2] ?? '';
}
