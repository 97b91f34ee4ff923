import type { SelectionInputs } from '../../src/inputs.ts';
import {
  selectContainerFiles,
  selectFunctionFiles,
  type Selection,
} from '../../src/stages/project/selection.ts';
import { createFakeFiles, root, type FakeNode } from './fake-files.ts';
import { createFakeLog } from './fakes.ts';
import { containerProject, functionProject, noPatterns } from './samples.ts';

/** What stands in a source. */
export type Nodes = Readonly<Record<string, FakeNode>>;

/** A source, and how its files are selected. */
export interface SelectionCase {
  readonly nodes: Nodes;
  readonly facts?: Parameters<typeof containerProject>[0] & Parameters<typeof functionProject>[0];
  readonly inputs?: Partial<SelectionInputs>;
  readonly ownFiles?: readonly string[];
}

/** Selects the files of a source in memory. */
export async function select(
  mode: 'container' | 'function',
  { nodes, facts = {}, inputs = {}, ownFiles = [] }: SelectionCase,
): Promise<Selection & { readonly paths: string[]; readonly lines: readonly string[] }> {
  const log = createFakeLog();
  const request = { folder: root, inputs: { ...noPatterns, ...inputs }, ownFiles };
  const ports = { files: createFakeFiles(nodes), log };
  const selection =
    mode === 'container'
      ? await selectContainerFiles({ ...request, target: '' }, containerProject(facts), ports)
      : await selectFunctionFiles(request, functionProject(facts), ports);
  return { ...selection, paths: selection.files.map(({ path }) => path), lines: log.lines };
}

/** The warnings of a log. */
export const warningsOf = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.startsWith('warning'));
