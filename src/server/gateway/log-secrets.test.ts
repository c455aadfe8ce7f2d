// Secrets in every place a request has for them, in every convention, well and badly formed: none reaches the log or the answer.
import { expect, test } from 'vitest'
import { vendorExample } from '../../../test/contract/vendor-example.ts'
import { changeAt } from '../../../test/support/change-at.ts'
import { FakeTasks } from '../../../test/support/fake-tasks.ts'
import { flatten } from '../../../test/support/flatten.ts'
import { gatewayUnderTest, nowSec, signer, startBody, stopBody } from '../../../test/support/gateway-under-test.ts'
import { signedRequest } from '../../../test/support/signed-request.ts'
import { v1Request } from '../../../test/support/v1-request.ts'
import { createUserSig } from '../../trtc/user-sig.ts'
import { TaskError } from '../tasks/tasks.ts'

const key = { secretKey: 'KEYSECRET', token: 'TOKENSECRET' }
const application = { sdkAppId: 1400188366, key: 'APPSECRET' }
const userSig = createUserSig({ ...application, userId: 'mix_295066' }, nowSec, 3600)
const storage = { Vendor: 0, Region: 'r', Bucket: 'b', AccessKey: 'ACCESSSECRET', SecretKey: 'STORAGESECRET' }
const picture = 'https://a.example.com/a.gif?sign=PICTURESECRET'

/** All of them at once; it is accepted. */
const start = {
  ...changeAt(
    changeAt(vendorExample(1), 'VideoParams.BackgroundImageUrl', picture),
    'VideoParams.WaterMarkList.0.WaterMarkImage.WaterMarkUrl',
    picture,
  ),
  ...startBody(),
  AgentParams: { UserId: 'mix_295066', UserSig: userSig },
  PublishCdnParams: [{ PublishCdnUrl: 'rtmp://user:PASSWORDSECRET@cdn.example.com/live/STREAMSECRET?txSecret=QUERYSECRET' }],
}
const withStorage = { ...start, RecordParams: { UniRecord: 3, McuStorageParams: { CloudStorage: storage } } }

/** The start itself, and it with every one of its values of a wrong type, as a text where more is wanted, or one level too deep. */
const bodies: [string, object][] = [
  ['as it should be', start],
  ['with storage', withStorage],
  ...flatten(withStorage).flatMap(([path, value]): [string, object][] => [
    [`${path} as a list`, changeAt(withStorage, path, [value])],
    [`${path} in an object`, changeAt(withStorage, path, { [path]: value })],
    [`${path} as itself and more`, changeAt(withStorage, path, `${value}\r\n`)],
  ]),
  ...['AgentParams', 'PublishCdnParams', 'RecordParams.McuStorageParams', 'VideoParams'].map((path): [string, object] => [
    `${path} as a text`,
    changeAt(withStorage, path, 'PLACESECRET'),
  ]),
]

/** Every secret ends so, but for the UserSig and the signatures of the requests. */
const secret = /[A-Z]SECRET/

test.each(bodies)('%s', async (_what, body) => {
  const { app, lines } = gatewayUnderTest({
    key,
    ports: { applications: { findApplication: async () => ({ userSigKey: application.key }) } },
  })
  const headers = { 'X-TC-Token': key.token }
  const requests = [
    signedRequest('StartPublishCdnStream', { ...signer, ...key, content: JSON.stringify(body), headers }),
    signedRequest('StartPublishCdnStream', { ...signer, ...key, content: JSON.stringify(body).slice(0, -20), headers }),
    signedRequest('StartPublishCdnStream', { ...signer, secretKey: 'OTHERSECRET', content: JSON.stringify(body), headers }),
    signedRequest('StartPublishCdnStream', {
      ...signer,
      ...key,
      method: 'GET',
      content: new URLSearchParams(flatten(body)).toString(),
      headers,
    }),
    ...(['GET', 'POST'] as const).map((method) =>
      v1Request('StartPublishCdnStream', body, { ...signer, ...key, method, common: { Token: key.token } }),
    ),
    v1Request('StartPublishCdnStream', body, { ...signer, ...key, common: { Token: `${key.token}WRONGSECRET` } }),
  ]
  for (const request of requests) {
    const signature =
      /Signature=([0-9a-f]{64})/.exec(request.headers.get('authorization') ?? '')?.[1] ??
      new URLSearchParams(request.method === 'GET' ? new URL(request.url).search : await request.clone().text()).get('Signature')
    expect(signature).toBeTruthy()
    const answer = await (await app.request(request)).text()
    for (const text of [answer, JSON.stringify(lines)]) {
      expect(text).not.toMatch(secret)
      expect(text).not.toContain(userSig)
      expect(text).not.toContain(signature)
    }
  }
  expect(lines.filter(({ msg }) => msg === 'request')).toHaveLength(requests.length)
})

test('a fault of ours in the midst of a request', async () => {
  const tasks = new FakeTasks()
  tasks.start = () => Promise.reject(new TypeError('Cannot read properties of undefined'))
  const { call, lines } = gatewayUnderTest({ key: { ...key, token: null }, tasks })
  const answer = await call('StartPublishCdnStream', startBody(), { secretKey: key.secretKey })
  expect(answer.Error?.Code).toBe('InternalError')
  tasks.stop = () => Promise.reject(new TaskError('not-found', 'There is no task.'))
  await call('StopPublishCdnStream', stopBody(), { secretKey: key.secretKey })
  expect(lines.map(({ code }) => code)).toEqual([undefined, 'InternalError', 'ResourceNotFound'])
  expect(JSON.stringify(lines)).not.toMatch(/[A-Z]SECRET|STREAMKEY|eJw/)
})
