import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../server/client.ts'
import { problemOf } from '../../server/problem.ts'
import { brandQuery } from '../../server/statistics-queries.ts'
import { useAct } from '../../server/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { controlClass, Field } from '../../ui/field.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TextInput } from '../../ui/text-input.tsx'

/** How reports look: name, colour, logo. */
export function BrandSheet({ onClose }: { onClose: () => void }) {
  const brand = useQuery(brandQuery)
  return brand.data ? (
    <BrandForm brand={brand.data} onClose={onClose} />
  ) : (
    <Sheet isOpen onClose={onClose} title="Brand of reports">
      {brand.isError ? <ErrorState error={brand.error} onRetry={() => void brand.refetch()} /> : <Skeleton className="w-2/3" />}
    </Sheet>
  )
}

type Logo = { kind: 'kept' } | { kind: 'none' } | { kind: 'new'; url: string }

function BrandForm({ brand, onClose }: { brand: { name: string; color: string; hasLogo: boolean }; onClose: () => void }) {
  const [name, setName] = useState(brand.name)
  const [color, setColor] = useState(brand.color)
  const [logo, setLogo] = useState<Logo>(brand.hasLogo ? { kind: 'kept' } : { kind: 'none' })
  const save = useAct({
    run: () =>
      api.reports.setBrand({
        body: {
          name,
          color,
          ...(logo.kind === 'kept' ? {} : { logo: logo.kind === 'none' ? null : logo.url.slice(logo.url.indexOf(',') + 1) }),
        },
      }),
    stales: ['reports'],
    onDone: onClose,
  })
  const fields = save.error ? problemOf(save.error).fields : undefined
  const choose = (file: File | undefined) => {
    if (!file) return
    const reader = new FileReader()
    reader.addEventListener('load', () => {
      if (typeof reader.result === 'string') setLogo({ kind: 'new', url: reader.result })
    })
    reader.readAsDataURL(file)
  }
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title="Brand of reports"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" isBusy={save.isPending} disabled={name.trim() === ''} onClick={() => save.mutate()}>
            Save the brand
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Field label="Name" hint="Stands on the cover and at the foot of each page" isRequired>
          <TextInput value={name} onText={setName} maxLength={80} />
        </Field>
        <Field label="Colour" hint="Of the cover, lines and bars; text on it stays readable whatever it is" error={fields?.['color']}>
          <span className="flex items-center gap-2">
            <input
              type="color"
              aria-label="Colour"
              value={color}
              onChange={(event) => setColor(event.target.value)}
              className="h-8 w-12 cursor-pointer rounded-md border border-edge bg-canvas"
            />
            <TextInput isCode className="w-28" value={color} onText={setColor} maxLength={7} aria-label="Colour as #rrggbb" />
          </span>
        </Field>
        <Field label="Logo" hint="PNG or JPEG, at most 400 kB and 2,400 pixels a side; it stands on white" error={fields?.['logo']}>
          <input
            type="file"
            accept="image/png,image/jpeg"
            aria-label="Logo"
            onChange={(event) => choose(event.target.files?.[0])}
            className={controlClass('h-auto py-1')}
          />
        </Field>
        {logo.kind !== 'none' && (
          <div className="flex items-center gap-3">
            <span className="inline-flex rounded-md border border-line bg-white p-2">
              <img src={logo.kind === 'new' ? logo.url : '/api/brand/logo'} alt="The logo" className="h-10 max-w-40 object-contain" />
            </span>
            <Button size="sm" variant="quiet" onClick={() => setLogo({ kind: 'none' })}>
              Take it away
            </Button>
          </div>
        )}
        {save.error && <ErrorState error={save.error} isAtFields />}
      </div>
    </Sheet>
  )
}
