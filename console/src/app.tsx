// The frame around every page: the header and which page the address asks for.
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { JoinPage } from './pages/join.tsx'
import { RoomsPage } from './pages/rooms.tsx'
import { TaskPage } from './pages/task.tsx'
import { TasksPage } from './pages/tasks.tsx'

/** Pages by the first part of the address behind `#/`; the rest is handed in. */
const pages: Record<string, { title: string; show: (rest: string) => VNode }> = {
  tasks: { title: 'Tasks', show: (taskId) => (taskId === '' ? <TasksPage /> : <TaskPage taskId={taskId} key={taskId} />) },
  rooms: { title: 'Rooms', show: () => <RoomsPage /> },
  join: { title: 'Join', show: (room) => <JoinPage room={room} key={room} /> },
}

const addressed = (): string[] => location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent)

export function App() {
  const [path, setPath] = useState(addressed)
  useEffect(() => {
    const follow = (): void => setPath(addressed())
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  const [name = '', ...rest] = path
  const current = name in pages ? name : 'tasks'
  return (
    <>
      <header>
        <a class="brand" href="#/tasks">
          <img src="./icon.svg" alt="" width="26" height="26" /> Tributary
        </a>
        <nav aria-label="Pages">
          {Object.entries(pages).map(([key, { title }]) => (
            <a href={`#/${key}`} aria-current={key === current ? 'page' : undefined} key={key}>
              {title}
            </a>
          ))}
        </nav>
      </header>
      <main>{pages[current]?.show(rest.join('/'))}</main>
    </>
  )
}
