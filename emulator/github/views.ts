import type { Repository, World } from './model.ts';
import { renderComment, renderDeployment, renderStatus } from './render.ts';
import type { Comment, Deployment, DeploymentStatus } from './render.ts';

/** What a test sees and sets without asking the API. */
export interface GitHubViews {
  comments(owner: string, repo: string, issue: number): Comment[];
  /** Adds a comment by somebody, as if it had been there before. */
  addComment(owner: string, repo: string, comment: { issue: number; body: string; login?: string }): Comment;
  deployments(owner: string, repo: string): (Deployment & { statuses: DeploymentStatus[] })[];
  /** Locks the conversation of an issue or a pull request. */
  lock(owner: string, repo: string, issue: number): void;
}

/** Opens a world to the test that started it. */
export function createViews(world: World, url: string): GitHubViews {
  const issueOf = (owner: string, repo: string, number: number) => {
    const repository = findRepository(world, owner, repo);
    const issue = repository.issues.get(number);
    if (issue === undefined) throw new Error(`${owner}/${repo} has no issue ${number}`);
    return { repository, issue };
  };
  return {
    comments: (owner, repo, number) => {
      const { repository, issue } = issueOf(owner, repo, number);
      return issue.comments.map((comment) => renderComment(url, repository, { issue, comment }));
    },
    addComment: (owner, repo, { issue: number, body, login = 'octocat' }) => {
      const { repository, issue } = issueOf(owner, repo, number);
      const comment = { id: world.takeId(), login, body, createdAt: new Date(), updatedAt: new Date() };
      issue.comments.push(comment);
      return renderComment(url, repository, { issue, comment });
    },
    deployments: (owner, repo) => {
      const repository = findRepository(world, owner, repo);
      return repository.deployments.map((deployment) => ({
        ...renderDeployment(url, repository, deployment),
        statuses: deployment.statuses.map((status) => renderStatus(url, repository, { deployment, status })),
      }));
    },
    lock: (owner, repo, number) => {
      issueOf(owner, repo, number).issue.locked = true;
    },
  };
}

function findRepository(world: World, owner: string, repo: string): Repository {
  const found = world.repositories.find((candidate) => candidate.owner === owner && candidate.name === repo);
  if (found === undefined) throw new Error(`there is no repository ${owner}/${repo}`);
  return found;
}
