export const id = 328;
export const ids = [328];
export const modules = {

/***/ 25328:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  parseConfigSource: () => (/* binding */ parseConfigSource),
  parseServiceConfig: () => (/* binding */ parseServiceConfig)
});

// UNUSED EXPORTS: nearest

// EXTERNAL MODULE: ./node_modules/leven/index.js
var leven = __webpack_require__(47785);
// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(38815);
// EXTERNAL MODULE: ./src/service-config/rules.ts
var rules = __webpack_require__(90367);
// EXTERNAL MODULE: ./src/service-config/schema.ts + 11 modules
var schema = __webpack_require__(33626);
;// CONCATENATED MODULE: ./src/service-config/yaml.ts


/** One slip makes the parser complain many times; the first complaints tell enough. */
const maxProblems = 10;
/** More nodes above one another than any setting has; the recursion of parsers ends far beyond. */
const maxDepth = 22;
/**
 * Parses one YAML 1.2 document. Refused with their positions are syntax errors, and what would mean something else than
 * it seems to: tags, the rules of an older YAML, keys that are no texts, aliases without an anchor or in excess.
 */
function parseYaml(text, file) {
    const lines = new dist/* LineCounter */.HN();
    const document = (0,dist/* parseDocument */.Tp)(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    const locate = (offset) => {
        const { line, col } = lines.linePos(offset);
        return { file, line, column: col };
    };
    const faults = findFaults(document);
    if (faults.length > 0) {
        const problems = faults
            .slice(0, maxProblems)
            .map(({ offset, message }) => (0,rules/* configProblem */.er)('', message, locate(offset)));
        return { problems };
    }
    const value = resolveAliases(document);
    if (value === tooMany)
        return { problems: [(0,rules/* configProblem */.er)('', 'has too many aliases (*name).', locate(0))] };
    return { value: { document, locate, value }, problems: [] };
}
function findFaults(document) {
    const { version } = document.directives.yaml;
    if (version !== '1.2')
        return [{ offset: 0, message: `must be YAML 1.2, not ${version}.` }];
    const tooDeep = document.errors.find(({ message }) => message.includes('call stack'));
    if (tooDeep !== undefined)
        return [{ offset: 0, message: nestedTooDeeply }];
    if (document.errors.length > 0) {
        return document.errors.map((error) => ({ offset: error.pos[0], message: describeSyntaxError(error) }));
    }
    return findTraps(document);
}
const nestedTooDeeply = 'is nested too deeply for a config.';
/** The parser's words, but for those that advise a programmer. */
function describeSyntaxError({ code, message }) {
    if (code === 'MULTIPLE_DOCS')
        return 'must be one YAML document.';
    const [what = ''] = message.split(/[\n;]/);
    return `is not valid YAML: ${what.replace(/\.$/, '')}.`;
}
const notPlain = 'has a key that is not a plain text.';
/** What the parser takes, and no reader of a config expects. */
function findTraps(document) {
    const faults = [];
    const add = (node, message) => {
        faults.push({ offset: node.range?.[0] ?? 0, message });
    };
    (0,dist/* visit */.YR)(document, {
        Node: (key, node, path) => {
            if (path.length > maxDepth) {
                add(node, nestedTooDeeply);
                return dist/* visit */.YR.BREAK;
            }
            if (node.tag !== undefined)
                add(node, 'has a tag (!name), and no setting takes one. Leave the tag out.');
            if (key === 'key' && !isPlainKey(node))
                add(node, notPlain);
            return undefined;
        },
        Alias: (key, alias) => {
            if (key === 'key')
                add(alias, notPlain);
            if (alias.resolve(document) === undefined)
                add(alias, `has the alias "*${alias.source}" without "&${alias.source}" before it.`);
        },
    });
    return faults;
}
/** `__proto__` is lost by what turns maps into objects. */
function isPlainKey(node) {
    return (0,dist/* isScalar */.jn)(node) && node.value !== null && node.value !== '__proto__';
}
const tooMany = Symbol('too many aliases');
function resolveAliases(document) {
    try {
        return document.toJS({ maxAliasCount: 10 });
    }
    catch (error) {
        if (error instanceof ReferenceError)
            return tooMany;
        throw error;
    }
}

;// CONCATENATED MODULE: ./src/service-config/parse.ts





/** Tells whether the input holds the YAML itself or, being a plain scalar, the path of a file. */
function parseConfigSource(input) {
    const value = input.trim();
    const document = (0,dist/* parseDocument */.Tp)(value);
    const isPath = (0,dist/* isScalar */.jn)(document.contents) && document.errors.length === 0 && !value.includes('\n');
    return { kind: isPath ? 'path' : 'inline', value };
}
/**
 * Parses the YAML of a service config; every problem comes with its line and column. Next to problems, the value holds
 * the settings that are right by themselves, so that further checks can add theirs.
 */
function parseServiceConfig(text, file) {
    const { value: yaml, problems } = parseYaml(text, file);
    if (yaml === undefined)
        return { problems };
    const { document, locate, value } = yaml;
    if (document.contents === null)
        return { value: { settings: {}, positions: {} }, problems: [] };
    if (!(0,dist/* isMap */.jh)(document.contents)) {
        return { problems: [(0,rules/* configProblem */.er)('', 'must be a map of settings, such as "Cpu: 0.5".', locate(0))] };
    }
    return check({ document, locate, value: value });
}
function check({ document, locate, value, }) {
    const positions = positionsOf(document, locate);
    const written = withEnvAsWritten(value, document);
    const issues = schema/* settingsSchema */.dP.safeParse(written).error?.issues ?? [];
    const wrong = new Set(issues.flatMap((issue) => (issue.path.length === 0 ? unknownKeys(issue) : issue.path.slice(0, 1))));
    const right = Object.entries(written).filter(([name]) => !wrong.has(name));
    const settings = schema/* settingsSchema */.dP.parse(Object.fromEntries(right));
    const problems = [
        ...issues.flatMap((issue) => issueProblems(issue, { document, value: written }, locate)),
        ...(0,rules/* crossProblems */.ry)({ settings, positions }),
    ];
    return { value: { settings, positions }, problems: withoutRepeats(problems) };
}
/** A number that is too large breaks two checks of the schema, which say the same. */
function withoutRepeats(problems) {
    const said = new Set();
    return problems.filter(({ subject, message }) => {
        const words = `${subject} ${message}`;
        return !said.has(words) && said.add(words);
    });
}
function unknownKeys(issue) {
    return issue.code === 'unrecognized_keys' ? issue.keys : [];
}
/** Env vars are strings: a number or a boolean keeps the very characters that the user wrote. */
function withEnvAsWritten(value, document) {
    const map = followAlias(document.get('EnvParams', true), document);
    if (!(0,dist/* isMap */.jh)(map))
        return value;
    const written = map.items.flatMap(({ key, value: node }) => {
        const scalar = followAlias(node, document);
        const isPlain = (0,dist/* isScalar */.jn)(scalar) && (typeof scalar.value === 'number' || typeof scalar.value === 'boolean');
        return isPlain && (0,dist/* isScalar */.jn)(key) ? [[String(key.value), scalar.source ?? String(scalar.value)]] : [];
    });
    return { ...value, EnvParams: { ...value['EnvParams'], ...Object.fromEntries(written) } };
}
function followAlias(node, document) {
    return (0,dist/* isAlias */.Vj)(node) ? node.resolve(document) : node;
}
function positionsOf(document, locate) {
    if (!(0,dist/* isMap */.jh)(document.contents))
        return {};
    const entries = document.contents.items.flatMap(({ key }) => (0,dist/* isScalar */.jn)(key) ? [[String(key.value), locate(key.range[0])]] : []);
    return Object.fromEntries(entries);
}
function issueProblems(issue, { document, value }, locate) {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => (0,rules/* configProblem */.er)([...path, key].join('.'), unknownKey(key, path), locate(keyOffset(document, path, key))));
    }
    const message = issue.code === 'invalid_key' ? (0,schema/* describeEmptyName */.sM)(path) : (0,schema/* describeWrong */.$R)(path, valueAt(value, path));
    return [(0,rules/* configProblem */.er)(path.join('.'), message, locate(offsetOf(document, path)))];
}
function valueAt(value, [first, ...rest]) {
    if (first === undefined || typeof value !== 'object' || value === null)
        return value;
    return valueAt(value[first], rest);
}
/** Where the value at a path stands, or what should hold it. */
function offsetOf(document, path) {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    if ((0,dist/* isNode */.Ll)(node))
        return node.range?.[0] ?? 0;
    return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}
function unknownKey(key, path) {
    const near = nearest(key, (0,schema/* namesAt */.Qo)(path));
    return `is not a setting of CloudBase Run.${near === undefined ? '' : ` Did you mean "${near}"?`}`;
}
/** The candidate that a mistyped word most likely stands for, if one is near enough. */
function nearest(word, candidates) {
    const distance = (candidate) => (0,leven/* default */.A)(word.toLowerCase(), candidate.toLowerCase());
    const [best] = [...candidates].sort((left, right) => distance(left) - distance(right));
    return best !== undefined && distance(best) <= Math.max(2, Math.floor(best.length / 3)) ? best : undefined;
}
function keyOffset(document, path, key) {
    const map = path.length === 0 ? document.contents : document.getIn(path, true);
    if (!(0,dist/* isMap */.jh)(map))
        return 0;
    const item = map.items.find((pair) => (0,dist/* isScalar */.jn)(pair.key) && pair.key.value === key);
    return (0,dist/* isScalar */.jn)(item?.key) ? (item.key.range?.[0] ?? 0) : 0;
}


/***/ })

};
