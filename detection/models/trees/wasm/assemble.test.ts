import { describe, expect, it } from 'vitest';
import { add, assemble, constant, get, lessUnsigned, loadLong, repeatWhile, set, storeLong } from './assemble.ts';

describe('an assembled module', () => {
  it('runs over the memory it is given', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const words = new Int32Array(memory.buffer);
    words.set([1, 2, 3, 4]);
    const copy = {
      name: 'copy',
      parameters: 3,
      integers: 0,
      code: [
        repeatWhile(
          [storeLong(get(1), loadLong(get(0))), set(0, add(get(0), constant(8))), set(1, add(get(1), constant(8)))],
          lessUnsigned(get(0), get(2)),
        ),
      ],
    };
    const constants = { name: 'store', parameters: 1, integers: 0, code: [get(0), constant(-123_456), [0x36, 2, 0]] };
    const functions = assemble([copy, constants], { memory, pages: { initial: 1, maximum: 1, shared: false } });
    functions['copy']!(0, 400, 16);
    functions['store']!(800);
    expect([...words.subarray(100, 104)]).toEqual([1, 2, 3, 4]);
    expect(words[200]).toBe(-123_456);
  });
});
