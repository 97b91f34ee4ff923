import { functionAgentRules, functionAgentScriptRules } from './function-agent.ts';
import { functionDependencyRules } from './function-dependencies.ts';
import { functionEncodingRules } from './function-encoding.ts';
import { functionEntryRules } from './function-entry-rules.ts';
import { functionExportsRules } from './function-exports.ts';
import { functionListRules } from './function-list-rules.ts';
import { functionManifestRules } from './function-manifest.ts';
import { functionModuleRules } from './function-modules.ts';
import { functionNativeRules } from './function-native.ts';
import { functionNodeRules } from './function-node.ts';
import { functionServerRules, functionSetupRules } from './function-setup.ts';
import type { Rule, Source } from './rule.ts';
import type { ScriptSubject } from './script.ts';

/** The rules of function mode and agent mode about a source as a whole. */
export const functionRules: readonly Rule<Source>[] = [
  ...functionManifestRules,
  ...functionEncodingRules,
  ...functionEntryRules,
  ...functionNodeRules,
  ...functionNativeRules,
  ...functionListRules,
  ...functionSetupRules,
  ...functionAgentRules,
];

/** The rules of function mode and agent mode about each script. */
export const functionScriptRules: readonly Rule<ScriptSubject>[] = [
  ...functionExportsRules,
  ...functionModuleRules,
  ...functionDependencyRules,
  ...functionServerRules,
  ...functionAgentScriptRules,
];
