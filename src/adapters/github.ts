import type { GitHub, IssueComment } from '../ports.ts';

/** The REST API of GitHub, for one repository (`owner/name`); where it is, @actions/github reads from GITHUB_API_URL. */
export function createGitHub(token: string, repository: string, signal: AbortSignal): GitHub {
  const [owner = '', repo = ''] = repository.split('/');
  const connect = async () => {
    const { getOctokit } = await import('@actions/github');
    return getOctokit(token, { request: { signal } });
  };
  return {
    listComments: async (issue) => {
      const octokit = await connect();
      const query = { owner, repo, issue_number: issue, per_page: 100 };
      return (await octokit.paginate(octokit.rest.issues.listComments, query)).map(decodeComment);
    },
    createComment: async (issue, body) => {
      const octokit = await connect();
      const { data } = await octokit.rest.issues.createComment({ owner, repo, issue_number: issue, body });
      return decodeComment(data);
    },
    updateComment: async (id, body) => {
      const octokit = await connect();
      return decodeComment(
        (await octokit.rest.issues.updateComment({ owner, repo, comment_id: id, body })).data,
      );
    },
  };
}

interface RawComment {
  readonly id: number;
  readonly body?: string;
  readonly html_url: string;
  readonly user: { readonly type?: string } | null;
}

function decodeComment(raw: RawComment): IssueComment {
  return { id: raw.id, body: raw.body ?? '', isByBot: raw.user?.type === 'Bot', url: raw.html_url };
}
