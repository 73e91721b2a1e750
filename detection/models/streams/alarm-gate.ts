/** Lets through what is news: the first high score of an episode, and later ones that are much higher. */
export interface AlarmGate {
  /** The evidence itself where it is news, else 0. Call once a point, in order. */
  next(evidence: number): number;
}

/**
 * After evidence was let through, the next `quiet` points pass only with `escalation` times as much: one alarm for one episode, another when it gets
 * much worse. (Prometheus Alertmanager's `repeat_interval` for the same reason.)
 */
export function createAlarmGate(options: { quiet?: number; escalation?: number } = {}): AlarmGate {
  const { quiet = 75, escalation = 1.75 } = options;
  let height = 0;
  let since = 0;
  return {
    next(evidence) {
      since += 1;
      if (since > quiet) height = 0;
      if (!(evidence > escalation * height)) return 0;
      height = evidence;
      since = 0;
      return evidence;
    },
  };
}
