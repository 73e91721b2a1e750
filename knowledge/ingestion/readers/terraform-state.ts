import { type Edge, type Entity, type EntityKind, entityIdOf } from '../../../domain/entity.ts';
import { nameOf } from '../../text/read-markdown.ts';
import { documentOf } from '../reader.ts';
import { type DataReader, type Fields, fieldsOf, listOf, plainOf, textIn } from './data-reader.ts';

const confidence = 0.85;
/** What is told of a resource. State holds passwords, so that nothing else of it is ever read. */
const told = new Set(
  (
    'name identifier arn region location availability_zone zone endpoint engine engine_version version instance_class ' +
    'instance_type machine_type node_type num_cache_nodes desired_count desired_size min_size max_size replicas runtime memory_size ' +
    'timeout allocated_storage storage_type multi_az port protocol visibility_timeout_seconds message_retention_seconds retention_in_days tags'
  ).split(' '),
);
const kinds: readonly [types: RegExp, kind: EntityKind, edge: Edge['kind']][] = [
  [/(?:db_instance|rds_|sql_|dynamodb|docdb|spanner|bigtable|cosmosdb|database)/, 'database', 'reads'],
  [/(?:elasticache|memorystore|redis|memcache|_dax_)/, 'cache', 'reads'],
  [/(?:sqs|sns_topic|kinesis|msk_|pubsub|servicebus|eventhub|_mq_)/, 'queue', 'publishes'],
  [/(?:lambda_function|cloudfunctions|function_app|cloud_run)/, 'function', 'calls'],
  [/(?:ecs_service|kubernetes_deployment|kubernetes_stateful|app_service|apprunner|helm_release)/, 'service', 'calls'],
  [
    /(?:_lb$|_alb$|_elb$|load_balancer|forwarding_rule|api_gateway|apigatewayv2_api|cloudfront_distribution)/,
    'gateway',
    'routes-to',
  ],
  [/(?:_instance$|virtual_machine|droplet|autoscaling_group)/, 'host', 'runs-on'],
  [/(?:eks_cluster|gke|container_cluster|kubernetes_cluster|ecs_cluster)/, 'node', 'runs-on'],
  [/(?:s3_bucket$|ebs_volume|efs_file_system|storage_bucket$|_disk$|persistent_volume)/, 'volume', 'mounts'],
];
const glue = /(?:_attachment|_policy|_rule|_permission|_parameter_group|_subnet_group|_policy_document|_versioning)$/;

/**
 * Terraform state (version 4): a page of the resources that run something, by a fixed list of attributes (never a secret), and their
 * dependencies as topology. Resources of other types (roles, rules, records) carry dependencies through but are no entities.
 */
export const terraformState: DataReader = {
  name: 'Terraform state',
  takes: (value) => value['version'] === 4 && typeof value['terraform_version'] === 'string',
  read: ({ value, uri, lineOf }) => {
    const resources = listOf(value['resources'])
      .map(fieldsOf)
      .filter((one) => one['mode'] !== 'data');
    const entities = new Map<string, { entity: Entity; edge: Edge['kind'] }>();
    const needs = new Map<string, string[]>();
    const sections = resources.flatMap((resource) => {
      const type = textIn(resource['type']);
      const address = addressOf(resource);
      const [first = {}] = listOf(resource['instances']).map(fieldsOf);
      const dependencies = listOf(resource['instances']).flatMap((one) => listOf(fieldsOf(one)['dependencies']));
      needs.set(address, dependencies.map(textIn));
      const found = glue.test(type) ? undefined : kinds.find(([types]) => types.test(type));
      if (found === undefined) return [];
      const attributes = fieldsOf(first['attributes']);
      const name = nameIn(attributes) || textIn(resource['name']);
      const entity = { id: entityIdOf(found[1], name), kind: found[1], name, aliases: [address] };
      entities.set(address, { entity, edge: found[2] });
      const says = Object.entries(attributes)
        .filter(([key, item]) => told.has(key) && item !== null && item !== '')
        .map(([key, item]) => `${key}: ${plainOf(item)}`);
      const text = [`${address} (${listOf(resource['instances']).length})`, ...says].join('\n');
      return [{ path: [address], text, line: lineOf(['resources', type, textIn(resource['name'])]) }];
    });
    if (sections.length === 0) return [];
    const edges = [...entities].flatMap(([address, { entity }]) =>
      [...reach(address, needs, entities)].flatMap((to): Edge[] => {
        const target = entities.get(to)!;
        return target.entity.id === entity.id
          ? []
          : [{ from: entity.id, to: target.entity.id, kind: target.edge, source: uri, confidence }];
      }),
    );
    const list = [...entities.values()].map(({ entity }) => entity);
    return [
      {
        ...documentOf(uri, `Terraform state ${nameOf(uri)}`, 'document', sections),
        entities: list.map(({ name }) => name),
        topology: { entities: list, edges },
      },
    ];
  },
};

function addressOf(resource: Fields): string {
  const module = textIn(resource['module']);
  return `${module === '' ? '' : `${module}.`}${textIn(resource['type'])}.${textIn(resource['name'])}`;
}

function nameIn(attributes: Fields): string {
  const tags = fieldsOf(attributes['tags']);
  const names = ['name', 'identifier', 'function_name', 'cluster_identifier', 'bucket'].map((key) => attributes[key]);
  return [...names, tags['Name']].map(textIn).find((name) => name !== '') ?? '';
}

/** The nearest entities that a resource depends on, through resources that are none. */
function reach(
  from: string,
  needs: ReadonlyMap<string, readonly string[]>,
  entities: ReadonlyMap<string, unknown>,
): Set<string> {
  const found = new Set<string>();
  const seen = new Set([from]);
  const queue = [...(needs.get(from) ?? [])];
  for (const next of queue) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (entities.has(next)) found.add(next);
    else queue.push(...(needs.get(next) ?? []));
  }
  return found;
}
