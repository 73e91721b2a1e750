const suffix = ' access log';

/** Under which name the metric store keeps what a service's access log tells: apart from what is scraped of it, whose times are others. */
export function logJobOf(service: string): string {
  return service + suffix;
}

/** The service that a job of the metric store speaks of. */
export function serviceOfJob(job: string): string {
  return job.endsWith(suffix) ? job.slice(0, -suffix.length) : job;
}
