import leven from 'leven';

import type { Directive } from './directive.ts';
import { listRules, topics } from './dockerfile/same.ts';
import type { Finding } from './finding.ts';
import { rules } from './rules.ts';

/** What stays of the findings, and how many were left out by comments or by the input `lint-ignore`. */
export function leaveOut(
  findings: readonly Finding[],
  directives: readonly Directive[],
  ignored: readonly string[],
): { readonly findings: readonly Finding[]; readonly ignored: number } {
  const reasoned = directives.filter(({ reason }) => reason !== '');
  const comments = reasoned.map((directive) => ({ ...directive, covered: withEquals(directive.ids) }));
  const isCovered = ({ rule, at }: Finding): boolean =>
    comments.some(
      (comment) =>
        comment.at.file === at.file &&
        comment.at.line <= at.line &&
        at.line <= comment.endLine &&
        comment.covered.has(rule),
    );
  const everywhere = withEquals(ignored);
  const stays = findings.filter((finding) => !everywhere.has(finding.rule) && !isCovered(finding));
  return { findings: stays, ignored: findings.length - stays.length };
}

/**
 * Several tools say the same: who ignores it of one does not want to hear it of another. Our own rules are stricter than
 * the general ones, so they go by their own ids alone; what a tool cannot parse has too many ids to be one thing.
 */
function withEquals(given: readonly string[]): ReadonlySet<string> {
  const ids = given.map((id) => id.replace(/^[a-z-]+\//, ''));
  const groups = topics.filter(({ name }) => name !== 'syntax').map(listRules);
  const equals = groups.filter((group) => group.some((id) => ids.includes(id))).flat();
  return new Set([...ids, ...equals.filter((id) => !isOurs(id))]);
}

function isOurs(id: string): boolean {
  return rules.some((rule) => rule.id === id);
}

/** What is wrong with the id of a rule, as a sentence that begins with a verb; ids of other tools are taken as they are. */
export function checkRuleId(id: string): string | undefined {
  if (isOurs(id)) return undefined;
  if (!/^cbr/i.test(id) && /^([a-z-]+\/)?[A-Za-z]\w*$/.test(id)) return undefined;
  const upper = id.slice(0, 20).toUpperCase();
  const near = isOurs(upper) ? upper : rules.map((rule) => rule.id).find((each) => leven(each, upper) <= 1);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return `must name rules such as CBR002, separated by spaces, commas or line breaks, not "${id}".${hint}`;
}
