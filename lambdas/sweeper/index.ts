import { composeSweeper } from '../compose/sweeper.ts';
import { sweeperHandler } from './handler.ts';

export const handler = sweeperHandler(composeSweeper(process.env));
