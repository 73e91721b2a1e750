/** Texts to paste into the systems that send to Cerebro. `base` is where Cerebro is reached, without a slash at the end. */
export function snippetsFor(base: string, otlp: string | undefined): { title: string; text: string }[] {
  return [
    {
      title: 'Alertmanager (receiver)',
      text: `receivers:
  - name: cerebro
    webhook_configs:
      - url: ${base}/hooks/alertmanager
        send_resolved: true
        http_config:
          authorization:
            credentials_file: /etc/alertmanager/cerebro-token   # the text of CEREBRO_ALERTS_TOKEN
route:
  routes:
    - receiver: cerebro
      continue: true`,
    },
    {
      title: 'Grafana (contact point, provisioning)',
      text: `apiVersion: 1
contactPoints:
  - orgId: 1
    name: cerebro
    receivers:
      - uid: cerebro
        type: webhook
        settings:
          url: ${base}/hooks/alertmanager
          httpMethod: POST
          authorization_scheme: Bearer
          authorization_credentials: $CEREBRO_ALERTS_TOKEN`,
    },
    ...(otlp === undefined
      ? []
      : [
          {
            title: 'OpenTelemetry Collector (exporter of traces)',
            text: `exporters:
  otlphttp/cerebro:
    traces_endpoint: ${otlp}
service:
  pipelines:
    traces:
      exporters: [otlphttp/cerebro]   # beside those that are there`,
          },
        ]),
    {
      title: 'Vector (logs into a file that Cerebro tails)',
      text: `sinks:
  cerebro:
    type: file
    inputs: ["*"]
    path: /var/log/cerebro/{{ service }}.jsonl
    encoding: { codec: json }`,
    },
    {
      title: 'Fluent Bit (the same)',
      text: `[OUTPUT]
    Name   file
    Match  *
    Path   /var/log/cerebro
    Format plain`,
    },
  ];
}
