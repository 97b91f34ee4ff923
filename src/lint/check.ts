import { directiveRules, type Directive, type DirectiveSubject } from './directive.ts';
import type { DockerfileSubject } from './dockerfile/tree.ts';
import type { Finding } from './finding.ts';
import { checkRuleId } from './ignore.ts';
import type { Rule, Source } from './rule.ts';
import { dockerfileRules, scriptRules, sourceRules } from './rules.ts';
import { faultRules } from './script/syntax.ts';
import type { ScriptSubject, SyntaxFault } from './script/script.ts';

/** All that the rules of CloudBase Run look at. */
export interface Subjects {
  readonly source: Source;
  /** Where there is one that can be read. */
  readonly dockerfile: DockerfileSubject | undefined;
  readonly scripts: readonly ScriptSubject[];
  /** Of scripts that do not parse. */
  readonly faults: readonly SyntaxFault[];
  readonly directives: readonly Directive[];
}

/** Runs every rule; the files of the findings are relative to the source folder. */
export function check({ source, dockerfile, scripts, faults, directives }: Subjects): Finding[] {
  const run = <S>(rules: readonly Rule<S>[], subjects: readonly S[]): Finding[] =>
    subjects.flatMap((subject) => rules.flatMap((rule) => checkOne(rule, subject, source)));
  return [
    ...run(dockerfileRules, dockerfile === undefined ? [] : [dockerfile]),
    ...run(sourceRules, [source]),
    ...run(scriptRules, scripts),
    ...run(faultRules, faults),
    ...run(directiveRules, directives.map(findUnknown)),
  ];
}

function findUnknown(directive: Directive): DirectiveSubject {
  return { ...directive, unknownIds: directive.ids.filter((id) => checkRuleId(id) !== undefined) };
}

/** Whoever does the same wrong more often in one file knows by then. */
const mostHits = 100;

function checkOne<S>(rule: Rule<S>, subject: S, source: Source): Finding[] {
  const { id, severity, kind } = rule;
  const hits = rule.check(subject).filter(({ missing = '' }) => missing === '' || !source.isUnbuilt(missing));
  return hits.slice(0, mostHits).map(({ message, fix = rule.fix, at }) => ({
    severity,
    tool: 'cloudbase-run',
    rule: id,
    message,
    fix,
    url: `docs/rules.md#${id.toLowerCase()}`,
    at,
    ...(kind === undefined ? {} : { kind }),
  }));
}
