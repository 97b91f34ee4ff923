import type { Exchange } from './exchange.ts';
import type { Reply } from './reply.ts';

/** Answers one page of a list with GitHub's Link header: 30 entries by default, at most 100. */
export function pageReply<T>(exchange: Exchange, entries: T[], render: (entry: T) => unknown): Reply {
  const query = exchange.url.searchParams;
  const size = Math.min(positive(query.get('per_page'), 30), 100);
  const page = positive(query.get('page'), 1);
  const last = Math.max(1, Math.ceil(entries.length / size));
  const link = buildLink(exchange, page, last);
  return {
    status: 200,
    body: entries.slice((page - 1) * size, page * size).map(render),
    headers: link === '' ? {} : { link },
  };
}

/** GitHub names pages by the repository's number, not by its name, and keeps the other query values. */
function buildLink(exchange: Exchange, page: number, last: number): string {
  const to = (number: number, rel: string) => {
    const target = new URL(exchange.url);
    target.pathname = target.pathname.replace(
      /^\/repos\/[^/]+\/[^/]+/,
      `/repositories/${exchange.repository.id}`,
    );
    target.searchParams.set('page', String(number));
    return `<${target.href}>; rel="${rel}"`;
  };
  const links = [];
  if (page > 1) links.push(to(Math.min(page - 1, last), 'prev'));
  if (page < last) links.push(to(page + 1, 'next'), to(last, 'last'));
  if (page > 1) links.push(to(1, 'first'));
  return links.join(', ');
}

function positive(text: string | null, fallback: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : fallback;
}
