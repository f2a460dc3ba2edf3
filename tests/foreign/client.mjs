// tus-js-client against our server. One job in, one line of JSON out.
//
// job: { url, token, metadata, file, how, at, upload }
//   whole     one PATCH
//   along     first bytes with the creation, then chunks of `at` bytes
//   patient   as whole, and after a cut by itself again
//   half      one chunk of `at` bytes, then given up
//   resume    goes on with `upload`
//   terminate takes `upload` back
import { readFile } from 'node:fs/promises'
import * as tus from 'tus-js-client'

const job = JSON.parse(process.argv[2])
const headers = { Authorization: `Bearer ${job.token}` }
const said = { requests: [], receipt: null, url: job.upload ?? null }

function options(done, failed) {
  return {
    endpoint: job.url,
    headers,
    metadata: job.metadata,
    retryDelays: job.how === 'patient' ? [50, 200, 500, 1000] : null,
    onBeforeRequest(request) {
      said.requests.push(`${request.getMethod()} ${request.getHeader('Upload-Offset') ?? ''}`.trim())
    },
    onAfterResponse(_, response) {
      said.receipt = response.getHeader('Xunji-Receipt') ?? said.receipt
    },
    onSuccess: done,
    onError: failed,
  }
}

async function send() {
  const bytes = await readFile(job.file)
  await new Promise((done, failed) => {
    const wanted = options(done, failed)
    if (job.how === 'along') Object.assign(wanted, { uploadDataDuringCreation: true, chunkSize: job.at })
    if (job.how === 'resume') wanted.uploadUrl = job.upload
    if (job.how === 'half') {
      wanted.chunkSize = job.at
      wanted.onChunkComplete = () => upload.abort().then(done, failed)
    }
    const upload = new tus.Upload(bytes, wanted)
    upload.options.onUploadUrlAvailable = () => {
      said.url = upload.url
    }
    upload.start()
  })
}

try {
  if (job.how === 'terminate') await tus.Upload.terminate(job.upload, { headers, retryDelays: null })
  else await send()
} catch (error) {
  said.error = String(error)
  said.status = error.originalResponse?.getStatus?.() ?? null
}
console.log(JSON.stringify(said))
