import { createRegistry, operationShape, catalogueStats } from '@couplet/connector-sdk'
import { connectors, highlevel } from '@couplet/connectors'
import { typeOfSchema } from '@couplet/flow'
const mb = () => { globalThis.gc?.(); return (process.memoryUsage().heapUsed/1048576).toFixed(1) }
console.log('after import', mb())
const r = createRegistry(connectors)
let t=performance.now(); const words = highlevel.lazy!.words(); console.log('words', words.length, (performance.now()-t).toFixed(1),'ms', mb())
t=performance.now(); r.action('highlevel.invoices.list-invoices',1)!.input; console.log('first invoice', (performance.now()-t).toFixed(1), mb())
t=performance.now(); r.action('highlevel.invoices.create-invoice',1)!.input; console.log('second invoice', (performance.now()-t).toFixed(1), mb())
t=performance.now(); operationShape(r.action('highlevel.ad-manager.fb-upsert-campaign',1)!, false); console.log('ad shape', (performance.now()-t).toFixed(1), mb())
const declared = new Set(Object.keys(highlevel.spec.scopes)); const used=new Set<string>()
let sizes=0, max=0, maxid='', bad=0, slow=0, slowid=''
t=performance.now()
const titles=new Map<string,string>()
for (const w of words) {
  for (const s of w.scopes) { used.add(s); if(!declared.has(s)) {console.log('UNDECLARED', s, w.id)} }
  const t0=performance.now()
  try {
    const a = r.action(w.id, 1)!
    const shape = operationShape(a, false)
    const n = JSON.stringify(shape).length; sizes+=n; if(n>max){max=n;maxid=w.id}
    const p = a.output.safeParse(a.samples[0]); if(!p.success) {console.log('SAMPLE', w.id, p.error.issues[0]);bad++}
    typeOfSchema(shape.input); typeOfSchema(shape.output)
    if ((shape.input as any).type!=='object' || (shape.output as any).type!=='object') {console.log('NOTOBJ', w.id, JSON.stringify(shape.input).slice(0,150), JSON.stringify(shape.output).slice(0,150)); bad++}
    for (const [k,v] of Object.entries((shape.input as any).properties??{})) if(!(v as any).title) console.log('NOTITLE', w.id,k, JSON.stringify(v).slice(0,120))
  } catch (e) { console.log('ERR', w.id, String(e).slice(0,200)); bad++ }
  const d=performance.now()-t0; if(d>slow){slow=d;slowid=w.id}
  const k=w.group+w.title; if(titles.has(k)) console.log('DUP',k,w.id,titles.get(k)); titles.set(k,w.id)
}
console.log('all', words.length, (performance.now()-t).toFixed(0),'ms', mb(), 'shapes KB', sizes/1024|0, 'max', max, maxid, 'slowest', slow.toFixed(1), slowid)
for (const s of declared) if(!used.has(s)) console.log('unused', s)
t=performance.now(); const st = catalogueStats(r); console.log(st.total, st.byConnector, st.byEffect, (performance.now()-t).toFixed(0), mb())
