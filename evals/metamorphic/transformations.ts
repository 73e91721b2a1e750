import { addInnocentChanges, addLabels, addNoise, dropSignal, emptyTheCulprit, reorder } from './additions.ts';
import { renameEntities } from './rename-entities.ts';
import { shiftClock } from './shift-clock.ts';
import type { Transformation } from './transformation.ts';

/** All of them, in the order of the table. */
export const transformations: readonly Transformation[] = [
  renameEntities,
  shiftClock,
  reorder,
  addLabels,
  addNoise,
  addInnocentChanges,
  emptyTheCulprit,
  dropSignal('logs'),
  dropSignal('metrics'),
  dropSignal('spans'),
  dropSignal('changes'),
  dropSignal('topology'),
];
