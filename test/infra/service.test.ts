/**
 * What the construct makes, looked at from all sides. One file, because each that loads the CDK takes as long as all
 * of these cases together.
 */
import './api.cases.ts';
import './functions.cases.ts';
import './monitoring.cases.ts';
import './permissions.cases.ts';
import './scheduled.cases.ts';
import './storage.cases.ts';
import './worker.cases.ts';
