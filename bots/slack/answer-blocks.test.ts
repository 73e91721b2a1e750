import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../domain/answer.ts';
import { fakeAnswer } from '../fake-asker.ts';
import { answerMessage, slackLimits } from './answer-blocks.ts';
import { clip, escapeMrkdwn, readMessageText } from './slack-text.ts';

const base = fakeAnswer('run_1', 'thread');
const sentence = (text: string) => ({ text, evidence: ['ev_0123456789abcdef'], kind: 'fact' as const });

describe('answer blocks', () => {
  it('shows cause with grade and confidence, and next steps with risk', () => {
    const condition = { holds: 'yes' as const, reason: '', evidence: [] };
    const hypothesis = {
      id: 'h1',
      entity: 'database:orders',
      faultKind: 'missing-index',
      mechanism: 'A query scans the table.',
      culprit: true,
      score: 1,
      confidence: 0.874,
      findingsFor: [],
      findingsAgainst: [],
      evidence: ['ev_aaaaaaaaaaaaaaaa'],
      certificate: {
        structural: condition,
        temporal: condition,
        statistical: condition,
        paths: [],
        grade: 'supported' as const,
      },
    };
    const window = { from: '2026-11-20T10:00:00Z', to: '2026-11-20T11:00:00Z' };
    const empty = { symptoms: [], ruledOut: [], gaps: [], blastRadius: [], timeline: [], confidence: 0.8, window };
    const action = {
      id: 'a1',
      verb: 'add_index',
      entity: 'database:orders',
      input: {},
      why: 'it stops the scan',
      risk: 'low' as const,
      preCheck: '',
      undo: '',
      verify: '',
      evidence: [],
    };
    const answer: Answer = {
      ...base,
      diagnosis: { verdict: 'cause', hypotheses: [hypothesis], ...empty },
      plan: { actions: [action], cautions: [] },
    };
    const text = JSON.stringify(answerMessage(answer, { feedback: true }).blocks);
    expect(text).toContain('*Cause* (supported, confidence 87 %): database:orders, missing-index.');
    expect(text).toContain('1. add_index database:orders: it stops the scan (risk low)');
    expect(text).toContain('cerebro_right');
    const abstained: Answer = { ...answer, diagnosis: { verdict: 'abstain', hypotheses: [hypothesis], ...empty } };
    expect(JSON.stringify(answerMessage(abstained, { feedback: false }).blocks)).not.toMatch(/\*Cause\*|cerebro_right/);
  });

  it('stays within the limits of Slack and escapes, whatever the answer holds', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 50 }),
      fc.string({ unit: 'grapheme', maxLength: 6_000 }),
      fc.constant('<!channel> & <@U1> '.repeat(400)),
    );
    const sections = fc.array(fc.record({ title: text, sentences: fc.array(text.map(sentence), { maxLength: 12 }) }), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(text, sections, (headline, all) => {
        const message = answerMessage({ ...base, headline: [sentence(headline)], sections: all }, { feedback: true });
        expect(message.blocks.length).toBeLessThanOrEqual(slackLimits.blocks);
        expect(message.text.length).toBeLessThanOrEqual(slackLimits.textChars);
        for (const block of message.blocks) {
          const texts = block.type === 'section' ? [block.text] : block.type === 'context' ? block.elements : [];
          for (const element of texts) {
            if (element === undefined || !('text' in element)) continue;
            expect(element.text.length).toBeGreaterThan(0);
            expect(element.text.length).toBeLessThanOrEqual(slackLimits.sectionChars);
            expect(element.text).not.toMatch(/<[@!#h]/);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('says how much did not fit', () => {
    const many = Array.from({ length: 80 }, (_, index) => ({ title: `part ${index}`, sentences: [sentence('x')] }));
    const { blocks } = answerMessage({ ...base, sections: many }, { feedback: true });
    expect(blocks).toHaveLength(slackLimits.blocks);
    expect(JSON.stringify(blocks)).toContain('34 more parts are in the console.');
  });
});

describe('slack text', () => {
  it('cannot mention, link or format', () => {
    expect(escapeMrkdwn('<!channel> <@U123> <http://x|y> @here https://evil.example a&b')).not.toMatch(/<|:\/\/|@h|&b/);
    expect(escapeMrkdwn('*bold* and cart_service')).toBe('*\u200Bbold* and cart_service');
    expect(escapeMrkdwn('a\u202Eb\u0007c\nd')).toBe('abc\nd');
  });

  it('is cut without halving a character or an escape', () => {
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('ab&amp;cd', 6)).toBe('ab…');
    expect(clip('a😀b', 3)).toBe('a…');
  });

  it('is read back as people typed it', () => {
    expect(
      readMessageText('<@UBOT>  is <http://checkout.local|checkout.local> &amp; <#C1|ops> ok <@U2>?', 'UBOT'),
    ).toBe('is checkout.local & #ops ok @U2?');
  });
});
