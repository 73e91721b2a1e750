import { measureName, formatValue } from '../detection/evidence/signals/describe-shift.ts';
import { makeFinding, roundSignificant } from '../detection/evidence/signals/make-finding.ts';
import { shiftLimitOf } from '../detection/evidence/signals/shift-limits.ts';
import type { StreamAlarm, StreamLook } from '../detection/models/streams/stream-watch.ts';
import { entityNameOf } from '../domain/entity.ts';
import type { Finding } from '../domain/finding.ts';
import { isoOf } from '../infra/runtime/clock.ts';

/** The alarms of a look as findings, the surest first: since when, from what to what, and in `data` how sure the stream is (`score`, `watchScore`, `learned`, `because`). */
export function alarmFindings(look: StreamLook): Finding[] {
  return look.alarms.map((alarm) => alarmFinding(alarm, look.score));
}

function alarmFinding(alarm: StreamAlarm, watchScore: number): Finding {
  const { series, value, usual } = alarm;
  const toward = series.peer === undefined ? '' : ` toward ${entityNameOf(series.peer)}`;
  const labels = Object.keys(series.labels).length === 0 ? {} : { labels: series.labels };
  return makeFinding({
    kind: 'anomaly',
    entity: series.entity,
    ...(series.peer === undefined ? {} : { peer: series.peer }),
    signal: { type: 'metric', role: series.role, name: series.metric, ...labels },
    statement: `${measureName(series)} of ${entityNameOf(series.entity)}${toward} is ${formatValue(value, series.unit)} where ${formatValue(usual, series.unit)} is usual`,
    direction: value >= usual ? 'up' : 'down',
    onset: isoOf(alarm.since),
    effect: { baseline: usual, observed: value, size: 0, ...(usual > 0 ? { ratio: value / usual } : {}) },
    severity: shiftLimitOf(series)?.importance ?? 0.6,
    data: {
      aspect: series.aspect,
      side: series.side,
      unit: series.unit,
      quantity: series.quantity,
      trigger: 'stream',
      score: roundSignificant(alarm.score),
      watchScore: roundSignificant(watchScore),
      learned: alarm.learned,
      because: alarm.because.map(({ feature, share }) => `${feature} ${share.toFixed(2)}`),
    },
  });
}
