/** Which way a feature may speak: more of it makes a candidate likelier (1), less likely (-1), or either (0: priors). */
export type Sign = 1 | -1 | 0;

/**
 * The features of a candidate, each in [0, 1], with the sign that an engineer expects; a fitted weight never has the other. `says` completes
 * "because …" in the explanation of a ranking. Sizes are shares and ranks within the incident wherever there is a choice: they travel from one
 * system to the next, absolute sizes do not.
 */
export const featureTable = {
  signature: { sign: 1, says: 'it shows more of what this kind of fault must show' },
  required: { sign: 1, says: 'what this kind cannot do without is seen more clearly' },
  bestHere: { sign: 1, says: 'this kind fits best among those at the same place' },
  check: { sign: 1, says: 'a check of its state fails' },
  refuted: { sign: -1, says: 'less speaks against it' },
  ownRank: { sign: 1, says: 'its own departure stands out most among all' },
  ownSize: { sign: 1, says: 'its own departure is larger' },
  named: { sign: 1, says: 'its own log or state names the mechanism' },
  mechanism: { sign: 1, says: 'the mechanism is observed at the accused, not only by those who wait' },
  complained: { sign: 1, says: 'more of what others complain about points at it' },
  hearsay: { sign: -1, says: 'it is not known from a single other party alone' },
  explained: { sign: -1, says: 'less of what it shows is brought by another' },
  explains: { sign: 1, says: 'it explains more of what others show' },
  coverage: { sign: 1, says: 'it brings more of the symptoms' },
  focus: { sign: 1, says: 'it brings what was complained about' },
  unreachable: { sign: -1, says: 'a dependency path joins it to what was complained about' },
  nearness: { sign: 1, says: 'it is nearer to what was complained about' },
  late: { sign: -1, says: 'it did not begin after the symptoms' },
  early: { sign: -1, says: 'it did not begin long before without effect' },
  first: { sign: 1, says: 'it began before the others that depart' },
  share: { sign: 1, says: 'more of the added time or failures arises in it' },
  novelty: { sign: 1, says: 'what happens in it changed more in kind or order' },
  effect: { sign: 1, says: 'what the change does is what is seen' },
  lexical: { sign: 1, says: 'the change and the failure share rare words' },
  timing: { sign: 1, says: 'the change took effect right before' },
  place: { sign: 1, says: 'the change runs there' },
  unmatched: { sign: -1, says: 'nothing was changed there that would not bring this' },
  signals: { sign: 1, says: 'more kinds of signal speak for it' },
  over: { sign: -1, says: 'it still lasts' },
  breadth: { sign: 1, says: 'more departs at it than elsewhere' },
  generic: { sign: -1, says: 'it names a mechanism, not only a place' },
} as const satisfies Record<string, { sign: Sign; says: string }>;

export type FeatureName = keyof typeof featureTable;
export type Features = Record<FeatureName, number>;
