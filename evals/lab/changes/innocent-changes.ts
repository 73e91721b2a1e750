import type { Random } from '../random.ts';
import type { ServiceSpec } from '../world.ts';
import type { Draft } from './change.ts';
import type { Hunk } from './diff.ts';
import { diffOf } from './diff.ts';

interface Sketch {
  readonly kind: Draft['kind'];
  readonly title: string;
  readonly summary: string;
  readonly hunk?: Hunk;
}

/** A change that does no harm: wording, tests, dependencies, log levels, dashboards, replicas of nothing that matters. */
export function innocentChange(random: Random, service: ServiceSpec, version: string): Draft {
  const sketch = random.pick(sketches)(service, random);
  const text = sketch.kind === 'deploy' ? `Deploy ${service.name} ${version}: ${sketch.title}` : sketch.title;
  return {
    kind: sketch.kind,
    service: service.name,
    title: text,
    summary: sketch.summary,
    ...(sketch.hunk === undefined ? {} : { files: [sketch.hunk.file], diff: diffOf(sketch.hunk) }),
  };
}

type Sketcher = (service: ServiceSpec, random: Random) => Sketch;

const sketches: readonly Sketcher[] = [
  ({ name }) => ({
    kind: 'deploy',
    title: 'clearer wording of validation messages',
    summary: 'Texts only.',
    hunk: {
      file: `${name}/messages.ts`,
      line: 14,
      before: ['export const messages = {'],
      removed: ["  required: 'field missing',", "  tooLong: 'value too long',"],
      added: ["  required: 'Please fill in this field.',", "  tooLong: 'Please use fewer characters.',"],
      after: ['};'],
    },
  }),
  ({ name }) => ({
    kind: 'deploy',
    title: 'remove unused helper',
    summary: 'Dead code found by the linter.',
    hunk: {
      file: `${name}/format-price.ts`,
      line: 22,
      before: ['}', ''],
      removed: ['function legacyRound(amount: number): number {', '  return Math.round(amount * 100) / 100;', '}', ''],
      added: [],
      after: ['export function formatPrice(amount: number): string {'],
    },
  }),
  ({ name }, random) => ({
    kind: 'deploy',
    title: 'update patch versions of dependencies',
    summary: 'Weekly dependency update.',
    hunk: {
      file: `${name}/package.json`,
      line: 18,
      before: ['  "dependencies": {'],
      removed: [`    "luxon": "3.6.${random.int(0, 3)}",`],
      added: [`    "luxon": "3.7.${random.int(0, 2)}",`],
      after: ['    "zod": "4.1.0"', '  }'],
    },
  }),
  ({ name }) => ({
    kind: 'commit',
    title: `${name}: more unit tests for the request parser`,
    summary: 'Tests only, not released yet.',
    hunk: {
      file: `${name}/parse-request.test.ts`,
      line: 40,
      before: ["it('refuses an empty body', () => {", "  expect(parse('')).toBeUndefined();", '});'],
      removed: [],
      added: ['', "it('keeps unknown fields', () => {", '  expect(parse(\'{"a":1}\')).toEqual({ a: 1 });', '});'],
      after: [],
    },
  }),
  ({ name }, random) => ({
    kind: 'config',
    title: `${name}: log level of the audit logger`,
    summary: 'Less noise in the audit index.',
    hunk: {
      file: `deploy/${name}/values.yaml`,
      line: 31,
      before: ['logging:', '  format: json'],
      removed: [`  auditLevel: ${random.pick(['debug', 'trace'])}`],
      added: ['  auditLevel: info'],
      after: ['  sampling: 0.04'],
    },
  }),
  ({ name }, random) => ({
    kind: 'flag',
    title: `${random.pick(['new-footer', 'winter-banner', 'beta-survey', 'dark-icons'])} enabled for ${random.int(5, 50)} %`,
    summary: `Experiment on pages served by ${name}; presentation only.`,
  }),
  ({ name }) => ({
    kind: 'commit',
    title: `${name}: explain the retry policy in the readme`,
    summary: 'Documentation.',
    hunk: {
      file: `${name}/README.md`,
      line: 55,
      before: ['## Calls to other services'],
      removed: [],
      added: ['', 'Reads are tried twice with a short pause; a call gives up after 1.5 s.'],
      after: [''],
    },
  }),
  ({ name }, random) => ({
    kind: 'config',
    title: `${name}: alert threshold for latency`,
    summary: 'The old threshold paged too often.',
    hunk: {
      file: `deploy/${name}/alerts.yaml`,
      line: 8,
      before: ['- alert: HighLatency', `  labels: { service: ${name} }`],
      removed: [`  for: ${random.int(1, 3)}m`],
      added: [`  for: ${random.int(5, 10)}m`],
      after: [],
    },
  }),
  ({ name }) => ({
    kind: 'deploy',
    title: 'rename internal types',
    summary: 'Refactoring without a change of behaviour.',
    hunk: {
      file: `${name}/request-context.ts`,
      line: 3,
      before: [],
      removed: ['export interface Ctx {'],
      added: ['export interface RequestContext {'],
      after: ['  readonly traceId: string;', '  readonly locale: string;', '}'],
    },
  }),
  ({ name }) => ({
    kind: 'rollout',
    title: `${name}: rollout finished`,
    summary: 'All instances run the current version.',
  }),
];
