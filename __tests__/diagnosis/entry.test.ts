import { expect, it } from '@jest/globals';

import { readClosing } from '../../src/diagnosis/closing.ts';
import { findMissingEntry } from '../../src/diagnosis/entry.ts';

const find = (log: string, exitCode = 1): string | undefined =>
  findMissingEntry(readClosing(log.split('\n')), exitCode);

it.each([
  ["Error: Cannot find module '/app/server.js'", 'it cannot find the file "/app/server.js"'],
  [
    "Error: Cannot find module 'express'\nRequire stack:\n- /app/server.js",
    'it cannot find the module "express"',
  ],
  [
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'koa' imported from /app/a.js",
    'it cannot find the package "koa"',
  ],
  [
    "python3: can't open file '/app/main.py': [Errno 2] No such file or directory",
    'it cannot find the file "/app/main.py"',
  ],
  ["ModuleNotFoundError: No module named 'flask'", 'it cannot find the module "flask"'],
  ['/usr/bin/python3: No module named uvicorn', 'it cannot find the module "uvicorn"'],
  ["Failed to find attribute 'app' in 'main'.", 'the app that is started is not in the module "main"'],
  ['ERROR:    Error loading ASGI app. Could not import module "main".', 'it cannot import the module "main"'],
  [
    'ERROR:    Error loading ASGI app. Attribute "app" not found in module "main".',
    'the app that is started is not in the module "main"',
  ],
  ['Error: Unable to access jarfile app.jar', 'it cannot find the file "app.jar"'],
  ['Error: Could not find or load main class com.example.App', 'it cannot find the class "com.example.App"'],
  ['no main manifest attribute, in app.jar', 'no main class is named in "app.jar"'],
  ['Could not open input file: artisan', 'it cannot find the file "artisan"'],
  ['npm error Missing script: "start"', 'package.json has no script "start"'],
  [
    'npm error enoent Could not read package.json: Error: ENOENT: no such file or directory',
    'it cannot find package.json',
  ],
  ['Error: Unable to access jarfile user:secret@host', 'it cannot find the file'],
  [
    "ModuleNotFoundError: No module named 'main'\n[7] Worker exiting\ngunicorn.errors.HaltServer: <HaltServer 'Worker failed to boot.' 3>",
    'it cannot find the module "main"',
  ],
  ["Cannot find module 'colors'\nCannot find module '/app/a.js'", 'it cannot find the file "/app/a.js"'],
  ["Error: Could not import 'nope'.", 'it cannot import the module "nope"'],
  ['exec /app/run.sh: no such file or directory', 'it cannot run "/app/run.sh"'],
  ['exec: "serve": executable file not found in $PATH', 'it cannot run "serve"'],
  ['exec: "/app/x": stat /app/x: no such file or directory: unknown', 'it cannot run "/app/x"'],
  [
    'Failed to load target function, because "Function \'main\' is not defined."',
    'the framework cannot load the function',
  ],
  ['Failed to load function people, because "x"', 'the framework cannot load the function "people"'],
])('%s', (log, reason) => {
  expect(find(log)).toBe(reason);
});

it.each<[number, string, string]>([
  [127, '/bin/sh: 1: ./serve: not found', 'it cannot find its start command "./serve"'],
  [127, 'bash: serve: command not found', 'it cannot find its start command "serve"'],
  [126, '/bin/sh: ./serve: Permission denied', 'it may not run its start command "./serve"'],
  [126, '', 'it may not run its start command'],
  [127, '', 'it cannot find its start command'],
])('exit code %d with "%s"', (exitCode, log, reason) => {
  expect(find(log, exitCode)).toBe(reason);
});

it.each([
  ['/bin/sh: 1: ./optional: not found\nError: boom'],
  ["ModuleNotFoundError: No module named 'yaml'\nValueError: no setting"],
  ['Page "/a" not found'],
  ["Error: ENOENT: no such file or directory, open 'settings.json'"],
])('all of the code is there: %s', (log) => {
  expect(find(log)).toBeUndefined();
});
