import { z } from 'zod';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { HttpClient } from '../../infra/runtime/http.ts';
import type { Matrix } from '../matrix.ts';

const metadata = z.object({
  name: z.string(),
  versions: z.array(z.string()).optional(),
  platform: z.string().optional(),
  inputs: z.array(z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.number()) })),
  outputs: z.array(z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.number()) })),
});
export type KserveMetadata = z.infer<typeof metadata>;
const inferReply = z.object({
  model_name: z.string(),
  model_version: z.string().optional(),
  outputs: z.array(
    z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.number()), data: z.array(z.unknown()) }),
  ),
});

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

/** A client of the Open Inference Protocol's HTTP door (KServe v2). Missing values are sent as null. Errors as the HTTP client's. */
export function createKserveClient(http: HttpClient, model: { name: string; version?: string }): KserveClient {
  const base = `/v2/models/${encodeURIComponent(model.name)}${model.version === undefined ? '' : `/versions/${encodeURIComponent(model.version)}`}`;
  let known: KserveMetadata | undefined;
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
      const reply = await http.request(`${base}/infer`, {
        method: 'POST',
        idempotent: true,
        body: {
          inputs: [
            {
              name: input.name,
              datatype: input.datatype,
              shape: [rows.rows, rows.columns],
              data: Array.from(rows.values, (value) => (Number.isFinite(value) ? value : null)),
            },
          ],
          ...(options.output === undefined ? {} : { outputs: [{ name: options.output }] }),
        },
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      const { outputs, model_version: version } = read(inferReply, reply.json(), model.name);
      const output = options.output === undefined ? outputs[0] : outputs.find(({ name }) => name === options.output);
      if (output === undefined)
        throw new CerebroError(
          'BACKEND_MALFORMED',
          `${model.name} answered without the output ${options.output ?? ''}.`,
        );
      return { values: Float64Array.from(output.data, Number), shape: output.shape, version };
    },
  };
}

function read<T>(schema: z.ZodType<T>, json: unknown, model: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new CerebroError(
    'BACKEND_MALFORMED',
    `The server of ${model} answered in another form than KServe v2: ${parsed.error.issues[0]?.message}.`,
  );
}
