import type { EntityId, EntityKind } from '../../../domain/entity.ts';
import { entityIdOf } from '../../../domain/entity.ts';

/**
 * The vocabulary of an X-Ray service graph: the type that a node's name ends with, and what it is in the product's words. A `remote` node is
 * what a caller saw of a call, a `client` node what came from outside: neither is a thing that can break, so both are endpoints.
 */
const kindByType: readonly (readonly [RegExp, EntityKind])[] = [
  [/_AWS::Lambda::Function$/, 'function'],
  [/_AWS::Lambda$/, 'gateway'],
  [/_AWS::ApiGateway::/, 'gateway'],
  [/_AWS::(DynamoDB::Table|RDS)|_Database::/, 'database'],
  [/_AWS::SQS::/, 'queue'],
  [/^AWS::StepFunctions::StateMachine$/, 'workload'],
  [/_AWS::(ECS|EKS|EC2|ElasticBeanstalk)(::|$)/, 'service'],
  [/_(remote|client)$/, 'endpoint'],
  // An API of the provider as a caller sees it, not a part of the system.
  [/_AWS::\w+$/, 'endpoint'],
];

/** What a node of the graph is. A name without a type is a program of ours. */
export function kindOfNode(node: string): EntityKind {
  return kindByType.find(([pattern]) => pattern.test(node))?.[1] ?? 'service';
}

/** The product's name of a node. */
export function idOfNode(node: string): EntityId {
  return entityIdOf(kindOfNode(node), node.replaceAll(/[^\w.@-]+/g, '-'));
}

/**
 * The service behind a load balancer of ours: CloudFormation names it by the first letters of the stack and of the resource, so the second
 * part of the host name occurs in the name of one service. Undefined for hosts of others and where none or several fit.
 */
export function serviceBehind(node: string, nodes: readonly string[]): string | undefined {
  const part = /^[a-z]+-([a-z]{4,})\b[^/]*\.elb\.amazonaws\.com_remote$/i.exec(node)?.[1]?.toLowerCase();
  if (part === undefined) return undefined;
  const fitting = nodes.filter((one) => kindOfNode(one) === 'service' && one.toLowerCase().includes(part));
  return fitting.length === 1 ? fitting[0] : undefined;
}
