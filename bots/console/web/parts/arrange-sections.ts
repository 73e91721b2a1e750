import type { Answer, Section } from '../../../../domain/answer.ts';

const onTheBoard: ReadonlySet<string> = new Set([
  'Timeline',
  'Ruled out',
  'Other candidates',
  'Not seen',
  'Blast radius',
]);

/**
 * The sections of an answer for a short card: what the board shows better is folded where there is a board, and sentences that only repeat a condition of
 * the certificate shown above are left out, empty sections with them. Without a diagnosis all stay open.
 */
export function arrangeSections(answer: Answer): { open: Section[]; folded: Section[] } {
  const { diagnosis, sections } = answer;
  if (diagnosis === undefined) return { open: sections, folded: [] };
  const blamed = diagnosis.verdict === 'cause' || diagnosis.verdict === 'external';
  const certificate = blamed ? diagnosis.hypotheses[0]?.certificate : undefined;
  const reasons =
    certificate === undefined ? [] : [certificate.structural, certificate.temporal, certificate.statistical];
  const shown = reasons.map(({ reason }) => bare(reason)).filter((reason) => reason !== '');
  const left = sections
    .map((section) => ({
      ...section,
      sentences: section.sentences.filter(({ text }) => !shown.some((reason) => bare(text).endsWith(reason))),
    }))
    .filter(({ sentences }) => sentences.length > 0);
  return {
    open: left.filter(({ title }) => !onTheBoard.has(title)),
    folded: left.filter(({ title }) => onTheBoard.has(title)),
  };
}

function bare(text: string): string {
  return text.trim().replace(/\.$/, '');
}
