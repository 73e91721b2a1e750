import type { Certificate, Condition, Grade } from '../../../../domain/diagnosis.ts';
import { readable } from '../state/words.ts';
import { Citations } from './citations.tsx';

const bars = { proven: 3, supported: 2, suspected: 1, unproven: 0 } as const;
const names = { structural: 'Structure', temporal: 'Order', statistical: 'Effect' } as const;
const signs = { yes: '\u2713', no: '\u00D7', unknown: '?' } as const;
const said = { yes: 'holds', no: 'does not hold', unknown: 'could not be checked' } as const;

/** How strongly a cause is carried: a word and three bars. */
export function GradeBadge({ grade }: { grade: Grade }) {
  return (
    <span class={`grade grade-${grade}`}>
      <span class="grade-bars" aria-hidden="true">
        {[1, 2, 3].map((bar) => (
          <i key={bar} class={bar <= bars[grade] ? 'on' : ''} />
        ))}
      </span>
      {grade}
    </span>
  );
}

/** The three machine-checked conditions of a certificate, each with its reason and what it rests on. */
export function Conditions({
  certificate,
  numbers,
}: {
  certificate: Certificate;
  numbers: ReadonlyMap<string, number>;
}) {
  const rows: [keyof typeof names, Condition][] = [
    ['structural', certificate.structural],
    ['temporal', certificate.temporal],
    ['statistical', certificate.statistical],
  ];
  return (
    <dl class="conditions">
      {rows.map(([kind, condition]) => (
        <div key={kind} class={`condition condition-${condition.holds}`}>
          <dt>
            <span class="condition-sign" role="img" aria-label={said[condition.holds]}>
              {signs[condition.holds]}
            </span>
            {names[kind]}
          </dt>
          <dd>
            {readable(condition.reason)} <Citations ids={condition.evidence} numbers={numbers} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
