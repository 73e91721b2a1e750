import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { entityIdOf } from '../../../domain/entity.ts';
import type { Sample, Series } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import type { AskedData } from '../../asked-data.ts';
import { caseQuestion, readJson } from '../case-files.ts';
import type { SystemCase } from '../system-cases.ts';

const incident = z.object({ abnormal_from: z.number() });

/** One record of metrics as the product gets it: a series for each column, asked about from the time that the incident is known to have begun. */
export function readMetricsCase({ name, path }: SystemCase): AskedData {
  const { abnormal_from: from } = incident.parse(readJson(join(path, 'incident.json')));
  const [header = '', ...lines] = readFileSync(join(path, 'metrics.csv'), 'utf8').split(/\r?\n/);
  const columns = header.split(',').slice(1).map(seriesOf);
  let last = from * 1_000;
  for (const line of lines) {
    if (line === '') continue;
    const [time, ...values] = line.split(',');
    const at = Number(time) * 1_000;
    if (!Number.isFinite(at)) continue;
    last = Math.max(last, at);
    for (const [index, samples] of columns.map((one) => one.samples).entries()) {
      const text = values[index];
      if (text !== undefined && text !== '' && Number.isFinite(Number(text))) samples.push([at, Number(text)]);
    }
  }
  return {
    name,
    data: { metrics: columns },
    question: caseQuestion({
      suite: 'metrics-incidents',
      name,
      text: 'What is wrong?',
      window: { from: isoOf(from * 1_000), to: isoOf(last + 1) },
    }),
  };
}

/** `entity/metric`: the name before the first slash is the service, node or pod. */
function seriesOf(column: string): Omit<Series, 'samples'> & { samples: Sample[] } {
  const slash = column.indexOf('/');
  const entity = slash < 0 ? 'system' : column.slice(0, slash);
  return {
    metric: column.slice(slash + 1),
    type: 'gauge',
    entity: entityIdOf('service', entity),
    labels: {},
    samples: [],
  };
}
