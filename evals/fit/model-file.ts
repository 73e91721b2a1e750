import type { LikelihoodModel } from '../../detection/diagnosis/likelihood.ts';

/** The model as the file that ships (`detection/diagnosis/likelihood-model.ts`), in the house's format. */
export function modelFile(model: LikelihoodModel, about: string): string {
  const quote = (name: string): string => `    ${name}: `;
  const pairs = (table: LikelihoodModel['candidate'] | LikelihoodModel['none']): string =>
    Object.entries(table)
      .map(([name, [weight, spread]]) => `${quote(name)}[${weight}, ${spread}],\n`)
      .join('');
  const numbers = (table: Record<string, number>): string =>
    `{ ${Object.entries(table)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', ')} }`;
  return `import type { LikelihoodModel } from './likelihood.ts';

/** Written by \`cerebro eval fit\` (see \`evals/README.md\`); not to be changed by hand. ${about} */
export const likelihoodModel: LikelihoodModel = {
  candidate: {
${pairs(model.candidate)}  },
  none: {
${pairs(model.none)}  },
  confidence: ${numbers(model.confidence)},
  healthy: [${model.healthy.join(', ')}],
  claim: ${numbers(model.claim)},
  proven: ${numbers(model.proven)},
};
`;
}
