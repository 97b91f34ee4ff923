export const id = 300;
export const ids = [300];
export const modules = {

/***/ 96300:
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
var finding = __webpack_require__(48472);
// EXTERNAL MODULE: ./node_modules/dockerfile-utils/lib/main.js
var main = __webpack_require__(10285);
;// CONCATENATED MODULE: ./src/lint/dockerfile.ts

const severities = { 1: 'error', 2: 'warning', 3: 'info', 4: 'info' };
/** Checks the syntax and the general rules of a Dockerfile; `file` is the name that findings carry. */
function lintDockerfile(text, file) {
    const settings = { emptyContinuationLine: main.ValidationSeverity.WARNING };
    return (0,main.validate)(text, settings).map(({ severity, code, message, range }) => ({
        severity: severities[severity ?? 1] ?? 'error',
        rule: typeof code === 'number' ? (main.ValidationCode[code] ?? String(code)) : 'dockerfile',
        message: `${typeof message === 'string' ? message : message.value}.`.replace(/\.\.$/, '.'),
        at: {
            file,
            line: range.start.line + 1,
            column: range.start.character + 1,
            endLine: range.end.line + 1,
            endColumn: range.end.character + 1,
        },
    }));
}

// EXTERNAL MODULE: ./node_modules/acorn/dist/acorn.mjs
var acorn = __webpack_require__(54559);
;// CONCATENATED MODULE: ./src/lint/function.ts

/** Parses the entry of a function, if it is JavaScript; `file` is the name that the finding carries. */
function lintEntry(text, file) {
    if (!/\.[cm]?js$/.test(file))
        return [];
    const faults = ['module', 'script'].map((sourceType) => syntaxFault(text, sourceType));
    const [asModule, asScript] = faults;
    const fault = file.endsWith('.mjs') ? asModule : (asScript ?? undefined);
    if (fault === undefined || (asModule === undefined && !file.endsWith('.cjs')))
        return [];
    return [
        {
            severity: 'error',
            rule: 'syntax',
            message: `The entry does not parse: ${fault.message}.`,
            at: { file, line: fault.line, column: fault.column + 1 },
        },
    ];
}
function syntaxFault(text, sourceType) {
    try {
        (0,acorn/* parse */.qg)(text, {
            ecmaVersion: 'latest',
            sourceType,
            allowHashBang: true,
            allowReturnOutsideFunction: sourceType === 'script',
        });
        return undefined;
    }
    catch (error) {
        if (!(error instanceof SyntaxError) || !('loc' in error))
            throw error;
        const { line, column } = error.loc;
        return { message: error.message.replace(/ \(\d+:\d+\)$/, ''), line, column };
    }
}

;// CONCATENATED MODULE: ./src/stages/lint.ts




/** Lints the Dockerfile or the entry; findings carry paths relative to the workspace. */
async function lint(project, request, files) {
    if (request.level === 'off')
        return { findings: [], isFailed: false, skipped: 'input "lint" is off' };
    const findings = await find(project, request.workspace, files);
    const { error, warning } = (0,finding/* countFindings */.G)(findings);
    return { findings, isFailed: error > 0 || (request.level === 'warning' && warning > 0) };
}
async function find(project, workspace, files) {
    const nameOf = (...parts) => (0,external_node_path_.relative)(workspace, (0,external_node_path_.join)(project.folder, ...parts)).replaceAll('\\', '/');
    if (project.kind === 'container') {
        return lintDockerfile(project.dockerfileText, nameOf(project.buildFolder, project.dockerfile));
    }
    const text = await files.readText((0,external_node_path_.join)(project.folder, project.entry));
    return text === undefined ? [] : lintEntry(text, nameOf(project.entry));
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

// EXTERNAL MODULE: ./node_modules/dockerfile-ast/lib/main.js
var lib_main = __webpack_require__(78390);
;// CONCATENATED MODULE: ./src/stages/project/expose.ts


/**
 * The single TCP port that the final stage of a Dockerfile exposes, itself or by a stage that it is built from;
 * variables are resolved as far as ARG and ENV of the stage tell. Anything else is an InputError.
 */
function parseExposedPort(dockerfileText, name) {
    const exposed = listExposed(lib_main.DockerfileParser.parse(dockerfileText));
    const places = exposed.flatMap((instruction) => {
        const line = instruction.getRange().start.line + 1;
        return instruction.getExpandedArguments().map((argument) => ({ line, value: argument.getValue() }));
    });
    const unresolved = places.filter(({ value }) => value.includes('$')).map(({ value }) => value);
    if (unresolved.length > 0)
        refuse(name, `names a variable whose value is not known here (${unresolved.join(', ')})`);
    const ports = [...new Set(places.flatMap((place) => parsePort(place, name)))];
    const [port = ''] = ports;
    if (port === '')
        refuse(name, 'names no port');
    if (ports.length > 1 || port.includes('-'))
        refuse(name, `names several ports (${ports.join(', ')})`);
    return Number(port);
}
/** EXPOSE of the final stage, and of the earlier stages below it. */
function listExposed(dockerfile) {
    const stages = new Map();
    let current = [];
    for (const instruction of dockerfile.getInstructions()) {
        if (instruction instanceof lib_main.From) {
            const base = instruction.getExpandedArguments()[0]?.getValue().toLowerCase() ?? '';
            current = [...(stages.get(base) ?? [])];
            stages.set(instruction.getBuildStage()?.toLowerCase() ?? '', current);
        }
        else if (instruction.getKeyword() === 'EXPOSE')
            current.push(instruction);
    }
    return current;
}
/** A port, or a range as it is written; nothing for another protocol than TCP and for what is no port at all. */
function parsePort({ line, value }, name) {
    const [, first, last = first, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(value) ?? [];
    if (first === undefined)
        return [];
    const [from, to] = [Number(first), Number(last)];
    if (from < 1 || to < from || to > 65_535) {
        throw new errors/* InputError */.dz([
            {
                subject: 'source',
                message: `EXPOSE in line ${line} of "${name}" must name a port from 1 to 65535, not "${value}".`,
            },
        ]);
    }
    if (protocol.toLowerCase() !== 'tcp')
        return [];
    return [from === to ? String(from) : `${from}-${to}`];
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
async function detectMode({ folder, config }, files) {
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
    return { mode: 'function', reason: 'the source holds no Dockerfile' };
}
/** The name of the Dockerfile in a folder, in whatever case it is written. */
async function findDockerfile(folder, files) {
    if ((await files.kindOf(folder)) !== 'folder')
        return undefined;
    const names = (await files.listFolder(folder))
        .filter((entry) => entry.kind === 'file')
        .map((entry) => entry.path);
    return (names.find((name) => name === 'Dockerfile') ?? names.find((name) => name.toLowerCase() === 'dockerfile'));
}

;// CONCATENATED MODULE: ./src/stages/project/container.ts





/**
 * Finds the Dockerfile (the config's, else the live service's, else what is found) and the port: the config's, else
 * the live service's, else the single EXPOSE.
 */
async function readContainer(request, ports) {
    const { folder, config } = request;
    const { settings } = config;
    const buildFolder = settings.BuildDir ?? liveText(request, 'BuildDir') ?? '.';
    const context = (0,external_node_path_.resolve)(folder, buildFolder);
    refuseOutside(request, 'BuildDir', { folder, value: buildFolder });
    const named = settings.Dockerfile ?? liveText(request, 'Dockerfile');
    const dockerfile = named ?? (await findDockerfile(context, ports.files)) ?? 'Dockerfile';
    refuseOutside(request, 'Dockerfile', { folder: context, value: dockerfile });
    const dockerfileText = await ports.files.readText((0,external_node_path_.join)(context, dockerfile));
    if (dockerfileText === undefined)
        refuseMissing(request, external_node_path_.posix.join(buildFolder, dockerfile));
    if (named === undefined && dockerfile !== 'Dockerfile') {
        ports.log.warning(`The Dockerfile is called "${dockerfile}": rename it to "Dockerfile", the name that tools expect.`);
    }
    const port = settings.Port ?? livePort(request) ?? parseExposedPort(dockerfileText, dockerfile);
    return { dockerfile, buildFolder: external_node_path_.posix.normalize(buildFolder), dockerfileText, port };
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
function livePort({ live }) {
    const port = Number(live?.service?.settings['Port'] ?? 0);
    return port > 0 ? port : undefined;
}

;// CONCATENATED MODULE: ./src/stages/project/entry.ts



/** What Node.js 20 loads as a module with exports; a file without extension is CommonJS. */
const loadable = ['', '.js', '.cjs', '.mjs'];
const typeScript = ['.ts', '.mts', '.cts', '.tsx'];
/**
 * The file that the functions framework loads: the list of several functions, else what `require.resolve` of the
 * folder finds. One that is missing, or that Node.js cannot load, is an InputError.
 */
async function findEntry(request, manifest, files) {
    const isFile = async (path) => (await files.kindOf((0,external_node_path_.join)(request.folder, path))) === 'file';
    if (await isFile(functionsFile))
        return functionsFile;
    const main = parseMain(manifest);
    const found = await firstFile([...(main === undefined ? [] : stems(main, '.js', '.json')), 'index.js'], isFile);
    if (found !== undefined && loadable.includes((0,external_node_path_.extname)(found)))
        return found;
    const source = found ?? (await firstFile([...stems(main ?? '.', '.ts'), 'index.ts'], isFile));
    if (source !== undefined)
        refuseUnloadable(source);
    return entry_refuseMissing(request, main);
}
function parseMain({ main }) {
    if (typeof main !== 'string' || main === '')
        return undefined;
    const path = external_node_path_.posix.normalize(main);
    if (path === '..' || path.startsWith('../') || path.startsWith('/'))
        entry_refuse(`function mode needs an entry inside the source, and the "main" of package.json is "${main}".`);
    return path;
}
/** The files that a module's name stands for, in the order in which Node.js tries them. */
function stems(name, ...extensions) {
    return [
        name,
        ...extensions.map((extension) => `${name}${extension}`),
        ...extensions.map((extension) => (0,external_node_path_.join)(name, `index${extension}`)),
    ];
}
async function firstFile(paths, isFile) {
    for (const path of paths) {
        if (await isFile(path))
            return path;
    }
    return undefined;
}
function refuseUnloadable(path) {
    const fault = typeScript.includes((0,external_node_path_.extname)(path))
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

;// CONCATENATED MODULE: ./src/stages/project/functions-file.ts



const functions_file_form = 'Write it as {"functionsRoot": "./", "functions": [{"name": "hello", "directory": "hello", "triggerPath": "/hello"}]}.';
/**
 * Checks the file that lists several functions, and reads the paths by which they are called: `routes`, then each
 * function's `triggerPath` (functions framework 1.18.0, functions-config.js and router.js). A function without a path
 * cannot be called.
 */
async function readRoutes(folder, files) {
    const listed = parseFunctionsFile(await files.readText((0,external_node_path_.join)(folder, functionsFile)));
    const routes = listRoutes(listed);
    const faults = [...(await checkFolders(folder, listed, files)), ...checkRoutes(listed, routes)];
    if (faults.length > 0)
        functions_file_refuse(faults);
    return [...new Set(routes.map(({ path }) => path))];
}
function parseFunctionsFile(text = '') {
    const value = parseJson(text);
    if (!isRecord(value))
        functions_file_refuse([`is not a JSON object. ${functions_file_form}`]);
    const { functions, functionsRoot, routes } = value;
    if (!Array.isArray(functions) || functions.length === 0)
        functions_file_refuse([`has no list "functions". ${functions_file_form}`]);
    if (!functions.every(isFunction))
        functions_file_refuse([`has a function without "name" or "directory". ${functions_file_form}`]);
    if (typeof functionsRoot !== 'string')
        functions_file_refuse([`has no text "functionsRoot". ${functions_file_form}`]);
    return { functionsRoot, functions, routes: Array.isArray(routes) ? routes.filter(isRoute) : [] };
}
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function isRecord(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function isFunction(value) {
    return isRecord(value) && typeof value['name'] === 'string' && typeof value['directory'] === 'string';
}
function isRoute(value) {
    return isRecord(value) && typeof value['functionName'] === 'string' && typeof value['path'] === 'string';
}
function listRoutes({ functions, routes }) {
    const triggers = functions.flatMap(({ name, triggerPath }) => typeof triggerPath === 'string' && triggerPath !== '' ? [{ functionName: name, path: triggerPath }] : []);
    return [...routes, ...triggers];
}
async function checkFolders(folder, listed, files) {
    const root = external_node_path_.posix.normalize(listed.functionsRoot);
    if (!(await isFolder(folder, root, files)))
        return [`has the "functionsRoot" "${listed.functionsRoot}", and there is no such folder in the source.`];
    const faults = [];
    for (const { name, directory } of listed.functions) {
        const path = external_node_path_.posix.join(root, directory);
        if (await isFolder(folder, path, files))
            continue;
        faults.push(`has the function "${name}" in the directory "${directory}", and there is no folder "${path}" in the source.`);
    }
    return faults;
}
async function isFolder(folder, path, files) {
    const absolute = (0,external_node_path_.join)(folder, path);
    if ((0,external_node_path_.relative)(folder, absolute).startsWith('..'))
        return false;
    return (await files.kindOf(absolute)) === 'folder';
}
function checkRoutes({ functions }, routes) {
    const names = functions.map(({ name }) => name);
    return routes.flatMap(({ path, functionName }) => {
        if (!path.startsWith('/'))
            return [`has the route "${path}", which must begin with "/".`];
        if (names.includes(functionName))
            return [];
        return [`has the route "${path}" to the function "${functionName}", which is not in "functions".`];
    });
}
function functions_file_refuse(faults) {
    throw new errors/* InputError */.dz(faults.map((fault) => ({ subject: 'source', message: `${functionsFile} ${fault}` })));
}

;// CONCATENATED MODULE: ./src/stages/project/function.ts






const lockfiles = [
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
    const entry = await findEntry(request, manifest, files);
    return {
        port: rules/* functionPort */.kU,
        entry,
        routes: entry === functionsFile ? await readRoutes(folder, files) : ['/'],
        packageManager: lock?.[1] ?? 'npm',
        lockfile: lock?.[0],
        hasDependencies: Object.keys(manifest.dependencies ?? {}).length > 0,
        isInstalledByPlatform: config.settings.InstallDependency ?? true,
        nodeVersion: await readNodeVersion(folder, ports),
    };
}
async function readManifest(folder, files) {
    const text = await files.readText((0,external_node_path_.join)(folder, 'package.json'));
    if (text === undefined)
        return {};
    try {
        const value = JSON.parse(text);
        if (typeof value === 'object' && value !== null && !Array.isArray(value))
            return value;
    }
    catch {
        // Said below, with the same advice as for a list or a bare value.
    }
    throw new errors/* InputError */.dz([
        {
            subject: 'source',
            message: 'package.json is not a JSON object. Correct it: function mode reads its "main".',
        },
    ]);
}
async function findLockfile(folder, files) {
    for (const [name, manager] of lockfiles) {
        const path = (0,external_node_path_.join)(folder, name);
        if ((await files.kindOf(path)) !== 'file')
            continue;
        const isBerry = manager === 'yarn' && /^__metadata:/m.test((await files.readText(path)) ?? '');
        return [name, isBerry ? 'yarn-berry' : manager];
    }
    return undefined;
}
async function readNodeVersion(folder, { files, log }) {
    for (const name of ['.node-version', '.nvmrc']) {
        const lines = ((await files.readText((0,external_node_path_.join)(folder, name))) ?? '').split('\n');
        const asked = lines.map((line) => line.replace(/#.*/, '').trim()).find((line) => line !== '');
        if (asked === undefined)
            continue;
        const version = /^v?(\d+(?:\.\d+){0,2})(?:\.x)?$/.exec(asked)?.[1];
        if (version !== undefined)
            return version;
        log.notice(`${name} asks for "${asked}", which is no version number such as "20.18.1", so it is not followed.`);
    }
    return undefined;
}

// EXTERNAL MODULE: ./node_modules/@balena/dockerignore/ignore.js
var ignore = __webpack_require__(44158);
var ignore_default = /*#__PURE__*/__webpack_require__.n(ignore);
// EXTERNAL MODULE: ./node_modules/ignore/index.js
var node_modules_ignore = __webpack_require__(70298);
var node_modules_ignore_default = /*#__PURE__*/__webpack_require__.n(node_modules_ignore);
;// CONCATENATED MODULE: ./src/stages/project/secrets.ts

const sample = /\.(example|sample|template|dist)$/;
const neverPublic = /^(\.env(\..+)?|\.envrc(\..+)?|\.git-credentials|[._]netrc)$|\.(p12|pfx)$/;
const maybeKey = /\.(pem|key)$|^id_(rsa|dsa|ecdsa|ed25519)$/;
const literalLogin = /^[^#;\n]*\b_(authToken|password)[ \t]*=[ \t]*(?!["']?\$\{)\S/m;
/** Larger JSON files are data; keys of service accounts take a few KiB. */
const jsonLimit = 64 * 1024;
/** Tells whether a file that would be uploaded holds a secret, by its name (in any case), or by what stands in it. */
async function isSecret(folder, entry, files) {
    const name = external_node_path_.posix.basename(entry.path).toLowerCase();
    if (sample.test(name))
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
    const matcher = ignore_default()["default"]({ ignorecase: false }).add(rules ?? '');
    const always = new Set([facts.dockerfile, '.dockerignore']);
    const isWanted = (path) => always.has(path) || !matcher.ignores(path);
    const isEntered = (path) => rules?.includes('!') === true || isWanted(path) || facts.dockerfile.startsWith(`${path}/`);
    const found = await walk({ root: context, isWanted, isEntered }, '', files);
    const inSource = found.map((entry) => ({ ...entry, path: external_node_path_.posix.join(facts.buildFolder, entry.path) }));
    return settle(folder, inSource, files);
}
/** Selects the files of a function: all but installed dependencies, logs of the framework and what .cloudbaseignore names. */
async function selectFunctionFiles(folder, facts, files) {
    const rules = node_modules_ignore_default()().add((await files.readText((0,external_node_path_.join)(folder, '.cloudbaseignore'))) ?? '');
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
        if (entry.path === '.git')
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
    if (mode === 'container') {
        const { port, ...facts } = await readContainer(request, ports);
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
    const { inputs, config, envFrom, sourceFolder } = settled;
    const live = await run.stage('look', () => look(inputs.target, ports.cloudRun));
    if (inputs.command === 'deploy')
        refuseUnderWay(live);
    const request = {
        folder: sourceFolder,
        requestedMode: inputs.mode,
        config,
        live,
        isFingerprinted: inputs.skipUnchanged,
    };
    const project = await run.stage('project', () => readProject(request, ports));
    const { workspace } = context;
    const report = await run.stage('lint', () => lint(project, { level: inputs.lint, workspace }, ports.files));
    if (report.isFailed)
        throw (0,finding/* lintFailure */.Q)(report.findings);
    const { envStrategy } = inputs;
    const plan = await run.stage('compare', () => (0,compare/* compare */.U)({ config, envFrom, envStrategy, live, project }));
    return { live, project, plan };
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
function runCommand(run, settled, around) {
    const { inputs } = settled;
    if (inputs.command === 'update-config')
        return updateConfig(run, { ...settled, inputs }, around);
    return inputs.command === 'plan'
        ? plan(run, { ...settled, inputs }, around)
        : deploy(run, { ...settled, inputs }, around);
}


/***/ })

};
