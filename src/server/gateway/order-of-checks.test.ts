import { describe, expect, test } from 'vitest'
import { FakeTasks } from '../../../test/support/fake-tasks.ts'
import { gatewayUnderTest, signer, startBody, userSig } from '../../../test/support/gateway-under-test.ts'
import { signedRequest } from '../../../test/support/signed-request.ts'
import { v1Request } from '../../../test/support/v1-request.ts'
import { TrtcError } from '../../trtc/errors.ts'
import type { ApiKey } from './api-key.ts'

/** A Start, and everything about it that can be wrong at once. */
interface Plan {
  action: string
  version: string | null
  secretId: string
  secretKey: string
  timestampSec: number
  token: string | null
  region: string
  isLimited: boolean
  body: Record<string, unknown>
  applications: ApiKey['applications']
  quota: number
  /** What happens to the request when it is signed; the first one last. */
  onTheWire: ((request: Request) => Request | Promise<Request>)[]
}

type Fault = readonly [code: string, message: RegExp, make: (plan: Plan) => void]

const member = (name: string, value: unknown) => (plan: Plan) => void (plan.body[name] = value)
const wire = (change: Plan['onTheWire'][number]) => (plan: Plan) => void plan.onTheWire.push(change)

const multipart: Fault = [
  'InvalidRequest',
  /multipart/,
  wire((request) => {
    request.headers.set('content-type', 'multipart/form-data; boundary=x')
    return request
  }),
]
const repeated: Fault = [
  'InvalidParameter',
  /Action .* given once/,
  wire(async (request) => new Request(request.url, { method: 'POST', headers: request.headers, body: `${await request.text()}&Action=x` })),
]

/** In the order of spec section 1.9; the first two and what cannot be parsed differ between the conventions. */
const faults = (unreadable: Fault, maxBytes: number): Fault[] => [
  ['UnsupportedProtocol', /PUT/, wire(({ url, headers }) => new Request(url, { method: 'PUT', headers }))],
  [
    'RequestSizeLimitExceeded',
    new RegExp(`at most ${maxBytes} bytes`),
    wire(({ url, headers }) => new Request(url, { method: 'POST', headers, body: new Uint8Array(maxBytes + 1) })),
  ],
  unreadable,
  ['MissingParameter', /Version/, (plan) => void (plan.version = null)],
  ['InvalidAction', /Nothing/, (plan) => void (plan.action = 'Nothing')],
  ['NoSuchVersion', /2017-03-12/, (plan) => void (plan.version = '2017-03-12')],
  ['AuthFailure.SecretIdNotFound', /SecretId/, (plan) => void (plan.secretId = 'OTHER')],
  ['AuthFailure.SignatureExpire', /Timestamp/, (plan) => void (plan.timestampSec -= 301)],
  ['AuthFailure.SignatureFailure', /signature/, (plan) => void (plan.secretKey = 'OTHER')],
  ['AuthFailure.TokenFailure', /token/, (plan) => void (plan.token = 'TOKEN')],
  ['RequestLimitExceeded', /many/, (plan) => void (plan.isLimited = true)],
  ['UnsupportedRegion', /eu-frankfurt/, (plan) => void (plan.region = 'eu-frankfurt')],
  ['UnknownParameter', /^Foo/, member('Foo', 1)],
  ['MissingParameter', /^RoomIdType/, member('RoomIdType', undefined)],
  ['InvalidParameter', /MaxIdleTime/, member('AgentParams', { UserId: 'mix_295066', UserSig: 'x', MaxIdleTime: 1 })],
  ['InvalidParameter', /^RoomId is/, member('RoomId', 'lobby')],
  ['InvalidParameter.SdkAppId', /7/, member('SdkAppId', 7)],
  ['AuthFailure.UnauthorizedOperation', /1400188366/, (plan) => void (plan.applications = [])],
  ['InvalidParameter', /UserSig/, member('AgentParams', { UserId: 'mix_295066', UserSig: 'x' })],
  ['FailedOperation.RestrictedConcurrency', /tasks/, (plan) => void (plan.quota = 0)],
]

/** Applied from the last to the first, so that an earlier fault stands where two change the same thing. */
function planWith(chosen: readonly Fault[]): Plan {
  const { AgentParams: _agent, ...body } = startBody()
  const plan: Plan = {
    ...signer,
    action: 'StartPublishCdnStream',
    version: '2019-07-22',
    token: null,
    region: 'ap-guangzhou',
    isLimited: false,
    body,
    applications: 'all',
    quota: 9,
    onTheWire: [],
  }
  for (const [, , make] of chosen.toReversed()) make(plan)
  plan.body['AgentParams'] ??= { UserId: 'mix_295066', UserSig: userSig('mix_295066') }
  return plan
}

function signedV3(plan: Plan): Request {
  const headers = { 'X-TC-Version': plan.version, 'X-TC-Token': plan.token, 'X-TC-Region': plan.region }
  return signedRequest(plan.action, { ...signer, ...plan, content: JSON.stringify(plan.body), headers })
}

const signedV1 = (plan: Plan): Request =>
  v1Request(plan.action, plan.body, {
    ...signer,
    ...plan,
    common: { Version: plan.version, Token: plan.token, Region: plan.region },
  })

describe.each([
  ['v3', signedV3, faults(multipart, 10 << 20)],
  ['v1', signedV1, faults(repeated, 1 << 20)],
] as const)('%s: of many faults the first in order is told', (_convention, sign, table) => {
  test.each(table.map(([code, message], index) => [index, code, message] as const))('%i %s', async (index, code, message) => {
    const plan = planWith(table.slice(index))
    const { app } = gatewayUnderTest({
      tasks: new FakeTasks(plan.quota),
      key: { applications: plan.applications },
      rateLimits: async () => {
        if (plan.isLimited) throw new TrtcError('RequestLimitExceeded')
      },
    })
    let request = sign(plan)
    for (const change of plan.onTheWire) request = await change(request)
    expect(await (await app.request(request)).json()).toMatchObject({
      Response: { Error: { Code: code, Message: expect.stringMatching(message) } },
    })
  })

  test('without any it is done', async () => {
    const { app } = gatewayUnderTest()
    expect(await (await app.request(sign(planWith([])))).json()).toMatchObject({ Response: { TaskId: 'task-1' } })
  })
})
