import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { StormAlert } from '../../../detection/diagnosis/storm/storm-alert.ts';
import { createRarity } from '../../../detection/diagnosis/storm/rarity.ts';
import { msOf } from '../../../infra/runtime/clock.ts';
import type { Prediction, Score, ScoreReport } from '../../suite.ts';
import { rankScores, systemsOf } from '../rank-scores.ts';
import { claimScores, faultTable, outcomeOf, replayOf, scoreOf } from '../stated.ts';
import { systemOf } from '../system-cases.ts';
import { readSystemTruth } from '../system-truth.ts';
import { readStormCase, readStormSite } from './read-case.ts';

const truthRow = z.object({ entity: z.string(), level: z.string(), fault: z.string(), class: z.string() });
const line = z.object({ verdict: z.string(), ranking: z.array(z.string()), choices: z.number(), fault: z.string() });

/** The true entity within the first k for each system and level, its class of fault beside it; and the two rules of the data's README. */
export function scoreStorms(
  predictions: readonly Prediction[],
  path: string | undefined,
  data: string | undefined,
): ScoreReport {
  const truths = readSystemTruth(path, truthRow);
  const rows = predictions.flatMap((prediction) => {
    const truth = truths.get(prediction.case);
    if (truth === undefined) return [];
    const said = line.parse(prediction.line);
    const rank = said.ranking.indexOf(truth.entity);
    return [
      { prediction, case: prediction.case, truth: truth.entity, about: truth, said, rank, choices: said.choices },
    ];
  });
  const outcomes = rows.map(({ prediction, rank }) => outcomeOf(prediction, rank === 0));
  return {
    scores: [
      ...rankScores(rows),
      ...systemsOf(rows).flatMap((system) => {
        const mine = rows.filter((row) => systemOf(row.case) === system);
        const levels = [...new Set(mine.map(({ about }) => about.level))].sort();
        return [
          ...(levels.length < 2 ? [] : levels).map((level) =>
            scoreOf(
              `${system} top-1, ${level}s`,
              mine.filter(({ about }) => about.level === level).map(({ rank }) => rank === 0),
            ),
          ),
          scoreOf(
            `${system} class@1`,
            mine.map(({ rank, said, about }) => rank === 0 && said.fault === about.class),
          ),
          ...(data === undefined ? [] : rulesOf(system, mine, data)),
        ];
      }),
      ...claimScores(outcomes),
    ],
    failures: rows
      .filter(({ rank }) => rank !== 0)
      .map(({ prediction, about, said }) => ({
        case: prediction.case,
        expected: `${about.entity} (${about.fault})`,
        got: `${said.verdict} ${said.ranking.slice(0, 3).join(', then ')}`,
        replay: replayOf('storms', prediction),
      })),
    tables: [
      faultTable(
        rows.map(({ about, rank }) => ({
          fault: `${about.level} ${about.fault}`,
          first: rank === 0,
          inThree: rank >= 0 && rank < 3,
        })),
      ),
    ],
    outcomes,
  };
}

/** Most metric alerts, and the summed rarity of metric alerts: the rules that any diagnosis must beat. */
function rulesOf(system: string, rows: readonly { case: string; truth: string }[], data: string): Score[] {
  const systemPath = join(data, system);
  if (!existsSync(join(systemPath, 'topology.json'))) return [];
  const site = readStormSite(systemPath);
  const right = new Map<string, boolean[]>();
  for (const { case: name, truth } of rows) {
    const path = join(systemPath, 'cases', name.slice(system.length + 1));
    const asked = readStormCase({ name, system, systemPath, path }, site);
    const from = asked.question.window === undefined ? 0 : msOf(asked.question.window.from);
    const history = new Map<string, StormAlert[]>();
    const now: StormAlert[] = [];
    for (const { at, incident, direction: _, status: __, peer: ___, ...alert } of asked.data.alerts ?? [])
      if (msOf(at) >= from) now.push(alert);
      else history.set(incident, [...(history.get(incident) ?? []), alert]);
    const rarityOf = createRarity([...history.values()]).rarityOf;
    const rules: Record<string, (alert: StormAlert) => number> = {
      'most metric alerts': () => 1,
      'rarity of metric alerts': rarityOf,
    };
    for (const [rule, worth] of Object.entries(rules)) {
      const sums = new Map<string, number>();
      for (const alert of now)
        if (alert.source === 'metric') {
          const id = site.ids.get(alert.entity) ?? alert.entity;
          sums.set(id, (sums.get(id) ?? 0) + worth(alert));
        }
      const [best] = [...sums].sort((left, other) => other[1] - left[1] || (left[0] < other[0] ? -1 : 1));
      right.set(rule, [...(right.get(rule) ?? []), best?.[0] === truth]);
    }
  }
  return [...right].map(([rule, values]) => ({ ...scoreOf(`${system} top-1 by ${rule}`, values), informs: true }));
}
