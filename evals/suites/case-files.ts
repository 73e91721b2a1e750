import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alert, Question } from '../../domain/question.ts';
import type { SourceData } from '../../tools/sources/data-sources.ts';
import type { SuiteOptions } from '../suite.ts';

/** The folders of `cases/` under the data folder, by name, those asked for only. */
export function caseFolders(options: Pick<SuiteOptions, 'data' | 'cases'>): { name: string; path: string }[] {
  if (options.data === undefined) return [];
  const root = join(options.data, 'cases');
  return readdirSync(root)
    .filter((name) => options.cases.length === 0 || options.cases.includes(name))
    .sort()
    .map((name) => ({ name, path: join(root, name) }));
}

/** A JSON file, or undefined where it is not there. */
export function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** The rows of a CSV file with a header line; no quoting, as measurement files have none. Empty where the file is not there. */
export function readCsv(path: string): Record<string, string>[] {
  if (!existsSync(path)) return [];
  const [header = '', ...lines] = readFileSync(path, 'utf8').split(/\r?\n/);
  const names = header.split(',');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.split(',');
      return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
    });
}

/** Data of an incident that holds nothing yet. */
export function emptyData(): SourceData {
  return {
    metrics: [],
    logs: [],
    spans: [],
    changes: [],
    resources: [],
    topology: { entities: [], edges: [] },
    advisories: [],
  };
}

/** A question as an evaluation asks it. */
export function caseQuestion(about: {
  suite: string;
  name: string;
  text: string;
  window: { from: string; to: string };
  alert?: Alert;
}): Question {
  return {
    text: about.text,
    thread: `${about.suite}:${about.name}`,
    askedAt: about.window.to,
    timeZone: 'UTC',
    principal: { id: 'evaluation', kind: 'evaluation', roles: ['responder'] },
    window: about.window,
    ...(about.alert === undefined ? {} : { alert: about.alert }),
  };
}
