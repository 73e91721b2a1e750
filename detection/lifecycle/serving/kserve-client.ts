import { z } from 'zod';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { HttpClient, HttpReply } from '../../../infra/runtime/http.ts';
import type { Matrix } from '../../models/matrix.ts';
import {
  binaryExtension,
  joinMessage,
  jsonLengthHeader,
  readTensors,
  splitMessage,
  tensorBytes,
} from './binary-tensors.ts';

const described = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.number()) });
const metadata = z.object({
  name: z.string(),
  versions: z.array(z.string()).nullish(),
  platform: z.string().nullish(),
  // Some servers leave out what their model did not declare.
  inputs: z
    .array(described)
    .nullish()
    .transform((list) => list ?? []),
  outputs: z
    .array(described)
    .nullish()
    .transform((list) => list ?? []),
});
export type KserveMetadata = z.infer<typeof metadata>;
const inferReply = z.object({
  model_name: z.string(),
  model_version: z.string().nullish(),
  outputs: z.array(
    described.extend({
      parameters: z
        .record(z.string(), z.unknown())
        .nullish()
        .transform((one) => one ?? undefined),
      data: z.array(z.unknown()).optional(),
    }),
  ),
});
const serverReply = z.object({ extensions: z.array(z.string()).default([]) });

/** A model on a Triton or KServe of the user's. */
export interface KserveClient {
  isReady(): Promise<boolean>;
  metadata(): Promise<KserveMetadata>;
  /** Numbers of one output, row-major. The first output unless named. Throws BACKEND_MALFORMED. */
  infer(
    rows: Matrix,
    options?: { output?: string; signal?: AbortSignal },
  ): Promise<{ values: Float64Array; shape: readonly number[]; version: string | undefined }>;
}

/**
 * A client of the Open Inference Protocol's HTTP door (KServe v2). Where the server knows binary tensor data (Triton, Cerebro) rows go and come as
 * bytes, a missing value as NaN; else as JSON, a missing value as null. Errors as the HTTP client's.
 */
export function createKserveClient(http: HttpClient, model: { name: string; version?: string }): KserveClient {
  const base = `/v2/models/${encodeURIComponent(model.name)}${model.version === undefined ? '' : `/versions/${encodeURIComponent(model.version)}`}`;
  let known: KserveMetadata | undefined;
  let binary: boolean | undefined;
  const speaksBinary = async (): Promise<boolean> => {
    try {
      binary ??= read(serverReply, (await http.request('/v2')).json(), model.name).extensions.includes(binaryExtension);
    } catch (thrown) {
      // A proxy may let through only the models' own paths.
      if (!(thrown instanceof CerebroError) || thrown.code !== 'BACKEND_REJECTED') throw thrown;
      binary = false;
    }
    return binary;
  };
  const describe = async (): Promise<KserveMetadata> => {
    known ??= read(metadata, (await http.request(base)).json(), model.name);
    return known;
  };
  return {
    async isReady() {
      try {
        await http.request(`${base}/ready`);
        return true;
      } catch (thrown) {
        if (thrown instanceof CerebroError && thrown.code.startsWith('BACKEND')) return false;
        throw thrown;
      }
    },
    metadata: describe,
    async infer(rows, options = {}) {
      const { inputs } = await describe();
      const [input] = inputs;
      if (input === undefined) throw new CerebroError('BACKEND_MALFORMED', `${model.name} names no input.`);
      const about = { name: input.name, datatype: input.datatype, shape: [rows.rows, rows.columns] };
      const output = options.output === undefined ? {} : { outputs: [{ name: options.output }] };
      const asBytes = (input.datatype === 'FP32' || input.datatype === 'FP64') && (await speaksBinary());
      const message = asBytes
        ? binaryMessage(about, rows, output)
        : { body: { inputs: [{ ...about, data: Array.from(rows.values, finiteOrNull) }], ...output } };
      const reply = await http.request(`${base}/infer`, {
        method: 'POST',
        idempotent: true,
        ...message,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      const { outputs, version } = readAnswer(reply, model.name);
      const found = options.output === undefined ? outputs[0] : outputs.find(({ name }) => name === options.output);
      if (found === undefined)
        throw new CerebroError(
          'BACKEND_MALFORMED',
          `${model.name} answered without the output ${options.output ?? ''}.`,
        );
      return { values: found.values, shape: found.shape, version };
    },
  };
}

/** A request whose rows follow it as bytes, and that asks for the same in return. */
function binaryMessage(
  about: { name: string; datatype: string; shape: number[] },
  rows: Matrix,
  output: object,
): { body: Uint8Array; headers: Record<string, string> } {
  const bytes = tensorBytes(about.datatype === 'FP64' ? 'FP64' : 'FP32', rows.values);
  const { body, jsonLength } = joinMessage(
    {
      inputs: [{ ...about, parameters: { binary_data_size: bytes.length } }],
      parameters: { binary_data_output: true },
      ...output,
    },
    [bytes],
  );
  return {
    body,
    headers: { [jsonLengthHeader]: String(jsonLength), 'content-type': 'application/octet-stream' },
  };
}

function readAnswer(
  reply: HttpReply,
  model: string,
): { outputs: { name: string; shape: number[]; values: Float64Array }[]; version: string | undefined } {
  try {
    const { json, bytes } = splitMessage(reply.bytes(), reply.headers.get(jsonLengthHeader) ?? undefined);
    const { outputs, model_version: version } = read(inferReply, json, model);
    const binary = readTensors(outputs, bytes);
    return {
      outputs: outputs.map(({ name, shape, data }, place) => ({
        name,
        shape,
        values: Float64Array.from(binary[place] ?? data?.flat(Infinity) ?? [], Number),
      })),
      version: version ?? undefined,
    };
  } catch (thrown) {
    if (!(thrown instanceof CerebroError) || thrown.code !== 'INPUT_INVALID') throw thrown;
    throw new CerebroError('BACKEND_MALFORMED', `The server of ${model} answered wrongly: ${thrown.message}`, {
      cause: thrown,
    });
  }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function read<T>(schema: z.ZodType<T>, json: unknown, model: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new CerebroError(
    'BACKEND_MALFORMED',
    `The server of ${model} answered in another form than KServe v2: ${parsed.error.issues[0]?.message}.`,
  );
}
