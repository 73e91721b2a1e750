import { simpleGit } from 'simple-git';
import type { SimpleGit } from 'simple-git';
import { entityNameOf } from '../../domain/entity.ts';
import type { EntityId } from '../../domain/entity.ts';
import type { Change } from '../../domain/signal.ts';
import { isoOf, msOf } from '../../infra/runtime/clock.ts';
import { CerebroError } from '../../infra/runtime/errors.ts';
import type { ChangeSource } from './source.ts';
import { sourceResultOf } from './source-result.ts';
import { stopIfAborted } from './stop-if-aborted.ts';

export interface GitOptions {
  /** A local clone. It is only read: nothing is fetched. */
  dir: string;
  name?: string;
  /** What is looked at; default `HEAD`. */
  branch?: string;
  /** The entity that a change of these files belongs to; default: none, so it may concern any. */
  entityOf?: (files: readonly string[]) => EntityId | undefined;
  timeoutMs?: number;
}

const field = '\u001f';
const record = '\u001e';
const commitsMax = 2_000;
const diffMax = 200_000;

/** A git clone as a source of changes: commits (by the time they were committed) and tags (as deploys), diffs on `show`. */
export function createGit(options: GitOptions): ChangeSource {
  const { dir, name = 'git', branch = 'HEAD', timeoutMs = 15_000 } = options;
  if (branch.startsWith('-')) throw new CerebroError('CONFIG_INVALID', `${branch} is no name of a branch.`);
  const run = async (signal: AbortSignal | undefined, args: string[]): Promise<string> => {
    stopIfAborted(signal);
    const git: SimpleGit = simpleGit({
      baseDir: dir,
      timeout: { block: timeoutMs },
      ...(signal === undefined ? {} : { abort: signal }),
    });
    try {
      return await git.raw(args);
    } catch (thrown) {
      stopIfAborted(signal);
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      throw new CerebroError('BACKEND_REJECTED', `git ${args[0] ?? ''} in ${name} failed: ${message.slice(0, 300)}`, {
        cause: thrown,
      });
    }
  };
  const commitFrom = (text: string): Change | undefined => {
    const [head = '', files = ''] = text.split(`${field}${field}`);
    const [hash = '', seconds = '', author = '', subject = '', body = ''] = head.split(field);
    if (!/^[0-9a-f]{40,64}$/.test(hash)) return undefined;
    const paths = files.split('\n').filter((path) => path !== '');
    const entity = options.entityOf?.(paths);
    return {
      id: hash,
      at: isoOf(Number(seconds) * 1_000),
      kind: 'commit',
      ...(entity === undefined ? {} : { entity }),
      title: subject,
      author,
      ...(body.trim() === '' ? {} : { summary: body.trim().slice(0, 2_000) }),
      ref: hash.slice(0, 12),
      files: paths.slice(0, 500),
    };
  };
  const format = `--format=${record}%H${field}%ct${field}%an${field}%s${field}%b${field}${field}`;
  const commits = (text: string): Change[] => text.split(record).flatMap((one) => commitFrom(one) ?? []);
  const tags = async (signal: AbortSignal | undefined): Promise<Change[]> => {
    const form = `%(refname:short)${field}%(creatordate:unix)${field}%(creator)${field}%(subject)${field}%(objectname)`;
    const text = await run(signal, ['for-each-ref', 'refs/tags', `--format=${form}`]);
    return text.split('\n').flatMap((line): Change[] => {
      const [tag = '', seconds = '', creator = '', subject = '', hash = ''] = line.split(field);
      if (tag === '' || !/^\d+$/.test(seconds)) return [];
      const author = creator.replace(/\s*<.*$/, '');
      return [
        {
          id: `tag:${tag}`,
          at: isoOf(Number(seconds) * 1_000),
          kind: 'deploy',
          title: `tag ${tag}`,
          author,
          summary: subject,
          ref: hash.slice(0, 12),
        },
      ];
    });
  };

  return {
    name,
    async list(request, signal) {
      const [from, to] = [msOf(request.window.from), msOf(request.window.to)];
      // Git takes whole seconds and both ends; the exact window is applied below.
      const range = [
        `--since=${Math.floor(from / 1_000) - 1}`,
        `--until=${Math.ceil(to / 1_000)}`,
        `--max-count=${commitsMax}`,
      ];
      const read = commits(await run(signal, ['log', format, '--name-only', '--no-color', ...range, branch, '--']));
      const wanted = new Set(request.entities.map((id) => entityNameOf(id)));
      const found = [...read, ...(await tags(signal))]
        .filter((one) => msOf(one.at) >= from && msOf(one.at) < to)
        .filter((one) => wanted.size === 0 || one.entity === undefined || wanted.has(entityNameOf(one.entity)))
        .sort((left, right) => msOf(left.at) - msOf(right.at));
      return sourceResultOf(found, {
        limit: request.limit,
        keep: 'newest',
        more: read.length >= commitsMax,
        lookedAt: `${name}: commits of ${branch} and tags, ${request.window.from} to ${request.window.to}`,
      });
    },
    async show(id, signal) {
      const tag = id.startsWith('tag:') ? (await tags(signal)).find((one) => one.id === id) : undefined;
      const hash = tag?.ref ?? id;
      const lookedAt = `${name}: ${id}`;
      if (!/^[0-9a-f]{7,64}$/.test(hash))
        return { status: 'no-data', lookedAt: `${lookedAt} is neither a commit nor a known tag` };
      let text: string;
      try {
        text = await run(signal, ['show', format, '--name-only', '--no-color', `${hash}^{commit}`, '--']);
      } catch (thrown) {
        if (thrown instanceof CerebroError && thrown.code === 'BACKEND_REJECTED')
          return { status: 'no-data', lookedAt: `${lookedAt}: no such commit` };
        throw thrown;
      }
      const [commit] = commits(text);
      if (commit === undefined) return { status: 'no-data', lookedAt };
      const diff = await run(signal, [
        'show',
        '--format=',
        '--patch',
        '--no-color',
        '--no-ext-diff',
        '--no-textconv',
        `${hash}^{commit}`,
        '--',
      ]);
      const notes =
        diff.length > diffMax ? [`the diff has ${diff.length} characters; the first ${diffMax} are shown`] : [];
      return sourceResultOf([{ ...commit, ...tag, diff: diff.slice(0, diffMax) }], { limit: 1, lookedAt, notes });
    },
  };
}
