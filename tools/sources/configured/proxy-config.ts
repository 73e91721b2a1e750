/** Whom a proxy's configuration passes requests to. */
export interface ProxyConfig {
  /** Servers of each named group (`upstream`, `backend`), as `host:port`. */
  groups: Map<string, string[]>;
  /** What is passed on to: addresses, or names of groups. */
  targets: string[];
}

const mostTokens = 50_000;
const passing = new Set(['proxy_pass', 'grpc_pass', 'fastcgi_pass', 'uwsgi_pass', 'scgi_pass', 'memcached_pass']);

/** Reads nginx' configuration: `upstream` blocks and what is passed on. Variables are left out. Linear; any text is read. */
export function readNginxConfig(text: string): ProxyConfig {
  const config: ProxyConfig = { groups: new Map(), targets: [] };
  const blocks: string[][] = [];
  let words: string[] = [];
  for (const token of nginxTokens(text)) {
    if (token === '{') {
      blocks.push(words);
      if (words[0] === 'upstream' && words[1] !== undefined) config.groups.set(words[1], []);
      words = [];
    } else if (token === '}') {
      blocks.pop();
      words = [];
    } else if (token === ';') {
      const [name = '', value] = words;
      const [block = '', group = ''] = blocks.at(-1) ?? [];
      if (value !== undefined && !value.includes('$')) {
        if (name === 'server' && block === 'upstream') config.groups.get(group)?.push(addressIn(value));
        else if (passing.has(name)) config.targets.push(addressIn(value));
      }
      words = [];
    } else words.push(token);
  }
  return { ...config, targets: [...new Set(config.targets)] };
}

/** Reads HAProxy's configuration: servers of `backend` and `listen` sections. Linear; any text is read. */
export function readHaproxyConfig(text: string): ProxyConfig {
  const groups = new Map<string, string[]>();
  let servers: string[] | undefined;
  for (const line of text.split('\n')) {
    const [word = '', name, address] = (line.split('#', 1)[0] ?? '').trim().split(/\s+/);
    if (word === 'backend' || word === 'listen') groups.set(name ?? '', (servers = []));
    else if (word === 'frontend' || word === 'defaults' || word === 'global') servers = undefined;
    else if (word === 'server' && address !== undefined && !address.includes('$')) servers?.push(addressIn(address));
  }
  return { groups, targets: [...groups.keys()] };
}

/** `host:port` of an address or URL; sockets of files stay as they are. */
function addressIn(text: string): string {
  const bare = text.replace(/^[a-z]+:\/\//i, '');
  return bare.startsWith('unix:') ? bare : (bare.split('/', 1)[0] ?? bare);
}

function* nginxTokens(text: string): Generator<string> {
  let at = 0;
  for (let count = 0; at < text.length && count < mostTokens;) {
    const char = text[at] ?? '';
    if (char.charCodeAt(0) <= 32) at += 1;
    else if (char === '#') at = endOf(text, '\n', at);
    else {
      count += 1;
      if ('{};'.includes(char)) {
        yield char;
        at += 1;
      } else if (char === '"' || char === "'") {
        const end = endOf(text, char, at + 1);
        yield text.slice(at + 1, end);
        at = end + 1;
      } else {
        const start = at;
        while (at < text.length && !'{};'.includes(text[at] ?? ';') && text.charCodeAt(at) > 32) at += 1;
        yield text.slice(start, at);
      }
    }
  }
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end;
}
