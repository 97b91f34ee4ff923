import type { Example } from '../rule.ts';

/** Texts by their paths. */
type Files = Example['files'];

/** What package.json of an example says besides its entry. */
interface Manifest {
  readonly type?: 'module';
  readonly dependencies?: Readonly<Record<string, string>>;
}

const dockerfile = `FROM node:24-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY . .
USER node
EXPOSE 8080
CMD ["node", "server.js"]
`;

/** A container whose command is `node server.js`, for the examples of rules: the files that count, and what belongs to them. */
export function serviceExample(shown: Files, manifest: Manifest = {}, port?: number): Example {
  const others = { ...manifestFiles(manifest), Dockerfile: dockerfile, '.dockerignore': 'node_modules\n' };
  return {
    mode: 'container',
    files: { ...shown, ...others, ...shown },
    ...(port === undefined ? {} : { port }),
  };
}

/** The same of a function. */
export function functionExample(shown: Files, manifest: Manifest = {}): Example {
  const main = { 'index.js': "exports.main = async () => 'hello';\n" };
  const others = { ...main, ...manifestFiles({ main: 'index.js', ...manifest }) };
  return { mode: 'function', files: { ...shown, ...others, ...shown } };
}

function manifestFiles(manifest: object): Files {
  return {
    'package.json': `${JSON.stringify({ name: 'shop', ...manifest }, null, 2)}\n`,
    'package-lock.json': '{ "name": "shop", "lockfileVersion": 3, "packages": {} }\n',
  };
}
