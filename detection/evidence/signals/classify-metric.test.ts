import { describe, expect, it } from 'vitest';
import { classifyMetric } from './classify-metric.ts';
import { wordsOf } from '../technologies/words-of.ts';

describe('classifyMetric', () => {
  it.each([
    ['http_requests_total', 'traffic', 'count', 'server'],
    ['http.server.request.duration', 'latency', 'duration', 'server'],
    ['http_client_request_duration_seconds', 'latency', 'duration', 'client'],
    ['grpc_server_handled_requests_total', 'traffic', 'count', 'server'],
    ['process_cpu_seconds_total', 'cpu', 'used', 'server'],
    ['erlang_vm_dirty_cpu_schedulers_online', 'other', 'level', 'server'],
    ['container_cpu_usage_seconds_total', 'cpu', 'used', 'server'],
    ['container_cpu_cfs_throttled_seconds_total', 'cpu', 'pending', 'server'],
    ['node_cpu_seconds_total', 'host-cpu', 'used', 'server'],
    ['node_pressure_cpu_waiting_seconds_total', 'host-cpu', 'pending', 'server'],
    ['node_load1', 'host-cpu', 'statistic', 'server'],
    ['container_memory_working_set_bytes', 'memory', 'used', 'server'],
    ['process_resident_memory_bytes', 'memory', 'used', 'server'],
    ['jvm.memory.used', 'memory', 'used', 'server'],
    ['nodejs_eventloop_lag_p99_seconds', 'event-loop', 'duration', 'server'],
    ['nodejs_gc_duration_seconds', 'other', 'statistic', 'server'],
    ['db.client.connection.count', 'pool', 'used', 'client'],
    ['hikaricp_connections_pending', 'pool', 'pending', 'server'],
    ['hikaricp_connections_max', 'pool', 'max', 'server'],
    ['db_client_operation_duration_seconds', 'database-latency', 'duration', 'client'],
    ['pg_stat_database_tup_returned_rows', 'database-work', 'rows', 'server'],
    ['pg_locks_count', 'lock', 'count', 'server'],
    ['mysql_global_status_full_scans_total', 'database-work', 'scan', 'server'],
    ['cache_hits_total', 'cache', 'hits', 'server'],
    ['redis_keyspace_misses_total', 'cache', 'misses', 'server'],
    ['rabbitmq_queue_messages_ready', 'queue', 'level', 'server'],
    ['kafka_consumergroup_lag', 'queue', 'level', 'server'],
    ['queue_oldest_message_age_seconds', 'queue', 'age', 'server'],
    ['process_open_fds', 'file-handles', 'used', 'server'],
    ['process_max_fds', 'file-handles', 'max', 'server'],
    ['node_filesystem_avail_bytes', 'disk', 'free', 'server'],
    ['kubelet_volume_stats_used_bytes', 'disk', 'used', 'server'],
    ['http_client_retries_total', 'retries', 'count', 'client'],
    ['kube_pod_container_status_restarts_total', 'restarts', 'count', 'server'],
    ['process_start_time_seconds', 'restarts', 'start-time', 'server'],
    ['up', 'availability', 'level', 'server'],
    ['build_info', 'version', 'info', 'server'],
    ['node_network_receive_drop_total', 'network', 'errors', 'server'],
    ['payment_failures_total', 'errors', 'errors', 'server'],
    ['some_business_number', 'other', 'level', 'server'],
  ])('reads %s as %s (%s, %s side)', (name, role, quantity, side) => {
    expect(classifyMetric(name)).toMatchObject({ role, quantity, side });
  });

  // What is left, and what is allowed, is no use; less of what is left is worse.
  it.each([
    ['CPUCreditBalance', 'cpu', 'free'],
    ['CPUCreditUsage', 'cpu', 'statistic'],
    ['CPUSurplusCreditBalance', 'cpu', 'statistic'],
    ['CPUUtilization', 'cpu', 'used'],
    ['cpu_utilization_max', 'cpu', 'used'],
    ['cpu_idle', 'cpu', 'free'],
    ['cpu_limit', 'cpu', 'max'],
    ['container_spec_cpu_quota', 'cpu', 'max'],
    ['cpu_headroom', 'cpu', 'free'],
    ['memory_available', 'memory', 'free'],
    ['memory_limit', 'memory', 'max'],
    ['node_memory_MemAvailable_bytes', 'memory', 'free'],
    ['FreeableMemory', 'memory', 'free'],
    ['disk_free', 'disk', 'free'],
    ['disk_used', 'disk', 'used'],
    ['freeStorageSpace', 'disk', 'free'],
    ['FreeLocalStorage', 'disk', 'free'],
    ['inodes_free', 'disk', 'free'],
    ['BurstBalance', 'disk', 'free'],
    ['VolumeIdleTime', 'other', 'level'],
    ['VolumeQueueLength', 'queue', 'level'],
    ['queue_free_slots', 'queue', 'free'],
    ['pool_idle', 'pool', 'free'],
    ['db_connections_remaining', 'pool', 'free'],
    ['DatabaseConnections', 'pool', 'used'],
    ['available_file_descriptors', 'file-handles', 'free'],
    ['process_max_fds', 'file-handles', 'max'],
    ['ratelimit_remaining', 'other', 'level'],
    ['error_budget_remaining', 'other', 'level'],
    ['http_requests_limit', 'other', 'level'],
    ['rate_limit_exceeded_total', 'other', 'level'],
    ['pg_stat_database_session_time', 'other', 'statistic'],
    ['erlang_vm_dirty_cpu_schedulers', 'other', 'level'],
  ])('takes %s for %s, %s', (name, role, quantity) => {
    expect(classifyMetric(name)).toMatchObject({ role, quantity });
  });

  it('brings milliseconds to seconds, by name or unit', () => {
    expect(classifyMetric('request_latency_ms').scale).toBe(0.001);
    expect(classifyMetric('request_latency', 'ms').scale).toBe(0.001);
    expect(classifyMetric('request_latency_seconds').scale).toBe(1);
  });

  it('splits names at humps, dots and underscores', () => {
    expect(wordsOf('httpServer.request_Duration-p99')).toEqual(['http', 'server', 'request', 'duration', 'p99']);
    expect(wordsOf('HTTPCode_Target_5XX_Count')).toEqual(['http', 'code', 'target', '5xx', 'count']);
    expect(classifyMetric('HTTPCode_Target_5XX_Count')).toMatchObject({ role: 'errors', quantity: 'errors' });
    expect(classifyMetric('Throttles')).toMatchObject({ role: 'errors' });
    expect(classifyMetric('FreeableMemory')).toMatchObject({ role: 'memory', quantity: 'free' });
  });
});
