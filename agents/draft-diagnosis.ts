import type { Sentence } from '../domain/answer.ts';
import type { Condition, Diagnosis, Hypothesis } from '../domain/diagnosis.ts';
import { entityNameOf } from '../domain/entity.ts';
import type { Intent } from '../domain/question.ts';
import type { Draft } from './check-report.ts';
import { causeTerm } from './grade-words.ts';
import { ended, fact, note } from './sentence.ts';
import type { TimeWords } from './time-words.ts';

/** The words for a diagnosis, by rule. `carrier` is the evidence that holds the diagnosis itself; it stands in where a part cites none. */
export function draftDiagnosis(
  diagnosis: Diagnosis,
  carrier: readonly string[],
  times: TimeWords,
  intent: Intent,
): Draft {
  const cite = (text: string, evidence: readonly string[]): Sentence =>
    fact(text, evidence.length > 0 ? evidence : carrier);
  const [top, ...others] = diagnosis.hypotheses;
  const sections = [
    { title: 'Why', sentences: top === undefined || diagnosis.verdict === 'healthy' ? [] : whyOf(top, cite) },
    {
      title: 'Timeline',
      sentences: diagnosis.timeline.map(({ at, text, evidence }) => cite(`${times.at(at)}: ${text}`, evidence)),
    },
    {
      title: 'Ended',
      sentences: (diagnosis.ended ?? []).map((item) => cite(endedWords(item, times), item.evidence)),
    },
    {
      title: 'Ruled out',
      sentences: [...ruledOutWords(diagnosis)].map(([text, evidence]) => cite(text, [...evidence])),
    },
    {
      title: 'Other candidates',
      sentences: others
        .slice(0, 4)
        .map((item) =>
          cite(
            `${entityNameOf(item.entity)} (${causeTerm[item.certificate.grade]}, ${percent(item.confidence)}): ${ended(`${item.mechanism}${overWords(item, times)}`)}`,
            item.evidence,
          ),
        ),
    },
    {
      title: 'Not seen',
      sentences: [
        ...(diagnosis.limitedBy === undefined ? [] : [note(diagnosis.limitedBy.sentence)]),
        ...diagnosis.gaps.map(({ missing, wouldShow }) => note(`${missing}: ${ended(wouldShow)}`)),
      ],
    },
    {
      title: 'Blast radius',
      sentences:
        diagnosis.blastRadius.length === 0
          ? []
          : [
              cite(
                `Affected: ${diagnosis.blastRadius.map(entityNameOf).join(', ')}.`,
                diagnosis.symptoms.flatMap(({ evidence }) => evidence),
              ),
            ],
    },
    {
      title: 'Next step',
      sentences:
        intent !== 'remediate' && (diagnosis.verdict === 'cause' || diagnosis.verdict === 'external')
          ? [note('Ask “what should we do?” for ordered, reversible actions.')]
          : [],
    },
  ].filter(({ sentences }) => sentences.length > 0);
  return { headline: headlineOf(diagnosis, cite, times, intent), sections };
}

/** A fault that is over, told as such and blamed for nothing that goes on. */
function endedWords({ entity, mechanism, onset, until }: Hypothesis, times: TimeWords): string {
  const when = onset === undefined || until === undefined ? ', over now' : ` ${times.was(onset, until)}`;
  return `Before this, ${entityNameOf(entity)}: ${mechanism}${when}.`;
}

function overWords({ state, onset, until }: Hypothesis, times: TimeWords): string {
  return state !== 'over' || onset === undefined || until === undefined ? '' : ` ${times.was(onset, until)}`;
}

type Cite = (text: string, evidence: readonly string[]) => Sentence;

function headlineOf(diagnosis: Diagnosis, cite: Cite, times: TimeWords, intent: Intent): Sentence[] {
  const [top] = diagnosis.hypotheses;
  const symptoms = diagnosis.symptoms.flatMap(({ evidence }) => evidence);
  const shown = namesOf(diagnosis.symptoms.map(({ entity }) => entity));
  if (diagnosis.verdict === 'healthy')
    return [cite(`Nothing departs from normal (${times.span(diagnosis.window)}).`, symptoms)];
  if (diagnosis.verdict === 'abstain' && top === undefined && diagnosis.symptoms.length === 0)
    return [
      note('It cannot be told whether anything is wrong: no metrics, logs, traces or resources could be seen.'),
      ...diagnosis.gaps.slice(0, 2).map(({ missing, wouldShow }) => note(`${missing}: ${ended(wouldShow)}`)),
    ];
  const what = cite(departureWords(diagnosis, shown, times), symptoms);
  if (diagnosis.verdict === 'abstain' || top === undefined) {
    const doubt =
      top === undefined
        ? []
        : [
            cite(
              `The strongest suspicion is ${nameOf(top)}, but it is not carried: ${ended(top.mechanism)}`,
              top.evidence,
            ),
          ];
    return [what, note('No cause is carried by the evidence, so none is named.'), ...doubt].slice(0, 3);
  }
  const term = causeTerm[top.certificate.grade];
  const told = ended(`${top.mechanism}${overWords(top, times)}`);
  const [is, lies] = top.state === 'over' ? ['was', 'lay'] : ['is', 'lies'];
  const blame =
    diagnosis.verdict === 'external'
      ? `The ${term} ${lies} outside the services' own code: ${nameOf(top)}, ${told}`
      : `The ${term} ${is} ${nameOf(top)}: ${told}`;
  const basis =
    diagnosis.calibration?.from === 'own-outcomes'
      ? ` (by ${diagnosis.calibration.outcomes} of your own outcomes)`
      : '';
  const sure = cite(`How sure: ${top.certificate.grade}, confidence ${percent(top.confidence)}${basis}.`, top.evidence);
  const cause = cite(blame, top.evidence);
  // Who asks when or how far wants that first.
  return intent === 'since-when' || intent === 'impact' || intent === 'status'
    ? [what, cause, sure]
    : [cause, what, sure];
}

/** Who departs since when; in the past where none does any more. */
function departureWords(diagnosis: Diagnosis, shown: string, times: TimeWords): string {
  const { symptoms, onset, window, verdict, hypotheses } = diagnosis;
  const who = shown === '' ? 'Something' : shown;
  const ends = symptoms.flatMap(({ until }) => until ?? []).toSorted();
  const last = ends.at(-1);
  // A cause that goes on is something that goes on, and what ended before it began is no span of it.
  const goesOn = (verdict === 'cause' || verdict === 'external') && hypotheses[0]?.state === 'active';
  const departedWords = (end: string): string => {
    if (onset !== undefined && Date.parse(end) <= Date.parse(onset))
      return `${who} departed from normal until ${times.at(end)}.`;
    const span = onset === undefined ? '' : ` ${times.was(onset, end)}`;
    return `${who} departed from normal${span}${goesOn ? '' : '; nothing goes on'}.`;
  };
  // What ended a moment ago may come again.
  const calmMs = last === undefined ? 0 : Date.parse(window.to) - Date.parse(last);
  if (last !== undefined && ends.length === symptoms.length && calmMs >= 10_000) return departedWords(last);
  const since = onset === undefined ? '' : ` ${times.since(onset)}`;
  return `${who} ${shown.includes(' and ') ? 'depart' : 'departs'} from normal${since}.`;
}

function whyOf(top: Hypothesis, cite: Cite): Sentence[] {
  const { structural, temporal, statistical, paths } = top.certificate;
  const { change, changeGrade, changeBecause = [] } = top;
  const path = paths[0];
  const condition = (name: string, { holds, reason, evidence }: Condition): Sentence =>
    cite(
      `${name} ${holds === 'yes' ? 'holds' : holds === 'no' ? 'fails' : 'cannot be checked'}: ${ended(reason)}`,
      evidence,
    );
  return [
    ...(path === undefined || path.length < 2
      ? []
      : [cite(`Path: ${path.map(({ entity }) => entityNameOf(entity)).join(' → ')}.`, top.evidence)]),
    condition('Structure', structural),
    condition('Order in time', temporal),
    condition('Departure from baseline', statistical),
    // That it fails, and that this change did it, are graded apart.
    ...(change === undefined || changeGrade === undefined
      ? []
      : [
          cite(
            `That change ${change} did it is ${changeGrade}: ${ended(changeBecause.join('; ') || 'it ran there before')}`,
            top.evidence,
          ),
        ]),
  ];
}

function nameOf({ entity, change }: Hypothesis): string {
  return change === undefined ? entityNameOf(entity) : `${entityNameOf(entity)} (change ${change})`;
}

function namesOf(ids: readonly string[]): string {
  const names = [...new Set(ids.map(entityNameOf))];
  if (names.length <= 1) return names[0] ?? '';
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** What was ruled out, with its evidence; several candidates at one entity that fall for the same reason are said once. */
function ruledOutWords({ ruledOut }: Diagnosis): Map<string, Set<string>> {
  const said = new Map<string, Set<string>>();
  for (const { entity, change, reason, evidence } of ruledOut) {
    const what = [entity === undefined ? undefined : entityNameOf(entity), change]
      .filter((part) => part !== undefined)
      .join(', ');
    const text = `${what === '' ? 'Ruled out' : what}: ${ended(reason)}`;
    said.set(text, new Set([...(said.get(text) ?? []), ...evidence]));
  }
  return said;
}
