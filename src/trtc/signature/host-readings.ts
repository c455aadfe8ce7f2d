// What a client may have signed as its host: SDKs do not agree on whether the port belongs to it.

/** The `Host` header as received, then without its port, each once. */
export const hostReadings = (host: string): string[] => [...new Set([host, host.replace(/:\d+$/, '')])]
