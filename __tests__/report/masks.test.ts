import { describe, expect, it } from '@jest/globals';

import { failureKinds, ProjectError } from '../../src/errors.ts';
import { modes } from '../../src/inputs.ts';
import { statuses } from '../../src/outcome.ts';
import { createMaskListener, redact, redactedTail } from '../../src/report/masks.ts';
import { buildOutputs } from '../../src/report/outputs.ts';
import { createFakeLog } from '../support/fakes.ts';
import { failed, goodValues, live } from '../support/outcomes.ts';
import {
  buildInputs,
  deliveryInputs,
  deployInputs,
  lintInputs,
  liveState,
  localInputs,
  runInputs,
  serviceConfig,
  serviceDetail,
  target,
} from '../support/samples.ts';

const credentials = { secretId: 'AKID-sample', secretKey: 'sample-secret-key', sessionToken: '' };

interface Given {
  readonly EnvParams?: Record<string, string | null>;
  readonly envFrom?: Record<string, string>;
}

function masksFor({ EnvParams = {}, envFrom = {} }: Given, given = credentials): readonly string[] {
  const log = createFakeLog();
  const inputs = { ...deployInputs, cloud: { ...deployInputs.cloud, credentials: given } };
  const value = { ...goodValues.inputs, inputs, config: serviceConfig({ EnvParams }), envFrom };
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
  expect(masksFor({ EnvParams: { [name]: value } }).slice(2)).toEqual(isMasked ? [value] : []);
});

const key = '-----BEGIN PRIVATE KEY-----\nMIIBVgIBADAN\n  c2hvcnQ=\n\nend\n-----END PRIVATE KEY-----\n';
const keyLines = ['-----BEGIN PRIVATE KEY-----', 'MIIBVgIBADAN', 'c2hvcnQ=', '-----END PRIVATE KEY-----'];

describe('what may be hidden', () => {
  const places: [string, (value: string) => Given][] = [
    ['of a secret name', (value) => ({ EnvParams: { API_TOKEN: value } })],
    ['from the environment', (value) => ({ envFrom: { GREETING: value } })],
  ];

  describe.each(places)('%s', (_place, given) => {
    it.each([
      ['long-enough', ['long-enough']],
      ['8-signs-', ['8-signs-']],
      ['7-signs', []],
      ['1', []],
      ['true', []],
      ['{', []],
      ['', []],
      // Addresses of servers stand in outputs, and the runner drops an output that holds a mask.
      ['https://www.shop.test', []],
      ['https://www.shop.test/', []],
      ['http://127.0.0.1:8080', []],
      ['https://shop.test/hook?token=abc', ['https://shop.test/hook?token=abc']],
      ['https://shop.test/hook/abc', []],
      ['https://shop.test/api/v1/', []],
      ['https://shop.test:8443/a/fifteen-letters', []],
      ['https://shop.test/a/sixteen-letters-', ['https://shop.test/a/sixteen-letters-']],
      ['https://shop.test/sixteen-letters-/a', ['https://shop.test/sixteen-letters-/a']],
      ['https://shop.test/a?b', ['https://shop.test/a?b']],
      ['https://shop.test/a#b', ['https://shop.test/a#b']],
      ['https://user@shop.test/a', ['https://user@shop.test/a']],
      ['mysql://shop.test/a', ['mysql://shop.test/a']],
      ['https://shop.test/a and more', ['https://shop.test/a and more']],
      ['https://user:pass@shop.test', ['https://user:pass@shop.test']],
      ['https://shop.test#abc', ['https://shop.test#abc']],
      ['demo-env', []],
      ['demo-env-1', ['demo-env-1']],
      // Both as a whole and line by line, as programs print it; the short lines stay.
      [key, [key, ...keyLines]],
      ['long-enough\r\nsecond-one', ['long-enough\r\nsecond-one', 'long-enough', 'second-one']],
    ])('%j is hidden as %j', (value, masks) => {
      expect(masksFor(given(value)).slice(2)).toEqual(masks);
    });
  });

  it('is hidden once', () => {
    const both = { EnvParams: { TOKEN: 'long-enough' }, envFrom: { OTHER: 'long-enough' } };
    expect(masksFor(both).slice(2)).toEqual(['long-enough']);
  });

  it('is no output that is known before the run, whatever the step’s environment holds', () => {
    const { url, mode } = buildOutputs(live);
    const spoken = [url, mode, target.envId, target.serviceName, ...modes, ...statuses, ...failureKinds];
    const envFrom = Object.fromEntries(spoken.map((value, index) => [`NAME_${index}`, value]));
    expect(spoken.filter((value) => value.length >= 8)).toContain('rolled-back');
    expect(masksFor({ envFrom }).slice(2)).toEqual([]);
  });
});

describe('secrets of build, local run and registry', () => {
  const access = { registry: 'ghcr.io', username: 'my-user-name', password: 'registry-password' };
  const local = {
    inputs: {
      build: {
        ...buildInputs,
        buildArgs: {
          NPM_TOKEN: 'token-of-args',
          PLAIN_ARG: 'plain-of-args',
          URL: 'https://u:pw@host.test/x',
        },
        cacheTo: ['type=s3,bucket=my-bucket,secret_access_key=key-of-cache', 'a/b:cache'],
        cacheFrom: ['type=gha,"token=token-of-cache"'],
      },
      local: {
        ...localInputs,
        env: { API_KEY: 'key-of-verify', GREETING: 'hello, world' },
        envFrom: ['HOOK'],
      },
      delivery: { ...deliveryInputs, repository: 'ghcr.io/acme/shop', access },
    },
    localEnv: { API_KEY: 'key-of-verify', GREETING: 'hello, world', HOOK: 'taken-from-env' },
    buildSecrets: { npm: 'secret-of-build\nsecond-line', short: 'four' },
  };
  const secrets = [
    'key-of-verify',
    'registry-password',
    'secret-of-build\nsecond-line',
    'secret-of-build',
    'second-line',
    'taken-from-env',
    'token-of-args',
    'https://u:pw@host.test/x',
    'token-of-cache',
    'key-of-cache',
  ];
  const masksOf = (value: object): readonly string[] => {
    const log = createFakeLog();
    createMaskListener(log)({ kind: 'finished', stage: 'inputs', value, durationMs: 0 });
    return log.masks;
  };

  it.each([
    ['deploy', { ...goodValues.inputs, ...local, inputs: { ...deployInputs, ...local.inputs } }],
    ['run', { ...goodValues.inputs, ...local, inputs: { ...runInputs, ...local.inputs } }],
  ])('are hidden with the command %s', (command, value) => {
    const { secretId, secretKey } = credentials;
    const ofCloud = command === 'deploy' ? [secretId, secretKey] : [];
    expect([...masksOf(value)].sort()).toEqual([...ofCloud, ...secrets].sort());
  });

  it('do not stand in the way of a command that has none', () => {
    expect(masksOf({ ...goodValues.inputs, inputs: lintInputs })).toEqual([]);
  });

  it('hide no image that stands in an output', () => {
    const delivery = { ...local.inputs.delivery, image: 'ghcr.io/acme/other:1', access: undefined };
    const inputs = { ...deployInputs, delivery };
    const buildSecrets = { a: 'ghcr.io/acme/shop', b: 'ghcr.io/acme/other:1' };
    expect(masksOf({ ...goodValues.inputs, inputs, buildSecrets }).slice(2)).toEqual([]);
  });

  it('are taken out of a text that leaves the runner', () => {
    const inputs = { ...goodValues.inputs, ...local, inputs: { ...deployInputs, ...local.inputs } };
    const error = new ProjectError('x', { kind: 'build' });
    const outcome = failed({ kind: 'build', stage: 'build', error }, { inputs });
    for (const secret of [...secrets, 'four', 'hello, world'])
      expect(redact(`a ${secret} b`, outcome)).toBe('a [redacted] b');
    expect(redact('plain-of-args my-bucket my-user-name', outcome)).toBe(
      'plain-of-args my-bucket my-user-name',
    );
  });
});

it('waits until the inputs are known', () => {
  const log = createFakeLog();
  createMaskListener(log)({ kind: 'started', stage: 'inputs' });
  createMaskListener(log)({ kind: 'finished', stage: 'look', value: {}, durationMs: 0 });
  expect(log.masks).toEqual([]);
});

it('takes known values out of the log that a comment shows', () => {
  const EnvParams = { TOKEN: 'tok1', GREETING: 'hello, world', MODE: 'dev' };
  const inputs = { ...goodValues.inputs, config: serviceConfig({ EnvParams }) };
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
      inputs: {
        ...goodValues.inputs,
        config: serviceConfig({ EnvParams }),
        envFrom: { GIVEN: 'gift', SHORT: 'abc', LINES: 'first-line\nsecond-line' },
      },
      look: liveState(
        serviceDetail({
          settings: { EnvParams: '{"LIVE":"only-live-value"}' },
          ownSettings: { EnvParams: '{"LIVE":"of-a-failed-release"}' },
        }),
      ),
    },
  );

  it('holds no credential and no env var, the longest first', () => {
    const text = 'long-enough-too, long-enough, only-live-value, 4711, plain, sample-secret-key';
    expect(redact(text, outcome)).toBe('[redacted], [redacted], [redacted], [redacted], plain, [redacted]');
    expect(redact('set of-a-failed-release', outcome)).toBe('set [redacted]');
  });

  it('holds no value of 4 or more characters that came from the environment, nor a line of one', () => {
    const text = 'a gift, abc, "first-line", second-line';
    expect(redact(text, outcome)).toBe('a [redacted], abc, "[redacted]", [redacted]');
    expect(redact('first-line\nsecond-line', outcome)).toBe('[redacted]');
  });

  it('holds no value in the escapes of JSON, or of JSON within JSON', () => {
    const value = 'say "canary" \\ twice';
    const given = failed(
      { kind: 'build', stage: 'build', error: cause },
      { inputs: { ...goodValues.inputs, config: serviceConfig({ EnvParams: { TEXT: value } }) } },
    );
    const blob = JSON.stringify({ TEXT: value });
    for (const text of [value, blob, JSON.stringify({ Items: blob })])
      expect(redact(text, given)).not.toContain('canary');
  });

  it('keeps the words that stand in outputs anyway', () => {
    const { envId, serviceName } = goodValues.inputs.inputs.target;
    const given = failed(
      { kind: 'build', stage: 'build', error: cause },
      { inputs: { ...goodValues.inputs, envFrom: { ENV: envId, NAME: serviceName, KIND: 'timeout' } } },
    );
    const text = `timeout in ${envId} of ${serviceName}`;
    expect(redact(text, given)).toBe(text);
  });

  it('is left as it is where nothing is known', () => {
    expect(redact('long-enough', { ...outcome, values: {} })).toBe('long-enough');
  });
});
