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
  const isCovered = ({ rule, at }: Finding): boolean =>
    directives.some(
      (directive) =>
        directive.at.file === at.file &&
        directive.at.line <= at.line &&
        at.line <= directive.endLine &&
        directive.reason !== '' &&
        withEquals(directive.ids).includes(rule),
    );
  const everywhere = withEquals(ignored);
  const stays = findings.filter((finding) => !everywhere.includes(finding.rule) && !isCovered(finding));
  return { findings: stays, ignored: findings.length - stays.length };
}

/** Rules of several tools say the same: who ignores one of them ignores what it says, not who says it. */
function withEquals(ids: readonly string[]): readonly string[] {
  const equals = topics.map(listRules);
  return [...ids, ...equals.filter((group) => group.some((id) => ids.includes(id))).flat()];
}

/** What is wrong with the id of a rule, as a sentence that begins with a verb; ids of other tools are taken as they are. */
export function checkRuleId(id: string): string | undefined {
  if (rules.some((rule) => rule.id === id)) return undefined;
  if (!/^cbr/i.test(id) && /^[A-Za-z]\w*$/.test(id)) return undefined;
  const near = rules.map((rule) => rule.id).find((each) => leven(each, id.toUpperCase()) <= 1);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return `must name rules such as CBR002, separated by spaces, commas or line breaks, not "${id}".${hint}`;
}
