import { entityIdOf } from '../../domain/entity.ts';
import type { Span } from '../../domain/signal.ts';

type Attributes = Span['attributes'];

/** A span with the name of the service that made it. */
export interface NamedSpan {
  service: string;
  span: Span;
}

const kinds: readonly Span['kind'][] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];

/**
 * Reads an OTLP/JSON trace export (opentelemetry-proto 1.x, `resourceSpans`; also `batches` as Tempo writes it). Ids may be hexadecimal
 * or base64. Never throws: what does not fit is counted in `dropped`.
 */
export function readOtlpSpans(body: unknown): { spans: NamedSpan[]; dropped: number } {
  const spans: NamedSpan[] = [];
  let dropped = 0;
  const root = recordOf(body);
  for (const resourceSpans of listOf(root['resourceSpans'] ?? root['resource_spans'] ?? root['batches'])) {
    const holder = recordOf(resourceSpans);
    const resource = attributesOf(recordOf(holder['resource'])['attributes']);
    const service = String(resource['service.name'] ?? 'unknown');
    for (const scope of listOf(
      holder['scopeSpans'] ?? holder['scope_spans'] ?? holder['instrumentationLibrarySpans'],
    )) {
      for (const one of listOf(recordOf(scope)['spans'])) {
        const span = spanOf(recordOf(one), service, resource);
        if (span === undefined) dropped += 1;
        else spans.push({ service, span });
      }
    }
  }
  return { spans, dropped };
}

const keptOfResource = [
  'service.version',
  'service.namespace',
  'service.instance.id',
  'k8s.pod.name',
  'k8s.node.name',
  'host.name',
];

function spanOf(raw: Record<string, unknown>, service: string, resource: Attributes): Span | undefined {
  const traceId = idOf(raw['traceId'] ?? raw['trace_id'], 32);
  const spanId = idOf(raw['spanId'] ?? raw['span_id'], 16);
  const parentId = idOf(raw['parentSpanId'] ?? raw['parent_span_id'], 16);
  const startMs = nanosToMs(raw['startTimeUnixNano'] ?? raw['start_time_unix_nano']);
  const endMs = nanosToMs(raw['endTimeUnixNano'] ?? raw['end_time_unix_nano']);
  if (traceId === undefined || spanId === undefined || startMs === undefined || endMs === undefined) return undefined;
  const attributes: Attributes = {};
  for (const name of keptOfResource) if (resource[name] !== undefined) attributes[name] = resource[name];
  Object.assign(attributes, attributesOf(raw['attributes']));
  const status = recordOf(raw['status']);
  const failed = status['code'] === 2 || status['code'] === 'STATUS_CODE_ERROR';
  const fine = status['code'] === 1 || status['code'] === 'STATUS_CODE_OK';
  if (typeof status['message'] === 'string' && status['message'] !== '')
    attributes['otel.status_description'] = status['message'];
  addException(raw['events'], attributes);
  return {
    traceId,
    spanId,
    ...(parentId === undefined ? {} : { parentId }),
    entity: entityIdOf('service', service),
    name: typeof raw['name'] === 'string' ? raw['name'] : '',
    kind: kindOf(raw['kind']),
    startMs,
    durationMs: Math.max(0, endMs - startMs),
    status: failed ? 'error' : fine ? 'ok' : 'unset',
    attributes,
  };
}

/** The exception that a span recorded as an event, as attributes of the span (OpenTelemetry semantic conventions, exceptions). */
function addException(events: unknown, attributes: Attributes): void {
  for (const event of listOf(events)) {
    const { name, attributes: raw } = recordOf(event);
    if (name !== 'exception') continue;
    for (const [key, value] of Object.entries(attributesOf(raw))) {
      if (key === 'exception.type' || key === 'exception.message') attributes[key] ??= value;
    }
  }
}

function kindOf(kind: unknown): Span['kind'] {
  if (typeof kind === 'number') return kinds[kind] ?? 'internal';
  const word = typeof kind === 'string' ? kind.replace('SPAN_KIND_', '').toLowerCase() : '';
  return kinds.find((one) => one === word) ?? 'internal';
}

/** Flat attributes of OTLP key-value pairs; lists and maps become JSON text. */
export function attributesOf(pairs: unknown): Attributes {
  const attributes: Attributes = {};
  for (const pair of listOf(pairs)) {
    const { key, value } = recordOf(pair);
    const read = valueOf(recordOf(value));
    if (typeof key === 'string' && key !== '__proto__' && read !== undefined) attributes[key] = read;
  }
  return attributes;
}

function valueOf(value: Record<string, unknown>): string | number | boolean | undefined {
  const [kind, inner] = Object.entries(value)[0] ?? [];
  if (kind === undefined || inner === null || inner === undefined) return undefined;
  if (kind === 'intValue' && typeof inner === 'string')
    return Number.isSafeInteger(Number(inner)) ? Number(inner) : inner;
  if (typeof inner === 'string' || typeof inner === 'number' || typeof inner === 'boolean') return inner;
  return JSON.stringify(inner);
}

function idOf(value: unknown, digits: number): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (/^[0-9a-fA-F]+$/.test(value) && value.length <= digits) {
    const id = value.toLowerCase().padStart(digits, '0');
    return /^0+$/.test(id) ? undefined : id;
  }
  const bytes = Buffer.from(value, 'base64');
  return bytes.length * 2 === digits ? bytes.toString('hex') : undefined;
}

function nanosToMs(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  // The last digits of a nanosecond count do not fit a double; microseconds do.
  const text = String(value);
  const ms = /^\d{7,}$/.test(text) ? Number(text.slice(0, -3)) / 1e3 : Number(text) / 1e6;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function recordOf(value: unknown): Record<string, unknown> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object that is no list
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
