import { learnHeader } from './line-header.ts';
import type { LogTemplate } from './template-groups.ts';
import { createTemplateMiner } from './template-miner.ts';

/**
 * The template of each raw line, in order: header learned from the lines, then two looks at the templates (`settle`), so that the first line
 * of a form gets the same template as the last. With `settle: false` the header is learned from the first 200 lines and templates are
 * joined only as the lines come, as on a stream. Blank lines have the empty template.
 */
export function mineLines(lines: readonly string[], { settle = true }: { settle?: boolean } = {}): LogTemplate[] {
  const header = learnHeader(settle ? lines : lines.slice(0, 200));
  const miner = createTemplateMiner();
  const first = lines.map((line) => miner.add(line, header.messageAt(line)));
  if (settle) miner.settle();
  return first.map((template) => miner.resolve(template));
}
