import type { FailureKind } from '../errors.ts';

/** The next step for each way in which a service can fail to start, be released, or be reached. */
export const adviceFor: Readonly<Partial<Record<FailureKind, string>>> = {
  build: 'Read the failing command in the build log, and run the same build locally.',
  'exit-on-start': 'The process ended by itself. Read its last lines, and start it in the foreground.',
  'crash-loop': 'The process starts and ends again and again. Read its last lines for the first error.',
  'wrong-port':
    'Listen on the port of the environment variable PORT, and set Port in server-config to the same value.',
  'loopback-bind':
    'Listen on 0.0.0.0 instead of 127.0.0.1 or localhost: the platform calls from outside the container.',
  'not-http':
    'What listens on the port gives no HTTP answer. Serve HTTP without TLS there, and anything else on another port.',
  'slow-start':
    'The process runs but does not listen. Find out what it waits for before it listens, or raise InitialDelaySeconds.',
  'out-of-memory':
    'The process needs more memory than Mem allows. Raise Cpu and Mem together, or use less memory.',
  'missing-env': 'Set it in EnvParams or env-from; for the local run alone, give a stand-in with verify-env.',
  'entry-not-found':
    'Check that what is started (CMD, or "main" in package.json) is there and exports what is expected, and that all it requires is installed.',
  architecture:
    'Build the image for linux/amd64. A script that is started by its name needs "#!" and an interpreter in its first line.',
  smoke:
    'The service is up, but does not answer as asked. Call the path locally, and correct the service, verify-path or verify-status.',
  'image-pull':
    'The platform cannot pull the image. Check that the reference exists and can be pulled without a login.',
  scheduling: 'The platform found no place for the instance. Run again; if it happens again, ask for quota.',
  unexpected:
    'The platform gives no reason that is known here. Look at the release and its logs in the console.',
  'not-promoted': 'The version is ready but gets no traffic. Look at the release in the console.',
  cancelled: 'The release was stopped on the platform. Run the step again to release.',
  conflict: 'Wait until the other release ends, or cancel it in the console; then run again.',
};
