import { randomBytes } from 'node:crypto';
import { startLocal } from './compose.ts';
import {
  type Stage,
  showAccounts,
  showBlockedPlan,
  showClone,
  showFlows,
  showIdMap,
  showPlan,
  showSecondCall,
  showWrongRequest,
} from './demo/chapters.ts';
import { createServiceClient } from './demo/http.ts';
import { createLineLog } from './log.ts';
import { THROTTLE_FACTOR } from './settings.ts';

/** `npm run demo`: the main job once, by HTTP alone, on a service and a sandbox in memory. */
async function demo(): Promise<void> {
  const apiKey = randomBytes(24).toString('base64url');
  const local = await startLocal(
    {
      port: 0,
      sandbox: { port: 0 },
      apiKey,
      accounts: new Map(),
      hooks: new Map(),
      callbackSecret: `whsec_${randomBytes(24).toString('base64')}`,
      folder: undefined,
      syncWaitMs: 20_000,
      throttleFactor: THROTTLE_FACTOR,
      accountCheckMs: 0,
      functionVariables: {},
    },
    { env: process.env, log: createLineLog((line) => process.stderr.write(`${line}\n`), 'ERROR') },
  );
  try {
    console.log(`flowferry on ${local.url}, a sandbox of integrator.io on ${local.sandboxUrl}`);
    await tell({
      service: createServiceClient(local.url, apiKey),
      sandboxUrl: local.sandboxUrl,
      chapter: numbered(),
      say: (...lines) => console.log(lines.join('\n')),
    });
  } finally {
    await local.close();
  }
}

async function tell(stage: Stage): Promise<void> {
  await showAccounts(stage);
  const flowIds = await showFlows(stage);
  await showWrongRequest(stage);
  const order = { source: { account: 'blueprint', flowIds }, target: { account: 'acme' } };
  const connectionMap = await showBlockedPlan(stage, order);
  const mapped = { ...order, connectionMap };
  await showPlan(stage, mapped);
  const clone = await showClone(stage, mapped);
  showIdMap(stage, clone);
  await showSecondCall(stage, mapped);
}

function numbered(): (title: string) => void {
  let chapters = 0;
  return (title) => {
    chapters += 1;
    console.log(`\n${chapters}. ${title}\n`);
  };
}

const startedAt = performance.now();
try {
  await demo();
  console.log(`\nAll as it should be, in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  process.exit(0);
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
