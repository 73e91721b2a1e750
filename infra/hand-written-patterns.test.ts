import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGrammarLoader } from '../detection/evidence/changes/parse/grammars.ts';
import type { SyntaxNode } from '../detection/evidence/changes/parse/syntax-node.ts';

/**
 * Alternatives of regular expressions in what reads changes and logs and weighs causes, counted by the parser: of each regular expression one, and one
 * for each bar outside brackets. There were 663 when changes and logs were read by lists of patterns; a quarter of that is the most.
 */
const rooms = ['detection/diagnosis', 'detection/evidence/changes', 'detection/evidence/logs'];
const most = 165;

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.(test|bench|conformance)\.ts$/.test(entry.name),
    )
    .map((entry) => join(entry.parentPath, entry.name));
}

function alternativesIn(root: SyntaxNode): number {
  let count = 0;
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'regex_pattern') count += alternativesOf(node.text);
    open.push(...node.children);
  }
  return count;
}

function alternativesOf(pattern: string): number {
  let inClass = false;
  let count = 1;
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === '\\') at += 1;
    else if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
    else if (character === '|' && !inClass) count += 1;
  }
  return count;
}

describe('hand-written patterns', () => {
  it('stay a quarter of what they were', async () => {
    const grammars = await createGrammarLoader().load(['typescript']);
    const counts = rooms.flatMap(sourcesIn).map((file) => {
      const root = grammars.parse('typescript', readFileSync(file, 'utf8'));
      if (root === undefined) throw new Error(`${file} does not parse`);
      return alternativesIn(root);
    });
    const total = counts.reduce((sum, count) => sum + count, 0);
    expect(total).toBeLessThanOrEqual(most);
  });
});
