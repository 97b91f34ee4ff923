/** A program to run. `env` is added to the few variables that children inherit (context.ts). */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads on standard input; nothing by default. */
  readonly input?: string;
  /** It is ended after this time, with exit code 124; by default it may take as long as the run. */
  readonly timeoutMs?: number;
}

/** How a program ended; a signal counts as exit code 128 and more. */
export interface Finished {
  readonly exitCode: number;
  /** Standard output and error in the order in which they came, the last 1,000 lines. */
  readonly lines: readonly string[];
  readonly stdout: string;
}

/** A program that goes on running, with all that it started, also after this process has ended. */
export interface RunningProcess {
  readonly pid: number;
  /** Undefined while it runs. */
  exitCode(): number | undefined;
  logTail(lines: number): Promise<readonly string[]>;
  /** Asks all of it to end, and ends it after the grace (2 s by default). Resolves to whether it ended by itself. */
  stop(graceMs?: number): Promise<boolean>;
}

/** Processes. A program that is not there is a MissingProgramError. */
export interface Exec {
  /** Runs to the end, hands on each line as it comes; never throws for an exit code. */
  capture(command: Command, onLine?: (line: string) => void): Promise<Finished>;
  /** Runs a short program and lets its output stream into the log; resolves to the exit code. */
  stream(command: Command): Promise<number>;
  /** What it writes goes to this file. */
  start(command: Command, logFile: string): Promise<RunningProcess>;
  /** The most memory that the process has held so far, in bytes; undefined where the system does not tell. */
  readPeakMemory(pid: number): Promise<number | undefined>;
  /**
   * Ends every process with this text in its environment, where the system lets it be seen; it works after an abort.
   * Resolves to whether there was one.
   */
  stopMarked(marker: string): Promise<boolean>;
}
