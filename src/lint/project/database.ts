import { posix } from 'node:path';

import { Env } from 'dockerfile-ast';
import { isMap, isScalar, LineCounter, parseDocument, type Node } from 'yaml';

import type { Position } from '../../errors.ts';
import { nodeExample } from '../dockerfile/example.ts';
import { createDockerfileSubject, placeOf } from '../dockerfile/tree.ts';
import { leadsToStore, listNames, mayLeadToStore, type EnvVar } from './stores.ts';
import type { Example, Hit, Rule, Source } from '../rule.ts';

const why =
  'Without VpcConf a service reaches public hosts alone. Databases and caches of Tencent Cloud have private addresses unless somebody has opened them.';
const fix = 'Set VpcConf with VpcId and SubnetId, unless the host is public.';

const lines = ['USER node', 'EXPOSE 8080', 'CMD ["node", "server.js"]'];

function example(file: string, text: string): Example {
  const service = nodeExample(lines);
  return { ...service, files: { [file]: text, ...service.files } };
}

/** Rules that find a database behind a service without a private network. */
export const databaseProjectRules: readonly Rule<Source>[] = [
  {
    id: 'CBR301',
    severity: 'warning',
    title: 'Env vars lead to a database, without VpcConf',
    why,
    fix,
    bad: nodeExample(['ENV REDIS_URL=redis://10.0.0.5:6379', ...lines]),
    good: nodeExample(['ENV REDIS_POOL_SIZE=4', ...lines]),
    check: (source) => (source.service.hasVpc ? [] : [...checkConfig(source), ...checkDockerfile(source)]),
  },
  {
    id: 'CBR302',
    severity: 'warning',
    title: 'Example of env vars asks for a database, without VpcConf',
    why,
    fix,
    bad: example('.env.example', 'LOG_LEVEL=info\nDATABASE_URL=postgres://localhost:5432/shop\n'),
    good: example('.env.example', 'LOG_LEVEL=info\nDATABASE_URL=file:/tmp/cache.db\n'),
    check: (source) => (source.service.hasVpc ? [] : checkEnvExamples(source)),
  },
  {
    id: 'CBR303',
    severity: 'warning',
    title: 'Compose file starts a database, without VpcConf',
    why: `The platform runs the service alone and does not read compose files. ${why}`,
    fix,
    bad: example('compose.yaml', 'services:\n  web:\n    build: .\n  db:\n    image: postgres:17\n'),
    good: example('compose.yaml', 'services:\n  web:\n    build: .\n'),
    check: (source) => (source.service.hasVpc ? [] : checkCompose(source)),
  },
];

interface PlacedVar extends EnvVar {
  readonly at: Position;
}

function checkConfig({ service, dockerfile: place }: Source): Hit[] {
  const start = { file: place?.path ?? 'package.json', line: 1, column: 1 };
  const vars = service.env.map((each) => ({ ...each, at: each.at ?? start }));
  return describe(vars.filter(leadsToStore), 'The input server-config sets');
}

function checkDockerfile(source: Source): Hit[] {
  const text = source.texts.get(source.dockerfile?.path ?? '');
  if (text === undefined || source.dockerfile === undefined || !/^\s*ENV\s/im.test(text)) return [];
  const subject = createDockerfileSubject(source, source.dockerfile, text);
  const vars = subject.finalInstructions
    .filter((instruction) => instruction instanceof Env)
    .flatMap((instruction) => instruction.getProperties())
    .map((property) => ({
      name: property.getName(),
      value: property.getValue() ?? '',
      at: placeOf(subject, property),
    }));
  return describe(vars.filter(leadsToStore), 'The image sets');
}

/** One hit for all, at the first. */
function describe(vars: readonly PlacedVar[], subject: string): Hit[] {
  const [first] = vars;
  if (first === undefined) return [];
  const names = listNames(vars.map(({ name }) => name));
  const [what, lead] = vars.length === 1 ? ['env var', 'leads'] : ['env vars', 'lead'];
  const message = `${subject} the ${what} ${names}, which by the looks of it ${lead} to a database or a private host.`;
  return [{ message, at: first.at }];
}

const envExample =
  /^(\.env[.-](example|sample|template|dist|defaults?)|(dot)?env[.-](example|sample|template))$/;

function checkEnvExamples(source: Source): Hit[] {
  const known = new Set(source.service.env.map(({ name }) => name));
  return listOwnTexts(source, envExample).flatMap(([file, text]) => {
    const vars = listVars(file, text).filter((each) => !known.has(each.name) && mayLeadToStore(each));
    return describe(vars, 'The example of env vars asks for');
  });
}

/** In the source folder and in the folder that the build sees. */
function listOwnTexts({ texts, dockerfile: place }: Source, name: RegExp): (readonly [string, string])[] {
  const folders = ['.', place?.buildFolder ?? '.'];
  return [...texts].filter(
    ([file]) => folders.includes(posix.dirname(file)) && name.test(posix.basename(file)),
  );
}

function listVars(file: string, text: string): PlacedVar[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const [, indent = '', name, value = ''] =
      /^(\s*(?:export\s+)?)([A-Za-z_]\w*)\s*=\s*["']?([^"'#]*)/.exec(line) ?? [];
    if (name === undefined) return [];
    const column = indent.length + 1;
    return [{ name, value, at: { file, line: index + 1, column, endColumn: column + name.length } }];
  });
}

const composeFile = /^(docker-)?compose([.-][\w-]+)*\.ya?ml$/;
const storeImage =
  /(^|\/)(postgres(ql)?|postgis|pgvector|timescaledb|mysql|mysql-server|percona|mariadb|mongo|mongodb|redis|redis-stack|valkey|keydb|memcached|rabbitmq|kafka|elasticsearch|opensearch|clickhouse-server|cassandra|mssql\/server|nats)(:|@|$)/;

function checkCompose(source: Source): Hit[] {
  return listOwnTexts(source, composeFile).flatMap(([file, text]) => {
    const images = listImages(file, text).filter(({ image }) => storeImage.test(image));
    const [first] = images;
    if (first === undefined) return [];
    const names = listNames([...new Set(images.map(({ image }) => image))]);
    return [{ message: `The compose file starts ${names} beside the service.`, at: first.at }];
  });
}

interface PlacedImage {
  readonly image: string;
  readonly at: Position;
}

function listImages(file: string, text: string): PlacedImage[] {
  const lines = new LineCounter();
  const services = readServices(text, lines);
  if (!isMap(services)) return [];
  return services.items.flatMap(({ value }) => {
    const image = isMap(value) ? value.get('image', true) : undefined;
    if (!isScalar(image) || typeof image.value !== 'string') return [];
    const { line, col } = lines.linePos(image.range?.[0] ?? 0);
    return [{ image: image.value, at: { file, line, column: col } }];
  });
}

function readServices(text: string, lineCounter: LineCounter): Node | undefined {
  try {
    const { contents } = parseDocument(text, { lineCounter, logLevel: 'silent' });
    return isMap(contents) ? contents.get('services', true) : undefined;
  } catch (error) {
    // Lists that stand too deep in each other for the stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
