import type { Example } from '../rule.ts';

const server =
  "const { createServer } = require('node:http');\n\n" +
  "createServer((request, response) => response.end('ok')).listen(process.env.PORT);\n";

/** The Dockerfile of a small Node.js service, for the examples of rules: these lines after FROM, WORKDIR and COPY. */
export function nodeExample(lines: readonly string[], port?: number): Example {
  const text = ['FROM node:24-slim', 'WORKDIR /app', 'COPY server.js ./', ...lines, ''].join('\n');
  return createExample({ Dockerfile: text, 'server.js': server }, port);
}

/** The same of a small Python service. */
export function pythonExample(lines: readonly string[], port?: number): Example {
  const begin = [
    'FROM python:3.13-slim',
    'WORKDIR /app',
    'COPY requirements.txt ./',
    'RUN pip install --no-cache-dir -r requirements.txt',
    'COPY main.py ./',
    'RUN useradd --uid 1000 app',
    'USER app',
  ];
  const files = { 'requirements.txt': 'fastapi==0.115.6\nuvicorn==0.34.0\n', 'main.py': app };
  return createExample({ Dockerfile: [...begin, ...lines, ''].join('\n'), ...files }, port);
}

const app =
  'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\ndef index():\n    return {"ok": True}\n';

function createExample(files: Readonly<Record<string, string>>, port: number | undefined): Example {
  return { mode: 'container', files, ...(port === undefined ? {} : { port }) };
}
