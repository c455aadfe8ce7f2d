// Where sealed texts stand. A text opens only at its place, so these never change for rows that exist.

export const taskPlace = (id: string): string => `tasks.spec:${id}`

export const outputPlace = (taskId: string) => ({ urlPlace: `outputs.url:${taskId}`, errorPlace: `outputs.error:${taskId}` }) as const

export const applicationPlace = (id: number) =>
  ({ userSigKeyPlace: `applications.user_sig_key:${id}`, callbacksPlace: `applications.callbacks:${id}` }) as const

export const callbackInfoPlace = (eventId: string): string => `callback_events.info:${eventId}`

export const relayStatusPlace = (taskId: string): string => `relay_statuses.statuses:${taskId}`

export const apiKeyPlace = (secretId: string) =>
  ({ secretKeyPlace: `api_keys.secret_key:${secretId}`, tokenPlace: `api_keys.token:${secretId}` }) as const
