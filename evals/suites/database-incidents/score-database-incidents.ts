import { z } from 'zod';
import type { Prediction, Score, ScoreReport } from '../../suite.ts';
import { systemsOf } from '../rank-scores.ts';
import { faultTable, scoreOf } from '../stated.ts';
import { systemOf } from '../system-cases.ts';
import { readSystemTruth } from '../system-truth.ts';

const truthRow = z.object({
  cause: z.string(),
  statement: z.string().nullish(),
  digests: z.array(z.string()).default([]),
});
const line = z.object({ cause: z.string(), statement: z.string().nullable() });
const causes = ['cpu', 'io', 'lock', 'network', 'none'];

/** Cause, statement (literals left out) where there is one, both, and how many healthy looks are known as such; for each system. */
export function scoreDatabaseIncidents(predictions: readonly Prediction[], path: string | undefined): ScoreReport {
  const truths = readSystemTruth(path, truthRow);
  const rows = predictions.flatMap((prediction) => {
    const truth = truths.get(prediction.case);
    if (truth === undefined) return [];
    const said = line.parse(prediction.line);
    const statementRight =
      truth.statement == null
        ? undefined
        : said.statement !== null &&
          (withoutLiterals(said.statement) === withoutLiterals(truth.statement) ||
            truth.digests.includes(said.statement));
    return [{ case: prediction.case, truth, said, causeRight: said.cause === truth.cause, statementRight }];
  });
  const scores = systemsOf(rows).flatMap((system): Score[] => {
    const mine = rows.filter((row) => systemOf(row.case) === system);
    const withStatement = mine.filter(({ statementRight }) => statementRight !== undefined);
    const healthy = mine.filter(({ truth }) => truth.cause === 'none');
    return [
      scoreOf(
        `${system} cause`,
        mine.map(({ causeRight }) => causeRight),
        1 / causes.length,
      ),
      ...(withStatement.length === 0
        ? []
        : [
            scoreOf(
              `${system} statement, where there is one`,
              withStatement.map(({ statementRight }) => statementRight === true),
            ),
          ]),
      scoreOf(
        `${system} both`,
        mine.map(({ causeRight, statementRight }) => causeRight && statementRight !== false),
      ),
      ...(healthy.length === 0
        ? []
        : [
            scoreOf(
              `${system} healthy, known as such`,
              healthy.map(({ causeRight }) => causeRight),
            ),
          ]),
      {
        ...scoreOf(
          `${system} cause, always lock`,
          mine.map(({ truth }) => truth.cause === 'lock'),
        ),
        informs: true,
      },
    ];
  });
  return {
    scores,
    failures: rows
      .filter(({ causeRight, statementRight }) => !causeRight || statementRight === false)
      .map(({ case: name, truth, said }) => ({
        case: name,
        expected: `${truth.cause} ${truth.statement ?? ''}`,
        got: `${said.cause} ${said.statement ?? ''}`,
      })),
    tables: [faultTable(rows.map(({ truth, causeRight }) => ({ fault: truth.cause, first: causeRight })))],
  };
}

/** A statement as it reads without its literals: numbers and quoted text are `?`, names unquoted, spaces single, lower case. */
function withoutLiterals(text: string): string {
  return text
    .slice(0, 20_000)
    .replaceAll(/'[^']*'|"[^"]*"/g, '?')
    .replaceAll('`', '')
    .replaceAll(/(?<![\w.])-?\d+(?:\.\d+)?\b/g, '?')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\s*([=<>(),])\s*/g, '$1')
    .trim()
    .toLowerCase();
}
