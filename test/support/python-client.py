"""Sends one batch by the protocol of Segment's Python client, with nothing but the standard library.

Read from the client's own source (segment-analytics-python 2.3.4): the key stands in the body, or in Basic authentication as
older clients had it; the body may be gzipped; only status 200 is success; `code` and `message` of an error's JSON are read;
4xx but 429 ends it, everything else sends the whole batch again.
"""
import base64
import datetime
import gzip
import json
import sys
import urllib.error
import urllib.request

options = json.load(sys.stdin)
attempts = []
for _ in range(3):
    body = {
        "batch": options["batch"],
        "sentAt": datetime.datetime.now(datetime.timezone.utc).isoformat(),
    }
    headers = {"Content-Type": "application/json", "User-Agent": "analytics-python/2.3.4"}
    if options.get("basic"):
        headers["Authorization"] = "Basic " + base64.b64encode((options["key"] + ":").encode()).decode()
    else:
        body["writeKey"] = options["key"]
    data = json.dumps(body).encode()
    if options.get("gzip"):
        headers["Content-Encoding"] = "gzip"
        data = gzip.compress(data)
    try:
        request = urllib.request.Request(options["url"] + "/v1/batch", data=data, headers=headers, method="POST")
        with urllib.request.urlopen(request) as response:
            attempts.append({"status": response.status, "body": json.load(response)})
    except urllib.error.HTTPError as error:
        payload = json.load(error)
        attempts.append({"status": error.code, "code": payload["code"], "message": payload["message"]})
    status = attempts[-1]["status"]
    if status == 200 or (400 <= status < 500 and status != 429):
        break
json.dump(attempts, sys.stdout)
