import { directiveRules } from './directive.ts';
import { fileRules } from './dockerfile-file.ts';
import type { DockerfileSubject } from './dockerfile-tree.ts';
import type { Rule, Source } from './rule.ts';
import { faultRules } from './script-syntax.ts';
import type { ScriptSubject } from './script.ts';

/** A rule without its check: what docs and reports say of it. */
export type RuleInfo = Omit<Rule<never>, 'check'>;

/** The rules that look at the Dockerfile of a container. */
export const dockerfileRules: readonly Rule<DockerfileSubject>[] = [];

/** The rules that look at each script that a service loads. */
export const scriptRules: readonly Rule<ScriptSubject>[] = [];

/** The rules that look at the source as a whole. */
export const sourceRules: readonly Rule<Source>[] = [...fileRules];

/** All rules by their ids. */
export const rules: readonly RuleInfo[] = [
  ...dockerfileRules,
  ...scriptRules,
  ...sourceRules,
  ...faultRules,
  ...directiveRules,
].sort((left, right) => (left.id < right.id ? -1 : 1));
