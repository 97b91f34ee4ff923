/** The stages of a run, in the order of the pipeline. */
export const stageTitles = {
  inputs: 'Read the inputs',
  look: 'Look at the live service',
  project: 'Read the project',
  lint: 'Lint the project',
  compare: 'Compare with the live service',
  scan: 'Look for secrets in the package',
  build: 'Build',
  serve: 'Start the service',
  verify: 'Verify locally',
  package: 'Package',
  release: 'Release',
  follow: 'Follow the release',
  online: 'Read the version that serves',
  download: 'Download',
} as const;

export type StageName = keyof typeof stageTitles;

/** What the log, the comment and the deployment hear of a run while it runs. Durations are milliseconds. */
export type RunEvent =
  | { readonly kind: 'started'; readonly stage: StageName }
  | {
      readonly kind: 'finished';
      readonly stage: StageName;
      readonly value: unknown;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'failed';
      readonly stage: StageName;
      readonly error: unknown;
      readonly durationMs: number;
    };

export type Listener = (event: RunEvent) => void;

/** Hands each event to every listener, in the order in which they came. */
export interface Events {
  emit(event: RunEvent): void;
  listen(listener: Listener): void;
}

/** Creates the event port of one run. */
export function createEvents(): Events {
  const listeners: Listener[] = [];
  return {
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    listen: (listener) => {
      listeners.push(listener);
    },
  };
}
