// The pages of docs/reference, made of the schemas and the catalogue of errors.
import { actions, apiVersion, type ActionName } from '../../src/trtc/actions/actions.ts'
import { errorCatalogue } from '../../src/trtc/errors.ts'
import { actionPages } from '../../src/trtc/openapi/action-pages.ts'
import { toWireSchema } from '../../src/trtc/openapi/json-schema.ts'
import { parameterRows, type ParameterRow } from './parameter-rows.ts'

const note = '<!-- Made by `npm run build:reference` from the schemas; changes made here are lost. -->'

/** Text by file name. */
export function referencePages(): Map<string, string> {
  const names = Object.keys(actions) as ActionName[]
  return new Map([['README.md', index(names)], ['errors.md', errors()], ...names.map((name) => [`${name}.md`, actionPage(name)] as const)])
}

const page = (...lines: readonly string[]): string => `${note}\n\n${lines.join('\n')}\n`

function index(names: readonly ActionName[]): string {
  const list = (isOurs: boolean): string[] =>
    names
      .filter((name) => (actionPages[name].isOurs ?? false) === isOurs)
      .map((name) => `| [${name}](${name}.md) | ${actionPages[name].summary} | ${actions[name].maxPerSec} |`)
  const head = ['| action | what it does | calls a second |', '| --- | --- | --- |']
  return page(
    '# Reference',
    '',
    `Version \`${apiVersion}\`. Every action is a call to \`/\`, signed as the vendor’s SDKs do. The same as OpenAPI 3.1: \`/openapi.json\``,
    'of a running server. Errors: [errors.md](errors.md).',
    '',
    '## As in the vendor’s API',
    '',
    ...head,
    ...list(false),
    '',
    '## Of this server alone',
    '',
    'Reached by the SDKs’ generic call, `client.request(action, parameters)`.',
    '',
    ...head,
    ...list(true),
  )
}

function errors(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { meaning, message, chinese }]) => `| \`${code}\` | ${meaning} | ${message} | ${chinese} |`,
  )
  return page(
    '# Errors',
    '',
    'Every answer has status 200; a refusal is `{"Response": {"Error": {"Code", "Message"}, "RequestId"}}`. Messages name the',
    'parameter, its value unless secret, and the rule; the ones below stand where there is nothing more to say.',
    '',
    '| code | when | message | in Chinese |',
    '| --- | --- | --- | --- |',
    ...rows,
  )
}

function actionPage(name: ActionName): string {
  const { summary, answer } = actionPages[name]
  return page(
    `# ${name}`,
    '',
    `${summary} At most ${actions[name].maxPerSec} calls a second and account.`,
    '',
    '## Request',
    '',
    ...table(parameterRows(toWireSchema(actions[name].schema))),
    '',
    '## Answer',
    '',
    ...table([...parameterRows(toWireSchema(answer)), { name: 'RequestId', type: 'string', isRequired: true, rule: '' }]),
    '',
    'Or an error: [errors.md](errors.md).',
  )
}

const table = (rows: readonly ParameterRow[]): string[] => [
  '| name | type | required | rule |',
  '| --- | --- | --- | --- |',
  ...rows.map(
    ({ name, type, isRequired, rule }) =>
      `| \`${name}\` | ${type} | ${isRequired ? 'yes' : 'no'} | ${rule.replaceAll('|', String.raw`\|`)} |`,
  ),
]
