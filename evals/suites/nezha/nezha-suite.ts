import { join } from 'node:path';
import type { LogRecord, Series, Span } from '../../../domain/signal.ts';
import { entityNameOf } from '../../../domain/entity.ts';
import { isoOf, msOf } from '../../../infra/runtime/clock.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Suite } from '../../suite.ts';
import type { AskedData } from '../../asked-data.ts';
import { askData } from '../ask-data.ts';
import { predictionOf, rankedEntities } from '../stated.ts';
import type { Injection } from './read-injections.ts';
import { listInjections } from './read-injections.ts';
import { listMinutes, type Minute, readLogs, readTraces } from './read-minutes.ts';
import { readDependencies, readPods } from './read-pods.ts';
import { sampleTraces } from './sample-traces.ts';
import { judgeNezha, scoreNezha } from './score-nezha.ts';
import { wordOfFault } from './fault-words.ts';

const minuteMs = 60_000;
/** How long after the injection the question is asked, and how far back history reaches. */
const askedAfterMs = 3 * minuteMs;
const historyMs = 48 * minuteMs;
/** Most spans on either side of the injection (what the product reads at once), and of one file of history. */
const mostSpans = 11_500;
const mostOfAMinute = 1_600;
/** Most log lines before the injection and after (together what the product reads at once), and of one file of history. */
const [mostLinesBefore, mostLinesAfter] = [11_000, 8_500];
const mostLinesOfAMinute = 2_000;

/** Injected faults in Online Boutique and Train-Ticket with metrics, logs and traces (Yu et al., Nezha, 2023). */
export function createNezhaSuite(): Suite {
  return {
    name: 'nezha',
    description:
      'Injected faults in two microservice shops, with metrics, traces and logs as far as they are there: the injected pod within the first k.',
    async *predict(options) {
      const data = options.data;
      if (data === undefined)
        throw new CerebroError('CONFIG_INVALID', 'nezha needs --data, the folder that holds rca_data/<day>.');
      const day = createDayReader(data);
      for (const injection of listInjections(data)) {
        if (options.cases.length > 0 && !options.cases.some((one) => injection.name.includes(one))) continue;
        const asked = await askData(day.asked(injection), options);
        yield predictionOf(injection.name, asked, {
          ranking: rankedEntities(asked.answer).map(({ entity, fault }) => ({
            pod: entityNameOf(entity),
            fault: wordOfFault(fault),
          })),
        });
      }
    },
    score: (predictions, truth) => Promise.resolve(scoreNezha(predictions, truth)),
    judge: judgeNezha,
  };
}

/** Reads what is there around an injection; files of history are read once and only a sample of them is held. */
function createDayReader(data: string): { asked(injection: Injection): AskedData } {
  const folders = [join(data, 'rca_data'), join(data, 'construct_data')];
  const history = new Map<string, Span[][]>();
  const series = new Map<string, Series[]>();
  const historyOf = (minute: Minute): Span[][] => {
    let sample = history.get(minute.path);
    if (sample === undefined) history.set(minute.path, (sample = sampleTraces(readTraces(minute), mostOfAMinute)));
    return sample;
  };
  const logged = new Map<string, LogRecord[][]>();
  const linesOf = (minute: Minute): LogRecord[][] => {
    let sample = logged.get(minute.path);
    if (sample === undefined)
      logged.set(minute.path, (sample = sampleTraces(requestsOf(readLogs(minute)), mostLinesOfAMinute)));
    return sample;
  };
  return {
    asked({ name, day, atMs }) {
      const [from, to] = [atMs - historyMs, atMs + askedAfterMs];
      const traced = listMinutes(folders, day, 'trace').filter(({ endMs }) => endMs > from && endMs < to + minuteMs);
      const before: Span[][] = [];
      const after: Span[][] = [];
      for (const minute of traced) {
        const near = minute.endMs > atMs - minuteMs / 2;
        for (const trace of near ? readTraces(minute) : historyOf(minute)) {
          const at = trace[0]?.startMs ?? 0;
          if (at >= atMs && at < to) after.push(trace);
          else if (at >= from && at < atMs) before.push(trace);
        }
      }
      const spans = [...sampleTraces(before, mostSpans), ...sampleTraces(after, mostSpans)].flat();
      const lines = listMinutes(folders, day, 'log')
        .filter(({ endMs }) => endMs > from && endMs < to + minuteMs)
        .flatMap((minute) => (minute.endMs > atMs - minuteMs / 2 ? requestsOf(readLogs(minute)) : linesOf(minute)));
      const within = (start: number, end: number): LogRecord[][] =>
        lines.filter(([first]) => first !== undefined && msOf(first.at) >= start && msOf(first.at) < end);
      const logs = [
        ...sampleTraces(within(from, atMs), mostLinesBefore),
        ...sampleTraces(within(atMs, to), mostLinesAfter),
      ]
        .flat()
        .filter((record) => isWithin(record, from, to));
      let metrics = series.get(day);
      if (metrics === undefined) series.set(day, (metrics = readPods(folders[0] ?? data, day)));
      const pods = [...new Set([...metrics, ...spans].map(({ entity }) => entity))].sort();
      const window = { from: isoOf(atMs), to: isoOf(to) };
      return {
        name: name.replace(' ', 'T'),
        data: {
          metrics: metrics
            .map((one) => ({ ...one, samples: one.samples.filter(([at]) => at >= from && at < to) }))
            .filter((one) => one.samples.length > 0),
          spans,
          ...(logs.length === 0 ? {} : { logs }),
          topology: readDependencies(folders[0] ?? data, day, pods),
        },
        question: {
          text: 'Something is wrong. What is it, and why?',
          thread: `nezha:${name}`,
          askedAt: window.to,
          timeZone: 'UTC',
          principal: { id: 'evaluation', kind: 'evaluation', roles: ['responder'] },
          window,
        },
      };
    },
  };
}

/** Lines by request, in order of their first; those of no request each by itself. */
function requestsOf(records: readonly LogRecord[]): LogRecord[][] {
  return [...Map.groupBy(records, ({ traceId }, index) => traceId ?? `line ${index}`).values()];
}

function isWithin({ at }: LogRecord, from: number, to: number): boolean {
  return msOf(at) >= from && msOf(at) < to;
}
