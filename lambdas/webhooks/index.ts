import { composeWebhooks } from '../compose/webhooks.ts';
import { webhooksHandler } from './handler.ts';

export const handler = webhooksHandler(composeWebhooks(process.env));
