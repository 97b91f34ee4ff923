export const id = 709;
export const ids = [709];
export const modules = {

/***/ 91709:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  parseConfigSource: () => (/* binding */ parseConfigSource),
  parseServiceConfig: () => (/* binding */ parseServiceConfig)
});

// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(38815);
// EXTERNAL MODULE: ./node_modules/leven/index.js
var leven = __webpack_require__(47785);
;// CONCATENATED MODULE: ./src/service-config/positions.ts

/** Where each key of a layer stands, and each key of the maps that it holds (`Cpu`, `EnvParams.PORT`). */
function positionsOf({ map, value: held }, yaml) {
    const own = keysOf(map).filter(({ key }) => Object.hasOwn(held, String(key.value)));
    const entries = own.flatMap(({ key, value }) => [
        [keyText(key), positionOf(key, yaml)],
        ...keysOf(yaml.follow(value)).map((inner) => [`${keyText(key)}.${keyText(inner.key)}`, positionOf(inner.key, yaml)]),
    ]);
    return Object.fromEntries(entries);
}
/** The entries of a map in their order; none of what is no map. */
function keysOf(map) {
    if (!(0,dist/* isMap */.jh)(map))
        return [];
    return map.items.flatMap(({ key, value }) => ((0,dist/* isScalar */.jn)(key) ? [{ key, value }] : []));
}
/** A key in the characters in which it is written, also where YAML reads it as a number or a boolean. */
function keyText({ value, source }) {
    return typeof value === 'string' ? value : (source ?? String(value));
}
/** Where the value at a path below a node stands, else what should hold it. */
function valuePosition(node, path, yaml) {
    const [first, ...rest] = path;
    const child = first === undefined ? undefined : childOf(yaml.follow(node), first);
    return (0,dist/* isNode */.Ll)(child) ? valuePosition(child, rest, yaml) : positionOf(node, yaml);
}
/** Where a key in the map at a path below a node stands. */
function keyPosition(node, path, yaml) {
    const [first, ...rest] = path;
    const target = yaml.follow(node);
    if (first === undefined)
        return positionOf(target, yaml);
    if (rest.length > 0)
        return keyPosition(childOf(target, first), rest, yaml);
    return positionOf(findEntry(target, first)?.key ?? target, yaml);
}
function childOf(node, part) {
    return (0,dist/* isSeq */.oP)(node) ? node.items[Number(part)] : findEntry(node, part)?.value;
}
function findEntry(map, part) {
    if (!(0,dist/* isMap */.jh)(map))
        return undefined;
    const isWanted = ({ key }) => (0,dist/* isScalar */.jn)(key) && (keyText(key) === part || String(key.value) === part);
    const found = map.items.find(isWanted);
    return (0,dist/* isScalar */.jn)(found?.key) ? { key: found.key, value: found.value } : undefined;
}
function positionOf(node, { locate }) {
    return locate(((0,dist/* isNode */.Ll)(node) ? node.range?.[0] : undefined) ?? 0);
}

// EXTERNAL MODULE: ./src/service-config/rules.ts
var rules = __webpack_require__(90367);
// EXTERNAL MODULE: ./src/service-config/schema.ts + 11 modules
var schema = __webpack_require__(33626);
;// CONCATENATED MODULE: ./src/service-config/issues.ts




/** The key of the overlays, which stands next to the settings of the base. */
const overlaysKey = 'environments';
/** Says what the schema found in a layer, each at its line, with the accepted form or the key that was meant. */
function issueProblems(issue, layer, yaml) {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    const nameOf = (way) => layer.prefix + way.join('.');
    if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => {
            const way = [...path, key];
            return (0,rules/* configProblem */.er)(nameOf(way), unknownKey(way, layer), keyPosition(layer.map, way, yaml));
        });
    }
    const message = issue.code === 'invalid_key' ? (0,schema/* describeEmptyName */.sM)(path) : (0,schema/* describeWrong */.$R)(path, valueAt(layer.value, path));
    return [(0,rules/* configProblem */.er)(nameOf(path), message, valuePosition(layer.map, path, yaml))];
}
function unknownKey(way, { prefix }) {
    const key = String(way.at(-1));
    const isTop = way.length === 1;
    if (isTop && key === overlaysKey)
        return 'cannot stand within an overlay: overlays have their place at the top of the file.';
    const names = (0,schema/* namesAt */.Qo)(way.slice(0, -1));
    const near = nearest(key, isTop && prefix === '' ? [...names, overlaysKey] : names);
    return `is not a setting of CloudBase Run.${didYouMean(near)}`;
}
function valueAt(value, [first, ...rest]) {
    if (first === undefined || typeof value !== 'object' || value === null)
        return value;
    return valueAt(value[first], rest);
}
/** The question that ends a message about a mistyped word; empty where no word is near. */
function didYouMean(near) {
    return near === undefined ? '' : ` Did you mean "${near}"?`;
}
/** The candidate that a mistyped word most likely stands for, if one is near enough. */
function nearest(word, candidates) {
    const distance = (candidate) => (0,leven/* default */.A)(word.toLowerCase(), candidate.toLowerCase());
    const [best] = [...candidates].sort((left, right) => distance(left) - distance(right));
    return best !== undefined && distance(best) <= Math.max(2, Math.floor(best.length / 3)) ? best : undefined;
}

;// CONCATENATED MODULE: ./src/service-config/layers.ts





/** Checks each map of settings in a config by itself. */
function checkLayers(contents, yaml) {
    const { [overlaysKey]: held, ...own } = (yaml.value ?? {});
    const base = checkLayer({ prefix: '', map: contents, value: own }, schema/* settingsSchema */.dP, yaml);
    const overlays = held === undefined ? [] : readOverlays(contents, held, yaml);
    return {
        base: base.value,
        overlays: (overlays ?? []).flatMap(({ value }) => (value === undefined ? [] : [value])),
        names: overlays?.flatMap(({ name }) => (name === '' ? [] : [name])),
        problems: [
            ...base.problems,
            ...(overlays === undefined ? [noOverlays(contents, held, yaml)] : []),
            ...(overlays ?? []).flatMap(({ problems }) => problems),
        ],
    };
}
function checkLayer(layer, schema, yaml) {
    const written = withEnvAsWritten(layer, yaml);
    const { data, error } = schema.safeParse(written.value);
    const issues = error?.issues ?? [];
    const wrong = new Set(issues.flatMap((issue) => issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : issue.path.slice(0, 1)));
    const right = Object.entries(written.value).filter(([name]) => !wrong.has(name));
    return {
        value: {
            settings: data ?? schema.parse(Object.fromEntries(right)),
            positions: positionsOf(layer, yaml),
        },
        problems: issues.flatMap((issue) => issueProblems(issue, written, yaml)),
    };
}
/** Env vars are texts: a number or a boolean keeps the very characters that the user wrote, and so does a name. */
function withEnvAsWritten(layer, { follow }) {
    const map = follow(keysOf(layer.map).find(({ key }) => key.value === 'EnvParams')?.value);
    if (!(0,dist/* isMap */.jh)(map))
        return layer;
    const values = layer.value['EnvParams'];
    const written = keysOf(map).map(({ key, value }) => {
        const node = follow(value);
        const isPlain = (0,dist/* isScalar */.jn)(node) && (typeof node.value === 'number' || typeof node.value === 'boolean');
        const text = isPlain ? (node.source ?? String(node.value)) : values[String(key.value)];
        return [keyText(key), text];
    });
    return { ...layer, value: { ...layer.value, EnvParams: Object.fromEntries(written) } };
}
/** Each overlay, or what is wrong with what stands in its place; undefined where there is no map of overlays. */
function readOverlays(contents, held, yaml) {
    const map = yaml.follow(keysOf(contents).find(({ key }) => key.value === overlaysKey)?.value);
    if (!(0,dist/* isMap */.jh)(map))
        return undefined;
    const values = held;
    return keysOf(map).map(({ key, value: node }) => {
        const name = keyText(key);
        const value = values[String(key.value)];
        const path = [overlaysKey, name];
        const refused = (message, at) => ({
            name,
            problems: [(0,rules/* configProblem */.er)(path.join('.'), message, at)],
        });
        if (name === '')
            return refused((0,schema/* describeEmptyName */.sM)(path), keyPosition(contents, path, yaml));
        if (typeof value !== 'object' || Array.isArray(value))
            return refused((0,schema/* describeWrong */.$R)(path, value), valuePosition(contents, path, yaml));
        const prefix = `${path.join('.')}.`;
        // An overlay without a value is an empty one: null spreads to nothing.
        const layer = { prefix, map: yaml.follow(node), value: { ...value } };
        const checked = checkLayer(layer, schema/* overlaySchema */.AR, yaml);
        return { name, problems: checked.problems, value: { ...checked.value, name, prefix } };
    });
}
function noOverlays(contents, held, yaml) {
    const path = [overlaysKey];
    return (0,rules/* configProblem */.er)(overlaysKey, (0,schema/* describeWrong */.$R)(path, held), valuePosition(contents, path, yaml));
}

// EXTERNAL MODULE: ./src/service-config/same.ts + 1 modules
var same = __webpack_require__(45758);
;// CONCATENATED MODULE: ./src/service-config/overlay.ts

/**
 * The base with an overlay over it: maps merge, lists and scalars replace, and an env var that is `null` stays `null`,
 * which deletes the live one. A setting that the overlay names without a value that is right has no value at all.
 */
function mergeOverlay(base, overlay) {
    const below = base.settings;
    const kept = Object.entries(below).filter(([name]) => overlay.positions[name] === undefined);
    const over = Object.entries(overlay.settings).map(([name, value]) => [
        name,
        (0,same/* isRecord */.u4)(value) && (0,same/* isRecord */.u4)(below[name]) ? { ...below[name], ...value } : value,
    ]);
    return {
        settings: Object.fromEntries([...kept, ...over]),
        positions: { ...base.positions, ...overlay.positions },
    };
}

;// CONCATENATED MODULE: ./src/service-config/yaml.ts


/** One slip makes the parser complain many times; the first complaints tell enough. */
const maxProblems = 10;
/** As often as a node may be repeated by aliases; real configs stay far below, and bombs do not. */
const maxAliases = 100;
/** More nodes above one another than any setting has; the recursion of parsers ends far beyond. */
const maxDepth = 22;
/**
 * Parses one YAML 1.2 document. Refused with their positions are syntax errors, and what would mean something else than
 * it seems to: tags, the rules of an older YAML, keys that are no texts or the same text, aliases without an anchor or in
 * excess.
 */
function parseYaml(text, file) {
    const lines = countLines(text);
    const document = (0,dist/* parseDocument */.Tp)(text, { prettyErrors: false, uniqueKeys: isSameKey });
    const locate = (offset) => {
        const { line, col } = lines.linePos(offset);
        return { file, line, column: col };
    };
    const targets = new Map();
    const faults = findFaults(document, targets);
    if (faults.length > 0) {
        const problems = faults
            .slice(0, maxProblems)
            .map(({ offset, message }) => (0,rules/* configProblem */.er)('', message, locate(offset)));
        return { problems };
    }
    const value = resolveAliases(document);
    if (value === tooMany) {
        const [first] = targets.keys();
        return { problems: [(0,rules/* configProblem */.er)('', 'has too many aliases (*name).', locate(first?.range?.[0] ?? 0))] };
    }
    const follow = (node) => ((0,dist/* isAlias */.Vj)(node) ? targets.get(node) : node);
    return { value: { document, locate, follow, value }, problems: [] };
}
/** The parser's own count leaves out lines of what stands within a flow collection, or a quoted text, that breaks a rule. */
function countLines(text) {
    const lines = new dist/* LineCounter */.HN();
    lines.addNewLine(0);
    for (const { index } of text.matchAll(/\n/g))
        lines.addNewLine(index + 1);
    return lines;
}
/** `1` and `"1"` are different to YAML, and the same name in a config. */
function isSameKey(left, right) {
    return (0,dist/* isScalar */.jn)(left) && (0,dist/* isScalar */.jn)(right) && String(left.value) === String(right.value);
}
/** Fills in what each alias stands for on its way. */
function findFaults(document, targets) {
    const { version } = document.directives.yaml;
    if (version !== '1.2')
        return [{ offset: 0, message: `must be YAML 1.2, not ${version}.` }];
    const tooDeep = document.errors.find(({ message }) => message.includes('call stack'));
    if (tooDeep !== undefined)
        return [{ offset: 0, message: nestedTooDeeply }];
    if (document.errors.length > 0) {
        return document.errors.map((error) => ({ offset: error.pos[0], message: describeSyntaxError(error) }));
    }
    return findTraps(document, targets);
}
const nestedTooDeeply = 'is nested too deeply for a config.';
/** The parser's words, but for those that advise a programmer or quote what the user wrote, which may be a secret. */
function describeSyntaxError({ code, message }) {
    if (code === 'MULTIPLE_DOCS')
        return 'must be one YAML document.';
    if (code === 'TAG_RESOLVE_FAILED')
        return tagged;
    const [what = ''] = message.split(/[\n;]|(?<=\S): |(?<=escape sequence|YAML version) /);
    return `is not valid YAML: ${what.replace(/\.$/, '')}.`;
}
const tagged = 'has a tag (!name), and no setting takes one. Leave it out, or put a text that begins with "!" in quotes.';
const noAnchor = 'has an alias (*name) without its anchor (&name) before it. Put a text that begins with "*" in quotes.';
const emptyAnchor = 'has an anchor (&name) without a value. Put a text that begins with "&" in quotes.';
const notPlain = 'has a key that is not a plain text.';
const mergeKey = 'has a merge key (<<), which YAML 1.2 does not know. Write the settings out, or put what all overlays share at the top.';
/** What the parser takes, and no reader of a config expects. */
function findTraps(document, targets) {
    const faults = [];
    const anchors = new Map();
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
                add(node, tagged);
            if ((0,dist/* isScalar */.jn)(node) && node.anchor !== undefined && !node.source && node.value === null)
                add(node, emptyAnchor);
            if (key === 'key' && !isPlainKey(node))
                add(node, notPlain);
            if (node.anchor !== undefined)
                anchors.set(node.anchor, node);
            return undefined;
        },
        Pair: (_key, { key, value }) => {
            const target = (0,dist/* isAlias */.Vj)(value) ? anchors.get(value.source) : value;
            if ((0,dist/* isScalar */.jn)(key) && key.value === '<<' && (0,dist/* isCollection */.P3)(target))
                add(key, mergeKey);
        },
        Alias: (key, alias) => {
            if (key === 'key')
                add(alias, notPlain);
            const target = anchors.get(alias.source);
            targets.set(alias, target);
            if (target === undefined)
                add(alias, noAnchor);
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
        return document.toJS({ maxAliasCount: maxAliases });
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
 * Parses the YAML of a service config and picks an overlay (none for an empty name); every problem comes with its line
 * and column, those of the other overlays included. Next to problems, the value holds the settings that are right by
 * themselves, so that further checks can add theirs.
 */
function parseServiceConfig(text, file, overlay = '') {
    const { value: yaml, problems } = parseYaml(text, file);
    if (yaml === undefined)
        return { problems };
    const { contents } = yaml.document;
    if (contents !== null && !(0,dist/* isMap */.jh)(contents)) {
        const message = 'must be a map of settings, such as "Cpu: 0.5".';
        return { problems: [(0,rules/* configProblem */.er)('', message, yaml.locate(0))] };
    }
    return pick(checkLayers(contents, yaml), overlay);
}
function pick({ base, overlays, names, problems }, name) {
    const chosen = overlays.find((overlay) => overlay.name === name);
    const isAsked = name !== '';
    const { settings, positions } = chosen === undefined ? base : mergeOverlay(base, chosen);
    return {
        value: { settings, positions, overlays: names ?? [] },
        problems: withoutRepeats([
            ...problems,
            ...(isAsked && names?.includes(name) === false ? [missingOverlay(name, names)] : []),
            ...conflictProblems(base, overlays, isAsked ? name : undefined),
        ]),
    };
}
function missingOverlay(name, names) {
    const subject = 'config-environment';
    if (names.length === 0) {
        const message = `is "${name}", and the service config holds no overlays. ` +
            `Add it as "${overlaysKey}: {${name}: {MinNum: 1}}", or leave the input out.`;
        return { subject, message };
    }
    const hint = didYouMean(nearest(name, names));
    const message = `must be an overlay that the service config holds (${names.join(', ')}), not "${name}".${hint}`;
    return { subject, message };
}
/**
 * What conflicts in the config that counts, and in every other overlay, so that no overlay breaks later. A conflict
 * of the base alone is told once, without the name of an overlay.
 */
function conflictProblems(base, overlays, name) {
    const inBase = (0,rules/* findConflicts */.Nk)(base);
    const found = overlays.map((overlay) => ({
        overlay,
        conflicts: (0,rules/* findConflicts */.Nk)(mergeOverlay(base, overlay)),
    }));
    const chosen = found.find(({ overlay }) => overlay.name === name);
    const told = chosen === undefined ? inBase : inBase.filter((each) => isAmong(each, chosen.conflicts));
    return [
        ...told.map((conflict) => tell(conflict, '')),
        ...found.flatMap(({ overlay, conflicts }) => conflicts.filter((each) => !isAmong(each, told)).map((conflict) => tell(conflict, overlay.prefix))),
    ];
}
function isAmong({ key, message, at }, others) {
    return others.some((other) => other.key === key && other.message === message && other.at === at);
}
function tell({ key, message, at }, prefix) {
    return (0,rules/* configProblem */.er)(prefix + key, message, at);
}
/** A number that is too large breaks two checks of the schema, which say the same. */
function withoutRepeats(problems) {
    const said = new Set();
    return problems.filter(({ subject, message }) => {
        const words = `${subject} ${message}`;
        return !said.has(words) && said.add(words);
    });
}


/***/ })

};
