import { readFile } from 'node:fs/promises';
import type { Json, JsonObject } from '../../core/model/resource.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

/**
 * The JSON of a file, or of standard input where the file is `-`.
 *
 * @throws {UsageError} naming the option and the file, and none of what the file holds
 */
export async function readJson(option: string, file: string, io: Pick<Io, 'input'>): Promise<Json> {
  const text = await readText(option, file, io);
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UsageError(`${option}: ${nameOf(file)} is not JSON`);
  }
}

/** As `readJson`, for what must be an object. */
export async function readJsonObject(
  option: string,
  file: string,
  io: Pick<Io, 'input'>,
): Promise<JsonObject> {
  const value = await readJson(option, file, io);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new UsageError(`${option}: ${nameOf(file)} must hold a JSON object`);
}

async function readText(option: string, file: string, io: Pick<Io, 'input'>): Promise<string> {
  if (file === '-') return io.input();
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UsageError(`${option}: ${file} can't be read (${code})`);
  }
}

/** What a file is called in a complaint. */
export function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}
