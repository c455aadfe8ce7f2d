// What went wrong, or that there is nothing to show.

export function Notice({ error, empty }: { error: string | null; empty: string | null }) {
  if (error !== null)
    return (
      <p class="notice bad" role="alert">
        {error}
      </p>
    )
  return empty === null ? null : <p class="notice">{empty}</p>
}
