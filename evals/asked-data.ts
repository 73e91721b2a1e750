import type { Question } from '../domain/question.ts';
import type { SourceData } from '../tools/sources/data-sources.ts';

/** What a benchmark's case turns into: everything that was seen, and what a person would ask. A kind of data that is absent is not connected. */
export interface AskedData {
  name: string;
  data: Partial<SourceData>;
  question: Question;
}
