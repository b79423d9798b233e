"""A client of Rescue Studio's API v1, for Python 3.8 and later; it needs nothing but the standard library.

Made from the OpenAPI document by "npm run clients": do not change it by hand.

    import os
    from rescue_studio import RescueStudio

    rescue = RescueStudio("https://rescue.example.org", os.environ["RESCUE_API_KEY"])
    projects = rescue.list_projects()["projects"]

Answers are what the JSON says: dictionaries and lists. Files are responses to read from, or to iterate over by line.
"""

import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

# How often a request is sent, at most, that may be repeated: one that reads, or has an idempotency key.
ATTEMPTS = 5


class RescueStudioError(Exception):
    """A refusal, as problem details (RFC 9457). `key` stays the same in every language."""

    def __init__(self, status, title, key="", details=None):
        super().__init__(title)
        self.status = status
        self.key = key
        self.details = details


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The key goes to the server that was named, and to no other."""

    def redirect_request(self, *_):
        return None


def _quoted(part):
    return urllib.parse.quote(str(part), safe="")


def _given(values):
    return {name: str(value) for name, value in (values or {}).items() if value is not None}


def _may_pass(error):
    """Whether the same request may succeed in a moment. A conflict that says when is with the request itself."""
    if not isinstance(error, urllib.error.HTTPError):
        return True
    return error.code in (429, 502, 503, 504) or (error.code == 409 and "Retry-After" in error.headers)


def _pause(error, attempt):
    said = error.headers.get("Retry-After", "") if isinstance(error, urllib.error.HTTPError) else ""
    seconds = int(said) if said.isdigit() else 2 ** (attempt - 2) * random.uniform(0.75, 1.25)
    time.sleep(min(seconds, 60))


class RescueStudio:
    def __init__(self, server, key, timeout=600):
        self._address = server.rstrip("/") + "/api/v1"
        self._key = key
        self._timeout = timeout
        self._opener = urllib.request.build_opener(_NoRedirects)

    def _ask(self, kind, method, path, query=None, headers=None, json_body=None, file=None):
        sent = {"Authorization": "Bearer " + self._key, **_given(headers)}
        data = file.encode("utf-8") if isinstance(file, str) else file
        if json_body is not None:
            data = json.dumps(json_body).encode("utf-8")
            sent["Content-Type"] = "application/json"
        elif data is not None:
            sent["Content-Type"] = "application/octet-stream"
        asked = urllib.parse.urlencode(_given(query))
        address = self._address + path + ("?" + asked if asked else "")
        request = urllib.request.Request(address, data=data, headers=sent, method=method)
        may_repeat = (method == "GET" or "idempotency-key" in sent) and (data is None or isinstance(data, bytes))
        try:
            answer = self._open(request, ATTEMPTS if may_repeat else 1)
        except urllib.error.HTTPError as error:
            with error:
                try:
                    problem = json.loads(error.read())
                except ValueError:
                    problem = {}
            title = problem.get("title", "The server answered %d." % error.code)
            raise RescueStudioError(error.code, title, problem.get("key", ""), problem.get("details")) from None
        if kind == "file":
            return answer
        with answer:
            return json.loads(answer.read()) if kind == "json" else None

    def _open(self, request, attempts):
        for attempt in range(1, attempts):
            try:
                return self._opener.open(request, timeout=self._timeout)
            except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
                if not _may_pass(error):
                    raise
                _pause(error, attempt)
        return self._opener.open(request, timeout=self._timeout)


    def list_projects(self, *, after=None):
        """List the projects that you see, page by page. Needs the scope `read`."""
        return self._ask("json", "GET", f"/projects", query={"after": after})

    def create_project(self, body, *, idempotency_key=None):
        """Create a project. Needs the scope `projects`."""
        return self._ask("json", "POST", f"/projects", headers={"idempotency-key": idempotency_key or str(uuid.uuid4())}, json_body=body)

    def get_project(self, project_id):
        """Settings, members and counts of a project. Needs the scope `read`."""
        return self._ask("json", "GET", f"/projects/{_quoted(project_id)}")

    def update_project(self, project_id, body):
        """Change settings. Needs the scope `projects`."""
        return self._ask("json", "PATCH", f"/projects/{_quoted(project_id)}", json_body=body)

    def preview_import(self, project_id, body=None, *, columns=None, x_upload=None):
        """What a file would add; nothing is written. Says what the file is and why, counts, shows the first prompts, and lists what is wrong, by line. Needs the scope `import`."""
        return self._ask("json", "POST", f"/projects/{_quoted(project_id)}/import/preview", query={"columns": columns}, headers={"x-upload": x_upload}, file=body)

    def import_prompts(self, project_id, body=None, *, columns=None, judgements=None, bad_lines=None, job=None, x_upload=None, idempotency_key=None):
        """Add prompts and responses. The same file twice adds nothing the second time. JSON Lines, a JSON array, CSV, TSV or Parquet, plain or packed, in any of the shapes that the Import page reads: what a file is, it says by its content. All of it is imported, or nothing, with the first lines that are wrong in `details`. Needs the scope `import`."""
        return self._ask("json", "POST", f"/projects/{_quoted(project_id)}/import", query={"columns": columns, "judgements": judgements, "bad-lines": bad_lines, "job": job}, headers={"x-upload": x_upload, "idempotency-key": idempotency_key or str(uuid.uuid4())}, file=body)

    def start_upload(self, project_id, body):
        """Begin to send a large file in pieces, or go on with the same one. The same name and number of bytes is the same upload: `offset` says where to go on. Send the pieces, finish it, and name it in the header `x-upload` of the import. Needs the scope `import`."""
        return self._ask("json", "POST", f"/projects/{_quoted(project_id)}/uploads", json_body=body)

    def get_upload(self, upload_id):
        """How much of a file has arrived. Needs the scope `import`."""
        return self._ask("json", "GET", f"/uploads/{_quoted(upload_id)}")

    def append_to_upload(self, upload_id, body=None, *, upload_offset):
        """Send the next piece of a file. Needs the scope `import`."""
        return self._ask("json", "PATCH", f"/uploads/{_quoted(upload_id)}", headers={"upload-offset": upload_offset}, file=body)

    def finish_upload(self, upload_id, *, x_sha256):
        """Compare what has arrived with the file’s SHA-256. Needs the scope `import`."""
        return self._ask("json", "POST", f"/uploads/{_quoted(upload_id)}/finish", headers={"x-sha256": x_sha256})

    def get_job(self, job_id):
        """How far an import or a snapshot is that was sent with ?job=. Needs the scope `read`."""
        return self._ask("json", "GET", f"/jobs/{_quoted(job_id)}")

    def list_prompts(self, project_id, *, text=None, state=None, sign=None, language=None, source=None, sort=None, after=None):
        """Search and list prompts, page by page. Needs the scope `read`."""
        return self._ask("json", "GET", f"/projects/{_quoted(project_id)}/prompts/list", query={"text": text, "state": state, "sign": sign, "language": language, "source": source, "sort": sort, "after": after})

    def export_annotations(self, project_id):
        """Every annotation, as JSON Lines. Needs the scope `read`."""
        return self._ask("file", "GET", f"/projects/{_quoted(project_id)}/annotations/export")

    def get_work(self, project_id):
        """How people annotate. Needs the scope `read`."""
        return self._ask("json", "GET", f"/projects/{_quoted(project_id)}/work")

    def get_progress(self, project_id):
        """Progress, forecast, bias and time. Needs the scope `read`."""
        return self._ask("json", "GET", f"/projects/{_quoted(project_id)}/progress")

    def get_agreement(self, project_id):
        """How far annotators agree. Needs the scope `read`."""
        return self._ask("json", "GET", f"/projects/{_quoted(project_id)}/agreement")

    def get_ledger(self, project_id, *, outcome=None, after=None):
        """What became of every pair, page by page. Needs the scope `read`."""
        return self._ask("json", "GET", f"/projects/{_quoted(project_id)}/agreement/ledger", query={"outcome": outcome, "after": after})

    def export_ledger(self, project_id, *, outcome=None, format=None):
        """What became of every pair, as one file. Needs the scope `read`."""
        return self._ask("file", "GET", f"/projects/{_quoted(project_id)}/agreement/ledger/export", query={"outcome": outcome, "format": format})

    def list_snapshots(self, project_id, *, after=None):
        """List the snapshots of a project, page by page. Needs the scope `read`."""
        return self._ask("json", "GET", f"/projects/{_quoted(project_id)}/snapshots", query={"after": after})

    def create_snapshot(self, project_id, body, *, job=None, idempotency_key=None):
        """Freeze prompts, responses and pairs as they are now. Where the same content was frozen before, the answer is that snapshot, with `created: false`. Needs the scope `snapshots`."""
        return self._ask("json", "POST", f"/projects/{_quoted(project_id)}/snapshots", query={"job": job}, headers={"idempotency-key": idempotency_key or str(uuid.uuid4())}, json_body=body)

    def import_snapshot(self, project_id, body=None, *, job=None, x_upload=None, idempotency_key=None):
        """Add a snapshot from its file. Needs the scope `snapshots`."""
        return self._ask("json", "POST", f"/projects/{_quoted(project_id)}/snapshots/import", query={"job": job}, headers={"x-upload": x_upload, "idempotency-key": idempotency_key or str(uuid.uuid4())}, file=body)

    def list_runs(self, project_id, *, after=None):
        """List the runs of a project, page by page. Needs the scope `read`."""
        return self._ask("json", "GET", f"/projects/{_quoted(project_id)}/runs", query={"after": after})

    def get_run(self, run_id):
        """One run with its measurements. Needs the scope `read`."""
        return self._ask("json", "GET", f"/runs/{_quoted(run_id)}")

    def get_snapshot(self, snapshot_id):
        """One snapshot’s settings and counts. Needs the scope `read`."""
        return self._ask("json", "GET", f"/snapshots/{_quoted(snapshot_id)}")

    def rename_snapshot(self, snapshot_id, body):
        """Change the name; what is frozen stays, exports included. Needs the scope `snapshots`."""
        return self._ask("json", "PATCH", f"/snapshots/{_quoted(snapshot_id)}", json_body=body)

    def compare_snapshots(self, snapshot_id, other_snapshot_id, *, after=None, show=None):
        """What came, went and changed from one snapshot to another, page by page. Needs the scope `read`."""
        return self._ask("json", "GET", f"/snapshots/{_quoted(snapshot_id)}/compare/{_quoted(other_snapshot_id)}", query={"after": after, "show": show})

    def get_snapshot_contents(self, snapshot_id):
        """Lengths, sources, and what the splits of a snapshot share. Needs the scope `read`."""
        return self._ask("json", "GET", f"/snapshots/{_quoted(snapshot_id)}/contents")

    def export_snapshot(self, snapshot_id, *, format, columns=None, people=None):
        """A snapshot as a trainer reads it: a ZIP archive with a README. Needs the scope `read`."""
        return self._ask("file", "GET", f"/snapshots/{_quoted(snapshot_id)}/export", query={"format": format, "columns": columns, "people": people})

    def download_pairs(self, snapshot_id):
        """Preference pairs, as JSON Lines that TRL reads. Needs the scope `read`."""
        return self._ask("file", "GET", f"/snapshots/{_quoted(snapshot_id)}/pairs")

    def download_records(self, snapshot_id):
        """The records of a snapshot, as JSON Lines. Needs the scope `read`."""
        return self._ask("file", "GET", f"/snapshots/{_quoted(snapshot_id)}/records")

    def download_header(self, snapshot_id):
        """The header of a snapshot. Needs the scope `read`."""
        return self._ask("file", "GET", f"/snapshots/{_quoted(snapshot_id)}/header")

    def download_bundle(self, snapshot_id):
        """A whole snapshot in one file. Needs the scope `read`."""
        return self._ask("file", "GET", f"/snapshots/{_quoted(snapshot_id)}/bundle")
