import { CerebroError } from '../../infra/runtime/errors.ts';
import type { ModelBook, ModelCard } from './server/console-deps.ts';

const start = Date.UTC(2026, 10, 1);
const card: ModelCard = {
  name: 'checkout-latency',
  version: 2,
  stage: 'production',
  role: 'champion',
  method: 'gradient-boosting',
  createdAt: '2026-11-01T00:00:00.000Z',
  aliases: ['champion'],
  metrics: { aucPr: 0.91, auroc: 0.98, recall: 0.88 },
  lineage: { dataHash: 'd0', featureSet: 'host@1', seed: 1 },
  options: { depth: 6, trees: 100 },
  importance: [
    { feature: 'latency:std:15', share: 0.6 },
    { feature: 'latency:change:5', share: 0.2 },
  ],
  confusion: { truePositive: 22, falsePositive: 3, falseNegative: 3, trueNegative: 780 },
  threshold: 0.5,
  curve: {
    entity: 'checkout',
    column: 'latency',
    scores: Array.from({ length: 60 }, (_, r) => [start + r * 60_000, r > 40 && r < 48 ? 0.9 : 0.05]),
    values: Array.from({ length: 60 }, (_, r) => [start + r * 60_000, r > 40 && r < 48 ? 4 : 0.2]),
  },
  events: [{ at: '2026-11-01T00:00:00.000Z', version: 2, what: 'production' }],
};

/** Two versions of one model, for a console without an engine. */
export const fakeModels: ModelBook = {
  list: () => [
    card,
    { ...card, version: 1, stage: 'archived', role: 'forest', method: 'isolation-forest', aliases: [] },
  ],
  card(name, version) {
    if (name !== card.name || version > 2) throw new CerebroError('NOT_FOUND', `There is no model ${name} ${version}.`);
    return { ...card, version };
  },
};
