// Where the events of an application go, as a port.
import type { Callback, CallbackFamily } from '../../store/application-store.ts'

/** `null`: nobody wants to hear of them. */
export type FindCallback = (appId: number, family: CallbackFamily) => Promise<Callback | null>
