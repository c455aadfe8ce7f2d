// The table of handlers.
import type { HandlerPorts, Handlers } from './handler.ts'
import { startPublishCdnStream } from './start-publish-cdn-stream.ts'
import { stopPublishCdnStream } from './stop-publish-cdn-stream.ts'
import { updatePublishCdnStream } from './update-publish-cdn-stream.ts'

/** All actions over one set of ports. */
export const createHandlers = (ports: HandlerPorts): Handlers => ({
  StartPublishCdnStream: startPublishCdnStream(ports),
  UpdatePublishCdnStream: updatePublishCdnStream(ports),
  StopPublishCdnStream: stopPublishCdnStream(ports),
})
