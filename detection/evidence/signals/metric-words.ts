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

/** What a number counts that is a limit, and that is what is left below one: less of the latter is worse. */
export const limitWords = ['max', 'limit', 'limits', 'capacity', 'quota', 'maximum', 'allocatable'];
export const leftWords = [
  'avail',
  'available',
  'free',
  'freeable',
  'idle',
  'remaining',
  'balance',
  'headroom',
  'unused',
  'spare',
];

/** First words of metrics that speak of a run time's inside. */
export const runtimes = new Set(['nodejs', 'go', 'jvm', 'python', 'dotnet', 'ruby']);
