export const id = 383;
export const ids = [383];
export const modules = {

/***/ 78383:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runCommand: () => (/* binding */ runCommand)
});

// EXTERNAL MODULE: ./src/stages/compare.ts + 1 modules
var compare = __webpack_require__(95012);
// EXTERNAL MODULE: ./src/stages/follow/urls.ts
var urls = __webpack_require__(31475);
;// CONCATENATED MODULE: ./src/stages/follow/online.ts

/** Describes the version that serves, and finds its addresses. */
async function describeLive({ target, service, previousVersion, record, ...found }, ports) {
    const online = found.online ?? service.onlineVersions[0];
    return {
        versionName: online?.versionName ?? '',
        share: online?.share ?? 0,
        previousVersion,
        imageUrl: online?.imageUrl || (record?.imageUrl ?? ''),
        cloudRunId: record?.runId ?? '',
        service,
        urls: await (0,urls/* rankUrls */.r)(target, service, ports),
    };
}

// EXTERNAL MODULE: ./src/errors.ts
var errors = __webpack_require__(83916);
;// CONCATENATED MODULE: ./src/diagnosis/advice.ts
/** The next step for each way in which a service can fail to start, be released, or be reached. */
const adviceFor = {
    build: 'Read the failing command in the build log, and run the same build locally.',
    'exit-on-start': 'The process ended by itself. Read its last lines, and start it in the foreground.',
    'crash-loop': 'The process starts and ends again and again. Read its last lines for the first error.',
    'wrong-port': 'Listen on the port of the environment variable PORT, and set Port in server-config to the same value.',
    'loopback-bind': 'Listen on 0.0.0.0 instead of 127.0.0.1 or localhost: the platform calls from outside the container.',
    'not-http': 'What listens on the port gives no HTTP answer. Serve HTTP without TLS there, and anything else on another port.',
    'slow-start': 'The process runs but does not listen. Find out what it waits for before it listens, or raise InitialDelaySeconds.',
    'out-of-memory': 'The process needs more memory than Mem allows. Raise Cpu and Mem together, or use less memory.',
    'missing-env': 'Set it in EnvParams or env-from; for the local run alone, give a stand-in with verify-env.',
    'entry-not-found': 'Check that what is started (CMD, or "main" in package.json) is there and exports what is expected, and that all it requires is installed.',
    architecture: 'Build the image for linux/amd64. A script that is started by its name needs "#!" and an interpreter in its first line.',
    smoke: 'The service is up, but does not answer as asked. Call the path locally, and correct the service, verify-path or verify-status.',
    'image-pull': 'The platform cannot pull the image. Check that the reference exists and can be pulled without a login.',
    scheduling: 'The platform found no place for the instance. Run again; if it happens again, ask for quota.',
    unexpected: 'The platform gives no reason that is known here. Look at the release and its logs in the console.',
    'not-promoted': 'The version is ready but gets no traffic. Look at the release in the console.',
    cancelled: 'The release was stopped on the platform. Run the step again to release.',
    conflict: 'Wait until the other release ends, or cancel it in the console; then run again.',
};

;// CONCATENATED MODULE: ./src/diagnosis/cloud.ts
const signs = [
    [/OOMKilled|out of memory/i, 'out-of-memory'],
    [/exec format error/i, 'architecture'],
    [/ImagePullBackOff|ErrImagePull|pull image|manifest unknown/i, 'image-pull'],
    [/Failed to load target function|Function '.+' is not defined/, 'entry-not-found'],
    [/EACCES: permission denied .*:\d+|EADDRINUSE/, 'wrong-port'],
    [/Back-off restarting failed container|CrashLoopBackOff/i, 'crash-loop'],
    [/FailedScheduling|Insufficient (cpu|memory)/i, 'scheduling'],
    [/(Readiness|Liveness) probe failed|connection refused/i, 'slow-start'],
];
/**
 * Names the reason why a release failed, from its record, its task and the process log. A process that wrote a start-up
 * log and gave no other sign has ended; without a log nothing is known.
 */
function diagnoseRelease(evidence) {
    if (evidence.taskStatus === 'stopped')
        return 'cancelled';
    if (evidence.recordStatus.includes('build_failed'))
        return 'build';
    const told = [evidence.failReason, ...evidence.processLog].join('\n');
    const sign = signs.find(([pattern]) => pattern.test(told));
    if (sign !== undefined)
        return sign[1];
    return /启动日志-*\n+\S/.test(told) ? 'exit-on-start' : 'unexpected';
}

;// CONCATENATED MODULE: ./src/stages/follow/progress.ts
/** Reads the task and the record of this very release; what is older than its baseline is not ours. */
async function readProgress(release, cloudRun) {
    const [task, records] = await Promise.all([
        cloudRun.readTask(release.target, release.taskId),
        cloudRun.listRecords(release.target),
    ]);
    const isOurs = task !== undefined && (release.taskId > 0 || task.id > release.baseline.taskId);
    const newer = records.filter((record) => record.number > release.baseline.recordNumber);
    const named = isOurs
        ? newer.find((record) => versionNameOf(release, record) === task.versionName)
        : undefined;
    return { task: isOurs ? task : undefined, record: named ?? newer.at(-1) };
}
/** The version that a record makes: the service's name and the counter (seen live). */
function versionNameOf({ target }, record) {
    return `${target.serviceName}-${String(record.number).padStart(3, '0')}`;
}
/** Task, steps and record in one line of the log. */
function describeProgress({ task, record }) {
    const steps = task?.steps.map((step) => `${step.name} ${step.status}`).join(', ') ?? '';
    const parts = [
        task === undefined
            ? 'waiting for the release to be registered'
            : `task ${task.status}${steps === '' ? '' : ` (${steps})`}`,
        record === undefined ? 'no record yet' : `record ${record.status || 'without a status'}`,
    ];
    return parts.join('; ');
}
/** True when the platform gave the release up. */
function hasFailed({ task, record }) {
    return /failed/.test(record?.status ?? '') || /^(failed|stopped)$/.test(task?.status ?? '');
}
/** True when the task is finished or the record is good; whether the version serves is another question. */
function isSettled({ task, record }) {
    return task?.status === 'finished' || /^(normal|running)$/.test(record?.status ?? '');
}

;// CONCATENATED MODULE: ./src/stages/follow/failure.ts





/** Ends a release that failed: collects the platform's logs, names the kind of failure, and throws. */
async function failRelease(release, seen, ports) {
    const { task, record } = seen;
    const processLog = await readOptional(() => readProcess(release, record, ports));
    const reasons = [task?.failReason, ...(task?.steps.map((step) => step.failReason) ?? [])];
    const failReason = [...new Set(reasons.filter(Boolean))].join('; ');
    const recordStatus = record?.status ?? '';
    const kind = diagnoseRelease({ recordStatus, taskStatus: task?.status ?? '', failReason, processLog });
    const logTail = kind === 'build' ? await readOptional(() => readBuild(release, record, ports)) : processLog;
    const step = task?.steps.find((each) => /failed|stopped/.test(each.status))?.name ?? '';
    throw new errors/* ReadinessError */.Jp(`The release of "${release.target.serviceName}" failed${step === '' ? '' : ` at step ${step}`}: ` +
        `${failReason || recordStatus || 'the platform gives no reason'}. ${oldVersion(release)}`, {
        kind,
        lastStep: step || describeProgress(seen),
        waitedSeconds: Math.round(seen.waitedMs / 1000),
        consoleUrl: (0,urls/* consoleUrlOf */.U)(release.target),
        cloudRunId: record?.runId ?? '',
        logTail: (logTail.length > 0 ? logTail : processLog).slice(-20),
        advice: adviceFor[kind],
    });
}
function oldVersion({ previousVersion }) {
    return previousVersion === '' ? 'No version serves.' : `"${previousVersion}" keeps serving.`;
}
async function readProcess(release, record, ports) {
    return record === undefined || record.runId === ''
        ? []
        : ports.cloudRun.readProcessLog(release.target, record.runId);
}
async function readBuild(release, record, ports) {
    return record === undefined || record.buildId === 0
        ? []
        : ports.cloudRun.readBuildLog(release.target, record.buildId);
}
/** Logs are evidence, not a condition: one that cannot be read is left out. */
async function readOptional(read) {
    try {
        return await read();
    }
    catch (error) {
        if (error instanceof errors/* CloudError */.K2)
            return [];
        throw error;
    }
}

// EXTERNAL MODULE: ./src/service-config/merge.ts
var merge = __webpack_require__(95708);
// EXTERNAL MODULE: ./src/service-config/same.ts + 1 modules
var same = __webpack_require__(45758);
;// CONCATENATED MODULE: ./src/service-config/drift.ts


/**
 * Compares what a release asked for with what the platform reads back. Other forms of the same value are no drift, nor
 * is what the platform fills in.
 */
function findDrift(asked, live, liveAccess) {
    return [...accessDrift(asked, liveAccess), ...settingsDrift(asked, live), ...envDrift(asked, live)];
}
function accessDrift({ settings, setByUser, allowedAccess }, liveAccess) {
    const setting = 'OpenAccessTypes';
    const [live, allowed] = [(0,same/* accessSet */.JS)(liveAccess), (0,same/* accessSet */.JS)(allowedAccess)];
    const wanted = (0,same/* accessSet */.JS)(settings.OpenAccessTypes ?? allowedAccess);
    const added = [...live].filter((type) => !allowed.has(type) && (isOpening(type) || !wanted.has(type)));
    const missing = [...wanted].filter((type) => !live.has(type));
    return [
        ...added.map((type) => ({
            setting,
            message: `The service is open to ${type}, which nobody asked for.`,
            isFailure: isOpening(type),
        })),
        ...missing.map((type) => ({
            setting,
            message: `The service is not open to ${type}, which OpenAccessTypes should have.`,
            isFailure: setByUser.has(setting),
        })),
    ];
}
function isOpening(type) {
    return type === 'PUBLIC' || type === 'OA';
}
const comparedElsewhere = new Set(['OpenAccessTypes', 'EnvParams', 'InstallDependency']);
function settingsDrift({ settings, setByUser }, live) {
    return Object.entries(settings).flatMap(([setting, asked]) => {
        const now = live[setting];
        if (asked === undefined || comparedElsewhere.has(setting))
            return [];
        if (!(0,same/* hasArrived */.iU)(setting, asked, now))
            return [{ setting, message: describeDrift(setting, asked, now), isFailure: setByUser.has(setting) }];
        return (0,same/* hasMore */.u9)(setting, asked, now)
            ? [{ setting, message: `${setting} holds more than was asked for.`, isFailure: false }]
            : [];
    });
}
function describeDrift(setting, asked, live) {
    // A volume has the id of a key.
    if (setting === 'VolumesConf')
        return 'VolumesConf does not hold what was asked for.';
    const [now, wanted] = [show(live), show(asked)];
    if (now === undefined)
        return `${setting} is not set, but should be ${wanted ?? 'empty'}.`;
    return wanted === undefined
        ? `${setting} is ${now}, but should not be set.`
        : `${setting} is ${now}, not ${wanted}.`;
}
function show(value) {
    if (value === undefined || value === null || value === '')
        return undefined;
    if (Array.isArray(value) && value.length === 0)
        return undefined;
    return JSON.stringify(value);
}
function envDrift({ settings, setByUser }, live) {
    const { EnvParams } = settings;
    if (EnvParams === undefined)
        return [];
    const env = (0,merge/* parseEnv */.vc)(live);
    if (env === undefined) {
        const isFailure = [...setByUser].some((name) => name.startsWith('EnvParams.'));
        const message = 'The env vars of the live service are not a JSON object, so they cannot be compared.';
        return [{ setting: 'EnvParams', message, isFailure }];
    }
    const now = new Map(Object.entries(env));
    const wanted = new Map(Object.entries(EnvParams).filter(([, value]) => value !== null));
    return [...new Set([...wanted.keys(), ...now.keys()])].flatMap((key) => {
        if (wanted.get(key) === now.get(key))
            return [];
        const setting = `EnvParams.${key}`;
        const isSet = setByUser.has(setting);
        const state = !now.has(key)
            ? 'did not arrive'
            : wanted.has(key)
                ? 'has another value'
                : `is live, but was ${isSet ? 'to be deleted' : 'not asked for'}`;
        return [{ setting, message: `The env var ${JSON.stringify(key)} ${state}.`, isFailure: isSet }];
    });
}

;// CONCATENATED MODULE: ./src/stages/follow/read-back.ts



const patienceMs = 90_000;
const pauseMs = 3_000;
/**
 * Reads the service until it shows what was asked for, for up to 90 s. Access that is wider than asked, or a setting of
 * the user's that has not arrived by then, is config-drift; whatever else differs is a notice.
 */
async function readBack(release, found, ports) {
    const { clock, log } = ports;
    const since = clock.now();
    for (;;) {
        const service = await readNow(release, ports);
        const drift = service === undefined ? [] : findDrift(release.asked, settingsOf(service), service.accessTypes);
        const failures = drift.filter(({ isFailure }) => isFailure);
        if (service !== undefined && failures.length === 0) {
            for (const { message } of drift)
                log.notice(`The service is not quite as it was written: ${message}`);
            return service;
        }
        const waitedMs = clock.now() - since;
        if (waitedMs >= patienceMs)
            throw failure(release, { service, failures, waitedMs, found });
        await clock.sleep(pauseMs);
    }
}
/** Undefined while the service cannot be read. */
async function readNow({ target }, { cloudRun, log }) {
    try {
        return await cloudRun.readServing(target);
    }
    catch (error) {
        if (!(error instanceof errors/* CloudError */.K2) || !error.isRetryable)
            throw error;
        log.info(`${error.message} The service is read again.`);
        return undefined;
    }
}
/** A version that was just released has what the service has where the API tells null of it. */
function settingsOf({ settings, ownSettings }) {
    return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value ?? ownSettings[name]]));
}
function failure({ target, asked, makesVersion }, { service, failures, waitedMs, found }) {
    const waitedSeconds = Math.round(waitedMs / 1000);
    const head = makesVersion ? 'The new version is online' : 'The platform has taken the settings';
    const what = service === undefined
        ? `could not be read back for ${waitedSeconds} s.`
        : `is not as it was asked for: ${failures.map(({ message }) => message).join(' ')}`;
    const isAccess = failures.some(({ setting }) => setting === 'OpenAccessTypes');
    const orAsk = isAccess && !asked.setByUser.has('OpenAccessTypes') ? ', or set OpenAccessTypes in server-config' : '';
    const online = service?.onlineVersions.find(({ share }) => share > 0);
    return new errors/* ReadinessError */.Jp(`${head}, but the service "${target.serviceName}" ${what}`, {
        kind: 'config-drift',
        lastStep: 'online, its settings are read back',
        waitedSeconds,
        consoleUrl: (0,urls/* consoleUrlOf */.U)(target),
        cloudRunId: found?.record?.runId ?? '',
        servingVersion: (found?.online ?? online)?.versionName,
        advice: `Correct the settings in the console (${(0,urls/* consoleUrlOf */.U)(target)})${orAsk}; then run again.`,
    });
}

;// CONCATENATED MODULE: ./src/stages/follow/follow.ts






const firstPauseMs = 500;
const longestPauseMs = 5_000;
const heartbeatMs = 30_000;
/**
 * Waits until the released version is online with the expected share, and its task is finished or its record good; then
 * reads its settings back. The service's own status says nothing: the old version keeps it `normal` all the while.
 */
async function follow(release, ports) {
    const { target, previousVersion } = release;
    const since = ports.clock.now();
    const progress = { task: undefined, record: undefined };
    const watch = { release, since, progress, shownAt: since, found: undefined };
    try {
        if (release.makesVersion)
            watch.found = await waitUntilOnline(watch, ports);
        const service = await readBack(release, watch.found, ports);
        return await describeLive({ ...watch.found, target, service, previousVersion }, ports);
    }
    catch (error) {
        if (!(error instanceof errors/* StopError */.Tj))
            throw error;
        throw stoppedShort(error, watch, ports.clock.now() - since);
    }
}
async function waitUntilOnline(watch, ports) {
    for (let pauseMs = firstPauseMs;; pauseMs = Math.min(longestPauseMs, pauseMs * 1.2)) {
        const found = await lookOnce(watch, ports);
        if (found !== undefined)
            return found;
        await ports.clock.sleep(pauseMs);
    }
}
/** One look at the release. A read that fails for the moment is no word about the release: it is asked again. */
async function lookOnce(watch, ports) {
    try {
        const next = await readProgress(watch.release, ports.cloudRun);
        follow_show(watch, next, ports);
        if (hasFailed(next))
            await failRelease(watch.release, { ...next, waitedMs: ports.clock.now() - watch.since }, ports);
        return isSettled(next) ? await findOnline(watch.release, next, ports) : undefined;
    }
    catch (error) {
        if (!(error instanceof errors/* CloudError */.K2) || !error.isRetryable)
            throw error;
        ports.log.info(`${error.message} The release goes on meanwhile; it is asked for again.`);
        return undefined;
    }
}
function follow_show(watch, next, { clock, log }) {
    const said = describeProgress(next);
    const isNew = said !== describeProgress(watch.progress) || clock.now() === watch.since;
    watch.progress = next;
    if (!isNew && clock.now() - watch.shownAt < heartbeatMs)
        return;
    watch.shownAt = clock.now();
    log.info(`${seconds(clock.now() - watch.since)} s: ${said}`);
}
function seconds(ms) {
    return (ms / 1000).toFixed(1);
}
async function findOnline(release, { task, record }, { cloudRun }) {
    const service = await cloudRun.readService(release.target);
    const name = record === undefined ? task?.versionName : versionNameOf(release, record);
    const online = service?.onlineVersions.find((version) => version.versionName === name);
    return online === undefined || online.share < release.expectedShare ? undefined : { online, record };
}
/** The run ends here, the release does not: it goes on in the cloud. */
function stoppedShort(cause, watch, waitedMs) {
    const { progress, found } = watch;
    const { target } = watch.release;
    const isOnline = found !== undefined || !watch.release.makesVersion;
    const lastStep = isOnline ? 'online, its settings are read back' : describeProgress(progress);
    const left = cause.kind === 'timeout' ? 'was not live within timeout-seconds' : 'was left by the cancelled run';
    const why = isOnline ? 'is online, but the run ended before its settings were confirmed' : left;
    const goesOn = isOnline ? '' : 'The release goes on in the cloud: ';
    return new errors/* ReadinessError */.Jp(`The release of "${target.serviceName}" ${why}; last seen: ${lastStep}.`, {
        kind: cause.kind,
        cause,
        lastStep,
        waitedSeconds: Math.round(waitedMs / 1000),
        consoleUrl: (0,urls/* consoleUrlOf */.U)(target),
        cloudRunId: progress.record?.runId ?? '',
        servingVersion: found?.online.versionName,
        advice: `${goesOn}${isOnline ? 'Look' : 'look'} at it in the console (${(0,urls/* consoleUrlOf */.U)(target)}).`,
    });
}

// EXTERNAL MODULE: ./src/image-fields.ts
var image_fields = __webpack_require__(6930);
;// CONCATENATED MODULE: ./src/stages/package/tags.ts

/** The tag that never moves, and those that the user wants besides. */
async function findTags(image, { delivery, sha }, { docker, log }) {
    const { repository, tags } = delivery;
    const [fixed, isThere] = await findFreeTag(image, { repository, sha }, { docker, log });
    if (isThere)
        log.info(`"${fixed}" is this very image already.`);
    const taken = sha === '' || fixed === `${repository}:${sha}` ? undefined : `${repository}:${sha}`;
    if (taken !== undefined)
        log.info(`"${taken}" is another image already, and stays it: a release may serve by this tag.`);
    const wanted = new Set(tags.map((tag) => `${repository}:${tag}`));
    return { fixed, isThere, others: [...wanted].filter((name) => name !== taken && name !== fixed) };
}
/** The commit, or with the image's own id where that tag is another image's: what serves by it must not change. */
async function findFreeTag(image, { repository, sha }, { docker, log }) {
    const id = image.facts.id.replace('sha256:', '').slice(0, 12);
    const last = `${repository}:${sha === '' ? id : `${sha}-${id}`}`;
    for (const reference of sha === '' ? [last] : [`${repository}:${sha}`, last]) {
        const found = await lookUp(reference, docker);
        if (found instanceof errors/* ProjectError */.wB)
            log.info(`The registry refuses to say what "${reference}" is, as many do of a repository that is not there yet. It counts as free.`);
        if (found === undefined || found instanceof errors/* ProjectError */.wB)
            return [reference, false];
        if (isSame(image, found))
            return [reference, true];
    }
    throw otherImage(last);
}
/** What the registry holds under the reference; the error where it refuses to say. */
function lookUp(reference, docker) {
    return docker.readManifest(reference).catch((error) => {
        if (error instanceof errors/* ProjectError */.wB && error.kind === 'auth')
            return error;
        throw error;
    });
}
/** The engine names an image by the digest of its config or, in the containerd store, of its manifest. */
function isSame({ facts }, { digest, configDigest }) {
    return facts.id === configDigest || facts.id === digest;
}
/** The registry and the engine mean two images by one name. */
function otherImage(reference) {
    return new errors/* ProjectError */.wB(`The registry holds another image under "${reference}" than the one on this machine.`, {
        kind: 'conflict',
        advice: 'Run again. If it happens again, somebody else pushes to the same tag: use a repository of its own.',
    });
}

;// CONCATENATED MODULE: ./src/stages/package/image.ts



/**
 * Pushes the image by a tag that never moves and, once it is proven that the platform can pull this very image by it, by
 * those that the user wants besides. Names that this machine had before mean afterwards what they meant.
 */
async function pushImage(image, request, ports) {
    const { repository, referenceBy } = request.delivery;
    refuseArchitecture(image);
    const { fixed, isThere, others } = await findTags(image, request, ports);
    const before = await readNames([fixed, ...others], ports.docker);
    ports.state.save('images', [...before].flatMap(([name, id]) => (id === undefined ? [name] : [])).join(' '));
    try {
        const told = isThere ? undefined : await push(image, fixed, ports);
        const digest = await prove(image, { reference: fixed, told }, ports.docker);
        await refuseUnreadable({ reference: fixed, folder: request.tempFolder }, ports);
        for (const reference of others)
            await push(image, reference, ports);
        const reference = referenceBy === 'digest' ? `${repository}@${digest}` : fixed;
        return { kind: 'image', reference, digest, isProven: true };
    }
    finally {
        await restoreNames(image, before, ports);
    }
}
/** The ids of what the engine knows by these names, undefined for what it does not know. */
async function readNames(references, docker) {
    const found = references.map(async (name) => [name, (await docker.readImage(name))?.id]);
    return new Map(await Promise.all(found));
}
/** A line for each layer that docker has not got to yet. */
const isWaiting = /^[0-9a-f]{12}: (Preparing|Waiting)$/;
const isPushed = /^\S+: digest: (sha256:[0-9a-f]{64}) size: \d+$/;
/** Resolves to the digest that docker tells. */
async function push(image, reference, { docker, log }) {
    let digest;
    log.info(`Push "${reference}".`);
    await docker.tag(image.reference, reference);
    await docker.push(reference, (line) => {
        digest = isPushed.exec(line)?.[1] ?? digest;
        if (!isWaiting.test(line))
            log.output(line);
    });
    return digest;
}
/**
 * The digest under which the registry holds this very image. One that refuses to say is believed what docker told when it
 * pushed, as long as the engine still knows this image by the name that was pushed.
 */
async function prove(image, { reference, told }, docker) {
    const found = await lookUp(reference, docker);
    if (!(found instanceof errors/* ProjectError */.wB)) {
        if (found === undefined || !isSame(image, found))
            throw otherImage(reference);
        return found.digest;
    }
    const now = told === undefined ? undefined : await docker.readImage(reference);
    if (told !== undefined && now?.id === image.facts.id)
        return told;
    const message = `Nobody can prove that the registry holds this very image under "${reference}". ${found.message}`;
    const { advice, logTail } = found;
    throw new errors/* ProjectError */.wB(message, { kind: 'auth', advice, logTail });
}
/** A name that cannot be put back is a warning: it changes nothing of what was pushed. */
async function restoreNames({ facts }, before, { docker, log }) {
    for (const [name, id] of before) {
        if (id === undefined || id === facts.id)
            continue;
        await docker.tag(id, name).catch((error) => {
            log.warning(`On this machine "${name}" may now be the image of this run: ${String(error)}`);
        });
    }
}
/** Without a local run nobody else looks. */
function refuseArchitecture({ facts }) {
    const { os, architecture } = facts;
    if (os === 'linux' && architecture === 'amd64')
        return;
    throw new errors/* ProjectError */.wB(`The image is for ${os}/${architecture}, and CloudBase Run runs linux/amd64.`, {
        kind: 'architecture',
        advice: 'Build the image for linux/amd64, on base images for it.',
    });
}
/** What cannot be pulled without a login, the platform cannot pull either, but for its own registries. */
async function refuseUnreadable({ reference, folder }, { docker, log }) {
    const { isOfPlatform, doubt } = (0,image_fields/* describeRegistry */.Fv)((0,image_fields/* registryOf */.YS)(reference));
    if (isOfPlatform)
        return;
    const isPublic = await docker.isPublic(reference, folder).catch((error) => {
        if (error instanceof errors/* MissingProgramError */.Vu)
            return undefined;
        throw error;
    });
    if (isPublic === undefined)
        log.warning(`Nobody knows whether CloudBase Run can pull "${reference}": the registry gives no clear answer without a login.`);
    if (isPublic !== false)
        return;
    throw new errors/* ProjectError */.wB(`CloudBase Run cannot pull "${reference}": it pulls without a login, and the registry refuses that.`, {
        kind: 'image-pull',
        advice: doubt ?? 'Push to a registry of Tencent Cloud in the same account, or make the repository public.',
    });
}
/** An image that exists: what is known of it. One that the platform cannot pull is refused. */
async function describeExisting({ reference }, { built, tempFolder }, ports) {
    await refuseUnreadable({ reference, folder: tempFolder }, ports);
    if (built.kind !== 'image')
        return { kind: 'image', reference, digest: undefined, isProven: false };
    refuseArchitecture(built);
    const manifest = await ports.docker.readManifest(reference);
    const isProven = manifest !== undefined && isSame(built, manifest);
    if (manifest !== undefined && !isProven)
        throw otherImage(reference);
    return { kind: 'image', reference, digest: manifest?.digest, isProven };
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
;// CONCATENATED MODULE: ./src/stages/package/source.ts


/** Zips the files of the project; with `InstallDependency: false` the staged copy, which holds its dependencies. */
async function packageSource(project, { built, tempFolder, to }, ports) {
    const { root, entries } = await chooseFiles(project, built, ports.files);
    await ports.files.makeFolder(tempFolder);
    const file = (0,external_node_path_.join)(tempFolder, 'package.zip');
    const { contentSha256, ...packed } = await ports.archive.write(root, entries, file);
    const isMarked = root === project.folder && project.fingerprint !== undefined;
    if (isMarked && project.fingerprint !== contentSha256)
        refuseChanged(root);
    if (to !== undefined)
        await ports.files.move(file, to);
    return {
        kind: 'package',
        file: to ?? file,
        ...packed,
        contentSha256,
        fileCount: entries.length,
        sourceBytes: entries.reduce((sum, { size }) => sum + size, 0),
        largest: findLargest(entries),
    };
}
async function chooseFiles(project, built, files) {
    const shipsModules = project.kind === 'function' && !project.isInstalledByPlatform && built.kind === 'function-copy';
    if (!shipsModules)
        return { root: project.folder, entries: project.files };
    const entries = await files.listFiles(built.folder, '.');
    return {
        root: built.folder,
        entries: [...entries].sort((left, right) => (left.path < right.path ? -1 : 1)),
    };
}
/** The mark of the version would name another source than the one that is released. */
function refuseChanged(folder) {
    const message = `"${folder}" changed after it was read. Let nothing write into the source folder while this step runs.`;
    throw new errors/* InputError */.dz([{ subject: 'source', message }]);
}
const shownLargest = 10;
function findLargest(entries) {
    return [...entries].sort((left, right) => right.size - left.size).slice(0, shownLargest);
}

;// CONCATENATED MODULE: ./src/stages/package/package.ts



/** Makes what the platform gets: the image in a registry, or a package of the source. */
async function packageProject(project, request, ports) {
    const { built, delivery } = request;
    if (project.kind === 'image')
        return describeExisting(project, request, ports);
    if (delivery.repository === '') {
        if (project.kind === 'container')
            ports.log.info('The platform builds the image again from the same source. To ship the image that was built here, set image-repository.');
        return packageSource(project, request, ports);
    }
    if (built.kind === 'image')
        return pushImage(built, request, ports);
    const message = `is given, but mode "${project.mode}" deploys source alone. Leave it out, or use mode "container".`;
    throw new errors/* InputError */.dz([{ subject: 'image-repository', message }]);
}

;// CONCATENATED MODULE: ./src/service-config/items.ts
/** The key and the value field of the API item behind each setting (API type DiffConfigItem, version 2022-02-17). */
const itemForms = {
    OpenAccessTypes: ['AccessTypes', 'ArrayValue'],
    Cpu: ['CpuSpecs', 'FloatValue'],
    Mem: ['MemSpecs', 'FloatValue'],
    MinNum: ['MinNum', 'IntValue'],
    MaxNum: ['MaxNum', 'IntValue'],
    PolicyDetails: ['PolicyDetails', 'PolicyDetails'],
    TimerScale: ['TimerScale', 'TimerScale'],
    CustomLogs: ['LogPath', 'Value'],
    LogType: ['LogType', 'Value'],
    LogSetId: ['LogSetId', 'Value'],
    LogTopicId: ['LogTopicId', 'Value'],
    LogParseType: ['LogParseType', 'Value'],
    EnvParams: ['EnvParam', 'Value'],
    Port: ['Port', 'IntValue'],
    Dockerfile: ['Dockerfile', 'Value'],
    BuildDir: ['BuildDir', 'Value'],
    InternalAccess: ['InternalAccess', 'Value'],
    InternalDomain: ['InternalDomain', 'Value'],
    EntryPoint: ['EntryPoint', 'ArrayValue'],
    Cmd: ['Cmd', 'ArrayValue'],
    InitialDelaySeconds: ['InitialDelaySeconds', 'IntValue'],
    OperationMode: ['OperationMode', 'Value'],
    SessionAffinity: ['SessionAffinity', 'Value'],
    VpcConf: ['VpcConf', 'VpcConf'],
    VolumesConf: ['VolumesConf', 'VolumesConf'],
    PublicNetConf: ['PublicNetConf', 'PublicNetConf'],
};
/** Turns settings into API items; a setting that is not there makes no item, for the API keeps what is not sent. */
function buildItems(settings) {
    return Object.keys(itemForms).flatMap((name) => {
        const value = settings[name];
        if (value === undefined)
            return [];
        const [key, field] = itemForms[name];
        return [{ Key: key, [field]: name === 'EnvParams' ? JSON.stringify(value) : value }];
    });
}

// EXTERNAL MODULE: ./src/stages/release/write.ts
var write = __webpack_require__(97974);
;// CONCATENATED MODULE: ./src/stages/release/release.ts


/** Uploads the package where there is one, reads the service again, merges again, and writes once. */
async function release(request, ports) {
    const { cloudRun, log } = ports;
    const { target, network } = request.live;
    const { artifact } = request;
    const source = artifact.kind === 'package'
        ? await upload(target, artifact, ports)
        : { DeployType: 'image', ImageUrl: artifact.reference };
    const service = await cloudRun.readServing(target);
    (0,write/* refuseSurprise */.AU)(request.plan, target, service);
    const baseline = await (0,write/* readBaseline */.mF)(target, service, cloudRun);
    const { plan, sent, drift } = (0,write/* settle */.G9)(request.plan, { service, baseline }, log);
    const deployInfo = { ...source, ...buildDeployInfo(request) };
    const send = () => service === undefined
        ? cloudRun.createService(target, {
            deployInfo,
            items: buildCreateItems(sent, request.project),
            network: networkOf(sent, network),
        })
        : cloudRun.updateService(target, { deployInfo, items: buildItems(sent) });
    const action = service === undefined ? 'CreateCloudRunServer' : 'UpdateCloudRunServer';
    const taskId = await (0,write/* writeOnce */.Fq)({ target, action, baseline, send }, ports);
    const previousVersion = (0,write/* servingVersion */.vP)(service);
    return {
        target,
        plan,
        taskId,
        baseline,
        previousVersion,
        makesVersion: true,
        expectedShare: 100,
        asked: drift,
    };
}
async function upload(target, { bytes, file }, { cloudRun, http, log }) {
    log.info(`Upload the package (${bytes} bytes).`);
    const slot = await http.upload(file, () => cloudRun.createUploadSlot(target));
    return {
        DeployType: 'package',
        PackageName: slot.packageName,
        PackageVersion: slot.packageVersion,
    };
}
function buildDeployInfo({ project, plan, remark }) {
    return {
        DeployRemark: remark,
        ...(project.kind === 'function' ? { BuildPacks: functionBuildPacks } : {}),
        ...(plan.action === 'create' ? {} : { ReleaseType: 'FULL' }),
    };
}
/** What the platform builds functions with; its function mode knows no other (SDK cloudrun service, 5.6.5). */
const functionBuildPacks = { RepoLanguage: 'Node.js', LanguageVersion: '20.18' };
/**
 * The items of a create: explicit values, and what tells the platform the mode. The vendor's SDK sends a Dockerfile of
 * functions and images, too (5.6.5).
 */
function buildCreateItems(settings, project) {
    const isNamed = settings.Dockerfile !== undefined;
    return [
        ...buildItems(settings),
        { Key: 'HasDockerfile', BoolValue: true },
        ...(isNamed ? [] : [{ Key: 'Dockerfile', Value: 'Dockerfile' }]),
        ...(project.kind === 'function' ? [{ Key: 'Tag', Value: 'function:' }] : []),
    ];
}
/** Some environments refuse to create a service without a network: the user's, else the environment's own. */
function networkOf({ VpcConf }, ofEnvironment) {
    return VpcConf === undefined ? ofEnvironment : { vpcId: VpcConf.VpcId, subnetIds: [VpcConf.SubnetId] };
}

// EXTERNAL MODULE: ./src/stages/build/docker-args.ts
var docker_args = __webpack_require__(13362);
;// CONCATENATED MODULE: ./src/stages/build/function.ts


/** Copies the files of a function and installs its dependencies beside them. */
async function copyFunction(project, request, ports) {
    const folder = (0,external_node_path_.join)(request.tempFolder, 'function');
    const paths = project.files.map((entry) => entry.path);
    await ports.files.copy(project.folder, folder, paths);
    const bringsModules = paths.some((path) => path.startsWith('node_modules/'));
    if (!project.hasDependencies || bringsModules)
        return { kind: 'function-copy', folder };
    const [file, ...args] = buildInstallCommand(project);
    try {
        await install({ file, args, cwd: folder, env: request.installEnv }, ports);
    }
    catch (error) {
        const isOptional = request.isNeededBy === undefined && project.isInstalledByPlatform;
        if (!isOptional || !(error instanceof errors/* MissingProgramError */.Vu))
            throw error;
        return {
            kind: 'skipped',
            reason: `"${project.lockfile ?? file}" asks for ${file}, which is not on this machine`,
        };
    }
    return { kind: 'function-copy', folder };
}
async function install(command, { exec, log }) {
    const line = [command.file, ...command.args].join(' ');
    log.info(`Install the dependencies: ${line}`);
    const { exitCode, lines } = await exec.capture(command, (each) => {
        log.output(each);
    });
    if (exitCode === 0)
        return;
    throw new errors/* ProjectError */.wB(`The dependencies cannot be installed: "${line}" ended with exit code ${exitCode}.`, {
        kind: 'build',
        exitCode,
        logTail: lines.slice(-20),
        advice: `Run "${line}" in a fresh copy of the source folder.`,
    });
}
/** The install command of the lockfile's package manager; like the platform it leaves development dependencies out. */
function buildInstallCommand(project) {
    switch (project.packageManager) {
        case 'pnpm':
            return ['pnpm', 'install', '--prod', '--frozen-lockfile'];
        case 'yarn':
            return ['yarn', 'install', '--production', '--frozen-lockfile'];
        case 'yarn-berry':
            return ['yarn', 'install', '--immutable'];
        case 'npm':
            return [
                'npm',
                project.lockfile === undefined ? 'install' : 'ci',
                '--omit=dev',
                '--no-audit',
                '--no-fund',
            ];
    }
}

// EXTERNAL MODULE: ./src/lint/dockerfile/secrets.ts
var secrets = __webpack_require__(29689);
;// CONCATENATED MODULE: ./src/stages/build/builder-causes.ts
const otherDriver = 'Run docker/setup-buildx-action in a step before this one, or name a builder of another driver in the input "builder".';
const builderAdvice = 'Create the builder in a step before this one (docker/setup-buildx-action), and pass its name as the input "builder".';
/** What can be wrong with the machine, buildx and the builder; the first rule that fits counts. */
const builderRules = [
    {
        pattern: /^Canceled: |^context canceled$/m,
        explain: () => ({ reason: 'The build was cancelled.', advice: 'Run the step again.' }),
    },
    {
        pattern: /^docker: unknown command|is not a docker command|^unknown flag: --\S+\s+Usage:\s+docker \[OPTIONS\]/,
        explain: () => ({
            reason: 'Docker has no buildx on this machine.',
            advice: 'Install buildx in a step before this one (docker/setup-buildx-action).',
        }),
    },
    {
        pattern: /^unknown (?:shorthand )?flag: ('\w'|\S+)/,
        explain: ([, flag = '']) => ({
            reason: `The buildx on this machine does not know the flag "${flag.replaceAll("'", '')}".`,
            advice: 'Install a newer buildx in a step before this one (docker/setup-buildx-action).',
        }),
    },
    {
        pattern: /^invalid progress mode (\S+)/,
        explain: ([, mode = '']) => ({
            reason: `The buildx on this machine does not know the progress mode "${mode}".`,
            advice: 'Install buildx 0.13 or newer in a step before this one (docker/setup-buildx-action).',
        }),
    },
    {
        pattern: /no builder "([^"]+)" found/,
        explain: ([, name = '']) => ({ reason: `There is no builder "${name}".`, advice: builderAdvice }),
    },
    {
        pattern: /^/,
        explain: (_found, { step }) => /^\[internal\] (?:waiting for connection|booting buildkit)/.test(step)
            ? {
                reason: 'The builder does not answer.',
                advice: 'Look at it with "docker buildx inspect": its endpoint, its certificates, and whether its image can be pulled.',
                kind: 'network',
            }
            : undefined,
    },
    {
        pattern: /[Cc]ache export (?:is|feature is currently) not supported for (?:the )?(\S+) driver/,
        explain: ([, driver = '']) => ({
            reason: `A builder of the driver "${driver}" cannot write the cache that the input "cache-to" asks for.`,
            advice: otherDriver,
        }),
    },
    {
        pattern: /Multi-platform build is not supported for the (\S+) driver/,
        explain: ([, driver = '']) => ({
            reason: `A builder of the driver "${driver}" builds for its own platform only, and that is not linux/amd64.`,
            advice: `Use a runner of x64. ${otherDriver}`,
        }),
    },
    {
        pattern: /no space left on device/i,
        isInLog: true,
        explain: () => ({
            reason: 'The disk of the builder is full.',
            advice: 'Free disk space in a step before this one, keep large files out with .dockerignore, or use a larger builder.',
        }),
    },
    {
        pattern: /Cannot connect to the Docker daemon|error reading from server|transport is closing|error reading server preface|failed to receive status|client connection is closing|error during connect/,
        explain: ([found = '']) => ({
            reason: found.startsWith('Cannot connect')
                ? 'No Docker engine answers.'
                : 'The connection to the builder broke in the middle of the build: its engine ended or was restarted.',
            advice: 'Check that the engine runs ("docker info") and has memory and disk left, then run the step again.',
        }),
    },
];

;// CONCATENATED MODULE: ./src/stages/build/cause.ts
/** How the network shows itself in an error text. */
const network = /dial tcp|no such host|connection refused|connection reset|i\/o timeout|TLS handshake|x509|failed to do request|deadline exceeded|network is unreachable|: EOF$|httpReadSeeker/;
/** The first line of an error text, as a part of a sentence. */
function firstLine(text) {
    return (text.split('\n', 1)[0] ?? '').trim().replace(/\.$/, '');
}

;// CONCATENATED MODULE: ./src/stages/build/image-causes.ts

const loginAdvice = 'Check the name and the tag. If the image is private, log in to its registry in a step before this one (docker/login-action).';
/** Why an image that a Dockerfile builds on cannot be pulled. */
function explainImage(image, why) {
    const shortName = image.replace(/^docker\.io\/(?:library\/)?/, '');
    const name = image === '' ? 'A base image' : `The image "${shortName}"`;
    if (/429|toomanyrequests|rate limit/i.test(why)) {
        return {
            reason: `${name} cannot be pulled: its registry takes no more requests for now (429).`,
            advice: 'Log in to the registry in a step before this one (docker/login-action), or use a mirror.',
            kind: 'network',
        };
    }
    if (/pull access denied|insufficient_scope|unauthorized|authorization failed|authentication required|: 40[13] |\bdenied\b|did not include a token/.test(why)) {
        return {
            reason: `${name} cannot be pulled: access is denied, or there is no such image.`,
            advice: loginAdvice,
        };
    }
    if (/no match for platform/.test(why))
        return wrongPlatform(`${name} is not made`);
    if (/: not found|manifest unknown|: 404 /.test(why)) {
        return { reason: `${name} does not exist in its registry.`, advice: loginAdvice };
    }
    const isDown = network.test(why) || /: 5\d\d /.test(why);
    return {
        reason: `${name} cannot be pulled: ${firstLine(why)}.`,
        advice: 'Run the step again. If it fails again, check that the runner reaches the registry, or use a mirror.',
        ...(isDown ? { kind: 'network' } : {}),
    };
}
/** Something that another processor runs. */
function wrongPlatform(what) {
    return {
        reason: `${what} for linux/amd64.`,
        advice: 'Use images and programs that are made for linux/amd64: CloudBase Run has no other.',
    };
}
/** The image that an instruction builds on or copies from; empty where it names none. */
function imageIn(command) {
    const found = /^FROM (?:--\S+ )*(\S+)|--from=(\S+)/i.exec(command);
    return found?.[1] ?? found?.[2] ?? '';
}

;// CONCATENATED MODULE: ./src/stages/build/failure-causes.ts



/** What can be wrong with the Dockerfile, what it builds on, and its commands; the first rule that fits counts. */
const dockerfileRules = [
    {
        pattern: /failed to read dockerfile: open (.+?): no such file/,
        explain: ([, path = '']) => ({
            reason: `There is no Dockerfile "${path}".`,
            advice: 'Set Dockerfile and BuildDir in server-config to where it is, and commit it.',
        }),
    },
    {
        pattern: /dockerfile parse error|Dockerfile cannot be empty|file with no instructions|no build stage in current context|invalid stage index|failed to parse stage name|base name .* should not be blank|invalid reference format/,
        explain: (_found, { message }) => ({
            reason: `The Dockerfile is wrong: ${firstLine(message).replace(/^dockerfile parse error (?:on )?line \d+: /, '')}.`,
            advice: 'Correct it; "docker buildx build --check" finds such errors without building.',
        }),
    },
    {
        pattern: /^(?:[\w ]+: )?secret (\S+?):? not found/m,
        explain: ([, id = '']) => ({
            reason: `The Dockerfile needs the build secret "${id}", and the build has none of that id.`,
            advice: `Add a line "${id}=…" to the input "build-secrets".`,
        }),
    },
    {
        pattern: /^failed to stat (.+?): stat /,
        explain: ([, path = '']) => ({
            reason: `The file "${path}", which a build secret is to be read from, is not there.`,
            advice: 'Write it in a step before this one, or correct the input "build-secrets".',
        }),
    },
    {
        pattern: /unset ssh forward key|no ssh handler|SSH_AUTH_SOCK/i,
        explain: () => ({
            reason: 'The Dockerfile asks for SSH (--mount=type=ssh), which the build does not hand over.',
            advice: 'Hand over a token as a build secret (input "build-secrets"), and fetch by https.',
        }),
    },
    {
        pattern: /target stage "?([^"\n]+?)"? could not be found/,
        explain: ([, target = '']) => ({
            reason: `The Dockerfile has no stage "${target}", which the input "target" names.`,
            advice: 'Use the name after AS of one of its FROM lines.',
        }),
    },
    {
        pattern: /^(?:.*: )?failed to resolve source metadata for (\S+): ([^]*)/,
        explain: ([, image = '', why = '']) => explainImage(image, why),
    },
    {
        pattern: /failed to (?:fetch anonymous token|fetch oauth token|authorize|copy): ([^]*)|pull access denied[^]*/,
        explain: ([all = '', why = all], { command }) => explainImage(imageIn(command), why),
    },
    {
        pattern: /no match for platform in manifest/,
        explain: (_found, { command }) => wrongPlatform(`The image "${imageIn(command)}" is not made`),
    },
    {
        pattern: /failed to calculate checksum of ref \S+ "?(.+?)"?: not found|"([^"]+)":? not found|^lstat (\S+): no such file/m,
        explain: ([, ...paths], { command }) => explainCopy(paths.find((path) => path !== undefined) ?? '', command),
    },
    {
        pattern: /exec format error/,
        isInLog: true,
        explain: (_found, { command }) => wrongPlatform(`"${command}" starts a program that is not made`),
    },
    {
        pattern: /(?:did not complete successfully|executor failed running): exit code: (\d+)/,
        explain: ([, exitCode = ''], { command }) => ({
            reason: `"${command}" ended with exit code ${exitCode}.`,
            advice: adviceForExit(exitCode),
        }),
    },
    {
        pattern: /did not complete successfully: ([^]*)/,
        explain: ([, why = ''], { command }) => ({
            reason: `The builder could not run "${command}": ${firstLine(why)}.`,
            advice: 'Run the step again; if it fails again, restart the engine of the runner or use another builder.',
        }),
    },
    {
        pattern: network,
        explain: (_found, { message }) => ({
            reason: `The builder could not reach a server: ${firstLine(message)}.`,
            advice: 'Run the step again. If it fails again, check the network and the proxy of the runner.',
            kind: 'network',
        }),
    },
];
/** The cause that the error text and the last lines of the failing step show. */
function findCause(facts) {
    const withLog = [facts.message, ...facts.logTail].join('\n');
    for (const { pattern, isInLog, explain } of [...builderRules, ...dockerfileRules]) {
        const found = pattern.exec(isInLog === true ? withLog : facts.message);
        const cause = found === null ? undefined : explain([...found], facts);
        if (cause !== undefined)
            return cause;
    }
    const what = firstLine(facts.message);
    return {
        reason: what === '' ? 'The build failed, and buildx gives no reason.' : `The build failed: ${what}.`,
        advice: 'Read the end of the build log.',
    };
}
function explainCopy(path, command) {
    const from = /--from=(\S+)/.exec(command)?.[1];
    // A path that the Dockerfile does not spell out has the value of a build argument in it.
    const bare = path.replace(/^\//, '');
    const what = command.includes(bare) && bare !== '' ? `"${bare}" is not there` : 'a source is not there';
    return from === undefined
        ? {
            reason: `"${command}" cannot be done: ${what}.`,
            advice: 'Paths count from BuildDir. Check that the file is committed and that .dockerignore lets it in.',
        }
        : {
            reason: `"${command}" cannot be done: ${what} in "${from}".`,
            advice: `Check that "${from}" makes this path, and that its WORKDIR is the one you think of.`,
        };
}
function adviceForExit(exitCode) {
    switch (exitCode) {
        case '126':
            return 'The file is there but cannot be run: give it the exec bit, and check its first line.';
        case '127':
            return 'A command was not found: install it in the image before this line, and check its spelling.';
        case '137':
            return 'The command was killed, most often because memory ran out: use a larger builder, or let it do less at a time.';
        default:
            return 'Read its last lines in the log.';
    }
}

;// CONCATENATED MODULE: ./src/stages/build/progress-events.ts
const lists = ['vertexes', 'statuses', 'logs', 'warnings'];
const singles = ['vertex', 'status', 'log', 'warning'];
/**
 * One line of BuildKit's raw progress: with its JSON names (`vertexes`) or those of the Go structures (`Vertexes`), whole
 * or one event a line. Undefined for any other line.
 */
function parseProgress(line) {
    const fields = parseObject(line);
    if (fields === undefined)
        return undefined;
    const isBatch = fields.size === 0 || lists.some((name) => isList(fields.get(name), fields.has(name)));
    const batch = isBatch ? fields : asBatch(fields);
    return batch === undefined
        ? undefined
        : {
            vertexes: itemsOf(batch, 'vertexes').flatMap(readVertex),
            logs: itemsOf(batch, 'logs').flatMap(readLog),
            warnings: itemsOf(batch, 'warnings').flatMap(readWarning),
        };
}
function parseObject(line) {
    if (!line.trimStart().startsWith('{'))
        return undefined;
    try {
        return fieldsOf(JSON.parse(line));
    }
    catch {
        return undefined;
    }
}
function fieldsOf(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
        return undefined;
    return new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]));
}
function isList(value, isThere) {
    return isThere && (value === null || Array.isArray(value));
}
/** An event that stands alone, under its own name or bare, as a batch of one. */
function asBatch(fields) {
    const named = singles.findIndex((name) => fieldsOf(fields.get(name)) !== undefined);
    if (named >= 0)
        return new Map([[lists[named] ?? '', [fields.get(singles[named] ?? '')]]]);
    const kind = kindOf(fields);
    return kind === undefined ? undefined : new Map([[kind, [Object.fromEntries(fields)]]]);
}
function kindOf(fields) {
    const has = (...names) => names.every((name) => typeof fields.get(name) === 'string');
    if (has('digest', 'name'))
        return 'vertexes';
    if (has('vertex', 'data'))
        return 'logs';
    if (has('vertex', 'short'))
        return 'warnings';
    return has('vertex', 'id') ? 'statuses' : undefined;
}
function itemsOf(fields, name) {
    const items = fields.get(name);
    return Array.isArray(items) ? items.flatMap((item) => fieldsOf(item) ?? []) : [];
}
function readVertex(fields) {
    const digest = textOf(fields, 'digest');
    if (digest === '')
        return [];
    const inputs = fields.get('inputs');
    return [
        {
            digest,
            name: textOf(fields, 'name'),
            inputs: Array.isArray(inputs) ? inputs.filter((input) => typeof input === 'string') : [],
            startedMs: timeOf(fields, 'started'),
            completedMs: timeOf(fields, 'completed'),
            isCached: fields.get('cached') === true,
            error: hideCredentials(textOf(fields, 'error')),
        },
    ];
}
function readLog(fields) {
    const data = textOf(fields, 'data');
    const stream = JSON.stringify(fields.get('stream') ?? 0);
    return data === ''
        ? []
        : [{ vertex: textOf(fields, 'vertex'), stream, bytes: Buffer.from(data, 'base64') }];
}
function readWarning(fields) {
    const short = Buffer.from(textOf(fields, 'short'), 'base64').toString('utf8').trim();
    const url = textOf(fields, 'url');
    return short === '' ? [] : [url === '' ? short : `${short} (${url})`];
}
function textOf(fields, name) {
    const value = fields.get(name);
    return typeof value === 'string' ? value : '';
}
/** A time in milliseconds; Go's zero time, which lies before 1970, is none. */
function timeOf(fields, name) {
    const time = Date.parse(textOf(fields, name));
    return time > 0 ? time : undefined;
}
/** A text without the user, the password and the query of the addresses in it: these can be credentials. */
function hideCredentials(text) {
    return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@"']*@)?([^\s?"'#]*)(?:\?[^\s"']*?(?=:?(?:[\s"']|$)))?/gi, '$1$2');
}

;// CONCATENATED MODULE: ./src/stages/build/build-failure.ts


const tailLength = 20;
/**
 * Why a build failed, from its progress and the lines that are no progress. Reads the output of `--progress plain` too,
 * where the summary knows nothing.
 */
function readBuildFailure(summary, lines) {
    const plain = lines.filter((line) => !line.trimStart().startsWith('{"')).map(hideCredentials);
    const { failed } = summary;
    const frame = findFrame(plain);
    const block = findBlock(plain);
    const message = findMessage(plain) ?? failed?.error ?? '';
    // The Dockerfile's own text first: BuildKit has put the values of build arguments into the names of its steps.
    const command = shorten(frame?.command ?? commandOf(message) ?? withoutNumber(failed?.step ?? block?.step ?? ''));
    const logTail = [failed?.logTail, block?.logTail].find((tail) => tail !== undefined && tail.length > 0) ?? [];
    const cause = findCause({
        message: withoutCommand(message),
        command,
        step: failed?.step ?? block?.step ?? '',
        logTail,
    });
    const line = frame?.line ?? lineOf(message);
    return {
        logTail: logTail.length > 0 ? logTail : plain.filter((each) => each !== '').slice(-tailLength),
        ...(line === undefined ? {} : { dockerfileLine: line }),
        reason: cause.reason,
        kind: cause.kind ?? 'build',
        advice: cause.advice,
    };
}
/** True for the output of a buildx that is older than `--progress rawjson` (0.13): the caller builds with `plain`. */
function isRawJsonUnknown(lines) {
    return lines.some((line) => /invalid progress mode "?rawjson/.test(line));
}
/** The last excerpt of the Dockerfile, `Dockerfile:3` with `>>>` before the lines of the failing instruction. */
function findFrame(lines) {
    const start = lines.findLastIndex((line, index) => /^\S.*:\d+$/.test(line) && /^-{10,}$/.test(lines[index + 1] ?? ''));
    const [, line = ''] = /:(\d+)$/.exec(lines[start] ?? '') ?? [];
    if (start < 0)
        return undefined;
    const end = lines.findIndex((each, index) => index > start + 1 && /^-{10,}$/.test(each));
    const marked = lines
        .slice(start + 2, end < 0 ? undefined : end)
        .flatMap((each) => /^\s*\d+ \| >>> (.*)$/.exec(each)?.[1] ?? []);
    const command = marked.map((each) => each.replace(/\\\s*$/, '').trim()).join(' ');
    return { line: Number(line), command };
}
/** In plain progress: the failing step with its last lines, ` > [2/2] RUN npm ci:` between dashes. */
function findBlock(lines) {
    const start = lines.findLastIndex((line, index) => /^ > .*:$/.test(line) && lines[index - 1] === '------');
    if (start < 0)
        return undefined;
    const end = lines.indexOf('------', start);
    const tail = lines
        .slice(start + 1, end < 0 ? undefined : end)
        .map((line) => line.replace(/^\d+\.\d+ /, ''));
    return { step: (lines[start] ?? '').slice(3, -1), logTail: tail.slice(-tailLength) };
}
/** The error at the end, without what buildx and gRPC put before it. */
function findMessage(lines) {
    const start = lines.findLastIndex((line) => /^(?:ERROR: |error: |unknown (?:shorthand )?flag: |docker: )/.test(line));
    if (start < 0)
        return undefined;
    const prefixes = /^(?:(?:ERROR|error|failed to build|failed to solve|ResourceExhausted|Unknown|Internal|Unavailable|NotFound|InvalidArgument|FailedPrecondition): ?|rpc error: code = \w+ desc = )+/;
    return lines.slice(start).join('\n').trim().replace(prefixes, '');
}
function commandOf(message) {
    const found = /^process "(.*?)" did not complete/s.exec(message) ??
        /^executor failed running \[(.*?)\]: /s.exec(message);
    return found?.[1] === undefined ? undefined : `RUN ${found[1].replace(/^\/bin\/sh -c /, '')}`;
}
/** What a command says of itself is no cause. */
function withoutCommand(message) {
    return message
        .replace(/^process ".*" did not/s, 'process did not')
        .replace(/^(executor failed running) \[.*\]: /s, '$1: ');
}
function withoutNumber(step) {
    return step.startsWith('[internal]') ? '' : step.replace(/^\[[^\]]*\] /, '');
}
function shorten(command) {
    const text = command.replace(/\s+/g, ' ').trim();
    return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
function lineOf(message) {
    const line = /dockerfile parse error (?:on )?line (\d+)/.exec(message)?.[1];
    return line === undefined ? undefined : Number(line);
}

// EXTERNAL MODULE: ./src/lint/dockerfile/ignore-pattern.ts
var ignore_pattern = __webpack_require__(52239);
;// CONCATENATED MODULE: ./src/stages/build/context-rules.ts


/**
 * Makes a build see just the files that belong to the project: where they differ from what the ignore file says, a copy
 * of the Dockerfile with an ignore file of its own beside it, which BuildKit prefers to that of the build folder.
 * Resolves to the path of the Dockerfile to build.
 */
async function writeContextRules(project, tempFolder, files) {
    const { folder, buildFolder, dockerfile, dockerfileText, differences } = project;
    const path = (0,external_node_path_.join)(folder, buildFolder, dockerfile);
    if (differences.length === 0)
        return path;
    const shared = (0,external_node_path_.join)(folder, buildFolder, '.dockerignore');
    const rules = (await files.readText(`${path}.dockerignore`)) ?? (await files.readText(shared)) ?? '';
    const added = differences.map(({ path: inSource, isIn }) => {
        const pattern = (0,ignore_pattern/* spellIgnorePattern */.Bx)(external_node_path_.posix.relative(buildFolder, inSource));
        return isIn ? `!${pattern}` : pattern;
    });
    const copy = (0,external_node_path_.join)(tempFolder, 'build', external_node_path_.posix.basename(dockerfile));
    await files.write(copy, dockerfileText);
    await files.write(`${copy}.dockerignore`, `${[rules, ...added].join('\n')}\n`);
    return copy;
}

;// CONCATENATED MODULE: ./src/stages/build/progress.ts

const progress_tailLength = 20;
const longestName = 120;
/** Code units of a line that does not end; no program writes more for a person to read. */
const longestLine = 16_384;
const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[ -/]*[@-~]`, 'g');
/** A reader for the progress of one build. It knows no clock: all times come from the lines. */
function createProgress() {
    const steps = new Map();
    const failures = new Set();
    const held = new Set();
    const warnings = new Set();
    const stepOf = (digest) => {
        const step = steps.get(digest) ?? newStep();
        steps.set(digest, step);
        return step;
    };
    const settle = (step) => {
        const released = step.startedMs === undefined ? [] : step.inputs.map(stepOf).filter((each) => held.delete(each));
        // What a cached step needs was not fetched either.
        if (step.isCached)
            for (const each of released)
                each.isCached = true;
        if (step.error !== '')
            failures.add(step);
        held.delete(step);
        if (step.isDone && mayStartAgain(step))
            held.add(step);
        return [...released, ...(step.isDone && !held.has(step) ? [step] : [])].flatMap(report);
    };
    return {
        read(line) {
            const event = parseProgress(line);
            if (event === undefined)
                return [line];
            const news = event.warnings.filter((warning) => !warnings.has(warning));
            for (const warning of news)
                warnings.add(warning);
            const touched = new Set(event.vertexes.map((vertex) => update(stepOf(vertex.digest), vertex)));
            return [
                ...[...new Set(news)].map((warning) => `Warning: ${warning}`),
                ...event.logs.flatMap((chunk) => progress_write(stepOf(chunk.vertex), chunk)),
                ...[...touched].flatMap(settle),
            ];
        },
        end() {
            const rest = [...steps.values()].flatMap((step) => [
                ...flush(step),
                ...(held.delete(step) ? report(step) : []),
            ]);
            return { ...summarize([...steps.values()], [...failures]), rest };
        },
    };
}
function newStep() {
    return {
        ...{ name: '', inputs: [], startedMs: undefined, spans: new Map(), isDone: false, isCached: false },
        ...{ error: '', reported: '', outputs: new Map(), tail: [] },
    };
}
function update(step, vertex) {
    const { startedMs, completedMs, isCached, error } = vertex;
    if (vertex.name !== '')
        step.name = progress_shorten(vertex.name);
    if (vertex.inputs.length > 0)
        step.inputs = vertex.inputs;
    if (startedMs !== undefined && startedMs !== step.startedMs) {
        step.startedMs = startedMs;
        step.isDone = false;
        step.error = '';
    }
    if (completedMs !== undefined)
        step.spans.set(startedMs ?? completedMs, completedMs);
    if (isCached)
        step.isCached = true;
    if (error !== '')
        step.error = error;
    if (completedMs !== undefined || isCached || error !== '')
        step.isDone = true;
    return step;
}
/** A base image is looked up first, and pulled only when a step needs it: its first end says nothing. */
function mayStartAgain(step) {
    const { inputs, isCached, error, reported } = step;
    return numberOf(step) !== undefined && inputs.length === 0 && !isCached && error === '' && reported === '';
}
function progress_shorten(name) {
    const plain = name
        .replace(/\s+/g, ' ')
        .replace(/(\bFROM |\bfor )docker\.io\/(?:library\/)?/, '$1')
        .replace(/^(\[[^\]]*\] FROM [^@ ]+)@sha256:[0-9a-f]{64}/, '$1')
        .trim();
    return plain.length > longestName ? `${plain.slice(0, longestName - 1)}…` : plain;
}
function progress_write(step, { stream, bytes }) {
    const output = step.outputs.get(stream) ?? {
        decoder: new TextDecoder('utf-8', { ignoreBOM: true }),
        pending: '',
    };
    step.outputs.set(stream, output);
    const lines = `${output.pending}${output.decoder.decode(bytes, { stream: true })}`.split('\n');
    const last = lastDrawn(lines.pop() ?? '');
    const isEndless = last.length > longestLine;
    output.pending = isEndless ? '' : last;
    return [...lines, ...(isEndless ? [last] : [])].map((line) => progress_show(step, line));
}
/** A progress bar draws its line again and again: what it has drawn last, with the return that may follow. */
function lastDrawn(text) {
    const once = text.replace(/\r+/g, '\r');
    return once.slice(once.lastIndexOf('\r', once.length - 2) + 1);
}
function progress_show(step, text) {
    const line = lastDrawn(text).replaceAll('\r', '').replace(escapes, '');
    step.tail.push(line);
    if (step.tail.length > progress_tailLength)
        step.tail.shift();
    return `  ${tagOf(step)} ${line}`.trimEnd();
}
function flush(step) {
    const left = [...step.outputs.values()].map(({ decoder, pending }) => pending + decoder.decode());
    step.outputs.clear();
    return left.filter((text) => text !== '').map((text) => progress_show(step, text));
}
function tagOf(step) {
    return numberOf(step) ?? nameOf(step);
}
/** `[2/5]`, `[build 2/5]` or `[linux/amd64 2/5]` of a step of the Dockerfile; its other steps have no number. */
function numberOf({ name }) {
    return /^\[(?:[^\]]* )?\d+\/\d+\]/.exec(name)?.[0];
}
function nameOf({ name }) {
    return name === '' ? 'unnamed step' : name;
}
/** The lines that say that a step ended: none when that was said, or is of no interest. */
function report(step) {
    const lines = flush(step);
    const isDull = numberOf(step) === undefined && step.error === '' && durationOf(step) <= 1000;
    const text = isDull ? '' : `${nameOf(step)}: ${describeEnd(step)}`;
    const isKnown = text === step.reported || (step.reported !== '' && step.isCached && step.error === '');
    if (isKnown)
        return lines;
    step.reported = text;
    return [...lines, text];
}
function describeEnd(step) {
    const seconds = `${(durationOf(step) / 1000).toFixed(1)} s`;
    if (isCancelled(step))
        return `cancelled after ${seconds}`;
    if (step.error === '')
        return isFromCache(step) ? 'cached' : seconds;
    const exit = /did not complete successfully: (exit code: \d+)$/.exec(step.error)?.[1]?.replace(':', '');
    return `failed after ${seconds}: ${exit ?? step.error.split('\n', 1)[0] ?? ''}`;
}
function durationOf({ spans }) {
    return [...spans].reduce((sum, [from, to]) => sum + Math.max(0, to - from), 0);
}
function isFromCache({ isCached, error }) {
    return isCached && error === '';
}
/** Stopped because another step failed, or the build was stopped. */
function isCancelled({ error }) {
    return /context canceled/.test(error);
}
function summarize(steps, failures) {
    const ended = steps.filter((step) => numberOf(step) !== undefined && step.isDone);
    // A cache that cannot be read is left out by BuildKit, and the build goes on.
    const culprits = failures.filter((step) => step.error !== '' && !isCancelled(step) && !step.name.startsWith('importing cache'));
    const failed = culprits.find((step) => numberOf(step) !== undefined) ?? culprits[0];
    return {
        steps: ended.length,
        cached: ended.filter(isFromCache).length,
        ...(failed === undefined ? {} : { failed: describeFailed(failed) }),
    };
}
function describeFailed(step) {
    return { step: nameOf(step), logTail: [...step.tail], error: step.error };
}

;// CONCATENATED MODULE: ./src/stages/build/image.ts







/** Builds the image and loads it into the engine; what fails is a ProjectError that names the step and its line. */
async function buildImage(project, { engine, request }, ports) {
    const { labels, buildSecrets, cacheEnv, inputs } = request;
    warnOfSecrets(inputs.build.buildArgs, ports.log);
    const reference = (0,docker_args/* imageName */.tO)(request.stepLabel);
    const dockerfile = await writeContextRules(project, request.tempFolder, ports.files);
    const how = { build: inputs.build, buildSecrets, labels, cacheEnv, dockerfile, reference };
    await ports.exec.stream({ file: 'docker', args: ['version'] });
    const { finished, summary } = await runBuild(project, how, ports);
    if (finished.exitCode !== 0)
        throw describeFailure(project, request, { finished, summary });
    const facts = await ports.docker.readImage(reference);
    if (facts === undefined)
        throw lostImage(inputs.build.builder);
    ports.log.info(describeCache(summary));
    return { kind: 'image', reference, facts, engine };
}
function warnOfSecrets(buildArgs, log) {
    const names = Object.entries(buildArgs).flatMap(([name, value]) => (0,secrets/* looksSecret */.n)(name, value) ? [`"${name}"`] : []);
    if (names.length > 0)
        log.warning(`build-args: ${names.join(', ')} may be a secret, and values of build arguments stay in the history of the image, for everybody who can pull it. Hand secrets over with build-secrets, and read them with "RUN --mount=type=secret".`);
}
/** An older buildx does not know the progress that can be read by steps. */
async function runBuild(project, how, { docker, log }) {
    const progress = createProgress();
    const command = (0,docker_args/* buildDockerBuild */.Vk)(project, { ...how, progress: 'rawjson' });
    const finished = await docker.build(command, (line) => {
        for (const shown of progress.read(line))
            log.output(shown);
    });
    const summary = progress.end();
    for (const held of summary.rest)
        log.output(held);
    if (finished.exitCode === 0 || !isRawJsonUnknown(finished.lines))
        return { finished, summary };
    const plain = await docker.build((0,docker_args/* buildDockerBuild */.Vk)(project, { ...how, progress: 'plain' }), (line) => {
        log.output(line);
    });
    return { finished: plain, summary };
}
function describeCache({ steps, cached }) {
    return steps === 0 ? 'Built.' : `Built in ${steps} step(s), ${cached} of them from the cache.`;
}
function describeFailure({ folder, buildFolder, dockerfile }, { repository, inputs }, { finished, summary }) {
    const { exitCode, lines } = finished;
    const failure = readBuildFailure(summary, lines);
    const file = (0,external_node_path_.relative)(repository, (0,external_node_path_.join)(folder, buildFolder, dockerfile)).replaceAll('\\', '/');
    const line = failure.dockerfileLine;
    const target = inputs.build.target === '' ? '' : `--target ${inputs.build.target} `;
    const rerun = `Run it locally: docker buildx build --platform linux/amd64 ${target}-f ${buildFolder}/${dockerfile} ${buildFolder}`;
    return new errors/* ProjectError */.wB(`The image does not build. ${failure.reason}`, {
        kind: failure.kind,
        exitCode,
        logTail: failure.logTail,
        advice: [failure.advice, rerun].filter(Boolean).join(' '),
        at: line === undefined ? undefined : { file, line, column: 1 },
    });
}
function lostImage(builder) {
    return new errors/* ProjectError */.wB(`The image was built, but the engine of this machine does not have it.`, {
        kind: 'build',
        advice: `Check that the builder "${builder || 'in use'}" can load images ("docker buildx build --load").`,
    });
}

;// CONCATENATED MODULE: ./src/stages/build/pull.ts


/**
 * Pulls the image that is to be deployed; the post part takes its name from an engine that did not have it. One that this
 * machine cannot have is skipped with the reason; whether the platform can have it is asked when it is packaged.
 */
async function pullImage({ reference }, { engine, request }, { docker, log, state }) {
    // Said before the pull: a killed one may still come to its end in the engine.
    if ((await docker.readImage(reference)) === undefined)
        state.save('images', reference);
    try {
        await docker.pull(reference, (line) => {
            log.output(line);
        });
    }
    catch (error) {
        if (!(error instanceof errors/* ProjectError */.wB) || request.isNeededBy !== undefined)
            throw error;
        if (isPlatformRefused(error.kind, reference) || (await isMissing(reference, docker)))
            throw error;
        return { kind: 'skipped', reason: `this machine cannot pull the image: ${error.message}` };
    }
    const facts = await docker.readImage(reference);
    if (facts !== undefined)
        return { kind: 'image', reference, facts, engine };
    throw new errors/* ProjectError */.wB(`The image "${reference}" was pulled, but the engine does not have it.`, {
        kind: 'unexpected',
        advice: 'Check the Docker engine of this machine with "docker info".',
    });
}
/** Refusals that the platform meets as well; it has a login for its own registries alone. */
function isPlatformRefused(kind, reference) {
    if (kind === 'auth')
        return !(0,image_fields/* describeRegistry */.Fv)((0,image_fields/* registryOf */.YS)(reference)).isOfPlatform;
    return kind === 'architecture';
}
/** The platform does not find it either; any other refusal may be one of this machine alone. */
async function isMissing(reference, docker) {
    try {
        return (await docker.readManifest(reference)) === undefined;
    }
    catch (error) {
        if (error instanceof errors/* ProjectError */.wB)
            return false;
        throw error;
    }
}

;// CONCATENATED MODULE: ./src/stages/build/build.ts





/** Makes what runs on this machine and, where it is pushed or brings its dependencies, what is released. */
async function build(project, request, ports) {
    if (project.kind === 'function') {
        const isShipped = !project.isInstalledByPlatform;
        return isDeclined(request) && !isShipped ? declined : copyFunction(project, request, ports);
    }
    if (isDeclined(request))
        return declined;
    const engine = await ports.docker.readEngine();
    if ('reason' in engine)
        return refuseEngine(engine.reason, request);
    ports.state.save('engine', engine.version);
    const { access } = request.inputs.delivery;
    if (access !== undefined)
        await ports.docker.login(access, (0,docker_args/* loginFolder */.oi)(request.tempFolder));
    return project.kind === 'image'
        ? pullImage(project, { engine, request }, ports)
        : buildImage(project, { engine, request }, ports);
}
const declined = { kind: 'skipped', reason: 'input "verify" is false' };
function isDeclined({ inputs, isNeededBy }) {
    return isNeededBy === undefined && inputs.local.verify === 'false';
}
function refuseEngine(reason, { isNeededBy }) {
    if (isNeededBy === undefined)
        return { kind: 'skipped', reason };
    const advice = {
        command: 'is "run", which needs Docker with buildx for a container',
        'image-repository': 'is given, and an image is built and pushed with Docker and buildx',
        verify: 'is "true"',
    }[isNeededBy];
    const else_ = isNeededBy === 'verify' ? ', or "auto" to verify only where there is one' : '';
    const message = `${advice}, but ${reason}. Use a runner with Docker and buildx${else_}.`;
    throw new errors/* InputError */.dz([{ subject: isNeededBy, message }]);
}

// EXTERNAL MODULE: ./node_modules/ignore/index.js
var ignore = __webpack_require__(70298);
var ignore_default = /*#__PURE__*/__webpack_require__.n(ignore);
;// CONCATENATED MODULE: ./src/stages/project/patterns.ts

/** Creates the patterns of an input. Each is asked alone until it has matched once, all of them together afterwards. */
function createPatterns(subject, patterns) {
    const matcher = ignore_default()({ ignorecase: false }).add([...patterns]);
    const waiting = new Map(patterns.map((pattern) => [pattern, ignore_default()({ ignorecase: false }).add(pattern)]));
    const spell = (path, isFolder) => (isFolder ? `${path}/` : path);
    return {
        isEmpty: patterns.length === 0,
        match: (path, isFolder) => {
            if (patterns.length === 0)
                return false;
            for (const [pattern, single] of waiting)
                if (single.ignores(spell(path, isFolder)))
                    waiting.delete(pattern);
            return matcher.ignores(spell(path, isFolder));
        },
        nameRule: (path, isFolder) => `${subject} ("${matcher.test(spell(path, isFolder)).rule?.pattern ?? ''}")`,
        isWaiting: () => waiting.size > 0,
        listIdle: () => [...waiting.keys()].map((pattern) => ({
            subject,
            message: `"${pattern}" matches no file of the source. Correct the pattern, or take it out.`,
        })),
    };
}

;// CONCATENATED MODULE: ./src/stages/project/secrets.ts

const sample = /[._-](example|sample|template|dist)$/;
const neverPublic = /^\.env|^(\.git-credentials|[._]netrc)$|\.(p12|pfx|ppk)$/;
const maybeKey = /\.(pem|key|p8)$|^id_(rsa|dsa|ecdsa|ed25519)/;
const literalLogin = /^[^#;\n]*\b_(authToken|password)[ \t]*=[ \t]*(?!["']?\$\{)\S/m;
/** Larger JSON files are data; keys of service accounts take a few KiB. */
const jsonLimit = 64 * 1024;
/** Tells whether a file that would be uploaded holds a secret, by its name (in any case), or by what stands in it. */
async function isSecret(folder, entry, files) {
    const name = external_node_path_.posix.basename(entry.path).toLowerCase();
    // What others publish is no secret of this project.
    if (entry.path.split('/').includes('node_modules'))
        return false;
    if (sample.test(name))
        return false;
    if (neverPublic.test(name))
        return true;
    const sign = signOf(name, entry);
    return sign !== undefined && sign.test((await files.readLooseText((0,external_node_path_.join)(folder, entry.path))) ?? '');
}
/** What makes a file of this name a secret. */
function signOf(name, { size }) {
    if (name === '.npmrc')
        return literalLogin;
    const isSmallJson = name.endsWith('.json') && size <= jsonLimit;
    return isSmallJson || maybeKey.test(name) ? /PRIVATE KEY-----/ : undefined;
}

;// CONCATENATED MODULE: ./src/stages/project/unfit.ts




/** Refuses what a package cannot or must not hold; everything that is found comes in one InputError. */
async function refuseUnfit({ folder, entries, allowedSecrets }, files) {
    const patterns = allowedSecrets.map(({ pattern }) => pattern);
    const allowed = createPatterns('allow-secret-files', patterns);
    const problems = [];
    for (const entry of entries) {
        const isAllowed = allowed.match(entry.path, false);
        const fault = findNameFault(entry) ?? (await findLinkFault(folder, entry, files));
        if (fault !== undefined)
            problems.push({ subject: 'source', message: `"${entry.path}" ${fault}` });
        else if (!isAllowed && (await isSecret(folder, entry, files)))
            problems.push({ subject: 'source', message: describeSecret(entry.path) });
    }
    problems.push(...allowed.listIdle());
    if (problems.length > 0)
        throw new errors/* InputError */.dz(problems);
}
function describeSecret(path) {
    return (`"${path}" looks like a secret and would be uploaded. Remove it from the checkout, or leave it out with the input ` +
        `exclude, and hand secrets to the service through env-from. If it is none, say so in allow-secret-files: "${path}: the reason".`);
}
function findNameFault({ path, kind }) {
    const name = external_node_path_.posix.basename(path);
    if (kind === 'other' && name.includes('\ufffd'))
        return 'has a name that is no UTF-8, which no package can carry. Rename it.';
    if (kind === 'other')
        return 'is neither a file nor a folder nor a link. Remove it, or leave it out with exclude.';
    if (/\p{Cc}/u.test(path))
        return 'has a control character in its name. Rename it.';
    if (/^[a-z]:/i.test(path))
        return 'begins as a drive of Windows does, which a zip file cannot carry. Rename it.';
    if (name.includes('\\'))
        return 'has a backslash in its name, which a zip file cannot carry. Rename it.';
    return undefined;
}
/** Linux follows no more links than this. */
const mostLinks = 40;
async function findLinkFault(folder, entry, files) {
    let path = (0,external_node_path_.join)(folder, entry.path);
    for (let count = 0, { kind } = entry; kind === 'link'; count++) {
        if (count === mostLinks)
            return 'is a link that leads back to itself. Remove it, or point it at a file.';
        const link = await files.readLink(path);
        if (external_node_path_.posix.isAbsolute(link))
            return `is a link to the absolute path "${link}", which leads elsewhere on the platform. Make it relative.`;
        path = (0,external_node_path_.resolve)(path, '..', link);
        if (isOutside(folder, path))
            return leaving;
        kind = (await files.kindOf(path)) ?? 'file';
    }
    if (entry.kind !== 'link')
        return undefined;
    const [real, realFolder] = await Promise.all([files.realPath(path), files.realPath(folder)]);
    return real !== undefined && isOutside(realFolder ?? folder, real) ? leaving : undefined;
}
const leaving = 'is a link that leaves the source folder. Replace it by a file.';
function isOutside(folder, path) {
    return /^\.\.([\\/]|$)/.test((0,external_node_path_.relative)(folder, path));
}
/** Names files that only their case tells apart: where letter case does not count, one would replace the other. */
function warnOfClashes(entries, log) {
    const seen = new Map();
    const told = new Set();
    for (const { path } of entries)
        for (let place = path; place !== '.'; place = external_node_path_.posix.dirname(place)) {
            const first = seen.get(place.toLowerCase());
            if (first === undefined)
                seen.set(place.toLowerCase(), place);
            else if (first === place)
                break;
            else if (external_node_path_.posix.dirname(first) === external_node_path_.posix.dirname(place) && !told.has(place)) {
                told.add(place);
                log.warning(`"${first}" and "${place}" differ in letter case alone: on many systems one replaces the other.`);
            }
        }
}

;// CONCATENATED MODULE: ./src/stages/scan.ts


/** Larger files are data, in bytes. */
const largestText = 1_000_000;
/**
 * Looks into the files that will be uploaded, by the recommended rules of secretlint, and warns of what looks like a
 * secret at its line; a private key is an InputError. What was found is never shown, only by which rule.
 */
async function scan(project, { selection, repository }, { files, log }) {
    const lint = await loadRules();
    const allowed = await createAllowed(selection);
    const hits = [];
    const keys = [];
    let scanned = 0;
    for (const { path, content } of project.files.filter(isOwnText)) {
        if (allowed(path))
            continue;
        const text = content ?? (await files.readLooseText((0,external_node_path_.join)(project.folder, path))) ?? '';
        // Binary, as git tells it.
        if (text.slice(0, 8_000).includes('\0'))
            continue;
        scanned += 1;
        const file = (0,external_node_path_.relative)(repository, (0,external_node_path_.join)(project.folder, path)).replaceAll('\\', '/');
        if (privateKey.test(text))
            keys.push({ subject: 'source', message: describeKey(path) });
        for (const { rule, line, column } of await lint(external_node_path_.posix.extname(path), text)) {
            const at = { file, line, column };
            hits.push(at);
            log.warning(describeHit(path, rule), at);
        }
    }
    if (keys.length > 0)
        throw new errors/* InputError */.dz(keys);
    return { scanned, hits };
}
/** A whole key, with its header at the start of a line, not a text that speaks of one. */
const privateKey = /^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\r?\n(?:[\w-]+: .*\r?\n|\r?\n)*[\w+/=]{40}|^PuTTY-User-Key-File-\d/m;
function describeKey(path) {
    return (`"${path}" holds a private key and would be uploaded. Leave it out with the input exclude, and hand secrets to the service ` +
        `through env-from. If it is none, say so in allow-secret-files: "${path}: the reason".`);
}
function isOwnText({ path, kind, size }) {
    return kind === 'file' && size < largestText && !path.split('/').includes('node_modules');
}
async function createAllowed({ allowedSecrets }) {
    const { default: ignore } = await Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 70298, 23));
    const matcher = ignore({ ignorecase: false }).add(allowedSecrets.map(({ pattern }) => pattern));
    return (path) => matcher.ignores(path);
}
/** The rules take a while to load, and most commands need none. Their profiler would search all its marks at each new one. */
async function loadRules() {
    const { lintSource } = await Promise.all(/* import() */[__webpack_require__.e(830), __webpack_require__.e(707)]).then(__webpack_require__.bind(__webpack_require__, 86707));
    const { secretLintProfiler } = await __webpack_require__.e(/* import() */ 806).then(__webpack_require__.bind(__webpack_require__, 806));
    secretLintProfiler.mark = () => undefined;
    const { creator: rule } = await __webpack_require__.e(/* import() */ 577).then(__webpack_require__.bind(__webpack_require__, 31577));
    const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule }] };
    return async (ext, text) => {
        const source = { filePath: `file${ext}`, content: text, contentType: 'text', ext };
        const { messages } = await lintSource({ source, options: { config, maskSecrets: true } });
        return messages.map(({ messageId, loc: { start } }) => ({
            rule: messageId,
            line: start.line,
            column: start.column + 1,
        }));
    };
}
function describeHit(path, rule) {
    return (`"${path}" holds what looks like a secret (${rule}), and it is uploaded. Hand secrets to the service through env-from; ` +
        `if it is none, say so in allow-secret-files: "${path}: the reason".`);
}

;// CONCATENATED MODULE: ./src/stages/verify/check.ts

/** What is checked, in the order of the table. */
const checkNames = [
    'architecture',
    'starts',
    'listens',
    'start-time',
    'http',
    'secrets',
    'event-stream',
    'websocket',
    'agent',
    'burst',
    'memory',
    'files',
    'user',
    'image-size',
    'shutdown',
];
/** The verification, unless a check failed: then a ProjectError of that check's kind. */
function requireVerified(verification) {
    if (verification.status !== 'failed')
        return verification;
    const failed = verification.checks.filter((check) => check.result === 'failed');
    const message = failed.map(({ detail }) => `The service ${detail}.`).join(' ');
    const { kind = 'unexpected', advice } = failed[0] ?? {};
    throw new errors/* ProjectError */.wB(message, { kind, advice, logTail: verification.logTail });
}
function passed(name, detail) {
    return { name, result: 'passed', detail };
}
function warned(name, detail) {
    return { name, result: 'warned', detail };
}
function skipped(name, detail) {
    return { name, result: 'skipped', detail };
}
function failed(name, why) {
    return { name, result: 'failed', ...why };
}

;// CONCATENATED MODULE: ./src/diagnosis/bind.ts
/** The port that a process says it did not get; undefined where it says nothing of the kind. */
function findRefusedBind({ lines, text }) {
    const line = lines.findLast((each) => isBind(each, text) && (denied.test(each) || taken.test(each)));
    if (line === undefined)
        return undefined;
    const found = portForms
        .map((form) => form.exec(line.replace(time, ''))?.[1])
        .find((each) => each !== undefined);
    const port = found ?? /^ {2}port: (\d+)$/m.exec(text)?.[1];
    const isTaken = taken.test(line) || Number(port ?? 0) >= firstFreePort;
    return { port: port === undefined ? undefined : Number(port), reason: isTaken ? 'taken' : 'denied' };
}
/** The first port that any user may listen on. */
const firstFreePort = 1024;
/** gunicorn does not say why it cannot; the port does. */
const denied = /EACCES|permission denied|PermissionDenied|Errno 13|BindException: Permission|Can't connect to \('|SocketException \(13\)/i;
const taken = /EADDRINUSE|address (already )?in use|AddrInUse|Errno 98|connection in use|port \d+ is in use/i;
/** A file can be denied too: the line says that it is about listening, or the traceback under it. */
function isBind(line, text) {
    if (/\b(listen|bind|binding|make_sock)\b|BindException|EADDRINUSE|AddrInUse|in use|Can't connect to \('/i.test(line))
        return true;
    // Flask's own server says no more than this.
    if (line === 'Permission denied')
        return text.includes('Serving Flask app');
    return (/^(PermissionError|OSError): \[Errno (13|98)\] [\w ]+$/.test(line) &&
        /\.bind\(|in (server_)?bind\b/.test(text));
}
const time = /\b\d{2}:\d{2}:\d{2}\b/g;
/** An address before any other number behind a colon, as of a line of code. */
const portForms = [
    /(?<![^\s'"(/\d.*\]:]):(\d{1,5})\b(?!\])/,
    /\('[^']*', (\d{1,5})/,
    /:(\d{1,5})\b(?!\])/,
    /port:? (\d{1,5})\b/i,
];

;// CONCATENATED MODULE: ./src/diagnosis/closing.ts
const maxLineLength = 2000;
/** What is written to stdout can come after the crash on stderr, and servers sum up what their workers said. */
const plainLineCount = 20;
/** Reads what a process said at its end; an error before another crash does not count, the process survived it. */
function readClosing(log) {
    const lines = leaveOutSource(log.flatMap((entry) => entry.split('\n')).map(clean)).filter((line) => line !== '' && !runnerLine.test(line));
    const start = Math.max(findSurvived(lines) + 1, findPlain(lines, plainLineCount));
    const closing = lines.slice(start);
    return { lines: closing, text: closing.join('\n') };
}
/** What package runners and Node.js add to any crash. */
const runnerLine = /^(npm (ERR!|error|notice)(?!.*(Missing script|Could not read package))|error Command failed|\s*ELIFECYCLE|Node\.js v\d)/;
function clean(line) {
    return line.replace(ansi, '').trimEnd().slice(0, maxLineLength);
}
const ansi = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');
/** Node.js shows the source line of a crash (`/app/server.js:4`, the line, a caret): that is code, no message. */
function leaveOutSource(lines) {
    return lines.filter((_line, index) => {
        const head = [index - 1, index - 2].find((each) => isLocation(lines[each] ?? ''));
        const isShown = /^\s*\^+$/.test(lines[index + 1] ?? '') || /^\s*\^+$/.test(lines[index] ?? '');
        return head === undefined || !isShown;
    });
}
/** True for what Node.js puts before an error that nothing caught: the place of its line of code. */
function isLocation(line) {
    return /^(file:\/\/|node:|\/)\S+:\d+$/.test(line);
}
/** The place of the last crash that another one followed; -1 where there is none. */
function findSurvived(lines) {
    const crashes = lines.flatMap((line, index) => (isCrash(line) ? [index] : []));
    let first = crashes.pop() ?? 0;
    for (let before = crashes.pop(); before !== undefined; before = crashes.pop()) {
        if (!isChained(lines.slice(before + 1, first + 1)))
            return before;
        first = before;
    }
    return -1;
}
/** True for the line of an error or a panic, with its name. */
function isCrash(line) {
    if (/^\s/.test(line))
        return false;
    return (/^(panic: |fatal error: |thread '|FATAL ERROR)/.test(line) ||
        /(^|[\s([:])([\w$]+\.)*[\w$]*(Error|Exception)( \[[^\]]+\])?(:|$)/.test(line));
}
/** True where the last line tells of the same crash as the line before the first. */
function isChained(lines) {
    const last = lines.at(-1) ?? '';
    return (/^(Caused by|Suppressed): /.test(last) ||
        lines.some((line) => /^(The above exception was|During handling of the above) /.test(line)));
}
/** The place of the n-th last line that is no stack line; 0 where there are fewer. */
function findPlain(lines, count) {
    const plain = lines.flatMap((line, index) => /^[^\s})\]]/.test(line) && !line.startsWith('- ') ? [index] : []);
    return plain.at(-count) ?? 0;
}

;// CONCATENATED MODULE: ./src/diagnosis/statements.ts

/** Takes the lines of a log apart into statements. */
function readStatements(lines) {
    const statements = [];
    let isCut = true;
    for (const line of lines) {
        if (/^[=*_#-]{5,}$/.test(line)) {
            isCut = true;
            continue;
        }
        if (/^\s+at /.test(line))
            joinMessage(statements);
        const last = statements.at(-1);
        if (isCut || last === undefined || !continues(line, last))
            statements.push([line]);
        else
            last.push(line);
        isCut = false;
    }
    return statements;
}
/** The message of an error of JavaScript can have many lines, before its stack. */
function joinMessage(statements) {
    const head = statements.findLastIndex((statement) => statement.some(isCrash));
    const message = statements.slice(head + 1);
    if (head === -1 || message.length > 10 || message.some(isOwn))
        return;
    if (statements[head]?.some((line) => /^\s+at /.test(line)) ?? true)
        return;
    statements.splice(head + 1);
    statements[head]?.push(...message.flat());
}
/** True for what surely is no part of a message: an error of a name of its own, a crash, a line of a logger. */
function isOwn([first = '']) {
    return isLocation(first) || /^([\w$.]+: |\[|\d{4}|\{)/.test(first);
}
function continues(line, statement) {
    const previous = statement.at(-1) ?? '';
    if (isLocation(line) || traceback.test(line))
        return chain.test(previous);
    if (isLocation(previous) || /^thread '/.test(previous))
        return true;
    if (continued.some((form) => form.test(line)))
        return true;
    const head = statement[0] ?? '';
    if (traceback.test(head) && isOpen(statement) && isException(line))
        return true;
    if (isCrash(line))
        return false;
    if (/[:[{(]$/.test(previous) || statement.some((each) => /^goroutine \d/.test(each)))
        return true;
    const text = statement.join('\n');
    return ((/OperationalError/.test(text) && ofDatabase.test(line)) ||
        (/validation errors? for /.test(text) && /^[A-Za-z_][\w.]*$/.test(line)));
}
/** The first line of a traceback of Python. */
const traceback = /Traceback \(most recent call last\):$/;
/** What stands in Python between an exception and the one that it led to. */
const chain = /^(The above exception was|During handling of the above) /;
const ofDatabase = /^(connection to server at "|\(Background on this error|Multiple connection attempts)/;
/** True where the exception of the last traceback is still to come. */
function isOpen(statement) {
    return !statement.slice(statement.findLastIndex((line) => traceback.test(line)) + 1).some(isException);
}
/** A line that a traceback of Python ends with. */
function isException(line) {
    return /^([a-z_]\w*\.)*[A-Z]\w*(: .*)?$/.test(line);
}
const continued = [
    /^[\s)}\]^]/,
    /^(- |#\d+ |\d+: 0x)/,
    /^(Caused by|Suppressed): |^(Require stack|Stack trace|stack backtrace):$|^Emitted '|^goroutine \d|^note: run with|^\[signal /,
    chain,
    /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/,
];

;// CONCATENATED MODULE: ./src/diagnosis/traceback.ts

/** Leaves out what other output put between the lines of a traceback of Python. */
function leaveOutForeignLines(lines) {
    let isOpen = false;
    return lines.filter((line) => {
        if (traceback.test(line)) {
            isOpen = true;
            return true;
        }
        if (!isOpen || /^\s/.test(line))
            return true;
        if (!isException(line))
            return chain.test(line);
        isOpen = false;
        return true;
    });
}
/**
 * The place of the traceback with which Python itself ended. What stands after it can be held back output, which speaks
 * of no trouble; undefined where it does.
 */
function findPythonTraceback(statements, exitCode) {
    const place = statements.findLastIndex(([first = '']) => /^Traceback /.test(first));
    if (place === -1 || exitCode !== 1)
        return undefined;
    const before = statements[place - 1]?.[0] ?? '';
    const isLogged = /\b(ERROR|CRITICAL|WARN|WARNING|Exception)\b/.test(before);
    return isLogged || statements.slice(place + 1).some(speaksOfTrouble) ? undefined : place;
}
function speaksOfTrouble(statement) {
    return statement.some((line) => /error|fail|fatal|refus|invalid|unknown|unrecogni|unexpected|usage|missing|required|not (set|found)|n't|no such|cannot|could not|unable|exception|timed? ?out/i.test(line));
}

;// CONCATENATED MODULE: ./src/diagnosis/cause.ts



/**
 * The lines that tell why a process ended: those of the crash that ended it, else what it said last. Without lines
 * where that is not sure, as where more was said after an error with a stack.
 */
function readCause({ lines }, exitCode) {
    const statements = readStatements(leaveOutForeignLines(lines));
    const cause = findUncaught(statements, exitCode) ?? findLast(statements);
    const shown = cause === -1 ? [] : [...introduce(statements, cause), ...(statements[cause] ?? [])];
    return { lines: shown, text: shown.join('\n') };
}
/** The place of the crash that surely ended the process, whatever stands after it: other output can be late. */
function findUncaught(statements, exitCode) {
    const found = statements.findLastIndex(isUncaught);
    if (found !== -1)
        return found;
    return findPythonTraceback(statements.map((statement) => (isFarewell(statement) ? [] : statement)), exitCode);
}
function isUncaught([first = '', second = '']) {
    return (/^(panic: |fatal error: |thread 'main' panicked|Exception in thread "main"|Unhandled exception\b)/.test(first) ||
        /\bUncaught [\w\\]*(Error|Exception)\b/.test(first) ||
        (isLocation(first) && second !== ''));
}
/** The place of the last statement; -1 where it only informs or warns, or an error with a stack stands before it. */
function findLast(statements) {
    const last = statements.findLastIndex((statement) => !isFarewell(statement));
    const isInformation = isRemark(statements[last]?.[0] ?? '');
    return isInformation || statements.slice(0, Math.max(last, 0)).some(hasStack) ? -1 : last;
}
function hasStack(statement) {
    return statement.some((line) => /^\s+(at |from |File ")|^#\d+ |^goroutine \d|Traceback \(most/.test(line));
}
function isRemark(line) {
    return (/^\W*(info|warn(ing)?|debug|notice|trace)\b/i.test(line) ||
        /\b(INFO|WARN|WARNING|DEBUG|NOTICE|DeprecationWarning|UserWarning)\b/.test(line) ||
        /"?level"?\s*[:=]\s*"?(info|warn|debug|trace|[1-4]0\b)/i.test(line));
}
/** True for what says that the process ends, or what to do next, and not why. */
function isFarewell(statement) {
    return statement.every((line) => {
        const words = line.replace(logPrefix, '').trim();
        return words === '' || farewells.some((form) => form.test(words));
    });
}
/** A time, a process, a level. */
const logPrefix = /^(\s*(\[[^\]]*\]|\d[\d:.,TZ+/-]*(?!\S)|(INFO|ERROR|FATAL|CRITICAL|WARN(ING)?)\b:?))*\s*/i;
const subject = '((the|this) )?(server|process|worker|service|application|app|program|master)';
const ends = '(exit(s|ing|ed)?|shut(s|ting)? down|stop(s|ping|ped)|terminat(es|ing|ed)|abort(s|ing|ed)?|giv(es|ing) up|quit(s|ting)?)';
const farewells = [
    new RegExp(`^(${subject} )?((\\(pid:? ?\\d+\\)|is|has|was|will|now) )*${ends}( now)?(:? ${subject})?( with( error| exit)? (code|status):? \\d+)?( \\(\\w+:? \\d+\\))?[.!…]*$`, 'i'),
    /^exit (status|code):? \d+$/i,
    /^Reason: Worker failed to boot\.$|^\S*HaltServer: /,
    /^(((server|application|app|service) )?start(up)? failed|failed to start( (the )?(server|application|app|service))?)[.!:]*( exiting\.?)?$/i,
    /^(please|make sure|check|see|hint:|set (it|them)|info Visit https:\/\/yarnpkg)\b/i,
];
/** Lines in the same words before what was said last, and what an error without names of env vars sums up. */
function introduce(statements, place) {
    const cause = statements[place] ?? [];
    const before = statements[place - 1] ?? [];
    const message = cause.find(isCrash) ?? '';
    if (/\b(invalid|missing)\b.*\benv/i.test(message) && !/[A-Z]{2,}_|[A-Z]{3,}/.test(message))
        return before;
    if (cause.length > 1)
        return [];
    const words = leaveOutNames(cause);
    const start = statements.slice(0, place).findLastIndex((each) => leaveOutNames(each) !== words);
    return statements.slice(start + 1, place).flat();
}
function leaveOutNames(statement) {
    return statement.join('\n').replace(/[A-Z][A-Z0-9_]{2,}|\d+/g, '');
}

;// CONCATENATED MODULE: ./src/diagnosis/database.ts
/** The connection whose failure a process spoke of last; undefined where it spoke of none. */
function findRefusedConnection({ lines, text }) {
    const refusals = lines.filter((line) => isRefusal(line) && !/falling back|continu\w+ without|disabl\w+/i.test(line));
    if (refusals.length === 0)
        return undefined;
    const found = refusals
        .map((line) => ({ address: readAddress(line), isWeb: /HTTPS?Connection|\bhttps?:\/\//.test(line) }))
        .findLast(({ address }) => address !== undefined);
    const { host, port } = found?.address ?? {};
    const hasDriver = !(found?.isWeb ?? false) && !webPorts.has(port ?? 0) && isDriver(text);
    return {
        address: host === undefined ? undefined : renderAddress(host, port),
        isDatabase: (port !== undefined && ports.has(port)) || saysDatabase(host) || hasDriver,
    };
}
function isRefusal(line) {
    return refusals.some((form) => form.test(line));
}
const refusals = [
    /\b(ECONNREFUSED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b/,
    /connection refused|connection timed out|connect call failed|no route to host|no such host|i\/o timeout/i,
    /name or service not known|temporary failure in name resolution|could not translate host name/i,
    /connection to \S+ refused|failed to connect to \S+:\d|failed: timeout expired|connect timed out/i,
    /UnknownHostException|ConnectException|Communications link failure|ServerSelectionTimeoutError|server selection (error|timeout)/,
    /can't connect to (local |server |\w+ )*(mysql|mariadb)|can't connect to server on|can't reach database server/i,
    /Error -?\d+ connecting to |unable to connect to any of the specified mysql hosts|SQLSTATE\[HY000\] \[200[25]\]/i,
    /not possible to connect to the redis server|PoolTimedOut|unable to connect to redis/i,
    /(could not|cannot|can't|unable to|failed to) connect to (the )?(database|db|mysql|mariadb|postgres\w*|mongo\w*|kafka|rabbitmq)\b/i,
];
const host = String.raw `(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_][\w.-]*)`;
/** The forms in which an address stands in a message, the sure ones first. */
const addressForms = [
    /(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN) ([0-9A-Fa-f:]*:[0-9A-Fa-f:.]*):(\d+)\b/,
    new RegExp(`(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN) ${host}(?::(\\d+))?`),
    new RegExp(`dial (?:tcp|udp)[46]?:? lookup ${host}`),
    new RegExp(`dial (?:tcp|udp)[46]? ${host}:(\\d+)`),
    new RegExp(`connection to server at "${host}"(?: \\([^)]*\\))?, port (\\d+)`),
    new RegExp(`could not translate host name "${host}"`),
    new RegExp(`connect to (?:(?:local|mysql|mariadb) )*server (?:on|at|through) '${host}(?::(\\d+))?'`, 'i'),
    new RegExp(`Error -?\\d+ connecting to ${host}:(\\d+)`),
    new RegExp(`Connect call failed \\('${host}', (\\d+)`),
    new RegExp(`host='${host}', port='?(\\d+)`),
    new RegExp(`ServerSelectionTimeoutError: ${host}:(\\d+)`),
    new RegExp(`Addr: ${host}:(\\d+)`),
    new RegExp(`database server at \`?${host}\`?:\`?(\\d+)`),
    new RegExp(`Connection to ${host}:(\\d+) refused`),
    new RegExp(`(?:connect to|Connection refused \\()[^:]{0,30}?${host}(?:/[\\w.<>]*)?:(\\d+)`, 'i'),
    new RegExp(`UnknownHostException: ${host}(?::|$)`),
    new RegExp(`://${host}(?::(\\d+))?`),
    /(?:^|[\s'"(])(localhost|[\w-]+(?:\.[\w-]+)+):(\d{2,5})\b/,
];
/** Whatever stands before an `@` may be a password, and is taken out before anything is read. */
function readAddress(line) {
    const safe = line.replace(/[^\s"'`(]*@/g, '');
    for (const form of addressForms) {
        const [, name, port] = form.exec(safe) ?? [];
        if (name === undefined || !/[A-Za-z\d:]/.test(name))
            continue;
        return {
            host: name.replace(/^\[|\]$/g, '').replace(/\.$/, ''),
            port: port === undefined ? undefined : Number(port),
        };
    }
    return undefined;
}
function renderAddress(name, port) {
    const shown = name.includes(':') ? `[${name}]` : name;
    return port === undefined ? shown : `${shown}:${port}`;
}
/** SQL Server, Oracle, etcd, ZooKeeper, MySQL, Oracle, NATS, PostgreSQL, AMQP, CouchDB, Redis, Neo4j, ClickHouse, Cassandra, Kafka, Elasticsearch, Memcached, MongoDB … */
const ports = new Set([
    1433, 1521, 2181, 2379, 3306, 3307, 33060, 4222, 5432, 5433, 5671, 5672, 5984, 6379, 6380, 6432, 7687, 8086,
    8123, 9000, 9042, 9092, 9093, 9200, 9300, 11211, 26379, 27017, 27018, 27019, 28015, 50000, 61613, 61616,
]);
/** What listens there speaks HTTP, whoever calls it. */
const webPorts = new Set([80, 443, 3000, 8000, 8080, 8443]);
/** True for a host whose name has a word for a database, a cache or a queue. */
function saysDatabase(name) {
    const words = (name ?? '').toLowerCase().split(/[^a-z]+/);
    return words.some((word) => /^(db|dbs|database|pg|rds|cdb|tdsql|cache|valkey|queue|mq|amqp|broker|nats|cassandra|clickhouse|etcd|zookeeper|oracle|couchdb)$/.test(word) ||
        /mysql|maria|postgres|pgsql|mssql|mongo|redis|rabbit|kafka|memcache|elastic|cynosdb|tencentcdb|influx|neo4j/.test(word));
}
/** True where the driver of a database stands in the stack, or speaks itself. */
function isDriver(text) {
    return drivers.some((form) => form.test(text));
}
const drivers = [
    /node_modules\/(@redis|@prisma|@elastic|@nestjs\/typeorm|pg|pg-pool|postgres|mysql2?|mariadb|ioredis|redis|mongodb|mongoose|sequelize|typeorm|knex|kafkajs|amqplib|tedious|mssql|oracledb|memjs|memcached|cassandra-driver|bullmq?)\//,
    /(site|dist)-packages\/(psycopg\w*|asyncpg|pymysql|MySQLdb|mysql|aiomysql|redis|aioredis|pymongo|motor|sqlalchemy|kafka|aiokafka|pika|kombu|celery|cassandra|pymssql|pyodbc|oracledb|cx_Oracle|pymemcache|peewee)\b/,
    /\b(psycopg\w*|asyncpg|pymysql|MySQLdb|_mysql_exceptions|mysql\.connector|redis\.exceptions|pymongo|sqlalchemy\.exc|django\.db|kombu\.exceptions|pika\.exceptions|peewee)\b/,
    /\b(Sequelize\w*Error|Mongo\w*Error|PrismaClient\w*Error|KafkaJS\w*|Redis\w*(Error|Exception)|PDOException|PSQLException|MySqlException|NpgsqlException|MongoSocketOpenException)\b/,
    /com\.mysql\.|org\.mariadb\.|org\.postgresql\.|HikariPool|com\.mongodb\.|io\.lettuce\.|redis\.clients\.jedis|org\.apache\.kafka|com\.rabbitmq|oracle\.jdbc|com\.microsoft\.sqlserver/,
    /Communications link failure|SQLSTATE\[|server selection (error|timeout)|failed to initialize database|\bpgx\b|\bpq: |\bgorm\b|\bsqlx\b|\bdiesel\b|lib\/pq|go-sql-driver|PoolTimedOut|redis server/,
    /can't connect to (local |\w+ )*(mysql|mariadb)|can't reach database server|specified mysql hosts|Error -?\d+ connecting to |connection to server at "/i,
    /(could not|cannot|can't|unable to|failed to) connect to (the )?(database|db|mysql|mariadb|postgres\w*|mongo\w*|redis|kafka|rabbitmq)\b/i,
];

;// CONCATENATED MODULE: ./src/diagnosis/entry.ts
/** What a process did not find of its own code, as the rest of "because …"; undefined where all was there. */
function findMissingEntry(closing, exitCode) {
    return findMissingFile(closing) ?? readForm(closing, loaders) ?? readCommand(closing, exitCode);
}
/** The file, the module or the program that a process says it did not find; undefined where it says nothing of one. */
function findMissingFile(closing) {
    return readForm(closing, entry_forms);
}
function readForm({ lines }, known) {
    for (const line of lines.toReversed()) {
        for (const [form, reason] of known) {
            const match = form.exec(line);
            if (match !== null)
                return `${reason}${quote(match[1])}`;
        }
    }
    return undefined;
}
function readCommand({ lines }, exitCode) {
    if (exitCode !== 126 && exitCode !== 127)
        return undefined;
    const reason = exitCode === 126 ? 'it may not run its start command' : 'it cannot find its start command';
    const command = lines.map((line) => commandForm.exec(line)?.[1]).findLast((name) => name !== undefined);
    return `${reason}${quote(command)}`;
}
/** A name, unless it is something else than a name. */
function quote(name) {
    return name !== undefined && /^[\w@./:+-]{1,120}$/.test(name) && !/:.*@/.test(name) ? ` "${name}"` : '';
}
const commandForm = /(?:^|[\s:])([\w./-]+): (?:command )?(?:not found|no such file or directory|permission denied)$/i;
/** The framework says so of whatever ends the function while it is loaded. */
const loaders = [
    [/Failed to load target function, because/, 'the framework cannot load the function'],
    [/Failed to load function (\S+), because/, 'the framework cannot load the function'],
    [/Failed to load functions config/, 'the framework cannot load cloudbase-functions.json'],
];
const entry_forms = [
    [/Cannot find module '(\/[^']+)'/, 'it cannot find the file'],
    [/Cannot find module '([^']+)'/, 'it cannot find the module'],
    [/Cannot find package '([^']+)' imported/, 'it cannot find the package'],
    [/can't open file '([^']+)'/, 'it cannot find the file'],
    [/^(?:ModuleNotFoundError|\S*python\S*): No module named '?([\w.]+)/, 'it cannot find the module'],
    [/Failed to find attribute '\w+' in '([\w.]+)'/, 'the app that is started is not in the module'],
    [/Could not import (?:module )?["']([\w.]+)["']/, 'it cannot import the module'],
    [/Attribute "\w+" not found in module "([\w.]+)"/, 'the app that is started is not in the module'],
    [/Could not locate a Flask application/, 'it cannot find the Flask app'],
    [/Unable to access jarfile (\S+)/, 'it cannot find the file'],
    [/Could not find or load main class (\S+)/, 'it cannot find the class'],
    [/no main manifest attribute, in (\S+)/, 'no main class is named in'],
    [/Could not open input file: (\S+)/, 'it cannot find the file'],
    [/cannot load such file -- (\S+)/, 'it cannot find the file'],
    [/Missing script: "?([\w:-]+)"?/i, 'package.json has no script'],
    [/Could not read package\.json/, 'it cannot find package.json'],
    [/The application '([^']+)' does not exist/, 'it cannot find the file'],
    [
        /exec: "([^"]+)": (?:executable file not found|stat \S+: no such file|permission denied)/,
        'it cannot run',
    ],
    [/^exec (\S+): (?:no such file or directory|permission denied)/, 'it cannot run'],
];

;// CONCATENATED MODULE: ./src/diagnosis/missing-env.ts
/**
 * The names of the env vars whose absence ended a process, as its last words say; none where they name no variable,
 * undefined where they say nothing of the kind. `known` are names that exist elsewhere.
 */
function findMissingEnv(closing, known) {
    const lines = closing.lines.filter((line) => !isHarmless(line));
    const named = [
        ...lines.flatMap((line) => readSentence(line, known)),
        ...readBlocks(lines),
        ...readSchema(closing.text),
        ...readPlaceholders(lines),
        ...readSettings(lines, known),
        ...readKeyErrors(closing),
    ];
    if (named.length > 0)
        return [...new Set(named)];
    const isUnnamed = /environment variable not found|\bNotPresent\b/.test(lines.join('\n'));
    return isUnnamed ? [] : undefined;
}
/** A line that warns, informs, or says that the program goes on without the variable. */
function isHarmless(line) {
    return (/^\W*(info|warn(ing)?|debug|notice|trace)\b/i.test(line) ||
        /\b(INFO|WARN|WARNING|DEBUG|NOTICE|DeprecationWarning|UserWarning)\b/.test(line) ||
        /"?level"?\s*[:=]\s*"?(info|warn|debug|trace|[1-4]0\b)/i.test(line) ||
        /\b(optional|fall(ing)? ?back|defaults? to|defaulting|by default|skipp\w+|ignor\w+|disabl\w+)\b/i.test(line) ||
        /[,;(] ?using /i.test(line));
}
const namePattern = '[A-Z][A-Z0-9_]{2,63}';
const nameForm = new RegExp(`(?<![\\w.-])${namePattern}(?![\\w-])`, 'g');
/** The variables that one line says are missing, in any of the common wordings. */
function readSentence(line, known) {
    if (/\b(ReferenceError|NameError|KeyError)\b/.test(line))
        return [];
    return [...line.matchAll(nameForm)].flatMap(({ 0: name, index }) => {
        const before = line.slice(0, index).replace(listBefore, '').toLowerCase();
        const after = line.slice(index + name.length).replace(listAfter, '');
        const isQuoted = /["'`]$/.test(line.slice(0, index)) && /^["'`]/.test(line.slice(index + name.length));
        const isVariable = known.includes(name) || (!isOtherWord(name, line) && (isQuoted || saysVariable(name, line)));
        return isVariable && !namesOther.test(before) && saysMissing(before, after) ? [name] : [];
    });
}
const listBefore = new RegExp(`(["'\`]?\\$?\\{?${namePattern}\\}?["'\`]?(, and |, | and ))*["'\`$({[]*$`);
const listAfter = new RegExp(`^["'\`)}\\]]*((, and |, | and )["'\`]?\\$?${namePattern}["'\`]?)*`);
/** Words in capitals that are no variables, and codes of errors. */
function isOtherWord(name, line) {
    if (name === 'NODE_ENV')
        return !/environment variable/i.test(line);
    return (/^(ERR|ER|SQLITE|MODULE)_/.test(name) ||
        /^(ERROR|FATAL|CRITICAL|EXCEPTION|HTTPS?|JSON|YAML|URL|URI|API|SSL|TLS|TCP|UDP|SQL|NODE|NULL|TRUE|FALSE|GET|POST|PUT|DELETE|ENV|FAILED|MISSING|REQUIRED|NOT|SET)$/.test(name));
}
function saysVariable(name, line) {
    return (name.includes('_') ||
        /\benv(ironment)?\b/i.test(line) ||
        /unbound variable|parameter( null or)? not set/.test(line));
}
const namesOther = /\b(constant|column|table|relation|property|argument|header|cookie|file|class|function|module|flag|option|permission|role|scope|error|code)\s+$/;
function saysMissing(before, after) {
    return (lacks.test(after) ||
        missingBefore.test(before) ||
        (/\b(set|define|provide|specify|export|supply|configure|add)( (the|an?|your))?( \w+){0,2} $/.test(before) &&
            /^ (env|in (your |the )?\.?env)/i.test(after)) ||
        (/required key $/.test(before) && /^ missing value/.test(after)));
}
const lacks = /^:?( (env\w*([ -]var\w*)?|variable|var|setting|secret|key)s?)?( in (the )?env\w*)?,?:? ?(((is|was|are|were|has|have) )?(not (been )?(set|defined|found|provided|configured|present|specified|given|available)|required|missing|undefined|unset|empty|a required|null or not set)|(isn't|wasn't|aren't) (set|defined|provided)|(must|has to|have to|needs? to|should) (not be empty|be (set|provided|defined|specified|configured|present|declared|given|non-empty)|have a value)|cannot be empty|unbound variable|parameter (null or )?not set)\b/i;
const missingBefore = /(\b(missing|undefined|unset|required|needs?|lacks?|not found|without|no)( \w+){0,3} (env\b|env(ironment)?[ -]?var\w*|environment)( \w+)?|env(ironment)?[ -]?variable( is| was)? (not (found|set|defined)|missing)|\bmissing( \w+)? (config\w*|settings?|secrets?|variables?|keys?))(:|\s|\()*$/;
/** A headline that says variables are missing, then a line for each of them: envalid, dotenv-safe and many others. */
function readBlocks(lines) {
    return lines.flatMap((line, index) => {
        const isHead = /(missing|required|not present|not set|unset|undefined).*\benv|env.*(missing|required|not set)|^\s*missing\b.*variables/i.test(line) && /:$/.test(line);
        if (!isHead)
            return [];
        const rest = lines.slice(index + 1);
        const end = rest.findIndex((each) => !blockLine.test(each));
        const block = end === -1 ? rest : rest.slice(0, end);
        return block.flatMap((each) => (each.split(/[:(]/)[0] ?? '').match(nameForm) ?? []);
    });
}
const blockLine = new RegExp(`^[\\s"'\`*•❌✗×-]*${namePattern}["'\`]?(, ["'\`]?${namePattern}["'\`]?)*\\s*([:,(].*)?$`);
/** Lists of what a schema did not find: zod, and what is built on it. */
function readSchema(text) {
    const forms = [
        new RegExp(`\\b(${namePattern})["']?:\\s*\\[\\s*["'](?:Required|Invalid input: expected \\w+, received undefined)`, 'g'),
        new RegExp(`"received": ?"undefined",\\s*"path": ?\\[\\s*"(${namePattern})"\\s*\\]`, 'g'),
        new RegExp(`"path": ?\\[\\s*"(${namePattern})"\\s*\\],\\s*"message": ?"[^"]*(?:Required|received undefined)`, 'g'),
    ];
    return forms.flatMap((form) => [...text.matchAll(form)].map(({ 1: name = '' }) => name));
}
/** Spring names a property where it wants one; the env var for it is the same in capitals. */
function readPlaceholders(lines) {
    return lines.flatMap((line) => {
        const name = /Could not resolve placeholder '([A-Za-z][\w.-]{1,63})'/.exec(line)?.[1];
        return name === undefined ? [] : [name.replace(/[.-]/g, '_').toUpperCase()];
    });
}
/** Pydantic names the field of the class of settings, which has the name of the variable but for prefix and case. */
function readSettings(lines, known) {
    const head = lines.findLastIndex((line) => /validation errors? for \w*(settings|config|env)\w*/i.test(line));
    if (head === -1)
        return [];
    return lines.slice(head + 1).flatMap((line, index, rest) => {
        const field = /^[A-Za-z_]\w{0,63}$/.exec(line)?.[0].toUpperCase();
        if (field === undefined || !/^\s+field required/i.test(rest[index + 1] ?? ''))
            return [];
        return [known.find((name) => name === field || name.endsWith(`_${field}`)) ?? field];
    });
}
/** Python's KeyError of the environment; that of any other mapping says so by its traceback. */
function readKeyErrors({ lines, text }) {
    const isOfEnvironment = !text.includes('Traceback') || /environ|<frozen os>|\/os\.py"|getenv/.test(text);
    return lines.flatMap((line) => {
        const inPython = new RegExp(`\\bKeyError: ["'](?:Config ')?(${namePattern})'`).exec(line)?.[1];
        if (inPython !== undefined)
            return isOfEnvironment || line.includes('Config ') ? [inPython] : [];
        const inRuby = new RegExp(`key not found: ["'](${namePattern})["']`).exec(line)?.[1];
        return inRuby === undefined ? [] : [inRuby];
    });
}

;// CONCATENATED MODULE: ./src/diagnosis/local.ts







/** Names the reason why a service did not come up on this machine. */
function diagnoseStart(evidence) {
    const { exitCode, architecture, isOutOfMemory } = evidence;
    if (architecture !== undefined && !/^(amd64|x86_64)$/.test(architecture)) {
        return fail('architecture', `is built for ${architecture}, and the platform runs amd64`);
    }
    if (isOutOfMemory)
        return fail('out-of-memory', 'was stopped because it ran out of memory');
    const closing = readClosing(evidence.logTail);
    return exitCode === undefined
        ? diagnoseSilence(evidence, closing)
        : diagnoseExit({ ...evidence, exitCode }, closing);
}
function diagnoseExit(evidence, closing) {
    const { exitCode, hasListened } = evidence;
    const bind = findRefusedBind(closing);
    const cause = readCause(closing, exitCode);
    return (diagnoseProgram(closing) ??
        diagnoseMemory(exitCode, closing) ??
        (bind === undefined ? undefined : diagnoseBind(bind, evidence.port)) ??
        diagnoseEntry(exitCode, findMissingFile(cause)) ??
        diagnoseLack(evidence, cause) ??
        diagnoseEntry(exitCode, findMissingEntry(closing, exitCode)) ??
        fail('exit-on-start', `ended with exit code ${exitCode} ${hasListened ? 'soon after' : 'before'} it listened`));
}
function diagnoseProgram({ text }) {
    if (!/exec format error/i.test(text))
        return undefined;
    return fail('architecture', 'starts a program that is not for linux/amd64, or a script without a "#!" line');
}
function diagnoseMemory(exitCode, { text }) {
    const isSaid = /JavaScript heap out of memory|^MemoryError\b|OutOfMemoryError|fatal error: runtime: out of memory|memory allocation of \d+ bytes failed/m;
    if (isSaid.test(text))
        return fail('out-of-memory', `ended with exit code ${exitCode} because it ran out of memory`);
    if (exitCode !== 137)
        return undefined;
    return fail('out-of-memory', 'was killed (exit code 137), as the system does where memory runs out');
}
function diagnoseBind({ port, reason }, expected) {
    if (reason === 'taken') {
        if (port === undefined || port === expected)
            return undefined;
        return fail('wrong-port', `wants to listen on port ${port}, which is taken, instead of ${expected}`);
    }
    const shown = port === undefined ? 'a port below 1024' : `port ${port}`;
    const finding = `may not listen on ${shown} as a user other than root`;
    if (port !== expected)
        return fail('wrong-port', `${finding}; ${expected} is expected`);
    return fail('wrong-port', finding, 'Set Port in server-config to 1024 or higher, and listen on the port of PORT.');
}
/** Success, a crash of the machine code (SIGILL, SIGBUS, SIGFPE, SIGSEGV), an end from outside: not for lack of anything. */
const unrelatedCodes = new Set([0, 130, 132, 135, 136, 139, 143]);
/** What the process itself names as its cause. */
function diagnoseLack(evidence, cause) {
    const found = diagnoseEnv(evidence, cause) ?? diagnoseConnection(evidence.exitCode, cause);
    return found?.isOnlyHere === true && unrelatedCodes.has(evidence.exitCode) ? undefined : found;
}
function diagnoseEnv({ exitCode, platformEnv = [] }, cause) {
    const missing = findMissingEnv(cause, platformEnv);
    if (missing === undefined)
        return undefined;
    const ended = `ended with exit code ${exitCode} because`;
    if (missing.length === 0)
        return fail('missing-env', `${ended} an env var is not set; its log does not name it`);
    const nowhere = missing.filter((name) => !platformEnv.includes(name));
    if (nowhere.length > 0)
        return fail('missing-env', `${ended} ${listNames(nowhere)} not set`);
    return {
        kind: 'missing-env',
        finding: `${ended} ${listNames(missing)} not set in this run; the platform has ${missing.length === 1 ? 'it' : 'them'}`,
        isOnlyHere: true,
        advice: 'To have it checked, give it a stand-in for the local run with verify-env.',
    };
}
function listNames(names) {
    const shown = names.slice(0, 5).map((name) => `"${name}"`);
    const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
    return `the env var${names.length === 1 ? '' : 's'} ${shown.join(', ')}${more} ${names.length === 1 ? 'is' : 'are'}`;
}
function diagnoseConnection(exitCode, cause) {
    const refused = findRefusedConnection(cause);
    if (refused === undefined)
        return undefined;
    const ended = `ended with exit code ${exitCode} because it could not connect to`;
    const at = refused.address === undefined ? '' : ` at ${refused.address}`;
    if (!refused.isDatabase) {
        const advice = 'Let the service start without it, or start what it calls before this step.';
        return fail('exit-on-start', `${ended} ${refused.address ?? 'another service'}`, advice);
    }
    return {
        kind: 'exit-on-start',
        finding: `${ended} its database, cache or queue${at}`,
        isOnlyHere: true,
        advice: 'To have it checked, start one as a service of the job, and name its address in verify-env.',
    };
}
function diagnoseEntry(exitCode, reason) {
    if (reason === undefined)
        return undefined;
    return fail('entry-not-found', `ended with exit code ${exitCode} because ${reason}`);
}
/** Ports that are not the service's own: the debugger of Node.js, and anything of Docker's resolver. */
function isForeign({ address, port }) {
    return address === '127.0.0.11' || (port === 9229 && isLoopback(address));
}
function diagnoseSilence({ port, listeners = [] }, closing) {
    const own = listeners.filter((listener) => !isForeign(listener));
    const onPort = own.filter((listener) => listener.port === port);
    if (onPort.some(({ address }) => !isLoopback(address))) {
        return fail('slow-start', `listens on port ${port}, but only since it was too late`);
    }
    if (onPort.length > 0)
        return fail('loopback-bind', `listens on port ${port} of the loopback interface only`);
    const other = own.find(({ address }) => !isLoopback(address)) ?? own[0];
    if (other !== undefined) {
        const where = isLoopback(other.address) ? ' of the loopback interface only,' : '';
        return fail('wrong-port', `listens on port ${other.port}${where} instead of ${port}`);
    }
    const bind = findRefusedBind(closing);
    const isSaid = bind === undefined ? undefined : diagnoseBind(bind, port);
    return isSaid ?? fail('slow-start', `runs, but does not listen on port ${port}`);
}
function fail(kind, finding, advice = adviceFor[kind] ?? '') {
    return { kind, finding, isOnlyHere: false, advice };
}
/** True when only the same machine reaches the address. */
function isLoopback(address) {
    return address.startsWith('127.') || address === '::1';
}

;// CONCATENATED MODULE: ./src/stages/serve/start-error.ts

/** A program that cannot be started at all, with what that says of the service. */
class StartError extends errors/* ProjectError */.wB {
    diagnosis;
    constructor(diagnosis, { exitCode, logTail }) {
        const { kind, finding, advice } = diagnosis;
        super(`The service ${finding}.`, { kind, advice, exitCode, logTail });
        this.diagnosis = diagnosis;
    }
}

;// CONCATENATED MODULE: ./src/stages/serve/function-runtime.ts




/** The functions framework for projects that do not bring their own. */
const pinned = { name: '@cloudbase/functions-framework', version: '1.18.0' };
const cacheName = 'cloudbase-functions-framework';
/** Where the framework's command stands inside a folder that holds its package. */
const commandPath = (0,external_node_path_.join)('node_modules', '@cloudbase', 'functions-framework', 'bin', 'tcb-ff.js');
/** The Node.js of the platform's function mode (SDK cloudrun service, 5.6.5: BuildPacks LanguageVersion). */
const platformNode = '20.18';
/** A machine that cannot get the functions framework: nothing is known of the function then. */
class MissingFrameworkError extends errors/* ProjectError */.wB {
}
/**
 * The command `tcb-ff` of the project, else the pinned one of the runner's tool cache, where it is installed once. A
 * MissingFrameworkError when it cannot be installed.
 */
async function findFramework(folder, request, ports) {
    const own = (0,external_node_path_.join)(folder, commandPath);
    if ((await ports.files.kindOf(own)) === 'file')
        return own;
    const cached = await findCached(ports);
    if (cached !== undefined)
        return cached;
    const target = (0,external_node_path_.join)(request.tempFolder, 'framework');
    await ports.files.makeFolder(target);
    ports.log.info(`Install ${pinned.name} ${pinned.version} into the tool cache.`);
    const args = [
        'install',
        '--prefix',
        target,
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--fetch-retries=1',
        `${pinned.name}@${pinned.version}`,
    ];
    const { exitCode, lines } = await ports.exec.capture({
        file: 'npm',
        args,
        cwd: target,
        env: request.installEnv,
    });
    if (exitCode === 0) {
        if ((await findCached(ports)) === undefined)
            await ports.toolCache.store(target, cacheName, pinned.version);
        return (0,external_node_path_.join)(target, commandPath);
    }
    throw new MissingFrameworkError(`The functions framework cannot be installed: npm ended with exit code ${exitCode}.`, {
        kind: 'build',
        exitCode,
        logTail: lines.slice(-20),
        advice: `Add "${pinned.name}" to the project's dependencies, or run on a machine that reaches a package registry.`,
    });
}
/** Steps on one machine share the cache: one that is just being filled, or replaced, is not there yet. */
async function findCached({ toolCache, files }) {
    const folder = await toolCache.find(cacheName, pinned.version);
    if (folder === undefined)
        return undefined;
    const command = (0,external_node_path_.join)(folder, commandPath);
    return (await files.kindOf(command)) === 'file' ? command : undefined;
}
/** The Node.js that the platform would use (the project's, else 20.18) if the runner has it, else the one that it has. */
async function findNode(asked, ports) {
    const wanted = asked ?? platformNode;
    const cached = await ports.toolCache.find('node', wanted);
    if (cached !== undefined) {
        ports.log.info(`Run on Node.js ${wanted} of the tool cache, as the platform does.`);
        return (0,external_node_path_.join)(cached, 'bin', 'node');
    }
    const script = 'process.execPath + "\\n" + process.versions.node';
    const { stdout } = await ports.exec.capture({ file: 'node', args: ['-p', script] });
    const [node = 'node', version = ''] = stdout.trim().split('\n');
    const isWanted = version === wanted || version.startsWith(`${wanted}.`);
    const hint = isWanted
        ? ''
        : `; the platform runs ${wanted}, add actions/setup-node with that version to use it here`;
    ports.log.info(`Run on Node.js ${version}${hint}.`);
    return node;
}
/** Code that takes longer to load does not come up within the platform's window either. */
const loadMs = 60_000;
/** The exit code of a program that was ended because it took too long (Command.timeoutMs). */
const timedOut = 124;
/** Lets the framework load the function without serving it; one that does not load is a StartError. */
async function loadFunction(request, ports) {
    const { node, framework, folder, env, platformEnv } = request;
    const command = { file: node, args: [framework, '--dry-run'], cwd: folder, env, timeoutMs: loadMs };
    const finished = await ports.exec.capture(command);
    const { exitCode, lines } = finished;
    if (exitCode === 0)
        return;
    const diagnosis = exitCode === timedOut ? endless : diagnoseLoad(finished, platformEnv);
    throw new StartError(diagnosis, { exitCode, logTail: lines.slice(-20) });
}
const endless = {
    kind: 'slow-start',
    finding: `does not load within ${loadMs / 1000} s`,
    isOnlyHere: false,
    advice: 'Move what takes long out of the top level of the code, into the function.',
};
function diagnoseLoad({ exitCode, lines }, platformEnv) {
    const diagnosis = diagnoseStart({
        port: platformPort,
        exitCode,
        isOutOfMemory: false,
        hasListened: false,
        listeners: undefined,
        logTail: lines.slice(-50),
        platformEnv,
    });
    const hint = ' Run "npx tcb-ff --dry-run" in the source folder to see it load.';
    return diagnosis.isOnlyHere ? diagnosis : { ...diagnosis, advice: `${diagnosis.advice}${hint}` };
}
/** Where a function listens on the platform; to load it opens no port. */
const platformPort = 3000;

;// CONCATENATED MODULE: ./src/stages/serve/ready.ts

const ready_pauseMs = 50;
/** A service that binds its own port to the loopback interface for so long will not bind it elsewhere. */
const loopbackMs = 10_000;
/** The engine opens a published port as the container starts; one that stays closed so long is another machine's. */
const unreachableMs = 5_000;
const requestMs = 10_000;
const ready_heartbeatMs = 15_000;
/** After InitialDelaySeconds the platform probes about 30 times, 5 s apart, before it gives up (vendor's guide). */
function platformWindowMs(initialDelaySeconds) {
    return (initialDelaySeconds + 150) * 1000;
}
/** Waits until a service listens, it ends, or its time is over. */
async function awaitReady(served, request, ports) {
    const { clock } = ports;
    const since = (start) => (start === undefined ? 0 : clock.now() - start);
    let bound;
    let closed;
    let told = 0;
    for (;;) {
        const state = await served.readState();
        if (state.exitCode !== undefined)
            return ready_describeFailure(served, state, request);
        // An answer may take long: what counts is when it was asked for.
        const timeToListenMs = since(served.startedAt);
        if (await isListening(served, state, ports))
            return { status: 'ready', timeToListenMs };
        const sockets = lookAtSockets(state, served.port);
        bound = sockets === 'loopback' ? (bound ?? clock.now()) : undefined;
        closed = (await isClosed(served, sockets, ports)) ? (closed ?? clock.now()) : undefined;
        if (since(closed) >= unreachableMs)
            return { status: 'unreachable', reason: elsewhere };
        if (since(served.startedAt) >= request.windowMs || since(bound) >= loopbackMs)
            return ready_describeFailure(served, state, request);
        const toTell = Math.floor(since(served.startedAt) / ready_heartbeatMs);
        if (toTell > told)
            ports.log.info(describeWait(served, state, since(served.startedAt)));
        told = toTell;
        await clock.sleep(ready_pauseMs);
    }
}
function describeWait({ port }, { listeners = [] }, waitedMs) {
    const others = [...new Set(listeners.map((each) => each.port))].join(', ');
    const seen = others === '' ? 'nothing listens yet' : `it listens on ${others}`;
    return `${Math.round(waitedMs / 1000)} s: waiting for the service on port ${port}; ${seen}.`;
}
const elsewhere = 'its published port cannot be reached from here: the engine runs containers on another machine, or this job runs in a container';
/** What a service that runs no more, or does not listen, tells of itself. */
async function ready_describeFailure(served, state, { platformEnv, architecture, hasListened = false }) {
    const logTail = await served.readLog(50);
    const evidence = { ...state, port: served.port, hasListened, logTail, platformEnv, architecture };
    const isRunning = state.exitCode === undefined;
    return { status: 'failed', diagnosis: diagnoseStart(evidence), isRunning, logTail: logTail.slice(-20) };
}
/**
 * The platform tries a TCP connection, whatever is spoken over it. Docker's own proxy accepts connections for a service
 * that does not listen: where the sockets cannot be seen, somebody has to answer or keep the connection open.
 */
async function isListening(served, state, { http }) {
    const { url, port, healthPath } = served;
    const sockets = lookAtSockets(state, port);
    if (sockets !== 'unknown')
        return sockets === 'open';
    const method = healthPath === undefined ? 'GET' : 'HEAD';
    return ((await http.request({ method, url: `${url}${healthPath ?? '/'}`, timeoutMs: requestMs })) !== 'refused');
}
/** Nobody at all behind a published port. A function has none: its own port is closed until it listens. */
async function isClosed({ url, healthPath }, sockets, { http }) {
    if (sockets !== 'unknown' || healthPath !== undefined)
        return false;
    return !(await http.accepts(Number(new URL(url).port)));
}
function lookAtSockets({ listeners }, port) {
    if (listeners === undefined)
        return 'unknown';
    const onPort = listeners.filter((listener) => listener.port === port);
    if (onPort.length === 0)
        return 'closed';
    return onPort.every(({ address }) => isLoopback(address)) ? 'loopback' : 'open';
}

// EXTERNAL MODULE: ./src/service-config/rules.ts
var rules = __webpack_require__(90367);
// EXTERNAL MODULE: ./src/context.ts
var context = __webpack_require__(40788);
;// CONCATENATED MODULE: ./src/stages/serve/container.ts




/** Starts a container as the platform would, reachable on a port of the loopback interface. */
async function serveContainer(request, { clock, docker }) {
    const { mounts } = request;
    const env = splitEnv({ ...request.env, PORT: String(request.port) });
    // What cannot be removed now, the post part of the step removes, or warns of.
    const remove = async () => {
        await docker.removeContainers(request.stepLabel);
    };
    try {
        const id = await docker.start(buildDockerRunArgs(request, env), env);
        const startedAt = clock.now();
        const [{ pid }, hostPort] = await Promise.all([
            docker.readContainer(id),
            docker.readHostPort(id, request.port),
        ]);
        return {
            url: `http://127.0.0.1:${hostPort}`,
            port: request.port,
            startedAt,
            healthPath: undefined,
            handle: { kind: 'container', id },
            ...watch(id, pid, docker),
            readLog: (lines) => docker.readLogs(id, lines),
            listWrites: async () => findWrites(await docker.listChanges(id), mounts),
            end: (seconds) => docker.stop(id, seconds),
            remove,
        };
    }
    catch (error) {
        await remove();
        throw explainStart(error, request);
    }
}
/** Docker ends with 126 or 127 where the program of the image cannot be run; all else is said of the engine. */
function explainStart(error, { port }) {
    if (!(error instanceof errors/* ProjectError */.wB))
        return error;
    const { exitCode, logTail } = error;
    if (exitCode !== 126 && exitCode !== 127)
        return error;
    const seen = { port, exitCode, logTail, isOutOfMemory: false, hasListened: false, listeners: undefined };
    return new StartError(diagnoseStart(seen), error);
}
/** Each look at the state takes a sample of the memory with it. */
function watch(id, pid, docker) {
    let peak;
    const sample = async () => {
        const bytes = await docker.readWorkingSet(pid);
        if (bytes !== undefined)
            peak = Math.max(peak ?? 0, bytes);
    };
    return {
        readState: async () => {
            const [state] = await Promise.all([readContainerState(id, pid, docker), sample()]);
            return state;
        },
        readPeakMemory: async () => {
            await sample();
            return peak;
        },
    };
}
/** While the process can be seen, its sockets tell all there is to know, without asking the engine. */
async function readContainerState(id, firstPid, docker) {
    const listeners = await docker.readListeners(id, firstPid);
    if (listeners !== undefined)
        return { exitCode: undefined, isOutOfMemory: false, listeners };
    const { isRunning, exitCode, isOutOfMemory } = await docker.readContainer(id);
    return { exitCode: isRunning ? undefined : exitCode, isOutOfMemory, listeners: undefined };
}
/** Places that are meant to be written to, that Docker itself writes, and caches of interpreters and package managers. */
const expected = [
    /^\/(tmp|run|dev|proc|sys|var\/(tmp|run|cache|lock))(\/|$)/,
    /^\/etc\/(hosts|hostname|resolv\.conf|mtab)$/,
    /\/(__pycache__|\.cache|\.npm|\.config)(\/|$)/,
];
/** The files that a container has written where nothing lasts, without the folders that hold them, and its mounts. */
function findWrites(changes, mounts) {
    const isMounted = (path) => mounts.some((mount) => `${path}/`.startsWith(`${mount}/`));
    const paths = changes
        .filter(({ kind, path }) => kind !== 'deleted' && !expected.some((form) => form.test(path)))
        .map(({ path }) => path)
        .filter((path) => !isMounted(path));
    return paths.filter((path) => !changes.some((other) => other.path !== path && other.path.startsWith(`${path}/`)));
}
/** Splits the env vars of a container by the way on which they reach it; see ContainerEnv. */
function splitEnv(env) {
    const isLine = ([name, value]) => (0,context/* isDockerVariable */.HH)(name) && !/[\r\n]/.test(value);
    const entries = Object.entries(env);
    return {
        inherited: Object.fromEntries(entries.filter((entry) => !isLine(entry))),
        lines: entries.filter(isLine).map(([name, value]) => `${name}=${value}`),
    };
}
/**
 * The argv of `docker` for the run. Local Docker lets anyone bind low ports, the platform does not; values of env vars
 * stay off the argv. In place of storage there are empty volumes without a name, removed with the container. Databases of the job are reached by the name that Docker Desktop gives the machine.
 */
function buildDockerRunArgs(request, env) {
    const [entryPoint, ...entryArgs] = request.entryPoint;
    const { image, hostPort = '' } = request;
    return [
        ...['run', '--detach', '--platform', 'linux/amd64', '--label', request.stepLabel],
        ...['--publish', `127.0.0.1:${hostPort}:${request.port}`],
        ...['--add-host', 'host.docker.internal:host-gateway'],
        ...['--sysctl', 'net.ipv4.ip_unprivileged_port_start=1024', '--pids-limit', '1024'],
        ...['--cpus', String(Math.min(request.cpu, image.engine.cpus))],
        ...['--memory', `${request.memory * 1024}m`, '--memory-swap', `${request.memory * 1024}m`],
        ...request.mounts.flatMap((mount) => ['--mount', spellMount(mount)]),
        ...Object.keys(env.inherited).flatMap((name) => ['--env', name]),
        ...(env.lines.length === 0 ? [] : ['--env-file', '/dev/stdin']),
        ...(entryPoint === undefined ? [] : ['--entrypoint', entryPoint]),
        ...[image.reference, ...entryArgs, ...request.command],
    ];
}
/** A plain volume on a path that the image does not have would be root's alone, and many services run as another user. */
function spellMount(path) {
    const options = ['type=tmpfs', 'device=tmpfs', 'o=mode=1777'].map((option) => `volume-opt=${option}`);
    return ['type=volume', `destination=${path}`, ...options].join(',');
}

;// CONCATENATED MODULE: ./src/stages/serve/function.ts


/** Starts a function with the functions framework on a port of the loopback interface. */
async function serveFunction(project, { built, env, platformEnv, request }, ports) {
    const { tempFolder } = request;
    const framework = await findFramework(built.folder, request, ports);
    const node = await findNode(project.kind === 'function' ? project.nodeVersion : undefined, ports);
    const isShipped = project.kind === 'function' && !project.isInstalledByPlatform;
    const folder = isShipped ? await copyForRun(built.folder, tempFolder, ports.files) : built.folder;
    const before = new Set(await listFiles(folder, ports.files));
    await loadFunction({ node, framework, folder, env, platformEnv }, ports);
    const port = request.hostPort ?? (await ports.http.freePort());
    const command = {
        file: node,
        args: [framework, `--port=${port}`],
        cwd: folder,
        env: { ...env, PORT: String(port) },
    };
    const logFile = (0,external_node_path_.join)(tempFolder, 'function.log');
    const process = await ports.exec.start(command, logFile);
    return {
        url: `http://127.0.0.1:${port}`,
        port,
        startedAt: ports.clock.now(),
        healthPath: '/_healthz',
        handle: { kind: 'process', logFile },
        ...describeProcess(process, ports),
        listWrites: async () => (await listFiles(folder, ports.files)).filter((path) => !before.has(path)),
    };
}
/** A copy that is shipped with its dependencies stays untouched: what the local run writes must not be released. */
async function copyForRun(folder, tempFolder, files) {
    const copy = (0,external_node_path_.join)(tempFolder, 'run');
    await files.copyFolder(folder, copy);
    return copy;
}
/** The framework itself writes its logs beside the function. */
async function listFiles(root, files, folder = '') {
    const found = [];
    for (const { kind, path } of await files.listFolder((0,external_node_path_.join)(root, folder))) {
        const full = folder === '' ? path : `${folder}/${path}`;
        if (/(^|\/)node_modules$/.test(full) || full === 'logs')
            continue;
        if (kind === 'folder')
            found.push(...(await listFiles(root, files, full)));
        else
            found.push(full);
    }
    return found;
}
function describeProcess(process, { exec }) {
    return {
        readState: () => Promise.resolve({ exitCode: process.exitCode(), isOutOfMemory: false, listeners: undefined }),
        readLog: (lines) => process.logTail(lines),
        readPeakMemory: () => exec.readPeakMemory(process.pid),
        end: (seconds) => process.stop(seconds * 1000),
        remove: async () => {
            await process.stop();
        },
    };
}

;// CONCATENATED MODULE: ./src/stages/serve/serve.ts




/** Starts what was built as the platform would. A program that cannot be started is a StartError. */
async function serve(project, { built, request }, ports) {
    const env = { ...literalEnv(request.settings), ...request.env };
    if (built.kind === 'image') {
        const { port } = project;
        const { hostPort, stepLabel } = request;
        const how = { ...sizeOf(request), mounts: listMounts(request) };
        return serveContainer({ image: built, port, hostPort, env, stepLabel, ...how }, ports);
    }
    return serveFunction(project, { built, env, platformEnv: listPlatformEnv(request), request }, ports);
}
/** Env vars that the config spells out; secrets, live or of the step's environment, stay out of a CI run. */
function literalEnv({ EnvParams = {} }) {
    return Object.fromEntries(Object.entries(EnvParams).filter((entry) => entry[1] !== null));
}
function sizeOf(request) {
    const { settings, live } = request;
    const known = live?.service?.settings ?? {};
    return {
        cpu: cpuOf(request),
        memory: memoryOf(request),
        entryPoint: settings.EntryPoint ?? listOf(known['EntryPoint']),
        command: settings.Cmd ?? listOf(known['Cmd']),
    };
}
/** Docker reads the path as a field of CSV: one that would be more than that, or is not absolute, is left out. */
function listMounts({ settings, live }) {
    const volumes = settings.VolumesConf ?? live?.service?.settings['VolumesConf'];
    const paths = Array.isArray(volumes) ? volumes.map(pathOf) : [];
    return [...new Set(paths)].filter((path) => /^\/[^,"\r\n]+$/.test(path));
}
function pathOf(volume) {
    const isPlaced = typeof volume === 'object' && volume !== null && 'DstPath' in volume;
    return isPlaced ? String(volume.DstPath).replace(/\/+$/, '') : '';
}
function cpuOf({ settings, live }) {
    return settings.Cpu ?? serve_numberOf(live?.service?.settings['Cpu']) ?? 0.5;
}
/** The service's Mem in GiB: the config's, else the live service's, else the double of its CPUs. */
function memoryOf(size) {
    const { settings, live } = size;
    return settings.Mem ?? serve_numberOf(live?.service?.settings['Mem']) ?? cpuOf(size) * 2;
}
function serve_numberOf(value) {
    return Number(value) > 0 ? Number(value) : undefined;
}
/** A command may be told as one text; what follows `-c` is one argument of a shell. */
function listOf(value) {
    if (Array.isArray(value))
        return value.map(String);
    const words = typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : [];
    const end = words.indexOf('-c') + 1;
    return end === 0 || end === words.length ? words : [...words.slice(0, end), words.slice(end).join(' ')];
}
/** The env vars that the service has on the platform and not in a local run, in alphabetical order. */
function listPlatformEnv({ settings, live, env, envFrom }) {
    const names = [...envFrom, ...Object.keys((0,merge/* parseLiveEnv */.dS)(live?.service?.settings ?? {}))];
    const isHere = (name) => name === rules/* fingerprintName */.Sw || Object.hasOwn(settings.EnvParams ?? {}, name) || Object.hasOwn(env, name);
    return [...new Set(names)].filter((name) => !isHere(name)).sort();
}

;// CONCATENATED MODULE: ./src/stages/verify/answers.ts


/** How long one request may take until its answer is there, in milliseconds. */
const answers_requestMs = 10_000;
/** How long a service is asked again for the status that it has to answer. */
const answers_patienceMs = 5_000;
const answers_pauseMs = 500;
const bodyLimit = 64 * 1024;
/** Asks each path once; what a path has to answer is asked for a few seconds more. */
async function checkAnswers(asked, ports) {
    if (asked.paths.length === 0)
        return [warned('http', 'names no path for any function, so none was called')];
    const rows = [];
    for (const path of asked.paths) {
        const until = ports.clock.now() + answers_patienceMs;
        let row = await askPath(asked, path, ports);
        while (row.result === 'failed' && ports.clock.now() < until) {
            await ports.clock.sleep(answers_pauseMs);
            row = await askPath(asked, path, ports);
        }
        rows.push(row);
    }
    return rows;
}
async function askPath({ url, checks }, path, { http }) {
    const { statuses } = checks;
    const isDemanded = checks.isPathGiven || statuses.length > 0;
    const answer = await http.request({ method: 'GET', url: `${url}${path}`, timeoutMs: answers_requestMs });
    if (typeof answer === 'string') {
        const detail = describeNoAnswer(`"GET ${path}"`, answer);
        if (!isDemanded)
            return warned('http', detail);
        return failed('http', { kind: 'not-http', detail, advice: adviceFor['not-http'] ?? '' });
    }
    const { status } = answer;
    const isWanted = statuses.length > 0 ? isAmong(status, statuses) : status < 500;
    if (isWanted)
        return passed('http', `"GET ${path}" answers ${status}`);
    const detail = `answers "GET ${path}" with ${status}`;
    if (!isDemanded)
        return warned('http', detail);
    const wanted = statuses.length > 0 ? `, not ${describeStatuses(statuses)}` : '';
    return failed('http', { kind: 'smoke', detail: `${detail}${wanted}`, advice: adviceFor.smoke ?? '' });
}
function isAmong(status, ranges) {
    return ranges.some(({ from, to }) => status >= from && status <= to);
}
function describeStatuses(ranges) {
    return ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(' or ');
}
/** What is wrong with a service that gives no answer to a request, which is quoted already. */
function describeNoAnswer(request, answer) {
    const within = answer === 'refused' ? '' : ` within ${answers_requestMs / 1000} s`;
    return `gives no HTTP answer to ${request}${within}`;
}
/**
 * Sends the header in which the platform hands credentials to the service, and looks for it, and for an env var, in
 * what comes back: whoever may call the service could read both.
 */
async function checkSecrets(asked, { http }) {
    const { url, canaries } = asked;
    const headers = { 'x-cloudbase-context': canaries.header };
    let isAnswered = false;
    for (const path of asked.paths.length > 0 ? asked.paths : ['/']) {
        const request = {
            method: 'GET',
            url: `${url}${path}`,
            timeoutMs: answers_requestMs,
            headers,
            bodyLimit,
        };
        const answer = await http.request(request);
        if (typeof answer === 'string')
            continue;
        isAnswered = true;
        const told = whatIsTold(answer, canaries);
        if (told === undefined)
            continue;
        return [
            failed('secrets', {
                kind: 'smoke',
                detail: `sends back ${told} in its answer to "GET ${path}"`,
                advice: 'Answer with what the caller needs, never with whole headers or the whole environment: both hold secrets.',
            }),
        ];
    }
    return [
        isAnswered
            ? passed('secrets', 'no answer holds the header x-cloudbase-context or an env var')
            : skipped('secrets', 'the service gives no HTTP answer'),
    ];
}
function whatIsTold({ headers, body }, { env, header }) {
    const text = [...Object.values(headers), body].join('\n');
    if (text.includes(header))
        return 'the header x-cloudbase-context, which carries credentials';
    return text.includes(env) ? 'its environment variables' : undefined;
}
/** Whether a WebSocket opens and answers a ping. */
async function checkWebSocket({ url, checks }, { http }) {
    const { webSocketPath: path } = checks;
    if (path === '')
        return [];
    const answer = await http.openWebSocket(`${url.replace(/^http/, 'ws')}${path}`, answers_requestMs);
    if (answer === 'open')
        return [passed('websocket', `opens at ${path}`)];
    const seen = typeof answer === 'object' ? `: it answers ${answer.status}` : '';
    return [
        failed('websocket', {
            kind: 'smoke',
            detail: `opens no WebSocket at ${path}${seen}`,
            advice: 'Answer the upgrade request with 101 and keep the connection open.',
        }),
    ];
}
/** Whether it answers many requests at once. */
async function checkBurst({ url, paths, checks }, { http, clock }) {
    const { burst } = checks;
    if (burst === 0)
        return [];
    const path = paths[0] ?? '/';
    const started = clock.now();
    const times = [];
    const ask = async () => {
        const answer = await http.request({ method: 'GET', url: `${url}${path}`, timeoutMs: answers_requestMs });
        times.push(clock.now() - started);
        return typeof answer === 'object' && answer.status < 500;
    };
    const answers = await Promise.all(Array.from({ length: burst }, ask));
    const good = answers.filter(Boolean).length;
    const last = Math.max(...times);
    if (good === burst)
        return [passed('burst', `${burst} requests at once, the last answered after ${last} ms`)];
    return [
        failed('burst', {
            kind: 'smoke',
            detail: `answers ${good} of ${burst} requests to "GET ${path}" that come at once, within ${answers_requestMs / 1000} s and without a status of 500 and more`,
            advice: 'Look at its log for what gave way, or lower verify-burst to what one instance has to bear.',
        }),
    ];
}

;// CONCATENATED MODULE: ./src/stages/verify/image.ts


/** Whether the platform can run the image at all. */
function checkArchitecture({ facts }) {
    const system = `${facts.os}/${facts.architecture}`;
    if (system === 'linux/amd64')
        return passed('architecture', system);
    const detail = `has an image for ${system}, and the platform runs linux/amd64`;
    const advice = adviceFor.architecture ?? '';
    return failed('architecture', { kind: 'architecture', detail, advice });
}
/** Whether the program has more rights than it needs. */
function checkUser(image) {
    const user = image.facts.user.split(':')[0] ?? '';
    return user === '' || user === 'root' || user === '0'
        ? warned('user', 'runs as root: name another USER in the Dockerfile')
        : passed('user', `runs as "${user}"`);
}
const MiB = 1024 * 1024;
/** Vendors' build logs advise to make smaller what is larger. */
const largeBytes = 1024 * MiB;
const shownLayers = 3;
/** How large the image is, and by what. */
async function checkImageSize({ reference, facts, engine }, docker) {
    const layers = await docker.listLayers(reference);
    const largest = [...layers].sort((left, right) => right.bytes - left.bytes).slice(0, shownLayers);
    const by = largest.filter(({ bytes }) => bytes >= shownBytes).map(describeLayer);
    const size = `${inMiB(facts.bytes)} in the ${engine.store} store`;
    const most = by.length === 0 ? '' : `; largest layers: ${by.join(', ')}`;
    return facts.bytes > largeBytes
        ? warned('image-size', `has an image of ${size}, which is slow to pull on a cold start${most}`)
        : passed('image-size', `${size}${most}`);
}
const shownCommand = 60;
/** Smaller layers are nothing to save at. */
const shownBytes = 0.1 * MiB;
function describeLayer({ bytes, command }) {
    const text = image_readCommand(command);
    const short = text.length > shownCommand ? `${text.slice(0, shownCommand)}…` : text;
    return short === '' ? `${inMiB(bytes)} that the base image brings` : `${inMiB(bytes)} by "${short}"`;
}
/** The instruction as its author wrote it; the values of build args, which Docker puts before it, stay out. */
function image_readCommand(command) {
    return command
        .replace(/\s*# buildkit$/, '')
        .replace(/^(RUN )?(\|\d+ .*?)?\/bin\/\w+ (-[\w-]+ |pipefail )*?-\w*c (#\(nop\) )?/s, '$1')
        .replace(/^(RUN )?\|\d+ .*$/s, '$1…')
        .replace(/\s+/g, ' ')
        .trim();
}
function inMiB(bytes) {
    return `${(bytes / MiB).toFixed(1)} MiB`;
}

;// CONCATENATED MODULE: ./src/stages/verify/streams.ts


const headers = { accept: 'text/event-stream' };
const advice = 'Answer with "content-type: text/event-stream", and write and flush each event as soon as there is one.';
/** Whether server-sent events come one by one. */
async function checkEventStream({ url, checks }, { http }) {
    const { ssePath } = checks;
    if (ssePath === '')
        return [];
    const fault = await findFault({ method: 'GET', url: `${url}${ssePath}`, timeoutMs: answers_requestMs, headers }, http);
    if (fault === undefined)
        return [passed('event-stream', `"GET ${ssePath}" streams events`)];
    return [failed('event-stream', { kind: 'smoke', detail: fault.detail, advice })];
}
/**
 * Whether an agent answers a message as the platform's clients expect it (`@cloudbase/aiagent-framework`). One that breaks
 * down where it lacks env vars of the platform, such as the key of a model, may well do so there.
 */
async function checkAgent({ url, checks }, platformEnv, { http }) {
    if (checks.botId === '')
        return skipped('agent', 'input "bot-id" is not given');
    const path = `/v1/aibot/bots/${checks.botId}/send-message`;
    const request = {
        method: 'POST',
        url: `${url}${path}`,
        timeoutMs: answers_requestMs,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ msg: 'hi' }),
    };
    const fault = await findFault(request, http);
    if (fault === undefined)
        return passed('agent', `"POST ${path}" streams events`);
    const { detail, isBreakdown, isHeldBack = false } = fault;
    if (isHeldBack)
        return warned('agent', detail);
    if (!isBreakdown || platformEnv.length === 0)
        return failed('agent', { kind: 'smoke', detail, advice });
    const names = platformEnv.map((name) => `"${name}"`).join(', ');
    return warned('agent', `${detail}, but has no ${names} in this run; the platform has`);
}
/**
 * Many events that all come in the end, a second and more after the request, were kept back. A few may well be one
 * thought and the mark of the end.
 */
const heldBackMs = 1_000;
const burstMs = 50;
const manyEvents = 4;
async function findFault(request, http) {
    const shown = `"${request.method} ${new URL(request.url).pathname}"`;
    const answer = await http.readEvents(request);
    if (typeof answer === 'string')
        return { detail: describeNoAnswer(shown, answer), isBreakdown: true };
    const { status, headers, eventTimesMs, isEnded } = answer;
    const refuse = (detail) => ({ detail, isBreakdown: status > 499 });
    if (status < 200 || status > 299)
        return refuse(`answers ${shown} with ${status} instead of a stream of events`);
    const type = headers['content-type'] ?? 'no content type';
    if (!/^text\/event-stream\b/i.test(type))
        return refuse(`answers ${shown} with ${type} instead of text/event-stream`);
    const [first] = eventTimesMs;
    const last = eventTimesMs.at(-1);
    if (first === undefined || last === undefined) {
        const when = isEnded ? '' : ` within ${answers_requestMs / 1000} s`;
        return { detail: `sends no event in answer to ${shown}${when}`, isBreakdown: true };
    }
    const isMany = isEnded && eventTimesMs.length >= manyEvents;
    const isHeldBack = isMany && first > heldBackMs && last - first < burstMs;
    if (!isHeldBack)
        return undefined;
    return { ...refuse(`sends all events of ${shown} at once, after ${first} ms`), isHeldBack };
}

;// CONCATENATED MODULE: ./src/stages/verify/table.ts

const optional = ['event-stream', 'websocket', 'agent', 'burst'];
const ofImage = ['architecture', 'user', 'image-size'];
/** The whole table in its order: every row that is missing is skipped, with the reason why it was not looked at. */
function complete(rows, { image, reason }) {
    const missing = checkNames.filter((name) => !optional.includes(name) && !rows.some((row) => row.name === name));
    const reasonOf = (name) => image === undefined && ofImage.includes(name) ? 'functions run in an image of the platform' : reason;
    const all = [...rows, ...missing.map((name) => skipped(name, reasonOf(name)))];
    return all.sort((left, right) => checkNames.indexOf(left.name) - checkNames.indexOf(right.name));
}
/**
 * The rows of a service that did not come up or stay up, with what was seen of it besides. A reason of this machine
 * alone proves nothing against it, but nothing for it either: only what its image shows stands, and what it gave away.
 */
function explainFailure(failure, seen) {
    const { kind, finding, isOnlyHere, advice } = failure.diagnosis;
    if (isOnlyHere) {
        return [warned('starts', joinAdvice(finding, advice)), ...seen.filter(({ name }) => name !== 'starts')];
    }
    const row = failed(rowOf(failure), { kind, detail: finding, advice });
    const rest = seen.filter(({ name }) => name !== row.name && name !== 'starts');
    const starts = row.name === 'listens' && failure.isRunning ? [passed('starts', 'the process runs')] : [];
    return [...starts, row, ...rest];
}
function joinAdvice(finding, advice) {
    return `${finding}; ${advice.charAt(0).toLowerCase()}${advice.slice(1).replace(/\.$/, '')}`;
}
/** The row that a failure belongs to; to wait too long is no way of listening where the process has ended. */
function rowOf({ diagnosis: { kind }, isRunning }) {
    if (kind === 'architecture')
        return 'architecture';
    const isListening = kind === 'wrong-port' || kind === 'loopback-bind' || (kind === 'slow-start' && isRunning);
    return isListening ? 'listens' : 'starts';
}

;// CONCATENATED MODULE: ./src/stages/verify/traces.ts

const traces_MiB = 1024 * 1024;
/** From this part of Mem on, a little more load ends the process. */
const nearlyFull = 0.9;
/** How near the memory came to Mem (GiB). The working set is what Kubernetes counts: file cache that can go is not in it. */
async function checkMemory(served, memory) {
    const peak = await served.readPeakMemory();
    if (peak === undefined)
        return skipped('memory', 'the memory of the service cannot be seen from here');
    const limit = memory * 1024 * traces_MiB;
    const figures = `${Math.ceil(peak / traces_MiB)} MiB of ${limit / traces_MiB} MiB`;
    if (peak > limit)
        return warned('memory', `uses up to ${figures}, which the platform does not give it: raise Cpu and Mem together`);
    return peak >= limit * nearlyFull
        ? warned('memory', `uses up to ${figures}, which leaves little for requests: raise Cpu and Mem together`)
        : passed('memory', `up to ${figures} in use`);
}
const shownFiles = 5;
/**
 * Which files were written where nothing lasts: other instances do not see them, and they are gone with the instance.
 * `where` says which place was looked at.
 */
async function checkFiles(served, where) {
    const files = await served.listWrites();
    if (files.length === 0)
        return passed('files', `none written ${where}`);
    const more = files.length > shownFiles ? ` and ${files.length - shownFiles} more` : '';
    return warned('files', `writes ${files.slice(0, shownFiles).join(', ')}${more}, which no other instance sees and which go with the instance`);
}
const endSeconds = 10;
/** Whether it ends when it is asked to: the platform takes old versions down so, with requests under way. */
async function checkShutdown(served) {
    return (await served.end(endSeconds))
        ? passed('shutdown', 'ends when it is asked to (SIGTERM)')
        : warned('shutdown', `does not end within ${endSeconds} s after SIGTERM, and requests under way are cut off: handle the signal, and start the program itself, not by a shell`);
}

;// CONCATENATED MODULE: ./src/stages/verify/verify.ts











/** Runs what was built as the platform would, and checks it. Stops it again, whatever happens. */
async function verify(project, request, ports) {
    const { built } = request;
    if (request.verify === 'false')
        return { status: 'skipped', reason: 'input "verify" is false' };
    if (built.kind === 'skipped')
        return { status: 'skipped', reason: built.reason };
    const platformEnv = listPlatformEnv({ ...request, hostPort: undefined });
    if (platformEnv.length > 0)
        ports.log.info(`Not set in this local run, only on the platform: ${platformEnv.join(', ')}. verify-env and verify-env-from set them here, too.`);
    const image = built.kind === 'image' ? built : undefined;
    const around = { project, request, image, platformEnv, canaries: canariesOf(request) };
    if (image !== undefined && checkArchitecture(image).result === 'failed') {
        const rows = await lookAtImage(image, ports);
        return conclude(complete(rows, { image, reason: 'the service was not started' }));
    }
    const served = await start(around, built, ports);
    if (!('url' in served))
        return served;
    try {
        return await checkServed(served, around, ports);
    }
    finally {
        await served.remove();
    }
}
/** Two values that nobody else knows. */
function canariesOf({ stepLabel }) {
    return { env: `canary-env-${stepLabel}`, header: `canary-header-${stepLabel}` };
}
/** A program that cannot be started at all is a failed check, too. */
async function start(around, built, ports) {
    const { project, request, canaries } = around;
    const env = { ...request.env, CLOUDBASE_RUN_CANARY: canaries.env };
    try {
        return await serve(project, { built, request: { ...request, env, hostPort: undefined } }, ports);
    }
    catch (error) {
        if (error instanceof MissingFrameworkError && request.verify === 'auto')
            return { status: 'skipped', reason: 'the functions framework cannot be installed here' };
        if (!(error instanceof StartError))
            throw error;
        const { diagnosis, logTail } = error;
        const failure = { status: 'failed', diagnosis, isRunning: false, logTail };
        return refute(failure, await lookAtImage(around.image, ports), around.image);
    }
}
/** What a service that did not come up, or stay up, leaves to say. */
function refute(failure, seen, image) {
    const rows = explainFailure(failure, seen);
    const hasListened = seen.some(({ name }) => name === 'listens');
    const reason = hasListened ? 'the service did not stay up' : 'the service did not come up';
    return conclude(complete(rows, { image, reason }), { logTail: failure.logTail });
}
/** A service that ends so soon after its last answer does not keep running. */
const settleMs = 250;
/** How long a service that has listened may stop to do so. */
const lapseMs = 3_000;
async function checkServed(served, around, ports) {
    const { request, image, platformEnv } = around;
    const { clock } = ports;
    const known = { platformEnv, architecture: image?.facts.architecture };
    const delay = initialDelayOf(request);
    const [readiness, still] = await Promise.all([
        awaitReady(served, { ...known, windowMs: platformWindowMs(delay) }, ports),
        lookAtImage(image, ports),
    ]);
    if (readiness.status === 'failed')
        return refute(readiness, still, image);
    if (readiness.status === 'unreachable')
        return skipUnreachable(readiness.reason, request.verify);
    const { timeToListenMs } = readiness;
    const answers = await watchMemory(served, clock, ask(served, around, ports));
    const [files] = await Promise.all([
        checkFiles(served, image === undefined ? 'in its folder' : 'outside /tmp'),
        clock.sleep(settleMs),
    ]);
    const windowMs = clock.now() - served.startedAt + lapseMs;
    const later = await awaitReady(served, { ...known, windowMs, hasListened: true }, ports);
    const seen = [
        describeListening(served, image),
        checkStartTime(timeToListenMs, delay),
        ...answers,
        ...still,
        files,
    ];
    if (later.status === 'failed')
        return refute(later, seen, image);
    const rows = [
        passed('starts', 'the process keeps running'),
        ...seen,
        await checkMemory(served, memoryOf(request)),
        await checkShutdown(served),
    ];
    const checks = complete(rows, { image, reason: 'it cannot be seen from here' });
    const isFailed = checks.some(({ result }) => result === 'failed');
    return conclude(checks, { timeToListenMs, logTail: isFailed ? await served.readLog(20) : [] });
}
/** A service that nobody can ask is not verified, whatever else is seen of it. */
function skipUnreachable(reason, asked) {
    if (asked !== 'true')
        return { status: 'skipped', reason: `the service runs, but ${reason}` };
    const message = `is "true", but ${reason}. Run the job on the machine of the engine and not in a container, or use "auto" to verify only where it can be.`;
    throw new errors/* InputError */.dz([{ subject: 'verify', message }]);
}
function initialDelayOf({ settings, live }) {
    const known = Number(live?.service?.settings['InitialDelaySeconds'] ?? 0);
    return settings.InitialDelaySeconds ?? (known > 0 ? known : 0);
}
async function lookAtImage(image, { docker }) {
    if (image === undefined)
        return [];
    return [checkArchitecture(image), checkUser(image), await checkImageSize(image, docker)];
}
async function ask({ url }, { project, request, platformEnv, canaries }, ports) {
    const { checks } = request;
    const asked = { url, paths: pathsOf(project, checks), checks, canaries };
    const rows = [
        ...(await checkAnswers(asked, ports)),
        ...(await checkSecrets(asked, ports)),
        ...(await checkEventStream(asked, ports)),
        ...(await checkWebSocket(asked, ports)),
        ...(project.mode === 'agent' ? [await checkAgent(asked, platformEnv, ports)] : []),
        ...(await checkBurst(asked, ports)),
    ];
    return rows;
}
/** The framework answers its health path itself; what the functions answer shows on their own paths. */
function pathsOf(project, { path, isPathGiven }) {
    return project.kind === 'function' && !isPathGiven ? project.routes : [path];
}
const sampleMs = 100;
/** Looks at the memory while the service is asked: it may be back where it was when all is answered. */
async function watchMemory(served, clock, work) {
    const state = { isOver: false };
    const end = () => {
        state.isOver = true;
    };
    const watch = async () => {
        while (!state.isOver) {
            await served.readPeakMemory();
            await clock.sleep(sampleMs);
        }
    };
    const [value] = await Promise.all([work.finally(end), watch()]);
    return value;
}
/** A container's port was reached from outside of it; a function's was asked on this machine. */
function describeListening({ port }, image) {
    return passed('listens', image === undefined ? 'on the port of PORT' : `on port ${port} of every interface`);
}
/** The first probes of the platform come after InitialDelaySeconds. */
function checkStartTime(timeToListenMs, initialDelaySeconds) {
    const taken = `${timeToListenMs} ms`;
    return initialDelaySeconds > 0 && timeToListenMs > initialDelaySeconds * 1000
        ? warned('start-time', `takes ${taken} to listen, longer than InitialDelaySeconds (${initialDelaySeconds})`)
        : passed('start-time', `listens after ${taken}`);
}
function conclude(checks, { timeToListenMs, logTail = [] } = {}) {
    const results = checks.map(({ result }) => result);
    if (results.includes('failed'))
        return { status: 'failed', checks, timeToListenMs, logTail };
    return { status: results.includes('warned') ? 'warned' : 'passed', checks, timeToListenMs, logTail };
}

;// CONCATENATED MODULE: ./src/commands/local.ts





/** Builds, and runs what was built on this machine; a check that fails is a ProjectError. */
async function buildAndVerify(run, { settled, project, live }, around) {
    const { ports } = around;
    const request = describeBuild(settled, around, needOf(settled.inputs));
    const built = await run.stage('build', () => build(project, request, ports));
    await refuseShipped(project, built, { selection: settled.inputs.selection, files: ports.files });
    const { verify: isVerified, checks } = settled.inputs.local;
    const local = { ...describeServe(settled, around, live), built, verify: isVerified, checks };
    const verification = await run.stage('verify', () => verify(project, local, ports));
    return { built, verification: requireVerified(verification) };
}
function needOf({ delivery, local }) {
    if (delivery.repository !== '')
        return 'image-repository';
    return local.verify === 'true' ? 'verify' : undefined;
}
/** What a command builds from. */
function describeBuild({ inputs, buildSecrets, repository }, { context, installEnv, cacheEnv }, isNeededBy) {
    const { stepLabel, tempFolder, sha, gitTag, repositoryUrl } = context;
    const labels = Object.entries({
        'org.opencontainers.image.revision': sha,
        'org.opencontainers.image.source': repositoryUrl,
        'org.opencontainers.image.version': gitTag,
    }).filter(([, value]) => value !== '');
    const place = { repository, stepLabel, tempFolder, installEnv, cacheEnv };
    return { isNeededBy, inputs, buildSecrets, labels: Object.fromEntries(labels), ...place };
}
/** The dependencies that an install has brought go into the package with the files that were judged before. */
async function refuseShipped(project, built, { selection, files }) {
    const isShipped = project.kind === 'function' && !project.isInstalledByPlatform;
    if (!isShipped || built.kind !== 'function-copy')
        return;
    const entries = await files.listFiles(built.folder, '.');
    await refuseUnfit({ folder: built.folder, entries, allowedSecrets: selection.allowedSecrets }, files);
}
/** Warns of what looks like a secret in the files that will be uploaded. */
async function scanPackage(run, { settled, project, }, { ports }) {
    const { inputs, repository } = settled;
    await run.stage('scan', () => scan(project, { selection: inputs.selection, repository }, ports));
}
/** How a command starts what was built. */
function describeServe({ inputs, config, localEnv }, { context, installEnv }, live) {
    const { stepLabel, tempFolder } = context;
    const { settings } = config;
    return { settings, live, envFrom: inputs.envFrom, env: localEnv, stepLabel, tempFolder, installEnv };
}

// EXTERNAL MODULE: ./src/lint/finding.ts
var lint_finding = __webpack_require__(48472);
// EXTERNAL MODULE: ./src/lint/directive.ts
var directive = __webpack_require__(71064);
// EXTERNAL MODULE: ./src/lint/ignore.ts
var lint_ignore = __webpack_require__(63343);
// EXTERNAL MODULE: ./src/lint/rules.ts + 48 modules
var lint_rules = __webpack_require__(74133);
// EXTERNAL MODULE: ./src/lint/script/syntax.ts
var syntax = __webpack_require__(55618);
;// CONCATENATED MODULE: ./src/lint/check.ts




/** Runs every rule; the files of the findings are relative to the source folder. */
function check({ source, dockerfile, scripts, faults, directives }) {
    const run = (rules, subjects) => subjects.flatMap((subject) => rules.flatMap((rule) => checkOne(rule, subject, source)));
    return [
        ...run(lint_rules/* dockerfileRules */.MW, dockerfile === undefined ? [] : [dockerfile]),
        ...run(lint_rules/* sourceRules */.NP, [source]),
        ...run(lint_rules/* scriptRules */.t2, scripts),
        ...run(syntax/* faultRules */.W, faults),
        ...run(directive/* directiveRules */.f, directives.map(findUnknown)),
    ];
}
function findUnknown(directive) {
    return { ...directive, unknownIds: directive.ids.filter((id) => (0,lint_ignore.checkRuleId)(id) !== undefined) };
}
/** Whoever does the same wrong more often in one file knows by then. */
const mostHits = 100;
function checkOne(rule, subject, source) {
    const { id, severity, kind } = rule;
    const hits = rule.check(subject).filter(({ missing = '' }) => missing === '' || !source.isUnbuilt(missing));
    return hits.slice(0, mostHits).map(({ message, fix = rule.fix, at }) => ({
        severity,
        tool: 'cloudbase-run',
        rule: id,
        message,
        fix,
        url: `docs/rules.md#${id.toLowerCase()}`,
        at,
        ...(kind === undefined ? {} : { kind }),
    }));
}

// EXTERNAL MODULE: ./src/lint/dockerfile/file.ts
var file = __webpack_require__(49916);
// EXTERNAL MODULE: ./src/lint/dockerfile/same.ts
var dockerfile_same = __webpack_require__(13868);
// EXTERNAL MODULE: ./src/lint/dockerfile/syntax.ts + 2 modules
var dockerfile_syntax = __webpack_require__(30775);
// EXTERNAL MODULE: ./src/lint/dockerfile/tree.ts
var tree = __webpack_require__(64318);
// EXTERNAL MODULE: ./src/lint/script/graph.ts
var graph = __webpack_require__(24613);
// EXTERNAL MODULE: ./src/lint/script/start.ts
var script_start = __webpack_require__(51629);
// EXTERNAL MODULE: ./src/lint/script/script.ts + 2 modules
var script = __webpack_require__(24146);
;// CONCATENATED MODULE: ./src/stages/lint/scripts.ts




/** Larger scripts are bundles with data in them, which take long and tell little. */
const scriptLimit = 5 * 1024 * 1024;
/** Reads and parses the scripts with which a service starts, and all that they import by a relative path. */
async function followScripts(source, folder, files) {
    const scripts = [];
    const faults = [];
    const seen = new Set();
    let next = (0,script_start/* listStartScripts */.n)(source);
    while (next.length > 0) {
        const fresh = [...new Set(next)].filter((file) => isReadable(file, source, seen));
        for (const file of fresh)
            seen.add(file);
        await Promise.all(fresh.map(async (file) => {
            const text = await files.readText((0,external_node_path_.join)(folder, file));
            if (text !== undefined)
                source.texts.set(file, text);
        }));
        const parsed = fresh.flatMap((file) => parse(file, source));
        for (const each of parsed) {
            if ('program' in each)
                scripts.push(each);
            else if (!each.isTooDeep)
                faults.push(each);
        }
        next = parsed.flatMap((each) => ('program' in each ? scripts_follow(each) : []));
    }
    return { scripts, faults };
}
function isReadable(file, { entries }, seen) {
    return !seen.has(file) && (entries.get(file)?.size ?? 0) <= scriptLimit;
}
function parse(file, source) {
    const text = source.texts.get(file);
    if (text === undefined)
        return [];
    return [(0,script/* parseScript */.t)(source, { file, text, isDeclaredModule: (0,graph/* isDeclaredModule */.Nj)(file, source) })];
}
function scripts_follow({ file, imports, source }) {
    return imports.flatMap(({ specifier }) => (0,graph/* resolveScript */.XD)(file, specifier, source) ?? []);
}

;// CONCATENATED MODULE: ./src/stages/lint/source.ts





/** Files that rules read wherever they stand, and those that they read in the source and the build folder alone. */
const anywhere = new Set(['package.json']);
const atTheTop = new Set([
    '.dockerignore',
    '.nvmrc',
    '.node-version',
    '.npmrc',
    '.env.example',
    '.env.sample',
    '.env.template',
    'cloudbase-functions.json',
    'cloudbaserc.json',
    'compose.yaml',
    'compose.yml',
    'docker-compose.yaml',
    'docker-compose.yml',
    'pyproject.toml',
    'requirements.txt',
]);
const keyName = /\.(pem|key)$/i;
const textLimit = 1024 * 1024;
/** Lists a source folder and reads what the rules look at, but for the scripts. */
async function readSource(request, files) {
    const { found } = request;
    const { folder, mode, location, result } = found;
    const entries = new Map();
    await list(folder, '', { entries, files });
    const dockerfile = location === undefined ? undefined : placeOf(location);
    const texts = new Map();
    const wanted = [...entries].filter(([path, { size }]) => size <= textLimit && isWanted(path, dockerfile));
    await Promise.all(wanted.map(async ([path]) => {
        const text = await files.readText((0,external_node_path_.join)(folder, path));
        const isBuilt = path === dockerfile?.path && location !== undefined;
        if (text !== undefined)
            texts.set(path, isBuilt ? (0,tree/* cutAfterStage */.hL)(text, location.target) : text);
    }));
    for (const { path, content } of result instanceof errors/* Failure */.HR ? [] : result.files)
        if (content !== undefined)
            texts.set(path, content);
    const packaged = result instanceof errors/* Failure */.HR ? undefined : result.files.map(({ path }) => path);
    const isUnbuilt = request.isAlone ? await readGitIgnore(request, files) : () => false;
    return { mode, dockerfile, service: describeService(request), entries, texts, isUnbuilt, packaged };
}
/** What git ignores in the source folder, by the .gitignore of that folder and of those above it in the repository. */
async function readGitIgnore({ found, repository }, files) {
    const rules = [];
    for (let folder = found.folder;; folder = (0,external_node_path_.join)(folder, '..')) {
        const text = await files.readText((0,external_node_path_.join)(folder, '.gitignore'));
        const inside = (0,external_node_path_.relative)(folder, found.folder).replaceAll('\\', '/');
        if (text !== undefined)
            rules.push({ inside, matcher: ignore_default()().add(text) });
        if ((0,external_node_path_.relative)(repository, folder) === '' || (0,external_node_path_.relative)(repository, folder).startsWith('..'))
            break;
    }
    return (path) => rules.some(({ inside, matcher }) => {
        const whole = external_node_path_.posix.join(inside, path);
        return !whole.startsWith('..') && (matcher.ignores(whole) || matcher.ignores(`${whole}/`));
    });
}
function placeOf({ buildFolder, dockerfile }) {
    return { path: external_node_path_.posix.join(buildFolder, dockerfile), buildFolder };
}
async function list(root, folder, into) {
    const found = await into.files.listFolder((0,external_node_path_.join)(root, folder)).catch(unlessUnreadable);
    for (const { path: name, kind, size } of found) {
        const path = external_node_path_.posix.join(folder, name);
        into.entries.set(path, { kind, size });
        if (kind === 'folder' && name !== '.git' && name !== 'node_modules')
            await list(root, path, into);
    }
}
/** A folder that nobody may read is no matter of lint: whether it belongs was settled before. */
function unlessUnreadable(error) {
    if (error instanceof errors/* Failure */.HR)
        return [];
    throw error;
}
function isWanted(path, dockerfile) {
    const name = external_node_path_.posix.basename(path);
    if (anywhere.has(name) || keyName.test(name))
        return true;
    if (dockerfile !== undefined && (path === dockerfile.path || path === `${dockerfile.path}.dockerignore`))
        return true;
    const folder = external_node_path_.posix.dirname(path);
    return atTheTop.has(name) && (folder === '.' || folder === dockerfile?.buildFolder);
}
function describeService(request) {
    const { found, config, live, isAlone } = request;
    const { settings } = config;
    const service = live?.service;
    const env = Object.entries(settings.EnvParams ?? {}).flatMap(([name, value]) => value === null ? [] : [{ name, value, at: placeInSource(`EnvParams.${name}`, request) }]);
    return {
        port: found.mode === 'container' ? (settings.Port ?? livePort(service)) : rules/* functionPort */.kU,
        hasVpc: settings.VpcConf !== undefined || hasVpc(service),
        hasCommand: settings.Cmd !== undefined || settings.EntryPoint !== undefined || hasCommand(service),
        env: isAlone ? env : [],
        target: settings.EnvParams?.['FUNCTION_TARGET'] ?? 'main',
        isInstalledByPlatform: settings.InstallDependency ?? true,
    };
}
/** Where a setting stands; one of a config that is given inline stands in no file. */
function placeInSource(key, { found, config, repository }) {
    const at = config.positions[key];
    if (at === undefined || at.file === rules/* inlineName */.bI)
        return undefined;
    return { ...at, file: (0,external_node_path_.relative)(found.folder, (0,external_node_path_.join)(repository, at.file)).replaceAll('\\', '/') };
}
function livePort(service) {
    const port = Number(service?.settings['Port'] ?? 0);
    return port > 0 ? port : undefined;
}
function hasVpc(service) {
    const vpc = service?.settings['VpcConf'];
    return typeof vpc === 'object' && vpc !== null && 'VpcId' in vpc && vpc.VpcId !== '';
}
function hasCommand(service) {
    return ['Cmd', 'EntryPoint'].some((name) => {
        const value = service?.settings[name];
        return (Array.isArray(value) || typeof value === 'string') && value.length > 0;
    });
}

// EXTERNAL MODULE: ./src/lint/dockerfile/tool-answer.ts
var tool_answer = __webpack_require__(60539);
// EXTERNAL MODULE: ./src/lint/json.ts
var json = __webpack_require__(88575);
;// CONCATENATED MODULE: ./src/lint/dockerfile/buildkit.ts


const overview = 'https://docs.docker.com/reference/build-checks/';
/** What to do about each check of BuildKit, by its name. */
const buildKitFixes = {
    ConsistentInstructionCasing: 'Write every instruction in upper-case letters.',
    CopyIgnoredFile: 'Remove the file from .dockerignore, or do not copy it.',
    DuplicateStageName: 'Give every stage a name of its own.',
    ExposeInvalidFormat: 'Write the port of the container alone.',
    ExposeProtoCasing: 'Write the protocol in lower-case letters.',
    FromAsCasing: 'Write FROM and AS both in upper-case letters.',
    FromPlatformFlagConstDisallowed: 'Remove --platform, or write a variable such as $BUILDPLATFORM.',
    InvalidBaseImagePlatform: 'Use a base image that is built for linux/amd64.',
    InvalidDefaultArgInFrom: 'Give the ARG a default that makes a valid image name.',
    InvalidDefinitionDescription: 'Begin the comment with the name of the stage or ARG, or put an empty line after it.',
    JSONArgsRecommended: 'Write the command as a JSON list: ["program", "argument"].',
    LegacyKeyValueFormat: 'Write the pair as NAME=value.',
    MaintainerDeprecated: 'Write LABEL org.opencontainers.image.authors="name" in its place.',
    MultipleInstructionsDisallowed: 'Remove all but the last of these instructions in the stage.',
    NoEmptyContinuation: 'Remove the empty line, or the backslash before it.',
    RedundantTargetPlatform: 'Remove --platform=$TARGETPLATFORM.',
    ReservedStageName: 'Give the stage another name than "scratch" or "context".',
    SecretsUsedInArgOrEnv: 'Pass the secret at run time, or with RUN --mount=type=secret while building.',
    StageNameCasing: 'Write the name of the stage in lower-case letters.',
    UndefinedArgInFrom: 'Declare the variable with ARG before FROM.',
    UndefinedVar: 'Declare the variable with ARG or ENV before it is used, or correct its name.',
    WorkdirRelativePath: 'Begin the path of WORKDIR with "/".',
};
/**
 * Reads what `docker buildx build --call=check,format=json` prints; undefined where it is no such JSON. Checks are
 * warnings, what stops the build is the error `BuildError`.
 */
function parseBuildKitChecks(stdout, file) {
    const answer = (0,json/* parseJson */.qF)(stdout);
    const { warnings, sources, buildError } = (0,tool_answer/* entriesOf */.Mc)(answer);
    if (warnings === undefined && sources === undefined && buildError === undefined)
        return undefined;
    const names = (0,tool_answer/* listOf */.c3)(sources).map(({ filename }) => (0,tool_answer/* textOf */.b6)(filename));
    const findings = (0,tool_answer/* listOf */.c3)(warnings).map((warning) => parseWarning(warning, names, file));
    if (buildError === undefined || buildError === null)
        return { findings };
    return addBuildError((0,tool_answer/* entriesOf */.Mc)(buildError), findings, file);
}
function parseWarning(warning, names, file) {
    const rule = (0,tool_answer/* textOf */.b6)(warning['ruleName']) || 'Check';
    const description = (0,tool_answer/* textOf */.b6)(warning['description']);
    const detail = (0,tool_answer/* textOf */.b6)(warning['detail']) || description || rule;
    const known = Object.hasOwn(buildKitFixes, rule) ? buildKitFixes[rule] : undefined;
    return {
        severity: 'warning',
        tool: 'buildkit',
        rule,
        message: (0,tool_answer/* asSentence */.KG)(detail),
        fix: known ?? (0,tool_answer/* asSentence */.KG)(description || `See what BuildKit says of ${rule}`),
        url: (0,tool_answer/* textOf */.b6)(warning['url']) || overview,
        at: buildkit_placeOf(warning['location'], names, file),
    };
}
/** BuildKit knows lines, and only now and then columns, which count from 0; other sources than the Dockerfile have no place. */
function buildkit_placeOf(location, names, file) {
    const { sourceIndex = 0, ranges } = (0,tool_answer/* entriesOf */.Mc)(location);
    const isDockerfile = sourceIndex === 0 || (names[0] !== undefined && names[Number(sourceIndex)] === names[0]);
    const [first] = isDockerfile ? (0,tool_answer/* listOf */.c3)(ranges) : [];
    if (first === undefined)
        return { file, line: 1, column: 1 };
    const last = (0,tool_answer/* listOf */.c3)(ranges).at(-1) ?? first;
    const start = (0,tool_answer/* entriesOf */.Mc)(first['start']);
    const line = (0,tool_answer/* countOf */.pq)(start['line']);
    const column = (0,tool_answer/* countOf */.pq)(Number(start['character'] ?? 0) + 1);
    const endLine = Math.max(line, (0,tool_answer/* countOf */.pq)((0,tool_answer/* entriesOf */.Mc)(last['end'])['line']));
    return { file, line, column, ...(endLine === line ? {} : { endLine, endColumn: 1 }) };
}
const registryTrouble = /failed to resolve source metadata|failed to do request|failed to fetch|failed to authorize|pull access denied|deadline exceeded|context canceled|rpc error|i\/o timeout|connection refused/i;
const wholeFile = /cannot be empty|no instructions|no build stage|no stages/;
function addBuildError({ message, location }, findings, file) {
    const said = (0,tool_answer/* textOf */.b6)(message);
    if (registryTrouble.test(said))
        return { findings, note: 'the registry of an image refuses or does not answer' };
    const isPlaced = (0,tool_answer/* listOf */.c3)((0,tool_answer/* entriesOf */.Mc)(location)['ranges']).length > 0;
    if (!isPlaced && !wholeFile.test(said))
        return { findings, note: 'the builder stopped for another reason' };
    const error = {
        severity: 'error',
        tool: 'buildkit',
        rule: 'BuildError',
        message: describeError(said.replace(/^dockerfile parse error on line \d+: /, '')),
        fix: 'Correct the instruction as the Dockerfile reference has it.',
        url: 'https://docs.docker.com/reference/dockerfile/',
        at: buildkit_placeOf(location, [], file),
    };
    return { findings: [...findings, error] };
}
/** The builder quotes the words that it could not read, and these can be values of env vars. */
const withoutValues = [
    [/can't find = in/, 'A word of the instruction has no "=".'],
    [/looking for matching single-quote/, 'A single quote is opened and not closed.'],
    [/looking for matching double-quote/, 'A double quote is opened and not closed.'],
    [/unsupported modifier/, 'A variable is written with a modifier that Dockerfiles do not know.'],
    [/^failed to process /, 'A variable of the instruction cannot be replaced.'],
    [/^unknown instruction: (?![A-Za-z]{1,15}( |$))/, 'The line begins with no instruction.'],
];
function describeError(said) {
    return withoutValues.find(([pattern]) => pattern.test(said))?.[1] ?? (0,tool_answer/* asSentence */.KG)((0,tool_answer/* withoutQuotes */.Yg)(said));
}

;// CONCATENATED MODULE: ./src/lint/dockerfile/hadolint.ts


const levels = {
    error: 'error',
    warning: 'warning',
    info: 'info',
    style: 'info',
};
/** What to do about the rules of hadolint that are met most. */
const hadolintFixes = {
    DL3000: 'Begin the path of WORKDIR with "/".',
    DL3002: 'Name another user than root in the last USER.',
    DL3003: 'Change the folder with WORKDIR.',
    DL3004: 'Remove sudo: RUN is root until USER says otherwise.',
    DL3006: 'Write the tag of the base image.',
    DL3007: 'Write a tag other than "latest".',
    DL3008: 'Write each package as name=version.',
    DL3009: 'Remove /var/lib/apt/lists in the same RUN.',
    DL3013: 'Write each package as name==version, or install from a requirements file.',
    DL3015: 'Add --no-install-recommends to apt-get install.',
    DL3016: 'Write each package as name@version.',
    DL3018: 'Write each package as name=version.',
    DL3019: 'Add --no-cache to apk add.',
    DL3020: 'Write COPY in place of ADD.',
    DL3025: 'Write the command as a JSON list: ["program", "argument"].',
    DL3027: 'Write apt-get in place of apt.',
    DL3042: 'Add --no-cache-dir to pip install.',
    DL3045: 'Set WORKDIR before, or copy to an absolute path.',
    DL3059: 'Join RUN instructions that follow each other.',
    DL4000: 'Write LABEL org.opencontainers.image.authors="name" in its place.',
    DL4003: 'Remove all but the last CMD of the stage.',
    DL4004: 'Remove all but the last ENTRYPOINT of the stage.',
    DL4006: 'Set SHELL with the option "-o pipefail" before a RUN with a pipe.',
    SC2086: 'Put the variable in double quotes.',
};
/** hadolint reads fewer Dockerfiles than the builder does, so what it cannot read need not be wrong. */
const unreadable = 'DL1000';
/** Reads what `hadolint --format json` prints; undefined where it is no such JSON. `file` is the name that findings carry. */
function parseHadolint(stdout, file) {
    const answer = (0,json/* parseJson */.qF)(stdout);
    return Array.isArray(answer) ? answer.map((entry) => parseEntry((0,tool_answer/* entriesOf */.Mc)(entry), file)) : undefined;
}
function parseEntry(entry, file) {
    const rule = (0,tool_answer/* textOf */.b6)(entry['code']) || 'hadolint';
    const level = (0,tool_answer/* textOf */.b6)(entry['level']);
    const isUnreadable = rule === unreadable;
    const message = isUnreadable
        ? 'Hadolint cannot read the Dockerfile from here on'
        : (0,tool_answer/* textOf */.b6)(entry['message']);
    return {
        severity: isUnreadable ? 'warning' : severityOf(level),
        tool: 'hadolint',
        rule,
        message: (0,tool_answer/* asSentence */.KG)(message || `Hadolint reports ${rule}`),
        fix: fixOf(rule),
        url: urlOf(rule),
        at: { file, line: (0,tool_answer/* countOf */.pq)(entry['line']), column: (0,tool_answer/* countOf */.pq)(entry['column']) },
    };
}
function severityOf(level) {
    return (Object.hasOwn(levels, level) ? levels[level] : undefined) ?? 'warning';
}
function fixOf(rule) {
    const known = Object.hasOwn(hadolintFixes, rule) ? hadolintFixes[rule] : undefined;
    return known ?? `Change it as the page of ${rule} explains.`;
}
function urlOf(rule) {
    if (/^SC\d+$/.test(rule))
        return `https://www.shellcheck.net/wiki/${rule}`;
    if (/^DL\d+$/.test(rule))
        return `https://github.com/hadolint/hadolint/wiki/${rule}`;
    return 'https://github.com/hadolint/hadolint';
}

;// CONCATENATED MODULE: ./src/stages/lint/tools.ts



const hadolintLimitMs = 60_000;
/**
 * Runs BuildKit's checks and hadolint, where they are there; both honour their own comments and settings. What they do
 * not do is a note, never a failure.
 */
async function runTools(request, { docker, exec }) {
    const results = await Promise.all([runBuildKit(request, docker), runHadolint(request, exec)]);
    return {
        findings: results.flatMap(({ findings }) => findings),
        notes: results.flatMap(({ notes }) => notes),
    };
}
async function runBuildKit(request, docker) {
    const leftOut = (why) => leaveOut("BuildKit's checks were", why);
    const finished = await attempt(() => docker.check(buildCheckArgs(request)));
    if (finished instanceof errors/* MissingProgramError */.Vu)
        return leftOut('there is no docker command on this machine');
    if (finished instanceof errors/* ProjectError */.wB)
        return leftOut('the docker command cannot be started');
    const checks = parseBuildKitChecks(finished.stdout, request.file);
    if (checks === undefined)
        return leftOut(explain(finished));
    const { findings, note } = checks;
    return {
        findings,
        notes: note === undefined ? [] : leaveOut("Some of BuildKit's checks were", note).notes,
    };
}
/** The argv of `docker` for the checks, of the same image that `build` would make. */
function buildCheckArgs({ dockerfile, context, }) {
    return [
        ...['buildx', 'build', '--call=check,format=json', '--progress', 'plain', '--platform', 'linux/amd64'],
        ...['--file', dockerfile, context],
    ];
}
/** The builder prints lines of the Dockerfile too, which can hold secrets: only what is known is told. */
function explain({ exitCode, lines }) {
    const said = lines.join('\n');
    if (exitCode === 124)
        return 'they took too long';
    if (/unknown flag|unknown shorthand flag|not a docker command|unknown command/.test(said))
        return 'this docker command does not know them';
    if (/cannot connect to the docker daemon|is the docker daemon running|error during connect/i.test(said))
        return 'no Docker engine answers';
    if (/unsupported subrequest|unknown (request|subrequest)|no support for/i.test(said))
        return "the engine's BuildKit does not know them";
    if (/failed to resolve source metadata|failed to do request|i\/o timeout|connection refused/i.test(said))
        return 'a registry refuses or does not answer';
    return `docker buildx build ended with exit code ${exitCode}`;
}
async function runHadolint(request, exec) {
    const { dockerfile, context, file, folder: cwd = context } = request;
    const args = buildHadolintArgs(dockerfile);
    const finished = await attempt(() => exec.capture({ file: 'hadolint', args, cwd, timeoutMs: hadolintLimitMs }));
    if (finished instanceof errors/* MissingProgramError */.Vu)
        return { findings: [], notes: [] };
    if (finished instanceof errors/* ProjectError */.wB)
        return leaveOut('hadolint was', 'it cannot be started');
    const findings = parseHadolint(finished.stdout, file);
    if (findings !== undefined)
        return { findings, notes: [] };
    const { exitCode } = finished;
    return leaveOut('hadolint was', exitCode === 124 ? 'it took too long' : `it printed no JSON list (exit code ${exitCode})`);
}
/** The argv of `hadolint`. */
function buildHadolintArgs(dockerfile) {
    return ['--no-color', '--no-fail', '--format', 'json', dockerfile];
}
function leaveOut(what, why) {
    return { findings: [], notes: [`${what} left out: ${why}.`] };
}
/** What a program that cannot be started throws is a value here; an aborted run still throws. */
async function attempt(run) {
    try {
        return await run();
    }
    catch (error) {
        if (error instanceof errors/* ProjectError */.wB)
            return error;
        throw error;
    }
}

;// CONCATENATED MODULE: ./src/stages/lint/lint.ts












/** Checks a source by the rules of CloudBase Run, and its Dockerfile by those of other tools that are there. */
async function lint(request, ports) {
    const { inputs, found, repository: root, actionUrl } = request;
    if (inputs.lint === 'off')
        return { findings: [], isFailed: false, ignored: 0, skipped: 'input "lint" is off' };
    const { result } = found;
    if ('kind' in result && result.kind === 'image')
        return { findings: [], isFailed: false, ignored: 0, skipped: 'an image is deployed, there is no source' };
    const source = await readSource(request, ports.files);
    const dockerfile = parseDockerfile(source);
    const [tools, { scripts, faults }] = await Promise.all([
        runDockerfileTools({ root, folder: found.folder, dockerfile }, ports),
        followScripts(source, found.folder, ports.files),
    ]);
    const directives = listDirectives(source, dockerfile);
    const ours = check({ source, dockerfile, scripts, faults, directives });
    const { findings, ignored } = (0,lint_ignore/* leaveOut */.o)([...ours, ...tools], directives, inputs.lintIgnore);
    const place = { folder: external_node_path_.posix.join((0,external_node_path_.relative)(root, found.folder).replaceAll('\\', '/'), '.'), actionUrl };
    const merged = (0,lint_finding/* sortFindings */.Tc)((0,dockerfile_same/* mergeFindings */.DF)(findings, dockerfile?.text));
    const placed = merged.map((finding) => placeFinding(finding, place));
    const { error, warning } = (0,lint_finding/* countFindings */.Gt)(placed);
    const isFailed = error > 0 || (inputs.lint === 'warning' && warning > 0);
    return { findings: placed, isFailed, ignored };
}
/** The Dockerfile, where it can be read. */
function parseDockerfile(source) {
    const { dockerfile: place, texts } = source;
    const text = place === undefined ? undefined : texts.get(place.path);
    return place !== undefined && (0,file/* isDockerfileText */.q)(text)
        ? (0,tree/* createDockerfileSubject */.B8)(source, place, text)
        : undefined;
}
async function runDockerfileTools({ root, folder, dockerfile }, ports) {
    if (dockerfile === undefined)
        return [];
    const { path, buildFolder, text } = dockerfile;
    const context = (0,external_node_path_.join)(folder, buildFolder);
    const toolFolder = await findHadolintSettings({ root, folder: context }, ports.files);
    const request = { dockerfile: (0,external_node_path_.join)(folder, path), context, file: path, folder: toolFolder };
    const { findings, notes } = await runTools(request, ports);
    for (const note of notes)
        ports.log.info(note);
    return [...findings, ...(0,dockerfile_syntax/* lintSyntax */.h)(text, path)];
}
/** hadolint looks for its settings where it runs: the nearest folder that has them, else the build folder. */
async function findHadolintSettings({ root, folder }, files) {
    for (let place = folder; !lint_isOutside(root, place); place = (0,external_node_path_.join)(place, '..')) {
        for (const name of ['.hadolint.yaml', '.hadolint.yml'])
            if ((await files.kindOf((0,external_node_path_.join)(place, name))) === 'file')
                return place;
        if ((0,external_node_path_.relative)(root, place) === '')
            break;
    }
    return folder;
}
function listDirectives(source, dockerfile) {
    const lines = dockerfile?.dockerfile.getInstructions().map((instruction) => {
        const { start, end } = instruction.getRange();
        return { line: start.line + 1, endLine: end.line + 1 };
    });
    return [...source.texts].flatMap(([file, text]) => (0,directive/* parseDirectives */.M)(file, text, file === dockerfile?.path ? lines : undefined));
}
function lint_isOutside(root, folder) {
    return /^\.\.([\\/]|$)/.test((0,external_node_path_.relative)(root, folder));
}
function placeFinding(finding, { folder, actionUrl }) {
    const { at, url, tool, message, fix } = finding;
    const isOurs = tool === 'cloudbase-run' && actionUrl !== '';
    const linked = isOurs ? fix.replace('docs/dockerfiles.md', `${actionUrl}/docs/dockerfiles.md`) : fix;
    return {
        ...finding,
        message: (0,lint_finding/* asOneLine */.vF)(message),
        fix: (0,lint_finding/* asOneLine */.vF)(linked),
        url: isOurs ? `${actionUrl}/${url}` : url,
        at: { ...at, file: external_node_path_.posix.join(folder, at.file) },
    };
}

;// CONCATENATED MODULE: ./src/stages/look.ts


/** Reads the environment, the service and its releases; writes nothing. Refuses an environment that takes no release. */
async function look(target, cloudRun) {
    const environment = await cloudRun.readEnvironment(target.envId);
    if (!environment.isOpen)
        await refuseEnvironment(target.envId, cloudRun);
    if (environment.status !== 'normal') {
        throw new errors/* CloudError */.K2(`The environment "${target.envId}" is not ready: its status is "${environment.status}".`, {
            kind: 'env-not-opened',
            action: 'DescribeEnvBaseInfo',
            code: '',
            isRetryable: false,
            advice: 'Wait until the console shows the environment as normal, then run again.',
        });
    }
    const { network } = environment;
    const service = await cloudRun.readServing(target);
    if (service === undefined) {
        return { target, service, baseline: { recordNumber: 0, taskId: 0 }, network, underWay: undefined };
    }
    const [records, task] = await Promise.all([cloudRun.listRecords(target), cloudRun.readTask(target, 0)]);
    const baseline = { recordNumber: records[0]?.number ?? 0, taskId: task?.id ?? 0 };
    const { settings } = (0,merge/* liveOf */.QA)(service, baseline.recordNumber);
    return { target, service: { ...service, settings }, baseline, network, underWay: describeUnderWay(task) };
}
async function refuseEnvironment(envId, cloudRun) {
    if (!(await cloudRun.hasEnvironment(envId))) {
        throw new errors/* InputError */.dz([
            {
                subject: 'env-id',
                message: `the account has no environment "${envId}". Copy the id from the console's environment page.`,
            },
        ]);
    }
    throw new errors/* CloudError */.K2(`CloudBase Run is not open in the environment "${envId}".`, {
        kind: 'env-not-opened',
        action: 'DescribeEnvBaseInfo',
        code: '',
        isRetryable: false,
        advice: `Open CloudBase Run once in the console (https://tcb.cloud.tencent.com/dev?envId=${envId}#/platform-run), then run again.`,
    });
}
function describeUnderWay(task) {
    if (task?.status !== 'running')
        return undefined;
    return task.versionName === '' ? `task ${task.id}` : `"${task.versionName}"`;
}
/** Refuses to write while another release is under way. */
function refuseUnderWay({ target, underWay }) {
    if (underWay === undefined)
        return;
    throw new errors/* CloudError */.K2(`Another release of "${target.serviceName}" is under way: ${underWay}.`, {
        kind: 'conflict',
        action: 'DescribeServerManageTask',
        code: 'ResourceInUse',
        isRetryable: false,
        advice: 'Wait until it ends, or cancel it in the console; then run again. ' +
            'A "concurrency" group in the workflow keeps releases of one service apart.',
    });
}

// EXTERNAL MODULE: ./src/lint/dockerfile/expose.ts
var expose = __webpack_require__(35666);
;// CONCATENATED MODULE: ./src/stages/project/expose.ts



/**
 * The single TCP port that the final stage of a Dockerfile exposes, itself or by a stage that it is built from;
 * variables are resolved as far as ARG and ENV of the stage tell. Anything else is an InputError.
 */
function parseExposedPort(dockerfileText, name) {
    const exposed = (0,expose/* listExposed */.xD)((0,tree/* parseDockerfile */.Ai)(dockerfileText));
    const unresolved = exposed.filter(({ kind }) => kind === 'variable').map(({ value }) => value);
    if (unresolved.length > 0)
        refuse(name, `names a variable whose value is not known here (${unresolved.join(', ')})`);
    const outside = exposed.find(({ kind }) => kind === 'outside');
    if (outside !== undefined)
        refuseRange(name, outside);
    const ports = (0,expose/* listTcpPorts */.wn)(exposed);
    const [port = ''] = ports;
    if (port === '')
        refuse(name, 'names no port');
    if (ports.length > 1 || port.includes('-'))
        refuse(name, `names several ports (${ports.join(', ')})`);
    return Number(port);
}
function refuse(name, fault) {
    throw new errors/* InputError */.dz([
        {
            subject: 'server-config: Port',
            message: `is missing, and EXPOSE in "${name}" ${fault}. ` +
                'Set the port that the service listens on, such as "Port: 8080".',
        },
    ]);
}
function refuseRange(name, { argument, value }) {
    const line = argument.getRange().start.line + 1;
    throw new errors/* InputError */.dz([
        {
            subject: 'source',
            message: `EXPOSE in line ${line} of "${name}" must name a port from 1 to 65535, not "${value}".`,
        },
    ]);
}

// EXTERNAL MODULE: ./src/lint/dockerfile/context.ts
var dockerfile_context = __webpack_require__(60763);
;// CONCATENATED MODULE: ./src/generation/dockerignore.ts
const everywhere = [
    '.git',
    '.gitignore',
    '.github',
    '.dockerignore',
    'Dockerfile',
    'docker-compose*.yml',
    'compose*.yml',
    '**/.env',
    '**/.env.*',
    '**/.envrc',
    '**/.netrc',
    '**/*.key',
    '**/*-key.pem',
    '**/id_rsa*',
    '**/*.p12',
    '**/*.pfx',
    '**/*.log',
    '**/.DS_Store',
    '.idea',
    '.vscode',
    'coverage',
];
/** The text of a .dockerignore: what no image needs, and the project's own lines. */
function buildDockerignore(ignored) {
    return `${[...everywhere, ...ignored].join('\n')}\n`;
}
/** What a .dockerignore that is there already lets into the image although it should not, by name. */
function findGaps(ignores, isNode) {
    const wanted = ['.git', '.env', ...(isNode ? ['node_modules'] : [])];
    return wanted.filter((name) => !ignores(name) && !ignores(`${name}/x`));
}
/** The files that the Dockerfile copies and a .dockerignore keeps from the build. */
function findHidden(ignores, copied) {
    return copied.filter(ignores);
}

;// CONCATENATED MODULE: ./src/generation/source.ts


const source_skipped = /^(node_modules|\.git|\.venv|venv|__pycache__|\.next|\.nuxt|\.output|\.yarn|\.cache)$/;
const told = /^(package\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|\.npmrc|\.yarnrc\.yml|nest-cli\.json|next\.config\.[cm]?[jt]s|\.nvmrc|\.node-version|\.python-version|runtime\.txt|(requirements|constraints)[\w.-]*\.txt|pyproject\.toml|\.dockerignore)$/;
const largest = 5_000_000;
/** Reads what there is in a build folder. */
async function readSnapshot(folder, port, files) {
    const found = new Set();
    const texts = new Map();
    const walk = async (inside) => {
        for (const { path: name, kind, size } of await files.listFolder((0,external_node_path_.join)(folder, inside))) {
            const path = external_node_path_.posix.join(inside, name);
            if (kind === 'folder' && !source_skipped.test(name))
                await walk(path);
            if (kind !== 'file')
                continue;
            found.add(path);
            if (!isTold(path) || size > largest)
                continue;
            const text = await files.readText((0,external_node_path_.join)(folder, path));
            if (text !== undefined)
                texts.set(path, text);
        }
    };
    await walk('');
    return { files: found, texts, port };
}
/** Python files tell where the application is; they are read at the top and one folder below. */
function isTold(path) {
    return told.test(path) || /^([^/]+\/)?[^/]+\.py$/.test(path);
}
/** Says why no Dockerfile can be generated; `fault` goes on after "generate-dockerfile". */
function source_refuse(fault) {
    throw new errors/* InputError */.dz([{ subject: 'generate-dockerfile', message: fault }]);
}
/** The end of a sentence for those who have to write a Dockerfile themselves. */
const source_sample = 'docs/dockerfiles.md has a Dockerfile to start from';
/** The same as advice, for the end of a sentence that gives other advice first. */
const ownDockerfile = 'write a Dockerfile, starting from one in docs/dockerfiles.md';

;// CONCATENATED MODULE: ./src/generation/node-install.ts

const lockfiles = [
    ['pnpm-lock.yaml', 'pnpm'],
    ['yarn.lock', 'yarn'],
    ['npm-shrinkwrap.json', 'npm'],
    ['package-lock.json', 'npm'],
];
const secret = /_auth|authtoken|_password|npmAuth/i;
/** The package manager that the lockfile belongs to, and its commands. */
function planInstall(project) {
    const { files, texts } = project.snapshot;
    const [lockfile, found] = lockfiles.find(([name]) => files.has(name)) ?? [undefined, 'npm'];
    const isBerry = found === 'yarn' && /^__metadata:/m.test(texts.get('yarn.lock') ?? '');
    const manager = isBerry ? 'yarn-berry' : found;
    refuseOtherManager(project, lockfile);
    const settings = [
        '.npmrc',
        ...(found === 'pnpm' ? ['pnpm-workspace.yaml'] : []),
        ...(isBerry ? ['.yarnrc.yml'] : []),
    ];
    const there = settings.filter((name) => files.has(name));
    const ignored = there.filter((name) => secret.test(texts.get(name) ?? ''));
    return {
        manager,
        copied: ['package.json', lockfile ?? '', ...there.filter((name) => !ignored.includes(name))].filter((name) => name !== ''),
        ...withHooks(project, commandsOf(project, manager, lockfile)),
        ignored,
        doubts: [...lockDoubts(project, lockfile), ...ignored.map(secretDoubt)],
    };
}
function refuseOtherManager({ packageManager }, lockfile) {
    const name = packageManager?.split('@')[0];
    if (lockfile !== undefined || name === undefined || name === 'npm')
        return;
    source_refuse(`package.json asks for the package manager "${name}", whose lockfile is not in the source: add it.`);
}
function lockDoubts({ dependencies }, lockfile) {
    if (lockfile !== undefined || Object.keys(dependencies).length === 0)
        return [];
    return [
        'The source has no lockfile, so each build may install other versions: run "npm install" and commit package-lock.json.',
    ];
}
function secretDoubt(name) {
    return `${name} holds credentials, so it stays out of the image: packages that need them cannot be installed there.`;
}
function commandsOf(project, manager, lockfile) {
    if (manager === 'pnpm')
        return pnpm(project);
    if (manager === 'yarn')
        return yarn(project);
    if (manager === 'yarn-berry')
        return yarnBerry(project);
    const verb = lockfile === undefined ? 'install' : 'ci';
    return {
        prepare: [],
        all: `npm ${verb}`,
        production: `npm ${verb} --omit=dev`,
        prune: 'npm prune --omit=dev',
    };
}
function pnpm({ packageManager, snapshot }) {
    const lock = /^lockfileVersion:\s*['"]?(\d+)/m.exec(snapshot.texts.get('pnpm-lock.yaml') ?? '')?.[1];
    const version = managerVersion('pnpm', packageManager) ?? { '9': '10', '6': '8' }[lock ?? ''];
    if (version === undefined)
        source_refuse('pnpm-lock.yaml is of a version that needs a pnpm without support: run "pnpm install" with pnpm 10.');
    return {
        prepare: ['ENV CI=true', `RUN npm install --global pnpm@${version}`],
        all: 'pnpm install --frozen-lockfile',
        production: 'pnpm install --frozen-lockfile --prod',
        prune: 'pnpm prune --prod --ignore-scripts',
    };
}
function yarn({ packageManager }) {
    const version = managerVersion('yarn', packageManager) ?? '1.22.22';
    return {
        prepare: [`RUN npm install --global --force yarn@${version}`],
        all: 'yarn install --frozen-lockfile',
        production: 'yarn install --frozen-lockfile --production',
        prune: 'yarn install --frozen-lockfile --production --ignore-scripts',
    };
}
function yarnBerry({ packageManager, snapshot }) {
    const settings = snapshot.texts.get('.yarnrc.yml') ?? '';
    const version = managerVersion('yarn', packageManager) ?? '4';
    if (!/^nodeLinker:\s*["']?node-modules/m.test(settings) ||
        Number.parseInt(version) < 4 ||
        secret.test(settings))
        source_refuse(`Yarn 2 and newer is understood as Yarn 4 with "nodeLinker: node-modules" and without credentials in .yarnrc.yml; ${source_sample}.`);
    return {
        prepare: ['ENV YARN_IGNORE_PATH=1', `RUN npm install --global --force @yarnpkg/cli-dist@${version}`],
        all: 'yarn install --immutable',
        production: 'yarn install --immutable && yarn workspaces focus --all --production',
        prune: 'yarn workspaces focus --all --production',
    };
}
function managerVersion(name, packageManager = '') {
    return new RegExp(`^${name}@(\\d[\\w.-]*)$`).exec(packageManager)?.[1];
}
/** Scripts that npm would run on install, when the sources are not there yet: those that can be left out are. */
function withHooks({ scripts }, commands) {
    const isDone = /^((npm|pnpm|yarn)( run)? build|nux[ti] prepare|husky.*)$/;
    const hooks = ['preinstall', 'install', 'postinstall'].filter((name) => scripts[name] !== undefined);
    const needed = hooks.find((name) => !isDone.test(scripts[name] ?? '') && !/only-allow/.test(scripts[name] ?? ''));
    if (needed !== undefined)
        source_refuse(`the script "${needed}" may need files that are not there while dependencies are installed; ${source_sample}.`);
    const dropped = [...hooks.filter((name) => isDone.test(scripts[name] ?? '')), 'prepare', 'prepublish'];
    const found = dropped.filter((name) => scripts[name] !== undefined);
    if (found.length === 0)
        return commands;
    const drop = `npm pkg delete ${found.map((name) => `scripts.${name}`).join(' ')} && `;
    return { ...commands, all: `${drop}${commands.all}`, production: `${drop}${commands.production}` };
}

;// CONCATENATED MODULE: ./src/generation/node-project.ts

/** Reads package.json, and refuses a project of which a part is missing while its dependencies are installed. */
function readNodeProject(snapshot) {
    const manifest = parseManifest(snapshot.texts.get('package.json') ?? '');
    const scripts = stringsOf(manifest['scripts']);
    const { main, packageManager } = stringsOf(manifest);
    const project = {
        snapshot,
        scripts,
        main,
        engines: asRecord(manifest['engines'])['node'],
        packageManager: packageManager?.replace(/\+.*/, ''),
        dependencies: stringsOf(manifest['dependencies']),
        devDependencies: stringsOf(manifest['devDependencies']),
        isCompiled: /^(?!\s*(echo|true|exit|docker)\b)\s*\S/.test(scripts['build'] ?? ''),
    };
    refuseWorkspaces(manifest, snapshot);
    refuseDependencies(project);
    return project;
}
function parseManifest(text) {
    try {
        const value = JSON.parse(text);
        if (typeof value === 'object' && value !== null && !Array.isArray(value))
            return asRecord(value);
    }
    catch {
        // Said below, with the same advice as for a list or a bare value.
    }
    return source_refuse('package.json is not a JSON object. Correct it: its scripts tell how the service starts.');
}
function asRecord(value) {
    return typeof value === 'object' && value !== null ? value : {};
}
function stringsOf(value) {
    const entries = Object.entries(asRecord(value));
    return Object.fromEntries(entries.filter((entry) => typeof entry[1] === 'string'));
}
function refuseWorkspaces(manifest, { texts }) {
    const isWorkspace = /^packages:/m.test(texts.get('pnpm-workspace.yaml') ?? '');
    if (manifest['workspaces'] === undefined && !isWorkspace)
        return;
    source_refuse(`the source is the root of several packages, for which no Dockerfile is generated; ${source_sample}, ` +
        'or set the input "source" to the folder of one service.');
}
function refuseDependencies({ dependencies, devDependencies }) {
    const all = Object.entries({ ...devDependencies, ...dependencies });
    const local = all.find(([, version]) => /^(file|link|portal|workspace):/.test(version));
    if (local !== undefined)
        source_refuse(`the dependency "${local[0]}" is a folder, which is not there while dependencies are installed; ${source_sample}.`);
    const git = all.find(([, version]) => /^(git|github:|gitlab:|bitbucket:)|^[\w-]+\/[\w.-]+(#|$)/.test(version));
    if (git !== undefined)
        source_refuse(`the dependency "${git[0]}" comes from a Git repository, and the slim image has no git; ${source_sample}.`);
    if (dependencies['@prisma/client'] !== undefined)
        source_refuse(`Prisma needs OpenSSL and a generated client in the image; ${source_sample}.`);
}

;// CONCATENATED MODULE: ./src/generation/node-start.ts


/** Programs that serve in production and listen on PORT, by the package that brings them. */
const servers = {
    next: 'next',
    'remix-serve': '@remix-run/serve',
    'react-router-serve': '@react-router/serve',
    tsx: 'tsx',
};
const withValue = /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions)$/;
const runScript = /^(?:npm|pnpm|yarn)(?: run)? (?!run\b|exec\b|dlx\b)([\w:.-]+)$/;
const buildFirst = /^(?:npm|pnpm|yarn)(?: run)? build\s*&&\s*/;
/**
 * The command that starts the service: the script "start:prod" or "start" where it is one command that serves in
 * production, else what the framework makes, else `main` or server.js, app.js, index.js.
 */
function findStart(project) {
    const framework = node_start_findFramework(project);
    if (framework !== undefined)
        return framework;
    const [name, script] = findScript(project);
    if (script === undefined)
        return { kind: 'plain', command: ['node', findEntry(project)], doubts: [] };
    const words = splitCommand(name, script);
    if (words.join(' ') === 'nest start')
        return plainNode(project, name, ['dist/main.js']);
    const [program = '', ...rest] = words;
    return program === 'node' ? plainNode(project, name, rest) : serverStart(project, name, words);
}
function node_start_findFramework(project) {
    const { scripts, dependencies, devDependencies, isCompiled } = project;
    const start = scripts['start:prod'] ?? scripts['start'] ?? '';
    if (dependencies['next'] !== undefined && isCompiled && /^(node .next\/standalone\/.*|)$/.test(start))
        return nextStart(project);
    const nuxt = dependencies['nuxt'] ?? devDependencies['nuxt'];
    if (nuxt !== undefined &&
        isCompiled &&
        /^(node .output\/server\/index\.mjs|nux[ti] (start|preview)|)$/.test(start))
        return { kind: 'nuxt', command: ['node', '.output/server/index.mjs'], doubts: [] };
    return undefined;
}
/** Options of `next start` name a port and a host, which are those of a developer's desk. */
function nextStart(project) {
    const kind = nextKind(project);
    const command = kind === 'next' ? ['node_modules/.bin/next', 'start'] : ['node', 'server.js'];
    return { kind, command, doubts: [] };
}
function nextKind({ snapshot }) {
    const configs = [...snapshot.texts].filter(([path]) => path.startsWith('next.config.'));
    const text = configs.map(([, each]) => each.replace(/\/\/.*|\/\*[^]*?\*\//g, '')).join('\n');
    if (/\boutput\s*:\s*["'`]export["'`]/.test(text))
        source_refuse('the Next.js config makes a static site (output "export"), which has no server to start.');
    if (/\b(outputFileTracingRoot|distDir)\s*:/.test(text))
        source_refuse(`the Next.js config sets outputFileTracingRoot or distDir, which moves what is built; ${source_sample}.`);
    return /\boutput\s*:\s*["'`]standalone["'`]/.test(text) ? 'next-standalone' : 'next';
}
/** The script to start with; a script that only runs another one stands for that one. */
function findScript({ scripts }) {
    let name = scripts['start:prod'] === undefined ? 'start' : 'start:prod';
    for (let step = 0; step < 5; step += 1) {
        const before = scripts[`pre${name}`];
        if (before !== undefined && !/^(?:npm|pnpm|yarn)(?: run)? build$/.test(before))
            source_refuse(`the script "pre${name}" would not run in the container; call it from "build", or ${ownDockerfile}.`);
        const script = scripts[name]?.trim().replace(buildFirst, '');
        const next = runScript.exec(script ?? '')?.[1];
        if (next === undefined || scripts[next] === undefined)
            return [name, script];
        name = next;
    }
    return source_refuse(`the script "start" runs itself; let it run the service, as in "node server.js".`);
}
function splitCommand(name, script) {
    const words = script.split(/\s+/).filter((word) => word !== '');
    const first = words.findIndex((word) => word !== 'cross-env' && !/^(NODE_ENV|PORT|HOST)=/.test(word));
    const command = words.slice(Math.max(first, 0));
    if (/^[\w\s@./:=,+-]+$/.test(script) && !/^\w+=/.test(command[0] ?? ''))
        return command;
    return source_refuse(`the script "${name}" in package.json needs a shell; let it be one command such as "node server.js", or ${ownDockerfile}.`);
}
/** `node` with its arguments, without what only serves at a developer's desk. */
function plainNode(project, name, args) {
    const kept = [];
    const doubts = [];
    let entry;
    for (let index = 0; index < args.length; index += 1) {
        const word = args[index] ?? '';
        if (entry !== undefined)
            kept.push(word);
        else if (/^--(watch|inspect)/.test(word))
            continue;
        else if (word.startsWith('--env-file')) {
            if (word === '--env-file' || word === '--env-file-if-exists')
                index += 1;
            doubts.push(`The script "${name}" reads a file of env vars, which is no part of the image: set them in server-config.`);
        }
        else if (withValue.test(word))
            kept.push(word, args[(index += 1)] ?? '');
        else if (word.startsWith('-'))
            kept.push(word);
        else
            kept.push((entry = word));
    }
    if (entry === undefined)
        source_refuse(`the script "${name}" names no file that "node" starts.`);
    checkEntry(project, name, entry);
    return { kind: 'plain', command: ['node', ...kept], doubts };
}
function checkEntry({ snapshot, isCompiled }, name, entry) {
    const path = external_node_path_.posix.normalize(entry);
    if (path.startsWith('/') || path.startsWith('..'))
        source_refuse(`the script "${name}" starts "${entry}", which is not in the source.`);
    const forms = ['', '.js', '.json', '.node', '/index.js', '/package.json'].map((end) => `${path}${end}`);
    if (isCompiled || forms.some((form) => snapshot.files.has(form)))
        return;
    source_refuse(`the script "${name}" starts "${entry}", which is not in the source, and there is no script "build" that would make it.`);
}
function serverStart(project, name, words) {
    const [program = '', ...args] = words;
    const owner = servers[program];
    if (owner === undefined || (program === 'next' && args[0] !== 'start') || args.includes('watch'))
        source_refuse(`the script "${name}" runs "${program}", which is not known to serve in production on PORT; ` +
            `add a script "start:prod" such as "node dist/index.js", or ${ownDockerfile}.`);
    if (project.dependencies[owner] === undefined)
        source_refuse(`the script "${name}" runs "${program}", and "${owner}" is no entry of "dependencies": move it there.`);
    if (program !== 'tsx' && !project.isCompiled)
        source_refuse(`the script "${name}" serves what a build makes, and there is no script "build" that makes it.`);
    if (program === 'next')
        return nextStart(project);
    return { kind: 'plain', command: [`node_modules/.bin/${program}`, ...args], doubts: [] };
}
function findEntry({ main, snapshot, isCompiled }) {
    const path = main === undefined ? undefined : external_node_path_.posix.normalize(main);
    const isInside = path !== undefined && !path.startsWith('..') && !path.startsWith('/');
    const named = isInside ? [path, `${path}.js`, `${path}/index.js`] : [];
    const found = [...named, 'server.js', 'app.js', 'index.js'].find((each) => snapshot.files.has(each));
    if (found !== undefined)
        return found;
    if (isCompiled && isInside)
        return path;
    return source_refuse('nothing tells how the service starts: there is no script "start", no file that "main" names, and no server.js, ' +
        'app.js or index.js. Add a script "start" to package.json, such as "node server.js".');
}

// EXTERNAL MODULE: ./node_modules/semver/index.js
var semver = __webpack_require__(62088);
var semver_default = /*#__PURE__*/__webpack_require__.n(semver);
;// CONCATENATED MODULE: ./src/generation/versions.ts

/** Lines that get security fixes in the months to come. */
const node = { name: 'Node.js', lines: ['24', '22', '26'] };
const python = { name: 'Python', lines: ['3.13', '3.12', '3.11', '3.14'] };
const codeNames = {
    'lts/*': '26',
    'lts/-1': '24',
    'lts/lithium': '26',
    'lts/krypton': '24',
    'lts/jod': '22',
    'lts/iron': '20',
    'lts/hydrogen': '18',
    node: '26',
    stable: '26',
    latest: '26',
};
/** The line of Node.js for a project: what .nvmrc, .node-version or `engines` asks for, where it still gets fixes. */
function chooseNode(snapshot, engines) {
    const asked = ['.nvmrc', '.node-version'].flatMap((by) => {
        const text = versions_firstLine(snapshot.texts.get(by) ?? '');
        const plain = codeNames[text.toLowerCase()] ?? text.replace(/^v/, '');
        return text === '' ? [] : [{ by, text, range: versions_lineOf(plain, /^\d+/) }];
    });
    if (typeof engines === 'string' && engines.trim() !== '')
        asked.push({ by: '"engines" of package.json', text: engines, range: rangeOf(engines) });
    return choose(node, asked[0]);
}
/** The line of Python for a project: what .python-version, runtime.txt or `requires-python` asks for. */
function choosePython({ texts }) {
    const asked = ['.python-version', 'runtime.txt'].flatMap((by) => {
        const text = versions_firstLine(texts.get(by) ?? '');
        return text === '' ? [] : [{ by, text, range: versions_lineOf(text.replace(/^python-/, ''), /^\d+\.\d+/) }];
    });
    const required = /^requires-python\s*=\s*["']([^"']+)["']/m.exec(texts.get('pyproject.toml') ?? '')?.[1];
    if (required !== undefined)
        asked.push({ by: '"requires-python" of pyproject.toml', text: required, range: pepRange(required) });
    return choose(python, asked[0]);
}
function versions_firstLine(text) {
    const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
    return lines.find((line) => line !== '') ?? '';
}
function versions_lineOf(text, form) {
    const line = form.exec(text)?.[0];
    return line === undefined ? undefined : `${line}.x`;
}
function rangeOf(text) {
    return semver_default().validRange(text) ?? undefined;
}
/** A version specifier of Python as a range of semver: `>=3.10,<3.13`, `~=3.11`, `==3.12.*`. */
function pepRange(text) {
    const parts = text.split(',').map((part) => part.trim().replace(/\s+/g, ''));
    const kept = parts.filter((part) => !part.startsWith('!='));
    const ranges = kept.map((part) => {
        if (/^~=\d+\.\d+$/.test(part))
            return part.replace('~=', '^');
        return part
            .replace(/^~=/, '~')
            .replace(/^={2,3}/, '')
            .replace(/\.\*$/, '.x');
    });
    return rangeOf(ranges.join(' '));
}
function choose({ name, lines }, asked) {
    const [first = ''] = lines;
    if (asked === undefined)
        return { line: first };
    const { by, range } = asked;
    // It becomes a comment in the Dockerfile, which a line break would end.
    const text = asked.text.replace(/[^ -~]+/g, ' ').slice(0, 40);
    if (range === undefined) {
        const doubt = `${by} asks for "${text}", which names no version of ${name}, so ${first} is taken.`;
        return { line: first, doubt };
    }
    const fitting = lines.find((line) => semver_default().intersects(range, `${line}.x`));
    if (fitting !== undefined)
        return { line: fitting };
    const line = nearest(lines, range) ?? first;
    const doubt = `${by} asks for ${name} "${text}", which is no line that gets security fixes: ${line} is the nearest that does.`;
    return { line, doubt };
}
/** The oldest line that is newer than what is asked for, else the newest one. */
function nearest(lines, range) {
    const wanted = semver_default().minVersion(range);
    const sorted = lines.toSorted((left, right) => semver_default().compare(full(left), full(right)));
    return sorted.find((line) => wanted !== null && semver_default().gt(full(line), wanted)) ?? sorted.at(-1);
}
function full(line) {
    return line.includes('.') ? `${line}.0` : `${line}.0.0`;
}

;// CONCATENATED MODULE: ./src/generation/node.ts




const ignored = [
    'node_modules',
    '**/*.test.*',
    '**/*.spec.*',
    '**/__tests__',
    '.nyc_output',
    '.pnpm-store',
    '.yarn/cache',
];
const built = ['.next', '.nuxt', '.output', '**/*.tsbuildinfo'];
/** A Dockerfile for a Node.js service; what cannot be known for sure is refused as an InputError. */
function draftNode(snapshot) {
    const project = readNodeProject(snapshot);
    const start = findStart(project);
    const install = planInstall(project);
    const version = chooseNode(snapshot, project.engines);
    const plan = { project, install, start, version };
    const isStaged = project.isCompiled || install.manager !== 'npm';
    return {
        lines: isStaged ? stagedLines(plan) : plainLines(plan),
        copied: install.copied,
        ignored: [...ignored, ...(project.isCompiled ? built : []), ...install.ignored],
        doubts: [...(version.doubt === undefined ? [] : [version.doubt]), ...install.doubts, ...start.doubts],
    };
}
/** One stage: nothing is compiled, and npm is in the image anyway. */
function plainLines(plan) {
    const { install } = plan;
    return [
        ...baseLines(plan),
        '',
        ...envLines(plan),
        'WORKDIR /app',
        '',
        ...(hasNothing(plan)
            ? []
            : [copyLine(install), `RUN ${install.production} && npm cache clean --force`, '']),
        'COPY . .',
        '',
        ...runLines(plan),
    ];
}
function hasNothing({ project: { dependencies }, install }) {
    return Object.keys(dependencies).length === 0 && install.copied.length === 1;
}
function stagedLines(plan) {
    const { install, project } = plan;
    const build = buildCommand(install);
    const clean = plan.start.kind === 'next' ? ' && rm -rf .next/cache' : '';
    return [
        ...baseLines(plan, 'build'),
        '',
        ...install.prepare,
        'WORKDIR /app',
        '',
        copyLine(install),
        `RUN ${project.isCompiled ? install.all : install.production}`,
        '',
        'COPY . .',
        ...(project.isCompiled
            ? [`RUN ${build}${isSelfContained(plan) ? '' : ` && ${install.prune}`}${clean}`]
            : []),
        '',
        `FROM ${node_image(plan)}`,
        '',
        ...envLines(plan),
        'WORKDIR /app',
        '',
        ...resultLines(plan),
        '',
        ...runLines(plan),
    ];
}
function buildCommand({ manager }) {
    return {
        npm: 'npm run build',
        pnpm: 'pnpm run build',
        yarn: 'yarn run build',
        'yarn-berry': 'yarn run build',
    }[manager];
}
/** True where the build puts all that it needs at run time into one folder. */
function isSelfContained({ start }) {
    return start.kind === 'nuxt' || start.kind === 'next-standalone';
}
function baseLines(plan, stage) {
    const { doubt } = plan.version;
    const from = `FROM ${node_image(plan)}`;
    return [...(doubt === undefined ? [] : [`# ${doubt}`]), stage === undefined ? from : `${from} AS ${stage}`];
}
function node_image({ version }) {
    return `node:${version.line}-slim`;
}
function envLines({ project, start }) {
    const { dependencies, snapshot } = project;
    const lines = ['ENV NODE_ENV=production', `ENV PORT=${snapshot.port}`];
    if (start.kind === 'next-standalone')
        lines.push('ENV HOSTNAME=0.0.0.0');
    if (dependencies['astro'] !== undefined || start.kind === 'nuxt')
        lines.push('ENV HOST=0.0.0.0');
    return lines;
}
function copyLine({ copied }) {
    return `COPY ${copied.join(' ')} ./`;
}
function resultLines({ project, start }) {
    const { files } = project.snapshot;
    const hasPublic = [...files].some((path) => path.startsWith('public/'));
    switch (start.kind) {
        case 'nuxt':
            return ['COPY --from=build /app/.output ./.output'];
        case 'next':
            return ['# Next.js writes its cache into .next.', 'COPY --from=build --chown=node:node /app ./'];
        case 'next-standalone':
            return [
                '# Next.js writes its cache into .next.',
                'COPY --from=build --chown=node:node /app/.next/standalone ./',
                'COPY --from=build --chown=node:node /app/.next/static ./.next/static',
                ...(hasPublic ? ['COPY --from=build /app/public ./public'] : []),
            ];
        case 'plain':
            return ['COPY --from=build /app ./'];
    }
}
function runLines({ project, start }) {
    const words = start.command.map((word) => JSON.stringify(word)).join(', ');
    return ['USER node', `EXPOSE ${project.snapshot.port}`, `CMD [${words}]`];
}

;// CONCATENATED MODULE: ./src/generation/python-app.ts


const makers = {
    Flask: 'wsgi',
    FastAPI: 'asgi',
    Starlette: 'asgi',
    Quart: 'asgi',
};
const modules = ['main', 'app', 'wsgi', 'asgi', 'server', 'application', 'api', 'run'];
/** A parameter that a caller may leave out. */
const python_app_optional = '\\w+\\s*(?::[^=,)\\n]+)?=[^,)=]*';
/** Finds the application: of Django by manage.py, else the one object of a framework in a module of a usual name. */
function findPythonApp(snapshot, hasAsgiOnly) {
    if (snapshot.files.has('manage.py'))
        return findDjango(snapshot, hasAsgiOnly);
    const found = candidates(snapshot).flatMap((path) => parseApp(path, snapshot.texts.get(path) ?? ''));
    const [first] = found;
    if (first !== undefined)
        return first;
    return source_refuse('no Python file of a usual name (main.py, app.py, wsgi.py, app/main.py) makes a Flask or FastAPI application at its ' +
        `top level, as in "app = Flask(__name__)", and there is no manage.py; ${source_sample}.`);
}
function findDjango({ files, texts }, hasAsgiOnly) {
    const settings = /DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']/.exec(texts.get('manage.py') ?? '')?.[1];
    const named = settings?.split('.')[0] ?? '';
    const kind = hasAsgiOnly ? 'asgi' : 'wsgi';
    const folders = [named, ...[...files].map((path) => external_node_path_.posix.dirname(path))].filter((folder) => folder !== '.');
    const folder = folders.find((each) => /^[A-Za-z_]\w*$/.test(each) && files.has(`${each}/${kind}.py`));
    if (folder === undefined)
        source_refuse(`manage.py is there, but no folder beside it holds ${kind}.py, which a server loads; ${source_sample}.`);
    return { target: `${folder}.${kind}:application`, kind, framework: 'Django' };
}
function candidates({ files }) {
    const inside = ['app', 'src', 'api', 'server'].flatMap((folder) => ['main', 'app', 'wsgi', '__init__'].map((name) => `${folder}/${name}.py`));
    return [...modules.map((name) => `${name}.py`), ...inside].filter((path) => files.has(path));
}
function parseApp(path, text) {
    const module = path.replace(/(\/__init__)?\.py$/, '').replaceAll('/', '.');
    const made = /^(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?(Flask|FastAPI|Starlette|Quart)\(/m.exec(text);
    const [, name, framework = ''] = made ?? [];
    if (name !== undefined)
        return [{ target: `${module}:${name}`, kind: makers[framework] ?? 'wsgi', framework }];
    const called = /^(app|application)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?(?:create|make)_app\(/m.exec(text)?.[1];
    const factory = new RegExp(`^def (create_app|make_app)\\(\\s*(?:${python_app_optional}(?:,\\s*${python_app_optional})*,?\\s*)?\\)`, 'm');
    const maker = factory.exec(text)?.[1];
    if (called === undefined && maker === undefined)
        return [];
    const kind = /\b(FastAPI|Starlette|Quart)\b/.test(text) ? 'asgi' : 'wsgi';
    const target = called === undefined ? `${module}:${maker ?? ''}()` : `${module}:${called}`;
    return [{ target, kind, framework: kind === 'wsgi' ? 'Flask' : 'FastAPI' }];
}

;// CONCATENATED MODULE: ./src/generation/python.ts



const python_ignored = [
    '.venv',
    'venv',
    '**/__pycache__',
    '**/*.pyc',
    '.pytest_cache',
    '.mypy_cache',
    '.tox',
];
/** Packages that pip compiles, for which the slim image has no compiler, and what to use instead. */
const compiled = {
    psycopg2: 'use psycopg2-binary',
    mysqlclient: 'use PyMySQL',
    uwsgi: 'use gunicorn',
    'python-ldap': 'use ldap3',
};
/** A Dockerfile for a Python web service; what cannot be known for sure is refused as an InputError. */
function draftPython(snapshot) {
    const install = python_planInstall(snapshot);
    const { packages } = install;
    refuseCompiled(packages);
    const app = findPythonApp(snapshot, packages.has('uvicorn') && !packages.has('gunicorn'));
    const version = choosePython(snapshot);
    const command = serverCommand(app, packages);
    const run = ['USER app', `EXPOSE ${snapshot.port}`, `CMD ${command}`];
    const lines = install.kind === 'uv' ? uvLines : pipLines;
    return {
        lines: [...lines(snapshot, install, version), '', ...run],
        copied: install.copied,
        ignored: python_ignored,
        doubts: version.doubt === undefined ? [] : [version.doubt],
    };
}
function python_planInstall({ files, texts }) {
    if (files.has('requirements.txt')) {
        const copied = listRequirements('requirements.txt', texts);
        const lines = copied.flatMap((path) => (texts.get(path) ?? '').split('\n'));
        return { kind: 'pip', copied, packages: new Set(lines.flatMap(parsePackage)) };
    }
    if (files.has('uv.lock') && files.has('pyproject.toml')) {
        const text = texts.get('pyproject.toml') ?? '';
        const listed = /^dependencies\s*=\s*\[((?:#[^\n]*|"[^"\n]*"|'[^'\n]*'|[^"'#\]])*)\]/m.exec(text)?.[1] ?? '';
        const names = [...listed.replace(/#[^\n"']*$/gm, '').matchAll(/["']([^"'\n]+)["']/g)];
        if (/^\[tool\.uv\.(sources|workspace)/m.test(text))
            source_refuse(`pyproject.toml takes packages from elsewhere than the index (tool.uv); ${source_sample}.`);
        return {
            kind: 'uv',
            copied: ['pyproject.toml', 'uv.lock'],
            packages: new Set(names.flatMap(([, name = '']) => parsePackage(name))),
        };
    }
    return source_refuse('the dependencies of this Python project are known from neither requirements.txt nor uv.lock. ' +
        `Write one of them ("pip freeze", "uv lock", "poetry export"), or ${ownDockerfile}.`);
}
/** A requirements file and those beside it that it includes. */
function listRequirements(first, texts) {
    const found = [first];
    for (const path of found) {
        const included = readRequirements(path, texts).flatMap((line) => /^(?:-r|--requirement|-c|--constraint)[\s=]*(\S+)/.exec(line)?.[1] ?? []);
        found.push(...new Set(included.filter((each) => !found.includes(each))));
    }
    return found;
}
function readRequirements(path, texts) {
    const text = texts.get(path);
    if (text === undefined)
        source_refuse(`"${path}" is not beside the Dockerfile, or is no UTF-8 text; ${source_sample}.`);
    const lines = text.split('\n').map((line) => line.replace(/(^|\s)#.*/, '').trim());
    const foreign = lines.find((line) => /^(-e|--editable|\.|\/|file:)|(^|@\s*)git\+/.test(line));
    if (foreign === undefined)
        return lines;
    return source_refuse(`"${path}" names a package in a folder or a Git repository, which are not there while pip installs; ${source_sample}.`);
}
/** The name of a package, and each extra with it: `uvicorn[standard]` is `uvicorn` and `uvicorn[standard]`. */
function parsePackage(line) {
    const [, name, extras = ''] = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?/.exec(line) ?? [];
    if (name === undefined)
        return [];
    const plain = name.toLowerCase().replace(/[._]/g, '-');
    const more = extras.split(',').map((extra) => `${plain}[${extra.trim()}]`);
    return [plain, ...more];
}
function refuseCompiled(packages) {
    const [found] = Object.entries(compiled).find(([name]) => packages.has(name)) ?? [];
    if (found === undefined)
        return;
    source_refuse(`"${found}" is compiled when it is installed, and the slim image has no compiler: ${compiled[found] ?? ''}, or ${ownDockerfile}.`);
}
/** `exec` makes the server the process that gets SIGTERM; the shell is there for PORT. */
function serverCommand({ target, kind, framework }, packages) {
    const shell = (command) => `["sh", "-c", ${JSON.stringify(`exec ${command}`)}]`;
    const name = target.includes('(') ? `'${target}'` : target;
    if (kind === 'wsgi' && packages.has('gunicorn'))
        return shell(`gunicorn --bind 0.0.0.0:$PORT --threads 8 ${name}`);
    if (kind === 'wsgi' && packages.has('waitress') && !target.includes('('))
        return shell(`waitress-serve --listen=0.0.0.0:$PORT ${name}`);
    const hasUvicorn = ['uvicorn', 'fastapi[standard]', 'fastapi[all]'].some((each) => packages.has(each));
    if (kind === 'asgi' && hasUvicorn) {
        const factory = target.endsWith('()') ? '--factory ' : '';
        return shell(`uvicorn --host 0.0.0.0 --port $PORT ${factory}${target.replace(/\(\)$/, '')}`);
    }
    const server = kind === 'wsgi' ? 'gunicorn' : 'uvicorn';
    return source_refuse(`${framework} needs a server for production, and the dependencies name none: add "${server}" to them.`);
}
function pipLines({ port }, { copied }, version) {
    const main = copied[0] ?? 'requirements.txt';
    return [
        ...python_baseLines(version),
        '',
        ...python_envLines(port),
        'WORKDIR /app',
        '',
        `COPY ${copied.join(' ')} ./`,
        `RUN pip install --no-cache-dir -r ${main}`,
        '',
        ...userLines,
    ];
}
function uvLines({ port }, { copied }, version) {
    return [
        ...python_baseLines(version, 'build'),
        '',
        '# The environment is made with the Python of the image, which the final stage has at the same place.',
        'ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy',
        'WORKDIR /app',
        '',
        'RUN pip install --no-cache-dir uv',
        `COPY ${copied.join(' ')} ./`,
        'RUN uv sync --locked --no-dev --no-install-project --no-cache',
        '',
        `FROM python:${version.line}-slim`,
        '',
        ...python_envLines(port),
        'ENV PATH=/app/.venv/bin:$PATH',
        'WORKDIR /app',
        '',
        'COPY --from=build /app/.venv ./.venv',
        ...userLines,
    ];
}
function python_baseLines({ line, doubt }, stage) {
    const from = `FROM python:${line}-slim`;
    return [...(doubt === undefined ? [] : [`# ${doubt}`]), stage === undefined ? from : `${from} AS ${stage}`];
}
function python_envLines(port) {
    return ['ENV PYTHONUNBUFFERED=1', `ENV PORT=${port}`];
}
const userLines = ['RUN useradd --uid 1000 app', '', 'COPY . .'];

;// CONCATENATED MODULE: ./src/stages/project/generate.ts







const defaultPort = 8080;
/** The languages that docs/dockerfiles.md has a sample for. */
const sampleLanguages = ['Go', 'Java', 'PHP', '.NET'];
const others = [
    [/^go\.mod$/, 'Go'],
    [/^(pom\.xml|build\.gradle(\.kts)?)$/, 'Java'],
    [/^composer\.json$/, 'PHP'],
    [/^[^/]+\.(cs|fs|vb)proj$/, '.NET'],
    [/^Gemfile$/, 'Ruby'],
    [/^Cargo\.toml$/, 'Rust'],
];
/**
 * Writes a Dockerfile, and a .dockerignore where there is none, for a Node.js or Python service; shows both in the log.
 * Nothing that is there is changed, and what is not sure to work is refused with nothing written.
 */
async function generateDockerfile(request, ports) {
    try {
        return await generate(request, ports);
    }
    catch (error) {
        if (error instanceof errors/* InputError */.dz)
            return { kind: 'refused', problems: error.problems };
        throw error;
    }
}
async function generate(request, { files, log }) {
    const { buildFolder, port = defaultPort } = request;
    const folder = (0,external_node_path_.join)(request.folder, buildFolder);
    await refuseFound(folder, files);
    if (port < 1024)
        source_refuse(`the service has port ${port}, which only root can listen on, and a generated image runs as a plain user. ` +
            'Set the setting Port to 8080, or write a Dockerfile.');
    const snapshot = await readSnapshot(folder, port, files);
    const draft = draftFor(snapshot);
    const ignoreText = snapshot.texts.get('.dockerignore');
    const { ignores } = (0,dockerfile_context/* createIgnoreFile */.fF)('.dockerignore', ignoreText ?? buildDockerignore(draft.ignored));
    if (ignoreText !== undefined)
        refuseHidden(ignores, draft);
    const texts = [
        ...(snapshot.files.has('.dockerignore')
            ? []
            : [['.dockerignore', buildDockerignore(draft.ignored)]]),
        ['Dockerfile', `${draft.lines.join('\n')}\n`],
    ];
    for (const [name, text] of texts)
        await files.create((0,external_node_path_.join)(folder, name), text);
    const written = texts.map(([name, text]) => ({ path: external_node_path_.posix.join(buildFolder, name), text }));
    showWritten(written, log);
    const gaps = findGaps(ignores, snapshot.files.has('package.json'));
    for (const doubt of [...draft.doubts, ...gaps.map(gapDoubt)])
        log.warning(doubt);
    return { kind: 'written', port, files: written.map(({ path }) => path) };
}
async function refuseFound(folder, files) {
    const entries = (await files.kindOf(folder)) === 'folder' ? await files.listFolder(folder) : [];
    const found = entries.find(({ path }) => path.toLowerCase() === 'dockerfile');
    if (found !== undefined)
        source_refuse(`"${found.path}" is there already, and it is left as it is.`);
    if (entries.length === 0)
        source_refuse('the build folder is empty or missing, so there is nothing to build.');
}
function draftFor(snapshot) {
    const paths = [...snapshot.files];
    const [, other] = others.find(([form]) => paths.some((path) => form.test(path))) ?? [];
    if (other !== undefined)
        refuseLanguage(other);
    const isNode = snapshot.files.has('package.json');
    const isPython = paths.some((path) => /^(requirements\.txt|pyproject\.toml|manage\.py)$/.test(path));
    if (isNode && isPython)
        source_refuse(`the source looks like both Node.js and Python, so no Dockerfile is generated; ${source_sample}.`);
    if (isNode)
        return draftNode(snapshot);
    if (isPython)
        return draftPython(snapshot);
    return source_refuse('the source holds neither package.json nor requirements.txt nor pyproject.toml, so its language is not known; ' +
        `${source_sample}.`);
}
function refuseLanguage(language) {
    const fault = `the source looks like ${language}, for which no Dockerfile is generated`;
    const isShown = sampleLanguages.includes(language);
    return source_refuse(`${fault}; ${isShown ? 'docs/dockerfiles.md has one to start from' : ownDockerfile}.`);
}
function refuseHidden(ignores, { copied }) {
    const [hidden] = findHidden(ignores, copied);
    if (hidden !== undefined)
        source_refuse(`.dockerignore leaves out "${hidden}", which the build needs: take it out there.`);
}
function showWritten(written, log) {
    for (const { path, text } of written) {
        log.info(`Generated ${path}:`);
        for (const line of text.trimEnd().split('\n'))
            log.output(`  ${line}`);
    }
    const names = written.map(({ path }) => path).join(' and ');
    log.info(`Commit ${names} as shown above, so that the next run builds the same and you can change what it does.`);
}
function gapDoubt(name) {
    return `.dockerignore does not name "${name}", so it may get into the image: add a line with "${name}".`;
}

;// CONCATENATED MODULE: ./src/stages/project/mode.ts


/** The file that configures several functions in one project (functions framework). */
const functionsFile = 'cloudbase-functions.json';
/**
 * Settles the mode once: the input, else the live service's, else what the source holds. A live service never changes
 * its mode (there is no API for it), so asking for the other one is an error.
 */
async function settleMode(request, files) {
    const { live, image = '' } = request;
    const requestedMode = image === '' ? request.requestedMode : 'container';
    const liveType = live?.service?.serviceType;
    if (requestedMode !== 'auto') {
        if (liveType !== undefined && liveType !== typeOf(requestedMode))
            refuseOtherMode(request, liveType);
        return {
            mode: requestedMode,
            reason: image === '' ? 'the input asks for it' : 'an image is deployed',
        };
    }
    if (liveType !== undefined)
        return { mode: liveType, reason: 'the live service runs in it' };
    return detectMode(request, files);
}
function typeOf(mode) {
    return mode === 'container' ? 'container' : 'function';
}
function refuseOtherMode({ requestedMode, live, image = '' }, liveType) {
    const name = live?.target.serviceName ?? '';
    if (image !== '') {
        const message = `is deployed in container mode, but the live service "${name}" runs in function mode, which cannot be changed. Deploy to a service of another name.`;
        throw new errors/* InputError */.dz([{ subject: 'image', message }]);
    }
    throw new errors/* InputError */.dz([
        {
            subject: 'mode',
            message: `is "${requestedMode}", but the live service "${name}" runs in ${liveType} mode, which cannot be changed. ` +
                `Use "${liveType}" or "auto", or deploy to a service of another name.`,
        },
    ]);
}
async function detectMode(request, files) {
    const { folder, config, generatesDockerfile = false } = request;
    const context = (0,external_node_path_.join)(folder, config.settings.BuildDir ?? '.');
    const hasFunctions = (await files.kindOf((0,external_node_path_.join)(folder, functionsFile))) === 'file';
    const dockerfile = config.settings.Dockerfile ?? (await findDockerfile(context, files));
    if (hasFunctions && dockerfile !== undefined) {
        throw new errors/* InputError */.dz([
            {
                subject: 'mode',
                message: `must be "function" or "container": the source holds both ${functionsFile} and ${dockerfile}, ` +
                    'and there is no live service to go by.',
            },
        ]);
    }
    if (hasFunctions)
        return { mode: 'function', reason: `the source holds ${functionsFile}` };
    if (dockerfile !== undefined)
        return { mode: 'container', reason: `the source holds ${dockerfile}` };
    if (generatesDockerfile)
        return { mode: 'container', reason: 'the input generate-dockerfile asks for it' };
    return { mode: 'function', reason: 'the source holds no Dockerfile' };
}
/** Refuses inputs for an image where the mode, by now settled, has none. */
function refuseImageInputs({ imageInputs = [] }, mode) {
    if (mode === 'container' || imageInputs.length === 0)
        return;
    const problems = imageInputs.map((subject) => {
        const fault = subject === 'image-repository' ? 'deploys source alone' : 'builds none';
        const message = `is for an image, but mode "${mode}" ${fault}. Leave it out, or use mode "container".`;
        return { subject, message };
    });
    throw new errors/* InputError */.dz(problems);
}
/** The name of the Dockerfile in a folder, in whatever case it is written. */
async function findDockerfile(folder, files) {
    if ((await files.kindOf(folder)) !== 'folder')
        return undefined;
    const names = (await files.listFolder(folder))
        .filter((entry) => entry.kind === 'file' || entry.kind === 'link')
        .map((entry) => entry.path);
    return (names.find((name) => name === 'Dockerfile') ?? names.find((name) => name.toLowerCase() === 'dockerfile'));
}

;// CONCATENATED MODULE: ./src/stages/project/container.ts







/** Finds the Dockerfile: the config's, else the live service's, else what the build folder holds. */
async function locateDockerfile(request, files) {
    const { folder, config } = request;
    const { settings } = config;
    const buildFolder = settings.BuildDir ?? liveText(request, 'BuildDir') ?? '.';
    const context = (0,external_node_path_.resolve)(folder, buildFolder);
    refuseOutside(request, 'BuildDir', { folder, value: buildFolder });
    const named = settings.Dockerfile ?? liveText(request, 'Dockerfile');
    const dockerfile = named ?? (await findDockerfile(context, files)) ?? 'Dockerfile';
    refuseOutside(request, 'Dockerfile', { folder: context, value: dockerfile });
    return {
        dockerfile: external_node_path_.posix.normalize(dockerfile),
        buildFolder: external_node_path_.posix.normalize(buildFolder),
        isNamed: named !== undefined,
        target: request.target ?? '',
    };
}
/** The port of a container service for which nobody names one (manager-node, deploy). */
const container_platformPort = 80;
/** Writes a Dockerfile where there is none and the input asks for it; what cannot be written is an InputError. */
async function writeMissingDockerfile(request, { buildFolder, dockerfile, isNamed }, ports) {
    const { folder, config, generatesDockerfile = false } = request;
    if (!generatesDockerfile || isNamed)
        return;
    if ((await ports.files.kindOf((0,external_node_path_.join)(folder, buildFolder, dockerfile))) !== undefined)
        return;
    const port = config.settings.Port ?? container_livePort(request);
    const generated = await generateDockerfile({ folder, buildFolder, port }, ports);
    if (generated.kind === 'refused')
        throw new errors/* InputError */.dz(generated.problems);
}
/** Reads the Dockerfile and settles the port: the config's, else the live service's, else the single EXPOSE. */
async function readContainer(request, { isNamed, target, ...location }, ports) {
    const { folder, config, isPortOptional = false } = request;
    const { buildFolder, dockerfile } = location;
    const path = (0,external_node_path_.join)(folder, buildFolder, dockerfile);
    const given = config.settings.Port ?? container_livePort(request);
    const dockerfileText = await ports.files.readText(path);
    if (dockerfileText === undefined)
        refuseMissing(request, external_node_path_.posix.join(buildFolder, dockerfile));
    if (!isNamed && dockerfile !== 'Dockerfile') {
        ports.log.warning(`The Dockerfile is called "${dockerfile}": rename it to "Dockerfile", the name that tools expect.`);
    }
    const port = given ??
        (isPortOptional ? container_platformPort : parseExposedPort((0,tree/* cutAfterStage */.hL)(dockerfileText, target), dockerfile));
    return { ...location, dockerfileText, port };
}
/** The port of an existing image: the config's, else the live service's. */
function readImagePort(request) {
    const port = request.config.settings.Port ?? container_livePort(request);
    if (port !== undefined)
        return port;
    const message = 'is missing: with an existing image, server-config has to name the port on which it listens.';
    throw new errors/* InputError */.dz([(0,rules/* configProblem */.er)('Port', message, undefined)]);
}
function liveText({ live }, setting) {
    const value = live?.service?.settings[setting];
    return typeof value === 'string' && value !== '' ? value : undefined;
}
function refuseOutside({ config }, key, { folder, value }) {
    const inside = (0,external_node_path_.relative)(folder, (0,external_node_path_.resolve)(folder, value));
    if (!inside.startsWith('..') && !inside.startsWith('/'))
        return;
    const message = `must lie inside the source folder, not "${value}".`;
    throw new errors/* InputError */.dz([(0,rules/* configProblem */.er)(key, message, config.positions[key])]);
}
function refuseMissing(request, path) {
    const { requestedMode, config } = request;
    const isLive = config.settings.Dockerfile === undefined && liveText(request, 'Dockerfile') !== undefined;
    if (isLive) {
        const message = `the live service is built from "${path}", which is not in the source. ` +
            'Add it, or name another one with the settings Dockerfile and BuildDir.';
        throw new errors/* InputError */.dz([{ subject: 'source', message }]);
    }
    throw new errors/* InputError */.dz([
        {
            subject: requestedMode === 'container' ? 'mode' : 'source',
            message: `container mode needs a Dockerfile, and there is none at "${path}" in the source. ` +
                'Add one, name it with the settings Dockerfile and BuildDir, or use mode "function" for Node.js functions.',
        },
    ]);
}
function container_livePort({ live }) {
    const port = Number(live?.service?.settings['Port'] ?? 0);
    return port > 0 ? port : undefined;
}

// EXTERNAL MODULE: ./src/lint/function/manifest.ts
var function_manifest = __webpack_require__(90945);
// EXTERNAL MODULE: ./src/lint/function/node-version.ts
var node_version = __webpack_require__(94265);
// EXTERNAL MODULE: ./src/lint/function/entry.ts
var entry = __webpack_require__(66078);
;// CONCATENATED MODULE: ./src/stages/project/entry.ts




/**
 * The file that the functions framework loads: the list of several functions, else what `require.resolve` of the
 * folder finds. One that is missing, or that Node.js cannot load, is an InputError.
 */
async function entry_findEntry(request, { main }, files) {
    const found = await entry_listFiles(request.folder, [functionsFile, ...(0,entry/* entryCandidates */.rD)(main)], files);
    if (found.has(functionsFile))
        return functionsFile;
    const verdict = (0,entry/* judgeEntry */.YX)(main, (path) => found.has(path));
    switch (verdict.kind) {
        case 'found':
            return verdict.file;
        case 'unloadable':
            return refuseUnloadable(verdict.file, verdict.isTypeScript);
        case 'outside':
            return entry_refuse(`function mode needs an entry inside the source, and the "main" of package.json is "${main ?? ''}".`);
        case 'missing':
            return entry_refuseMissing(request, main);
    }
}
async function entry_listFiles(folder, paths, files) {
    const kinds = await Promise.all(paths.map((path) => files.kindOf((0,external_node_path_.join)(folder, path))));
    return new Set(paths.filter((_path, index) => kinds[index] === 'file'));
}
function refuseUnloadable(path, isTypeScript) {
    const fault = isTypeScript
        ? 'is TypeScript: compile it in a step before this one, and let "main" of package.json name the result.'
        : 'is none of .js, .cjs and .mjs.';
    entry_refuse(`function mode needs an entry that Node.js can load, and "${path}" ${fault}`);
}
function entry_refuseMissing({ requestedMode, live }, main) {
    if (main !== undefined) {
        const build = main.includes('dist') ? ' Build the project in a step before this one.' : '';
        entry_refuse(`function mode needs an entry, and the source has no "${main}", which is the "main" of package.json.${build}`);
    }
    const missing = 'no "main" in package.json and no index.js.';
    if (requestedMode !== 'auto' || live?.service !== undefined)
        entry_refuse(`function mode needs an entry, and the source has ${missing}`);
    entry_refuse('the source holds no Dockerfile, so function mode was taken, and function mode needs a Node.js entry: ' +
        `there is ${missing} A service in another language needs a Dockerfile.`);
}
function entry_refuse(message) {
    throw new errors/* InputError */.dz([{ subject: 'source', message }], 'entry-not-found');
}

// EXTERNAL MODULE: ./src/lint/function/functions-file.ts
var functions_file = __webpack_require__(38970);
;// CONCATENATED MODULE: ./src/stages/project/functions-file.ts




/**
 * Checks the file that lists several functions, and reads the paths by which they are called: `routes`, then each
 * function's `triggerPath` (functions framework 1.18.0, functions-config.js and router.js).
 */
async function readFunctions(folder, files) {
    const text = (await files.readText((0,external_node_path_.join)(folder, functions_file/* functionsFileName */.vI))) ?? '';
    const { list, faults } = (0,functions_file/* parseFunctionsFile */.ZX)(text);
    const missing = list === undefined ? [] : await findMissingFolders(folder, list, files);
    if (list === undefined || faults.length + missing.length > 0)
        functions_file_refuse([...missing, ...faults]);
    const { root, functions } = (0,functions_file/* listFolders */.uT)(list);
    return {
        routes: [...new Set(list.routes.map(({ path }) => path))],
        needed: [
            ...[root, ...functions].map(({ folder: path }) => path.replace(/\/$/, '')),
            ...functions.flatMap(({ folder: path }, index) => {
                const { source = 'index.js' } = list.functions[index] ?? {};
                return [external_node_path_.posix.join(path, source), external_node_path_.posix.join(path, function_manifest/* manifestFile */.YE)];
            }),
        ],
    };
}
async function findMissingFolders(folder, list, files) {
    const { root, functions } = (0,functions_file/* listFolders */.uT)(list);
    if (!(await isFolder(folder, root.folder, files)))
        return [root.fault];
    const faults = [];
    for (const { folder: path, fault } of functions) {
        if (!(await isFolder(folder, path, files)))
            faults.push(fault);
    }
    return faults;
}
async function isFolder(folder, path, files) {
    const absolute = (0,external_node_path_.join)(folder, path);
    if ((0,external_node_path_.relative)(folder, absolute).startsWith('..'))
        return false;
    return (await files.kindOf(absolute)) === 'folder';
}
function functions_file_refuse(faults) {
    throw new errors/* InputError */.dz(faults.map(({ kind, message }) => ({
        subject: 'source',
        message: `${functions_file/* functionsFileName */.vI} ${message}.${kind === 'form' ? ` ${functions_file/* functionsFileForm */.Kb}` : ''}`,
    })));
}

;// CONCATENATED MODULE: ./src/stages/project/function.ts








const function_lockfiles = [
    ['pnpm-lock.yaml', 'pnpm'],
    ['yarn.lock', 'yarn'],
    ['package-lock.json', 'npm'],
    ['npm-shrinkwrap.json', 'npm'],
];
/** Finds what the functions framework will load, how it is called, and how its dependencies are installed. */
async function readFunction(request, ports) {
    const { folder, config, requestedMode } = request;
    const problems = (0,rules/* checkFunctionSettings */.Ct)(config, requestedMode === 'agent' ? 'agent' : 'function');
    if (problems.length > 0)
        throw new errors/* InputError */.dz(problems);
    const { files } = ports;
    const manifest = await readManifest(folder, files);
    const lock = await findLockfile(folder, files);
    const entry = await entry_findEntry(request, manifest, files);
    const single = { routes: ['/'], needed: [] };
    return {
        port: rules/* functionPort */.kU,
        entry,
        ...(entry === functionsFile ? await readFunctions(folder, files) : single),
        packageManager: lock?.[1] ?? 'npm',
        lockfile: lock?.[0],
        hasDependencies: Object.keys(manifest.dependencies).length > 0,
        isInstalledByPlatform: config.settings.InstallDependency ?? true,
        nodeVersion: await readNodeVersion(folder, ports),
    };
}
async function readManifest(folder, files) {
    const { manifest } = (0,function_manifest/* parseManifest */.Ng)((await files.readText((0,external_node_path_.join)(folder, function_manifest/* manifestFile */.YE))) ?? '{}');
    if (manifest !== undefined)
        return manifest;
    throw new errors/* InputError */.dz([
        {
            subject: 'source',
            message: 'package.json is not a JSON object. Correct it: function mode reads its "main".',
        },
    ]);
}
async function findLockfile(folder, files) {
    for (const [name, manager] of function_lockfiles) {
        const path = (0,external_node_path_.join)(folder, name);
        if ((await files.kindOf(path)) !== 'file')
            continue;
        const isBerry = manager === 'yarn' && /^__metadata:/m.test((await files.readText(path)) ?? '');
        return [name, isBerry ? 'yarn-berry' : manager];
    }
    return undefined;
}
async function readNodeVersion(folder, { files, log }) {
    for (const name of node_version/* versionFiles */.uP) {
        const found = (0,node_version/* parseVersionFile */.Sz)((await files.readText((0,external_node_path_.join)(folder, name))) ?? '', name);
        if (found?.version !== undefined)
            return found.version;
        if (found !== undefined)
            log.notice(`${name} asks for "${found.asked}", which is no version number such as "20.18.1", so it is not followed.`);
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/stages/project/ignore-rules.ts




/** What stands in a function's folder and is never part of it; for sources without a .cloudbaseignore. */
const builtInExclusions = [
    ...['/logs/', '*.log', '/coverage/', '.nyc_output/', '*.tsbuildinfo', '.eslintcache'],
    ...['.github/', '.gitlab/', '.gitlab-ci.yml', '.husky/', '.vscode/', '.idea/', '.DS_Store', 'Thumbs.db'],
];
/**
 * The rules of a container build, by which docker builds its context: the ignore file beside the Dockerfile, else that
 * of the build folder (BuildKit). A line that is no pattern is refused, as docker refuses it.
 */
async function readDockerRules(folder, { buildFolder, dockerfile }, files) {
    const own = external_node_path_.posix.join(buildFolder, `${dockerfile}.dockerignore`);
    const shared = external_node_path_.posix.join(buildFolder, '.dockerignore');
    const [ofDockerfile, ofFolder] = await Promise.all([own, shared].map((path) => files.readLooseText((0,external_node_path_.join)(folder, path))));
    const [file, text] = ofDockerfile === undefined ? [shared, ofFolder ?? ''] : [own, ofDockerfile];
    const rules = (0,dockerfile_context/* createIgnoreFile */.fF)(file, text);
    const [wrong] = rules.faults;
    if (wrong !== undefined) {
        const message = `line ${wrong} of ${file} is no pattern. Correct or remove it.`;
        throw new errors/* InputError */.dz([{ subject: 'source', message }]);
    }
    const inContext = (path) => external_node_path_.posix.relative(buildFolder, path);
    return {
        ignores: (path) => rules.ignores(inContext(path)),
        nameRule: (path) => {
            const found = rules.findPattern(inContext(path));
            return found === undefined ? file : `line ${found.line} of ${file} ("${found.pattern}")`;
        },
        hasExceptions: rules.hasExceptions,
        files: [own, shared],
        counting: { path: file, text },
    };
}
/** The rules of a function: those of .cloudbaseignore, which are written as in .gitignore, else the built-in exclusions. */
async function readFunctionRules(folder, files) {
    const file = '.cloudbaseignore';
    const text = await files.readLooseText((0,external_node_path_.join)(folder, file));
    const matcher = ignore_default()({ ignorecase: false }).add(text ?? [...builtInExclusions]);
    return {
        ignores: (path, isFolder) => matcher.ignores(isFolder ? `${path}/` : path),
        nameRule: (path, isFolder) => {
            const pattern = matcher.test(isFolder ? `${path}/` : path).rule?.pattern ?? '';
            return text === undefined ? `the built-in exclusion "${pattern}"` : `"${pattern}" in ${file}`;
        },
        hasExceptions: false,
        files: [file],
        counting: undefined,
    };
}

;// CONCATENATED MODULE: ./src/stages/project/needed.ts





/** What a Dockerfile takes by name from its build folder, up to the stage that is built. */
function listCopied({ buildFolder, dockerfile, dockerfileText }, target) {
    return (0,dockerfile_context/* listCopies */.cJ)((0,tree/* parseDockerfile */.Ai)((0,tree/* cutAfterStage */.hL)(dockerfileText, target))).flatMap(({ from, sources, instruction }) => {
        const why = `${instruction.getKeyword()} in line ${instruction.getRange().start.line + 1} of ${dockerfile} takes it`;
        const own = from === undefined ? sources.filter(({ path }) => path !== '.') : [];
        return own.map(({ path }) => ({ path: external_node_path_.posix.join(buildFolder, path), why }));
    });
}
/** What the functions framework loads, with the package.json that names it. */
function listLoaded({ entry, needed }) {
    return [
        { path: entry, why: 'the functions framework loads it' },
        { path: function_manifest/* manifestFile */.YE, why: 'the platform reads it' },
        ...needed.map((path) => ({ path, why: `${entry} names it` })),
    ];
}
/**
 * Finds what is needed and was left out. A folder of which something belongs is as it is meant to be. What a Dockerfile
 * takes of `.git` is an InputError: a checkout may have left its token there.
 */
async function addNeeded(needed, { choice, found, leftOut }, files) {
    const places = listPlaces(found);
    const added = new Map();
    const missed = [];
    for (const { path, why } of needed) {
        const leftOutBy = leftOut.find((each) => isWithin(path, each.path) || isWithin(each.path, path));
        if (leftOutBy === undefined || places.has(path))
            continue;
        if (why !== undefined && /(^|\/)\.git(\/|$)/.test(path))
            refuseGit(path, why);
        const entries = (await files.listFiles(choice.folder, path)).filter((entry) => isMeant(choice, path, entry));
        for (const entry of entries)
            added.set(entry.path, { entry, why });
        if (entries.length > 0 && why !== undefined)
            missed.push({ path, why, leftOutBy });
    }
    return { files: [...added.values()], missed };
}
function refuseGit(path, why) {
    const message = `"${path}" is never packaged, for it may hold the token of the checkout, but ${why}. ` +
        'Write what the build needs into a file in a step before this one.';
    throw new errors/* InputError */.dz([{ subject: 'source', message }]);
}
/** What is left out for itself stays so, also within a folder that is needed. */
function isMeant({ exclude, hasModules, ownFiles }, path, entry) {
    const below = entry.path.slice(path.length);
    const isOfModule = !hasModules && !isModule(path) && isModule(below);
    if (/\/\.git(\/|$)/.test(below) || isOfModule || ownFiles.includes(entry.path))
        return false;
    return exclude.match(path, true) || !exclude.match(entry.path, false);
}
function isModule(path) {
    return /(^|\/)node_modules(\/|$)/.test(path);
}
/** The paths of the files and of every folder that holds one. */
function listPlaces(found) {
    const places = new Set();
    for (const { path } of found)
        for (let place = path; place !== '.' && !places.has(place); place = external_node_path_.posix.dirname(place))
            places.add(place);
    return places;
}
function isWithin(path, folder) {
    return path === folder || path.startsWith(`${folder}/`);
}

;// CONCATENATED MODULE: ./src/stages/project/walk.ts


/** Walks a source and tells apart what belongs and what does not; a folder in which nothing can belong is not entered. */
async function walk(choice, files) {
    const into = { found: [], leftOut: [], broughtBack: [] };
    // Whoever leaves out what is never packaged is right, also where it is not there.
    for (const name of neverPackaged) {
        choice.exclude.match(name, true);
        choice.exclude.match(`${name}/x`, false);
    }
    await walkFolder(choice, choice.start, { into, files });
    return into;
}
const neverPackaged = ['.git', 'node_modules'];
async function walkFolder(choice, folder, { into, files, isLeftOut = false }) {
    const listed = files.listFolder((0,external_node_path_.join)(choice.folder, folder));
    for (const entry of await (isLeftOut ? listed.catch(walk_unlessUnreadable) : listed)) {
        const path = external_node_path_.posix.join(folder, entry.path);
        const isFolder = entry.kind === 'folder';
        const verdict = judge(choice, path, isFolder);
        const isOut = verdict !== 'in' && verdict !== 'back';
        if (isOut && !(isFolder && mayHoldMore(choice, verdict))) {
            into.leftOut.push({ path, isFolder, by: verdict });
        }
        else if (isFolder) {
            await walkFolder(choice, path, { into, files, isLeftOut: isLeftOut || isOut });
        }
        else {
            into.found.push({ ...entry, path });
            if (verdict === 'back')
                into.broughtBack.push(path);
        }
    }
}
function walk_unlessUnreadable(error) {
    if (error instanceof errors/* InputError */.dz)
        return [];
    throw error;
}
/** Whether the path is `in`, brought `back` by `include`, or left out. */
function judge(choice, path, isFolder) {
    const { rules, include, exclude } = choice;
    const isExcluded = exclude.match(path, isFolder);
    if (isNeverPackaged(choice, path))
        return 'always';
    const isIncluded = include.match(path, isFolder);
    if (isExcluded)
        return 'exclude';
    if (!rules.ignores(path, isFolder))
        return isReport(path) && !isIncluded ? 'report' : 'in';
    return isIncluded ? 'back' : 'rules';
}
/** True for what is left out whatever anybody says, but for what a Dockerfile names. */
function isNeverPackaged({ ownFiles, hasModules }, path) {
    const name = external_node_path_.posix.basename(path);
    if (name === '.git' || ownFiles.includes(path))
        return true;
    return name === 'node_modules' && !hasModules;
}
/** A report of lint, of this step or of one before it. */
function isReport(path) {
    return path.endsWith('.sarif');
}
/** A pattern that has matched nothing yet may mean something in there. */
function mayHoldMore({ rules, include, exclude }, by) {
    if (by === 'always')
        return false;
    if (include.isWaiting() || exclude.isWaiting())
        return true;
    return by === 'rules' && (rules.hasExceptions || !include.isEmpty);
}

;// CONCATENATED MODULE: ./src/stages/project/selection.ts








/**
 * Selects what a container build sees: the build folder by docker's own rules, without `.git` and installed modules, but
 * always with the Dockerfile, the ignore files, and what COPY and ADD name.
 */
async function selectContainerFiles(request, facts, ports) {
    const rules = await readDockerRules(request.folder, facts, ports.files);
    const own = [external_node_path_.posix.join(facts.buildFolder, facts.dockerfile), ...rules.files];
    const needed = [...own.map((path) => ({ path })), ...listCopied(facts, request.target)];
    return selection_select(request, { rules, needed, start: facts.buildFolder, hasModules: false }, ports);
}
/**
 * Selects the files of a function: without `.git`, installed dependencies unless they are shipped, and what
 * .cloudbaseignore or, where there is none, the built-in exclusions name, but always with what is loaded. A .gitignore
 * says nothing here: it names the result of a build, which is what runs.
 */
async function selectFunctionFiles(request, facts, ports) {
    const rules = await readFunctionRules(request.folder, ports.files);
    const hasModules = !facts.isInstalledByPlatform;
    return selection_select(request, { rules, needed: listLoaded(facts), start: '.', hasModules }, ports);
}
async function selection_select({ folder, inputs, ownFiles }, { needed, ...ground }, { files, log }) {
    const include = createPatterns('include', inputs.include);
    const exclude = createPatterns('exclude', inputs.exclude);
    const choice = { folder, ownFiles, include, exclude, ...ground };
    refuseOwnFiles(choice);
    const { found, leftOut, broughtBack } = await walk(choice, files);
    const idle = [...include.listIdle(), ...exclude.listIdle()];
    if (idle.length > 0)
        throw new errors/* InputError */.dz(idle);
    const added = await addNeeded(needed, { choice, found, leftOut }, files);
    for (const { path, why, leftOutBy } of added.missed)
        log.warning(`"${path}" is left out by ${nameReason(choice, leftOutBy)}, but ${why}, so it stays in the package. Correct one of the two.`);
    tellLeftOut(choice, leftOut, log);
    const selected = [...found, ...added.files.map(({ entry }) => entry)];
    if (selected.length === 0)
        refuseEmpty(choice, leftOut);
    await refuseUnfit({ folder, entries: selected, allowedSecrets: inputs.allowedSecrets }, files);
    warnOfClashes(selected, log);
    const named = added.files.flatMap(({ entry, why }) => (why === undefined ? [] : [entry.path]));
    const back = [...broughtBack, ...named];
    const out = leftOut.filter(({ by }) => by !== 'rules').map(({ path }) => ({ path, isIn: false }));
    return {
        files: withExceptions(selected, back, ground).sort((left, right) => (left.path < right.path ? -1 : 1)),
        differences: [...out, ...back.map((path) => ({ path, isIn: true }))],
    };
}
/** A file that this step writes would be in the package of the next one. */
function refuseOwnFiles({ ownFiles, start, rules, exclude }) {
    const found = ownFiles.find((path) => {
        const isInside = !external_node_path_.posix.relative(start, path).startsWith('..');
        return isInside && !rules.ignores(path, false) && !exclude.match(path, false);
    });
    if (found === undefined)
        return;
    const message = `lies in the source as "${found}", where a later run would package it. ` +
        `Give a path outside of the source, or leave it out in ${rules.files.at(-1) ?? ''} or with exclude.`;
    throw new errors/* InputError */.dz([{ subject: 'output-path', message }]);
}
/** The ignore file of the package lets through what is packaged though the one of the source leaves it out. */
function withExceptions(entries, back, { rules: { counting }, start }) {
    if (counting === undefined || back.length === 0)
        return [...entries];
    const lines = back.map((path) => `!${(0,ignore_pattern/* spellIgnorePattern */.Bx)(external_node_path_.posix.relative(start, path))}`);
    const content = `${[counting.text, ...lines].join('\n')}\n`;
    const size = new TextEncoder().encode(content).length;
    return entries.map((entry) => entry.path === counting.path ? { ...entry, kind: 'file', content, size } : entry);
}
function nameReason({ rules, exclude }, { path, isFolder, by }) {
    switch (by) {
        case 'always':
            return 'the rule that this is never packaged';
        case 'report':
            return 'the rule that reports of lint are none of it';
        case 'exclude':
            return exclude.nameRule(path, isFolder);
        case 'rules':
            return rules.nameRule(path, isFolder);
    }
}
const namedAtMost = 200;
const shownAtMost = 5;
/** One line a rule; of very many files the last ones are only counted. */
function tellLeftOut(choice, leftOut, log) {
    const byReason = new Map();
    for (const [index, each] of leftOut.entries()) {
        const reason = index < namedAtMost ? nameReason(choice, each) : 'one of these rules, or another';
        const paths = byReason.get(reason) ?? [];
        paths.push(each.isFolder ? `${each.path}/` : each.path);
        byReason.set(reason, paths);
    }
    for (const [reason, paths] of byReason) {
        const more = paths.length > shownAtMost ? ` and ${paths.length - shownAtMost} more` : '';
        log.debug(`Left out by ${reason}: ${paths.slice(0, shownAtMost).join(', ')}${more}.`);
    }
}
function refuseEmpty(choice, leftOut) {
    const [first] = leftOut;
    const fault = first === undefined
        ? 'it is empty; was the project checked out or built there?'
        : `all of it is left out, such as "${first.path}" by ${nameReason(choice, first)}.`;
    const message = `the folder "${choice.folder}" holds no file to deploy: ${fault}`;
    throw new errors/* InputError */.dz([{ subject: 'source', message }]);
}

;// CONCATENATED MODULE: ./src/stages/project/project.ts







/** Settles the mode, finds Dockerfile or entry and the port, and selects the files that belong. */
async function readProject(request, ports) {
    const { mode, reason } = await settleMode(request, ports.files);
    ports.log.info(`Mode "${mode}": ${reason}.`);
    refuseImageInputs(request, mode);
    const { folder, image = '' } = request;
    const isSource = mode === 'container' && image === '';
    const location = isSource ? await locateDockerfile(request, ports.files) : undefined;
    if (location !== undefined)
        await writeMissingDockerfile(request, location, ports);
    const result = await readMode(request, { mode, location }, ports).catch((error) => {
        if (error instanceof errors/* InputError */.dz)
            return error;
        throw error;
    });
    return { mode, folder, location, result };
}
/** The project that was found; what stands in its way is thrown. */
function requireProject({ result }) {
    if (result instanceof errors/* InputError */.dz)
        throw result;
    return result;
}
async function readMode(request, { mode, location }, ports) {
    const { folder, image: reference = '' } = request;
    if (reference !== '') {
        const port = readImagePort(request);
        const none = { files: [], differences: [], fingerprint: undefined };
        return { kind: 'image', mode, folder, port, ...none, reference };
    }
    if (location !== undefined) {
        const { port, ...facts } = await readContainer(request, location, ports);
        const { target = '' } = request;
        const selection = await selectContainerFiles({ ...describeSelection(request), target }, facts, ports);
        const fingerprint = await readFingerprint(request, selection.files, ports.files);
        return { kind: 'container', mode, folder, port, ...selection, fingerprint, ...facts };
    }
    const { port, ...facts } = await readFunction(request, ports);
    const selection = await selectFunctionFiles(describeSelection(request), facts, ports);
    const fingerprint = await readFingerprint(request, selection.files, ports.files);
    return { kind: 'function', mode, folder, port, ...selection, fingerprint, ...facts };
}
const noPatterns = { include: [], exclude: [], allowedSecrets: [] };
function describeSelection(request) {
    const { folder, selection: inputs = noPatterns, ownFiles = [] } = request;
    return { folder, inputs, ownFiles };
}
/** A service that keeps the fingerprint of its source gets the new one with each release, lest the old one deceive. */
async function readFingerprint({ isFingerprinted, live, folder, buildFacts }, selected, files) {
    const isKept = live?.service !== undefined && rules/* fingerprintName */.Sw in (0,merge/* parseLiveEnv */.dS)(live.service.settings);
    return isFingerprinted === true || isKept ? files.digest(folder, selected, buildFacts) : undefined;
}

;// CONCATENATED MODULE: ./src/commands/prepare.ts







/** Does what deploy and plan share: everything that writes nothing, up to the plan. */
async function prepare(run, settled, { context, ports }) {
    const { inputs, config, envFrom } = settled;
    tellDoubts(inputs.delivery, ports.log);
    const live = await run.stage('look', () => look(inputs.target, ports.cloudRun));
    if (inputs.command === 'deploy')
        refuseUnderWay(live);
    const project = requireProject(await lintProject(run, { settled, live }, { context, ports }));
    const { envStrategy } = inputs;
    const plan = await run.stage('compare', () => (0,compare/* compare */.U)({ config, envFrom, envStrategy, live, project }));
    return { live, project, plan };
}
/** Said before anything is built: the platform may not be able to pull what is deployed. */
function tellDoubts({ image, repository }, log) {
    const reference = image === '' ? repository : image;
    const { doubt } = reference === '' ? {} : (0,image_fields/* describeRegistry */.Fv)((0,image_fields/* registryOf */.YS)(reference));
    if (doubt !== undefined)
        log.notice(doubt);
}
/** Reads and lints the source; findings that fail the run come before anything else that stands in its way. */
async function lintProject(run, { settled, live }, { context, ports }) {
    const { inputs, config, repository } = settled;
    const found = await run.stage('project', () => readProject(describeProject(settled, live), ports));
    const { actionUrl } = context;
    const report = await run.stage('lint', () => lint({ found, config, live, inputs, repository, actionUrl, isAlone: inputs.command === 'lint' }, ports));
    if (report.isFailed)
        throw (0,lint_finding/* lintFailure */.Qy)(report.findings);
    return found;
}
/** What the project of a command is read from. */
function describeProject({ inputs, config, sourceFolder, outputPath, }, live) {
    const request = {
        folder: sourceFolder,
        requestedMode: inputs.mode,
        config,
        live,
        selection: inputs.selection,
        ownFiles: outputPath === '' ? [] : [(0,external_node_path_.relative)(sourceFolder, outputPath).replaceAll('\\', '/')],
        isPortOptional: inputs.command === 'lint' || inputs.command === 'package',
        generatesDockerfile: inputs.generatesDockerfile,
    };
    if (inputs.command === 'lint')
        return request;
    const { delivery, build } = inputs;
    const isFingerprinted = 'skipUnchanged' in inputs && inputs.skipUnchanged;
    const { image } = delivery;
    const { target } = build;
    const imageInputs = listImageInputs(inputs);
    return { ...request, isFingerprinted, image, imageInputs, target, buildFacts: factsOf(inputs) };
}
function listImageInputs({ build, delivery }) {
    const given = [
        ['build-args', Object.keys(build.buildArgs).length > 0],
        ['build-secrets', Object.keys(build.buildSecrets).length > 0],
        ['target', build.target !== ''],
        ['cache-from', build.cacheFrom.length > 0],
        ['cache-to', build.cacheTo.length > 0],
        ['builder', build.builder !== ''],
        ['image-repository', delivery.repository !== ''],
    ];
    return given.filter(([, isGiven]) => isGiven).map(([name]) => name);
}
/**
 * What makes another release of the same files. Undefined for a package that depends on its files alone: so the
 * fingerprint of such a source stays what it was.
 */
function factsOf({ build: { buildArgs, target }, delivery }) {
    const args = Object.entries(buildArgs);
    const isImage = delivery.repository !== '';
    if (args.length === 0 && target === '' && !isImage)
        return undefined;
    return JSON.stringify({ args, target, ...(isImage ? { isImage } : {}) });
}

;// CONCATENATED MODULE: ./src/commands/deploy.ts







/** Takes a backend from the checkout to a version that serves. */
async function deploy(run, settled, around) {
    const { inputs } = settled;
    const { context, ports } = around;
    const { live, project, plan } = await prepare(run, settled, around);
    const { service, target } = live;
    const isLive = !(0,compare/* isChanging */.K)(plan);
    if (service !== undefined && inputs.skipUnchanged && !inputs.redeploy && isLive) {
        await run.stage('online', () => describeLive({ target, service, previousVersion: '' }, ports));
        return run.end('unchanged');
    }
    const { delivery } = inputs;
    if (project.kind !== 'image' && delivery.repository === '')
        await scanPackage(run, { settled, project }, around);
    const { built, verification } = await buildAndVerify(run, { settled, project, live }, around);
    const { tempFolder, sha } = context;
    const artifact = await run.stage('package', () => packageProject(project, { built, delivery, sha, tempFolder }, ports));
    const remark = context.runUrl;
    const released = await run.stage('release', () => release({ project, live, plan, verification, artifact, remark }, ports));
    await run.stage('follow', () => follow(released, ports));
    return run.end('live');
}

;// CONCATENATED MODULE: ./src/stages/download/target.ts


const mostProblems = 10;
/**
 * Judges what stands in a folder before anything is put into it: nothing may land where a link leads, nor a file in place
 * of a folder. What stands in the way is an InputError.
 */
async function judgeTarget(entries, { folder, existing }, files) {
    const kindOf = rememberKinds(folder, files);
    const placement = { folders: [], moved: [], kept: [] };
    const obstacles = new Set();
    for (const entry of entries) {
        const { path } = entry;
        const obstacle = await findObstacle(entry, existing, kindOf);
        if (obstacle !== undefined)
            obstacles.add(obstacle);
        else if (entry.kind === 'folder')
            placement.folders.push(path);
        else if (existing === 'keep' && (await kindOf(path)) !== undefined)
            placement.kept.push(path);
        else
            placement.moved.push(path);
    }
    if (obstacles.size > 0)
        throw target_refuse([...obstacles]);
    return placement;
}
/** Folders are asked for again and again. */
function rememberKinds(folder, files) {
    const kinds = new Map();
    return async (path) => {
        if (!kinds.has(path))
            kinds.set(path, await files.kindOf((0,external_node_path_.join)(folder, path)));
        return kinds.get(path);
    };
}
async function findObstacle({ path, kind }, existing, kindOf) {
    for (const above of foldersOf(kind === 'folder' ? `${path}/` : path)) {
        const found = await kindOf(above);
        if (found === undefined)
            return undefined;
        if (found === 'link')
            return `holds the link "${above}", where the package has a folder`;
        if (found !== 'folder')
            return `holds "${above}" as a file, where the package has a folder`;
    }
    if (kind === 'folder')
        return undefined;
    const found = await kindOf(path);
    if (found === 'folder')
        return `holds "${path}" as a folder, where the package has a ${kind}`;
    return found === 'other' && existing === 'replace' ? `holds "${path}", which is no file` : undefined;
}
/** The folders of a path, the outermost first. */
function foldersOf(path) {
    return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
}
function target_refuse(obstacles) {
    const shown = obstacles.slice(0, mostProblems);
    const left = obstacles.length - shown.length;
    const more = left === 0 ? [] : [`holds ${left} more that stand in the way`];
    return new errors/* InputError */.dz([...shown, ...more].map((obstacle) => ({
        subject: 'output-path',
        message: `${obstacle}. Nothing was written. Move it away, or name another folder.`,
    })));
}

;// CONCATENATED MODULE: ./src/stages/download/download.ts



/**
 * Brings the code of the version with the most of the traffic into a folder. It is fetched and unpacked in the temporary
 * folder first, so that the folder gets whole files only.
 */
async function download(live, destination, ports) {
    const { archive, files, log } = ports;
    const { tempFolder } = destination;
    const version = pickVersion(live);
    tellVersions(live, log);
    const zip = (0,external_node_path_.join)(tempFolder, 'download.zip');
    await files.makeFolder(tempFolder);
    const fetched = await fetchPackage({ live, version, to: zip }, ports);
    const unpacked = (0,external_node_path_.join)(tempFolder, 'download');
    const { entries, clashes } = await archive.extract(zip, unpacked);
    const folder = (await files.realPath(destination.folder)) ?? destination.folder;
    const { folders, moved, kept } = await judgeTarget(entries, { ...destination, folder }, files);
    for (const path of ['', ...folders])
        await files.makeFolder((0,external_node_path_.join)(folder, path));
    for (const path of moved)
        await files.move((0,external_node_path_.join)(unpacked, path), (0,external_node_path_.join)(folder, path));
    tellClashes(clashes, log);
    tellKept(kept, log);
    const isMoved = new Set(moved);
    return {
        versionName: version.versionName,
        folder,
        fileCount: moved.length,
        fileBytes: entries.reduce((sum, { path, kind, size }) => sum + (kind === 'file' && isMoved.has(path) ? size : 0), 0),
        kept,
        zip: fetched,
    };
}
function pickVersion({ target, service }) {
    const { envId, serviceName } = target;
    if (service === undefined)
        throw serviceError(`names no service of the environment "${envId}": "${serviceName}". The command "download" fetches the code of a live service.`);
    const [version] = service.onlineVersions;
    if (version !== undefined)
        return version;
    throw serviceError(`names a service without a version online: "${serviceName}" has no code that serves. Deploy it first, or look into the console.`);
}
function tellVersions({ service }, log) {
    const [first, ...others] = service?.onlineVersions ?? [];
    if (first === undefined)
        return;
    const rest = others.map(({ versionName, share }) => `"${versionName}" gets ${share} %`).join(', ');
    const share = rest === '' ? '' : `, which gets ${first.share} % of the traffic; ${rest}`;
    log.info(`Downloading the package of "${first.versionName}"${share}.`);
}
/** Only the first try may use the address that told whether there is a package. */
async function fetchPackage(wanted, { cloudRun, http, log }) {
    const { live, version, to } = wanted;
    const readAddress = async () => {
        const address = await cloudRun.readDownload(live.target, version.versionName);
        if (address === undefined)
            throw imageError(live, version);
        return address;
    };
    const first = await readAddress();
    if (first.isOutdated)
        log.warning(`The platform says that the package of "${version.versionName}" is out of date.`);
    const known = [first];
    return http.download(to, async () => known.pop() ?? readAddress());
}
/** A version without a package was deployed as an image (DescribeCloudBaseBuildService has no DownloadUrl for it). */
function imageError({ target }, { versionName, imageUrl }) {
    const image = imageUrl === '' ? '' : ` ("${imageUrl}")`;
    return serviceError(`names a service without code to download: "${versionName}" of "${target.serviceName}" has no package, as a version that was deployed as an image. Pull the image${image} instead.`);
}
function serviceError(message) {
    return new errors/* InputError */.dz([{ subject: 'service-name', message }]);
}
const mostNamed = 10;
function tellClashes(clashes, log) {
    if (clashes.length > 0)
        log.warning(`Where letter case does not count, these are one path: ${nameSome(clashes)}.`);
}
function tellKept(kept, log) {
    if (kept.length > 0)
        log.warning(`${kept.length} file(s) were there already and are kept: ${nameSome(kept)}. "overwrite: true" replaces them.`);
}
function nameSome(names) {
    const left = names.length - mostNamed;
    return `${names.slice(0, mostNamed).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

;// CONCATENATED MODULE: ./src/commands/download.ts


/** Brings the code of the version that serves into a local folder; writes nothing to the cloud. */
async function downloadCode(run, settled, { context, ports }) {
    const { inputs, outputPath: folder } = settled;
    const { target, overwrites } = inputs;
    const live = await run.stage('look', () => look(target, ports.cloudRun));
    const { tempFolder } = context;
    const existing = overwrites ? 'replace' : 'keep';
    await run.stage('download', () => download(live, { folder, existing, tempFolder }, ports));
    return run.end('done');
}

;// CONCATENATED MODULE: ./src/commands/lint.ts


/** Lints a source alone: no service is looked at, so it needs no credentials. */
async function lintAlone(run, settled, around) {
    const { result } = await lintProject(run, { settled, live: undefined }, around);
    // Lint itself says where an entry is missing, unless a build that comes later makes it.
    if (result instanceof errors/* InputError */.dz && result.kind !== 'entry-not-found')
        throw result;
    return run.end('linted');
}

;// CONCATENATED MODULE: ./src/commands/package.ts





/** Writes the package that deploy would upload to a file; only the dependencies that it ships are installed for it. */
async function packageAlone(run, settled, around) {
    const { ports } = around;
    const { tempFolder } = around.context;
    const found = await run.stage('project', () => readProject(describeProject(settled, undefined), ports));
    const project = requireProject(found);
    await scanPackage(run, { settled, project }, around);
    const isShipped = project.kind === 'function' && !project.isInstalledByPlatform;
    const request = describeBuild(settled, around, 'command');
    const built = isShipped
        ? await run.stage('build', () => build(project, request, ports))
        : { kind: 'skipped', reason: 'the platform builds it' };
    await refuseShipped(project, built, { selection: settled.inputs.selection, files: ports.files });
    const { outputPath: to } = settled;
    await run.stage('package', () => packageSource(project, { built, tempFolder, to }, ports));
    return run.end('packaged');
}

;// CONCATENATED MODULE: ./src/commands/plan.ts


/** Shows what deploy would change, and with `verify: true` whether the service comes up; writes nothing to the cloud. */
async function plan(run, settled, around) {
    const { live, project } = await prepare(run, settled, around);
    if (settled.inputs.local.verify === 'true')
        await buildAndVerify(run, { settled, project, live }, around);
    return run.end('planned');
}

// EXTERNAL MODULE: ./src/stages/serve/served.ts
var serve_served = __webpack_require__(38570);
;// CONCATENATED MODULE: ./src/stages/serve/keep.ts





/** Starts a service and waits until it listens; one that does not is stopped again, with a ProjectError. */
async function keepServing(project, { built, request }, ports) {
    if (built.kind === 'skipped')
        throw new errors/* InputError */.dz([{ subject: 'command', message: `is "run", but ${built.reason}.` }]);
    await refuseBusyPort(request.hostPort, ports);
    const served = await serve(project, { built, request }, ports);
    try {
        const architecture = built.kind === 'image' ? built.facts.architecture : undefined;
        const windowMs = platformWindowMs(request.settings.InitialDelaySeconds ?? 0);
        const readiness = await awaitReady(served, { windowMs, platformEnv: listPlatformEnv(request), architecture }, ports);
        if (readiness.status === 'ready') {
            ports.state.save(serve_served/* servedState */.z, JSON.stringify(served.handle));
            return { url: served.url, timeToListenMs: readiness.timeToListenMs };
        }
        if (readiness.status === 'unreachable')
            throw unreachable(readiness.reason);
        const { diagnosis, logTail } = readiness;
        throw new StartError(diagnosis, { exitCode: undefined, logTail });
    }
    catch (error) {
        await served.remove();
        throw error;
    }
}
async function refuseBusyPort(port, { http }) {
    if (port === undefined || !(await http.accepts(port)))
        return;
    const message = `is ${port}, where another program of this machine listens already. Give another port, or leave it out for a free one.`;
    throw new errors/* InputError */.dz([{ subject: 'run-port', message }]);
}
function unreachable(reason) {
    return new errors/* ProjectError */.wB(`The service runs, but ${reason}.`, {
        kind: 'network',
        advice: 'Run the job on the machine of the Docker engine, and not in a container.',
    });
}

;// CONCATENATED MODULE: ./src/commands/run.ts





/** Starts the service on this machine and leaves it running for the steps that follow; the post part stops it. */
async function runLocally(run, settled, around) {
    const { ports } = around;
    const found = await run.stage('project', () => readProject(describeProject(settled, undefined), ports));
    const project = requireProject(found);
    const request = describeBuild(settled, around, 'command');
    const built = await run.stage('build', () => build(project, request, ports));
    const how = { ...describeServe(settled, around, undefined), hostPort: settled.inputs.port };
    await run.stage('serve', () => keepServing(project, { built, request: how }, ports));
    return run.end('running');
}

// EXTERNAL MODULE: ./src/service-config/fingerprint.ts
var fingerprint = __webpack_require__(57536);
;// CONCATENATED MODULE: ./src/stages/release/configure.ts






/** Changes settings without a build: on the version that serves, or with a new version of the very same image. */
async function configure({ target, plan, remark }, ports) {
    const { cloudRun, log } = ports;
    const service = await cloudRun.readServing(target);
    (0,write/* refuseSurprise */.AU)(plan, target, service);
    const baseline = await (0,write/* readBaseline */.mF)(target, service, cloudRun);
    // By now another source may serve: the mark names the one whose image is published.
    const mark = (0,merge/* parseLiveEnv */.dS)(service?.settings ?? {})[rules/* fingerprintName */.Sw];
    const wanted = { ...plan.wanted, fingerprint: (0,fingerprint/* parseMark */.lw)(mark, (0,write/* servingVersion */.vP)(service)) };
    const settled = (0,write/* settle */.G9)({ ...plan, wanted }, { service, baseline }, log);
    const changed = settled.plan.changes.settings;
    const isHot = changed.length > 0 && changed.every(({ effect }) => effect === 'hot');
    const release = {
        target,
        plan: settled.plan,
        baseline,
        previousVersion: (0,write/* servingVersion */.vP)(service),
        expectedShare: 100,
        asked: settled.drift,
    };
    // The version stays, and with it its env vars and the mark of its source.
    const asked = { ...settled.drift, settings: { ...settled.drift.settings, EnvParams: undefined } };
    const isDone = changed.length === 0 && settled.live?.isNewestServing === true;
    if (isDone)
        return { ...release, asked, taskId: 0, makesVersion: false };
    const way = chooseWay(target, service, baseline);
    if (way.kind === 'image') {
        const deployInfo = {
            DeployType: 'image',
            ImageUrl: way.imageUrl,
            DeployRemark: remark,
            ReleaseType: 'FULL',
        };
        const items = buildItems(settled.sent);
        const send = () => cloudRun.updateService(target, { deployInfo, items });
        const taskId = await (0,write/* writeOnce */.Fq)({ target, action: 'UpdateCloudRunServer', baseline, send }, ports);
        return { ...release, taskId, makesVersion: true };
    }
    const items = isHot ? buildHotItems(settled.sent, settled.plan) : buildItems(settled.sent);
    const taskId = await changeSettings({ target, baseline, items, isHot }, ports);
    const makesVersion = taskId > 0 || (!isHot && (await hasBegun(target, baseline, ports)));
    return { ...release, ...(isHot ? { asked } : {}), taskId, makesVersion };
}
/** The vendor's own tool waits as long for a release to be registered (2.34.6, waitRegistration). */
const registrationSeconds = 45;
/** Without an id of a task: true when the change shows up as a release of its own. */
async function hasBegun(target, baseline, ports) {
    const task = await ports.cloudRun.readTask(target, 0);
    if (task !== undefined && task.id > baseline.taskId)
        return true;
    return (await (0,write/* countNewer */.vx)({ target, baseline }, registrationSeconds, ports)) > 0;
}
/**
 * A change of settings publishes the newest image, which is not the one that serves after a failed release or a
 * rollback (seen live): then the image that serves is released again by its address.
 */
function chooseWay(target, service, baseline) {
    const name = (0,write/* servingVersion */.vP)(service);
    const online = service?.onlineVersions.find(({ versionName }) => versionName === name);
    if (online === undefined)
        throw refusal(target, 'has no version that serves');
    if ((service?.onlineVersions.length ?? 0) > 1)
        throw refusal(target, 'shares its traffic between versions');
    if ((0,fingerprint/* versionNumber */.e1)(name) === baseline.recordNumber)
        return { kind: 'diff' };
    if (service?.serviceType === 'function')
        throw refusal(target, notNewest(online));
    if (service?.settingsOf === 'service')
        throw refusal(target, `${notNewest(online)}, and the settings of "${name}" cannot be read`);
    if (online.imageUrl === '')
        throw refusal(target, `${notNewest(online)}, and its image is not known`);
    return { kind: 'image', imageUrl: online.imageUrl };
}
function notNewest({ versionName }) {
    return `serves "${versionName}", which is not its newest version, and the platform would publish the newest one`;
}
function refusal({ serviceName }, why) {
    return new errors/* CloudError */.K2(`The settings of "${serviceName}" cannot be changed without a build: it ${why}.`, {
        kind: 'conflict',
        action: 'SubmitServerConfigChangeDiff',
        code: '',
        isRetryable: false,
        advice: 'Use the command "deploy", which releases the source with these settings.',
    });
}
/** Only what changes: a VPC that is sent again would make a new version. */
function buildHotItems(sent, { changes }) {
    const names = new Set(changes.settings.map(({ setting }) => setting));
    return buildItems(Object.fromEntries(Object.entries(sent).filter(([name]) => names.has(name))));
}
/** When the answer is lost, a change that takes effect at once shows when it is read back. */
async function changeSettings({ target, baseline, items, isHot }, ports) {
    const send = () => ports.cloudRun.changeSettings(target, items);
    const action = 'SubmitServerConfigChangeDiff';
    if (!isHot)
        return (0,write/* writeOnce */.Fq)({ target, action, baseline, send }, ports);
    try {
        return await send();
    }
    catch (error) {
        if (!(error instanceof errors/* CloudError */.K2) || error.kind !== 'network' || !error.isRetryable)
            throw error;
        ports.log.warning(`${(0,write/* describeLost */.Uk)(action, error)} The platform may have made the change: it is read back.`);
        return 0;
    }
}

;// CONCATENATED MODULE: ./src/commands/update-config.ts







/** Changes the settings of a live service without a build, and follows the change to its end. */
async function updateConfig(run, settled, { context, ports }) {
    const { inputs, config, envFrom } = settled;
    const { target, envStrategy } = inputs;
    const live = await run.stage('look', () => look(target, ports.cloudRun));
    refuseUnderWay(live);
    const service = requireService(live);
    checkMode(settled, service);
    const plan = await run.stage('compare', () => (0,compare/* compare */.U)({ config, envFrom, envStrategy, live }));
    if (!(0,compare/* isChanging */.K)(plan)) {
        await run.stage('online', () => describeLive({ target, service, previousVersion: '' }, ports));
        return run.end('unchanged');
    }
    const remark = context.runUrl;
    const released = await run.stage('release', () => configure({ target, plan, remark }, ports));
    await run.stage('follow', () => follow(released, ports));
    return run.end('live');
}
function requireService({ target, service }) {
    if (service !== undefined)
        return service;
    throw new errors/* InputError */.dz([
        {
            subject: 'service-name',
            message: `names no service of the environment "${target.envId}": "${target.serviceName}". ` +
                'The command "update-config" changes a live service; the command "deploy" creates one.',
        },
    ]);
}
function checkMode({ inputs, config }, service) {
    const { serviceType } = service;
    const asked = inputs.mode === 'agent' ? 'function' : inputs.mode;
    const other = {
        subject: 'mode',
        message: `is "${inputs.mode}", but the live service runs in ${serviceType} mode. Leave the input out.`,
    };
    const problems = [
        ...(asked === 'auto' || asked === serviceType ? [] : [other]),
        ...(serviceType === 'function' ? (0,rules/* checkFunctionSettings */.Ct)(config, 'function') : []),
    ];
    if (problems.length > 0)
        throw new errors/* InputError */.dz(problems);
}

;// CONCATENATED MODULE: ./src/commands/command.ts







/** Runs the command that the inputs ask for. */
function runCommand(run, settled, place) {
    const { inputs } = settled;
    if (inputs.command === 'lint')
        return lintAlone(run, { ...settled, inputs }, place);
    if (inputs.command === 'run')
        return runLocally(run, { ...settled, inputs }, place);
    if (inputs.command === 'package')
        return packageAlone(run, { ...settled, inputs }, place);
    const around = { ...place, ports: place.connect(inputs.cloud) };
    if (inputs.command === 'download')
        return downloadCode(run, { ...settled, inputs }, around);
    if (inputs.command === 'update-config')
        return updateConfig(run, { ...settled, inputs }, around);
    return inputs.command === 'plan'
        ? plan(run, { ...settled, inputs }, around)
        : deploy(run, { ...settled, inputs }, around);
}


/***/ })

};
