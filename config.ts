import { z } from 'zod';
import { port, secret, sources, url } from './config-sources.ts';
import type { EnvironmentSetting } from './infra/runtime/config-source.ts';

const neo4jUrl = z.url({ protocol: /^(bolt|neo4j)(\+s|\+ssc)?$/ });

/** Which engine answers decisions. The rules are always there and answer when a model fails. */
const reasoner = z.strictObject({
  kind: z.enum(['rules', 'bedrock', 'openai']).default('rules'),
  model: z.string().optional(),
  region: z.string().optional(),
  /** Base URL of an OpenAI-compatible server, or another Bedrock endpoint. */
  url: url.optional(),
  apiKey: secret.optional(),
  timeoutMs: z.number().int().positive().default(30_000),
  tokensPerDay: z.number().int().positive().default(2_000_000),
  dollarsPerDay: z.number().positive().default(20),
  dollarsPerMillionInput: z.number().min(0).default(0),
  dollarsPerMillionOutput: z.number().min(0).default(0),
  /** Kinds of evidence that never leave for a provider. */
  withhold: z.array(z.enum(['logs', 'traces', 'changes', 'resources', 'knowledge'])).default([]),
});

const prefixes = z.strictObject({ query: z.string(), passage: z.string() });
const embedder = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('bedrock'),
    region: z.string(),
    model: z.string().optional(),
    dimensions: z.union([z.literal(256), z.literal(512), z.literal(1024)]).default(1024),
    url: url.optional(),
  }),
  z.strictObject({
    kind: z.literal('openai'),
    url,
    model: z.string(),
    dimensions: z.number().int().positive(),
    /** Asks the server for vectors of this length; only some models can shorten theirs. */
    shorten: z.boolean().default(false),
    apiKey: secret.optional(),
    prefixes: prefixes.optional(),
  }),
  z.strictObject({
    kind: z.literal('onnx'),
    /** Holds `model.onnx`, `tokenizer.json` and `tokenizer_config.json`. */
    folder: z.string(),
    pooling: z.enum(['mean', 'cls']).default('mean'),
    maxTokens: z.number().int().positive().default(256),
    prefixes: prefixes.optional(),
  }),
]);
const login = { username: z.string().optional(), password: secret.optional() };
const neo4j = z.strictObject({ kind: z.literal('neo4j'), url: neo4jUrl, ...login });
const knowledge = z.strictObject({
  /** Folders, git work trees, `Posts.xml` of Stack Exchange dumps. Whoever lacks one of a folder's labels never sees what lies in it. */
  folders: z
    .array(
      z.union([
        z.string(),
        z.strictObject({
          path: z.string(),
          name: z.string().optional(),
          labels: z.array(z.string()).default([]),
          /** How often it is read while the product runs. */
          everyMinutes: z.number().positive().default(10),
        }),
      ]),
    )
    .default([]),
  /** Labels of people by their principal's id: `console`, `terminal`, `mcp`, `slack:<team>:<user>`. Whoever is not named has none. */
  access: z.record(z.string(), z.array(z.string())).default({}),
  /** Lets a configured model order the first passages of each search; costs a call a search. */
  rerank: z.boolean().default(false),
  /** Without one the meaning of words is learned from the documents. */
  embedder: embedder.optional(),
  /** The embedder of before: it answers until everything is embedded anew. */
  formerEmbedder: embedder.optional(),
  /** Indexes on servers; `cerebro knowledge move` brings them there. */
  stores: z
    .strictObject({
      keywords: z
        .strictObject({ kind: z.literal('opensearch'), url, ...login, index: z.string().default('cerebro-keywords') })
        .optional(),
      vectors: z
        .discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('qdrant'), url, apiKey: secret.optional() }),
          neo4j,
        ])
        .optional(),
      graph: neo4j.optional(),
    })
    .prefault({}),
});

/** Where servers keep the newest features of each entity: a file in the data folder, or Redis. */
const features = z.strictObject({
  redis: z
    .strictObject({
      url: z
        .url({ protocol: /^rediss?$/ })
        .refine((text) => !/^\w+:\/\/[^/]*:[^/]*@/.test(text), 'set `password` instead of one in the address'),
      ...login,
    })
    .optional(),
  /** From this age on features are said to be stale. */
  staleMinutes: z.number().positive().default(5),
  /** From this age on they are dropped. */
  lifeMinutes: z.number().positive().default(60),
});

/** The standing watch over metrics: what opens an investigation by itself. */
const watch = z.strictObject({
  /**
   * A stream alarm opens or joins an investigation from this score on. It is calibrated on ordinary noise for all watched series together: of 10,000
   * looks one shows as much at .9999. How much real estates differ from noise, `cerebro eval watch` tells. 1: streams never open, findings still do.
   */
  threshold: z.number().min(0.5).max(1).default(0.9999),
  /** Investigations that streams alone may open in an hour. */
  openingsPerHour: z.number().int().min(0).max(1_000).default(4),
  /** After one of those is over, streams open none about the same entities for so long. */
  coolDownMinutes: z.number().min(0).max(1_440).default(15),
  /** Series whose streams are kept, 31 KB each. */
  mostSeries: z.number().int().min(1).max(100_000).default(2_000),
});

export const configSchema = z.strictObject({
  dataDir: z.string().min(1).default('.cerebro'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
  timeZone: z.string().default('UTC'),
  console: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: port.default(7700),
      /** Needed off loopback: log-in of the console. */
      token: secret.optional(),
      /** Further Host header values that are ours, behind a proxy. */
      allowedHosts: z.array(z.string()).default([]),
    })
    .prefault({}),
  mcp: z
    .strictObject({
      token: secret.optional(),
      /** Third-party MCP servers whose allow-listed tools become tools of ours. */
      servers: z
        .array(
          z.strictObject({
            name: z.string().regex(/^[a-z][a-z0-9-]*$/),
            url: url.optional(),
            command: z.array(z.string()).min(1).optional(),
            token: secret.optional(),
            /** Only these are let in. A tool that changes anything must be named with effect act: it then waits for approval. */
            tools: z
              .array(z.strictObject({ name: z.string(), effect: z.enum(['read', 'act']).default('read') }))
              .min(1),
          }),
        )
        .default([]),
    })
    .prefault({}),
  alerts: z
    .strictObject({
      token: secret.optional(),
      username: z.string().optional(),
      password: secret.optional(),
      groupWindowMs: z.number().int().min(0).default(5_000),
    })
    .prefault({}),
  slack: z
    .strictObject({
      botToken: secret,
      signingSecret: secret.optional(),
      appToken: secret.optional(),
      port: port.default(7701),
      apiUrl: url.optional(),
    })
    .optional(),
  reasoner: reasoner.prefault({}),
  sources: sources.prefault({}),
  knowledge: knowledge.prefault({}),
  features: features.prefault({}),
  watch: watch.prefault({}),
  otlp: z.strictObject({ url, token: secret.optional() }).optional(),
  budgets: z
    .strictObject({
      toolCallsPerRun: z.number().int().positive().default(80),
      runTimeoutMs: z.number().int().positive().default(120_000),
    })
    .prefault({}),
});
export type Config = z.infer<typeof configSchema>;

/** Every environment variable that is read, and where it lies in the config. */
export const environmentSettings: readonly EnvironmentSetting[] = [
  { variable: 'CEREBRO_DATA_DIR', path: ['dataDir'] },
  { variable: 'CEREBRO_LOG_LEVEL', path: ['logLevel'] },
  { variable: 'CEREBRO_TIME_ZONE', path: ['timeZone'] },
  { variable: 'CEREBRO_HOST', path: ['console', 'host'] },
  { variable: 'CEREBRO_PORT', path: ['console', 'port'], as: 'number' },
  { variable: 'CEREBRO_CONSOLE_TOKEN', path: ['console', 'token'] },
  { variable: 'CEREBRO_MCP_TOKEN', path: ['mcp', 'token'] },
  { variable: 'CEREBRO_ALERTS_TOKEN', path: ['alerts', 'token'] },
  { variable: 'CEREBRO_ALERTS_PASSWORD', path: ['alerts', 'password'] },
  { variable: 'CEREBRO_SLACK_BOT_TOKEN', path: ['slack', 'botToken'] },
  { variable: 'CEREBRO_SLACK_SIGNING_SECRET', path: ['slack', 'signingSecret'] },
  { variable: 'CEREBRO_SLACK_APP_TOKEN', path: ['slack', 'appToken'] },
  { variable: 'CEREBRO_REASONER', path: ['reasoner', 'kind'] },
  { variable: 'CEREBRO_MODEL', path: ['reasoner', 'model'] },
  { variable: 'CEREBRO_MODEL_URL', path: ['reasoner', 'url'] },
  { variable: 'CEREBRO_MODEL_API_KEY', path: ['reasoner', 'apiKey'] },
  { variable: 'AWS_REGION', path: ['reasoner', 'region'] },
  { variable: 'CEREBRO_PROMETHEUS_URL', path: ['sources', 'prometheus', 'url'] },
  { variable: 'CEREBRO_PROMETHEUS_TOKEN', path: ['sources', 'prometheus', 'token'] },
  { variable: 'CEREBRO_PROMETHEUS_PASSWORD', path: ['sources', 'prometheus', 'password'] },
  { variable: 'CEREBRO_LOKI_URL', path: ['sources', 'loki', 'url'] },
  { variable: 'CEREBRO_LOKI_TOKEN', path: ['sources', 'loki', 'token'] },
  { variable: 'CEREBRO_OPENSEARCH_PASSWORD', path: ['sources', 'opensearch', 'password'] },
  { variable: 'CEREBRO_REDIS_URL', path: ['features', 'redis', 'url'] },
  { variable: 'CEREBRO_REDIS_PASSWORD', path: ['features', 'redis', 'password'] },
  { variable: 'CEREBRO_OTLP_URL', path: ['otlp', 'url'] },
  { variable: 'CEREBRO_OTLP_TOKEN', path: ['otlp', 'token'] },
];
