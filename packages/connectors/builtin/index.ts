import { type Connector, connector } from '@couplet/connector-sdk'
import { builtin as declared } from './connector.ts'
import { artifactPublishText } from './operations/artifact-publish-text.ts'
import { codeRun } from './operations/code-run.ts'
import { dataCompareLists } from './operations/data-compare-lists.ts'
import { dataFilterList } from './operations/data-filter-list.ts'
import { dataPick } from './operations/data-pick.ts'
import { flowStart } from './operations/flow-start.ts'
import { formatDate } from './operations/format-date.ts'
import { formatNumber } from './operations/format-number.ts'
import { httpRead } from './operations/http-read.ts'
import { httpSendRepeatable } from './operations/http-send-repeatable.ts'
import { httpSend } from './operations/http-send.ts'
import { mailSend } from './operations/mail-send.ts'
import { reportPublishHistory } from './operations/report-publish-history.ts'
import { reportRenderSocial } from './operations/report-render-social.ts'
import { statisticsReadHistory } from './operations/statistics-read-history.ts'
import { statisticsStore } from './operations/statistics-store.ts'
import { statisticsSummarise } from './operations/statistics-summarise.ts'
import { tableFindOne } from './operations/table-find-one.ts'
import { tableFind } from './operations/table-find.ts'
import { tablePut } from './operations/table-put.ts'
import { tableRemove } from './operations/table-remove.ts'
import { taskClose } from './operations/task-close.ts'
import { taskOpen } from './operations/task-open.ts'
import { textMergeLabels } from './operations/text-merge-labels.ts'
import { manualStarted } from './triggers/manual-started.ts'
import { scheduleDue } from './triggers/schedule-due.ts'
import { webhookReceived } from './triggers/webhook-received.ts'

/** What Couplet does itself, without a connection. Its choice lists `tables` and `flows` are the runtime's. */
export const builtin: Connector = connector({
  spec: declared.spec,
  actions: [
    httpRead,
    httpSend,
    httpSendRepeatable,
    textMergeLabels,
    formatDate,
    formatNumber,
    dataFilterList,
    dataCompareLists,
    dataPick,
    tableFind,
    tableFindOne,
    tablePut,
    tableRemove,
    statisticsSummarise,
    statisticsReadHistory,
    statisticsStore,
    reportPublishHistory,
    reportRenderSocial,
    artifactPublishText,
    mailSend,
    taskOpen,
    taskClose,
    flowStart,
    codeRun,
  ],
  triggers: [webhookReceived, scheduleDue, manualStarted],
})
