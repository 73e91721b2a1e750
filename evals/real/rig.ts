import { z } from 'zod';
import type { GoProgram } from '../../infra/services/go-programs.ts';
import type { PythonPeer } from '../../infra/services/python-peers.ts';
import type { Programs } from './programs.ts';

/** What was really done to a stack, and what counts as having found it. Never handed to the product. */
export const realTruth = z.object({
  stack: z.string(),
  break: z.string(),
  seed: z.number(),
  /** What was done, in a sentence. */
  told: z.string(),
  /** False: nobody is to blame (a surge, an innocent deploy, a healthy stretch). */
  culprit: z.boolean(),
  /** Names that are a right answer, lower case; one ending in `*` is a prefix. */
  entities: z.array(z.string()),
  /** Fault kinds that name the mechanism. */
  faults: z.array(z.string()),
  /** Where the trouble lies: the team's own code, or anything else. */
  layer: z.enum(['code', 'store', 'platform', 'none']),
  onset: z.string(),
});
export type RealTruth = z.infer<typeof realTruth>;

/** One thing that goes wrong (or does not) in a stack. `apply` begins it and returns at once; `undo` brings the stack back. */
export interface Break extends Omit<RealTruth, 'stack' | 'break' | 'seed' | 'onset'> {
  name: string;
  /** It takes the whole machine, which other sessions on it would feel. */
  heavy?: boolean;
  apply(rig: Rig): Promise<void>;
  undo(rig: Rig): Promise<void>;
}

/** What a break and a stack work with: a folder of their own, the programs that run, and where they are told how much load to make. */
export interface Rig {
  dir: string;
  programs: Programs;
  /** Requests a second of the load, from now on. */
  load(perSecond: number): void;
}

/** Third-party software that is started, loaded and broken. `needs` are programs that must be on the path. */
export interface Stack {
  name: string;
  needs: readonly string[];
  /** Names of Python programs' environments it needs (see `infra/services/python-peers.ts`). */
  peers?: readonly PythonPeer[];
  /** Programs built from Go modules (see `infra/services/go-programs.ts`). */
  programs?: readonly GoProgram[];
  /** Starts everything with its usual load and resolves when all of it answers. */
  start(rig: Rig): Promise<void>;
  /** Sets the load where it is not the one of `load-main.ts`. */
  load?(rig: Rig, perSecond: number): void;
  /** The product's config (the part under `sources` and `knowledge`), as a careful newcomer writes it. */
  connect(rig: Rig): { sources: object; knowledge?: object };
  breaks: readonly Break[];
}
