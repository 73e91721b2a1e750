import { technology } from '../technology.ts';

/** mysqld_exporter for MySQL and MariaDB, and ProxySQL. */
export const mysql = technology(
  'MySQL',
  `
@instance(instance)
mysql_up g bool up the server answers role=availability/level
mysql_version_info i - info version
mysql_exporter_*,mysqld_exporter_* g - monitoring the exporter itself
mysql_global_status_uptime c seconds age the server role=other/statistic
mysql_global_status_threads_connected g connections used connections /mysql_global_variables_max_connections role=pool/used
mysql_global_status_threads_running g threads used threads that work role=pool/level
mysql_global_status_threads_{cached,created} g threads number threads role=other/statistic
mysql_global_status_max_used_connections g connections inner most connections ever used
mysql_global_variables_max_connections g connections limit connections role=pool/max
mysql_global_status_connections c connections flow connections that were opened role=other/statistic
mysql_global_status_aborted_connects c connections errors connections that failed role=errors/errors
mysql_global_status_aborted_clients c connections errors connections that were broken off role=errors/errors
mysql_global_status_connection_errors_total c connections errors connections refused role=errors/errors
mysql_global_status_questions c queries flow queries of clients role=database-work/count
mysql_global_status_queries c queries flow queries, those inside procedures too role=other/statistic
mysql_global_status_commands_total c queries flow queries by command role=database-work/statistic
mysql_global_status_slow_queries c queries errors slow queries role=database-work/statistic
mysql_global_status_handlers_total c rows flow rows by handler role=other/statistic
mysql_global_status_select_{full_join,scan,full_range_join,range_check} c queries flow queries that read whole tables good=down role=database-work/scan
mysql_global_status_sort_* c rows inner sorting
mysql_global_status_table_locks_{waited,immediate} c locks flow table locks role=lock/count
mysql_global_status_innodb_row_lock_current_waits g queries waiting row locks role=lock/pending
mysql_global_status_innodb_row_lock_waits c waits flow waits for row locks good=down role=lock/count
mysql_global_status_innodb_row_lock_time c milliseconds time-spent waits for row locks role=other/statistic
mysql_global_status_innodb_deadlocks,mysql_info_schema_innodb_metrics_lock_lock_deadlocks_total c deadlocks errors deadlocks role=lock/count
mysql_global_status_innodb_log_waits c waits errors waits for the log buffer role=other/level
mysql_global_status_innodb_buffer_pool_read_requests c reads flow reads of the buffer pool role=cache/count
mysql_global_status_innodb_buffer_pool_reads c reads misses buffer pool role=cache/misses
mysql_global_status_buffer_pool_pages g pages number pages of the buffer pool by state role=other/statistic
mysql_global_status_innodb_num_open_files,mysql_global_status_open_files g files used open files /mysql_global_variables_innodb_open_files role=file-handles/used
mysql_global_variables_innodb_open_files,mysql_global_variables_open_files_limit g files limit open files role=file-handles/max
mysql_global_status_open_tables g tables used table cache /mysql_global_variables_table_open_cache role=other/statistic
mysql_global_status_created_tmp_disk_tables c tables flow temporary tables on disk good=down role=other/statistic
mysql_global_status_created_tmp_{tables,files} c tables flow temporary tables role=other/statistic
mysql_global_status_bytes_{received,sent} c bytes flow network role=network/count
mysql_global_status_qcache_* c - inner query cache
mysql_global_status_performance_schema_* c - inner performance schema role=other/statistic
mysql_global_status_wsrep_cluster_size g nodes number nodes of the cluster good=up
mysql_global_status_wsrep_cluster_status,mysql_global_status_wsrep_{ready,connected} g bool up the node in its cluster role=availability/level
mysql_global_status_wsrep_local_state g - state node in its cluster states=1:joining,2:donor,3:joined,4:synced
mysql_global_status_wsrep_local_{recv,send}_queue g transactions waiting replication of the cluster
mysql_global_status_wsrep_flow_control_paused g ratio fill time that replication was held back role=other/level
mysql_global_status_* c - inner server
mysql_global_variables_*_{timeout,wait_timeout} g seconds setting configuration
mysql_global_variables_* g - setting configuration
mysql_slave_status_slave_{io,sql}_running g bool up replication thread role=availability/level
mysql_slave_status_replica_{io,sql}_running g bool up replication thread role=availability/level
mysql_slave_status_seconds_behind_master,mysql_slave_status_seconds_behind_source g seconds lag copy behind its primary role=queue/age
mysql_slave_status_sql_delay g seconds setting delay of the copy
mysql_slave_status_last_{io,sql}_errno g code state last error of replication
mysql_slave_status_* g - inner replication
mysql_heartbeat_{now,stored}_timestamp_seconds g timestamp moment heartbeat of replication
mysql_info_schema_processlist_{threads,processes_by_user} g threads number threads by state role=other/statistic
mysql_info_schema_processlist_seconds g seconds time-spent threads by state role=other/statistic
mysql_info_schema_table_{size,rows} g - number size of a table @table(table,schema)
mysql_info_schema_* g - inner schema
mysql_perf_schema_events_statements_total c queries flow queries by digest role=database-work/statistic @query(digest,schema)
mysql_perf_schema_events_statements_seconds_total c seconds time-spent queries by digest role=other/statistic @query(digest,schema)
mysql_perf_schema_* c - inner performance schema
mysql_binlog_* g - inner binary log
proxysql_up g bool up the proxy answers role=availability/level
proxysql_connection_pool_conn_used g connections used connections to a server role=pool/used @upstream(endpoint,hostgroup)
proxysql_connection_pool_conn_free g connections left connections to a server role=pool/free @upstream(endpoint,hostgroup)
proxysql_* c - inner proxy
`,
);
