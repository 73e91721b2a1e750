import { join } from 'node:path';
import type { Prediction } from '../suite.ts';

/** A set that the likelihood is fitted and measured on. */
export interface FitSet {
  /** The suite that reads it. */
  suite: string;
  /** Its folder under the data folder. */
  folder: string;
  /** Where its truth lies, under that folder; empty: the folder itself. */
  truth: string;
  /** Parts of case names that are wanted; empty: all. */
  cases: readonly string[];
  /** The family of a case: systems whose incidents resemble each other are left out together. */
  /** What is judged: the first hypothesis; the same unless nothing is found wrong; or what is claimed, where blaming nobody is an answer. */
  decides: 'first' | 'unless healthy' | 'claim';
  familyOf(prediction: Pick<Prediction, 'case' | 'line'>): string;
}

const whole = (name: string) => (): string => name;

/** All sets whose incidents go through the ranking. */
export const fitSets: readonly FitSet[] = [
  {
    suite: 'cloud-opsbench',
    folder: 'cloud-opsbench',
    truth: 'truth.json',
    cases: [],
    decides: 'first',
    familyOf: (one) => (one.case.startsWith('b') ? 'cloud-opsbench Boutique' : 'cloud-opsbench Train-Ticket'),
  },
  {
    suite: 'rootcausebench',
    folder: 'rootcausebench',
    truth: 'truth.json',
    cases: [],
    decides: 'claim',
    familyOf: whole('rootcausebench'),
  },
  {
    suite: 'opensre',
    folder: 'opensre',
    truth: 'truth.json',
    cases: [],
    decides: 'unless healthy',
    familyOf: whole('opensre'),
  },
  {
    suite: 'changerca',
    folder: 'changerca',
    truth: 'truth.json',
    cases: [],
    decides: 'first',
    familyOf: whole('changerca'),
  },
  {
    suite: 'petshop',
    folder: 'petshop',
    truth: '',
    cases: ['/test/', '/train/'],
    decides: 'first',
    familyOf: ({ line }) => `petshop ${String(line['metric_kind'])}`,
  },
  {
    suite: 'nezha',
    folder: 'nezha',
    truth: '',
    cases: [],
    decides: 'first',
    familyOf: (one) => (one.case.startsWith('2022') ? 'nezha Boutique' : 'nezha Train-Ticket'),
  },
  { suite: 'metrics-incidents', folder: 'metrics', truth: '', cases: [], decides: 'first', familyOf: whole('metrics') },
  { suite: 'traces-incidents', folder: 'traces', truth: '', cases: [], decides: 'first', familyOf: whole('traces') },
];

/** Where the truth of a set lies. */
export function truthOf({ folder, truth }: FitSet, data: string): string {
  return truth === '' ? join(data, folder) : join(data, folder, truth);
}
