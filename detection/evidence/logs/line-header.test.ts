import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnHeader } from './line-header.ts';

const messages = ['starting worker', 'connection lost to peer', 'request done in', 'cache flushed', 'retry: bad input'];
const two = (index: number) => String(index % 60).padStart(2, '0');
const pick = (index: number, ...choices: string[]) => choices[index % choices.length]!;

/** Formats that loggers write, none of them told to the learner. */
const formats: Record<string, (index: number) => string> = {
  'syslog with a host, a name and now and then a pid': (index) =>
    `Jun ${(index % 9) + 1} 12:34:${two(index)} host1 ${pick(index, 'sshd(pam_unix)[311]', 'kernel', 'su[7] (core)')}:`,
  'RFC 5424': (index) => `<34>1 2026-10-11T22:14:${two(index)}.003Z host app 12${index} ID47 -`,
  'level and class': (index) =>
    `17/06/09 20:10:${two(index)} ${pick(index, 'INFO', 'WARN')} storage.${pick(index, 'Pool', 'Disk', 'Net')}:`,
  'thread in brackets with spaces': (index) =>
    `2026-10-18 18:01:${two(index)},978 ${pick(index, 'INFO', 'ERROR')} [${pick(index, 'main', 'Server handler 3 on 80')}] org.a.${pick(index, 'B', 'C')}:`,
  'nested brackets between dashes': (index) =>
    `2026-07-29 17:41:${two(index)},744 - ${pick(index, 'INFO', 'WARN')}  [Peer[id=${index}]/0:0:0:0:2181:Election@774] -`,
  'time and level in brackets': (index) => `[Sun Dec 04 04:47:${two(index)} 2026] [${pick(index, 'notice', 'error')}]`,
  'time in brackets, program, dash': (index) =>
    `[10.30 16:49:${two(index)}] ${pick(index, 'browser', 'browser *64', 'mail')} -`,
  bars: (index) => `20261223-22:15:${two(index)}:606|${pick(index, 'Step', 'Sleep')}|30002312|`,
  'numbers, host, class, state and epoch': (index) =>
    `${134_681 + index} node-${index} ${pick(index, 'unix.hw', 'boot_cmd')} state_change.down 10778047${10 + (index % 80)} 1`,
  'epoch, date, host twice, class, level': (index) =>
    `- 11178385${10 + (index % 80)} 2026.06.03 R0${index % 9}-M1 2026-06-03-15.42.${two(index)}.675872 R02-M1-N0 RAS ${pick(index, 'CORE', 'APP')} ${pick(index, 'INFO', 'FATAL')}`,
  'file, time, pid, level, class, request in brackets': (index) =>
    `api.log.1.2026-05-16_13:53:08 2026-05-16 00:00:${two(index)}.008 25746 INFO shop.${pick(index, 'web', 'db')}.server [${pick(index, '-', `req-38101a0b 113d3a99${index} - -`)}]`,
  'one-letter level and tag': (index) =>
    `03-17 16:13:${two(index)}.811  1702  2395 ${pick(index, 'D', 'I', 'W')} ${pick(index, 'Window', 'Power')}:`,
  'thread after three dashes, class in a column': (index) =>
    `2026-11-21T04:30:${two(index)}.123Z  INFO 1 --- [http-${index % 4}] c.e.Orders           :`,
  'letter and day in one, file and line before a bracket': (index) =>
    `I0612 12:34:${two(index)}.789012       1 controller.go:${index}]`,
};

describe('learnHeader', () => {
  it.each(Object.entries(formats))('finds where the message begins: %s', (_, head) => {
    const lines = Array.from(
      { length: 60 },
      (_line, index) => [head(index), `${messages[index % 5]!} ${index}`] as const,
    );
    const header = learnHeader(
      lines.map(([start, message]) => (start.endsWith('|') ? start + message : `${start} ${message}`)),
    );
    for (const [start, message] of lines) {
      const line = start.endsWith('|') ? start + message : `${start} ${message}`;
      expect(line.slice(header.messageAt(line))).toBe(message);
    }
  });

  it.each([
    ['messages alone', (index: number) => `${messages[index % 5]!} ${index}`],
    [
      'messages that always begin with a word and a number',
      (index: number) => `request ${index} served in ${index * 3} ms`,
    ],
    ['JSON', (index: number) => `{"ts":"2026-11-21T04:00:${two(index)}Z","msg":"${messages[index % 5]!}"}`],
  ])('leaves %s whole', (_, line) => {
    const lines = Array.from({ length: 60 }, (_line, index) => line(index));
    const header = learnHeader(lines);
    expect(lines.map((one) => header.messageAt(one))).toEqual(lines.map(() => 0));
  });

  it('leaves stack traces whole, and learns from the lines between them', () => {
    const lines = Array.from({ length: 40 }, (_, index) => [
      `2026-10-18 18:01:${two(index)} ERROR failed ${index}`,
      '\tat org.a.B.run(B.java:17)',
      '\tat org.a.C.run(C.java:18)',
    ]).flat();
    const header = learnHeader(lines);
    expect(lines.slice(0, 3).map((line) => line.slice(header.messageAt(line)))).toEqual([
      'failed 0',
      lines[1],
      lines[2],
    ]);
  });

  it('answers for any line, within it', () => {
    const header = learnHeader(
      Array.from(
        { length: 50 },
        (_, index) => `${formats['syslog with a host, a name and now and then a pid']!(index)} x`,
      ),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (line) => {
        const at = header.messageAt(line);
        return at >= 0 && at <= line.length;
      }),
    );
    expect(learnHeader([]).messageAt('x')).toBe(0);
  });
});
