export const id = 343;
export const ids = [343];
export const modules = {

/***/ 13868:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   DF: () => (/* binding */ mergeFindings),
/* harmony export */   sJ: () => (/* binding */ listRules),
/* harmony export */   vp: () => (/* binding */ topics)
/* harmony export */ });
/* harmony import */ var dockerfile_ast__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(78390);
/* harmony import */ var _syntax_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(30775);
/* harmony import */ var _finding_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(48472);



/** What several tools look for; a rule that only one tool has is in none. */
const topics = [
    {
        name: 'syntax',
        buildkit: ['BuildError'],
        hadolint: ['DL1000', 'DL3021', 'DL3043', 'DL3061'],
        'dockerfile-utils': [
            'ARGUMENT_EXTRA',
            'ARGUMENT_MISSING',
            'ARGUMENT_REQUIRES_AT_LEAST_ONE',
            'ARGUMENT_REQUIRES_AT_LEAST_TWO',
            'ARGUMENT_REQUIRES_ONE',
            'ARGUMENT_REQUIRES_ONE_OR_THREE',
            'ARGUMENT_REQUIRES_TWO',
            'ARGUMENT_UNNECESSARY',
            'BASE_NAME_EMPTY',
            'DUPLICATED_ESCAPE_DIRECTIVE',
            'FLAG_AT_LEAST_ONE',
            'FLAG_DUPLICATE',
            'FLAG_EXPECTED_BOOLEAN_VALUE',
            'FLAG_INVALID_DURATION',
            'FLAG_INVALID_FROM_VALUE',
            'FLAG_LESS_THAN_1MS',
            'FLAG_MISSING_DURATION',
            'FLAG_MISSING_VALUE',
            'FLAG_UNKNOWN_UNIT',
            'HEALTHCHECK_CMD_ARGUMENT_MISSING',
            'INVALID_AS',
            'INVALID_BUILD_STAGE_NAME',
            'INVALID_DESTINATION',
            'INVALID_ESCAPE_DIRECTIVE',
            'INVALID_PORT',
            'INVALID_PROTO',
            'INVALID_REFERENCE_FORMAT',
            'INVALID_SIGNAL',
            'INVALID_SYNTAX',
            'NO_SOURCE_IMAGE',
            'ONBUILD_CHAINING_DISALLOWED',
            'ONBUILD_TRIGGER_DISALLOWED',
            'SHELL_JSON_FORM',
            'SHELL_REQUIRES_ONE',
            'SYNTAX_MISSING_DOUBLE_QUOTE',
            'SYNTAX_MISSING_EQUALS',
            'SYNTAX_MISSING_NAMES',
            'SYNTAX_MISSING_SINGLE_QUOTE',
            'UNKNOWN_ADD_FLAG',
            'UNKNOWN_COPY_FLAG',
            'UNKNOWN_FROM_FLAG',
            'UNKNOWN_HEALTHCHECK_FLAG',
            'UNKNOWN_INSTRUCTION',
            'UNKNOWN_TYPE',
            'UNSUPPORTED_MODIFIER',
        ],
    },
    {
        name: 'command as a JSON list',
        'cloudbase-run': ['CBR003', 'CBR004'],
        buildkit: ['JSONArgsRecommended'],
        hadolint: ['DL3025'],
        'dockerfile-utils': ['JSON_IN_SINGLE_QUOTES'],
    },
    {
        name: 'case of instructions',
        buildkit: ['ConsistentInstructionCasing'],
        'dockerfile-utils': ['CASING_INSTRUCTION'],
    },
    {
        name: 'stage named twice',
        buildkit: ['DuplicateStageName'],
        hadolint: ['DL3024'],
        'dockerfile-utils': ['DUPLICATE_BUILD_STAGE_NAME'],
    },
    { name: 'reserved stage name', buildkit: ['ReservedStageName'], hadolint: ['DL3063'] },
    {
        name: 'deprecated MAINTAINER',
        buildkit: ['MaintainerDeprecated'],
        hadolint: ['DL4000'],
        'dockerfile-utils': ['DEPRECATED_MAINTAINER'],
    },
    {
        name: 'instruction that a later one replaces',
        buildkit: ['MultipleInstructionsDisallowed'],
        hadolint: ['DL3012', 'DL4003', 'DL4004'],
        'dockerfile-utils': ['MULTIPLE_INSTRUCTIONS'],
    },
    {
        name: 'empty line in an instruction',
        buildkit: ['NoEmptyContinuation'],
        'dockerfile-utils': ['EMPTY_CONTINUATION_LINE'],
    },
    {
        name: 'relative WORKDIR',
        buildkit: ['WorkdirRelativePath'],
        hadolint: ['DL3000'],
        'dockerfile-utils': ['WORKDIR_IS_NOT_ABSOLUTE'],
    },
    {
        name: 'secrets in ARG and ENV',
        'cloudbase-run': ['CBR025', 'CBR026'],
        buildkit: ['SecretsUsedInArgOrEnv'],
        hadolint: ['DL3064'],
    },
    {
        name: 'platform of the base image',
        'cloudbase-run': ['CBR045', 'CBR046'],
        buildkit: ['FromPlatformFlagConstDisallowed', 'InvalidBaseImagePlatform'],
        hadolint: ['DL3029'],
    },
    { name: 'redundant platform', buildkit: ['RedundantTargetPlatform'], hadolint: ['DL3065'] },
    {
        name: 'base image by an unknown variable',
        buildkit: ['BuildError', 'InvalidDefaultArgInFrom', 'UndefinedArgInFrom'],
        'dockerfile-utils': ['BASE_NAME_EMPTY', 'INVALID_REFERENCE_FORMAT'],
    },
    {
        name: 'COPY of a file that is left out',
        'cloudbase-run': ['CBR038'],
        buildkit: ['CopyIgnoredFile'],
    },
    { name: 'root user', 'cloudbase-run': ['CBR021'], hadolint: ['DL3002'] },
    {
        name: 'port of EXPOSE',
        'cloudbase-run': ['CBR010'],
        buildkit: ['BuildError', 'ExposeInvalidFormat'],
        hadolint: ['DL3011'],
        'dockerfile-utils': ['INVALID_PORT'],
    },
    {
        name: 'stage of --from',
        'cloudbase-run': ['CBR042'],
        buildkit: ['BuildError'],
        hadolint: ['DL3022', 'DL3023'],
        'dockerfile-utils': ['FLAG_INVALID_FROM_VALUE'],
    },
];
/** The ids of the rules that say the same, of all tools. */
function listRules(topic) {
    return tools.flatMap((tool) => topic[tool] ?? []);
}
/** Whose words are kept where several say the same. */
const tools = ['cloudbase-run', 'buildkit', 'hadolint', 'dockerfile-utils'];
/**
 * Makes one finding of those that say the same of the same instruction: in our words before BuildKit's, hadolint's and
 * those of dockerfile-utils, and as bad as the worst of them. With the text of the Dockerfile it knows the instructions
 * that span lines.
 */
function mergeFindings(findings, text = '') {
    const firstLineOf = readFirstLines(text);
    const groups = [];
    for (const finding of [...findings].sort((left, right) => rankOf(left) - rankOf(right))) {
        const group = groups.find((members) => members.some((other) => isSame(other, finding, firstLineOf)));
        if (group === undefined)
            groups.push([finding]);
        else
            group.push(finding);
    }
    return groups.flatMap(([first, ...others]) => (first === undefined ? [] : [keepWorst(first, others)]));
}
function rankOf({ tool }) {
    return tools.indexOf(tool);
}
/** The first line of the instruction that stands on a line. */
function readFirstLines(text) {
    if (text === '' || (0,_syntax_js__WEBPACK_IMPORTED_MODULE_1__/* .isTooLong */ .p)(text))
        return (line) => line;
    const firstLines = new Map();
    for (const instruction of dockerfile_ast__WEBPACK_IMPORTED_MODULE_0__.DockerfileParser.parse(text).getInstructions()) {
        const { start, end } = instruction.getRange();
        for (let line = start.line; line <= end.line; line++)
            firstLines.set(line + 1, start.line + 1);
    }
    return (line) => firstLines.get(line) ?? line;
}
function isSame(left, right, firstLineOf) {
    if (left.at.file !== right.at.file)
        return false;
    if (left.tool === right.tool)
        return isRepeated(left, right);
    return overlap(left, right, firstLineOf) && haveTopic(left, right);
}
function isRepeated(left, right) {
    return left.rule === right.rule && left.at.line === right.at.line && left.message === right.message;
}
/** Tools place a finding at the instruction, at its first line, or at the word in it. */
function overlap({ at: left }, { at: right }, firstLineOf) {
    if (firstLineOf(left.line) === firstLineOf(right.line))
        return true;
    return left.line <= (right.endLine ?? right.line) && right.line <= (left.endLine ?? left.line);
}
function haveTopic(left, right) {
    return topics.some((topic) => isAbout(topic, left) && isAbout(topic, right));
}
function isAbout(topic, { tool, rule }) {
    const rules = topic[tool] ?? [];
    return rules.includes(rule);
}
function keepWorst(first, others) {
    const worst = [first, ...others].map(({ severity }) => _finding_js__WEBPACK_IMPORTED_MODULE_2__/* .severities */ .gO.indexOf(severity));
    const severity = _finding_js__WEBPACK_IMPORTED_MODULE_2__/* .severities */ .gO[Math.min(...worst)] ?? first.severity;
    const kind = [first, ...others].find((finding) => finding.kind !== undefined)?.kind;
    return { ...first, severity, ...(kind === undefined ? {} : { kind }) };
}


/***/ }),

/***/ 30775:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  p: () => (/* binding */ isTooLong),
  h: () => (/* binding */ lintSyntax)
});

// EXTERNAL MODULE: ./node_modules/dockerfile-ast/lib/main.js
var main = __webpack_require__(78390);
// EXTERNAL MODULE: ./node_modules/dockerfile-utils/lib/main.js
var lib_main = __webpack_require__(10285);
;// CONCATENATED MODULE: ./src/lint/dockerfile/syntax-doubts.ts

/**
 * How bad the problems are that dockerfile-utils found in a Dockerfile: an error is only what stops the build, and what
 * the Docker builder takes without a word has no severity at all.
 */
function judgeSyntax(text, dockerfile, problems) {
    const surroundings = survey(text, dockerfile, problems);
    return problems.flatMap((problem) => {
        const severity = (doubts[problem.code] ?? judgeUsually)(problem, surroundings);
        return severity === undefined ? [] : [{ problem, severity: soften(severity, surroundings) }];
    });
}
function survey(text, dockerfile, problems) {
    const places = dockerfile.getInstructions().map((instruction) => {
        const { start, end } = instruction.getRange();
        return { instruction, firstLine: start.line, lastLine: end.line };
    });
    const syntax = dockerfile
        .getDirectives()
        .find((directive) => directive.getName().toLowerCase() === 'syntax');
    return {
        lines: text.split(/\r\n|\r|\n/),
        places,
        escape: dockerfile.getEscapeCharacter(),
        problems,
        frontend: syntax?.getValue() ?? '',
        isLowerCase: places.every(({ instruction }) => /^[^A-Z]*$/.test(instruction.getInstruction())),
    };
}
/** Another frontend has a language of its own. */
function soften(severity, { frontend }) {
    const isForeign = frontend !== '' && !/(^|\/)docker\/dockerfile(-upstream)?(:|@|$)/.test(frontend);
    return severity === 'error' && isForeign ? 'warning' : severity;
}
const judgeUsually = ({ isError }) => (isError ? 'error' : 'warning');
/** Newer frontends know newer flags. */
const judgeFlag = ({ said }, { frontend }) => {
    if (said.endsWith(': unpack'))
        return undefined;
    return frontend === '' ? 'error' : 'warning';
};
const judgeQuotes = ({ range }, { lines, escape }) => isClosed(cut(lines, range.start, range.end), escape) ? undefined : 'error';
const doubts = {
    CASING_INSTRUCTION: (_, { isLowerCase }) => (isLowerCase ? undefined : 'info'),
    CASING_DIRECTIVE: () => 'info',
    DEPRECATED_MAINTAINER: () => 'info',
    FLAG_AT_LEAST_ONE: () => 'warning',
    FLAG_LESS_THAN_1MS: () => 'warning',
    UNKNOWN_ADD_FLAG: judgeFlag,
    UNKNOWN_COPY_FLAG: judgeFlag,
    UNKNOWN_FROM_FLAG: judgeFlag,
    UNKNOWN_HEALTHCHECK_FLAG: judgeFlag,
    SYNTAX_MISSING_SINGLE_QUOTE: judgeQuotes,
    SYNTAX_MISSING_DOUBLE_QUOTE: judgeQuotes,
    ARGUMENT_MISSING: ({ range }, { lines }) => /^entrypoint$/i.test(cut(lines, range.start, range.end)) ? 'warning' : 'error',
    DUPLICATE_BUILD_STAGE_NAME: (problem, { problems }) => problems.find(({ code, said }) => code === problem.code && said === problem.said) === problem
        ? undefined
        : 'warning',
    FLAG_INVALID_FROM_VALUE: ({ said }) => (said.startsWith('invalid from flag value :') ? 'warning' : 'error'),
    INVALID_DESTINATION: ({ range }, { lines }) => /(^|\/)\.{1,2}$/.test(withoutQuotes(cut(lines, range.start, range.end))) ? undefined : 'warning',
    INVALID_PORT: ({ range }, { lines }) => {
        const port = withoutQuotes(cut(lines, range.start, range.end));
        if (port.includes('$') || /^\d+(\/\w+)?$/.test(port))
            return undefined;
        return port.includes(':') ? 'warning' : 'error';
    },
    // The builder knows many names, also without SIG.
    INVALID_SIGNAL: ({ range }, { lines }) => {
        const signal = cut(lines, range.start, range.end);
        if (/^(ABRT|ALRM|HUP|INT|KILL|QUIT|TERM|USR[12]|WINCH)$/i.test(signal))
            return undefined;
        return /^[a-z]/i.test(signal) ? 'warning' : 'error';
    },
    // What has no FROM is hardly a Dockerfile, so one of its words is enough.
    UNKNOWN_INSTRUCTION: (problem, { places, problems }) => places.some(({ instruction }) => instruction instanceof main.From) ||
        problems.find(({ code }) => code === problem.code) === problem
        ? 'error'
        : undefined,
    UNSUPPORTED_MODIFIER: (problem, surroundings) => (isExpanded(problem, surroundings) ? 'error' : undefined),
    WORKDIR_IS_NOT_ABSOLUTE: ({ range }, { places }) => hasWorkdirBefore(range.start.line, places) ? undefined : 'warning',
};
/** The builder does not look at the variables of shell commands, of quoted text and of here-documents. */
function isExpanded({ range }, { lines, places }) {
    const place = places.findLast(({ firstLine }) => firstLine <= range.start.line);
    if (place === undefined)
        return true;
    const before = cut(lines, { line: place.firstLine, character: 0 }, range.start);
    if (before.includes('<<') && range.start.line > place.firstLine)
        return false;
    if ((before.split("'").length - 1) % 2 === 1)
        return false;
    return !['HEALTHCHECK', 'ONBUILD', 'SHELL'].includes(place.instruction.getKeyword());
}
function hasWorkdirBefore(line, places) {
    const before = places.filter(({ firstLine }) => firstLine < line);
    const stage = before.slice(before.findLastIndex(({ instruction }) => instruction instanceof main.From) + 1);
    return stage.some(({ instruction }) => instruction instanceof main.Workdir && /^["']?[/$]/.test(instruction.getArgumentsContent() ?? ''));
}
/** The text between two places. */
function cut(lines, start, end) {
    if (start.line === end.line)
        return (lines[start.line] ?? '').slice(start.character, end.character);
    const middle = lines.slice(start.line + 1, end.line);
    const last = (lines[end.line] ?? '').slice(0, end.character);
    return [(lines[start.line] ?? '').slice(start.character), ...middle, last].join('\n');
}
function withoutQuotes(text) {
    return text.replaceAll(/^["']|["']$/g, '');
}
/** True where every quote that is opened is closed. */
function isClosed(text, escape) {
    let open = '';
    for (let at = 0; at < text.length; at++) {
        const character = text.charAt(at);
        if (character === escape && open !== "'")
            at++;
        else if (open === character)
            open = '';
        else if (open === '' && (character === '"' || character === "'"))
            open = character;
    }
    return open === '';
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/syntax-rules.ts
const flag = 'Write one of the flags that the Dockerfile reference names for this instruction.';
const duration = 'Write the duration as a number with a unit, such as "30s" or "1m30s".';
const argument = 'Write what the instruction needs on the same line.';
const modifier = 'Write "${NAME}", "${NAME:-default}" or "${NAME:+value}".';
const healthcheck = 'healthcheck';
/** Every rule of dockerfile-utils by its name. */
const syntaxRules = {
    CASING_INSTRUCTION: { fix: 'Write every instruction in upper-case letters.', part: 'format' },
    CASING_DIRECTIVE: { fix: 'Write the directive in lower-case letters.', part: 'parser-directives' },
    ARGUMENT_MISSING: { fix: argument },
    ARGUMENT_EXTRA: { fix: 'Remove what stands after the first argument.' },
    ARGUMENT_REQUIRES_ONE: { fix: 'Give the instruction exactly one argument.' },
    ARGUMENT_REQUIRES_AT_LEAST_ONE: { fix: argument },
    ARGUMENT_REQUIRES_TWO: {
        fix: 'Write the pair as NAME=value.',
        part: 'env',
        message: 'A name stands here without a value.',
    },
    ARGUMENT_REQUIRES_AT_LEAST_TWO: { fix: 'Name the sources, and the destination after them.', part: 'copy' },
    ARGUMENT_REQUIRES_ONE_OR_THREE: { fix: 'Write "FROM image" or "FROM image AS name".', part: 'from' },
    ARGUMENT_UNNECESSARY: { fix: 'Remove what stands after HEALTHCHECK NONE.', part: healthcheck },
    DUPLICATE_BUILD_STAGE_NAME: { fix: 'Give every stage a name of its own.', part: 'from' },
    EMPTY_CONTINUATION_LINE: {
        fix: 'Remove the empty line, or the backslash before it.',
        message: 'An instruction goes on after an empty line.',
    },
    INVALID_BUILD_STAGE_NAME: {
        message: 'A stage has a name that begins with a digit or holds signs.',
        fix: 'Name the stage with letters, digits, "-", "_" and ".", a letter first.',
        part: 'from',
    },
    FLAG_AT_LEAST_ONE: { fix: 'Write a number of 1 or more.', part: healthcheck },
    FLAG_DUPLICATE: { fix: 'Write the flag once.' },
    FLAG_INVALID_DURATION: { fix: duration, part: healthcheck },
    FLAG_LESS_THAN_1MS: { fix: 'Write a duration of 1 ms or more.', part: healthcheck },
    FLAG_MISSING_DURATION: { fix: duration, part: healthcheck },
    FLAG_MISSING_VALUE: { fix: 'Write the flag with its value, as --name=value.' },
    FLAG_UNKNOWN_UNIT: { fix: duration, part: healthcheck },
    NO_SOURCE_IMAGE: {
        fix: 'Begin the Dockerfile with FROM; only ARG may stand before it.',
        part: 'from',
        message: 'No FROM names a base image here.',
    },
    INVALID_ESCAPE_DIRECTIVE: { fix: 'Write "# escape=\\" or "# escape=`".', part: 'escape' },
    INVALID_AS: { fix: 'Write "FROM image AS name".', part: 'from' },
    INVALID_DESTINATION: {
        fix: 'End the destination with "/".',
        part: 'copy',
        message: 'Several sources are copied to a destination that does not end with "/".',
    },
    INVALID_PORT: { fix: 'Write the port as a number, with "/tcp" or "/udp" where needed.', part: 'expose' },
    INVALID_PROTO: { fix: 'Write "/tcp" or "/udp" after the port.', part: 'expose' },
    INVALID_REFERENCE_FORMAT: {
        fix: 'Write the image as name:tag or name@sha256:digest.',
        part: 'from',
        message: 'The reference of the base image is not valid.',
    },
    INVALID_SIGNAL: { fix: 'Write a number or a name such as SIGTERM.', part: 'stopsignal' },
    INVALID_SYNTAX: {
        fix: 'Write a whole number.',
        part: healthcheck,
        message: 'The value is no whole number.',
    },
    ONBUILD_CHAINING_DISALLOWED: { fix: 'Write one ONBUILD before the instruction.', part: 'onbuild' },
    ONBUILD_TRIGGER_DISALLOWED: { fix: 'Remove FROM or MAINTAINER after ONBUILD.', part: 'onbuild' },
    SHELL_JSON_FORM: { fix: 'Write SHELL ["program", "argument"] with double quotes.', part: 'shell' },
    SHELL_REQUIRES_ONE: { fix: 'Name the program in SHELL ["program", "argument"].', part: 'shell' },
    SYNTAX_MISSING_EQUALS: {
        fix: 'Write each pair as NAME=value, and put a value with blanks in double quotes.',
        part: 'env',
        message: 'A word of the instruction has no "=".',
    },
    SYNTAX_MISSING_NAMES: { fix: 'Write the name before the "=".', part: 'env' },
    SYNTAX_MISSING_SINGLE_QUOTE: {
        fix: 'Close the single quote.',
        part: 'env',
        message: 'A single quote is opened and not closed.',
    },
    SYNTAX_MISSING_DOUBLE_QUOTE: {
        fix: 'Close the double quote.',
        part: 'env',
        message: 'A double quote is opened and not closed.',
    },
    MULTIPLE_INSTRUCTIONS: {
        fix: 'Remove the instruction: only the last one of its kind in a stage counts.',
        message: 'A later instruction of the same kind replaces this one.',
    },
    UNKNOWN_INSTRUCTION: {
        fix: 'Write an instruction of the Dockerfile reference, or end the line before with a backslash if this one belongs to it.',
        part: 'overview',
    },
    UNKNOWN_ADD_FLAG: { fix: flag, part: 'add' },
    UNKNOWN_COPY_FLAG: { fix: flag, part: 'copy' },
    UNKNOWN_FROM_FLAG: { fix: flag, part: 'from' },
    UNKNOWN_HEALTHCHECK_FLAG: { fix: flag, part: healthcheck },
    UNKNOWN_TYPE: {
        fix: 'Write HEALTHCHECK CMD with a command, or HEALTHCHECK NONE.',
        part: healthcheck,
        message: 'HEALTHCHECK is followed neither by CMD nor by NONE.',
    },
    UNSUPPORTED_MODIFIER: {
        fix: modifier,
        part: 'environment-replacement',
        message: 'A variable is written with a modifier that Dockerfiles do not know.',
    },
    DEPRECATED_MAINTAINER: {
        fix: 'Write LABEL org.opencontainers.image.authors="name" in its place.',
        part: 'maintainer-deprecated',
        message: 'The instruction MAINTAINER is deprecated.',
    },
    HEALTHCHECK_CMD_ARGUMENT_MISSING: { fix: 'Write the command after HEALTHCHECK CMD.', part: healthcheck },
    FLAG_INVALID_FROM_VALUE: {
        fix: 'Name a stage or an image in --from, without variables.',
        part: 'copy---from',
        message: 'The flag --from names neither a stage nor an image.',
    },
    FLAG_EXPECTED_BOOLEAN_VALUE: { fix: 'Write the flag alone, or with "true" or "false".' },
    JSON_IN_SINGLE_QUOTES: {
        fix: 'Write the JSON list with double quotes.',
        part: 'shell-and-exec-form',
        message: 'A JSON list is written with single quotes, so it runs as a shell command.',
    },
    WORKDIR_IS_NOT_ABSOLUTE: {
        fix: 'Begin the path with "/".',
        part: 'workdir',
        message: 'A relative WORKDIR depends on what the base image has set.',
    },
    BASE_NAME_EMPTY: {
        fix: 'Declare the variable with ARG and a default before FROM.',
        part: 'understand-how-arg-and-from-interact',
        message: 'The base image is a variable that is not set.',
    },
    DUPLICATED_ESCAPE_DIRECTIVE: { fix: 'Write the directive "escape" once.', part: 'escape' },
};

// EXTERNAL MODULE: ./src/lint/dockerfile/tool-answer.ts
var tool_answer = __webpack_require__(60539);
;// CONCATENATED MODULE: ./src/lint/dockerfile/syntax.ts





const maxLines = 2_000;
const maxLength = 250_000;
const reference = 'https://docs.docker.com/reference/dockerfile/';
/**
 * Checks the syntax and the general rules of a Dockerfile with dockerfile-utils, which needs nothing but the text. What
 * the Docker builder takes all the same is at most a warning. `file` is the name that findings carry.
 */
function lintSyntax(text, file) {
    if (isTooLong(text))
        return [tooLong(file)];
    const judged = judgeSyntax(text, main.DockerfileParser.parse(text), listProblems(text));
    return unique(judged.map(({ problem, severity }) => ({ severity, ...describe(problem, file) })));
}
/** True where dockerfile-utils would take seconds or more: its time grows with the square of the lines. */
function isTooLong(text) {
    return text.length > maxLength || text.split('\n', maxLines + 2).length > maxLines + 1;
}
function tooLong(file) {
    return {
        severity: 'info',
        tool: 'dockerfile-utils',
        rule: 'TOO_LONG',
        message: `The Dockerfile has more than ${maxLines} lines or ${maxLength} characters, so its syntax was not checked.`,
        fix: 'Move long scripts into files of their own and copy them into the image.',
        url: reference,
        at: { file, line: 1, column: 1 },
    };
}
function listProblems(text) {
    return (0,lib_main.validate)(text).flatMap(({ code, message, range, severity }) => {
        const name = typeof code === 'number' ? lib_main.ValidationCode[code] : undefined;
        if (!isKnown(name))
            return [];
        const said = typeof message === 'string' ? message : message.value;
        return [{ code: name, said, range, isError: severity === 1 }];
    });
}
function isKnown(name) {
    return name !== undefined && Object.hasOwn(syntaxRules, name);
}
function describe({ code, said, range }, file) {
    const { fix, part, message } = syntaxRules[code];
    return {
        tool: 'dockerfile-utils',
        rule: code,
        message: (0,tool_answer/* asSentence */.KG)(message ?? withoutOddWords(said)),
        fix,
        url: part === undefined ? reference : `${reference}#${part}`,
        at: {
            file,
            line: range.start.line + 1,
            column: range.start.character + 1,
            endLine: range.end.line + 1,
            endColumn: range.end.character + 1,
        },
    };
}
/** A line that was torn off its instruction can begin with anything, also with a part of a secret. */
function withoutOddWords(said) {
    const isOdd = /^Unknown instruction: (?![A-Z]{1,15}$)/.test(said);
    return isOdd ? 'The line begins with no instruction' : (0,tool_answer/* withoutQuotes */.Yg)(said);
}
/** The same is said only once of a line. */
function unique(findings) {
    const seen = new Map(findings.toReversed().map((found) => [keyOf(found), found]));
    return findings.filter((found) => seen.get(keyOf(found)) === found);
}
function keyOf({ rule, message, at }) {
    return `${at.line} ${rule} ${message}`;
}


/***/ }),

/***/ 60539:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   KG: () => (/* binding */ asSentence),
/* harmony export */   Mc: () => (/* binding */ entriesOf),
/* harmony export */   Yg: () => (/* binding */ withoutQuotes),
/* harmony export */   b6: () => (/* binding */ textOf),
/* harmony export */   c3: () => (/* binding */ listOf),
/* harmony export */   pq: () => (/* binding */ countOf)
/* harmony export */ });
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(88575);

const longest = 300;
/**
 * What another program says, as one line that ends like a sentence; a message that is very long is cut. Programs end
 * theirs with or without a full stop.
 */
function asSentence(message) {
    const line = message
        .replaceAll(/\s+/g, ' ')
        .replace(/[\s:;,]+$/, '')
        .trim();
    const kept = line.length > longest ? `${line.slice(0, longest).trimEnd()}…` : line;
    const sentence = /[.!?…]$/.test(kept) ? kept : `${kept}.`;
    return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
/**
 * What another program says without the words of the file that may be a part of a secret: what stands behind `=`, and
 * what is no port, protocol or signal, for a line that was torn off its instruction can be anything.
 */
function withoutQuotes(said) {
    return said
        .replace(/=.+/s, '=[redacted]')
        .replace(/(invalid (?:containerPort|proto|signal)): (?!\d[\d/-]{0,12}$).*/is, '$1');
}
/** The entries of a JSON object; none where the value is something else. */
function entriesOf(value) {
    return (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isRecord */ .u4)(value) ? value : {};
}
/** The objects of a JSON list; none where the value is something else. */
function listOf(value) {
    return Array.isArray(value) ? value.map(entriesOf) : [];
}
/** A line or column that counts from 1; 1 where the value is none. */
function countOf(value) {
    return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 1;
}
/** The text of a JSON value; empty where it is something else. */
function textOf(value) {
    return typeof value === 'string' ? value : '';
}


/***/ }),

/***/ 63343:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   checkRuleId: () => (/* binding */ checkRuleId),
/* harmony export */   o: () => (/* binding */ leaveOut)
/* harmony export */ });
/* harmony import */ var leven__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(47785);
/* harmony import */ var _dockerfile_same_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(13868);
/* harmony import */ var _rules_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(74133);



/** What stays of the findings, and how many were left out by comments or by the input `lint-ignore`. */
function leaveOut(findings, directives, ignored) {
    const reasoned = directives.filter(({ reason }) => reason !== '');
    const comments = reasoned.map((directive) => ({ ...directive, covered: withEquals(directive.ids) }));
    const isCovered = ({ rule, at }) => comments.some((comment) => comment.at.file === at.file &&
        comment.at.line <= at.line &&
        at.line <= comment.endLine &&
        comment.covered.has(rule));
    const everywhere = withEquals(ignored);
    const stays = findings.filter((finding) => !everywhere.has(finding.rule) && !isCovered(finding));
    return { findings: stays, ignored: findings.length - stays.length };
}
/**
 * Several tools say the same: who ignores it of one does not want to hear it of another. Our own rules are stricter than
 * the general ones, so they go by their own ids alone; what a tool cannot parse has too many ids to be one thing.
 */
function withEquals(given) {
    const ids = given.map((id) => id.replace(/^[a-z-]+\//, ''));
    const groups = _dockerfile_same_js__WEBPACK_IMPORTED_MODULE_0__/* .topics */ .vp.filter(({ name }) => name !== 'syntax').map(_dockerfile_same_js__WEBPACK_IMPORTED_MODULE_0__/* .listRules */ .sJ);
    const equals = groups.filter((group) => group.some((id) => ids.includes(id))).flat();
    return new Set([...ids, ...equals.filter((id) => !isOurs(id))]);
}
function isOurs(id) {
    return _rules_js__WEBPACK_IMPORTED_MODULE_1__.rules.some((rule) => rule.id === id);
}
/** What is wrong with the id of a rule, as a sentence that begins with a verb; ids of other tools are taken as they are. */
function checkRuleId(id) {
    if (isOurs(id))
        return undefined;
    if (!/^cbr/i.test(id) && /^([a-z-]+\/)?[A-Za-z]\w*$/.test(id))
        return undefined;
    const upper = id.slice(0, 20).toUpperCase();
    const near = isOurs(upper) ? upper : _rules_js__WEBPACK_IMPORTED_MODULE_1__.rules.map((rule) => rule.id).find((each) => (0,leven__WEBPACK_IMPORTED_MODULE_2__/* ["default"] */ .A)(each, upper) <= 1);
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    return `must name rules such as CBR002, separated by spaces, commas or line breaks, not "${id}".${hint}`;
}


/***/ })

};
