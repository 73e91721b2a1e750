import { gzipSync } from 'node:zlib';
import { CerebroError } from '../../../infra/runtime/errors.ts';
import type { JobSpec } from './job-spec.ts';

/** Where a job's containers see the spec, the input and the shared output. */
const paths = { spec: '/job/spec.json', input: '/job/input', output: '/job/output' } as const;

/**
 * The spec as Kubernetes objects: a ConfigMap, an Indexed Job (one task a pod, batch/v1, completion index in the environment) and the Job
 * that gathers and trains, which waits for the tasks' files. Input and output are persistent volume claims; the output's must allow many writers.
 * Throws CONFIG_INVALID when they are something else.
 */
export function renderKubernetesJob(spec: JobSpec): object[] {
  for (const claim of [spec.input, spec.output])
    if (!/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(claim))
      throw new CerebroError(
        'CONFIG_INVALID',
        `Kubernetes needs \`input\` and \`output\` as names of persistent volume claims, not ${claim}.`,
      );
  const job = (name: string, task: string, more: object, size: { cpus: number; memoryGiB: number }): object => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${spec.job}-${name}`, labels: { 'app.kubernetes.io/name': 'cerebro-training', job: spec.job } },
    spec: {
      ...more,
      backoffLimit: 6,
      activeDeadlineSeconds: Math.round(spec.maxHours * 3_600),
      template: {
        spec: {
          restartPolicy: 'Never',
          securityContext: { runAsNonRoot: true },
          containers: [
            {
              name: 'train',
              image: spec.image,
              command: [
                'sh',
                '-c',
                `exec cerebro train-job task ${paths.spec} ${task} --input ${paths.input} --output ${paths.output}`,
              ],
              resources: {
                requests: { cpu: String(size.cpus), memory: `${size.memoryGiB}Gi` },
                limits: { memory: `${size.memoryGiB}Gi` },
              },
              volumeMounts: [
                { name: 'spec', mountPath: '/job/spec.json', subPath: 'spec.json', readOnly: true },
                { name: 'input', mountPath: paths.input, readOnly: true },
                { name: 'output', mountPath: paths.output },
              ],
            },
          ],
          volumes: [
            { name: 'spec', configMap: { name: spec.job } },
            { name: 'input', persistentVolumeClaim: { claimName: spec.input, readOnly: true } },
            { name: 'output', persistentVolumeClaim: { claimName: spec.output } },
          ],
        },
      },
    },
  });
  const indexed = { completionMode: 'Indexed', completions: spec.tasks, parallelism: spec.tasks };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: spec.job }, data: { 'spec.json': JSON.stringify(spec) } },
    job('features', '"$JOB_COMPLETION_INDEX"', indexed, { cpus: spec.cpus, memoryGiB: spec.memoryGiB }),
    job('train', 'train --wait', {}, { cpus: spec.trainCpus, memoryGiB: spec.trainMemoryGiB }),
  ];
}

/**
 * The spec as two requests to SageMaker: `CreateProcessingJob` for the features, one instance a task, each uploading its part to S3, and then
 * `CreateTrainingJob` over those parts. The second is sent when the first is done. Throws CONFIG_INVALID without a role or with paths that are not S3.
 */
export function renderSageMakerJob(spec: JobSpec): { createProcessingJob: object; createTrainingJob: object } {
  const { role } = spec;
  if (role === undefined || !spec.input.startsWith('s3://') || !spec.output.startsWith('s3://'))
    throw new CerebroError(
      'CONFIG_INVALID',
      'SageMaker needs `role` (an ARN), and `input` and `output` as s3:// addresses.',
    );
  const parts = `${spec.output.replace(/\/$/, '')}/parts`;
  const environment = specVariables(spec);
  const seconds = Math.round(spec.maxHours * 3_600);
  const home = '/opt/ml/processing';
  return {
    createProcessingJob: {
      ProcessingJobName: `${spec.job}-features`,
      RoleArn: role,
      AppSpecification: {
        ImageUri: spec.image,
        ContainerEntrypoint: [
          'sh',
          '-c',
          `${unpack} && exec cerebro train-job task /tmp/s.json sagemaker --input ${home}/input --output ${home}/output`,
        ],
      },
      Environment: environment,
      ProcessingInputs: [
        {
          InputName: 'telemetry',
          S3Input: {
            S3Uri: spec.input,
            LocalPath: `${home}/input`,
            S3DataType: 'S3Prefix',
            S3InputMode: 'File',
            S3DataDistributionType: 'FullyReplicated',
          },
        },
      ],
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: 'parts',
            S3Output: { S3Uri: parts, LocalPath: `${home}/output/parts`, S3UploadMode: 'EndOfJob' },
          },
        ],
      },
      ProcessingResources: {
        ClusterConfig: { InstanceCount: spec.tasks, InstanceType: spec.instanceType, VolumeSizeInGB: 100 },
      },
      StoppingCondition: { MaxRuntimeInSeconds: seconds },
    },
    createTrainingJob: {
      TrainingJobName: `${spec.job}-train`,
      RoleArn: role,
      AlgorithmSpecification: {
        TrainingImage: spec.image,
        TrainingInputMode: 'File',
        ContainerEntrypoint: [
          'sh',
          '-c',
          `${unpack} && exec cerebro train-job task /tmp/s.json train --parts /opt/ml/input/data/parts --output /opt/ml/model`,
        ],
      },
      Environment: environment,
      InputDataConfig: [
        {
          ChannelName: 'parts',
          DataSource: {
            S3DataSource: { S3DataType: 'S3Prefix', S3Uri: parts, S3DataDistributionType: 'FullyReplicated' },
          },
        },
      ],
      OutputDataConfig: { S3OutputPath: spec.output },
      ResourceConfig: { InstanceCount: 1, InstanceType: spec.trainInstanceType, VolumeSizeInGB: 200 },
      StoppingCondition: { MaxRuntimeInSeconds: seconds },
    },
  };
}

/** SageMaker takes at most 100 variables of 256 characters, and words of a command of as many. */
const mostCharacters = 256;
const mostVariables = 100;
const unpack = "env|grep ^CEREBRO_SPEC_|sort|cut -d= -f2-|tr -d '\\n'|base64 -d|gunzip>/tmp/s.json";

/** The spec in variables, compressed: `CEREBRO_SPEC_00` and on. Throws CONFIG_INVALID for one that does not fit. */
function specVariables(spec: JobSpec): Record<string, string> {
  const text = gzipSync(JSON.stringify(spec), { level: 9 }).toString('base64');
  const pieces = text.match(new RegExp(`.{1,${mostCharacters}}`, 'g')) ?? [];
  if (pieces.length > mostVariables)
    throw new CerebroError(
      'CONFIG_INVALID',
      `The job's options take ${text.length} characters packed; SageMaker passes on ${mostCharacters * mostVariables}.`,
    );
  return Object.fromEntries(pieces.map((piece, place) => [`CEREBRO_SPEC_${String(place).padStart(2, '0')}`, piece]));
}
