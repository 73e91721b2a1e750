import { join } from 'node:path';
import { createBedrockModel } from '../agents/reasoners/bedrock.ts';
import type { ChatModel } from '../agents/reasoners/chat-model.ts';
import { createModelBudget, modelBudgetMigrations } from '../agents/reasoners/model-budget.ts';
import { createModelReasoner } from '../agents/reasoners/model.ts';
import { createOpenAiModel } from '../agents/reasoners/openai.ts';
import { createRulesReasoner } from '../agents/reasoners/rules.ts';
import type { Config } from '../config.ts';
import { openDatabase } from '../infra/runtime/database.ts';
import { CerebroError } from '../infra/runtime/errors.ts';
import type { Reasoner } from '../infra/runtime/reasoner.ts';
import type { AppDeps } from './app-deps.ts';

/** The reasoner that the config names. Throws CONFIG_INVALID when a model is chosen without what it needs. */
export function buildReasoner(
  config: Config['reasoner'],
  deps: AppDeps,
  folder: string,
): Reasoner & { close(): Promise<void> } {
  if (config.kind === 'rules') return { ...createRulesReasoner(deps), close: () => Promise.resolve() };
  const database = openDatabase(join(folder, 'model-budget.db'), modelBudgetMigrations);
  const budget = createModelBudget(
    { clock: deps.clock, database },
    {
      tokensPerDay: config.tokensPerDay,
      dollarsPerDay: config.dollarsPerDay,
      dollarsPerMillionInput: config.dollarsPerMillionInput,
      dollarsPerMillionOutput: config.dollarsPerMillionOutput,
    },
  );
  const model = buildModel(config);
  const reasoner = createModelReasoner(
    { ...deps, model, budget },
    { attemptTimeoutMs: config.timeoutMs, withhold: config.withhold },
  );
  return {
    ...reasoner,
    close: () => {
      model.close();
      database.close();
      return Promise.resolve();
    },
  };
}

function buildModel(config: Config['reasoner']): ChatModel {
  const { model, url, apiKey, region } = config;
  if (model === undefined) throw missing('reasoner.model', 'CEREBRO_MODEL');
  if (config.kind === 'bedrock') {
    if (region === undefined) throw missing('reasoner.region', 'AWS_REGION');
    return createBedrockModel({ region, modelId: model, ...(url === undefined ? {} : { endpoint: url }) });
  }
  if (url === undefined) throw missing('reasoner.url', 'CEREBRO_MODEL_URL');
  return createOpenAiModel({ baseUrl: url, model, ...(apiKey === undefined ? {} : { apiKey }) });
}

function missing(path: string, variable: string): CerebroError {
  return new CerebroError('CONFIG_INVALID', `${path} is missing; set ${variable} or the config file.`);
}
