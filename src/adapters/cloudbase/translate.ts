import { CloudError, type FailureKind } from '../../errors.ts';

interface Raw {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly requestId?: unknown;
}

/** Turns what the SDK throws into a CloudError: its `message` may itself be an Error, or the body of a gateway page. */
export function translateError(action: string, error: unknown): CloudError {
  if (error instanceof CloudError) return error;
  const { message, code, requestId } = (typeof error === 'object' && error !== null ? error : {}) as Raw;
  const apiCode = typeof code === 'string' ? code : '';
  const cause = message instanceof Error ? message : undefined;
  const said = (cause?.message ?? (typeof message === 'string' ? message : String(error))).replace(
    `[${action}] `,
    '',
  );
  const { kind, advice, isRetryable } = classify(apiCode, said);
  const id = typeof requestId === 'string' && requestId !== '' ? requestId : undefined;
  const text = apiCode === '' ? describeSilence(said) : `${apiCode}: ${said.replace(/[.。]?$/, '')}`;
  return new CloudError(`${action} failed: ${text}${id === undefined ? '' : ` (request ${id})`}.`, {
    kind,
    advice,
    action,
    code: apiCode,
    requestId: id,
    isRetryable,
    cause: error,
  });
}

function describeSilence(said: string): string {
  const isPage = said.trim() === '' || said.trimStart().startsWith('<');
  return isPage || /^(Cannot read prop|Unexpected (token|end))/.test(said)
    ? 'the answer is not one of the API'
    : said;
}

interface Class {
  readonly kind: FailureKind;
  readonly advice: string;
  readonly isRetryable: boolean;
}

const final = { isRetryable: false } as const;

/** What each family of codes means (documented error codes of tcbr, tcb and of the API in common). */
const classes: readonly (readonly [RegExp, Class])[] = [
  [
    /^AuthFailure\.SignatureExpire/,
    {
      ...final,
      kind: 'auth',
      advice: "Set the runner's clock: the request is dated more than five minutes off.",
    },
  ],
  [
    /^AuthFailure\.UnauthorizedOperation|^UnauthorizedOperation/,
    {
      ...final,
      kind: 'auth',
      advice:
        'Grant the key the policies QcloudTCBFullAccess and QcloudTCBRFullAccess (or this one action of them) in CAM.',
    },
  ],
  [
    /^AuthFailure/,
    {
      ...final,
      kind: 'auth',
      advice: 'Check the inputs secret-id, secret-key and session-token: all of one and the same key.',
    },
  ],
  [
    /^(RequestLimitExceeded|LimitExceeded\.(Request|Concurrent))/,
    { kind: 'quota', advice: 'The API is throttled. Run again, with fewer runs at once.', isRetryable: true },
  ],
  [
    /^(LimitExceeded|ResourceInsufficient|ResourcesSoldOut)/,
    {
      ...final,
      kind: 'quota',
      advice: 'The environment is at a limit. Delete what is not needed, or ask for more quota.',
    },
  ],
  [
    /^(ResourceUnavailable|OperationDenied)/,
    { ...final, kind: 'billing', advice: "Check the environment's plan and balance in the console." },
  ],
  [
    /^ResourceInUse/,
    {
      ...final,
      kind: 'conflict',
      advice: 'Wait until the other release ends, or cancel it in the console; then run again.',
    },
  ],
  [
    /^InternalError/,
    { kind: 'network', advice: 'The platform failed inside. Run again later.', isRetryable: true },
  ],
  [
    /^(InvalidParameter|MissingParameter|UnsupportedRegion|ResourceNotFound)/,
    {
      ...final,
      kind: 'input',
      advice: 'Check the inputs env-id, service-name and region, and the settings in server-config.',
    },
  ],
];

function classify(code: string, said: string): Class {
  if (code === '') {
    const advice = `Check the network of the runner and the input api-endpoint, then run again.`;
    return { kind: 'network', advice, isRetryable: !/CERT|certificate/i.test(said) };
  }
  const found = classes.find(([pattern]) => pattern.test(code))?.[1];
  return (
    found ?? { kind: 'unexpected', advice: 'Look the code up in the API documentation.', isRetryable: false }
  );
}

/** True when the API says that there is no such service; one of its forms has no code of its own. */
export function isNotFound(error: unknown): boolean {
  if (!(error instanceof CloudError)) return false;
  return (
    error.code.startsWith('ResourceNotFound') ||
    (error.code === 'InvalidParameter' && error.message.includes('service data illegal'))
  );
}
