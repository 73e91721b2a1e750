import { technology } from '../technology.ts';

/** postgres_exporter, its common custom queries, PgBouncer and Patroni. */
export const postgresql = technology(
  'PostgreSQL',
  `
@instance(server,instance)
pg_up g bool up the server answers role=availability/level
pg_exporter_*,pg_scrape_* g - monitoring the exporter itself
pg_static,pg_version i - info version
pg_postmaster_start_time_seconds g timestamp moment start of the server /now role=restarts/start-time
pg_stat_activity_count g connections used connections /pg_settings_max_connections role=pool/used
pg_stat_activity_max_tx_duration g seconds age oldest transaction role=lock/duration
pg_settings_max_connections g connections limit connections role=pool/max
pg_settings_superuser_reserved_connections g connections setting connections kept for administrators
pg_settings_max_locks_per_transaction g locks setting locks a transaction
pg_settings_autovacuum_vacuum_threshold,pg_settings_autovacuum_analyze_threshold g rows setting dead rows before a vacuum
pg_settings_*_bytes g bytes setting configuration
pg_settings_*_seconds g seconds setting configuration
pg_settings_* g - setting configuration
pg_locks_count g locks number locks role=lock/count @database(datname)
pg_txid_current c transactions flow transaction ids role=other/statistic
pg_replication_is_replica g bool state this server is a copy
pg_replication_lag,pg_replication_lag_seconds g seconds lag copy behind its primary role=queue/age
pg_replication_last_replay_seconds g seconds age last change replayed
pg_stat_replication_*_lag_bytes,pg_stat_replication_pg_{wal_lsn_diff,xlog_location_diff},pg_replication_slots_pg_wal_lsn_diff g bytes lag copy behind its primary role=other/level @replica(application_name,client_addr,slot_name)
pg_stat_replication_*_lag g seconds lag copy behind its primary role=queue/age @replica(application_name,client_addr)
pg_stat_replication_* g - inner replication @replica(application_name,client_addr) role=other/statistic
pg_replication_slots_active,pg_replication_slot_slot_is_active g bool up a copy reads from the slot role=other/level @replica(slot_name)
pg_replication_slot_* g - inner replication @replica(slot_name)
pg_stat_archiver_failed_count c segments errors archiving
pg_stat_archiver_archived_count c segments flow archiving role=other/statistic
pg_stat_archiver_last_archive_age g seconds age last archived segment
pg_stat_bgwriter_checkpoint_{write,sync}_time_total,pg_stat_bgwriter_checkpoint_{write,sync}_time c milliseconds time-spent checkpoints role=other/statistic
pg_stat_bgwriter_* c - inner background writer
pg_stat_checkpointer_* c - inner checkpoints
pg_wal_{segments,size_bytes} g - number write-ahead log
pg_stat_ssl_compression g bool setting compressed connections
pg_long_running_transactions g transactions number long transactions good=down
pg_long_running_transactions_oldest_timestamp_seconds,pg_long_running_transactions_age_in_seconds g seconds age oldest transaction role=lock/duration
@database(datname)
pg_stat_database_numbackends g connections used connections to a database role=pool/used
pg_stat_database_xact_{commit,rollback}_total c transactions flow transactions role=database-work/count
pg_stat_database_xact_commit c transactions flow transactions committed role=database-work/count
pg_stat_database_xact_rollback c transactions errors transactions rolled back role=database-work/errors
pg_stat_database_blks_hit c blocks hits buffer cache role=cache/hits
pg_stat_database_blks_read c blocks misses buffer cache role=cache/misses
pg_stat_database_tup_{returned,fetched} c rows flow rows read role=database-work/rows
pg_stat_database_tup_{inserted,updated,deleted} c rows flow rows written role=database-work/statistic
pg_stat_database_deadlocks c deadlocks errors deadlocks role=lock/count
pg_stat_database_conflicts c queries errors queries cancelled by replay
pg_stat_database_temp_bytes c bytes flow temporary files good=down role=other/statistic
pg_stat_database_temp_files c files flow temporary files good=down role=other/statistic
pg_stat_database_blk_{read,write}_time c milliseconds time-spent disk I/O role=other/statistic
pg_stat_database_{active,session,idle_in_transaction}_time_seconds_total c seconds time-spent sessions role=other/statistic
pg_stat_database_{active,session,idle_in_transaction}_time c milliseconds time-spent sessions role=other/statistic
pg_stat_database_* c - inner database
pg_stat_database_conflicts_* c queries errors queries cancelled by replay role=other/level
pg_database_size_bytes g bytes number size of a database role=disk/level
pg_database_connection_limit g connections limit connections of a database role=other/statistic
@table(relname,schemaname,datname)
pg_stat_user_tables_n_dead_tup g rows number dead rows good=down role=other/level
pg_stat_user_tables_n_live_tup g rows number live rows role=other/statistic
pg_stat_user_tables_n_mod_since_analyze g rows number rows changed since the last analyze role=other/statistic
pg_stat_user_tables_n_tup_{ins,upd,del,hot_upd} c rows flow rows written role=other/statistic
pg_stat_user_tables_seq_scan c scans flow scans of whole tables good=down role=database-work/scan
pg_stat_user_tables_seq_tup_read c rows flow rows read by scans of whole tables role=database-work/rows
pg_stat_user_tables_idx_scan c scans flow scans of indexes role=other/statistic
pg_stat_user_tables_idx_tup_fetch c rows flow rows read by indexes role=other/statistic
pg_stat_user_tables_last_{vacuum,autovacuum,analyze,autoanalyze} g timestamp moment last vacuum or analyze /now
pg_stat_user_tables_{vacuum,autovacuum,analyze,autoanalyze}_count c runs flow vacuum or analyze role=other/statistic
pg_stat_user_tables_{size_bytes,table_size_bytes,index_size_bytes} g bytes number size of a table
pg_stat_user_tables_* g - inner table
pg_statio_user_tables_{heap,idx,toast,tidx}_blocks_hit,pg_statio_user_indexes_idx_blks_hit c blocks hits buffer cache role=other/statistic
pg_statio_user_tables_{heap,idx,toast,tidx}_blocks_read,pg_statio_user_indexes_idx_blks_read c blocks misses buffer cache role=other/statistic
pg_stat_user_indexes_* c - inner index @index(indexrelname,relname)
pg_bloat_{table,btree}_bloat_pct g percent fill space of a table or index that is waste role=other/level @table(relname,tblname,idxname)
pg_bloat_{table,btree}_real_size g bytes number size of a table or index @table(relname,tblname,idxname)
pg_general_index_info_pg_relation_size g bytes number size of an index @index(indexrelname,relname)
pg_total_relation_size_bytes,pg_table_size_bytes g bytes number size of a table
@query(queryid,datname)
pg_stat_statements_calls,pg_stat_statements_calls_total c queries flow queries role=database-work/count
pg_stat_statements_{total_time,total_exec_time} c milliseconds time-spent queries role=other/statistic
pg_stat_statements_{total_time_seconds,seconds_total,total_time_seconds_total} c seconds time-spent queries role=other/statistic
pg_stat_statements_{mean_time_seconds,mean_exec_time_seconds} g seconds duration queries role=database-latency/duration
pg_stat_statements_rows,pg_stat_statements_rows_total c rows flow rows role=database-work/rows
pg_stat_statements_* c - inner queries
pg_process_idle_seconds h seconds age idle connections role=other/statistic
@pool(database,user)
pgbouncer_up g bool up the pooler answers role=availability/level
pgbouncer_pools_client_active_connections g connections used client connections role=pool/used
pgbouncer_pools_client_waiting_connections g connections waiting clients for a server connection role=pool/pending
pgbouncer_pools_client_maxwait_seconds,pgbouncer_pools_maxwait g seconds age longest wait for a server connection role=pool/duration
pgbouncer_pools_server_active_connections g connections used server connections role=pool/used
pgbouncer_pools_server_{idle,used,testing,login}_connections g connections number server connections role=other/statistic
pgbouncer_pools_* g connections number connections role=other/statistic
pgbouncer_config_max_client_connections g connections limit client connections role=other/statistic
pgbouncer_databases_current_connections g connections used server connections /pgbouncer_databases_max_connections role=pool/used
pgbouncer_databases_{max_connections,pool_size} g connections limit server connections role=pool/max
pgbouncer_errors_count c errors errors pooler
pgbouncer_stats_*queries*_total c queries flow queries role=database-work/count
pgbouncer_stats_*time*_total,pgbouncer_stats_*duration_seconds* c seconds time-spent queries role=other/statistic
pgbouncer_* g - inner pooler
@cluster(scope,instance)
patroni_primary,patroni_master g bool state this member leads
patroni_replica,patroni_standby_leader g bool state this member follows
patroni_postgres_running g bool up the server runs role=availability/level
patroni_postmaster_start_time g timestamp moment start of the server role=restarts/start-time
patroni_cluster_unlocked g bool alarm cluster has no leader
patroni_is_paused,patroni_pending_restart g bool alarm cluster
patroni_xlog_* c bytes flow write-ahead log role=other/statistic
patroni_dcs_last_seen g timestamp moment last answer of the store of state /now
patroni_* g - inner cluster
`,
);
