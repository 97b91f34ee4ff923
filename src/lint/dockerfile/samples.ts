import type { Example } from '../rule.ts';

/** A container project for the example of a rule: the lines of its Dockerfile, and other files beside it. */
export function sample(lines: readonly string[], others: Readonly<Record<string, string>> = {}): Example {
  return { mode: 'container', files: { Dockerfile: `${lines.join('\n')}\n`, ...others } };
}

/** The same with a small Node.js service beside the Dockerfile. */
export function nodeSample(lines: readonly string[], others: Readonly<Record<string, string>> = {}): Example {
  return sample(lines, { ...nodeFiles, ...others });
}

const nodeFiles: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "shop", "private": true }\n',
  'package-lock.json': '{ "name": "shop", "lockfileVersion": 3, "packages": {} }\n',
  'server.js':
    "const { createServer } = require('node:http');\n" +
    "createServer((request, response) => response.end('ok')).listen(process.env.PORT);\n",
};
