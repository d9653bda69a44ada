import { type ReactNode, useEffect } from 'react'

/** The frame of what is seen before the app: one column, the mark, a heading, a form. */
export function EntryPage({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Couplet`
  }, [title])
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[25rem] flex-col px-4 pt-[max(3rem,12vh)] pb-16">
      <p className="mb-6 flex items-center gap-2 text-lead font-semibold tracking-[-0.006em]">
        <img src="/mark.svg" alt="" className="size-6" />
        Couplet
      </p>
      <h1 className="text-title font-semibold tracking-[-0.012em]">{title}</h1>
      {lead && <div className="mt-1 text-body text-soft">{lead}</div>}
      <div className="mt-6">{children}</div>
    </main>
  )
}
