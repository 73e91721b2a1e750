import pc from 'picocolors';
import type { Answer, Sentence } from '../../domain/answer.ts';
import type { Certificate, Diagnosis, Grade, Hypothesis } from '../../domain/diagnosis.ts';
import { plainText } from './plain-text.ts';
import { wrapText } from './wrap-text.ts';

export interface RenderOptions {
  /** Columns of the terminal; lines are broken to fit. */
  width: number;
  colours: boolean;
}

type Colours = ReturnType<typeof pc.createColors>;

interface Page {
  colours: Colours;
  line(text?: string): void;
  title(text: string): void;
  /** Text by anybody, made plain and broken to fit, behind a mark of our own. */
  item(mark: string, text: string, tail?: string): void;
}

/**
 * An answer as text for a terminal: headline, cause with its grade and certificate, sections, ruled out, gaps, plan, and the evidence that the
 * numbers in brackets stand for. All of it is plain text without control characters, but for our own colours. Ends with a line break.
 */
export function renderAnswer(answer: Answer, options: RenderOptions): string {
  const lines: string[] = [];
  const page = createPage(lines, options);
  const numbers = new Map(answer.evidence.map((evidence, index) => [evidence.id, index + 1]));
  const cite: Cite = (ids) => ids.map((id) => `[${numbers.get(id) ?? id}]`).join('');
  const sentences = (mark: string, list: readonly Sentence[]): void => {
    for (const one of list) page.item(mark, one.text, cite(one.evidence));
  };

  page.line();
  for (const one of answer.headline)
    for (const line of wrap(one.text, cite(one.evidence), options.width, '')) page.line(page.colours.bold(line));
  if (answer.diagnosis !== undefined) renderCauses(page, answer.diagnosis, { cite, isSaid: createIsSaid(answer) });
  for (const section of answer.sections) {
    page.title(section.title);
    sentences('-', section.sentences);
  }
  const told = new Set(answer.sections.map((section) => section.title));
  if (answer.diagnosis !== undefined) renderRest(page, answer.diagnosis, { cite, told });
  renderPlan(page, answer);
  if (answer.evidence.length > 0) page.title('Evidence');
  for (const evidence of answer.evidence) {
    const tainted = evidence.tainted ? ' (quotes others)' : '';
    page.item(
      `[${numbers.get(evidence.id)}]`,
      `${evidence.id} ${evidence.tool}, ${evidence.source}${tainted}: ${evidence.digest}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function createPage(lines: string[], options: RenderOptions): Page {
  const colours = pc.createColors(options.colours);
  const line = (text = ''): void => {
    lines.push(text);
  };
  return {
    colours,
    line,
    title: (text) => {
      line();
      line(colours.cyan(plainText(text)));
    },
    item: (mark, text, tail = '') => {
      for (const one of wrap(text, tail, options.width, `  ${mark} `)) line(one);
    },
  };
}

function wrap(text: string, tail: string, width: number, first: string): string[] {
  return wrapText(`${plainText(text)} ${tail}`, width, { first, rest: ' '.repeat(first.length) });
}

type Cite = (ids: readonly string[]) => string;

/** Tells whether headline or sections say a text already, so that an answer does not repeat itself. */
function createIsSaid(answer: Answer): (text: string) => boolean {
  const all = [...answer.headline, ...answer.sections.flatMap((section) => section.sentences)].map((one) => one.text);
  return (text) => {
    const bare = text.trim().replace(/\.$/, '');
    return bare !== '' && all.some((one) => one.includes(bare));
  };
}

function renderCauses(
  page: Page,
  diagnosis: Diagnosis,
  { cite, isSaid }: { cite: Cite; isSaid: (text: string) => boolean },
): void {
  const [first] = diagnosis.hypotheses;
  if (first === undefined || diagnosis.verdict === 'healthy') return;
  page.title(diagnosis.verdict === 'abstain' ? 'Best candidate (not carried by evidence)' : 'Cause');
  page.item(gradeMark(page.colours, first.certificate.grade), causeOf(first), cite(first.evidence));
  if (!isSaid(first.mechanism)) page.item(' ', first.mechanism);
  for (const [name, condition] of conditionsOf(first.certificate)) {
    if (isSaid(condition.reason)) continue;
    const mark = { yes: '+', no: 'x', unknown: '?' }[condition.holds];
    page.item(mark, `${name}: ${condition.reason}`, cite(condition.evidence));
  }
}

function renderRest(page: Page, diagnosis: Diagnosis, { cite, told }: { cite: Cite; told: ReadonlySet<string> }): void {
  const ruledOut = told.has('Ruled out') ? [] : diagnosis.ruledOut;
  if (ruledOut.length > 0) page.title('Ruled out');
  for (const one of ruledOut) {
    const what = [one.entity, one.change, one.faultKind].filter((part) => part !== undefined).join(', ');
    page.item('-', `${what}: ${one.reason}`, cite(one.evidence));
  }
  const gaps = told.has('Not seen') ? [] : diagnosis.gaps;
  if (gaps.length > 0) page.title('Not seen');
  for (const gap of gaps) page.item('?', `${gap.missing} It would show in: ${gap.wouldShow}`);
}

function renderPlan(page: Page, answer: Answer): void {
  const plan = answer.plan;
  if (plan === undefined || plan.actions.length === 0) return;
  page.title('Plan (waits for approval; nothing was executed)');
  for (const [index, action] of plan.actions.entries()) {
    page.item(`${index + 1}.`, `${action.verb} ${action.entity} (${action.risk} risk): ${action.why}`);
    page.item('  ', `undo: ${action.undo} verify: ${action.verify}`);
  }
  for (const caution of plan.cautions) page.item('!', caution);
}

function causeOf(hypothesis: Hypothesis): string {
  const { changeGrade } = hypothesis;
  const graded = changeGrade === undefined ? '' : ` (${changeGrade})`;
  const change = hypothesis.change === undefined ? '' : `, brought by ${hypothesis.change}${graded}`;
  return `${hypothesis.entity}: ${hypothesis.faultKind}${change} (${Math.round(hypothesis.confidence * 100)} % sure)`;
}

function gradeMark(colours: Colours, grade: Grade): string {
  const paint = { proven: colours.green, supported: colours.cyan, suspected: colours.yellow, unproven: colours.dim }[
    grade
  ];
  return paint(grade.toUpperCase());
}

function conditionsOf(certificate: Certificate): [string, Certificate['structural']][] {
  return [
    ['structure', certificate.structural],
    ['order', certificate.temporal],
    ['effect', certificate.statistical],
  ];
}
