import type { Closing } from './closing.ts';

/**
 * The names of the env vars whose absence ended a process, as its last words say; none where they name no variable,
 * undefined where they say nothing of the kind. `known` are names that exist elsewhere.
 */
export function findMissingEnv(closing: Closing, known: readonly string[]): readonly string[] | undefined {
  const lines = closing.lines.filter((line) => !isHarmless(line));
  const named = [
    ...lines.flatMap((line) => readSentence(line, known)),
    ...readBlocks(lines),
    ...readSchema(closing.text),
    ...readPlaceholders(lines),
    ...readSettings(lines, known),
    ...readKeyErrors(closing),
  ];
  if (named.length > 0) return [...new Set(named)];
  const isUnnamed = /environment variable not found|\bNotPresent\b/.test(lines.join('\n'));
  return isUnnamed ? [] : undefined;
}

/** A line that warns, informs, or says that the program goes on without the variable. */
function isHarmless(line: string): boolean {
  return (
    /^\W*(info|warn(ing)?|debug|notice|trace)\b/i.test(line) ||
    /\b(INFO|WARN|WARNING|DEBUG|NOTICE|DeprecationWarning|UserWarning)\b/.test(line) ||
    /"?level"?\s*[:=]\s*"?(info|warn|debug|trace|[1-4]0\b)/i.test(line) ||
    /\b(optional|fall(ing)? ?back|defaults? to|defaulting|by default|skipp\w+|ignor\w+|disabl\w+)\b/i.test(
      line,
    ) ||
    /[,;(] ?using /i.test(line)
  );
}

const namePattern = '[A-Z][A-Z0-9_]{2,63}';
const nameForm = new RegExp(`(?<![\\w.-])${namePattern}(?![\\w-])`, 'g');

/** The variables that one line says are missing, in any of the common wordings. */
function readSentence(line: string, known: readonly string[]): string[] {
  if (/\b(ReferenceError|NameError|KeyError)\b/.test(line)) return [];
  return [...line.matchAll(nameForm)].flatMap(({ 0: name, index }) => {
    const before = line.slice(0, index).replace(listBefore, '').toLowerCase();
    const after = line.slice(index + name.length).replace(listAfter, '');
    const isQuoted = /["'`]$/.test(line.slice(0, index)) && /^["'`]/.test(line.slice(index + name.length));
    const isVariable =
      known.includes(name) || (!isOtherWord(name, line) && (isQuoted || saysVariable(name, line)));
    return isVariable && !namesOther.test(before) && saysMissing(before, after) ? [name] : [];
  });
}

const listBefore = new RegExp(`(["'\`]?\\$?\\{?${namePattern}\\}?["'\`]?(, and |, | and ))*["'\`$({[]*$`);
const listAfter = new RegExp(`^["'\`)}\\]]*((, and |, | and )["'\`]?\\$?${namePattern}["'\`]?)*`);

/** Words in capitals that are no variables, and codes of errors. */
function isOtherWord(name: string, line: string): boolean {
  if (name === 'NODE_ENV') return !/environment variable/i.test(line);
  return (
    /^(ERR|ER|SQLITE|MODULE)_/.test(name) ||
    /^(ERROR|FATAL|CRITICAL|EXCEPTION|HTTPS?|JSON|YAML|URL|URI|API|SSL|TLS|TCP|UDP|SQL|NODE|NULL|TRUE|FALSE|GET|POST|PUT|DELETE|ENV|FAILED|MISSING|REQUIRED|NOT|SET)$/.test(
      name,
    )
  );
}

function saysVariable(name: string, line: string): boolean {
  return (
    name.includes('_') ||
    /\benv(ironment)?\b/i.test(line) ||
    /unbound variable|parameter( null or)? not set/.test(line)
  );
}

const namesOther =
  /\b(constant|column|table|relation|property|argument|header|cookie|file|class|function|module|flag|option|permission|role|scope|error|code)\s+$/;

function saysMissing(before: string, after: string): boolean {
  return (
    lacks.test(after) ||
    missingBefore.test(before) ||
    (/\b(set|define|provide|specify|export|supply|configure|add)( (the|an?|your))?( \w+){0,2} $/.test(
      before,
    ) &&
      /^ (env|in (your |the )?\.?env)/i.test(after)) ||
    (/required key $/.test(before) && /^ missing value/.test(after))
  );
}

const lacks =
  /^:?( (env\w*([ -]var\w*)?|variable|var|setting|secret|key)s?)?( in (the )?env\w*)?,?:? ?(((is|was|are|were|has|have) )?(not (been )?(set|defined|found|provided|configured|present|specified|given|available)|required|missing|undefined|unset|empty|a required|null or not set)|(isn't|wasn't|aren't) (set|defined|provided)|(must|has to|have to|needs? to|should) (not be empty|be (set|provided|defined|specified|configured|present|declared|given|non-empty)|have a value)|cannot be empty|unbound variable|parameter (null or )?not set)\b/i;

const missingBefore =
  /(\b(missing|undefined|unset|required|needs?|lacks?|not found|without|no)( \w+){0,3} (env\b|env(ironment)?[ -]?var\w*|environment)( \w+)?|env(ironment)?[ -]?variable( is| was)? (not (found|set|defined)|missing)|\bmissing( \w+)? (config\w*|settings?|secrets?|variables?|keys?))(:|\s|\()*$/;

/** A headline that says variables are missing, then a line for each of them: envalid, dotenv-safe and many others. */
function readBlocks(lines: readonly string[]): string[] {
  return lines.flatMap((line, index) => {
    const isHead =
      /(missing|required|not present|not set|unset|undefined).*\benv|env.*(missing|required|not set)|^\s*missing\b.*variables/i.test(
        line,
      ) && /:$/.test(line);
    if (!isHead) return [];
    const rest = lines.slice(index + 1);
    const end = rest.findIndex((each) => !blockLine.test(each));
    const block = end === -1 ? rest : rest.slice(0, end);
    return block.flatMap((each) => (each.split(/[:(]/)[0] ?? '').match(nameForm) ?? []);
  });
}

const blockLine = new RegExp(
  `^[\\s"'\`*•❌✗×-]*${namePattern}["'\`]?(, ["'\`]?${namePattern}["'\`]?)*\\s*([:,(].*)?$`,
);

/** Lists of what a schema did not find: zod, and what is built on it. */
function readSchema(text: string): string[] {
  const forms = [
    new RegExp(
      `\\b(${namePattern})["']?:\\s*\\[\\s*["'](?:Required|Invalid input: expected \\w+, received undefined)`,
      'g',
    ),
    new RegExp(`"received": ?"undefined",\\s*"path": ?\\[\\s*"(${namePattern})"\\s*\\]`, 'g'),
    new RegExp(
      `"path": ?\\[\\s*"(${namePattern})"\\s*\\],\\s*"message": ?"[^"]*(?:Required|received undefined)`,
      'g',
    ),
  ];
  return forms.flatMap((form) => [...text.matchAll(form)].map(({ 1: name = '' }) => name));
}

/** Spring names a property where it wants one; the env var for it is the same in capitals. */
function readPlaceholders(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const name = /Could not resolve placeholder '([A-Za-z][\w.-]{1,63})'/.exec(line)?.[1];
    return name === undefined ? [] : [name.replace(/[.-]/g, '_').toUpperCase()];
  });
}

/** Pydantic names the field of the class of settings, which has the name of the variable but for prefix and case. */
function readSettings(lines: readonly string[], known: readonly string[]): string[] {
  const head = lines.findLastIndex((line) =>
    /validation errors? for \w*(settings|config|env)\w*/i.test(line),
  );
  if (head === -1) return [];
  return lines.slice(head + 1).flatMap((line, index, rest) => {
    const field = /^[A-Za-z_]\w{0,63}$/.exec(line)?.[0].toUpperCase();
    if (field === undefined || !/^\s+field required/i.test(rest[index + 1] ?? '')) return [];
    return [known.find((name) => name === field || name.endsWith(`_${field}`)) ?? field];
  });
}

/** Python's KeyError of the environment; that of any other mapping says so by its traceback. */
function readKeyErrors({ lines, text }: Closing): string[] {
  const isOfEnvironment = !text.includes('Traceback') || /environ|<frozen os>|\/os\.py"|getenv/.test(text);
  return lines.flatMap((line) => {
    const inPython = new RegExp(`\\bKeyError: ["'](?:Config ')?(${namePattern})'`).exec(line)?.[1];
    if (inPython !== undefined) return isOfEnvironment || line.includes('Config ') ? [inPython] : [];
    const inRuby = new RegExp(`key not found: ["'](${namePattern})["']`).exec(line)?.[1];
    return inRuby === undefined ? [] : [inRuby];
  });
}
