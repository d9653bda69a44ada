import type { BranchStep } from '@couplet/flow'
import { ChevronDown, ChevronUp, Plus, Trash2 } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { TextInput } from '../../ui/text-input.tsx'
import { useBuilder } from '../model/builder-context.ts'

/** The ways a branch can go, in the order they are asked. */
export function BranchSetup({ step }: { step: BranchStep }) {
  const { store } = useBuilder()
  return (
    <div>
      <h3 className="mb-1 text-dense font-medium">Branches</h3>
      <p className="mb-2 text-caption text-soft">The first whose condition is true is taken, else “Otherwise”. Conditions are under Map.</p>
      <ol className="grid gap-2">
        {step.branches.map((branch, index) => (
          <li key={index} className="flex items-center gap-1">
            <TextInput
              aria-label={`Name of branch ${index + 1}`}
              value={branch.title}
              onText={(title) =>
                store.edit({ kind: 'set-branch', stepId: step.id, index, title, when: branch.when }, `${step.id}/branch/${index}`)
              }
            />
            <IconButton
              icon={ChevronUp}
              label={`Ask branch ${index + 1} earlier`}
              disabled={index === 0}
              onClick={() => store.edit({ kind: 'move-branch', stepId: step.id, from: index, to: index - 1 })}
            />
            <IconButton
              icon={ChevronDown}
              label={`Ask branch ${index + 1} later`}
              disabled={index === step.branches.length - 1}
              onClick={() => store.edit({ kind: 'move-branch', stepId: step.id, from: index, to: index + 1 })}
            />
            <IconButton
              icon={Trash2}
              label={`Remove branch ${index + 1}`}
              disabled={step.branches.length === 1}
              onClick={() => store.edit({ kind: 'remove-branch', stepId: step.id, index })}
            />
          </li>
        ))}
      </ol>
      <Button
        size="sm"
        variant="quiet"
        icon={Plus}
        className="mt-2"
        onClick={() =>
          store.edit({
            kind: 'add-branch',
            stepId: step.id,
            index: step.branches.length,
            branch: { title: `Branch ${step.branches.length + 1}`, when: 'false', steps: [] },
          })
        }
      >
        Add branch
      </Button>
    </div>
  )
}
