/** A mechanism that reports of incidents name, and the words by which engineers name it. */
export interface MechanismCue {
  name: string;
  pattern: RegExp;
  /** What an on-call engineer tries first when this is the mechanism. */
  firstStep: string;
}

/** The mechanisms told apart. Written from general practice, in no vendor's words. */
export const mechanismCues: readonly MechanismCue[] = [
  {
    name: 'code change',
    pattern:
      /\b(?:code|software) (?:change|defect|bug|issue|error|update)|\b(?:recent|new|faulty|latest|last|bad) (?:deployment|release|build|rollout|version)|\bregression|\brelease pipeline|\bnew feature|\bdeploy(?:ed|ment) (?:task|contained|introduced)/gi,
    firstStep: 'Roll back the latest release of the failing service.',
  },
  {
    name: 'defect',
    pattern:
      /\bbugs?\b|\brace condition|\bdeadlock|\bmemory leak|\bnull (?:pointer|reference)|\bunhandled exception|\blatent|\bcoding error|\bincorrectly (?:handled|configured|set|marked)|\bmis-?behav/gi,
    firstStep:
      'Find the first failing call and the last change of that code; disable the path by its flag if there is one.',
  },
  {
    name: 'configuration',
    pattern:
      /\bmis-?configur\w*|\bconfiguration (?:change|error|update|issue|setting)|\b(?:incorrect|wrong|invalid|bad|missing) (?:configuration|setting|parameter|value|route|polic)\w*|\b(?:dns|routing|acl|firewall|quota) (?:change|update|polic\w*)/gi,
    firstStep: 'Put the last known good configuration back.',
  },
  {
    name: 'maintenance or human error',
    pattern:
      /\b(?:planned|routine|scheduled|regular) maintenance|\bmaintenance (?:activity|operation|work)|\bhuman error|\binadvertently|\bby mistake|\baccidental(?:ly)?|\bmigration|\bdecommission\w*|\bupgrade\b/gi,
    firstStep: 'Stop the maintenance and undo its last step.',
  },
  {
    name: 'certificate or credential',
    pattern:
      /\b(?:certificates?|credentials?|secrets?|keys?|tokens?)\b[^.]{0,60}\b(?:expir\w*|rotat\w*|renew\w*|invalid|revok\w*)/gi,
    firstStep: 'Check expiry dates and renew.',
  },
  {
    name: 'hardware',
    pattern:
      /\bhardware (?:fault|failure|issue|problem|error|grey)|\b(?:faulty|failed|failing|defective|broken) (?:\w+ )?(?:device|router|switch|disk|drive|server|line card|component|optic|hardware)|\bnetwork device|\bdisk failure/gi,
    firstStep: 'Take the faulty device out of rotation.',
  },
  {
    name: 'power or cooling',
    pattern:
      /\bpower (?:outage|loss|event|issue|failure|dip|sag|maintenance|interruption)|\bloss of power|\blost power|\bups\b|\butility power|\bcooling|\btemperature|\blightning|\bgenerator/gi,
    firstStep: 'Move traffic to another zone until power and cooling are back.',
  },
  {
    name: 'link cut',
    pattern: /\bfib(?:er|re)\b|\bcable cut|\boptical|\bwide area network|\bpeering|\bcongestion/gi,
    firstStep: 'Reroute traffic over another path.',
  },
  {
    name: 'third party',
    pattern:
      /\b(?:3rd|third)[ -]?part(?:y|ies)|\bexternal (?:provider|vendor|dependency|service|dns|certificate)|\bvendor|\binternet service provider|\bisps?\b|\btelecom|\bcarrier|\bupstream provider|\bsupplier/gi,
    firstStep: "Check the provider's status page and fail over to another provider.",
  },
  {
    name: 'load',
    pattern:
      /\b(?:unexpected|sudden|unusual(?:ly)?|large|sharp|significant|high|increased?|spike|surge|burst|abnormal)\b[^.]{0,30}\b(?:traffic|load|requests?|demand|volume|call rate|usage|calls)\b|\boverload\w*|\bddos\b|\bdenial of service|\bthundering herd/gi,
    firstStep: 'Shed or throttle load, then add capacity.',
  },
  {
    name: 'exhausted resource',
    pattern:
      /\boperational threshold|\b(?:out of|exhaust\w*|ran out|insufficient|lack of|limited) (?:\w+ )?(?:memory|capacity|resources?|disk|space|threads?|connections?|ports?|quota)|\b(?:cpu|memory|resource) (?:utili[sz]ation|consumption|pressure|usage)|\bcapacity (?:issue|limit|threshold)|\bscale (?:out|up)\b|\bscaled (?:out|up)\b|\badditional (?:capacity|resources|instances)/gi,
    firstStep: 'Add capacity or restart what holds the resource.',
  },
  {
    name: 'cause not known',
    pattern:
      /\bno(?:t have a)? (?:definitive|clear|known) (?:root )?cause|\bdo not have a definitive|\bunder investigation|\bcontinue to investigate to (?:establish|determine|identify) the (?:full |underlying )?(?:root )?cause|\bself-?healed|\bpreliminary root cause|\bcause (?:is|was|remains) (?:unknown|unclear|not)|\bfull root cause/gi,
    firstStep: 'Collect evidence before it rotates away; the cause is not established.',
  },
];

/** How often each mechanism is named in a text, in the order of `mechanismCues`. */
export function countCues(text: string): number[] {
  return mechanismCues.map(({ pattern }) => text.match(pattern)?.length ?? 0);
}
