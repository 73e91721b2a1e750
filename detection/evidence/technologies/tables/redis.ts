import { technology } from '../technology.ts';

/** redis_exporter (Redis, Valkey, KeyDB) and memcached_exporter. */
export const redis = technology(
  'Redis',
  `
@instance(instance,addr)
redis_up g bool up the server answers role=availability/level
redis_instance_info i - info version
redis_exporter_* c - monitoring the exporter itself
redis_uptime_in_seconds g seconds age the server role=other/statistic
redis_start_time_seconds g timestamp moment start of the server role=restarts/start-time
redis_connected_clients g connections used client connections /redis_config_maxclients role=pool/used
redis_blocked_clients g connections waiting clients in a blocking call
redis_config_maxclients,redis_max_clients,redis_maxclients g connections limit client connections role=pool/max
redis_rejected_connections_total c connections errors connections refused for want of room
redis_connections_received_total c connections flow connections that were opened role=other/statistic
redis_client_* g - inner clients
redis_memory_used_bytes g bytes used memory /redis_memory_max_bytes role=memory/used
redis_memory_max_bytes,redis_config_maxmemory g bytes limit memory role=memory/max
redis_memory_used_rss_bytes g bytes used resident memory role=memory/statistic
redis_memory_used_peak_bytes g bytes inner most memory ever used role=memory/statistic
redis_mem_fragmentation_ratio,redis_memory_fragmentation_ratio g ratio number memory that the system gave for each byte used role=other/statistic
redis_mem_*,redis_memory_* g bytes inner memory role=other/statistic
redis_commands_processed_total c commands flow commands role=traffic/count
redis_commands_total c commands flow commands by kind role=other/statistic
redis_commands_duration_seconds_total c seconds time-spent commands by kind role=other/statistic
redis_commands_latencies_usec h microseconds duration commands role=latency/duration
redis_commands_{failed,rejected}_calls_total c commands errors commands by kind
redis_errors_total c errors errors commands
redis_instantaneous_ops_per_sec g commands flow commands a second role=other/statistic
redis_keyspace_hits_total c lookups hits keys role=cache/hits
redis_keyspace_misses_total c lookups misses keys role=cache/misses
redis_evicted_keys_total c keys errors keys pushed out for want of memory role=cache/statistic
redis_expired_keys_total c keys flow keys that ended role=other/statistic
redis_db_keys g keys number keys role=cache/level @database(db)
redis_db_keys_expiring g keys number keys that will end role=other/statistic @database(db)
redis_db_avg_ttl_seconds g seconds left life of keys @database(db)
redis_connected_slaves,redis_connected_replicas g replicas number copies that are connected good=up
redis_master_link_up g bool up link to the primary role=availability/level
redis_master_last_io_seconds_ago g seconds age last word of the primary
redis_connected_slave_lag_seconds g seconds lag copy behind its primary role=queue/age
redis_{slave,replica,master}_* g - inner replication role=other/statistic
redis_replication_backlog_bytes,redis_replication_backlog_* g bytes inner replication backlog
redis_rdb_last_bgsave_status,redis_aof_last_bgrewrite_status,redis_aof_last_write_status g bool up last write to disk role=other/level
redis_rdb_last_save_timestamp_seconds g timestamp moment last snapshot /now
redis_rdb_changes_since_last_save g changes number changes since the last snapshot
redis_rdb_*,redis_aof_* g - inner persistence
redis_loading_dump_file g bool alarm server reads its dump and does not answer
redis_latest_fork_* g seconds duration last fork role=other/statistic
redis_slowlog_length g commands number slow commands role=other/statistic
redis_slowlog_last_id c commands flow slow commands good=down role=other/statistic
redis_last_slow_execution_duration_seconds g seconds duration last slow command role=other/statistic
redis_latency_spike_duration_seconds g seconds duration latency spike role=other/statistic
redis_cpu_{sys,user}_seconds_total c seconds time-spent CPU role=cpu/used
redis_cpu_*_seconds_total c seconds time-spent CPU role=cpu/statistic
redis_net_{input,output}_bytes_total c bytes flow network role=network/count
redis_cluster_enabled g bool setting cluster mode
redis_cluster_state g bool up the cluster role=other/level
redis_cluster_slots_{fail,pfail} g slots number failed slots good=down
redis_cluster_* g - inner cluster role=other/statistic
redis_sentinel_* g - inner sentinels role=other/statistic
redis_key_size,redis_key_value g - number size of a key @key(key)
redis_pubsub_* g - number channels
redis_stream_length g messages waiting stream @queue(stream)
redis_stream_group_messages_pending g messages waiting stream @queue(stream,group)
redis_stream_* g - inner stream @queue(stream)
redis_* g - inner server
`,
);

export const memcached = technology(
  'memcached',
  `
@instance(instance)
memcached_up g bool up the server answers role=availability/level
memcached_version i - info version
memcached_uptime_seconds c seconds age the server role=other/statistic
memcached_current_connections g connections used client connections /memcached_max_connections role=pool/used
memcached_max_connections g connections limit client connections role=pool/max
memcached_connections_total c connections flow connections that were opened role=other/statistic
memcached_connections_{rejected,yielded,listener_disabled}_total c connections errors connections turned away
memcached_current_bytes g bytes used memory of items /memcached_limit_bytes role=other/level
memcached_limit_bytes g bytes limit memory of items role=other/statistic
memcached_current_items g items number items role=cache/level
memcached_items_total c items flow items stored role=other/statistic
memcached_items_evicted_total c items errors items pushed out for want of memory role=cache/statistic
memcached_items_reclaimed_total c items flow items that ended role=other/statistic
memcached_commands_total c commands flow commands, get with hit or miss by the label status role=cache/count
memcached_{read,written}_bytes_total c bytes flow network role=network/count
memcached_slab_*,memcached_slabs_* g - inner slabs role=other/statistic
memcached_process_* g - inner process
memcached_exporter_* g - monitoring the exporter itself
`,
);
