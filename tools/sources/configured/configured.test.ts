import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../infra/runtime/clock.ts';
import { createConfiguredTopology } from './configured-topology.ts';
import { connectionStringsIn } from './connection-strings.ts';
import { readHaproxyConfig, readNginxConfig } from './proxy-config.ts';

const nginx = `
http {
  upstream app { server 10.0.0.4:8080 weight=5; server 10.0.0.5:8080 backup; keepalive 8; }  # two
  server { listen 80; location / { proxy_pass http://app; } location /pay { proxy_pass "https://pay.internal:443/x"; }
    location /dyn { proxy_pass http://$backend; } }
}`;
const haproxy = `frontend in\n  bind :80\n  default_backend app\nbackend app\n  server a1 10.0.0.4:8080 check\n  server a2 10.0.0.5:8080\n`;

describe('configured topology', () => {
  it('reads upstreams of nginx and HAProxy', () => {
    const { groups, targets } = readNginxConfig(nginx);
    expect(Object.fromEntries(groups)).toEqual({ app: ['10.0.0.4:8080', '10.0.0.5:8080'] });
    expect(targets).toEqual(['app', 'pay.internal:443']);
    expect(Object.fromEntries(readHaproxyConfig(haproxy).groups)).toEqual({ app: ['10.0.0.4:8080', '10.0.0.5:8080'] });
    expect(readNginxConfig('upstream { } } ;;; "').targets).toEqual([]);
  });

  it('reads connection strings, without users and templates', () => {
    const text = `DATABASE_URL=postgresql+psycopg2://shop:p%40ss@db/shop?x=1
spring.datasource.url=jdbc:mysql://10.0.0.3:3307/orders
CACHE: "redis://cache:6379/0"
OTHER=redis://\${HOST}:6379 SEE=https://example.org`;
    expect(connectionStringsIn(text)).toEqual([
      { address: 'db:5432', kind: 'reads' },
      { address: '10.0.0.3:3307', kind: 'reads' },
      { address: 'cache:6379', kind: 'reads' },
    ]);
  });

  it('makes edges of a folder, of the service that owns it or the proxy', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'configured-'));
    writeFileSync(join(dir, 'nginx.conf'), nginx);
    writeFileSync(join(dir, '.env'), 'DB=postgres://a:b@127.0.0.1/shop');
    const paths = [{ path: join(dir, 'nginx.conf') }, { path: dir, service: 'shop' }];
    const read = await createConfiguredTopology(paths, createFakeClock(0)).read({ from: '', to: '' });
    rmSync(dir, { recursive: true });
    const edges = read.status === 'ok' ? (read.items[0]?.edges ?? []) : [];
    expect(edges.map(({ from, to, kind }) => `${from} ${kind} ${to}`)).toEqual([
      'service:nginx calls endpoint:10.0.0.4:8080',
      'service:nginx calls endpoint:10.0.0.5:8080',
      'service:nginx calls endpoint:pay.internal:443',
      'service:shop reads endpoint:127.0.0.1:5432',
      'service:shop calls endpoint:10.0.0.4:8080',
      'service:shop calls endpoint:10.0.0.5:8080',
      'service:shop calls endpoint:pay.internal:443',
    ]);
  });
});
