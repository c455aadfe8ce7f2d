// Flattened parameters (`PublishCdnParams.0.PublishCdnUrl=…`) back into a tree.
import { TrtcError } from './errors.ts'
import { invalidParameter } from './parameter-error.ts'

type Tree = Map<string, Tree | string>

const maxIndex = 1000
const maxDepth = 16

/**
 * Builds the tree that a JSON body would have held; all leaves are texts (spec section 1.5).
 * Arrays are built by index and closed up over gaps.
 * @throws {TrtcError} `InvalidParameter` for names that contradict each other, repeat, go too deep or count too far
 */
export function unflatten(parameters: Iterable<readonly [name: string, value: string]>): unknown {
  const root: Tree = new Map()
  for (const [name, value] of parameters) {
    const keys = name.split('.')
    const last = keys.pop() ?? ''
    if (keys.length >= maxDepth) throw new TrtcError('InvalidParameter', `Parameter names must have at most ${maxDepth} parts.`)
    const parent = keys.reduce((tree, key) => branch(tree, key, name), root)
    if (parent.has(last)) throw invalidParameter(name, [], 'must be given once')
    parent.set(last, value)
  }
  return toValue(root, '')
}

function branch(tree: Tree, key: string, name: string): Tree {
  const child = tree.get(key) ?? new Map()
  if (typeof child === 'string') throw invalidParameter(name, [], `must not stand below a parameter that has a value`)
  tree.set(key, child)
  return child
}

function toValue(tree: Tree, path: string): unknown {
  const entries = [...tree].map(([key, child]) => {
    const value = typeof child === 'string' ? child : toValue(child, path === '' ? key : `${path}.${key}`)
    return [key, value] as const
  })
  if (path === '' || !entries.every(([key]) => /^\d+$/.test(key))) return Object.fromEntries(entries)
  const beyond = entries.find(([key]) => Number(key) > maxIndex)
  if (beyond !== undefined)
    throw new TrtcError('InvalidParameter', `Index ${beyond[0].slice(0, 20)} of ${path} must be at most ${maxIndex}.`)
  return entries.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value)
}
