import { describe, expect, test } from '@jest/globals';
import { surveyOf } from '../../../core/references/index.ts';
import { idOf } from './ids.ts';

const ID = idOf('export');
const idsIn = (text: string) => surveyOf('export', { http: { body: text } }).textIds.map(({ id }) => id);

describe('Ids in text', () => {
  test.each([
    ['alone', ID],
    ['in a URI', `/v1/exports/${ID}/data`],
    ['in a host name', `https://${ID}.example.com`],
    ['in an encoded URI', `next=%2Fv1%2Fexports%2F${ID}%2Fdata`],
    ['in a URI encoded in small letters', `%2fv1%2fexports%2f${ID}`],
    ['in a URI encoded twice', `next=%252Fv1%252Fexports%252F${ID}%252Fdata`],
    ['in a URI encoded twice in small letters', `%252fv1%252fexports%252f${ID}`],
    ['in a URI encoded three times', `%25252Fv1%25252Fexports%25252F${ID}`],
    ['after an escaped line break', `"text\\n${ID}"`],
    ['after an escaped slash', `\\u002f${ID}`],
    ['in handlebars', `{{lookup "${ID}"}}`],
    ['beside an underscore', `copy_${ID}_1`],
    ['beside a dash', `${ID}-backup`],
    ['beside a letter of another alphabet', `é${ID}ß`],
  ])('are found %s', (_, text) => {
    expect(idsIn(text)).toEqual([ID]);
  });

  test.each([
    ['in a hash', `${ID}${ID.slice(8)}`],
    ['in a longer number', `0x${ID}`],
    ['in a longer number after a percent sign', `%24${ID.slice(0, 2)}${ID}`],
    ['after a letter', `x${ID}`],
    ['before a letter', `${ID}Z`],
    ['before a capital of a hexadecimal number', `${ID}F`],
    ['in capitals', ID.toUpperCase()],
    ['one character short', ID.slice(1)],
  ])('are not found %s', (_, text) => {
    expect(idsIn(text)).toEqual([]);
  });

  test('are found in the names of members', () => {
    const found = surveyOf('flow', { settings: { [ID]: { [`map:${ID}`]: 1 } } }).textIds;

    expect(found).toEqual([
      { pointer: `/settings/${ID}`, id: ID, key: true },
      { pointer: `/settings/${ID}/map:${ID}`, id: ID, key: true },
    ]);
  });

  test('are not looked for in references, places that are never one, and sample data', () => {
    const document = {
      _id: ID,
      _connectionId: ID,
      http: { _httpConnectorVersionId: ID },
      sampleData: { [ID]: ID },
      settingsForm: { virtual: { mockOutput: `{"${ID}": "${ID}"}` } },
    };

    expect(surveyOf('export', document).textIds).toEqual([]);
  });

  test.each([
    [`/v1/exports/${ID}`, { collection: 'exports', claims: 'export' }],
    [`https://api.integrator.io/v1/flows/${ID}/run`, { collection: 'flows', claims: 'flow' }],
    [`v1/integrations/{{id}}/connections/${ID}`, { collection: 'connections', claims: 'connection' }],
    [`?next=%252Fv1%252Fimports%252F${ID}`, { collection: 'imports', claims: 'import' }],
    [`/v1/widgets/${ID}`, { collection: 'widgets' }],
    [`{"_exportId":"${ID}"}`, { claims: 'export' }],
    [`{\\"_importId\\": \\"${ID}\\"}`, { claims: 'import' }],
    [`run({ _flowId: '${ID}' })`, { claims: 'flow' }],
    [`options._scriptId === "${ID}"`, { claims: 'script' }],
    [`?_connectionId=${ID}`, { claims: 'connection' }],
    [`/v2/exports/${ID}`, {}],
    [`_colour: '${ID}'`, {}],
  ])('carry what the text says they are: %s', (text, claim) => {
    const pointer = '/http/body';

    expect(surveyOf('export', { http: { body: text } }).textIds).toEqual([{ pointer, id: ID, ...claim }]);
  });

  test('carry the line they stand on, in scripts', () => {
    const content = `// ${ID}\r\n\nconst a = '${ID}', b = '${idOf('flow')}';\n`;

    const found = surveyOf('script', { name: ID, content }).textIds;

    expect(found.map(({ id, line }) => [id, line])).toEqual([
      [ID, undefined],
      [ID, 1],
      [ID, 3],
      [idOf('flow'), 3],
    ]);
  });
});
