import type { types } from '@slack/bolt';
import type { Answer, Sentence } from '../../domain/answer.ts';
import type { Hypothesis } from '../../domain/diagnosis.ts';
import { clip, escapeMrkdwn } from './slack-text.ts';

type KnownBlock = types.KnownBlock;

/** Slack's limits: characters of one section's text, blocks of one message, characters of the notification text. */
export const slackLimits = { sectionChars: 3_000, blocks: 50, textChars: 4_000 };

/** A message as Slack takes it: blocks, and a plain text for notifications. */
export interface SlackMessage {
  text: string;
  blocks: KnownBlock[];
}

/** The action ids of the feedback buttons; their value is the run. */
export const feedbackActions = { right: 'cerebro_right', wrong: 'cerebro_wrong' } as const;

/**
 * An answer as Slack blocks: headline, cause with its grade, sections with evidence ids, next steps, feedback buttons. Within Slack's
 * limits whatever the answer holds; what does not fit is counted. All text is escaped.
 */
export function answerMessage(answer: Answer, options: { feedback: boolean }): SlackMessage {
  const headline = answer.headline.map(({ text }) => text).join(' ') || 'There is no answer.';
  const body: string[] = [];
  const cause =
    answer.diagnosis?.verdict === 'cause' || answer.diagnosis?.verdict === 'external'
      ? answer.diagnosis.hypotheses[0]
      : undefined;
  if (cause !== undefined) body.push(causeText(cause));
  for (const { title, sentences } of answer.sections) {
    if (sentences.length > 0) body.push(...paragraphs(title, sentences.map(sentenceLine)));
  }
  const actions = answer.plan?.actions ?? [];
  if (actions.length > 0 && !answer.sections.some(({ title }) => /next step|plan/i.test(title))) {
    body.push(
      ...paragraphs(
        'Next steps (nothing has been done)',
        actions.map(({ verb, entity, why, risk }, index) =>
          escapeMrkdwn(`${index + 1}. ${verb} ${entity}: ${why} (risk ${risk})`),
        ),
      ),
    );
  }
  const tail: KnownBlock[] = [context(`${escapeMrkdwn(answer.by)} · ${escapeMrkdwn(answer.run)}`)];
  if (options.feedback && answer.status === 'answered') tail.push(feedbackBlock(answer.run));
  const room = slackLimits.blocks - 1 - tail.length;
  const shown = body.length > room ? body.slice(0, room - 1) : body;
  const blocks: KnownBlock[] = [section(`*${escapeMrkdwn(headline)}*`), ...shown.map(section)];
  if (shown.length < body.length) blocks.push(context(`${body.length - shown.length} more parts are in the console.`));
  return { text: clip(escapeMrkdwn(headline), slackLimits.textChars), blocks: [...blocks, ...tail] };
}

/** Some words of our own or others as a message of one section. */
export function plainMessage(text: string): SlackMessage {
  const escaped = escapeMrkdwn(text);
  return { text: clip(escaped, slackLimits.textChars), blocks: [section(escaped)] };
}

/** The message's blocks with the feedback buttons replaced by a note of what was said. `user` is a Slack user id. */
export function withFeedbackNoted(blocks: readonly KnownBlock[], right: boolean, user: string): KnownBlock[] {
  return blocks.map((block) =>
    block.type === 'actions'
      ? context(`Marked as ${right ? 'right' : 'not right'} by <@${user.replaceAll(/\W/g, '')}>`)
      : block,
  );
}

function causeText(cause: Hypothesis): string {
  const certainty = `${cause.certificate.grade}, confidence ${Math.round(cause.confidence * 100)} %`;
  return `*Cause* (${certainty}): ${escapeMrkdwn(`${cause.entity}, ${cause.faultKind}. ${cause.mechanism}`)}${citation(cause.evidence)}`;
}

function sentenceLine({ text, evidence }: Sentence): string {
  return `• ${escapeMrkdwn(text)}${citation(evidence)}`;
}

function citation(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).map((id) => `\`${id.replaceAll(/[^\w]/g, '')}\``);
  if (ids.length > shown.length) shown.push(`+${ids.length - shown.length}`);
  return shown.length === 0 ? '' : ` ${shown.join(' ')}`;
}

/** Lines under a title as few texts as fit, each within the limit of a section. */
function paragraphs(title: string, lines: readonly string[]): string[] {
  const texts: string[] = [];
  let current = `*${escapeMrkdwn(clip(title, 200))}*`;
  for (const line of lines) {
    const clipped = clip(line, 1_000);
    if (current.length + clipped.length + 1 > slackLimits.sectionChars) {
      texts.push(current);
      current = clipped;
    } else current = `${current}\n${clipped}`;
  }
  texts.push(current);
  return texts;
}

function section(text: string): KnownBlock {
  // `verbatim` keeps Slack from turning names and addresses into mentions and links on its own.
  return { type: 'section', text: { type: 'mrkdwn', text: clip(text, slackLimits.sectionChars), verbatim: true } };
}

function context(text: string): KnownBlock {
  return {
    type: 'context',
    elements: [{ type: 'mrkdwn', text: clip(text, slackLimits.sectionChars), verbatim: true }],
  };
}

function feedbackBlock(run: string): KnownBlock {
  return {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: feedbackActions.right,
        text: { type: 'plain_text', text: 'That was right' },
        value: run,
      },
      { type: 'button', action_id: feedbackActions.wrong, text: { type: 'plain_text', text: 'Not right' }, value: run },
    ],
  };
}
