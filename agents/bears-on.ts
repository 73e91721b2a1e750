import type { AgentTask } from './agent.ts';

/** A question for a person: who owns something, who is on call, whom to ask. */
export const asksOwner =
  /\b(?:who (?:owns|maintains|is (?:the owner|responsible|in charge|on[ -]?call))|whos on[ -]?call|on[ -]?call (?:for|now|rota|schedule)|owners? of|which team|whom? (?:do|should|can) (?:i|we) (?:ask|call|contact|page))\b/i;
const whoWords = /\b(?:on[ -]?call|own(?:s|ed by|ers?)|maintained by|maintainers?|escalat\w+|rota)\b/i;
/** Words that ask, and say nothing of what about. */
const asking = new Set(
  'about actually anything are can could describe did does explain find for from get give guide have how into is know like look mean means our please procedure runbook runbooks playbook say says should show tell that the their them there these they thing this those to us was we what when where which who why will with would you your'.split(
    ' ',
  ),
);

/** Whether a passage says who answers for something. */
export function tellsWho({ title, text }: { title: string; text: string }): boolean {
  return whoWords.test(`${title}\n${text}`);
}

/** Whether a passage is about a named entity or holds one of the question's own words; what does not may be near by meaning alone. */
export function bearsOn(
  { title, text, entities }: { title: string; text: string; entities: string[] },
  { question, understanding }: AgentTask,
): boolean {
  const passage = `${title}\n${text}`.toLowerCase();
  if (entities.some((one) => understanding.entities.includes(one))) return true;
  const words = (question.text.toLowerCase().match(/[\p{L}\p{N}][\p{L}\p{N}_.-]*/gu) ?? []).filter(
    (word) => word.length > 2 && !asking.has(word),
  );
  // A stem is told by its first letters: "draining" and "drain", "replicas" and "replica".
  return words.length === 0 || words.some((word) => passage.includes(word.slice(0, Math.max(4, word.length - 3))));
}
