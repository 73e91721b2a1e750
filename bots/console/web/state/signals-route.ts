/** Which series the signals screen shows, and of how long. */
export interface ShownSignals {
  entity?: string | undefined;
  metric?: string | undefined;
  minutes: number;
}

const usualMinutes = 15;

/** Reads the id of the signals screen, `entity|metric|minutes`, each of them optional. */
export function signalsOf(id: string | undefined): ShownSignals {
  const [entity = '', metric = '', minutes = ''] = (id ?? '').split('|');
  const asked = Number(minutes);
  return {
    ...(entity === '' ? {} : { entity }),
    ...(metric === '' ? {} : { metric }),
    minutes: Number.isFinite(asked) && asked > 0 ? asked : usualMinutes,
  };
}

/** The id of what is shown. */
export function signalsIdOf({ entity, metric, minutes }: ShownSignals): string {
  return [entity ?? '', metric ?? '', String(minutes)].join('|');
}
