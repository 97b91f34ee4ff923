import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Credential } from '../options.ts';
import { ApiError } from './envelope.ts';

const MAX_SKEW_SECONDS = 300;
const AUTHORIZATION =
  /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d{2}-\d{2})\/([a-z]+)\/tc3_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;

/** What the signature covers. */
export interface SignedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Claim {
  readonly secretId: string;
  readonly date: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** The service that an Authorization header is signed for; empty when the header cannot be read. */
export function readSignedService(headers: IncomingHttpHeaders): string {
  return AUTHORIZATION.exec(headers.authorization ?? '')?.[3] ?? '';
}

/**
 * Verifies a TC3-HMAC-SHA256 signature as Tencent Cloud API 3.0 documents it, and refuses with its AuthFailure codes.
 * The host may be signed with or without its port: the vendor's Node SDK leaves the port out.
 */
export function verifySignature(request: SignedRequest, credentials: readonly Credential[], now: Date): void {
  const claim = parseClaim(request.headers.authorization ?? '');
  const credential = credentials.find((known) => known.secretId === claim.secretId);
  if (credential === undefined) {
    throw new ApiError('AuthFailure.SecretIdNotFound', 'The SecretId is not found.');
  }
  verifyTime(request.headers, claim, now);
  const matches = hostVariants(request.headers).some((host) => {
    const expected = sign(request, claim, { host, secretKey: credential.secretKey });
    return timingSafeEqual(Buffer.from(expected), Buffer.from(claim.signature));
  });
  if (!matches) {
    throw new ApiError(
      'AuthFailure.SignatureFailure',
      'The provided credentials could not be validated. Please check your signature is correct.',
    );
  }
  if ((request.headers['x-tc-token'] ?? '') !== (credential.token ?? '')) {
    throw new ApiError(
      'AuthFailure.TokenFailure',
      'The token is invalid or does not belong to the SecretId.',
    );
  }
}

function parseClaim(authorization: string): Claim {
  const match = AUTHORIZATION.exec(authorization);
  const [, secretId, date, service, signedHeaders, signature] = match ?? [];
  if (!secretId || !date || !service || !signedHeaders || !signature) {
    throw new ApiError(
      'AuthFailure.InvalidAuthorization',
      'The Authorization header is missing or malformed.',
    );
  }
  return { secretId, date, service, signedHeaders: signedHeaders.split(';'), signature };
}

function verifyTime(headers: IncomingHttpHeaders, claim: Claim, now: Date): void {
  const seconds = Number(headers['x-tc-timestamp']);
  const skew = Math.abs(now.getTime() / 1000 - seconds);
  const date = Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString().slice(0, 10) : '';
  if (!(skew <= MAX_SKEW_SECONDS) || date !== claim.date) {
    throw new ApiError(
      'AuthFailure.SignatureExpire',
      'The signature has expired: the timestamp differs from the server time by more than five minutes.',
    );
  }
}

function hostVariants(headers: IncomingHttpHeaders): string[] {
  const host = headers.host ?? '';
  return [...new Set([host, host.replace(/:\d+$/, '')])];
}

function sign(request: SignedRequest, claim: Claim, secret: { host: string; secretKey: string }): string {
  const canonicalHeaders = claim.signedHeaders
    .map((name) => `${name}:${name === 'host' ? secret.host : headerValue(request.headers, name)}\n`)
    .join('');
  const canonicalRequest = [
    'POST',
    '/',
    '',
    canonicalHeaders,
    claim.signedHeaders.join(';'),
    sha256(request.body),
  ];
  const stringToSign = [
    'TC3-HMAC-SHA256',
    headerValue(request.headers, 'x-tc-timestamp'),
    `${claim.date}/${claim.service}/tc3_request`,
    sha256(Buffer.from(canonicalRequest.join('\n'))),
  ].join('\n');
  const dateKey = hmac(`TC3${secret.secretKey}`, claim.date);
  const signingKey = hmac(hmac(dateKey, claim.service), 'tc3_request');
  return hmac(signingKey, stringToSign).toString('hex');
}

function headerValue(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name] ?? '';
  const text = (Array.isArray(value) ? value.join(',') : value).trim();
  return name === 'x-tc-action' ? text.toLowerCase() : text;
}

function sha256(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
