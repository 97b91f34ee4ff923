import { isRecord } from '../json.ts';

const longest = 300;

/**
 * What another program says, as one line that ends like a sentence; a message that is very long is cut. Programs end
 * theirs with or without a full stop.
 */
export function asSentence(message: string): string {
  const line = message
    .replaceAll(/\s+/g, ' ')
    .replace(/[\s:;,]+$/, '')
    .trim();
  const kept = line.length > longest ? `${line.slice(0, longest).trimEnd()}…` : line;
  const sentence = /[.!?…]$/.test(kept) ? kept : `${kept}.`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/**
 * What another program says without the words of the file that may be a part of a secret: what stands behind `=`, and
 * what is no port, protocol or signal, for a line that was torn off its instruction can be anything.
 */
export function withoutQuotes(said: string): string {
  return said
    .replace(/=.+/s, '=[redacted]')
    .replace(/(invalid (?:containerPort|proto|signal)): (?!\d[\d/-]{0,12}$).*/is, '$1');
}

/** The entries of a JSON object; none where the value is something else. */
export function entriesOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** The objects of a JSON list; none where the value is something else. */
export function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(entriesOf) : [];
}

/** A line or column that counts from 1; 1 where the value is none. */
export function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 1;
}

/** The text of a JSON value; empty where it is something else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
