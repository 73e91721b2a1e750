import type { Alteration } from './read-diff.ts';

const pinned = /^\s*["']?([\w@./:-]+?)["']?\s*(?:\s|:|==|=|~=|>=)\s*["'^~]*v?(\d+)\.(\d+)(?:\.(\d+))?/;

/**
 * How far a change raises the dependencies that it pins: `patch` when every altered line pins the same package at the same major and minor
 * version (Semantic Versioning 2.0: no change of behaviour is meant), `further` when one goes beyond, undefined where other lines change too.
 */
export function versionSteps({ added, removed, files }: Alteration): 'patch' | 'further' | undefined {
  if (added.length === 0 || removed.length === 0 || !files.some((file) => isManifest(file))) return undefined;
  const before = pinsOf(removed.map(({ text }) => text));
  const after = pinsOf(added.map(({ text }) => text));
  if (before === undefined || after === undefined) return undefined;
  for (const [name, version] of after) {
    const old = before.get(name);
    if (old === undefined || old.major !== version.major || old.minor !== version.minor) return 'further';
  }
  return 'patch';
}

function isManifest(file: string): boolean {
  return /(^|\/)(go\.mod|package\.json|requirements[\w.-]*\.txt|pyproject\.toml|pom\.xml|build\.gradle(\.kts)?|Cargo\.toml|Gemfile|composer\.json|\w+\.csproj)$/i.test(
    file,
  );
}

function pinsOf(lines: readonly string[]): Map<string, { major: string; minor: string }> | undefined {
  const pins = new Map<string, { major: string; minor: string }>();
  for (const line of lines) {
    const [, name, major, minor] = pinned.exec(line) ?? [];
    if (name === undefined || major === undefined || minor === undefined) return undefined;
    pins.set(name, { major, minor });
  }
  return pins;
}
