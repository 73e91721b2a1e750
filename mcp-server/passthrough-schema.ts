import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';

/**
 * A JSON Schema as the SDK wants its schemas, that lets every object through: the toolbox validates, so that a mistake comes back as an
 * outcome with a hint and is audited, on this route as on every other.
 */
export function passthroughSchema(schema: Record<string, unknown>): StandardSchemaWithJSON<Record<string, unknown>> {
  return {
    '~standard': {
      version: 1,
      vendor: 'cerebro',
      validate: (value) => ({ value: isRecord(value) ? value : {} }),
      jsonSchema: { input: () => schema, output: () => schema },
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
