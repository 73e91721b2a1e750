import type { Action } from '../../domain/plan.ts';
import type { ChangeKind } from '../../domain/signal.ts';

/**
 * One acting verb: what it risks, what must be true before, how it is undone, and what would show that it helped. `{entity}` stands for the
 * entity's name, `{change}` for the change that brought the fault, `{symptoms}` for the signals that must come back to normal.
 */
export interface Verb {
  verb: string;
  says: string;
  risk: Action['risk'];
  preCheck: string;
  undo: string;
  verify: string;
  /** The kinds of change that it undoes: comes first where one of them is blamed. */
  undoes?: readonly ChangeKind[];
}

const backToNormal = '{symptoms} return to their baseline within ten minutes';

/** Every verb that the fault catalogue names as a remedy. None is carried out by Cerebro yet. */
export const verbTable: readonly Verb[] = [
  {
    verb: 'roll_back_service',
    says: 'Roll {entity} back to the version before {change}',
    risk: 'medium',
    preCheck:
      'The version before {change} is still available, no schema change came with it, and no other deploy of {entity} is under way',
    undo: 'Deploy the present version of {entity} again',
    verify: backToNormal,
    undoes: ['deploy', 'commit', 'rollout', 'schema'],
  },
  {
    verb: 'disable_flag',
    says: 'Turn off the flag that {change} turned on',
    risk: 'low',
    preCheck: 'The flag can be turned off without a restart and nothing else depends on it',
    undo: 'Turn the flag on again',
    verify: backToNormal,
    undoes: ['flag'],
  },
  {
    verb: 'set_configuration',
    says: 'Set the configuration of {entity} back to the values before {change}',
    risk: 'medium',
    preCheck: 'The former values are known and fit the running version of {entity}',
    undo: 'Set the present values again',
    verify: backToNormal,
    undoes: ['config', 'infrastructure', 'commit', 'deploy'],
  },
  {
    verb: 'restart_service',
    says: 'Restart {entity}, one instance at a time',
    risk: 'medium',
    preCheck:
      'More than one instance of {entity} serves, or a short outage is acceptable; memory and thread dumps are taken first',
    undo: 'None is needed: the same version starts again; what was only in memory is lost',
    verify: backToNormal,
  },
  {
    verb: 'scale_service',
    says: 'Run more instances of {entity}',
    risk: 'low',
    preCheck: 'The hosts have room, and what {entity} depends on (connections, locks) bears more callers',
    undo: 'Set the former number of instances',
    verify: backToNormal,
  },
  {
    verb: 'limit_traffic',
    says: 'Limit the rate of requests to {entity}, least important callers first',
    risk: 'medium',
    preCheck: 'It is known which callers can be turned away',
    undo: 'Remove the limit',
    verify: backToNormal,
  },
  {
    verb: 'raise_memory_limit',
    says: 'Raise the memory limit of {entity}',
    risk: 'low',
    preCheck: 'The host has the memory to give; a leak will fill any limit in the end',
    undo: 'Set the former limit',
    verify: 'No instance of {entity} is killed for memory within an hour',
  },
  {
    verb: 'raise_cpu_limit',
    says: 'Raise the CPU limit of {entity}',
    risk: 'low',
    preCheck: 'The host has the CPU to give; a busy loop will use up any limit in the end',
    undo: 'Set the former limit',
    verify: '{entity} is no longer throttled, and {symptoms} return to their baseline within ten minutes',
  },
  {
    verb: 'raise_quota',
    says: 'Raise the quota that {entity} ran into',
    risk: 'low',
    preCheck: 'The cluster has the room that the quota would allow',
    undo: 'Set the former quota',
    verify: 'What waited for the quota is scheduled',
  },
  {
    verb: 'scale_nodes',
    says: 'Add machines for {entity}',
    risk: 'low',
    preCheck: 'The provider has capacity, and the cost is agreed',
    undo: 'Drain and remove the added machines',
    verify: 'Nothing waits to be scheduled',
  },
  {
    verb: 'end_database_session',
    says: 'End the session that holds the lock in {entity}',
    risk: 'high',
    preCheck: 'The session, its transaction and its owner are known; rolling it back takes a bearable time',
    undo: 'None: the transaction is rolled back and must be run again by its owner',
    verify: 'Waiting sessions go on and {symptoms} return to their baseline',
  },
  {
    verb: 'pause_job',
    says: 'Pause the job that loads {entity}',
    risk: 'low',
    preCheck: 'The job can be paused and taken up later',
    undo: 'Resume the job',
    verify: backToNormal,
  },
  {
    verb: 'create_index',
    says: 'Create the missing index in {entity}, without blocking writes',
    risk: 'medium',
    preCheck: 'The plan of the slow query shows a full scan; the index can be built concurrently; the disk has room',
    undo: 'Drop the index',
    verify: 'The query plan uses the index and {symptoms} return to their baseline',
  },
  {
    verb: 'warm_cache',
    says: 'Fill {entity} again with the most used keys, at a limited rate',
    risk: 'low',
    preCheck: 'The store behind {entity} bears the extra reads',
    undo: 'Stop filling; entries expire by themselves',
    verify: 'The hit ratio of {entity} and {symptoms} return to their baseline',
  },
  {
    verb: 'clean_volume',
    says: 'Remove what can be made again (old logs, temporary files) from {entity}',
    risk: 'high',
    preCheck: 'It is listed and agreed what is removed; it is backed up or can be made again',
    undo: 'Restore from the backup',
    verify: 'Free space is above a fifth and writes succeed',
  },
  {
    verb: 'grow_volume',
    says: 'Enlarge {entity}',
    risk: 'low',
    preCheck: 'The storage allows growth in use',
    undo: 'Most storage cannot shrink: treat as lasting',
    verify: 'Free space is above a fifth and writes succeed',
  },
  {
    verb: 'move_service',
    says: 'Move {entity} to another machine',
    risk: 'medium',
    preCheck: 'Another machine has room and the same access',
    undo: 'Move it back',
    verify: backToNormal,
  },
  {
    verb: 'limit_neighbour',
    says: 'Limit what else uses the machine of {entity}',
    risk: 'medium',
    preCheck: 'The other load is known, and its owner agrees',
    undo: 'Remove the limit',
    verify: backToNormal,
  },
  {
    verb: 'check_network_path',
    says: 'Measure the path to {entity} from its callers, hop by hop',
    risk: 'low',
    preCheck: 'None: it only measures',
    undo: 'None is needed',
    verify: 'The hop that loses time or packets is named',
  },
  {
    verb: 'enable_fallback',
    says: 'Serve without {entity} (cached or reduced answers)',
    risk: 'medium',
    preCheck: 'Callers have a fallback that was tried before',
    undo: 'Turn the fallback off',
    verify: 'Errors of the callers return to their baseline',
  },
  {
    verb: 'contact_provider',
    says: 'Open a ticket with the provider of {entity}, with times and error rates',
    risk: 'low',
    preCheck: 'The status page of the provider was read',
    undo: 'None is needed',
    verify: 'The provider confirms or denies',
  },
  {
    verb: 'renew_certificate',
    says: 'Renew the certificate of {entity}',
    risk: 'medium',
    preCheck: 'The issuer is reachable and the names are right',
    undo: 'Install the former certificate where it is still valid',
    verify: 'Handshakes with {entity} succeed',
  },
  {
    verb: 'drain_node',
    says: 'Drain {entity}: move its work to other machines',
    risk: 'high',
    preCheck: 'The other machines have room, and disruption budgets allow it',
    undo: 'Allow work on {entity} again',
    verify: 'Everything that ran there is ready elsewhere',
  },
  {
    verb: 'uncordon_node',
    says: 'Allow work on {entity} again',
    risk: 'low',
    preCheck: 'Why it was closed is known and over',
    undo: 'Close it again',
    verify: 'Work is scheduled on {entity} and becomes ready',
  },
  {
    verb: 'restart_node_agent',
    says: 'Restart the node agent of {entity}',
    risk: 'medium',
    preCheck: 'The machine answers otherwise',
    undo: 'None is needed',
    verify: '{entity} reports ready',
  },
];
