import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CerebroError } from '../../infra/runtime/errors.ts';
import { systemClock } from '../../infra/runtime/clock.ts';
import { readOsvFolder } from '../../tools/sources/osv/osv-advisories.ts';
import { bootstrapInterval } from '../bootstrap-interval.ts';
import { readLines } from '../run-suite.ts';
import type { Suite } from '../suite.ts';

/** Which advisories touch a Go module at a version. Probes are lines `module@version`. */
export function createOsvSuite(): Suite {
  return {
    name: 'osv',
    description: 'Advisories of Go modules at given versions, matched exactly.',
    async *predict(options) {
      if (options.data === undefined || options.probes === undefined)
        throw new CerebroError('INPUT_INVALID', 'The suite needs --data <folder> and --probes <file>.');
      const index = readOsvFolder(join(options.data, 'go'));
      const probes = readFileSync(options.probes, 'utf8')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
      for (const probe of probes) {
        const startedAt = systemClock.monotonic();
        const at = probe.lastIndexOf('@');
        const found = index.find({
          ecosystem: 'Go',
          name: probe.slice(0, at),
          version: probe.slice(at + 1).replace(/^v/, ''),
        });
        const advisories = found.map(({ record }) => record.id).sort();
        yield {
          case: probe,
          line: { advisories },
          elapsedMs: systemClock.monotonic() - startedAt,
          calls: 1,
          tokens: 0,
          dollars: 0,
        };
      }
    },
    score: (predictions, truth) => {
      if (truth === undefined) return Promise.resolve({ scores: [], failures: [] });
      const expected = new Map(
        readLines(truth).map((line) => [String(line['case']), JSON.stringify(line['advisories'])]),
      );
      const rows = predictions.map((prediction) => ({
        prediction,
        right: expected.get(prediction.case) === JSON.stringify(prediction.line['advisories']),
      }));
      const { mean, low, high } = bootstrapInterval(rows.map((row) => Number(row.right)));
      const failures = rows
        .filter((row) => !row.right)
        .map(({ prediction }) => ({
          case: prediction.case,
          expected: expected.get(prediction.case) ?? '?',
          got: JSON.stringify(prediction.line['advisories']),
        }));
      return Promise.resolve({
        scores: [{ metric: 'exact match', score: mean, low, high, cases: rows.length, baseline: 0 }],
        failures,
      });
    },
  };
}
