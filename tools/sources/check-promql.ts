import { parser } from '@prometheus-io/lezer-promql';
import { CerebroError } from '../../infra/runtime/errors.ts';

const longest = 4_000;

/** Throws INPUT_INVALID, pointing at the place, unless the text is one PromQL expression by Prometheus' own grammar. */
export function checkPromql(text: string): void {
  if (text.trim() === '' || text.length > longest) {
    throw new CerebroError(
      'INPUT_INVALID',
      `A PromQL expression has 1 to ${longest} characters; this has ${text.length}.`,
    );
  }
  const cursor = parser.parse(text).cursor();
  do {
    if (cursor.type.isError) {
      const near = text.slice(Math.max(0, cursor.from - 20), cursor.to + 20);
      throw new CerebroError(
        'INPUT_INVALID',
        `Not PromQL: unexpected input at character ${cursor.from + 1}, near ${JSON.stringify(near)}.`,
      );
    }
  } while (cursor.next());
}
