import type { GitHub } from '../ports.ts';

/** Writes the one comment that carries the marker: the first that a bot wrote, else a new one. Resolves to its URL. */
export async function writeStickyComment(issue: number, body: string, gitHub: GitHub): Promise<string> {
  const [marker = ''] = body.split('\n');
  const comments = await gitHub.listComments(issue);
  const ours = comments.find((comment) => comment.isByBot && comment.body.startsWith(marker));
  const written =
    ours === undefined ? await gitHub.createComment(issue, body) : await gitHub.updateComment(ours.id, body);
  return written.url;
}
