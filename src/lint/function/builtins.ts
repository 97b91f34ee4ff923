/** The modules that Node.js 20 brings and that are found without `node:`. */
export const builtinModules: ReadonlySet<string> = new Set([
  'assert',
  'async_hooks',
  'buffer',
  'child_process',
  'cluster',
  'console',
  'constants',
  'crypto',
  'dgram',
  'diagnostics_channel',
  'dns',
  'domain',
  'events',
  'fs',
  'http',
  'http2',
  'https',
  'inspector',
  'module',
  'net',
  'os',
  'path',
  'perf_hooks',
  'process',
  'punycode',
  'querystring',
  'readline',
  'repl',
  'stream',
  'string_decoder',
  'sys',
  'timers',
  'tls',
  'trace_events',
  'tty',
  'url',
  'util',
  'v8',
  'vm',
  'wasi',
  'worker_threads',
  'zlib',
]);

/** The package that a specifier names: `@scope/name` of `@scope/name/file`; undefined for anything but packages. */
export function packageNameOf(specifier: string): string | undefined {
  const name = /^(?:@[a-z\d~-][\w.~-]*\/)?[a-z\d~][\w.~-]*(?=\/|$)/i.exec(specifier)?.[0];
  // A slash at the end asks for the package that has the name of a builtin.
  const isBuiltin = name !== undefined && builtinModules.has(name) && specifier !== `${name}/`;
  return isBuiltin || name?.startsWith('_') === true ? undefined : name;
}
