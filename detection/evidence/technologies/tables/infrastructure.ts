import { technology } from '../technology.ts';

/** Machines, networks and what virtualises them. */
export const hardware = technology(
  'IPMI, UPS, SNMP',
  `
@host(instance)
ipmi_up g bool up the sensors can be read role=other/level @sensor(collector)
ipmi_chassis_power_state g bool up power is on role=availability/level
ipmi_chassis_{drive,cooling}_fault_state g bool state no fault states=0:fault,1:fine
ipmi_sel_free_space_bytes g bytes left event log
ipmi_sel_logs_count g entries number event log
ipmi_{temperature,fan_speed,voltage,current,power,sensor}_state g - state sensor states=0:nominal,1:warning,2:critical @sensor(name,id)
ipmi_temperature_celsius g celsius reading temperature @sensor(name,id)
ipmi_fan_speed_rpm g rpm reading fan @sensor(name,id)
ipmi_voltage_volts g volts reading voltage @sensor(name,id)
ipmi_{power,dcmi_power_consumption}_watts g watts reading power @sensor(name,id)
ipmi_scrape_duration_seconds g seconds monitoring the exporter
@ups(instance,ups)
apcupsd_battery_charge_percent g percent spare battery role=other/level
apcupsd_battery_time_left_seconds g seconds left battery
apcupsd_battery_time_on_seconds g seconds duration time on battery role=other/level
apcupsd_battery_volts g volts reading battery /apcupsd_battery_nominal_volts good=up
apcupsd_battery_nominal_volts g volts limit battery
apcupsd_internal_temperature_celsius g celsius reading temperature
apcupsd_ups_load_percent g percent fill power of the UPS role=other/level
apcupsd_* g - inner UPS
@interface(ifName,ifDescr,ifIndex)
ifOperStatus g - state interface states=1:up,2:down,3:testing,4:unknown,5:dormant,6:not present,7:lower layer down
ifAdminStatus g - state interface, as it is set states=1:up,2:down,3:testing
if{In,Out}Errors c packets errors network role=network/errors
if{In,Out}Discards c packets errors network role=network/errors
ifHC{In,Out}{Ucast,Broadcast,Multicast}Pkts c packets flow network role=network/count
ifHC{In,Out}Octets,if{In,Out}Octets c bytes flow network /ifSpeed role=network/count
ifSpeed g bits limit network speed a second
ifHighSpeed g megabits limit network speed a second
ifMtu g bytes setting network
sysUpTime g hundredths age the device @host(instance)
snmp_scrape_* g - monitoring the exporter @host(instance)
junos_up g bool up the device answers role=availability/level @host(target)
junos_interface_{transmit,receive}_bytes c bytes flow network role=network/count @interface(name,target)
junos_interface_{transmit,receive}_{errors,drops} c packets errors network role=network/errors @interface(name,target)
junos_interface_up g bool up interface @interface(name,target)
@pool(pool,name)
zfs_pool_free_bytes g bytes left pool //zfs_pool_size_bytes role=disk/free
zfs_pool_size_bytes g bytes limit pool role=disk/max
zfs_pool_allocated_bytes g bytes used pool /zfs_pool_size_bytes role=disk/statistic
zfs_pool_readonly g bool alarm pool is read-only
zfs_pool_health g - state pool states=0:online,1:degraded,2:faulted,3:offline,4:unavailable,5:removed,6:suspended
zfs_pool_fragmentation_ratio g ratio fill pool in pieces role=other/level
zfs_scrape_collector_{success,duration_seconds} g - monitoring the exporter
`,
);

export const virtualization = technology(
  'OpenStack, VMware, DigitalOcean',
  `
@agent(hostname,service,instance)
openstack_{nova,neutron,cinder}_agent_state g bool up agent role=availability/level
@host(hostname,instance)
openstack_nova_vcpus_used g cores used CPUs /openstack_nova_vcpus_available
openstack_nova_vcpus_available g cores limit CPUs
openstack_nova_memory_used_bytes g bytes used memory /openstack_nova_memory_available_bytes
openstack_nova_memory_available_bytes g bytes limit memory
openstack_nova_local_storage_used_bytes g bytes used storage /openstack_nova_local_storage_available_bytes
openstack_nova_local_storage_available_bytes g bytes limit storage
openstack_placement_resource_usage g count used resource /openstack_placement_resource_total
openstack_placement_resource_total g count limit resource
openstack_placement_resource_allocation_ratio g ratio setting resource
@tenant(tenant,tenant_id)
openstack_nova_limits_vcpus_used g cores used CPUs of the quota /openstack_nova_limits_vcpus_max
openstack_nova_limits_vcpus_max g cores limit CPUs of the quota
openstack_nova_limits_memory_used g MiB used memory of the quota /openstack_nova_limits_memory_max
openstack_nova_limits_memory_max g MiB limit memory of the quota
openstack_nova_limits_instances_used g instances used machines of the quota /openstack_nova_limits_instances_max
openstack_nova_limits_instances_max g instances limit machines of the quota
openstack_cinder_limits_volume_used_gb g GiB used volumes of the quota /openstack_cinder_limits_volume_max_gb
openstack_cinder_limits_volume_max_gb g GiB limit volumes of the quota
@pool(name,instance)
openstack_cinder_pool_capacity_free_gb g GiB left storage pool //openstack_cinder_pool_capacity_total_gb
openstack_cinder_pool_capacity_total_gb g GiB limit storage pool
@
openstack_neutron_floating_ips_associated_not_active g addresses number floating addresses that do not work good=down
openstack_neutron_routers_not_active g routers number routers that do not work good=down
openstack_neutron_network_ip_availabilities_used g addresses used addresses of a network /openstack_neutron_network_ip_availabilities_total @network(network_name)
openstack_neutron_network_ip_availabilities_total g addresses limit addresses of a network @network(network_name)
openstack_neutron_ports_no_ips g ports number ports without an address good=down
openstack_loadbalancer_loadbalancer_status g - state load balancer @loadbalancer(name,id)
openstack_nova_server_status g - state machine @vm(name,id)
openstack_cinder_volume_status_counter g volumes number volumes by state
openstack_* g - inner cloud
@vm(vm_name)
vmware_vm_mem_usage_average g hundredths-percent fill memory role=other/level
vmware_vm_cpu_usage_average g hundredths-percent fill CPU role=other/level
vmware_vm_snapshots g snapshots number snapshots
vmware_vm_snapshot_timestamp_seconds g timestamp moment snapshot /now
vmware_* g - inner machine
@
digitalocean_droplet_up g bool up machine role=availability/level @vm(name,id)
digitalocean_account_active g bool up account
digitalocean_database_status g bool state database @database(name,id)
digitalocean_kubernetes_cluster_up g bool up cluster role=availability/level @cluster(name,id)
digitalocean_loadbalancer_status g bool up load balancer @loadbalancer(name,id)
digitalocean_loadbalancer_droplets g droplets number machines behind a load balancer good=up @loadbalancer(name,id)
digitalocean_floating_ipv4_active g bool state address is in use @address(ipv4)
digitalocean_incidents_total g incidents number incidents of the provider good=down
digitalocean_errors_total c errors monitoring the exporter
digitalocean_account_droplet_limit g droplets limit machines
digitalocean_* g - inner account
azurerm_api_ratelimit g calls left calls of the provider's API @subscription(subscriptionID)
azurerm_stats_metric_requests c requests monitoring the exporter
azurerm_stats_metric_collecttime g seconds monitoring the exporter
stackdriver_monitoring_{last_scrape_error,last_scrape_duration_seconds,last_scrape_timestamp} g - monitoring the exporter
stackdriver_monitoring_{scrape_errors_total,api_calls_total} c - monitoring the exporter
cloudflare_zone_requests_status c requests flow requests by the label status role=traffic/count @zone(zone)
netdata_cpu_cpu_percentage_average g percent fill CPU by the label dimension role=other/statistic @host(instance)
netdata_system_ram_MiB_average g MiB used memory by the label dimension role=other/statistic @host(instance)
netdata_disk_space_GB_average g GiB used file system space by the label dimension role=other/statistic @volume(family)
netdata_md_mismatch_cnt_unsynchronized_blocks_average g blocks number blocks that differ good=down @disk(family)
netdata_smartd_log_{reallocated_sectors_count,current_pending_sector_count,offline_uncorrectable_sector_count}_sectors_average g sectors number bad sectors good=down @disk(family)
`,
);

/** Coordination, secrets, deployment and storage of clusters. */
export const clusterServices = technology(
  'Consul, Vault, Nomad, Cilium, MinIO, Jenkins',
  `
consul_catalog_service_node_healthy g bool up service of a node role=availability/level @service(service_name,service_id)
consul_raft_peers g peers number servers good=up @cluster(instance)
consul_health_node_status g bool state checks of a node @node(node)
consul_health_service_status g bool state checks of a service @service(service_name)
consul_up g bool up the server answers role=availability/level
vault_core_unsealed g bool up the store is unsealed role=availability/level
vault_core_active g bool state this server leads
vault_token_create_count c tokens flow tokens created role=other/statistic
vault_token_store_count c tokens flow tokens stored role=other/statistic
vault_token_count_by_ttl g tokens number tokens by life
nomad_nomad_job_summary_{failed,lost} g allocations number allocations that failed good=down @job(exported_job,task_group)
nomad_nomad_job_summary_{queued,starting} g allocations waiting allocations @job(exported_job,task_group)
nomad_nomad_job_summary_{running,complete} g allocations number allocations @job(exported_job,task_group)
nomad_nomad_blocked_evals_total_blocked g evaluations waiting evaluations
@
cilium_unreachable_{nodes,health_endpoints} g nodes number nodes that cannot be reached good=down
cilium_controllers_failing g controllers number controllers that fail good=down
cilium_endpoint_state g endpoints number endpoints by state
cilium_endpoint_regenerations_total c regenerations flow endpoints, by the label outcome role=other/statistic
cilium_k8s_client_api_calls_total,cilium_api_limiter_processed_requests_total c calls flow calls role=other/statistic
cilium_bpf_map_ops_total c operations flow kernel maps, by the label outcome role=other/statistic
cilium_bpf_map_pressure g ratio fill kernel map role=other/level @map(map_name)
cilium_drop_count_total c packets errors network role=network/errors
cilium_datapath_conntrack_gc_runs_total c runs inner connection tracking
cilium_policy_change_total c changes flow policies role=other/statistic
cilium_policy_implementation_delay h seconds duration policies role=other/level
cilium_identity g identities number identities
cilium_operator_ipam_ips g addresses number addresses by type
cilium_operator_ipam_interface_creation_ops c operations flow interfaces role=other/statistic
cilium_agent_api_process_time_seconds h seconds duration calls of the agent role=other/level
cilium_{clustermesh,kvstoremesh}_remote_cluster_readiness_status g bool up remote cluster @cluster(target_cluster)
cilium_{clustermesh,kvstoremesh}_remote_cluster_failures g failures errors remote cluster @cluster(target_cluster)
cilium_kvstoremesh_kvstore_sync_errors_total c errors errors key store
hubble_lost_events_total c events errors flow records
hubble_dns_responses_total c responses flow name resolution role=other/statistic
minio_cluster_drive_offline_total,minio_cluster_disk_offline_total g drives number drives that are gone good=down @cluster(instance)
minio_cluster_nodes_offline_total g nodes number nodes that are gone good=down
minio_cluster_capacity_{raw,usable}_free_bytes g bytes left storage //~free~total role=disk/free
minio_cluster_capacity_{raw,usable}_total_bytes g bytes limit storage role=disk/max
minio_s3_requests_total c requests flow requests role=traffic/count
minio_s3_requests_errors_total,minio_s3_requests_5xx_errors_total c requests errors requests
minio_* g - inner storage
jenkins_node_{offline,online}_value g nodes number build nodes
jenkins_health_check_score g ratio number health checks that pass good=up
jenkins_plugins_withUpdate g plugins number plugins with an update
default_jenkins_builds_health_score g score number builds of a job good=up @job(jenkins_job)
jenkins_runs_failure_total c builds errors builds
default_jenkins_builds_last_build_tests_failing g tests number failing tests of the last build good=down @job(jenkins_job)
default_jenkins_builds_last_build_result_ordinal g - state last build states=0:success,1:unstable,2:failure,3:not built,4:aborted @job(jenkins_job)
litellm_spend_metric_total c dollars flow money spent
litellm_proxy_failed_requests_metric_total c requests errors requests
litellm_proxy_total_requests_metric_total c requests flow requests role=traffic/count
litellm_request_total_latency_metric h seconds duration requests role=latency/duration
eth_rpc_status g - state provider @provider(provider)
store_connection_wait_time_ms g milliseconds duration wait for a connection role=other/level
`,
);

/** Work on data: Flink, Spark, Hadoop, search, Oracle, Spinnaker. */
export const dataSystems = technology(
  'Flink, Spark, Hadoop, Solr, Oracle',
  `
flink_jobmanager_numRunningJobs g jobs number jobs good=up
flink_jobmanager_numRegisteredTaskManagers g managers number task managers good=up
flink_jobmanager_taskSlotsAvailable g slots left task slots //flink_jobmanager_taskSlotsTotal
flink_jobmanager_taskSlotsTotal g slots limit task slots
@job(job_name,job_id)
flink_jobmanager_job_numRestarts g restarts restarts job
flink_jobmanager_job_numberOfFailedCheckpoints g checkpoints number failed checkpoints good=down
flink_jobmanager_job_lastCheckpointDuration g milliseconds duration checkpoints role=other/level
flink_taskmanager_job_task_isBackPressured g bool alarm back pressure
flink_taskmanager_job_task_backPressuredTimeMsPerSecond g milliseconds duration back pressure role=other/level
flink_taskmanager_job_task_numRecordsIn{,PerSecond} c records flow records role=queue/out
@
flink_{taskmanager,jobmanager}_Status_JVM_Memory_Heap_Used g bytes used heap memory /~Used~Max role=memory/used
flink_{taskmanager,jobmanager}_Status_JVM_Memory_Heap_Max g bytes limit heap memory role=memory/max
flink_*_Status_JVM_GarbageCollector_*_Time c milliseconds inner garbage collection
metrics_master_aliveWorkers_Value g workers number workers good=up
metrics_master_waitingApps_Value g applications waiting applications
metrics_worker_memFree_MB_Value g MiB left memory //metrics_worker_memUsed_MB_Value
metrics_worker_memUsed_MB_Value g MiB used memory
metrics_worker_coresFree_Value g cores left CPU
metrics_executor_totalGCTime_seconds_total c seconds inner garbage collection
metrics_executor_totalDuration c milliseconds time-spent tasks role=other/statistic
metrics_executor_failedTasks_total c tasks errors tasks
metrics_executor_{completedTasks,totalTasks}_total c tasks flow tasks role=other/statistic
metrics_executor_diskUsed_bytes g bytes used disk space
hadoop_datanode_last_heartbeat g timestamp moment last heartbeat /now
hadoop_hdfs_bytes_used g bytes used file system space /hadoop_hdfs_bytes_total role=disk/used
hadoop_hdfs_bytes_total g bytes limit file system space role=disk/max
hadoop_mapreduce_task_failures_total c tasks errors tasks
hadoop_resourcemanager_memory_bytes g bytes used memory /hadoop_resourcemanager_memory_max_bytes role=memory/used
hadoop_resourcemanager_memory_max_bytes g bytes limit memory role=memory/max
hadoop_yarn_container_allocation_failures_total c containers errors containers
hadoop_hbase_region_count g regions number regions
hadoop_hbase_region_server_heap_bytes g bytes used heap memory /hadoop_hbase_region_server_max_heap_bytes role=memory/used
hadoop_hbase_region_server_max_heap_bytes g bytes limit heap memory role=memory/max
hadoop_hbase_write_requests_latency_seconds g seconds duration writes role=latency/duration
solr_metrics_core_{update_handler_errors,errors}_total c errors errors requests
solr_collections_live_nodes g nodes number nodes that live good=up
meilisearch_index_docs_count g documents number documents @index(index)
meilisearch_http_response_time_seconds h seconds duration requests role=latency/duration
oracledb_up g bool up the server answers role=availability/level
oracledb_resource_current_utilization g count used resource of the label resource_name /oracledb_resource_limit_value role=pool/used
oracledb_resource_limit_value g count limit resource of the label resource_name role=pool/max
oracledb_tablespace_used_percent g percent fill tablespace role=disk/used @volume(tablespace)
oracledb_activity_user_rollbacks c transactions errors transactions rolled back role=other/level
oracledb_activity_user_commits c transactions flow transactions role=database-work/count
oracledb_sessions_value g sessions used sessions
oracledb_wait_time_user_io g milliseconds duration waits for disk I/O role=other/level
queue_ready_depth g messages waiting messages
queue_message_lag_seconds h seconds lag messages behind their time
queue_dead_messages_total c messages errors messages
queue_zombies_total c messages errors messages without a worker
threadpool_blockingQueueSize g tasks waiting thread pool
pollingMonitor_itemsOverThreshold g items number items over the limit good=down
pollingMonitor_failed_total c polls errors polls
controller_invocations_total c requests flow requests, by the label status role=traffic/count
rateLimitThrottling_total c requests errors requests held back
amazonClientProvider_rateLimitDelayMil c milliseconds time-spent requests held back good=down
`,
);
