import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { explainRules } from './rules-command.ts';

const dir = mkdtempSync(join(tmpdir(), 'cerebro-rules-'));
const file = (text: string): string => {
  const path = join(dir, 'rules.yml');
  writeFileSync(path, text);
  return path;
};
const told = (text: string, json: boolean): string => {
  let out = '';
  explainRules(file(text), { json }, (said) => {
    out += said;
  });
  return out;
};

describe('rules explain', () => {
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const rules =
    'groups: [{name: a, rules: [{alert: Cold, expr: heat_celsius < 5, for: 2m}, {alert: Odd, expr: "a >"}, {record: x, expr: y}]}]';

  it('says each alerting rule in a line with what it looks at, and how many could be read', () => {
    expect(told(rules, false)).toBe(
      'Cold\n  fires when, for 2 minutes, heat is below 5 °C\n  looks at: heat_celsius   < 5\nOdd\n  this is no PromQL that can be read: a >\n1 of 2 rules read.\n',
    );
  });

  it("gives the same as data, of the operator's objects too", () => {
    const data = z
      .array(z.looseObject({ alert: z.string(), read: z.boolean() }))
      .parse(JSON.parse(told(`spec:\n  ${rules}`, true)));
    expect(data.map(({ alert, read }) => [alert, read])).toEqual([
      ['Cold', true],
      ['Odd', false],
    ]);
  });

  it('refuses what is no rule file', () => {
    expect(() => told('a: [', false)).toThrow('YAML');
    expect(() => told('a: 1', false)).toThrow('no alerting rules');
  });
});
