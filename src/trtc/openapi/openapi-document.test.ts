import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { actions } from '../actions/actions.ts'
import { openApiDocument } from './openapi-document.ts'

interface Document {
  paths: Record<string, { post: { operationId: string; summary: string } }>
  components: { schemas: Record<string, { type?: string; properties?: Record<string, Record<string, unknown>>; required?: string[] }> }
}
const document = () => structuredClone(openApiDocument()) as Document

test('an independent validator finds it to be OpenAPI 3.1, with every reference leading somewhere', async () => {
  const validator = new Validator({ strict: false })
  const { valid, errors } = await validator.validate({ ...document() })
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  expect(validator.version).toBe('3.1')
  expect(JSON.stringify(validator.resolveRefs())).not.toContain('$ref')
})

test('the validator would notice', async () => {
  const broken = document()
  Object.assign(broken.paths['/#StopPublishCdnStream']?.post ?? {}, { parameters: 7 })
  expect((await new Validator({ strict: false }).validate({ ...broken })).valid).toBe(false)
})

test('every action is there, and says what its schema says', () => {
  const { paths, components } = document()
  expect(Object.values(paths).map(({ post }) => post.operationId)).toEqual(Object.keys(actions))
  const start = components.schemas['StartPublishCdnStream']
  expect(start?.required).toEqual(['SdkAppId', 'RoomId', 'RoomIdType', 'AgentParams', 'WithTranscoding', 'AudioParams'])
  expect(start?.properties?.['SdkAppId']).toMatchObject({ type: 'integer', minimum: 1, maximum: 4294967295 })
  expect(components.schemas['ValidatePublishCdnStream']?.properties?.['Start']).toEqual({
    $ref: '#/components/schemas/StartPublishCdnStream',
  })
  expect(components.schemas['StopPublishCdnStreamAnswer']?.required).toEqual(['TaskId', 'RequestId'])
})
