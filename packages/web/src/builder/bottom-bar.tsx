import { flowSentence } from '@couplet/flow'
import { CircleAlert, CircleCheck, CircleX, Play } from 'lucide-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import { PublishDialog } from '../screens/flow/publish-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Time } from '../ui/time.tsx'
import { plural } from '../words/times.ts'
import { useBuilder, useBuilderState, useDefinition } from './model/builder-context.ts'
import type { SaveState } from './model/store.ts'
import { ProblemsList } from './problems-list.tsx'

const TestRunSheet = lazy(() => import('./test/test-run-sheet.tsx').then(({ TestRunSheet }) => ({ default: TestRunSheet })))

/** The flow as one sentence, whether it is saved, what is wrong, and the way to publish. */
export function BottomBar() {
  const { flow, lookup, problems, isReady } = useBuilder()
  const definition = useDefinition()
  const save = useBuilderState((state) => state.save)
  const [open, setOpen] = useState<'problems' | 'publish' | 'test'>()
  const names = useMemo(
    () =>
      Object.fromEntries(
        Object.entries(flow.bindings).flatMap(([slot, ids]) =>
          ids.length === 1 ? flow.connections.filter(({ id }) => id === ids[0]).map(({ name }) => [slot, name]) : [],
        ),
      ),
    [flow],
  )
  const sentence = useMemo(
    () => (isReady ? flowSentence(definition, lookup, names) : flow.sentence),
    [definition, lookup, names, isReady, flow.sentence],
  )
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const Icon = errors > 0 ? CircleX : problems.length > 0 ? CircleAlert : CircleCheck
  return (
    <footer className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line bg-panel px-4 py-2">
      <p className="line-clamp-2 min-w-0 flex-1 basis-72 text-dense max-md:line-clamp-1 max-md:basis-full" title={sentence}>
        {sentence}
      </p>
      <SaveWords save={save} />
      <Button size="md" variant="quiet" onClick={() => setOpen('problems')}>
        <Icon aria-hidden className={`size-4 ${errors > 0 ? 'text-failed' : problems.length > 0 ? 'text-attention' : 'text-done'}`} />
        {!isReady ? 'Checking' : problems.length === 0 ? 'No problems' : plural(problems.length, 'problem')}
      </Button>
      <Button icon={Play} disabled={!isReady} onClick={() => setOpen('test')}>
        Test run
      </Button>
      <Button
        needs="flows.publish"
        variant="primary"
        disabled={!isReady || errors > 0 || save.kind === 'conflict'}
        onClick={() => setOpen('publish')}
      >
        Review and publish v{(flow.version ?? 0) + 1}
      </Button>
      <Sheet
        isOpen={open === 'problems'}
        onClose={() => setOpen(undefined)}
        title={problems.length === 0 ? 'No problems' : plural(problems.length, 'problem')}
      >
        <ProblemsList onChosen={() => setOpen(undefined)} />
      </Sheet>
      <Suspense>{open === 'test' && <TestRunSheet isOpen onClose={() => setOpen(undefined)} />}</Suspense>
      {/* What is reviewed is the saved draft: the last words typed are waited for. */}
      <PublishDialog flow={flow} isOpen={open === 'publish' && save.kind === 'saved'} onClose={() => setOpen(undefined)} />
    </footer>
  )
}

function SaveWords({ save }: { save: SaveState }) {
  const words = {
    saved: save.kind === 'saved' && (
      <>
        Saved <Time at={save.at} />
      </>
    ),
    unsaved: 'Saving soon',
    saving: 'Saving',
    failed: 'Not saved',
    conflict: 'Not saved',
  }[save.kind]
  return (
    <span role="status" className="min-w-20 text-right text-caption text-soft">
      {words}
    </span>
  )
}
