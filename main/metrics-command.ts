import { existsSync, readFileSync, statSync } from 'node:fs';
import { explainMetric } from '../detection/evidence/technologies/explain-metric.ts';
import type { MetricHints } from '../detection/evidence/technologies/metric-hints.ts';
import type {
  KnowledgeSource,
  LimitPartner,
  MetricKnowledge,
} from '../detection/evidence/technologies/metric-knowledge.ts';
import { isUnderstood } from '../detection/evidence/technologies/metric-knowledge.ts';
import { metricsOfRules } from '../detection/evidence/technologies/uses-of-rules.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import { readExposition, readKey } from '../tools/sources/collector/exposition.ts';
import { readRuleFile, textsOf } from './read-rule-file.ts';

const sources: Readonly<Record<KnowledgeSource, string>> = {
  table: 'a table',
  metadata: 'its metadata',
  use: 'the rules that use it',
  name: 'its name alone',
};
const hows: Readonly<Record<LimitPartner['how'], (metric: string) => string>> = {
  limit: (metric) => `its limit is ${metric}`,
  rest: (metric) => `what is left is ${metric}`,
  used: (metric) => `it is the limit of ${metric}`,
  total: (metric) => `of ${metric}`,
  now: () => 'against the time now',
};

/**
 * Says what is understood of a metric, or of each in a file: names (one a line), an exposition, or a file of Prometheus rules. With `json` as data, one
 * object a metric. Throws INPUT_INVALID when the file holds no metric.
 */
export function explainMetrics(asked: string, { json }: { json?: boolean }, say: (text: string) => void): void {
  const metrics = existsSync(asked) && statSync(asked).isFile() ? metricsOfFile(asked) : new Map([[asked, {}]]);
  const told = [...metrics].map(([metric, hints]) => explainMetric(metric, hints));
  if (json === true) {
    say(`${JSON.stringify(told.map(dataOf), undefined, 2)}\n`);
    return;
  }
  for (const one of told) say(linesOf(one));
  if (told.length > 1) say(`${told.filter(isUnderstood).length} of ${told.length} metrics understood.\n`);
}

function metricsOfFile(path: string): Map<string, MetricHints> {
  const text = readFileSync(path, 'utf8');
  const found = /^\s*(groups|spec|apiVersion)\s*:/m.test(text)
    ? metricsOfRules(readRuleFile(text, path).map(textsOf))
    : metricsOfExposition(text);
  if (found.size === 0)
    throw new CerebroError('INPUT_INVALID', `${path} holds no metric: names, an exposition or rules are expected.`);
  return found;
}

/** Names one a line, or an exposition with its TYPE, HELP and UNIT. */
function metricsOfExposition(text: string): Map<string, MetricHints> {
  const families = new Map<string, MetricHints>();
  const names = new Set<string>();
  readExposition(text, {
    sample: (key) => names.add(readKey(key)?.name ?? key),
    malformed: (line) => {
      const name = line.trim();
      if (/^[a-zA-Z_][\w.:/-]*$/.test(name)) names.add(name);
    },
    family: (name, facts) => families.set(name, { ...families.get(name), ...facts }),
  });
  const others = new Set(names);
  return new Map(
    [...names].sort().map((name) => [
      name,
      {
        ...(families.get(name) ?? families.get(name.replace(/_(bucket|sum|count|total|info|created)$/, ''))),
        others,
      },
    ]),
  );
}

function dataOf(one: MetricKnowledge): Record<string, unknown> {
  const { metric, technology, type, unit, facet, subject, owner, limit, good, states, source } = one;
  return {
    metric,
    understood: isUnderstood(one),
    technology,
    type,
    unit,
    aspect: facet,
    subject,
    owner,
    limit,
    good,
    states,
    by: source,
  };
}

function linesOf(one: MetricKnowledge): string {
  const { metric, technology, type, unit, facet, subject, owner, limit, good, states, source } = one;
  const facts = [
    `${facet}: ${subject}`,
    `${type}${unit === undefined ? '' : ` in ${unit}`}`,
    `of the ${owner.kind}${owner.labels.length === 0 ? '' : ` (${owner.labels.join(', ')})`}`,
    ...(limit === undefined ? [] : [hows[limit.how](limit.metric)]),
    ...(good === undefined ? [] : [`${good === 'up' ? 'more' : 'less'} is better`]),
    ...(states === undefined
      ? []
      : [
          Object.entries(states)
            .map(([value, name]) => `${value} ${name}`)
            .join(', '),
        ]),
  ];
  const from = technology === undefined ? '' : `${technology}; `;
  return `${metric}\n  ${facts.join('; ')}\n  ${from}${isUnderstood(one) ? '' : 'not understood, as far as it goes '}by ${sources[source]}\n`;
}
