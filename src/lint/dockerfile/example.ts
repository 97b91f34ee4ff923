import type { Example } from '../rule.ts';

/** A container project for the example of a rule: the lines of its Dockerfile, and other files beside it. */
export function containerExample(
  lines: readonly string[],
  others: Readonly<Record<string, string>> = {},
): Example {
  return { mode: 'container', files: { Dockerfile: `${lines.join('\n')}\n`, ...others } };
}

/** The same with a small Node.js service, its manifest and its lockfile beside the Dockerfile. */
export function npmExample(lines: readonly string[], others: Readonly<Record<string, string>> = {}): Example {
  return containerExample(lines, { ...npmFiles, ...others });
}

/** What follows the FROM of a Dockerfile for the service of `npmExample`. */
export const npmSteps: readonly string[] = [
  'WORKDIR /app',
  'COPY package.json package-lock.json ./',
  'RUN npm ci --omit=dev',
  'COPY server.js ./',
  'USER node',
  'CMD ["node", "server.js"]',
];

/** A Node.js service without dependencies: these lines after FROM, WORKDIR and COPY. */
export function nodeExample(lines: readonly string[], port?: number): Example {
  const begin = ['FROM node:24-slim', 'WORKDIR /app', 'COPY server.js ./'];
  const example = containerExample([...begin, ...lines], { 'server.js': server });
  return port === undefined ? example : { ...example, port };
}

/** A Python service on port 8080 that Uvicorn runs, with the command that starts it. */
export function pythonExample(command: string): Example {
  const lines = [
    'FROM python:3.13-slim',
    'WORKDIR /app',
    'COPY requirements.txt ./',
    'RUN pip install --no-cache-dir -r requirements.txt',
    'COPY main.py ./',
    'RUN useradd --uid 1000 app',
    'USER app',
    'EXPOSE 8080',
    command,
  ];
  const requirements = 'fastapi==0.115.6\nuvicorn==0.34.0\n';
  return { ...containerExample(lines, { 'requirements.txt': requirements, 'main.py': app }), port: 8080 };
}

/** The same, by the options of Uvicorn. */
export function uvicornExample(options: string): Example {
  return pythonExample(`CMD ["sh", "-c", "exec uvicorn main:app${options}"]`);
}

const server =
  "const { createServer } = require('node:http');\n\n" +
  "createServer((request, response) => response.end('ok')).listen(process.env.PORT);\n";

const npmFiles: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "shop", "private": true }\n',
  'package-lock.json': '{ "name": "shop", "lockfileVersion": 3, "packages": {} }\n',
  'server.js': server,
};

const app =
  'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\ndef index():\n    return {"ok": True}\n';
