import { describe, expect, it } from 'vitest';
import { nearestWord, slips } from './typos.ts';

describe('typing slips', () => {
  it('counts a swap of neighbours once', () => {
    expect(slips('paymnet', 'payment')).toBe(1);
    expect(slips('chekcout', 'checkout')).toBe(1);
    expect(slips('serach', 'search')).toBe(1);
    expect(slips('cart', 'kart')).toBe(1);
  });

  it('allows more in longer words, nothing but a swap in short ones', () => {
    expect(nearestWord('cart', ['card'])).toBeUndefined();
    expect(nearestWord('crat', ['cart'])?.word).toBe('cart');
    expect(nearestWord('recomendatoin', ['recommendation'])?.word).toBe('recommendation');
    expect(nearestWord('packer1', ['packer2'])).toBeUndefined();
    expect(nearestWord('search', ['launch', 'branch'])).toBeUndefined();
  });
});
