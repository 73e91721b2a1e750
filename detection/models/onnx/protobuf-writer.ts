/** Builds one protobuf message, field by field, in the order called (protobuf encoding, proto3: varint, fixed32, length-delimited). */
export interface ProtobufWriter {
  /** A varint field; negative numbers take ten bytes, as int64 does. Integers beyond 2^53 are refused with a RangeError. */
  int(field: number, value: number): ProtobufWriter;
  float(field: number, value: number): ProtobufWriter;
  text(field: number, value: string): ProtobufWriter;
  bytes(field: number, value: Uint8Array): ProtobufWriter;
  message(field: number, value: ProtobufWriter): ProtobufWriter;
  packedFloats(field: number, values: ArrayLike<number>): ProtobufWriter;
  packedInts(field: number, values: ArrayLike<number>): ProtobufWriter;
  /** All written so far as one array. Cost: one copy. */
  finish(): Uint8Array;
}

/** An empty message. */
export function createProtobufWriter(): ProtobufWriter {
  let buffer = new Uint8Array(256);
  let length = 0;
  const reserve = (more: number): void => {
    if (length + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(length + more, buffer.length * 2));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  };
  const varint = (value: number): void => {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not an integer that a varint can hold`);
    reserve(10);
    if (value < 0) {
      let rest = BigInt.asUintN(64, BigInt(value));
      for (; rest > 127n; rest >>= 7n) buffer[length++] = Number(rest & 127n) | 128;
      buffer[length++] = Number(rest);
      return;
    }
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) buffer[length++] = (rest % 128) | 128;
    buffer[length++] = rest;
  };
  const raw = (value: Uint8Array): void => {
    reserve(value.length);
    buffer.set(value, length);
    length += value.length;
  };
  const delimited = (field: number, value: Uint8Array): void => {
    varint(field * 8 + 2);
    varint(value.length);
    raw(value);
  };
  const writer: ProtobufWriter = {
    int: (field, value) => {
      varint(field * 8);
      varint(value);
      return writer;
    },
    float: (field, value) => {
      varint(field * 8 + 5);
      raw(littleEndianFloats([value]));
      return writer;
    },
    text: (field, value) => {
      delimited(field, new TextEncoder().encode(value));
      return writer;
    },
    bytes: (field, value) => {
      delimited(field, value);
      return writer;
    },
    message: (field, value) => writer.bytes(field, value.finish()),
    packedFloats: (field, values) => writer.bytes(field, littleEndianFloats(values)),
    packedInts: (field, values) => {
      const packed = createVarints(values);
      return writer.bytes(field, packed);
    },
    finish: () => buffer.slice(0, length),
  };
  /** The varints of a packed field, without a tag before each. */
  const createVarints = (values: ArrayLike<number>): Uint8Array => {
    const [outer, outerLength] = [buffer, length];
    buffer = new Uint8Array(values.length * 2 + 10);
    length = 0;
    for (let index = 0; index < values.length; index += 1) varint(values[index]!);
    const packed = buffer.slice(0, length);
    [buffer, length] = [outer, outerLength];
    return packed;
  };
  return writer;
}

/** IEEE 754 single precision, least significant byte first, whatever the machine. */
export function littleEndianFloats(values: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (let index = 0; index < values.length; index += 1) view.setFloat32(index * 4, values[index]!, true);
  return new Uint8Array(view.buffer);
}
