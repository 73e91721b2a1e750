import ora from 'ora';

/** Shows how far a run of stages is, on stderr: a spinner with a bar on a terminal, one line a stage elsewhere. */
export interface StageBar {
  show(progress: { stage: string; state: 'taken' | 'running' | 'done'; share?: number; note?: string }): void;
  stop(): void;
}

const width = 20;

/** Opens one for so many stages. */
export function openStageBar(stages: number, out: NodeJS.WriteStream = process.stderr): StageBar {
  let finished = 0;
  const spinner = out.isTTY ? ora({ stream: out, discardStdin: false }).start('starting') : undefined;
  return {
    show({ stage, state, share, note }) {
      if (state !== 'running') {
        finished += 1;
        const line = `${stage}${state === 'taken' ? ' (as before)' : ''}`;
        if (spinner === undefined) out.write(`${line}\n`);
        else spinner.succeed(line).start('');
        return;
      }
      if (spinner !== undefined)
        spinner.text = `${bar((finished + (share ?? 0)) / stages)} ${stage}${note === undefined ? '' : `: ${note}`}`;
    },
    stop: () => spinner?.stop(),
  };
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${String(Math.round(share * 100)).padStart(3)} %`;
}
