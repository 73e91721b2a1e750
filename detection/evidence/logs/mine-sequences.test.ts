import { describe, expect, it } from 'vitest';
import { finding } from '../../../domain/finding.ts';
import type { LogRecord } from '../../../domain/signal.ts';
import { isoOf } from '../../../infra/runtime/clock.ts';
import { minePatterns } from './mine-patterns.ts';

const start = Date.UTC(2026, 2, 1);
const windows = {
  baseline: { from: isoOf(start), to: isoOf(start + 60_000) },
  observed: { from: isoOf(start + 60_000), to: isoOf(start + 120_000) },
};

/** Two requests a second, each with these lines. */
function requests(messagesOf: (request: number) => string[]): LogRecord[] {
  return Array.from({ length: 240 }, (_, request) =>
    messagesOf(request).map((message, line) => ({
      at: isoOf(start + request * 500 + line * 10),
      entity: 'service:shop' as const,
      level: 'info' as const,
      message,
      traceId: `t${request}`,
    })),
  ).flat();
}
const usual = (request: number) => [
  `order ${request} received`,
  `stock of ${request} asked`,
  `order ${request} confirmed`,
];
const sequencesIn = (logs: LogRecord[]) =>
  minePatterns(logs, windows).filter(({ signal }) => signal.name === 'sequence');

describe('mineSequences', () => {
  it('tells of requests that leave out a step, with the step and the first sight', () => {
    const found = sequencesIn(
      requests((request) => (request >= 150 && request % 3 === 0 ? usual(request).slice(0, 2) : usual(request))),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ entity: 'service:shop', direction: 'changed', onset: isoOf(start + 75_000) });
    expect(found[0]?.excerpt).toContain('order <*> confirmed');
    expect(finding.safeParse(found[0]).success).toBe(true);
  });

  it('keeps quiet when all goes as ever, when few are odd, and when a new line tells it already', () => {
    expect(sequencesIn(requests(usual))).toEqual([]);
    expect(sequencesIn(requests((request) => (request === 150 ? usual(request).slice(0, 2) : usual(request))))).toEqual(
      [],
    );
    const refused = (request: number) =>
      request < 150 ? usual(request) : [...usual(request).slice(0, 2), 'payment was refused by the bank'];
    expect(sequencesIn(requests(refused))).toEqual([]);
  });

  it('keeps quiet where too little was seen before', () => {
    expect(
      sequencesIn(requests((request) => (request < 100 ? [] : usual(request).slice(0, request < 150 ? 3 : 2)))),
    ).toEqual([]);
  });
});
