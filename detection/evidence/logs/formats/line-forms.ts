import { createLineTemplate, type LineTemplate } from './line-template.ts';

/** A form of log lines: which software writes it and what it is made of. */
export interface LineForm {
  name: string;
  /** Whether its lines are requests that were served or passed on. */
  access?: true;
  /** Whether what follows is a line of another program. */
  envelope?: true;
  read: LineTemplate;
}

const access = ' [%time%] "%request*%" %status#% %bytes%';

/** Forms by what they start with; the first that fits counts, so the more telling stand first. */
const forms: readonly (readonly [name: string, form: string, kind?: 'access' | 'envelope'])[] = [
  // Requests.
  ['common', `%clientAddr% %_% %user%${access} "%referer*%" "%agent*%"%tail*%`, 'access'],
  ['common', `%clientAddr% %_% %user%${access}%tail*%`, 'access'],
  ['common', `%vhost% %clientAddr% %_% %user%${access} "%referer*%" "%agent*%"%tail*%`, 'access'],
  [
    'haproxy',
    '%clientAddr% [%time%] %frontend% %backend%/%server% %timers% %status% %bytes% %_% %_% %termination% %_% %_% %request*%',
    'access',
  ],
  ['haproxy', '%clientAddr% [%time%] %frontend% %backend%/%server% %timers% %bytes% %termination% %_% %_%', 'access'],
  [
    'envoy',
    '[%time%] "%request*%" %status#% %responseFlags% %received#% %sent#% %durationMs#% %upstreamMs% "%forwarded*%" "%agent*%" "%requestId%" "%authority%" "%upstream%"%tail*%',
    'access',
  ],
  [
    'envoy',
    '[%time%] "%request*%" %status#% %responseFlags% %details% %_% "%failure*%" %received#% %sent#% %durationMs#% %upstreamMs% "%forwarded*%" "%agent*%" "%requestId%" "%authority%" "%upstream%"%tail*%',
    'access',
  ],
  [
    'uwsgi',
    '[pid: %pid#%|app: %_%|req: %_%] %clientAddr% (%_*%) {%_*%} [%time%] %request*% => generated %bytes#% bytes in %durationMs#% msecs (HTTP/%_% %status#%)%_*%',
    'access',
  ],
  // Envelopes.
  ['syslog', '<%pri#%>1 %time% %host% %ident% %pid% %messageId% -%message*%', 'envelope'],
  ['syslog', '<%pri#%>1 %time% %host% %ident% %pid% %messageId% [%structured*%] %message*%', 'envelope'],
  ['syslog', '<%pri#%>%time% %host=% %ident=%[%pid#%]: %message*%', 'envelope'],
  ['syslog', '<%pri#%>%time% %ident=%[%pid#%]: %message*%', 'envelope'],
  ['syslog', '<%pri#%>%time% %host=% %ident=%: %message*%', 'envelope'],
  ['syslog', '%time% %host=% %ident=%[%pid#%]: %message*%', 'envelope'],
  ['syslog', '%time% %host=% kernel: %message*%', 'envelope'],
  ['cri', '%time% %stream=% F %message*%', 'envelope'],
  // Servers.
  ['nginx', '%time% [%level%] %pid#%#%tid#%: *%connection#% %message*%'],
  ['nginx', '%time% [%level%] %pid#%#%tid#%: %message*%'],
  ['apache', '[%time%] [%module%:%level%] [pid %_*%] [client %clientAddr%] %message*%'],
  ['apache', '[%time%] [%module%:%level%] [pid %_*%] %message*%'],
  ['apache', '[%time%] [%level%] [client %clientAddr%] %message*%'],
  ['redis', '%pid#%:%role% %time% %mark% %message*%'],
  ['mysql', '%time% %tid#% [%level%] [%code%] [%subsystem%] %message*%'],
  ['mysql', '%time% %tid#% [%level%] %message*%'],
  ['rabbitmq', '%time% [%level%] <%process%> %message*%'],
  ['nats', '[%pid#%] %time% [%level%] %message*%'],
  ['haproxy', '[%level%] %time% (%pid#%) : %message*%'],
  ['haproxy', '[%level%] (%pid#%) : %message*%'],
  ['envoy', '[%time%][%tid#%][%level%][%logger%] [%source%] %message*%'],
  ['envoy', '[%time%][%tid#%][%level%][%logger%] %message*%'],
  ['elasticsearch', '[%time%][%level%][%logger*%] [%node%] %message*%'],
  ['php-fpm', '[%time%] %level%: %message*%'],
  ['klog', '%klog% %tid#% %file%:%lineNumber#%] %message*%'],
  // Libraries of programs.
  ['gunicorn', '[%time%] [%pid#%] [%level%] %message*%'],
  ['log4j', '[%time%] %level% [%thread*%] %message*%'],
  ['log4j', '[%time%] %level% %message*%'],
  ['spring', '%time% %level% %pid#% --- [%app*%] [%thread*%] %logger% : %message*%'],
  ['spring', '%time% %level% %pid#% --- [%thread*%] %logger% : %message*%'],
  ['logback', '%time% [%thread*%] %level% %logger% - %message*%'],
  ['logback', '%time% [%thread*%] %level% %logger%: %message*%'],
  ['logback', '%time% %level% [%thread*%] %logger% - %message*%'],
  ['logback', '%time% %level% [%thread*%] %message*%'],
  ['zookeeper', '%time% [myid:%_%] - %level% [%thread*%] - %message*%'],
  ['zookeeper', '%time% - %level% [%thread*%] - %message*%'],
  ['python', '%time% - %logger% - %level% - %message*%'],
  ['python', '%time% [%level%] %logger=%: %message*%'],
  ['python', '%level%:%logger=%:%message*%'],
  ['node', '(node:%pid#%) %message*%'],
  ['dotnet', '%level%: %logger=%[%eventId#%] %message*%'],
  // Any writer.
  ['timed', '%time% [%level%] %message*%'],
  ['timed', '%time% %level%: %message*%'],
  ['timed', '%time% %level% %message*%'],
  ['timed', '%time% - %level% - %message*%'],
  ['timed', '%time% | %level% | %message*%'],
  ['timed', '[%time%] [%level%] %message*%'],
  ['timed', '[%level%] %time% %message*%'],
  ['timed', '%level% [%time%] %message*%'],
  ['timed', '%level% %time% %message*%'],
  ['syslog', '%stamp% %host=% %ident=%: %message*%', 'envelope'],
  ['timed', '[%time%] %message*%'],
  ['timed', '%time%: %message*%'],
  ['timed', '%time% %message*%'],
];

/** The forms of lines that are known, in the order in which they are tried. */
export const lineForms: readonly LineForm[] = forms.map(([name, form, kind]) => ({
  name,
  ...(kind === 'access' ? { access: true } : {}),
  ...(kind === 'envelope' ? { envelope: true } : {}),
  read: createLineTemplate(form),
}));
