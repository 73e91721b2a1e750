import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { OnnxModel } from '../contracts.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { Matrix } from '../matrix.ts';

/**
 * One pass of rows through an ONNX model, as float32, on one thread: how tests and promotion compare a model's file with
 * its native scores. `dims` are the dimensions after the batch where they are not [columns]. Loads the model anew at each
 * call; serving keeps its sessions.
 */
export async function runOnnx(
  model: OnnxModel,
  rows: Matrix,
  dims: readonly number[] = [rows.columns],
): Promise<Float32Array> {
  const session = await InferenceSession.create(model.bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const input = new Tensor('float32', Float32Array.from(rows.values), [rows.rows, ...dims]);
    const answer = await session.run({ [model.input]: input }, [model.output]);
    const data = answer[model.output]?.data;
    if (!(data instanceof Float32Array))
      throw new CerebroError('INPUT_INVALID', `the output ${model.output} is not float32`);
    return data;
  } finally {
    await session.release();
  }
}
