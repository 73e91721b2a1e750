/** Whether a value from outside is an object whose fields can be looked at. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field as text, empty when it is not there. */
export function textIn(value: unknown, key: string): string {
  const field = isRecord(value) ? value[key] : undefined;
  return typeof field === 'string' ? field : '';
}

/** A field as a number, zero when it is not there. */
export function numberIn(value: unknown, key: string): number {
  const field = isRecord(value) ? value[key] : undefined;
  return typeof field === 'number' ? field : 0;
}

/** A field as a list, empty when it is not there. */
export function listIn(value: unknown, key: string): unknown[] {
  const field = isRecord(value) ? value[key] : undefined;
  return Array.isArray(field) ? field : [];
}

/** The code of a system error, like `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
