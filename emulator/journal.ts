/** One request as the emulator saw it, refused ones included. */
export interface JournalEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly api: 'tcb' | 'tcbr' | 'upload' | 'download' | 'gateway' | 'other';
  /** The API action, or method and path for plain HTTP. */
  readonly action: string;
  /** The region that an API call was addressed to. */
  readonly region?: string;
  readonly envId?: string;
  readonly serverName?: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The error code of a refused request. */
  readonly code?: string;
  /** Whether an accepted call of this kind changes the cloud. */
  readonly write: boolean;
}

const WRITES = /^(Create|Update|Delete|Submit|Operate|Release|Start|Stop|Modify|Destroy|PUT )/;

/** Every request in the order of arrival, for tests to assert on. */
export class Journal {
  readonly #entries: JournalEntry[] = [];

  /** Adds an entry; whether it is a write follows from the action's name. */
  add(entry: Omit<JournalEntry, 'write'>): void {
    this.#entries.push({ ...entry, write: entry.api !== 'gateway' && WRITES.test(entry.action) });
  }

  /** All entries so far, oldest first. */
  entries(): readonly JournalEntry[] {
    return [...this.#entries];
  }

  /** The calls that change the cloud, uploads included. */
  writes(): readonly JournalEntry[] {
    return this.#entries.filter((entry) => entry.write);
  }

  /** The names of all actions, oldest first. */
  actions(): readonly string[] {
    return this.#entries.map((entry) => entry.action);
  }

  /** Forgets everything so far. */
  clear(): void {
    this.#entries.length = 0;
  }
}
