import { describe, expect, it } from '@jest/globals';

import { commandPortRules } from '../../../src/lint/dockerfile/listen.ts';
import type { ServiceFacts } from '../../../src/lint/rule.ts';
import { checkDockerfile } from '../../support/lint.ts';

/** What the rules about ports find in the lines after FROM, as `id line:column message`. */
function find(lines: string, port?: number, service: Partial<ServiceFacts> = {}): string[] {
  const files = { Dockerfile: `FROM a\n${lines}\n` };
  return commandPortRules
    .filter(({ id }) => id < 'CBR017')
    .flatMap((rule) =>
      checkDockerfile(rule, { mode: 'container', files }, { port, ...service }).map(
        ({ at, message }) => `${rule.id} ${at.line}:${at.column} ${message}`,
      ),
    );
}

describe('a command that listens on another port', () => {
  it.each([
    ['CMD ["gunicorn", "-b", "0.0.0.0:8000", "a:b"]', '2:25', '-b 0.0.0.0:8000'],
    ['CMD ["gunicorn", "-b:8000", "a:b"]', '2:19', '-b:8000'],
    ['CMD ["gunicorn", "--bind=0.0.0.0:8000", "a:b"]', '2:19', '--bind=0.0.0.0:8000'],
    ['CMD ["gunicorn", "--bind", "[::]:8000"]', '2:29', '--bind [::]:8000'],
    ['CMD exec gunicorn a:b \\\n  --bind 0.0.0.0:8000', '3:10', '--bind 0.0.0.0:8000'],
    ['CMD ["sh", "-c", "exec uvicorn a:b --port 8000"]', '2:43', '--port 8000'],
    ['CMD ["python", "-m", "uvicorn", "a:b", "--port", "8000"]', '2:51', '--port 8000'],
    ['CMD ["uv", "run", "--no-sync", "uvicorn", "a:b", "--port=8000"]', '2:51', '--port=8000'],
    ['ENTRYPOINT ["uvicorn"]\nCMD ["a:b", "--port", "8000"]', '3:24', '--port 8000'],
    ['CMD python manage.py migrate && python manage.py runserver 0.0.0.0:8000', '2:60', '0.0.0.0:8000'],
    ['CMD ["python", "manage.py", "runserver", "8000"]', '2:43', '8000'],
    ['CMD ["flask", "--app", "x", "run", "-h", "0.0.0.0", "-p", "8000"]', '2:60', '-p 8000'],
    ['CMD ["python3", "-m", "http.server", "8000"]', '2:39', '8000'],
    ['CMD ["php", "-S", "0.0.0.0:8000", "-t", "public"]', '2:20', '-S 0.0.0.0:8000'],
    ['CMD ["php", "artisan", "serve", "--host=0.0.0.0", "--port=8000"]', '2:52', '--port=8000'],
    ['CMD ["java", "-Dserver.port=8000", "-jar", "x.jar"]', '2:15', '-Dserver.port=8000'],
    ['CMD ["java", "-jar", "x.jar", "--server.port=8000"]', '2:32', '--server.port=8000'],
    ['ENTRYPOINT ["dotnet", "x.dll", "--urls", "http://0.0.0.0:5000"]', '2:43', '--urls http://0.0.0.0:5000'],
    ['CMD ["npx", "next", "start", "-p", "3000"]', '2:37', '-p 3000'],
    ['CMD ["node_modules/.bin/next", "start", "-p3000"]', '2:42', '-p3000'],
    ['CMD ["npx", "-y", "serve", "-s", "build", "-l", "3000"]', '2:50', '-l 3000'],
    ['CMD ["streamlit", "run", "x.py", "--server.port=8501"]', '2:35', '--server.port=8501'],
    ['CMD ["/entrypoint.sh", "gunicorn", "-b", ":8000"]', '2:43', '-b :8000'],
    ['CMD ["pnpm", "exec", "next", "start", "-p", "3000"]', '2:46', '-p 3000'],
    ['CMD ["python", "-u", "-m", "uvicorn", "a:b", "--port", "8000"]', '2:57', '--port 8000'],
    ['CMD ["bundle", "exec", "puma", "-p", "3000"]', '2:39', '-p 3000'],
  ])('is an error: %j', (command, place, shown) => {
    const port = Number(/\d+$/.exec(shown)?.[0]);
    expect(find(command, 8080)).toEqual([
      `CBR014 ${place} The command listens on port ${port} ("${shown}"), but the port of the service is 8080.`,
    ]);
    expect(find(command, port)).toEqual([
      `CBR015 ${place} The command names the port as a number ("${shown}").`,
    ]);
    expect(find(command)).toEqual([`CBR015 ${place} The command names the port as a number ("${shown}").`]);
  });

  it('is compared with the single EXPOSE where no port is set', () => {
    expect(find('EXPOSE 9000\nCMD ["uvicorn", "a:b", "--port", "8000"]')[0]).toContain(
      'CBR014 3:35 The command listens on port 8000',
    );
    expect(find('EXPOSE 9000 9001\nCMD ["uvicorn", "a:b", "--port", "8000"]')[0]).toContain('CBR015');
  });

  it.each([
    'CMD ["node", "server.js", "--port", "3000"]',
    'CMD ["npm", "start", "--", "--port", "3000"]',
    'CMD ["/app/server", "--http-port", "3000"]',
    'CMD ["/app/server", "--listen", ":3000"]',
  ])('is a warning where the program is not known: %j', (command) => {
    const [hit, ...others] = find(command, 8080);
    expect(hit).toContain('CBR016');
    expect(hit).toContain('The command seems to listen on port 3000');
    expect(others).toEqual([]);
  });

  it.each([
    'CMD ["uvicorn", "a:b", "--host", "0.0.0.0"]',
    'CMD exec gunicorn -b 0.0.0.0:$PORT a:b',
    'CMD exec gunicorn -b 0.0.0.0:${PORT:-8000} a:b',
    'CMD exec gunicorn -b "0.0.0.0:${PORT:-8000}" a:b',
    'CMD exec gunicorn -b 0.0.0.0:8000 -b 0.0.0.0:$PORT a:b',
    'CMD ["gunicorn", "-b", "unix:/tmp/x.sock"]',
    'CMD ["gunicorn", "-w", "8000"]',
    'CMD ["gunicorn", "a:b"]',
    'CMD exec uvicorn a:b --port $PORT',
    'CMD exec flask run --port=${PORT}',
    'CMD exec java -Dserver.port=$PORT -jar x.jar',
    'CMD ["java", "-jar", "x.jar", "--server.port=${PORT}"]',
    'CMD ["java", "-Xmx512m", "-jar", "x.jar", "--spring.redis.port=6379"]',
    'CMD ["node", "server.js", "-p", "3000"]',
    'CMD ["node", "server.js", "--db-port", "5432", "--redis-host=a:6379"]',
    'CMD ["/wait", "db:5432", "--", "node", "x"]',
    'CMD nc -z db -p 5432 && exec node x',
    'CMD gunicorn -b 127.0.0.1:8000 a:b & nginx -g "daemon off;"',
    'RUN apt-get install -y nginx\nCMD ["gunicorn", "-b", "127.0.0.1:8000"]',
    'COPY supervisord.conf /etc\nCMD ["uvicorn", "a:b", "--port", "8000"]',
    'CMD redis-server --port 6379 & exec node x',
    'CMD node x | tee --port 3',
    'CMD pip install uvicorn --port 3 && exec node x',
    'HEALTHCHECK CMD curl http://localhost:3000\nCMD ["node", "x"]',
    'CMD ["uvicorn", "a:b", "--port", "8000"]\nCMD ["node", "x"]',
    'FROM b\nCMD ["node", "x"]',
    'CMD ["python", "manage.py", "runserver", "0.0.0.0:$PORT"]',
    "CMD ['uvicorn', '--port', '3000']",
    'CMD ["constructor", "--toString", "80"]',
  ])('is not found in %j', (command) => {
    expect(find(command, 8080)).toEqual([]);
  });

  it('is not found where the service config has a command', () => {
    expect(find('CMD ["uvicorn", "a:b", "--port", "8000"]', 8080, { hasCommand: true })).toEqual([]);
  });
});

describe('an env var that fixes the port', () => {
  const other = (name: string): string =>
    `ENV fixes another port in "${name}" than 8080, the one of the service.`;

  it.each([
    ['ENV UVICORN_PORT=3000\nCMD ["uvicorn", "a:b"]', '2:5', 'UVICORN_PORT'],
    ['ENV A=1 \\\n  FLASK_RUN_PORT="3000"\nCMD ["flask", "run"]', '3:3', 'FLASK_RUN_PORT'],
    ['ENV ASPNETCORE_URLS=http://+:80\nCMD ["dotnet", "x.dll"]', '2:5', 'ASPNETCORE_URLS'],
    ['ENV ASPNETCORE_HTTP_PORTS=80\nCMD ["./x"]', '2:5', 'ASPNETCORE_HTTP_PORTS'],
    [
      'ENV GUNICORN_CMD_ARGS="--workers=2 --bind=0.0.0.0:80"\nCMD ["gunicorn", "a:b"]',
      '2:5',
      'GUNICORN_CMD_ARGS',
    ],
    ['ENV SERVER_PORT 3000\nCMD ["java", "-jar", "x.jar"]', '2:5', 'SERVER_PORT'],
    ['ENV NITRO_PORT=3000\nCMD ["node", "x"]', '2:5', 'NITRO_PORT'],
  ])('is found in %j', (lines, place, name) => {
    expect(find(lines, 8080)).toEqual([`CBR016 ${place} ${other(name)}`]);
    expect(find(lines)).toEqual([`CBR015 ${place} ENV fixes the port in "${name}".`]);
  });

  it.each([
    'ENV PORT=3000\nCMD ["node", "x"]',
    'ENV UVICORN_PORT=3000\nCMD ["gunicorn", "a:b"]',
    'ENV UVICORN_PORT=3000\nCMD exec uvicorn a:b --port $PORT',
    'ENV UVICORN_PORT=3000 UVICORN_PORT=$PORT\nCMD ["uvicorn", "a:b"]',
    'ENV DB_PORT=5432 REDIS_PORT=6379\nCMD ["node", "x"]',
    'ENV GUNICORN_CMD_ARGS="--workers=2"\nCMD ["gunicorn", "a:b"]',
    'FROM x AS y\nENV SERVER_PORT=3000\nFROM b\nCMD ["java"]',
    'ENV constructor=1\nCMD ["java"]',
  ])('is not found in %j', (lines) => {
    expect(find(lines, 8080)).toEqual([]);
  });

  it('is not found where the service config sets it', () => {
    const env = [{ name: 'UVICORN_PORT', value: '8080', at: undefined }];
    expect(find('ENV UVICORN_PORT=3000\nCMD ["uvicorn", "a:b"]', 8080, { env })).toEqual([]);
  });

  it.each([
    ['CMD PORT=3000 exec node x', '2:5', 'PORT'],
    ['CMD export PORT=3000; exec node x', '2:12', 'PORT'],
    ['CMD ["env", "A=1", "PORT=3000", "node", "x"]', '2:21', 'PORT'],
    ['CMD UVICORN_PORT=3000 uvicorn a:b', '2:5', 'UVICORN_PORT'],
  ])('is found in the command %j', (command, place, name) => {
    expect(find(command, 8080)).toEqual([
      `CBR016 ${place} The command sets "${name}" to another port than 8080, the one of the service.`,
    ]);
  });

  it.each([
    'CMD PORT=8080 exec node x',
    'CMD PORT=${PORT:-3000} exec node x',
    'CMD DB_PORT=5432 exec node x',
  ])('is not found in the command %j', (command) => {
    expect(find(command, 8080)).toEqual([]);
  });
});
