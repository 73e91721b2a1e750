// Adds up vitest's JSON reports and the failed steps of .ci/run, and prints the one closing line. Exit status 1 when anything failed.
import { existsSync, readFileSync } from 'node:fs';

const [, , unit, integration, ...failedSteps] = process.argv;
let passed = 0;
let failed = 0;
let skipped = 0;
for (const path of [unit, integration]) {
  if (path === undefined || !existsSync(path)) {
    failed += 1;
    continue;
  }
  const report = JSON.parse(readFileSync(path, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests + (report.numTodoTests ?? 0);
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  failed += brokenFiles;
}
// A step without tests of its own (types, lint, …) counts as one failure when it fails.
failed += failedSteps.filter((step) => !['unit tests', 'integration tests'].includes(step)).length;
if (failedSteps.length > 0 && failed === 0) failed = failedSteps.length;
if (failedSteps.length > 0) process.stdout.write(`failed steps: ${failedSteps.join(', ')}\n`);
process.stdout.write(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed > 0 ? 1 : 0;
