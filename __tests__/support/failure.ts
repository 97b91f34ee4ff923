/** The error that a piece of work ends with; it must be of the given class. */
export async function failureOf<T extends Error>(
  type: abstract new (...args: never[]) => T,
  work: () => unknown,
): Promise<T> {
  let value: unknown;
  try {
    value = await work();
  } catch (error) {
    if (error instanceof type) return error;
    throw error;
  }
  throw new Error(`Nothing failed; the result is ${JSON.stringify(value)}.`);
}
