import { existsSync, readFileSync } from 'node:fs';
import type { z } from 'zod';
import { CerebroError } from './errors.ts';

/** One setting that an environment variable may give: where it lies in the config, and how its text is read. */
export interface EnvironmentSetting {
  variable: string;
  path: string[];
  as?: 'string' | 'number' | 'boolean' | 'json';
}

/**
 * Loads the config once: file (JSON) beneath environment, checked by a strict schema, deep-frozen. Throws one CONFIG_INVALID that lists
 * every problem with its path and, where one exists, the variable to set. The only place that reads the environment.
 */
export function loadConfig<Config>(options: {
  schema: z.ZodType<Config>;
  settings: readonly EnvironmentSetting[];
  file?: string;
  environment?: Record<string, string | undefined>;
}): Config {
  const environment = options.environment ?? process.env;
  const problems: string[] = [];
  const raw = readFile(options.file, problems);
  for (const setting of options.settings) {
    const text = environment[setting.variable];
    if (text === undefined || text === '') continue;
    const value = valueOf(text, setting, problems);
    if (value !== undefined) put(raw, setting.path, value);
  }
  const parsed = options.schema.safeParse(raw);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const path = issue.path.map(String);
      const variable = options.settings.find((setting) => setting.path.join('.') === path.join('.'))?.variable;
      problems.push(
        `${path.join('.') || '(root)'}: ${issue.message}${variable === undefined ? '' : ` (set ${variable})`}`,
      );
    }
  }
  if (problems.length > 0 || !parsed.success) {
    throw new CerebroError(
      'CONFIG_INVALID',
      `The configuration has ${problems.length} problem(s):\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
      { details: { problems } },
    );
  }
  return deepFreeze(parsed.data);
}

/** The environment as it is, for what people keep in it besides our settings (addresses of their systems). */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/** The environment for a child process: this one's and what is added. */
export function childEnvironment(added: Record<string, string>): Record<string, string | undefined> {
  return { ...process.env, ...added };
}

function readFile(file: string | undefined, problems: string[]): Record<string, unknown> {
  if (file === undefined) return {};
  if (!existsSync(file)) {
    problems.push(`${file}: the file does not exist`);
    return {};
  }
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) return { ...parsed };
    problems.push(`${file}: must hold one JSON object`);
  } catch (thrown) {
    problems.push(`${file}: is not JSON (${String(thrown)})`);
  }
  return {};
}

function valueOf(text: string, setting: EnvironmentSetting, problems: string[]): unknown {
  const kind = setting.as ?? 'string';
  if (kind === 'json') return parseJson(text, setting, problems);
  if (kind === 'boolean') {
    if (!['true', 'false', '1', '0'].includes(text))
      problems.push(`${setting.path.join('.')}: ${setting.variable} must be true or false`);
    return text === 'true' || text === '1';
  }
  if (kind === 'number') {
    const number = Number(text);
    if (Number.isNaN(number)) problems.push(`${setting.path.join('.')}: ${setting.variable} must be a number`);
    return number;
  }
  return text;
}

function parseJson(text: string, setting: EnvironmentSetting, problems: string[]): unknown {
  try {
    return JSON.parse(text);
  } catch {
    problems.push(`${setting.path.join('.')}: ${setting.variable} must be JSON`);
    return undefined;
  }
}

function put(target: Record<string, unknown>, path: string[], value: unknown): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const inner: unknown = target[head];
  const next: Record<string, unknown> =
    inner !== null && typeof inner === 'object' && !Array.isArray(inner) ? { ...inner } : {};
  target[head] = next;
  put(next, rest, value);
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
