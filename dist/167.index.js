export const id = 167;
export const ids = [167];
export const modules = {

/***/ 25167:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runCommand: () => (/* binding */ runCommand)
});

// EXTERNAL MODULE: ./src/stages/compare.ts + 1 modules
var compare = __webpack_require__(95012);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(76760);
// EXTERNAL MODULE: ./src/errors.ts
var errors = __webpack_require__(83916);
;// CONCATENATED MODULE: ./src/stages/build.ts


/** Builds what verification runs: an image with docker buildx, or a staged copy of a function with its dependencies. */
async function build(project, request, ports) {
    if (project.kind === 'container')
        return buildImage(project, request, ports);
    const isShipped = !project.isInstalledByPlatform;
    if (request.verify === 'false' && !isShipped)
        return { kind: 'skipped', reason: 'input "verify" is false' };
    return copyFunction(project, request, ports);
}
async function buildImage(project, request, ports) {
    if (request.verify === 'false')
        return { kind: 'skipped', reason: 'input "verify" is false' };
    const engine = await ports.docker.readEngine();
    if ('reason' in engine) {
        if (request.verify === 'auto')
            return { kind: 'skipped', reason: engine.reason };
        throw new errors/* InputError */.dz([
            {
                subject: 'verify',
                message: `is "true", but ${engine.reason}. Use a runner with Docker and buildx, or "auto" to verify only where there is one.`,
            },
        ]);
    }
    ports.state.save('engine', engine.version);
    await ports.exec.stream({ file: 'docker', args: ['version'] });
    const args = buildDockerBuildArgs(project, request.stepLabel);
    const { exitCode, lines } = await ports.docker.build(args, (line) => {
        ports.log.output(line);
    });
    if (exitCode !== 0) {
        throw new errors/* ProjectError */.wB(`The image does not build: docker buildx build ended with exit code ${exitCode}.`, {
            kind: 'build',
            exitCode,
            logTail: lines.slice(-20),
            advice: `Run it locally: docker buildx build --platform linux/amd64 -f ${project.buildFolder}/${project.dockerfile} ${project.buildFolder}`,
        });
    }
    return { kind: 'image', tag: imageTag(request.stepLabel), engineCpus: engine.cpus };
}
function imageTag(stepLabel) {
    return `${stepLabel.toLowerCase()}:verify`;
}
/** The argv of `docker` for the build, as the platform is assumed to build: `-f BuildDir/Dockerfile BuildDir`. */
function buildDockerBuildArgs(project, stepLabel) {
    const context = (0,external_node_path_.join)(project.folder, project.buildFolder);
    return [
        ...['buildx', 'build', '--load', '--progress', 'plain', '--platform', 'linux/amd64'],
        ...['--label', stepLabel, '--tag', imageTag(stepLabel)],
        ...['--file', (0,external_node_path_.join)(context, project.dockerfile), context],
    ];
}
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
        const isOptional = request.verify === 'auto' && project.isInstalledByPlatform;
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

;// CONCATENATED MODULE: ./src/diagnosis/advice.ts
/** The next step for each way in which a service can fail to start, be released, or be reached. */
const adviceFor = {
    build: 'Read the failing command in the build log, and run the same build locally.',
    'exit-on-start': 'The process ended by itself. Read its last lines, and start it in the foreground.',
    'crash-loop': 'The process starts and ends again and again. Read its last lines for the first error.',
    'wrong-port': 'Listen on the port of the environment variable PORT, and set Port in server-config to the same value.',
    'loopback-bind': 'Listen on 0.0.0.0 instead of 127.0.0.1 or localhost: the platform calls from outside the container.',
    'slow-start': 'The process runs but does not listen. Find out what it waits for before it listens.',
    'out-of-memory': 'The process needs more memory than Mem allows. Raise Cpu and Mem together, or use less memory.',
    'entry-not-found': 'Check that "main" in package.json names the file, that the file exports "main", and that all it requires is there.',
    architecture: 'Build the image for linux/amd64.',
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

;// CONCATENATED MODULE: ./src/stages/package.ts

/** Zips the files of the project; with `InstallDependency: false` the staged copy, which holds its dependencies. */
async function packageSource(project, how, ports) {
    const { root, entries } = await chooseFiles(project, how.built, ports.files);
    await ports.files.makeFolder(how.tempFolder);
    const file = (0,external_node_path_.join)(how.tempFolder, 'package.zip');
    const { bytes, sha256 } = await ports.archive.write(root, entries, file);
    return { kind: 'package', file, bytes, sha256, fileCount: entries.length };
}
async function chooseFiles(project, built, files) {
    const shipsModules = project.kind === 'function' && !project.isInstalledByPlatform && built.kind === 'function-copy';
    if (!shipsModules)
        return { root: project.folder, entries: project.files };
    const entries = await listAll(built.folder, '', files);
    return {
        root: built.folder,
        entries: [...entries].sort((left, right) => (left.path < right.path ? -1 : 1)),
    };
}
async function listAll(root, folder, files) {
    const found = [];
    for (const entry of await files.listFolder((0,external_node_path_.join)(root, folder))) {
        const path = folder === '' ? entry.path : `${folder}/${entry.path}`;
        if (entry.kind === 'folder')
            found.push(...(await listAll(root, path, files)));
        else
            found.push({ ...entry, path });
    }
    return found;
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


/** Uploads the package, reads the service again, merges again, and writes once. */
async function release(request, ports) {
    const { cloudRun, log } = ports;
    const { target, network } = request.live;
    const slot = await cloudRun.createUploadSlot(target);
    log.info(`Upload the package (${request.artifact.bytes} bytes).`);
    await ports.http.upload(slot.url, slot.headers, request.artifact.file);
    const service = await cloudRun.readServing(target);
    (0,write/* refuseSurprise */.AU)(request.plan, target, service);
    const baseline = await (0,write/* readBaseline */.mF)(target, service, cloudRun);
    const { plan, sent, drift } = (0,write/* settle */.G9)(request.plan, { service, baseline }, log);
    const deployInfo = buildDeployInfo(request, slot);
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
function buildDeployInfo({ project, plan, remark }, slot) {
    return {
        DeployType: 'package',
        PackageName: slot.packageName,
        PackageVersion: slot.packageVersion,
        DeployRemark: remark,
        ...(project.kind === 'function' ? { BuildPacks: functionBuildPacks } : {}),
        ...(plan.action === 'create' ? {} : { ReleaseType: 'FULL' }),
    };
}
/** What the platform builds functions with; its function mode knows no other (SDK cloudrun service, 5.6.5). */
const functionBuildPacks = { RepoLanguage: 'Node.js', LanguageVersion: '20.18' };
/** The items of a create: explicit values, and what tells the platform the mode. */
function buildCreateItems(settings, project) {
    const mode = project.kind === 'function'
        ? [
            { Key: 'Dockerfile', Value: 'Dockerfile' },
            { Key: 'Tag', Value: 'function:' },
        ]
        : [];
    return [...buildItems(settings), { Key: 'HasDockerfile', BoolValue: true }, ...mode];
}
/** Some environments refuse to create a service without a network: the user's, else the environment's own. */
function networkOf({ VpcConf }, ofEnvironment) {
    return VpcConf === undefined ? ofEnvironment : { vpcId: VpcConf.VpcId, subnetIds: [VpcConf.SubnetId] };
}

// EXTERNAL MODULE: ./src/service-config/rules.ts
var rules = __webpack_require__(90367);
;// CONCATENATED MODULE: ./src/stages/serve.ts
/** Starts a container as the platform would, reachable on a loopback port that the engine picks. */
async function serveContainer(request, docker) {
    const env = splitEnv({ ...request.env, PORT: String(request.port) });
    // What cannot be removed now, the post part of the step removes, or warns of.
    const stop = async () => {
        await docker.removeLabelled(request.stepLabel);
    };
    try {
        const id = await docker.start(buildDockerRunArgs(request, env), env);
        const { pid } = await docker.readContainer(id);
        const hostPort = await docker.readHostPort(id, request.port);
        return {
            url: `http://127.0.0.1:${hostPort}`,
            port: request.port,
            readState: () => readContainerState(id, pid, docker),
            readLog: (lines) => docker.readLogs(id, lines),
            stop,
        };
    }
    catch (error) {
        await stop();
        throw error;
    }
}
/** While the process can be seen, its sockets tell all there is to know, without asking the engine. */
async function readContainerState(id, firstPid, docker) {
    const listeners = await docker.readListeners(id, firstPid);
    if (listeners !== undefined)
        return { exitCode: undefined, isOutOfMemory: false, listeners };
    const { isRunning, exitCode, isOutOfMemory } = await docker.readContainer(id);
    return { exitCode: isRunning ? undefined : exitCode, isOutOfMemory, listeners: undefined };
}
/** Variables that the docker command itself would obey if it inherited them. */
const clientNames = /^(PATH|HOME|USER|LANG|TMPDIR|XDG_.+|LD_.+|SSL_CERT_.+|DOCKER_.+|BUILDX_.+|BUILDKIT_.+|OTEL_.+|GO[A-Z]+|.+_PROXY)$/i;
/** Splits the env vars of a container by the way on which they reach it; see ContainerEnv. */
function splitEnv(env) {
    const isLine = ([name, value]) => clientNames.test(name) && !/[\r\n]/.test(value);
    const entries = Object.entries(env);
    return {
        inherited: Object.fromEntries(entries.filter((entry) => !isLine(entry))),
        lines: entries.filter(isLine).map(([name, value]) => `${name}=${value}`),
    };
}
/**
 * The argv of `docker` for the run. Local Docker lets anyone bind low ports, the platform does not; values of env vars
 * stay off the argv.
 */
function buildDockerRunArgs(request, env) {
    const [entryPoint, ...entryArgs] = request.entryPoint;
    return [
        ...['run', '--detach', '--platform', 'linux/amd64', '--label', request.stepLabel],
        ...['--publish', `127.0.0.1::${request.port}`],
        ...['--sysctl', 'net.ipv4.ip_unprivileged_port_start=1024', '--pids-limit', '1024'],
        ...['--cpus', String(Math.min(request.cpu, request.image.engineCpus))],
        ...['--memory', `${request.memory * 1024}m`, '--memory-swap', `${request.memory * 1024}m`],
        ...Object.keys(env.inherited).flatMap((name) => ['--env', name]),
        ...(env.lines.length === 0 ? [] : ['--env-file', '/dev/stdin']),
        ...(entryPoint === undefined ? [] : ['--entrypoint', entryPoint]),
        ...[request.image.tag, ...entryArgs, ...request.command],
    ];
}
/** Starts a function with the functions framework on a free loopback port. */
async function serveFunction(request, ports) {
    const port = await ports.http.freePort();
    const env = { ...request.env, PORT: String(port) };
    const args = [request.framework, `--port=${port}`];
    const process = await ports.exec.start({ file: request.node, args, cwd: request.folder, env });
    return { url: `http://127.0.0.1:${port}`, port, ...describeProcess(process) };
}
function describeProcess(process) {
    return {
        readState: () => Promise.resolve({ exitCode: process.exitCode(), isOutOfMemory: false, listeners: undefined }),
        readLog: (lines) => Promise.resolve(process.logTail(lines)),
        stop: () => process.stop(),
    };
}

;// CONCATENATED MODULE: ./src/stages/verify/function-runtime.ts



/** The functions framework for projects that do not bring their own. */
const pinned = { name: '@cloudbase/functions-framework', version: '1.18.0' };
const cacheName = 'cloudbase-functions-framework';
/** Where the framework's command stands inside a folder that holds its package. */
const commandPath = (0,external_node_path_.join)('node_modules', '@cloudbase', 'functions-framework', 'bin', 'tcb-ff.js');
/** The Node.js of the platform's function mode (SDK cloudrun service, 5.6.5: BuildPacks LanguageVersion). */
const platformNode = '20.18';
/**
 * The command `tcb-ff` of the project, else the pinned one of the runner's tool cache, where it is installed once.
 * Undefined when it cannot be installed and `verify` is `auto`.
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
    if (request.verify === 'auto')
        return undefined;
    throw new errors/* ProjectError */.wB(`The functions framework cannot be installed: npm ended with exit code ${exitCode}.`, {
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
/** Lets the framework load the function without serving it; one that does not load is a ProjectError. */
async function loadFunction(request, ports) {
    const { node, framework, folder, env } = request;
    const command = { file: node, args: [framework, '--dry-run'], cwd: folder, env, timeoutMs: loadMs };
    const { exitCode, lines } = await ports.exec.capture(command);
    if (exitCode === 0)
        return;
    const why = exitCode === timedOut
        ? `does not load within ${loadMs / 1000} s`
        : `does not load (exit code ${exitCode})`;
    throw new errors/* ProjectError */.wB(`The function ${why}: "tcb-ff --dry-run" loads it as the platform does.`, {
        kind: exitCode === timedOut ? 'slow-start' : 'entry-not-found',
        exitCode,
        logTail: lines.slice(-20),
        advice: exitCode === timedOut
            ? 'Move what takes long out of the top level of the code, into the function.'
            : `${adviceFor['entry-not-found'] ?? ''} Run "npx tcb-ff --dry-run" in the source folder to see it load.`,
    });
}
/** The exit code of a program that was ended because it took too long (Command.timeoutMs). */
const timedOut = 124;

;// CONCATENATED MODULE: ./src/diagnosis/local.ts
/** Names the reason why a service did not come up on this machine. */
function diagnoseStart(evidence) {
    const { port, exitCode, listeners = [] } = evidence;
    if (evidence.isOutOfMemory)
        return { kind: 'out-of-memory', finding: 'was stopped because it ran out of memory' };
    if (exitCode !== undefined)
        return diagnoseExit(exitCode, evidence);
    const onPort = listeners.filter((listener) => listener.port === port);
    if (onPort.some((listener) => isLoopback(listener.address))) {
        return { kind: 'loopback-bind', finding: `listens on port ${port} of the loopback interface only` };
    }
    const other = listeners.find((listener) => !isLoopback(listener.address));
    if (other !== undefined)
        return { kind: 'wrong-port', finding: `listens on port ${other.port} instead of ${port}` };
    return { kind: 'slow-start', finding: `runs, but does not listen on port ${port}` };
}
function diagnoseExit(exitCode, { logTail, hasListened }) {
    const log = logTail.join('\n');
    if (/exec format error/i.test(log)) {
        return { kind: 'architecture', finding: 'was built for another processor architecture' };
    }
    const when = hasListened ? 'soon after it listened' : 'before it listened';
    return { kind: 'exit-on-start', finding: `ended with exit code ${exitCode} ${when}` };
}
/** True when only the same machine reaches the address. */
function isLoopback(address) {
    return address.startsWith('127.') || address === '::1';
}

;// CONCATENATED MODULE: ./src/stages/verify/probe.ts


const probe_pauseMs = 50;
/** A service that binds its own port to the loopback interface for so long will not bind it elsewhere. */
const loopbackMs = 10_000;
/** How long one request may take until the head of its answer is there. */
const requestMs = 10_000;
/** A service that ends so soon after its first answer does not keep running. */
const settleMs = 250;
/** Waits until the service listens, it ends, or the platform's window is over; then asks its paths. */
async function probe(served, request, ports) {
    const { clock } = ports;
    const waited = () => clock.now() - request.started;
    let bound;
    for (;;) {
        const state = await served.readState();
        if (state.exitCode === undefined && (await isListening(served, state, { request, ports })))
            break;
        bound = lookAtSockets(state, served.port) === 'loopback' ? (bound ?? clock.now()) : undefined;
        const isLate = clock.now() >= request.deadline;
        const isOnLoopback = bound !== undefined && clock.now() - bound >= loopbackMs;
        if (state.exitCode !== undefined || isLate || isOnLoopback)
            return fail(served, { state, timeMs: waited() });
        await clock.sleep(probe_pauseMs);
    }
    const timeToListenMs = waited();
    const answers = request.paths.length > 0 ? [] : [warned('no function names a path, so none was called')];
    for (const path of request.paths)
        answers.push(await askPath(served.url, path, ports));
    await clock.sleep(settleMs);
    const state = await served.readState();
    if (state.exitCode !== undefined)
        return fail(served, { state, timeMs: timeToListenMs, hasListened: true });
    return { checks: [...cameUp(served.port, timeToListenMs), ...answers], timeToListenMs };
}
/** Docker's own proxy accepts connections for a service that does not listen, so a connection alone says nothing. */
async function isListening({ url, port }, state, { request, ports }) {
    if (request.healthPath !== undefined) {
        return typeof (await ports.http.request('HEAD', `${url}${request.healthPath}`, requestMs)) === 'object';
    }
    const sockets = lookAtSockets(state, port);
    if (sockets !== 'unknown')
        return sockets === 'open';
    return (await ports.http.request('GET', `${url}/`, requestMs)) !== 'refused';
}
function lookAtSockets({ listeners }, port) {
    if (listeners === undefined)
        return 'unknown';
    const onPort = listeners.filter((listener) => listener.port === port);
    if (onPort.length === 0)
        return 'closed';
    return onPort.every(({ address }) => isLoopback(address)) ? 'loopback' : 'open';
}
function cameUp(port, timeToListenMs) {
    return [
        { name: 'starts', result: 'passed', detail: 'the process keeps running' },
        { name: 'listens', result: 'passed', detail: `on port ${port} after ${timeToListenMs} ms` },
    ];
}
async function askPath(url, path, { http }) {
    const answer = await http.request('GET', `${url}${path}`, requestMs);
    const request = `"GET ${path}"`;
    if (answer === 'refused')
        return warned(`${request} gets no HTTP answer`);
    if (answer === 'silent')
        return warned(`${request} gets no HTTP answer within ${requestMs / 1000} s`);
    if (answer.status >= 500)
        return warned(`${request} answers ${answer.status}`);
    return { name: 'answers', result: 'passed', detail: `${request} answers ${answer.status}` };
}
function warned(detail) {
    return { name: 'answers', result: 'warned', detail };
}
async function fail(served, { state, timeMs, hasListened = false }) {
    const logTail = await served.readLog(50);
    const diagnosis = diagnoseStart({ ...state, port: served.port, hasListened, logTail });
    const failure = { ...diagnosis, advice: adviceFor[diagnosis.kind] ?? '' };
    return { checks: [], timeToListenMs: timeMs, failure };
}

;// CONCATENATED MODULE: ./src/stages/verify/verify.ts







/** Runs what was built as the platform would, and asks it until it answers. Stops it again, whatever happens. */
async function verify(project, request, ports) {
    const { built } = request;
    if (built.kind === 'skipped')
        return { status: 'skipped', reason: built.reason };
    if (request.verify === 'false')
        return { status: 'skipped', reason: 'input "verify" is false' };
    noteMissingEnv(request, ports);
    const served = built.kind === 'image'
        ? await startImage(project, request, ports)
        : await startFunction(project, request, ports);
    if (served === undefined)
        return { status: 'skipped', reason: 'the functions framework cannot be installed here' };
    try {
        const started = ports.clock.now();
        const deadline = started + ((request.settings.InitialDelaySeconds ?? 0) + platformWindowSeconds) * 1000;
        const result = await probe(served, { ...pathsOf(project), started, deadline }, ports);
        if (result.failure !== undefined) {
            throw new errors/* ProjectError */.wB(`The service ${result.failure.finding}.`, {
                kind: result.failure.kind,
                advice: result.failure.advice,
                logTail: await served.readLog(20),
            });
        }
        return { status: 'passed', checks: result.checks, timeToListenMs: result.timeToListenMs };
    }
    finally {
        await served.stop();
    }
}
/** After InitialDelaySeconds the platform probes about 30 times, 5 s apart, before it gives up (vendor's guide). */
const platformWindowSeconds = 150;
/** The framework answers its health path itself; what the functions answer shows on their own paths. */
function pathsOf(project) {
    if (project.kind === 'container')
        return { healthPath: undefined, paths: ['/'] };
    return { healthPath: '/_healthz', paths: project.routes };
}
/** Env vars that the config spells out; secrets, live or of the step's environment, stay out of a CI run. */
function literalEnv(settings) {
    const entries = Object.entries(settings.EnvParams ?? {}).filter((entry) => entry[1] !== null);
    return Object.fromEntries(entries);
}
async function startImage(project, request, ports) {
    const { built, settings, live } = request;
    if (built.kind !== 'image')
        return undefined;
    const liveSettings = live?.service?.settings ?? {};
    const cpu = settings.Cpu ?? numberOf(liveSettings['Cpu']) ?? 0.5;
    return serveContainer({
        image: built,
        port: project.port,
        cpu,
        memory: settings.Mem ?? numberOf(liveSettings['Mem']) ?? cpu * 2,
        entryPoint: settings.EntryPoint ?? listOf(liveSettings['EntryPoint']),
        command: settings.Cmd ?? listOf(liveSettings['Cmd']),
        env: literalEnv(settings),
        stepLabel: request.stepLabel,
    }, ports.docker);
}
function numberOf(value) {
    return Number(value) > 0 ? Number(value) : undefined;
}
function listOf(value) {
    return Array.isArray(value) ? value.map(String) : [];
}
function noteMissingEnv({ envFrom, settings, live }, { log }) {
    const names = [...envFrom, ...Object.keys((0,merge/* parseLiveEnv */.dS)(live?.service?.settings ?? {}))];
    const missing = [...new Set(names)].filter((name) => name !== rules/* fingerprintName */.Sw && settings.EnvParams?.[name] === undefined);
    if (missing.length > 0)
        log.info(`Not set in this local run, only on the platform: ${missing.sort().join(', ')}.`);
}
async function startFunction(project, request, ports) {
    const { built } = request;
    if (built.kind !== 'function-copy' || project.kind !== 'function')
        return undefined;
    const framework = await findFramework(built.folder, request, ports);
    if (framework === undefined)
        return undefined;
    const node = await findNode(project.nodeVersion, ports);
    const env = literalEnv(request.settings);
    const folder = project.isInstalledByPlatform
        ? built.folder
        : await copyForRun(built.folder, request, ports);
    await loadFunction({ node, framework, folder, env }, ports);
    return serveFunction({ folder, node, framework, env }, ports);
}
/** A copy that is shipped with its dependencies stays untouched: what the local run writes must not be released. */
async function copyForRun(folder, request, { files }) {
    const copy = (0,external_node_path_.join)(request.tempFolder, 'run');
    await files.copyFolder(folder, copy);
    return copy;
}

// EXTERNAL MODULE: ./src/lint/finding.ts
var lint_finding = __webpack_require__(48472);
// EXTERNAL MODULE: ./src/lint/directive.ts
var directive = __webpack_require__(71064);
// EXTERNAL MODULE: ./src/lint/ignore.ts
var ignore = __webpack_require__(63343);
// EXTERNAL MODULE: ./src/lint/rules.ts + 51 modules
var lint_rules = __webpack_require__(350);
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
    return { ...directive, unknownIds: directive.ids.filter((id) => (0,ignore.checkRuleId)(id) !== undefined) };
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
var start = __webpack_require__(51629);
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
    let next = (0,start/* listStartScripts */.n)(source);
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

// EXTERNAL MODULE: ./node_modules/ignore/index.js
var node_modules_ignore = __webpack_require__(70298);
var ignore_default = /*#__PURE__*/__webpack_require__.n(node_modules_ignore);
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
        if (text !== undefined)
            texts.set(path, text);
    }));
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
    const found = await into.files.listFolder((0,external_node_path_.join)(root, folder));
    for (const { path: name, kind, size } of found) {
        const path = external_node_path_.posix.join(folder, name);
        into.entries.set(path, { kind, size });
        if (kind === 'folder' && name !== '.git' && name !== 'node_modules')
            await list(root, path, into);
    }
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
    const source = await readSource(request, ports.files);
    const dockerfile = parseDockerfile(source);
    const [tools, { scripts, faults }] = await Promise.all([
        runDockerfileTools({ root, folder: found.folder, dockerfile }, ports),
        followScripts(source, found.folder, ports.files),
    ]);
    const directives = listDirectives(source, dockerfile);
    const ours = check({ source, dockerfile, scripts, faults, directives });
    const { findings, ignored } = (0,ignore/* leaveOut */.o)([...ours, ...tools], directives, inputs.lintIgnore);
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
    for (let place = folder; !isOutside(root, place); place = (0,external_node_path_.join)(place, '..')) {
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
function isOutside(root, folder) {
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

// EXTERNAL MODULE: ./node_modules/@balena/dockerignore/ignore.js
var dockerignore_ignore = __webpack_require__(44158);
var dockerignore_ignore_default = /*#__PURE__*/__webpack_require__.n(dockerignore_ignore);
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
function findGaps(text, isNode) {
    const ignored = dockerignore_ignore_default()["default"]({ ignorecase: false }).add(text);
    const wanted = ['.git', '.env', ...(isNode ? ['node_modules'] : [])];
    return wanted.filter((name) => !ignored.ignores(name) && !ignored.ignores(`${name}/x`));
}
/** The files that the Dockerfile copies and a .dockerignore keeps from the build. */
function findHidden(text, copied) {
    const ignored = dockerignore_ignore_default()["default"]({ ignorecase: false }).add(text);
    return copied.filter((path) => ignored.ignores(path));
}

;// CONCATENATED MODULE: ./src/generation/source.ts


const skipped = /^(node_modules|\.git|\.venv|venv|__pycache__|\.next|\.nuxt|\.output|\.yarn|\.cache)$/;
const told = /^(package\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|\.npmrc|\.yarnrc\.yml|nest-cli\.json|next\.config\.[cm]?[jt]s|\.nvmrc|\.node-version|\.python-version|runtime\.txt|(requirements|constraints)[\w.-]*\.txt|pyproject\.toml|\.dockerignore)$/;
const largest = 5_000_000;
/** Reads what there is in a build folder. */
async function readSnapshot(folder, port, files) {
    const found = new Set();
    const texts = new Map();
    const walk = async (inside) => {
        for (const { path: name, kind, size } of await files.listFolder((0,external_node_path_.join)(folder, inside))) {
            const path = external_node_path_.posix.join(inside, name);
            if (kind === 'folder' && !skipped.test(name))
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
const sample = 'docs/dockerfiles.md has a Dockerfile to start from';
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
        source_refuse(`Yarn 2 and newer is understood as Yarn 4 with "nodeLinker: node-modules" and without credentials in .yarnrc.yml; ${sample}.`);
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
        source_refuse(`the script "${needed}" may need files that are not there while dependencies are installed; ${sample}.`);
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
    source_refuse(`the source is the root of several packages, for which no Dockerfile is generated; ${sample}, ` +
        'or set the input "source" to the folder of one service.');
}
function refuseDependencies({ dependencies, devDependencies }) {
    const all = Object.entries({ ...devDependencies, ...dependencies });
    const local = all.find(([, version]) => /^(file|link|portal|workspace):/.test(version));
    if (local !== undefined)
        source_refuse(`the dependency "${local[0]}" is a folder, which is not there while dependencies are installed; ${sample}.`);
    const git = all.find(([, version]) => /^(git|github:|gitlab:|bitbucket:)|^[\w-]+\/[\w.-]+(#|$)/.test(version));
    if (git !== undefined)
        source_refuse(`the dependency "${git[0]}" comes from a Git repository, and the slim image has no git; ${sample}.`);
    if (dependencies['@prisma/client'] !== undefined)
        source_refuse(`Prisma needs OpenSSL and a generated client in the image; ${sample}.`);
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
        source_refuse(`the Next.js config sets outputFileTracingRoot or distDir, which moves what is built; ${sample}.`);
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
        const text = firstLine(snapshot.texts.get(by) ?? '');
        const plain = codeNames[text.toLowerCase()] ?? text.replace(/^v/, '');
        return text === '' ? [] : [{ by, text, range: lineOf(plain, /^\d+/) }];
    });
    if (typeof engines === 'string' && engines.trim() !== '')
        asked.push({ by: '"engines" of package.json', text: engines, range: rangeOf(engines) });
    return choose(node, asked[0]);
}
/** The line of Python for a project: what .python-version, runtime.txt or `requires-python` asks for. */
function choosePython({ texts }) {
    const asked = ['.python-version', 'runtime.txt'].flatMap((by) => {
        const text = firstLine(texts.get(by) ?? '');
        return text === '' ? [] : [{ by, text, range: lineOf(text.replace(/^python-/, ''), /^\d+\.\d+/) }];
    });
    const required = /^requires-python\s*=\s*["']([^"']+)["']/m.exec(texts.get('pyproject.toml') ?? '')?.[1];
    if (required !== undefined)
        asked.push({ by: '"requires-python" of pyproject.toml', text: required, range: pepRange(required) });
    return choose(python, asked[0]);
}
function firstLine(text) {
    const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
    return lines.find((line) => line !== '') ?? '';
}
function lineOf(text, form) {
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
const optional = '\\w+\\s*(?::[^=,)\\n]+)?=[^,)=]*';
/** Finds the application: of Django by manage.py, else the one object of a framework in a module of a usual name. */
function findPythonApp(snapshot, hasAsgiOnly) {
    if (snapshot.files.has('manage.py'))
        return findDjango(snapshot, hasAsgiOnly);
    const found = candidates(snapshot).flatMap((path) => parseApp(path, snapshot.texts.get(path) ?? ''));
    const [first] = found;
    if (first !== undefined)
        return first;
    return source_refuse('no Python file of a usual name (main.py, app.py, wsgi.py, app/main.py) makes a Flask or FastAPI application at its ' +
        `top level, as in "app = Flask(__name__)", and there is no manage.py; ${sample}.`);
}
function findDjango({ files, texts }, hasAsgiOnly) {
    const settings = /DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']/.exec(texts.get('manage.py') ?? '')?.[1];
    const named = settings?.split('.')[0] ?? '';
    const kind = hasAsgiOnly ? 'asgi' : 'wsgi';
    const folders = [named, ...[...files].map((path) => external_node_path_.posix.dirname(path))].filter((folder) => folder !== '.');
    const folder = folders.find((each) => /^[A-Za-z_]\w*$/.test(each) && files.has(`${each}/${kind}.py`));
    if (folder === undefined)
        source_refuse(`manage.py is there, but no folder beside it holds ${kind}.py, which a server loads; ${sample}.`);
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
    const factory = new RegExp(`^def (create_app|make_app)\\(\\s*(?:${optional}(?:,\\s*${optional})*,?\\s*)?\\)`, 'm');
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
            source_refuse(`pyproject.toml takes packages from elsewhere than the index (tool.uv); ${sample}.`);
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
        source_refuse(`"${path}" is not beside the Dockerfile, or is no UTF-8 text; ${sample}.`);
    const lines = text.split('\n').map((line) => line.replace(/(^|\s)#.*/, '').trim());
    const foreign = lines.find((line) => /^(-e|--editable|\.|\/|file:)|(^|@\s*)git\+/.test(line));
    if (foreign === undefined)
        return lines;
    return source_refuse(`"${path}" names a package in a folder or a Git repository, which are not there while pip installs; ${sample}.`);
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
    if (ignoreText !== undefined)
        refuseHidden(ignoreText, draft);
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
    const gaps = findGaps(ignoreText ?? buildDockerignore(draft.ignored), snapshot.files.has('package.json'));
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
        source_refuse(`the source looks like both Node.js and Python, so no Dockerfile is generated; ${sample}.`);
    if (isNode)
        return draftNode(snapshot);
    if (isPython)
        return draftPython(snapshot);
    return source_refuse('the source holds neither package.json nor requirements.txt nor pyproject.toml, so its language is not known; ' +
        `${sample}.`);
}
function refuseLanguage(language) {
    const fault = `the source looks like ${language}, for which no Dockerfile is generated`;
    const isShown = sampleLanguages.includes(language);
    return source_refuse(`${fault}; ${isShown ? 'docs/dockerfiles.md has one to start from' : ownDockerfile}.`);
}
function refuseHidden(text, { copied }) {
    const [hidden] = findHidden(text, copied);
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
    const { requestedMode, live } = request;
    const liveType = live?.service?.serviceType;
    if (requestedMode !== 'auto') {
        if (liveType !== undefined && liveType !== typeOf(requestedMode))
            refuseOtherMode(request, liveType);
        return { mode: requestedMode, reason: 'the input asks for it' };
    }
    if (liveType !== undefined)
        return { mode: liveType, reason: 'the live service runs in it' };
    return detectMode(request, files);
}
function typeOf(mode) {
    return mode === 'container' ? 'container' : 'function';
}
function refuseOtherMode({ requestedMode, live }, liveType) {
    const name = live?.target.serviceName ?? '';
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
    };
}
/** The port of a container service for which nobody names one (manager-node, deploy). */
const platformPort = 80;
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
async function readContainer(request, { isNamed, ...location }, ports) {
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
    const port = given ?? (isPortOptional ? platformPort : parseExposedPort(dockerfileText, dockerfile));
    return { ...location, dockerfileText, port };
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
    const found = await listFiles(request.folder, [functionsFile, ...(0,entry/* entryCandidates */.rD)(main)], files);
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
async function listFiles(folder, paths, files) {
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
 * function's `triggerPath` (functions framework 1.18.0, functions-config.js and router.js). A function without a path
 * cannot be called.
 */
async function readRoutes(folder, files) {
    const text = (await files.readText((0,external_node_path_.join)(folder, functions_file/* functionsFileName */.vI))) ?? '';
    const { list, faults } = (0,functions_file/* parseFunctionsFile */.ZX)(text);
    const missing = list === undefined ? [] : await findMissingFolders(folder, list, files);
    if (list === undefined || faults.length + missing.length > 0)
        functions_file_refuse([...missing, ...faults]);
    return [...new Set(list.routes.map(({ path }) => path))];
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
    return {
        port: rules/* functionPort */.kU,
        entry,
        routes: entry === functionsFile ? await readRoutes(folder, files) : ['/'],
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

;// CONCATENATED MODULE: ./src/stages/project/secrets.ts

const secrets_sample = /\.(example|sample|template|dist)$/;
const neverPublic = /^(\.env(\..+)?|\.envrc(\..+)?|\.git-credentials|[._]netrc)$|\.(p12|pfx)$/;
const maybeKey = /\.(pem|key)$|^id_(rsa|dsa|ecdsa|ed25519)$/;
const literalLogin = /^[^#;\n]*\b_(authToken|password)[ \t]*=[ \t]*(?!["']?\$\{)\S/m;
/** Larger JSON files are data; keys of service accounts take a few KiB. */
const jsonLimit = 64 * 1024;
/** Tells whether a file that would be uploaded holds a secret, by its name (in any case), or by what stands in it. */
async function isSecret(folder, entry, files) {
    const name = external_node_path_.posix.basename(entry.path).toLowerCase();
    if (secrets_sample.test(name))
        return false;
    if (neverPublic.test(name))
        return true;
    const sign = signOf(name, entry);
    return sign !== undefined && sign.test((await files.readText((0,external_node_path_.join)(folder, entry.path))) ?? '');
}
/** What makes a file of this name a secret. */
function signOf(name, { path, size }) {
    if (name === '.npmrc')
        return literalLogin;
    const isOwnJson = name.endsWith('.json') && size <= jsonLimit && !path.split('/').includes('node_modules');
    return isOwnJson || maybeKey.test(name) ? /PRIVATE KEY-----/ : undefined;
}

;// CONCATENATED MODULE: ./src/stages/project/selection.ts





/** Selects what a container build sees: the build folder by the rules of its .dockerignore, and the Dockerfile. */
async function selectContainerFiles(folder, facts, files) {
    const context = (0,external_node_path_.join)(folder, facts.buildFolder);
    const rules = await files.readText((0,external_node_path_.join)(context, '.dockerignore'));
    const matcher = parseDockerignore(rules ?? '');
    const always = new Set([facts.dockerfile, '.dockerignore']);
    const isWanted = (path) => always.has(path) || !matcher.ignores(path);
    const isEntered = (path) => rules?.includes('!') === true || isWanted(path) || facts.dockerfile.startsWith(`${path}/`);
    const found = await walk({ root: context, isWanted, isEntered }, '', files);
    const inSource = found.map((entry) => ({ ...entry, path: external_node_path_.posix.join(facts.buildFolder, entry.path) }));
    return settle(folder, inSource, files);
}
/** Docker refuses a pattern that is none as soon as it meets a file; so does the matcher, which then names no line. */
function parseDockerignore(text) {
    const parse = (rules) => dockerignore_ignore_default()["default"]({ ignorecase: false }).add(rules);
    const isPattern = (line) => {
        try {
            parse(line).ignores('a');
            return true;
        }
        catch {
            return false;
        }
    };
    const wrong = text.split(/\r?\n/).findIndex((line) => !isPattern(line));
    if (wrong >= 0)
        selection_refuse(`line ${wrong + 1} of .dockerignore is no pattern. Correct or remove it.`);
    return parse(text);
}
/** Selects the files of a function: all but installed dependencies, logs of the framework and what .cloudbaseignore names. */
async function selectFunctionFiles(folder, facts, files) {
    const rules = ignore_default()().add((await files.readText((0,external_node_path_.join)(folder, '.cloudbaseignore'))) ?? '');
    if (facts.isInstalledByPlatform)
        rules.add('node_modules/');
    rules.add('/logs/');
    const isWanted = (path) => path === facts.entry || !rules.ignores(path);
    const isEntered = (path) => !rules.ignores(`${path}/`) || facts.entry.startsWith(`${path}/`);
    return settle(folder, await walk({ root: folder, isWanted, isEntered }, '', files), files);
}
async function walk(how, folder, files) {
    const entries = await files.listFolder((0,external_node_path_.join)(how.root, folder));
    const found = [];
    for (const entry of entries) {
        const path = external_node_path_.posix.join(folder, entry.path);
        // Reports of this step or of one before it are no part of the service.
        if (entry.path === '.git' || entry.path.endsWith('.sarif'))
            continue;
        if (entry.kind !== 'folder') {
            if (how.isWanted(path))
                found.push({ ...entry, path });
        }
        else if (how.isEntered(path)) {
            found.push(...(await walk(how, path, files)));
        }
    }
    return found;
}
async function settle(folder, selected, files) {
    const inOrder = [...selected].sort((left, right) => (left.path < right.path ? -1 : 1));
    if (inOrder.length === 0)
        selection_refuse(`the source folder holds no file to deploy.`);
    for (const entry of inOrder) {
        if (entry.kind === 'other')
            selection_refuse(`"${entry.path}" is neither a file nor a folder nor a link. Remove it.`);
        if (entry.kind === 'link')
            await refuseLeavingLink(folder, entry.path, files);
        if (await isSecret(folder, entry, files)) {
            selection_refuse(`"${entry.path}" looks like a secret and would be uploaded. ` +
                'Remove it from the checkout, or exclude it in .dockerignore (container mode) or .cloudbaseignore (function mode); ' +
                'hand secrets to the service through EnvParams.');
        }
    }
    return inOrder;
}
async function refuseLeavingLink(folder, path, files) {
    const target = (0,external_node_path_.resolve)(folder, external_node_path_.posix.dirname(path), await files.readLink((0,external_node_path_.join)(folder, path)));
    if ((0,external_node_path_.relative)(folder, target).startsWith('..'))
        selection_refuse(`"${path}" is a link that leaves the source folder. Replace it by a file.`);
}
function selection_refuse(message) {
    throw new errors/* InputError */.dz([{ subject: 'source', message }]);
}

;// CONCATENATED MODULE: ./src/stages/project/project.ts







/** Settles the mode, finds Dockerfile or entry and the port, and selects the files that belong. */
async function readProject(request, ports) {
    const { mode, reason } = await settleMode(request, ports.files);
    ports.log.info(`Mode "${mode}": ${reason}.`);
    const { folder } = request;
    const location = mode === 'container' ? await locateDockerfile(request, ports.files) : undefined;
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
    const { folder } = request;
    if (location !== undefined) {
        const { port, ...facts } = await readContainer(request, location, ports);
        const files = await selectContainerFiles(folder, facts, ports.files);
        const fingerprint = await readFingerprint(request, files, ports.files);
        return { kind: 'container', mode, folder, port, files, fingerprint, ...facts };
    }
    const { port, ...facts } = await readFunction(request, ports);
    const files = await selectFunctionFiles(folder, facts, ports.files);
    const fingerprint = await readFingerprint(request, files, ports.files);
    return { kind: 'function', mode, folder, port, files, fingerprint, ...facts };
}
/** A service that keeps the fingerprint of its source gets the new one with each release, lest the old one deceive. */
async function readFingerprint({ isFingerprinted, live, folder }, selected, files) {
    const isKept = live?.service !== undefined && rules/* fingerprintName */.Sw in (0,merge/* parseLiveEnv */.dS)(live.service.settings);
    return isFingerprinted === true || isKept ? files.digest(folder, selected) : undefined;
}

;// CONCATENATED MODULE: ./src/commands/prepare.ts





/** Does what deploy and plan share: everything that writes nothing, up to the plan. */
async function prepare(run, settled, { context, ports }) {
    const { inputs, config, envFrom } = settled;
    const live = await run.stage('look', () => look(inputs.target, ports.cloudRun));
    if (inputs.command === 'deploy')
        refuseUnderWay(live);
    const project = requireProject(await lintProject(run, { settled, live }, { context, ports }));
    const { envStrategy } = inputs;
    const plan = await run.stage('compare', () => (0,compare/* compare */.U)({ config, envFrom, envStrategy, live, project }));
    return { live, project, plan };
}
/** Reads and lints the source; findings that fail the run come before anything else that stands in its way. */
async function lintProject(run, { settled, live }, { context, ports }) {
    const { inputs, config, sourceFolder, repository } = settled;
    const request = {
        folder: sourceFolder,
        requestedMode: inputs.mode,
        config,
        live,
        isFingerprinted: inputs.command !== 'lint' && inputs.skipUnchanged,
        isPortOptional: inputs.command === 'lint',
        generatesDockerfile: inputs.generatesDockerfile,
    };
    const found = await run.stage('project', () => readProject(request, ports));
    const { actionUrl } = context;
    const report = await run.stage('lint', () => lint({ found, config, live, inputs, repository, actionUrl, isAlone: inputs.command === 'lint' }, ports));
    if (report.isFailed)
        throw (0,lint_finding/* lintFailure */.Qy)(report.findings);
    return found;
}

;// CONCATENATED MODULE: ./src/commands/deploy.ts








/** Takes a backend from the checkout to a version that serves. */
async function deploy(run, settled, around) {
    const { inputs, config } = settled;
    const { context, installEnv, ports } = around;
    const { stepLabel, tempFolder } = context;
    const { live, project, plan } = await prepare(run, settled, around);
    const { service, target } = live;
    const isLive = !(0,compare/* isChanging */.K)(plan);
    if (service !== undefined && inputs.skipUnchanged && !inputs.redeploy && isLive) {
        await run.stage('online', () => describeLive({ target, service, previousVersion: '' }, ports));
        return run.end('unchanged');
    }
    const local = { verify: inputs.verify, stepLabel, tempFolder, installEnv };
    const built = await run.stage('build', () => build(project, local, ports));
    const verification = await run.stage('verify', () => verify(project, { ...local, built, settings: config.settings, envFrom: inputs.envFrom, live }, ports));
    const artifact = await run.stage('package', () => packageSource(project, { built, tempFolder }, ports));
    const remark = context.runUrl;
    const released = await run.stage('release', () => release({ project, live, plan, verification, artifact, remark }, ports));
    await run.stage('follow', () => follow(released, ports));
    return run.end('live');
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

;// CONCATENATED MODULE: ./src/commands/plan.ts



/** Shows what deploy would change, and with `verify: true` whether the service comes up; writes nothing to the cloud. */
async function plan(run, settled, around) {
    const { inputs, config } = settled;
    const { context, installEnv, ports } = around;
    const { live, project } = await prepare(run, settled, around);
    if (inputs.verify === 'true') {
        const { stepLabel, tempFolder } = context;
        const local = { verify: inputs.verify, stepLabel, tempFolder, installEnv };
        const built = await run.stage('build', () => build(project, local, ports));
        await run.stage('verify', () => verify(project, { ...local, built, settings: config.settings, envFrom: inputs.envFrom, live }, ports));
    }
    return run.end('planned');
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
    const around = { ...place, ports: place.connect(inputs.cloud) };
    if (inputs.command === 'update-config')
        return updateConfig(run, { ...settled, inputs }, around);
    return inputs.command === 'plan'
        ? plan(run, { ...settled, inputs }, around)
        : deploy(run, { ...settled, inputs }, around);
}


/***/ })

};
