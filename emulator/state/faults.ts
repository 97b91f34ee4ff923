/** A misbehaviour of the network or the platform in place of an action's answer. */
export type Fault =
  | { readonly kind: 'error'; readonly code: string; readonly message: string }
  | { readonly kind: 'http'; readonly status: number; readonly body: string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' }
  /** The action takes effect, but its answer never arrives. */
  | { readonly kind: 'lost-answer' }
  /** The store's own refusal, in XML. */
  | { readonly kind: 'refusal'; readonly status: number; readonly code: string; readonly message?: string }
  | TransferFault;

/** A misbehaviour of the link to the store, for `PUT package`; the first two for `GET package`, too. */
export type TransferFault =
  /** The connection is reset once so many bytes have been read or sent. */
  | { readonly kind: 'reset'; readonly afterBytes: number }
  /** From then on nothing is read or sent, and nothing is said. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** This transfer is as slow as that. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number };

/** Whether it is the link that misbehaves, on the way of the bytes. */
export function isTransferFault(fault: Fault): fault is TransferFault {
  return fault.kind === 'reset' || fault.kind === 'stall' || fault.kind === 'slow';
}

/** The faults that coming calls of an action meet, in order. */
export class Faults {
  readonly #queues = new Map<string, Fault[]>();

  /** Makes the next `times` calls of the action end with the fault; one that the action cannot meet is an error. */
  add(action: string, fault: Fault, times = 1): void {
    const isMet = action === 'PUT package' || (action === 'GET package' && fault.kind !== 'slow');
    if (isTransferFault(fault) && !isMet)
      throw new Error(`"${action}" has no transfer that could meet the fault "${fault.kind}".`);
    const queue = this.#queues.get(action) ?? [];
    queue.push(...Array.from({ length: times }, () => fault));
    this.#queues.set(action, queue);
  }

  /** The fault that this call of the action meets, if any; it is used up. */
  take(action: string): Fault | undefined {
    return this.#queues.get(action)?.shift();
  }
}
