/** Writes the Python client: one file that needs the standard library alone. */
import { CREATION_KEY_HEADER } from '@/lib/schemas/creation';
import {
  type DescribedOperation,
  type OpenApiDocument,
  operationsOf,
  type Parameter,
  sentencesOf,
} from '@/lib/schemas/open-api';

export const pythonClient = (document: OpenApiDocument): string =>
  [prelude(document.info.version), ...operationsOf(document).map(methodOf), ''].join('\n');

export const snake = (name: string) =>
  name.replaceAll('-', '_').replace(/[A-Z]/g, (letter, at: number) => `${at > 0 ? '_' : ''}${letter.toLowerCase()}`);

function methodOf(operation: DescribedOperation): string {
  const { id, method, path, parameters, body, answer } = operation;
  const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => snake(name));
  const others = parameters.filter((parameter) => parameter.in !== 'path');
  const needed = others.filter(({ required }) => required).map(({ name }) => snake(name));
  const optional = others.filter(({ required }) => !required).map(({ name }) => `${snake(name)}=None`);
  const bodies = body === null ? [] : [body === 'file' ? 'body=None' : 'body'];
  const keywords = [...needed, ...optional];
  const given = ['self', ...inPath, ...bodies, ...(keywords.length > 0 ? ['*', ...keywords] : [])];
  const givenFor = (name: string) => `${snake(name)}${name === CREATION_KEY_HEADER ? ' or str(uuid.uuid4())' : ''}`;
  const named = (place: Parameter['in']) =>
    others.filter((one) => one.in === place).map(({ name }) => `"${name}": ${givenFor(name)}`);
  const asked = [
    `"${answer === 'file' || answer === 'nothing' ? answer : 'json'}"`,
    `"${method}"`,
    `f"${path.replace(/\{(\w+)\}/g, (_, name: string) => `{_quoted(${snake(name)})}`)}"`,
    ...(named('query').length > 0 ? [`query={${named('query').join(', ')}}`] : []),
    ...(named('header').length > 0 ? [`headers={${named('header').join(', ')}}`] : []),
    ...(body === null ? [] : [body === 'file' ? 'file=body' : 'json_body=body']),
  ];
  return `
    def ${snake(id)}(${given.join(', ')}):
        """${sentencesOf(operation)}"""
        return self._ask(${asked.join(', ')})`;
}

const prelude = (
  version: string,
) => `"""A client of Rescue Studio's API ${version}, for Python 3.8 and later; it needs nothing but the standard library.

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
    """A refusal, as problem details (RFC 9457). \`key\` stays the same in every language."""

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
        self._address = server.rstrip("/") + "/api/${version}"
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
`;
