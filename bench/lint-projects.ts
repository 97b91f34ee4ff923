const groupCount = 40;
const scriptsPerGroup = 99;
const otherCount = 996;

/** The script that is loaded last; it listens where nobody outside the container can reach it. */
export const lastScript = `lib/group${groupCount - 1}/part${scriptsPerGroup - 1}.js`;

/** An entry that loads groups, each of which loads its parts; and files that are no scripts. */
export function buildLargeProject(mode: 'container' | 'function'): Record<string, string> {
  const groups = Array.from({ length: groupCount }, (_, group) => `lib/group${group}`);
  const parts = groups.flatMap((folder) =>
    Array.from({ length: scriptsPerGroup }, (_, part) => [`${folder}/part${part}.js`, part] as const),
  );
  const others = Array.from(
    { length: otherCount },
    (_, at) => [`public/page${at}.html`, '<p>A page</p>\n'] as const,
  );
  return {
    ...Object.fromEntries(others),
    ...Object.fromEntries(groups.map((folder) => [`${folder}/index.js`, renderGroup()])),
    ...Object.fromEntries(parts.map(([path, part]) => [path, renderPart(part)])),
    [lastScript]: `${renderPart(0)}require('http').createServer().listen(9999, '127.0.0.1');\n`,
    ...(mode === 'container' ? containerFiles : functionFiles),
    [mode === 'container' ? 'server.js' : 'index.js']: renderEntry(groups),
  };
}

function renderEntry(groups: readonly string[]): string {
  const loaded = groups.map((folder) => `require('./${folder}');\n`).join('');
  return `${loaded}exports.main = async () => 'hello';\nrequire('http').createServer().listen(process.env.PORT);\n`;
}

function renderGroup(): string {
  return Array.from(
    { length: scriptsPerGroup },
    (_, part) => `exports.part${part} = require('./part${part}');\n`,
  ).join('');
}

function renderPart(part: number): string {
  return `'use strict';
const { readFile } = require('node:fs/promises');
const path = require('node:path');

const limits = { rows: ${part + 10}, retries: 3, name: 'part ${part}' };

/** Reads a list of orders and adds them up. */
async function total(folder, { currency = 'CNY', since = 0 } = {}) {
  const text = await readFile(path.join(folder, 'orders.json'), 'utf8');
  const orders = JSON.parse(text).filter((order) => order.currency === currency && order.at >= since);
  return orders.slice(0, limits.rows).reduce((sum, { price, count }) => sum + price * count, 0);
}

class Store {
  #rows = new Map();
  add(id, row) {
    if (this.#rows.has(id)) throw new Error(\`There is a row \${id} already.\`);
    this.#rows.set(id, { ...row, seen: 1 });
    return this;
  }
  get size() {
    return this.#rows.size;
  }
}

function route(app) {
  app.get('/orders/:id', async (req, res) => {
    try {
      res.json({ id: req.params.id, total: await total(req.query.folder) });
    } catch (error) {
      res.status(500).send(error.message);
    }
  });
}

module.exports = { total, Store, route, limits };
`;
}

const functionFiles = {
  'package.json': '{ "name": "bench", "main": "index.js", "private": true }\n',
};

const containerFiles = {
  'package.json': '{ "name": "bench", "private": true, "scripts": { "start": "node server.js" } }\n',
  '.dockerignore': '.git\nnode_modules\n',
  Dockerfile:
    'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nUSER node\nEXPOSE 8080\nCMD ["node", "server.js"]\n',
};

/** A Dockerfile of the usual length, with what it copies. */
export const smallProject = {
  'package.json': '{ "name": "small", "private": true, "scripts": { "build": "tsc" } }\n',
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
  '.dockerignore': '.git\nnode_modules\n',
  Dockerfile: `# syntax=docker/dockerfile:1
ARG NODE=24
FROM node:\${NODE}-slim AS base
WORKDIR /app
ENV NODE_ENV=production \\
    TZ=Asia/Shanghai
RUN apt-get update \\
  && apt-get install -y --no-install-recommends ca-certificates curl tini \\
  && rm -rf /var/lib/apt/lists/*

FROM base AS dependencies
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci

FROM dependencies AS build
COPY . .
RUN npm run build

FROM base
LABEL org.opencontainers.image.title="bench"
COPY --from=dependencies --chown=node:node /app/node_modules ./node_modules
COPY --from=build --chown=node:node /app/dist ./dist
COPY --chown=node:node <<EOF /app/settings.json
{ "name": "bench" }
EOF
EXPOSE 3000
VOLUME /data
HEALTHCHECK --interval=30s CMD curl --fail http://127.0.0.1:8080/ || exit 1
ENTRYPOINT ["tini", "--"]
CMD node dist/server.js --port 3000
`,
};
