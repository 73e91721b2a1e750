import { technology } from '../technology.ts';

/** MongoDB by the exporters of Percona and dcu. */
export const mongodb = technology(
  'MongoDB',
  `
@instance(instance)
mongodb_up g bool up the server answers role=availability/level
mongodb_version_info,mongodb_mongod_version i - info version
mongodb_ss_uptime,mongodb_instance_uptime_seconds,mongodb_instance_uptime_estimate_seconds c seconds age the server role=other/statistic
mongodb_ss_connections g connections used connections, current and available by the label conn_type +mongodb_ss_connections split=conn_type:current=used,available=left,active=inner,threaded=inner,exhaustIsMaster=inner,exhaustHello=inner,awaitingTopologyChanges=inner,totalCreated=inner,rejected=errors role=pool/used
mongodb_connections g connections used connections, current and available by the label state +mongodb_connections split=state:current=used,available=left,active=inner role=pool/used
mongodb_ss_connections_current g connections used connections +mongodb_ss_connections_available role=pool/used
mongodb_ss_connections_available g connections left connections role=pool/free
mongodb_{ss_,}connections_metrics_created_total,mongodb_connections_metrics_created_total c connections flow connections that were opened role=other/statistic
mongodb_ss_opcounters,mongodb_op_counters_total,mongodb_mongod_op_counters_total c operations flow operations role=database-work/count
mongodb_ss_opcountersRepl,mongodb_op_counters_repl_total c operations flow operations of replication role=other/statistic
mongodb_ss_opLatencies_{latency,ops} c - time-spent operations role=other/statistic
mongodb_ss_mem_{resident,virtual},mongodb_memory g MiB used memory role=other/statistic
mongodb_ss_network_{bytesIn,bytesOut},mongodb_network_bytes_total c bytes flow network role=network/count
mongodb_ss_network_numRequests,mongodb_network_metrics_num_requests_total c requests flow requests role=other/statistic
mongodb_ss_asserts,mongodb_asserts_total c asserts errors assertions
mongodb_ss_globalLock_currentQueue,mongodb_global_lock_current_queue g operations waiting locks role=lock/pending
mongodb_ss_globalLock_activeClients,mongodb_global_lock_client g clients number clients that work role=other/statistic
mongodb_ss_metrics_cursor_open,mongodb_metrics_cursor_open,mongodb_mongod_metrics_cursor_open g cursors number open cursors
mongodb_ss_metrics_cursor_timedOut,mongodb_metrics_cursor_timed_out_total,mongodb_mongod_metrics_cursor_timed_out_total c cursors errors cursors that timed out
mongodb_ss_metrics_document,mongodb_metrics_document_total c documents flow documents role=database-work/rows
mongodb_ss_metrics_queryExecutor_scannedObjects,mongodb_metrics_query_executor_total c documents flow documents scanned role=database-work/rows
mongodb_ss_metrics_operation_scanAndOrder c operations flow sorts without an index good=down role=database-work/scan
mongodb_ss_metrics_queryExecutor_collectionScans_total c scans flow scans of whole collections good=down role=database-work/scan
mongodb_ss_wt_cache_bytes_currently_in_the_cache g bytes used cache /mongodb_ss_wt_cache_maximum_bytes_configured role=other/level
mongodb_ss_wt_cache_maximum_bytes_configured g bytes limit cache role=other/statistic
mongodb_ss_wt_concurrentTransactions_{read,write}_available g tickets left tickets of the storage engine
mongodb_ss_wt_concurrentTransactions_{read,write}_out g tickets used tickets of the storage engine
mongodb_ss_extra_info_page_faults c faults flow page faults role=other/statistic
@member(name,member_idx,instance)
mongodb_rs_members_health,mongodb_replset_member_health g bool up member of the replica set role=availability/level
mongodb_rs_members_state,mongodb_replset_member_state,mongodb_rs_myState,mongodb_mongod_replset_my_state g - state member of the replica set states=0:startup,1:primary,2:secondary,3:recovering,5:startup2,6:unknown,7:arbiter,8:down,9:rollback,10:removed
mongodb_rs_members_optimeDate,mongodb_rs_members_optime_date g milliseconds moment last operation of a member, since 1970
mongodb_replset_member_optime_date,mongodb_mongod_replset_member_optime_date g timestamp moment last operation of a member
mongodb_{rs_members,replset_member,mongod_replset_member}_*lag* g seconds lag copy behind its primary role=queue/age
mongodb_mongod_replset_oplog_{head,tail}_timestamp g timestamp moment end of the operation log
mongodb_rs_members_* g - inner replica set
mongodb_{rs,replset,mongod_replset}_* g - inner replica set
@database(database,collection)
mongodb_dbstats_{dataSize,storageSize,indexSize,totalSize} g bytes number size of a database
mongodb_dbstats_fsUsedSize g bytes used file system space /mongodb_dbstats_fsTotalSize role=disk/used
mongodb_dbstats_fsTotalSize g bytes limit file system space role=disk/max
mongodb_dbstats_*,mongodb_collstats_*,mongodb_top_* g - inner database
@instance(instance)
mongodb_ss_* c - inner server
mongodb_sys_* g - inner host role=other/statistic
mongodb_exporter_* c - monitoring the exporter itself
mongodb_* g - inner server
mgob_scheduler_backup_total c backups flow backups, by the label status role=other/statistic @job(plan)
mgob_scheduler_backup_{size,latency} g - number backups @job(plan)
`,
);

/** Elasticsearch by its community exporter, and OpenSearch by its plugin. */
export const elasticsearch = technology(
  'Elasticsearch',
  `
@cluster(cluster)
elasticsearch_cluster_health_up,elasticsearch_clusterinfo_up g bool up the cluster answers role=availability/level
elasticsearch_cluster_health_status g bool state cluster has the colour of its label
opensearch_cluster_status g - state health of the cluster states=0:green,1:yellow,2:red
{elasticsearch_cluster_health,opensearch_cluster}_{number_of_nodes,number_of_data_nodes,nodes_number,datanodes_number} g nodes number nodes that are connected good=up
elasticsearch_cluster_health_active_primary_shards,elasticsearch_cluster_health_active_shards g shards number active shards good=up
elasticsearch_cluster_health_{unassigned,initializing,relocating,delayed_unassigned}_shards g shards number shards that are not in place good=down
elasticsearch_cluster_health_number_of_pending_tasks g tasks waiting tasks of the cluster
elasticsearch_cluster_health_task_max_waiting_in_queue_millis g milliseconds age oldest task of the cluster role=queue/age
elasticsearch_cluster_health_number_of_in_flight_fetch g fetches waiting shard data
elasticsearch_cluster_health_* g - monitoring reading of the cluster's health
opensearch_cluster_pending_tasks_number g tasks waiting tasks of the cluster
opensearch_cluster_task_max_waiting_time_seconds g seconds age oldest task of the cluster role=queue/age
opensearch_cluster_shards_number g shards number shards by state
opensearch_cluster_shards_active_percent g percent fill shards that are active good=up role=other/level
opensearch_cluster_* g - inner cluster
@node(name,node,host)
elasticsearch_jvm_memory_used_bytes g bytes used heap memory /elasticsearch_jvm_memory_max_bytes role=memory/used
elasticsearch_jvm_memory_max_bytes g bytes limit heap memory role=memory/max
elasticsearch_jvm_memory_* g bytes inner memory role=other/statistic
elasticsearch_jvm_gc_collection_seconds_{count,sum} c collections inner garbage collection
opensearch_jvm_mem_heap_used_percent g percent fill heap memory role=memory/used
opensearch_jvm_mem_heap_used_bytes g bytes used heap memory /opensearch_jvm_mem_heap_max_bytes role=memory/used
opensearch_jvm_mem_heap_max_bytes g bytes limit heap memory role=memory/max
opensearch_jvm_* g - inner virtual machine
elasticsearch_filesystem_data_available_bytes g bytes left file system space //elasticsearch_filesystem_data_size_bytes role=disk/free
elasticsearch_filesystem_data_free_bytes g bytes left file system space with the reserve //elasticsearch_filesystem_data_size_bytes role=disk/statistic
elasticsearch_filesystem_data_size_bytes g bytes limit file system space role=disk/max
opensearch_fs_path_{available_bytes,free_bytes} g bytes left file system space //opensearch_fs_path_total_bytes role=disk/free
opensearch_fs_path_total_bytes,opensearch_fs_total_total_bytes g bytes limit file system space role=disk/max
elasticsearch_process_cpu_percent,elasticsearch_os_cpu_percent,opensearch_process_cpu_percent,opensearch_os_cpu_percent g percent fill CPU role=cpu/used
elasticsearch_process_open_files_count g files used open files /elasticsearch_process_max_files_descriptors role=file-handles/used
elasticsearch_process_max_files_descriptors g files limit open files role=file-handles/max
opensearch_process_file_descriptors_open_number g files used open files /opensearch_process_file_descriptors_max_number role=file-handles/used
opensearch_process_file_descriptors_max_number g files limit open files role=file-handles/max
elasticsearch_breakers_tripped,opensearch_circuitbreaker_tripped_count c requests errors requests stopped for want of memory role=memory/errors
elasticsearch_breakers_estimated_size_bytes g bytes used memory of a breaker /elasticsearch_breakers_limit_size_bytes role=other/level
elasticsearch_breakers_limit_size_bytes g bytes limit memory of a breaker role=other/statistic
opensearch_circuitbreaker_* g bytes inner breakers role=other/statistic
elasticsearch_thread_pool_{rejected_count,rejected_total} c tasks errors tasks turned away role=errors/errors
elasticsearch_thread_pool_queue_count g tasks waiting tasks
elasticsearch_thread_pool_* g threads inner thread pools
opensearch_threadpool_threads_count c tasks errors tasks turned away and done, by the label type role=other/statistic
opensearch_threadpool_* g tasks inner thread pools
elasticsearch_indices_search_query_total,elasticsearch_indices_indexing_index_total c operations flow searches and writes role=database-work/count
elasticsearch_indices_*_time_seconds*,elasticsearch_indices_*_time_seconds_total c seconds time-spent searches and writes role=other/statistic
elasticsearch_indices_indexing_is_throttled g bool alarm writes are held back
opensearch_indices_indexing_is_throttled_bool g bool alarm writes are held back
opensearch_indices_*_count g operations flow searches and writes role=other/statistic
opensearch_indices_*_seconds g seconds time-spent searches and writes role=other/statistic
opensearch_indices_* g - inner indexes
opensearch_index_* g - inner indexes @index(index)
opensearch_* g - inner node
elasticsearch_indices_{docs,docs_primary,docs_total} g documents number documents
elasticsearch_indices_store_size_bytes,elasticsearch_indices_store_size_bytes_primary,elasticsearch_indices_store_size_bytes_total g bytes number size of the indexes
elasticsearch_transport_{rx,tx}_size_bytes_total c bytes flow network role=network/count
elasticsearch_exporter_* g - monitoring the exporter itself
elasticsearch_* g - inner node
`,
);

/** Cassandra by its exporters, ClickHouse, Solr, Meilisearch and Hadoop. */
export const columnStores = technology(
  'Cassandra',
  `
@node(node,instance)
cassandra_endpoint_active g bool up node of the cluster, as others see it role=availability/level
cassandra_stats g - unknown many quantities under one name, by the label name
cassandra_table_estimated_pending_compactions g tasks waiting compactions @table(table,keyspace)
cassandra_compaction_pending_tasks g tasks waiting compactions
cassandra_commit_log_pending_tasks g tasks waiting commit log
cassandra_thread_pool_blocked_tasks g tasks waiting threads
cassandra_thread_pool_blocked_tasks_total c tasks errors tasks that found no thread role=other/level
cassandra_thread_pool_pending_tasks g tasks waiting threads
cassandra_thread_pool_* g tasks inner thread pools
cassandra_client_request_{timeouts_total,unavailable_exceptions_total,failures_total} c requests errors requests
cassandra_client_request_latency_seconds s seconds duration requests role=database-latency/duration
cassandra_storage_exceptions_total c errors errors storage
cassandra_storage_load_bytes g bytes used data of a node
cassandra_table_tombstones_scanned s rows number deleted rows read by queries good=down @table(table,keyspace)
cassandra_table_* g - inner table @table(table,keyspace)
cassandra_dropped_messages_total c messages errors messages
cassandra_* g - inner node
`,
);

export const clickhouse = technology(
  'ClickHouse',
  `
@instance(instance)
ClickHouseAsyncMetrics_CGroupMemoryUsed g bytes used memory of the container /ClickHouseAsyncMetrics_CGroupMemoryTotal role=memory/used
ClickHouseAsyncMetrics_CGroupMemoryTotal g bytes limit memory of the container role=memory/max
ClickHouseAsyncMetrics_DiskAvailable_* g bytes left disk space role=disk/free @disk()
ClickHouseAsyncMetrics_DiskUsed_* g bytes used disk space +~DiskUsed~DiskAvailable role=disk/used @disk()
ClickHouseAsyncMetrics_DiskTotal_* g bytes limit disk space role=disk/max @disk()
ClickHouseAsyncMetrics_MemoryResident g bytes used memory role=memory/used
ClickHouseAsyncMetrics_OSMemoryAvailable g bytes left memory of the host //ClickHouseAsyncMetrics_OSMemoryTotal role=other/statistic
ClickHouseAsyncMetrics_Uptime g seconds age the server role=other/statistic
ClickHouseAsyncMetrics_ReplicasMaxAbsoluteDelay g seconds lag copy behind the others role=queue/age
ClickHouseAsyncMetrics_* g - inner server role=other/statistic
ClickHouseErrorMetric_* g errors errors by code
ClickHouseMetrics_{TCPConnection,HTTPConnection,InterserverConnection,MySQLConnection,PostgreSQLConnection} g connections used connections
ClickHouseMetrics_ZooKeeperSession g sessions number sessions with ZooKeeper
ClickHouseMetrics_Query g queries used queries under way role=traffic/in-flight
ClickHouseMetrics_MemoryTracking g bytes used memory of queries role=memory/statistic
ClickHouseMetrics_ReadonlyReplica g tables number copies that are read-only good=down
ClickHouseMetrics_* g - inner server role=other/statistic
ClickHouseProfileEvents_{RejectedInserts,DistributedRejectedInserts,FailedQuery,FailedInsertQuery,FailedSelectQuery,ZooKeeperHardwareExceptions} c queries errors by kind
ClickHouseProfileEvents_DelayedInserts c inserts flow inserts that were held back good=down
ClickHouseProfileEvents_{Query,SelectQuery,InsertQuery} c queries flow queries role=database-work/count
ClickHouseProfileEvents_{NetworkSendBytes,NetworkReceiveBytes} c bytes flow network role=network/count
ClickHouseProfileEvents_*Microseconds c microseconds time-spent by kind role=other/statistic
ClickHouseProfileEvents_* c events inner by kind role=other/statistic
ClickHouseStatusInfo_* g - state server
`,
);
