import type { SourceDocument } from '../../chunk.ts';
import { documentOf } from '../reader.ts';
import { type DataReader, fieldsOf, listOf, textIn } from './data-reader.ts';

const aboutLabels = ['service', 'app', 'component', 'job'];

/**
 * Prometheus alert rules, as files and as the operator's `PrometheusRule`: every alert is a small runbook with its annotations (`runbook_url`
 * among them), expression and severity, about the service that its labels name.
 */
export const alertRules: DataReader = {
  name: 'alert rules',
  takes: (value) =>
    Array.isArray(value['groups']) ||
    (value['kind'] === 'PrometheusRule' && Array.isArray(fieldsOf(value['spec'])['groups'])),
  read: ({ value, at, lineOf }) => {
    const inSpec = !Array.isArray(value['groups']);
    const home = inSpec ? ['spec', 'groups'] : ['groups'];
    const groups = listOf(inSpec ? fieldsOf(value['spec'])['groups'] : value['groups']);
    const seen = new Map<string, number>();
    return groups.flatMap((group, groupAt) =>
      listOf(fieldsOf(group)['rules']).flatMap((item, ruleAt): SourceDocument[] => {
        const rule = fieldsOf(item);
        const name = textIn(rule['alert']);
        if (name === '') return [];
        const labels = fieldsOf(rule['labels']);
        const notes = Object.entries(fieldsOf(rule['annotations'])).map(([key, note]) => `${key}: ${textIn(note)}`);
        const severity = textIn(labels['severity']);
        const text = [
          ...notes,
          `expression: ${textIn(rule['expr'])}`,
          ...(severity === '' ? [] : [`severity: ${severity}`]),
        ].join('\n');
        const line = lineOf([...home, groupAt, 'rules', ruleAt, 'alert']);
        // One name at several severities is usual.
        const before = seen.get(name) ?? 0;
        seen.set(name, before + 1);
        const uri = at(before === 0 ? name : `${name}-${before + 1}`);
        const about = aboutLabels.map((label) => textIn(labels[label])).find((word) => /^[\w.-]+$/.test(word));
        const document = documentOf(uri, name, 'runbook', [{ path: [name], text, line }]);
        return [about === undefined ? document : { ...document, entities: [about] }];
      }),
    );
  },
};
