import { CerebroError } from '../../../infra/runtime/errors.ts';

/** Tells where the JSON of a message ends and its tensors' bytes begin. */
export const jsonLengthHeader = 'inference-header-content-length';
/** The name of the extension in a server's metadata. */
export const binaryExtension = 'binary_tensor_data';

/** What is needed of a tensor to read its bytes; `binary_data_size` is there when they follow the JSON. */
export interface TensorHead {
  name: string;
  datatype: string;
  parameters?: Readonly<Record<string, unknown>> | undefined;
}

const arrays = {
  FP32: Float32Array,
  FP64: Float64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  INT64: BigInt64Array,
  UINT64: BigUint64Array,
  BOOL: Uint8Array,
} as const;
type NumberType = keyof typeof arrays;

/** Datatypes that hold numbers. */
export function isNumberType(datatype: string): datatype is NumberType {
  return Object.hasOwn(arrays, datatype);
}

/** A message in two: its JSON, and the bytes of its tensors. Without a length all of it is JSON. Throws INPUT_INVALID. */
export function splitMessage(body: Uint8Array, jsonLength: string | undefined): { json: unknown; bytes: Uint8Array } {
  const length = jsonLength === undefined ? body.length : Number(jsonLength);
  if (!Number.isInteger(length) || length < 0 || length > body.length)
    throw new CerebroError('INPUT_INVALID', `${jsonLengthHeader} is ${jsonLength}, the body has ${body.length} bytes.`);
  try {
    return { json: JSON.parse(Buffer.from(body.subarray(0, length)).toString()), bytes: body.subarray(length) };
  } catch (thrown) {
    throw new CerebroError('INPUT_INVALID', `The first ${length} bytes of the message are not JSON.`, {
      cause: thrown,
    });
  }
}

/**
 * The values of each tensor whose bytes follow the JSON, in the order of the tensors; undefined for one that carries its data itself. Numbers are
 * little-endian, texts (BYTES) each behind its length in four bytes. Throws INPUT_INVALID when sizes do not add up.
 */
export function readTensors(
  tensors: readonly TensorHead[],
  bytes: Uint8Array,
): (ArrayLike<number> | string[] | undefined)[] {
  let at = 0;
  const values = tensors.map((tensor) => {
    const size = tensor.parameters?.['binary_data_size'];
    if (size === undefined) return undefined;
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || at + size > bytes.length)
      throw new CerebroError(
        'INPUT_INVALID',
        `${tensor.name} says that ${JSON.stringify(size)} bytes follow; there are ${bytes.length - at}.`,
      );
    // A copy, because the bytes may not start where numbers of their width may.
    const own = Uint8Array.from(bytes.subarray(at, at + size));
    at += size;
    return tensor.datatype === 'BYTES' ? textsOf(tensor.name, own) : numbersOf(tensor, own);
  });
  if (at !== bytes.length)
    throw new CerebroError('INPUT_INVALID', `${bytes.length - at} bytes follow the tensors and belong to none.`);
  return values;
}

/** Values as the bytes of a datatype. */
export function tensorBytes(datatype: 'FP32' | 'FP64' | 'BOOL', values: Iterable<number>): Uint8Array {
  const array = arrays[datatype].from(values);
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** JSON with tensors behind it, and the length of the JSON. */
export function joinMessage(
  json: object,
  tensors: readonly Uint8Array[],
): { body: Buffer<ArrayBuffer>; jsonLength: number } {
  const head = Buffer.from(JSON.stringify(json));
  return { body: Buffer.concat([head, ...tensors]), jsonLength: head.length };
}

function numbersOf({ name, datatype }: TensorHead, bytes: Uint8Array<ArrayBuffer>): ArrayLike<number> {
  if (!isNumberType(datatype))
    throw new CerebroError('INPUT_INVALID', `${name} has the datatype ${datatype}; numbers are expected.`);
  const kind = arrays[datatype];
  if (bytes.length % kind.BYTES_PER_ELEMENT !== 0)
    throw new CerebroError('INPUT_INVALID', `${name} has ${bytes.length} bytes, no multiple of a ${datatype}.`);
  const array = new kind(bytes.buffer);
  return array instanceof BigInt64Array || array instanceof BigUint64Array ? Float64Array.from(array, Number) : array;
}

function textsOf(name: string, bytes: Uint8Array<ArrayBuffer>): string[] {
  const view = new DataView(bytes.buffer);
  const texts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = at + 4 <= bytes.length ? view.getUint32(at, true) : Infinity;
    if (at + 4 + length > bytes.length)
      throw new CerebroError('INPUT_INVALID', `A text of ${name} is longer than the bytes that are there.`);
    texts.push(Buffer.from(bytes.subarray(at + 4, at + 4 + length)).toString());
    at += 4 + length;
  }
  return texts;
}
