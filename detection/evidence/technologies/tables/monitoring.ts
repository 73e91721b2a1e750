import { technology } from '../technology.ts';

/** Prometheus, Alertmanager and the family of systems that store telemetry: themselves, and what they tell of scrapes and rules. */
export const prometheus = technology(
  'Prometheus',
  `
@target(job,instance)
up g bool up the target answers the scrape role=availability/level
scrape_* g - monitoring scrapes
ALERTS,ALERTS_FOR_STATE g bool monitoring alerts
promhttp_* c - monitoring the exposition itself
@instance(instance)
prometheus_rule_evaluation_failures_total,prometheus_rule_group_iterations_missed_total c rules errors evaluation of rules role=other/statistic
prometheus_rule_evaluations_total,prometheus_rule_group_iterations_total c rules flow evaluation of rules role=other/statistic
prometheus_rule_group_last_duration_seconds g seconds duration evaluation of a group of rules /prometheus_rule_group_interval_seconds role=other/statistic @rules(rule_group)
prometheus_rule_group_interval_seconds g seconds limit evaluation of a group of rules role=other/statistic @rules(rule_group)
prometheus_rule_group_last_evaluation_timestamp_seconds g timestamp moment last evaluation of a group of rules /now @rules(rule_group)
prometheus_config_last_reload_successful,alertmanager_config_last_reload_successful g bool up last config reload role=other/level
prometheus_tsdb_data_replay_duration_seconds g seconds duration reading of the log at the start role=other/statistic
prometheus_tsdb_head_series g series number series role=other/statistic
prometheus_*_failed_total,prometheus_*_failures_total,prometheus_*_errors_total,prometheus_*_dropped_total c events errors Prometheus itself role=other/statistic
prometheus_* c - monitoring Prometheus itself
alertmanager_notifications_failed_total c notifications errors notifications role=other/level
alertmanager_* c - monitoring the Alertmanager itself
`,
);

export const telemetryStores = technology(
  'Thanos, Mimir, Cortex, Tempo, Loki',
  `
@instance(job,instance)
thanos_*_{dns_failures,alerts_dropped,failures,errors}_total c events errors by kind role=other/level
thanos_*_dns_lookups_total c lookups flow name resolution role=other/statistic
thanos_compact_halted g bool alarm compaction has stopped
thanos_compact_group_compactions_total c compactions flow compactions role=other/statistic
thanos_cache_operation_failures_total c operations errors cache
thanos_cache_operations_total c operations flow cache role=other/statistic
thanos_objstore_bucket_operations_total c operations flow calls of the object store role=other/statistic
thanos_objstore_bucket_operation_duration_seconds h seconds duration calls of the object store role=other/level
thanos_objstore_bucket_last_successful_upload_time g timestamp moment last upload /now
thanos_replicate_replication_runs_total c runs flow replication, by the label result role=other/statistic
thanos_replicate_replication_run_duration_seconds,thanos_bucket_store_series_gate_duration_seconds h seconds duration by kind role=other/level
thanos_query_concurrent_gate_queries_in_flight g queries used queries under way /thanos_query_concurrent_gate_queries_max role=pool/used
thanos_query_concurrent_gate_queries_max g queries limit queries under way role=pool/max
thanos_receive_replication_factor g replicas setting copies
thanos_receive_replications_total,thanos_receive_forward_requests_total,thanos_receive_hashrings_file_refreshes_total,thanos_shipper_uploads_total c requests flow by kind, by the label result role=other/statistic
thanos_receive_hashring_nodes g nodes number nodes of the ring good=up
thanos_{receive,rule}_config_last_reload_successful g bool up last config reload role=other/level
thanos_rule_evaluation_with_warnings_total c rules errors evaluation of rules with warnings
thanos_rule_loaded_rules g rules number rules
thanos_sidecar_prometheus_up g bool up Prometheus of the sidecar role=availability/level
thanos_* c - inner store
{cortex,tempo,loki}_ring_members g members number members of the ring by state
{cortex,loki}_request_duration_seconds,cortex_kv_request_duration_seconds,tempo_request_duration_seconds h seconds duration requests role=latency/duration @route(route)
tempo_memcache_request_duration_seconds h seconds duration cache role=other/level
{cortex,tempo}_runtime_config_hash g hash setting config
*_config_last_reload_successful g bool up last config reload role=other/level
cortex_query_{frontend,scheduler}_queue_length g queries waiting queries role=queue/level
cortex_ingester_memory_users g tenants number tenants in memory
cortex_ingester_memory_series g series used series in memory /cortex_ingester_instance_limits role=other/level
cortex_ingester_tsdb_head_max_timestamp_seconds g timestamp moment newest sample
cortex_{ingester,distributor}_instance_limits g count limit by the label limit role=other/statistic
cortex_tcp_connections g connections used connections /cortex_tcp_connections_limit role=pool/used
cortex_tcp_connections_limit g connections limit connections role=pool/max
cortex_distributor_inflight_push_requests g requests used requests in flight /cortex_distributor_instance_limits role=traffic/in-flight
cortex_ruler_managers_total g managers number tenants with rules
cortex_prometheus_notifications_alertmanagers_discovered g instances number Alertmanagers that are known good=up
cortex_bucket_stores_tenants_synced,cortex_alertmanager_tenants_owned g tenants number tenants
cortex_alertmanager_state_initial_sync_completed_total c syncs flow first reading of the state, by the label outcome role=other/statistic
cortex_compactor_disk_out_of_space_errors_total g errors errors writes that found the disk full role=other/level
cortex_compactor_blocks_marked_for_no_compaction_total c blocks errors blocks that cannot be compacted
*_last_successful_{run,sync,update}_timestamp_seconds g timestamp moment last success /now
cortex_*_failed_total,cortex_*_errors_total,cortex_*_dropped_total,cortex_*_missed_total c events errors by kind role=other/level
cortex_*_total c events flow by kind role=other/statistic
memberlist_client_cluster_members_count g members number members of the cluster good=up
tempodb_blocklist_tenant_index_builder g bool state this instance builds the index
tempodb_compaction_outstanding_blocks g blocks waiting blocks
tempodb_blocklist_length g blocks number blocks good=down
tempodb_blocklist_tenant_index_age_seconds g seconds age index of blocks
{tempo,tempodb}_*_errors_total,{tempo,tempodb}_*_failed_total,tempo_*_dropped_spans_total c events errors by kind role=other/level
tempo_metrics_generator_spans_received_total c spans flow spans role=other/statistic
{cortex,tempo,tempodb,loki}_* c - inner store
`,
);

export const tracing = technology(
  'Jaeger',
  `
@instance(instance,job)
jaeger_agent_http_server_errors_total c requests errors requests
jaeger_agent_http_server_total c requests flow requests role=other/statistic
jaeger_client_jaeger_rpc_http_requests c requests flow requests, by the label status_code role=other/statistic
jaeger_reporter_spans,jaeger_sampler_queries,jaeger_throttler_updates c spans flow spans and their sampling, by the label result role=other/statistic
jaeger_agent_reporter_batches_failures_total c batches errors spans sent
jaeger_agent_reporter_batches_submitted_total c batches flow spans sent role=other/statistic
jaeger_collector_spans_dropped_total c spans errors spans
jaeger_collector_spans_received_total c spans flow spans role=queue/in
jaeger_collector_queue_length g spans used queue /jaeger_collector_queue_capacity role=queue/level
jaeger_collector_queue_capacity g spans limit queue role=queue/max
jaeger_query_requests_total,jaeger_storage_requests_total c requests flow requests, by the label result role=other/statistic
jaeger_storage_latency_seconds,jaeger_query_latency_seconds h seconds duration requests role=other/level
jaeger_* c - inner tracing
`,
);
