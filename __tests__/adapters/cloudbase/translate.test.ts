import { describe, expect, it } from '@jest/globals';

import { isNotFound, translateError } from '../../../src/adapters/cloudbase/translate.ts';
import { CloudError } from '../../../src/errors.ts';

const api = (code: string, message: unknown = 'said'): object => ({ code, message, requestId: 'req-1' });

describe('what the SDK throws', () => {
  it.each<[unknown, string]>([
    [api('LimitExceeded', '[X] too many.'), 'X failed: LimitExceeded: too many (request req-1).'],
    [api('LimitExceeded', '太多。'), 'X failed: LimitExceeded: 太多 (request req-1).'],
    [api('LimitExceeded', new Error('[X] wrapped')), 'X failed: LimitExceeded: wrapped (request req-1).'],
    [new Error('connect ECONNREFUSED 127.0.0.1:1'), 'X failed: connect ECONNREFUSED 127.0.0.1:1.'],
    [{ message: new Error('socket hang up') }, 'X failed: socket hang up.'],
    [{ message: '<html>502</html>' }, 'X failed: the answer is not one of the API.'],
    [{ message: '  <!doctype html>' }, 'X failed: the answer is not one of the API.'],
    [{ message: '' }, 'X failed: the answer is not one of the API.'],
    [new SyntaxError('Unexpected token < in JSON'), 'X failed: the answer is not one of the API.'],
    [new SyntaxError('Unexpected end of JSON input'), 'X failed: the answer is not one of the API.'],
    [
      new TypeError("Cannot read properties of undefined (reading 'Error')"),
      'X failed: the answer is not one of the API.',
    ],
    ['text', 'X failed: text.'],
    [undefined, 'X failed: undefined.'],
  ])('%j becomes a sentence', (error, message) => {
    const translated = translateError('X', error);
    expect(translated.message).toBe(message);
    expect(translated.action).toBe('X');
    expect(translated.cause).toBe(error);
  });

  it('is translated once', () => {
    const once = translateError('X', api('LimitExceeded'));
    expect(translateError('Y', once)).toBe(once);
  });

  it('keeps code and request id', () => {
    expect(translateError('X', api('AuthFailure.SignatureFailure'))).toMatchObject({
      code: 'AuthFailure.SignatureFailure',
      requestId: 'req-1',
    });
    expect(translateError('X', { ...api('A'), requestId: '' }).message).toBe('X failed: A: said.');
    expect(translateError('X', { message: 'm', code: 5, requestId: 7 })).toMatchObject({
      code: '',
      requestId: undefined,
    });
  });
});

it.each([
  ['AuthFailure.SignatureExpire', 'auth', false, 'clock'],
  ['AuthFailure.SignatureFailure', 'auth', false, 'secret-key'],
  ['AuthFailure.SecretIdNotFound', 'auth', false, 'secret-id'],
  ['AuthFailure.UnauthorizedOperation', 'auth', false, 'QcloudTCBFullAccess'],
  ['UnauthorizedOperation', 'auth', false, 'QcloudTCBFullAccess'],
  ['RequestLimitExceeded', 'quota', true, 'throttled'],
  ['LimitExceeded.Request', 'quota', true, 'throttled'],
  ['LimitExceeded', 'quota', false, 'limit'],
  ['ResourceInsufficient', 'quota', false, 'limit'],
  ['ResourceUnavailable', 'billing', false, 'balance'],
  ['OperationDenied.FreePackageDenied', 'billing', false, 'balance'],
  ['ResourceInUse', 'conflict', false, 'other release'],
  ['InternalError', 'network', true, 'again later'],
  ['InvalidParameterValue', 'input', false, 'env-id'],
  ['MissingParameter', 'input', false, 'env-id'],
  ['UnsupportedRegion', 'input', false, 'region'],
  ['ResourceNotFound', 'input', false, 'service-name'],
  ['FailedOperation', 'unexpected', false, 'documentation'],
])('%s is %s; worth another try: %s', (...[code, kind, isRetryable, hint]) => {
  const error = translateError('X', api(code));
  expect(error).toMatchObject({ kind, isRetryable, code });
  expect(error.advice).toContain(hint);
});

it.each([
  ['read ECONNRESET', true],
  ['<html>', true],
  ['self signed certificate', false],
  ['unable to verify: CERT_HAS_EXPIRED', false],
])('a call that no API answered (%s) is worth another try: %s', (message, isRetryable) => {
  expect(translateError('X', { message })).toMatchObject({ kind: 'network', code: '', isRetryable });
});

it.each<[unknown, boolean]>([
  [translateError('X', api('ResourceNotFound')), true],
  [translateError('X', api('ResourceNotFound.ServerNotFound')), true],
  [translateError('X', api('InvalidParameter', 'service data illegal')), true],
  [translateError('X', api('InvalidParameter', 'bad name')), false],
  [translateError('X', new Error('service data illegal')), false],
  [new Error('ResourceNotFound'), false],
  [new CloudError('x', { kind: 'auth', action: 'X', code: 'AuthFailure', isRetryable: false }), false],
])('no such service %#: %s', (error, expected) => {
  expect(isNotFound(error)).toBe(expected);
});
