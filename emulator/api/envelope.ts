import { randomUUID } from 'node:crypto';

/** What an action answers: the fields of `Response`, without the request id. */
export type Answer = Readonly<Record<string, unknown>>;

/** A refusal that reaches the client as `Response.Error` with HTTP status 200. */
export class ApiError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
  }
}

/** The body of a successful answer (Tencent Cloud API 3.0 envelope). */
export function renderAnswer(answer: Answer): string {
  return JSON.stringify({ Response: { ...answer, RequestId: randomUUID() } });
}

/** The body of a refusal. */
export function renderRefusal(error: ApiError): string {
  return JSON.stringify({
    Response: { Error: { Code: error.code, Message: error.message }, RequestId: randomUUID() },
  });
}
