/** Words of metric names that tell what is measured, by subject. */
export const databaseWords = [
  'db',
  'sql',
  'database',
  'jdbc',
  'postgres',
  'postgresql',
  'pg',
  'mysql',
  'sqlite',
  'mongo',
  'mongodb',
  'mariadb',
];
export const cacheWords = ['cache', 'redis', 'memcached', 'valkey'];
export const queueWords = [
  'queue',
  'queues',
  'topic',
  'consumer',
  'consumergroup',
  'kafka',
  'rabbitmq',
  'broker',
  'messages',
  'message',
  'jobs',
  'messaging',
  'backlog',
  'stream',
];
export const durationWords = [
  'duration',
  'latency',
  'seconds',
  'milliseconds',
  'ms',
  'time',
  'elapsed',
  'microseconds',
  'nanoseconds',
];

/** First words of metrics that speak of a run time's inside. */
export const runtimes = new Set(['nodejs', 'go', 'jvm', 'python', 'dotnet', 'ruby']);
