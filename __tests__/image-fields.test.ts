import { describe, expect, it } from '@jest/globals';

import {
  checkBuilder,
  checkImage,
  checkRepository,
  checkStage,
  describeRegistry,
  parseBuildSecrets,
  parseCacheSources,
  parseCacheTargets,
  parseReference,
  parseTags,
  registryOf,
} from '../src/image-fields.ts';
import type { Report } from '../src/input-fields.ts';

/** What a rule says of a text. */
function faultsOf(rule: (text: string, report: Report) => unknown, text: string): string[] {
  const faults: string[] = [];
  rule(text, (fault) => faults.push(fault));
  return faults;
}

const sha = `sha256:${'0a'.repeat(32)}`;
const hex = 'a'.repeat(64);

describe('a reference', () => {
  it.each<[string, ReturnType<typeof parseReference>]>([
    ['node', { registry: 'docker.io', repository: 'library/node' }],
    ['node:24-slim', { registry: 'docker.io', repository: 'library/node', tag: '24-slim' }],
    ['acme/shop', { registry: 'docker.io', repository: 'acme/shop' }],
    ['acme/a/b/c:1', { registry: 'docker.io', repository: 'acme/a/b/c', tag: '1' }],
    ['docker.io/node', { registry: 'docker.io', repository: 'library/node' }],
    ['index.docker.io/acme/shop', { registry: 'docker.io', repository: 'acme/shop' }],
    ['localhost/shop', { registry: 'localhost', repository: 'shop' }],
    ['localhost:5000/shop:1', { registry: 'localhost:5000', repository: 'shop', tag: '1' }],
    ['registry:5000/shop', { registry: 'registry:5000', repository: 'shop' }],
    ['registry/shop', { registry: 'docker.io', repository: 'registry/shop' }],
    ['Registry/shop', { registry: 'Registry', repository: 'shop' }],
    ['127.0.0.1:5000/ns/shop', { registry: '127.0.0.1:5000', repository: 'ns/shop' }],
    ['[::1]:5000/shop:1', { registry: '[::1]:5000', repository: 'shop', tag: '1' }],
    ['[2001:db8::1]/shop', { registry: '[2001:db8::1]', repository: 'shop' }],
    [
      'ccr.ccs.tencentyun.com/space/shop:1.4.2',
      { registry: 'ccr.ccs.tencentyun.com', repository: 'space/shop', tag: '1.4.2' },
    ],
    ['ghcr.io/a_b/c__d/e-f--g.h', { registry: 'ghcr.io', repository: 'a_b/c__d/e-f--g.h' }],
    [`ghcr.io/a/b@${sha}`, { registry: 'ghcr.io', repository: 'a/b', digest: sha }],
    [`a/b:_T.a-g@${sha}`, { registry: 'docker.io', repository: 'a/b', tag: '_T.a-g', digest: sha }],
    [`node:${'t'.repeat(128)}`, { registry: 'docker.io', repository: 'library/node', tag: 't'.repeat(128) }],
    [`a/${hex}`, { registry: 'docker.io', repository: `a/${hex}` }],
    ['5000/shop', { registry: 'docker.io', repository: '5000/shop' }],
    ['a.b', { registry: 'docker.io', repository: 'library/a.b' }],
  ])('%s is %j', (text, reference) => {
    expect(parseReference(text)).toEqual(reference);
    expect(registryOf(text)).toBe(reference?.registry);
    expect(faultsOf(checkImage, text)).toEqual([]);
  });

  it.each([
    '',
    ' ',
    'Node',
    'acme/Shop',
    'ghcr.io/Acme/shop',
    'a//b',
    '/a',
    'a/',
    'ghcr.io/',
    'a b',
    'a:',
    'a:b:c',
    'a:-1',
    'a:.1',
    `a:${'t'.repeat(129)}`,
    'a___b',
    'a..b',
    'a_-b',
    '-a',
    'a-',
    'a@',
    'a@sha256:abc',
    'a@sha256',
    `a@md5:${'0'.repeat(32)}`,
    `a@sha256:${'A'.repeat(64)}`,
    `a@${sha}@${sha}`,
    hex,
    'https://ghcr.io/a/b',
    'ghcr.io:port/a',
    '-a.com/b',
    'a..com/b',
    '[::1/a',
    'ghcr.io/a\nb',
    '${{ github.repository }}',
    `a/${'b'.repeat(254)}`,
  ])('%j is none', (text) => {
    expect(parseReference(text)).toBeUndefined();
    expect(registryOf(text)).toBe('');
  });
});

describe('a registry', () => {
  const toTencent =
    'push the image to a Tencent Cloud registry of the same account, such as "ccr.ccs.tencentyun.com".';

  it.each([
    'ccr.ccs.tencentyun.com',
    'hkccr.ccs.tencentyun.com',
    'CCR.ccs.tencentyun.com:443',
    'acme.tencentcloudcr.com',
    'ACME.TencentCloudCR.com',
    'acme-vpc.tencentcloudcr.com',
  ])('%s belongs to the platform', (registry) => {
    expect(describeRegistry(registry)).toEqual({ isOfPlatform: true });
  });

  it.each(['mcr.microsoft.com', 'public.ecr.aws'])('%s has nothing private', (registry) => {
    expect(describeRegistry(registry)).toEqual({ isOfPlatform: false });
  });

  it.each([
    ['1234.dkr.ecr.eu-west-1.amazonaws.com', 'can never pull from it', false],
    ['1234.dkr.ecr.cn-north-1.amazonaws.com.cn', 'can never pull from it', false],
    ['1234.dkr.ecr-fips.us-east-1.amazonaws.com', 'can never pull from it', false],
    ['ghcr.io', 'Make the package public', true],
    ['acme.azurecr.io', 'Enable anonymous pull', true],
    ['europe-docker.pkg.dev', 'Let "allUsers" read it', true],
    ['gcr.io', 'Let "allUsers" read it', true],
    ['eu.gcr.io', 'Let "allUsers" read it', true],
    ['docker.io', 'public repositories of Docker Hub', true],
    ['quay.io', 'a push creates there is private', true],
    ['localhost', 'does not reach', false],
    ['127.0.0.1:5000', 'does not reach', false],
    ['10.0.0.8:5000', 'does not reach', false],
    ['172.20.0.8', 'does not reach', false],
    ['192.168.0.8', 'does not reach', false],
    ['[::1]:5000', 'does not reach', false],
    ['registry:5000', 'does not reach', false],
    ['172.32.0.8', 'only public repositories work', true],
    ['registry.example.test:5000', 'only public repositories work', true],
    ['registry.cn-hangzhou.aliyuncs.com', 'only public repositories work', true],
    ['ccs.tencentyun.com.evil.test', 'only public repositories work', true],
    ['eviltencentcloudcr.com', 'only public repositories work', true],
    ['notghcr.io', 'only public repositories work', true],
  ])('%s is doubtful: %s', (registry, part, canWork) => {
    const { isOfPlatform, doubt = '' } = describeRegistry(registry);
    expect(isOfPlatform).toBe(false);
    expect(doubt).toContain(part);
    expect(doubt.startsWith(`About the registry "${registry}": `)).toBe(true);
    expect(doubt.endsWith(canWork ? `, or ${toTencent}` : `Instead, ${toTencent}`)).toBe(true);
  });
});

describe('an image', () => {
  const form = 'must be the reference of an image such as "ccr.ccs.tencentyun.com/my-space/shop:1.4.2"';

  it.each([
    ['Acme/Shop', `${form}, not "Acme/Shop". A repository is lower case.`],
    ['ghcr.io/Acme/shop:1', `${form}, not "ghcr.io/Acme/shop:1". A repository is lower case.`],
    ['a:1:2', `${form}, not "a:1:2".`],
    ['a@sha256:abc', `${form}, not "a@sha256:abc".`],
    ['https://ghcr.io/a/b', `${form}, not "https://ghcr.io/a/b". Leave out what stands before the host.`],
    ['https://u:canary@ghcr.io/a', `${form}, not "…@ghcr.io/a". Leave out what stands before the host.`],
    ['u:canary@ghcr.io/a', `${form}, not "…@ghcr.io/a".`],
    [' ', `${form}, not " ".`],
  ])('%j is refused', (text, fault) => {
    expect(faultsOf(checkImage, text)).toEqual([fault]);
  });

  it('may be missing', () => {
    expect(faultsOf(checkImage, '')).toEqual([]);
  });
});

describe('a repository', () => {
  const form = 'must be a repository without tag and digest such as "ccr.ccs.tencentyun.com/my-space/shop"';

  it.each(['', 'acme/shop', 'ghcr.io/acme/shop', '127.0.0.1:5000/shop', 'localhost:5000/a/b'])(
    '%j is taken',
    (text) => {
      expect(faultsOf(checkRepository, text)).toEqual([]);
    },
  );

  it.each([
    ['acme/shop:1', `${form}, not "acme/shop:1". Further tags are for image-tags.`],
    ['127.0.0.1:5000', `${form}, not "127.0.0.1:5000". Further tags are for image-tags.`],
    [`acme/shop@${sha}`, `${form}, not "acme/shop@${sha}". The push makes the digest.`],
    [`acme/shop:1@${sha}`, `${form}, not "acme/shop:1@${sha}". The push makes the digest.`],
    ['acme/Shop', `${form}, not "acme/Shop". A repository is lower case.`],
    ['http://a.test/b', `${form}, not "http://a.test/b". Leave out what stands before the host.`],
    ['acme/shop/', `${form}, not "acme/shop/".`],
    ['u:canary@ghcr.io/a', `${form}, not "…@ghcr.io/a".`],
  ])('%j is refused', (text, fault) => {
    expect(faultsOf(checkRepository, text)).toEqual([fault]);
  });
});

describe('tags', () => {
  const form =
    'must be tags of up to 128 letters, digits, "_", "." and "-", beginning with none of the last two, separated by spaces, commas or line breaks';

  it.each([
    ['', []],
    [' , \n', []],
    ['latest', ['latest']],
    ['1.2, v1_a-b\n_x 1.2', ['1.2', 'v1_a-b', '_x']],
    ['t'.repeat(128), ['t'.repeat(128)]],
  ])('%j are %j', (text, tags) => {
    expect(parseTags(text, () => undefined)).toEqual(tags);
    expect(faultsOf(parseTags, text)).toEqual([]);
  });

  it.each(['-a', '.a', 'a/b', 'a:b', 'a@b', 'ä', 't'.repeat(129)])('%j is refused', (tag) => {
    expect(faultsOf(parseTags, `good, ${tag}`)).toEqual([`${form}, not "${tag}".`]);
  });
});

describe('a stage and a builder', () => {
  it.each(['', 'runtime', 'Build-1.a_b', '0'])('the stage %j is taken', (text) => {
    expect(faultsOf(checkStage, text)).toEqual([]);
  });

  it.each(['a b', '--help', 'a,b', '-a', '.a'])('the stage %j is refused', (text) => {
    const fault = `must be the name of a stage of the Dockerfile, such as "runtime", not "${text}".`;
    expect(faultsOf(checkStage, text)).toEqual([fault]);
  });

  it.each(['', 'default', 'remote-1', 'a_b.c', 'cloud/acme/b'])('the builder %j is taken', (text) => {
    expect(faultsOf(checkBuilder, text)).toEqual([]);
  });

  it.each(['a b', '--help', 'tcp://host:1234', '*'])('the builder %j is refused', (text) => {
    const fault = `must be the name of a builder, as "docker buildx ls" shows it, not "${text}".`;
    expect(faultsOf(checkBuilder, text)).toEqual([fault]);
  });
});

describe('build secrets', () => {
  const form =
    'must be lines ID=NAME with the id of a BuildKit secret and the name of the environment variable that holds its value, or ID for both';
  const place = 'The values stand in the "env:" of the step.';

  it.each<[string, Record<string, string>]>([
    ['', {}],
    ['# none\n\n', {}],
    ['NPM_TOKEN', { NPM_TOKEN: 'NPM_TOKEN' }],
    ['npm=NPM_TOKEN', { npm: 'NPM_TOKEN' }],
    [' npm = NPM_TOKEN \r\n# more\nAWS\n', { npm: 'NPM_TOKEN', AWS: 'AWS' }],
    ['aws/my.key-1=KEY', { 'aws/my.key-1': 'KEY' }],
    ['a=TOKEN\nb=TOKEN', { a: 'TOKEN', b: 'TOKEN' }],
  ])('%j are %j', (text, secrets) => {
    expect(parseBuildSecrets(text, () => undefined)).toEqual(secrets);
    expect(faultsOf(parseBuildSecrets, text)).toEqual([]);
  });

  it.each([
    ['npm=can-ary', [`${form}; line 1 is none. ${place}`]],
    ['npm=', [`${form}; line 1 is none. ${place}`]],
    ['=NPM', [`${form}; line 1 is none. ${place}`]],
    ['npm.token', [`${form}; line 1 is none. ${place}`]],
    ['# a\nnpm=NPM=canary', [`${form}; line 2 is none. ${place}`]],
    ['id=npm,env=NPM', [`${form}; line 1 is none. ${place}`]],
    ['A B', [`${form}; line 1 is none. ${place}`]],
    ['1-\n2-', [`${form}; line 1 is none. ${place}`, `${form}; line 2 is none. ${place}`]],
    ['npm=A\nnpm=B', ['names "npm" twice. Leave one of the two out.']],
    ['A\nA', ['names "A" twice. Leave one of the two out.']],
  ])('%j are refused', (text, faults) => {
    expect(faultsOf(parseBuildSecrets, text)).toEqual(faults);
    expect(faults.join()).not.toContain('canary');
  });
});

describe('caches', () => {
  const ofSource = '"gha", "registry", "local"';
  const ofTarget = '"gha", "registry", "local", "inline"';
  const fields = 'must be fields NAME=VALUE, separated by commas, such as "type=gha,scope=api"';
  const image =
    'of type "registry" must name an image, such as "type=registry,ref=ccr.ccs.tencentyun.com/my-space/shop:cache"';
  const folder = (field: string): string =>
    `of type "local" must name a folder, such as "type=local,${field}=/tmp/cache"`;

  it.each([
    ['', []],
    ['type=gha', ['type=gha']],
    ['type=gha,scope=a', ['type=gha,scope=a']],
    ['# mine\n type=gha \n\ntype=gha\nacme/shop:cache', ['type=gha', 'acme/shop:cache']],
    ['type=registry,ref=ghcr.io/a/b:cache', ['type=registry,ref=ghcr.io/a/b:cache']],
    ['TYPE=gha,Scope=a', ['TYPE=gha,Scope=a']],
    ['"type=gha","scope=a,b ""c"""', ['"type=gha","scope=a,b ""c"""']],
    ['ref=a/b,type=registry', ['ref=a/b,type=registry']],
  ])('%j are taken on both sides', (text, specs) => {
    expect(parseCacheSources(text, () => undefined)).toEqual(specs);
    expect(parseCacheTargets(text, () => undefined)).toEqual(specs);
    expect([...faultsOf(parseCacheSources, text), ...faultsOf(parseCacheTargets, text)]).toEqual([]);
  });

  it('have a type and a folder of their own on each side', () => {
    expect(faultsOf(parseCacheSources, 'type=local,src=/tmp/a')).toEqual([]);
    expect(faultsOf(parseCacheTargets, 'type=local,dest=/tmp/a\ntype=inline')).toEqual([]);
    expect(faultsOf(parseCacheSources, 'type=local,dest=/tmp/a\ntype=inline')).toEqual([
      `${folder('src')} (line 1).`,
      `must have one of the types ${ofSource}, not "inline" (line 2).`,
    ]);
    expect(faultsOf(parseCacheTargets, 'type=local,src=/tmp/a')).toEqual([`${folder('dest')} (line 1).`]);
  });

  it.each([
    ['type=ghs', `must have one of the types ${ofTarget}, not "ghs" (line 1).`],
    ['\nmode=max,token=canary', `must say its type, one of ${ofTarget}, such as "type=gha" (line 2).`],
    ['type=', `must have one of the types ${ofTarget}, not "" (line 1).`],
    ['type=s3,secret_access_key=canary', `must have one of the types ${ofTarget}, not "s3" (line 1).`],
    ['type=azblob,name=canary', `must have one of the types ${ofTarget}, not "azblob" (line 1).`],
    ['type=gha,canary', `${fields} (line 1).`],
    ['type=gha,', `${fields} (line 1).`],
    ['a,b', `${fields} (line 1).`],
    ['"type=gha', `${fields} (line 1).`],
    ['type=registry', `${image} (line 1).`],
    ['type=registry,ref=A', `${image} (line 1).`],
    ['type=local,dest=', `${folder('dest')} (line 1).`],
    ['# a\nNOT A NAME', `must name a cache, such as "type=gha" (line 2).`],
  ])('%j are refused', (text, fault) => {
    expect(faultsOf(parseCacheTargets, text)).toEqual([fault]);
  });
});
