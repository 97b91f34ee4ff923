import { relative, resolve } from 'node:path';

import type { Problem } from '../../errors.ts';
import { splitNames } from '../../input-fields.ts';
import type { RawInputs } from '../../inputs.ts';
import { isOutside } from './inside.ts';

/** The problems of the inputs of lint. The catalogue of rules is loaded only where an id has to be looked up. */
export async function checkLint(raw: RawInputs, workspace: string): Promise<Problem[]> {
  const { lint, 'lint-ignore': ignore, 'sarif-file': sarifFile } = raw;
  const problems: Problem[] = [];
  if (raw.command === 'lint' && lint === 'off')
    problems.push({ subject: 'lint', message: 'is "off", but the command is "lint". Leave it out.' });
  if (sarifFile !== '' && lint === 'off')
    problems.push({
      subject: 'sarif-file',
      message: 'has nothing to hold, for lint is "off". Leave it out.',
    });
  const isInside = !isOutside(relative(workspace, resolve(workspace, sarifFile)));
  if (sarifFile !== '' && !(isInside && sarifFile.endsWith('.sarif'))) {
    const message = `must be a path inside the workspace that ends with ".sarif", not "${sarifFile}".`;
    problems.push({ subject: 'sarif-file', message });
  }
  if (ignore.trim() === '') return problems;
  const { checkRuleId } = await import('../../lint/ignore.ts');
  const faults = splitNames(ignore).flatMap((id) => checkRuleId(id) ?? []);
  return [...problems, ...faults.map((message) => ({ subject: 'lint-ignore', message }))];
}
