// The tables of the history of rooms as Kysely sees them. All instants are Unix milliseconds.

export interface RoomTables {
  rooms: RoomTable
  stays: StayTable
}

export interface RoomTable {
  /** One life of a room, as the API names it. */
  id: string
  app_id: number
  kind: 'number' | 'string'
  name: string
  /** The first person. */
  opened_by: string
  opened_at: number
  /** When it was last known to be open. */
  seen_at: number
  /** `null`: open. */
  closed_at: number | null
}

export interface StayTable {
  room_id: string
  user_id: string
  joined_at: number
  /** `null`: still there. */
  left_at: number | null
  client_address: string | null
  user_agent: string | null
}
