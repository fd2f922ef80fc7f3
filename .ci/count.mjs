// Prints "PASSED FAILED" of one vitest JSON report. A file that could not be loaded, and a report that is not there
// (a crash, a time limit), count as one failure each.
import { readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
try {
  const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  passed = report.numPassedTests;
  failed = report.numFailedTests;
  for (const file of report.testResults) {
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) failed++;
  }
  if (!report.success && failed === 0) failed = 1;
} catch {
  failed++;
}
console.log(`${passed} ${failed}`);
