import { Link } from '@tanstack/react-router'
import { wordsOfName } from '../../schema/read-schema.ts'
import { CopyText } from '../../ui/copy-text.tsx'
import { KeyValue } from '../../ui/key-value.tsx'

export type SandboxVendor = {
  vendor: string
  url: string
  controlUrl: string
  credentials: readonly { title: string; facts: Record<string, string>; secrets: Record<string, string> }[]
  connections: readonly { id: string; name: string }[]
}

/** Where the simulated vendor is and what opens it. The credentials are made up and public. */
export function Access({ vendor }: { vendor: SandboxVendor }) {
  return (
    <div className="grid gap-8">
      <KeyValue
        rows={[
          ['Address', <CopyText key="url" text={vendor.url} />],
          ['Control surface', <CopyText key="control" text={vendor.controlUrl} />],
          [
            'Connections',
            <span key="connections" className="flex flex-wrap gap-x-4">
              {vendor.connections.map((connection) => (
                <Link
                  key={connection.id}
                  to="/connections"
                  search={{ connection: connection.id }}
                  className="text-accent-text hover:underline"
                >
                  {connection.name}
                </Link>
              ))}
            </span>,
          ],
        ]}
      />
      <section>
        <h2 className="mb-1 text-lead font-semibold">Sample credentials</h2>
        <p className="mb-3 text-dense text-soft">Made up and public: they open the sandbox and nothing else.</p>
        <div className="grid gap-6">
          {vendor.credentials.map((entry) => (
            <div key={entry.title}>
              <h3 className="mb-1 text-dense font-medium">{entry.title}</h3>
              <KeyValue
                rows={[...Object.entries(entry.facts), ...Object.entries(entry.secrets)].map(([name, value]): [string, React.ReactNode] => [
                  wordsOfName(name),
                  <CopyText key={name} text={value} />,
                ])}
              />
            </div>
          ))}
        </div>
      </section>
    </div>
  )
}
