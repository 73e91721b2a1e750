import { technology } from '../technology.ts';

/** kube-state-metrics: what the API server says of objects. */
export const kubeStateMetrics = technology(
  'kube-state-metrics',
  `
@pod(pod,namespace)
kube_pod_info,kube_pod_labels,kube_pod_annotations,kube_pod_owner,kube_pod_ips,kube_pod_tolerations i - info pod
kube_pod_status_phase g bool state pod is in the phase of its label
kube_pod_status_ready g bool state pod is ready as its label says
kube_pod_status_{scheduled,initialized_time,container_ready_time,qos_class} g - inner pod
kube_pod_status_unschedulable g bool alarm pod finds no node
kube_pod_status_reason g bool state pod has the reason of its label
kube_pod_{created,start_time,completion_time,deletion_timestamp,status_scheduled_time,status_ready_time} g timestamp moment of the pod
@container(container,pod,namespace)
kube_pod_container_info i - info container image
kube_pod_container_status_restarts_total,kube_pod_init_container_status_restarts_total c restarts restarts container
kube_pod_container_status_{ready,running} g bool up container role=availability/level
kube_pod_container_status_waiting g bool alarm container waits
kube_pod_container_status_terminated g bool alarm container has ended
kube_pod_container_status_{waiting,terminated,last_terminated}_reason g bool state container has the reason of its label
kube_pod_container_status_last_terminated_{exitcode,timestamp} g - state last end of the container
kube_pod_container_state_started g timestamp moment start of the container role=restarts/start-time
kube_pod_container_resource_limits g - limit CPU, memory or storage of a container role=other/statistic
kube_pod_container_resource_requests g - setting CPU, memory or storage that a container asks for
kube_pod_container_resource_limits_cpu_cores g cores limit CPU role=cpu/max
kube_pod_container_resource_limits_memory_bytes g bytes limit memory role=memory/max
kube_pod_init_container_* g - inner container
@deployment(deployment,namespace)
kube_deployment_spec_replicas g replicas limit replicas that are wanted role=other/statistic
kube_deployment_status_replicas_available,kube_deployment_status_replicas_ready g replicas number replicas that are there //kube_deployment_spec_replicas good=up role=other/level
kube_deployment_status_replicas_unavailable g replicas number replicas that are missing good=down
kube_deployment_status_replicas,kube_deployment_status_replicas_updated g replicas number replicas good=up
kube_deployment_status_condition g bool state deployment has the condition of its label
kube_deployment_{metadata_generation,status_observed_generation} g - setting generation
kube_deployment_spec_paused g bool setting deployment is paused
kube_deployment_* g - setting deployment
kube_replicaset_* g replicas number replicas @replicaset(replicaset,namespace)
@statefulset(statefulset,namespace)
kube_statefulset_replicas g replicas limit replicas that are wanted role=other/statistic
kube_statefulset_status_replicas_{ready,available,current,updated},kube_statefulset_status_replicas g replicas number replicas that are there //kube_statefulset_replicas good=up
kube_statefulset_* g - setting stateful set
@daemonset(daemonset,namespace)
kube_daemonset_status_desired_number_scheduled g pods limit pods that are wanted role=other/statistic
kube_daemonset_status_{current_number_scheduled,number_ready,number_available},kube_daemonset_status_updated_number_scheduled g pods number pods that are there //kube_daemonset_status_desired_number_scheduled good=up
kube_daemonset_status_{number_unavailable,number_misscheduled} g pods number pods that are missing or astray good=down
kube_daemonset_* g - setting daemon set
@job(job_name,namespace)
kube_job_status_{failed,active,succeeded} g pods number pods of a job
kube_job_{complete,failed} g bool state job has ended as its label says
kube_job_status_{start_time,completion_time} g timestamp moment of a job
kube_job_* g - setting job
kube_cronjob_status_last_schedule_time,kube_cronjob_status_last_successful_time,kube_cronjob_next_schedule_time g timestamp moment run of a cron job /now @cronjob(cronjob,namespace)
kube_cronjob_* g - setting cron job @cronjob(cronjob,namespace)
@autoscaler(horizontalpodautoscaler,hpa,namespace)
kube_horizontalpodautoscaler_spec_max_replicas,kube_hpa_spec_max_replicas g replicas limit replicas role=other/statistic
kube_horizontalpodautoscaler_spec_min_replicas,kube_hpa_spec_min_replicas g replicas setting fewest replicas
kube_horizontalpodautoscaler_status_{current,desired}_replicas g replicas used replicas /kube_horizontalpodautoscaler_spec_max_replicas role=other/level
kube_hpa_status_{current,desired}_replicas g replicas used replicas /kube_hpa_spec_max_replicas role=other/level
kube_{horizontalpodautoscaler,hpa}_status_condition g bool state autoscaler has the condition of its label
kube_horizontalpodautoscaler_* g - setting autoscaler
@node(node)
kube_node_info,kube_node_labels,kube_node_role i - info node
kube_node_status_condition g bool state node has the condition of its label
kube_node_status_allocatable,kube_node_status_capacity g - limit CPU, memory, pods or storage of a node role=other/statistic
kube_node_spec_unschedulable g bool alarm node takes no new pods
kube_node_spec_taint,kube_node_created g - setting node
@volume(persistentvolumeclaim,persistentvolume,namespace)
kube_persistentvolumeclaim_status_phase,kube_persistentvolume_status_phase g bool state volume is in the phase of its label
kube_persistentvolumeclaim_resource_requests_storage_bytes,kube_persistentvolume_capacity_bytes g bytes limit storage role=other/statistic
kube_persistentvolume* i - info volume
@namespace(namespace)
kube_resourcequota g - limit quota or its use, by the label type role=other/statistic
kube_namespace_* g - info namespace
kube_service_*,kube_ingress_*,kube_endpoint_*,kube_configmap_*,kube_secret_*,kube_networkpolicy_*,kube_serviceaccount_*,kube_storageclass_*,kube_lease_*,kube_limitrange* g - info object
kube_poddisruptionbudget_status_{current_healthy,pod_disruptions_allowed} g pods number healthy pods good=up
kube_poddisruptionbudget_status_{desired_healthy,expected_pods} g pods limit pods role=other/statistic
@
kube_state_metrics_* c - monitoring the exporter itself
`,
);

/** The kubelet: its node's pods and volumes. */
export const kubelet = technology(
  'kubelet',
  `
@node(node,instance)
kubelet_running_pods,kubelet_running_pod_count g pods used pods
kubelet_running_containers,kubelet_running_container_count g containers number containers
kubelet_node_name i - info node
kubelet_pleg_relist_duration_seconds,kubelet_pleg_relist_interval_seconds h seconds duration look at the containers role=other/statistic
kubelet_pod_{worker,start,start_sli}_duration_seconds h seconds duration starting of pods role=other/statistic
kubelet_pod_worker_start_duration_seconds h seconds duration starting of pods role=other/statistic
kubelet_runtime_operations_total c operations flow calls of the container runtime role=other/statistic
kubelet_runtime_operations_errors_total c errors errors calls of the container runtime
kubelet_runtime_operations_duration_seconds h seconds duration calls of the container runtime role=other/statistic
kubelet_cgroup_manager_duration_seconds h seconds duration cgroups role=other/statistic
kubelet_evictions c pods errors evicted pods
kubelet_certificate_manager_client_ttl_seconds,kubelet_certificate_manager_server_ttl_seconds g seconds left life of the certificate
kubelet_certificate_manager_*_expiration_renew_errors c errors errors renewal of the certificate
kubelet_node_config_error g bool alarm config of the node
kubelet_http_requests_* h - inner kubelet's API role=other/statistic
@volume(persistentvolumeclaim,namespace)
kubelet_volume_stats_available_bytes g bytes left volume space //kubelet_volume_stats_capacity_bytes role=disk/free
kubelet_volume_stats_used_bytes g bytes used volume space /kubelet_volume_stats_capacity_bytes role=disk/used
kubelet_volume_stats_capacity_bytes g bytes limit volume space role=disk/max
kubelet_volume_stats_inodes_free g inodes left inodes //kubelet_volume_stats_inodes role=disk/free
kubelet_volume_stats_inodes_used g inodes used inodes /kubelet_volume_stats_inodes role=disk/used
kubelet_volume_stats_inodes g inodes limit inodes role=disk/max
kubelet_volume_stats_health_status_abnormal g bool alarm volume
`,
);

/** The control plane: API server, scheduler, controllers, etcd, CoreDNS. */
export const controlPlane = technology(
  'Kubernetes control plane',
  `
@
apiserver_request_total c requests flow requests role=traffic/count
apiserver_request_duration_seconds,apiserver_request_slo_duration_seconds,apiserver_request_sli_duration_seconds h seconds duration requests role=latency/duration
apiserver_current_inflight_requests,apiserver_flowcontrol_current_executing_requests g requests used requests in flight role=traffic/in-flight
apiserver_current_inqueue_requests,apiserver_flowcontrol_current_inqueue_requests g requests waiting requests
apiserver_flowcontrol_rejected_requests_total,apiserver_dropped_requests_total c requests errors requests turned away
apiserver_request_terminations_total c requests errors requests turned away
apiserver_client_certificate_expiration_seconds h seconds left life of clients' certificates role=other/statistic
apiserver_storage_objects,etcd_object_counts,apiserver_resource_objects g objects number objects
apiserver_storage_size_bytes,apiserver_storage_db_total_size_in_bytes g bytes used database of the objects
apiserver_admission_*_duration_seconds h seconds duration admission role=other/statistic
apiserver_admission_webhook_rejection_count c requests errors requests turned away by a webhook
apiserver_audit_error_total c errors errors audit
apiserver_watch_events_total c events flow events to watchers role=other/statistic
aggregator_unavailable_apiservice g bool alarm aggregated API role=other/level @service(name)
aggregator_unavailable_apiservice_total,aggregator_unavailable_apiservice_count c errors errors aggregated API @service(name)
apiserver_*,aggregator_*,authentication_*,authorization_* c - inner API server role=other/statistic
scheduler_pending_pods g pods waiting pods for a node
scheduler_schedule_attempts_total c attempts flow scheduling role=other/statistic
scheduler_*_duration_seconds h seconds duration scheduling role=other/statistic
scheduler_preemption_victims h pods number pods pushed out
workqueue_depth g items waiting work of a controller @queue(name)
workqueue_adds_total c items flow work of a controller role=queue/in @queue(name)
workqueue_retries_total c items errors work tried again role=retries/count @queue(name)
workqueue_{queue,work}_duration_seconds h seconds duration work of a controller role=other/statistic @queue(name)
workqueue_{unfinished_work_seconds,longest_running_processor_seconds} g seconds age oldest work role=queue/age @queue(name)
rest_client_requests_total c requests flow calls of the API server role=other/statistic
rest_client_request_duration_seconds h seconds duration calls of the API server role=other/statistic
node_collector_* c - inner node life cycle
leader_election_master_status g bool state this replica leads
etcd_server_has_leader g bool up a leader is there role=availability/level
etcd_server_is_leader,etcd_server_is_learner g bool state this member leads
etcd_server_leader_changes_seen_total c changes flow changes of the leader good=down role=other/level
etcd_server_proposals_failed_total c proposals errors proposals
etcd_server_proposals_{committed_total,applied_total} g proposals flow proposals role=other/statistic
etcd_server_proposals_pending g proposals waiting proposals
etcd_server_{slow_apply,slow_read_indexes,heartbeat_send_failures}_total c events errors slow or failed steps
etcd_server_quota_backend_bytes g bytes limit database role=disk/max
etcd_mvcc_db_total_size_in_bytes,etcd_debugging_mvcc_db_total_size_in_bytes g bytes used database /etcd_server_quota_backend_bytes role=disk/used
etcd_mvcc_db_total_size_in_use_in_bytes g bytes used database in use role=disk/statistic
etcd_disk_wal_fsync_duration_seconds,etcd_disk_backend_commit_duration_seconds h seconds duration writes to disk role=latency/duration
etcd_network_peer_round_trip_time_seconds h seconds duration calls between members role=other/statistic
etcd_network_{client_grpc_received,client_grpc_sent,peer_received,peer_sent}_bytes_total c bytes flow network role=other/statistic
etcd_http_{received,successful,failed}_total c requests flow requests role=other/statistic
etcd_http_successful_duration_seconds,etcd_request_duration_seconds h seconds duration requests role=other/statistic
etcd_* c - inner etcd
coredns_dns_requests_total,coredns_dns_request_count_total,coredns_dns_responses_total c requests flow name resolution role=traffic/count
coredns_dns_request_duration_seconds h seconds duration name resolution role=latency/duration
coredns_panics_total,coredns_panic_count_total c panics errors panics
coredns_forward_{request_duration_seconds,requests_total,responses_total} h seconds duration name resolution elsewhere role=other/statistic
coredns_forward_healthcheck_{failures,broken}_total c failures errors resolvers elsewhere
coredns_cache_hits_total c lookups hits name cache role=other/statistic
coredns_cache_misses_total c lookups misses name cache role=other/statistic
coredns_* c - inner name resolution
kubeproxy_sync_proxy_rules_duration_seconds h seconds duration writing of rules role=other/statistic
kubeproxy_* c - inner proxy
certmanager_certificate_expiration_timestamp_seconds g timestamp moment end of the certificate /now @certificate(name,namespace)
certmanager_certificate_renewal_timestamp_seconds g timestamp moment renewal of the certificate @certificate(name,namespace)
certmanager_certificate_ready_status g bool state certificate is ready as its label says @certificate(name,namespace)
certmanager_acme_client_request_count,certmanager_http_acme_client_request_count c requests flow calls of the certificate authority role=other/statistic
certmanager_* c - inner certificates
argocd_app_info g - state health and synchronisation of an application, by labels @application(name,namespace)
argocd_app_sync_total c syncs flow synchronisations of an application role=other/statistic @application(name,namespace)
argocd_* g - inner deployments
gotk_resource_info g - state readiness of a resource, by labels @resource(name,exported_namespace,kind)
gotk_reconcile_condition g bool state readiness of a resource, by labels @resource(name,namespace,kind)
gotk_reconcile_duration_seconds h seconds duration reconciliation role=other/statistic @resource(name,namespace,kind)
gotk_suspend_status g bool alarm resource is suspended @resource(name,namespace,kind)
`,
);
