import { expect, test } from 'vitest'
import { withBuiltInCallback } from './find-callback.ts'

const own = { url: 'https://own.example/', key: 'OWN' }
const none = async () => null

test("the settings' application has the settings' address, others have none", async () => {
  const find = withBuiltInCallback(none, { sdkAppId: 1, callbackUrl: 'https://set.example/', callbackKey: 'SET' })
  expect(await find(1, 'rooms')).toEqual({ url: 'https://set.example/', key: 'SET' })
  expect(await find(2, 'rooms')).toBeNull()
  expect(await withBuiltInCallback(none, { sdkAppId: 1, callbackUrl: 'https://set.example/' })(1, 'relay')).toMatchObject({ key: null })
  expect(await withBuiltInCallback(none, { sdkAppId: 1 })(1, 'relay')).toBeNull()
})

test('an address of the database wins, with its own key', async () => {
  const find = withBuiltInCallback(async (_, family) => (family === 'relay' ? own : null), {
    sdkAppId: 1,
    callbackUrl: 'https://set.example/',
    callbackKey: 'SET',
  })
  expect(await find(1, 'relay')).toEqual(own)
  expect(await find(1, 'rooms')).toMatchObject({ key: 'SET' })
})
