import type { Closing } from './closing.ts';

/** A port that a process wanted to listen on and did not get. */
export interface RefusedBind {
  /** Undefined where the log does not name it. */
  readonly port: number | undefined;
  /** `denied`: only root may have it; `taken`: something else in the same place has it. */
  readonly reason: 'denied' | 'taken';
}

/** The port that a process says it did not get; undefined where it says nothing of the kind. */
export function findRefusedBind({ lines, text }: Closing): RefusedBind | undefined {
  const line = lines.findLast((each) => isBind(each, text) && (denied.test(each) || taken.test(each)));
  if (line === undefined) return undefined;
  const found = portForms
    .map((form) => form.exec(line.replace(time, ''))?.[1])
    .find((each) => each !== undefined);
  const port = found ?? /^ {2}port: (\d+)$/m.exec(text)?.[1];
  const isTaken = taken.test(line) || Number(port ?? 0) >= firstFreePort;
  return { port: port === undefined ? undefined : Number(port), reason: isTaken ? 'taken' : 'denied' };
}

/** The first port that any user may listen on. */
const firstFreePort = 1024;

/** gunicorn does not say why it cannot; the port does. */
const denied =
  /EACCES|permission denied|PermissionDenied|Errno 13|BindException: Permission|Can't connect to \('|SocketException \(13\)/i;
const taken = /EADDRINUSE|address (already )?in use|AddrInUse|Errno 98|connection in use|port \d+ is in use/i;

/** A file can be denied too: the line says that it is about listening, or the traceback under it. */
function isBind(line: string, text: string): boolean {
  if (
    /\b(listen|bind|binding|make_sock)\b|BindException|EADDRINUSE|AddrInUse|in use|Can't connect to \('/i.test(
      line,
    )
  )
    return true;
  // Flask's own server says no more than this.
  if (line === 'Permission denied') return text.includes('Serving Flask app');
  return (
    /^(PermissionError|OSError): \[Errno (13|98)\] [\w ]+$/.test(line) &&
    /\.bind\(|in (server_)?bind\b/.test(text)
  );
}

const time = /\b\d{2}:\d{2}:\d{2}\b/g;

/** An address before any other number behind a colon, as of a line of code. */
const portForms = [
  /(?<![^\s'"(/\d.*\]:]):(\d{1,5})\b(?!\])/,
  /\('[^']*', (\d{1,5})/,
  /:(\d{1,5})\b(?!\])/,
  /port:? (\d{1,5})\b/i,
];
