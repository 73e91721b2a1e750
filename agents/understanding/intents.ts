import type { Intent } from '../../domain/question.ts';
import type { MetricMention } from './metrics.ts';

/** An intent with its score; rules that fire together add up. */
export interface IntentScore {
  intent: Intent;
  score: number;
  at: number;
}

const fixing = String.raw`(?:fix|resolve|mitigate|solve|recover|remediate|repair|heal|unblock|improve|speed up|reduce|lower|make @e|make it|stop (?:it|this|the bleeding)|get (?:it|@e|this) back|bring (?:it|@e) back)`;
const acting = String.raw`(?:restart|reboot|bounce|roll ?back|roll (?:it |@e )?back|revert|scale(?: up| down| out)?|fail ?over|drain|cordon|kill|redeploy|undo|disable|turn off|throttle|flush|purge)`;
const people = String.raw`(?:users?|customers?|people|riders?|clients?|tenants?|patients?|viewers?|merchants?|accounts?|sessions?|requests|orders|regions?)`;
/** What a thing does when it fails, and what people dread. "The outage" is one that is here. */
const failing = String.raw`(?:fail(?:s|ing)?|breaks?|breaking|breakage|crash(?:es|ing)?|die|dies|dying|collapses?|(?<!\b(?:the|this|that|current|ongoing) )(?:failures?|outages?|incidents?)|go(?:es|ing)? (?:down|wrong|under|bad|dark|belly up)|fall(?:s|ing)? over|blow(?:s|ing)? up|keel over|(?:page|wake) (?:me|us|anyone|somebody|someone))`;
const dreaded = String.raw`(?:${failing}|(?<!\b(?:the|this|that) )(?:troubles?|problems?|issues?)|survives?|hold(?: up| out)?|make it|cope(?! with @n)|stay (?:up|healthy)|be (?:ok|okay|fine|alright|healthy|down|unhealthy|in trouble)|get(?:s|ting)? worse|degrades?)`;
const ahead = String.raw`(?:will|wont|going to|gonna|about to|likely to|bound to|expect(?:ed|ing)?(?: to)?|risks?|chances?|odds|probability|how likely|(?:could|might|may)(?! (?:you|i|we|this be|that be|it be)\b))`;
const soon = String.raw`(?:soon(?! after)|next(?! (?:to|steps?))|@h|ahead|tonight|tomorrow|in (?:the )?(?:near )?future|imminent(?:ly)?|before long)`;
/** What happened, a reason, a condition ("if", "breaks when it"), what to do or read about it, and who suffers are other questions. */
const elsewhere = String.raw`(?:why|how come|if|since|because|did|has|have|had|was|were|failed|broke|broken|crashed|died|happened|last|after|(?<!^)when\b(?! (?:will|is|are|do|does|can|might|could))|how (?:do|can|should|would|to)|what (?:should|can|shall|do) (?:we|i|you)|runbooks?|playbooks?|docs?|logs?|traces?|affected|impacted|show)`;
const things = String.raw`(?:services?|systems?|components?|entities|apps?|applications?|microservices?|databases?|queues?|hosts?)`;

/** Failure that lies ahead: "will ... fail", "fails ... soon", "next outage". */
function foretold(words: string): RegExp {
  return new RegExp(
    String.raw`^(?!.*\b${elsewhere}\b)(?:.*\b${ahead} (?:\S+ ){0,6}?${words}\b|.*\b${words}(?: \S+){0,4}? ${soon}(?: |$)|.*(?:^| )${soon} (?:to )?${words}\b)`,
    'u',
  );
}

/** The weight of a plain word of failure: where a metric is spoken of, only that outweighs the question where the metric is heading. */
const plainFailure = 11;

/**
 * The grammar: phrases over a line of words in which @e stands for an entity, @t for a time, @m for a metric's own name. Weights say how
 * telling a phrase is: 8 settles it, 5 is usual, 3 is a hint.
 */
const grammar: readonly [Intent, number, RegExp][] = [
  ['help', 12, /^(?:help(?: me)?|hi|hello|hey|yo|thanks?(?: you)?|cheers|good (?:morning|evening|afternoon)|@t|hiya|sup)?(?: (?:there|cerebro|bot|team|all))?$/u],
  ['help', 10, /\bwhat (?:can|could) (?:you (?:do|help)|i ask)\b(?! about)|\bwho are you\b|\bwhat are you\b|\bhow do (?:you|i) (?:work|use (?:you|this))\b|\bwhat (?:kind of )?questions\b/u],
  ['list-services', 9, new RegExp(String.raw`^(?:(?:please|can you|could you) )?(?:which|what|list|show|name|enumerate|give)(?: (?:me|us|all|the|our|of|every|known|are))* ${things}(?: (?:do|can) (?:you|we) (?:know|see|watch|monitor|have|run|own|track)(?: about)?| are there| exist| (?:are )?running| we (?:have|run|own)| you (?:know|see|watch))?$`, 'u')],
  ['list-services', 8, new RegExp(String.raw`\bwhat (?:do|can) you (?:see|watch|monitor|know about|track)\b|\b(?:list|inventory) of (?:all )?(?:the |our )?${things}\b|\bhow many ${things} (?:do|are)\b`, 'u')],
  ['vulnerabilities', 9, /\b(?:cves?|vulnerabilit(?:y|ies)|vulnerable|vulns?|advisor(?:y|ies)|exploit(?:s|able|ed)?|log4j|log4shell|zero ?days?|security (?:issues?|holes?|problems?|posture|scan|risks?|patches|updates?|flaws?)|(?:outdated|unpatched|insecure) (?:deps?|dependenc(?:y|ies)|packages?|librar(?:y|ies))|unpatched|insecure)\b/u],
  ['costs', 9, /\b(?:costs?|costing|spend(?:ing)?|bill|expensive|priciest|pricey|cheap(?:er)?|money|budget|wast(?:e|es|ed|ing)|savings?|save|over-?provisioned|over-?sized|right-?siz(?:e|ing)|idle|(?:we|i|you) pay|paying|dollars|euros)\b/u],
  ['forecast', 9, /\bwhen (?:will|does|do|would|is|are)\b.*\b(?:full|fill(?:s|ed)?(?: up)?|run(?:s|ning)? out|exhausted|reach(?:es)?|hits?|exceeds?|cross(?:es)?|breach(?:es)?|pass(?:es)?|need|go(?:es)? (?:above|over|past|below)|@n)(?:\b|$)|\b(?:will|going to|gonna|about to) .*\b(?:run(?:s|ning)? out|full|fill(?: up)?|exhaust(?:ed)?|exceed|reach|hit|breach|last|cross|hold|survive|cope|oom)\b|\b(?:forecast|predict(?:ed|ion|ions)?|project(?:ed|ion)|extrapolate)\b|\bhow (?:long|soon|many (?:hours|days|weeks)) (?:until|till|before|do we have|left)\b|\b(?:be|is|get) full when\b|\bwhen (?:will|does|do|would|is|are)\b.*@n|\b(?:days|time|hours|space) left\b/u],
  ['forecast', 6, /@h|\bwill\b/u],
  ['predict-failure', plainFailure, foretold(failing)],
  ['predict-failure', 10, foretold(dreaded)],
  ['predict-failure', plainFailure, /\b(?:failure (?:risk|probability|predictions?|forecast)|at risk|(?:predict|forecast|foresee|anticipate)\w* (?:\S+ ){0,3}(?:failures?|outages?|incidents?|crash(?:es)?|problems?|trouble)|(?:imminent|impending|upcoming|looming) (?:failures?|outages?|incidents?|crash(?:es)?|problems?|trouble))\b/u],
  ['predict-failure', 7, /\bany (?:risks?|dangers?)\b/u],
  ['dependencies', 8, /\bdepend(?:s|ed|ing)? (?:up)?on\b|\b(?:dependencies|dependents?|dependants?|dependency)\b|\b(?:up|down)streams?\b|\b(?:who|what|which \w+) (?:all )?(?:calls?|uses?|reads?(?: from)?|writes?(?: to)?|talks? to|consumes?|hits?|connects?|relies|sits|publishes)\b|\b(?:callers?|consumers?|clients?|producers?|neighbou?rs) of\b|\b(?:do|does|is|are|can) @e (?:call|talk|use|depend|read|write|connect|rely|publish|consume)\b|\bwhat (?:do|does) @e (?:call|use|need|read|write|depend|talk|rely|connect)\b|\b(?:topology|service map|service graph|call graph|dependency (?:graph|tree|map)|connected to|relies on)\b/u],
  ['impact', 9, new RegExp(String.raw`\b(?:affected|impacted|affecting|impacting|blast radius|how bad|how severe|how serious|how big|collateral|fallout|knock-?on|who (?:is|are|was|were|got|gets) (?:\w+ )?(?:hit|hurt|hurting|suffering|seeing)|who (?:feels|suffers|notices|sees)|(?:how many|which|what|any) ${people} (?:\w+ )?(?:hit|hurt|lost|see|are|is|have|were|suffer|feel|cant|cannot|can|could|notice|get|got|lose|losing|did we lose|did (?:it|this|that) (?:hit|affect|hurt))|impact|what else (?:is|was|broke|breaks|will)|what (?:else )?(?:breaks|fails|dies|happens|goes down|suffers) (?:if|when)|what (?:would|will|could) (?:happen|break|fail) (?:if|when)|(?:hurting|losing|lost) (?:\w+ )?${people})\b`, 'u')],
  ['since-when', 11, /\bsince when\b|\bwhen (?:did|was|has|were)\b.*\b(?:start|started|begin|began|go|get|become|became|break|broke|stop|stopped|first|fail|drop|climb|spike|rise|increase|happen|die|crash|come|turn|change to)\b|\bhow long (?:has|have|is|was|were|are|it|did|been)\b|\b(?:start(?:ed)?|began|begin) when\b|\bwhat time (?:did|was)\b|\bonset\b|\bfirst (?:seen|noticed|appear|occur|error|failure)\b|\bwhen(?: exactly)? did\b/u],
  ['what-changed', 8, /\bwhat(?: all| else)? (?:has |have |was |is |got |did (?:we|you|they|someone) )*(?:been )?(?:chang(?:ed?|ing)|different|new|deploy(?:ed)?|releas(?:ed?)|ship(?:ped)?|push(?:ed)?|merge[d]?|roll(?:ed)? out|touch(?:ed)?|went out|went live)\b|\bwho (?:has |just |last )?(?:deployed|changed|touched|pushed|merged|released|shipped|rolled|flipped|broke|edited)\b|\b(?:changelog|change log|release notes|recent (?:changes|deploys|commits|releases))\b/u],
  ['what-changed', 6, /\b(?:ship|push|deploy|merge|release|(?:flip|toggle|touch|change|edit|roll out)(?: \w+){0,2}|changes?|changed|deploy(?:s|ed|ment|ments|ing)?|releases?|released|rollouts?|rolled out|shipped|pushed|merged|commits?|(?:feature )?flags? (?:flip\w*|toggl\w*|chang\w*|turn\w*)|flipped|toggled|config(?:uration)? (?:change|push|edit)s?|migrations?)\b/u],
  ['remediate', 10, new RegExp(String.raw`\bwhat (?:should|can|could|do|must|shall|would) (?:we|i|you) (?:do|try)\b|\bwhat (?:now|next)$|\bhow (?:do|can|should|would|could|to|shall) ?(?:we|i|you|one)? ?${fixing}\b|\b(?:do|can|could|should) (?:we|i|you) do about\b|\b(?:what|whats|which) (?:is |are |s )?(?:the |our |a )?(?:fix|fixes|remedy|mitigations?|next steps?|options|workaround|action plan|plan)\b|\b(?:should|can|could|shall) (?:i|we|you) (?:just |please |now )?${acting}\b|\b(?:next steps?|mitigation|remediation|action plan|make it stop|stop the bleeding|suggest a fix|propose a fix)\b`, 'u')],
  ['remediate', 9, new RegExp(String.raw`^(?:please |pls |can you |could you |just |go |ok |and )*(?:${acting}|${fixing})\b(?! (?:count|rate|loop|history|s\b))`, 'u')],
  ['history', 10, /\blast time\b|\b(?:happen(?:ed)?|occurred|seen|had|saw|see) (?:it |this |that |@e |something |anything |like |before |\w+ )*before\b|\bhave we (?:ever )?(?:seen|had|hit|met)\b|\bdid we (?:ever )?(?:fix|do|solve|resolve|handle|see|have|mitigate|learn)\b|\b(?:similar|past|previous|earlier|prior|old|older|recent|related) (?:incidents?|outages?|issues?|problems?|cases?|events?|tickets?|alerts?)\b|\b(?:incident|outage) history\b|\bhistory of\b|\bpost ?-?mortems?\b|\b(?:is this|been) a (?:repeat|known)\b|\bhow often (?:do|does|has|did|have)\b|\bwhen was the last (?:incident|outage|time)\b|\bever (?:happened|seen|had)\b|\blast (?:incident|outage)\b|\bhappened (?:already|earlier)\b|\bhow (?:was|were|did|has)\b.*\b(?:solved?|fix(?:ed)?|resolved?|mitigated?|handled?|recovered?)\b/u],
  ['knowledge', 7, /\bhow (?:do|can|to|should|does) ?(?:i|we|you|one)? ?[@\w]+|\b(?:runbooks?|playbooks?|docs?|documentation|wiki|procedure|how-?to|guide|instructions for|manual|sop)\b|\bwho (?:owns|maintains|is (?:on ?-?call|responsible|the owner)|is in charge)\b|\b(?:owners? of|on-?call for|contact for|slos? (?:of|for)|escalation|escalate)\b|\bwhere (?:is|are|can i find|do (?:i|we) find)\b|\bexplain\b|\bwhat (?:does|do) @e do\b|\bwhat is (?:the |a |an )?@e(?: (?:for|about|used for))?$|\btell me about\b/u],
  ['show-logs', 11, /\b(?:logs?|log ?lines?|warnings|grep|stack ?traces?|stderr|stdout|log messages?|tail)\b/u],
  ['show-traces', 11, /(?<!stack )\b(?:traces?|spans?|waterfalls?|trace ?ids?|slowest (?:requests?|calls?|transactions?)|(?:find|show|list|get)(?: me)?(?: the| some| all)? slow (?:requests?|calls?|transactions?))\b/u],
  ['compare', 9, /\b(?:compar(?:e|ed|es|ing|ison)|vs|versus|relative to|than (?:usual|normal(?:ly)?|expected|before|always|@t|it (?:was|used)|typical)|differ(?:s|ence|ent from)?|week over week|day over day|(?:to|from|against|with) (?:the )?(?:baseline|normal|usual)|(?:above|below|off|from) (?:the )?(?:baseline|normal)|is (?:this|that|it) normal|unusual(?:ly)?|(?:more|less|higher|lower|faster|slower|worse|better|busier|bigger) than(?! (?:\d|@n|@h|an? )))\b/u],
  ['show-metric', 6, /\b(?:show|plot|graph|chart|draw|display|visuali[sz]e|give me|get me|fetch|pull up|(?:let me|want to|like to|can i) see)\b|^(?:get|pull|print|query|see)\b/u],
  ['show-metric', 9, /^(?!.*\b(?:why|caus\w+|deploy\w*)\b).*\b(?:most(?! (?:likely|recent|of)\b)|highest|slowest|worst|biggest|largest|busiest|top \d+)\b(?! (?:requests?|calls?|transactions?|traces?|spans?|quer(?:y|ies))\b)/u],
  ['show-metric', 4, /\b(?:what (?:is|was|are|were) (?:the |our )?(?:current |max |average |avg |peak )?(?:@m|[@\w-]+ )|how (?:much|many|high|low|full|fast|busy|big|large|deep))/u],
  ['status', 7, /\b(?:statuses|status|health(?:y|check)?|unhealthy|all good|all green|doing ok(?:ay)?)\b|\bhow (?:is|are|was|were|s|has|have) (?:the |our |my )?(?:@e|it|they|things?|everything|we|all|prod|production|that)(?: and @e)*(?: (?:doing|looking|going|been|now|holding|feeling|@t|up))*(?:$| and\b)|\bany(?:thing|body|one)? (?:is |currently |now )?(?:broken|on fire|down|wrong|unhealthy|failing|burning|problems?|issues?|trouble|odd|weird|up)\b|\b(?:is|are) (?:everything|all|things|we) (?:ok|okay|good|fine|up|healthy|green|alright)\b|\b(?:did|does|do|has|have|had) @e (?:have|had|has|having|see|seen) (?:any )?(?:trouble|problems?|issues?)\b|^(?:which|what) (?:services?|components?|systems?|ones?|pods?|nodes?|hosts?|queues?|databases?|apps?)\b|\b(?:everything|all|things) (?:is |are )?(?:ok|okay|good|fine|up|healthy|green|alright|normal)\b/u],
  ['status', 7, /^(?:(?:and|so|ok|hey|hi|but|now|also|hmm|quick question) )*(?:is|are|was|were|isnt|arent)\b(?! there\b(?! (?:an? |any )?(?:\w+ )?(?:problems?|issues?|trouble|outage|incident|errors?)\b))/u],
  ['diagnose', 8, /\bwhy\b|\bhow come\b|\bwhat (?:the (?:hell|heck|f\w*) )?(?:is|s|was|went|goes|has|could be|might be|makes|made|caused|causes|causing|broke|happened|happens|happening)(?: the| gone| being)? ?(?:wrong|up\b|going on|happening|matter|problem|issue|cause|root|reason|failing|breaking|broken|with|to|deal|causing|behind|making|slow\w*)|\b(?:root cause|rca|reason for|investigate|diagnos(?:e|is)|debug|troubleshoot|look into|dig into|figure out|triage|wtf|what happened|what broke|caus(?:ed?|ing))\b/u],
  ['diagnose', 9, /\bexplain (?:\S+ ){0,3}?(?:scores?|alarms?|alerts?|anomal(?:y|ies)|spikes?|drops?|jumps?|outages?)\b/u],
  ['status', 12, /^(?!.*\bwhy\b)(?:(?:and|so|ok|hey|hi|but|now) )*(?:(?:are|were|is|was) there (?:any |an )?|any |which |what |show (?:me )?(?:the |all )?|list (?:the |all )?)(?:\S+ )?(?:alerts?|alarms?)\b/u],
  ['diagnose', 9, /^alert\b|\bfiring\b|\balertname\b|\balert\b.*\b(?:critical|severity|warning|triggered)\b|\b(?:triggered|severity|pagerduty|opsgenie|alertmanager)\b/u],
  ['diagnose', 5, /\b(?:returning (?:\w+ )?(?:garbage|nonsense|wrong|nothing|null|empty)|complain\w*|stale|outdated|full|broken|borked|acting up|misbehav\w*|weird|flaky|struggling|degraded|unhealthy|crash\w*|stuck|stall\w*|dropp(?:ing|ed)|not (?:work\w*|send\w*|respond\w*|load\w*|process\w*|start\w*|com\w*|sync\w*|updat\w*)|cant|cannot|can not|wont|doesnt|isnt|keeps?|growing|spik(?:e|es|ed|ing)|climb\w*|shoot\w*|eating|burning|on fire|melting|hosed|toast|dying|missing|empty|wrong|horribl\w*|terribl\w*|awful\w*|overload\w*|satura\w*|exhaust\w*|trouble|problems?|issues?|high|elevated|leak\w*|blow\w*|explod\w*|maxed|pegged|surg(?:e|ed|ing))\b/u],
]; // prettier-ignore

const asking = /^(?:and |so |ok |hey |hi )*(?:is|are|was|were|did|does|do|has|have|can|could|will|would|should)\b/u;

/** Scores every intent for a line of words; the best first. A complaint without a question word hints at a diagnosis, a bare metric noun towards showing it. */
export function scoreIntents(line: string, mention: MetricMention | undefined): IntentScore[] {
  const scores = heaviest(line);
  const add = (intent: Intent, score: number): void => {
    const old = scores.get(intent);
    scores.set(intent, { intent, score: (old?.score ?? 0) + score, at: old?.at ?? line.length });
  };
  const hint = scores.get('diagnose')?.score ?? 0;
  const shown = scores.has('show-metric');
  if (mention !== undefined && (scores.get('predict-failure')?.score ?? 0) < plainFailure) add('predict-failure', -5);
  if (mention?.complaint === true && !asking.test(line) && hint !== 5) add('diagnose', 5);
  if (mention !== undefined && (!mention.complaint || shown)) add('show-metric', 4);
  if (shown && mention === undefined) add('show-metric', -4);
  return [...scores.values()].filter(({ score }) => score > 0).sort((a, b) => b.score - a.score || a.at - b.at);
}

/** Of each intent the most telling phrase in the line, with its weight as the score. */
function heaviest(line: string): Map<Intent, IntentScore> {
  const best = new Map<Intent, IntentScore>();
  for (const [intent, weight, pattern] of grammar) {
    const match = pattern.exec(line);
    if (match !== null && (best.get(intent)?.score ?? 0) < weight)
      best.set(intent, { intent, score: weight, at: match.index });
  }
  return best;
}
