import { describe, expect, it } from '@jest/globals';

import type { Outcome, StageValues } from '../../src/outcome.ts';
import { createLogListener, logEnd } from '../../src/report/log.ts';
import { renderSummary } from '../../src/report/markdown.ts';
import { buildOutputs } from '../../src/report/outputs.ts';
import { createFakeLog } from '../support/fakes.ts';
import { downloadInputs, liveState, runContext, serviceDetail } from '../support/samples.ts';
import { settledOf } from '../support/settled.ts';

const downloaded: StageValues['download'] = {
  versionName: 'shop-002',
  folder: '/repo/out',
  fileCount: 3,
  fileBytes: 1_500,
  kept: [],
  zip: { bytes: 77, sha256: 'abc' },
};

function outcomeWith(kept: readonly string[]): Outcome {
  const values = {
    inputs: settledOf(downloadInputs),
    look: liveState(serviceDetail({ serviceType: 'function' })),
    download: { ...downloaded, kept },
  };
  return { status: 'done', values, stages: [], durationMs: 1 };
}

describe('a download', () => {
  it('is told in the log', () => {
    const log = createFakeLog();
    const listen = createLogListener(log);
    for (const kept of [[], ['a', 'b']])
      listen({ kind: 'finished', stage: 'download', value: { ...downloaded, kept }, durationMs: 0 });
    logEnd(outcomeWith([]), log);
    expect(log.lines.filter((line) => !/Done in|^end$/.test(line))).toEqual([
      'info: 3 file(s) with 1.5 KB, put into "/repo/out".',
      'info: 3 file(s) with 1.5 KB, put into "/repo/out"; 2 that were there are kept.',
      'info: Downloaded "shop-002" to "/repo/out".',
    ]);
  });

  it('is told in the summary, with the first fifty of the files that were kept', () => {
    const kept = ['<b>', ...Array.from({ length: 52 }, (_, index) => `f${index}`)];
    const summary = renderSummary(outcomeWith(kept), runContext());
    expect(summary).toContain(
      '**Downloaded** <code>shop-002</code> to <code>/repo/out</code>: 3 file(s) with 1.5 KB.\n\n' +
        '53 file(s) were there already and are kept:\n\n- <code>&lt;b&gt;</code>\n- <code>f0</code>\n',
    );
    expect(summary).toContain('- <code>f48</code>\n- and 3 more\n');
    expect(renderSummary(outcomeWith([]), runContext())).not.toContain('kept');
  });

  it('has the outputs of its package and of the live service', () => {
    expect(buildOutputs(outcomeWith([]))).toMatchObject({
      status: 'done',
      version: 'shop-001',
      mode: 'function',
      'package-bytes': '77',
      'package-sha256': 'abc',
    });
  });
});
