import type { OnnxNode } from '../onnx/encode-model.ts';

/** A distance or error in [0, inf) as a score in [0, 1): one half at `half`. Keeps the order. */
export function boundedScore(value: number, half: number): number {
  return Number.isFinite(value) ? value / (value + half) : 1;
}

/** The same in ONNX, `scores` of two names. */
export function boundedScoreOnnx(value: string, half: string): OnnxNode[] {
  return [
    { op: 'Add', inputs: [value, half], outputs: ['raised'] },
    { op: 'Div', inputs: [value, 'raised'], outputs: ['scores'] },
  ];
}

/** Where the score is one half: the 99th percentile in training, so that one normal row in a hundred scores above it. Never 0. */
export function halfOf(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  return Math.max(sorted[Math.floor(sorted.length * 0.99)] ?? 1, 1e-9);
}
