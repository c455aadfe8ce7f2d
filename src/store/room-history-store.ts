// Which rooms there were, and who was in them when.
import type { RoomRef } from '../mix/room.ts'
import type { Database } from './database.ts'

/** One life of a room. Instants are Unix milliseconds. */
export interface PastRoom {
  readonly id: string
  readonly room: RoomRef
  readonly openedBy: string
  readonly openedAt: number
  /** `null`: open. */
  readonly closedAt: number | null
}

export interface Stay {
  readonly userId: string
  readonly joinedAt: number
  /** `null`: still there. */
  readonly leftAt: number | null
  /** Where the participant's client called from, and what it said it is; `null`: unknown. */
  readonly clientAddress: string | null
  readonly userAgent: string | null
}

/** What was there at any moment of a span, a part of it at a time. */
export interface Slice {
  /** Both included. */
  readonly from: number
  readonly to: number
  readonly skip: number
  readonly take: number
}

export class RoomHistoryStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** A room opens. The same id again opens it again. */
  async opened({ id, room, openedBy, openedAt }: Omit<PastRoom, 'closedAt'>): Promise<void> {
    await this.#database.db
      .insertInto('rooms')
      .values({
        id,
        app_id: room.appId,
        kind: room.kind,
        name: room.name,
        opened_by: openedBy,
        opened_at: openedAt,
        seen_at: openedAt,
        closed_at: null,
      })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ closed_at: null }))
      .execute()
  }

  async closed(id: string, at: number): Promise<void> {
    await this.#database.db.updateTable('rooms').set({ closed_at: at, seen_at: at }).where('id', '=', id).execute()
  }

  async joined(roomId: string, { userId, joinedAt, clientAddress, userAgent }: Omit<Stay, 'leftAt'>): Promise<void> {
    await this.#database.db
      .insertInto('stays')
      .values({
        room_id: roomId,
        user_id: userId,
        joined_at: joinedAt,
        left_at: null,
        client_address: clientAddress,
        user_agent: userAgent,
      })
      .onConflict((conflict) => conflict.columns(['room_id', 'joined_at', 'user_id']).doUpdateSet({ left_at: null }))
      .execute()
    await this.#seenRoom(roomId, joinedAt)
  }

  async left(roomId: string, userId: string, at: number): Promise<void> {
    await this.#database.db
      .updateTable('stays')
      .set({ left_at: at })
      .where('room_id', '=', roomId)
      .where('user_id', '=', userId)
      .where('left_at', 'is', null)
      .execute()
    await this.#seenRoom(roomId, at)
  }

  /** All open rooms are still there. */
  async seen(at: number): Promise<void> {
    await this.#database.db.updateTable('rooms').set({ seen_at: at }).where('closed_at', 'is', null).execute()
  }

  /** Rooms that nobody knows to be open any more: they and their stays ended when they were last seen. */
  async endForgotten(): Promise<void> {
    await this.#database.db.transaction().execute(async (db) => {
      await db
        .updateTable('stays')
        .set((e) => ({ left_at: e.selectFrom('rooms').select('seen_at').whereRef('rooms.id', '=', 'stays.room_id') }))
        .where('left_at', 'is', null)
        .execute()
      await db
        .updateTable('rooms')
        .set((e) => ({ closed_at: e.ref('seen_at') }))
        .where('closed_at', 'is', null)
        .execute()
    })
  }

  async #seenRoom(id: string, at: number): Promise<void> {
    await this.#database.db.updateTable('rooms').set({ seen_at: at }).where('id', '=', id).execute()
  }

  /** Forgets what ended before `at`. */
  async prune(at: number): Promise<void> {
    const { db } = this.#database
    await db.deleteFrom('stays').where('left_at', '<', at).execute()
    await db.deleteFrom('rooms').where('closed_at', '<', at).execute()
  }

  /** The rooms of an application, the latest first. @param name of the room; `null`: any */
  async rooms(appId: number, name: string | null, { from, to, skip, take }: Slice): Promise<{ total: number; rooms: PastRoom[] }> {
    let query = this.#database.db
      .selectFrom('rooms')
      .where('app_id', '=', appId)
      .where('opened_at', '<=', to)
      .where((e) => e.or([e('closed_at', 'is', null), e('closed_at', '>=', from)]))
    if (name !== null) query = query.where('name', '=', name)
    const { total } = await query.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
    const rows = await query.selectAll().orderBy('opened_at', 'desc').orderBy('id').offset(skip).limit(take).execute()
    return {
      total,
      rooms: rows.map(({ id, kind, name: roomName, opened_by, opened_at, closed_at }) => ({
        id,
        room: { appId, kind, name: roomName },
        openedBy: opened_by,
        openedAt: opened_at,
        closedAt: closed_at,
      })),
    }
  }

  /** Who was in a room of an application, in order of entry. @param userIds empty: anybody */
  async stays(
    appId: number,
    roomId: string,
    userIds: readonly string[],
    { from, to, skip, take }: Slice,
  ): Promise<{ total: number; roomName: string; stays: Stay[] }> {
    let query = this.#database.db
      .selectFrom('stays')
      .innerJoin('rooms', 'rooms.id', 'stays.room_id')
      .where('rooms.app_id', '=', appId)
      .where('room_id', '=', roomId)
      .where('joined_at', '<=', to)
      .where((e) => e.or([e('left_at', 'is', null), e('left_at', '>=', from)]))
    if (userIds.length > 0) query = query.where('user_id', 'in', userIds)
    const { total } = await query.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
    const rows = await query
      .selectAll('stays')
      .select('rooms.name')
      .orderBy('joined_at')
      .orderBy('user_id')
      .offset(skip)
      .limit(take)
      .execute()
    return {
      total,
      roomName: rows[0]?.name ?? '',
      stays: rows.map(({ user_id, joined_at, left_at, client_address, user_agent }) => ({
        userId: user_id,
        joinedAt: joined_at,
        leftAt: left_at,
        clientAddress: client_address,
        userAgent: user_agent,
      })),
    }
  }
}
