"""tuspy against our server. One job in, one line of JSON out.

job: { url, token, metadata, file, how, at, upload }
  whole      one PATCH
  patient    as whole, and after a cut by itself again
  half       up to `at`, then given up
  resume     goes on with `upload`
  checksum   every chunk of `at` bytes with its SHA-1; the first one is altered once on its way
  terminate  takes `upload` back: tuspy has no word for it, its headers and its HTTP library have
"""

import json
import sys

import requests
from tusclient.client import TusClient
from tusclient.exceptions import TusUploadFailed
from tusclient.request import TusRequest

job = json.loads(sys.argv[1])
how = job["how"]
said = {"requests": [], "statuses": [], "receipt": None, "url": job.get("upload")}
client = TusClient(job["url"], headers={"Authorization": f"Bearer {job['token']}"})

honest_patch = requests.patch


def patch(url, data, headers, **more):
    said["requests"].append(f"PATCH {headers['upload-offset']}")
    if how == "checksum" and not said["statuses"]:
        data = bytes([data[0] ^ 1]) + data[1:]
    answer = honest_patch(url, data=data, headers=headers, **more)
    said["statuses"].append(answer.status_code)
    said["receipt"] = answer.headers.get("xunji-receipt", said["receipt"])
    return answer


requests.patch = patch


def uploader():
    sizes = {"chunk_size": job["at"]} if how in ("half", "checksum") else {}
    return client.uploader(
        job["file"],
        url=job.get("upload"),
        metadata=job["metadata"],
        retries=5 if how in ("patient", "checksum") else 0,
        retry_delay=0.1,
        upload_checksum=how == "checksum",
        **sizes,
    )


assert TusRequest.perform.__globals__["requests"] is requests
try:
    if how == "terminate":
        gone = requests.delete(job["upload"], headers=uploader().get_headers())
        said["status"] = gone.status_code
    else:
        sending = uploader()
        sending.upload(stop_at=job["at"] if how == "half" else None)
        said["url"] = sending.url
except TusUploadFailed as error:
    said["error"] = str(error)
    said["status"] = error.status_code
print(json.dumps(said))
