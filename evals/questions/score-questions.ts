import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { understandQuery } from '../../agents/understanding/understand.ts';
import { entity } from '../../domain/entity.ts';
import { agentName, intent, understanding, type Understanding } from '../../domain/question.ts';
import { window } from '../../domain/time.ts';

const world = z.strictObject({
  id: z.string(),
  askedAt: z.string(),
  timeZone: z.string(),
  entities: z.array(entity),
  metrics: z.array(z.string()),
});
const expected = z.strictObject({
  intent,
  entities: z.array(z.string()),
  agents: z.array(agentName).optional(),
  unknownNames: z.array(z.string()).optional(),
  metric: z.string().optional(),
  searchText: z.string().optional(),
  window: window.optional(),
  compareWith: window.optional(),
  horizonMs: z.number().optional(),
  threshold: z.number().optional(),
  clarify: z.boolean().optional(),
});
const questionCase = z.strictObject({
  id: z.string(),
  split: z.enum(['tune', 'held-out', 'fresh']),
  text: z.string(),
  askedAt: z.string(),
  timeZone: z.string(),
  world: z.string(),
  previous: understanding.optional(),
  expected,
});
type QuestionCase = z.infer<typeof questionCase>;

/** Which questions to score: the halves of `questions.jsonl`, both, or the later written `fresh-questions.jsonl`. */
export type QuestionSet = 'tune' | 'held-out' | 'all' | 'fresh';

/** How many of the questions were understood right as a whole and per field, with what went wrong. */
export interface QuestionScore {
  total: number;
  right: number;
  fields: Record<string, { asked: number; right: number }>;
  failures: { id: string; text: string; wrong: string[] }[];
}

const fields = [
  'intent',
  'agents',
  'entities',
  'unknownNames',
  'metric',
  'searchText',
  'window',
  'compareWith',
  'horizonMs',
  'threshold',
  'clarify',
] as const;
/** Fields that are scored only where the case states them; all others must also be absent where the case has none. */
const scoredWhereStated: ReadonlySet<string> = new Set(['agents', 'unknownNames', 'searchText']);

/**
 * Scores the built-in rules on the questions suite. A question is right when every field is: an expected field must be equal (entities as a
 * set, `clarify` as asked or not), and a field that is not expected must be absent.
 */
export function scoreQuestions(set: QuestionSet): QuestionScore {
  const worlds = new Map(
    z
      .array(world)
      .parse(JSON.parse(read('worlds.json')))
      .map((one) => [one.id, one]),
  );
  const cases = casesOf(set);
  const score: QuestionScore = { total: cases.length, right: 0, fields: {}, failures: [] };
  for (const one of cases) {
    const { entities, metrics } = worlds.get(one.world) ?? { entities: [], metrics: [] };
    const { text, askedAt, timeZone, previous } = one;
    const query = understandQuery({
      text,
      askedAt,
      timeZone,
      entities,
      metrics,
      ...(previous === undefined ? {} : { previous }),
    });
    const wrong = differences(one, query.rule(query.facts), score.fields);
    if (wrong.length === 0) score.right += 1;
    else score.failures.push({ id: one.id, text, wrong });
  }
  return score;
}

/** The score as a table for people: one line per field, then the failures. */
export function questionTable(score: QuestionScore): string {
  const rows = Object.entries(score.fields).map(
    ([field, { asked, right }]) => `${field.padEnd(14)} ${right} of ${asked}`,
  );
  const failures = score.failures.map(
    ({ id, text, wrong }) => `${id} ${JSON.stringify(text)}\n     ${wrong.join('\n     ')}`,
  );
  const percent = score.total === 0 ? 0 : (100 * score.right) / score.total;
  return [`right          ${score.right} of ${score.total} (${percent.toFixed(1)} %)`, ...rows, ...failures].join('\n');
}

function differences(one: QuestionCase, result: Understanding, tally: QuestionScore['fields']): string[] {
  const wrong: string[] = [];
  for (const field of fields) {
    const want = comparable(field, one.expected[field]);
    if (want === undefined && scoredWhereStated.has(field)) continue;
    const got = comparable(field, result[field]);
    const count = (tally[field] ??= { asked: 0, right: 0 });
    count.asked += 1;
    if (want === got) count.right += 1;
    else wrong.push(`${field}: wanted ${want ?? 'none'}, got ${got ?? 'none'}`);
  }
  return wrong;
}

function comparable(field: (typeof fields)[number], value: unknown): string | undefined {
  if (value === undefined || value === false) return undefined;
  if (field === 'clarify') return 'a question back';
  if (Array.isArray(value)) return JSON.stringify(value.map(String).sort());
  return JSON.stringify(value);
}

function casesOf(set: QuestionSet): QuestionCase[] {
  const lines = read(set === 'fresh' ? 'fresh-questions.jsonl' : 'questions.jsonl')
    .split('\n')
    .filter((line) => line !== '');
  const cases = lines.map((line) => questionCase.parse(JSON.parse(line)));
  return set === 'all' || set === 'fresh' ? cases : cases.filter(({ split }) => split === set);
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}
