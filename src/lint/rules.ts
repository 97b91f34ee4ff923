import { directiveRules } from './directive.ts';
import { copyRules } from './dockerfile/copy.ts';
import { fileRules } from './dockerfile/file.ts';
import { imageRules } from './dockerfile/images.ts';
import { installRules } from './dockerfile/install.ts';
import { portRules } from './dockerfile/port.ts';
import { secretRules } from './dockerfile/secrets.ts';
import { startRules } from './dockerfile/start.ts';
import type { DockerfileSubject } from './dockerfile/tree.ts';
import { userRules } from './dockerfile/user.ts';
import { functionRules, functionScriptRules } from './function/rules.ts';
import { databaseProjectRules } from './project/database.ts';
import { lockfileRules } from './project/lockfile.ts';
import { sizeRules } from './project/size.ts';
import type { Rule, Source } from './rule.ts';
import { backgroundRules } from './script/background.ts';
import { databaseRules } from './script/database.ts';
import { diskRules } from './script/disk.ts';
import { echoRules } from './script/echo.ts';
import { listenRules } from './script/listen.ts';
import { faultRules } from './script/syntax.ts';
import type { ScriptSubject } from './script/script.ts';

/** A rule without its check: what docs and reports say of it. */
export type RuleInfo = Omit<Rule<never>, 'check'>;

/** The rules that look at the Dockerfile of a container. */
export const dockerfileRules: readonly Rule<DockerfileSubject>[] = [
  ...startRules,
  ...portRules,
  ...userRules,
  ...secretRules,
  ...installRules,
  ...copyRules,
  ...imageRules,
];

/** The rules that look at each script that a service loads. */
export const scriptRules: readonly Rule<ScriptSubject>[] = [
  ...functionScriptRules,
  ...listenRules,
  ...echoRules,
  ...diskRules,
  ...backgroundRules,
  ...databaseRules,
];

/** The rules that look at the source as a whole. */
export const sourceRules: readonly Rule<Source>[] = [
  ...fileRules,
  ...functionRules,
  ...databaseProjectRules,
  ...lockfileRules,
  ...sizeRules,
];

/** All rules by their ids. */
export const rules: readonly RuleInfo[] = [
  ...dockerfileRules,
  ...scriptRules,
  ...sourceRules,
  ...faultRules,
  ...directiveRules,
].sort((left, right) => (left.id < right.id ? -1 : 1));
