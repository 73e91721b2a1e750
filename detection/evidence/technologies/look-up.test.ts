import { describe, expect, it } from 'vitest';
import { classifyMetric } from '../signals/classify-metric.ts';
import { roleOfKnowledge } from '../signals/role-of-knowledge.ts';
import { lookUp } from './look-up.ts';
import { technologies } from './technologies.ts';

describe('tables of technologies', () => {
  it('name roles and quantities that there are, and partners that have a row', () => {
    const lost: string[] = [];
    for (const { exact, patterns } of technologies()) {
      for (const row of [...exact.values(), ...patterns.map((one) => one.row)]) {
        roleOfKnowledge(row);
        const partner = row.limit?.metric;
        if (partner !== undefined && partner !== 'now' && lookUp(partner) === undefined)
          lost.push(`${row.metric}: ${partner}`);
      }
    }
    expect(lost).toEqual([]);
  });

  it.each([
    ['pg_stat_activity_count', 'PostgreSQL', 'pg_settings_max_connections'],
    ['mysql_global_status_threads_connected', 'MySQL', 'mysql_global_variables_max_connections'],
    ['redis_memory_used_bytes', 'Redis', 'redis_memory_max_bytes'],
    ['node_nf_conntrack_entries', 'node_exporter', 'node_nf_conntrack_entries_limit'],
    ['node_filesystem_files_free', 'node_exporter', 'node_filesystem_files'],
    ['container_memory_working_set_bytes', 'cAdvisor', 'container_spec_memory_limit_bytes'],
    ['rabbitmq_process_open_fds', 'RabbitMQ', 'rabbitmq_process_max_fds'],
    ['haproxy_frontend_current_sessions', 'HAProxy', 'haproxy_frontend_limit_sessions'],
    ['jvm_memory_used_bytes', 'JVM', 'jvm_memory_max_bytes'],
    ['jvm.memory.used', 'JVM', 'jvm.memory.max'],
    ['hikaricp_connections_active', 'JVM', 'hikaricp_connections_max'],
    ['probe_ssl_earliest_cert_expiry', 'blackbox_exporter', 'now'],
  ])('know %s of %s against %s', (metric, technology, partner) => {
    expect(lookUp(metric)).toMatchObject({ technology, limit: { metric: partner } });
  });

  it('find a histogram by its parts, a dotted name by its underscores, and CloudWatch as exporters write it', () => {
    expect(lookUp('apiserver_request_duration_seconds_bucket')?.facet).toBe('duration');
    expect(lookUp('db_client_connection_pending_requests')?.facet).toBe('waiting');
    expect(lookUp('aws_rds_cpuutilization_average')).toMatchObject({ technology: 'CloudWatch', facet: 'fill' });
    expect(lookUp('latency')).toBeUndefined();
    expect(lookUp('pg_locks_count_bucket')).toBeUndefined();
  });

  it('silence nothing that a convention reads: what is called like a technology is not thereby its own', () => {
    expect(classifyMetric('container_cpu_utilization_ratio')).toMatchObject({ role: 'cpu', quantity: 'used' });
    expect(classifyMetric('node_memory_used_bytes')).toMatchObject({ role: 'memory', quantity: 'used' });
    expect(classifyMetric('node_memory_Cached_bytes')).toMatchObject({ role: 'other' });
    expect(classifyMetric('container_cpu_usage_cores')).toMatchObject({ role: 'cpu', quantity: 'used' });
  });

  it('take the exporter for nobody, and the target for the owner', () => {
    expect(lookUp('pg_exporter_last_scrape_error')?.facet).toBe('monitoring');
    expect(lookUp('scrape_duration_seconds')?.facet).toBe('monitoring');
    expect(lookUp('node_cpu_seconds_total')?.owner.kind).toBe('host');
    expect(lookUp('rabbitmq_queue_messages_ready')?.owner).toEqual({ kind: 'queue', labels: ['queue', 'vhost'] });
  });
});
