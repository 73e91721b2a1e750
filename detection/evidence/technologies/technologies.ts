import type { Technology } from './technology.ts';
import { cloudwatch } from './tables/cloudwatch.ts';
import { blackbox, cadvisor, processExporter, systemdExporter } from './tables/containers.ts';
import { clickhouse, columnStores, elasticsearch, mongodb } from './tables/document-stores.ts';
import { clusterServices, dataSystems, hardware, virtualization } from './tables/infrastructure.ts';
import { controlPlane, kubelet, kubeStateMetrics } from './tables/kubernetes.ts';
import { prometheus, telemetryStores, tracing } from './tables/monitoring.ts';
import { mysql } from './tables/mysql.ts';
import { nodeExporter } from './tables/node-exporter.ts';
import { opentelemetry } from './tables/opentelemetry.ts';
import { postgresql } from './tables/postgresql.ts';
import { apache, envoy, haproxy, istio, nginx, traefik } from './tables/proxies.ts';
import { kafka, nats, rabbitmq } from './tables/queues.ts';
import { memcached, redis } from './tables/redis.ts';
import { goRuntime, jvm, otherRuntimes, processMetrics } from './tables/runtimes.ts';

/** Every table. Where two know a name, the first here wins. */
export function technologies(): readonly Technology[] {
  return [
    prometheus,
    nodeExporter,
    cadvisor,
    processExporter,
    systemdExporter,
    blackbox,
    kubeStateMetrics,
    kubelet,
    controlPlane,
    postgresql,
    mysql,
    redis,
    memcached,
    mongodb,
    elasticsearch,
    columnStores,
    clickhouse,
    rabbitmq,
    kafka,
    nats,
    nginx,
    apache,
    haproxy,
    envoy,
    istio,
    traefik,
    processMetrics,
    goRuntime,
    jvm,
    otherRuntimes,
    cloudwatch,
    opentelemetry,
    telemetryStores,
    tracing,
    hardware,
    virtualization,
    clusterServices,
    dataSystems,
  ];
}
