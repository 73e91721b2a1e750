const shapes = {
  ask: 'M4 5.5A2.5 2.5 0 0 1 6.5 3h7A2.5 2.5 0 0 1 16 5.5v5a2.5 2.5 0 0 1-2.5 2.5H9l-4 3.5V13A2.5 2.5 0 0 1 4 10.5z',
  investigations: 'M4 5h12M4 10h12M4 15h7',
  services: 'M3 10h4m6-5H9.5A2.5 2.5 0 0 0 7 7.5v5A2.5 2.5 0 0 0 9.5 15H13m0-12.500h4v5h-4zm0 10h4v5h-4z',
  signals: 'M2.500 11H6l2-6 3.500 10 2-6h4',
  models: 'M3 15l4-6 3 3 4-8 3 5M3 17.500h14',
  about: 'M10 9v5m0-8v.500M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0z',
  sun: 'M10 2.500v1.500m0 12v1.500M2.500 10H4m12 0h1.500M4.700 4.700l1 1m8.600 8.600 1 1m0-10.600-1 1m-8.600 8.600-1 1M13.500 10a3.500 3.500 0 1 1-7 0 3.500 3.500 0 0 1 7 0z',
  moon: 'M16.500 11.500A7 7 0 0 1 8.500 3.500a7 7 0 1 0 8 8z',
  close: 'm5 5 10 10M15 5 5 15',
  send: 'M10 16V4m-5 5 5-5 5 5',
  stop: 'M6 6h8v8H6z',
  chevron: 'm7 5 5 5-5 5',
  plus: 'M10 4v12M4 10h12',
  external: 'M8 4H4v12h12v-4M11 3h6v6m0-6-8 8',
  quote: 'M5 7h10M5 11h6',
} as const;

/** A line icon of 20 by 20 units; decorative, the words beside it carry the meaning. */
export function Icon({ name }: { name: keyof typeof shapes }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}
