import { parentPort } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** What the pool asks of a worker. Buffers are handed over, not copied. */
export type WorkerRequest =
  | { id: number; kind: 'load'; key: string; bytes: Uint8Array; input: string; output: string }
  | { id: number; kind: 'drop'; key: string }
  | { id: number; kind: 'run'; key: string; values: Float32Array<ArrayBuffer>; columns: number };

/** What a worker answers. */
export type WorkerReply = { id: number; values?: Float32Array; error?: string };

interface Loaded {
  session: InferenceSession;
  input: string;
  output: string;
}

// This file is the program of a worker thread: sessions by key, one request after the other, on one thread of the runtime's.
const port = parentPort;
const sessions = new Map<string, Loaded>();

async function answer(request: WorkerRequest): Promise<WorkerReply> {
  const { id, key } = request;
  if (request.kind === 'load') {
    const session = await InferenceSession.create(request.bytes, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    sessions.set(key, { session, input: request.input, output: request.output });
    return { id };
  }
  const loaded = sessions.get(key);
  if (request.kind === 'drop') {
    sessions.delete(key);
    await loaded?.session.release();
    return { id };
  }
  if (loaded === undefined) return { id, error: `no model ${key} is loaded` };
  const { values, columns } = request;
  const feeds = { [loaded.input]: new Tensor('float32', values, [values.length / columns, columns]) };
  const out = (await loaded.session.run(feeds, [loaded.output]))[loaded.output]?.data;
  return out instanceof Float32Array ? { id, values: out } : { id, error: `${loaded.output} is not float32` };
}

port?.on('message', (request: WorkerRequest) => {
  answer(request)
    .catch((thrown: unknown): WorkerReply => ({
      id: request.id,
      error: thrown instanceof Error ? thrown.message : String(thrown),
    }))
    .then((reply) => port.postMessage(reply))
    .catch(() => process.exit(1));
});
