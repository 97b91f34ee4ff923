import { expect, it } from '@jest/globals';

import {
  diagnoseRegistry,
  withoutSecrets,
  type RegistryAction,
} from '../../../src/adapters/docker/refusal.ts';

const get = 'Get "https://r.example/v2/":';
const head = 'unexpected status from HEAD request to https://r.example/v2/a/manifests/1:';

/** What docker, buildx and containerd write, and what it means; `+` where the call may succeed later. */
it.each<[RegistryAction, string, string]>([
  ['push', 'denied: requested access to the resource is denied', 'auth'],
  ['push', 'unauthorized: authentication required', 'auth'],
  ['push', 'no basic auth credentials', 'auth'],
  ['push', 'denied: quota exceeded', 'auth'],
  ['push', 'denied: Your authorization token has expired. Reauthenticate and try again.', 'auth'],
  ['push', 'name unknown: The repository with name "a" does not exist in the registry with id "1"', 'upload'],
  [
    'push',
    'tag invalid: The image tag "1" already exists in the "a" repository and cannot be overwritten because the repository is immutable.',
    'upload',
  ],
  ['push', 'toomanyrequests: asked to answer 429', 'upload +'],
  ['push', 'received unexpected HTTP status: 503 Service Unavailable', 'network +'],
  ['push', 'received unexpected HTTP status: 500 Internal Server Error', 'network +'],
  ['push', 'unexpected EOF', 'network +'],
  ['push', `${get} dial tcp 127.0.0.1:1: connect: connection refused`, 'network +'],
  [
    'push',
    'Put "https://r.example/v2/a": write tcp 1.1.1.1:1->2.2.2.2:443: write: connection reset by peer',
    'network +',
  ],
  ['push', 'An image does not exist locally with the tag: r.example/a', 'unexpected'],
  ['pull', 'Error response from daemon: manifest unknown', 'image-pull'],
  [
    'pull',
    'Error response from daemon: manifest for r.example/a:1 not found: manifest unknown: manifest unknown',
    'image-pull',
  ],
  [
    'pull',
    'Error response from daemon: failed to resolve reference "r.example/a:1": r.example/a:1: not found',
    'image-pull',
  ],
  [
    'pull',
    "Error response from daemon: pull access denied for r.example/a, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    'auth',
  ],
  [
    'pull',
    `Error response from daemon: Head "https://r.example/v2/a/manifests/1": unauthorized: authentication required`,
    'auth',
  ],
  [
    'pull',
    'Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    'image-pull +',
  ],
  ['pull', 'Error response from daemon: Head "https://r.example/v2/a/manifests/1": EOF', 'network +'],
  ['pull', `Error response from daemon: ${get} net/http: TLS handshake timeout`, 'network +'],
  [
    'pull',
    `Error response from daemon: ${get} net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
    'network +',
  ],
  [
    'pull',
    `Error response from daemon: ${get} dial tcp: lookup r.example on 10.0.0.2:53: no such host`,
    'network +',
  ],
  [
    'pull',
    `Error response from daemon: ${get} tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    'network',
  ],
  ['pull', `Error response from daemon: ${get} http: server gave HTTP response to HTTPS client`, 'network'],
  ['pull', 'no matching manifest for linux/amd64 in the manifest list entries', 'architecture'],
  [
    'pull',
    'no matching manifest for linux/amd64 in the manifest list entries: no match for platform in manifest: not found',
    'architecture',
  ],
  [
    'pull',
    'image with reference r.example/a was found but its platform (linux/arm64) does not match the specified platform (linux/amd64)',
    'architecture',
  ],
  ['pull', 'failed to register layer: write /usr/bin/node: no space left on device', 'image-pull'],
  [
    'pull',
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    'build',
  ],
  ['pull', 'error during connect: Post "http://%2Fdocker.sock/v1.51/images/create": EOF', 'build'],
  [
    'pull',
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    'build',
  ],
  ['read', `ERROR: ${head} 401 Unauthorized`, 'auth'],
  ['read', `ERROR: ${head} 403 Forbidden`, 'auth'],
  ['read', `ERROR: ${head} 429 Too Many Requests`, 'image-pull +'],
  ['read', `ERROR: ${head} 502 Bad Gateway`, 'network +'],
  [
    'push',
    'failed to copy: unexpected status from PUT request to https://r.example/v2/a: 403 Forbidden',
    'auth',
  ],
  [
    'push',
    'push access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    'auth',
  ],
  ['read', 'ERROR: failed to authorize: unexpected status code: 429', 'image-pull +'],
  ['read', 'ERROR: r.example/a:1: not found', 'image-pull'],
  [
    'read',
    'ERROR: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    'auth',
  ],
  ['read', 'no answer within 60 seconds: timeout', 'network +'],
  [
    'login',
    'Error response from daemon: login attempt to https://r.example/v2/ failed with status: 401 Unauthorized',
    'auth',
  ],
  ['login', `Error response from daemon: ${get} unauthorized: incorrect username or password`, 'auth'],
  [
    'login',
    'Error response from daemon: login attempt to https://r.example/v2/ failed with status: 404 Not Found',
    'auth',
  ],
  [
    'login',
    'Error response from daemon: login attempt to https://r.example/v2/ failed with status: 429 Too Many Requests',
    'network +',
  ],
  [
    'login',
    'Error response from daemon: login attempt to https://r.example/v2/ failed with status: 503 Service Unavailable',
    'network +',
  ],
  ['login', 'Error: Cannot perform an interactive login from a non TTY device', 'auth'],
  [
    'login',
    'error storing credentials - err: exec: "docker-credential-x": executable file not found in $PATH',
    'auth',
  ],
  ['login', 'something new', 'unexpected'],
])('%s: "%s" is %s', (action, line, expected) => {
  const { kind, isPassing, finding, advice } = diagnoseRegistry(
    action,
    ['a line before', line],
    'r.example/a:1',
  );
  expect(`${kind}${isPassing ? ' +' : ''}`).toBe(expected);
  expect(finding).toMatch(/^The .*"r\.example\/a:1".*: .*\.$/);
  expect(finding).toContain(
    line.replace(/^(Error response from daemon|ERROR|Error): /, '').replace(/\.$/, ''),
  );
  expect(advice).toMatch(/\.$/);
});

it.each<[RegistryAction, RegExp]>([
  ['push', /"registry-username" and "registry-password".* may push/],
  ['pull', /"registry-username" and "registry-password".* may pull/],
  ['login', /"registry-username" and "registry-password", and that they are for this registry/],
])('a refused %s names the inputs to check', (action, advice) => {
  expect(diagnoseRegistry(action, ['denied: no'], 'a:1').advice).toMatch(advice);
});

it('looks for the reason past the progress of layers', () => {
  const layers = [
    '429a5020dead: Pushing',
    '50300000eof0: Layer already exists',
    '401000000000: Retrying in 5 seconds',
  ];
  const { finding } = diagnoseRegistry('push', ['denied: no', ...layers, ...layers], 'a:1');
  expect(finding).toBe('The image "a:1" cannot be pushed: the registry refuses access (denied: no).');
  expect(diagnoseRegistry('push', layers, 'a:1').finding).toBe(
    'The image "a:1" cannot be pushed: docker gives no reason.',
  );
});

it('keeps an answer short, and the secrets of URLs out of it', () => {
  const line = 'Get "https://me:canary@r.example/v2/?sig=canary#canary": denied';
  const { finding } = diagnoseRegistry('read', [line], 'https://me:canary@r.example/a:1');
  expect(finding).toContain('Get "https://r.example/v2/": denied');
  expect(finding).not.toContain('canary');
  expect(diagnoseRegistry('read', ['x'.repeat(5000)], 'a:1').finding.length).toBeLessThan(400);
});

it.each([
  ['https://u:p@h/x', 'https://h/x'],
  ['https://u:p@q@h/x', 'https://h/x'],
  ['"https://h/x?a=b"', '"https://h/x"'],
  ['https://h/x/@scope', 'https://h/x/@scope'],
  ['r.example/a@sha256:0 in http://h', 'r.example/a@sha256:0 in http://h'],
])('%s becomes %s', (text, clean) => {
  expect(withoutSecrets(text)).toBe(clean);
});
