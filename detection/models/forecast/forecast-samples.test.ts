import { expect, it } from 'vitest';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Forecaster } from '../contracts.ts';
import { forecastSamples } from './forecast-samples.ts';

it('gives nothing, and no error, for a series that no method can forecast', () => {
  const refusing = (code: 'INPUT_INVALID' | 'INTERNAL'): Forecaster => ({
    method: 'made',
    forecast: () => {
      throw new CerebroError(code, 'it needs 4 values');
    },
  });
  const samples = Array.from({ length: 10 }, (_, step): [number, number] => [step * 1_000, step]);
  expect(forecastSamples(samples, refusing('INPUT_INVALID'), { horizonMs: 10_000 })).toBeUndefined();
  expect(() => forecastSamples(samples, refusing('INTERNAL'), { horizonMs: 10_000 })).toThrow(/4 values/);
});
