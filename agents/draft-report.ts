import type { Section, Sentence } from '../domain/answer.ts';
import type { AgentTask } from './agent.ts';
import type { Draft } from './check-report.ts';
import { draftDiagnosis } from './draft-diagnosis.ts';
import { note } from './sentence.ts';
import type { StoredReport } from './state.ts';
import { createTimeWords } from './time-words.ts';

/** Sections in the order in which a person reads them; others follow in the order given. */
const order = [
  'Also',
  'Alerts',
  'Why',
  'Evidence',
  'Seen',
  'Timeline',
  'Ended',
  'Ruled out',
  'Other candidates',
  'Not seen',
  'Blast radius',
  'Next step',
];

/** The words by rule: the diagnosis where there is one, then what each agent said. */
export function draftReport(task: AgentTask, reports: Record<string, StoredReport>): Draft {
  const { understanding } = task;
  if (understanding.clarify !== undefined) return { headline: [note(understanding.clarify)], sections: [] };
  if (understanding.intent === 'help') return help;
  const all = Object.values(reports);
  const times = createTimeWords(task.question.askedAt, task.question.timeZone);
  const source = reports['diagnostician'];
  const diagnosed =
    source?.diagnosis === undefined
      ? undefined
      : draftDiagnosis(
          source.diagnosis,
          source.evidence.map(({ id }) => id),
          times,
          understanding.intent,
        );
  const said = all.flatMap((report) => report.headline);
  // Who asks how far it reaches wants the reach first.
  const lines =
    understanding.intent === 'impact'
      ? [...said, ...(diagnosed?.headline ?? [])]
      : [...(diagnosed?.headline ?? []), ...said];
  const sections = [
    { title: 'Also', sentences: lines.slice(longestHeadline) },
    ...(diagnosed?.sections ?? []),
    ...all.flatMap((report) => report.sections),
  ].filter(({ sentences }) => sentences.length > 0);
  return {
    headline:
      lines.length > 0
        ? lines.slice(0, longestHeadline)
        : [note('Nothing could be found out: no source gave an answer.')],
    sections: join(sections),
  };
}

/** A headline is read at a glance. */
const longestHeadline = 3;

/** One section per title, in reading order. */
function join(sections: readonly Section[]): Section[] {
  const byTitle = new Map<string, Sentence[]>();
  for (const { title, sentences } of sections) byTitle.set(title, [...(byTitle.get(title) ?? []), ...sentences]);
  const place = (title: string): number =>
    order.includes(title) ? order.indexOf(title) : order.indexOf('Next step') - 0.5;
  return [...byTitle]
    .map(([title, sentences]) => ({ title, sentences }))
    .sort((left, right) => place(left.title) - place(right.title));
}

const help: Draft = {
  headline: [note('Ask about your live services in plain words.')],
  sections: [
    {
      title: 'For example',
      sentences: [
        'why is checkout slow?',
        'what changed since lunch?',
        'show me the p95 latency of payment over the last 2 hours',
        'is the orders database healthy?',
        'what depends on inventory?',
        'what should we do?',
      ].map((text) => note(text)),
    },
  ],
};
