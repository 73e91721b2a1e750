import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../infra/runtime/redact.ts';
import { writePrompt } from './write-prompt.ts';

const style = { redactor: createRedactor('key'), withhold: ['logs'], marker: 'fence-1' };

describe('prompt', () => {
  it('keeps at home what was made from a withheld kind, among others too', () => {
    const { user } = writePrompt(
      {
        instruction: 'Word it.',
        data: [
          { label: 'draft', kinds: ['logs', 'metrics'], text: 'a customer line', tainted: true },
          { label: 'draft', kinds: ['metrics'], text: 'latency rose', tainted: false },
        ],
      },
      {},
      style,
    );
    expect(user).not.toContain('a customer line');
    expect(user).toContain('withheld');
    expect(user).toContain('latency rose');
  });

  it('lets no data close its fence, and hides secrets everywhere', () => {
    const { user, system } = writePrompt(
      {
        instruction: 'Use password=hunter2000.',
        data: [{ label: 'logs of x', text: 'Bearer abcdefabcdef1234', tainted: true }],
      },
      {},
      { ...style, withhold: [] },
    );
    expect(user + system).not.toMatch(/hunter2000|abcdefabcdef1234/);
    expect(user).toContain('fence-1');
  });
});
