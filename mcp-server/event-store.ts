import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server';

/**
 * Remembers the last messages of a session's streams, so that a client that lost its connection can go on from the last it saw. Bounded:
 * the oldest are forgotten. Ids are `stream_number`.
 */
export function createEventStore(most = 500): EventStore {
  const events: { id: string; stream: string; message: JSONRPCMessage }[] = [];
  let count = 0;
  return {
    storeEvent(stream, message) {
      count += 1;
      const id = `${stream}_${count}`;
      events.push({ id, stream, message });
      if (events.length > most) events.shift();
      return Promise.resolve(id);
    },
    getStreamIdForEventId: (id) => Promise.resolve(streamOf(id)),
    async replayEventsAfter(lastId, { send }) {
      const stream = streamOf(lastId);
      const seen = numberOf(lastId);
      for (const event of events.filter((one) => one.stream === stream && numberOf(one.id) > seen)) {
        // Priming events carry no message: they are only there to be named.
        if (Object.keys(event.message).length > 0) await send(event.id, event.message);
      }
      return stream;
    },
  };
}

function streamOf(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf('_')));
}

function numberOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('_') + 1));
}
