/** Words of plain English and of on-call talk that are never read as a name by themselves, only as part of one. */
export const commonWords: ReadonlySet<string> = new Set(
  `a sudden suddenly busy busier idle warnings warning buffering joke weather fire purpose gotten become becoming became options option gpu complain complains consumer garbage stale about above across actually affect affected affecting after again against ago ago alert alerts all almost alright also always am an and another any anybody anyone
  anything app application applications apps are area around as ask at available average away back bad baseline be because been before behaving behind being below
  best better between big bit both break breaking broke broken bug but by call called calling calls can cannot cant card cause caused causes causing change changed changes
  chart check checked close come coming compare compared complain complaining complains component components config configuration consume consumes consuming consumers
  correct cost costs could couldnt count couple crash critical current currently customer customers damage data date day days dead degraded delay deploy deployed deployment
  deploys depend dependencies dependency dependent depends diagnose did didnt differ difference different display do docs does doesnt doing done dont door down draw
  dropping due during each early either else end entire error errors even ever every everybody everyone everything evening exactly explain extra fail failed failing
  fails failure fast faster feel few fill filling find fine first fix fixed flag flags for forecast found from full further general get gets getting give given gives
  giving go goes going gone good got graph green growing grow grows guys had happen happened happening happens hard has hasnt have having he health healthy hear heavy
  hello help her here hey hi high higher highest him his hit hits hitting hour hours how however i if ignore im impact impacted in incident incidents increase increased
  increasing inside instance instances instead instructions into investigate is isnt issue issues it its itself job just keep keeps kill kind knew know known last late lately
  later latest least less let level light like likely line lines list little live load local log logs long look looking looks lot lots low lower made main make makes making
  many map match matter maybe me mean means message messages metric metrics might min mins minute minutes more most mostly much my name named near need needed needs network never new next
  nice night no nobody none noon normal normally not nothing now number numbers of off often oh ok okay old on once one ones only open or order other others our ours
  out outage outages over overall own page paged part past pay paying people per percent percentage perf performance period person pick play please pls plot point possible
  post predict prefer previous print problem problems process production prompt pull push put quick quickly quite random rate rates rather ratio re read reading reads
  real really reason recent recently red region related release released releases report reports request requests respond responding response restart restarted rid right
  rise rising roll rollback rollout root run running runs runbook said same saw say says scale screen search second seconds see seeing seem seems seen send sending
  sent server servers service services session set should shouldnt show showing shows side similar since site slow slower slowest slowly small so some somebody someone
  something soon sorry sort space span spans speed spike spiked spikes spiking spend start started starting starts state status stay steps still stop stopped stops
  storage stuck stuff suddenly sure system systems table take takes taking talk talking talks tell test than thank thanks that thats the their them then there these they thing things
  think this those though thought through throw throwing till time timeout timeouts times to today together told tomorrow tonight too top total touch touched trace traces
  traffic trend tried tries trouble true try trying turn two type under unhealthy unit until up update updated upon us usage use used user users uses using usual usually
  value values version very via view vs wait waiting want wants warn was wasnt way we week weekend weeks well went were what whats when where whether which while who whole
  whos whose why will wish with within without wonder wont word work worked working works world worse worst would wouldnt write writes wrong wtf yeah year yes yesterday yet you
  your yours left remaining remain remains cpu memory disk queue cache database db host node pod volume latency errors firing resolved severity warning instance namespace cluster prod env environment
  month monday tuesday wednesday thursday friday saturday sunday morning afternoon evening breakfast lunch dinner overnight midnight between utc gmt
  vulnerability vulnerabilities vulnerable cve cves advisory advisories security known history similar happened runbook playbook documentation wiki owner owns
  money cheap cheaper expensive waste wasting savings blast radius severe bad worse severity users customers people money healthcheck sluggish laggy flaky weird odd strange
  acting act up again pages paging oncall call engineer team everyone system microservice microservices product platform infra infrastructure backend frontend third party
  dashboards dashboard percentile percentiles median throughput request requests hey folks guys team quick question curious wondering anyone anybody kinda sorta like please
  json null true false undefined select insert delete drop from where script alert onload http https www com
  major minor huge tiny terrible awful horrible okay happy sad crazy mad insane bonkers toast borked hosed foobar wonky fishy sketchy sus janky choppy spotty unstable stable degraded degrading
  elevated spiking climbing rising falling dropping shooting exploding blowing burning overloaded saturated saturating exhausted maxed pegged stalled stalling blocked choking struggling dying`
    .split(/\s+/u)
    .filter((word) => word !== ''),
);

/** Words that say which kind of entity is meant when they stand beside a name. */
export const kindWords: Readonly<Record<string, readonly string[]>> = {
  service: ['service', 'workload', 'function', 'gateway'],
  svc: ['service', 'workload', 'function', 'gateway'],
  app: ['service', 'workload'],
  api: ['service', 'workload', 'gateway', 'external'],
  microservice: ['service'],
  component: ['service', 'workload'],
  deployment: ['workload', 'service'],
  workload: ['workload', 'service'],
  database: ['database'],
  db: ['database'],
  postgres: ['database'],
  mysql: ['database'],
  cache: ['cache'],
  redis: ['cache'],
  queue: ['queue'],
  topic: ['queue'],
  stream: ['queue'],
  volume: ['volume'],
  pvc: ['volume'],
  pod: ['pod'],
  container: ['container'],
  node: ['node', 'host'],
  host: ['host', 'node'],
  machine: ['host', 'node'],
  server: ['host', 'node', 'service'],
  box: ['host', 'node'],
  endpoint: ['endpoint'],
  gateway: ['gateway', 'service'],
  function: ['function'],
  lambda: ['function'],
};
