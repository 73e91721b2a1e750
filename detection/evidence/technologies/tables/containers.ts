import { technology } from '../technology.ts';

/** cAdvisor, as kubelets and Docker hosts expose it: containers. */
export const cadvisor = technology(
  'cAdvisor',
  `
@container(container,pod,namespace,name,id)
container_cpu_usage_seconds_total c seconds time-spent CPU role=cpu/used
container_cpu_user_seconds_total,container_cpu_system_seconds_total c seconds time-spent CPU role=cpu/statistic
container_cpu_cfs_throttled_seconds_total c seconds time-spent waiting at the CPU limit good=down role=cpu/pending
container_cpu_cfs_throttled_periods_total c periods errors periods that ended at the CPU limit role=cpu/pending
container_cpu_cfs_periods_total c periods flow periods of CPU scheduling role=cpu/statistic
container_cpu_load_average_10s g tasks waiting load average role=cpu/statistic
container_spec_cpu_quota g microseconds limit CPU time a period role=cpu/max
container_spec_cpu_period g microseconds setting period of CPU scheduling role=cpu/statistic
container_spec_cpu_shares g shares setting share of CPU role=cpu/statistic
container_memory_working_set_bytes g bytes used memory that cannot be given back /container_spec_memory_limit_bytes role=memory/used
container_memory_usage_bytes g bytes used memory with caches /container_spec_memory_limit_bytes role=memory/used
container_memory_rss g bytes used resident memory role=memory/used
container_memory_cache,container_memory_mapped_file,container_memory_kernel_usage g bytes inner memory role=memory/statistic
container_memory_swap g bytes used swap space role=memory/statistic
container_memory_max_usage_bytes g bytes inner most memory ever used role=memory/statistic
container_memory_failcnt c events errors memory limit was hit role=memory/errors
container_memory_failures_total c faults inner page faults role=memory/statistic
container_oom_events_total c kills errors processes killed for memory role=memory/errors
container_spec_memory_limit_bytes g bytes limit memory role=memory/max
container_spec_memory_swap_limit_bytes g bytes limit memory and swap role=memory/statistic
container_spec_memory_reservation_limit_bytes g bytes setting memory reservation role=memory/statistic
container_fs_usage_bytes g bytes used file system space /container_fs_limit_bytes role=disk/used
container_fs_limit_bytes g bytes limit file system space role=disk/max
container_fs_inodes_free g inodes left inodes //container_fs_inodes_total role=disk/free
container_fs_inodes_total g inodes limit inodes role=disk/max
container_fs_{reads,writes}_total c operations flow disk I/O role=other/statistic
container_fs_{reads,writes}_bytes_total c bytes flow disk I/O role=other/statistic
container_fs_{io_time,io_time_weighted,read,write}_seconds_total c seconds time-spent disk I/O role=other/statistic
container_fs_* g - inner file system
container_blkio_device_usage_total c bytes flow disk I/O role=other/statistic
container_network_{receive,transmit}_bytes_total c bytes flow network role=network/count
container_network_{receive,transmit}_packets_total c packets flow network role=network/count
container_network_{receive,transmit}_{errors,packets_dropped}_total c packets errors network role=network/errors
container_file_descriptors g descriptors used file descriptors role=file-handles/used
container_processes g processes used processes
container_threads g threads used threads /container_threads_max role=pool/used
container_threads_max g threads limit threads role=pool/max
container_sockets g sockets used sockets
container_ulimits_soft g - limit of processes role=other/statistic
container_last_seen g timestamp moment last sight of the container /now
container_start_time_seconds g timestamp moment start of the container /now role=restarts/start-time
container_tasks_state g tasks number tasks in a state
container_scrape_error g bool monitoring the exporter's reading
container_pressure_{cpu,memory,io}_{waiting,stalled}_seconds_total c seconds time-spent tasks that waited role=cpu/pending
container_* g - inner container
@host(instance)
machine_cpu_cores g cores limit CPU role=host-cpu/max
machine_memory_bytes g bytes limit memory role=memory/max
machine_* g - setting hardware
cadvisor_version_info i - monitoring the exporter's version
`,
);

/** process-exporter: groups of processes of a host. */
export const processExporter = technology(
  'process-exporter',
  `
@process(groupname)
namedprocess_namegroup_num_procs g processes number running processes good=up role=other/level
namedprocess_namegroup_num_threads g threads number threads
namedprocess_namegroup_cpu_seconds_total c seconds time-spent CPU role=cpu/used
namedprocess_namegroup_memory_bytes g bytes used memory role=memory/used
namedprocess_namegroup_open_filedesc g descriptors used file descriptors role=file-handles/used
namedprocess_namegroup_worst_fd_ratio g ratio fill file descriptors of the fullest process role=file-handles/used
namedprocess_namegroup_states g processes number processes in a state
namedprocess_namegroup_context_switches_total c switches flow context switches role=other/statistic
namedprocess_namegroup_{read,write}_bytes_total c bytes flow disk I/O role=other/statistic
namedprocess_namegroup_{major,minor}_page_faults_total c faults flow page faults role=other/statistic
namedprocess_namegroup_oldest_start_time_seconds g timestamp moment start of the oldest process /now role=restarts/start-time
namedprocess_namegroup_thread_* c - inner threads role=other/statistic
namedprocess_scrape_* c - monitoring the exporter's reading
`,
);

/** systemd_exporter: units of a host. */
export const systemdExporter = technology(
  'systemd_exporter',
  `
@unit(name)
systemd_unit_state g bool state a unit is in the state of its label
systemd_unit_info i - info unit
systemd_unit_start_time_seconds g timestamp moment start of a unit /now
systemd_unit_active_enter_time_seconds g timestamp moment start of a unit
systemd_unit_inactive_exit_time_seconds g timestamp moment start of a unit
systemd_unit_tasks_current g tasks used tasks of a unit /systemd_unit_tasks_max role=pool/used
systemd_unit_tasks_max g tasks limit tasks of a unit role=pool/max
systemd_service_restart_total c restarts restarts a unit
systemd_socket_accepted_connections_total c connections flow connections role=other/statistic
systemd_socket_current_connections g connections used connections of a socket unit
systemd_socket_refused_connections_total c connections errors connections refused by a socket unit
systemd_timer_last_trigger_seconds g timestamp moment last run of a timer /now
systemd_process_resident_memory_bytes g bytes used memory role=memory/used
systemd_process_cpu_seconds_total c seconds time-spent CPU role=cpu/used
systemd_{unit,service,exporter}_* g - inner units
`,
);

/** blackbox_exporter: what answers when it is called from outside. */
export const blackbox = technology(
  'blackbox_exporter',
  `
@target(instance,target)
probe_success g bool up the target answers as it should role=availability/level
probe_duration_seconds g seconds duration probe role=latency/duration
probe_http_duration_seconds g seconds duration a phase of the probe role=other/statistic
probe_icmp_duration_seconds g seconds duration a phase of the probe role=other/statistic
probe_http_status_code g code state HTTP status of the answer
probe_http_content_length,probe_http_uncompressed_body_length g bytes number length of the answer
probe_http_redirects g redirects number redirects
probe_http_ssl g bool setting TLS was used
probe_http_version g - info HTTP version
probe_http_last_modified_timestamp_seconds g timestamp moment last change of the page
probe_failed_due_to_regex g bool alarm the answer's text is not as expected
probe_dns_lookup_time_seconds g seconds duration name resolution role=latency/duration
probe_dns_{answer,additional,authority}_rrs g records number records of the answer
probe_dns_serial g - setting serial of the zone
probe_ip_protocol g - setting IP version
probe_ip_addr_hash g - setting address
probe_icmp_reply_hop_limit g hops number hops
probe_ssl_earliest_cert_expiry,probe_ssl_last_chain_expiry_timestamp_seconds g timestamp moment end of the certificate /now
probe_ssl_last_chain_info,probe_tls_version_info,probe_tls_cipher_info i - info TLS
probe_grpc_* g - inner probe
probe_expect_info i - info probe
blackbox_* c - monitoring the exporter itself
@certificate(instance,target)
ssl_probe_success g bool up the probe of the certificate role=other/level
ssl_verified_cert_not_after,ssl_cert_not_after,ssl_file_cert_not_after,ssl_kubernetes_cert_not_after,ssl_kubeconfig_cert_not_after g timestamp moment end of the certificate /now
ssl_verified_cert_not_before,ssl_cert_not_before,ssl_file_cert_not_before,ssl_kubernetes_cert_not_before g timestamp moment start of the certificate
ssl_ocsp_response_status g status state revocation of the certificate states=0:good,1:revoked,2:unknown
ssl_ocsp_response_* g timestamp moment answer on revocation
ssl_tls_version_info,ssl_prober i - info TLS
x509_cert_not_after g timestamp moment end of the certificate /now
x509_cert_not_before g timestamp moment start of the certificate
x509_cert_expired g bool alarm certificate has ended
x509_read_errors g errors errors reading certificates
`,
);
