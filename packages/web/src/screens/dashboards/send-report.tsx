import type { ReportView } from '@couplet/api'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { Field } from '../../ui/field.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { TextArea, TextInput } from '../../ui/text-input.tsx'
import { periodWords } from './words.ts'

/** Sends a report with a few words. */
export function SendReport({ report, onClose }: { report: ReportView; onClose: () => void }) {
  const [to, setTo] = useState('')
  const [message, setMessage] = useState('')
  const addresses = to.split(/[\s,;]+/).filter((address) => address !== '')
  const send = useAct({
    run: () => api.reports.send({ params: { report: report.id }, body: { to: addresses, message } }),
    stales: ['reports'],
    onDone: onClose,
  })
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title="Send the report"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" isBusy={send.isPending} disabled={addresses.length === 0} onClick={() => send.mutate()}>
            Send with the PDF attached
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <p className="text-dense text-soft">
          {report.title} of {report.scope}, {periodWords(report)}.
        </p>
        <Field label="To" hint="One address or several, separated by commas" isRequired>
          <TextInput type="email" multiple value={to} onText={setTo} autoComplete="email" />
        </Field>
        <Field label="Message">
          <TextArea value={message} onText={setMessage} maxLength={2_000} />
        </Field>
        {send.error && <ErrorState error={send.error} />}
      </div>
    </Sheet>
  )
}
