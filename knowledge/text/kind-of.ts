import type { KnowledgeKind, Section } from '../chunk.ts';

const runbookHeadings =
  /^(meaning|impact|diagnosis|mitigation|troubleshooting|remediation|runbook|playbook|symptoms?|alerts?)\b/i;
const incidentHeadings =
  /^(root cause|timeline|post-?mortem|contributing factors|lessons learned|action items|incident)\b/i;

/**
 * Tells runbooks and incident reports from other documents by the path's folders and by the headings that such pages have in most
 * companies (two that fit decide). Front matter may overrule it.
 */
export function kindOf(uri: string, sections: readonly Section[]): KnowledgeKind {
  if (/(^|[/_-])(post-?mortems?|incidents?|outages?|rcas?)([/_.-]|$)/i.test(uri)) return 'incident';
  if (/(^|[/_-])(run-?books?|playbooks?|alerts?|sops?)([/_.-]|$)/i.test(uri)) return 'runbook';
  const last = sections.map(({ path }) => path.at(-1) ?? '');
  const incident = new Set(last.filter((heading) => incidentHeadings.test(heading))).size;
  const runbook = new Set(last.filter((heading) => runbookHeadings.test(heading))).size;
  if (incident >= 2 && incident >= runbook) return 'incident';
  return runbook >= 2 ? 'runbook' : 'document';
}
