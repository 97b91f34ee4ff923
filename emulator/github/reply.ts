/** What an endpoint answers; `undefined` as body means an empty one. */
export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One entry of a 422 answer's `errors`. */
export interface ValidationError {
  resource: string;
  code: string;
  field: string;
  message?: string;
  contexts?: unknown;
}

/** An answer that says what is wrong, in GitHub's shape; the server adds the page of the docs. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: ValidationError[] | undefined;
  readonly documentation: string | undefined;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    more: Partial<Pick<Refusal, 'errors' | 'documentation' | 'headers'>> = {},
  ) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.errors = more.errors;
    this.documentation = more.documentation;
    this.headers = more.headers ?? {};
  }
}

/** What does not exist, or must not be known to exist. */
export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

/** Values that break GitHub's rules for a resource. */
export function invalid(error: ValidationError): Refusal {
  return new Refusal(422, 'Validation Failed', { errors: [error] });
}

/** A body that lacks a property that the endpoint demands. */
export function missing(property: string): Refusal {
  return new Refusal(422, `Invalid request.\n\n"${property}" wasn't supplied.`);
}

/** The token's permissions do not reach this far. */
export function forbidden(accepted: string): Refusal {
  return new Refusal(403, 'Resource not accessible by integration', {
    headers: { 'x-accepted-github-permissions': accepted },
  });
}

/** Turns a refusal into the answer that GitHub gives. */
export function refusalReply(refusal: Refusal, docs: string): Reply {
  const page = refusal.documentation ?? `https://docs.github.com/rest${docs}`;
  return {
    status: refusal.status,
    headers: refusal.headers,
    body: {
      message: refusal.message,
      ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
      documentation_url: page,
      status: String(refusal.status),
    },
  };
}
