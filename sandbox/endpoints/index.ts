import type { Route } from '../router.ts';
import { listConnectors, readConnector, tokenInfo } from './catalogue.ts';
import { cloneFlow, cloneIntegration, cloneStep, previewClone } from './clone.ts';
import * as connections from './connections.ts';
import * as crud from './crud.ts';
import * as flows from './flows.ts';
import * as integrations from './integrations.ts';
import * as jobs from './jobs.ts';
import * as lookupcaches from './lookupcaches.ts';

/** All routes; the particular ones stand before those for every collection. */
export const ROUTES: readonly Route[] = [
  ['GET', '/v1/tokenInfo', tokenInfo],
  ['GET', '/v1/httpconnectors', listConnectors],
  ['GET', '/v1/httpconnectors/:id', readConnector],

  ['GET', '/v1/jobs', jobs.findJobs],
  ['GET', '/v1/jobs/:id', jobs.readJob],
  ['GET', '/v1/jobs/:id/family', jobs.readFamily],
  ['PUT', '/v1/jobs/:id/cancel', jobs.cancelJob],

  ['PUT', '/v1/flows/updateFlowGrouping', flows.updateFlowGrouping],
  ['POST', '/v1/flows/:id/run', jobs.runFlow],
  ['POST', '/v1/flows/:id/clone', cloneFlow],
  ['GET', '/v1/flows/:id/clone/preview', previewClone('flows')],
  ['GET', '/v1/flows/:id/jobs/latest', jobs.latestJobs],
  ['POST', '/v1/flows/:id/jobs/cancel', jobs.cancelFlowJobs],
  ['PUT', '/v1/flows/:id/replaceConnection', flows.replaceFlowConnection],

  ['POST', '/v1/exports/:id/clone', cloneStep('exports')],
  ['GET', '/v1/exports/:id/clone/preview', previewClone('exports')],
  ['PUT', '/v1/exports/:id/replaceConnection', flows.replaceStepConnection('exports')],
  ['POST', '/v1/imports/:id/clone', cloneStep('imports')],
  ['GET', '/v1/imports/:id/clone/preview', previewClone('imports')],
  ['PUT', '/v1/imports/:id/replaceConnection', flows.replaceStepConnection('imports')],

  ['POST', '/v1/integrations/:id/clone', cloneIntegration],
  ['GET', '/v1/integrations/:id/clone/preview', previewClone('integrations')],
  ['PUT', '/v1/integrations/:id/connections/register', integrations.registerConnections],
  ['DELETE', '/v1/integrations/:id/connections/:connectionId/register', integrations.deregisterConnection],
  ['POST', '/v1/integrations/:id/connections', integrations.addConnection],
  ['GET', '/v1/integrations/:id/flows', integrations.scoped('flows')],
  ['GET', '/v1/integrations/:id/exports', integrations.scoped('exports')],
  ['GET', '/v1/integrations/:id/imports', integrations.scoped('imports')],
  ['GET', '/v1/integrations/:id/connections', integrations.scoped('connections')],
  ['GET', '/v1/integrations/:id/asynchelpers', integrations.scoped('asynchelpers')],

  ['POST', '/v1/connections', connections.addConnection],
  ['POST', '/v1/connections/ping', connections.pingUnsaved],
  ['POST', '/v1/connections/:id/ping', connections.ping],
  ['GET', '/v1/connections/:id/ping', connections.ping],
  ['GET', '/v1/connections/:id/distributed', connections.distributed],
  // The singular is the API's own.
  ['GET', '/v1/connection/:id/oauth2', connections.authorize],

  ['POST', '/v1/lookupcaches/:id/data', lookupcaches.putData],
  ['POST', '/v1/lookupcaches/:id/getData', lookupcaches.getData],
  ['DELETE', '/v1/lookupcaches/:id/data', lookupcaches.deleteData],
  ['DELETE', '/v1/lookupcaches/:id/data/purge', lookupcaches.purgeData],

  ['GET', '/v1/:collection', crud.list],
  ['POST', '/v1/:collection', crud.add],
  ['GET', '/v1/:collection/:id', crud.read],
  ['PUT', '/v1/:collection/:id', crud.put],
  ['PATCH', '/v1/:collection/:id', crud.change],
  ['DELETE', '/v1/:collection/:id', crud.takeAway],
  ['GET', '/v1/:collection/:id/dependencies', flows.dependencies],
];
