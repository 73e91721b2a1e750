import { join } from 'node:path';
import { javaClassPath } from '../../../infra/services/java-class-path.ts';
import type { Rig } from '../rig.ts';

/** Where the libraries' names are kept between sessions. */
const home = join(import.meta.dirname, '../../../.cerebro/real/queue');

/** The class path of the services: the libraries and what the rig compiled. */
export function classPath({ dir }: Rig): string {
  return `${join(dir, 'classes')}:${javaClassPath(join(import.meta.dirname, 'pom.xml'), home)}`;
}

/** Compiles what lies in the rig's repository. */
export async function compile(rig: Rig): Promise<void> {
  const { dir, programs } = rig;
  await programs.run(['javac', '-d', join(dir, 'classes'), '-cp', classPath(rig), join(dir, 'orders/Orders.java')]);
}

/** What RabbitMQ and its commands read from their environment. */
export function brokerEnvironment(dir: string): Record<string, string> {
  const home = join(dir, 'rabbit');
  return {
    HOME: home,
    RABBITMQ_NODENAME: 'lab@localhost',
    RABBITMQ_MNESIA_BASE: join(home, 'data'),
    RABBITMQ_LOG_BASE: join(dir, 'logs/rabbit'),
    RABBITMQ_LOGS: join(dir, 'logs/rabbit/rabbit.log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +sbwt none',
    RABBITMQ_CTL_ERL_ARGS: '+S 1:1',
  };
}

/** Runs a command of `rabbitmqctl`. */
export async function broker({ dir, programs }: Rig, ...words: string[]): Promise<void> {
  const command = ['/usr/lib/rabbitmq/bin/rabbitmqctl', '-n', 'lab@localhost', ...words];
  await programs.run(command, { user: 'rabbitmq', env: brokerEnvironment(dir) });
}
