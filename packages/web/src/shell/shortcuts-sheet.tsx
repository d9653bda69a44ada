import { Dialog } from '../ui/dialog.tsx'
import { Keys } from '../ui/keys.tsx'
import { PLACES } from './places.ts'

const GROUPS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Everywhere',
    [
      ['⌘ k', 'Search and commands'],
      ['?', 'This list'],
      ['j', 'Next row'],
      ['k', 'Previous row'],
      ['↵', 'Open the row'],
      ['Esc', 'Close what is open'],
    ],
  ],
  ['Go to', PLACES.map((place) => [`g ${place.key}`, place.title] as const)],
  [
    'Builder',
    [
      ['a', 'Add a step after this one'],
      ['m', 'Outline or map'],
      ['d', 'Show the data'],
      ['/', 'Insert data into a field'],
      ['⌘ z', 'Undo'],
      ['⌘ ⇧ z', 'Redo'],
      ['⌘ c', 'Copy the step'],
      ['⌘ v', 'Paste after this step'],
      ['⌥ ↑', 'Move the step up'],
      ['⌥ ↓', 'Move the step down'],
      ['Del', 'Remove the step'],
    ],
  ],
]

export function ShortcutsSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Keyboard shortcuts" text="On Windows and Linux, ⌘ is Ctrl." size="md">
      <div className="grid gap-x-8 gap-y-6 sm:grid-cols-3">
        {GROUPS.map(([title, keys]) => (
          <section key={title}>
            <h3 className="mb-2 text-dense font-semibold">{title}</h3>
            <dl className="grid gap-1.5">
              {keys.map(([key, words]) => (
                <div key={key} className="flex items-center justify-between gap-3 text-dense">
                  <dt className="text-soft">{words}</dt>
                  <dd>
                    <Keys keys={key} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
