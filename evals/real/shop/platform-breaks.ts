import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blame } from '../common-breaks.ts';
import { commit } from '../commit.ts';
import { mechanisms } from '../mechanisms.ts';
import type { Break, Rig } from '../rig.ts';
import { payments } from './shop-files.ts';
import { names } from './shop-names.ts';
import { losePackets } from '../lose-packets.ts';

const reload = async ({ programs }: Rig): Promise<void> =>
  void (await programs.run(['kill', '-HUP', String(programs.pid('nginx'))]));

/** A change of the proxy's configuration, reloaded. */
function reconfigure(name: string, message: string, from: string, to: string): Pick<Break, 'name' | 'apply' | 'undo'> {
  return {
    name,
    apply: async (rig) => {
      await commit(rig, 'shop-config/nginx.conf', message, (text) => text.replace(from, to));
      await reload(rig);
    },
    undo: async (rig) => {
      await commit(rig, 'shop-config/nginx.conf', `Revert "${message}"`, (text) => text.replace(to, from));
      await reload(rig);
    },
  };
}

/** What goes wrong around the programs: disks, certificates, names, network, limits, configuration, processes, a provider. */
export const platformBreaks: Break[] = [
  {
    name: 'disk',
    told: 'an export fills the disk of the receipts',
    ...blame([...names.host, ...names.app, 'receipts', 'tmpfs', '/tmp*'], mechanisms.disk, 'platform'),
    apply: async ({ dir, programs }) =>
      programs.start('export', [
        'sh',
        '-c',
        `i=0; while [ $i -lt 12 ]; do dd if=/dev/zero bs=1M count=3 >> ${dir}/receipts/export.tmp 2>/dev/null; i=$((i+1)); sleep 1; done; cat /dev/zero > ${dir}/receipts/fill.tmp; sleep 300`,
      ]),
    undo: async ({ dir, programs }) => {
      await programs.stop('export', 'SIGKILL');
      await programs.run(['sh', '-c', `rm -f ${dir}/receipts/*.tmp`]);
    },
  },
  {
    name: 'certificate',
    told: 'the certificate of the site has expired',
    ...blame(names.web, mechanisms.certificate, 'platform'),
    apply: async (rig) => {
      await rig.programs.run(['cp', join(rig.dir, 'tls/expired.pem'), join(rig.dir, 'tls/shop.pem')]);
      await reload(rig);
    },
    undo: async (rig) => {
      await rig.programs.run(['cp', join(rig.dir, 'tls/good.pem'), join(rig.dir, 'tls/shop.pem')]);
      await reload(rig);
    },
  },
  {
    name: 'name-lost',
    told: 'the name of the database no longer resolves on the host of the application',
    ...blame([...names.app, 'dns', 'resolver', 'db.shop.internal'], mechanisms.names, 'platform'),
    apply: async ({ dir }) =>
      writeFileSync(join(dir, 'hosts'), '127.0.0.1 localhost cache.shop.internal payments.example shop.example\n'),
    undo: async ({ dir }) =>
      writeFileSync(
        join(dir, 'hosts'),
        '127.0.0.1 localhost db.shop.internal cache.shop.internal payments.example shop.example\n',
      ),
  },
  {
    name: 'packet-loss',
    told: 'a third of the packets to PostgreSQL are lost',
    ...blame([...names.postgres, ...names.app, ...names.host, 'network'], mechanisms.network, 'platform'),
    ...losePackets(5432, 0.33),
  },
  {
    told: 'the proxy is pointed to a port where nothing listens',
    ...blame(names.web, mechanisms.config, 'platform'),
    ...reconfigure('wrong-upstream', 'nginx: point shop upstream at new port', '127.0.0.1:5000', '127.0.0.1:5001'),
  },
  {
    told: 'the proxy may hold sixteen connections',
    ...blame(names.web, mechanisms.workers, 'platform'),
    ...reconfigure(
      'proxy-connections',
      'nginx: trim worker_connections',
      'worker_connections 1024',
      'worker_connections 12',
    ),
  },
  {
    name: 'file-limit',
    told: 'the application may open no more files',
    ...blame(names.app, mechanisms.files, 'platform'),
    apply: async ({ programs }) =>
      void (await programs.run(['prlimit', '--pid', String(programs.pid('shop')), '--nofile=14:14'])),
    undo: (rig) => rig.programs.restart('shop'),
  },
  {
    name: 'app-killed',
    told: 'the application was killed and nobody starts it again',
    ...blame(names.app, mechanisms.down, 'platform'),
    apply: (rig) => rig.programs.stop('shop', 'SIGKILL'),
    undo: (rig) => rig.programs.restart('shop'),
  },
  {
    name: 'provider',
    told: 'the payment provider answers 503',
    ...blame(names.provider, mechanisms.provider, 'platform'),
    apply: async (rig) => {
      writeFileSync(join(rig.dir, 'conf/payments.conf'), payments(rig.dir, 'return 503'));
      await rig.programs.run(['kill', '-HUP', String(rig.programs.pid('payments'))]);
    },
    undo: async (rig) => {
      writeFileSync(join(rig.dir, 'conf/payments.conf'), payments(rig.dir, 'return 200 "{}"'));
      await rig.programs.run(['kill', '-HUP', String(rig.programs.pid('payments'))]);
    },
  },
];
