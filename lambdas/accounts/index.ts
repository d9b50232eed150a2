import { composeAccounts } from '../compose.ts';
import { accountsHandler } from './handler.ts';

export const handler = accountsHandler(composeAccounts(process.env));
