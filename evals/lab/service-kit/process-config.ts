import type { LoadSpec } from '../world.ts';
import type { DataDomain, Role } from '../names.ts';
import type { Settings, Strain } from './settings.ts';

/** Where a peer listens; `name` is what the caller knows it by. */
export interface Address {
  readonly name: string;
  readonly port: number;
  /** Third parties have a host name; our own are called by their service name. */
  readonly external?: boolean;
}

/** Everything that one child process is told at its start. */
export interface ProcessConfig {
  readonly name: string;
  readonly role: Role | 'database' | 'load';
  readonly port: number;
  readonly seed: number;
  readonly folder: string;
  readonly logPath: string;
  readonly skewMs: number;
  readonly shuffledLogs: boolean;
  readonly sampleRatio: number;
  readonly otlp?: string | undefined;
  readonly peers: Readonly<Partial<Record<Role, Address>>>;
  readonly databases: Readonly<Partial<Record<DataDomain, Address>>>;
  readonly settings: Settings;
  readonly strain: Strain;
  readonly volumeBytes?: number | undefined;
  readonly database?: { readonly file: string; readonly domains: readonly DataDomain[]; readonly latencyMs: number };
  readonly load?: LoadSpec;
}

/** Reads the configuration that the supervisor put into this process's environment. */
export function readProcessConfig(environment: NodeJS.ProcessEnv): ProcessConfig {
  const text = environment['SERVICE_CONFIG'];
  if (text === undefined) throw new Error('SERVICE_CONFIG is not set');
  const config: ProcessConfig = JSON.parse(text);
  return config;
}
