/** A server that answered and was recognised. */
export interface FoundServer {
  kind: ServerKind;
  url: string;
  /** What it says it is: product and version. */
  about: string;
  /** The program of this machine that listens there, by a name that people know. */
  program?: string;
  /** Where it needs a log-in: what to give, in words. */
  needs?: string;
}

export type ServerKind =
  | 'prometheus'
  | 'alertmanager'
  | 'grafana'
  | 'loki'
  | 'tempo'
  | 'jaeger'
  | 'opensearch'
  | 'exposition';

/** A log file that somebody writes, and whose it seems to be. */
export interface FoundLog {
  path: string;
  service: string;
}

/** A git work tree that a program runs from, or that was named. */
export interface FoundCheckout {
  path: string;
  name: string;
}

/** A program of this machine that listens: where, under which name, from which folder, and what it writes. */
export interface Listener {
  pid: number;
  program: string;
  ports: number[];
  folder?: string;
  logs: string[];
}

/** All that a look around brought; `notes` say what could not be looked at and what was left out. */
export interface Found {
  servers: FoundServer[];
  logs: FoundLog[];
  checkouts: FoundCheckout[];
  /** Contexts of the kubeconfig, the current one first. */
  clusters: { context: string; kubeconfig: string }[];
  cloudwatch?: { region: string };
  notes: string[];
}
