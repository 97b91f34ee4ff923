/** A misbehaviour of the network or the platform in place of an action's answer. */
export type Fault =
  | { readonly kind: 'error'; readonly code: string; readonly message: string }
  | { readonly kind: 'http'; readonly status: number; readonly body: string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' }
  /** The action takes effect, but its answer never arrives. */
  | { readonly kind: 'lost-answer' };

/** The faults that coming calls of an action meet, in order. */
export class Faults {
  readonly #queues = new Map<string, Fault[]>();

  /** Makes the next `times` calls of the action end with the fault. */
  add(action: string, fault: Fault, times = 1): void {
    const queue = this.#queues.get(action) ?? [];
    queue.push(...Array.from({ length: times }, () => fault));
    this.#queues.set(action, queue);
  }

  /** The fault that this call of the action meets, if any; it is used up. */
  take(action: string): Fault | undefined {
    return this.#queues.get(action)?.shift();
  }
}
