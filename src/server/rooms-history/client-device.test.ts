import { expect, test } from 'vitest'
import { clientDevice } from './client-device.ts'

const like = 'AppleWebKit/537.36 (KHTML, like Gecko)'

test.each([
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${like} Chrome/120.0.0.0 Safari/537.36`, 'Windows', 'Chrome/120.0.0.0'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${like} Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91`, 'Windows', 'Edg/120.0.2210.91'],
  [`Mozilla/5.0 (Linux; Android 13; Pixel 7) ${like} Chrome/119.0.0.0 Mobile Safari/537.36`, 'Android', 'Chrome/119.0.0.0'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
    'iOS',
    'Safari/17.0',
  ],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:121.0) Gecko/20100101 Firefox/121.0', 'macOS', 'Firefox/121.0'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${like} HeadlessChrome/122.0.0.0 Safari/537.36`, 'Linux', 'HeadlessChrome/122.0.0.0'],
  ['Mozilla/5.0 (OBS-Studio/30.0.2; Windows x86_64; en-US)', 'Windows', 'OBS-Studio/30.0.2'],
  ['Lavf/61.7.100', '', 'Lavf/61.7.100'],
  ['', '', ''],
  [null, '', ''],
])('%s', (userAgent, device, software) => {
  expect(clientDevice(userAgent)).toEqual({ device, software })
})
