import { findPythonApp, type PythonApp } from './python-app.ts';
import { ownDockerfile, refuse, sample, type Draft, type Snapshot } from './source.ts';
import { choosePython, type Version } from './versions.ts';

/** How the dependencies of a Python project come into its image. */
interface PythonInstall {
  readonly kind: 'pip' | 'uv';
  readonly copied: readonly string[];
  /** The names of the packages, in lower case. */
  readonly packages: ReadonlySet<string>;
}

const ignored: readonly string[] = [
  '.venv',
  'venv',
  '**/__pycache__',
  '**/*.pyc',
  '.pytest_cache',
  '.mypy_cache',
  '.tox',
];

/** Packages that pip compiles, for which the slim image has no compiler, and what to use instead. */
const compiled: Readonly<Record<string, string>> = {
  psycopg2: 'use psycopg2-binary',
  mysqlclient: 'use PyMySQL',
  uwsgi: 'use gunicorn',
  'python-ldap': 'use ldap3',
};

/** A Dockerfile for a Python web service; what cannot be known for sure is refused as an InputError. */
export function draftPython(snapshot: Snapshot): Draft {
  const install = planInstall(snapshot);
  const { packages } = install;
  refuseCompiled(packages);
  const app = findPythonApp(snapshot, packages.has('uvicorn') && !packages.has('gunicorn'));
  const version = choosePython(snapshot);
  const command = serverCommand(app, packages);
  const run = ['USER app', `EXPOSE ${snapshot.port}`, `CMD ${command}`];
  const lines = install.kind === 'uv' ? uvLines : pipLines;
  return {
    lines: [...lines(snapshot, install, version), '', ...run],
    copied: install.copied,
    ignored,
    doubts: version.doubt === undefined ? [] : [version.doubt],
  };
}

function planInstall({ files, texts }: Snapshot): PythonInstall {
  if (files.has('requirements.txt')) {
    const copied = listRequirements('requirements.txt', texts);
    const lines = copied.flatMap((path) => (texts.get(path) ?? '').split('\n'));
    return { kind: 'pip', copied, packages: new Set(lines.flatMap(parsePackage)) };
  }
  if (files.has('uv.lock') && files.has('pyproject.toml')) {
    const text = texts.get('pyproject.toml') ?? '';
    const listed =
      /^dependencies\s*=\s*\[((?:#[^\n]*|"[^"\n]*"|'[^'\n]*'|[^"'#\]])*)\]/m.exec(text)?.[1] ?? '';
    const names = [...listed.replace(/#[^\n"']*$/gm, '').matchAll(/["']([^"'\n]+)["']/g)];
    if (/^\[tool\.uv\.(sources|workspace)/m.test(text))
      refuse(`pyproject.toml takes packages from elsewhere than the index (tool.uv); ${sample}.`);
    return {
      kind: 'uv',
      copied: ['pyproject.toml', 'uv.lock'],
      packages: new Set(names.flatMap(([, name = '']) => parsePackage(name))),
    };
  }
  return refuse(
    'the dependencies of this Python project are known from neither requirements.txt nor uv.lock. ' +
      `Write one of them ("pip freeze", "uv lock", "poetry export"), or ${ownDockerfile}.`,
  );
}

/** A requirements file and those beside it that it includes. */
function listRequirements(first: string, texts: Snapshot['texts']): string[] {
  const found = [first];
  for (const path of found) {
    const included = readRequirements(path, texts).flatMap(
      (line) => /^(?:-r|--requirement|-c|--constraint)[\s=]*(\S+)/.exec(line)?.[1] ?? [],
    );
    found.push(...new Set(included.filter((each) => !found.includes(each))));
  }
  return found;
}

function readRequirements(path: string, texts: Snapshot['texts']): string[] {
  const text = texts.get(path);
  if (text === undefined) refuse(`"${path}" is not beside the Dockerfile, or is no UTF-8 text; ${sample}.`);
  const lines = text.split('\n').map((line) => line.replace(/(^|\s)#.*/, '').trim());
  const foreign = lines.find((line) => /^(-e|--editable|\.|\/|file:)|(^|@\s*)git\+/.test(line));
  if (foreign === undefined) return lines;
  return refuse(
    `"${path}" names a package in a folder or a Git repository, which are not there while pip installs; ${sample}.`,
  );
}

/** The name of a package, and each extra with it: `uvicorn[standard]` is `uvicorn` and `uvicorn[standard]`. */
function parsePackage(line: string): string[] {
  const [, name, extras = ''] = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?/.exec(line) ?? [];
  if (name === undefined) return [];
  const plain = name.toLowerCase().replace(/[._]/g, '-');
  const more = extras.split(',').map((extra) => `${plain}[${extra.trim()}]`);
  return [plain, ...more];
}

function refuseCompiled(packages: ReadonlySet<string>): void {
  const [found] = Object.entries(compiled).find(([name]) => packages.has(name)) ?? [];
  if (found === undefined) return;
  refuse(
    `"${found}" is compiled when it is installed, and the slim image has no compiler: ${compiled[found] ?? ''}, or ${ownDockerfile}.`,
  );
}

/** `exec` makes the server the process that gets SIGTERM; the shell is there for PORT. */
function serverCommand({ target, kind, framework }: PythonApp, packages: ReadonlySet<string>): string {
  const shell = (command: string): string => `["sh", "-c", ${JSON.stringify(`exec ${command}`)}]`;
  const name = target.includes('(') ? `'${target}'` : target;
  if (kind === 'wsgi' && packages.has('gunicorn'))
    return shell(`gunicorn --bind 0.0.0.0:$PORT --threads 8 ${name}`);
  if (kind === 'wsgi' && packages.has('waitress') && !target.includes('('))
    return shell(`waitress-serve --listen=0.0.0.0:$PORT ${name}`);
  const hasUvicorn = ['uvicorn', 'fastapi[standard]', 'fastapi[all]'].some((each) => packages.has(each));
  if (kind === 'asgi' && hasUvicorn) {
    const factory = target.endsWith('()') ? '--factory ' : '';
    return shell(`uvicorn --host 0.0.0.0 --port $PORT ${factory}${target.replace(/\(\)$/, '')}`);
  }
  const server = kind === 'wsgi' ? 'gunicorn' : 'uvicorn';
  return refuse(
    `${framework} needs a server for production, and the dependencies name none: add "${server}" to them.`,
  );
}

function pipLines({ port }: Snapshot, { copied }: PythonInstall, version: Version): string[] {
  const main = copied[0] ?? 'requirements.txt';
  return [
    ...baseLines(version),
    '',
    ...envLines(port),
    'WORKDIR /app',
    '',
    `COPY ${copied.join(' ')} ./`,
    `RUN pip install --no-cache-dir -r ${main}`,
    '',
    ...userLines,
  ];
}

function uvLines({ port }: Snapshot, { copied }: PythonInstall, version: Version): string[] {
  return [
    ...baseLines(version, 'build'),
    '',
    '# The environment is made with the Python of the image, which the final stage has at the same place.',
    'ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy',
    'WORKDIR /app',
    '',
    'RUN pip install --no-cache-dir uv',
    `COPY ${copied.join(' ')} ./`,
    'RUN uv sync --locked --no-dev --no-install-project --no-cache',
    '',
    `FROM python:${version.line}-slim`,
    '',
    ...envLines(port),
    'ENV PATH=/app/.venv/bin:$PATH',
    'WORKDIR /app',
    '',
    'COPY --from=build /app/.venv ./.venv',
    ...userLines,
  ];
}

function baseLines({ line, doubt }: Version, stage?: string): string[] {
  const from = `FROM python:${line}-slim`;
  return [...(doubt === undefined ? [] : [`# ${doubt}`]), stage === undefined ? from : `${from} AS ${stage}`];
}

function envLines(port: number): string[] {
  return ['ENV PYTHONUNBUFFERED=1', `ENV PORT=${port}`];
}

const userLines: readonly string[] = ['RUN useradd --uid 1000 app', '', 'COPY . .'];
