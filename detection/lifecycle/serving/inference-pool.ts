import { Worker } from 'node:worker_threads';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { OnnxModel } from '../../models/contracts.ts';
import { planBatches, type Pending } from './plan-batches.ts';
import type { WorkerReply, WorkerRequest } from './onnx-worker.ts';

/** Runs ONNX models on worker threads; requests that wait are batched. */
export interface InferencePool {
  /** Loads a model on every thread, before the first run of its key. */
  load(key: string, model: OnnxModel): Promise<void>;
  drop(key: string): Promise<void>;
  /** The output of all rows, in order. The values may be taken over. Throws BACKEND_UNAVAILABLE when a thread died, INPUT_INVALID when the model refuses the rows. */
  run(key: string, values: Float32Array<ArrayBuffer>, columns: number): Promise<Float32Array>;
  /** Requests that wait for a thread. */
  waiting(): number;
  close(): Promise<void>;
}

interface Thread {
  worker: Worker;
  busy: boolean;
  replies: Map<number, { resolve(reply: WorkerReply): void; reject(thrown: unknown): void }>;
}

/** Rows below which cutting a request over the threads costs more than it gains. */
const worthSplitting = 128;

/**
 * Opens `threads` workers. A request that finds a thread free goes at once, alone; those that come while all are busy are joined, model by
 * model, into batches of at most `maxBatch` rows when a thread gets free (adaptive batching in the manner of Clipper, NSDI 2017, with no timer,
 * so that a lone request never waits). A large request is cut over the free threads. A worker that dies fails its requests and is replaced.
 */
export async function openInferencePool(options: { threads?: number; maxBatch?: number } = {}): Promise<InferencePool> {
  const maxBatch = options.maxBatch ?? 4_096;
  const models = new Map<string, OnnxModel>();
  const queue: Pending[] = [];
  const threads: Thread[] = [];
  let nextId = 1;
  let closed = false;

  const ask = (
    thread: Thread,
    request: DistributiveOmit<WorkerRequest, 'id'>,
    transfer: ArrayBuffer[] = [],
  ): Promise<WorkerReply> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      thread.replies.set(id, { resolve, reject });
      thread.worker.postMessage({ ...request, id }, transfer);
    });

  const start = async (): Promise<Thread> => {
    const worker = new Worker(new URL('onnx-worker.ts', import.meta.url));
    const thread: Thread = { worker, busy: false, replies: new Map() };
    worker.on('message', (reply: WorkerReply) => {
      thread.replies.get(reply.id)?.resolve(reply);
      thread.replies.delete(reply.id);
    });
    const die = (why: unknown): void => {
      for (const reply of thread.replies.values())
        reply.reject(
          new CerebroError('BACKEND_UNAVAILABLE', 'An inference thread ended; the request can be sent again.', {
            cause: why,
          }),
        );
      thread.replies.clear();
      const place = threads.indexOf(thread);
      if (place < 0 || closed) return;
      threads.splice(place, 1);
      void start().then(
        (fresh) => {
          threads.push(fresh);
          pump();
        },
        () => undefined,
      );
    };
    worker.on('error', die);
    worker.on('exit', die);
    for (const [key, model] of models) await ask(thread, { kind: 'load', key, ...model });
    return thread;
  };

  const pump = (): void => {
    const free = threads.filter(({ busy }) => !busy);
    for (const batch of planBatches(queue, free.length, { maxBatch, worthSplitting })) {
      const thread = free.shift()!;
      thread.busy = true;
      const { key, columns } = batch;
      ask(thread, { kind: 'run', key, columns, values: batch.values }, [batch.values.buffer])
        .then((reply) => {
          if (reply.values === undefined)
            throw new CerebroError('INPUT_INVALID', `The model ${key} cannot take these rows: ${reply.error}`);
          batch.done(reply.values);
        })
        .catch((thrown: unknown) => batch.fail(thrown))
        .finally(() => {
          thread.busy = false;
          pump();
        });
    }
  };

  threads.push(...(await Promise.all(Array.from({ length: options.threads ?? 2 }, start))));
  return {
    async load(key, model) {
      models.set(key, model);
      const replies = await Promise.all(threads.map((thread) => ask(thread, { kind: 'load', key, ...model })));
      const error = replies.find((reply) => reply.error !== undefined)?.error;
      if (error === undefined) return;
      models.delete(key);
      throw new CerebroError('STORE_DAMAGED', `The ONNX file of ${key} cannot be loaded: ${error}`);
    },
    async drop(key) {
      models.delete(key);
      await Promise.all(threads.map((thread) => ask(thread, { kind: 'drop', key })));
    },
    run: (key, values, columns) =>
      new Promise((resolve, reject) => {
        queue.push({ key, values, columns, resolve, reject });
        pump();
      }),
    waiting: () => queue.length,
    async close() {
      closed = true;
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
