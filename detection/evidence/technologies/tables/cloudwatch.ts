import { technology } from '../technology.ts';

/** CloudWatch's own metrics by namespace, also as exporters write them (`aws_rds_cpuutilization_average`). Values are statistics of a period. */
export const cloudwatch = technology(
  'CloudWatch',
  `
@host(InstanceId,DBInstanceIdentifier,CacheClusterId,BrokerID)
CPUUtilization g percent fill CPU role=cpu/used
CPUCreditBalance g credits left CPU credits role=cpu/free
CPUCreditUsage,CPUSurplusCreditBalance,CPUSurplusCreditsCharged g credits inner CPU credits role=cpu/statistic
FreeableMemory g bytes left memory role=memory/free
SwapUsage g bytes used swap space role=memory/statistic
StatusCheckFailed,StatusCheckFailed_System,StatusCheckFailed_Instance g bool alarm status check
NetworkIn,NetworkOut,NetworkPacketsIn,NetworkPacketsOut g bytes flow network role=network/count
DiskReadOps,DiskWriteOps,EBSReadOps,EBSWriteOps g operations flow disk I/O role=other/statistic
DiskReadBytes,DiskWriteBytes,EBSReadBytes,EBSWriteBytes g bytes flow disk I/O role=other/statistic
EBSIOBalance%,EBSByteBalance% g percent left burst credits role=disk/free
@database(DBInstanceIdentifier,DBClusterIdentifier,TableName)
DatabaseConnections g connections used connections role=pool/used
FreeStorageSpace,FreeLocalStorage g bytes left storage role=disk/free
DiskQueueDepth g operations waiting disk I/O role=queue/level
ReadIOPS,WriteIOPS g operations flow disk I/O a second role=other/level
ReadThroughput,WriteThroughput g bytes flow disk I/O a second role=other/level
ReadLatency,WriteLatency g seconds duration disk I/O role=latency/duration
ReplicaLag g seconds lag copy behind its primary role=queue/age
AuroraReplicaLag g milliseconds lag copy behind its primary role=other/level
Deadlocks g deadlocks errors deadlocks a second role=lock/count
DBLoad,DBLoadCPU,DBLoadNonCPU g sessions used sessions that work
MaximumUsedTransactionIDs g transactions used transaction ids
TransactionLogsDiskUsage g bytes used transaction log
ConsumedReadCapacityUnits,ConsumedWriteCapacityUnits g units flow reads and writes
ReadThrottleEvents,WriteThrottleEvents,ThrottledRequests g requests errors requests turned away role=errors/errors
SuccessfulRequestLatency g milliseconds duration requests role=latency/duration
@function(FunctionName)
Invocations g calls flow calls role=traffic/count
Throttles g calls errors calls turned away role=errors/errors
ConcurrentExecutions g calls used calls under way role=traffic/in-flight
DeadLetterErrors,DestinationDeliveryFailures g events errors events that could not be kept role=errors/errors
IteratorAge g milliseconds age oldest record
@gateway(LoadBalancer,TargetGroup,ApiName)
RequestCount g requests flow requests role=traffic/count
RequestCountPerTarget g requests flow requests of a target role=other/level
TargetResponseTime g seconds duration requests role=latency/duration
HTTPCode_Target_5XX_Count,HTTPCode_ELB_5XX_Count,HTTPCode_Backend_5XX,HTTPCode_Target_4XX_Count,HTTPCode_ELB_4XX_Count,HTTPCode_Backend_4XX,HTTPCode_ELB_5XX,HTTPCode_ELB_4XX g requests errors requests role=errors/errors
HTTPCode_Target_2XX_Count,HTTPCode_Target_3XX_Count,HTTPCode_Backend_2XX,HTTPCode_Backend_3XX g requests flow requests that were answered well role=other/level
HealthyHostCount g hosts number hosts that are healthy good=up role=other/level
UnHealthyHostCount g hosts number hosts that are not healthy good=down role=other/level
TargetConnectionErrorCount,BackendConnectionErrors,RejectedConnectionCount,ClientTLSNegotiationErrorCount,TargetTLSNegotiationErrorCount g connections errors connections role=errors/errors
ActiveConnectionCount g connections used connections role=traffic/in-flight
NewConnectionCount g connections flow connections opened role=other/level
ProcessedBytes g bytes flow network role=network/count
SurgeQueueLength g requests waiting requests role=queue/level
SpilloverCount g requests errors requests that found a full queue role=errors/errors
IntegrationLatency g milliseconds duration calls of the service behind role=other/level
@queue(QueueName)
ApproximateNumberOfMessagesVisible g messages waiting messages role=queue/level
ApproximateNumberOfMessagesNotVisible g messages waiting messages that consumers hold role=other/level
ApproximateNumberOfMessagesDelayed g messages waiting messages put off
ApproximateAgeOfOldestMessage g seconds age oldest message role=queue/age
NumberOfMessagesSent,NumberOfMessagesPublished g messages flow messages published role=queue/in
NumberOfMessagesReceived,NumberOfMessagesDeleted,NumberOfNotificationsDelivered g messages flow messages taken role=queue/out
NumberOfEmptyReceives g requests flow empty reads
NumberOfNotificationsFailed g messages errors messages
@cache(CacheClusterId)
EngineCPUUtilization g percent fill CPU of the engine role=cpu/used
DatabaseMemoryUsagePercentage g percent fill memory role=memory/used
BytesUsedForCache g bytes used memory role=memory/used
CurrConnections g connections used connections role=pool/used
NewConnections g connections flow connections opened role=other/level
CurrItems g keys number keys role=cache/level
CacheHits,GetHits g lookups hits keys role=cache/hits
CacheMisses,GetMisses g lookups misses keys role=cache/misses
CacheHitRate g percent hit-share keys role=other/level
Evictions g keys errors keys pushed out for want of memory role=other/level
ReplicationLag g seconds lag copy behind its primary role=queue/age
@volume(VolumeId,FileSystemId)
VolumeQueueLength g operations waiting disk I/O role=queue/level
BurstBalance g percent left burst credits role=disk/free
BurstCreditBalance g bytes left burst credits role=disk/free
VolumeReadOps,VolumeWriteOps g operations flow disk I/O role=other/level
VolumeReadBytes,VolumeWriteBytes g bytes flow disk I/O role=other/level
VolumeTotalReadTime,VolumeTotalWriteTime g seconds time-spent disk I/O role=other/level
VolumeIdleTime g seconds time-spent disk without work role=other/level
PercentIOLimit g percent fill I/O role=other/level
@
BucketSizeBytes g bytes number size of a bucket
NumberOfObjects g objects number objects
MemoryUtilization,mem_used_percent g percent fill memory role=memory/used
disk_used_percent g percent fill disk space role=disk/used
disk_inodes_free g inodes left inodes role=disk/free
CPUReservation,MemoryReservation g percent fill reserved CPU or memory role=other/level
ErrorPortAllocation,PacketsDropCount g packets errors network role=network/errors
DaysToExpiry g days left life of the certificate role=other/level @certificate(CertificateArn)
`,
);
