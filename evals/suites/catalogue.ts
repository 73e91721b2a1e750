import type { Suite } from '../suite.ts';
import { createLabSuite } from './lab/lab-suite.ts';
import { createOsvSuite } from './osv.ts';
import { createQuestionsSuite } from './questions.ts';

/** Every suite, one line each. */
export function createSuites(): Suite[] {
  return [createQuestionsSuite(), createLabSuite(), createOsvSuite()];
}
