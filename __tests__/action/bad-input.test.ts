import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { StepResult } from '../../scripts/runner.ts';
import { deploy, errorsOf, instant, makeWorkspace, removeWorkspaces, type Tree } from '../support/step.ts';

const entry = { 'index.js': 'exports.main = () => "hello";\n' };
const dockerfile = 'FROM node:24-slim\nEXPOSE 8080\nCMD ["node", "server.js"]\n';

let emulator: Emulator;
let functionFolder: string;

beforeAll(async () => {
  emulator = await startEmulator({ timeline: instant });
  functionFolder = await makeWorkspace(entry);
});
beforeEach(() => {
  emulator.journal.clear();
});
afterAll(async () => {
  await emulator.close();
  await removeWorkspaces();
});

/** Exit 1, `status` failed, the kind, exactly these error lines, and nothing written to the cloud. */
function expectRefusal(result: StepResult, kind: string, errors: readonly RegExp[]): void {
  expect([result.exitCode, result.postExitCode, result.stderr]).toEqual([1, 0, '']);
  expect([result.outputs['status'], result.outputs['failure-kind']]).toEqual(['failed', kind]);
  const shown = errorsOf(result);
  expect(shown).toHaveLength(errors.length);
  errors.forEach((error, index) => {
    expect(shown[index]).toMatch(error);
  });
  expect(result.lines.at(-1)).toMatch(/^::error/);
  expect(emulator.journal.writes()).toEqual([]);
  expect(result.leftAfterMain).toEqual([]);
}

interface Row {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly error: RegExp;
  readonly files?: Tree;
  readonly kind?: string;
}

const nameForm = '3 to 45 letters, digits, hyphens and underscores';

const refusedAtOnce: readonly Row[] = [
  {
    name: 'no service name',
    inputs: { 'service-name': '' },
    error: new RegExp(`^service-name: is missing: .*${nameForm}`),
  },
  {
    name: 'a service name that is too short',
    inputs: { 'service-name': 'ab' },
    error: new RegExp(`^service-name: must be ${nameForm}.*not "ab"`),
  },
  {
    name: 'a service name that is too long',
    inputs: { 'service-name': 'a'.repeat(46) },
    error: new RegExp(`^service-name: must be ${nameForm}`),
  },
  {
    name: 'a service name that begins with a digit',
    inputs: { 'service-name': '1abc' },
    error: /^service-name: must be .*beginning with a letter.*not "1abc"/,
  },
  {
    name: 'a service name with a dot',
    inputs: { 'service-name': 'my.service' },
    error: new RegExp(`^service-name: must be ${nameForm}.*not "my.service"`),
  },
  {
    name: 'a service name that the platform keeps for itself',
    inputs: { 'service-name': 'lowcode-app' },
    error: /^service-name: must not begin with "lcap" or "lowcode"/,
  },
  { name: 'no environment', inputs: { 'env-id': '' }, error: /^env-id: is missing: give the id/ },
  {
    name: 'an environment id with a space',
    inputs: { 'env-id': 'my env' },
    error: /^env-id: must be an environment id of letters, digits and hyphens, not "my env"/,
  },
  {
    name: 'an unknown command',
    inputs: { command: 'depoy' },
    error:
      /^command: must be "deploy" or "plan" or "update-config" or "lint" or "run" or "package" or "download", not "depoy"\. Did you mean "deploy"\?$/,
  },
  {
    name: 'an unknown mode',
    inputs: { mode: 'contaner' },
    error:
      /^mode: must be "auto" or "function" or "container" or "agent", not "contaner". Did you mean "container"\?/,
  },
  {
    name: 'a server-config that is not YAML',
    inputs: { 'server-config': 'Cpu: 0.5\nMem: [1' },
    error: /^server-config: is not valid YAML: .*line 2/,
  },
  {
    name: 'a server-config that is a list',
    inputs: { 'server-config': '- Cpu: 0.5\n- Mem: 1' },
    error: /^server-config: must be a map of settings, such as "Cpu: 0.5"/,
  },
  {
    name: 'a server-config with an unknown key',
    inputs: { 'server-config': 'Cpu: 0.5\nMem: 1\nMaxNumm: 5' },
    error:
      /^server-config: MaxNumm: is not a setting of CloudBase Run. Did you mean "MaxNum"\? \(line 3, column 1\)/,
  },
  {
    name: 'a server-config file with an unknown key',
    inputs: { 'server-config': 'deploy/service.yml' },
    files: { ...entry, 'deploy/service.yml': 'MinNum: 0\nPorts: 80\n' },
    error: /^server-config: Ports: is not a setting of CloudBase Run. Did you mean "Port"\?/,
  },
  {
    name: 'a setting of another form',
    inputs: { 'server-config': 'Port: web' },
    error: /^server-config: Port: must be a whole number from 1 to 65535, not "web"\. \(line 1, column 7\)/,
  },
  {
    name: 'a port in function mode that the input asks for',
    inputs: { mode: 'function', 'server-config': 'Port: 8080' },
    error: /^server-config: Port: must be 3000 in function mode, .*not 8080/,
  },
  {
    name: 'a setting for containers in agent mode',
    inputs: { mode: 'agent', 'server-config': 'Dockerfile: Dockerfile' },
    error: /^server-config: Dockerfile: is for containers, not for agent mode\. Leave it out/,
  },
  {
    name: 'a server-config file that does not exist',
    inputs: { 'server-config': 'service.yml' },
    error: /^server-config: the file "service.yml" does not exist. Give the path of a YAML file/,
  },
  {
    name: 'a server-config file outside the workspace',
    inputs: { 'server-config': '../service.yml' },
    error: /^server-config: the file "..\/service.yml" lies outside the workspace/,
  },
  {
    name: 'Mem that does not fit Cpu',
    inputs: { 'server-config': 'Cpu: 1\nMem: 1' },
    error: /^server-config: Mem: must be 2 × Cpu, as one of the pairs .*0\.5\/1/,
  },
  {
    name: 'no secret id',
    inputs: { 'secret-id': '' },
    error: /^secret-id: is missing: .* TENCENTCLOUD_SECRETID/,
  },
  {
    name: 'no secret key',
    inputs: { 'secret-key': '' },
    error: /^secret-key: is missing: .* TENCENTCLOUD_SECRETKEY/,
  },
  {
    name: 'a region that is none',
    inputs: { region: 'Shanghai' },
    error: /^region: must be a region's id such as "ap-shanghai", not "Shanghai"/,
  },
  {
    name: 'an api-endpoint over http on a foreign host',
    inputs: { 'api-endpoint': 'http://api.example.com' },
    error:
      /^api-endpoint: must be an https URL, or http on the loopback interface.*not "http:\/\/api.example.com"/,
  },
  {
    name: 'an api-endpoint whose host only begins like loopback',
    inputs: { 'api-endpoint': 'http://127.0.0.1.example.com' },
    error: /^api-endpoint: must be an https URL/,
  },
  {
    name: 'a source that is not there',
    inputs: { source: 'backend' },
    error: /^source: must be the folder to deploy, relative to the workspace: "backend" does not exist/,
  },
  {
    name: 'a source that is a file',
    inputs: { source: 'index.js' },
    error: /^source: must be the folder to deploy, relative to the workspace: "index.js" is not a folder/,
  },
  {
    name: 'a timeout that is not a number',
    inputs: { 'timeout-seconds': '5m' },
    error: /^timeout-seconds: must be a whole number from 10 to 21600, not "5m"/,
  },
  {
    name: 'a timeout that is too short',
    inputs: { 'timeout-seconds': '1' },
    error: /^timeout-seconds: must be a whole number from 10 to 21600, not "1"/,
  },
  {
    name: 'a verify that is neither true nor false',
    inputs: { verify: 'yes' },
    error: /^verify: must be "auto" or "true" or "false", not "yes"/,
  },
  {
    name: 'a lint level that does not exist',
    inputs: { lint: 'errors' },
    error: /^lint: must be "error" or "warning" or "off", not "errors". Did you mean "error"\?/,
  },
];

describe('an input that is wrong in itself', () => {
  it.each(refusedAtOnce)('$name', async ({ inputs, files, error }) => {
    const workspace = files === undefined ? functionFolder : await makeWorkspace(files);
    expectRefusal(await deploy(emulator, { workspace, inputs }), 'input', [error]);
    expect(emulator.journal.entries()).toEqual([]);
  });

  it('all of them come at once, before any request', async () => {
    const inputs = {
      command: 'deplo',
      'service-name': '',
      'env-id': '',
      mode: 'both',
      'server-config': 'Cpus: 1\nPort: 0',
      source: 'nowhere',
      'timeout-seconds': 'long',
    };
    const result = await deploy(emulator, { workspace: functionFolder, inputs });
    expectRefusal(result, 'input', [
      /^command: /,
      /^env-id: /,
      /^service-name: /,
      /^mode: /,
      /^timeout-seconds: /,
      /^server-config: /,
      /^server-config: /,
      /^source: /,
    ]);
    expect(errorsOf(result).join('\n')).toMatch(/Port/);
    expect(errorsOf(result).join('\n')).toMatch(/Cpus: is not a setting/);
    expect(emulator.journal.entries()).toEqual([]);
  });
});

/** A row that is refused, by a finding of lint or by another error. */
type LateRow = Omit<Row, 'error'> & ({ readonly finding: RegExp } | { readonly error: RegExp });

const refusedAfterLooking: readonly LateRow[] = [
  {
    name: 'container mode without a Dockerfile',
    inputs: { mode: 'container' },
    finding: /^The Dockerfile "Dockerfile" does not exist\. .*\(CBR001, /,
  },
  {
    name: 'function mode without an entry',
    inputs: { mode: 'function' },
    files: { 'README.md': '# nothing\n' },
    finding: /^The source has no "main" in package.json and no index.js\. .*\(CBR102, /,
    kind: 'entry-not-found',
  },
  {
    name: 'another language without a Dockerfile',
    inputs: {},
    files: { 'app.py': 'print()\n' },
    finding: /^The source has no "main" in package.json .* another language needs a Dockerfile\. \(CBR102, /,
    kind: 'entry-not-found',
  },
  {
    name: 'TypeScript that is not compiled',
    inputs: {},
    files: { 'package.json': '{"main":"index.ts"}', 'index.ts': 'export const main = () => 1;\n' },
    finding: /^The entry is "index.ts", which is TypeScript\. Compile it .*\(CBR103, /,
    kind: 'entry-not-found',
  },
  {
    name: 'a list of functions in a folder that is not there',
    inputs: {},
    files: {
      'cloudbase-functions.json':
        '{"functionsRoot":"./","functions":[{"name":"a","directory":"a","triggerPath":"/a"}]}',
    },
    finding: /"a".*\(CBR121, /,
  },
  {
    name: 'a main that does not exist',
    inputs: { mode: 'function' },
    files: { 'package.json': '{"main":"dist/app.js"}' },
    finding: /^"main" of package.json is "dist\/app.js", which does not exist\. .*\(CBR102, /,
    kind: 'entry-not-found',
  },
  {
    name: 'both kinds and no mode',
    inputs: {},
    files: { ...entry, Dockerfile: dockerfile, 'cloudbase-functions.json': '{"functions":[]}' },
    error:
      /^mode: must be "function" or "container": the source holds both cloudbase-functions.json and Dockerfile/,
  },
  {
    name: 'a wrong secret key',
    inputs: { 'secret-key': 'not-the-right-one' },
    error: /AuthFailure\.\w+: .*Check the inputs secret-id, secret-key and session-token/,
    kind: 'auth',
  },
  {
    name: 'an unknown secret id',
    inputs: { 'secret-id': 'AKID-nobody' },
    error: /AuthFailure\.\w+: .*Check the inputs secret-id, secret-key and session-token/,
    kind: 'auth',
  },
  {
    name: 'a wrong environment',
    inputs: { 'env-id': 'other-env' },
    error: /^env-id: the account has no environment "other-env". Copy the id from the console/,
  },
  {
    name: 'an environment without CloudBase Run',
    inputs: { 'env-id': 'closed-env' },
    error:
      /^CloudBase Run is not open in the environment "closed-env". Open CloudBase Run once in the console/,
    kind: 'env-not-opened',
  },
  {
    name: 'a container without a port',
    inputs: {},
    files: { Dockerfile: 'FROM node:24-slim\nCMD ["node", "server.js"]\n' },
    error: /^server-config: Port: is missing, and EXPOSE in "Dockerfile" names no port. Set the port/,
  },
  {
    name: 'a port in function mode',
    inputs: { 'server-config': 'Port: 8080' },
    error: /^server-config: Port: must be 3000 in function mode, .*not 8080/,
  },
  {
    name: 'a secret in the source',
    inputs: {},
    files: { ...entry, '.env': 'PASSWORD=1\n' },
    error: /^source: ".env" looks like a secret and would be uploaded. Remove it/,
  },
  {
    name: 'a Dockerfile with an error',
    inputs: {},
    files: { Dockerfile: 'FROM node:24-slim\nEXPOSE 8080\nRUNN true\nCMD ["node", "server.js"]\n' },
    finding: /RUNN/,
  },
];

describe('an input that does not fit the source or the cloud', () => {
  it.each(refusedAfterLooking)('$name', async ({ inputs, files, kind, ...row }) => {
    const workspace = files === undefined ? functionFolder : await makeWorkspace(files);
    const result = await deploy(emulator, { workspace, inputs });
    if ('error' in row) expectRefusal(result, kind ?? 'input', [row.error]);
    else expectRefusal(result, kind ?? 'lint', [row.finding, /^Lint found 1 error[,.]/]);
  });

  it('verify: true without Docker', async () => {
    const workspace = await makeWorkspace({ Dockerfile: dockerfile });
    const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
    const result = await deploy(emulator, { workspace, inputs: { verify: 'true' }, env });
    expectRefusal(result, 'input', [
      /^verify: is "true", but .*[Dd]ocker.*Use a runner with Docker and buildx/,
    ]);
  });

  it('verify: true without a docker command', async () => {
    const workspace = await makeWorkspace({ Dockerfile: dockerfile });
    const result = await deploy(emulator, {
      workspace,
      inputs: { verify: 'true' },
      env: { PATH: '/nowhere' },
    });
    expectRefusal(result, 'input', [/^verify: is "true", but there is no docker command on this machine/]);
  });
});

describe('an existing service of the other mode', () => {
  it('is refused, function for container and container for function', async () => {
    const pretend = { end: 'online', run: false } as const;
    const container = await makeWorkspace({ Dockerfile: dockerfile, ...entry });
    for (const name of ['was-function', 'was-container']) emulator.script('demo-env', name, pretend);
    const first = [
      await deploy(emulator, { workspace: functionFolder, inputs: { 'service-name': 'was-function' } }),
      await deploy(emulator, { workspace: container, inputs: { 'service-name': 'was-container' } }),
    ];
    expect(first.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    emulator.journal.clear();
    const toContainer = { 'service-name': 'was-function', mode: 'container' };
    expectRefusal(await deploy(emulator, { workspace: container, inputs: toContainer }), 'input', [
      /^mode: is "container", but the live service "was-function" runs in function mode, which cannot be changed. Use/,
    ]);
    const toFunction = { 'service-name': 'was-container', mode: 'function' };
    expectRefusal(await deploy(emulator, { workspace: container, inputs: toFunction }), 'input', [
      /^mode: is "function", but the live service "was-container" runs in container mode, which cannot be changed. Use/,
    ]);
  });
});
