import { checkForeground } from './foreground.ts';
import { isDistroless, isOfficial, readBaseImage } from './base.ts';
import { readLaunch, readStart, type Command, type Launch, type Script, type Start } from './launch.ts';
import { nodeExample, pythonExample, uvicornExample } from './example.ts';
import { nameOf, stripRunners } from './program.ts';
import { placeOf, type DockerfileSubject } from './tree.ts';
import { isCutOff, placeOfText } from './located-text.ts';
import type { Hit, Rule } from '../rule.ts';

const fine = nodeExample(['USER node', 'EXPOSE 8080', 'CMD ["node", "server.js"]'], 8080);
const bad = (command: string): ReturnType<typeof nodeExample> =>
  nodeExample(['USER node', 'EXPOSE 8080', command], 8080);

/** The rules about CMD and ENTRYPOINT: what the container starts, and whether SIGTERM arrives there. */
export const startRules: readonly Rule<DockerfileSubject>[] = [
  {
    id: 'CBR002',
    severity: 'error',
    title: 'No command that starts the service',
    why: 'CloudBase Run starts the image as it is, and waits until its port answers; an image that starts a shell or nothing never gets ready.',
    fix: 'End the Dockerfile with the command that starts the service, such as CMD ["node", "server.js"].',
    bad: nodeExample(['USER node', 'EXPOSE 8080'], 8080),
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
    bad: nodeExample(['USER node', 'EXPOSE 8080', 'ENTRYPOINT exec node', 'CMD ["server.js"]'], 8080),
    good: nodeExample(['USER node', 'EXPOSE 8080', 'ENTRYPOINT ["node"]', 'CMD ["server.js"]'], 8080),
    check: checkIgnoredCommand,
  },
  {
    id: 'CBR007',
    severity: 'warning',
    title: 'Variable in the JSON form of a command',
    why: 'No shell runs the JSON form, so that $PORT is not replaced by the port that CloudBase Run sets.',
    fix: 'Let a shell replace it, such as CMD ["sh", "-c", "exec uvicorn main:app --host 0.0.0.0 --port $PORT"].',
    bad: pythonExample('CMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "$PORT"]'),
    good: uvicornExample(' --host 0.0.0.0 --port $PORT'),
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
const idleImages = new Set(
  (
    'scratch alpine debian ubuntu busybox node python golang rust openjdk eclipse-temurin amazoncorretto maven ' +
    'gradle ruby almalinux rockylinux fedora amazonlinux oraclelinux buildpack-deps gcc sapmachine erlang ' +
    'elixir haskell perl swift dart'
  ).split(' '),
);

function checkCommand(subject: DockerfileSubject): Hit[] {
  const { finalStages, finalInstructions, source } = subject;
  const from = finalStages[0]?.from;
  const { entrypoint, cmd } = readStart(subject);
  const isLater = finalInstructions.some((instruction) => instruction.getKeyword() === 'ONBUILD');
  const has = entrypoint ?? cmd;
  if (from === undefined || has !== undefined || source.service.hasCommand || isLater) return [];
  const image = readBaseImage(subject);
  if (image === undefined || !(isOfficial(image, idleImages) || isDistroless(image))) return [];
  const message = `The image has neither CMD nor ENTRYPOINT, and its base "${image.name}" starts no service.`;
  return [{ message, at: placeOf(subject, from) }];
}

/** What is in force, as far as the service config does not stand in for it. */
function startOf(subject: DockerfileSubject): Start {
  if (subject.source.service.hasCommand) return { entrypoint: undefined, cmd: undefined };
  return readStart(subject);
}

function checkJson(subject: DockerfileSubject): Hit[] {
  return Object.values(startOf(subject)).flatMap((command: Command | undefined) => {
    if (command === undefined || !isBroken(command)) return [];
    const { keyword, instruction, arguments: text } = command;
    const message = `${keyword} looks like a list in JSON, but ${nameFault(text.text)}.`;
    return [{ message, at: placeOfText(subject, instruction, text) }];
  });
}

/** True for a list that is meant as JSON and is none; `[ -f x ] && y` is a shell's test. */
function isBroken({ list, arguments: words }: Command): boolean {
  const { text } = words;
  if (list !== undefined || !text.startsWith('[') || isCutOff(words)) return false;
  if (/^\[\[?\s[^]*\s\]\]?\s*(?:&&|\|\||;)/.test(text)) return false;
  return text.endsWith(']') || /^\[\s*["'“”‘’]/.test(text);
}

function nameFault(text: string): string {
  if (/^\[\s*'/.test(text)) return 'its strings stand in single quotes';
  if (/[“”‘’]/.test(text)) return 'its strings stand in typographic quotes';
  if (!text.includes(']')) return 'its bracket is not closed';
  if (!text.endsWith(']')) return 'something stands after its bracket';
  if (/,\s*\]$/.test(text)) return 'a comma stands before its bracket';
  if (/"\s*"/.test(text.replaceAll('""', ''))) return 'a comma is missing between two of its strings';
  return 'it is no list of strings in double quotes';
}

function launchOf(subject: DockerfileSubject): Launch | undefined {
  const start = startOf(subject);
  const isFaulty = Object.values(start).some(
    (command: Command | undefined) => command !== undefined && isBroken(command),
  );
  return isFaulty ? undefined : readLaunch(start);
}

function checkSignals(subject: DockerfileSubject): Hit[] {
  const script = launchOf(subject)?.script;
  if (script === undefined) return [];
  const { before, commands, instruction, shell, text } = script;
  const names = before.map(nameOf);
  const reachesAll = names.includes('dumb-init') || before.some((word) => /^-\w*g/.test(word.text));
  const isHandled = commands.some(({ words }) =>
    words.slice(0, 2).some((word) => /^(?:exec|trap)$/.test(word.text)),
  );
  const [only, ...others] = commands;
  const isReplaced = /(?:ba|z)sh$/.test(shell) && others.length === 0 && only?.operators.length === 0;
  if (reachesAll || isHandled || isReplaced || only === undefined) return [];
  const message = `${instruction.getKeyword()} runs its command as a child of ${nameOf({ text: shell })}, which does not hand on SIGTERM.`;
  return [{ message, ...adviseList(script), at: placeOfText(subject, instruction, text) }];
}

/** The JSON form of a single command of plain words; nothing where a word may be a secret, or needs the shell. */
function adviseList({ text, before, commands, instruction }: Script): Pick<Hit, 'fix'> {
  const [only] = commands;
  const isSimple =
    commands.length === 1 &&
    (before.length === 0 || !(instruction.getRawArgumentsContent() ?? '').startsWith('[')) &&
    /^[\w.:/ -]{1,120}$/.test(text.text) &&
    !/\/\/|pass|pwd|secret|token|key|auth|credential|^(?:source|eval|cd|export|set|\.) /i.test(text.text);
  if (only === undefined || !isSimple) return {};
  const list = only.words.map((word) => JSON.stringify(word.text)).join(', ');
  return { fix: `Write ${instruction.getKeyword()} [${list}], or begin the command with exec.` };
}

function checkPackageManager(subject: DockerfileSubject): Hit[] {
  const [first, second] = stripRunners(launchOf(subject)?.words ?? []);
  if (first === undefined || second === undefined) return [];
  const name = nameOf(first);
  const isYarn = name === 'yarn' && /^(?!exec$|dlx$|node$)[a-z]/.test(second.text);
  const isNpm = /^p?npm$/.test(name) && /^(?:start|run|run-script)$/.test(second.text);
  if (!isYarn && !isNpm) return [];
  const message = `The main process of the container is "${name} ${second.text}" and not the service itself.`;
  return [{ message, at: placeOfText(subject, first.instruction, first) }];
}

function checkIgnoredCommand(subject: DockerfileSubject): Hit[] {
  const { entrypoint, cmd } = startOf(subject);
  if (entrypoint === undefined || cmd === undefined) return [];
  if (entrypoint.list !== undefined || isBroken(entrypoint)) return [];
  const message = 'CMD has no effect, because the ENTRYPOINT is in shell form.';
  return [{ message, at: placeOf(subject, cmd.instruction) }];
}

/** Programs that replace variables in their arguments themselves, or that hand code on to an interpreter. */
const replacing = /^(?:java|env|envsubst|perl|awk|supervisord|.*\.sh|.*entrypoint)$/;

function checkVariables(subject: DockerfileSubject): Hit[] {
  const launch = launchOf(subject);
  if (launch === undefined || launch.script !== undefined) return [];
  const { words } = launch;
  if (words.some((word) => replacing.test(nameOf(word)) || /^-[ce]$|^--eval$/.test(word.text))) return [];
  return words.flatMap((word) => {
    const [found] = /\$(?:\{[A-Za-z_]\w*[^}]*\}|[A-Za-z_]\w*)/.exec(word.text) ?? [];
    if (found === undefined) return [];
    const name = /\w+/.exec(found)?.[0] ?? '';
    const message = `The JSON form hands on "$${name}" as it is written, because no shell replaces it.`;
    return [{ message, at: placeOfText(subject, word.instruction, word) }];
  });
}
