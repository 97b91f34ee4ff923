import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, relative, sep } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { Cloud } from '../state/cloud.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const LIST = '/func_tpl/v1.0/function_list/find';
const FILES = /^\/templates\/([\w-]+)\.zip$/;
/** The folders below `examples/` that templates are made of. */
const FOLDERS: ReadonlyMap<string, string> = new Map([
  ['helloworld', 'node-function'],
  ['node-container', 'node-container'],
]);
const TEMPLATES = [
  {
    identifier: 'helloworld',
    title: 'Hello World',
    description: 'A function that says hello',
    runtimeVersion: 'Nodejs20',
    language: 'Nodejs',
    funcTypes: ['tcbrFunc'],
  },
  {
    identifier: 'node-container',
    title: 'Node.js container',
    description: 'An HTTP server with a Dockerfile',
    runtimeVersion: 'Nodejs24',
    language: 'Nodejs',
    funcTypes: ['tcbrContainer'],
  },
];

/** Whether a path belongs to the template list or to one template's files. */
export function isTemplateRequest(path: string): boolean {
  return path === LIST || FILES.test(path);
}

/** Answers the template list, at the path under which the vendor's SDK asks for it, and the zip of one template. */
export async function serveTemplates(
  cloud: Cloud,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', cloud.baseUrl);
  const isList = url.pathname === LIST;
  const identifier = FILES.exec(url.pathname)?.[1] ?? '';
  const folder = FOLDERS.get(identifier);
  const status =
    request.method !== (isList ? 'POST' : 'GET') ? 405 : isList || folder !== undefined ? 200 : 404;
  const action = isList ? 'POST template list' : 'GET template';
  const code = status === 200 ? {} : { code: String(status) };
  cloud.journal.add({ at: Date.now(), api: 'other', action, params: { identifier }, ...code });
  request.resume();
  if (status !== 200) {
    response.writeHead(status).end();
  } else if (folder === undefined) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: listTemplates(cloud, url.searchParams) }));
  } else {
    const zip = await zipFolder(join(EXAMPLES, folder));
    response.writeHead(200, { 'content-type': 'application/zip' }).end(zip);
  }
}

function listTemplates(cloud: Cloud, query: URLSearchParams): object[] {
  const skip = Number(query.get('skip') ?? 0);
  const limit = Number(query.get('limit') ?? TEMPLATES.length);
  return TEMPLATES.slice(skip, skip + limit).map((template) => ({
    ...template,
    zipFileStore: `${cloud.baseUrl}/templates/${template.identifier}.zip`,
  }));
}

async function zipFolder(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const zip = new ZipFile();
  for (const path of paths) {
    const name = relative(folder, path).split(sep);
    if (!name.includes('node_modules')) zip.addBuffer(await readFile(path), name.join('/'));
  }
  zip.end();
  return buffer(zip.outputStream);
}
