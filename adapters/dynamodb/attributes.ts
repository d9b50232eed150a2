import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** What an attribute of ours may hold. Larger shapes are stored as JSON or as compressed bytes. */
export type Plain = string | number | boolean | Uint8Array;

/** Where an item lives. */
export type Key = { pk: string; sk: string };

/** An item as the stores see it; `undefined` members count as absent. */
export type Item = Key & { [name: string]: Plain | undefined };

/** A value in DynamoDB's own notation. */
export function toAttribute(value: Plain): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return { B: value };
}

/** Named values in DynamoDB's own notation, without those that are `undefined`. */
export function toAttributes(values: { [name: string]: Plain | undefined }): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) attributes[name] = toAttribute(value);
  }
  return attributes;
}

/** The item behind DynamoDB's notation. Attributes of kinds that we never write are left out. */
export function toItem(attributes: Record<string, AttributeValue>): Item {
  const item: Item = { pk: '', sk: '' };
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.S !== undefined) item[name] = attribute.S;
    else if (attribute.N !== undefined) item[name] = Number(attribute.N);
    else if (attribute.BOOL !== undefined) item[name] = attribute.BOOL;
    else if (attribute.B !== undefined) item[name] = attribute.B;
  }
  return item;
}

/** A string attribute; the empty string where the item lacks it. */
export function text(item: Item, name: string): string {
  const value = item[name];
  return typeof value === 'string' ? value : '';
}

/** A string attribute, or `undefined` where the item lacks it. */
export function optionalText(item: Item, name: string): string | undefined {
  const value = item[name];
  return typeof value === 'string' ? value : undefined;
}

/** A number attribute; 0 where the item lacks it. */
export function number(item: Item, name: string): number {
  const value = item[name];
  return typeof value === 'number' ? value : 0;
}
