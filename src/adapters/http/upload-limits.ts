/** What one try of an upload is held to; all times in milliseconds. */
export interface TransferLimits {
  /** From when on a try is given up for its rate, and how long nothing may move. */
  readonly patienceMs: number;
  /** The store refuses what takes longer than this, once all of it has arrived. */
  readonly cutMs: number;
  /** How long the store's answer is waited for after the cut, and the text of a refusal after its head. */
  readonly graceMs: number;
  /** How often a try is looked at. */
  readonly tickMs: number;
  /** A link on which nothing has moved for this long has no rate: it pauses, or stalls. */
  readonly quietMs: number;
  /** The rate is that of this last part of a try. */
  readonly windowMs: number;
  /** How often the log is told. */
  readonly progressMs: number;
}

/** What an upload is held to. */
export interface UploadLimits extends TransferLimits {
  readonly tries: number;
  /** The pause after the first failure that needs one; each further one is twice as long. */
  readonly pauseMs: number;
}

/** The store's cut was seen at 200 s (a PUT of 200.1 s went through, one of 202.1 s did not); the rest is ours. */
export const uploadLimits: UploadLimits = {
  tries: 5,
  pauseMs: 1_000,
  patienceMs: 30_000,
  cutMs: 200_000,
  graceMs: 10_000,
  tickMs: 1_000,
  quietMs: 5_000,
  windowMs: 20_000,
  progressMs: 5_000,
};
