import { FileUp } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { TextArea, TextInput } from '../../ui/text-input.tsx'

export type Source = { text: string; filename: string } | { url: string }

/** Where the file is: chosen, dropped, at an address, or pasted. */
export function SourceForm({ isBusy, onSource }: { isBusy: boolean; onSource: (source: Source) => void }) {
  const [way, setWay] = useState<'file' | 'url' | 'text'>('file')
  const [url, setUrl] = useState('')
  const [text, setText] = useState('')
  const take = (file: File | undefined) => {
    if (file) void file.text().then((content) => onSource({ text: content, filename: file.name }))
  }
  return (
    <div className="grid max-w-2xl gap-4">
      <Segmented
        label="Where the file is"
        value={way}
        options={[
          { value: 'file', label: 'File' },
          { value: 'url', label: 'Address' },
          { value: 'text', label: 'Paste' },
        ]}
        onChange={setWay}
      />
      {way === 'file' && (
        <label
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault()
            take(event.dataTransfer.files[0])
          }}
          className="flex h-28 cursor-pointer flex-col items-center justify-center gap-1 rounded-md border border-dashed border-edge bg-panel px-4 text-center text-dense text-soft has-focus-visible:outline-2 has-focus-visible:outline-accent hover:text-ink"
        >
          <FileUp aria-hidden className="size-5" strokeWidth={1.5} />
          {isBusy ? 'Reading the file' : 'Choose or drop an OpenAPI or Swagger file, JSON or YAML'}
          <input
            type="file"
            aria-label="OpenAPI file"
            accept=".json,.yaml,.yml,application/json,application/yaml"
            className="sr-only"
            disabled={isBusy}
            onChange={(event) => take(event.target.files?.[0])}
          />
        </label>
      )}
      {way === 'url' && (
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            onSource({ url: url.trim() })
          }}
        >
          <Field label="Address of the file" className="grow">
            <TextInput value={url} onText={setUrl} placeholder="https://api.example.com/openapi.json" />
          </Field>
          <Button type="submit" isBusy={isBusy} disabled={!URL.canParse(url.trim())}>
            Read it
          </Button>
        </form>
      )}
      {way === 'text' && (
        <form
          className="grid gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            onSource({ text, filename: 'pasted' })
          }}
        >
          <Field label="The file">
            <TextArea value={text} onText={setText} placeholder="openapi: 3.1.0" />
          </Field>
          <Button type="submit" className="justify-self-start" isBusy={isBusy} disabled={text.trim() === ''}>
            Read it
          </Button>
        </form>
      )}
    </div>
  )
}
