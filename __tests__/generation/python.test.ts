import { describe, expect, it } from '@jest/globals';

import { generateFor, linesOf, refusalOf, type Sources } from '../support/generated.ts';

const flaskApp = 'from flask import Flask\n\napp = Flask(__name__)\n';
const fastApp = 'from fastapi import FastAPI\n\napp: FastAPI = FastAPI(title="x")\n';
const manage = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')\n";

function flask(requirements: string, more: Sources = {}): Sources {
  return { 'requirements.txt': requirements, 'app.py': flaskApp, ...more };
}

it('is written for Flask', async () => {
  const { dockerfile, dockerignore, faults, warnings } = await generateFor(
    flask('Flask>=3\ngunicorn==23.0.0\n'),
  );
  expect(dockerfile).toBe(`FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1
ENV PORT=8080
WORKDIR /app

COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt

RUN useradd --uid 1000 app

COPY . .

USER app
EXPOSE 8080
CMD ["sh", "-c", "exec gunicorn --bind 0.0.0.0:$PORT --threads 8 app:app"]
`);
  expect(dockerignore).toContain('\n.venv\n');
  expect(faults).toEqual([]);
  expect(warnings).toEqual([]);
});

const gunicorn = 'gunicorn --bind 0.0.0.0:$PORT --threads 8';
const uvicorn = 'uvicorn --host 0.0.0.0 --port $PORT';

describe('the command', () => {
  it.each<[string, Sources, string]>([
    [
      'Flask in wsgi.py',
      { 'requirements.txt': 'flask\ngunicorn', 'wsgi.py': 'import flask\napplication = flask.Flask("x")\n' },
      `${gunicorn} wsgi:application`,
    ],
    [
      'a Flask factory',
      {
        'requirements.txt': 'flask\ngunicorn',
        'app/__init__.py': 'def create_app(config: dict = None, debug=False):\n    return Flask("x")\n',
      },
      `${gunicorn} 'app:create_app()'`,
    ],
    [
      'an application that a factory made',
      {
        'requirements.txt': 'flask\ngunicorn',
        'main.py': 'from site import create_app\napp = create_app()\n',
      },
      `${gunicorn} main:app`,
    ],
    ['Flask with waitress', flask('flask\nwaitress\n'), 'waitress-serve --listen=0.0.0.0:$PORT app:app'],
    [
      'FastAPI',
      { 'requirements.txt': 'fastapi\nuvicorn[standard]>=0.30\n', 'main.py': fastApp },
      `${uvicorn} main:app`,
    ],
    [
      'FastAPI with its own server',
      { 'requirements.txt': 'fastapi[standard]\n', 'app/main.py': fastApp },
      `${uvicorn} app.main:app`,
    ],
    [
      'a FastAPI factory',
      { 'requirements.txt': 'fastapi\nuvicorn\n', 'main.py': 'def create_app():\n    return FastAPI()\n' },
      `${uvicorn} --factory main:create_app`,
    ],
    [
      'Django',
      { 'requirements.txt': 'Django\ngunicorn', 'manage.py': manage, 'mysite/wsgi.py': '' },
      `${gunicorn} mysite.wsgi:application`,
    ],
    [
      'Django with uvicorn',
      { 'requirements.txt': 'Django\nuvicorn', 'manage.py': manage, 'mysite/asgi.py': '' },
      `${uvicorn} mysite.asgi:application`,
    ],
    [
      'Django with settings by environment',
      { 'requirements.txt': 'Django\ngunicorn', 'manage.py': '', 'config/wsgi.py': '' },
      `${gunicorn} config.wsgi:application`,
    ],
  ])('starts %s', async (_name, sources, command) => {
    const { dockerfile, faults } = await generateFor(sources);
    expect(linesOf(dockerfile, 'CMD')).toEqual([`["sh", "-c", "exec ${command}"]`]);
    expect(faults).toEqual([]);
  });

  it.each<[string, Sources, string]>([
    ['Flask without a server', flask('flask\n'), 'add "gunicorn" to them'],
    [
      'FastAPI without a server',
      { 'requirements.txt': 'fastapi\n', 'main.py': fastApp },
      'add "uvicorn" to them',
    ],
    [
      'FastAPI with a server for WSGI',
      { 'requirements.txt': 'fastapi\ngunicorn\n', 'main.py': fastApp },
      'add "uvicorn" to them',
    ],
    [
      'no application',
      { 'requirements.txt': 'flask\ngunicorn\n', 'tool.py': 'print(1)\n' },
      'no Python file of a usual name',
    ],
    [
      'an application inside a function',
      { 'requirements.txt': 'flask\ngunicorn\n', 'app.py': 'def f():\n    app = Flask("x")\n' },
      'no Python file of a usual name',
    ],
    [
      'a factory that wants more',
      {
        'requirements.txt': 'flask\ngunicorn\n',
        'app.py': 'def create_app(config):\n    return Flask("x")\n',
      },
      'no Python file of a usual name',
    ],
    [
      'Django without wsgi.py',
      { 'requirements.txt': 'django\ngunicorn\n', 'manage.py': manage },
      'no folder beside it holds wsgi.py',
    ],
    [
      'Django in a folder that a shell would read',
      { 'requirements.txt': 'django\ngunicorn\n', 'manage.py': '', 'a; b/wsgi.py': '' },
      'no folder beside it holds wsgi.py',
    ],
  ])('is refused for %s', async (_name, sources, sentence) => {
    const outcome = await generateFor(sources);
    expect(refusalOf(outcome)).toContain(sentence);
    expect(outcome.dockerfile).toBe('');
  });
});

describe('the installation', () => {
  it('takes the requirements files that the first one includes', async () => {
    const sources = flask('-r requirements-base.txt\n-c constraints.txt # ours\n', {
      'requirements-base.txt': 'flask\ngunicorn\n-r requirements.txt\n',
      'constraints.txt': 'flask==3.0.0\n',
    });
    const { dockerfile, faults } = await generateFor(sources);
    expect(linesOf(dockerfile, 'COPY')[0]).toBe('requirements.txt requirements-base.txt constraints.txt ./');
    expect(faults).toEqual([]);
    const gone = flask('gunicorn\n-r requirements/base.txt\n', { 'requirements/base.txt': 'flask' });
    expect(refusalOf(await generateFor(gone))).toContain(
      '"requirements/base.txt" is not beside the Dockerfile',
    );
  });

  const uv = (text: string): Sources => ({ 'pyproject.toml': text, 'uv.lock': '', 'main.py': fastApp });

  it.each([
    '[project]\nrequires-python = ">=3.11,<3.13"\ndependencies = [\n  "fastapi>=0.1",\n  "uvicorn[standard]",\n]\n',
    '[project]\nrequires-python = "==3.12.*"\ndependencies = ["fastapi", "uvicorn[standard]>=0.3"]\n',
    '[project]\nrequires-python = "==3.12.*"\ndependencies = ["fastapi", # one\n  "uvicorn"]\n[dependency-groups]\ndev = [\n  "mysqlclient",\n]\n',
  ])('takes the lockfile of uv', async (text) => {
    const { dockerfile, faults } = await generateFor(uv(text));
    expect(linesOf(dockerfile, 'FROM')).toEqual(['python:3.12-slim AS build', 'python:3.12-slim']);
    expect(linesOf(dockerfile, 'RUN')).toEqual([
      'pip install --no-cache-dir uv',
      'uv sync --locked --no-dev --no-install-project --no-cache',
      'useradd --uid 1000 app',
    ]);
    expect(linesOf(dockerfile, 'COPY')).toEqual([
      'pyproject.toml uv.lock ./',
      '--from=build /app/.venv ./.venv',
      '. .',
    ]);
    expect(faults).toEqual([]);
  });

  it.each<[string, Sources, string]>([
    [
      'no requirements',
      { 'pyproject.toml': '[project]\n', 'app.py': flaskApp },
      'neither requirements.txt nor uv.lock',
    ],
    [
      'a lockfile of Poetry',
      { 'pyproject.toml': '', 'poetry.lock': '', 'app.py': flaskApp },
      '"poetry export"',
    ],
    ['a folder', flask('-e .\n'), 'a package in a folder or a Git repository'],
    [
      'a Git repository',
      flask('ours @ git+https://example.com/ours.git\n'),
      'a package in a folder or a Git repository',
    ],
    [
      'a server for development',
      uv('[project]\ndependencies = ["fastapi"]\n[dependency-groups]\ndev = [\n  "uvicorn",\n]\n'),
      'add "uvicorn"',
    ],
    [
      'sources of uv',
      uv('[project]\ndependencies = ["fastapi"]\n[tool.uv.sources]\n'),
      'elsewhere than the index',
    ],
    ['psycopg2', flask('flask\ngunicorn\npsycopg2==2.9\n'), 'use psycopg2-binary'],
    ['mysqlclient', flask('flask\ngunicorn\nmysqlclient\n'), 'use PyMySQL'],
  ])('is refused for %s', async (_name, sources, sentence) => {
    expect(refusalOf(await generateFor(sources))).toContain(sentence);
  });

  it('takes psycopg2-binary, and the Python that is asked for', async () => {
    const sources = flask('flask\ngunicorn\npsycopg2-binary\n', { 'runtime.txt': 'python-3.8.2\n' });
    const { dockerfile, warnings, faults } = await generateFor(sources);
    expect(dockerfile).toMatch(/^# runtime.txt asks for Python "python-3.8.2", .*\nFROM python:3.11-slim\n/);
    expect(warnings).toHaveLength(1);
    expect(faults).toEqual([]);
  });
});

it('reads a file that is made to be slow at once', async () => {
  const app = `def create_app(${'a=b '.repeat(5_000)}`;
  expect(refusalOf(await generateFor({ 'requirements.txt': 'flask\ngunicorn', 'app.py': app }))).toContain(
    'no Python file of a usual name',
  );
});
