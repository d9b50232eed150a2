import { type SweeperPorts, sweep } from './sweep.ts';

/** What a schedule calls, every minute or so; its event says nothing. */
export function sweeperHandler(ports: SweeperPorts): () => Promise<{ restarted: number; woken: number }> {
  return () => sweep(ports);
}
