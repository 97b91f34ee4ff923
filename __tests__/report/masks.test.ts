import { describe, expect, it } from '@jest/globals';

import { ProjectError } from '../../src/errors.ts';
import { createMaskListener, redact, redactedTail } from '../../src/report/masks.ts';
import { createFakeLog } from '../support/fakes.ts';
import { failed } from '../support/outcomes.ts';
import { deployInputs, liveState, serviceConfig, serviceDetail } from '../support/samples.ts';

const credentials = { secretId: 'AKID-sample', secretKey: 'sample-secret-key', sessionToken: '' };

function masksFor(EnvParams: Record<string, string | null>, given = credentials): readonly string[] {
  const log = createFakeLog();
  const inputs = { ...deployInputs, cloud: { ...deployInputs.cloud, credentials: given } };
  const value = { inputs, config: serviceConfig({ EnvParams }), sourceFolder: '/repo' };
  createMaskListener(log)({ kind: 'finished', stage: 'inputs', value, durationMs: 0 });
  return log.masks;
}

it('hides the credentials', () => {
  expect(masksFor({})).toEqual(['AKID-sample', 'sample-secret-key']);
  expect(masksFor({}, { ...credentials, sessionToken: 'session-token' })).toContain('session-token');
});

it.each([
  ['DB_PASSWORD', 'long-enough', true],
  ['apiKey', 'long-enough', true],
  ['ACCESS_TOKEN', 'long-enough', true],
  ['DATABASE', 'mysql://user:pass@host/db', true],
  ['DB_PWD', 'long-enough', true],
  ['mysql_pw', 'long-enough', true],
  ['CARD_PIN', 'long-enough', true],
  ['cardPin', 'long-enough', true],
  ['TLS_CERT', 'long-enough', true],
  ['ENCRYPTION_KEY', 'long-enough', true],
  ['KEY', 'long-enough', true],
  ['SPINNER', 'long-enough', false],
  ['KEYBOARD', 'long-enough', false],
  ['CERTAINTY', 'long-enough', false],
  ['CERT', '-----BEGIN RSA PRIVATE KEY-----', true],
  ['DB_PASSWORD', '8-signs-', true],
  ['DB_PASSWORD', '7-signs', false],
  ['DB_PASSWORD', null, false],
  ['GREETING', 'hello, world', false],
  ['URL', 'https://host/path', false],
])('of the env var %s=%s: %s', (name, value, isMasked) => {
  expect(masksFor({ [name]: value }).slice(2)).toEqual(isMasked ? [value] : []);
});

it('waits until the inputs are known', () => {
  const log = createFakeLog();
  createMaskListener(log)({ kind: 'started', stage: 'inputs' });
  createMaskListener(log)({ kind: 'finished', stage: 'look', value: {}, durationMs: 0 });
  expect(log.masks).toEqual([]);
});

it('takes known values out of the log that a comment shows', () => {
  const EnvParams = { TOKEN: 'tok1', GREETING: 'hello, world', MODE: 'dev' };
  const inputs = { inputs: deployInputs, config: serviceConfig({ EnvParams }), sourceFolder: '/repo' };
  const look = liveState(serviceDetail({ settings: { EnvParams: '{"LIVE":"live-value"}' } }));
  const logTail = ['key sample-secret-key', 'tok1 and hello, world', 'dev with live-value', 'nothing'];
  const error = new ProjectError('x', { kind: 'build', logTail });
  expect(redactedTail(failed({ kind: 'build', stage: 'build', error }, { inputs, look }))).toEqual([
    'key [redacted]',
    '[redacted] and [redacted]',
    'dev with [redacted]',
    'nothing',
  ]);
  expect(redactedTail(failed({ kind: 'unexpected', stage: 'build', error: new Error('x') }))).toEqual([]);
});

describe('a text that leaves the runner', () => {
  const EnvParams = { CARD_PIN: '4711', PLAIN: 'plain', A: 'long-enough', B: 'long-enough-too', GONE: null };
  const cause = new ProjectError('bad', { kind: 'build' });
  const outcome = failed(
    { kind: 'build', stage: 'build', error: cause },
    {
      inputs: { inputs: deployInputs, config: serviceConfig({ EnvParams }), sourceFolder: '/repo' },
      look: liveState(serviceDetail({ settings: { EnvParams: '{"LIVE":"only-live-value"}' } })),
    },
  );

  it('holds no credential and no env var, the longest first', () => {
    const text = 'long-enough-too, long-enough, only-live-value, 4711, plain, sample-secret-key';
    expect(redact(text, outcome)).toBe('[redacted], [redacted], [redacted], [redacted], plain, [redacted]');
  });

  it('is left as it is where nothing is known', () => {
    expect(redact('long-enough', { ...outcome, values: {} })).toBe('long-enough');
  });
});
