import { signal } from '@preact/signals';

/** The evidence that the drawer shows, and the instant to mark in its chart. */
export const shownEvidence = signal<{ id: string; onset?: string } | undefined>(undefined);

/** Opens the drawer on a piece of evidence. */
export function openEvidence(id: string, onset?: string): void {
  shownEvidence.value = onset === undefined ? { id } : { id, onset };
}
