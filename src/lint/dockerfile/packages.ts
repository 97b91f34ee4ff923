/** True for a command that installs the dependencies of the project, by the words of the command. */
export function isInstall(words: readonly string[]): boolean {
  const [tool = '', verb = ''] = words.filter((word, index) => index === 0 || !word.startsWith('-'));
  const rest = words.slice(1);
  switch (tool.replace(/^.*\//, '')) {
    case 'npm':
      return /^(ci|i|install|clean-install)$/.test(verb) && !isOfNamed(words, verb) && !isGlobal(rest);
    case 'pnpm':
      return /^(i|install)$/.test(verb) && !isOfNamed(words, verb) && !isGlobal(rest);
    case 'yarn':
      return (
        (verb === '' || verb === 'install') && !rest.some((word) => /^(-v|--version|-h|--help)$/.test(word))
      );
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
export function installName(words: readonly string[]): string {
  const [tool = '', ...rest] = words;
  const verb = rest.find((word) => !word.startsWith('-'));
  return verb === undefined ? tool : `${tool} ${verb}`;
}

function isGlobal(rest: readonly string[]): boolean {
  return rest.some((word) => /^(-g|--global|--location=global)$/.test(word));
}

/** True for `npm install express`: words after the verb that are no flags, no redirections, and no values of flags. */
function isOfNamed(words: readonly string[], verb: string): boolean {
  const after = words.slice(words.indexOf(verb) + 1);
  return after.some((word, index) => {
    const isValue = /^--(prefix|registry|omit|filter|loglevel|cache|include|store-dir|dir)$|^-[CF]$/.test(
      after[index - 1] ?? '',
    );
    return !/^-|[<>]|^\/dev\/null$/.test(word) && !isValue;
  });
}
