/** Words that say nothing of a mechanism: keywords of languages, general verbs of programs, general words of errors. */
const empty = new Set(
  `the and for from with this that not new var let const func function return self true false null nil none void int str string bool float err error errors
  fail failed failure failing fatal panic request requests response resp req res result value values data name type types get set put add use used make call calls called
  handle handler handled service services server client context ctx http https json func code file files line main index info debug warn level message msg status text
  object item items list map key keys method methods class struct public private static import package pkg internal src lib test tests config settings option options
  default time now start stop end run running open read write create update delete init load import export default app api route path url host port id ids to of in on
  is it be or as at by no if else while try catch throw into over after before exception unknown invalid missing could cannot while returned could does did upstream downstream during
  go mod sum yaml yml py java js ts cpp rs rb com org net www github google golang note still unchanged seconds second count total avg mean max min rate ratio pct percent p99 p95 p50
  sync go1 latest version versions bump chore refactor fix feat perf docs obtain`.split(/\s+/),
);

/** The words of code or of a message: identifiers cut at camel humps and underscores, lower case, plural `s` dropped, empty words left out. */
export function wordsOfCode(text: string): Set<string> {
  const words = new Set<string>();
  for (const raw of text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)) {
    const word = raw.length > 4 && raw.endsWith('s') && !raw.endsWith('ss') ? raw.slice(0, -1) : raw;
    if (word.length >= 3 && !/^\d/.test(word) && !empty.has(word) && !empty.has(raw)) words.add(word);
  }
  return words;
}
