import { composeAccounts } from '../compose/accounts.ts';
import { accountsHandler } from './handler.ts';

export const handler = accountsHandler(composeAccounts(process.env));
