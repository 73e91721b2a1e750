import type { Fact } from './fact.ts';
import { readKeyLines } from './read-settings.ts';

const digits = new Set('0123456789');

/** Facts of a file that pins packages, whatever its form: a name and a version on one line, or a name above a version. Lines that pin nothing are settings. */
export function readManifest(lines: readonly string[], file: string): Fact[] {
  const facts: Fact[] = [];
  let above = '';
  for (const [row, line] of lines.entries()) {
    const body = line.split('//')[0]!.trim();
    if (body === '' || body.startsWith('#')) continue;
    const parts = partsOf(body);
    const at = parts.findIndex(isVersion);
    const tag = body.startsWith('<version') ? above : undefined;
    const name = tag ?? parts.slice(0, Math.max(0, at)).findLast((part) => isName(part));
    if (at >= 0 && name !== undefined && name !== '') {
      const version = parts[at]!;
      facts.push({ kind: 'pin', id: `pin:${name}=${version}`, subject: name, value: version, file, row });
    } else facts.push(...readKeyLines([line], file).map((fact) => ({ ...fact, row })));
    if (body.startsWith('<artifactId')) above = parts[1] ?? '';
  }
  return facts;
}

/** The words of a line, cut at blanks, quotes, brackets and the signs between a name and its version. */
function partsOf(line: string): string[] {
  return line
    .slice(0, 300)
    .split(/[\s"'`<>()[\]{},;=]+/)
    .flatMap((part) => part.split(/:(?=\D|$)|@(?=[\d^~])|:(?=\d)/))
    .map((part) => part.replace(/^[~^!]+/, ''))
    .filter((part) => part !== '');
}

function isVersion(part: string): boolean {
  const text = part.startsWith('v') ? part.slice(1) : part;
  return (
    digits.has(text[0] ?? '') && text.includes('.') && text.split('.').every((number) => digits.has(number[0] ?? ''))
  );
}

const words = new Set([
  'require',
  'module',
  'go',
  'version',
  'gem',
  'implementation',
  'api',
  'compile',
  'test',
  'include',
  'versions',
]);

function isName(part: string): boolean {
  return part.length > 1 && !isVersion(part) && !words.has(part.toLowerCase());
}
