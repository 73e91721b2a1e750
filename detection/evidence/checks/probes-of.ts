import { listAt, numberAt, recordAt, textAt } from './fields.ts';
import { memberOf } from '../../../infra/runtime/member-of.ts';

export interface Probe {
  role: 'liveness' | 'readiness' | 'startup';
  handler: 'grpc' | 'http' | 'tcp' | 'exec';
  port: number | string | undefined;
  delay: number;
  timeout: number;
  period: number;
  failures: number;
}

const defaults = { delay: 0, timeout: 1, period: 10, failures: 3 };

/** The probes of a container, with the defaults of the API where it says nothing. Named ports are resolved by its own port list. */
export function probesOf(container: unknown): Probe[] {
  return (['liveness', 'readiness', 'startup'] as const).flatMap((role): Probe[] => {
    const probe = memberOf(container, `${role}Probe`);
    const handler = handlerOf(probe);
    if (handler === undefined) return [];
    return [
      {
        role,
        ...handler,
        port: resolved(handler.port, container),
        delay: numberAt(probe, 'initialDelaySeconds') ?? defaults.delay,
        timeout: numberAt(probe, 'timeoutSeconds') ?? defaults.timeout,
        period: numberAt(probe, 'periodSeconds') ?? defaults.period,
        failures: numberAt(probe, 'failureThreshold') ?? defaults.failures,
      },
    ];
  });
}

/** The ports that a container declares. */
export function portsOf(container: unknown): { port: number; name: string; protocol: string }[] {
  return listAt(container, 'ports').flatMap((one) => {
    const port = numberAt(one, 'containerPort');
    return port === undefined ? [] : [{ port, name: textAt(one, 'name'), protocol: textAt(one, 'protocol') || 'TCP' }];
  });
}

/** Ports that environment variables of a container name as its own (`PORT`, `SERVER_PORT`, `…_LISTEN_PORT`). */
export function listeningPortsOf(container: unknown): number[] {
  return listAt(container, 'env').flatMap((one) => {
    const { name = '', value = '' } = recordAt(one);
    return /^(PORT|.*_?(SERVER|LISTEN|HTTP|GRPC|APP)_PORT)$/.test(name) && /^\d{2,5}$/.test(value)
      ? [Number(value)]
      : [];
  });
}

function handlerOf(probe: unknown): Pick<Probe, 'handler' | 'port'> | undefined {
  const at = (key: string): number | string | undefined => {
    const text = textAt(probe, key, 'port');
    return text === '' ? undefined : /^\d+$/.test(text) ? Number(text) : text;
  };
  if (memberOf(probe, 'grpc') !== undefined) return { handler: 'grpc', port: at('grpc') };
  if (memberOf(probe, 'httpGet') !== undefined) return { handler: 'http', port: at('httpGet') };
  if (memberOf(probe, 'tcpSocket') !== undefined) return { handler: 'tcp', port: at('tcpSocket') };
  return memberOf(probe, 'exec') === undefined ? undefined : { handler: 'exec', port: undefined };
}

function resolved(port: number | string | undefined, container: unknown): number | string | undefined {
  return typeof port === 'string' ? (portsOf(container).find(({ name }) => name === port)?.port ?? port) : port;
}
