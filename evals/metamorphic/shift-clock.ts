import type { Transformation } from './transformation.ts';
import { mapStrings } from './transformation.ts';

const days = 37;
const shiftMs = days * 86_400_000 + 3 * 3_600_000;
const written = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)/g;

/** The same incident 37 days and three hours later, instants in metric values and texts included. */
export const shiftClock: Transformation = {
  name: 'clock shifted',
  expects: 'same',
  apply(asked) {
    const { metrics, spans, ...rest } = asked.data;
    const shift = (text: string): string => text.replaceAll(written, later);
    return {
      asked: {
        ...asked,
        data: {
          ...mapStrings(rest, shift),
          ...(metrics === undefined
            ? {}
            : {
                metrics: metrics.map((one) => ({
                  ...one,
                  samples: one.samples.map(([at, value]): [number, number] => [
                    at + shiftMs,
                    laterValue(one.metric, value),
                  ]),
                })),
              }),
          ...(spans === undefined ? {} : { spans: spans.map((one) => ({ ...one, startMs: one.startMs + shiftMs })) }),
        },
        question: mapStrings(asked.question, shift),
      },
    };
  },
};

function later(text: string): string {
  const at = Date.parse(text.replace(' ', 'T').replace(',', '.'));
  return Number.isNaN(at) ? text : new Date(at + shiftMs).toISOString();
}

/** A metric whose value is an instant (a start, an expiry) moves along. */
function laterValue(metric: string, value: number): number {
  return /time|timestamp|expiry|not_?after|created/i.test(metric) && value > 1e9 && value < 3e9
    ? value + shiftMs / 1_000
    : value;
}
