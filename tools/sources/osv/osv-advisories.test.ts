import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOsvAdvisories, readOsvFolder } from './osv-advisories.ts';
import { isAffected, osvRecord } from './osv-record.ts';
import { readManifest } from './read-manifest.ts';

const range = (...events: Record<string, string>[]): object => ({
  package: { ecosystem: 'npm', name: 'left' },
  ranges: [{ type: 'SEMVER', events }],
});
const affectedBy = (version: string, ...events: Record<string, string>[]): boolean => {
  const [affected] = osvRecord.parse({ id: 'X', affected: [range(...events)] }).affected;
  return affected !== undefined && isAffected(affected, version);
};

describe('osv evaluation', () => {
  it.each([
    ['1.5.9', true],
    ['1.6.0', false],
    ['0.0.1-alpha', true],
    ['1.6.0-rc.1', true],
    ['not a version', false],
  ])('from 0 to 1.6.0, %s: %s', (version, expected) => {
    expect(affectedBy(version, { introduced: '0' }, { fixed: '1.6.0' })).toBe(expected);
  });

  it('takes several stretches in any order, and last_affected as included', () => {
    const events = [{ introduced: '2.0.0' }, { fixed: '1.2.0' }, { introduced: '1.0.0' }, { last_affected: '2.1.0' }];
    expect(
      ['0.9.0', '1.1.0', '1.2.0', '2.0.0', '2.1.0', '2.1.1'].map((version) => affectedBy(version, ...events)),
    ).toEqual([false, true, false, true, true, false]);
  });
});

describe('osv advisories', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cerebro-osv-'));
  writeFileSync(
    join(folder, 'A.json'),
    JSON.stringify({
      id: 'A',
      summary: 'left leaks',
      affected: [range({ introduced: '0' }, { fixed: '1.3.0' })],
      database_specific: { severity: 'HIGH' },
    }),
  );
  writeFileSync(
    join(folder, 'B.json'),
    JSON.stringify({ id: 'B', withdrawn: '2026-01-01T00:00:00Z', affected: [range({ introduced: '0' })] }),
  );
  writeFileSync(join(folder, 'C.json'), 'not json');
  const lock = join(folder, 'package-lock.json');
  writeFileSync(
    lock,
    JSON.stringify({
      packages: {
        '': { version: '1.0.0' },
        'node_modules/left': { version: '1.2.9' },
        'node_modules/a/node_modules/left': { version: '1.3.0' },
      },
    }),
  );

  it('names what is affected, with the version that mends it, and leaves out what was withdrawn', async () => {
    const source = createOsvAdvisories({ folder, manifests: [{ entity: 'service:web', path: lock }] });
    expect(await source.list([])).toMatchObject({
      status: 'ok',
      items: [{ id: 'A', installed: '1.2.9', fixedIn: '1.3.0', severity: 'high' }],
    });
    expect(await source.list(['service:other'])).toMatchObject({ status: 'no-data' });
    expect(readOsvFolder(folder).unreadable).toBe(2);
  });

  it('reads go.mod and pinned requirements, and refuses what it does not know', () => {
    writeFileSync(
      join(folder, 'go.mod'),
      'module x\n\ngo 1.22\n\nrequire (\n\tgithub.com/a/b v1.2.3 // indirect\n)\nrequire github.com/c/d v0.0.0-20200101000000-abcdef123456\n',
    );
    expect(readManifest(join(folder, 'go.mod'))).toEqual([
      { ecosystem: 'Go', name: 'stdlib', version: '1.22.0' },
      { ecosystem: 'Go', name: 'github.com/a/b', version: '1.2.3' },
      { ecosystem: 'Go', name: 'github.com/c/d', version: '0.0.0-20200101000000-abcdef123456' },
    ]);
    writeFileSync(
      join(folder, 'requirements.txt'),
      '# x\nFlask_Login[all]==0.6.1 ; python_version > "3"\nrequests>=2\n',
    );
    expect(readManifest(join(folder, 'requirements.txt'))).toEqual([
      { ecosystem: 'PyPI', name: 'flask-login', version: '0.6.1' },
    ]);
    expect(() => readManifest(lock.replace('package-lock.json', 'C.json'))).toThrow(/no manifest/);
  });
});
