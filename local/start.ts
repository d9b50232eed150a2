import { randomBytes } from 'node:crypto';
import { readEnvironment } from '../lambdas/environment.ts';
import { endOnSignal } from '../sandbox/signals.ts';
import { startLocal } from './compose.ts';
import { createLineLog } from './log.ts';
import { readSettings } from './settings.ts';
import { SettingsError } from './settings-error.ts';

/** `npm start`: the service and a sandbox of integrator.io on loopback, until SIGTERM or SIGINT. */

// A log that nobody takes any more is no reason to end.
process.stderr.on('error', () => undefined);

try {
  const settings = readSettings(process.env, () => randomBytes(24).toString('base64url'));
  const { FLOWFERRY_LOG_LEVEL: level } = readEnvironment(settings.functionVariables);
  const log = createLineLog((line) => process.stderr.write(`${line}\n`), level);
  const service = await startLocal(settings, { env: process.env, log });
  endOnSignal(service.close);
  console.log(`integrator.io sandbox on ${service.sandboxUrl}`);
  if (!process.env['FLOWFERRY_API_KEY']) console.log(`API key (x-api-key): ${settings.apiKey}`);
  if (!process.env['FLOWFERRY_CALLBACK_SECRET']) {
    console.log(`callbacks are signed with: ${settings.callbackSecret}`);
  }
  console.log(`flowferry ready on ${service.url}`);
} catch (error) {
  const lines =
    error instanceof SettingsError ? error.lines : [error instanceof Error ? error.message : String(error)];
  for (const line of lines) console.error(`flowferry can't start: ${line}`);
  process.exit(1);
}
