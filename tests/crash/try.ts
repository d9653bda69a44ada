import { crash, crashFolder } from './crash-case.ts'
const [failpoint = '', victim = 'web and worker', nth = '1', wire='hook'] = process.argv.slice(2)
const t = performance.now()
const out = await crash(await crashFolder(), { failpoint, victim: victim as never, nth: Number(nth), wire: wire as never })
console.log({ ...out, stories: out.stories.size, ms: Math.round(performance.now() - t) })
console.dir([...out.stories].slice(0, 2), { depth: 6 })
