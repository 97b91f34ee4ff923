import { functionAgentRules, functionAgentScriptRules } from './agent.ts';
import { functionDependencyRules } from './dependencies.ts';
import { functionEncodingRules } from './encoding.ts';
import { functionEntryRules } from './entry-rules.ts';
import { functionExportsRules } from './exports.ts';
import { functionListRules } from './list-rules.ts';
import { functionManifestRules } from './manifest.ts';
import { functionModuleRules } from './modules.ts';
import { functionNativeRules } from './native.ts';
import { functionNodeRules } from './node.ts';
import { functionServerRules, functionSetupRules } from './setup.ts';
import type { Rule, Source } from '../rule.ts';
import type { ScriptSubject } from '../script/script.ts';

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
