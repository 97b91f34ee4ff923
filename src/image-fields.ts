import { isEnvName, linesOf, splitNames, type Report } from './input-fields.ts';

/** An image's name in its parts, Docker Hub's short forms written out. */
export interface ImageReference {
  /** Host and port, `docker.io` for Docker Hub. */
  readonly registry: string;
  /** Without the registry: `library/node` for `node`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const hub = 'docker.io';
const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const host = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::\\d+)?$`);
const path = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const digestForm = /^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;

/**
 * A reference in its parts, by the grammar that Docker and registries share (github.com/distribution/reference); undefined
 * for what is none.
 */
export function parseReference(text: string): ImageReference | undefined {
  const [named = '', digest, ...others] = text.split('@');
  const [, name = '', tag] = /^(.*?)(?::([^/:[\]]*))?$/.exec(named) ?? [];
  const { registry, repository } = splitName(name);
  const isName = host.test(registry) && path.test(repository) && repository.length <= 255;
  // Docker takes such a name for the id of an image.
  if (!isName || /^[a-f0-9]{64}$/.test(name) || others.length > 0) return undefined;
  if (tag !== undefined && !tagForm.test(tag)) return undefined;
  if (digest !== undefined && !digestForm.test(digest)) return undefined;
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** What stands before the first slash is a host if no part of a path on Docker Hub could look like it. */
function splitName(name: string): Pick<ImageReference, 'registry' | 'repository'> {
  const [first = '', ...rest] = name.split('/');
  const isHost = rest.length > 0 && (/[.:]|^localhost$/.test(first) || first !== first.toLowerCase());
  const registry = isHost && first !== 'index.docker.io' ? first : hub;
  const repository = isHost ? rest.join('/') : name;
  const isOfficial = registry === hub && !repository.includes('/') && repository !== '';
  return { registry, repository: isOfficial ? `library/${repository}` : repository };
}

/** The registry of a reference, with its port, `docker.io` for Docker Hub; empty for what is no reference. */
export function registryOf(reference: string): string {
  return parseReference(reference)?.registry ?? '';
}

export interface RegistryDescription {
  /** True: CloudBase Run pulls with the account of its environment. Else it pulls as anybody can. */
  readonly isOfPlatform: boolean;
  /** Why a pull may fail and what to do about it, as sentences. Without it nothing stands in the way. */
  readonly doubt?: string;
}

const push =
  'push the image to a Tencent Cloud registry of the same account, such as "ccr.ccs.tencentyun.com"';
const orPush = `or ${push}.`;

const doubts: readonly (readonly [form: RegExp, doubt: string])[] = [
  [
    /\.dkr\.ecr(?:-fips)?\..+\.amazonaws\.com(?:\.cn)?$/,
    `its repositories are always private, so CloudBase Run can never pull from it. Instead, ${push}.`,
  ],
  [
    /(?:^|\.)ghcr\.io$/,
    `a package there is private until its settings say otherwise, and CloudBase Run pulls only public ones. Make the package public, ${orPush}`,
  ],
  [
    /\.azurecr\.(?:io|cn|us)$/,
    `it is private unless anonymous pull is enabled, and CloudBase Run pulls without an account. Enable anonymous pull for the registry, ${orPush}`,
  ],
  [
    /(?:\.pkg\.dev|(?:^|\.)gcr\.io)$/,
    `a repository there is private unless "allUsers" may read it, and CloudBase Run pulls without an account. Let "allUsers" read it, ${orPush}`,
  ],
  [
    /^(?:registry-1\.)?docker\.io$/,
    `CloudBase Run pulls only public repositories of Docker Hub, and Docker Hub limits anonymous pulls. Make the repository public, ${orPush}`,
  ],
  [
    /(?:^|\.)quay\.io$/,
    `a repository that a push creates there is private, and CloudBase Run pulls only public ones. Make the repository public, ${orPush}`,
  ],
  [
    /^(?:localhost|[^.]+|127(?:\.\d+){3}|10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2}|\[.*\])$/,
    `it is an address of this machine or of a private network, which CloudBase Run does not reach. Instead, ${push}.`,
  ],
];

/** Whether CloudBase Run can pull from a registry (host and port), told by its name alone. */
export function describeRegistry(registry: string): RegistryDescription {
  const name = registry.toLowerCase().replace(/:\d+$/, '');
  if (/(?:^|\.)ccs\.tencentyun\.com$|\.tencentcloudcr\.com$/.test(name)) return { isOfPlatform: true };
  // Nothing is private there.
  if (/^(?:public\.ecr\.aws|mcr\.microsoft\.com)$/.test(name)) return { isOfPlatform: false };
  const [, known] = doubts.find(([form]) => form.test(name)) ?? [];
  const other = `CloudBase Run pulls from it without an account, so only public repositories work. Make the repository public, ${orPush}`;
  return { isOfPlatform: false, doubt: `About the registry "${registry}": ${known ?? other}` };
}

const referenceExample = '"ccr.ccs.tencentyun.com/my-space/shop:1.4.2"';
const repositoryExample = '"ccr.ccs.tencentyun.com/my-space/shop"';

/** Checks the reference of an image; empty for none. */
export function checkImage(image: string, report: Report): void {
  if (image === '' || parseReference(image) !== undefined) return;
  report(
    `must be the reference of an image such as ${referenceExample}, not ${quote(image)}.${nameHint(image)}`,
  );
}

/** Checks a repository, which has neither tag nor digest; empty for none. */
export function checkRepository(repository: string, report: Report): void {
  if (repository === '') return;
  const form = `must be a repository without tag and digest such as ${repositoryExample}, not ${quote(repository)}.`;
  const parsed = parseReference(repository);
  if (parsed === undefined) report(`${form}${nameHint(repository)}`);
  else if (parsed.digest !== undefined) report(`${form} The push makes the digest.`);
  else if (parsed.tag !== undefined) report(`${form} Further tags are for image-tags.`);
}

/** Somebody may have written an address with a password there. */
function quote(reference: string): string {
  const isAddress = /@(?!sha)|:\/\/.*@/.test(reference);
  return `"${isAddress ? reference.replace(/^.*@/s, '…@') : reference}"`;
}

function nameHint(name: string): string {
  if (/^[a-z]+:\/\//i.test(name)) return ' Leave out what stands before the host.';
  const [first = '', ...rest] = name.split('/');
  const written = rest.length > 0 && /[.:]/.test(first) ? rest.join('/') : name;
  return /[A-Z]/.test(written.replace(/[:@].*$/, '')) ? ' A repository is lower case.' : '';
}

/** Tags separated by spaces, commas or line breaks, each once, by Docker's rule. */
export function parseTags(text: string, report: Report): string[] {
  const tags = splitNames(text);
  const wrong = tags.find((tag) => !tagForm.test(tag));
  if (wrong !== undefined) {
    const form =
      'must be tags of up to 128 letters, digits, "_", "." and "-", beginning with none of the last two';
    report(`${form}, separated by spaces, commas or line breaks, not "${wrong}".`);
  }
  return tags;
}

/** Checks the name or number of a stage of a Dockerfile; empty for none. */
export function checkStage(stage: string, report: Report): void {
  if (stage === '' || /^[A-Za-z0-9][\w.-]*$/.test(stage)) return;
  report(`must be the name of a stage of the Dockerfile, such as "runtime", not "${stage}".`);
}

/** Checks the name of a buildx builder; empty for the current one. */
export function checkBuilder(builder: string, report: Report): void {
  if (builder === '' || /^[A-Za-z0-9][\w.+/-]*$/.test(builder)) return;
  report(`must be the name of a builder, as "docker buildx ls" shows it, not "${builder}".`);
}

/**
 * Lines ID=NAME, or ID where both are the same. Somebody may have written `ID=value` there: nothing that stands in a wrong
 * line is shown.
 */
export function parseBuildSecrets(text: string, report: Report): Record<string, string> {
  const secrets = linesOf(text).map(({ line, number }) => {
    const [id = '', name = id] = splitOnce(line);
    if (!/^\w[\w./-]*$/.test(id) || !isEnvName(name)) {
      const form =
        'must be lines ID=NAME with the id of a BuildKit secret and the name of the environment variable that holds its value, or ID for both';
      report(`${form}; line ${number} is none. The values stand in the "env:" of the step.`);
    }
    return [id, name] as const;
  });
  reportTwice(
    secrets.map(([id]) => id),
    report,
  );
  return Object.fromEntries(secrets);
}

function splitOnce(line: string): string[] {
  const at = line.indexOf('=');
  return at < 0 ? [line] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

function reportTwice(names: readonly string[], report: Report): void {
  const twice = names.find((name, index) => /^\w[\w./-]*$/.test(name) && names.indexOf(name) !== index);
  if (twice !== undefined) report(`names "${twice}" twice. Leave one of the two out.`);
}

/** Others of buildx take the keys of their storage in the spec, which stands on an argv. */
const targetTypes = ['gha', 'registry', 'local', 'inline'] as const;
const sourceTypes = targetTypes.filter((type) => type !== 'inline');

/** Caches that a build reads, one a line, as buildx takes them. */
export function parseCacheSources(text: string, report: Report): string[] {
  return parseCaches(text, { types: sourceTypes, folder: 'src' }, report);
}

/** Caches that a build writes, one a line, as buildx takes them. */
export function parseCacheTargets(text: string, report: Report): string[] {
  return parseCaches(text, { types: targetTypes, folder: 'dest' }, report);
}

interface CacheForm {
  readonly types: readonly string[];
  /** The field that names the folder of a local cache. */
  readonly folder: string;
}

function parseCaches(text: string, form: CacheForm, report: Report): string[] {
  const lines = linesOf(text);
  for (const { line, number } of lines) {
    const fault = cacheFault(line, form);
    if (fault !== undefined) report(`${fault} (line ${number}).`);
  }
  return [...new Set(lines.map(({ line }) => line))];
}

/** A spec may hold keys of the storage: of a wrong one only its type is shown. */
function cacheFault(spec: string, { types, folder }: CacheForm): string | undefined {
  const list = types.map((type) => `"${type}"`).join(', ');
  if (!/[=,]/.test(spec))
    return parseReference(spec) === undefined ? 'must name a cache, such as "type=gha"' : undefined;
  const fields = splitFields(spec);
  if (fields === undefined)
    return 'must be fields NAME=VALUE, separated by commas, such as "type=gha,scope=api"';
  const type = fields.get('type');
  if (type === undefined) return `must say its type, one of ${list}, such as "type=gha"`;
  if (!types.includes(type)) return `must have one of the types ${list}, not "${type}"`;
  if (type === 'registry' && parseReference(fields.get('ref') ?? '') === undefined)
    return 'of type "registry" must name an image, such as "type=registry,ref=ccr.ccs.tencentyun.com/my-space/shop:cache"';
  if (type === 'local' && (fields.get(folder) ?? '') === '')
    return `of type "local" must name a folder, such as "type=local,${folder}=/tmp/cache"`;
  return undefined;
}

/** The fields of a spec, which is a line of CSV; undefined where it is none. */
function splitFields(spec: string): ReadonlyMap<string, string> | undefined {
  const fields = [...spec.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)];
  if (fields.map(([whole]) => whole).join('') !== spec) return undefined;
  const pairs = fields.map(([, quoted, plain = '']) => splitOnce(quoted?.replaceAll('""', '"') ?? plain));
  if (pairs.some(([name = '', value]) => name === '' || value === undefined)) return undefined;
  return new Map(pairs.map(([name = '', value = '']) => [name.toLowerCase(), value]));
}
