import { technology } from '../technology.ts';

/** nginx by its exporters, its VTS module, Lua counters and the ingress controller. */
export const nginx = technology(
  'nginx',
  `
@instance(instance)
nginx_up g bool up the server answers role=availability/level
nginx_connections_active g connections used client connections role=traffic/in-flight
nginx_connections_{reading,writing,waiting} g connections number client connections by state role=other/statistic
nginx_connections_accepted c connections flow connections accepted role=other/statistic
nginx_connections_handled c connections flow connections served role=other/statistic
nginx_http_requests_total c requests flow requests role=traffic/count
nginx_http_request_duration_seconds h seconds duration requests role=latency/duration
nginx_http_connections g connections number connections by state role=other/statistic
nginx_metric_errors_total c errors monitoring the counters themselves
nginx_server_requests,nginx_vts_server_requests_total c requests flow requests role=traffic/count
nginx_{server,vts_server}_bytes*,nginx_vts_upstream_bytes_total c bytes flow network role=network/count
nginx_{server,vts_server}_{requestMsec,request_seconds,request_duration_seconds}* g seconds duration requests role=latency/duration
nginx_{upstream_requests,vts_upstream_requests_total} c requests flow requests to a server behind role=other/statistic @upstream(upstream,backend)
nginx_{upstream,vts_upstream}_{responseMsec,response_seconds,response_duration_seconds}* g seconds duration answers of a server behind role=other/statistic @upstream(upstream,backend)
nginxplus_upstream_server_state g - state server behind states=1:up,2:draining,3:down,4:unavailable,5:checking,6:unhealthy @upstream(upstream,server)
nginxplus_* c - inner server
nginx_ingress_controller_requests c requests flow requests role=traffic/count @ingress(ingress,exported_service,namespace)
nginx_ingress_controller_request_duration_seconds h seconds duration requests role=latency/duration @ingress(ingress,exported_service,namespace)
nginx_ingress_controller_{response_duration,header_duration,connect_duration,ingress_upstream_latency}_seconds h seconds duration answers of a service behind role=other/statistic @ingress(ingress,exported_service,namespace)
nginx_ingress_controller_{bytes_sent,request_size,response_size} h bytes flow network role=other/statistic @ingress(ingress,namespace)
nginx_ingress_controller_config_last_reload_successful g bool up last config reload role=other/level
nginx_ingress_controller_config_last_reload_successful_timestamp_seconds g timestamp moment last config reload
nginx_ingress_controller_ssl_expire_time_seconds g timestamp moment end of the certificate /now @certificate(host,secret_name)
nginx_ingress_controller_nginx_process_connections g connections number client connections by state role=other/statistic
nginx_ingress_controller_nginx_process_resident_memory_bytes g bytes used memory role=memory/used
nginx_ingress_controller_nginx_process_cpu_seconds_total c seconds time-spent CPU role=cpu/used
nginx_ingress_controller_success c reloads flow config reloads role=other/statistic
nginx_ingress_controller_errors c reloads errors config reloads
nginx_ingress_controller_* g - inner controller
nginxexporter_*,nginx_exporter_* i - monitoring the exporter itself
nginx_* g - inner server
`,
);

export const apache = technology(
  'Apache',
  `
@instance(instance)
apache_up g bool up the server answers role=availability/level
apache_info,apache_version i - info version
apache_accesses_total c requests flow requests role=traffic/count
apache_sent_kilobytes_total c KiB flow network role=other/statistic
apache_duration_ms_total c milliseconds time-spent requests role=other/statistic
apache_workers g workers used workers, busy and idle by the label state +apache_workers split=state:busy=used,idle=left role=pool/used
apache_scoreboard g workers number workers by what they do role=other/statistic
apache_cpuload g percent fill CPU role=other/statistic
apache_cpu_time_ms_total c milliseconds time-spent CPU role=other/statistic
apache_load g tasks waiting load average role=other/statistic
apache_uptime_seconds_total c seconds age the server role=restarts/statistic
apache_connections g connections number connections by state role=other/statistic
apache_processes g processes number processes role=other/statistic
apache_proxy_balancer_status g bool state server behind is in the state of its label @upstream(balancer,worker)
apache_exporter_* i - monitoring the exporter itself
apache_* g - inner server
`,
);

export const haproxy = technology(
  'HAProxy',
  `
@instance(instance)
haproxy_up g bool up the proxy answers role=availability/level
haproxy_process_current_connections g connections used connections /haproxy_process_max_connections role=pool/used
haproxy_process_max_connections g connections limit connections role=pool/max
haproxy_process_max_fds g files limit open files role=file-handles/max
haproxy_process_{start_time_seconds,uptime_seconds} g seconds age the proxy role=other/statistic
haproxy_process_idle_time_percent g percent spare CPU role=other/statistic
haproxy_process_* g - inner proxy
haproxy_exporter_* c - monitoring the exporter itself
@frontend(frontend,proxy)
haproxy_frontend_current_sessions g sessions used sessions /haproxy_frontend_limit_sessions role=pool/used
haproxy_frontend_limit_sessions g sessions limit sessions role=pool/max
haproxy_frontend_max_sessions g sessions inner most sessions ever used
haproxy_frontend_http_requests_total c requests flow requests role=traffic/count
haproxy_frontend_http_responses_total c responses flow answers by the label code role=other/statistic
haproxy_frontend_{request_errors,requests_denied,responses_denied,failed_connections}_total c requests errors requests role=errors/errors
haproxy_frontend_{connections,sessions}_total c connections flow connections role=other/statistic
haproxy_frontend_bytes_{in,out}_total c bytes flow network role=network/count
haproxy_frontend_current_session_rate g sessions flow sessions a second role=other/statistic
haproxy_frontend_* g - inner front end
@upstream(backend,proxy)
haproxy_backend_up,haproxy_backend_status g bool up backend role=availability/level
haproxy_backend_current_sessions g sessions used sessions /haproxy_backend_limit_sessions role=pool/used
haproxy_backend_limit_sessions g sessions limit sessions role=pool/max
haproxy_backend_current_queue g requests waiting requests for a server role=queue/level
haproxy_backend_active_servers,haproxy_backend_agg_server_check_status g servers number servers that serve good=up
haproxy_backend_http_requests_total c requests flow requests role=traffic/count
haproxy_backend_http_responses_total c responses flow answers by the label code role=other/statistic
haproxy_backend_{connection_errors,response_errors,internal_errors}_total c requests errors requests role=errors/errors
haproxy_backend_{retry_warnings,redispatch_warnings}_total c requests errors requests tried again role=retries/count
haproxy_backend_{http_response_time_average_seconds,response_time_average_seconds,http_total_time_average_seconds,total_time_average_seconds} g seconds duration requests role=latency/duration
haproxy_backend_{queue_time_average_seconds,http_queue_time_average_seconds} g seconds duration wait for a server role=pool/duration
haproxy_backend_{connect_time_average_seconds,http_connect_time_average_seconds} g seconds duration connecting role=other/statistic
haproxy_backend_bytes_{in,out}_total c bytes flow network role=network/count
haproxy_backend_* g - inner backend
@upstream(server,backend,proxy)
haproxy_server_up,haproxy_server_status g bool up server role=availability/level
haproxy_server_check_failures_total c checks errors health checks
haproxy_server_check_status g bool state health check
haproxy_server_current_sessions g sessions used sessions role=other/statistic
haproxy_server_current_queue g requests waiting requests role=queue/level
haproxy_server_{connection_errors,response_errors,internal_errors}_total c requests errors requests role=errors/errors
haproxy_server_{downtime_seconds_total,check_duration_seconds} c seconds time-spent down role=other/statistic
haproxy_server_* g - inner server
`,
);

export const envoy = technology(
  'Envoy',
  `
@instance(instance)
envoy_server_live g bool up the proxy role=availability/level
envoy_server_uptime g seconds age the proxy role=other/statistic
envoy_server_memory_allocated g bytes used memory role=memory/used
envoy_server_{memory_heap_size,memory_physical_size} g bytes inner memory
envoy_server_days_until_first_cert_expiring g days left life of the certificate
envoy_server_* g - inner proxy role=other/statistic
envoy_http_downstream_rq_xx,envoy_http_downstream_rq_total c requests flow requests role=traffic/count
envoy_http_downstream_rq_active,envoy_http_downstream_cx_active g requests used requests in flight role=traffic/in-flight
envoy_http_downstream_rq_time h milliseconds duration requests role=latency/duration
envoy_http_downstream_{rq_timeout,rq_rx_reset,rq_tx_reset,cx_protocol_error,cx_overload_disable_keepalive,rq_overload_close} c requests errors requests role=errors/errors
envoy_http_* c - inner requests
envoy_listener_* c - inner listeners
@upstream(envoy_cluster_name)
envoy_cluster_upstream_rq_xx,envoy_cluster_upstream_rq_total,envoy_cluster_upstream_rq,envoy_cluster_upstream_rq_completed,envoy_cluster_external_upstream_rq c requests flow requests to a cluster behind role=traffic/count
envoy_cluster_upstream_rq_time,envoy_cluster_external_upstream_rq_time h milliseconds duration requests to a cluster behind role=latency/duration
envoy_cluster_upstream_{rq_timeout,rq_per_try_timeout,cx_connect_fail,cx_connect_timeout,rq_pending_overflow,cx_overflow,rq_cancelled,cx_none_healthy,rq_rx_reset,rq_tx_reset,cx_destroy_remote_with_active_rq} c requests errors requests to a cluster behind role=errors/errors
envoy_cluster_upstream_rq_retry c requests errors requests tried again role=retries/count
envoy_cluster_upstream_rq_retry_* c requests errors requests tried again role=other/statistic
envoy_cluster_upstream_cx_active g connections used connections role=pool/used
envoy_cluster_upstream_{rq_active,rq_pending_active} g requests used requests in flight role=other/level
envoy_cluster_membership_healthy g hosts number hosts that are healthy //envoy_cluster_membership_total good=up role=other/level
envoy_cluster_membership_total g hosts limit hosts role=other/statistic
envoy_cluster_membership_{degraded,excluded} g hosts number hosts that are degraded good=down
envoy_cluster_circuit_breakers_*_open g bool alarm circuit breaker is open
envoy_cluster_health_check_{failure,network_failure} c checks errors health checks
envoy_cluster_outlier_detection_ejections_active g hosts number hosts that were taken out good=down
envoy_cluster_* c - inner cluster
envoy_* c - inner proxy
`,
);

export const istio = technology(
  'Istio',
  `
@service(destination_service_name,destination_workload,destination_service)
istio_requests_total c requests flow requests role=traffic/count
istio_request_duration_milliseconds h milliseconds duration requests role=latency/duration
istio_request_duration_seconds h seconds duration requests role=latency/duration
istio_{request,response}_bytes h bytes flow network role=other/statistic
istio_{request,response}_messages_total c messages flow messages role=other/statistic
istio_tcp_{sent,received}_bytes_total c bytes flow network role=network/count
istio_tcp_connections_{opened,closed}_total c connections flow connections role=other/statistic
@
pilot_xds_pushes c pushes flow configuration to proxies role=other/statistic
pilot_xds_push_errors,pilot_total_xds_internal_errors,pilot_total_xds_rejects,pilot_xds_{cds,lds,rds,eds}_reject,pilot_xds_write_timeout,pilot_xds_push_context_errors c pushes errors configuration to proxies
pilot_xds g proxies number proxies that are connected good=up
pilot_proxy_convergence_time h seconds duration configuration to proxies role=other/statistic
pilot_duplicate_envoy_clusters,pilot_no_ip,pilot_conflict_* g entries number conflicts of configuration good=down
pilot_* g - inner control plane
mixer_runtime_dispatches_total c calls flow calls of adapters role=other/statistic
galley_*,citadel_*,istiod_*,sidecar_injection_* c - inner control plane
istio_agent_* g - inner agent
istio_build i - info version
`,
);

export const traefik = technology(
  'Traefik',
  `
@service(service,backend)
traefik_backend_server_up,traefik_service_server_up g bool up server behind role=availability/level
traefik_backend_requests_total,traefik_service_requests_total c requests flow requests to a service behind role=traffic/count
traefik_backend_request_duration_seconds,traefik_service_request_duration_seconds h seconds duration requests to a service behind role=latency/duration
traefik_{backend,service}_retries_total c requests errors requests tried again role=retries/count
traefik_{backend,service}_open_connections g connections used connections role=traffic/in-flight
traefik_service_{requests,responses}_bytes_total c bytes flow network role=network/count
@entrypoint(entrypoint)
traefik_entrypoint_requests_total c requests flow requests role=traffic/count
traefik_entrypoint_request_duration_seconds h seconds duration requests role=latency/duration
traefik_entrypoint_open_connections,traefik_open_connections g connections used connections role=traffic/in-flight
traefik_entrypoint_requests_{tls_total,bytes_total} c - inner requests
traefik_router_* c - inner routers @router(router)
@
traefik_config_reloads_total c reloads flow config reloads role=other/statistic
traefik_config_reloads_failure_total c reloads errors config reloads
traefik_config_last_reload_{success,failure} g timestamp moment last config reload
traefik_tls_certs_not_after g timestamp moment end of the certificate /now @certificate(cn,sans)
caddy_reverse_proxy_upstreams_healthy g bool up server behind role=availability/level @upstream(upstream)
caddy_http_requests_total c requests flow requests role=traffic/count @server(server,handler)
caddy_http_request_duration_seconds h seconds duration requests role=latency/duration @server(server,handler)
caddy_http_response_duration_seconds h seconds duration first byte of answers role=other/statistic @server(server,handler)
caddy_http_requests_in_flight g requests used requests in flight role=traffic/in-flight @server(server,handler)
caddy_http_request_errors_total c requests errors requests role=errors/errors @server(server,handler)
caddy_* c - inner server
`,
);
