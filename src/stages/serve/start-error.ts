import type { Diagnosis } from '../../diagnosis/local.ts';
import { ProjectError } from '../../errors.ts';

/** A program that cannot be started at all, with what that says of the service. */
export class StartError extends ProjectError {
  readonly diagnosis: Diagnosis;

  constructor(diagnosis: Diagnosis, { exitCode, logTail }: Pick<ProjectError, 'exitCode' | 'logTail'>) {
    const { kind, finding, advice } = diagnosis;
    super(`The service ${finding}.`, { kind, advice, exitCode, logTail });
    this.diagnosis = diagnosis;
  }
}
