export const id = 133;
export const ids = [133];
export const modules = {

/***/ 71064:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ parseDirectives),
/* harmony export */   f: () => (/* binding */ directiveRules)
/* harmony export */ });
const form = /(?:#|\/\/|\/\*)[ \t]*cloudrun-lint[ \t]+ignore=((?:[\w/-]+)?(?:,[ \t]*[\w/-]+)*)((?:(?!\*\/).)*)(?:\*\/(.*))?$/;
/** Nobody ignores more rules at one place. */
const mostIds = 50;
/**
 * The comments of a file. One beside code is about that line; one on a line of its own about the instruction that
 * follows (`instructions`, where the file has such), else about the next line that is no comment.
 */
function parseDirectives(file, text, instructions) {
    if (!text.includes('cloudrun-lint'))
        return [];
    const lines = text.split(/\r?\n/);
    return lines.flatMap((content, index) => {
        const [all, ids = '', reason = '', after = ''] = form.exec(content) ?? [];
        if (all === undefined)
            return [];
        const before = content.slice(0, content.length - all.length);
        const line = index + 1;
        const isAlone = before.trim() === '' && after.trim() === '';
        if (instructions !== undefined && !isAlone)
            return [];
        const at = { file, line, column: before.length + 1, endLine: line, endColumn: content.length + 1 };
        const endLine = isAlone ? coveredTo(line, lines, instructions) : line;
        return [
            {
                ids: [...new Set(ids.split(',').map((id) => id.trim()))].filter((id) => id !== '').slice(0, mostIds),
                reason: reason.trim(),
                at,
                endLine,
            },
        ];
    });
}
function coveredTo(line, lines, instructions) {
    if (instructions !== undefined)
        return instructions.find((instruction) => instruction.endLine > line)?.endLine ?? line;
    const next = lines.findIndex((content, index) => index >= line && !/^\s*(#|\/\/|\/\*|\*|$)/.test(content));
    return next < 0 ? line : next + 1;
}
const start = 'FROM node:24-slim\nWORKDIR /app\nCOPY server.js ./\n';
const end = 'EXPOSE 8080\nCMD exec node server.js\n';
/** The rules about the comments that leave findings out. */
const directiveRules = [
    {
        id: 'CBR901',
        severity: 'warning',
        title: 'Ignore comment without a reason',
        why: 'Whoever reads the comment later has to know why the rule does not count there. Without a reason the comment has no effect.',
        fix: 'Write the reason behind the ids.',
        bad: {
            mode: 'container',
            files: { Dockerfile: `${start}# cloudrun-lint ignore=CBR020\n${end}`, 'server.js': '' },
        },
        good: {
            mode: 'container',
            files: {
                Dockerfile: `${start}# cloudrun-lint ignore=CBR020 the base image drops root itself\n${end}`,
                'server.js': '',
            },
        },
        check: ({ ids, reason, at }) => reason === '' && ids.length > 0
            ? [
                {
                    message: `The comment that ignores ${ids.join(', ')} gives no reason, so it has no effect.`,
                    at,
                },
            ]
            : [],
    },
    {
        id: 'CBR902',
        severity: 'warning',
        title: 'Ignore comment that names no rule',
        why: 'A mistyped id leaves the finding where it is.',
        fix: 'Name the rules by their ids, separated by commas without spaces, such as CBR002.',
        bad: {
            mode: 'container',
            files: { Dockerfile: `${start}# cloudrun-lint ignore=CBR9999 for now\n${end}`, 'server.js': '' },
        },
        good: {
            mode: 'container',
            files: { Dockerfile: `${start}# cloudrun-lint ignore=CBR020 for now\n${end}`, 'server.js': '' },
        },
        check: ({ ids, unknownIds, at }) => {
            if (ids.length === 0)
                return [{ message: 'The comment names no rule to ignore.', at }];
            return unknownIds.map((id) => ({ message: `The comment ignores "${id}", which is no rule.`, at }));
        },
    },
];


/***/ }),

/***/ 60763:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AK: () => (/* binding */ listIgnoreFiles),
/* harmony export */   RF: () => (/* binding */ isExcluded),
/* harmony export */   bh: () => (/* binding */ isWholeCopy),
/* harmony export */   cJ: () => (/* binding */ listCopies),
/* harmony export */   fF: () => (/* binding */ createIgnoreFile),
/* harmony export */   w4: () => (/* binding */ findEntry)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(76760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var dockerfile_ast__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(78390);
/* harmony import */ var _ignore_pattern_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(52239);
/* harmony import */ var _tree_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(64318);
/* harmony import */ var _located_text_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(88712);





/** Every COPY and ADD that this build runs. */
function listCopies({ stages }) {
    return stages.flatMap((stage) => stage.instructions.flatMap((instruction) => {
        if (!(instruction instanceof dockerfile_ast__WEBPACK_IMPORTED_MODULE_1__.Copy || instruction instanceof dockerfile_ast__WEBPACK_IMPORTED_MODULE_1__.Add))
            return [];
        const from = instruction
            .getFlags()
            .find((flag) => flag.getName() === 'from')
            ?.getValue();
        return [{ instruction, stage, from: from ?? undefined, sources: listSources(instruction) }];
    }));
}
/** True for a copy of the whole build folder. */
function isWholeCopy({ from, sources }) {
    return from === undefined && sources.some(({ path }) => path === '.');
}
function listSources(instruction) {
    const content = instruction.getArgumentsContent() ?? '';
    if (content.includes('<<'))
        return [];
    return (listExecWords(instruction, content) ?? listPlainWords(instruction))
        .slice(0, -1)
        .filter(({ value }) => value !== '' && !/[*?[\]$\\'"<]|^[\w+.-]+:\/\/|^git@/.test(value))
        .map(({ value, node }) => ({
        value,
        path: node_path__WEBPACK_IMPORTED_MODULE_0__.posix.normalize(`/${value}`).replace(/^\/|\/$/g, '') || '.',
        isOutside: node_path__WEBPACK_IMPORTED_MODULE_0__.posix.normalize(value.replace(/^\/+/, '') || '.').startsWith('..'),
        getRange: () => node.getRange(),
    }));
}
function listExecWords(instruction, content) {
    const strings = instruction.getJSONStrings();
    return (0,_located_text_js__WEBPACK_IMPORTED_MODULE_4__/* .parseStrings */ .cQ)(content)?.map((value, index) => ({ value, node: strings[index] ?? instruction }));
}
/** A variable with a modifier is not known, whatever the parser makes of it. */
function listPlainWords(instruction) {
    const written = instruction.getArguments();
    return instruction.getExpandedArguments().map((node, index) => {
        const text = written[index]?.getValue() ?? '';
        const value = /\$\{\w+[^\w}]/.test(text) ? text : node.getValue();
        return { value: value.replace(/^(["'])(.*)\1$/, '$2'), node };
    });
}
/** Whether the source has a file or folder of the build folder; `unknown` inside of what nobody has listed. */
function findEntry(subject, path) {
    const { entries } = subject.source;
    const wanted = (0,_tree_js__WEBPACK_IMPORTED_MODULE_3__/* .inSource */ .hR)(subject, path);
    if (path === '.' || entries.has(wanted))
        return 'present';
    for (let folder = node_path__WEBPACK_IMPORTED_MODULE_0__.posix.dirname(wanted); folder !== '.'; folder = node_path__WEBPACK_IMPORTED_MODULE_0__.posix.dirname(folder)) {
        if (/(^|\/)(node_modules|\.git)$/.test(folder) && entries.has(folder))
            return 'unknown';
        const kind = entries.get(folder)?.kind;
        if (kind === 'link' || kind === 'other')
            return 'unknown';
    }
    return 'absent';
}
/** The ignore files of a build: that of the Dockerfile, which BuildKit alone knows, and that of the build folder. */
function listIgnoreFiles(subject) {
    const { texts } = subject.source;
    return [`${subject.path}.dockerignore`, (0,_tree_js__WEBPACK_IMPORTED_MODULE_3__/* .inSource */ .hR)(subject, '.dockerignore')].flatMap((file) => {
        const text = texts.get(file);
        return text === undefined ? [] : [createIgnoreFile(file, text)];
    });
}
/** True where no builder would see the path. */
function isExcluded(files, path) {
    return files.length > 0 && files.every((file) => file.ignores(path));
}
/** Reads the rules of an ignore file; a line that is no pattern excludes nothing. */
function createIgnoreFile(file, text) {
    const { patterns, faults } = (0,_ignore_pattern_js__WEBPACK_IMPORTED_MODULE_2__/* .parseIgnorePatterns */ .rr)(text);
    const ignores = (0,_ignore_pattern_js__WEBPACK_IMPORTED_MODULE_2__/* .createIgnoreMatcher */ .tn)(patterns);
    const single = new Map(patterns.map((each) => [each, (0,_ignore_pattern_js__WEBPACK_IMPORTED_MODULE_2__/* .createIgnoreMatcher */ .tn)([each])]));
    return {
        file,
        faults,
        ignores,
        hasExceptions: patterns.some(({ isException }) => isException),
        findPattern(path) {
            const found = patterns.findLast((each) => single.get(each)?.(path));
            return found === undefined ? undefined : { line: found.line, pattern: found.written };
        },
    };
}


/***/ }),

/***/ 61154:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Gc: () => (/* binding */ npmExample),
/* harmony export */   Pp: () => (/* binding */ npmSteps),
/* harmony export */   _n: () => (/* binding */ containerExample),
/* harmony export */   n0: () => (/* binding */ uvicornExample),
/* harmony export */   nO: () => (/* binding */ pythonExample),
/* harmony export */   xM: () => (/* binding */ nodeExample)
/* harmony export */ });
/** A container project for the example of a rule: the lines of its Dockerfile, and other files beside it. */
function containerExample(lines, others = {}) {
    return { mode: 'container', files: { Dockerfile: `${lines.join('\n')}\n`, ...others } };
}
/** The same with a small Node.js service, its manifest and its lockfile beside the Dockerfile. */
function npmExample(lines, others = {}) {
    return containerExample(lines, { ...npmFiles, ...others });
}
/** What follows the FROM of a Dockerfile for the service of `npmExample`. */
const npmSteps = [
    'WORKDIR /app',
    'COPY package.json package-lock.json ./',
    'RUN npm ci --omit=dev',
    'COPY server.js ./',
    'USER node',
    'CMD ["node", "server.js"]',
];
/** A Node.js service without dependencies: these lines after FROM, WORKDIR and COPY. */
function nodeExample(lines, port) {
    const begin = ['FROM node:24-slim', 'WORKDIR /app', 'COPY server.js ./'];
    const example = containerExample([...begin, ...lines], { 'server.js': server });
    return port === undefined ? example : { ...example, port };
}
/** A Python service on port 8080 that Uvicorn runs, with the command that starts it. */
function pythonExample(command) {
    const lines = [
        'FROM python:3.13-slim',
        'WORKDIR /app',
        'COPY requirements.txt ./',
        'RUN pip install --no-cache-dir -r requirements.txt',
        'COPY main.py ./',
        'RUN useradd --uid 1000 app',
        'USER app',
        'EXPOSE 8080',
        command,
    ];
    const requirements = 'fastapi==0.115.6\nuvicorn==0.34.0\n';
    return { ...containerExample(lines, { 'requirements.txt': requirements, 'main.py': app }), port: 8080 };
}
/** The same, by the options of Uvicorn. */
function uvicornExample(options) {
    return pythonExample(`CMD ["sh", "-c", "exec uvicorn main:app${options}"]`);
}
const server = "const { createServer } = require('node:http');\n\n" +
    "createServer((request, response) => response.end('ok')).listen(process.env.PORT);\n";
const npmFiles = {
    'package.json': '{ "name": "shop", "private": true }\n',
    'package-lock.json': '{ "name": "shop", "lockfileVersion": 3, "packages": {} }\n',
    'server.js': server,
};
const app = 'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/")\ndef index():\n    return {"ok": True}\n';


/***/ }),

/***/ 35666:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   aD: () => (/* binding */ singlePort),
/* harmony export */   wn: () => (/* binding */ listTcpPorts),
/* harmony export */   xD: () => (/* binding */ listExposed)
/* harmony export */ });
/* harmony import */ var dockerfile_ast__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(78390);

/** What the final stage of a Dockerfile exposes, itself or by a stage that it is built from, in the order of the file. */
function listExposed({ dockerfile, finalStages }) {
    return [...finalStages].reverse().flatMap((stage) => stage.instructions.flatMap((instruction) => {
        if (instruction.getKeyword() !== 'EXPOSE')
            return [];
        const places = instruction.getArguments();
        return instruction.getExpandedArguments().map((argument, index) => ({
            argument: places[index] ?? argument,
            ...parseExposed(resolveBelow(dockerfile, stage, argument.getValue())),
        }));
    }));
}
/** With the variables that the stages below set: the image hands ENV on, and the builder ARG. */
function resolveBelow(dockerfile, stage, value) {
    return value.replaceAll(/\$(?:(\w+)|\{(\w+)\})/g, (variable, plain, braced) => {
        for (let { parent } = stage; parent !== undefined; parent = parent.parent) {
            const known = findValue(dockerfile, parent, plain ?? braced ?? '');
            if (known !== undefined)
                return known;
        }
        return variable;
    });
}
/** What a stage leaves in a variable, ENV before ARG; an ARG without a value takes the one before the first FROM. */
function findValue(dockerfile, { instructions }, name) {
    const last = (kind) => instructions
        .flatMap((instruction) => (instruction instanceof kind ? instruction.getProperties() : []))
        .findLast((property) => property.getName() === name);
    const property = last(dockerfile_ast__WEBPACK_IMPORTED_MODULE_0__.Env) ?? last(dockerfile_ast__WEBPACK_IMPORTED_MODULE_0__.Arg);
    if (property === undefined)
        return undefined;
    const initial = dockerfile.getInitialARGs().flatMap((arg) => arg.getProperties());
    const value = property.getValue() ?? initial.findLast((arg) => arg.getName() === name)?.getValue();
    return value ?? undefined;
}
function parseExposed(value) {
    const nothing = { value, first: 0, last: 0, protocol: '' };
    if (value.includes('$'))
        return { ...nothing, kind: 'variable' };
    const [, start, end = start, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(value) ?? [];
    if (start === undefined)
        return { ...nothing, kind: 'none' };
    const [first, last] = [Number(start), Number(end)];
    if (first < 1 || last < first || last > 65_535)
        return { ...nothing, kind: 'outside' };
    return { value, kind: 'ports', first, last, protocol: protocol.toLowerCase() };
}
/** The ports over TCP, each named once: `80`, or a range such as `80-82`. */
function listTcpPorts(exposed) {
    const ports = exposed.filter(({ kind, protocol }) => kind === 'ports' && protocol === 'tcp');
    return [...new Set(ports.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)))];
}
/** The single port over TCP; undefined where there is none, or more than one, or one that is not known. */
function singlePort(exposed) {
    const [port, ...others] = listTcpPorts(exposed);
    if (port === undefined || others.length > 0 || port.includes('-'))
        return undefined;
    return exposed.some(({ kind }) => kind === 'variable') ? undefined : Number(port);
}


/***/ }),

/***/ 49916:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _: () => (/* binding */ fileRules),
/* harmony export */   q: () => (/* binding */ isDockerfileText)
/* harmony export */ });
/** Larger Dockerfiles are no Dockerfiles; those of large projects have some 50 KiB. */
const dockerfileLimit = 256 * 1024;
const longLine = /[^\n]{32768}/;
/** The rule about the Dockerfile as a file; all others need one that can be read. */
const fileRules = [
    {
        id: 'CBR001',
        severity: 'error',
        title: 'No Dockerfile that can be read',
        why: 'Container mode builds an image from the Dockerfile of the source; without one the build on the platform fails.',
        fix: 'Add a Dockerfile, or let the input generate-dockerfile write one for Node.js and Python; docs/dockerfiles.md has samples for other languages.',
        bad: { mode: 'container', files: { 'server.js': '' } },
        good: {
            mode: 'container',
            files: {
                Dockerfile: 'FROM node:24-slim\nWORKDIR /app\nCOPY server.js ./\nUSER node\nEXPOSE 8080\nCMD ["node", "server.js"]\n',
                'server.js': '',
            },
        },
        check: ({ dockerfile, entries, texts }) => {
            if (dockerfile === undefined)
                return [];
            const { path } = dockerfile;
            const fault = describeFault(entries.get(path), texts.get(path));
            if (fault === undefined)
                return [];
            const fix = entries.has(path) ? 'Put a Dockerfile of plain UTF-8 text in its place.' : undefined;
            const at = { file: path, line: 1, column: 1 };
            return [{ message: `The Dockerfile "${path}" ${fault}.`, at, ...(fix === undefined ? {} : { fix }) }];
        },
    },
];
/** True for a text that is worth parsing; a text of another size or kind takes long and tells nothing. */
function isDockerfileText(text) {
    return (text !== undefined &&
        text.trim() !== '' &&
        text.length <= dockerfileLimit &&
        !/\0/.test(text) &&
        !longLine.test(text));
}
function describeFault(entry, text) {
    if (entry === undefined)
        return 'does not exist';
    if (entry.kind === 'link' && text === undefined)
        return 'is a link that leads to no text';
    if (entry.kind === 'folder')
        return 'is a folder';
    if (entry.size > dockerfileLimit)
        return `is larger than ${dockerfileLimit / 1024} KiB`;
    if (text !== undefined && text.trim() === '')
        return 'is empty';
    if (text !== undefined && longLine.test(text))
        return 'has a line of more than 32 KiB';
    return isDockerfileText(text) ? undefined : 'is no UTF-8 text';
}


/***/ }),

/***/ 52239:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bx: () => (/* binding */ spellIgnorePattern),
/* harmony export */   rr: () => (/* binding */ parseIgnorePatterns),
/* harmony export */   tn: () => (/* binding */ createIgnoreMatcher)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(76760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_0__);

/**
 * The patterns of a .dockerignore as BuildKit reads them (moby/patternmatcher, ignorefile): comments and blank lines say
 * nothing, a slash at either end counts for nothing, `**` stands for any number of folders. Lines that are no patterns
 * are named by their numbers.
 */
function parseIgnorePatterns(text) {
    const faults = [];
    const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
    const patterns = lines.flatMap((raw, index) => {
        const written = raw.trim();
        if (raw.startsWith('#') || written === '')
            return [];
        const isException = written.startsWith('!');
        const path = cleanPath(isException ? written.slice(1).trim() : written);
        const form = path === undefined ? undefined : compile(path);
        if (form === undefined)
            faults.push(index + 1);
        return form === undefined ? [] : [{ line: index + 1, written, isException, form }];
    });
    return { patterns, faults };
}
/** Longer lines are no paths, and would take long to read. */
const longestPattern = 1_000;
function cleanPath(pattern) {
    if (pattern === '' || pattern.length > longestPattern)
        return undefined;
    return node_path__WEBPACK_IMPORTED_MODULE_0__.posix
        .normalize(pattern)
        .replace(/(?<=.)\/$/, '')
        .replace(/^\/(?=.)/, '');
}
/** One piece of a pattern: a class, an escaped sign, stars, any other sign. */
const piece = /\[(\^?)((?:\\.|[^\]\\])+)\]|\\(.)|(\*\*\/?)|([\s\S])/gsu;
function compile(pattern) {
    let source = '';
    for (const [, not, members, escaped, stars, sign = ''] of pattern.matchAll(piece)) {
        if (members !== undefined)
            source += `[${not ?? ''}${members.replace(/[[\]]/g, '\\$&')}]`;
        else if (escaped !== undefined)
            source += escape(escaped);
        else if (stars !== undefined)
            source += '(.*/)?';
        else if (sign === '[' || sign === '\\')
            return undefined;
        else
            source += { '*': '[^/]*', '?': '[^/]' }[sign] ?? escape(sign);
    }
    const last = pattern.endsWith('**') ? source.replace(/\(\.\*\/\)\?$/, '.*') : source;
    try {
        return new RegExp(`^${last}$`, 'su');
    }
    catch {
        return undefined;
    }
}
function escape(sign) {
    return /[\^$.*+?()[\]{}|/\\]/.test(sign) ? `\\${sign}` : sign;
}
/** A path as a pattern that matches it: white space at its end would be cut off. */
function spellIgnorePattern(path) {
    return `/${path.replace(/[*?[\]\\]/g, '\\$&').replace(/\s$/, '?')}`;
}
/** Tells what patterns leave out, with a memory of the folders that were asked for. */
function createIgnoreMatcher(patterns) {
    const folders = new Map();
    const judgeFolder = (path) => {
        if (path === '.')
            return undefined;
        const known = folders.get(path);
        if (known !== undefined)
            return known;
        const verdict = judge(patterns, path, judgeFolder(node_path__WEBPACK_IMPORTED_MODULE_0__.posix.dirname(path)));
        folders.set(path, verdict);
        return verdict;
    };
    return (path) => judge(patterns, path, judgeFolder(node_path__WEBPACK_IMPORTED_MODULE_0__.posix.dirname(path))).isIgnored;
}
/** A pattern that could change nothing is not asked, and does not hold for what stands inside (MatchesUsingParentResults). */
function judge(patterns, path, folder) {
    let isIgnored = false;
    const holds = patterns.map(({ isException, form }, index) => {
        const isHeld = folder?.holds[index] === true || (isException === isIgnored && form.test(path));
        if (isHeld)
            isIgnored = !isException;
        return isHeld;
    });
    return { isIgnored, holds };
}


/***/ }),

/***/ 74149:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ readLaunch),
/* harmony export */   H: () => (/* binding */ readStart)
/* harmony export */ });
/* harmony import */ var _shell_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(59302);
/* harmony import */ var _located_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(88712);


/** Finds the ENTRYPOINT and the CMD in force; an ENTRYPOINT resets the CMD of the stages below its own. */
function readStart({ dockerfile, finalStages }) {
    const escape = dockerfile.getEscapeCharacter();
    let start = { entrypoint: undefined, cmd: undefined };
    let shell = '/bin/sh';
    for (const stage of [...finalStages].reverse()) {
        let hasCmd = false;
        for (const instruction of stage.instructions) {
            const keyword = instruction.getKeyword();
            if (keyword === 'SHELL')
                shell = readShell(instruction, escape) ?? shell;
            if (keyword !== 'CMD' && keyword !== 'ENTRYPOINT')
                continue;
            const command = readCommand(instruction, { escape, keyword, shell });
            if (keyword === 'CMD')
                start = { ...start, cmd: command };
            else
                start = { entrypoint: command, cmd: hasCmd ? start.cmd : undefined };
            hasCmd ||= keyword === 'CMD';
        }
    }
    return { entrypoint: orNothing(start.entrypoint), cmd: orNothing(start.cmd) };
}
function readShell(instruction, escape) {
    return (0,_located_text_js__WEBPACK_IMPORTED_MODULE_1__/* .parseJsonStrings */ .K0)((0,_located_text_js__WEBPACK_IMPORTED_MODULE_1__/* .readArguments */ .lR)(instruction, escape))?.[0]?.text;
}
function readCommand(instruction, { escape, keyword, shell }) {
    const located = (0,_located_text_js__WEBPACK_IMPORTED_MODULE_1__/* .readArguments */ .lR)(instruction, escape);
    const list = (0,_located_text_js__WEBPACK_IMPORTED_MODULE_1__/* .parseJsonStrings */ .K0)(located)?.map((word) => ({ ...word, isOpen: false }));
    return { instruction, keyword, arguments: located, list, shell };
}
/** `CMD []` and `ENTRYPOINT []` take away what was there. */
function orNothing(command) {
    return command === undefined || command.arguments.text === '' || command.list?.length === 0
        ? undefined
        : command;
}
/**
 * What a start runs: the arguments of ENTRYPOINT and CMD together, and the script of `sh -c` in them; undefined for
 * nothing, and for a command of more than 16,384 characters.
 */
function readLaunch({ entrypoint, cmd }) {
    if ([entrypoint, cmd].some((command) => command !== undefined && (0,_located_text_js__WEBPACK_IMPORTED_MODULE_1__/* .isCutOff */ .o7)(command.arguments)))
        return undefined;
    const words = listWords(entrypoint);
    const last = entrypoint === undefined || entrypoint.list !== undefined ? cmd : undefined;
    const all = [...words, ...listWords(last)];
    if (all.length === 0)
        return undefined;
    const script = readScript(all);
    if (script === undefined)
        return { words: all, assignments: [], isAlone: true, script };
    return ofScript(script);
}
function listWords(command) {
    if (command === undefined)
        return [];
    const { instruction, list, shell, arguments: text } = command;
    const made = [shell, '-c'].map((word) => ({ text: word, offsets: text.offsets.slice(0, 1) }));
    const words = list ?? [...made, text].map((word) => ({ ...word, isOpen: false }));
    return words.map((word) => ({ ...word, instruction }));
}
function readScript(words) {
    const found = (0,_shell_js__WEBPACK_IMPORTED_MODULE_0__/* .findScript */ .f)(words);
    if (found === undefined)
        return undefined;
    const { shell, text, before } = found;
    return { shell: shell.text, text, commands: (0,_shell_js__WEBPACK_IMPORTED_MODULE_0__/* .splitScript */ .Q)(text), instruction: text.instruction, before };
}
function ofScript(script) {
    const { commands, instruction } = script;
    const place = (word) => ({ ...word, instruction });
    const last = commands.at(-1);
    const exported = commands.flatMap(({ words, assignments }) => {
        if (words.length === 0)
            return assignments;
        return words[0]?.text === 'export' ? words.slice(1).filter(({ text }) => text.includes('=')) : [];
    });
    const isAlone = commands.every(({ operators }) => !operators.some((operator) => /^(?:&|\||[()])$/.test(operator)));
    return {
        words: last?.words.map(place) ?? [],
        assignments: [...exported, ...(last?.words.length === 0 ? [] : (last?.assignments ?? []))].map(place),
        isAlone,
        script,
    };
}


/***/ }),

/***/ 88712:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E1: () => (/* binding */ rangeOfText),
/* harmony export */   K0: () => (/* binding */ parseJsonStrings),
/* harmony export */   KD: () => (/* binding */ placeOfText),
/* harmony export */   S$: () => (/* binding */ sliceText),
/* harmony export */   cQ: () => (/* binding */ parseStrings),
/* harmony export */   jw: () => (/* binding */ readHeredoc),
/* harmony export */   lR: () => (/* binding */ readArguments),
/* harmony export */   o7: () => (/* binding */ isCutOff)
/* harmony export */ });
/* harmony import */ var _tree_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(64318);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(88575);


/** Longer arguments are none that somebody wrote. */
const longest = 16_384;
/** True for arguments that were cut off, because there is no end of them. */
function isCutOff({ text }) {
    return text.length > longest;
}
/**
 * The arguments of an instruction as BuildKit reads them: continued lines joined, comments and blank lines left out;
 * cut off after 16,384 characters.
 */
function readArguments(instruction, escape) {
    const content = instruction.getTextContent();
    let text = '';
    const offsets = [];
    const starts = lineStarts(content);
    const begin = offsetOf(instruction, starts);
    for (const [index, start] of starts.entries()) {
        const from = Math.max(start, begin);
        const line = content.slice(from, starts[index + 1] ?? content.length).replace(/[\r\n]+$/, '');
        if (from === start && index > 0 && /^\s*(?:#|$)/.test(line))
            continue;
        const kept = withoutEscape(line, escape).slice(0, longest + 1 - text.length);
        text += kept;
        for (let at = 0; at < kept.length; at += 1)
            offsets.push(from + at);
        if (text.length > longest)
            return { text, offsets };
    }
    return trim({ text, offsets });
}
function lineStarts(content) {
    return [0, ...[...content.matchAll(/\r\n|\r|\n/g)].map(({ 0: end, index }) => index + end.length)];
}
/** Where the keyword ends. */
function offsetOf(instruction, starts) {
    const { start, end } = instruction.getInstructionRange();
    if (start.line === end.line)
        return end.character - start.character;
    return (starts[end.line - start.line] ?? 0) + end.character;
}
function withoutEscape(line, escape) {
    const end = line.trimEnd();
    return end.endsWith(escape) && !end.endsWith(escape + escape) ? end.slice(0, -1) : line;
}
/** The part of a text from one index to another. */
function sliceText({ text, offsets }, start, end) {
    return { text: text.slice(start, end), offsets: offsets.slice(start, end) };
}
function trim(located) {
    const start = located.text.length - located.text.trimStart().length;
    return sliceText(located, start, start + located.text.trim().length);
}
/** The place of a text in its Dockerfile, from its first character to its last. */
function placeOfText(place, instruction, located) {
    return (0,_tree_js__WEBPACK_IMPORTED_MODULE_0__/* .placeOf */ .$t)(place, { getRange: () => rangeOfText(instruction, located) });
}
/** The same as the parser counts, from 0. */
function rangeOfText(instruction, { offsets }) {
    const { start } = instruction.getRange();
    const starts = lineStarts(instruction.getTextContent());
    const point = (offset) => {
        const index = starts.findLastIndex((first) => first <= offset);
        const character = offset - (starts[index] ?? 0) + (index === 0 ? start.character : 0);
        return { line: start.line + index, character };
    };
    const last = point(offsets.at(-1) ?? 0);
    return { start: point(offsets[0] ?? 0), end: { ...last, character: last.character + 1 } };
}
/** The script of a heredoc that a shell runs; an empty one where something else takes it. */
function readHeredoc(instruction) {
    const content = instruction.getTextContent();
    const opening = /^.*/.exec(content)?.[0] ?? '';
    const [, name] = /<<-?["']?(\w+)/.exec(opening) ?? [];
    const isScript = /^RUN\s+(?:--\S+\s+)*(?:<<|(?:(?:\/usr)?\/bin\/)?(?:ba|da|a)?sh\b)/i.test(opening);
    if (name === undefined || !isScript)
        return { text: '', offsets: [] };
    const body = content.slice(opening.length + 1);
    const end = new RegExp(`^[ \\t]*${name}[ \\t]*\\r?$`, 'm').exec(body)?.index;
    const text = body.slice(0, Math.min(end ?? longest, longest));
    return { text, offsets: Array.from(text, (_char, at) => opening.length + 1 + at) };
}
/** The strings of a JSON array; undefined for anything else. */
function parseJsonStrings(located) {
    if (parseStrings(located.text) === undefined)
        return undefined;
    return [...located.text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => unescapeJson(sliceText(located, match.index + 1, match.index + match[0].length - 1)));
}
/** The same without places. */
function parseStrings(text) {
    const value = text.trimStart().startsWith('[') ? (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .parseJson */ .qF)(text) : undefined;
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}
function unescapeJson({ text, offsets }) {
    let plain = '';
    const kept = [];
    for (const { 0: part, index } of text.matchAll(/\\u[\da-fA-F]{4}|\\.|[^\\]/g)) {
        plain += part.startsWith('\\') ? String(JSON.parse(`"${part}"`)) : part;
        kept.push(offsets[index] ?? 0);
    }
    return { text: plain, offsets: kept };
}


/***/ }),

/***/ 29689:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ secretRules),
/* harmony export */   n: () => (/* binding */ looksSecret)
/* harmony export */ });
/* harmony import */ var dockerfile_ast__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(78390);
/* harmony import */ var _example_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(61154);
/* harmony import */ var _tree_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(64318);



const good = (0,_example_js__WEBPACK_IMPORTED_MODULE_1__/* .npmExample */ .Gc)([
    'FROM node:24-slim',
    'WORKDIR /app',
    'COPY package.json package-lock.json ./',
    'RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci --omit=dev',
    'COPY server.js ./',
    'USER node',
    'CMD ["node", "server.js"]',
]);
/** What must not stand in a Dockerfile, since whoever can read the image can read it. */
const secretRules = [
    {
        id: 'CBR025',
        severity: 'warning',
        title: 'Env var or build argument that looks like a secret',
        why: 'Values of ENV and ARG stay in the history of the image, and the Dockerfile goes to the platform with the source. CloudBase Run hands env vars to the service when it starts.',
        fix: 'Remove the value, and hand it to the service with the setting EnvParams or the input "env-from".',
        bad: (0,_example_js__WEBPACK_IMPORTED_MODULE_1__/* .npmExample */ .Gc)(['FROM node:24-slim', 'ENV DB_PASSWORD=k3Ws9qTb', 'CMD ["node", "server.js"]']),
        good,
        check: (subject) => listValues(subject).flatMap(({ keyword, name, value, plain, node }) => {
            if (!isSecretName(name) || isVariable(value) || !isLiteral(plain) || holdsSecret(plain))
                return [];
            const message = `${keyword} puts a value of "${name}", a name for a secret, into the Dockerfile.`;
            return [{ message, at: (0,_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .placeOf */ .$t)(subject, node) }];
        }),
    },
    {
        id: 'CBR026',
        severity: 'error',
        title: 'Secret in ENV or ARG',
        why: 'The value has the form of a real secret. It stays in the history of the image and in the source that is uploaded, for everybody who can read one of them.',
        fix: 'Remove the value, make the secret invalid where it was issued, and hand a new one to the service with the setting EnvParams or the input "env-from".',
        bad: (0,_example_js__WEBPACK_IMPORTED_MODULE_1__/* .npmExample */ .Gc)([
            'FROM node:24-slim',
            'ENV DATABASE_URL=mysql://shop:k3Ws9qTb@10.0.4.7:3306/shop',
            'CMD ["node", "server.js"]',
        ]),
        good,
        check: (subject) => listValues(subject).flatMap(({ keyword, name, plain, node }) => {
            const kind = secretIn(plain);
            if (kind === undefined)
                return [];
            return [{ message: `${keyword} "${name}" holds ${kind}.`, at: (0,_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .placeOf */ .$t)(subject, node) }];
        }),
    },
    {
        id: 'CBR027',
        severity: 'error',
        title: 'Secret in a RUN command',
        why: 'Commands of RUN stay in the history of the image and in the source that is uploaded, for everybody who can read one of them.',
        fix: 'Remove the secret and make it invalid where it was issued; a build that needs one reads it from a file with RUN --mount=type=secret.',
        bad: (0,_example_js__WEBPACK_IMPORTED_MODULE_1__/* .npmExample */ .Gc)([
            'FROM node:24-slim',
            'RUN npm config set registry http://ci:Rk29vQx7Lm@10.0.4.9/npm/',
            'CMD ["node", "server.js"]',
        ]),
        good,
        check: (subject) => subject.dockerfile.getInstructions().flatMap((run) => {
            if (!(run instanceof dockerfile_ast__WEBPACK_IMPORTED_MODULE_0__.Run))
                return [];
            const text = (run.getRawArgumentsContent() ?? '').slice(0, longest);
            const kind = secretIn(text) ?? assignedIn(text);
            return kind === undefined ? [] : [{ message: `RUN holds ${kind}.`, at: (0,_tree_js__WEBPACK_IMPORTED_MODULE_2__/* .placeOf */ .$t)(subject, run) }];
        }),
    },
];
/** Longer texts are data that somebody inlined. */
const longest = 65_536;
function listValues({ dockerfile }) {
    return dockerfile.getInstructions().flatMap((instruction) => {
        if (!(instruction instanceof dockerfile_ast__WEBPACK_IMPORTED_MODULE_0__.Env || instruction instanceof dockerfile_ast__WEBPACK_IMPORTED_MODULE_0__.Arg))
            return [];
        const keyword = instruction.getKeyword();
        return instruction.getProperties().flatMap((node) => {
            const value = node.getValue()?.slice(0, longest);
            return value === undefined
                ? []
                : [{ keyword, name: node.getName(), value, plain: plainOf(node, value), node }];
        });
    });
}
/** Single quotes keep a value from the builder; what begins with a variable is still none of its own. */
function plainOf(node, value) {
    const isQuoted = /^'[^']*'$/.test(node.getUnescapedValue() ?? '');
    return isQuoted ? value.replaceAll(/(?<!^|[:\s])\$(?!\{)/g, 'S') : value;
}
const isVariable = (value) => /^\$\{?\w+\}?$/.test(value);
const secretName = /(^|_)(PASSWORD|PASSWD|PASSPHRASE|PWD|PASS|[A-Z\d]*SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SECRET_?(ACCESS_?)?KEY|ENCRYPTION_?KEY|SIGNING_?KEY|AUTH_?KEY|CREDENTIALS?)(_?\d+|_(PROD|PRODUCTION|DEV|TEST|STAGING))?$/;
const harmlessName = /^(OLD)?PWD$|PUBLIC|(^|_)(ALLOW|DISABLE|ENABLE|NO|REQUIRE|SKIP|USE)_|NEXT_TOKEN$/;
function isSecretName(name) {
    const words = name
        .replace(/([a-z\d])([A-Z])/g, '$1_$2')
        .replace(/[-.]/g, '_')
        .toUpperCase();
    return secretName.test(words) && !harmlessName.test(words);
}
/** True for a value of its own: no variable, no switch, no path of a file, nothing that says itself that it is none. */
function isLiteral(value) {
    const text = value.trim();
    return (text !== '' &&
        !/\$|^(true|false|yes|no|on|off|none|null|nil|\d{1,4})$|^\.{0,2}\//i.test(text) &&
        !isStandIn(text));
}
const standIn = /^(x+|\*+|\.+|-+)$|(?<![a-z])(your|placeholder|dummy|example|sample|fake)(?![a-z])|build[-_]?only|build[-_]?time|not[-_]?(a[-_]?)?(real|used|secret)|unused|ignored?$|<.*>|x{6,}|\*{3,}|0{8,}|^1234567/i;
function isStandIn(text) {
    const value = text.slice(0, 200);
    return standIn.test(value) || new Set(value.replace(/^\w+[-_]/, '')).size < 3;
}
const shapes = [
    [/\b(?:gh[pousr]_[A-Za-z\d]{36,}|github_pat_\w{22,})/, 'a GitHub token'],
    [/\bglpat-[\w-]{20,}/, 'a GitLab token'],
    [/\bnpm_[A-Za-z\d]{36}\b/, 'an npm token'],
    [/\bA(?:KIA|SIA)[A-Z\d]{16}\b/, 'an AWS access key'],
    [/\bAKID[A-Za-z\d]{32}\b/, 'a Tencent Cloud SecretId'],
    [/\bsk-(?=[\w-]{0,80}\d)(?=[\w-]{0,80}[A-Za-z])[\w-]{20,}/, 'an API key'],
    [/\bAIza[\w-]{35}/, 'a Google API key'],
    [/\b[rs]k_live_[A-Za-z\d]{16,}/, 'a Stripe key'],
    [/\bxox[abprs]-(?=[\w-]{0,80}\d)[\w-]{10,}/, 'a Slack token'],
    [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, 'a private key'],
    [/_authToken["']?[ =]["']?[\w-]{20,}/, 'the token of a package registry'],
    [/\bAuthorization: *Bearer +[\w.~+/-]{24,}/i, 'a bearer token'],
];
/** What a text surely holds, in words; undefined where it may be anything. */
function secretIn(text) {
    const found = shapes.find(([shape]) => {
        const match = shape.exec(text)?.[0];
        return match !== undefined && (match.startsWith('-----') || !isStandIn(match));
    });
    return found?.[1] ?? (hasLogin(text) ? 'an address with a password' : undefined);
}
const assignment = /(?<=^|[\s;&|(])([A-Za-z_]\w{1,60})=(["']?)([\w+/=.~-]{32,200})\2(?=$|[\s;&|)])/g;
const saysItself = /dummy|fake|test|example|sample|change|insecure|placeholder|build|your|secret|password/i;
/** The name of a variable for a secret that a command gives a long random value. */
function assignedIn(text) {
    const found = [...text.matchAll(assignment)].find(([, name = '', , value = '']) => {
        const isMixed = [/[A-Z]/, /[a-z]/, /\d/].every((kind) => kind.test(value));
        return isMixed && isSecretName(name) && isLiteral(value) && !saysItself.test(value);
    });
    return found === undefined ? undefined : `a value of "${found[1] ?? ''}", a name for a secret`;
}
const holdsSecret = (value) => secretIn(value) !== undefined;
/** True for a value of its own under a name for a secret, and for one that has the form of a real secret. */
function looksSecret(name, value) {
    return (isSecretName(name) && isLiteral(value)) || holdsSecret(value);
}
const login = /\b[a-z][a-z\d+.-]{1,20}:\/\/([^\s:/@"'$]{0,100}):([^\s/@"'$]{1,200})@([\w.-]{1,200})/gi;
const standInPassword = /^(p(ass)?w(or)?d|pass(word|wd)?|secret|token|changeme|change-me|root|admin|user(name)?|postgres|mysql|mongo|redis|guest|test|demo|dev|db|123\w*)\d*$/i;
const standInHost = /^(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|[^.]*|(.*\.)?example(\.\w+)?|.*\.(test|invalid|local))$/i;
function hasLogin(text) {
    return [...text.matchAll(login)].some(([, user, password = '', host = '']) => {
        const isPlain = password === user || standInPassword.test(password) || /^[[{%<]/.test(password);
        return !isPlain && !isStandIn(password) && !standInHost.test(host);
    });
}


/***/ }),

/***/ 59302:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ splitScript),
/* harmony export */   f: () => (/* binding */ findScript)
/* harmony export */ });
/* harmony import */ var _located_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(88712);

/** One lexical part of a script: a comment, a redirection, an operator, blanks, or a word. */
const part = /(?<comment>(?<=^|[\s;&|()])#[^\n]*)|(?<redirection>\d*(?:&>>?|[<>]+[&|]?)[ \t]*)|(?<operator>&&|\|\|?|;+|&|\n|[()])|(?<blank>(?:[^\S\n]|\\\r?\n)+)|(?<word>(?:\\(?:\r\n|[^])|'[^']*'?|"(?:\\[^]|\$\([^)$]*\)|[^"\\])*"?|\$\((?:[^()]|\([^()]*\))*\)?|\$\{[^}]*\}?|`[^`]*`?|[^\s;&|()<>\\'"`])+)|\\?/g;
/** The shell, the script and what stands before both, where the words of a command run `sh -c`. */
function findScript(words) {
    const index = words.findIndex(({ text }) => /^(?:\/\S*\/)?(?:ba|da|a|z|k)?sh$/.test(text));
    const option = words.findIndex(({ text }, at) => at > index && /^-[a-z]*c$/.test(text));
    const [shell, text] = [words[index], words[option + 1]];
    const isShell = words.slice(index + 1, option).every((word) => /^[-+]|^pipefail$/.test(word.text));
    if (shell === undefined || option === -1 || text === undefined || !isShell)
        return undefined;
    return { shell, text, before: words.slice(0, index) };
}
/** The programs that a shell script starts, in their order; only as deep as plain command lists go. */
function splitScript(script) {
    const commands = [];
    let words = [];
    let isTarget = false;
    const close = () => {
        if (words.length > 0)
            commands.push(createCommand(words));
        words = [];
    };
    for (const { groups = {}, index } of script.text.matchAll(part)) {
        const { redirection, operator, word } = groups;
        if (operator !== undefined) {
            close();
            commands.at(-1)?.operators.push(operator);
        }
        else if (word !== undefined && !isTarget)
            words.push(unquote((0,_located_text_js__WEBPACK_IMPORTED_MODULE_0__/* .sliceText */ .S$)(script, index, index + word.length)));
        if (redirection !== undefined)
            isTarget = true;
        else if (operator !== undefined || word !== undefined)
            isTarget = false;
    }
    close();
    return commands;
}
function createCommand(words) {
    const first = words.findIndex(({ text }) => !/^[A-Za-z_]\w*=/.test(text));
    const count = first === -1 ? words.length : first;
    return { words: words.slice(count), assignments: words.slice(0, count), operators: [] };
}
/** Without the quotes and backslashes; single quotes keep what is in them from the shell. */
function unquote({ text, offsets }) {
    let plain = '';
    let quote = '';
    let isOpen = false;
    const kept = [];
    for (let at = 0; at < text.length; at += 1) {
        const char = text.charAt(at);
        const joint = char === '\\' && quote !== "'" ? /^\\\r?\n/.exec(text.slice(at, at + 3)) : null;
        if (joint !== null) {
            at += joint[0].length - 1;
            continue;
        }
        if (quote === '' ? char === "'" || char === '"' : char === quote) {
            quote = quote === '' ? char : '';
            continue;
        }
        if (char === '\\' && quote !== "'" && at + 1 < text.length)
            at += 1;
        else if ((char === '$' || char === '`') && quote !== "'")
            isOpen = true;
        plain += text.charAt(at);
        kept.push(offsets[at] ?? 0);
    }
    return { text: plain, offsets: kept.length > 0 ? kept : offsets, isOpen };
}


/***/ }),

/***/ 64318:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $t: () => (/* binding */ placeOf),
/* harmony export */   Ai: () => (/* binding */ parseDockerfile),
/* harmony export */   B8: () => (/* binding */ createDockerfileSubject),
/* harmony export */   hL: () => (/* binding */ cutAfterStage),
/* harmony export */   hR: () => (/* binding */ inSource)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(76760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var dockerfile_ast__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(78390);


/** Parses the Dockerfile of a source. */
function createDockerfileSubject(source, place, text) {
    return { ...place, source, text, ...parseDockerfile(text) };
}
/** Parses a Dockerfile that no source is around. */
function parseDockerfile(text) {
    const dockerfile = dockerfile_ast__WEBPACK_IMPORTED_MODULE_1__.DockerfileParser.parse(text);
    const stages = listStages(dockerfile);
    const finalStages = listFinalStages(stages);
    const finalInstructions = [...finalStages].reverse().flatMap((stage) => stage.instructions);
    return { dockerfile, stages, finalStages, finalInstructions };
}
/** A Dockerfile up to the end of the stage that is built; whole where that is the last stage, or there is none such. */
function cutAfterStage(text, target) {
    if (target === '')
        return text;
    const { stages } = parseDockerfile(text);
    const built = stages.findLastIndex(({ name, index }) => name === target.toLowerCase() || String(index) === target);
    const next = built < 0 ? undefined : stages[built + 1]?.from.getRange().start.line;
    return next === undefined
        ? text
        : text
            .split(/(?<=\n)/)
            .slice(0, next)
            .join('');
}
function listStages(dockerfile) {
    const stages = [];
    const byName = new Map();
    let current = [];
    for (const instruction of dockerfile.getInstructions()) {
        if (!(instruction instanceof dockerfile_ast__WEBPACK_IMPORTED_MODULE_1__.From)) {
            current.push(instruction);
            continue;
        }
        current = [];
        const base = instruction.getExpandedArguments()[0]?.getValue() ?? '';
        const parent = byName.get(base.toLowerCase());
        const name = instruction.getBuildStage()?.toLowerCase();
        const stage = { index: stages.length, from: instruction, name, base, parent, instructions: current };
        stages.push(stage);
        if (name !== undefined)
            byName.set(name, stage);
    }
    return stages;
}
function listFinalStages(stages) {
    const found = [];
    for (let stage = stages.at(-1); stage !== undefined; stage = stage.parent)
        found.push(stage);
    return found;
}
/** The place of an instruction, an argument or another node; lines and columns count from 1. */
function placeOf({ path }, node) {
    const { start, end } = node.getRange();
    return {
        file: path,
        line: start.line + 1,
        column: start.character + 1,
        endLine: end.line + 1,
        endColumn: end.character + 1,
    };
}
/** A path of the build folder as a path of the source folder. */
function inSource({ buildFolder }, path) {
    return node_path__WEBPACK_IMPORTED_MODULE_0__.posix.normalize(node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(buildFolder, path)).replace(/^\.\/|\/$/g, '');
}


/***/ }),

/***/ 66078:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ap: () => (/* binding */ listEntryPoints),
/* harmony export */   HV: () => (/* binding */ mainOf),
/* harmony export */   NM: () => (/* binding */ isUnseen),
/* harmony export */   QR: () => (/* binding */ targetsOf),
/* harmony export */   YX: () => (/* binding */ judgeEntry),
/* harmony export */   rD: () => (/* binding */ entryCandidates)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(76760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _functions_file_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(38970);
/* harmony import */ var _manifest_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(90945);



/** What Node.js 20 loads as a module with exports; a file without extension is CommonJS. */
const loadable = ['', '.js', '.cjs', '.mjs'];
const typeScript = ['.ts', '.mts', '.cts', '.tsx'];
/** Every path, relative to the source, that `judgeEntry` asks for. */
function entryCandidates(main) {
    return isOutside(main) ? [] : [...builtCandidates(main), ...sourceCandidates(main)];
}
/** What `require.resolve` of the source folder finds: the `main` of package.json, else index.js. */
function judgeEntry(main, isFile) {
    if (isOutside(main))
        return { kind: 'outside' };
    const found = builtCandidates(main).find(isFile);
    if (found !== undefined && loadable.includes(node_path__WEBPACK_IMPORTED_MODULE_0__.posix.extname(found)))
        return { kind: 'found', file: found };
    const file = found ?? sourceCandidates(main).find(isFile);
    if (file === undefined)
        return { kind: 'missing' };
    return { kind: 'unloadable', file, isTypeScript: typeScript.includes(node_path__WEBPACK_IMPORTED_MODULE_0__.posix.extname(file)) };
}
function isOutside(main) {
    const path = node_path__WEBPACK_IMPORTED_MODULE_0__.posix.normalize(main ?? '.');
    return path === '..' || path.startsWith('../') || path.startsWith('/');
}
function builtCandidates(main) {
    return [...(main === undefined ? [] : stems(main, ['.js', '.json', '.node'])), 'index.js'];
}
function sourceCandidates(main) {
    return [...stems(main ?? '.', ['.ts']), 'index.ts'];
}
/** The files that a module's name stands for, in the order in which Node.js tries them. */
function stems(name, extensions) {
    const path = node_path__WEBPACK_IMPORTED_MODULE_0__.posix.normalize(name);
    return [
        path,
        ...extensions.map((extension) => `${path}${extension}`),
        ...extensions.map((extension) => node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(path, `index${extension}`)),
    ];
}
/** The entries of a source, one for each function; those that cannot be known are left out. */
function listEntryPoints(source) {
    const { target } = source.service;
    if (isFileIn(source, _functions_file_js__WEBPACK_IMPORTED_MODULE_1__/* .functionsFileName */ .vI)) {
        const list = (0,_functions_file_js__WEBPACK_IMPORTED_MODULE_1__/* .parseFunctionsFile */ .ZX)(source.texts.get(_functions_file_js__WEBPACK_IMPORTED_MODULE_1__/* .functionsFileName */ .vI) ?? '').list;
        return (list?.functions ?? []).flatMap((listed) => {
            const location = node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(list?.functionsRoot ?? '.', listed.directory, listed.source ?? '');
            const verdict = judgeLocation(source, location);
            return verdict === undefined ? [] : [{ verdict, target: listed.target ?? target, location, listed }];
        });
    }
    const verdict = judgeLocation(source, '.');
    return verdict === undefined ? [] : [{ verdict, target, location: '.', listed: undefined }];
}
/** The target of each entry that could be found, by its file. */
function targetsOf(source) {
    const targets = new Map();
    for (const { verdict, target } of listEntryPoints(source)) {
        if (verdict.kind === 'found')
            targets.set(verdict.file, [...(targets.get(verdict.file) ?? []), target]);
    }
    return targets;
}
function judgeLocation(source, location) {
    const folder = node_path__WEBPACK_IMPORTED_MODULE_0__.posix.normalize(location).replace(/(?<=.)\/$/, '');
    if (isOutside(folder))
        return { kind: 'outside' };
    const asFile = folder === '.' ? [] : ['', '.js', '.json', '.node'].map((extension) => folder + extension);
    const file = asFile.find((path) => isFileIn(source, path));
    if (file !== undefined)
        return judgeEntry(file, (path) => path === file);
    const manifest = node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(folder, _manifest_js__WEBPACK_IMPORTED_MODULE_2__/* .manifestFile */ .YE);
    const text = source.texts.get(manifest);
    if (text === undefined && isFileIn(source, manifest))
        return undefined;
    const read = text === undefined ? undefined : (0,_manifest_js__WEBPACK_IMPORTED_MODULE_2__/* .parseManifest */ .Ng)(text, manifest);
    if (read !== undefined && read.manifest === undefined)
        return undefined;
    const verdict = judgeEntry(read?.manifest?.main, (path) => isFileIn(source, node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(folder, path)));
    return 'file' in verdict ? { ...verdict, file: node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(folder, verdict.file) } : verdict;
}
/** True also for what lies behind a link or in node_modules, where nobody looked. */
function isFileIn({ entries }, path) {
    const kind = entries.get(path)?.kind;
    return kind === undefined ? isUnseen(entries, path) : kind === 'file' || kind === 'link';
}
/** True where a path leads through a link or node_modules, so that its absence tells nothing. */
function isUnseen(entries, path) {
    const parts = path.split('/');
    if (parts.slice(0, -1).includes('node_modules'))
        return true;
    return parts.some((_part, index) => entries.get(parts.slice(0, index).join('/'))?.kind === 'link');
}
/** The `main` of the package.json of a source, where it can be read. */
function mainOf(source) {
    return (0,_manifest_js__WEBPACK_IMPORTED_MODULE_2__/* .manifestOf */ .$V)(source)?.manifest?.main;
}


/***/ }),

/***/ 38970:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Kb: () => (/* binding */ functionsFileForm),
/* harmony export */   ZX: () => (/* binding */ parseFunctionsFile),
/* harmony export */   uT: () => (/* binding */ listFolders),
/* harmony export */   vI: () => (/* binding */ functionsFileName)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(76760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(88575);


/** The file that configures several functions in one project (functions framework). */
const functionsFileName = 'cloudbase-functions.json';
/** How the file is written. */
const functionsFileForm = 'Write it as {"functionsRoot": "./", "functions": [{"name": "hello", "directory": "hello", "triggerPath": "/hello"}]}.';
/**
 * Parses the file that lists several functions, by the schema of the functions framework 1.18.0 and by what it refuses
 * besides (functions-config.js): a missing root, and a path that two functions take.
 */
function parseFunctionsFile(text) {
    const json = (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .parseJsonText */ .lk)(text, functionsFileName);
    const { value } = json;
    if (!(0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isRecord */ .u4)(value))
        return { json, list: undefined, faults: [formFault('is not a JSON object', [])] };
    const faults = formFaults(value);
    if (faults.length > 0)
        return { json, list: undefined, faults };
    const list = readList(value);
    return { json, list, faults: routeFaults(list) };
}
/** The folders that the list needs: the root, then those of the functions, with the fault of one that is missing. */
function listFolders({ functionsRoot, functions }) {
    const root = node_path__WEBPACK_IMPORTED_MODULE_0__.posix.normalize(functionsRoot);
    const rootMessage = `has the "functionsRoot" "${functionsRoot}", and there is no such folder in the source`;
    return {
        root: { folder: root, fault: { kind: 'folder', message: rootMessage, path: ['functionsRoot'] } },
        functions: functions.map(({ name, directory, path }) => {
            const folder = node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(root, directory);
            const message = `has the function "${name}" in the directory "${directory}", and there is no folder "${folder}" in the source`;
            return { folder, fault: { kind: 'folder', message, path: [...path, 'directory'] } };
        }),
    };
}
function formFault(message, path) {
    return { kind: 'form', message, path };
}
function formFaults(value) {
    const { functions, functionsRoot, routes } = value;
    const faults = [];
    if (!Array.isArray(functions) || functions.length === 0)
        faults.push(formFault('has no list "functions"', 'functions' in value ? ['functions'] : []));
    else
        functions.forEach((each, index) => faults.push(...functionFaults(each, ['functions', index])));
    if (typeof functionsRoot !== 'string')
        faults.push(formFault('has no text "functionsRoot"', 'functionsRoot' in value ? ['functionsRoot'] : []));
    if (Array.isArray(routes))
        routes.forEach((each, index) => faults.push(...routeFormFaults(each, ['routes', index])));
    else if (routes !== undefined)
        faults.push(formFault('has "routes" that are no list', ['routes']));
    return faults;
}
function functionFaults(value, path) {
    if (!(0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isRecord */ .u4)(value) || typeof value['name'] !== 'string' || typeof value['directory'] !== 'string')
        return [formFault('has a function without "name" or "directory"', path)];
    return ['source', 'target', 'triggerPath'].flatMap((key) => {
        const inner = value[key];
        if (inner === undefined || inner === null || typeof inner === 'string')
            return [];
        return [formFault(`has a function whose "${key}" is no text`, [...path, key])];
    });
}
function routeFormFaults(value, path) {
    const isRight = (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isRecord */ .u4)(value) &&
        typeof value['functionName'] === 'string' &&
        typeof value['path'] === 'string' &&
        value['path'] !== '';
    return isRight ? [] : [formFault('has a route without "functionName" or "path"', path)];
}
function readList({ functionsRoot, functions, routes }) {
    const given = recordsOf(functions).map((value, index) => ({ value, path: ['functions', index] }));
    return {
        functionsRoot: textOf(functionsRoot) ?? '',
        functions: given.map(({ value, path }) => ({
            name: textOf(value['name']) ?? '',
            directory: textOf(value['directory']) ?? '',
            source: textOf(value['source']),
            target: textOf(value['target']),
            path,
        })),
        routes: [
            ...recordsOf(routes).map((value, index) => ({
                functionName: textOf(value['functionName']) ?? '',
                path: textOf(value['path']) ?? '',
                at: ['routes', index, 'path'],
            })),
            ...given.flatMap(({ value, path: at }) => {
                const path = textOf(value['triggerPath']);
                const functionName = textOf(value['name']) ?? '';
                return path === undefined ? [] : [{ functionName, path, at: [...at, 'triggerPath'] }];
            }),
        ],
    };
}
function recordsOf(value) {
    return Array.isArray(value) ? value.filter(_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isRecord */ .u4) : [];
}
function textOf(value) {
    return typeof value === 'string' && value !== '' ? value : undefined;
}
function routeFaults({ functions, routes }) {
    const names = new Set(functions.map(({ name }) => name));
    const taken = new Map();
    return routes.flatMap(({ path, functionName, at }) => {
        const holder = taken.get(path);
        if (holder === undefined)
            taken.set(path, functionName);
        const isTrigger = at[0] === 'functions';
        if (!path.startsWith('/'))
            return [{ kind: 'slash', message: `has the route "${path}", which must begin with "/"`, path: at }];
        if (holder !== undefined && !(isTrigger && holder === functionName))
            return [
                { kind: 'twice', message: `has the route "${path}" twice, which the framework refuses`, path: at },
            ];
        if (names.has(functionName))
            return [];
        const message = `has the route "${path}" to the function "${functionName}", which is not in "functions"`;
        return [{ kind: 'unknown', message, path: at }];
    });
}


/***/ }),

/***/ 90945:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $V: () => (/* binding */ manifestOf),
/* harmony export */   Ng: () => (/* binding */ parseManifest),
/* harmony export */   P6: () => (/* binding */ functionManifestRules),
/* harmony export */   YE: () => (/* binding */ manifestFile),
/* harmony export */   j2: () => (/* binding */ buildFixOf)
/* harmony export */ });
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(88575);

/** The manifest of a Node.js package. */
const manifestFile = 'package.json';
/** Parses a package.json; `file` is the name that its places carry. */
function parseManifest(text, file = manifestFile) {
    const json = (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .parseJsonText */ .lk)(text, file);
    return { json, manifest: (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isRecord */ .u4)(json.value) ? readManifest(json.value) : undefined };
}
/** The package.json of a source; undefined where there is none that could be read. */
function manifestOf({ texts }) {
    const text = texts.get(manifestFile);
    return text === undefined ? undefined : parseManifest(text);
}
/**
 * What to do where a path that does not exist stands in a folder that builds write, and the package.json of the source
 * has a build script.
 */
function buildFixOf(source, path) {
    const value = manifestOf(source)?.json.value;
    const scripts = (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isRecord */ .u4)(value) ? value['scripts'] : undefined;
    const isBuilt = (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isRecord */ .u4)(scripts) && typeof scripts['build'] === 'string';
    if (!isBuilt || !/^(\.\/)*([^/]+\/)*(dist|build|lib|out|\.output)(\/|$)/.test(path))
        return undefined;
    return 'Build the project in a step before this one: npm run build.';
}
function readManifest(value) {
    const recordOf = (key) => {
        const inner = value[key];
        return (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isRecord */ .u4)(inner) ? inner : {};
    };
    const textOf = (inner) => typeof inner === 'string' && inner !== '' ? inner : undefined;
    return {
        name: textOf(value['name']),
        main: textOf(value['main']),
        dependencies: recordOf('dependencies'),
        devDependencies: recordOf('devDependencies'),
        optionalDependencies: recordOf('optionalDependencies'),
        peerDependencies: recordOf('peerDependencies'),
        engine: textOf(recordOf('engines')['node']),
    };
}
const handler = 'exports.main = () => "Hello";\n';
/** Rules about the form of package.json. */
const functionManifestRules = [
    {
        id: 'CBR101',
        severity: 'error',
        title: 'package.json is not a JSON object',
        why: 'The platform installs the dependencies that package.json names, and the functions framework finds the entry ' +
            'through it. JSON knows no comments and no trailing commas.',
        fix: 'Correct package.json, so that it is one JSON object.',
        bad: {
            mode: 'function',
            files: {
                'package.json': '{\n  "name": "hello",\n  "main": "index.js",\n}\n',
                'index.js': handler,
            },
        },
        good: {
            mode: 'function',
            files: { 'package.json': '{\n  "name": "hello",\n  "main": "index.js"\n}\n', 'index.js': handler },
        },
        check: (source) => {
            const found = source.mode === 'container' ? undefined : manifestOf(source);
            if (found === undefined || found.manifest !== undefined)
                return [];
            const { fault } = found.json;
            if (fault !== undefined)
                return [{ message: `package.json is not valid JSON: ${fault.message}.`, at: fault.at }];
            return [{ message: 'package.json is valid JSON, but no object.', at: found.json.placeOf([]) }];
        },
    },
];


/***/ }),

/***/ 94265:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Sz: () => (/* binding */ parseVersionFile),
/* harmony export */   iQ: () => (/* binding */ functionNodeRules),
/* harmony export */   uP: () => (/* binding */ versionFiles),
/* harmony export */   vc: () => (/* binding */ nodeRangeOf)
/* harmony export */ });
/* harmony import */ var semver__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(62088);
/* harmony import */ var semver__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(semver__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _manifest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(90945);


/** The files that ask for a version of Node.js, the strongest first. */
const versionFiles = ['.node-version', '.nvmrc'];
/** The Node.js of the platform's function runtime, as far as it is known. */
const platformVersion = '20.18';
/** Parses a `.node-version` or `.nvmrc`; undefined where it asks for nothing. */
function parseVersionFile(text, file) {
    for (const [index, line] of text.split('\n').entries()) {
        const asked = line.replace(/^\uFEFF/, '').replace(/#.*/, '');
        const word = asked.trim();
        if (word === '')
            continue;
        const column = asked.indexOf(word) + 1;
        const version = /^v?(\d+(?:\.\d+){0,2})(?:\.x)?$/.exec(word)?.[1];
        const end = { endLine: index + 1, endColumn: column + word.length };
        return { file, asked: word, version, at: { file, line: index + 1, column, ...end } };
    }
    return undefined;
}
/** The versions of Node.js that the function may run on, as a semver range; undefined where nobody can tell. */
function nodeRangeOf(source) {
    const [asked] = askedVersions(source);
    if (asked === undefined)
        return platformVersion;
    return asked.version === undefined || (0,semver__WEBPACK_IMPORTED_MODULE_0__.validRange)(asked.version) === null ? undefined : asked.version;
}
function askedVersions({ texts }) {
    return versionFiles.flatMap((file) => parseVersionFile(texts.get(file) ?? '', file) ?? []);
}
/** The version file that counts: the first one with a version number. */
function followedVersion(source) {
    for (const asked of askedVersions(source)) {
        if (asked.version !== undefined)
            return { ...asked, version: asked.version };
    }
    return undefined;
}
function engineOf(source) {
    const found = (0,_manifest_js__WEBPACK_IMPORTED_MODULE_1__/* .manifestOf */ .$V)(source);
    const range = found?.manifest?.engine;
    if (found === undefined || range === undefined || (0,semver__WEBPACK_IMPORTED_MODULE_0__.validRange)(range) === null)
        return undefined;
    return { range, at: found.json.placeOf(['engines', 'node']) };
}
const entry = { 'index.js': 'exports.main = () => "Hello";\n' };
const manifest = (node) => JSON.stringify({ name: 'hello', main: 'index.js', engines: { node } }, null, 2) + '\n';
/** Rules about the version of Node.js. */
const functionNodeRules = [
    {
        id: 'CBR106',
        severity: 'info',
        title: 'A version file changes the Node.js of the cloud',
        why: `Function mode runs on Node.js ${platformVersion}, unless .node-version or .nvmrc asks for another version: a file that is meant for development changes the cloud too.`,
        fix: `Keep the file where this version is meant for the cloud too; ask for ${platformVersion} or remove it where it is not.`,
        bad: { mode: 'function', files: { '.nvmrc': '22.11.0\n', ...entry } },
        good: { mode: 'function', files: { '.nvmrc': '20.18.1\n', ...entry } },
        check: inFunctionMode((source) => {
            const found = followedVersion(source);
            if (found === undefined || /^20\.18(\.|$)/.test(found.version))
                return [];
            const { file, version, at } = found;
            const message = `${file} changes the Node.js of the cloud from ${platformVersion} to ${version}.`;
            return [{ message, at }];
        }),
    },
    {
        id: 'CBR107',
        severity: 'warning',
        title: 'A version file asks for no version number',
        why: 'A name such as "lts/*" means another version each month, and nobody has seen that the platform takes one.',
        fix: 'Write a version number, such as "20.18.1".',
        bad: { mode: 'function', files: { '.nvmrc': 'lts/*\n', ...entry } },
        good: { mode: 'function', files: { '.nvmrc': '20.18.1\n', ...entry } },
        check: inFunctionMode((source) => askedVersions(source).flatMap(({ file, asked, version, at }) => {
            if (version !== undefined)
                return [];
            return [
                {
                    message: `${file} asks for "${asked}", which is no version number, so which Node.js the cloud takes is not known here.`,
                    at,
                },
            ];
        })),
    },
    {
        id: 'CBR108',
        severity: 'warning',
        title: 'engines does not take the Node.js of the platform',
        why: `Function mode runs on Node.js ${platformVersion} and does not read "engines" of package.json. Only .node-version and .nvmrc choose another version.`,
        fix: 'Ask for the version in .nvmrc, or widen "engines".',
        bad: { mode: 'function', files: { [_manifest_js__WEBPACK_IMPORTED_MODULE_1__/* .manifestFile */ .YE]: manifest('>=22'), ...entry } },
        good: { mode: 'function', files: { [_manifest_js__WEBPACK_IMPORTED_MODULE_1__/* .manifestFile */ .YE]: manifest('>=20'), ...entry } },
        check: inFunctionMode((source) => {
            const engine = engineOf(source);
            if (engine === undefined || askedVersions(source).length > 0)
                return [];
            if ((0,semver__WEBPACK_IMPORTED_MODULE_0__.intersects)(engine.range, platformVersion))
                return [];
            const message = `"engines" asks for Node.js "${engine.range}", and the platform runs ${platformVersion}.`;
            return [{ message, at: engine.at }];
        }),
    },
    {
        id: 'CBR109',
        severity: 'warning',
        title: 'A version file contradicts engines',
        why: 'The platform takes the version of the file, whatever "engines" of package.json says.',
        fix: 'Let the version file and "engines" ask for the same version.',
        bad: {
            mode: 'function',
            files: { '.nvmrc': '20.18.1\n', [_manifest_js__WEBPACK_IMPORTED_MODULE_1__/* .manifestFile */ .YE]: manifest('>=22'), ...entry },
        },
        good: {
            mode: 'function',
            files: { '.nvmrc': '20.18.1\n', [_manifest_js__WEBPACK_IMPORTED_MODULE_1__/* .manifestFile */ .YE]: manifest('>=20'), ...entry },
        },
        check: inFunctionMode((source) => {
            const engine = engineOf(source);
            const found = followedVersion(source);
            if (engine === undefined || found === undefined || (0,semver__WEBPACK_IMPORTED_MODULE_0__.validRange)(found.version) === null)
                return [];
            if ((0,semver__WEBPACK_IMPORTED_MODULE_0__.intersects)(engine.range, found.version))
                return [];
            const message = `${found.file} asks for Node.js ${found.version}, and "engines" of package.json for "${engine.range}".`;
            return [{ message, at: found.at }];
        }),
    },
];
function inFunctionMode(check) {
    return (source) => (source.mode === 'container' ? [] : check(source));
}


/***/ }),

/***/ 88575:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   lk: () => (/* binding */ parseJsonText),
/* harmony export */   qF: () => (/* binding */ parseJson),
/* harmony export */   u4: () => (/* binding */ isRecord)
/* harmony export */ });
/* harmony import */ var jsonc_parser__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(99547);
/* harmony import */ var jsonc_parser__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(jsonc_parser__WEBPACK_IMPORTED_MODULE_0__);

/** The value of a JSON text; undefined where it is none. */
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
/** Parses JSON, with the places of its values; `file` is the name that the places carry. */
function parseJsonText(text, file) {
    const json = text.replace(/^\uFEFF/, '');
    const value = parseJson(json);
    // Most files are right, and nobody asks for a place: the tree is made for those who do, once for all of them.
    let places;
    return {
        value,
        fault: value === undefined ? findFault(json, file) : undefined,
        placeOf: (path) => {
            places ??= { file, tree: readTree(json, []), lineStarts: listLineStarts(json) };
            const node = nearest(places.tree, path);
            const isInside = node?.parent !== undefined;
            return placeAt(places, node?.offset ?? 0, isInside ? node.length : 0);
        },
    };
}
/** True for an object that is neither a list nor null. */
function isRecord(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function findFault(json, file) {
    const errors = [];
    readTree(json, errors);
    const [first = { error: undefined, offset: 0, length: 0 }] = errors;
    const { error, offset, length } = first;
    const message = error === undefined ? 'invalid JSON' : describe((0,jsonc_parser__WEBPACK_IMPORTED_MODULE_0__.printParseErrorCode)(error));
    return { message, at: placeAt({ file, lineStarts: listLineStarts(json) }, offset, length) };
}
function readTree(json, errors) {
    try {
        return (0,jsonc_parser__WEBPACK_IMPORTED_MODULE_0__.parseTree)(json, errors, { disallowComments: true, allowTrailingComma: false });
    }
    catch {
        // Nested too deeply for a parser that calls itself: the value counts, without its places.
        return undefined;
    }
}
/** `CommaExpected` as `comma expected`. */
function describe(code) {
    return code.replace(/(?<=.)([A-Z])/g, ' $1').toLowerCase();
}
function nearest(tree, path) {
    if (tree === undefined)
        return undefined;
    for (let length = path.length; length > 0; length -= 1) {
        const node = (0,jsonc_parser__WEBPACK_IMPORTED_MODULE_0__.findNodeAtLocation)(tree, path.slice(0, length));
        if (node !== undefined)
            return node;
    }
    return tree;
}
function listLineStarts(json) {
    const starts = [0];
    for (let at = json.indexOf('\n'); at !== -1; at = json.indexOf('\n', at + 1))
        starts.push(at + 1);
    return starts;
}
function placeAt({ file, lineStarts }, offset, length) {
    const [line, column] = pointAt(lineStarts, offset);
    if (length === 0)
        return { file, line, column };
    const [endLine, endColumn] = pointAt(lineStarts, offset + length);
    return { file, line, column, endLine, endColumn };
}
function pointAt(lineStarts, offset) {
    let low = 0;
    let high = lineStarts.length;
    while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if ((lineStarts[middle] ?? 0) <= offset)
            low = middle;
        else
            high = middle;
    }
    return [low + 1, offset - (lineStarts[low] ?? 0) + 1];
}


/***/ }),

/***/ 74133:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  MW: () => (/* binding */ dockerfileRules),
  rules: () => (/* binding */ rules),
  t2: () => (/* binding */ scriptRules),
  NP: () => (/* binding */ sourceRules)
});

// EXTERNAL MODULE: ./src/lint/directive.ts
var directive = __webpack_require__(71064);
;// CONCATENATED MODULE: ./src/lint/dockerfile/image-name.ts
/** The official image that a reference names, also by way of a mirror; undefined for others and for unknown variables. */
function parseImage(reference) {
    const match = /^([^@$\s:]+(?::\d+\/[^@$\s:]+)?)(?::([\w.-]+))?(?:@.*)?$/.exec(reference);
    const [, path = '', tag = ''] = match ?? [];
    const parts = path.toLowerCase().split('/');
    const product = parts.at(-1) ?? '';
    if (product === '')
        return undefined;
    if (parts.includes('dotnet')) {
        const isOfMicrosoft = parts[0] === 'mcr.microsoft.com';
        return isOfMicrosoft ? { product: `dotnet/${product}`, tag } : undefined;
    }
    const isOfficial = parts.length === 1 ||
        parts.at(-2) === 'library' ||
        /^(index\.)?docker\.io$/.test(path.replace(/\/[^/]*$/, ''));
    return isOfficial ? { product, tag } : undefined;
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/lifetimes.ts
/** The month that the table of lifetimes was made in; it holds what had ended by then, and nothing that ended later. */
const lifetimesAsOf = '2026-11';
/** As of 2026-11, from the schedules of the makers and from endoflife.date. Lines by the name of the official image. */
const runtimeLifetimes = new Map(Object.entries({
    node: {
        supported: 'node:24-slim',
        ended: {
            ...{
                0: '2016-12-31',
                4: '2018-04-30',
                5: '2016-06-30',
                6: '2019-04-30',
                7: '2017-06-30',
                8: '2019-12-31',
            },
            9: '2018-06-30',
            10: '2021-04-30',
            11: '2019-06-30',
            12: '2022-04-30',
            13: '2020-06-01',
            14: '2023-04-30',
            15: '2021-06-01',
            16: '2023-09-11',
            17: '2022-06-01',
            18: '2025-04-30',
            19: '2023-06-01',
            20: '2026-04-30',
            21: '2024-06-01',
            23: '2025-06-01',
            25: '2026-06-01',
            argon: '2018-04-30',
            boron: '2019-04-30',
            carbon: '2019-12-31',
            dubnium: '2021-04-30',
            erbium: '2022-04-30',
            fermium: '2023-04-30',
            gallium: '2023-09-11',
            hydrogen: '2025-04-30',
            iron: '2026-04-30',
        },
    },
    python: {
        supported: 'python:3.13-slim',
        ended: {
            '2': '2020-01-01',
            '3.3': '2017-09-29',
            '3.4': '2019-03-18',
            '3.5': '2020-09-30',
            '3.6': '2021-12-23',
            '3.7': '2023-06-27',
            '3.8': '2024-10-07',
            '3.9': '2025-10-31',
            '3.10': '2026-10-31',
        },
    },
    golang: {
        supported: 'golang:1.27',
        ended: {
            '1.10': '2019-02-25',
            '1.11': '2019-09-03',
            '1.12': '2020-02-25',
            '1.13': '2020-08-11',
            '1.14': '2021-02-16',
            '1.15': '2021-08-16',
            '1.16': '2022-03-15',
            '1.17': '2022-08-02',
            '1.18': '2023-02-01',
            '1.19': '2023-09-06',
            '1.20': '2024-02-06',
            '1.21': '2024-08-13',
            '1.22': '2025-02-11',
            '1.23': '2025-08-12',
            '1.24': '2026-02-10',
            '1.25': '2026-08-19',
        },
    },
    php: {
        supported: 'php:8.4-fpm',
        ended: {
            '5': '2018-12-31',
            '7': '2022-11-28',
            '7.0': '2019-01-10',
            '7.1': '2019-12-01',
            '7.2': '2020-11-30',
            '7.3': '2021-12-06',
            '7.4': '2022-11-28',
            '8.0': '2023-11-26',
            '8.1': '2025-12-31',
        },
    },
    ruby: {
        supported: 'ruby:3.4-slim',
        ended: {
            '1': '2015-02-23',
            '2': '2023-03-31',
            '2.0': '2016-02-24',
            '2.1': '2017-03-31',
            '2.2': '2018-03-31',
            '2.3': '2019-03-31',
            '2.4': '2020-03-31',
            '2.5': '2021-03-31',
            '2.6': '2022-03-31',
            '2.7': '2023-03-31',
            '3.0': '2024-04-23',
            '3.1': '2025-03-26',
            '3.2': '2026-03-31',
        },
    },
    'eclipse-temurin': {
        supported: 'eclipse-temurin:21-jre',
        ended: {
            16: '2021-09-30',
            18: '2022-09-30',
            19: '2023-03-31',
            20: '2023-09-19',
            22: '2024-09-17',
            23: '2025-03-18',
            24: '2025-09-16',
            26: '2026-09-15',
        },
    },
    dotnet: {
        supported: 'mcr.microsoft.com/dotnet/aspnet:10.0',
        ended: {
            '1': '2019-06-27',
            '2.0': '2018-10-01',
            '2.1': '2021-08-21',
            '2.2': '2019-12-23',
            '3.0': '2020-03-03',
            '3.1': '2022-12-13',
            '5.0': '2022-05-10',
            '6.0': '2024-11-12',
            '7.0': '2024-05-14',
            '8.0': '2026-11-10',
            '9.0': '2026-11-10',
        },
    },
}));

// EXTERNAL MODULE: ./src/lint/dockerfile/example.ts
var example = __webpack_require__(61154);
;// CONCATENATED MODULE: ./src/lint/dockerfile/system-lifetimes.ts
/** The systems below other images, from the same schedules and as of the same month. */
const systemLifetimes = new Map(Object.entries({
    debian: {
        supported: 'debian:13-slim',
        ended: {
            7: '2018-05-31',
            8: '2020-06-30',
            9: '2022-07-01',
            10: '2024-06-30',
            11: '2026-08-31',
            wheezy: '2018-05-31',
            jessie: '2020-06-30',
            stretch: '2022-07-01',
            buster: '2024-06-30',
            bullseye: '2026-08-31',
        },
    },
    ubuntu: {
        supported: 'ubuntu:24.04',
        ended: {
            '12.04': '2017-04-28',
            '14.04': '2019-04-02',
            '16.04': '2021-04-02',
            '18.04': '2023-05-31',
            '20.04': '2025-05-31',
            '20.10': '2021-07-22',
            '21.04': '2022-01-20',
            '21.10': '2022-07-14',
            '22.10': '2023-07-20',
            '23.04': '2024-01-20',
            '23.10': '2024-07-12',
            '24.10': '2025-07-10',
            '25.04': '2026-01-17',
            '25.10': '2026-07-01',
            precise: '2017-04-28',
            trusty: '2019-04-02',
            xenial: '2021-04-02',
            bionic: '2023-05-31',
            focal: '2025-05-31',
            groovy: '2021-07-22',
            hirsute: '2022-01-20',
            impish: '2022-07-14',
            kinetic: '2023-07-20',
            lunar: '2024-01-20',
            mantic: '2024-07-12',
            oracular: '2025-07-10',
            plucky: '2026-01-17',
            questing: '2026-07-01',
        },
    },
    alpine: {
        supported: 'alpine:3.24',
        ended: {
            '2': '2015-11-01',
            '3.0': '2016-05-01',
            '3.1': '2016-11-01',
            '3.2': '2017-05-01',
            '3.3': '2017-11-01',
            '3.4': '2018-05-01',
            '3.5': '2018-11-01',
            '3.6': '2019-05-01',
            '3.7': '2019-11-01',
            '3.8': '2020-05-01',
            '3.9': '2020-11-01',
            '3.10': '2021-05-01',
            '3.11': '2021-11-01',
            '3.12': '2022-05-01',
            '3.13': '2022-11-01',
            '3.14': '2023-05-01',
            '3.15': '2023-11-01',
            '3.16': '2024-05-23',
            '3.17': '2024-11-22',
            '3.18': '2025-05-09',
            '3.19': '2025-11-01',
            '3.20': '2026-04-01',
            '3.21': '2026-11-01',
        },
    },
}));

// EXTERNAL MODULE: ./src/lint/dockerfile/tree.ts
var tree = __webpack_require__(64318);
;// CONCATENATED MODULE: ./src/lint/dockerfile/age.ts





/** Base images by the end of their support. */
const ageRules = [
    {
        id: 'CBR048',
        severity: 'warning',
        title: 'Base image out of support',
        why: 'A release line whose support has ended gets no security updates. The dates are those of a table that is part of the action; it tells nothing of lines that ended after it was made.',
        fix: 'Use a release line that is supported.',
        bad: (0,example/* npmExample */.Gc)(['FROM node:18-alpine', ...example/* npmSteps */.Pp]),
        good: (0,example/* npmExample */.Gc)(['FROM node:24-alpine', ...example/* npmSteps */.Pp]),
        check: (subject) => subject.stages.flatMap((stage) => {
            const image = parseImage(stage.base);
            const line = image === undefined ? undefined : (endedLine(image, stage.base) ?? endedSystem(image));
            if (line === undefined)
                return [];
            const { product, version, ended, fix } = line;
            const message = `${product} ${version} is out of support since ${ended}.`;
            return [{ message, fix, at: (0,tree/* placeOf */.$t)(subject, stage.from) }];
        }),
    },
];
const lifetimes = new Map([...runtimeLifetimes, ...systemLifetimes]);
/** The line of the image's own product: `3.8` of the tag `3.8.10-slim-buster`. */
function endedLine({ product, tag }, base) {
    const name = product.startsWith('dotnet/') ? 'dotnet' : product;
    const known = lifetimes.get(name);
    if (known === undefined)
        return undefined;
    const [version = '', ...variant] = tag.split('-');
    const supported = /:([\d.]+)/.exec(known.supported)?.[1] ?? '';
    return findLine(name, version, lineFix(base, `${name} ${supported}`, variant.join('-')));
}
/** Variants that the supported lines have as well. */
const lastingVariant = /^(?:slim|apache|cli|fpm|zts|jre|jdk|(?:(?:cli|fpm|jre|jdk)-)?alpine)$/;
/** Names the same image on a supported line; the line alone where nobody knows whether it has that variant. */
function lineFix(base, line, variant) {
    const repository = base
        .replace(/@.*$/, '')
        .replace(/:[\w.-]+$/, '')
        .replace('/dotnet/core/', '/dotnet/');
    const version = line.split(' ')[1] ?? '';
    const tag = variant === '' ? version : `${version}-${variant}`;
    const isKnown = variant === '' || lastingVariant.test(variant);
    return `Use a line that is supported, such as ${isKnown ? `"${repository}:${tag}"` : line}.`;
}
/** The system below it: `buster` of the tag `3.13-slim-buster`, `3.18` of `24-alpine3.18`. */
function endedSystem({ tag }) {
    for (const part of tag.split('-')) {
        const alpine = /^alpine(\d+\.\d+)$/.exec(part)?.[1];
        if (alpine !== undefined)
            return findLine('alpine', alpine, systemFix('alpine'));
        if (!/^[a-z]+$/.test(part))
            continue;
        const found = findLine('debian', part, systemFix('debian')) ?? findLine('ubuntu', part, systemFix('ubuntu'));
        if (found !== undefined)
            return found;
    }
    return undefined;
}
function systemFix(product) {
    const supported = (lifetimes.get(product)?.supported ?? '').replace(':', ' ').replace('-slim', '');
    return `Use a tag on a system that is supported, such as ${supported}.`;
}
function findLine(product, version, fix) {
    const ended = lifetimes.get(product)?.ended ?? {};
    const parts = version.split('.');
    for (let count = parts.length; count > 0; count -= 1) {
        const line = parts.slice(0, count).join('.');
        const date = Object.hasOwn(ended, line) ? ended[line] : undefined;
        if (date !== undefined)
            return { product, version: line, ended: date, fix };
    }
    return undefined;
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./src/lint/dockerfile/context.ts
var context = __webpack_require__(60763);
;// CONCATENATED MODULE: ./src/lint/dockerfile/copy.ts




const start = [
    'FROM node:24-slim',
    'WORKDIR /app',
    'COPY package.json package-lock.json ./',
    'RUN npm ci --omit=dev',
];
const end = ['USER node', 'CMD ["node", "server.js"]'];
const good = (0,example/* npmExample */.Gc)([...start, 'COPY server.js ./', ...end]);
/** What COPY and ADD take from the build folder and from other stages. */
const copyRules = [
    {
        id: 'CBR037',
        severity: 'error',
        title: 'COPY of a file that is not there',
        why: 'The build fails at a COPY or ADD whose source the build folder does not hold. Paths are relative to the build folder, which is the source folder unless the setting BuildDir names another one.',
        fix: 'Correct the path, or make the file in a step of the workflow before this action.',
        bad: (0,example/* npmExample */.Gc)([...start, 'COPY serve.js ./', ...end]),
        good,
        check: (subject) => listOwnSources(subject).flatMap((source) => {
            if (source.isOutside || (0,context/* findEntry */.w4)(subject, source.path) !== 'absent')
                return [];
            const missing = (0,tree/* inSource */.hR)(subject, source.path);
            return [
                { message: `The build folder holds no "${source.path}".`, at: (0,tree/* placeOf */.$t)(subject, source), missing },
            ];
        }),
    },
    {
        id: 'CBR038',
        severity: 'error',
        title: 'COPY of a file that .dockerignore excludes',
        why: 'The builder does not see what .dockerignore excludes: the build fails at a COPY or ADD that names such a file.',
        fix: 'Correct the pattern in .dockerignore, or add a line with "!" and the path after it.',
        bad: (0,example/* npmExample */.Gc)([...start, 'COPY server.js ./', ...end], { '.dockerignore': 'node_modules\n*.js\n' }),
        good,
        check: checkExcluded,
    },
    {
        id: 'CBR039',
        severity: 'error',
        title: 'COPY from outside the build folder',
        why: 'A build sees nothing outside its folder, and CloudBase Run gets nothing else: the build fails at a COPY or ADD that leads out of it.',
        fix: 'Move the file into the build folder, or set BuildDir and the paths to a folder that holds both.',
        bad: (0,example/* npmExample */.Gc)([...start, 'COPY ../shared ./shared', ...end]),
        good,
        check: (subject) => listOwnSources(subject).flatMap((source) => {
            if (!source.isOutside || (0,context/* findEntry */.w4)(subject, source.path) !== 'absent')
                return [];
            return [
                { message: `"${source.value}" leads out of the build folder.`, at: (0,tree/* placeOf */.$t)(subject, source) },
            ];
        }),
    },
    {
        id: 'CBR040',
        severity: 'warning',
        title: 'COPY path that climbs above the build folder',
        why: 'BuildKit reads such a path from the top of the build folder; other builders refuse it. Which one CloudBase Run uses is not known.',
        fix: 'Write the path from the top of the build folder, without "../".',
        bad: (0,example/* npmExample */.Gc)([...start, 'COPY ../server.js ./', ...end]),
        good,
        check: (subject) => listOwnSources(subject).flatMap((source) => {
            if (!source.isOutside || (0,context/* findEntry */.w4)(subject, source.path) !== 'present')
                return [];
            const message = `"${source.value}" leads out of the build folder, and BuildKit reads it as "${source.path}".`;
            return [{ message, at: (0,tree/* placeOf */.$t)(subject, source) }];
        }),
    },
    {
        id: 'CBR041',
        severity: 'warning',
        title: 'Whole folder copied without a .dockerignore',
        why: 'This action packages neither node_modules nor .git, but docker on any other machine takes both along: modules built for another system replace those of the image, the history of the repository is in it, and each change of .git builds again.',
        fix: 'Add a .dockerignore with the lines "node_modules" and ".git".',
        bad: (0,example/* npmExample */.Gc)([...start, 'COPY . .', ...end], { 'node_modules/': '' }),
        good: (0,example/* npmExample */.Gc)([...start, 'COPY . .', ...end], {
            'node_modules/': '',
            '.dockerignore': 'node_modules\n.git\n',
        }),
        check: checkIgnoreFile,
    },
];
function listOwnSources(subject) {
    return (0,context/* listCopies */.cJ)(subject).flatMap(({ from, sources }) => (from === undefined ? sources : []));
}
function checkExcluded(subject) {
    const files = (0,context/* listIgnoreFiles */.AK)(subject);
    const [first] = files;
    if (first === undefined)
        return [];
    return listOwnSources(subject).flatMap((source) => {
        const { path } = source;
        if ((0,context/* findEntry */.w4)(subject, path) !== 'present' || isAlwaysSent(subject, path))
            return [];
        if (path === '.' || !(0,context/* isExcluded */.RF)(files, path) || holdsIncluded(subject, path, files))
            return [];
        const found = first.findPattern(path);
        const pattern = found === undefined ? '' : ` by "${found.pattern}" in line ${found.line}`;
        const message = `"${path}" is excluded from the build${pattern} of ${external_node_path_.posix.basename(first.file)}.`;
        return [
            {
                message: found === undefined ? `"${path}" is excluded from the build.` : message,
                at: (0,tree/* placeOf */.$t)(subject, source),
            },
        ];
    });
}
function isAlwaysSent(subject, path) {
    return path === '.dockerignore' || (0,tree/* inSource */.hR)(subject, path) === subject.path;
}
/** True for a folder in which a later line with `!` takes something back. */
function holdsIncluded(subject, path, files) {
    const top = (0,tree/* inSource */.hR)(subject, '.');
    const prefix = top === '.' ? '' : `${top}/`;
    return [...subject.source.entries].some(([entry, { kind }]) => kind !== 'folder' &&
        entry.startsWith(`${prefix}${path}/`) &&
        files.some((file) => !file.ignores(entry.slice(prefix.length))));
}
function checkIgnoreFile(subject) {
    const { entries } = subject.source;
    const names = [`${subject.path}.dockerignore`, (0,tree/* inSource */.hR)(subject, '.dockerignore')];
    if (names.some((name) => entries.has(name) || subject.source.texts.has(name)))
        return [];
    const found = ['node_modules', '.git'].filter((name) => entries.get((0,tree/* inSource */.hR)(subject, name))?.kind === 'folder');
    const [step] = (0,context/* listCopies */.cJ)(subject).filter(context/* isWholeCopy */.bh);
    if (found.length === 0 || step === undefined)
        return [];
    const what = found.map((name) => `"${name}"`).join(' and ');
    const message = `${step.instruction.getKeyword()} takes ${what} along on other machines, since there is no .dockerignore.`;
    return [{ message, at: (0,tree/* placeOf */.$t)(subject, step.instruction) }];
}

// EXTERNAL MODULE: ./src/lint/dockerfile/file.ts
var file = __webpack_require__(49916);
// EXTERNAL MODULE: ./node_modules/dockerfile-ast/lib/main.js
var main = __webpack_require__(78390);
// EXTERNAL MODULE: ./node_modules/leven/index.js
var leven = __webpack_require__(47785);
;// CONCATENATED MODULE: ./src/lint/dockerfile/copy-from.ts





const copy_from_start = [
    'FROM node:24 AS build',
    'WORKDIR /app',
    'COPY package.json package-lock.json ./',
    'RUN npm ci --omit=dev',
    'FROM node:24-slim',
    'WORKDIR /app',
];
const copy_from_end = ['COPY server.js ./', 'USER node', 'CMD ["node", "server.js"]'];
/** What `--from` of a COPY or of a mount names. */
const fromRules = [
    {
        id: 'CBR042',
        severity: 'error',
        title: '--from that names no earlier stage',
        why: 'A build takes the name of no earlier stage for an image and pulls it: the build fails, or copies from an image of somebody else.',
        fix: 'Write the name of an earlier stage, as its FROM gives it after AS.',
        bad: (0,example/* npmExample */.Gc)([...copy_from_start, 'COPY --from=builder /app/node_modules ./node_modules', ...copy_from_end]),
        good: (0,example/* npmExample */.Gc)([...copy_from_start, 'COPY --from=build /app/node_modules ./node_modules', ...copy_from_end]),
        check: (subject) => listNames(subject).flatMap(({ name, stage, node }) => {
            const fault = faultOf(name, stage, subject.stages);
            return fault === undefined ? [] : [{ ...fault, at: (0,tree/* placeOf */.$t)(subject, node) }];
        }),
    },
];
function listNames(subject) {
    const copies = (0,context/* listCopies */.cJ)(subject).flatMap(({ instruction, stage }) => instruction.getFlags().flatMap((node) => {
        const name = node.getName() === 'from' ? node.getValue() : null;
        return name === null || name === '' ? [] : [{ name: name.toLowerCase(), stage, node }];
    }));
    return [...copies, ...subject.stages.flatMap(listMounts)];
}
function listMounts(stage) {
    return stage.instructions.flatMap((run) => {
        if (!(run instanceof main.Run))
            return [];
        return run.getFlags().flatMap((node) => {
            const name = /(?:^|,)from=([^,]+)/.exec(node.getValue() ?? '')?.[1];
            return name === undefined ? [] : [{ name: name.toLowerCase(), stage, node }];
        });
    });
}
/** Names that people give to stages, and that no image of Docker Hub has. */
const stageNames = [
    'base',
    'build',
    'builder',
    'deps',
    'dependencies',
    'install',
    'compile',
    'assets',
    'frontend',
    'prod-deps',
    'test',
    'publish',
    'packager',
];
/** Images of Docker Hub that a `--from` takes files from, whatever stages have a name like theirs. */
const imageNames = /^(alpine|bash|buildpack-deps|busybox|caddy|clojure|composer|curl|debian|docker|elixir|erlang|golang|gradle|haproxy|httpd|java|maven|mariadb|memcached|mongo|mysql|nginx|node|openjdk|oven|perl|php|postgres|pypy|python|redis|ruby|rust|scratch|swift|tomcat|traefik|ubuntu)$/;
function faultOf(name, stage, stages) {
    const earlier = stages.slice(0, stage.index);
    if (name.includes('$') || earlier.some((one) => one.name === name))
        return undefined;
    if (/^\d+$/.test(name))
        return faultOfNumber(Number(name), stage);
    const same = stages.find((one) => one.name === name);
    if (same === stage)
        return { message: `--from="${name}" names the stage that it stands in.` };
    if (same !== undefined)
        return { message: `--from="${name}" names a stage that comes later.` };
    if (!/^[a-z][\w-]*$/.test(name) || imageNames.test(name))
        return undefined;
    const near = nearest(name, earlier);
    if (near === undefined && !stageNames.includes(name))
        return undefined;
    const message = `--from="${name}" names no earlier stage.`;
    return near === undefined
        ? { message }
        : { message, fix: `Write "${near}", the name of an earlier stage.` };
}
function faultOfNumber(number, { index }) {
    if (number < index)
        return undefined;
    const fix = index === 0 ? 'Add the stage before this one.' : `Write a number from 0 to ${index - 1}, or a name.`;
    return { message: `--from=${number} names no earlier stage: this one is number ${index}.`, fix };
}
function nearest(name, stages) {
    const names = stages.flatMap((stage) => stage.name ?? []);
    return names
        .map((known) => ({ known, distance: (0,leven/* default */.A)(name, known, { maxDistance: 3 }) }))
        .filter(({ known, distance }) => distance <= 2 && distance < Math.min(name.length, known.length))
        .sort((left, right) => left.distance - right.distance)[0]?.known;
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/images.ts




const images_good = (0,example/* npmExample */.Gc)(['FROM node:24-slim', ...example/* npmSteps */.Pp]);
/** The images that a Dockerfile builds on, and what it makes of them. */
const imageRules = [
    {
        id: 'CBR044',
        severity: 'warning',
        title: 'VOLUME in the image',
        why: 'Instances of CloudBase Run come and go, and nothing mounts a VOLUME of the image: what is written there is lost with the instance, and other instances never see it.',
        fix: 'Remove VOLUME; keep data in a database or in object storage, or mount storage with the setting VolumesConf.',
        bad: (0,example/* npmExample */.Gc)(['FROM node:24-slim', 'VOLUME /data', ...example/* npmSteps */.Pp]),
        good: images_good,
        check: (subject) => subject.finalInstructions.flatMap((instruction) => {
            const words = instruction.getArguments().map((word) => word.getValue());
            if (!(instruction instanceof main.Volume) || words.length === 0)
                return [];
            const paths = instruction.getJSONStrings().map((text) => text.getJSONValue());
            const what = (paths.length > 0 ? paths : words).map((path) => `"${path}"`).join(', ');
            return [{ message: `Data in ${what} is lost with the instance.`, at: (0,tree/* placeOf */.$t)(subject, instruction) }];
        }),
    },
    {
        id: 'CBR045',
        severity: 'error',
        title: 'Image for another platform than linux/amd64',
        why: 'CloudBase Run runs images for linux/amd64. One for another architecture does not start: "exec format error".',
        fix: 'Remove --platform, or write --platform=linux/amd64.',
        bad: (0,example/* npmExample */.Gc)(['FROM --platform=linux/arm64 node:24-slim', ...example/* npmSteps */.Pp]),
        good: images_good,
        check: (subject) => subject.finalStages.flatMap((stage) => checkPlatform(subject, stage)),
    },
    {
        id: 'CBR046',
        severity: 'error',
        title: 'Base image for another architecture than amd64',
        why: 'CloudBase Run runs images for linux/amd64. One for another architecture does not start: "exec format error".',
        fix: 'Use the image without the architecture in its name, which is there for linux/amd64 too.',
        bad: (0,example/* npmExample */.Gc)(['FROM arm64v8/node:24-slim', ...example/* npmSteps */.Pp]),
        good: images_good,
        check: (subject) => subject.finalStages.flatMap((stage) => {
            const architecture = architectureOf(stage.base);
            if (architecture === undefined)
                return [];
            const message = `The image that runs is built on "${stage.base}", which is for ${architecture}.`;
            return [{ message, at: (0,tree/* placeOf */.$t)(subject, stage.from) }];
        }),
    },
    {
        id: 'CBR047',
        severity: 'warning',
        title: 'Base image that nobody maintains any more',
        why: 'The repository is deprecated: its images get no security updates.',
        fix: 'Use another image.',
        bad: (0,example/* npmExample */.Gc)(['FROM openjdk:17-jdk-slim', 'COPY app.jar ./', 'CMD ["java", "-jar", "app.jar"]'], {
            'app.jar': '',
        }),
        good: (0,example/* npmExample */.Gc)(['FROM eclipse-temurin:21-jre', 'COPY app.jar ./', 'USER nobody', 'CMD ["java", "-jar", "app.jar"]'], {
            'app.jar': '',
        }),
        check: (subject) => subject.stages.flatMap((stage) => {
            const product = stage.parent === undefined ? parseImage(stage.base)?.product : undefined;
            const replacement = replacements.get(product ?? '');
            if (product === undefined || replacement === undefined)
                return [];
            const fix = `Use another image, such as "${replacement}".`;
            return [
                {
                    message: `The image "${product}" is deprecated and gets no updates.`,
                    fix,
                    at: (0,tree/* placeOf */.$t)(subject, stage.from),
                },
            ];
        }),
    },
];
/** Repositories of Docker Hub that say themselves that they are deprecated. */
const replacements = new Map([
    ['openjdk', 'eclipse-temurin:21-jre'],
    ['java', 'eclipse-temurin:21-jre'],
    ['centos', 'debian:13-slim'],
    ['iojs', 'node:24-slim'],
]);
/** What the builder sets itself; an ARG with a value does not change it. */
const automatic = /^(BUILD|TARGET)(PLATFORM|OS|ARCH|VARIANT)$/;
function checkPlatform(subject, { from }) {
    const flag = from.getPlatformFlag() ?? from.getFlags().find((one) => one.getName() === 'platform');
    const platform = (flag?.getValue() ?? '').replace(/\$(?:\{(\w+)\}|(\w+))/g, (written, braced, bare) => {
        const name = braced ?? bare ?? '';
        if (automatic.test(name))
            return written;
        return subject.dockerfile.resolveVariable(name, from.getRange().start.line) ?? written;
    });
    if (flag === undefined || platform.includes('$') || !isForeign(platform.toLowerCase()))
        return [];
    return [{ message: `The image that runs is made for "${platform}".`, at: (0,tree/* placeOf */.$t)(subject, flag) }];
}
function isForeign(platform) {
    return platform.startsWith('windows') || foreign.test(platform);
}
const foreign = /(?<![a-z\d])(arm64(v8)?|aarch64|arm(v[5-8]l?)?|armhf|arm32v[5-7]|ppc64le|s390x|riscv64|mips64le|loong64)(?![a-z\d])/;
/** The architecture that the name of an image carries, in its namespace or its tag. */
function architectureOf(base) {
    const [, path = '', tag = ''] = /^([^@]*?)(?::([\w.-]+))?(?:@.*)?$/.exec(base.toLowerCase()) ?? [];
    const namespace = path.split('/').at(-2) ?? '';
    if (base.includes('$') || /amd64|x86/.test(tag))
        return undefined;
    const exact = /^(arm64v8|arm32v[5-7]|ppc64le|s390x|riscv64|mips64le)$/.exec(namespace);
    return (exact?.[0] ??
        /(?:^|[-_])(?:arm64(?:v8)?|aarch64|armv[5-8]l?|armhf|arm32v[5-7]|ppc64le|s390x|riscv64)(?=$|[-_])/
            .exec(tag)?.[0]
            .replace(/^[-_]/, ''));
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/packages.ts
/** True for a command that installs the dependencies of the project, by the words of the command. */
function isInstall(words) {
    const [tool = '', verb = ''] = words.filter((word, index) => index === 0 || !word.startsWith('-'));
    const rest = words.slice(1);
    switch (tool.replace(/^.*\//, '')) {
        case 'npm':
            return /^(ci|i|install|clean-install)$/.test(verb) && !isOfNamed(words, verb) && !isGlobal(rest);
        case 'pnpm':
            return /^(i|install)$/.test(verb) && !isOfNamed(words, verb) && !isGlobal(rest);
        case 'yarn':
            return ((verb === '' || verb === 'install') && !rest.some((word) => /^(-v|--version|-h|--help)$/.test(word)));
        case 'pip':
        case 'pip3':
            return verb === 'install' && rest.some((word) => /^(-r|--requirement)/.test(word));
        case 'composer':
        case 'poetry':
        case 'pipenv':
            return verb === 'install' || (tool === 'pipenv' && verb === 'sync');
        case 'bundle':
            return verb === 'install';
        case 'uv':
            return verb === 'sync';
        case 'go':
            return verb === 'mod' && rest.includes('download');
        case 'dotnet':
            return verb === 'restore';
        case 'mvn':
        case 'mvnw':
            return verb !== '';
        case 'python':
        case 'python3':
            return rest[0] === '-m' && isInstall(rest.slice(1));
        default:
            return false;
    }
}
/** The command in short: its tool and its verb. */
function installName(words) {
    const [tool = '', ...rest] = words;
    const verb = rest.find((word) => !word.startsWith('-'));
    return verb === undefined ? tool : `${tool} ${verb}`;
}
function isGlobal(rest) {
    return rest.some((word) => /^(-g|--global|--location=global)$/.test(word));
}
/** True for `npm install express`: words after the verb that are no flags, no redirections, and no values of flags. */
function isOfNamed(words, verb) {
    const after = words.slice(words.indexOf(verb) + 1);
    return after.some((word, index) => {
        const isValue = /^--(prefix|registry|omit|filter|loglevel|cache|include|store-dir|dir)$|^-[CF]$/.test(after[index - 1] ?? '');
        return !/^-|[<>]|^\/dev\/null$/.test(word) && !isValue;
    });
}

// EXTERNAL MODULE: ./src/lint/dockerfile/located-text.ts
var located_text = __webpack_require__(88712);
// EXTERNAL MODULE: ./src/lint/dockerfile/shell.ts
var shell = __webpack_require__(59302);
;// CONCATENATED MODULE: ./src/lint/dockerfile/run.ts



/** The commands of a RUN, in its shell form, its exec form, or as a heredoc; none for other instructions. */
function listCommands({ dockerfile }, instruction) {
    if (!(instruction instanceof main.Run))
        return [];
    const commands = readCommands(instruction, dockerfile.getEscapeCharacter());
    const isConditional = commands.some(({ words, operators }) => operators.includes('||') || words.some(({ text }) => /^(?:if|case)$/.test(text)));
    return commands.flatMap(({ words }) => {
        const first = words.findIndex(({ text }) => !keyword.test(text));
        const named = first === -1 ? [] : words.slice(first);
        if (named.length === 0)
            return [];
        const getRange = () => (0,located_text/* rangeOfText */.E1)(instruction, { offsets: named.flatMap(({ offsets }) => offsets) });
        return [{ words: named.map(({ text }) => text), isConditional, getRange }];
    });
}
const keyword = /^(?:if|then|else|elif|do|while|until|!|\{|time|sudo|exec|\w+=.*)$/s;
function readCommands(instruction, escape) {
    if (instruction.getHeredocs().length > 0)
        return (0,shell/* splitScript */.Q)((0,located_text/* readHeredoc */.jw)(instruction));
    const all = (0,located_text/* readArguments */.lR)(instruction, escape);
    const text = (0,located_text/* sliceText */.S$)(all, /^(?:--[a-z]+(?:=\S*)?\s+)*/.exec(all.text)?.[0].length ?? 0);
    const list = (0,located_text/* parseJsonStrings */.K0)(text)?.map((word) => ({ ...word, isOpen: false }));
    if (list === undefined)
        return (0,shell/* splitScript */.Q)(text);
    const script = (0,shell/* findScript */.f)(list);
    return script === undefined ? [{ words: list, operators: [] }] : (0,shell/* splitScript */.Q)(script.text);
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/install.ts






const install_good = (0,example/* npmExample */.Gc)(['FROM node:24-slim', ...example/* npmSteps */.Pp]);
const withYarn = { 'yarn.lock': '# yarn lockfile v1\n' };
/** How dependencies get into the image. */
const installRules = [
    {
        id: 'CBR030',
        severity: 'warning',
        title: 'npm install where the lockfile allows npm ci',
        why: 'CloudBase Run builds the image again for each release. "npm install" may pick other versions than those that were tested; "npm ci" installs what the lockfile names, and fails where it does not fit package.json.',
        fix: 'Write "npm ci", with "--omit=dev" for the image that runs.',
        bad: (0,example/* npmExample */.Gc)([
            'FROM node:24-slim',
            'WORKDIR /app',
            'COPY package*.json ./',
            'RUN npm install --omit=dev',
            'COPY server.js ./',
            'CMD ["node", "server.js"]',
        ]),
        good: install_good,
        check: (subject) => {
            const lockfile = npmLockfiles.find((name) => hasFile(subject, name));
            if (lockfile === undefined)
                return [];
            return listRuns(subject)
                .filter(({ words, isConditional }) => !isConditional && isPlainNpmInstall(words))
                .map((command) => ({
                message: `"npm ${command.words[1] ?? ''}" installs what it finds, though "${lockfile}" stands beside it.`,
                at: (0,tree/* placeOf */.$t)(subject, command),
            }));
        },
    },
    {
        id: 'CBR031',
        severity: 'error',
        title: 'npm ci without a lockfile',
        why: '"npm ci" fails where there is no package-lock.json or npm-shrinkwrap.json, and with it the build.',
        fix: 'Run "npm install" once, commit package-lock.json, and copy it before "npm ci".',
        bad: {
            mode: 'container',
            files: {
                Dockerfile: 'FROM node:24-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCOPY server.js ./\nCMD ["node", "server.js"]\n',
                'package.json': '{ "name": "shop", "private": true }\n',
                'server.js': "require('node:http').createServer().listen(process.env.PORT);\n",
            },
        },
        good: install_good,
        check: checkNpmCi,
    },
    {
        id: 'CBR032',
        severity: 'info',
        title: 'Install that may change the lockfile',
        why: 'CloudBase Run builds the image again for each release. Without the flag an install may pick other versions than those that the lockfile names.',
        fix: 'Add "--frozen-lockfile", or "--immutable" with Yarn 2 and newer.',
        bad: (0,example/* npmExample */.Gc)([
            'FROM node:24-slim',
            'WORKDIR /app',
            'COPY package.json yarn.lock ./',
            'RUN yarn install --production',
            'CMD ["node", "server.js"]',
        ], withYarn),
        good: install_good,
        check: (subject) => listRuns(subject).flatMap((command) => checkFrozen(subject, command)),
    },
    {
        id: 'CBR033',
        severity: 'info',
        title: 'All sources copied before the dependencies are installed',
        why: 'A change of any file makes the layers after its COPY anew. Where the manifests are copied and installed first, a build installs again only when they change.',
        fix: 'Copy the manifest and the lockfile, install, and copy the rest then.',
        bad: (0,example/* npmExample */.Gc)([
            'FROM node:24-slim',
            'WORKDIR /app',
            'COPY . .',
            'RUN npm ci --omit=dev',
            'USER node',
            'CMD ["node", "server.js"]',
        ], { '.dockerignore': '.git\nnode_modules\n' }),
        good: install_good,
        check: checkOrder,
    },
];
const npmLockfiles = ['package-lock.json', 'npm-shrinkwrap.json'];
function hasFile(subject, name) {
    return subject.source.entries.has((0,tree/* inSource */.hR)(subject, name));
}
function listRuns(subject) {
    return subject.stages.flatMap(({ instructions }) => instructions.flatMap((run) => listCommands(subject, run)));
}
/** `npm install` of the project itself: neither of named packages, nor into another folder. */
function isPlainNpmInstall(words) {
    return (words[0] === 'npm' &&
        /^(i|install)$/.test(words[1] ?? '') &&
        !words.some((word) => /^(--prefix|-C|-g|--global|--package-lock-only|--location)\b/.test(word)) &&
        words.slice(2).every((word) => /^-|[<>]|^\/dev\/null$/.test(word)));
}
/** Only where nothing but a file of the build folder could be the lockfile that is missing. */
function checkNpmCi(subject) {
    const ignores = (0,context/* listIgnoreFiles */.AK)(subject);
    const top = (0,tree/* inSource */.hR)(subject, '.');
    const prefix = top === '.' ? '' : `${top}/`;
    const lockfiles = [...subject.source.entries.keys()].filter((path) => path.startsWith(prefix) && /(^|\/)(package-lock|npm-shrinkwrap)\.json$/.test(path));
    const isThere = lockfiles.some((path) => !(0,context/* isExcluded */.RF)(ignores, path.slice(prefix.length)));
    if (isThere || !hasFile(subject, 'package.json'))
        return [];
    const hits = [];
    for (const instruction of subject.stages.flatMap(({ instructions }) => instructions)) {
        for (const command of listCommands(subject, instruction)) {
            if (mayMakeLockfile(command.words))
                return hits;
            if (isPlainNpmCi(command))
                hits.push(missing(subject, command, lockfiles[0]));
        }
        if (mayBringLockfile(subject, instruction))
            return hits;
    }
    return hits;
}
function isPlainNpmCi({ words, isConditional }) {
    return !isConditional && words[0] === 'npm' && words[1] === 'ci' && !words.includes('--help');
}
function missing(subject, command, excluded) {
    const at = (0,tree/* placeOf */.$t)(subject, command);
    if (excluded === undefined)
        return { message: '"npm ci" fails: the build folder holds no package-lock.json.', at };
    const fix = 'Take the lockfile out of .dockerignore, and copy it before "npm ci".';
    return { message: `"npm ci" fails: .dockerignore excludes "${excluded}".`, fix, at };
}
function mayMakeLockfile(words) {
    const [tool = '', verb = ''] = words;
    if (tool === 'npm')
        return (/^(i|install|shrinkwrap|init|add|update|import)$/.test(verb) &&
            !words.some((word) => /^(-g|--global)$/.test(word)));
    return !/^(npm|corepack|apk|apt|apt-get|mkdir|chown|chmod|echo|set|rm|ls|node|adduser|addgroup|useradd|groupadd)$/.test(tool);
}
function mayBringLockfile(subject, instruction) {
    if (!(instruction instanceof main.Copy || instruction instanceof main.Add))
        return false;
    const from = instruction.getFlags().find((flag) => flag.getName() === 'from');
    const text = instruction.getArgumentsContent() ?? '';
    if (from !== undefined)
        return !subject.stages.some(({ name }) => name === from.getValue()?.toLowerCase());
    return (/<<|:\/\/|\$|git@/.test(text) || (instruction instanceof main.Add && /\.(tar|t?gz|bz2|xz|zst)\b/.test(text)));
}
function checkFrozen(subject, command) {
    const { words, isConditional } = command;
    const tool = words[0] ?? '';
    const lockfile = { yarn: 'yarn.lock', pnpm: 'pnpm-lock.yaml' }[tool];
    if (isConditional || lockfile === undefined || !hasFile(subject, lockfile) || !isInstall(words))
        return [];
    if (words.some((word) => /^--(no-)?(frozen-lockfile|immutable)/.test(word)))
        return [];
    const fix = tool === 'pnpm' ? 'Add "--frozen-lockfile".' : undefined;
    const message = `"${installName(words)}" may install other versions than "${lockfile}" names.`;
    return [{ message, ...(fix === undefined ? {} : { fix }), at: (0,tree/* placeOf */.$t)(subject, command) }];
}
function checkOrder(subject) {
    const copies = (0,context/* listCopies */.cJ)(subject);
    return subject.stages.flatMap((stage) => {
        const whole = copies.find((step) => step.stage === stage && (0,context/* isWholeCopy */.bh)(step));
        const install = stage.instructions
            .flatMap((run) => listCommands(subject, run).map((command) => ({ run, command })))
            .find(({ command }) => isInstall(command.words));
        if (whole === undefined || install === undefined)
            return [];
        const [copied, installed] = [whole.instruction, install.run].map((one) => one.getRange().start.line);
        if (copied === undefined || installed === undefined || copied > installed)
            return [];
        const message = `All sources are copied before "${installName(install.command.words)}", so that each change installs again.`;
        return [{ message, at: (0,tree/* placeOf */.$t)(subject, whole.instruction) }];
    });
}

// EXTERNAL MODULE: ./src/lint/dockerfile/launch.ts
var dockerfile_launch = __webpack_require__(74149);
;// CONCATENATED MODULE: ./src/lint/dockerfile/program.ts

/** Programs that start the one named after them: how many words stand between, besides options. */
const runners = {
    tini: 0,
    'dumb-init': 0,
    exec: 0,
    env: 0,
    nohup: 0,
    npx: 0,
    bunx: 0,
    gosu: 1,
    'su-exec': 1,
    'opentelemetry-instrument': 0,
    'ddtrace-run': 0,
};
/** The same for programs that do so with one of their commands. */
const runnerCommands = {
    uv: /^run$/,
    poetry: /^run$/,
    pipenv: /^run$/,
    pdm: /^run$/,
    hatch: /^run$/,
    bundle: /^exec$/,
    pnpm: /^(?:exec|dlx)$/,
    yarn: /^(?:exec|dlx)$/,
    'newrelic-admin': /^run-program$/,
};
/** The words without what only starts the program: tini, npx, `uv run`, an entrypoint script. */
function stripRunners(words) {
    const count = countRunnerWords(words);
    return count === 0 ? words : stripRunners(words.slice(count));
}
function countRunnerWords(words) {
    const [first, second] = words;
    if (first === undefined)
        return 0;
    const name = nameOf(first);
    if (second !== undefined && ownOf(runnerCommands, name)?.test(second.text) === true)
        return 2 + countOptions(words.slice(2));
    const between = ownOf(runners, name) ?? (isEntrypointScript(name) && second !== undefined ? 0 : undefined);
    if (between === undefined)
        return 0;
    return 1 + countOptions(words.slice(1)) + between;
}
function ownOf(table, name) {
    return Object.hasOwn(table, name) ? table[name] : undefined;
}
function isEntrypointScript(name) {
    return /\.sh$|entrypoint$/.test(name);
}
function countOptions(words) {
    const index = words.findIndex(({ text }) => !/^-|^[A-Za-z_]\w*=/.test(text));
    return index === -1 ? words.length : index;
}
/** The name of a program without its folder. */
function nameOf({ text }) {
    return external_node_path_.posix.basename(text);
}
/** The env vars that `env` sets in front of a program. */
function listEnvWords(words) {
    const index = words.findIndex((word) => nameOf(word) === 'env');
    if (index === -1)
        return [];
    const rest = words.slice(index + 1);
    return rest.slice(0, countOptions(rest)).filter(({ text }) => !text.startsWith('-'));
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/servers.ts

const servers = [
    { name: 'gunicorn', program: /^gunicorn$/, addresses: ['-b', '--bind'] },
    {
        name: 'uvicorn',
        program: /^uvicorn$/,
        hosts: ['--host'],
        ports: ['--port'],
        loopback: { env: 'UVICORN_HOST', options: ['--uds', '--fd'] },
    },
    {
        name: 'hypercorn',
        program: /^hypercorn$/,
        addresses: ['-b', '--bind'],
        loopback: { options: ['-c', '--config', '--insecure-bind', '--quic-bind'] },
    },
    {
        name: 'daphne',
        program: /^daphne$/,
        hosts: ['-b', '--bind'],
        ports: ['-p', '--port'],
        loopback: { options: ['-u', '--unix-socket', '--fd', '-e', '--endpoint'] },
    },
    {
        name: 'waitress-serve',
        program: /^waitress-serve$/,
        hosts: ['--host'],
        ports: ['--port'],
        addresses: ['--listen'],
    },
    {
        name: 'granian',
        program: /^granian$/,
        hosts: ['--host'],
        ports: ['--port'],
        loopback: { env: 'GRANIAN_HOST', options: ['--uds'] },
    },
    {
        name: 'flask run',
        program: /^flask$/,
        command: /^run$/,
        hosts: ['-h', '--host'],
        ports: ['-p', '--port'],
        loopback: { env: 'FLASK_RUN_HOST', options: ['-e', '--env-file'], files: ['.flaskenv', '.env'] },
    },
    {
        name: 'fastapi dev',
        program: /^fastapi$/,
        command: /^dev$/,
        hosts: ['--host'],
        ports: ['--port'],
        loopback: {},
    },
    { name: 'fastapi run', program: /^fastapi$/, command: /^run$/, hosts: ['--host'], ports: ['--port'] },
    {
        name: 'manage.py runserver',
        program: /^(?:manage\.py|django-admin)$/,
        command: /^runserver$/,
        positional: 'address',
        loopback: {},
    },
    { name: 'http.server', program: /^http\.server$/, positional: 'port', hosts: ['-b', '--bind'] },
    { name: 'streamlit', program: /^streamlit$/, hosts: ['--server.address'], ports: ['--server.port'] },
    {
        name: 'artisan serve',
        program: /^artisan$/,
        command: /^serve$/,
        hosts: ['--host'],
        ports: ['--port'],
        loopback: { env: 'SERVER_HOST', files: ['.env'] },
    },
    { name: 'php -S', program: /^php[\d.]*$/, addresses: ['-S'] },
    {
        name: 'next',
        program: /^next$/,
        command: /^(?:start|dev)$/,
        hosts: ['-H', '--hostname'],
        ports: ['-p', '--port'],
    },
    {
        name: 'nuxt',
        program: /^nuxi?t?$/,
        command: /^(?:start|preview|dev)$/,
        hosts: ['--host'],
        ports: ['-p', '--port'],
    },
    { name: 'vite', program: /^vite$/, hosts: ['--host'], ports: ['--port'] },
    { name: 'serve', program: /^serve$/, ports: ['-p', '--port'], addresses: ['-l', '--listen'] },
    { name: 'http-server', program: /^http-server$/, hosts: ['-a'], ports: ['-p', '--port'] },
    {
        name: 'java',
        program: /^java$/,
        hosts: ['-Dserver.address', '--server.address'],
        ports: ['-Dserver.port', '--server.port', '-Dquarkus.http.port'],
    },
    { name: 'dotnet', program: /^dotnet$/, addresses: ['--urls'] },
    {
        name: 'rails server',
        program: /^rails$/,
        command: /^s(?:erver)?$/,
        hosts: ['-b', '--binding'],
        ports: ['-p', '--port'],
    },
    { name: 'puma', program: /^puma$/, ports: ['-p', '--port'], addresses: ['-b', '--bind'] },
    { name: 'rackup', program: /^rackup$/, hosts: ['-o', '--host'], ports: ['-p', '--port'] },
    { name: 'deno serve', program: /^deno$/, command: /^serve$/, hosts: ['--host'], ports: ['--port'] },
];
/** The server that words start, without tini and the like in front; undefined for a program that is not known. */
function findServer(words) {
    const [first] = words;
    if (first === undefined)
        return undefined;
    const isInterpreter = /^(?:python[\d.]*|node|bun|ruby|php[\d.]*)$/.test(nameOf(first));
    const script = words.findIndex(({ text }, index) => index > 0 && !text.startsWith('-'));
    const starts = isInterpreter && script !== -1 ? [script, 0] : [0];
    for (const start of starts) {
        const found = matchServer(words.slice(start));
        if (found !== undefined)
            return found;
    }
    return undefined;
}
function matchServer([program, ...rest]) {
    if (program === undefined)
        return undefined;
    for (const server of servers) {
        if (!server.program.test(nameOf(program)))
            continue;
        const { command } = server;
        if (command === undefined)
            return { server, program, arguments: rest };
        const index = rest.findIndex(({ text }) => command.test(text));
        if (index !== -1)
            return { server, program, arguments: rest.slice(index + 1) };
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/address.ts



/**
 * Reads the address from ENTRYPOINT and CMD; undefined where the config stands in for them, and where another program
 * in the image may take the requests first, such as nginx.
 */
function readListening(subject) {
    const launch = (0,dockerfile_launch/* readLaunch */.A)((0,dockerfile_launch/* readStart */.H)(subject));
    if (launch?.isAlone !== true || subject.source.service.hasCommand || hasProxy(subject))
        return undefined;
    const words = stripRunners(launch.words);
    const started = findServer(words);
    const program = started?.program ?? words[0];
    if (program === undefined)
        return undefined;
    const args = started?.arguments ?? words.slice(1);
    return {
        launch,
        server: started?.server,
        program,
        arguments: args,
        addresses: listAddresses(args, started?.server),
        assignments: [...launch.assignments, ...listEnvWords(launch.words)],
    };
}
const proxies = /\b(?:nginx|openresty|caddy|haproxy|envoy|traefik|apache2|httpd|supervisord?|s6-overlay|systemd|pm2)\b/i;
function hasProxy({ finalStages, finalInstructions }) {
    const last = finalStages.at(-1);
    return ((last !== undefined && proxies.test(last.base)) ||
        finalInstructions.some((instruction) => /^(?:RUN|COPY|ADD|CMD|ENTRYPOINT)$/.test(instruction.getKeyword()) &&
            proxies.test(instruction.getTextContent())));
}
/** The options of programs that are not known; `--host` may also name what they connect to. */
const unknownServer = {
    name: '',
    program: /^/,
    hosts: ['--host', '--hostname'],
    ports: ['--port', '--http-port', '--http.port', '--server.port', '--listen-port'],
};
const binds = ['--bind', '--bind-address', '--listen', '--listen-address', '--listen-addr', '--listen-host'];
function listAddresses(args, server = unknownServer) {
    const isSure = server !== unknownServer;
    const ports = optionsOf(args, server.ports ?? []);
    const hosts = optionsOf(args, server.hosts ?? []);
    const pairs = optionsOf(args, isSure ? (server.addresses ?? []) : binds);
    return [
        ...ports.map((option) => ({ ...option, isSure, host: undefined, port: parsePort(option.value) })),
        ...hosts.map((option) => ({ ...option, isSure, host: option.value, port: undefined })),
        ...[...pairs, ...listPositionals(args, server)].flatMap((option) => option.value.split(/[;,]/).map((value) => ({ ...option, isSure, ...parseAddress(value) }))),
    ];
}
/** `--port 80`, `--port=80`, `-p 80`, `-p80` and `-p=80`. */
function optionsOf(args, names) {
    return args.flatMap((word, index) => {
        const name = names.find((option) => word.text === option);
        const next = args[index + 1];
        if (name !== undefined)
            return next === undefined || next.text.startsWith('-')
                ? []
                : [{ shown: `${name} ${next.text}`, value: next.text, word: next }];
        const start = names.find((option) => word.text.startsWith(`${option}=`) || (/^-\w$/.test(option) && word.text.startsWith(option)));
        if (start === undefined)
            return [];
        return [{ shown: word.text, value: word.text.slice(start.length).replace(/^=/, ''), word }];
    });
}
function listPositionals(args, { positional }) {
    const word = args.find(({ text }) => (positional === 'port' ? /^(?:\d+|\$.*)$/ : /^[^-]/).test(text));
    if (positional === undefined || word === undefined)
        return [];
    return [{ shown: word.text, value: word.text, word }];
}
const variable = /\$(?:\{[^}]*\}|\([^)]*\)|\w+)|`[^`]*`/g;
function parsePort(value) {
    if (/^\d{1,5}$/.test(value))
        return Number(value);
    return value.search(variable) === -1 ? undefined : 'variable';
}
/** `0.0.0.0:80`, `:80`, `80`, `[::1]:80`, `http://+:80`; the host `$` stands for a variable. */
function parseAddress(value) {
    const plain = value.trim().replace(variable, '$');
    if (/^(?:\d+|\$)$/.test(plain))
        return { host: undefined, port: parsePort(value.trim()) };
    const [, host, port = ''] = /^(?:\w+:\/\/)?(\[[^\]]*\]|::1|[^:/[\]?]*)(?::(\d{1,5}|\$))?(?:[/?].*)?$/.exec(plain) ?? [];
    if (host === undefined || /^(?:unix|fd)\b/.test(plain))
        return { host: undefined, port: undefined };
    return { host: host === '' ? undefined : host, port: port === '$' ? 'variable' : parsePort(port) };
}
/** True for an address that only the container itself reaches. */
function isLoopback(host) {
    return host !== undefined && /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/env.ts


/** The env vars that ENV sets in the image, each as it is set last, but for those that the service config sets. */
function listEnv({ finalInstructions, source }) {
    const settings = new Map();
    for (const instruction of finalInstructions) {
        if (!(instruction instanceof main.Env))
            continue;
        for (const property of instruction.getProperties()) {
            const name = property.getName();
            settings.set(name, { name, value: property.getValue() ?? '', property });
        }
    }
    for (const { name } of source.service.env)
        settings.delete(name);
    return [...settings.values()];
}
/** Env vars that name the port, with the server that reads them; any program may read those without one. */
const portNames = new Map([
    ['FLASK_RUN_PORT', 'flask run'],
    ['UVICORN_PORT', 'uvicorn'],
    ['GRANIAN_PORT', 'granian'],
    ['GUNICORN_CMD_ARGS', 'gunicorn'],
    ['STREAMLIT_SERVER_PORT', 'streamlit'],
    ['SERVER_PORT', 'java'],
    ['QUARKUS_HTTP_PORT', 'java'],
    ['MICRONAUT_SERVER_PORT', 'java'],
    ['ASPNETCORE_URLS', 'dotnet'],
    ['ASPNETCORE_HTTP_PORTS', 'dotnet'],
    ['DOTNET_URLS', 'dotnet'],
    ['NITRO_PORT', ''],
]);
/** The same for env vars that name the address to listen on. */
const hostNames = new Map([
    ...portNames,
    ['FLASK_RUN_HOST', 'flask run'],
    ['UVICORN_HOST', 'uvicorn'],
    ['GRANIAN_HOST', 'granian'],
    ['STREAMLIT_SERVER_ADDRESS', 'streamlit'],
    ['SERVER_ADDRESS', 'java'],
    ['QUARKUS_HTTP_HOST', 'java'],
    ['NITRO_HOST', ''],
    ['HOST', ''],
    ['HOSTNAME', ''],
    ['BIND', ''],
    ['BIND_ADDR', ''],
    ['BIND_ADDRESS', ''],
    ['BIND_HOST', ''],
    ['LISTEN', ''],
    ['LISTEN_ADDR', ''],
    ['LISTEN_ADDRESS', ''],
    ['LISTEN_HOST', ''],
    ['SERVER_HOST', ''],
]);
/** True for the name of an env var by which a framework is told its port. */
function isPortVariable(name) {
    return portNames.has(name);
}
/** The port that an env var fixes for a server; undefined where the server reads another one, or for a variable. */
function parsePortSetting(setting, server) {
    if (!isReadBy(portNames.get(setting.name), server))
        return undefined;
    const { port } = parseSetting(setting);
    return typeof port === 'number' && port > 0 ? port : undefined;
}
/** The host that an env var names for a server to listen on; undefined where the server reads another one. */
function parseHostSetting(setting, server) {
    return isReadBy(hostNames.get(setting.name), server) ? parseSetting(setting).host : undefined;
}
/** True where the program reads the env var, or is not known. */
function isReadBy(reader, server) {
    return reader !== undefined && (reader === '' || server === undefined || server === reader);
}
function parseSetting({ name, value }) {
    if (name !== 'GUNICORN_CMD_ARGS')
        return parseAddress(value.split(/[;,]/)[0] ?? '');
    return parseAddress(/(?:^|\s)(?:--bind[= ]|-b ?)(\S+)/.exec(value)?.[1] ?? '');
}

// EXTERNAL MODULE: ./src/lint/dockerfile/expose.ts
var expose = __webpack_require__(35666);
;// CONCATENATED MODULE: ./src/lint/dockerfile/listen.ts






const listen_good = (0,example/* uvicornExample */.n0)(' --host 0.0.0.0 --port $PORT');
/** The rules about the address that the command listens on. */
const commandPortRules = [
    {
        id: 'CBR014',
        severity: 'error',
        title: 'Command that listens on another port',
        why: 'CloudBase Run probes the port of the service, and gives up when nothing listens there.',
        fix: 'Listen on the port that the env var PORT names.',
        bad: (0,example/* uvicornExample */.n0)(' --host 0.0.0.0 --port 3000'),
        good: listen_good,
        check: checkOtherPort,
    },
    {
        id: 'CBR015',
        severity: 'info',
        title: 'Port written into the image',
        why: 'CloudBase Run tells the port in the env var PORT; a number in the image has to be changed with the setting Port.',
        fix: 'Listen on the port that the env var PORT names.',
        bad: (0,example/* uvicornExample */.n0)(' --host 0.0.0.0 --port 8080'),
        good: listen_good,
        check: checkLiteralPort,
    },
    {
        id: 'CBR016',
        severity: 'warning',
        title: 'Setting that seems to name another port',
        why: 'CloudBase Run probes the port of the service, and gives up when nothing listens there.',
        fix: 'Listen on the port that the env var PORT names.',
        bad: (0,example/* nodeExample */.xM)(['USER node', 'EXPOSE 8080', 'CMD ["node", "server.js", "--port=3000"]'], 8080),
        good: (0,example/* nodeExample */.xM)(['USER node', 'EXPOSE 8080', 'CMD ["node", "server.js"]'], 8080),
        check: checkDoubtfulPort,
    },
];
/** The port that the service has in the end. */
function portOf(subject) {
    return subject.source.service.port ?? (0,expose/* singlePort */.aD)((0,expose/* listExposed */.xD)(subject));
}
/** The addresses with a number; none where another option names the right port, or leaves it to a variable. */
function listLiterals({ addresses }, port) {
    if (addresses.some((address) => address.port === 'variable' || (address.port === port && port !== undefined)))
        return [];
    return addresses.filter(isLiteral);
}
function isLiteral(address) {
    return typeof address.port === 'number' && address.port > 0;
}
function checkOtherPort(subject) {
    const listening = readListening(subject);
    const port = portOf(subject);
    if (listening === undefined || port === undefined)
        return [];
    return listLiterals(listening, port)
        .filter(({ isSure }) => isSure)
        .map((address) => ({
        message: `The command listens on port ${address.port} ("${address.shown}"), but the port of the service is ${port}.`,
        fix: `Listen on the port that the env var PORT names, or set "Port: ${address.port}" in server-config.`,
        at: (0,located_text/* placeOfText */.KD)(subject, address.word.instruction, address.word),
    }));
}
function checkLiteralPort(subject) {
    const listening = readListening(subject);
    if (listening === undefined)
        return [];
    const port = portOf(subject);
    const fixed = listening.addresses
        .filter(isLiteral)
        .filter((address) => port === undefined || address.port === port)
        .map(({ shown, word }) => ({
        message: `The command names the port as a number ("${shown}").`,
        at: (0,located_text/* placeOfText */.KD)(subject, word.instruction, word),
    }));
    const settings = listPortSettings(subject, listening).filter((setting) => port === undefined || setting.port === port);
    return [
        ...fixed,
        ...settings.map(({ name, property }) => ({
            message: `ENV fixes the port in "${name}".`,
            fix: `Remove "${name}", and listen on the port that the env var PORT names.`,
            at: (0,tree/* placeOf */.$t)(subject, property),
        })),
    ];
}
function checkDoubtfulPort(subject) {
    const listening = readListening(subject);
    const port = portOf(subject);
    if (listening === undefined || port === undefined)
        return [];
    const options = listLiterals(listening, port).filter(({ isSure }) => !isSure);
    const settings = listPortSettings(subject, listening).filter((setting) => setting.port !== port);
    const assigned = listening.assignments.filter(({ text }) => {
        const value = /^(?:PORT|[A-Z_]+_PORT)=(\d+)$/.exec(text)?.[1];
        const name = text.split('=', 1)[0] ?? '';
        return value !== undefined && Number(value) !== port && (name === 'PORT' || isPortVariable(name));
    });
    return [
        ...options.map((address) => ({
            message: `The command seems to listen on port ${address.port} ("${address.shown}"), but the port of the service is ${port}.`,
            at: (0,located_text/* placeOfText */.KD)(subject, address.word.instruction, address.word),
        })),
        ...assigned.map((word) => ({
            message: `The command sets "${word.text.split('=', 1)[0] ?? ''}" to another port than ${port}, the one of the service.`,
            at: (0,located_text/* placeOfText */.KD)(subject, word.instruction, word),
        })),
        ...settings.map(({ name, property }) => ({
            message: `ENV fixes another port in "${name}" than ${port}, the one of the service.`,
            fix: `Remove "${name}", and listen on the port that the env var PORT names.`,
            at: (0,tree/* placeOf */.$t)(subject, property),
        })),
    ];
}
/** The env vars of the image that fix a port; none where the command says itself on which port it listens. */
function listPortSettings(subject, listening) {
    if (listening.addresses.some(({ port }) => port !== undefined))
        return [];
    return listEnv(subject).flatMap((setting) => {
        const port = parsePortSetting(setting, listening.server?.name);
        return port === undefined ? [] : [{ ...setting, port }];
    });
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/loopback.ts





const loopback_good = (0,example/* uvicornExample */.n0)(' --host 0.0.0.0 --port $PORT');
/** The rules about commands and settings by which only the container itself reaches the service. */
const loopbackRules = [
    {
        id: 'CBR017',
        severity: 'error',
        title: 'Command that listens on the container itself alone',
        why: 'Requests of CloudBase Run come from outside the container: what listens on 127.0.0.1 never gets them.',
        fix: 'Listen on 0.0.0.0.',
        bad: (0,example/* uvicornExample */.n0)(' --host 127.0.0.1 --port $PORT'),
        good: loopback_good,
        check: checkLoopback,
    },
    {
        id: 'CBR018',
        severity: 'warning',
        title: 'Setting that seems to name 127.0.0.1 as the address to listen on',
        why: 'Requests of CloudBase Run come from outside the container: what listens on 127.0.0.1 never gets them.',
        fix: 'Set it to 0.0.0.0.',
        bad: (0,example/* nodeExample */.xM)(['ENV HOST=127.0.0.1', 'USER node', 'EXPOSE 8080', 'CMD ["node", "server.js"]'], 8080),
        good: (0,example/* nodeExample */.xM)(['ENV HOST=0.0.0.0', 'USER node', 'EXPOSE 8080', 'CMD ["node", "server.js"]'], 8080),
        check: checkDoubtfulLoopback,
    },
    {
        id: 'CBR019',
        severity: 'error',
        title: 'Server that listens on 127.0.0.1 unless told otherwise',
        why: 'Requests of CloudBase Run come from outside the container: what listens on 127.0.0.1 never gets them.',
        fix: 'Name the address 0.0.0.0, such as "--host 0.0.0.0".',
        bad: (0,example/* uvicornExample */.n0)(' --port $PORT'),
        good: loopback_good,
        check: checkDefault,
    },
];
/** The addresses on the container itself; none where the command listens on another one too. */
function listLoopbacks({ addresses }) {
    const isOpen = addresses.some(({ host }) => host !== undefined && !isLoopback(host));
    return isOpen ? [] : addresses.filter(({ host }) => isLoopback(host));
}
function checkLoopback(subject) {
    const listening = readListening(subject);
    if (listening === undefined)
        return [];
    return listLoopbacks(listening)
        .filter(({ isSure }) => isSure)
        .map(({ shown, word }) => ({
        message: `The command listens on the container itself alone ("${shown}").`,
        at: (0,located_text/* placeOfText */.KD)(subject, word.instruction, word),
    }));
}
function checkDoubtfulLoopback(subject) {
    const listening = readListening(subject);
    if (listening === undefined)
        return [];
    const { addresses, server } = listening;
    const options = listLoopbacks(listening)
        .filter(({ isSure }) => !isSure)
        .map(({ shown, word }) => ({
        message: `The command seems to listen on the container itself alone ("${shown}").`,
        fix: 'Listen on 0.0.0.0.',
        at: (0,located_text/* placeOfText */.KD)(subject, word.instruction, word),
    }));
    const isTold = addresses.some(({ host }) => host !== undefined);
    const settings = isTold
        ? []
        : listEnv(subject).filter((setting) => isLoopback(parseHostSetting(setting, server?.name)));
    return [
        ...options,
        ...settings.map(({ name, property }) => ({
            message: `ENV "${name}" names the container itself as the address to listen on.`,
            at: (0,tree/* placeOf */.$t)(subject, property),
        })),
    ];
}
function checkDefault(subject) {
    const listening = readListening(subject);
    const { loopback, name = '' } = listening?.server ?? {};
    if (listening === undefined || loopback === undefined)
        return [];
    if (isToldElsewhere(subject, listening, loopback))
        return [];
    const { program } = listening;
    const message = `"${name}" listens on 127.0.0.1 alone, because nothing names another address.`;
    const fix = name.endsWith('runserver') ? 'Write "runserver 0.0.0.0:$PORT" in a shell command.' : undefined;
    return [
        {
            message,
            ...(fix === undefined ? {} : { fix }),
            at: (0,located_text/* placeOfText */.KD)(subject, program.instruction, program),
        },
    ];
}
/** True where something names an address, or could do so. */
function isToldElsewhere(subject, listening, loopback) {
    const { service, entries } = subject.source;
    const { env, options = [], files = [] } = loopback;
    const names = [
        ...listEnv(subject).map(({ name }) => name),
        ...service.env.map(({ name }) => name),
        ...listening.assignments.map(({ text }) => text.split('=', 1)[0]),
    ];
    return (listening.addresses.some(({ host }) => host !== undefined) ||
        (env !== undefined && names.includes(env)) ||
        listening.arguments.some(({ text }) => options.some((option) => text === option || text.startsWith(`${option}=`))) ||
        [...entries.keys()].some((path) => files.some((file) => path === file || path.endsWith(`/${file}`))) ||
        hasUnknownArguments(listening));
}
/** True for a variable that may hold options, such as `$UVICORN_OPTIONS` or `"$@"`. */
function hasUnknownArguments({ arguments: words }) {
    return words.some(({ text, isOpen }, index) => {
        const before = words[index - 1]?.text ?? '';
        return isOpen && /^[$`]/.test(text) && !(before.startsWith('-') && !before.includes('='));
    });
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/port.ts



const port_start = 'CMD ["node", "server.js"]';
const exposing = (expose, port) => (0,example/* nodeExample */.xM)(['USER node', expose, port_start], port);
/** The rules about the port: EXPOSE beside the service's own port, and on what the command listens. */
const portRules = [
    {
        id: 'CBR010',
        severity: 'error',
        title: 'EXPOSE out of range',
        why: 'A TCP port is a number from 1 to 65535; the builder refuses any other one.',
        fix: 'Name the port that the service listens on, such as EXPOSE 8080.',
        bad: exposing('EXPOSE 80800', 8080),
        good: exposing('EXPOSE 8080', 8080),
        check: checkRange,
    },
    {
        id: 'CBR011',
        severity: 'warning',
        title: 'No port known',
        why: 'CloudBase Run sends requests to one port; it is the setting Port, or else the single TCP port that EXPOSE names. A new service is refused without it; a live one keeps its own.',
        fix: 'Set "Port: 8080" in server-config, or name the one port with EXPOSE 8080.',
        bad: (0,example/* nodeExample */.xM)(['USER node', port_start]),
        good: exposing('EXPOSE 8080'),
        check: checkKnown,
    },
    {
        id: 'CBR012',
        severity: 'warning',
        title: 'EXPOSE of several ports',
        why: 'CloudBase Run sends requests to one port of a service; the other ones cannot be reached.',
        fix: 'Leave only the port of the service in EXPOSE, and move what else listens into a service of its own.',
        bad: exposing('EXPOSE 8080 9229', 8080),
        good: exposing('EXPOSE 8080', 8080),
        check: checkSeveral,
    },
    {
        id: 'CBR013',
        severity: 'warning',
        title: 'EXPOSE of another port than Port',
        why: 'CloudBase Run probes the port that the setting Port names, whatever EXPOSE says; when the service listens on the other one, it never gets ready.',
        fix: 'Make EXPOSE and the setting Port name the port that the service listens on.',
        bad: exposing('EXPOSE 3000', 8080),
        good: exposing('EXPOSE 8080', 8080),
        check: checkSame,
    },
];
function exposedOf(subject) {
    return subject.stages.length === 0 ? [] : (0,expose/* listExposed */.xD)(subject);
}
function checkRange(subject) {
    return exposedOf(subject)
        .filter(({ kind }) => kind === 'outside')
        .map(({ argument, value }) => ({
        message: `EXPOSE must name a port from 1 to 65535, not "${value}".`,
        at: (0,tree/* placeOf */.$t)(subject, argument),
    }));
}
function checkKnown(subject) {
    const exposed = exposedOf(subject);
    const from = subject.finalStages[0]?.from;
    if (subject.source.service.port !== undefined || from === undefined)
        return [];
    if (exposed.some(({ kind }) => kind === 'outside'))
        return [];
    const variable = exposed.find(({ kind }) => kind === 'variable');
    if (variable !== undefined)
        return [findVariable(subject, variable)];
    const ports = (0,expose/* listTcpPorts */.wn)(exposed);
    const [first = '', second] = ports;
    if (first === '') {
        const message = 'The port of the service is not known: server-config sets no Port, and no EXPOSE names one.';
        return [{ message, at: (0,tree/* placeOf */.$t)(subject, from) }];
    }
    if (second === undefined && !first.includes('-'))
        return [];
    const message = `EXPOSE names several ports (${ports.join(', ')}), and server-config does not say which one is the service's.`;
    const fix = `Set the one that the service listens on, such as "Port: ${Number.parseInt(first)}", in server-config.`;
    return findSecond(exposed).map((argument) => ({ message, fix, at: (0,tree/* placeOf */.$t)(subject, argument) }));
}
function findVariable(subject, { argument }) {
    const message = `EXPOSE names a variable whose value is not known here (${argument.getValue()}), and server-config sets no Port.`;
    return {
        message,
        fix: 'Set "Port: 8080" in server-config, or give the variable a value with ARG or ENV.',
        at: (0,tree/* placeOf */.$t)(subject, argument),
    };
}
/** The argument that makes the ports several: the first one that is a range, or another port than the first. */
function findSecond(exposed) {
    const ports = exposed.filter(({ kind, protocol }) => kind === 'ports' && protocol === 'tcp');
    const second = ports.find(({ first, last }) => first !== last || first !== ports[0]?.first);
    return second === undefined ? [] : [second.argument];
}
function checkSeveral(subject) {
    const exposed = exposedOf(subject);
    const { port } = subject.source.service;
    if (port === undefined || !hasPort(exposed, port))
        return [];
    const ports = (0,expose/* listTcpPorts */.wn)(exposed);
    const message = `EXPOSE names several ports (${ports.join(', ')}), but only ${port} can be reached.`;
    return findSecond(exposed).map((argument) => ({ message, at: (0,tree/* placeOf */.$t)(subject, argument) }));
}
function checkSame(subject) {
    const exposed = exposedOf(subject);
    const { port } = subject.source.service;
    const ports = (0,expose/* listTcpPorts */.wn)(exposed);
    const first = exposed.find(({ kind, protocol }) => kind === 'ports' && protocol === 'tcp');
    if (port === undefined || first === undefined || hasPort(exposed, port))
        return [];
    if (exposed.some(({ kind }) => kind === 'variable'))
        return [];
    const message = `EXPOSE names port ${ports.join(', ')}, but the setting Port is ${port}.`;
    return [{ message, at: (0,tree/* placeOf */.$t)(subject, first.argument) }];
}
function hasPort(exposed, port) {
    return exposed.some(({ kind, protocol, first, last }) => kind === 'ports' && protocol === 'tcp' && first <= port && port <= last);
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/secret-files.ts




const secret_files_good = (0,example/* npmExample */.Gc)([
    'FROM node:24-slim',
    'WORKDIR /app',
    'COPY package.json package-lock.json ./',
    'RUN npm ci --omit=dev',
    'COPY . .',
    'USER node',
    'CMD ["node", "server.js"]',
], { '.dockerignore': '.env\n.git\nnode_modules\n' });
/** Files with secrets that a COPY or ADD takes along. */
const secretFileRules = [
    {
        id: 'CBR028',
        severity: 'error',
        title: 'File with secrets copied into the image',
        why: 'Whoever can pull the image can read the file, also where a later step deletes it. CloudBase Run hands secrets to the service as env vars.',
        fix: 'Leave the file out of the COPY, exclude it in .dockerignore, and hand its values to the service with the setting EnvParams or the input "env-from".',
        bad: (0,example/* npmExample */.Gc)(['FROM node:24-slim', 'WORKDIR /app', 'COPY .env server.js ./', 'CMD ["node", "server.js"]'], { '.env': 'DB_PASSWORD=k3Ws9qTb\n' }),
        good: secret_files_good,
        check: (subject) => listFound(subject).flatMap(({ step, source, files, node }) => {
            const secrets = files.filter((file) => isSurelySecret(subject, file));
            if (secrets.length === 0 || !subject.finalStages.includes(step.stage))
                return [];
            const message = `The copy of "${source.value}" takes ${quote(secrets)} into the image.`;
            return [{ message, at: (0,tree/* placeOf */.$t)(subject, node) }];
        }),
    },
    {
        id: 'CBR029',
        severity: 'warning',
        title: 'File that may hold secrets copied in a build',
        why: 'What a COPY brings stays in the layers of its stage: in the image, or in the cache of the builder.',
        fix: 'Exclude the file in .dockerignore; a build that needs it reads it with RUN --mount=type=secret.',
        bad: (0,example/* npmExample */.Gc)([
            'FROM node:24-slim',
            'WORKDIR /app',
            'COPY package.json package-lock.json .npmrc ./',
            'RUN npm ci --omit=dev',
            'CMD ["node", "server.js"]',
        ], { '.npmrc': '//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n' }),
        good: secret_files_good,
        check: (subject) => [...checkDoubtful(subject), ...checkHandedOn(subject)],
    },
];
function checkDoubtful(subject) {
    return listFound(subject).flatMap(({ step, source, files, node }) => {
        const isFinal = subject.finalStages.includes(step.stage);
        const doubtful = files.filter((file) => !isFinal || !isSurelySecret(subject, file));
        if (doubtful.length === 0)
            return [];
        const target = isFinal ? 'the image' : 'a layer of the build';
        return [
            {
                message: `The copy of "${source.value}" takes ${quote(doubtful)} into ${target}.`,
                at: (0,tree/* placeOf */.$t)(subject, node),
            },
        ];
    });
}
/** Files of an earlier stage: nobody knows whether they are there. */
function checkHandedOn(subject) {
    return (0,context/* listCopies */.cJ)(subject).flatMap((step) => {
        if (step.from === undefined || !subject.finalStages.includes(step.stage))
            return [];
        return step.sources
            .filter(({ path }) => sureName.test(external_node_path_.posix.basename(path)) && !sampleName.test(path))
            .map((source) => ({
            message: `"${source.value}" of "${step.from ?? ''}" goes into the image.`,
            at: (0,tree/* placeOf */.$t)(subject, source),
        }));
    });
}
/** The files of the build folder that COPY and ADD take along and that may hold secrets, but for excluded ones. */
function listFound(subject) {
    const ignores = (0,context/* listIgnoreFiles */.AK)(subject);
    const candidates = listCandidates(subject, ignores);
    return (0,context/* listCopies */.cJ)(subject).flatMap((step) => {
        if (step.from !== undefined)
            return [];
        return step.sources.flatMap((source) => {
            const files = [...new Set([...listNamed(subject, source, ignores), ...listInside(source, candidates)])];
            return files.length === 0 ? [] : [{ step, source, files, node: source }];
        });
    });
}
function listNamed(subject, { path }, ignores) {
    const isThere = (0,context/* findEntry */.w4)(subject, path) === 'present' && !(0,context/* isExcluded */.RF)(ignores, path);
    return isThere && isCandidate(path) && !isPublic(subject, path) ? [path] : [];
}
/** What a copied folder brings: only what is a secret for sure, not by the ending of its name alone. */
function listInside({ path }, candidates) {
    return candidates.filter((file) => path === '.' || file.startsWith(`${path}/`));
}
function listCandidates(subject, ignores) {
    const prefix = (0,tree/* inSource */.hR)(subject, '.') === '.' ? '' : `${(0,tree/* inSource */.hR)(subject, '.')}/`;
    return [...subject.source.entries].flatMap(([entry, { kind }]) => {
        if (kind !== 'file' || !entry.startsWith(prefix))
            return [];
        const path = entry.slice(prefix.length);
        const isSure = isSurelySecret(subject, path) && (isRead(subject, path) || !/\.(pem|key)$/i.test(path));
        return isSure && !(0,context/* isExcluded */.RF)(ignores, path) ? [path] : [];
    });
}
const isRead = (subject, path) => subject.source.texts.has((0,tree/* inSource */.hR)(subject, path));
const sampleName = /\.(example|sample|template|dist|tmpl|tpl|default)$/i;
const sureName = /^(\.env(\..+)?|\.envrc|\.git-credentials|[._]netrc|id_(rsa|dsa|ecdsa|ed25519)|.+\.(p12|pfx))$/i;
const keyName = /\.key$|(^|[-_.])(key|private|privkey)[-_.]?.*\.pem$/i;
const doubtfulName = /^(\.npmrc|\.yarnrc\.yml|\.pypirc|\.pgpass|\.dockercfg|\.?kubeconfig(\.ya?ml)?)$|\.(pem|key|kubeconfig)$/i;
const doubtfulPath = /(^|\/)\.((aws|ssh|kube)(\/|$)|docker(\/config\.json)?$)/;
function isCandidate(path) {
    const name = external_node_path_.posix.basename(path);
    if (sampleName.test(name))
        return false;
    return sureName.test(name) || doubtfulName.test(name) || doubtfulPath.test(path);
}
/** By its name, or by its text where its name may stand for a certificate. */
function isSurelySecret(subject, path) {
    const name = external_node_path_.posix.basename(path);
    if (sampleName.test(name))
        return false;
    if (sureName.test(name))
        return true;
    const text = subject.source.texts.get((0,tree/* inSource */.hR)(subject, path));
    const isKey = /\.(pem|key)$/i.test(name);
    return (isKey &&
        (text === undefined ? keyName.test(name) && !/pub(lic)?/i.test(name) : text.includes('PRIVATE KEY-----')));
}
/** A certificate, or settings of a registry without a login. */
function isPublic(subject, path) {
    const text = subject.source.texts.get((0,tree/* inSource */.hR)(subject, path));
    if (text === undefined)
        return false;
    if (/\.(pem|key)$/i.test(path))
        return !text.includes('PRIVATE KEY-----');
    return (/(^|\/)\.(npmrc|yarnrc\.yml|pypirc|docker\/config\.json)$/.test(path) &&
        !/auth|password|token/i.test(text));
}
function quote(files) {
    const shown = files.slice(0, 3).map((file) => `"${file}"`);
    const more = files.length - shown.length;
    return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' and ');
}

// EXTERNAL MODULE: ./src/lint/dockerfile/secrets.ts
var secrets = __webpack_require__(29689);
;// CONCATENATED MODULE: ./src/lint/dockerfile/foreground.ts


/** Finds a command that surely ends at once, goes into the background, or waits without a service. */
function checkForeground(subject, launch) {
    if (launch === undefined || !launch.isAlone || hasEntrypointScript(launch))
        return [];
    if (launch.script?.text.text.includes('<') === true)
        return [];
    const words = stripRunners(launch.words);
    const [first] = words;
    if (first === undefined)
        return [];
    const isOnly = (launch.script?.commands.length ?? 1) === 1;
    const fault = findDaemon(subject, words) ?? (isOnly ? findIdle(words) : undefined);
    return fault === undefined ? [] : [{ ...fault, at: (0,located_text/* placeOfText */.KD)(subject, first.instruction, first) }];
}
/** A script in front may start the service itself. */
function hasEntrypointScript({ words }) {
    return words.slice(0, -1).some((word) => /\.sh$|entrypoint$/.test(nameOf(word)));
}
function findDaemon(subject, words) {
    const [name = '', ...options] = words.map((word, index) => (index === 0 ? nameOf(word) : word.text));
    const has = (option) => options.some((text) => option.test(text));
    const isInitScript = /^\/etc\/init\.d\//.test(words[0]?.text ?? '');
    if (isInitScript && options[0] === 'start')
        return leaving(`${name} start`);
    if (name === 'service' && options[1] === 'start')
        return leaving(`service ${options[0] ?? ''} start`);
    if (name === 'nginx' && !has(/daemon\s+off|^-[cthvVTs?]/) && !staysByConfig(subject))
        return leaving('nginx', 'Start it with CMD ["nginx", "-g", "daemon off;"].');
    if (name === 'gunicorn' && has(/^(?:-D|--daemon)$/))
        return leaving('gunicorn', 'Start gunicorn without the option for a daemon.');
    if (name === 'pm2' && options[0] === 'start' && !has(/^--(?:no-daemon|attach)$/))
        return leaving('pm2 start', 'Start the service itself, or use "pm2-runtime" instead of "pm2".');
    return undefined;
}
/** A file of nginx or a RUN that writes one may keep it in the foreground. */
function staysByConfig({ text, source }) {
    return [text, ...source.texts.values()].some((content) => /daemon\s+off/.test(content));
}
function leaving(command, fix) {
    const message = `"${command}" goes into the background, and the container ends.`;
    return fix === undefined ? { message } : { message, fix };
}
function findIdle(words) {
    const [name = '', ...options] = words.map((word, index) => (index === 0 ? nameOf(word) : word.text));
    const isShell = /^(?:ba|da|a|z)?sh$/.test(name) && options.every((text) => /^(?:-[il]+|--login)$/.test(text));
    const isInterpreter = /^(?:node|nodejs|python[\d.]*)$/.test(name) && options.length === 0;
    if (isShell || isInterpreter)
        return { message: `"${name}" without a file waits for input, gets none, and ends at once.` };
    if (name !== 'tail' || !options.includes('/dev/null') || !/^(?:-f|-F)$/.test(options[0] ?? ''))
        return undefined;
    return { message: '"tail -f /dev/null" keeps the container running without a service.' };
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/base.ts
/** The image below the final stages; undefined where a variable keeps it unknown. */
function readBaseImage({ finalStages }) {
    const base = finalStages.at(-1)?.base ?? '';
    if (base === '' || base.includes('$'))
        return undefined;
    const [path = ''] = base.split('@');
    const [, name = '', tag = 'latest'] = /^(.*?)(?::([^:/]*))?$/.exec(path) ?? [];
    const [first = '', ...rest] = name.split('/');
    const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
    const registry = hasRegistry
        ? first.replace(/^(?:index|registry-1)\.docker\.io$/, 'docker.io')
        : 'docker.io';
    const repository = hasRegistry ? rest.join('/') : name;
    const plain = registry === 'docker.io' ? repository.replace(/^library\//, '') : repository;
    return { name: plain.toLowerCase(), registry, tag: tag.toLowerCase() };
}
/** True for an official image of Docker Hub of one of these names. */
function isOfficial(image, names) {
    return image?.registry === 'docker.io' && names.has(image.name);
}
/** True for the images of Distroless. */
function isDistroless(image) {
    return image?.registry === 'gcr.io' && image.name.startsWith('distroless/');
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/start.ts







const fine = (0,example/* nodeExample */.xM)(['USER node', 'EXPOSE 8080', 'CMD ["node", "server.js"]'], 8080);
const bad = (command) => (0,example/* nodeExample */.xM)(['USER node', 'EXPOSE 8080', command], 8080);
/** The rules about CMD and ENTRYPOINT: what the container starts, and whether SIGTERM arrives there. */
const startRules = [
    {
        id: 'CBR002',
        severity: 'error',
        title: 'No command that starts the service',
        why: 'CloudBase Run starts the image as it is, and waits until its port answers; an image that starts a shell or nothing never gets ready.',
        fix: 'End the Dockerfile with the command that starts the service, such as CMD ["node", "server.js"].',
        bad: (0,example/* nodeExample */.xM)(['USER node', 'EXPOSE 8080'], 8080),
        good: fine,
        check: checkCommand,
    },
    {
        id: 'CBR003',
        severity: 'error',
        title: 'CMD or ENTRYPOINT in JSON that does not parse',
        why: 'The builder takes a list that is no JSON for a shell command, so that the container ends as soon as it starts.',
        fix: 'Write every argument in double quotes with commas between, such as CMD ["node", "server.js"].',
        bad: bad("CMD ['node', 'server.js']"),
        good: fine,
        check: checkJson,
    },
    {
        id: 'CBR004',
        severity: 'warning',
        title: 'Shell between the platform and the service',
        why: 'A version that is replaced or scaled in gets SIGTERM; a shell does not hand it on, so that requests under way are cut off when the container is killed.',
        fix: 'Write the command in the JSON form, or begin it with exec.',
        bad: bad('CMD node server.js'),
        good: fine,
        check: checkSignals,
    },
    {
        id: 'CBR005',
        severity: 'info',
        title: 'Package manager as the main process',
        why: 'SIGTERM goes to the package manager, which some versions do not hand on, and it takes memory beside the service.',
        fix: 'Start the service itself, such as CMD ["node", "server.js"].',
        bad: bad('CMD ["npm", "start"]'),
        good: fine,
        check: checkPackageManager,
    },
    {
        id: 'CBR006',
        severity: 'warning',
        title: 'CMD beside an ENTRYPOINT in shell form',
        why: 'An ENTRYPOINT in shell form runs alone: the arguments of CMD do not reach it.',
        fix: 'Write the ENTRYPOINT in the JSON form, or move the arguments of CMD into it.',
        bad: (0,example/* nodeExample */.xM)(['USER node', 'EXPOSE 8080', 'ENTRYPOINT exec node', 'CMD ["server.js"]'], 8080),
        good: (0,example/* nodeExample */.xM)(['USER node', 'EXPOSE 8080', 'ENTRYPOINT ["node"]', 'CMD ["server.js"]'], 8080),
        check: checkIgnoredCommand,
    },
    {
        id: 'CBR007',
        severity: 'warning',
        title: 'Variable in the JSON form of a command',
        why: 'No shell runs the JSON form, so that $PORT is not replaced by the port that CloudBase Run sets.',
        fix: 'Let a shell replace it, such as CMD ["sh", "-c", "exec uvicorn main:app --host 0.0.0.0 --port $PORT"].',
        bad: (0,example/* pythonExample */.nO)('CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "$PORT"]'),
        good: (0,example/* uvicornExample */.n0)(' --host 0.0.0.0 --port $PORT'),
        check: checkVariables,
    },
    {
        id: 'CBR008',
        severity: 'warning',
        title: 'Command that does not stay in the foreground with the service',
        why: 'The container ends with its main process, and CloudBase Run waits until a service in it answers on the port.',
        fix: 'End the Dockerfile with the command that runs the service in the foreground, such as CMD ["node", "server.js"].',
        bad: bad('CMD ["node"]'),
        good: fine,
        check: (subject) => checkForeground(subject, launchOf(subject)),
    },
];
/** Official images that start a shell, an interpreter or nothing. */
const idleImages = new Set(('scratch alpine debian ubuntu busybox node python golang rust openjdk eclipse-temurin amazoncorretto maven ' +
    'gradle ruby almalinux rockylinux fedora amazonlinux oraclelinux buildpack-deps gcc sapmachine erlang ' +
    'elixir haskell perl swift dart').split(' '));
function checkCommand(subject) {
    const { finalStages, finalInstructions, source } = subject;
    const from = finalStages[0]?.from;
    const { entrypoint, cmd } = (0,dockerfile_launch/* readStart */.H)(subject);
    const isLater = finalInstructions.some((instruction) => instruction.getKeyword() === 'ONBUILD');
    const has = entrypoint ?? cmd;
    if (from === undefined || has !== undefined || source.service.hasCommand || isLater)
        return [];
    const image = readBaseImage(subject);
    if (image === undefined || !(isOfficial(image, idleImages) || isDistroless(image)))
        return [];
    const message = `The image has neither CMD nor ENTRYPOINT, and its base "${image.name}" starts no service.`;
    return [{ message, at: (0,tree/* placeOf */.$t)(subject, from) }];
}
/** What is in force, as far as the service config does not stand in for it. */
function startOf(subject) {
    if (subject.source.service.hasCommand)
        return { entrypoint: undefined, cmd: undefined };
    return (0,dockerfile_launch/* readStart */.H)(subject);
}
function checkJson(subject) {
    return Object.values(startOf(subject)).flatMap((command) => {
        if (command === undefined || !isBroken(command))
            return [];
        const { keyword, instruction, arguments: text } = command;
        const message = `${keyword} looks like a list in JSON, but ${nameFault(text.text)}.`;
        return [{ message, at: (0,located_text/* placeOfText */.KD)(subject, instruction, text) }];
    });
}
/** True for a list that is meant as JSON and is none; `[ -f x ] && y` is a shell's test. */
function isBroken({ list, arguments: words }) {
    const { text } = words;
    if (list !== undefined || !text.startsWith('[') || (0,located_text/* isCutOff */.o7)(words))
        return false;
    if (/^\[\[?\s[^]*\s\]\]?\s*(?:&&|\|\||;)/.test(text))
        return false;
    return text.endsWith(']') || /^\[\s*["'“”‘’]/.test(text);
}
function nameFault(text) {
    if (/^\[\s*'/.test(text))
        return 'its strings stand in single quotes';
    if (/[“”‘’]/.test(text))
        return 'its strings stand in typographic quotes';
    if (!text.includes(']'))
        return 'its bracket is not closed';
    if (!text.endsWith(']'))
        return 'something stands after its bracket';
    if (/,\s*\]$/.test(text))
        return 'a comma stands before its bracket';
    if (/"\s*"/.test(text.replaceAll('""', '')))
        return 'a comma is missing between two of its strings';
    return 'it is no list of strings in double quotes';
}
function launchOf(subject) {
    const start = startOf(subject);
    const isFaulty = Object.values(start).some((command) => command !== undefined && isBroken(command));
    return isFaulty ? undefined : (0,dockerfile_launch/* readLaunch */.A)(start);
}
function checkSignals(subject) {
    const script = launchOf(subject)?.script;
    if (script === undefined)
        return [];
    const { before, commands, instruction, shell, text } = script;
    const names = before.map(nameOf);
    const reachesAll = names.includes('dumb-init') || before.some((word) => /^-\w*g/.test(word.text));
    const isHandled = commands.some(({ words }) => words.slice(0, 2).some((word) => /^(?:exec|trap)$/.test(word.text)));
    const [only, ...others] = commands;
    const isReplaced = /(?:ba|z)sh$/.test(shell) && others.length === 0 && only?.operators.length === 0;
    if (reachesAll || isHandled || isReplaced || only === undefined)
        return [];
    const message = `${instruction.getKeyword()} runs its command as a child of ${nameOf({ text: shell })}, which does not hand on SIGTERM.`;
    return [{ message, ...adviseList(script), at: (0,located_text/* placeOfText */.KD)(subject, instruction, text) }];
}
/** The JSON form of a single command of plain words; nothing where a word may be a secret, or needs the shell. */
function adviseList({ text, before, commands, instruction }) {
    const [only] = commands;
    const isSimple = commands.length === 1 &&
        (before.length === 0 || !(instruction.getRawArgumentsContent() ?? '').startsWith('[')) &&
        /^[\w.:/ -]{1,120}$/.test(text.text) &&
        !/\/\/|pass|pwd|secret|token|key|auth|credential|^(?:source|eval|cd|export|set|\.) /i.test(text.text);
    if (only === undefined || !isSimple)
        return {};
    const list = only.words.map((word) => JSON.stringify(word.text)).join(', ');
    return { fix: `Write ${instruction.getKeyword()} [${list}], or begin the command with exec.` };
}
function checkPackageManager(subject) {
    const [first, second] = stripRunners(launchOf(subject)?.words ?? []);
    if (first === undefined || second === undefined)
        return [];
    const name = nameOf(first);
    const isYarn = name === 'yarn' && /^(?!exec$|dlx$|node$)[a-z]/.test(second.text);
    const isNpm = /^p?npm$/.test(name) && /^(?:start|run|run-script)$/.test(second.text);
    if (!isYarn && !isNpm)
        return [];
    const message = `The main process of the container is "${name} ${second.text}" and not the service itself.`;
    return [{ message, at: (0,located_text/* placeOfText */.KD)(subject, first.instruction, first) }];
}
function checkIgnoredCommand(subject) {
    const { entrypoint, cmd } = startOf(subject);
    if (entrypoint === undefined || cmd === undefined)
        return [];
    if (entrypoint.list !== undefined || isBroken(entrypoint))
        return [];
    const message = 'CMD has no effect, because the ENTRYPOINT is in shell form.';
    return [{ message, at: (0,tree/* placeOf */.$t)(subject, cmd.instruction) }];
}
/** Programs that replace variables in their arguments themselves, or that hand code on to an interpreter. */
const replacing = /^(?:java|env|envsubst|perl|awk|supervisord|.*\.sh|.*entrypoint)$/;
function checkVariables(subject) {
    const launch = launchOf(subject);
    if (launch === undefined || launch.script !== undefined)
        return [];
    const { words } = launch;
    if (words.some((word) => replacing.test(nameOf(word)) || /^-[ce]$|^--eval$/.test(word.text)))
        return [];
    return words.flatMap((word) => {
        const [found] = /\$(?:\{[A-Za-z_]\w*[^}]*\}|[A-Za-z_]\w*)/.exec(word.text) ?? [];
        if (found === undefined)
            return [];
        const name = /\w+/.exec(found)?.[0] ?? '';
        const message = `The JSON form hands on "$${name}" as it is written, because no shell replaces it.`;
        return [{ message, at: (0,located_text/* placeOfText */.KD)(subject, word.instruction, word) }];
    });
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/user.ts






const command = 'CMD ["node", "server.js"]';
/** The rules about the user that the service runs as. */
const userRules = [
    {
        id: 'CBR020',
        severity: 'error',
        title: 'Port below 1024 with a user other than root',
        why: 'On CloudBase Run only root may listen on a port below 1024 (EACCES); Docker on your own machine allows it to everybody.',
        fix: 'Listen on a port from 1024 on, and name it in the setting Port and in EXPOSE, such as 8080.',
        bad: (0,example/* nodeExample */.xM)(['USER node', 'EXPOSE 80', command], 80),
        good: (0,example/* nodeExample */.xM)(['USER node', 'EXPOSE 8080', command], 8080),
        check: checkLowPort,
    },
    {
        id: 'CBR021',
        severity: 'info',
        title: 'Service that runs as root',
        why: 'Whoever breaks into the service then owns all of its container.',
        fix: 'Create a user with RUN, and name it with USER before CMD.',
        bad: (0,example/* nodeExample */.xM)(['EXPOSE 8080', command], 8080),
        good: (0,example/* nodeExample */.xM)(['USER node', 'EXPOSE 8080', command], 8080),
        check: checkRoot,
    },
];
function readUser(subject) {
    const instruction = subject.finalInstructions.findLast((one) => one.getKeyword() === 'USER');
    if (instruction === undefined) {
        const name = userOfImage(readBaseImage(subject));
        return name === undefined ? undefined : { name, shown: `"${name}"`, instruction };
    }
    const value = instruction.getExpandedArguments()[0]?.getValue().replaceAll(/["']/g, '') ?? '';
    const name = value.split(':', 1)[0] ?? '';
    if (name === '' || name.includes('$'))
        return undefined;
    const isVariable = instruction.getArguments()[0]?.getValue().includes('$') === true;
    return { name, shown: isVariable ? 'a user other than root' : `"${name}"`, instruction };
}
/** Official images that run as root unless USER says otherwise. */
const rootImages = new Set(('node python alpine debian ubuntu busybox golang rust eclipse-temurin openjdk amazoncorretto maven gradle php ' +
    'ruby scratch almalinux rockylinux fedora amazonlinux oraclelinux buildpack-deps tomcat perl swift').split(' '));
/** The user that an image sets itself, where that is sure. */
function userOfImage(image) {
    if (image === undefined)
        return undefined;
    if (isDistroless(image))
        return image.tag.includes('nonroot') ? 'nonroot' : undefined;
    if (image.registry === 'docker.io' && image.name === 'nginxinc/nginx-unprivileged')
        return 'nginx';
    if (!isOfficial(image, rootImages))
        return undefined;
    return image.name === 'php' && image.tag.includes('apache') ? undefined : 'root';
}
function isRoot({ name }) {
    return name === 'root' || /^0+$/.test(name);
}
function checkLowPort(subject) {
    const user = readUser(subject);
    const from = subject.finalStages[0]?.from;
    const port = user_portOf(subject);
    if (user === undefined || from === undefined || isRoot(user))
        return [];
    if (port === undefined || port >= 1024 || mayBindLow(subject))
        return [];
    const message = `The service runs as ${user.shown}, who may not listen on port ${port} of CloudBase Run.`;
    return [{ message, at: (0,tree/* placeOf */.$t)(subject, user.instruction ?? from) }];
}
/** True where a program gets the right to listen on a low port, or to become root. */
function mayBindLow(subject) {
    const image = readBaseImage(subject);
    return (image === undefined ||
        /(?:^|\/)(?:caddy|traefik|frankenphp)$/.test(image.name) ||
        /setcap|cap_net_bind_service|authbind|sudo|doas/i.test(subject.text));
}
/** Programs that take the rights of root away from what they start. */
const dropping = /^(?:gosu|su-exec|setpriv|runuser|su|chroot|s6-setuidgid|nginx|php-fpm[\d.]*|apache2-foreground)$/;
function checkRoot(subject) {
    const user = readUser(subject);
    const from = subject.finalStages[0]?.from;
    if (user === undefined || from === undefined || !isRoot(user) || dropsRoot(subject))
        return [];
    const image = readBaseImage(subject);
    const message = user.instruction === undefined
        ? `The service runs as root, because no USER names another one than the image "${image?.name ?? ''}" has.`
        : 'The service runs as root, because the last USER says so.';
    return [{ message, fix: adviseUser(subject, image), at: (0,tree/* placeOf */.$t)(subject, user.instruction ?? from) }];
}
function dropsRoot(subject) {
    const words = (0,dockerfile_launch/* readLaunch */.A)((0,dockerfile_launch/* readStart */.H)(subject))?.words ?? [];
    return words.some((word) => dropping.test(nameOf(word))) || /\b(?:gosu|su-exec)\b/.test(subject.text);
}
function adviseUser(subject, image) {
    const port = user_portOf(subject);
    const user = isOfficial(image, new Set(['node']))
        ? 'Write "USER node" before CMD'
        : 'Create a user with RUN, and name it with USER before CMD';
    return port === undefined || port >= 1024 ? `${user}.` : `${user}; such a user needs a port from 1024 on.`;
}
function user_portOf(subject) {
    return subject.source.service.port ?? (0,expose/* singlePort */.aD)((0,expose/* listExposed */.xD)(subject));
}

// EXTERNAL MODULE: ./src/lint/json.ts
var json = __webpack_require__(88575);
;// CONCATENATED MODULE: ./src/lint/dockerfile/weight.ts







const withDevelopment = {
    'package.json': '{ "name": "shop", "private": true, "devDependencies": { "eslint": "^9.0.0" } }\n',
};
const weight_start = ['FROM node:24-slim', 'WORKDIR /app', 'COPY package.json package-lock.json ./'];
const weight_end = ['COPY server.js ./', 'USER node', 'CMD ["node", "server.js"]'];
const weight_good = (0,example/* npmExample */.Gc)([...weight_start, 'RUN npm ci --omit=dev', ...weight_end], withDevelopment);
const goStages = (...final) => [
    'FROM golang:1.27 AS build',
    'WORKDIR /src',
    'COPY go.mod main.go ./',
    'RUN CGO_ENABLED=0 go build -o /server .',
    ...final,
    'CMD ["/server"]',
];
const goFiles = { 'go.mod': 'module shop\n', 'main.go': 'package main\n' };
/** What makes the image larger than the service needs. */
const weightRules = [
    {
        id: 'CBR034',
        severity: 'info',
        title: 'Development dependencies in the image',
        why: 'An instance that starts from nothing pulls the image first: each megabyte makes a cold start longer. Development dependencies are not needed to run.',
        fix: 'Install with "--omit=dev" ("--production" with Yarn 1, "--prod" with pnpm), or build in a stage of its own.',
        bad: (0,example/* npmExample */.Gc)([...weight_start, 'RUN npm ci', ...weight_end], withDevelopment),
        good: weight_good,
        check: checkDevelopment,
    },
    {
        id: 'CBR035',
        severity: 'warning',
        title: 'Compiler or build tools installed in the image that runs',
        why: 'Compilers add hundreds of megabytes to what a cold start pulls, and give an attacker tools. The service runs without them.',
        fix: 'Compile in a stage of its own and copy the result with COPY --from, or remove the tools in the same RUN.',
        bad: (0,example/* npmExample */.Gc)([
            ...weight_start,
            'RUN apt-get update && apt-get install -y build-essential && npm ci --omit=dev',
            ...weight_end,
        ]),
        good: (0,example/* npmExample */.Gc)([
            'FROM node:24 AS build',
            ...weight_start.slice(1),
            'RUN npm ci --omit=dev',
            'FROM node:24-slim',
            'WORKDIR /app',
            'COPY --from=build /app/node_modules ./node_modules',
            ...weight_end,
        ]),
        check: (subject) => subject.finalInstructions.flatMap((run) => checkTools(subject, listCommands(subject, run))),
    },
    {
        id: 'CBR036',
        severity: 'warning',
        title: 'Image of a compiler as the image that runs',
        why: 'An instance that starts from nothing pulls the image first. Images of compilers hold several hundred megabytes that a built service does not need.',
        fix: 'Build in a stage that is named with AS, and copy the result with COPY --from into a small image.',
        bad: (0,example/* containerExample */._n)(goStages('USER nobody'), goFiles),
        good: (0,example/* containerExample */._n)(goStages('FROM gcr.io/distroless/static-debian13:nonroot', 'COPY --from=build /server /server'), goFiles),
        check: checkToolImage,
    },
];
function checkDevelopment(subject) {
    if (!hasDevelopment(subject))
        return [];
    let isProduction = false;
    let hits = [];
    for (const instruction of subject.finalInstructions) {
        isProduction = productionAfter(instruction) ?? isProduction;
        const isHere = isProduction || /NODE_ENV=["']?production/.test(instruction.getRawArgumentsContent() ?? '');
        for (const command of listCommands(subject, instruction)) {
            if (removesDevelopment(command.words, isHere))
                hits = [];
            else if (!isHere && isJavaScriptInstall(command) && !hasFlag(command.words)) {
                const message = `"${installName(command.words)}" brings the devDependencies of package.json into the image.`;
                hits.push({ message, at: (0,tree/* placeOf */.$t)(subject, command) });
            }
        }
    }
    return hits;
}
function hasDevelopment(subject) {
    const manifest = (0,json/* parseJson */.qF)(subject.source.texts.get((0,tree/* inSource */.hR)(subject, 'package.json')) ?? '');
    const names = (0,json/* isRecord */.u4)(manifest) ? manifest['devDependencies'] : undefined;
    return (0,json/* isRecord */.u4)(names) && Object.keys(names).length > 0;
}
/** Whether npm omits development dependencies from here on; undefined where the instruction does not say. */
function productionAfter(instruction) {
    if (!(instruction instanceof main.Env || instruction instanceof main.Arg))
        return undefined;
    const said = instruction.getProperties().flatMap((property) => {
        const [name, value] = [property.getName().toLowerCase(), property.getValue()];
        if (name === 'node_env')
            return [value === 'production'];
        if (name === 'npm_config_omit')
            return [value === 'dev'];
        return name === 'npm_config_production' ? [value === 'true'] : [];
    });
    return said.at(-1);
}
function isJavaScriptInstall({ words, isConditional }) {
    return !isConditional && /^(npm|yarn|pnpm)$/.test(words[0] ?? '') && isInstall(words);
}
function hasFlag(words) {
    return words.some((word, index) => /^(--omit=dev|--production(=true)?|--prod|-P|--only=prod(uction)?|--no-dev|dev)$/.test(word === 'dev' && words[index - 1] !== '--omit' ? '' : word));
}
/** A later step that leaves only what runs. */
function removesDevelopment(words, isProduction) {
    const [tool = '', verb = ''] = words;
    if (/^(npm|pnpm|yarn)$/.test(tool) && /^(prune|ci|i|install|workspaces)$/.test(verb))
        return isProduction || hasFlag(words);
    return ((tool === 'rm' && words.some((word) => /(^|\/)node_modules\/?$/.test(word))) || tool === 'node-prune');
}
const installers = [
    [/^(apt|apt-get|aptitude)$/, /^install$/, /^(purge|remove|autoremove)$/],
    [/^apk$/, /^add$/, /^del$/],
    [/^(yum|dnf|microdnf|tdnf)$/, /^(install|groupinstall)$/, /^(remove|erase|autoremove)$/],
];
const tools = /^(build-essential|build-base|alpine-sdk|gcc|g\+\+|gcc-c\+\+|gcc-\d+|g\+\+-\d+|clang(-\d+)?|cmake|make|autoconf|automake|python3?(\.\d+)?-dev(el)?|musl-dev|libc6?-dev|linux-headers|maven|gradle|cargo|rust|rustc|golang(-go|-\d.*)?|go|default-jdk(-headless)?|openjdk-?\d+(-jdk(-headless)?)?)(=.*)?$/;
function checkTools(subject, commands) {
    return commands.flatMap((command, index) => {
        const [tool = '', ...rest] = command.words;
        const installer = installers.find(([name]) => name.test(tool));
        if (installer === undefined || !rest.some((word) => installer[1].test(word)))
            return [];
        const found = rest.filter((word) => tools.test(word)).map((word) => `"${word.replace(/=.*/, '')}"`);
        const isRemoved = commands
            .slice(index + 1)
            .some(({ words }) => installer[0].test(words[0] ?? '') && words.some((word) => installer[2].test(word)));
        if (found.length === 0 || isRemoved)
            return [];
        const message = `${found.join(', ')} of "${tool}" ${found.length === 1 ? 'stays' : 'stay'} in the image that runs.`;
        return [{ message, at: (0,tree/* placeOf */.$t)(subject, command) }];
    });
}
function checkToolImage(subject) {
    const root = subject.finalStages.at(-1);
    const image = root === undefined ? undefined : parseImage(root.base);
    if (root === undefined || image === undefined || image.tag.includes('jre'))
        return [];
    if (!/^(golang|maven|gradle|rust|dotnet\/sdk)$/.test(image.product))
        return [];
    const message = `The image that runs is built on "${image.product}", an image to build with.`;
    return [{ message, at: (0,tree/* placeOf */.$t)(subject, root.from) }];
}

// EXTERNAL MODULE: ./src/lint/function/entry.ts
var entry = __webpack_require__(66078);
// EXTERNAL MODULE: ./src/lint/function/manifest.ts
var manifest = __webpack_require__(90945);
// EXTERNAL MODULE: ./src/lint/script/tree.ts
var script_tree = __webpack_require__(23641);
// EXTERNAL MODULE: ./src/lint/script/script.ts + 2 modules
var script = __webpack_require__(24146);
;// CONCATENATED MODULE: ./src/lint/function/agent.ts




const framework = '@cloudbase/aiagent-framework';
const bot = `const { BotCore, BotRunner } = require('${framework}');

class Bot extends BotCore {
  async sendMessage() {
    this.sseSender.send({ data: { content: 'Hello' } });
    this.sseSender.end();
  }
}

exports.main = (event, context) => BotRunner.run(event, context, new Bot(context));
`;
const agent_manifest = (dependencies) => JSON.stringify({ name: 'bot', main: 'index.js', dependencies }, null, 2) + '\n';
const lockfile = { 'package-lock.json': '{ "lockfileVersion": 3 }\n' };
const agent_good = {
    mode: 'agent',
    files: { 'index.js': bot, [manifest/* manifestFile */.YE]: agent_manifest({ [framework]: '^1.0.0-beta.26' }), ...lockfile },
};
/** Rules about agents as a whole. */
const functionAgentRules = [
    {
        id: 'CBR140',
        severity: 'warning',
        title: 'An agent without the framework for agents',
        why: 'Agents are called at /v1/aibot/bots/…: a package of CloudBase answers there and sends the answer in parts.',
        fix: `Add "${framework}" to "dependencies" of package.json, or deploy with mode "function".`,
        bad: {
            mode: 'agent',
            files: { [manifest/* manifestFile */.YE]: agent_manifest({}), 'index.js': 'exports.main = () => "Hello";\n' },
        },
        good: {
            ...agent_good,
            files: { [manifest/* manifestFile */.YE]: agent_manifest({ [framework]: '^1.0.0-beta.26' }), 'index.js': bot, ...lockfile },
        },
        check: findMissingFramework,
    },
    {
        id: 'CBR141',
        severity: 'warning',
        title: 'An agent that sends no events',
        why: 'Who asks an agent reads its answer as server-sent events, part by part, and waits for them.',
        fix: 'Answer with BotRunner.run and sseSender, or with context.sse().',
        bad: {
            mode: 'agent',
            files: {
                'index.js': 'exports.main = () => ({ content: "Hello" });\n',
                [manifest/* manifestFile */.YE]: agent_manifest({ [framework]: '^1.0.0-beta.26' }),
            },
        },
        good: agent_good,
        check: findMissingEvents,
    },
    {
        id: 'CBR143',
        severity: 'warning',
        title: 'A bot id in a settings file has the wrong form',
        why: botIdWhy(),
        fix: botIdFix(),
        bad: {
            mode: 'agent',
            files: { 'package.json': '{\n  "main": "index.js",\n  "botId": "ibot-Helper-1"\n}\n', 'index.js': bot },
        },
        good: {
            mode: 'agent',
            files: {
                [manifest/* manifestFile */.YE]: JSON.stringify({ main: 'index.js', botId: 'ibot-helper-1', dependencies: { [framework]: '^1.0.0-beta.26' } }, null, 2),
                'index.js': bot,
                ...lockfile,
            },
        },
        check: findWrongIdsInSettings,
    },
];
/** Rules about each script of an agent. */
const functionAgentScriptRules = [
    {
        id: 'CBR142',
        severity: 'warning',
        title: 'A bot id in a script has the wrong form',
        why: botIdWhy(),
        fix: botIdFix(),
        bad: { mode: 'agent', files: { 'index.js': `const botId = 'ibot-Helper-1';\n${bot}` } },
        good: {
            mode: 'agent',
            files: { ...agent_good.files, 'index.js': `const botId = 'ibot-helper-1';\n${bot}` },
        },
        check: findWrongIds,
    },
];
function botIdWhy() {
    return 'The platform takes bot ids of the form ibot-{name}-{tag} alone, with small letters, digits and underscores.';
}
function botIdFix() {
    return 'Write it as ibot-{name}-{tag}, such as "ibot-helper-1".';
}
function findMissingFramework(source) {
    const found = source.mode === 'agent' ? (0,manifest/* manifestOf */.$V)(source) : undefined;
    if (found?.manifest === undefined)
        return [];
    const { dependencies, optionalDependencies } = found.manifest;
    const names = [dependencies, optionalDependencies].flatMap(Object.keys);
    if (names.some((name) => /^@cloudbase\/(aiagent-framework$|agent-)/.test(name)))
        return [];
    // What streams by itself, or brings the framework in one bundle, needs none.
    if (scriptTexts(source).some((text) => /\.sse\(|text\/event-stream|class BotRunner/.test(text)))
        return [];
    const at = found.json.placeOf(['dependencies']);
    return [{ message: `package.json does not name "${framework}" in "dependencies".`, at }];
}
function findMissingEvents(source) {
    const at = source.mode === 'agent' ? entryPlace(source) : undefined;
    if (at === undefined)
        return [];
    const isSending = /\bsse|BotRunner|text\/event-stream|@cloudbase\/agent-|createExpressRoutes/i;
    if (scriptTexts(source).some((text) => isSending.test(text)))
        return [];
    return [{ message: `${at.file} and what it loads send no server-sent events.`, at }];
}
function entryPlace(source) {
    const [first] = (0,entry/* listEntryPoints */.Ap)(source);
    const file = first?.verdict.kind === 'found' ? first.verdict.file : undefined;
    return file !== undefined && source.texts.has(file) ? { file, line: 1, column: 1 } : undefined;
}
function scriptTexts({ texts }) {
    return [...texts].filter(([path]) => /\.[cm]?js$/.test(path)).map(([, text]) => text);
}
/** True for what has the three parts of a bot id, and not its form. */
function isWrongId(text) {
    return /^ibot-[^-\s/]+-[^\s/]+$/.test(text) && !/^ibot-[a-z0-9_]+-[a-z0-9_]+$/.test(text);
}
function describeId(id) {
    return `"${id}" is no bot id.`;
}
function findWrongIds(subject) {
    const hits = [];
    if (subject.source.mode !== 'agent' || !subject.text.includes('ibot-'))
        return hits;
    const look = (node) => {
        const text = (0,script_tree/* literalText */.bK)(node);
        if (text === undefined || !isWrongId(text))
            return;
        hits.push({ message: describeId(text), at: (0,script/* placeInScript */.k)(subject, node) });
    };
    (0,script_tree/* walkTree */.Ir)(subject.program, { Literal: look, TemplateLiteral: look });
    return hits;
}
function findWrongIdsInSettings({ mode, texts }) {
    if (mode !== 'agent')
        return [];
    return [manifest/* manifestFile */.YE, 'cloudbaserc.json'].flatMap((file) => (texts.get(file) ?? '').split('\n').flatMap((line, index) => [...line.matchAll(/"(ibot-[^"\\]*)"/g)].flatMap((match) => {
        const id = match[1] ?? '';
        const at = {
            file,
            line: index + 1,
            column: match.index + 1,
            endLine: index + 1,
            endColumn: match.index + match[0].length + 1,
        };
        return isWrongId(id) ? [{ message: describeId(id), at }] : [];
    })));
}

;// CONCATENATED MODULE: ./src/lint/function/builtins.ts
/** The modules that Node.js 20 brings and that are found without `node:`. */
const builtinModules = new Set([
    'assert',
    'async_hooks',
    'buffer',
    'child_process',
    'cluster',
    'console',
    'constants',
    'crypto',
    'dgram',
    'diagnostics_channel',
    'dns',
    'domain',
    'events',
    'fs',
    'http',
    'http2',
    'https',
    'inspector',
    'module',
    'net',
    'os',
    'path',
    'perf_hooks',
    'process',
    'punycode',
    'querystring',
    'readline',
    'repl',
    'stream',
    'string_decoder',
    'sys',
    'timers',
    'tls',
    'trace_events',
    'tty',
    'url',
    'util',
    'v8',
    'vm',
    'wasi',
    'worker_threads',
    'zlib',
]);
/** The package that a specifier names: `@scope/name` of `@scope/name/file`; undefined for anything but packages. */
function packageNameOf(specifier) {
    const name = /^(?:@[a-z\d~-][\w.~-]*\/)?[a-z\d~][\w.~-]*(?=\/|$)/i.exec(specifier)?.[0];
    // A slash at the end asks for the package that has the name of a builtin.
    const isBuiltin = name !== undefined && builtinModules.has(name) && specifier !== `${name}/`;
    return isBuiltin || name?.startsWith('_') === true ? undefined : name;
}

;// CONCATENATED MODULE: ./src/lint/function/syntax-tree.ts

/** The keys of an object literal; undefined where it takes some from elsewhere. */
function keysOf(node) {
    if (node?.type !== 'ObjectExpression')
        return undefined;
    const keys = node.properties.map(script_tree/* keyName */.xT);
    return keys.every((key) => key !== undefined) ? keys : undefined;
}
/** True where a node declares one of these names as a parameter or a variable. */
function declares(node, names) {
    const isNamed = (each) => each.type === 'Identifier' && names.has(each.name);
    if (node.type === 'VariableDeclarator')
        return isNamed(node.id);
    return 'params' in node && node.params.some(isNamed);
}

;// CONCATENATED MODULE: ./src/lint/function/dependencies.ts







const dependencies_script = "const axios = require('axios');\n\nexports.main = async () => (await axios.get('https://example.com')).data;\n";
const dependencies_lockfile = { 'package-lock.json': '{ "lockfileVersion": 3 }\n' };
const manifestOfExample = (dependencies) => JSON.stringify({ main: 'index.js', dependencies }, null, 2) + '\n';
const why = 'The platform installs what package.json names in "dependencies" and leaves "devDependencies" out; a package that ' +
    'is only installed on your machine is missing in the cloud.';
const fix = 'Add it to "dependencies" of package.json, and update the lockfile.';
/** Rules about the packages that a function loads. */
const functionDependencyRules = [
    {
        id: 'CBR110',
        severity: 'error',
        title: 'The entry loads a package that is not installed',
        why,
        fix,
        bad: { mode: 'function', files: { 'index.js': dependencies_script, [manifest/* manifestFile */.YE]: manifestOfExample({}) } },
        good: {
            mode: 'function',
            files: { 'index.js': dependencies_script, [manifest/* manifestFile */.YE]: manifestOfExample({ axios: '^1.7.0' }), ...dependencies_lockfile },
        },
        check: (subject) => findUndeclared(subject)
            .filter(({ isSure }) => isSure)
            .map(({ hit }) => hit),
    },
    {
        id: 'CBR111',
        severity: 'warning',
        title: 'A script loads a package that package.json does not name',
        why: `${why} Where another package happens to bring it, that ends with the next update.`,
        fix,
        bad: {
            mode: 'function',
            files: { 'index.js': dependencies_script, [manifest/* manifestFile */.YE]: manifestOfExample({ koa: '^2.15.0' }) },
        },
        good: {
            mode: 'function',
            files: {
                'index.js': dependencies_script,
                [manifest/* manifestFile */.YE]: manifestOfExample({ axios: '^1.7.0', koa: '^2.15.0' }),
                ...dependencies_lockfile,
            },
        },
        check: (subject) => findUndeclared(subject)
            .filter(({ isSure }) => !isSure)
            .map(({ hit }) => hit),
    },
];
/** The framework itself is the platform's. */
const provided = new Set(['@cloudbase/functions-framework']);
const loaders = new Set(['require']);
function findUndeclared(subject) {
    const { source, file } = subject;
    if (source.mode === 'container' || !source.service.isInstalledByPlatform)
        return [];
    const used = listPackages(subject);
    const manifests = used.size === 0 ? undefined : listManifests(source, file);
    if (manifests === undefined)
        return [];
    const missing = [...used].filter(([name]) => !manifests.some((each) => isDeclared(name, each)));
    if (missing.length === 0 || hasOwnRequire(subject))
        return [];
    const isBare = manifests.every(hasNothing) || isStrict(source);
    const isEntry = isBare && (0,entry/* targetsOf */.QR)(source).has(file);
    return missing.map(([name, { at, isTopLevel }]) => ({
        hit: { ...describe(name, manifests), at },
        isSure: isEntry && isTopLevel,
    }));
}
/** Each package once, by the import that counts most. */
function listPackages({ imports }) {
    const packages = new Map();
    for (const each of imports) {
        const name = each.isGuarded ? undefined : packageNameOf(each.specifier);
        if (name === undefined || provided.has(name))
            continue;
        const known = packages.get(name);
        if (known === undefined || (each.isTopLevel && !known.isTopLevel))
            packages.set(name, each);
    }
    return packages;
}
/** True where `require` is not the one of Node.js, as in a bundle. */
function hasOwnRequire({ program, isModule }) {
    const found = [];
    const isWalked = (0,script_tree/* walkAll */.jG)(program, (node) => {
        // A module makes its `require` with createRequire.
        if (!(isModule && node.type === 'VariableDeclarator') && declares(node, loaders))
            found.push(node);
    });
    return found.length > 0 || !isWalked;
}
/** What package.json says in the folders above a script; undefined where that does not tell what is installed. */
function listManifests(source, file) {
    const manifests = [];
    for (let folder = external_node_path_.posix.dirname(file);; folder = external_node_path_.posix.dirname(folder)) {
        const path = external_node_path_.posix.join(folder, manifest/* manifestFile */.YE);
        const text = source.texts.get(path);
        if (text === undefined && source.entries.has(path))
            return undefined;
        if (text !== undefined) {
            const { json, manifest: read } = (0,manifest/* parseManifest */.Ng)(text, path);
            if (read === undefined || hasWorkspaces(source, json.value))
                return undefined;
            manifests.push(read);
        }
        if (folder === '.')
            return manifests;
    }
}
function hasWorkspaces({ entries }, manifestValue) {
    const isNamed = (0,json/* isRecord */.u4)(manifestValue) && 'workspaces' in manifestValue;
    return isNamed || entries.has('pnpm-workspace.yaml');
}
function hasNothing({ dependencies, optionalDependencies, peerDependencies }) {
    return [dependencies, optionalDependencies, peerDependencies].every((each) => Object.keys(each).length === 0);
}
/** Only pnpm, without settings of the project, shows a script nothing but what package.json names. */
function isStrict({ entries }) {
    return entries.has('pnpm-lock.yaml') && !entries.has('.npmrc') && !entries.has('.pnpmfile.cjs');
}
function isDeclared(name, manifest) {
    const { dependencies, optionalDependencies, peerDependencies } = manifest;
    return (manifest.name === name ||
        [dependencies, optionalDependencies, peerDependencies].some((each) => Object.hasOwn(each, name)));
}
function describe(name, manifests) {
    if (!manifests.some(({ devDependencies }) => Object.hasOwn(devDependencies, name)))
        return { message: `The package "${name}" is loaded, and package.json does not name it.` };
    return {
        message: `The package "${name}" is loaded, and stands in "devDependencies", which the platform leaves out.`,
        fix: 'Move it to "dependencies" of package.json, and update the lockfile.',
    };
}

// EXTERNAL MODULE: ./src/lint/function/functions-file.ts
var functions_file = __webpack_require__(38970);
;// CONCATENATED MODULE: ./src/lint/function/encoding.ts




const mark = '\uFEFF';
const handler = 'exports.main = (event, context) => ({ path: context.httpContext.url });\n';
const encoding_manifest = '{\n  "name": "hello",\n  "main": "index.js"\n}\n';
/** Rules about the bytes of the JSON files. */
const functionEncodingRules = [
    {
        id: 'CBR116',
        severity: 'error',
        title: 'A JSON file begins with a byte order mark',
        why: 'npm and Node.js skip the mark, but the functions framework reads package.json and cloudbase-functions.json ' +
            'with a parser that takes none, and ends.',
        fix: 'Save the file as UTF-8 without a byte order mark.',
        bad: { mode: 'function', files: { [manifest/* manifestFile */.YE]: mark + encoding_manifest, 'index.js': handler } },
        good: { mode: 'function', files: { [manifest/* manifestFile */.YE]: encoding_manifest, 'index.js': handler } },
        check: (source) => listParsed(source)
            .filter((file) => hasMark(source, file))
            .map((file) => ({
            message: `${file} begins with a byte order mark.`,
            at: { file, line: 1, column: 1 },
        })),
    },
];
/** The files that the framework itself parses: it asks package.json what a .js file is. */
function listParsed(source) {
    if (source.mode === 'container')
        return [];
    const isAsked = (0,entry/* listEntryPoints */.Ap)(source).some(({ verdict }) => verdict.kind === 'found' &&
        !/\.[cm]js$/.test(verdict.file) &&
        nearestManifest(source, verdict.file) === manifest/* manifestFile */.YE);
    return [functions_file/* functionsFileName */.vI, ...(isAsked ? [manifest/* manifestFile */.YE] : [])];
}
function nearestManifest({ entries }, file) {
    for (let folder = external_node_path_.posix.dirname(file);; folder = external_node_path_.posix.dirname(folder)) {
        const path = external_node_path_.posix.join(folder, manifest/* manifestFile */.YE);
        if (entries.has(path))
            return path;
        if (folder === '.')
            return undefined;
    }
}
/** The texts come without the mark, so that only the size of the file tells that it has one. */
function hasMark({ entries, texts }, file) {
    const text = texts.get(file);
    if (text === undefined)
        return false;
    const { size, kind } = entries.get(file) ?? { size: 0, kind: 'other' };
    const bytes = new TextEncoder().encode(text).length;
    return text.startsWith(mark) || (kind === 'file' && size === bytes + 3);
}

;// CONCATENATED MODULE: ./src/lint/function/entry-rules.ts




const entry_rules_handler = 'exports.main = (event, context) => ({ path: context.httpContext.url });\n';
const entry_rules_manifest = (main) => JSON.stringify({ name: 'hello', main }, null, 2) + '\n';
/** Rules about the file that the functions framework loads. */
const functionEntryRules = [
    {
        id: 'CBR102',
        severity: 'error',
        kind: 'entry-not-found',
        title: 'The entry of the function does not exist',
        why: 'The functions framework loads the "main" of package.json, else index.js, and ends when there is none. ' +
            'The platform runs no build script: what has to be built is built before the deploy.',
        fix: 'Add index.js, or let "main" of package.json name the entry; a service in another language needs a Dockerfile.',
        bad: {
            mode: 'function',
            files: { [manifest/* manifestFile */.YE]: entry_rules_manifest('dist/index.js'), 'src/index.ts': 'export const main = () => 1;\n' },
        },
        good: {
            mode: 'function',
            files: { [manifest/* manifestFile */.YE]: entry_rules_manifest('dist/index.js'), 'dist/index.js': entry_rules_handler },
        },
        check: (source) => findSingle(source).flatMap((point) => checkExistence(source, point)),
    },
    {
        id: 'CBR103',
        severity: 'error',
        kind: 'entry-not-found',
        title: 'The entry of the function is a file that Node.js cannot load',
        why: 'Node.js 20 loads .js, .cjs and .mjs, and no TypeScript. The platform runs no build script.',
        fix: 'Name a file that ends with .js, .cjs or .mjs.',
        bad: {
            mode: 'function',
            files: { [manifest/* manifestFile */.YE]: entry_rules_manifest('index.ts'), 'index.ts': 'export const main = () => 1;\n' },
        },
        good: { mode: 'function', files: { [manifest/* manifestFile */.YE]: entry_rules_manifest('index.js'), 'index.js': entry_rules_handler } },
        check: (source) => source.mode === 'container' ? [] : (0,entry/* listEntryPoints */.Ap)(source).flatMap(checkForm(source)),
    },
    {
        id: 'CBR122',
        severity: 'error',
        kind: 'entry-not-found',
        title: 'A listed function has no entry',
        why: `The functions framework loads every function of ${functions_file/* functionsFileName */.vI}: its "source", else what Node.js finds ` +
            'in its directory (the "main" of a package.json, else index.js). It ends when one of them is missing.',
        fix: 'Add index.js to the directory, or name the file in "source".',
        bad: {
            mode: 'function',
            files: {
                [functions_file/* functionsFileName */.vI]: listOf({ name: 'hello', directory: 'hello', triggerPath: '/hello' }),
                'hello/handler.js': entry_rules_handler,
            },
        },
        good: {
            mode: 'function',
            files: {
                [functions_file/* functionsFileName */.vI]: listOf({
                    name: 'hello',
                    directory: 'hello',
                    source: 'handler.js',
                    triggerPath: '/hello',
                }),
                'hello/handler.js': entry_rules_handler,
            },
        },
        check: (source) => source.mode === 'container' ? [] : (0,entry/* listEntryPoints */.Ap)(source).flatMap(checkListed(source)),
    },
];
function listOf(...functions) {
    return JSON.stringify({ functionsRoot: './', functions }, null, 2) + '\n';
}
/** The entry of a project that is one function. */
function findSingle(source) {
    return source.mode === 'container'
        ? []
        : (0,entry/* listEntryPoints */.Ap)(source).filter(({ listed }) => listed === undefined);
}
function checkExistence(source, { verdict }) {
    const main = (0,entry/* mainOf */.HV)(source);
    const at = placeOfMain(source);
    if (verdict.kind === 'outside')
        return [{ message: `"main" of package.json is "${main ?? ''}", which leaves the source.`, at }];
    if (verdict.kind !== 'missing')
        return [];
    if (main === undefined)
        return [{ message: 'The source has no "main" in package.json and no index.js.', at }];
    const message = `"main" of package.json is "${main}", which does not exist`;
    const unbuilt = findUnbuilt(source, main);
    const fix = (0,manifest/* buildFixOf */.j2)(source, main);
    if (unbuilt === undefined)
        return [{ message: `${message}.`, ...(fix === undefined ? {} : { fix }), at, missing: main }];
    return [
        {
            message: `${message}; "${unbuilt}" looks like its source.`,
            fix: fix ?? 'Build the project in a step before this one.',
            at,
            missing: main,
        },
    ];
}
/** Where `main` stands; index.js where there is no package.json that could be read. */
function placeOfMain(source) {
    return (0,manifest/* manifestOf */.$V)(source)?.json.placeOf(['main']) ?? { file: 'index.js', line: 1, column: 1 };
}
/** The TypeScript file that `main` is probably compiled from. */
function findUnbuilt({ entries }, main) {
    const stem = external_node_path_.posix.normalize(main).replace(/\.[cm]?js$/, '');
    const inner = stem.split('/').slice(1).join('/');
    const stems = ['src', '.'].flatMap((folder) => [inner, external_node_path_.posix.basename(stem)].map((name) => external_node_path_.posix.join(folder, name)));
    const candidates = stems.flatMap((each) => ['.ts', '.mts', '.cts'].map((extension) => each + extension));
    return candidates.find((path) => entries.get(path)?.kind === 'file');
}
function checkForm(source) {
    const placeInList = readList(source);
    return ({ verdict, listed }) => {
        if (verdict.kind !== 'unloadable')
            return [];
        const at = listed === undefined
            ? placeOfEntry(source, verdict.file)
            : placeInList([...listed.path, listed.source === undefined ? 'directory' : 'source']);
        const message = `The entry is "${verdict.file}", which ${verdict.isTypeScript ? 'is TypeScript' : 'is none of .js, .cjs and .mjs'}.`;
        if (!verdict.isTypeScript)
            return [{ message, at }];
        const name = listed === undefined ? '"main" of package.json' : `"source" in ${functions_file/* functionsFileName */.vI}`;
        return [{ message, fix: `Compile it in a step before this one, and let ${name} name the result.`, at }];
    };
}
function placeOfEntry(source, file) {
    return (0,entry/* mainOf */.HV)(source) === undefined ? { file, line: 1, column: 1 } : placeOfMain(source);
}
/** Where the values of the list stand; the list is parsed once for all of them. */
function readList({ texts }) {
    const { json } = (0,functions_file/* parseFunctionsFile */.ZX)(texts.get(functions_file/* functionsFileName */.vI) ?? '');
    return (path) => json.placeOf(path);
}
function checkListed(source) {
    const placeInList = readList(source);
    return ({ verdict, listed, location }) => {
        if (listed === undefined || (verdict.kind !== 'missing' && verdict.kind !== 'outside'))
            return [];
        const { name, source: file, path } = listed;
        // A folder that is missing is the finding of another rule.
        if (file === undefined && source.entries.get(location)?.kind !== 'folder')
            return [];
        const at = placeInList([...path, file === undefined ? 'directory' : 'source']);
        const where = verdict.kind === 'outside' ? 'leaves the source' : 'holds no entry';
        const message = file === undefined
            ? `The function "${name}" is in the directory "${location}", which ${where}.`
            : `The function "${name}" has the source "${location}", which ${verdict.kind === 'outside' ? where : 'does not exist'}.`;
        return [{ message, at }];
    };
}

;// CONCATENATED MODULE: ./src/lint/function/commonjs.ts


/**
 * The exports of a CommonJS script by name: assignments to `exports` and `module.exports`, in the forms that people,
 * TypeScript and esbuild write. Undefined as soon as `exports` or `module` goes where nobody can follow it.
 */
function readCommonExports(program) {
    const found = {
        names: new Set(),
        values: [],
        given: new Map(),
        escaped: new Set(),
        node: undefined,
        isUnknown: false,
    };
    const isWalked = (0,script_tree/* walkAll */.jG)(program, (node, ancestors) => {
        visit(node, ancestors, found);
    });
    if (!isWalked || found.isUnknown)
        return undefined;
    const assigned = found.values.flatMap((value) => valueNames(value, program, found) ?? [undefined]);
    const names = new Set(found.names);
    for (const name of assigned) {
        if (name === undefined)
            return undefined;
        names.add(name);
    }
    return { names, node: found.node };
}
const own = new Set(['exports', 'module', 'require']);
function visit(node, ancestors, found) {
    if (declares(node, own))
        found.isUnknown = true;
    if (node.type === 'CallExpression')
        visitCall(node, found);
    if (node.type === 'MemberExpression' && node.object.type === 'Identifier')
        give(found, node.object.name, [(0,script_tree/* keyName */.xT)(node) ?? '']);
    if (node.type === 'Identifier' && node.name === 'exports')
        follow(ancestors, found);
    if (node.type === 'Identifier' && node.name === 'module')
        followModule(ancestors, found);
    if (node.type === 'ThisExpression' && !ancestors.some(hasOwnThis))
        followThis(ancestors, found);
}
function visitCall({ callee, arguments: given }, found) {
    const [first, second] = given;
    const keys = keysOf(second);
    const isExport = callee.type === 'Identifier' && callee.name === '__export';
    for (const each of given) {
        if (each.type !== 'Identifier')
            continue;
        if (isExport && each === first && keys !== undefined)
            give(found, each.name, keys);
        else if (callee.type !== 'Identifier' || callee.name !== '__toCommonJS')
            found.escaped.add(each.name);
    }
}
function give(found, name, keys) {
    found.given.set(name, [...(found.given.get(name) ?? []), ...keys]);
}
function hasOwnThis(node) {
    return ((0,script_tree/* isFunction */.Tn)(node) && node.type !== 'ArrowFunctionExpression') || node.type === 'ClassBody';
}
function followModule(ancestors, found) {
    const parent = ancestors.at(-2);
    if (parent?.type === 'MemberExpression' && parent.object === ancestors.at(-1)) {
        const name = (0,script_tree/* keyName */.xT)(parent);
        if (name === 'exports')
            follow(ancestors.slice(0, -1), found);
        else if (name === undefined)
            found.isUnknown = true;
    }
    else if (!isOnlyAsked(parent))
        found.isUnknown = true;
}
/** TypeScript asks `this && this.__importDefault`; anything else that is done with `this` may export. */
function followThis(ancestors, found) {
    const [around, parent] = ancestors.slice(-3);
    const read = parent?.type === 'MemberExpression' ? around : parent;
    if (read?.type !== 'LogicalExpression')
        follow(ancestors, found);
}
/** Follows the object of the exports, the last one of the ancestors, into what is done with it. */
function follow(ancestors, found) {
    const [around, parent, self] = ancestors.slice(-3);
    if (parent?.type === 'MemberExpression' && parent.object === self) {
        const name = (0,script_tree/* keyName */.xT)(parent);
        if (name !== undefined)
            found.names.add(name);
        else if (around?.type === 'AssignmentExpression' && around.left === parent)
            found.isUnknown = true;
    }
    else if (parent?.type === 'AssignmentExpression') {
        // Only the variable gets another value where `exports` alone stands on the left.
        if (parent.left === self)
            found.values.push(...(self.type === 'Identifier' ? [] : [parent.right]));
        else if (!isExportsObject(parent.left))
            found.isUnknown = true;
    }
    else if (parent?.type === 'CallExpression' && parent.arguments[0] === self)
        followCall(parent, found);
    else if (!isOnlyAsked(parent))
        found.isUnknown = true;
    found.node ??= parent;
}
function isOnlyAsked(parent) {
    return (parent?.type === 'BinaryExpression' ||
        parent?.type === 'UnaryExpression' ||
        parent?.type === 'ExpressionStatement');
}
function isExportsObject(node) {
    if (node.type === 'Identifier')
        return node.name === 'exports';
    if (node.type !== 'MemberExpression' || (0,script_tree/* keyName */.xT)(node) !== 'exports')
        return false;
    return node.object.type === 'Identifier' && node.object.name === 'module';
}
/** `Object.assign(exports, {…})` and `Object.defineProperty(exports, 'name', …)`. */
function followCall({ callee, arguments: [, second, ...rest] }, found) {
    const isObject = callee.type === 'MemberExpression' &&
        callee.object.type === 'Identifier' &&
        callee.object.name === 'Object';
    const name = isObject ? (0,script_tree/* keyName */.xT)(callee) : undefined;
    const key = (0,script_tree/* literalText */.bK)(second);
    if (name === 'assign' && second !== undefined)
        found.values.push(second, ...rest);
    else if (name === 'defineProperty' && key !== undefined)
        found.names.add(key);
    else
        found.isUnknown = true;
}
/** The names that a value of `module.exports` brings; undefined where only running it tells. */
function valueNames(value, program, found) {
    if (value.type === 'AssignmentExpression')
        return valueNames(value.right, program, found);
    if (isExportsObject(value) || value.type === 'Literal')
        return [];
    if (value.type === 'FunctionExpression' || value.type === 'ArrowFunctionExpression')
        return [];
    if (value.type === 'Identifier')
        return variableNames(value.name, program, found);
    if (value.type !== 'CallExpression')
        return keysOf(value);
    const [argument] = value.arguments;
    if (value.callee.type !== 'Identifier' || value.callee.name !== '__toCommonJS')
        return undefined;
    return argument?.type === 'Identifier' ? found.given.get(argument.name) : undefined;
}
function variableNames(name, program, found) {
    const value = topLevelValue(name, program);
    if (value === undefined || found.escaped.has(name))
        return undefined;
    const given = found.given.get(name) ?? [];
    if ((0,script_tree/* isFunction */.Tn)(value))
        return given.includes('') ? undefined : given;
    const keys = keysOf(value);
    return keys === undefined || given.includes('') ? undefined : [...keys, ...given];
}
function topLevelValue(name, program) {
    for (const node of program.body) {
        if (node.type === 'FunctionDeclaration' && node.id.name === name)
            return node;
        if (node.type !== 'VariableDeclaration' || node.kind !== 'const')
            continue;
        const found = node.declarations.find(({ id }) => id.type === 'Identifier' && id.name === name);
        if (found?.init)
            return found.init;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/lint/function/exports.ts



const exports_handler = '(event, context) => ({ path: context.httpContext.url });\n';
/** Rules about what the entry exports. */
const functionExportsRules = [
    {
        id: 'CBR104',
        severity: 'error',
        kind: 'entry-not-found',
        title: 'The entry does not export the function that is called',
        why: 'The functions framework calls the export "main" of the entry, or the one that the env var FUNCTION_TARGET or ' +
            '"target" in cloudbase-functions.json names, and ends when there is none. A default export is named "default".',
        fix: 'Export it: "exports.main = (event, context) => …" in CommonJS, "export const main = …" in a module.',
        bad: { mode: 'function', files: { 'index.js': `exports.handler = ${exports_handler}` } },
        good: { mode: 'function', files: { 'index.js': `exports.main = ${exports_handler}` } },
        check: checkTargets,
    },
];
function checkTargets(subject) {
    const { source, file } = subject;
    const targets = source.mode === 'container' ? undefined : (0,entry/* targetsOf */.QR)(source).get(file);
    const exported = targets === undefined ? undefined : readExports(subject);
    if (targets === undefined || exported === undefined)
        return [];
    const { names, node } = exported;
    const missing = [...new Set(targets)].filter((target) => !names.has(target.split('.')[0] ?? ''));
    const others = [...names].filter((name) => name !== '__esModule').slice(0, 5);
    const instead = others.length === 0 ? 'nothing' : others.map((name) => `"${name}"`).join(', ');
    return missing.map((target) => ({
        message: `${file} does not export "${target}"; it exports ${instead}.`,
        at: (0,script/* placeInScript */.k)(subject, node ?? { start: 0, end: 0 }),
    }));
}
/** The exports of a script by name; undefined where it cannot be told without running it. */
function readExports({ program, isModule, text }) {
    if (text.includes('@cloudbase/functions-framework'))
        return undefined;
    return isModule ? readModuleExports(program) : readCommonExports(program);
}
function readModuleExports(program) {
    const names = new Set();
    let first;
    for (const node of program.body) {
        const found = namesOf(node);
        if (found === undefined)
            return undefined;
        if (found.length > 0)
            first ??= node;
        for (const name of found)
            names.add(name);
    }
    return { names, node: first };
}
function namesOf(node) {
    if (node.type === 'ExportDefaultDeclaration')
        return ['default'];
    if (node.type === 'ExportAllDeclaration')
        return node.exported ? [exports_nameOf(node.exported)] : undefined;
    if (node.type !== 'ExportNamedDeclaration')
        return [];
    const { declaration, specifiers } = node;
    const listed = specifiers.map(({ exported }) => exports_nameOf(exported));
    if (!declaration)
        return listed;
    if (declaration.type !== 'VariableDeclaration')
        return [declaration.id.name];
    return declaration.declarations.flatMap(({ id }) => boundNames(id));
}
function exports_nameOf(node) {
    if (node.type === 'Identifier')
        return node.name;
    return node.type === 'Literal' ? String(node.value) : '';
}
function boundNames(pattern) {
    if (pattern?.type === 'Identifier')
        return [pattern.name];
    if (pattern?.type === 'AssignmentPattern')
        return boundNames(pattern.left);
    if (pattern?.type === 'RestElement')
        return boundNames(pattern.argument);
    if (pattern?.type === 'ArrayPattern')
        return pattern.elements.flatMap(boundNames);
    if (pattern?.type !== 'ObjectPattern')
        return [];
    return pattern.properties.flatMap((each) => boundNames(each.type === 'Property' ? each.value : each));
}

;// CONCATENATED MODULE: ./src/lint/function/functions-file-rules.ts



const functions_file_rules_handler = 'exports.main = () => "Hello";\n';
function exampleOf(list) {
    const files = {
        [functions_file/* functionsFileName */.vI]: JSON.stringify({ functionsRoot: './', ...list }, null, 2) + '\n',
        'hello/index.js': functions_file_rules_handler,
        'users/index.js': functions_file_rules_handler,
    };
    return { mode: 'function', files };
}
const hello = { name: 'hello', directory: 'hello', triggerPath: '/hello' };
const users = { name: 'users', directory: 'users', triggerPath: '/users' };
const functions_file_rules_good = exampleOf({ functions: [hello, users] });
/** Rules about the file that lists several functions. */
const functionListRules = [
    {
        id: 'CBR120',
        severity: 'error',
        title: 'cloudbase-functions.json has the wrong form',
        why: 'The functions framework checks the file against its schema, and ends when it does not fit.',
        fix: functions_file/* functionsFileForm */.Kb,
        bad: exampleOf({ functions: [{ name: 'hello', triggerPath: '/hello' }, users] }),
        good: functions_file_rules_good,
        check: checkFile((file) => {
            const { fault } = file.json;
            if (fault === undefined)
                return faultHits(file, 'form');
            return [{ message: `${functions_file/* functionsFileName */.vI} is not valid JSON: ${fault.message}.`, at: fault.at }];
        }),
    },
    {
        id: 'CBR121',
        severity: 'error',
        title: 'A listed function is in a folder that does not exist',
        why: 'The functions framework loads every function of the list from its folder, and ends when one is missing.',
        fix: 'Correct "directory" or "functionsRoot", or add the folder.',
        bad: exampleOf({ functions: [hello, { ...users, directory: 'user' }] }),
        good: functions_file_rules_good,
        check: checkFile((file, source) => findMissingFolders(file, source)),
    },
    {
        id: 'CBR123',
        severity: 'error',
        title: 'A route leads to a function that is not listed',
        why: 'The functions framework answers nothing useful on a route whose function it has not loaded.',
        fix: 'Let "functionName" be a name from "functions".',
        bad: exampleOf({ functions: [hello, users], routes: [{ functionName: 'user', path: '/people' }] }),
        good: exampleOf({ functions: [hello, users], routes: [{ functionName: 'users', path: '/people' }] }),
        check: checkFile((file) => faultHits(file, 'unknown')),
    },
    {
        id: 'CBR124',
        severity: 'error',
        title: 'A route does not begin with a slash',
        why: 'Routes are compared with the path of a request, which always begins with a slash.',
        fix: 'Let the path begin with "/".',
        bad: exampleOf({ functions: [{ ...hello, triggerPath: 'hello' }, users] }),
        good: functions_file_rules_good,
        check: checkFile((file) => faultHits(file, 'slash')),
    },
    {
        id: 'CBR125',
        severity: 'error',
        title: 'Two functions have the same route',
        why: 'The functions framework refuses the whole file when a path stands in it twice, and ends.',
        fix: 'Give each function a path of its own.',
        bad: exampleOf({ functions: [hello, { ...users, triggerPath: '/hello' }] }),
        good: functions_file_rules_good,
        check: checkFile((file) => faultHits(file, 'twice')),
    },
    {
        id: 'CBR126',
        severity: 'warning',
        title: 'Two functions have the same name',
        why: 'The functions framework keeps functions by their names: the last one takes the place of those before it.',
        fix: 'Give each function a name of its own.',
        bad: exampleOf({ functions: [hello, { ...users, name: 'hello' }] }),
        good: functions_file_rules_good,
        check: checkFile(findTwins),
    },
    {
        id: 'CBR127',
        severity: 'info',
        title: 'A listed function has no path',
        why: 'A function without "triggerPath" and without a route is loaded, and no request reaches it.',
        fix: 'Give it a "triggerPath".',
        bad: exampleOf({ functions: [hello, { name: 'users', directory: 'users' }] }),
        good: functions_file_rules_good,
        check: checkFile(findUnreachable),
    },
];
function checkFile(check) {
    return (source) => {
        const text = source.mode === 'container' ? undefined : source.texts.get(functions_file/* functionsFileName */.vI);
        return text === undefined ? [] : check((0,functions_file/* parseFunctionsFile */.ZX)(text), source);
    };
}
function faultHits(file, kind) {
    return file.faults.filter((fault) => fault.kind === kind).map((fault) => hitOf(file, fault));
}
function hitOf({ json }, { message, path }) {
    return { message: `${functions_file/* functionsFileName */.vI} ${message}.`, at: json.placeOf(path) };
}
function findMissingFolders(file, source) {
    if (file.list === undefined)
        return [];
    return listMissingFolders(file.list, source).map(({ folder, fault }) => {
        const fix = (0,manifest/* buildFixOf */.j2)(source, folder);
        return { ...hitOf(file, fault), ...(fix === undefined ? {} : { fix }) };
    });
}
function listMissingFolders(list, { entries }) {
    const { root, functions } = (0,functions_file/* listFolders */.uT)(list);
    const isMissing = ({ folder }) => {
        const path = folder.replace(/(?<=.)\/$/, '');
        if (path === '..' || path.startsWith('../'))
            return true;
        const kind = entries.get(path)?.kind;
        const isThere = path === '.' || path === '/' || kind === 'folder' || kind === 'link';
        return !isThere && !(kind === undefined && (0,entry/* isUnseen */.NM)(entries, path));
    };
    return isMissing(root) ? [root] : functions.filter(isMissing);
}
function findTwins({ list, json }) {
    const names = new Set();
    return (list?.functions ?? []).flatMap(({ name, path }) => {
        if (!names.has(name)) {
            names.add(name);
            return [];
        }
        const message = `${functions_file/* functionsFileName */.vI} has two functions of the name "${name}".`;
        return [{ message, at: json.placeOf([...path, 'name']) }];
    });
}
function findUnreachable({ list, json }) {
    const called = new Set(list?.routes.map(({ functionName }) => functionName));
    return (list?.functions ?? []).flatMap(({ name, path }) => {
        if (called.has(name))
            return [];
        const message = `${functions_file/* functionsFileName */.vI} has the function "${name}", which no path leads to.`;
        return [{ message, at: json.placeOf([...path, 'name']) }];
    });
}

// EXTERNAL MODULE: ./node_modules/semver/index.js
var semver = __webpack_require__(62088);
// EXTERNAL MODULE: ./src/lint/function/node-version.ts
var node_version = __webpack_require__(94265);
;// CONCATENATED MODULE: ./src/lint/function/modules.ts



/** The versions of Node.js that find out by themselves that a script is a module. */
const detecting = '>=20.19.0 <21 || >=22.7.0';
const modules_script = 'export const main = (event, context) => ({ path: context.httpContext.url });\n';
/** Rules about the two module systems of Node.js. */
const functionModuleRules = [
    {
        id: 'CBR105',
        severity: 'error',
        title: 'Module syntax in a script that Node.js takes for CommonJS',
        why: 'Function mode runs on Node.js 20.18, which takes a .js file for CommonJS unless package.json says "type": ' +
            '"module". Newer ones (20.19, 22.7) look at the syntax, so that the same file runs elsewhere.',
        fix: 'Set "type": "module" in package.json, or let the file end with .mjs.',
        bad: { mode: 'function', files: { 'index.js': modules_script, 'package.json': '{ "main": "index.js" }\n' } },
        good: {
            mode: 'function',
            files: { 'index.js': modules_script, 'package.json': '{ "main": "index.js", "type": "module" }\n' },
        },
        check: (subject) => {
            const { source, file, isModule, isDeclaredModule, program } = subject;
            if (source.mode === 'container' || !isModule || isDeclaredModule)
                return [];
            const range = (0,node_version/* nodeRangeOf */.vc)(source);
            if (range === undefined || (0,semver.intersects)(range, detecting))
                return [];
            const node = program.body.find(({ type }) => /^(Import|Export)/.test(type));
            const message = `${file} has the syntax of a module, and Node.js ${range} takes it for CommonJS.`;
            return [{ message, at: (0,script/* placeInScript */.k)(subject, node ?? { start: 0, end: 0 }) }];
        },
    },
];

;// CONCATENATED MODULE: ./src/lint/function/native.ts


/** Packages that are compiled, or that bring a binary for each platform. */
const native_native = new Set([
    '@tensorflow/tfjs-node',
    'argon2',
    'bcrypt',
    'better-sqlite3',
    'bufferutil',
    'canvas',
    'couchbase',
    'grpc',
    'isolated-vm',
    'kerberos',
    'leveldown',
    'libxmljs',
    'libxmljs2',
    'node-pty',
    'node-sass',
    'oracledb',
    're2',
    'robotjs',
    'serialport',
    'sharp',
    'sodium-native',
    'sqlite3',
    'usb',
    'utf-8-validate',
    'zeromq',
]);
/** Packages that drive a browser, which needs system libraries. */
const browsers = new Set([
    'playwright',
    'playwright-chromium',
    'playwright-firefox',
    'playwright-webkit',
    'puppeteer',
]);
const native_handler = { 'index.js': 'exports.main = () => "Hello";\n' };
const native_lockfile = { 'package-lock.json': '{ "lockfileVersion": 3 }\n' };
const native_manifest = (dependencies) => JSON.stringify({ main: 'index.js', dependencies }, null, 2) + '\n';
/** Rules about what is compiled for one system. */
const functionNativeRules = [
    {
        id: 'CBR112',
        severity: 'info',
        title: 'A dependency is native',
        why: 'A native package is built, or its binary is fetched, when the platform installs it. Where neither works, ' +
            'the function fails as it loads; only a container can bring the tools of a compiler along.',
        fix: 'See that it has a binary for Linux on x64 and this Node.js; else use container mode.',
        bad: { mode: 'function', files: { [manifest/* manifestFile */.YE]: native_manifest({ sharp: '^0.33.5' }), ...native_handler } },
        good: {
            mode: 'function',
            files: { [manifest/* manifestFile */.YE]: native_manifest({ jimp: '^1.6.0' }), ...native_handler, ...native_lockfile },
        },
        check: (source) => source.service.isInstalledByPlatform
            ? findDependencies(source, native_native, (name) => `The dependency "${name}" is native.`)
            : [],
    },
    {
        id: 'CBR113',
        severity: 'warning',
        title: 'A native dependency is packaged as it is installed here',
        why: 'With the setting InstallDependency false the platform runs the node_modules of the package, whose binaries ' +
            'have to be those of Linux on x64 for the Node.js of the cloud.',
        fix: 'Install on Linux x64 with the Node.js of the cloud, or leave InstallDependency true.',
        bad: installedExample('sharp', '0.33.5'),
        good: installedExample('jimp', '1.6.0'),
        check: (source) => findDependencies(source, new Set([...native_native].filter((name) => isPackaged(source, name))), (name) => `The native dependency "${name}" is packaged for the system that it was installed on.`),
    },
    {
        id: 'CBR114',
        severity: 'warning',
        title: 'The source holds a native module',
        why: 'A .node file runs on one system and one Node.js, and binding.gyp asks for a compiler when it is installed.',
        fix: 'Take a package that has binaries for Linux on x64, or use container mode.',
        bad: { mode: 'function', files: { 'build/Release/addon.node': '', ...native_handler } },
        good: { mode: 'function', files: native_handler },
        check: findNativeFiles,
    },
    {
        id: 'CBR115',
        severity: 'warning',
        title: 'A dependency drives a browser',
        why: 'A browser needs system libraries and fonts, and nothing but npm packages can be added in function mode.',
        fix: 'Use container mode with an image that brings a browser, or a browser elsewhere with puppeteer-core or playwright-core.',
        bad: { mode: 'function', files: { [manifest/* manifestFile */.YE]: native_manifest({ puppeteer: '^24.0.0' }), ...native_handler } },
        good: {
            mode: 'function',
            files: { [manifest/* manifestFile */.YE]: native_manifest({ 'puppeteer-core': '^24.0.0' }), ...native_handler, ...native_lockfile },
        },
        check: (source) => findDependencies(source, browsers, (name) => `The dependency "${name}" needs a browser, whose system libraries function mode lacks.`),
    },
];
function installedExample(name, version) {
    return {
        mode: 'function',
        files: {
            [manifest/* manifestFile */.YE]: native_manifest({ [name]: version }),
            [`node_modules/${name}/package.json`]: JSON.stringify({ name, version }),
            ...native_handler,
            ...native_lockfile,
        },
    };
}
function isPackaged({ packaged = [] }, name) {
    return packaged.some((path) => path.startsWith(`node_modules/${name}/`));
}
function findDependencies(source, names, describe) {
    const found = source.mode === 'container' ? undefined : (0,manifest/* manifestOf */.$V)(source);
    const { json, manifest: read } = found ?? {};
    if (json === undefined || read === undefined)
        return [];
    return ['dependencies', 'optionalDependencies'].flatMap((key) => Object.keys(read[key])
        .filter((name) => names.has(name))
        .map((name) => ({ message: describe(name), at: json.placeOf([key, name]) })));
}
function findNativeFiles({ mode, entries, packaged }) {
    if (mode === 'container')
        return [];
    const files = packaged === undefined ? undefined : new Set(packaged);
    return [...entries].flatMap(([file, { kind }]) => {
        const isOfLinux = /linux[-_]?(x64|glibc|gnu)/i.test(file);
        const isNative = (external_node_path_.posix.extname(file) === '.node' && !isOfLinux) || file === 'binding.gyp';
        if (kind !== 'file' || !isNative || files?.has(file) === false)
            return [];
        const message = file === 'binding.gyp'
            ? 'binding.gyp asks for a compiler when the dependencies are installed.'
            : `"${file}" is compiled for one system.`;
        return [{ message, at: { file, line: 1, column: 1 } }];
    });
}

;// CONCATENATED MODULE: ./src/lint/function/setup.ts


const setup_handler = 'exports.main = (event, context) => ({ path: context.httpContext.url });\n';
/** Rules about what belongs to a container and stands beside a function. */
const functionSetupRules = [
    {
        id: 'CBR130',
        severity: 'info',
        title: 'A Dockerfile stands beside a function',
        why: 'Function mode does not use it. A new service that is deployed with mode "auto" becomes a container for the ' +
            'sake of it, and a service keeps its mode for good.',
        fix: 'Name the mode in the workflow, or remove the Dockerfile.',
        bad: {
            mode: 'function',
            files: {
                Dockerfile: 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nUSER node\nEXPOSE 3000\nCMD ["node", "index.js"]\n',
                'index.js': setup_handler,
            },
        },
        good: { mode: 'function', files: { 'index.js': setup_handler } },
        check: ({ mode, entries }) => {
            if (mode === 'container')
                return [];
            const found = [...entries].filter(([path, { kind }]) => kind === 'file' && path.toLowerCase() === 'dockerfile');
            return found.map(([file]) => ({
                message: `${file} is not used in ${mode} mode.`,
                at: { file, line: 1, column: 1 },
            }));
        },
    },
];
/** Rules about what a function does while it is loaded. */
const functionServerRules = [
    {
        id: 'CBR131',
        severity: 'warning',
        title: 'A function opens a port of its own',
        why: 'In function mode the functions framework listens on port 3000 and calls the exported function. On the same ' +
            'port the framework cannot start, and no request reaches another one.',
        fix: 'Export a function and let the framework listen, or use container mode.',
        bad: {
            mode: 'function',
            files: {
                'index.js': "const http = require('node:http');\n\nhttp.createServer((request, response) => response.end()).listen(3000);\n" +
                    'exports.main = () => "Hello";\n',
            },
        },
        good: { mode: 'function', files: { 'index.js': setup_handler } },
        check: findListeners,
    },
];
function findListeners(subject) {
    const hits = [];
    if (subject.source.mode === 'container' || !subject.text.includes('listen'))
        return hits;
    (0,script_tree/* walkTree */.Ir)(subject.program, {
        CallExpression(node, _state, ancestors) {
            const { callee } = node;
            if (callee.type !== 'MemberExpression' || (0,script_tree/* keyName */.xT)(callee) !== 'listen')
                return;
            if (!(0,script_tree/* isSurelyEvaluated */.aI)(ancestors))
                return;
            const at = (0,script/* placeInScript */.k)(subject, callee.property);
            hits.push({ message: `${subject.file} calls "listen" as it is loaded.`, at });
        },
    });
    return hits;
}

// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(38815);
;// CONCATENATED MODULE: ./src/lint/project/stores.ts
const stores = 'DATABASE|DB|JDBC|MARIADB|MONGO|MONGODB|MYSQL|PG|POSTGRES|POSTGRESQL|REDIS';
const addresses = 'ADDR|ADDRESS|CONNECTION_STRING|DSN|ENDPOINT|HOST|HOSTNAME|SERVER|URI|URL';
const addressName = new RegExp(`(^|_)(${addresses})$`);
/** DB_HOST, PGHOST, REDIS_CACHE_URL, MYSQL_HOST_2; not DB_POOL_SIZE, which leads nowhere. */
const storeName = new RegExp(`(^|_)(${stores})(_([A-Z_]+_)?)?(${addresses})$`);
const storeScheme = /^(jdbc:)?(amqps?|mariadb|mongodb|mssql|mysqlx?|postgres(ql)?|rediss?|sqlserver)(\+[a-z0-9_]+)?:\/\//i;
const privateIp = String.raw `(10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2})(?![.\d])`;
/** With a scheme, a user or a port; else four numbers may be a version, or a range of addresses. */
const privateAddress = new RegExp(String.raw `(://|[@(])${privateIp}|(^|[\s,])${privateIp}:\d`);
const barePrivateIp = new RegExp(`^${privateIp}$`);
const onTheService = /(^|[\s@/(,;=[])(localhost|127(\.\d+){3}|0\.0\.0\.0|::1)($|[\s:/?#),;\]])/i;
/** A file, a host that public DNS alone can name, a web address, and what is no address at all. */
const notPrivate = /^([./]|(jdbc:)?(sqlite3?|h2|file):|mongodb\+srv:|https?:|\d*$|(true|false)$)/i;
/** True for an env var that by its looks leads to a database or to a host of a private network. */
function leadsToStore({ name, value }) {
    const text = value.trim();
    const words = wordsOf(name);
    if (privateAddress.test(text) || (barePrivateIp.test(text) && addressName.test(words)))
        return true;
    if (onTheService.test(text) || notPrivate.test(text))
        return false;
    return storeScheme.test(text) || storeName.test(words);
}
/** The same for an example, where an empty value and localhost stand for an address that is still to come. */
function mayLeadToStore({ name, value }) {
    const text = value.trim();
    if (leadsToStore({ name, value }))
        return true;
    if (text !== '' && !onTheService.test(text))
        return false;
    return storeScheme.test(text) || storeName.test(wordsOf(name));
}
/** The words of a name in snake, kebab or camel case, without its numbers. */
function wordsOf(name) {
    return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).join('_').toUpperCase();
}
/** The address in a URL of a database, a cache or a queue. */
function readStoreAddress(text) {
    const scheme = storeScheme.exec(text.trim())?.[0];
    if (scheme === undefined)
        return undefined;
    const place = /^[^/?#]*/.exec(text.trim().slice(scheme.length))?.[0] ?? '';
    const host = place.slice(place.lastIndexOf('@') + 1).replace(/:\d*$/, '');
    return { scheme: scheme.replace(/:\/\/$/, ''), host };
}
/** Where a host stands; `elsewhere` is everything that may be public. */
function placeOfHost(host) {
    const plain = host.replace(/^\[|\]$/g, '').toLowerCase();
    if (/^(localhost|127(\.\d+){3}|0\.0\.0\.0|::1)$/.test(plain))
        return 'service';
    const isNamed = /^[a-z][a-z0-9_-]*$/.test(plain) || /\.(internal|local|lan|svc)$/.test(plain);
    return barePrivateIp.test(plain) || isNamed ? 'private' : 'elsewhere';
}
/** `"DB_HOST"`, `"DB_HOST", "REDIS_URL" and 3 more`. */
function stores_listNames(names) {
    const shown = names.slice(0, 5).map((name) => JSON.stringify(name));
    return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ');
}

;// CONCATENATED MODULE: ./src/lint/project/database.ts






const database_why = 'Without VpcConf a service reaches public hosts alone. Databases and caches of Tencent Cloud have private addresses unless somebody has opened them.';
const database_fix = 'Set VpcConf with VpcId and SubnetId, unless the host is public.';
const lines = ['USER node', 'EXPOSE 8080', 'CMD ["node", "server.js"]'];
function database_example(file, text) {
    const service = (0,example/* nodeExample */.xM)(lines);
    return { ...service, files: { [file]: text, ...service.files } };
}
/** Rules that find a database behind a service without a private network. */
const databaseProjectRules = [
    {
        id: 'CBR301',
        severity: 'warning',
        title: 'Env vars lead to a database, without VpcConf',
        why: database_why,
        fix: database_fix,
        bad: (0,example/* nodeExample */.xM)(['ENV REDIS_URL=redis://10.0.0.5:6379', ...lines]),
        good: (0,example/* nodeExample */.xM)(['ENV REDIS_POOL_SIZE=4', ...lines]),
        check: (source) => (source.service.hasVpc ? [] : [...checkConfig(source), ...checkDockerfile(source)]),
    },
    {
        id: 'CBR302',
        severity: 'warning',
        title: 'Example of env vars asks for a database, without VpcConf',
        why: database_why,
        fix: database_fix,
        bad: database_example('.env.example', 'LOG_LEVEL=info\nDATABASE_URL=postgres://localhost:5432/shop\n'),
        good: database_example('.env.example', 'LOG_LEVEL=info\nDATABASE_URL=file:/tmp/cache.db\n'),
        check: (source) => (source.service.hasVpc ? [] : checkEnvExamples(source)),
    },
    {
        id: 'CBR303',
        severity: 'warning',
        title: 'Compose file starts a database, without VpcConf',
        why: `The platform runs the service alone and does not read compose files. ${database_why}`,
        fix: database_fix,
        bad: database_example('compose.yaml', 'services:\n  web:\n    build: .\n  db:\n    image: postgres:17\n'),
        good: database_example('compose.yaml', 'services:\n  web:\n    build: .\n'),
        check: (source) => (source.service.hasVpc ? [] : checkCompose(source)),
    },
];
function checkConfig({ service, dockerfile: place }) {
    const start = { file: place?.path ?? 'package.json', line: 1, column: 1 };
    const vars = service.env.map((each) => ({ ...each, at: each.at ?? start }));
    return database_describe(vars.filter(leadsToStore), 'The input server-config sets');
}
function checkDockerfile(source) {
    const text = source.texts.get(source.dockerfile?.path ?? '');
    if (text === undefined || source.dockerfile === undefined || !/^\s*ENV\s/im.test(text))
        return [];
    const subject = (0,tree/* createDockerfileSubject */.B8)(source, source.dockerfile, text);
    const vars = subject.finalInstructions
        .filter((instruction) => instruction instanceof main.Env)
        .flatMap((instruction) => instruction.getProperties())
        .map((property) => ({
        name: property.getName(),
        value: property.getValue() ?? '',
        at: (0,tree/* placeOf */.$t)(subject, property),
    }));
    return database_describe(vars.filter(leadsToStore), 'The image sets');
}
/** One hit for all, at the first. */
function database_describe(vars, subject) {
    const [first] = vars;
    if (first === undefined)
        return [];
    const names = stores_listNames(vars.map(({ name }) => name));
    const [what, lead] = vars.length === 1 ? ['env var', 'leads'] : ['env vars', 'lead'];
    const message = `${subject} the ${what} ${names}, which by the looks of it ${lead} to a database or a private host.`;
    return [{ message, at: first.at }];
}
const envExample = /^(\.env[.-](example|sample|template|dist|defaults?)|(dot)?env[.-](example|sample|template))$/;
function checkEnvExamples(source) {
    const known = new Set(source.service.env.map(({ name }) => name));
    return listOwnTexts(source, envExample).flatMap(([file, text]) => {
        const vars = listVars(file, text).filter((each) => !known.has(each.name) && mayLeadToStore(each));
        return database_describe(vars, 'The example of env vars asks for');
    });
}
/** In the source folder and in the folder that the build sees. */
function listOwnTexts({ texts, dockerfile: place }, name) {
    const folders = ['.', place?.buildFolder ?? '.'];
    return [...texts].filter(([file]) => folders.includes(external_node_path_.posix.dirname(file)) && name.test(external_node_path_.posix.basename(file)));
}
function listVars(file, text) {
    return text.split(/\r?\n/).flatMap((line, index) => {
        const [, indent = '', name, value = ''] = /^(\s*(?:export\s+)?)([A-Za-z_]\w*)\s*=\s*["']?([^"'#]*)/.exec(line) ?? [];
        if (name === undefined)
            return [];
        const column = indent.length + 1;
        return [{ name, value, at: { file, line: index + 1, column, endColumn: column + name.length } }];
    });
}
const composeFile = /^(docker-)?compose([.-][\w-]+)*\.ya?ml$/;
const storeImage = /(^|\/)(postgres(ql)?|postgis|pgvector|timescaledb|mysql|mysql-server|percona|mariadb|mongo|mongodb|redis|redis-stack|valkey|keydb|memcached|rabbitmq|kafka|elasticsearch|opensearch|clickhouse-server|cassandra|mssql\/server|nats)(:|@|$)/;
function checkCompose(source) {
    return listOwnTexts(source, composeFile).flatMap(([file, text]) => {
        const images = listImages(file, text).filter(({ image }) => storeImage.test(image));
        const [first] = images;
        if (first === undefined)
            return [];
        const names = stores_listNames([...new Set(images.map(({ image }) => image))]);
        return [{ message: `The compose file starts ${names} beside the service.`, at: first.at }];
    });
}
function listImages(file, text) {
    const lines = new dist/* LineCounter */.HN();
    const services = readServices(text, lines);
    if (!(0,dist/* isMap */.jh)(services))
        return [];
    return services.items.flatMap(({ value }) => {
        const image = (0,dist/* isMap */.jh)(value) ? value.get('image', true) : undefined;
        if (!(0,dist/* isScalar */.jn)(image) || typeof image.value !== 'string')
            return [];
        const { line, col } = lines.linePos(image.range?.[0] ?? 0);
        return [{ image: image.value, at: { file, line, column: col } }];
    });
}
function readServices(text, lineCounter) {
    try {
        const { contents } = (0,dist/* parseDocument */.Tp)(text, { lineCounter, logLevel: 'silent' });
        return (0,dist/* isMap */.jh)(contents) ? contents.get('services', true) : undefined;
    }
    catch (error) {
        // Lists that stand too deep in each other for the stack.
        if (error instanceof RangeError)
            return undefined;
        throw error;
    }
}

// EXTERNAL MODULE: ./node_modules/jsonc-parser/lib/umd/main.js
var umd_main = __webpack_require__(99547);
;// CONCATENATED MODULE: ./src/lint/project/lockfile.ts




const lockfile_manifest = `{
  "name": "shop",
  "main": "index.js",
  "dependencies": { "axios": "^1.7.0" }
}
`;
const lockfile_entry = `const axios = require('axios');

exports.main = async () => (await axios.get('https://example.com')).data;
`;
const lock = '{ "name": "shop", "lockfileVersion": 3, "packages": {} }\n';
function requirements(text) {
    const command = 'CMD ["sh", "-c", "exec uvicorn main:app --host 0.0.0.0 --port $PORT"]';
    const service = (0,example/* pythonExample */.nO)(command);
    const shown = { 'requirements.txt': text };
    return { ...service, files: { ...shown, ...service.files, ...shown } };
}
/** Rules of projects whose dependencies are not pinned. */
const lockfileRules = [
    {
        id: 'CBR305',
        severity: 'warning',
        title: 'Lockfile is missing',
        why: 'The dependencies are installed anew for each version. Without a lockfile a version may get others than the ones that were tested, and so may the next build of the same source.',
        fix: 'Commit the lockfile of your package manager, such as package-lock.json.',
        bad: { mode: 'function', files: { 'package.json': lockfile_manifest, 'index.js': lockfile_entry } },
        good: {
            mode: 'function',
            files: { 'package.json': lockfile_manifest, 'package-lock.json': lock, 'index.js': lockfile_entry },
        },
        check: (source) => listFolders(source).flatMap((folder) => checkManifest(source, folder)),
    },
    {
        id: 'CBR306',
        severity: 'info',
        title: 'Requirements without versions',
        why: 'The dependencies are installed anew for each version. Without pinned versions a version may get others than the ones that were tested.',
        fix: 'Pin each requirement with ==, as pip freeze or pip-compile writes it.',
        bad: requirements('fastapi\nuvicorn==0.34.0\n'),
        good: requirements('fastapi==0.115.6\nuvicorn==0.34.0\n'),
        check: (source) => listFolders(source).flatMap((folder) => checkRequirements(source, folder)),
    },
];
/** The source folder and the folder that the build sees. */
function listFolders({ dockerfile }) {
    return [...new Set(['.', external_node_path_.posix.normalize(dockerfile?.buildFolder ?? '.')])];
}
const lockfile_lockfile = /^(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/;
function checkManifest(source, folder) {
    const { mode, service, texts } = source;
    const file = external_node_path_.posix.join(folder, 'package.json');
    const text = texts.get(file);
    // What is packaged with its node_modules is installed by nobody.
    if (text === undefined || (mode !== 'container' && !service.isInstalledByPlatform))
        return [];
    const key = lockfile_findDependencies(text);
    if (key === undefined || hasLockfile(source, folder))
        return [];
    const message = `${JSON.stringify(file)} has dependencies, but no lockfile stands beside it.`;
    return [{ message, at: placeAt(file, text, key) }];
}
/** The key of the dependencies, if there are any. */
function lockfile_findDependencies(text) {
    try {
        const tree = (0,umd_main.parseTree)(text);
        const value = tree === undefined ? undefined : (0,umd_main.findNodeAtLocation)(tree, ['dependencies']);
        return value?.type === 'object' && value.children?.[0] ? value.parent?.children?.[0] : undefined;
    }
    catch (error) {
        // Brackets that stand too deep in each other for the stack.
        if (error instanceof RangeError)
            return undefined;
        throw error;
    }
}
/** A workspace keeps its lockfile above its packages. */
function hasLockfile({ entries }, folder) {
    const names = [...entries.keys()].filter((path) => lockfile_lockfile.test(external_node_path_.posix.basename(path)));
    return names.some((path) => {
        const place = external_node_path_.posix.dirname(path);
        return place === '.' || place === folder || folder.startsWith(`${place}/`);
    });
}
function placeAt(file, text, { offset, length }) {
    const before = text.slice(0, offset).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    return { file, line: before.length, column, endLine: before.length, endColumn: column + length };
}
function checkRequirements({ mode, texts, entries }, folder) {
    const file = external_node_path_.posix.join(folder, 'requirements.txt');
    const text = texts.get(file);
    const isLocked = ['poetry.lock', 'uv.lock', 'Pipfile.lock', 'constraints.txt'].some((name) => entries.has(external_node_path_.posix.join(folder, name)));
    if (mode !== 'container' || text === undefined || isLocked)
        return [];
    const loose = text.split(/\r?\n/).flatMap((line, index) => {
        const name = /^\s*([A-Za-z0-9][\w.-]*)/.exec(line)?.[1];
        const isPinned = /[=~]=|@|:\/\//.test(line.replace(/#.*/, ''));
        return name === undefined || isPinned ? [] : [{ name, line: index + 1 }];
    });
    const [first] = loose;
    if (first === undefined)
        return [];
    const names = stores_listNames(loose.map(({ name }) => name));
    return [{ message: `No version is pinned of ${names}.`, at: { file, line: first.line, column: 1 } }];
}

// EXTERNAL MODULE: ./src/lint/script/example.ts
var script_example = __webpack_require__(58983);
;// CONCATENATED MODULE: ./src/lint/project/size.ts

const megabyte = 1024 * 1024;
const mostFiles = 5_000;
const mostBytes = 100 * megabyte;
const mostBytesOfFile = 50 * megabyte;
/** Rules of how much a package holds. */
const sizeRules = [
    {
        id: 'CBR304',
        severity: 'warning',
        title: 'Package is unusually large',
        why: `More than ${mostFiles} files, ${mostBytes / megabyte} MB together or ${mostBytesOfFile / megabyte} MB in one file are rarely source. The upload store cuts an upload that takes longer than about 200 seconds, and every build unpacks all of it.`,
        fix: 'Leave data, media, models and build leftovers out of the package, and keep in cloud storage what the service needs of them.',
        bad: {
            ...(0,script_example/* functionExample */.R)({ 'model/weights.onnx': '' }),
            sizes: { 'model/weights.onnx': 300 * megabyte },
        },
        good: (0,script_example/* functionExample */.R)({ 'model/labels.json': '["cat", "dog"]\n' }),
        check: checkSize,
    },
];
function checkSize({ packaged, entries }) {
    const files = (packaged ?? []).map((path) => ({ path, size: entries.get(path)?.size ?? 0 }));
    return [...checkWhole(files), ...checkFiles(files)];
}
function checkWhole(files) {
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const largest = files.reduce((found, file) => (found === undefined || file.size > found.size ? file : found), undefined);
    if (largest === undefined || (files.length <= mostFiles && bytes <= mostBytes))
        return [];
    const folders = bytes > mostBytes ? listLargest(files) : listFullest(files);
    const message = `The package holds ${files.length} files with ${showSize(bytes)}, most of it in ${folders}.`;
    return [{ message, at: { file: largest.path, line: 1, column: 1 } }];
}
function listLargest(files) {
    return size_listFolders(files, ({ size }) => size)
        .map(([folder, bytes]) => `${JSON.stringify(folder)} (${showSize(bytes)})`)
        .join(', ');
}
function listFullest(files) {
    return size_listFolders(files, () => 1)
        .map(([folder, count]) => `${JSON.stringify(folder)} (${count} files)`)
        .join(', ');
}
/** The three folders of the source folder in which most stands; `.` stands for its own files. */
function size_listFolders(files, measure) {
    const amounts = new Map();
    for (const file of files) {
        const folder = /^([^/]+)\//.exec(file.path)?.[1] ?? '.';
        amounts.set(folder, (amounts.get(folder) ?? 0) + measure(file));
    }
    return [...amounts].sort(([, left], [, right]) => right - left).slice(0, 3);
}
function checkFiles(files) {
    return files
        .filter(({ size }) => size > mostBytesOfFile)
        .sort((left, right) => right.size - left.size)
        .slice(0, 10)
        .map(({ path, size }) => ({
        message: `${JSON.stringify(path)} has ${showSize(size)}.`,
        at: { file: path, line: 1, column: 1 },
    }));
}
function showSize(bytes) {
    return bytes < megabyte ? 'less than 1 MB' : `${Math.round(bytes / megabyte)} MB`;
}

;// CONCATENATED MODULE: ./src/lint/script/names.ts

/** Reads what the names of a script stand for, whatever function they stand in. */
function readNames(program) {
    const names = new Map();
    const params = new Set();
    const declare = (name, meaning) => {
        names.set(name, names.has(name) ? undefined : meaning);
    };
    (0,script_tree/* walkTree */.Ir)(program, {
        ImportDeclaration(node) {
            for (const [name, meaning] of listSpecifiers(node))
                declare(name, meaning);
        },
        VariableDeclarator({ id, init }) {
            for (const [name, meaning] of listPatternNames(id, init ?? undefined))
                declare(name, meaning);
        },
        Function(node) {
            for (const [name] of node.params.flatMap((param) => listPatternNames(param, undefined)))
                params.add(name);
            if (node.type === 'FunctionDeclaration' && node.id)
                declare(node.id.name);
        },
        CatchClause({ param }) {
            if (param)
                for (const [name] of listPatternNames(param, undefined))
                    declare(name);
        },
        AssignmentExpression({ left }) {
            if (left.type === 'Identifier')
                names.set(left.name, undefined);
        },
    });
    for (const name of params)
        if (names.has(name))
            names.set(name, undefined);
    return names;
}
function listSpecifiers({ source, specifiers }) {
    const module = String(source.value).replace(/^node:/, '');
    return specifiers.map((each) => {
        if (each.type !== 'ImportSpecifier')
            return [each.local.name, { value: module }];
        const { imported } = each;
        const member = imported.type === 'Identifier' ? imported.name : String(imported.value);
        return [each.local.name, { value: module, member }];
    });
}
function listPatternNames(pattern, value) {
    if (pattern.type === 'Identifier')
        return [[pattern.name, value === undefined ? undefined : { value }]];
    if (pattern.type === 'AssignmentPattern')
        return listPatternNames(pattern.left, undefined);
    if (pattern.type === 'RestElement')
        return listPatternNames(pattern.argument, undefined);
    if (pattern.type === 'ArrayPattern')
        return pattern.elements.flatMap((each) => (each === null ? [] : listPatternNames(each, undefined)));
    if (pattern.type !== 'ObjectPattern')
        return [];
    return pattern.properties.flatMap((each) => {
        if (each.type !== 'Property')
            return listPatternNames(each, undefined);
        const member = (0,script_tree/* keyName */.xT)(each);
        if (each.value.type !== 'Identifier' || value === undefined || member === undefined)
            return listPatternNames(each.value, undefined);
        return [[each.value.name, { value, member }]];
    });
}
const deepest = 12;
/**
 * Where a value comes from, by the names of modules and globals instead of the script's own: `express().listen`,
 * `fs/promises.writeFile`, `process.env`. Undefined for what has no such name.
 */
function originOf(node, names, depth = 0) {
    if (node === undefined || depth > deepest)
        return undefined;
    const inner = (0,script_tree/* unwrap */.oA)(node);
    if (inner.type === 'Identifier')
        return originOfName(inner.name, names, depth);
    if (inner.type === 'MemberExpression') {
        const object = originOf(inner.object, names, depth + 1);
        return object === undefined ? undefined : join(object, (0,script_tree/* keyName */.xT)(inner));
    }
    if (inner.type === 'CallExpression' || inner.type === 'NewExpression')
        return originOfCall(inner, names, depth);
    if (inner.type === 'AssignmentExpression')
        return originOf(inner.right, names, depth + 1);
    return undefined;
}
function originOfName(name, names, depth) {
    if (!names.has(name))
        return name;
    const meaning = names.get(name);
    if (meaning === undefined)
        return undefined;
    const { value, member } = meaning;
    const origin = typeof value === 'string' ? value : originOf(value, names, depth + 1);
    return origin === undefined || !('member' in meaning) ? origin : join(origin, member);
}
/** CommonJS and transpiled code name the default export. */
function join(object, member) {
    if (member === undefined)
        return undefined;
    return member === 'default' ? object : `${object}.${member}`;
}
function originOfCall(node, names, depth) {
    const { callee, arguments: values } = node;
    const [first] = values;
    if (callee.type === 'Identifier' && callee.name === 'require')
        return (0,script_tree/* literalText */.bK)(first)?.replace(/^node:/, '');
    if (callee.type === 'Identifier' && /^(__import(Default|Star)|__toESM|_interop\w+)$/.test(callee.name))
        return originOf(first, names, depth + 1);
    const origin = originOf(callee, names, depth + 1);
    return origin === undefined ? undefined : `${origin}()`;
}
/** The expression that a name stands for; anything else stands for itself. */
function names_valueOf(node, names) {
    let value = node === undefined ? undefined : (0,script_tree/* unwrap */.oA)(node);
    for (let depth = 0; depth < deepest && value?.type === 'Identifier'; depth++) {
        const meaning = names.get(value.name);
        if (meaning === undefined || typeof meaning.value === 'string' || 'member' in meaning)
            return value;
        value = (0,script_tree/* unwrap */.oA)(meaning.value);
    }
    return value;
}

;// CONCATENATED MODULE: ./src/lint/script/background.ts




const server = `const express = require('express');
const { sendReminders } = require('./reminders');

const app = express();
app.get('/', (req, res) => res.send('hello'));
app.listen(process.env.PORT || 3000);
`;
function background_example(text) {
    const reminders = 'exports.sendReminders = async () => ({ sent: 0 });\n';
    const files = { 'server.js': server + text, 'reminders.js': reminders };
    return (0,script_example/* serviceExample */.y)(files, { dependencies: { express: '^5.1.0' } });
}
/** Rules of scripts that work without a request. */
const backgroundRules = [
    {
        id: 'CBR211',
        severity: 'warning',
        title: 'Background work outside of requests',
        why: 'The platform starts and stops instances with the traffic: without requests there may be none, so that nothing runs, and with many requests each instance runs the same work once more.',
        fix: 'Let a timer trigger call a route of the service instead, and do the work while that request is open.',
        bad: background_example('setInterval(sendReminders, 60_000);\n'),
        good: background_example("app.post('/tasks/send-reminders', async (req, res) => res.json(await sendReminders()));\n"),
        check: checkBackground,
    },
];
const inText = /\bsetInterval\b|\b(node-cron|cron|node-schedule|toad-scheduler|agenda|bullmq|bull|bree)['"`]/;
const schedulers = /^((globalThis\.)?setInterval|node-cron\.schedule|cron\.(CronJob|job|CronJob\.from)|node-schedule\.scheduleJob|bullmq\.Worker|agenda(\.Agenda)?\(\)\.(every|schedule|start)|bull\(\)\.process|bree\(\)\.start|toad-scheduler\.ToadScheduler\(\)\.add\w+)$/i;
function checkBackground(subject) {
    if (!inText.test(subject.text))
        return [];
    const names = readNames(subject.program);
    const found = [];
    const visit = (node, _state, ancestors) => {
        const origin = originOf(node.callee, names) ?? '';
        if (!schedulers.test(origin) || !(0,script_tree/* isSurelyEvaluated */.aI)(ancestors) || isUnref(node, ancestors, names))
            return;
        const name = origin.replaceAll('()', '').replace('globalThis.', '');
        const message = `The script starts background work with ${name} when it is loaded.`;
        found.push({ message, at: (0,script/* placeInScript */.k)(subject, node) });
    };
    (0,script_tree/* walkTree */.Ir)(subject.program, { CallExpression: visit, NewExpression: visit });
    return found;
}
/** A timer that does not keep the process alive does housekeeping. */
function isUnref(node, ancestors, names) {
    const outer = ancestors.at(-2);
    if (outer?.type === 'MemberExpression' && outer.object === node && (0,script_tree/* keyName */.xT)(outer) === 'unref')
        return true;
    if (outer?.type !== 'VariableDeclarator' || outer.id.type !== 'Identifier')
        return false;
    const program = ancestors[0];
    const { name } = outer.id;
    let isFound = false;
    if (program?.type !== 'Program' || !names.has(name))
        return false;
    (0,script_tree/* walkTree */.Ir)(program, {
        MemberExpression(member) {
            if (member.object.type === 'Identifier' && member.object.name === name)
                isFound ||= (0,script_tree/* keyName */.xT)(member) === 'unref';
        },
    });
    return isFound;
}

;// CONCATENATED MODULE: ./src/lint/script/database.ts





function script_database_example(address) {
    const text = `const express = require('express');
const { Pool } = require('pg');

const pool = new Pool({ connectionString: ${address} });
const app = express();
app.get('/orders', async (req, res) => res.json((await pool.query('SELECT * FROM orders')).rows));
app.listen(process.env.PORT || 3000);
`;
    return (0,script_example/* serviceExample */.y)({ 'server.js': text }, { dependencies: { express: '^5.1.0', pg: '^8.16.0' } });
}
/** Rules of addresses of databases that stand in scripts. */
const databaseRules = [
    {
        id: 'CBR212',
        severity: 'warning',
        title: 'Script names a database of a private network, without VpcConf',
        why: 'Without VpcConf a service reaches public hosts alone: no private address, and no name that only a private network or a compose file knows.',
        fix: 'Set VpcConf with VpcId and SubnetId, and take the address from an env var.',
        bad: script_database_example("'postgres://shop@10.0.0.12:5432/shop'"),
        good: script_database_example('process.env.DATABASE_URL'),
        check: (subject) => (subject.source.service.hasVpc ? [] : checkAddresses(subject, 'private')),
    },
    {
        id: 'CBR213',
        severity: 'warning',
        title: 'Script looks for a database on its own instance',
        why: 'On the platform the container of the service runs alone: no database, cache or queue listens on its localhost.',
        fix: 'Take the address from an env var, with localhost as a fallback at most.',
        bad: script_database_example("'postgres://shop@localhost:5432/shop'"),
        good: script_database_example("process.env.DATABASE_URL ?? 'postgres://shop@localhost:5432/shop'"),
        check: (subject) => (runsStores(subject) ? [] : checkAddresses(subject, 'service')),
    },
];
/** By what the image installs or is made of. */
function runsStores({ source }) {
    const text = source.texts.get(source.dockerfile?.path ?? '') ?? '';
    return /redis|mysql|mariadb|postgres|mongo|memcached|rabbitmq|supervisor/i.test(text);
}
const urlInText = /\b(amqps?|mariadb|mongodb|mssql|mysqlx?|postgres(ql)?|rediss?|sqlserver):\/\//i;
const clientInText = /['"`](amqplib|ioredis|knex|mariadb|memcached|mong|mssql|mysql|pg|redis|sequelize|typeorm)/;
const clients = /^(amqplib|ioredis|knex|mariadb|memcached|mongodb|mongoose|mssql|mysql|mysql2(\/promise)?|pg|pg-promise|redis|sequelize|typeorm)(\.|\(|$)/;
function checkAddresses(subject, place) {
    if (!urlInText.test(subject.text) && !clientInText.test(subject.text))
        return [];
    const what = place === 'private' ? 'a database of a private network' : 'a database on its own instance';
    return database_listAddresses(subject)
        .filter(({ host }) => placeOfHost(host) === place)
        .map(({ host, node }) => ({
        message: `The script names the host ${JSON.stringify(host)}, ${what}.`,
        at: (0,script/* placeInScript */.k)(subject, node),
    }));
}
function database_listAddresses({ program }) {
    const names = readNames(program);
    const found = [];
    const addUrl = (node, _state, ancestors) => {
        const host = isFallback(node, ancestors) ? undefined : readStoreAddress(leadingText(node))?.host;
        if (host !== undefined && host !== '')
            found.push({ host, node });
    };
    const addHost = (node) => {
        if (clients.test(originOf(node.callee, names) ?? ''))
            found.push(...listHosts(node, names));
    };
    (0,script_tree/* walkTree */.Ir)(program, {
        Literal: addUrl,
        TemplateLiteral: addUrl,
        CallExpression: addHost,
        NewExpression: addHost,
    });
    return found;
}
/** An address that counts only where an env var is not set is meant for work on the service. */
function isFallback(node, ancestors) {
    return ancestors.some((outer, index) => {
        const inner = ancestors[index + 1] ?? node;
        if (outer.type === 'LogicalExpression' || outer.type === 'AssignmentPattern')
            return inner === outer.right;
        return outer.type === 'ConditionalExpression' || outer.type === 'IfStatement';
    });
}
/** A template is read up to its first expression, unless that stands inside the host. */
function leadingText(node) {
    if (node.type !== 'TemplateLiteral')
        return (0,script_tree/* literalText */.bK)(node) ?? '';
    const texts = node.quasis.map((quasi) => quasi.value.cooked ?? '');
    return texts.join('${}').replace(/^([a-z0-9+:]+:\/\/)[^/?#]*@/i, '$1');
}
function listHosts({ arguments: values }, names) {
    return values.flatMap((value) => {
        const options = names_valueOf(value, names);
        const inner = ['connection', 'socket'].map((key) => names_valueOf((0,script_tree/* propertyOf */.$r)(options, key), names));
        return [options, ...inner].flatMap((each) => {
            const node = (0,script_tree/* propertyOf */.$r)(each, 'host');
            const host = (0,script_tree/* literalText */.bK)(names_valueOf(node, names));
            return node === undefined || host === undefined ? [] : [{ host, node }];
        });
    });
}

;// CONCATENATED MODULE: ./src/lint/script/paths.ts



/**
 * The path that an expression surely begins with, when it leads to the disk of the instance: `data/`, `/app/logs/x.log`.
 * Undefined for temporary files, devices, mounted folders and all that is not known.
 */
function readDiskPath(node, names) {
    const path = readPath(node, names, 0)?.text;
    if (path === undefined || path === '' || path.includes('://'))
        return undefined;
    const normal = external_node_path_.posix.normalize(path);
    return /^\/(tmp|var\/tmp|dev|proc|sys|run|mnt|media)(\/|$)/.test(normal) ? undefined : normal;
}
const sourceFolder = /^(__dirname|process\.cwd\(\)|import\.meta\.dirname)$/;
function readPath(node, names, depth) {
    const value = names_valueOf(node, names);
    if (value === undefined || depth > 8)
        return undefined;
    const text = (0,script_tree/* literalText */.bK)(value);
    if (text !== undefined)
        return { text, isWhole: true };
    if (sourceFolder.test(originOf(value, names) ?? nameOfMeta(value)))
        return { text: '.', isWhole: true };
    if (value.type === 'TemplateLiteral') {
        const parts = value.quasis.flatMap((quasi, index) => [quasi, value.expressions[index]]);
        return joinParts(parts, '', (part) => readPart(part, names, depth));
    }
    if (value.type === 'BinaryExpression' && value.operator === '+')
        return joinParts([value.left, value.right], '', (part) => readPath(part, names, depth + 1));
    if (value.type !== 'CallExpression')
        return undefined;
    if (!/^path(\.posix)?\.(join|resolve)$/.test(originOf(value.callee, names) ?? ''))
        return undefined;
    return joinParts(value.arguments, '/', (part) => readPath(part, names, depth + 1));
}
function nameOfMeta(node) {
    if (node.type !== 'MemberExpression' || node.object.type !== 'MetaProperty')
        return '';
    return node.property.type === 'Identifier' ? `import.meta.${node.property.name}` : '';
}
function readPart(part, names, depth) {
    if (part?.type === 'TemplateElement')
        return { text: part.value.cooked ?? '', isWhole: true };
    return readPath(part, names, depth + 1);
}
/** The known parts up to the first one that is not known; undefined where the first is not. */
function joinParts(parts, separator, read) {
    let text;
    for (const part of parts) {
        if (part === undefined)
            continue;
        const known = read(part);
        if (known === undefined)
            return text === undefined ? undefined : { text, isWhole: false };
        text = text === undefined ? known.text : text + separator + known.text;
        if (!known.isWhole)
            return { text, isWhole: false };
    }
    return text === undefined ? undefined : { text, isWhole: true };
}

;// CONCATENATED MODULE: ./src/lint/script/disk.ts





function databaseExample(file) {
    const text = `const express = require('express');
const Database = require('better-sqlite3');

const db = new Database('${file}');
const app = express();
app.get('/orders', (req, res) => res.json(db.prepare('SELECT * FROM orders').all()));
app.listen(process.env.PORT || 3000);
`;
    const dependencies = { 'better-sqlite3': '^12.4.0', express: '^5.1.0' };
    return (0,script_example/* serviceExample */.y)({ 'server.js': text }, { dependencies });
}
function uploadExample(folder) {
    const text = `const express = require('express');
const multer = require('multer');

const upload = multer({ dest: '${folder}' });
const app = express();
app.post('/photos', upload.single('photo'), (req, res) => res.json({ size: req.file.size }));
app.listen(process.env.PORT || 3000);
`;
    return (0,script_example/* serviceExample */.y)({ 'server.js': text }, { dependencies: { express: '^5.1.0', multer: '^2.0.0' } });
}
function fileExample(file) {
    const text = `const fs = require('node:fs');

exports.main = (event) => fs.appendFileSync('${file}', event.id);
`;
    return (0,script_example/* functionExample */.R)({ 'index.js': text });
}
/** Rules of scripts that keep data on the disk of an instance. */
const diskRules = [
    {
        id: 'CBR208',
        severity: 'warning',
        title: 'Database is a file on the local disk',
        why: 'Instances come and go with the traffic and with each release, and each of them has a disk of its own that goes with it. Rows that one instance writes are unknown to the others, and are lost.',
        fix: 'Keep the data in a database outside of the instance, such as CloudBase or TencentDB.',
        bad: databaseExample('shop.sqlite'),
        good: databaseExample(':memory:'),
        check: (subject) => checkCalls(subject, /sqlite/i, findDatabase),
    },
    {
        id: 'CBR209',
        severity: 'warning',
        title: 'Uploads stay on the local disk',
        why: 'Instances come and go with the traffic and with each release, and their disks go with them. A file that one instance takes is unknown to the others, and is lost.',
        fix: 'Send uploads to cloud storage; take them in memory or below /tmp on the way.',
        bad: uploadExample('uploads/'),
        good: uploadExample('/tmp/uploads'),
        check: (subject) => checkCalls(subject, /multer|formidable|uploadDir|tempFileDir/, findUploads),
    },
    {
        id: 'CBR210',
        severity: 'warning',
        title: 'File is written to the local disk',
        why: 'Instances come and go with the traffic and with each release, and their disks go with them. What is written there is unknown to other instances, and is lost.',
        fix: 'Keep the data in cloud storage or a database, and write what is only needed for a moment below /tmp.',
        bad: fileExample('orders.txt'),
        good: fileExample('/tmp/orders.txt'),
        check: (subject) => checkCalls(subject, /writeFile|appendFile|createWriteStream|mkdir|output(File|Json)|ensureDir/, findWrites),
    },
];
function checkCalls(subject, inText, find) {
    if (!inText.test(subject.text))
        return [];
    const names = readNames(subject.program);
    const found = [];
    const visit = (node) => {
        const origin = originOf(node.callee, names) ?? '';
        found.push(...find({ node, origin, names }).filter((each) => each !== undefined));
    };
    (0,script_tree/* walkTree */.Ir)(subject.program, { CallExpression: visit, NewExpression: visit });
    return found.map(({ what, path, node }) => ({
        message: `${what} ${JSON.stringify(path)} on the disk of one instance.`,
        at: (0,script/* placeInScript */.k)(subject, node),
    }));
}
function foundAt(what, node, names) {
    const path = readDiskPath(node, names);
    return path === undefined || node === undefined || path.includes(':memory:')
        ? undefined
        : { what, path, node };
}
const sqliteOpeners = /^(sqlite3(\.verbose\(\)|\.cached)?\.Database|better-sqlite3|sqlite\.DatabaseSync)$/;
function findDatabase({ node, origin, names }) {
    const what = 'The script keeps a SQLite database in';
    const [first, second] = node.arguments;
    if (sqliteOpeners.test(origin))
        return [foundAt(what, first, names)];
    if (/(^|\.)Sequelize$/.test(origin) && /^sqlite:(?!:)/.test((0,script_tree/* literalText */.bK)(first) ?? ''))
        return [foundAt(what, first, names)];
    const options = [first, second].map((each) => names_valueOf(each, names)).find(isSqlite);
    if (options === undefined)
        return [];
    const connection = names_valueOf((0,script_tree/* propertyOf */.$r)(options, 'connection'), names);
    const places = [
        (0,script_tree/* propertyOf */.$r)(options, 'storage'),
        (0,script_tree/* propertyOf */.$r)(options, 'database'),
        (0,script_tree/* propertyOf */.$r)(options, 'filename'),
        (0,script_tree/* propertyOf */.$r)(connection, 'filename'),
    ];
    return places.map((place) => foundAt(what, place, names));
}
function isSqlite(node) {
    return ['dialect', 'client', 'type', 'driver'].some((key) => /^(better-)?sqlite3?$/.test((0,script_tree/* literalText */.bK)((0,script_tree/* propertyOf */.$r)(node, key)) ?? ''));
}
function findUploads({ node, origin, names }) {
    const options = names_valueOf(node.arguments[0], names);
    const keys = uploadKeys.find(({ callee }) => callee.test(origin))?.keys ?? [];
    const inner = names_valueOf((0,script_tree/* propertyOf */.$r)(options, 'formidable'), names);
    return keys.map((key) => {
        const value = (0,script_tree/* propertyOf */.$r)(options, key) ?? (0,script_tree/* propertyOf */.$r)(inner, key);
        return foundAt('The script keeps uploads in', destinationOf(value), names);
    });
}
const uploadKeys = [
    { callee: /^(@koa\/)?multer(\.diskStorage)?$/, keys: ['dest', 'destination'] },
    { callee: /^(formidable(\.\w+)?|koa-body(\.koaBody)?)$/, keys: ['uploadDir'] },
    { callee: /^express-fileupload$/, keys: ['tempFileDir'] },
];
/** `'uploads'`, or what `(req, file, done) => done(null, 'uploads')` hands on. */
function destinationOf(node) {
    if (node === undefined || !(0,script_tree/* isFunction */.Tn)(node) || !('body' in node))
        return node;
    const { body } = node;
    const statement = 'type' in body && body.type === 'BlockStatement' ? body.body.at(-1) : undefined;
    const last = statement?.type === 'ExpressionStatement' ? statement.expression : body;
    return 'type' in last && last.type === 'CallExpression' ? last.arguments[1] : undefined;
}
const writers = /^(fs|fs\/promises|fs\.promises|fs-extra|graceful-fs)\.(writeFile|appendFile|createWriteStream|mkdir|outputFile|outputJson|ensureDir)(Sync)?$/;
function findWrites({ node, origin, names }) {
    if (!writers.test(origin))
        return [];
    const what = /mkdir|ensureDir/.test(origin) ? 'The script makes the folder' : 'The script writes';
    return [foundAt(what, node.arguments[0], names)];
}

;// CONCATENATED MODULE: ./src/lint/script/answers.ts


/** Lists the values with which a script answers requests, as far as its usual names tell. */
function listAnswers(subject, names) {
    const { answers, returns, functions, exported } = collect(subject);
    const handlers = exported.map((node) => {
        const value = names_valueOf(node, names);
        return value?.type === 'Identifier' ? functions.get(value.name) : value;
    });
    return [
        ...answers,
        ...returns.flatMap(([owner, value]) => (handlers.includes(owner) || takesReply(owner) ? [value] : [])),
    ];
}
function collect({ program, source }) {
    const found = { answers: [], returns: [], functions: new Map(), exported: [] };
    const target = source.mode === 'container' ? undefined : source.service.target;
    (0,script_tree/* walkTree */.Ir)(program, {
        CallExpression({ callee, arguments: values }) {
            if (isAnswer(callee) || isHeaderOfAnswer(callee, values.length))
                found.answers.push(...values);
        },
        NewExpression({ callee, arguments: values }) {
            if (rootOf(callee) === 'Response' && values[0])
                found.answers.push(values[0]);
        },
        AssignmentExpression(node) {
            if (isBody(node.left))
                found.answers.push(node.right);
            found.exported.push(...listAssigned(node, target));
        },
        ExportNamedDeclaration(node) {
            found.exported.push(...listDeclared(node, target));
        },
        ReturnStatement({ argument }, _state, ancestors) {
            const owner = ancestors.findLast(script_tree/* isFunction */.Tn);
            if (owner && argument)
                found.returns.push([owner, argument]);
        },
        FunctionDeclaration(node) {
            // `export default function` has no name.
            if (node.id)
                found.functions.set(node.id.name, node);
        },
        ArrowFunctionExpression(node) {
            if (node.body.type !== 'BlockStatement')
                found.returns.push([node, node.body]);
        },
    });
    return found;
}
const answering = /^(res|resp|response|rs|r|s|reply|ctx|context|c|Response|NextResponse)$/;
function isAnswer(callee) {
    const inner = (0,script_tree/* unwrap */.oA)(callee);
    return /^(json|jsonp|send|end|write)$/.test((0,script_tree/* keyName */.xT)(inner) ?? '') && answering.test(rootOf(inner) ?? '');
}
/** `res.set(…)`; with two arguments only where no store of values has the same form. */
function isHeaderOfAnswer(callee, count) {
    const inner = (0,script_tree/* unwrap */.oA)(callee);
    if (inner.type !== 'MemberExpression' || (0,script_tree/* unwrap */.oA)(inner.object).type === 'MemberExpression')
        return false;
    const root = rootOf(inner) ?? '';
    if (!/^(set|header|headers|setHeader|setHeaders|writeHead)$/.test((0,script_tree/* keyName */.xT)(inner) ?? ''))
        return false;
    return /^(res|resp|response|reply)$/.test(root) || (root === 'ctx' && count === 1);
}
/** The name at the left end: `res` of `res.status(200).json`. */
function rootOf(node) {
    const inner = (0,script_tree/* unwrap */.oA)(node);
    if (inner.type === 'Identifier')
        return inner.name;
    if (inner.type === 'ThisExpression')
        return 'this';
    if (inner.type === 'MemberExpression')
        return rootOf(inner.object);
    return inner.type === 'CallExpression' ? rootOf(inner.callee) : undefined;
}
function isBody(node) {
    return (0,script_tree/* keyName */.xT)(node) === 'body' && /^(ctx|context|this|res|response)$/.test(rootOf(node) ?? '');
}
/** `exports.main = …`, and `main` of `module.exports = { … }`. */
function listAssigned({ left, right }, target) {
    if (left.type !== 'MemberExpression' || target === undefined)
        return [];
    const root = rootOf(left);
    const key = (0,script_tree/* keyName */.xT)(left);
    if ((root === 'exports' || root === 'module') && key === target)
        return [right];
    if (root !== 'module' || key !== 'exports' || right.type !== 'ObjectExpression')
        return [];
    return right.properties.flatMap((each) => each.type === 'Property' && (0,script_tree/* keyName */.xT)(each) === target ? [each.value] : []);
}
/** `export const main = …`, `export function main`, `export { handler as main }`. */
function listDeclared(node, target) {
    const { declaration, specifiers } = node;
    if (declaration?.type === 'FunctionDeclaration')
        return declaration.id.name === target ? [declaration] : [];
    if (declaration?.type === 'VariableDeclaration')
        return declaration.declarations.flatMap(({ id, init }) => id.type === 'Identifier' && id.name === target && init ? [init] : []);
    return specifiers.flatMap(({ exported, local }) => exported.type === 'Identifier' && exported.name === target ? [local] : []);
}
/** A handler of Fastify answers with what it returns. */
function takesReply(node) {
    if (!('params' in node))
        return false;
    return node.params.some((param) => param.type === 'Identifier' && param.name === 'reply');
}

;// CONCATENATED MODULE: ./src/lint/script/echo.ts





const handlerFix = 'Answer with the single values that the caller needs.';
function echo_example(handler) {
    return (0,script_example/* functionExample */.R)({ 'index.js': `exports.main = async (event, context) => {\n  ${handler}\n};\n` });
}
/** Rules of scripts that give away request headers or the environment as a whole. */
const echoRules = [
    {
        id: 'CBR205',
        severity: 'warning',
        title: 'Answer holds all request headers, or the one with credentials',
        why: 'The platform hands the context of a call, with credentials, to the service in the header x-cloudbase-context. An answer that echoes all headers gives them to whoever reads it.',
        fix: handlerFix,
        bad: echo_example('return { statusCode: 200, body: JSON.stringify(context.httpContext.headers) };'),
        good: echo_example("return { statusCode: 200, body: context.httpContext.headers['user-agent'] };"),
        check: (subject) => [
            ...checkAnswers(subject, wholeHeaders, 'The answer holds all request headers'),
            ...checkAnswers(subject, platformHeader, 'The answer holds the header x-cloudbase-context, with the credentials of the call'),
        ],
    },
    {
        id: 'CBR206',
        severity: 'warning',
        title: 'Answer holds all env vars',
        why: 'Secrets reach a service as env vars. An answer that holds the environment gives all of them to whoever reads it.',
        fix: handlerFix,
        bad: echo_example('return { statusCode: 200, body: JSON.stringify(process.env) };'),
        good: echo_example('return { statusCode: 200, body: process.env.APP_VERSION };'),
        check: (subject) => checkAnswers(subject, wholeEnv, 'The answer holds all env vars of the service'),
    },
    {
        id: 'CBR207',
        severity: 'warning',
        title: 'Log holds all env vars',
        why: 'Secrets reach a service as env vars, and what a service logs is kept and can be read by everyone who may see its logs.',
        fix: 'Log the names of the env vars, or the single values that help.',
        bad: echo_example('console.log(process.env);\n  return { statusCode: 200 };'),
        good: echo_example('console.log(Object.keys(process.env));\n  return { statusCode: 200 };'),
        check: checkLogs,
    },
];
const wholeHeaders = {
    inText: /headers?\b(?!\s*(\??\.\s*\w|\[))/i,
    origin: /^((req|request|rq|q|ctx|event|httpContext|context\.httpContext|(ctx|context)\.(req|request))\.(raw)?headers|(req|request|ctx)\.header|(c|ctx|context)\.req\.header\(\))$/i,
};
const platformHeader = {
    inText: /x-cloudbase-context/i,
    origin: /^((req|request|rq|q|ctx|event|httpContext|context\.httpContext|(ctx|context)\.(req|request))\.headers|(req|request|ctx)\.header)\.x-cloudbase-context$/i,
    call: /^((req|request|ctx|(ctx|context)\.(req|request))\.(get|header)|(c|ctx|context)\.req\.header|(req|request)\.headers\.get)\(\) x-cloudbase-context$/i,
};
const wholeEnv = {
    inText: /\bprocess\s*\.\s*env\b(?!\s*(\??\.\s*\w|\[))|\benv\b.*\bprocess\b/,
    origin: /^(process|globalThis\.process)\.env$/,
};
function checkAnswers(subject, whole, message) {
    if (!whole.inText.test(subject.text))
        return [];
    const names = readNames(subject.program);
    return unique(listAnswers(subject, names).flatMap((node) => findWhole(node, { whole, names, depth: 0 }))).map((node) => ({ message: `${message}.`, at: (0,script/* placeInScript */.k)(subject, node) }));
}
function checkLogs(subject) {
    if (!wholeEnv.inText.test(subject.text))
        return [];
    const names = readNames(subject.program);
    const found = [];
    (0,script_tree/* walkTree */.Ir)(subject.program, {
        CallExpression({ callee, arguments: values }) {
            if (!/^(console|logger|log)\.(log|info|debug|warn|error|dir|table|trace)$/.test(originOf(callee, names) ?? ''))
                return;
            found.push(...values.flatMap((node) => findWhole(node, { whole: wholeEnv, names, depth: 0 })));
        },
    });
    return unique(found).map((node) => ({
        message: 'The script logs all env vars of the service.',
        at: (0,script/* placeInScript */.k)(subject, node),
    }));
}
function unique(nodes) {
    return [...new Set(nodes)];
}
/** Where a value holds the whole of something, rather than one member of it. */
function findWhole(node, search) {
    if (!node || search.depth > 12)
        return [];
    const inner = (0,script_tree/* unwrap */.oA)(node);
    if (isWhole(inner, search))
        return [node];
    const deeper = { ...search, depth: search.depth + 1 };
    return listParts(inner, search.names).flatMap((part) => findWhole(part, deeper));
}
function isWhole(node, { whole, names }) {
    const origin = originOf(node, names) ?? '';
    if (node.type !== 'CallExpression' || node.arguments.length === 0)
        return whole.origin.test(origin);
    return whole.call?.test(`${origin} ${(0,script_tree/* literalText */.bK)(node.arguments[0]) ?? ''}`) ?? false;
}
/** The parts of a value that are wholly in it. */
function listParts(node, names) {
    if (node.type === 'ObjectExpression')
        return node.properties.map((each) => (each.type === 'Property' ? each.value : each.argument));
    if (node.type === 'ArrayExpression')
        return node.elements;
    if (node.type === 'SpreadElement')
        return [node.argument];
    if (node.type === 'TemplateLiteral')
        return node.expressions;
    if (node.type === 'ConditionalExpression')
        return [node.consequent, node.alternate];
    if (node.type === 'LogicalExpression')
        return node.operator === '&&' ? [node.right] : [node.left, node.right];
    if (node.type === 'BinaryExpression' && node.operator === '+')
        return [node.left, node.right];
    if (node.type === 'CallExpression')
        return keepsAll(node, names) ? node.arguments : [];
    const value = node.type === 'Identifier' ? names_valueOf(node, names) : node;
    return value === node ? [] : [value];
}
const keeping = /^(JSON\.stringify|Object\.(assign|entries|fromEntries|values)|util\.(format|inspect)|Buffer\.from|structuredClone)$/;
function keepsAll({ callee, arguments: values }, names) {
    const origin = originOf(callee, names) ?? '';
    const [, chosen] = values;
    if (origin === 'JSON.stringify' && chosen !== undefined)
        return chosen.type === 'Literal';
    return keeping.test(origin);
}

// EXTERNAL MODULE: ./src/lint/script/graph.ts
var graph = __webpack_require__(24613);
// EXTERNAL MODULE: ./src/lint/script/start.ts
var script_start = __webpack_require__(51629);
;// CONCATENATED MODULE: ./src/lint/script/servers.ts




/** A call that asks for any free port. */
const probe = /\.listen\(\s*0\s*(?=[,)])/g;
const listens = /\blisten\b|\bserve\s*\(|\bserver\s*\(/;
/** Lists the calls by which a script of a container listens; not those that ask for any free port with 0. */
function listListenCalls(subject) {
    if (subject.source.mode !== 'container' || !listens.test(subject.text))
        return [];
    const names = readNames(subject.program);
    const found = [];
    const isWalked = (0,script_tree/* walkTree */.Ir)(subject.program, {
        CallExpression(call, _state, ancestors) {
            const target = targetOf(call, names);
            if (target !== undefined)
                found.push({ call, target, isCertain: !ancestors.some(isInBranch) });
        },
    });
    const serving = found.filter(({ call }) => readListenPort(call, names)?.number !== 0);
    const isSole = isWalked && serving.length === 1 && isSoleServer(subject);
    return serving.map((each) => readListenCall(each, isSole, names));
}
function targetOf(call, names) {
    const origin = originOf(call.callee, names);
    if (/^(@hono\/node-server\.serve|(@hapi\/)?hapi\.(server|Server))$/.test(origin ?? ''))
        return origin;
    if (call.callee.type !== 'MemberExpression' || (0,script_tree/* keyName */.xT)(call.callee) !== 'listen')
        return undefined;
    return originOf(call.callee.object, names) ?? '';
}
/** `if (require.main === module)` is true of the script that a service begins with. */
function isInBranch(node, index, ancestors) {
    const inner = ancestors[index + 1];
    if (inner === undefined || !(0,script_tree/* isBranch */.PX)(node, inner))
        return false;
    return !(node.type === 'IfStatement' && inner === node.consequent && asksForMain(node.test));
}
function asksForMain(test) {
    if (test.type === 'MemberExpression')
        return test.object.type === 'MetaProperty' && (0,script_tree/* keyName */.xT)(test) === 'main';
    if (test.type !== 'BinaryExpression' || !test.operator.startsWith('=='))
        return false;
    return [test.left, test.right].some((side) => side.type === 'MemberExpression' && (0,script_tree/* keyName */.xT)(side) === 'main' && isNamed(side.object, 'require'));
}
function isNamed(node, name) {
    return node.type === 'Identifier' && node.name === name;
}
function isSoleServer({ file, source }) {
    if (!(0,script_start/* isSoleStart */.W)(file, source))
        return false;
    return [...source.texts].every(([path, text]) => path === file ||
        path === source.dockerfile?.path ||
        !(0,graph/* isScriptName */.xs)(path) ||
        !listens.test(text.replaceAll(probe, '')));
}
const servers_servers = /^((http|https|http2|net|restify)\.(createServer|createSecureServer|Server)|express|koa|fastify|polka|connect|@nestjs\/core\.NestFactory\.create)\(\)|^(@hono\/node-server\.serve|(@hapi\/)?hapi\.(server|Server))$/;
function readListenCall({ call, target, isCertain }, isSole, names) {
    const [first, second] = call.arguments;
    const options = names_valueOf(first, names);
    const isObject = options?.type === 'ObjectExpression';
    const hostNode = isObject ? ((0,script_tree/* propertyOf */.$r)(options, 'host') ?? (0,script_tree/* propertyOf */.$r)(options, 'hostname')) : second;
    return {
        call,
        port: readListenPort(call, names),
        host: readHost(hostNode, names, 0),
        isLocalByDefault: isLocalByDefault(call, target, names),
        isMain: isSole && isCertain && servers_servers.test(target),
    };
}
function readListenPort({ arguments: [first] }, names) {
    const options = names_valueOf(first, names);
    return readPort(options?.type === 'ObjectExpression' ? (0,script_tree/* propertyOf */.$r)(options, 'port') : first, names, 0);
}
const servers_deepest = 12;
function readPort(node, names, depth) {
    const value = names_valueOf(node, names);
    if (node === undefined || value === undefined || depth > servers_deepest)
        return undefined;
    if (value.type === 'LogicalExpression')
        return atNode(node, readPort(value.left, names, depth + 1));
    const name = value.type === 'CallExpression' ? originOf(value.callee, names) : undefined;
    if (value.type === 'CallExpression' && /^(Number|parseInt|Number\.parseInt)$/.test(name ?? ''))
        return atNode(node, readPort(value.arguments[0], names, depth + 1));
    const text = value.type === 'Literal' && typeof value.value === 'number' ? value.raw : (0,script_tree/* literalText */.bK)(value);
    return text !== undefined && /^\d{1,5}$/.test(text) ? { node, number: Number(text) } : undefined;
}
function atNode(node, port) {
    return port === undefined ? undefined : { ...port, node };
}
function readHost(node, names, depth) {
    const value = names_valueOf(node, names);
    if (node === undefined || value === undefined || depth > servers_deepest)
        return undefined;
    const text = (0,script_tree/* literalText */.bK)(value);
    if (text !== undefined)
        return { node, text, envVar: undefined };
    if (value.type !== 'LogicalExpression')
        return undefined;
    const envVar = /^process\.env\.(\w+)$/.exec(originOf(value.left, names) ?? '')?.[1];
    const fallback = readHost(value.right, names, depth + 1);
    return envVar === undefined || fallback === undefined ? undefined : { ...fallback, node, envVar };
}
function isLocalByDefault(call, target, names) {
    const isFastify = /^fastify(\.fastify)?\(\)/.test(target) || isNestOnFastify(call, names);
    const [first, second] = call.arguments;
    if (!isFastify || first === undefined)
        return false;
    const options = names_valueOf(first, names);
    const isCallback = second === undefined || /Function/.test(second.type);
    if (options?.type !== 'ObjectExpression')
        return isCallback && isPort(options, names);
    const hasMore = options.properties.some((each) => each.type === 'SpreadElement');
    return !hasMore && ['host', 'path'].every((name) => (0,script_tree/* propertyOf */.$r)(options, name) === undefined);
}
/** Rather than an object of options from elsewhere. */
function isPort(node, names) {
    return (/^(Literal|LogicalExpression|CallExpression)$/.test(node?.type ?? '') ||
        (originOf(node, names)?.startsWith('process.env.') ?? false));
}
function isNestOnFastify({ callee }, names) {
    const app = callee.type === 'MemberExpression' ? names_valueOf(callee.object, names) : undefined;
    if (app?.type !== 'CallExpression' || !originOf(app, names)?.endsWith('NestFactory.create()'))
        return false;
    return originOf(app.arguments[1], names)?.endsWith('FastifyAdapter()') ?? false;
}

;// CONCATENATED MODULE: ./src/lint/script/listen.ts



function expressExample(listen, port) {
    const text = `import express from 'express';

const app = express();
app.get('/', (req, res) => res.send('hello'));
${listen}
`;
    const manifest = { type: 'module', dependencies: { express: '^5.1.0' } };
    return (0,script_example/* serviceExample */.y)({ 'server.js': text }, manifest, port);
}
function fastifyExample(options) {
    const text = `import fastify from 'fastify';

const app = fastify();
app.get('/', async () => 'hello');
await app.listen(${options});
`;
    const manifest = { type: 'module', dependencies: { fastify: '^5.6.0' } };
    return (0,script_example/* serviceExample */.y)({ 'server.js': text }, manifest, 8080);
}
const listen_fine = "app.listen(Number(process.env.PORT) || 3000, '0.0.0.0');";
const script_listen_good = expressExample(listen_fine, 8080);
/** Rules of the port and the address on which the scripts of a container listen. */
const listenRules = [
    {
        id: 'CBR201',
        severity: 'warning',
        title: 'Script listens on a literal port',
        why: 'The platform hands the port of the service to the container in the env var PORT, and probes and calls that port alone. A literal port works only as long as the setting Port happens to be the same.',
        fix: 'Take the port from the env var PORT, with the literal as a fallback: Number(process.env.PORT) || 3000.',
        bad: expressExample('app.listen(8080);'),
        good: expressExample(listen_fine),
        check: findLiteralPorts,
    },
    {
        id: 'CBR202',
        severity: 'error',
        title: 'Server listens on another port than Port',
        why: 'The platform opens a TCP connection to the port of the service and stops a version where nobody answers. This is the one server of the container, and it listens elsewhere.',
        fix: 'Take the port from the env var PORT, or set Port to the port of the script.',
        bad: expressExample('app.listen(3000);', 8080),
        good: script_listen_good,
        check: findWrongPorts,
    },
    {
        id: 'CBR203',
        severity: 'error',
        title: 'Server listens on a loopback address',
        why: 'Probes and requests reach the container from outside, where an address such as 127.0.0.1 cannot be reached. This is the one server of the container, so that the version would never be ready.',
        fix: 'Listen on 0.0.0.0, or name no host.',
        bad: expressExample("app.listen(process.env.PORT, '127.0.0.1');", 8080),
        good: script_listen_good,
        check: findLoopback,
    },
    {
        id: 'CBR204',
        severity: 'warning',
        title: 'Script may listen on a loopback address alone',
        why: 'Probes and requests reach the container from outside, where an address such as 127.0.0.1 cannot be reached. Fastify listens on localhost unless it is told another host.',
        fix: 'Let the server listen on 0.0.0.0.',
        bad: fastifyExample('{ port: process.env.PORT ?? 3000 }'),
        good: fastifyExample("{ port: process.env.PORT ?? 3000, host: '0.0.0.0' }"),
        check: findDoubtfulHosts,
    },
];
function findLiteralPorts(subject) {
    return listListenCalls(subject).flatMap((call) => {
        const { port } = subject.source.service;
        if (call.port === undefined || call.port.number === port || isWrongPort(call, subject))
            return [];
        const message = `The script listens on the literal port ${call.port.number}, whatever the env var PORT says.`;
        return [{ message, at: (0,script/* placeInScript */.k)(subject, call.port.node) }];
    });
}
function findWrongPorts(subject) {
    const { port: expected } = subject.source.service;
    return listListenCalls(subject).flatMap((call) => {
        if (call.port === undefined || !isWrongPort(call, subject))
            return [];
        const message = `The server listens on port ${call.port.number}, but the service's Port is ${String(expected)}.`;
        return [{ message, at: (0,script/* placeInScript */.k)(subject, call.port.node) }];
    });
}
function isWrongPort({ isMain, port }, { source }) {
    return isMain && source.service.port !== undefined && port?.number !== source.service.port;
}
function findLoopback(subject) {
    return listListenCalls(subject).flatMap(({ host, isMain }) => {
        if (host === undefined || !isMain || host.envVar !== undefined || !listen_isLoopback(host))
            return [];
        const message = `The server listens on ${JSON.stringify(host.text)}, which nobody outside of the container reaches.`;
        return [{ message, at: (0,script/* placeInScript */.k)(subject, host.node) }];
    });
}
function listen_isLoopback({ text }) {
    return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(text.trim());
}
const fastifyForm = "app.listen({ port, host: '0.0.0.0' })";
const nestForm = "app.listen(port, '0.0.0.0')";
function findDoubtfulHosts(subject) {
    return listListenCalls(subject).flatMap((call) => {
        const { host, isMain } = call;
        if (call.isLocalByDefault)
            return [
                {
                    message: 'Fastify listens on localhost alone where no host is named.',
                    fix: `Name the host: ${subject.text.includes('FastifyAdapter') ? nestForm : fastifyForm}.`,
                    at: (0,script/* placeInScript */.k)(subject, call.call),
                },
            ];
        if (host === undefined || !listen_isLoopback(host) || (isMain && host.envVar === undefined))
            return [];
        if (host.envVar !== undefined && isSet(host.envVar, subject))
            return [];
        const condition = host.envVar === undefined ? '' : ` unless the env var ${host.envVar} is set`;
        const message = `The script listens on ${JSON.stringify(host.text)}${condition}, which nobody outside of the container reaches.`;
        return [{ message, at: (0,script/* placeInScript */.k)(subject, host.node) }];
    });
}
/** By the service config, or by a Dockerfile that names it. */
function isSet(envVar, { source }) {
    if (source.service.env.some(({ name }) => name === envVar))
        return true;
    const dockerfile = source.texts.get(source.dockerfile?.path ?? '') ?? '';
    return new RegExp(String.raw `\b${envVar}\b`).test(dockerfile);
}

// EXTERNAL MODULE: ./src/lint/script/syntax.ts
var syntax = __webpack_require__(55618);
;// CONCATENATED MODULE: ./src/lint/rules.ts



































/** The rules that look at the Dockerfile of a container. */
const dockerfileRules = [
    ...startRules,
    ...portRules,
    ...commandPortRules,
    ...loopbackRules,
    ...userRules,
    ...secrets/* secretRules */.W,
    ...secretFileRules,
    ...installRules,
    ...weightRules,
    ...copyRules,
    ...fromRules,
    ...imageRules,
    ...ageRules,
];
/** The rules that look at each script that a service loads. */
const scriptRules = [
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
const sourceRules = [
    ...file/* fileRules */._,
    ...manifest/* functionManifestRules */.P6,
    ...functionEncodingRules,
    ...functionEntryRules,
    ...node_version/* functionNodeRules */.iQ,
    ...functionNativeRules,
    ...functionListRules,
    ...functionSetupRules,
    ...functionAgentRules,
    ...databaseProjectRules,
    ...lockfileRules,
    ...sizeRules,
];
/** All rules by their ids. */
const rules = [
    ...dockerfileRules,
    ...scriptRules,
    ...sourceRules,
    ...syntax/* faultRules */.W,
    ...directive/* directiveRules */.f,
].sort((left, right) => (left.id < right.id ? -1 : 1));


/***/ }),

/***/ 58983:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   R: () => (/* binding */ functionExample),
/* harmony export */   y: () => (/* binding */ serviceExample)
/* harmony export */ });
const dockerfile = `FROM node:24-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY . .
USER node
EXPOSE 8080
CMD ["node", "server.js"]
`;
/** A container whose command is `node server.js`, for the examples of rules: the files that count, and what belongs to them. */
function serviceExample(shown, manifest = {}, port) {
    const others = { ...manifestFiles(manifest), Dockerfile: dockerfile, '.dockerignore': 'node_modules\n' };
    return {
        mode: 'container',
        files: { ...shown, ...others, ...shown },
        ...(port === undefined ? {} : { port }),
    };
}
/** The same of a function. */
function functionExample(shown, manifest = {}) {
    const main = { 'index.js': "exports.main = async () => 'hello';\n" };
    const others = { ...main, ...manifestFiles({ main: 'index.js', ...manifest }) };
    return { mode: 'function', files: { ...shown, ...others, ...shown } };
}
function manifestFiles(manifest) {
    return {
        'package.json': `${JSON.stringify({ name: 'shop', ...manifest }, null, 2)}\n`,
        'package-lock.json': '{ "name": "shop", "lockfileVersion": 3, "packages": {} }\n',
    };
}


/***/ }),

/***/ 24613:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   LY: () => (/* binding */ readPackage),
/* harmony export */   Nj: () => (/* binding */ isDeclaredModule),
/* harmony export */   XD: () => (/* binding */ resolveScript),
/* harmony export */   o1: () => (/* binding */ resolvePath),
/* harmony export */   uT: () => (/* binding */ isFileOf),
/* harmony export */   xs: () => (/* binding */ isScriptName)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(76760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(88575);


/** The script of the source that a relative specifier leads to; undefined for packages, data and what does not exist. */
function resolveScript(from, specifier, source) {
    if (!/^\.\.?(\/|$)/.test(specifier))
        return undefined;
    return resolvePath(node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(node_path__WEBPACK_IMPORTED_MODULE_0__.posix.dirname(from), specifier), source);
}
/** The script that Node.js takes for a path: as it stands, with an ending, or the entry of a folder. */
function resolvePath(path, source) {
    const plain = node_path__WEBPACK_IMPORTED_MODULE_0__.posix.normalize(path).replace(/(.)\/$/, '$1');
    if (/^(\.\.)?\/|^\.\.$/.test(plain))
        return undefined;
    const file = path.endsWith('/') ? undefined : findFile(plain, source);
    if (file !== undefined)
        return isScriptName(file) ? file : undefined;
    const main = readPackage(plain, source)?.['main'];
    const entry = typeof main === 'string' && main !== '' ? node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(plain, main) : undefined;
    const named = entry === undefined ? undefined : (findFile(entry, source) ?? findIndex(entry, source));
    const found = named ?? findIndex(plain, source);
    return found !== undefined && isScriptName(found) ? found : undefined;
}
function findFile(path, source) {
    return ['', '.js', '.json', '.cjs', '.mjs'].map((ending) => path + ending).find(isFileOf(source));
}
function findIndex(folder, source) {
    return ['index.js', 'index.cjs', 'index.mjs']
        .map((name) => node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(folder, name))
        .find(isFileOf(source));
}
/** Tells the paths that are files of the source. */
function isFileOf(source) {
    return (path) => source.entries.get(path)?.kind === 'file';
}
/** True for the names of what Node.js runs; it takes a file without an ending, such as `bin/www`, for a script. */
function isScriptName(file) {
    return /\.[cm]?js$/.test(file) || node_path__WEBPACK_IMPORTED_MODULE_0__.posix.extname(file) === '';
}
/** True for an ECMAScript module, by its ending and the `type` of the nearest package.json. */
function isDeclaredModule(file, source) {
    if (/\.[cm]js$/.test(file))
        return file.endsWith('.mjs');
    for (let folder = node_path__WEBPACK_IMPORTED_MODULE_0__.posix.dirname(file);; folder = node_path__WEBPACK_IMPORTED_MODULE_0__.posix.dirname(folder)) {
        const manifest = readPackage(folder, source);
        if (manifest !== undefined)
            return manifest['type'] === 'module';
        if (folder === node_path__WEBPACK_IMPORTED_MODULE_0__.posix.dirname(folder))
            return false;
    }
}
/** The package.json of a folder; undefined without one, an empty object where it holds no object. */
function readPackage(folder, source) {
    const text = source.texts.get(node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(folder, 'package.json'));
    if (text === undefined)
        return undefined;
    const value = (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .parseJson */ .qF)(text);
    return (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .isRecord */ .u4)(value) ? value : {};
}


/***/ }),

/***/ 24146:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  t: () => (/* binding */ parseScript),
  k: () => (/* binding */ placeInScript)
});

// EXTERNAL MODULE: ./node_modules/acorn/dist/acorn.mjs
var acorn = __webpack_require__(54559);
;// CONCATENATED MODULE: ./src/lint/script/lines.ts
/** Where each line of a text begins; the parser could note a place for each node, which costs more than the parsing. */
function listLineStarts(text) {
    const starts = [0];
    for (const { 0: end, index } of text.matchAll(/\r\n?|[\n\u2028\u2029]/g))
        starts.push(index + end.length);
    return starts;
}
/** The place of a part of a file by its offsets; lines and columns count from 1. */
function placeInLines({ file, lineStarts }, { start, end }) {
    const [line, endLine] = [lineOf(start, lineStarts), lineOf(end, lineStarts)];
    return {
        file,
        line,
        column: start - (lineStarts[line - 1] ?? 0) + 1,
        endLine,
        endColumn: end - (lineStarts[endLine - 1] ?? 0) + 1,
    };
}
/** The line that holds an offset, by halving. */
function lineOf(offset, lineStarts) {
    let [low, high] = [0, lineStarts.length];
    while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if ((lineStarts[middle] ?? 0) <= offset)
            low = middle;
        else
            high = middle;
    }
    return low + 1;
}

// EXTERNAL MODULE: ./src/lint/script/tree.ts
var tree = __webpack_require__(23641);
;// CONCATENATED MODULE: ./src/lint/script/imports.ts


/** Lists what a script imports, exports from elsewhere and requires, in the order of the text. */
function listImports(script) {
    const declared = listDeclarations(script);
    const body = listCalling(script);
    if (body.length === 0)
        return declared;
    return [...declared, ...listCalls({ ...script, program: { ...script.program, body } })].sort((left, right) => left.at.line - right.at.line || left.at.column - right.at.column);
}
function listDeclarations(script) {
    return script.program.body.flatMap((node) => {
        if (!('source' in node))
            return [];
        const { source } = node;
        if (typeof source?.value !== 'string')
            return [];
        return [
            { specifier: source.value, at: placeInLines(script, source), isTopLevel: true, isGuarded: false },
        ];
    });
}
/** The statements with a call in their text: most of a script has none, and walking it costs more than all else. */
function listCalling({ text, program }) {
    const offsets = Array.from(text.matchAll(/\b(?:require|import)\s*\(/g), ({ index }) => index);
    let next = 0;
    return program.body.filter(({ start, end }) => {
        while ((offsets[next] ?? end) < start)
            next += 1;
        return (offsets[next] ?? end) < end;
    });
}
function listCalls(script) {
    const found = [];
    const add = (node, ancestors) => {
        const specifier = (0,tree/* literalText */.bK)(node);
        if (specifier === undefined || node === undefined)
            return;
        const isTopLevel = (0,tree/* isSurelyEvaluated */.aI)(ancestors);
        found.push({
            specifier,
            at: placeInLines(script, node),
            isTopLevel,
            isGuarded: isGuarded(ancestors),
        });
    };
    (0,tree/* walkTree */.Ir)(script.program, {
        CallExpression(node, _state, ancestors) {
            const { callee, arguments: values } = node;
            if (callee.type === 'Identifier' && callee.name === 'require')
                add(values[0], ancestors);
        },
        ImportExpression(node, _state, ancestors) {
            add(node.source, ancestors);
        },
    });
    return found;
}
function isGuarded(ancestors) {
    return ancestors.some((node, index) => {
        const inner = ancestors[index + 1];
        if (node.type === 'TryStatement')
            return inner === node.block && Boolean(node.handler);
        return node.type === 'MemberExpression' && inner === node.object && nameOf(node.property) === 'catch';
    });
}
function nameOf(node) {
    return node.type === 'Identifier' ? node.name : undefined;
}

;// CONCATENATED MODULE: ./src/lint/script/script.ts



/**
 * Parses a script as Node.js would: as what it is declared, and as a module where only that parses (Node.js 20.19 and
 * newer detect the syntax). A script that is too deep for the parser has a fault that says so, and is none of its own.
 */
function parseScript(source, script) {
    const { file, text, isDeclaredModule } = script;
    const subject = (program, isModule) => {
        const parsed = { ...script, program, lineStarts: listLineStarts(text) };
        return { source, ...parsed, isModule, imports: listImports(parsed) };
    };
    const first = tryParse(text, file, isDeclaredModule);
    if (!('message' in first))
        return subject(first, isDeclaredModule);
    if (isDeclaredModule || file.endsWith('.cjs'))
        return first;
    const second = tryParse(text, file, true);
    if (!('message' in second))
        return subject(second, true);
    return second.isTooDeep ? second : first;
}
function tryParse(text, file, isModule) {
    try {
        return (0,acorn/* parse */.qg)(text, {
            ecmaVersion: 'latest',
            sourceType: isModule ? 'module' : 'script',
            allowHashBang: true,
            allowReturnOutsideFunction: !isModule,
        });
    }
    catch (error) {
        if (isTooDeep(error))
            return {
                message: 'the code is nested too deep to be read',
                at: { file, line: 1, column: 1 },
                isTooDeep: true,
            };
        if (!(error instanceof SyntaxError) || !('loc' in error))
            throw error;
        const { line, column } = error.loc;
        const message = error.message.replace(/ \(\d+:\d+\)$/, '');
        return { message, at: { file, line, column: column + 1 } };
    }
}
/** Where the stack ends, the parser says so as of any other mistake, at a place that tells nothing. */
function isTooDeep(error) {
    return error instanceof RangeError || (error instanceof SyntaxError && /stack space/.test(error.message));
}
/** The place of a node in its script; lines and columns count from 1. */
function placeInScript(script, node) {
    return placeInLines(script, node);
}


/***/ }),

/***/ 51629:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ isSoleStart),
/* harmony export */   n: () => (/* binding */ listStartScripts)
/* harmony export */ });
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(76760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var _dockerfile_launch_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(74149);
/* harmony import */ var _dockerfile_shell_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(59302);
/* harmony import */ var _dockerfile_tree_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(64318);
/* harmony import */ var _function_entry_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(66078);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(88575);
/* harmony import */ var _graph_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(24613);







/** The scripts that a service begins with, those of them that the source holds. */
function listStartScripts(source) {
    if (source.mode !== 'container')
        return [...(0,_function_entry_js__WEBPACK_IMPORTED_MODULE_4__/* .targetsOf */ .QR)(source).keys()].filter((0,_graph_js__WEBPACK_IMPORTED_MODULE_6__/* .isFileOf */ .uT)(source));
    return [...new Set(listCommandScripts(source).filter((script) => script !== undefined))];
}
const usualScripts = ['server.js', 'app.js', 'index.js', 'main.js'];
function listCommandScripts(source) {
    const home = findHome(source);
    const commands = listCommands(source.service.hasCommand ? undefined : findLaunch(source));
    const scripts = listScriptsOf(commands, home, 3);
    if (scripts !== undefined)
        return scripts;
    const manifest = (0,_graph_js__WEBPACK_IMPORTED_MODULE_6__/* .readPackage */ .LY)(home.folder, source);
    // A shell script may start anything, any other program no script of ours.
    if (manifest === undefined || !commands.flat().every((word) => word.endsWith('.sh')))
        return [];
    const main = typeof manifest['main'] === 'string' ? (0,_graph_js__WEBPACK_IMPORTED_MODULE_6__/* .resolvePath */ .o1)(home.folder, source) : undefined;
    const usual = [...usualScripts, ...usualScripts.map((name) => `src/${name}`)];
    return [main ?? usual.map((name) => node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(home.folder, name)).find((0,_graph_js__WEBPACK_IMPORTED_MODULE_6__/* .isFileOf */ .uT)(source))];
}
function findHome(source) {
    const folder = source.dockerfile?.buildFolder ?? '.';
    return { source, folder: (0,_graph_js__WEBPACK_IMPORTED_MODULE_6__/* .readPackage */ .LY)(folder, source) === undefined ? '.' : folder };
}
function findLaunch(source) {
    const { dockerfile: place, texts } = source;
    const text = place === undefined ? undefined : texts.get(place.path);
    if (place === undefined || text === undefined)
        return undefined;
    return (0,_dockerfile_launch_js__WEBPACK_IMPORTED_MODULE_1__/* .readLaunch */ .A)((0,_dockerfile_launch_js__WEBPACK_IMPORTED_MODULE_1__/* .readStart */ .H)((0,_dockerfile_tree_js__WEBPACK_IMPORTED_MODULE_3__/* .createDockerfileSubject */ .B8)(source, place, text)));
}
/** The words of each program that is started one after another. */
function listCommands(launch) {
    if (launch?.script === undefined)
        return launch === undefined ? [] : [listWords(launch.words)];
    return launch.script.commands.map(({ words }) => listWords(words));
}
/** A word may be a command by itself: sh -c 'node server.js'. */
function listWords(words) {
    return words.flatMap(({ text }) => text.split(/[\s"']+/)).filter((word) => word !== '');
}
/** The scripts that commands run; undefined where they run neither Node.js nor a package script. */
function listScriptsOf(commands, home, depth) {
    const found = commands.flatMap((words) => words.flatMap((word, index) => {
        const rest = words.slice(index + 1);
        const program = node_path__WEBPACK_IMPORTED_MODULE_0__.posix.basename(word);
        if (/^(node|nodejs|nodemon|pm2-runtime)$/.test(program))
            return [findScript(rest, home)];
        if (!/^(npm|yarn|pnpm)$/.test(program) || depth === 0)
            return [];
        const script = readPackageScript(rest, home);
        const inner = script === undefined ? [] : (0,_dockerfile_shell_js__WEBPACK_IMPORTED_MODULE_2__/* .splitScript */ .Q)({ text: script, offsets: [] });
        return (listScriptsOf(inner.map((each) => listWords(each.words)), home, depth - 1) ?? []);
    }));
    return found.length === 0 ? undefined : found;
}
const flagsWithValue = /^(-r|-C|--(require|import|loader|experimental-loader|conditions))$/;
function findScript(words, { source, folder }) {
    const index = words.findIndex((word, at) => !word.startsWith('-') && !flagsWithValue.test(words[at - 1] ?? ''));
    const path = words[index];
    if (path === undefined || words.slice(0, index).some((word) => /^(-[ep]+|--eval|--print)$/.test(word)))
        return undefined;
    // The folder of the image is not known here: /app/dist/main.js is dist/main.js, or app/dist/main.js.
    const parts = path.split('/').filter((part) => part !== '');
    const paths = path.startsWith('/') ? parts.map((_, at) => parts.slice(at).join('/')) : [path];
    for (const each of paths) {
        const script = (0,_graph_js__WEBPACK_IMPORTED_MODULE_6__/* .resolvePath */ .o1)(node_path__WEBPACK_IMPORTED_MODULE_0__.posix.join(folder, each), source);
        if (script !== undefined)
            return script;
    }
    return undefined;
}
/** `npm start` alone has a script without package.json saying so. */
function readPackageScript(words, { source, folder }) {
    const names = words.filter((word) => !word.startsWith('-') && !/^run(-script)?$/.test(word));
    const scripts = (0,_graph_js__WEBPACK_IMPORTED_MODULE_6__/* .readPackage */ .LY)(folder, source)?.['scripts'];
    const [name = ''] = names;
    const script = (0,_json_js__WEBPACK_IMPORTED_MODULE_5__/* .isRecord */ .u4)(scripts) && Object.hasOwn(scripts, name) ? scripts[name] : undefined;
    if (typeof script === 'string')
        return script;
    return name === 'start' ? 'node server.js' : undefined;
}
const otherServers = /\b(nginx|caddy|haproxy|envoy|traefik|supervisord?|apache2?|httpd|socat|s6|pm2)\b|\.sh\b/i;
/** True where a container surely runs this script and no other program that could take its requests. */
function isSoleStart(file, source) {
    const text = source.texts.get(source.dockerfile?.path ?? '');
    if (text === undefined || source.service.hasCommand || otherServers.test(text))
        return false;
    const launch = findLaunch(source);
    const scripts = listScriptsOf(listCommands(launch), findHome(source), 3) ?? [];
    return launch?.isAlone === true && scripts.length === 1 && scripts[0] === file;
}


/***/ }),

/***/ 55618:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ faultRules)
/* harmony export */ });
/* harmony import */ var _example_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(58983);

/** The rule about scripts that do not parse; all others need one that does. */
const faultRules = [
    {
        id: 'CBR200',
        severity: 'error',
        title: 'Script with a syntax error',
        why: 'Node.js refuses to load the script, so the service ends as soon as it starts.',
        fix: 'Correct the syntax.',
        bad: (0,_example_js__WEBPACK_IMPORTED_MODULE_0__/* .functionExample */ .R)({ 'index.js': 'exports.main = async () => {\n  return { ok: true;\n};\n' }),
        good: (0,_example_js__WEBPACK_IMPORTED_MODULE_0__/* .functionExample */ .R)({ 'index.js': 'exports.main = async () => {\n  return { ok: true };\n};\n' }),
        check: ({ message, at }) => [{ message: `The script does not parse: ${message}.`, at }],
    },
];


/***/ }),

/***/ 23641:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $r: () => (/* binding */ propertyOf),
/* harmony export */   Ir: () => (/* binding */ walkTree),
/* harmony export */   PX: () => (/* binding */ isBranch),
/* harmony export */   Tn: () => (/* binding */ isFunction),
/* harmony export */   aI: () => (/* binding */ isSurelyEvaluated),
/* harmony export */   bK: () => (/* binding */ literalText),
/* harmony export */   jG: () => (/* binding */ walkAll),
/* harmony export */   oA: () => (/* binding */ unwrap),
/* harmony export */   xT: () => (/* binding */ keyName)
/* harmony export */ });
/* harmony import */ var acorn_walk__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(93097);

/**
 * Visits a tree with the ancestors of each node; of a tree that is too deep for the stack only a part, which it says
 * with false.
 */
function walkTree(program, visitors) {
    return reachesEnd(() => {
        (0,acorn_walk__WEBPACK_IMPORTED_MODULE_0__/* .ancestor */ .ai)(program, visitors);
    });
}
/** Visits every node with the nodes around it, itself the last one; the same holds of a tree that is too deep. */
function walkAll(program, visit) {
    return reachesEnd(() => {
        (0,acorn_walk__WEBPACK_IMPORTED_MODULE_0__/* .fullAncestor */ .xu)(program, (node, _state, ancestors) => {
            visit(node, ancestors);
        });
    });
}
function reachesEnd(walk) {
    try {
        walk();
        return true;
    }
    catch (error) {
        if (!(error instanceof RangeError))
            throw error;
        return false;
    }
}
/** The text of a string literal, or of a template without expressions. */
function literalText(node) {
    if (node?.type === 'Literal')
        return typeof node.value === 'string' ? node.value : undefined;
    if (node?.type !== 'TemplateLiteral' || node.expressions.length > 0)
        return undefined;
    return node.quasis[0]?.value.cooked ?? undefined;
}
/** The name of a member or a property that is written as it is or as a literal. */
function keyName(node) {
    if (node?.type !== 'MemberExpression' && node?.type !== 'Property')
        return undefined;
    const key = node.type === 'Property' ? node.key : node.property;
    return key.type === 'Identifier' && !node.computed ? key.name : literalText(key);
}
/** The value of a property of an object literal. */
function propertyOf(node, name) {
    if (node?.type !== 'ObjectExpression')
        return undefined;
    const found = node.properties.findLast((each) => each.type === 'Property' && keyName(each) === name);
    return found?.type === 'Property' ? found.value : undefined;
}
/** Without the brackets, `await` and `(0, …)` around it. */
function unwrap(node) {
    if (node.type === 'ChainExpression' || node.type === 'ParenthesizedExpression')
        return unwrap(node.expression);
    if (node.type === 'AwaitExpression')
        return unwrap(node.argument);
    const last = node.type === 'SequenceExpression' ? node.expressions.at(-1) : undefined;
    return last === undefined ? node : unwrap(last);
}
/**
 * True where no function, branch or loop stands around the last of the ancestors, so that it is evaluated when the
 * script is loaded; a function that is called in place counts as none.
 */
function isSurelyEvaluated(ancestors) {
    return ancestors.every((node, index) => {
        const inner = ancestors[index + 1];
        if (inner === undefined)
            return true;
        if (isFunction(node)) {
            const outer = ancestors[index - 1];
            return outer?.type === 'CallExpression' && outer.callee === node;
        }
        return !isBranch(node, inner);
    });
}
/** True for a function of any form. */
function isFunction(node) {
    return node !== undefined && /^(Function(Declaration|Expression)|ArrowFunctionExpression)$/.test(node.type);
}
/** True where the inner node is evaluated in some cases only, or again and again. */
function isBranch(node, inner) {
    if (node.type === 'CatchClause')
        return true;
    if (node.type === 'IfStatement' || node.type === 'ConditionalExpression')
        return inner !== node.test;
    if (node.type === 'LogicalExpression')
        return inner === node.right;
    if (node.type === 'SwitchStatement')
        return inner !== node.discriminant;
    if (node.type === 'PropertyDefinition')
        return !node.static && inner === node.value;
    return /^(For|While)/.test(node.type) && 'body' in node && inner === node.body;
}


/***/ })

};
