import { ApiError } from './envelope.ts';

/** The JSON object that a request carries. */
export type Params = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that must be there and not be empty; refuses with the API's own codes. */
export function requiredText(params: Params, name: string): string {
  const value = optionalText(params, name);
  if (value === '') throw new ApiError('MissingParameter', `The request is missing the parameter ${name}.`);
  return value;
}

/** A text, empty when it is absent. */
export function optionalText(params: Params, name: string): string {
  const value = params[name];
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw new ApiError('InvalidParameter', `The parameter ${name} must be a string.`);
}

/** A whole number, or the fallback when it is absent. */
export function integer(params: Params, name: string, fallback: number): number {
  const value = params[name] ?? fallback;
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new ApiError('InvalidParameter', `The parameter ${name} must be an integer.`);
}

/** A list of JSON objects, empty when it is absent. */
export function objects(params: Params, name: string): readonly Params[] {
  const value = params[name] ?? [];
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw new ApiError('InvalidParameter', `The parameter ${name} must be a list of objects.`);
}
