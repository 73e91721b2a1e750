import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mineLines } from '../../../detection/evidence/logs/mine-lines.ts';
import { templateId, templateText } from '../../../detection/evidence/logs/template-text.ts';
import { systemClock } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import { bootstrapInterval } from '../../bootstrap-interval.ts';
import type { Failure, Prediction, Score, ScoreReport, Suite } from '../../suite.ts';
import { parseCsv } from '../parse-csv.ts';
import { groupingAccuracy } from './grouping-accuracy.ts';

/**
 * Raw log lines of many systems, grouped by the template miner as the product has it: no format, mask or threshold of a system. Truth is a
 * folder with `<System>/<System>_2k.log_structured.csv`.
 */
export function createLoghubSuite(): Suite {
  return {
    name: 'loghub',
    description: 'Log lines of many systems grouped by template, one configuration for all.',
    async *predict({ data, cases }) {
      if (data === undefined) throw new CerebroError('INPUT_INVALID', 'The suite needs --data <folder>.');
      const systems = readdirSync(data)
        .filter(
          (name) => existsSync(join(data, name, `${name}_2k.log`)) && (cases.length === 0 || cases.includes(name)),
        )
        .sort();
      for (const system of systems)
        yield await Promise.resolve(predictOne(system, join(data, system, `${system}_2k.log`)));
    },
    write(predictions, path) {
      mkdirSync(path, { recursive: true });
      for (const prediction of predictions) {
        const [events, templates] = [textsOf(prediction, 'events'), textsOf(prediction, 'templates')];
        const rows = events.map(
          (event, index) => `${index + 1},${event},"${templates[index]!.replaceAll('"', '""')}"\n`,
        );
        writeFileSync(join(path, `${prediction.case}.csv`), `line_id,event_id,template\n${rows.join('')}`);
      }
      return Promise.resolve();
    },
    score: (predictions, truth) =>
      Promise.resolve(truth === undefined ? { scores: [], failures: [] } : scoreAll(predictions, truth)),
  };
}

function predictOne(system: string, path: string): Prediction {
  const startedAt = systemClock.monotonic();
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const templates = mineLines(lines);
  return {
    case: system,
    line: {
      events: templates.map((template) => templateId(template)),
      templates: templates.map((template) => templateText(template)),
      streamed: mineLines(lines, { settle: false }).map((template) => templateId(template)),
      // Knows nothing but how many words a line has.
      words: lines.map((line) => String(line.trim().split(/\s+/).length)),
    },
    elapsedMs: systemClock.monotonic() - startedAt,
    calls: 0,
    tokens: 0,
    dollars: 0,
  };
}

function scoreAll(predictions: readonly Prediction[], truth: string): ScoreReport {
  const rows = predictions.map((prediction) => {
    const [header = [], ...cells] = parseCsv(
      readFileSync(join(truth, prediction.case, `${prediction.case}_2k.log_structured.csv`), 'utf8').replace(
        /^\uFEFF/,
        '',
      ),
    );
    const [event, template] = [header.indexOf('EventId'), header.indexOf('EventTemplate')];
    const events = cells.map((row) => row[event]!);
    const of = (field: string) => groupingAccuracy(textsOf(prediction, field), events);
    return {
      system: prediction.case,
      settled: of('events'),
      streamed: of('streamed').accuracy,
      words: of('words').accuracy,
      texts: new Map(textsOf(prediction, 'events').map((id, index) => [id, textsOf(prediction, 'templates')[index]!])),
      templates: new Map(cells.map((row) => [row[event]!, row[template]!])),
    };
  });
  const score = (metric: string, values: number[], baseline: number): Score => {
    const { mean, low, high } = bootstrapInterval(values);
    return { metric, score: mean, low, high, cases: rows.length, baseline };
  };
  const words = bootstrapInterval(rows.map((row) => row.words)).mean;
  const failures: Failure[] = rows.flatMap(({ system, settled, texts, templates }) =>
    settled.wrong.slice(0, 10).map(({ group, lines, truths }) => ({
      case: `${system}, ${lines} lines`,
      expected: truths
        .slice(0, 3)
        .map(([event, count]) => `${count} of: ${(templates.get(event) ?? event).slice(0, 100)}`)
        .join(' | '),
      got: (texts.get(group) ?? group).slice(0, 120),
    })),
  );
  return {
    scores: [
      score(
        'grouping accuracy',
        rows.map(({ settled }) => settled.accuracy),
        words,
      ),
      score(
        'grouping accuracy, on a stream',
        rows.map(({ streamed }) => streamed),
        words,
      ),
    ],
    failures,
    tables: [
      {
        title: 'By system',
        header: ['system', 'grouping accuracy', 'on a stream', 'by number of words'],
        rows: rows.map((row) => [
          row.system,
          ...[row.settled.accuracy, row.streamed, row.words].map((value) => value.toFixed(4)),
        ]),
      },
    ],
  };
}

function textsOf(prediction: Prediction, field: string): string[] {
  const texts = prediction.line[field];
  return Array.isArray(texts) ? texts.map(String) : [];
}
