/**
 * A WebAssembly module written in place: the few inner loops of training and scoring, where V8's bounds checks and mispredicted branches cost
 * more than the work. Numbers are those of the WebAssembly core specification, section 5 (binary format). Each has a twin in plain TypeScript
 * that its test holds it to.
 */
export interface WasmFunction {
  name: string;
  /** Parameters, all i32: locals 0, 1, ... in code. */
  parameters: number;
  /** Further locals, after the parameters: i32 first, then i64, then f32. */
  integers: number;
  longs?: number;
  singles?: number;
  code: readonly Code[];
}

/** Bytes of code, nested as one likes. */
export type Code = number | readonly Code[];

export interface WasmMemory {
  memory: WebAssembly.Memory;
  pages: { initial: number; maximum: number; shared: boolean };
}

/** Magic number and version. */
const preamble = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** Bytes in a page of WebAssembly memory. */
export const pageBytes = 65_536;

/** The functions over a memory, by name. All take i32 numbers and return nothing. */
export function assemble(
  functions: readonly WasmFunction[],
  { memory, pages }: WasmMemory,
): Record<string, (...numbers: number[]) => void> {
  const limits = [pages.shared ? 3 : 1, ...unsigned(pages.initial), ...unsigned(pages.maximum)];
  const bytes = [
    ...preamble,
    ...section(
      1,
      vector(functions.map((own) => [0x60, ...vector(Array.from({ length: own.parameters }, () => [0x7f])), 0])),
    ),
    ...section(2, vector([[...text('own'), ...text('memory'), 2, ...limits]])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(7, vector(functions.map((own, index) => [...text(own.name), 0, ...unsigned(index)]))),
    ...section(10, vector(functions.map((own) => withLength(bodyOf(own))))),
  ];
  const instance = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)), { own: { memory } });
  // the signature is the one written above; called directly because a wrapper would cost more than many of the calls
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return instance.exports as Record<string, (...numbers: number[]) => void>;
}

export const get = (local: number): Code => [0x20, local];
export const set = (local: number, value: Code): Code => [value, 0x21, local];
export const constant = (value: number): Code => [0x41, signed(value)];
export const add = (a: Code, b: Code): Code => [a, b, 0x6a];
export const shiftLeft = (a: Code, bits: number): Code => [a, constant(bits), 0x74];
export const loadByte = (at: Code): Code => [at, 0x2d, 0, 0];
export const loadInteger = (at: Code, offset = 0): Code => [at, 0x28, 2, unsigned(offset)];
export const loadSingle = (at: Code, offset = 0): Code => [at, 0x2a, 2, unsigned(offset)];
export const loadDouble = (at: Code): Code => [at, 0x2b, 3, 0];
export const loadLong = (at: Code): Code => [at, 0x29, 3, 0];
export const storeLong = (at: Code, value: Code): Code => [at, value, 0x37, 3, 0];
export const storeDouble = (at: Code, value: Code): Code => [at, value, 0x39, 3, 0];
export const addLong = (a: Code, b: Code): Code => [a, b, 0x7c];
export const subtractLong = (a: Code, b: Code): Code => [a, b, 0x7d];
export const addDouble = (a: Code, b: Code): Code => [a, b, 0xa0];
/** 1 where a > b, both f32; else 0. */
export const greaterSingle = (a: Code, b: Code): Code => [a, b, 0x5e];
/** `a` where the condition holds, else `b`; both are worked out. */
export const choose = (a: Code, b: Code, condition: Code): Code => [a, b, condition, 0x1b];
export const differsSingle = (a: Code, b: Code): Code => [a, b, 0x5c];
export const storeByte = (at: Code, value: Code): Code => [at, value, 0x3a, 0, 0];
/** Does `body` again while `condition` holds; at least once. */
export const repeatWhile = (body: Code, condition: Code): Code => [0x03, 0x40, body, condition, 0x0d, 0, 0x0b];
export const lessUnsigned = (a: Code, b: Code): Code => [a, b, 0x49];

function bodyOf({ integers, longs = 0, singles = 0, code }: WasmFunction): number[] {
  const groups = [[integers, 0x7f] as const, [longs, 0x7e] as const, [singles, 0x7d] as const].filter(
    ([count]) => count > 0,
  );
  return [...vector(groups.map(([count, type]) => [...unsigned(count), type])), ...flat(code), 0x0b];
}

function flat(code: Code): number[] {
  return typeof code === 'number' ? [code] : code.flatMap(flat);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...withLength(content)];
}

function withLength(content: readonly number[]): number[] {
  return [...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  return withLength([...new TextEncoder().encode(value)]);
}

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
  out.push(rest);
  return out;
}

/** Signed LEB128 of a 32-bit number. */
function signed(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  while (rest < -64 || rest > 63) {
    out.push((rest & 127) | 128);
    rest >>= 7;
  }
  out.push(rest & 127);
  return out;
}
