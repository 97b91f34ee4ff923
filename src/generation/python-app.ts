import { posix } from 'node:path';

import { refuse, sample, type Snapshot } from './source.ts';

/** A Python web application as a server loads it. */
export interface PythonApp {
  /** `package.module:name` */
  readonly target: string;
  readonly kind: 'wsgi' | 'asgi';
  readonly framework: string;
}

const makers: Readonly<Record<string, PythonApp['kind']>> = {
  Flask: 'wsgi',
  FastAPI: 'asgi',
  Starlette: 'asgi',
  Quart: 'asgi',
};
const modules = ['main', 'app', 'wsgi', 'asgi', 'server', 'application', 'api', 'run'];

/** A parameter that a caller may leave out. */
const optional = '\\w+\\s*(?::[^=,)\\n]+)?=[^,)=]*';

/** Finds the application: of Django by manage.py, else the one object of a framework in a module of a usual name. */
export function findPythonApp(snapshot: Snapshot, hasAsgiOnly: boolean): PythonApp {
  if (snapshot.files.has('manage.py')) return findDjango(snapshot, hasAsgiOnly);
  const found = candidates(snapshot).flatMap((path) => parseApp(path, snapshot.texts.get(path) ?? ''));
  const [first] = found;
  if (first !== undefined) return first;
  return refuse(
    'no Python file of a usual name (main.py, app.py, wsgi.py, app/main.py) makes a Flask or FastAPI application at its ' +
      `top level, as in "app = Flask(__name__)", and there is no manage.py; ${sample}.`,
  );
}

function findDjango({ files, texts }: Snapshot, hasAsgiOnly: boolean): PythonApp {
  const settings = /DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']/.exec(
    texts.get('manage.py') ?? '',
  )?.[1];
  const named = settings?.split('.')[0] ?? '';
  const kind = hasAsgiOnly ? 'asgi' : 'wsgi';
  const folders = [named, ...[...files].map((path) => posix.dirname(path))].filter(
    (folder) => folder !== '.',
  );
  const folder = folders.find((each) => /^[A-Za-z_]\w*$/.test(each) && files.has(`${each}/${kind}.py`));
  if (folder === undefined)
    refuse(`manage.py is there, but no folder beside it holds ${kind}.py, which a server loads; ${sample}.`);
  return { target: `${folder}.${kind}:application`, kind, framework: 'Django' };
}

function candidates({ files }: Snapshot): string[] {
  const inside = ['app', 'src', 'api', 'server'].flatMap((folder) =>
    ['main', 'app', 'wsgi', '__init__'].map((name) => `${folder}/${name}.py`),
  );
  return [...modules.map((name) => `${name}.py`), ...inside].filter((path) => files.has(path));
}

function parseApp(path: string, text: string): PythonApp[] {
  const module = path.replace(/(\/__init__)?\.py$/, '').replaceAll('/', '.');
  const made = /^(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?(Flask|FastAPI|Starlette|Quart)\(/m.exec(text);
  const [, name, framework = ''] = made ?? [];
  if (name !== undefined)
    return [{ target: `${module}:${name}`, kind: makers[framework] ?? 'wsgi', framework }];
  const called = /^(app|application)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?(?:create|make)_app\(/m.exec(text)?.[1];
  const factory = new RegExp(
    `^def (create_app|make_app)\\(\\s*(?:${optional}(?:,\\s*${optional})*,?\\s*)?\\)`,
    'm',
  );
  const maker = factory.exec(text)?.[1];
  if (called === undefined && maker === undefined) return [];
  const kind = /\b(FastAPI|Starlette|Quart)\b/.test(text) ? 'asgi' : 'wsgi';
  const target = called === undefined ? `${module}:${maker ?? ''}()` : `${module}:${called}`;
  return [{ target, kind, framework: kind === 'wsgi' ? 'Flask' : 'FastAPI' }];
}
