import { technology } from '../technology.ts';

/** OpenTelemetry's semantic conventions, in dots and as Prometheus writes them, and the Collector's own metrics. */
export const opentelemetry = technology(
  'OpenTelemetry',
  `
@instance(service.name,service_name,job,instance)
http.server.request.duration,http_server_request_duration_seconds,http_server_duration_seconds h seconds duration requests role=latency/duration
http.server.duration,http_server_duration,http_server_duration_milliseconds h milliseconds duration requests role=latency/duration
http.client.request.duration,http_client_request_duration_seconds,http_client_duration_seconds h seconds duration calls role=latency/duration
http.client.duration,http_client_duration,http_client_duration_milliseconds h milliseconds duration calls role=latency/duration
http.server.active_requests g requests used requests in flight role=traffic/in-flight
http.{server,client}.{request,response}.body.size,http_{server,client}_{request,response}_body_size_bytes h bytes number length of requests and answers role=other/statistic
http.client.open_connections g connections used connections role=other/level
http.client.active_requests g requests used calls in flight role=traffic/in-flight
rpc.server.{duration,call.duration} h milliseconds duration calls role=latency/duration
rpc_server_duration_milliseconds h milliseconds duration calls role=latency/duration
rpc_{server,client}_{duration,call_duration}_seconds h seconds duration calls role=latency/duration
rpc.client.{duration,call.duration} h milliseconds duration calls role=latency/duration
rpc_client_duration_milliseconds h milliseconds duration calls role=latency/duration
rpc.{server,client}.{request,response}.size h bytes number length of calls role=other/statistic
rpc.{server,client}.{requests_per_rpc,responses_per_rpc} h messages number messages of a call role=other/statistic
grpc_server_handled_total,grpc_client_handled_total c calls flow calls role=traffic/count
grpc_server_started_total,grpc_client_started_total c calls flow calls started role=other/statistic
grpc_server_handling_seconds,grpc_client_handling_seconds h seconds duration calls role=latency/duration
grpc_{server,client}_msg_{received,sent}_total c messages flow messages of calls role=other/statistic
db.client.operation.duration,db_client_operation_duration_seconds h seconds duration queries role=database-latency/duration
db.client.connection.count g connections used connections by the label state /~count~max split=state:used=used,idle=left role=pool/used
db.client.connections.usage g connections used connections by the label state /~usage~max split=state:used=used,idle=left role=pool/used
db.client.connection.max,db.client.connections.max g connections limit connections role=pool/max
db.client.connection.{idle.min,idle.max},db.client.connections.idle.{min,max} g connections setting idle connections
db.client.connection.pending_requests,db.client.connections.pending_requests g requests waiting requests for a connection role=pool/pending
db.client.connection.timeouts,db.client.connections.timeouts c requests errors requests that got no connection role=pool/errors
db.client.connection.wait_time,db.client.connections.wait_time h seconds duration wait for a connection role=pool/duration
db.client.connection.{create_time,use_time} h seconds duration connections role=other/statistic
db.client.response.returned_rows h rows number rows of an answer role=other/statistic
messaging.client.operation.duration,messaging.publish.duration,messaging.receive.duration,messaging.process.duration h seconds duration messages role=queue/duration
messaging.client.sent.messages,messaging.client.published.messages,messaging.publish.messages c messages flow messages published role=queue/in
messaging.client.consumed.messages,messaging.receive.messages,messaging.process.messages c messages flow messages taken role=queue/out
dns.lookup.duration,dns_lookup_duration_seconds h seconds duration name resolution role=other/statistic
process.cpu.time,process_cpu_time_seconds_total c seconds time-spent CPU role=cpu/used
process.cpu.utilization,process_cpu_utilization_ratio g ratio fill CPU role=cpu/used
process.memory.usage,process_memory_usage_bytes g bytes used memory role=memory/used
process.memory.virtual,process_memory_virtual_bytes g bytes inner reserved memory role=other/statistic
process.open_file_descriptor.count,process.unix.file_descriptor.count g files used open files role=file-handles/used
process.thread.count,process.threads g threads number threads
process.uptime g seconds age the process role=other/statistic
process.disk.io,process.network.io,process.context_switches,process.paging.faults c - inner process
@host(host.name,host_name,instance)
system.cpu.time,system_cpu_time_seconds_total c seconds time-spent CPU role=host-cpu/used
system.cpu.utilization,system_cpu_utilization_ratio g ratio fill CPU role=host-cpu/used
system.cpu.logical.count,system.cpu.physical.count g cores limit CPU role=host-cpu/max
system.cpu.load_average.{1m,5m,15m},system_cpu_load_average_{1m,5m,15m} g tasks waiting load average role=host-cpu/statistic
system.memory.usage,system_memory_usage_bytes g bytes used memory by the label state split=state:used=used,free=left,cached=inner,buffered=inner,slab_reclaimable=inner,slab_unreclaimable=inner,inactive=inner role=memory/used
system.memory.limit,system_memory_limit_bytes g bytes limit memory role=memory/max
system.memory.utilization,system_memory_utilization_ratio g ratio fill memory by the label state split=state:used=fill,free=spare,cached=inner,buffered=inner,slab_reclaimable=inner,slab_unreclaimable=inner role=memory/used
system.paging.* g - inner swap space
system.filesystem.usage,system_filesystem_usage_bytes g bytes used file system space by the label state split=state:used=used,free=left,reserved=inner role=disk/used @volume(mountpoint,device)
system.filesystem.utilization,system_filesystem_utilization_ratio g ratio fill file system space role=disk/used @volume(mountpoint,device)
system.filesystem.inodes.usage g inodes used inodes by the label state split=state:used=used,free=left role=disk/used @volume(mountpoint,device)
system.filesystem.limit g bytes limit file system space role=disk/max @volume(mountpoint,device)
system.disk.io,system_disk_io_bytes_total c bytes flow disk I/O role=other/statistic @disk(device)
system.disk.operations c operations flow disk I/O role=other/statistic @disk(device)
system.disk.{io_time,operation_time,weighted_io_time} c seconds time-spent disk I/O role=other/statistic @disk(device)
system.network.io,system_network_io_bytes_total c bytes flow network role=network/count @interface(device)
system.network.{errors,dropped},system_network_{errors,dropped}_total c packets errors network role=network/errors @interface(device)
system.network.packets c packets flow network role=other/statistic @interface(device)
system.network.connections g connections number connections by state role=other/statistic
system.uptime g seconds age the host role=other/statistic
@container(k8s.pod.name,k8s_pod_name,container.name,container_name)
container.cpu.time c seconds time-spent CPU role=cpu/used
container.cpu.{usage,utilization},k8s.pod.cpu.{usage,utilization} g cores used CPU role=cpu/used
container.memory.{usage,working_set},k8s.pod.memory.{usage,working_set},k8s.container.memory_usage g bytes used memory role=memory/used
container.memory.available,k8s.pod.memory.available g bytes left memory role=other/statistic
container.memory.{rss,major_page_faults,page_faults},k8s.pod.memory.{rss,major_page_faults,page_faults} g - inner memory
k8s.container.{cpu_limit,memory_limit,ephemeral_storage_limit} g - limit container role=other/statistic
k8s.container.{cpu_request,memory_request} g - setting container
k8s.container.restarts g restarts restarts container
k8s.container.ready g bool up container role=availability/level
k8s.{container,pod}.{cpu_limit_utilization,memory_limit_utilization},k8s.pod.{cpu_limit_utilization,memory_limit_utilization} g ratio fill limit of CPU or memory role=other/level
k8s.pod.{network.io,network_io},k8s.pod.network.io c bytes flow network role=network/count
k8s.pod.network.errors c packets errors network role=network/errors
k8s.pod.phase g - state pod states=1:pending,2:running,3:succeeded,4:failed,5:unknown
k8s.deployment.{available,available_pods} g pods number pods that are there //~available~desired good=up
k8s.deployment.{desired,desired_pods} g pods limit pods that are wanted role=other/statistic
k8s.{statefulset,replicaset,daemonset}.* g pods number pods
k8s.node.condition_* g bool state node
k8s.node.* g - inner node
k8s.volume.available g bytes left volume space //k8s.volume.capacity role=disk/free @volume(k8s.volume.name)
k8s.volume.capacity g bytes limit volume space role=disk/max @volume(k8s.volume.name)
@
otelcol_{receiver_refused,receiver_failed,exporter_send_failed,exporter_enqueue_failed,processor_refused,processor_dropped}_{spans,metric_points,log_records} c items errors telemetry
otelcol_{receiver_accepted,exporter_sent,processor_accepted}_{spans,metric_points,log_records} c items flow telemetry role=queue/out
otelcol_exporter_queue_size g batches waiting queue of the exporter /otelcol_exporter_queue_capacity role=queue/level
otelcol_exporter_queue_capacity g batches limit queue of the exporter role=queue/max
otelcol_process_runtime_heap_alloc_bytes g bytes used heap memory /otelcol_process_runtime_total_sys_memory_bytes role=memory/statistic
otelcol_process_runtime_total_sys_memory_bytes g bytes used memory taken from the system role=memory/statistic
otelcol_process_memory_rss,otelcol_process_memory_rss_bytes g bytes used resident memory role=memory/used
otelcol_process_cpu_seconds c seconds time-spent CPU role=cpu/used
otelcol_process_uptime c seconds age the process role=other/statistic
otelcol_* c - inner collector
traces_spanmetrics_calls_total,traces_span_metrics_calls_total,calls_total c calls flow calls by span role=traffic/count
traces_spanmetrics_latency,traces_span_metrics_duration_seconds h seconds duration calls by span role=latency/duration
`,
);
