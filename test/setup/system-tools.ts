// The system's programs that tests judge with: browser, FFmpeg and an RTMP server that are not ours.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const rtmpModule = '/usr/lib/nginx/modules/ngx_rtmp_module.so'

/** What tests need and the Debian package that brings it. */
const tools: readonly { name: string; debianPackage: string; isThere: () => boolean }[] = [
  { name: 'chromium', debianPackage: 'chromium', isThere: () => onPath('chromium') },
  { name: 'ffmpeg', debianPackage: 'ffmpeg', isThere: () => onPath('ffmpeg') && onPath('ffprobe') },
  { name: 'nginx', debianPackage: 'nginx', isThere: () => onPath('nginx') || existsSync('/usr/sbin/nginx') },
  { name: 'nginx rtmp module', debianPackage: 'libnginx-mod-rtmp', isThere: () => existsSync(rtmpModule) },
  {
    name: 'DejaVu fonts',
    debianPackage: 'fonts-dejavu-core',
    isThere: () => existsSync('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'),
  },
]

/**
 * Installs what is missing on Debian as root, quietly; elsewhere throws with one line that says what to install.
 */
export function ensureSystemTools(): void {
  const missing = tools.filter((tool) => !tool.isThere())
  if (missing.length === 0) return
  const packages = missing.map((tool) => tool.debianPackage)
  if (!isDebian() || process.getuid?.() !== 0) {
    throw new Error(`The tests need ${missing.map((tool) => tool.name).join(', ')}; on Debian: apt-get install ${packages.join(' ')}`)
  }
  console.log(`Installing ${packages.join(', ')} for the tests.`)
  apt('update', '-qq')
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages)
}

function apt(...parameters: string[]): void {
  // RUNLEVEL=1 keeps packages from starting their services: nginx would take port 80.
  const { status, stdout, stderr } = spawnSync('apt-get', parameters, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  })
  if (status !== 0) throw new Error(`apt-get ${parameters.join(' ')} failed (status ${status}):\n${stdout}\n${stderr}`)
}

function isDebian(): boolean {
  return existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
