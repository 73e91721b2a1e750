import { z } from 'zod';
import { bytesHash, canonicalJson } from '../../../infra/runtime/canonical-json.ts';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { OnlineFeatures, OnlineRow } from '../features/online-features.ts';
import type { Matrix } from '../../models/matrix.ts';
import type { BundleHead } from '../training/model-bundle.ts';
import {
  isNumberType,
  joinMessage,
  jsonLengthHeader,
  readTensors,
  splitMessage,
  tensorBytes,
} from './binary-tensors.ts';
import type { ModelServer } from './model-server.ts';

const parameters = z.record(z.string(), z.unknown()).optional();
const tensor = z.object({
  name: z.string(),
  shape: z.array(z.int().min(0)).min(1).max(3),
  datatype: z.string(),
  parameters,
  data: z.array(z.unknown()).optional(),
});
type Tensor = z.infer<typeof tensor>;
const inferRequest = z.object({
  id: z.string().optional(),
  parameters,
  inputs: z.array(tensor).min(1),
  outputs: z.array(z.object({ name: z.string(), parameters })).optional(),
});

/** A request as it came: JSON, or bytes of which the header says how many are JSON. */
export interface InferMessage {
  model: string;
  version?: string | undefined;
  body: unknown;
  jsonLength?: string | undefined;
  routingKey?: string | undefined;
}

/** An answer: JSON, or with bytes behind it and then the header that says so. */
export interface InferAnswer {
  body: object | Buffer;
  headers: Record<string, string>;
}

/**
 * Answers one inference request of the Open Inference Protocol over a model server, with the binary tensor data extension in both directions. The
 * input is `features` [rows, features], where null (or NaN) is a missing value; or, where features are kept online, `entity` BYTES [rows]: the newest
 * features of each, and `stale` says which of them are old. Outputs: `score` FP32, `abnormal` BOOL; where it is named `out_of_distribution` BOOL, the rows that lie
 * outside the model's training, so that their scores should not be relied on. Throws INPUT_INVALID and NOT_FOUND.
 */
export async function infer(
  deps: { server: ModelServer; online?: OnlineFeatures | undefined },
  message: InferMessage,
): Promise<InferAnswer> {
  const { server, online } = deps;
  const { json, bytes } =
    message.body instanceof Uint8Array
      ? splitMessage(message.body, message.jsonLength)
      : { json: message.body, bytes: undefined };
  const parsed = inferRequest.safeParse(json);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    throw new CerebroError(
      'INPUT_INVALID',
      `The inference request does not fit at ${first?.path.join('.')}: ${first?.message}.`,
    );
  }
  const request = parsed.data;
  const [input] = request.inputs;
  if (request.inputs.length !== 1 || input === undefined)
    throw new CerebroError('INPUT_INVALID', `One input tensor is expected, not ${request.inputs.length}.`);
  const [binary] = readTensors(request.inputs, bytes ?? new Uint8Array());
  const data = binary ?? input.data;
  if (data === undefined)
    throw new CerebroError('INPUT_INVALID', `The inference request does not fit at inputs.0: no data.`);
  const said = request.parameters?.['routing_key'] ?? message.routingKey;
  const routingKey = typeof said === 'string' ? said : undefined;
  const outside = isAsked(request, outsideOutput);
  let wanted: { reference?: string | undefined; routingKey?: string | undefined; outside?: boolean } = {
    reference: message.version,
    routingKey,
    outside,
  };
  let known: { rows: Matrix; stale: Float64Array } | undefined;
  if (online !== undefined && input.name === 'entity') {
    const entities = textsOf(input, data);
    const version = server.describe(message.model, message.version, routingKey);
    known = await newest(online, { model: message.model, head: server.headOf(version) }, entities);
    // The version whose features these are scores them, whatever the aliases say by now.
    wanted = { reference: String(version.version), outside };
  }
  const rows = known?.rows ?? rowsOf(input, data);
  checkOutputs(request, ['score', 'abnormal', outsideOutput, ...(known === undefined ? [] : ['stale'])]);
  const { version, scores, threshold, outOfDistribution } = await server.score(message.model, rows, wanted);
  const flags = (name: string, values: ArrayLike<number> | undefined): Output[] =>
    values === undefined ? [] : [{ name, datatype: 'BOOL', values: Float64Array.from(values) }];
  const outputs: Output[] = [
    { name: 'score', datatype: 'FP32', values: scores },
    ...flags(
      'abnormal',
      Array.from(scores, (score) => Number(score >= threshold)),
    ),
    ...flags('stale', known?.stale),
    ...flags(outsideOutput, outOfDistribution),
  ];
  const head = {
    model_name: message.model,
    model_version: String(version.version),
    ...(request.id === undefined ? {} : { id: request.id }),
  };
  return answerOf(head, chosenOf(outputs, request), rows.rows);
}

/** Told only where it is asked for, as it costs about a fifth of a score; so the metadata, all of which a client gets that names no output, leaves it out. */
const outsideOutput = 'out_of_distribution';

interface Output {
  name: string;
  datatype: 'FP32' | 'BOOL';
  values: Float64Array;
}

function isAsked({ outputs = [] }: z.infer<typeof inferRequest>, output: string): boolean {
  return outputs.some(({ name }) => name === output);
}

function checkOutputs({ outputs = [] }: z.infer<typeof inferRequest>, names: readonly string[]): void {
  const unknown = outputs.find(({ name }) => !names.includes(name));
  if (unknown !== undefined)
    throw new CerebroError('INPUT_INVALID', `There is no output ${unknown.name}; the outputs are ${names.join(', ')}.`);
}

/** The outputs that are asked for, in our order, and which of them as bytes. */
function chosenOf(outputs: readonly Output[], request: z.infer<typeof inferRequest>): (Output & { binary: boolean })[] {
  const { outputs: asked = [], parameters: all } = request;
  return outputs
    .filter(({ name }) => asked.length === 0 || asked.some((one) => one.name === name))
    .map((output) => {
      const own = asked.find(({ name }) => name === output.name)?.parameters?.['binary_data'];
      return { ...output, binary: (own ?? all?.['binary_data_output']) === true };
    });
}

function answerOf(head: object, outputs: readonly (Output & { binary: boolean })[], rows: number): InferAnswer {
  const tensors: Uint8Array[] = [];
  const described = outputs.map(({ name, datatype, values, binary }) => {
    const about = { name, datatype, shape: [rows] };
    if (!binary) return { ...about, data: Array.from(values, (value) => (datatype === 'BOOL' ? value === 1 : value)) };
    const bytes = tensorBytes(datatype, values);
    tensors.push(bytes);
    return { ...about, parameters: { binary_data_size: bytes.length } };
  });
  const json = { ...head, outputs: described };
  if (tensors.length === 0) return { body: json, headers: {} };
  const { body, jsonLength } = joinMessage(json, tensors);
  return { body, headers: { [jsonLengthHeader]: String(jsonLength), 'content-type': 'application/octet-stream' } };
}

/** Under what name features of this model are kept online: models with the same features share them. */
export function onlineSetOf({ featureSet, features }: Pick<BundleHead, 'featureSet' | 'features'>): string {
  return `${featureSet.name}@${featureSet.version}:${bytesHash(canonicalJson(features)).slice(0, 12)}`;
}

/** The newest features of each entity, row by row. Throws NOT_FOUND that names the first without any. */
async function newest(
  online: OnlineFeatures,
  { model, head }: { model: string; head: BundleHead },
  entities: readonly string[],
): Promise<{ rows: Matrix; stale: Float64Array }> {
  const set = onlineSetOf(head);
  const rows = await Promise.all(entities.map((entity) => online.get(set, entity)));
  const found = rows.map((row, place): OnlineRow => {
    if (row !== undefined) return row;
    throw new CerebroError(
      'NOT_FOUND',
      `There are no features of ${entities[place]} for ${model} online, or they are too old; \`cerebro detect --keep\` writes them.`,
    );
  });
  const columns = found[0]?.values.length ?? 0;
  const values = new Float32Array(found.length * columns);
  for (const [place, row] of found.entries()) values.set(row.values, place * columns);
  return {
    rows: { rows: found.length, columns, values },
    stale: Float64Array.from(found, ({ stale }) => Number(stale)),
  };
}

function textsOf({ name, datatype, shape }: Tensor, data: ArrayLike<unknown>): string[] {
  const texts = Array.from(data).filter((one) => typeof one === 'string');
  if (datatype !== 'BYTES' || shape.length !== 1 || shape[0] !== data.length || texts.length !== data.length)
    throw new CerebroError('INPUT_INVALID', `${name} takes BYTES [rows], one name a row.`);
  return texts;
}

/** The rows of a tensor; data may be flat or nested, as the protocol allows. */
function rowsOf({ name, shape, datatype }: Tensor, data: ArrayLike<unknown>): Matrix {
  if (!isNumberType(datatype))
    throw new CerebroError('INPUT_INVALID', `${name} has the datatype ${datatype}; numbers are expected.`);
  const [rows, columns] =
    shape.length === 1 ? [1, shape[0]!] : [shape[0]!, shape.slice(1).reduce((left, right) => left * right, 1)];
  const flat: ArrayLike<unknown> = Array.isArray(data) && Array.isArray(data[0]) ? data.flat(2) : data;
  if (flat.length !== rows * columns)
    throw new CerebroError(
      'INPUT_INVALID',
      `${name} has ${flat.length} values, its shape ${shape.join(' x ')} needs ${rows * columns}.`,
    );
  const values = new Float32Array(flat.length);
  for (let i = 0; i < flat.length; i += 1) {
    const value = flat[i];
    if (typeof value === 'number') values[i] = value;
    else if (value === null) values[i] = NaN;
    else if (typeof value === 'boolean') values[i] = value ? 1 : 0;
    else throw new CerebroError('INPUT_INVALID', `${name} holds ${JSON.stringify(value)} at ${i}, which is no number.`);
  }
  return { rows, columns, values };
}
