import { callers, nodes, workloads } from './checked-fault.ts';
import type { FaultKind } from './fault-kind.ts';

/** Kinds that alerts with levels show. */
export const clusterDegradations: readonly FaultKind[] = [
  {
    kind: 'cpu-throttling',
    title: 'CPU limit reached',
    mechanism: '{entity} needs more CPU than its limit and is held back',
    culprit: true,
    strikes: workloads,
    signature: [
      { where: 'self', shows: ['+cpu/throttled'], weight: 0.3, says: 'its CPU is throttled', required: true },
      { where: 'self', shows: ['+cpu/alerted'], weight: 0.5, says: 'its CPU use rose' },
      { where: 'self', shows: ['+latency/alerted'], weight: 0.5, says: 'it answers slower' },
    ],
    refutes: [],
    spreads: { toCallers: callers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['scale_service', 'raise_cpu_limit'],
  },
  {
    kind: 'pod-network-delay',
    title: 'slow network at a pod',
    mechanism: 'packets to and from {entity} are late; it answers slower without more work',
    culprit: true,
    strikes: workloads,
    signature: [
      { where: 'self', shows: ['+latency/alerted'], weight: 0.66, says: 'it answers slower', required: true },
      { where: 'self', shows: ['-traffic/alerted', '+errors/alerted'], weight: 0.2, says: 'fewer calls get through' },
    ],
    refutes: [
      { where: 'self', shows: ['+cpu/throttled'], weight: 0.6, says: 'its CPU is throttled' },
      { where: 'self', shows: ['+cpu/alerted'], weight: 0.3, says: 'its CPU use rose' },
      { where: 'self', shows: ['+memory/alerted'], weight: 0.2, says: 'its memory rose' },
    ],
    spreads: { toCallers: callers, toCallees: ['traffic'], toNeighbours: [] },
    remedies: ['check_network_path', 'move_service'],
  },
  {
    kind: 'node-packet-loss',
    title: 'node loses packets',
    mechanism: 'packets of node {entity} are lost and sent again; all that runs on it answers slower',
    culprit: true,
    strikes: nodes,
    signature: [
      {
        where: 'self',
        shows: ['+network/retransmissions'],
        weight: 0.9,
        says: 'it sends many segments again',
        required: true,
        least: 3,
      },
    ],
    refutes: [],
    spreads: { toCallers: callers, toCallees: [], toNeighbours: [] },
    remedies: ['check_network_path', 'drain_node'],
  },
  {
    kind: 'node-network-delay',
    title: 'slow network at a node',
    mechanism: 'packets to and from node {entity} are late; what calls across it answers slower',
    culprit: true,
    strikes: nodes,
    signature: [
      {
        where: 'self',
        shows: ['+network/delay'],
        weight: 0.85,
        says: 'most of what is slow runs there, and segments are sent again',
        required: true,
      },
    ],
    refutes: [
      {
        where: 'self',
        shows: ['+network/retransmissions'],
        weight: 0.7,
        says: 'so many segments are sent again that they must be lost',
        least: 3,
      },
    ],
    spreads: { toCallers: callers, toCallees: [], toNeighbours: [] },
    remedies: ['check_network_path', 'drain_node'],
  },
];
