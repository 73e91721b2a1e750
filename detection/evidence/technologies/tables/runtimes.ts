import { technology } from '../technology.ts';

/** What client libraries tell of their own process. */
export const processMetrics = technology(
  'process',
  `
@instance(instance)
process_cpu_seconds_total,process_cpu_user_seconds_total c seconds time-spent CPU role=cpu/used
process_cpu_system_seconds_total c seconds time-spent CPU in the kernel role=cpu/statistic
process_resident_memory_bytes g bytes used resident memory role=memory/used
process_virtual_memory_bytes,process_heap_bytes g bytes inner reserved memory role=other/statistic
process_virtual_memory_max_bytes g bytes limit address space role=other/statistic
process_open_fds g files used open files /process_max_fds role=file-handles/used
process_max_fds g files limit open files role=file-handles/max
process_open_handles g handles used open handles role=file-handles/used
process_threads,process_num_threads g threads number threads
process_start_time_seconds g timestamp moment start of the process /now role=restarts/start-time
process_network_{receive,transmit}_bytes_total c bytes flow network role=other/statistic
process_memory_map_areas g areas used memory mappings /process_memory_map_areas_limit role=pool/used
process_memory_map_areas_limit g areas limit memory mappings role=pool/max
`,
);

export const goRuntime = technology(
  'Go',
  `
@instance(instance)
go_goroutines g goroutines number goroutines role=other/statistic
go_threads g threads number threads of the system role=other/statistic
go_info i - info version
go_gc_duration_seconds s seconds inner garbage collection
go_memstats_alloc_bytes_total c bytes flow memory allocated role=other/statistic
go_memstats_{heap_alloc,alloc}_bytes g bytes used heap memory /go_memstats_sys_bytes role=other/statistic
go_memstats_{heap_inuse,stack_inuse}_bytes g bytes used memory role=other/statistic
go_memstats_sys_bytes g bytes used memory taken from the system role=other/statistic
go_memstats_heap_objects g objects number live objects role=other/statistic
go_memstats_last_gc_time_seconds g timestamp moment last garbage collection
go_memstats_next_gc_bytes g bytes limit heap memory before the next collection role=other/statistic
go_memstats_{mallocs,frees,lookups}_total c objects flow allocations role=other/statistic
go_memstats_* g bytes inner memory role=other/statistic
go_gc_*,go_sched_*,go_cpu_*,go_godebug_*,go_sync_* c - inner run time
go_sql_{max_open_connections,stats_connections_max_open} g connections limit connections role=pool/max
go_sql_open_connections,go_sql_stats_connections_open g connections number open connections role=other/statistic
go_sql_in_use_connections g connections used connections /go_sql_max_open_connections role=pool/used
go_sql_stats_connections_in_use g connections used connections /go_sql_stats_connections_max_open role=pool/used
go_sql_{idle_connections,stats_connections_idle} g connections left idle connections role=other/statistic
go_sql_{wait_count_total,stats_connections_waited_for} c waits flow waits for a connection good=down role=pool/pending
go_sql_{wait_duration_seconds_total,stats_connections_blocked_seconds} c seconds time-spent waits for a connection good=down role=other/statistic
go_sql_* c - inner pool
`,
);

/** The Java virtual machine by Micrometer and by the JMX exporter, with what Spring applications add. */
export const jvm = technology(
  'JVM',
  `
@instance(instance)
jvm_memory_used_bytes,jvm_memory_bytes_used,jvm.memory.used g bytes used memory /~used~max role=memory/used
jvm_memory_max_bytes,jvm_memory_bytes_max,jvm.memory.max,jvm_memory_limit_bytes,jvm.memory.limit g bytes limit memory role=memory/max
jvm_memory_committed_bytes,jvm_memory_bytes_committed,jvm.memory.committed,jvm_memory_init_bytes,jvm_memory_bytes_init,jvm.memory.init g bytes inner memory
jvm_memory_used_after_last_gc_bytes,jvm.memory.used_after_last_gc g bytes used memory after the last collection role=other/statistic
jvm_memory_usage_after_gc,jvm_memory_usage_after_gc_percent g ratio fill old generation after a collection role=other/level
jvm_memory_pool_{used_bytes,bytes_used} g bytes used memory of a pool /~used~max role=other/statistic
jvm_memory_pool_{max_bytes,bytes_max} g bytes limit memory of a pool role=other/statistic
jvm_memory_pool_* g bytes inner memory role=other/statistic
jvm_gc_pause_seconds,jvm_gc_collection_seconds,jvm_gc_duration_seconds,jvm.gc.pause,jvm.gc.duration h seconds inner garbage collection
jvm_gc_overhead_percent,jvm_gc_overhead g ratio fill time spent in garbage collection role=other/level
jvm_gc_*,jvm.gc.* c - inner garbage collection
jvm_threads_live_threads,jvm_threads_current,jvm_threads_live,jvm.thread.count,jvm.threads.live g threads number threads role=other/level
jvm_threads_deadlocked,jvm_threads_deadlocked_monitor g threads number threads in a deadlock good=down role=lock/count
jvm_threads_* g threads inner threads role=other/statistic
jvm_classes_*,jvm_buffer_*,jvm_compilation_*,jvm.class.*,jvm.buffer.* g - inner virtual machine
jvm_info,jvm_runtime_info i - info version
process_cpu_usage,process.cpu.usage,jvm.cpu.recent_utilization,jvm_cpu_recent_utilization_ratio g ratio fill CPU of the process role=cpu/used
system_cpu_usage,system.cpu.usage g ratio fill CPU of the host role=host-cpu/used
system_cpu_count g cores limit CPU of the host role=host-cpu/max
system_load_average_1m g tasks waiting load average role=host-cpu/statistic
process_files_open_files g files used open files /process_files_max_files role=file-handles/used
process_files_max_files g files limit open files role=file-handles/max
process_uptime_seconds g seconds age the process role=other/statistic
http_server_requests_seconds,http.server.requests h seconds duration requests role=latency/duration
http_client_requests_seconds,http.client.requests h seconds duration calls role=latency/duration
http_server_requests_active_seconds h seconds duration requests in flight role=other/statistic
hikaricp_connections_active g connections used connections /hikaricp_connections_max role=pool/used
hikaricp_connections_max g connections limit connections role=pool/max
hikaricp_connections_pending g threads waiting threads for a connection role=pool/pending
hikaricp_connections_idle g connections left idle connections role=pool/free
hikaricp_connections g connections number open connections role=other/statistic
hikaricp_connections_min g connections setting fewest connections
hikaricp_connections_timeout_total c timeouts errors threads that got no connection role=pool/errors
hikaricp_connections_acquire_seconds h seconds duration wait for a connection role=pool/duration
hikaricp_connections_{usage,creation}_seconds h seconds duration use of a connection role=other/statistic
jdbc_connections_active g connections used connections /jdbc_connections_max role=pool/used
jdbc_connections_max g connections limit connections role=pool/max
jdbc_connections_{idle,min} g connections number connections role=other/statistic
tomcat_threads_busy_threads g threads used request threads /tomcat_threads_config_max_threads role=pool/used
tomcat_threads_config_max_threads g threads limit request threads role=pool/max
tomcat_threads_current_threads g threads number request threads role=other/statistic
tomcat_connections_current_connections g connections used connections /tomcat_connections_config_max_connections role=other/level
tomcat_connections_config_max_connections g connections limit connections role=other/statistic
tomcat_global_error_total c requests errors requests role=errors/errors
tomcat_* g - inner server
jetty_threads_busy g threads used request threads /jetty_threads_config_max role=pool/used
jetty_threads_config_max g threads limit request threads role=pool/max
executor_active_threads g threads used threads of an executor /executor_pool_max_threads role=pool/used @pool(name)
executor_pool_max_threads g threads limit threads of an executor role=pool/max @pool(name)
executor_queued_tasks g tasks waiting threads of an executor role=queue/level @pool(name)
executor_queue_remaining_tasks g tasks left queue of an executor role=other/level @pool(name)
executor_* g - inner executors @pool(name)
logback_events_total,log4j2_events_total c lines flow log lines by level role=other/statistic
resilience4j_circuitbreaker_state g bool state circuit breaker is in the state of its label @breaker(name)
resilience4j_circuitbreaker_failure_rate g percent fill calls of a circuit breaker that fail role=other/level @breaker(name)
resilience4j_circuitbreaker_{calls_seconds,buffered_calls,slow_call_rate,slow_calls} g calls number calls of a circuit breaker role=other/statistic @breaker(name)
resilience4j_circuitbreaker_not_permitted_calls_total c calls errors calls stopped by a circuit breaker @breaker(name)
resilience4j_bulkhead_available_concurrent_calls g calls left room of a bulkhead //resilience4j_bulkhead_max_allowed_concurrent_calls role=pool/free @breaker(name)
resilience4j_bulkhead_max_allowed_concurrent_calls g calls limit room of a bulkhead role=pool/max @breaker(name)
resilience4j_* g - inner breakers @breaker(name)
jmx_* g - monitoring the exporter itself
`,
);

export const otherRuntimes = technology(
  'Node.js, .NET, Python, Ruby, PHP',
  `
@instance(instance)
nodejs_eventloop_lag_seconds,nodejs_eventloop_lag_{p50,p90,p99,mean,max}_seconds g seconds lag event loop role=event-loop/duration
nodejs_eventloop_lag_{min,stddev}_seconds g seconds inner event loop role=event-loop/statistic
nodejs_eventloop_utilization g ratio fill event loop role=event-loop/used
nodejs_heap_size_used_bytes g bytes used heap memory /nodejs_heap_size_total_bytes role=memory/statistic
nodejs_heap_size_total_bytes g bytes inner heap memory taken role=memory/statistic
nodejs_external_memory_bytes g bytes used memory outside the heap role=other/statistic
nodejs_active_{handles,requests,resources}*,nodejs_heap_space_* g - inner run time role=other/statistic
nodejs_gc_duration_seconds h seconds inner garbage collection
nodejs_version_info i - info version
process_runtime_dotnet_gc_*,dotnet_gc_*,dotnet.gc.* c - inner garbage collection
dotnet_total_memory_bytes g bytes used managed memory role=other/statistic
dotnet_collection_count_total c collections inner garbage collection
dotnet_threadpool_queue_length,process_runtime_dotnet_thread_pool_queue_length,system_runtime_threadpool_queue_length,dotnet_thread_pool_queue_length g items waiting thread pool role=queue/level
dotnet_threadpool_num_threads,process_runtime_dotnet_thread_pool_threads_count,system_runtime_threadpool_thread_count,dotnet_thread_pool_thread_count g threads number threads of the pool
dotnet_exceptions_total,process_runtime_dotnet_exceptions_count,dotnet_exceptions c exceptions errors exceptions role=errors/errors
dotnet_contention_total,process_runtime_dotnet_monitor_lock_contention_count,dotnet_monitor_lock_contentions c waits flow waits for locks good=down role=lock/count
kestrel_active_connections g connections used connections role=traffic/in-flight
kestrel_queued_{connections,requests} g requests waiting requests
kestrel_rejected_connections_total c connections errors connections
aspnetcore_healthcheck_status g ratio up health check role=availability/level @check(name)
http_requests_in_progress g requests used requests in flight role=traffic/in-flight
python_info i - info version
python_gc_* c - inner garbage collection
gunicorn_workers,gunicorn.workers g workers limit workers role=other/statistic
gunicorn_requests,gunicorn_requests_total,gunicorn.requests c requests flow requests role=traffic/count
gunicorn_request_duration,gunicorn.request.duration h milliseconds duration requests role=latency/duration
gunicorn_backlog g requests waiting requests
uwsgi_listen_queue g requests waiting requests role=queue/level
uwsgi_listen_queue_errors c requests errors requests that found a full queue
uwsgi_worker_busy,uwsgi_workers_busy g workers used workers role=pool/used
uwsgi_worker_{requests,requests_total,exceptions,exceptions_total} c requests flow requests of a worker @worker(worker)
uwsgi_* g - inner workers
phpfpm_up,php_fpm_up g bool up the pool answers role=availability/level @pool(pool)
phpfpm_active_processes,php_fpm_active_processes g workers used workers +~active~idle role=pool/used @pool(pool)
phpfpm_idle_processes,php_fpm_idle_processes g workers left workers role=pool/free @pool(pool)
phpfpm_total_processes,php_fpm_total_processes g workers number workers role=other/statistic @pool(pool)
phpfpm_listen_queue,php_fpm_listen_queue g requests waiting requests /~listen_queue~listen_queue_length role=queue/level @pool(pool)
phpfpm_listen_queue_length,php_fpm_listen_queue_length g requests limit requests that wait role=queue/max @pool(pool)
phpfpm_max_children_reached,php_fpm_max_children_reached c events errors pool was full role=pool/errors @pool(pool)
phpfpm_accepted_connections,php_fpm_accepted_connections c requests flow requests role=traffic/count @pool(pool)
phpfpm_slow_requests,php_fpm_slow_requests c requests errors slow requests role=other/level @pool(pool)
phpfpm_* g - inner pool @pool(pool)
ruby_heap_live_slots g slots used live objects role=other/statistic
ruby_heap_free_slots g slots left slots of the heap role=other/statistic
ruby_{major,minor}_gc_ops_total c collections inner garbage collection
ruby_rss g bytes used resident memory role=memory/used
ruby_allocated_objects_total c objects flow objects allocated role=other/statistic
ruby_* g - inner run time role=other/statistic
puma_backlog g requests waiting requests role=queue/level
puma_running g threads number threads role=other/statistic
puma_pool_capacity g threads left threads //puma_max_threads role=pool/free
puma_max_threads g threads limit threads role=pool/max
sidekiq_queue_backlog,sidekiq_queue_size g jobs waiting jobs role=queue/level @queue(queue)
sidekiq_queue_latency_seconds,sidekiq_queue_latency g seconds age oldest job role=queue/age @queue(queue)
sidekiq_jobs_total c jobs flow jobs role=queue/out @queue(queue)
sidekiq_failed_jobs_total c jobs errors jobs @queue(queue)
celery_queue_length,flower_task_queue_length g tasks waiting tasks role=queue/level @queue(queue_name,queue)
celery_tasks_total,flower_events_total c tasks flow tasks role=queue/out
celery_task_failed_total c tasks errors tasks
celery_workers,flower_worker_online g workers number workers good=up
`,
);
