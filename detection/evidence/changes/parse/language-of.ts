import type { GrammarName } from './grammars.ts';

/** How a file is read: by a grammar (`near`: by that of a language written much alike), as a format of settings, as SQL, by lines where no grammar knows it, or not at all (prose, pictures). */
export type FileFormat =
  | { by: 'grammar'; grammar: GrammarName; near?: true }
  | { by: 'yaml' | 'json' | 'settings' | 'docker' | 'sql' | 'manifest' | 'lines' | 'prose' };

const grammars: Readonly<Record<string, GrammarName>> = {
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'tsx',
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  py: 'python',
  pyi: 'python',
  go: 'go',
  java: 'java',
  groovy: 'java',
  rb: 'ruby',
  rake: 'ruby',
  cs: 'c-sharp',
  php: 'php',
  rs: 'rust',
  c: 'cpp',
  h: 'cpp',
  cc: 'cpp',
  cpp: 'cpp',
  hpp: 'cpp',
  sh: 'bash',
  bash: 'bash',
  tf: 'hcl',
  hcl: 'hcl',
  tfvars: 'hcl',
};
/** Languages without a grammar here, and the one whose statements look like theirs. */
const nearest: Readonly<Record<string, GrammarName>> = {
  kt: 'typescript',
  kts: 'typescript',
  scala: 'typescript',
  swift: 'typescript',
  dart: 'java',
  vue: 'javascript',
  svelte: 'javascript',
};
const formats: Readonly<Record<string, Exclude<FileFormat['by'], 'grammar'>>> = {
  yaml: 'yaml',
  yml: 'yaml',
  tpl: 'yaml',
  json: 'json',
  toml: 'settings',
  ini: 'settings',
  cfg: 'settings',
  conf: 'settings',
  cnf: 'settings',
  env: 'settings',
  properties: 'settings',
  sql: 'sql',
  md: 'prose',
  mdx: 'prose',
  rst: 'prose',
  adoc: 'prose',
  txt: 'prose',
  svg: 'prose',
  png: 'prose',
  jpg: 'prose',
  gif: 'prose',
  ico: 'prose',
  pdf: 'prose',
  css: 'prose',
  scss: 'prose',
  less: 'prose',
  snap: 'prose',
  sum: 'prose',
};
/** Files that tools know by their whole name. */
const names: Readonly<Record<string, Exclude<FileFormat['by'], 'grammar'>>> = {
  'go.mod': 'manifest',
  'package.json': 'manifest',
  'pyproject.toml': 'manifest',
  pipfile: 'manifest',
  'pom.xml': 'manifest',
  'build.gradle': 'manifest',
  'build.gradle.kts': 'manifest',
  'cargo.toml': 'manifest',
  gemfile: 'manifest',
  'composer.json': 'manifest',
  'package-lock.json': 'prose',
  'yarn.lock': 'prose',
  'pnpm-lock.yaml': 'prose',
  'cargo.lock': 'prose',
  'poetry.lock': 'prose',
  'gemfile.lock': 'prose',
  'composer.lock': 'prose',
  license: 'prose',
  codeowners: 'prose',
  '.gitignore': 'prose',
  '.dockerignore': 'prose',
  dockerfile: 'docker',
  containerfile: 'docker',
};

/** The format of a file by the name that its tools know it by. A name says how to read, never what a change does. */
export function formatOf(file: string): FileFormat {
  const name = file.slice(file.lastIndexOf('/') + 1).toLowerCase();
  const known = names[name];
  if (known !== undefined) return { by: known };
  if (name.startsWith('dockerfile') || name.endsWith('.dockerfile')) return { by: 'docker' };
  if (name.startsWith('requirements') && name.endsWith('.txt')) return { by: 'manifest' };
  if (name.endsWith('.csproj') || name.endsWith('.gemspec')) return { by: 'manifest' };
  if (name.startsWith('.env')) return { by: 'settings' };
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : '';
  const grammar = grammars[extension];
  if (grammar !== undefined) return { by: 'grammar', grammar };
  const near = nearest[extension];
  return near === undefined ? { by: formats[extension] ?? 'lines' } : { by: 'grammar', grammar: near, near: true };
}

const testFolders = new Set(['__tests__', '__mocks__', 'testdata', 'test', 'tests', 'spec']);
const testEndings = ['_test', '.test', '.spec', '_spec', '.stories', 'Test', 'Tests', 'IT'];

/** Whether test runners, not the product, run a file: by the conventions that the runners themselves go by. */
export function isRunByTests(file: string): boolean {
  const parts = file.split('/');
  const name = parts.pop() ?? '';
  const format = formatOf(file);
  if (format.by !== 'grammar') return parts.some((part) => part === '__tests__' || part === 'testdata');
  const stem = name.slice(0, name.lastIndexOf('.'));
  return (
    parts.some((part) => testFolders.has(part)) ||
    testEndings.some((ending) => stem.endsWith(ending)) ||
    (format.grammar === 'python' && (stem.startsWith('test_') || stem === 'conftest'))
  );
}
