/** Forward discrete Fourier transform in place: radix 2, decimation in time (Cooley and Tukey 1965). The length must be a power of two. O(n log n). */
export function fourier(real: Float64Array, imaginary: Float64Array): void {
  const n = real.length;
  for (let at = 1, reversed = 0; at < n; at += 1) {
    let bit = n >> 1;
    for (; (reversed & bit) !== 0; bit >>= 1) reversed ^= bit;
    reversed ^= bit;
    if (at < reversed) {
      [real[at], real[reversed]] = [real[reversed]!, real[at]!];
      [imaginary[at], imaginary[reversed]] = [imaginary[reversed]!, imaginary[at]!];
    }
  }
  for (let length = 2; length <= n; length <<= 1) {
    const half = length >> 1;
    const turn = (-2 * Math.PI) / length;
    for (let step = 0; step < half; step += 1) {
      const cosine = Math.cos(turn * step);
      const sine = Math.sin(turn * step);
      for (let even = step; even < n; even += length) {
        const odd = even + half;
        const re = real[odd]! * cosine - imaginary[odd]! * sine;
        const im = real[odd]! * sine + imaginary[odd]! * cosine;
        real[odd] = real[even]! - re;
        imaginary[odd] = imaginary[even]! - im;
        real[even]! += re;
        imaginary[even]! += im;
      }
    }
  }
}
