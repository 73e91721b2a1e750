import { technology } from '../technology.ts';

/** RabbitMQ by its own plugin and by kbudde's exporter. */
export const rabbitmq = technology(
  'RabbitMQ',
  `
@node(node,rabbitmq_node,instance)
rabbitmq_up g bool up the node answers role=availability/level
rabbitmq_running,rabbitmq_node_up g bool up the node role=availability/level
rabbitmq_identity_info,rabbitmq_build_info,erlang_vm_build_info i - info version
rabbitmq_version_info i - info version
rabbitmq_module_*,rabbitmq_exporter_* g - monitoring the exporter itself
rabbitmq_partitions g partitions number partitions of the cluster good=down
erlang_vm_dist_node_state g - state link between nodes states=1:pending,2:up pending,3:up @node(peer)
erlang_vm_process_count g processes used Erlang processes /erlang_vm_process_limit role=pool/used
erlang_vm_process_limit g processes limit Erlang processes role=pool/max
erlang_vm_memory_* g bytes inner memory role=other/statistic
erlang_vm_{schedulers,schedulers_online,dirty_cpu_schedulers,dirty_cpu_schedulers_online,dirty_io_schedulers} g - setting threads that schedule
erlang_vm_statistics_{run_queues_length,dirty_cpu_run_queue_length,dirty_io_run_queue_length} g processes number processes that are due role=other/statistic
erlang_* g - inner virtual machine
rabbitmq_process_resident_memory_bytes g bytes used memory /rabbitmq_resident_memory_limit_bytes role=memory/used
rabbitmq_resident_memory_limit_bytes g bytes limit memory role=memory/max
rabbitmq_node_mem_used g bytes used memory /rabbitmq_node_mem_limit role=memory/used
rabbitmq_node_mem_limit g bytes limit memory role=memory/max
rabbitmq_disk_space_available_bytes,rabbitmq_node_disk_free g bytes left disk space role=disk/free
rabbitmq_disk_space_available_limit_bytes,rabbitmq_node_disk_free_limit g bytes setting least disk space left
rabbitmq_process_open_fds g files used open files /rabbitmq_process_max_fds role=file-handles/used
rabbitmq_process_max_fds g files limit open files role=file-handles/max
rabbitmq_fd_used g files used open files /rabbitmq_fd_available role=file-handles/used
rabbitmq_fd_available g files limit open files role=file-handles/max
rabbitmq_process_open_tcp_sockets g sockets used sockets /rabbitmq_process_max_tcp_sockets role=pool/used
rabbitmq_process_max_tcp_sockets g sockets limit sockets role=pool/max
rabbitmq_sockets_used g sockets used sockets /rabbitmq_sockets_available role=pool/used
rabbitmq_sockets_available g sockets limit sockets role=pool/max
rabbitmq_alarms_memory_used_watermark,rabbitmq_node_mem_alarm g bool alarm memory: publishers are stopped
rabbitmq_alarms_free_disk_space_watermark,rabbitmq_node_disk_free_alarm g bool alarm disk space: publishers are stopped
rabbitmq_alarms_file_descriptor_limit g bool alarm open files
rabbitmq_connections,rabbitmq_connectionsTotal g connections used client connections role=other/level
rabbitmq_channels,rabbitmq_channelsTotal g channels number channels
rabbitmq_queues,rabbitmq_queuesTotal,rabbitmq_exchanges,rabbitmq_exchangesTotal,rabbitmq_consumers,rabbitmq_consumersTotal g - number queues, exchanges and consumers
rabbitmq_{connections,channels,queues}_{opened,closed,created,declared,deleted}_total c connections flow connections, channels and queues role=other/statistic
rabbitmq_uptime,rabbitmq_erlang_uptime_seconds g seconds age the node role=other/statistic
rabbitmq_io_*,rabbitmq_raft_*,rabbitmq_auth_*,rabbitmq_msg_store_*,rabbitmq_queue_index_*,rabbitmq_schema_db_* c - inner node role=other/statistic
@queue(queue,vhost)
rabbitmq_queue_messages,rabbitmq_queue_messages_total g messages waiting messages role=queue/level
rabbitmq_queue_messages_ready g messages waiting messages for a consumer role=queue/level
rabbitmq_queue_messages_unacked,rabbitmq_queue_messages_unacknowledged g messages waiting messages that consumers hold role=queue/statistic
rabbitmq_queue_messages_{persistent,ram,paged_out,bytes,ready_bytes,unacked_bytes,ready_ram,unacked_ram}* g messages number messages by where they are role=other/statistic
rabbitmq_queue_consumers g consumers number consumers good=up role=queue/consumers
rabbitmq_queue_consumer_utilisation,rabbitmq_queue_consumer_capacity g ratio number share of time that consumers can take messages good=up role=other/statistic
rabbitmq_queue_head_message_timestamp g timestamp moment oldest message /now
rabbitmq_queue_messages_published_total,rabbitmq_exchange_messages_published_in_total,rabbitmq_exchange_messages_published_out_total c messages flow messages published role=queue/in
rabbitmq_queue_messages_{delivered,delivered_ack,ack,get,acked,get_ack}_total c messages flow messages taken role=queue/out
rabbitmq_queue_messages_{redelivered,returned}_total c messages errors messages that came back role=other/level
rabbitmq_queue_* g - inner queue
@
rabbitmq_channel_messages_published_total,rabbitmq_global_messages_received_total c messages flow messages published role=queue/in
rabbitmq_channel_messages_{acked,delivered,delivered_ack}_total,rabbitmq_global_messages_{acknowledged,delivered}_total c messages flow messages taken role=queue/out
rabbitmq_channel_messages_unroutable_{returned,dropped}_total,rabbitmq_global_messages_unroutable_{returned,dropped}_total c messages errors messages that fit no queue role=errors/errors
rabbitmq_channel_messages_redelivered_total,rabbitmq_global_messages_redelivered_total c messages errors messages that came again role=retries/count
rabbitmq_channel_* c - inner channels
rabbitmq_global_* c - inner messages
rabbitmq_connection_* c - inner connections
rabbitmq_* g - inner node
`,
);

/** Kafka by kafka_exporter and by the JMX exporter's usual rules; ZooKeeper. */
export const kafka = technology(
  'Kafka',
  `
@cluster(instance)
kafka_brokers g brokers number brokers that are there good=up
kafka_controller_kafkacontroller_activecontrollercount,kafka_controller_kafkacontroller_activecontrollercount_value g controllers number active controllers, one in a cluster
kafka_controller_kafkacontroller_offlinepartitionscount,kafka_controller_kafkacontroller_offlinepartitionscount_value g partitions number partitions without a leader good=down role=other/level
kafka_controller_controllerstats_uncleanleaderelections* c elections errors elections that lose messages
@topic(topic,partition)
kafka_topic_partitions g partitions number partitions
kafka_topic_partition_current_offset c messages flow messages published role=queue/in
kafka_topic_partition_oldest_offset c messages flow messages dropped by age role=other/statistic
kafka_topic_partition_in_sync_replica g replicas number copies that are in step good=up
kafka_topic_partition_replicas g replicas limit copies role=other/statistic
kafka_topic_partition_under_replicated_partition g bool alarm partition has too few copies
kafka_topic_partition_leader* g - state leader of a partition
@consumer-group(consumergroup,group,topic)
kafka_consumergroup_lag,kafka_consumergroup_lag_sum,kafka_consumer_lag_millis,kafka_consumergroup_group_lag,kafka_consumergroup_group_topic_sum_lag,kafka_consumergroup_group_sum_lag g messages lag consumers behind the newest message role=queue/level
kafka_consumergroup_group_lag_seconds,kafka_consumergroup_group_max_lag_seconds g seconds lag consumers behind the newest message role=queue/age
kafka_consumergroup_current_offset c messages flow messages taken role=queue/out
kafka_consumergroup_current_offset_sum c messages flow messages taken role=other/statistic
kafka_consumergroup_members g consumers number consumers good=up role=queue/consumers
kafka_consumer_fetch_manager_records_lag*,kafka_consumer_*_records_lag* g messages lag consumers behind the newest message role=queue/level
kafka_consumer_* g - inner consumers
kafka_producer_*error* c messages errors producers
kafka_producer_* g - inner producers
@broker(instance)
kafka_server_replicamanager_underreplicatedpartitions* g partitions number partitions with too few copies good=down role=other/level
kafka_server_replicamanager_{offlinereplicacount,underminisrpartitioncount}* g partitions number partitions with too few copies good=down role=other/level
kafka_server_replicamanager_{isrshrinks,isrexpands}* c changes flow copies that fell out of step or came back good=down role=other/statistic
kafka_server_replicamanager_{partitioncount,leadercount}* g partitions number partitions of a broker
kafka_server_brokertopicmetrics_messagesin* c messages flow messages published role=queue/in
kafka_server_brokertopicmetrics_bytes{in,out}* c bytes flow network role=network/count
kafka_server_brokertopicmetrics_failed{produce,fetch}requests* c requests errors requests
kafka_server_brokertopicmetrics_* c - inner topics
kafka_server_kafkarequesthandlerpool_requesthandleravgidle* g ratio spare request handlers good=up role=other/level
kafka_network_requestmetrics_requests* c requests flow requests role=traffic/count
kafka_network_requestmetrics_*timems* g milliseconds duration requests role=other/statistic
kafka_network_* g - inner network
kafka_log_log_size* g bytes number size of a partition
kafka_* g - inner broker
@instance(instance)
zk_up,zk_ruok g bool up the server answers role=availability/level
zk_server_leader,zk_server_state g bool state this server leads
zk_version i - info version
zk_{avg,max,min}_latency g milliseconds duration requests role=other/statistic
zk_outstanding_requests,outstanding_requests g requests waiting requests role=queue/level
zk_num_alive_connections,num_alive_connections g connections used connections
zk_open_file_descriptor_count g files used open files /zk_max_file_descriptor_count role=file-handles/used
zk_max_file_descriptor_count g files limit open files role=file-handles/max
zk_{packets_received,packets_sent} c packets flow requests role=other/statistic
zk_{znode_count,watch_count,ephemerals_count} g nodes number nodes of the tree
zk_approximate_data_size g bytes number size of the tree
zk_{followers,synced_followers} g followers number servers that follow good=up
zk_pending_syncs g syncs waiting servers that follow
zk_* g - inner server
`,
);

/** NATS by its exporter. */
export const nats = technology(
  'NATS',
  `
@server(server_id,instance)
gnatsd_varz_{mem,mem_bytes} g bytes used memory role=memory/used
gnatsd_varz_cpu g percent fill CPU role=cpu/used
gnatsd_varz_connections g connections used client connections /gnatsd_varz_max_connections role=pool/used
gnatsd_connz_num_connections g connections used client connections role=other/level
gnatsd_varz_max_connections g connections limit client connections role=pool/max
gnatsd_varz_total_connections c connections flow connections that were opened role=other/statistic
gnatsd_varz_{in,out}_msgs c messages flow messages role=queue/in
gnatsd_varz_{in,out}_bytes c bytes flow messages role=network/count
gnatsd_varz_slow_consumers c consumers errors consumers that were too slow role=other/level
gnatsd_varz_subscriptions g subscriptions number subscriptions
gnatsd_varz_routes g routes number links to other servers good=up
gnatsd_varz_remotes,gnatsd_varz_leafnodes g links number links to other servers
gnatsd_varz_max_payload,gnatsd_varz_max_pending,gnatsd_varz_max_control_line,gnatsd_varz_*timeout*,gnatsd_varz_ping_* g - setting configuration
gnatsd_varz_jetstream_stats_storage g bytes used stored messages /gnatsd_varz_jetstream_config_max_storage role=disk/used
gnatsd_varz_jetstream_config_max_storage g bytes limit stored messages role=disk/max
gnatsd_varz_jetstream_stats_memory g bytes used messages in memory /gnatsd_varz_jetstream_config_max_memory role=memory/used
gnatsd_varz_jetstream_config_max_memory g bytes limit messages in memory role=memory/max
gnatsd_varz_jetstream_stats_api_errors c requests errors requests of JetStream
gnatsd_varz_jetstream_stats_api_total c requests flow requests of JetStream role=other/statistic
gnatsd_varz_jetstream_stats_{accounts,ha_assets} g accounts number accounts
gnatsd_varz_start,gnatsd_varz_config_load_time g milliseconds moment start of the server
gnatsd_connz_pending_bytes,gnatsd_connz_total_pending_bytes g bytes waiting messages for a client @connection(cid)
gnatsd_connz_{in,out}_{msgs,bytes} c messages flow messages of a client role=other/statistic @connection(cid)
gnatsd_connz_* g - inner clients
gnatsd_healthz_status g status state health of the server
gnatsd_routez_*,gnatsd_subsz_*,gnatsd_gatewayz_*,gnatsd_leafz_*,gnatsd_accstatz_* g - inner server
gnatsd_* g - inner server
@queue(stream_name,consumer_name)
jetstream_consumer_num_pending,nats_consumer_num_pending g messages waiting messages for a consumer role=queue/level
jetstream_consumer_num_ack_pending,nats_consumer_num_ack_pending g messages waiting messages that a consumer holds role=other/level
jetstream_consumer_num_redelivered g messages number messages that came again good=down
jetstream_stream_total_messages g messages number messages in a stream
jetstream_stream_total_bytes g bytes used stream /jetstream_stream_limit_bytes role=other/level
jetstream_stream_limit_bytes g bytes limit stream role=other/statistic
jetstream_stream_consumer_count g consumers number consumers of a stream good=up role=queue/consumers
jetstream_* g - inner streams
`,
);
