import { describe, expect, it } from '@jest/globals';

import { loopbackRules } from '../../../src/lint/dockerfile/loopback.ts';
import type { ServiceFacts } from '../../../src/lint/rule.ts';
import { checkDockerfile } from '../../support/lint.ts';

/** What the rules find in the lines after FROM, as `id line:column message`. */
function find(
  lines: string,
  files: Readonly<Record<string, string>> = {},
  service: Partial<ServiceFacts> = {},
): string[] {
  const example = {
    mode: 'container' as const,
    files: { Dockerfile: `FROM a\n${lines}\n`, ...files },
    port: 8080,
  };
  return loopbackRules.flatMap((rule) =>
    checkDockerfile(rule, example, service).map(
      ({ at, message }) => `${rule.id} ${at.line}:${at.column} ${message}`,
    ),
  );
}

describe('a command that listens on 127.0.0.1', () => {
  it.each([
    ['CMD ["uvicorn", "a:b", "--host", "127.0.0.1"]', '2:35', '--host 127.0.0.1'],
    ['CMD exec uvicorn a:b --host=localhost --port $PORT', '2:22', '--host=localhost'],
    ['CMD ["gunicorn", "--bind=127.0.0.1:8080"]', '2:19', '--bind=127.0.0.1:8080'],
    ['CMD exec gunicorn -b localhost:$PORT', '2:22', '-b localhost:$PORT'],
    ['CMD exec gunicorn -b [::1]:$PORT', '2:22', '-b [::1]:$PORT'],
    ['CMD ["next", "start", "-H", "localhost"]', '2:30', '-H localhost'],
    ['CMD exec python manage.py runserver 127.0.0.1:$PORT', '2:37', '127.0.0.1:$PORT'],
    ['CMD ["php", "-S", "localhost:80"]', '2:20', '-S localhost:80'],
    ['CMD ["java", "-Dserver.address=127.0.0.1", "-jar", "x.jar"]', '2:15', '-Dserver.address=127.0.0.1'],
    [
      'ENTRYPOINT ["dotnet", "x.dll", "--urls=http://localhost:5000"]',
      '2:33',
      '--urls=http://localhost:5000',
    ],
  ])('is an error: %j', (command, place, shown) => {
    expect(find(command)).toEqual([
      `CBR017 ${place} The command listens on the container itself alone ("${shown}").`,
    ]);
  });

  it('is a warning where the program is not known', () => {
    expect(find('CMD ["./server", "--bind", "127.0.0.1"]')).toEqual([
      'CBR018 2:29 The command seems to listen on the container itself alone ("--bind 127.0.0.1").',
    ]);
    expect(find('CMD ["node", "x", "--host", "localhost"]')).toEqual([
      'CBR018 2:30 The command seems to listen on the container itself alone ("--host localhost").',
    ]);
  });

  it.each([
    'CMD ["uvicorn", "a:b", "--host", "0.0.0.0"]',
    'CMD ["uvicorn", "a:b", "--host", "::"]',
    'CMD exec uvicorn a:b --host $HOST',
    'CMD ["gunicorn", "-b", "127.0.0.1:8000", "-b", "0.0.0.0:8080"]',
    'CMD ["dotnet", "x.dll", "--urls", "http://localhost:5000;http://0.0.0.0:8080"]',
    'CMD ["node", "x", "--redis-host", "localhost", "--db=127.0.0.1"]',
    'HEALTHCHECK CMD curl -f http://localhost:8080/ || exit 1\nCMD ["node", "x"]',
    'CMD mysql --host localhost && exec node x',
    'CMD gunicorn -b 127.0.0.1:8000 a:b & exec nginx',
    'RUN apk add nginx\nCMD ["gunicorn", "-b", "127.0.0.1:8000"]',
    'CMD ["gunicorn", "a:b", "--forwarded-allow-ips=127.0.0.1"]',
    'CMD ["gunicorn", "a:b"]',
    'CMD ["vite", "--host"]',
    'CMD ["gunicorn", "-b", "127.0.0.1:80"]\nCMD ["node", "x"]',
  ])('is not found in %j', (command) => {
    expect(find(command)).toEqual([]);
  });
});

describe('an env var that names 127.0.0.1', () => {
  it.each([
    ['ENV HOST=127.0.0.1\nCMD ["node", "x"]', 'HOST'],
    ['ENV HOSTNAME localhost\nCMD ["node", "server.js"]', 'HOSTNAME'],
    ['ENV LISTEN_ADDR=127.0.0.1:8080\nCMD ["./x"]', 'LISTEN_ADDR'],
    ['ENV BIND="[::1]:80"\nCMD ["./x"]', 'BIND'],
    ['ENV UVICORN_HOST=127.0.0.1\nCMD ["uvicorn", "a:b"]', 'UVICORN_HOST'],
    ['ENV ASPNETCORE_URLS=http://localhost:8080\nCMD ["./x"]', 'ASPNETCORE_URLS'],
    ['ENV GUNICORN_CMD_ARGS="--bind 127.0.0.1:8080"\nCMD ["gunicorn", "a:b"]', 'GUNICORN_CMD_ARGS'],
  ])('is found in %j', (lines, name) => {
    expect(find(lines)).toEqual([
      `CBR018 2:5 ENV "${name}" names the container itself as the address to listen on.`,
    ]);
  });

  it.each([
    'ENV HOST=0.0.0.0\nCMD ["node", "x"]',
    'ENV DB_HOST=localhost REDIS_URL=redis://127.0.0.1\nCMD ["node", "x"]',
    'ENV HOST=127.0.0.1\nENV HOST=0.0.0.0\nCMD ["node", "x"]',
    'ENV HOST=127.0.0.1\nCMD ["uvicorn", "a:b", "--host", "0.0.0.0"]',
    'ENV UVICORN_HOST=127.0.0.1\nCMD ["gunicorn", "a:b"]',
    'ENV HOST=localhost.example.com\nCMD ["node", "x"]',
    'FROM x AS y\nENV HOST=127.0.0.1\nFROM b\nCMD ["node", "x"]',
  ])('is not found in %j', (lines) => {
    expect(find(lines)).toEqual([]);
  });

  it('is not found where the service config sets it', () => {
    const env = [{ name: 'HOST', value: '0.0.0.0', at: undefined }];
    expect(find('ENV HOST=127.0.0.1\nCMD ["node", "x"]', {}, { env })).toEqual([]);
  });
});

describe('a server that listens on 127.0.0.1 by itself', () => {
  it.each([
    ['CMD ["uvicorn", "a:b"]', '2:7', 'uvicorn'],
    ['CMD exec uvicorn a:b --port $PORT', '2:10', 'uvicorn'],
    ['CMD ["uv", "run", "flask", "run"]', '2:20', 'flask run'],
    ['CMD exec flask --app a run -p $PORT', '2:10', 'flask run'],
    ['CMD ["python", "manage.py", "runserver"]', '2:17', 'manage.py runserver'],
    ['CMD ["python", "manage.py", "runserver", "--noreload", "8080"]', '2:17', 'manage.py runserver'],
    ['CMD ["fastapi", "dev", "x.py"]', '2:7', 'fastapi dev'],
    ['CMD ["hypercorn", "a:b"]', '2:7', 'hypercorn'],
    ['CMD ["php", "artisan", "serve"]', '2:14', 'artisan serve'],
  ])('is found in %j', (command, place, name) => {
    expect(find(command)).toEqual([
      `CBR019 ${place} "${name}" listens on 127.0.0.1 alone, because nothing names another address.`,
    ]);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['CMD ["uvicorn", "a:b", "--host", "0.0.0.0"]', {}],
    ['CMD ["uvicorn", "a:b", "--uds", "/x"]', {}],
    ['ENV UVICORN_HOST=0.0.0.0\nCMD ["uvicorn", "a:b"]', {}],
    ['CMD UVICORN_HOST=0.0.0.0 exec uvicorn a:b', {}],
    ['CMD UVICORN_HOST=0.0.0.0 uvicorn a:b', {}],
    ['CMD exec uvicorn a:b $OPTIONS', {}],
    ['ENTRYPOINT ["sh", "-c", "exec uvicorn a:b \\"$@\\"", "--"]\nCMD ["--host", "0.0.0.0"]', {}],
    ['CMD ["gunicorn", "-k", "uvicorn.workers.UvicornWorker", "a:b"]', {}],
    ['CMD ["python", "app.py", "uvicorn"]', {}],
    ['CMD ["python", "-m", "pip", "install", "uvicorn"]', {}],
    ['CMD ["flask", "run"]', { '.flaskenv': 'FLASK_RUN_HOST=0.0.0.0' }],
    ['ENV FLASK_RUN_HOST=0.0.0.0\nCMD ["flask", "run"]', {}],
    ['CMD ["python", "manage.py", "runserver", "0.0.0.0:8080"]', {}],
    ['CMD ["python", "manage.py", "runserver_plus"]', {}],
    ['CMD exec python manage.py runserver $ADDRESS', {}],
    ['CMD ["fastapi", "run"]', {}],
    ['CMD ["hypercorn", "-c", "x.toml", "a:b"]', {}],
    ['CMD ["python", "app.py"]', {}],
    ['CMD uvicorn a:b & exec nginx', {}],
  ])('is not found in %j', (command, files) => {
    expect(find(command, files)).toEqual([]);
  });

  it('is not found where the service config names an address', () => {
    const env = [{ name: 'UVICORN_HOST', value: '0.0.0.0', at: undefined }];
    expect(find('CMD ["uvicorn", "a:b"]', {}, { env })).toEqual([]);
    expect(find('CMD ["uvicorn", "a:b"]', {}, { hasCommand: true })).toEqual([]);
  });
});
