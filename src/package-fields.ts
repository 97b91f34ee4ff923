import { linesOf, parseChoice, type Report } from './input-fields.ts';
import type { AllowedSecret, InputName, OutputInputs, RawInputs, SelectionInputs } from './inputs.ts';

/** Takes the problems of one input. */
type About = (subject: InputName) => Report;

/** Which files belong to the package. */
export function parseSelection(raw: RawInputs, about: About): SelectionInputs {
  return {
    include: parsePatterns(raw.include, about('include')),
    exclude: parsePatterns(raw.exclude, about('exclude')),
    allowedSecrets: parseAllowedSecrets(raw['allow-secret-files'], about('allow-secret-files')),
  };
}

/** Where files are written for the user. */
export function parseOutput(raw: RawInputs, about: About): OutputInputs {
  const outputPath = raw['output-path'];
  const needed = raw.command === 'download' ? 'folder that the code is put into' : 'zip file to write';
  if (outputPath === '') about('output-path')(`is missing: give the path of the ${needed}.`);
  const overwrites = parseChoice(raw.overwrite, ['true', 'false'], about('overwrite')) === 'true';
  return { outputPath, overwrites };
}

/** Patterns as in .gitignore, one a line; one that begins with `!` would turn the input into its opposite. */
function parsePatterns(text: string, report: Report): string[] {
  const lines = linesOf(text);
  for (const { line, number } of lines) {
    if (line.startsWith('!'))
      report(
        `must not negate a pattern in line ${number}: "${line}". include brings files back, exclude leaves them out.`,
      );
    else if (/^\/*$|(^|\/)\.\.(\/|$)/.test(line))
      report(`must be a pattern of files inside the source folder in line ${number}, not "${line}".`);
  }
  return lines.map(({ line }) => line.replace(/^\.\//, '/'));
}

/** Lines `PATH: REASON`; whoever reads the workflow has to find the reason there. */
function parseAllowedSecrets(text: string, report: Report): AllowedSecret[] {
  return linesOf(text).flatMap(({ line, number }) => {
    const [, pattern = '', reason = ''] = /^(.*?\S)\s*:\s+(\S.*)$/.exec(line) ?? [];
    if (pattern === '' || reason === '') {
      report(
        `must be lines PATH: REASON, and line ${number} is not: "${line}". Say in the reason why the file may be uploaded.`,
      );
      return [];
    }
    return parsePatterns(pattern, report).map((each) => ({ pattern: each, reason }));
  });
}
