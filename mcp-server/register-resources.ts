import type { McpServer } from '@modelcontextprotocol/server';
import { ResourceNotFoundError, ResourceTemplate } from '@modelcontextprotocol/server';
import type { Library } from './library.ts';
import { shelvesOf } from './library.ts';

const mostListed = 100;

/** Registers `cerebro://investigations/{id}`, `cerebro://capsules/{id}` and `cerebro://runbooks/{id}`, as far as the library has them. */
export function registerResources(server: McpServer, library: Library): void {
  for (const [name, description, shelf] of shelvesOf(library)) {
    const template = new ResourceTemplate(`cerebro://${name}/{id}`, {
      list: () => ({
        resources: shelf.list(mostListed).map(({ id, title }) => ({
          uri: `cerebro://${name}/${encodeURIComponent(id)}`,
          name: id,
          title,
          description: title,
        })),
      }),
      complete: {
        id: (value) =>
          shelf
            .list(mostListed)
            .map(({ id }) => id)
            .filter((id) => id.startsWith(value)),
      },
    });
    server.registerResource(name, template, { title: name, description }, (uri, { id }) => {
      const found = shelf.read(decodeURIComponent(String(id)));
      if (found === undefined) throw new ResourceNotFoundError(uri.href);
      return { contents: [{ uri: uri.href, mimeType: found.mimeType, text: found.text }] };
    });
  }
}
