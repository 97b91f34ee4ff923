import { directiveRules } from './directive.ts';
import { ageRules } from './dockerfile/age.ts';
import { copyRules } from './dockerfile/copy.ts';
import { fileRules } from './dockerfile/file.ts';
import { fromRules } from './dockerfile/copy-from.ts';
import { imageRules } from './dockerfile/images.ts';
import { installRules } from './dockerfile/install.ts';
import { commandPortRules } from './dockerfile/listen.ts';
import { loopbackRules } from './dockerfile/loopback.ts';
import { portRules } from './dockerfile/port.ts';
import { secretFileRules } from './dockerfile/secret-files.ts';
import { secretRules } from './dockerfile/secrets.ts';
import { startRules } from './dockerfile/start.ts';
import type { DockerfileSubject } from './dockerfile/tree.ts';
import { userRules } from './dockerfile/user.ts';
import { weightRules } from './dockerfile/weight.ts';
import { functionAgentRules, functionAgentScriptRules } from './function/agent.ts';
import { functionDependencyRules } from './function/dependencies.ts';
import { functionEncodingRules } from './function/encoding.ts';
import { functionEntryRules } from './function/entry-rules.ts';
import { functionExportsRules } from './function/exports.ts';
import { functionListRules } from './function/functions-file-rules.ts';
import { functionManifestRules } from './function/manifest.ts';
import { functionModuleRules } from './function/modules.ts';
import { functionNativeRules } from './function/native.ts';
import { functionNodeRules } from './function/node-version.ts';
import { functionServerRules, functionSetupRules } from './function/setup.ts';
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
  ...commandPortRules,
  ...loopbackRules,
  ...userRules,
  ...secretRules,
  ...secretFileRules,
  ...installRules,
  ...weightRules,
  ...copyRules,
  ...fromRules,
  ...imageRules,
  ...ageRules,
];

/** The rules that look at each script that a service loads. */
export const scriptRules: readonly Rule<ScriptSubject>[] = [
  ...functionExportsRules,
  ...functionModuleRules,
  ...functionDependencyRules,
  ...functionServerRules,
  ...functionAgentScriptRules,
  ...listenRules,
  ...echoRules,
  ...diskRules,
  ...backgroundRules,
  ...databaseRules,
];

/** The rules that look at the source as a whole. */
export const sourceRules: readonly Rule<Source>[] = [
  ...fileRules,
  ...functionManifestRules,
  ...functionEncodingRules,
  ...functionEntryRules,
  ...functionNodeRules,
  ...functionNativeRules,
  ...functionListRules,
  ...functionSetupRules,
  ...functionAgentRules,
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
