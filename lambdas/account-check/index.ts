import { composeAccountCheck } from '../compose/account-check.ts';
import { accountCheckHandler } from './handler.ts';

export const handler = accountCheckHandler(composeAccountCheck(process.env));
