import { parseAllDocuments } from 'yaml';
import type { Resource } from '../../../../domain/signal.ts';
import { memberOf } from '../../../../infra/runtime/member-of.ts';
import { textAt } from '../fields.ts';
import type { KubectlContext } from './kubectl-context.ts';
import { isNamespaced } from './kubectl-context.ts';

/** The objects of YAML or JSON text (`kubectl get -o yaml`, a manifest of several documents, a `List`). Documents that are no objects are left out. */
export function parseManifest(text: string, context: KubectlContext): Resource[] {
  return parseAllDocuments(text, { logLevel: 'silent' }).flatMap((document) => {
    if ('errors' in document && document.errors.length > 0) return [];
    const value: unknown = document.toJS();
    const items = memberOf(value, 'items');
    return (Array.isArray(items) ? items : [value]).flatMap((item) => resourceOf(item, context));
  });
}

function resourceOf(item: unknown, context: KubectlContext): Resource[] {
  const kind = textAt(item, 'kind');
  const name = textAt(item, 'metadata', 'name');
  if (kind === '' || name === '' || typeof item !== 'object' || item === null) return [];
  const namespace =
    textAt(item, 'metadata', 'namespace').trim() || (isNamespaced(kind) ? context.namespace : undefined);
  return [{ kind, name, ...(namespace === undefined ? {} : { namespace }), object: { ...item } }];
}
