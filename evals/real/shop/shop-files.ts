/** What a small team wrote down about its shop: rules copied from the usual collections, scrape jobs, a proxy, names. */
export function shopFiles(dir: string): Record<string, string> {
  return {
    hosts: '127.0.0.1 localhost db.shop.internal cache.shop.internal payments.example shop.example\n',
    'conf/rules.yml': rules(`${dir}/receipts`),
    'conf/prometheus.yml': `global: { scrape_interval: 5s, evaluation_interval: 5s }
rule_files: [ ${dir}/conf/rules.yml ]
alerting: { alertmanagers: [ { static_configs: [ { targets: ["127.0.0.1:9093"] } ] } ] }
scrape_configs:
  - { job_name: prometheus, static_configs: [ { targets: ["127.0.0.1:9090"] } ] }
  - { job_name: node, static_configs: [ { targets: ["127.0.0.1:9100"] } ] }
  - { job_name: postgres, static_configs: [ { targets: ["127.0.0.1:9187"] } ] }
  - { job_name: redis, static_configs: [ { targets: ["127.0.0.1:9121"] } ] }
  - { job_name: nginx, static_configs: [ { targets: ["127.0.0.1:9113"] } ] }
  - { job_name: shop-app, static_configs: [ { targets: ["127.0.0.1:5000"] } ] }
  - job_name: blackbox
    metrics_path: /probe
    params: { module: [http_2xx] }
    static_configs: [ { targets: ["https://shop.example:8443/healthz"] } ]
    relabel_configs:
      - { source_labels: [__address__], target_label: __param_target }
      - { source_labels: [__param_target], target_label: instance }
      - { target_label: __address__, replacement: "127.0.0.1:9115" }
`,
    'conf/blackbox.yml': `modules: { http_2xx: { prober: http, timeout: 4s, http: { preferred_ip_protocol: ip4, tls_config: { ca_file: ${dir}/tls/ca.pem } } } }\n`,
    'conf/alertmanager.yml': `route: { receiver: cerebro, group_by: [alertname, job], group_wait: 5s, group_interval: 30s, repeat_interval: 1h }
receivers:
  - name: cerebro
    webhook_configs:
      - { url: "http://127.0.0.1:7700/hooks/alertmanager", send_resolved: true, http_config: { authorization: { type: Bearer, credentials: alert-secret } } }
`,
    'shop-config/nginx.conf': nginx(dir),
    'conf/payments.conf': payments(dir, 'return 200 "{}"'),
    'catalog/catalog-info.yaml': catalog,
  };
}

/** The provider's side: another company's server. */
export function payments(dir: string, answer: string): string {
  return `daemon off; pid ${dir}/payments.pid; worker_processes 1; error_log ${dir}/logs/payments-error.log;
events { worker_connections 200; }
http { access_log off; client_body_temp_path ${dir}/tmp/p1; proxy_temp_path ${dir}/tmp/p2; fastcgi_temp_path ${dir}/tmp/p3; uwsgi_temp_path ${dir}/tmp/p4; scgi_temp_path ${dir}/tmp/p5;
  server { listen 127.0.0.1:9800; location / { ${answer}; } } }
`;
}

function nginx(dir: string): string {
  return `daemon off;
pid ${dir}/nginx.pid;
worker_processes 1;
error_log ${dir}/logs/nginx-error.log warn;
events { worker_connections 1024; }
http {
  access_log ${dir}/logs/nginx-access.log combined;
  client_body_temp_path ${dir}/tmp/b; proxy_temp_path ${dir}/tmp/p; fastcgi_temp_path ${dir}/tmp/f; uwsgi_temp_path ${dir}/tmp/u; scgi_temp_path ${dir}/tmp/s;
  upstream shop { server 127.0.0.1:5000; }
  server {
    listen 127.0.0.1:8443 ssl;
    server_name shop.example;
    ssl_certificate ${dir}/tls/shop.pem;
    ssl_certificate_key ${dir}/tls/shop.key;
    location / { proxy_pass http://shop; proxy_read_timeout 10s; }
  }
  server { listen 127.0.0.1:8001; location /stub_status { stub_status; access_log off; } }
}
`;
}

function rules(receipts: string): string {
  const rule = ([alert, severity, hold, expression, summary]: readonly string[]): string =>
    `  - { alert: ${alert}, expr: '${expression}', for: ${hold}, labels: {severity: ${severity}}, annotations: {summary: '${summary}'} }\n`;
  const disk = `node_filesystem_avail_bytes{mountpoint="${receipts}"} * 100 / node_filesystem_size_bytes < 10`;
  const own = ['HostOutOfDiskSpace', 'warning', '30s', disk, 'Host out of disk space at {{ $labels.mountpoint }}'];
  return `groups:\n- name: copied\n  rules:\n${[...copiedRules, own].map(rule).join('')}`;
}

/** Name, severity, how long it must hold, expression, summary: as public collections write them. */
const copiedRules: readonly (readonly string[])[] = [
  ['InstanceDown', 'critical', '1m', 'up == 0', 'Instance {{ $labels.instance }} of job {{ $labels.job }} down'],
  ['PostgresqlDown', 'critical', '30s', 'pg_up == 0', 'Postgresql down (instance {{ $labels.instance }})'],
  [
    'PostgresqlTooManyConnections',
    'warning',
    '30s',
    'sum by (instance, job, server) (pg_stat_activity_count) > min by (instance, job, server) (pg_settings_max_connections) * 0.8',
    'Postgresql too many connections',
  ],
  [
    'PostgresqlLongTransaction',
    'warning',
    '0m',
    'max by (instance,job,datname) (pg_stat_activity_max_tx_duration{state!="idle"}) > 45',
    'A transaction runs long in {{ $labels.datname }}',
  ],
  ['RedisDown', 'critical', '30s', 'redis_up == 0', 'Redis down (instance {{ $labels.instance }})'],
  [
    'RedisOutOfConfiguredMaxmemory',
    'warning',
    '30s',
    'redis_memory_max_bytes > 0 and redis_memory_used_bytes / redis_memory_max_bytes * 100 > 90',
    'Redis out of configured maxmemory',
  ],
  [
    'HostHighCpuLoad',
    'warning',
    '1m',
    '(sum by (instance) (rate(node_cpu_seconds_total{mode!="idle"}[1m])) / count by (instance) (node_cpu_seconds_total{mode="idle"})) > 0.9',
    'Host high CPU load',
  ],
  ['NginxDown', 'critical', '30s', 'nginx_up == 0', 'Nginx down'],
  ['BlackboxProbeFailed', 'critical', '30s', 'probe_success == 0', 'Probe of {{ $labels.instance }} failed'],
  [
    'BlackboxSslCertificateExpired',
    'critical',
    '0m',
    'round((last_over_time(probe_ssl_earliest_cert_expiry[10m]) - time()) / 86400, 0.1) < 0',
    'SSL certificate of {{ $labels.instance }} has expired',
  ],
  [
    'HighErrorRate',
    'critical',
    '30s',
    'sum by (job) (rate(http_requests_total{status=~"5.."}[1m])) / sum by (job) (rate(http_requests_total[1m])) > 0.05',
    'High HTTP 5xx rate of {{ $labels.job }}',
  ],
  [
    'HighRequestLatency',
    'warning',
    '30s',
    'histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket[1m]))) > 1',
    'p95 latency of {{ $labels.job }} above 1 s',
  ],
];

const component = (name: string, owner: string, needs: readonly string[]): string => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ${name} }
spec: { type: service, lifecycle: production, owner: group:${owner}${needs.length === 0 ? '' : `, dependsOn: [${needs.map((need) => ` "component:${need}"`).join(',')} ]`} }
`;
const catalog = [
  component('nginx', 'web', ['shop-app']),
  component('shop-app', 'shop', ['postgres', 'redis']),
  component('postgres', 'dba', []),
  component('redis', 'dba', []),
].join('---\n');
