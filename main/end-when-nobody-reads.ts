/** Ends the process, as other commands do, when who reads its output has gone (`cerebro capsule list | head -1`); any other failure to write is thrown. */
export function endWhenNobodyReads(output: NodeJS.WritableStream, exit: (status: number) => void): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    exit(0);
  });
}
