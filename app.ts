import { join } from 'node:path';
import { createAgents } from './agents/agents.ts';
import { createOrchestrator } from './agents/orchestrator.ts';
import { openStateFile } from './agents/state-file.ts';
import { understandQuery } from './agents/understanding/understand.ts';
import type { AppDeps } from './app/app-deps.ts';
import { type Doors, openDoors } from './app/build-doors.ts';
import { buildKnowledge } from './app/build-knowledge.ts';
import { buildReasoner } from './app/build-reasoner.ts';
import { createAlertHistory } from './app/alert-history.ts';
import { buildSources, type ConnectedSources } from './app/build-sources.ts';
import { keepRuns } from './app/keep-runs.ts';
import { keepIngested } from './app/keep-ingested.ts';
import { keepObserved, withKnownTopology } from './app/known-topology.ts';
import { maintain } from './app/maintain.ts';
import { readDependencies, readPicture, readTopology } from './app/read-picture.ts';
import { redactSources } from './app/redact-sources.ts';
import { redactionKey } from './app/redaction-key.ts';
import { createOwnOutcomes, type OwnOutcomes } from './app/own-outcomes.ts';
import { verifiedIncidentOf } from './app/remember-outcome.ts';
import { grantLabels } from './app/grant-labels.ts';
import { createRunRecordings, type RunRecordings } from './app/run-recordings.ts';
import { createSeriesBook } from './app/series-book.ts';
import { createStandingWatch } from './app/standing-watch.ts';
import type { Watch } from './app/watch.ts';
import type { Config } from './config.ts';
import type { Answer } from './domain/answer.ts';
import type { Topology } from './domain/entity.ts';
import type { Question, Understanding } from './domain/question.ts';
import type { Feedback, RunEvent } from './domain/run.ts';
import { type Clock, systemClock } from './infra/runtime/clock.ts';
import { CerebroError } from './infra/runtime/errors.ts';
import { openDataFolder } from './infra/runtime/data-folder.ts';
import { createLogger, type Logger } from './infra/runtime/logger.ts';
import { createMetrics, type Metrics } from './infra/runtime/metrics.ts';
import { createOtlpTracer } from './infra/runtime/otlp-tracer.ts';
import { createRedactor } from './infra/runtime/redact.ts';
import { noTracer, type Tracer } from './infra/runtime/tracing.ts';
import { version } from './infra/runtime/version.ts';
import type { Knowledge } from './knowledge/knowledge.ts';
import { connectRemoteTools } from './mcp-server/remote-tools.ts';
import { createTools } from './tools/catalogue.ts';
import type { ToolClient, ToolSession } from './tools/client.ts';
import { type EvidenceStore, openEvidenceStore } from './tools/evidence-store.ts';
import { openGuards } from './tools/guards/open-guards.ts';
import { type Investigations, openInvestigations } from './tools/investigations.ts';
import type { KnowledgeSearch } from './tools/knowledge-search.ts';
import type { Sources } from './tools/sources/source.ts';
import { createToolbox, type Toolbox } from './tools/toolbox.ts';

/** What a test, a replay or an evaluation may put in place of what the config would build. */
export interface AppParts {
  clock?: Clock;
  logger?: Logger;
  tracer?: Tracer;
  /** Read these instead of what the config connects (a capsule). */
  sources?: Sources;
  /** What the knowledge of that capsule answered. */
  knowledge?: KnowledgeSearch;
  /** What was understood before in the thread of that capsule, for the replay of a follow-up. */
  previous?: Understanding;
}

/** The whole product, wired. Doors are shut until `openDoors`; nothing watches until `watch`. */
export interface App {
  ask(question: Question, options?: { run?: string; signal?: AbortSignal }): AsyncIterable<RunEvent>;
  understand(question: Question): Promise<Understanding>;
  clientFor(session: ToolSession): ToolClient;
  toolbox: Toolbox;
  sources: Sources;
  connected: ConnectedSources['list'];
  evidence: EvidenceStore;
  investigations: Investigations;
  recordings: RunRecordings;
  metrics: Metrics;
  openDoors(more?: { labPage?: string }): Promise<Doors>;
  /** Starts the standing watch; `answered` hears of each triage. Without metrics there is nothing to watch. */
  startWatch(answered?: (answer: Answer) => void): Watch | undefined;
  /** Finishes what a killed process left. */
  resume(): Promise<string[]>;
  /** Stops doors, watch and runs (which resume at the next start), writes what is pending, lets the data folder go. */
  close(): Promise<void>;
}

/** Opens the app on a data folder, which it holds alone. Throws STORE_LOCKED, STORE_DAMAGED or CONFIG_INVALID. */
export async function openApp(config: Config, parts: AppParts = {}): Promise<App> {
  const folder = openDataFolder(config.dataDir);
  const inFolder = (name: string): string => join(folder.path, name);
  const deps: AppDeps = {
    clock: parts.clock ?? systemClock,
    logger: parts.logger ?? createLogger({ level: config.logLevel }),
    metrics: createMetrics(),
    tracer:
      parts.tracer ??
      (config.otlp === undefined
        ? noTracer
        : createOtlpTracer({
            url: config.otlp.url,
            version,
            ...(config.otlp.token === undefined ? {} : { token: config.otlp.token }),
          })),
    redactor: createRedactor(redactionKey(inFolder('redaction.key'))),
  };
  const { clock } = deps;
  deps.metrics.set('cerebro_build_info', 1, { version });
  const connected: ConnectedSources =
    parts.sources === undefined
      ? await buildSources(config.sources, deps, folder.path)
      : { sources: parts.sources, list: [], close: () => Promise.resolve() };
  const base = redactSources(connected.sources, deps.redactor);
  const evidence = openEvidenceStore(deps, inFolder('evidence'));
  const investigations = openInvestigations(deps, inFolder('investigations.db'));
  const outcomes = createOwnOutcomes(investigations);
  const reasoner = buildReasoner(config.reasoner, deps, folder.path);
  const library =
    parts.sources === undefined
      ? await buildKnowledge(config.knowledge, deps, { folder: folder.path, reasoner })
      : undefined;
  const knowledge = parts.knowledge ?? library?.search;
  const seen =
    library !== undefined && (base.topology !== undefined || config.knowledge.folders.length > 0)
      ? withKnownTopology(base, library, clock)
      : base;
  // What is asked of recorded sources is answered from them alone.
  const remembered =
    parts.sources === undefined ? { ...seen, alerts: createAlertHistory(investigations, seen.topology) } : seen;
  const recordings = createRunRecordings(remembered, deps.redactor, {
    folder: inFolder('runs'),
    ...(knowledge === undefined ? {} : { knowledge }),
  });
  const guards = openGuards(deps, folder.path, { budget: { maxSteps: config.budgets.toolCallsPerRun } });
  const tools = createToolbox({
    ...deps,
    tools: createTools({
      sources: recordings.sources,
      ...(recordings.knowledge === undefined ? {} : { knowledge: recordings.knowledge }),
      evidence,
      clock,
      recalibration: () => outcomes.recalibration(),
    }),
    evidence,
    guards: guards.list,
  });
  const toolbox: Toolbox = {
    ...tools,
    clientFor: (session) => tools.clientFor(grantLabels(session, config.knowledge.access)),
  };
  const remote = await connectRemoteTools(
    deps,
    config.mcp.servers.map((server) => ({
      name: server.name,
      tools: server.tools.map((tool) => ({ ...tool })),
      ...(server.url === undefined ? {} : { url: server.url }),
      ...(server.command === undefined ? {} : { command: [...server.command] }),
      ...(server.token === undefined ? {} : { token: server.token }),
    })),
  );
  toolbox.register(remote.tools);
  const clientFor = (session: ToolSession): ToolClient => recordings.bind(toolbox.clientFor(session), session);
  const state = openStateFile(inFolder('state.db'));
  const orchestrator = createOrchestrator({
    ...deps,
    log: deps.logger,
    tools: clientFor,
    reasoner,
    understand: understandQuery,
    ...(parts.previous === undefined ? {} : { earlier: parts.previous }),
    agents: createAgents(),
    state,
    investigations: {
      started: (run, question) => {
        investigations.open({
          id: question.thread,
          title: question.text.slice(0, 120),
          openedBy: question.principal.id,
        });
        investigations.addRun(question.thread, run);
      },
      answered: (answer, question) => investigations.addAnswer(question.thread, answer),
    },
  });
  const ask = keepRuns(orchestrator, recordings, deps);
  const stopping = new AbortController();
  const running: Promise<unknown>[] = [];
  let doors: Doors | undefined;
  let watch: Watch | undefined;

  return {
    ask,
    understand: (question) => orchestrator.understand(question),
    clientFor,
    toolbox,
    sources: base,
    connected: connected.list,
    evidence,
    investigations,
    recordings,
    metrics: deps.metrics,
    openDoors: async (more = {}) => {
      if (library !== undefined) running.push(keepIngested(deps, library, stopping.signal));
      if (library !== undefined && base.topology !== undefined)
        running.push(keepObserved(deps, base.topology, library, stopping.signal));
      running.push(maintain(deps, { evidence, guards }, stopping.signal));
      doors = await openDoors(
        config,
        {
          ...deps,
          asker: { ask },
          feedback: { addFeedback: (feedback) => addFeedback({ investigations, outcomes, library }, feedback) },
          investigations,
          evidence,
          toolbox,
          library: { investigations },
          readPicture: () => readPicture(seen, clock, watch),
          readTopology: () => readTopology(seen, clock),
          series: createSeriesBook({
            sources: base,
            investigations,
            clock,
            watch: () => watch,
            threshold: config.watch.threshold,
          }),
          about: () => ({
            version,
            reasoner: reasoner.name,
            sources: connected.list.map(({ name, kind, address }) => ({
              name,
              kind,
              state: watch?.stale() === undefined ? ('ok' as const) : ('warn' as const),
              note: address,
            })),
            gaps: gapsOf(connected.sources),
            ...(more.labPage === undefined ? {} : { lab: { page: more.labPage } }),
          }),
          version,
        },
        folder.path,
      );
      return doors;
    },
    startWatch: (answered) => {
      if (base.metrics === undefined || watch !== undefined) return watch;
      const told = answered === undefined ? {} : { answered };
      const topology = (): Promise<Topology> => readDependencies(seen, clock);
      const parts = { ...deps, source: base.metrics, topology, ask, investigations, ...told };
      const standing = createStandingWatch(parts, config);
      ({ watch } = standing);
      running.push(standing.run(stopping.signal));
      return watch;
    },
    resume: () => orchestrator.resume(),
    close: async () => {
      stopping.abort();
      await Promise.allSettled(running);
      await doors?.close();
      await orchestrator.close();
      await connected.close();
      await deps.tracer.close();
      await reasoner.close();
      await remote.close();
      guards.close();
      evidence.close();
      await library?.close();
      investigations.close();
      state.close();
      folder.close();
    },
  };
}

/** What the connected sources cannot show, for the about screen. */
function gapsOf(sources: Sources): string[] {
  const kinds = ['metrics', 'logs', 'traces', 'changes', 'cluster', 'topology', 'advisories'] as const;
  return kinds.filter((kind) => sources[kind] === undefined).map((kind) => `No source of ${kind} is connected.`);
}

/** Keeps what was said of an answer; a confirmed cause is remembered for the next incident like it. */
async function addFeedback(
  {
    investigations,
    outcomes,
    library,
  }: { investigations: Investigations; outcomes: OwnOutcomes; library: Knowledge | undefined },
  feedback: Feedback,
): Promise<void> {
  const found = investigations.ofRun(feedback.run);
  const answer = investigations.answerOf(feedback.run);
  if (found === undefined) throw new CerebroError('NOT_FOUND', `No run ${feedback.run} is known.`);
  investigations.addFeedback(found.id, feedback);
  outcomes.changed();
  const incident = answer === undefined ? undefined : verifiedIncidentOf(answer, feedback);
  if (incident !== undefined) await library?.incidents.remember(incident);
}
