"""A second client for 巡河, written from PROTOCOL.md alone, with Python's own library alone.

    python3 xunhe.py http://127.0.0.1:8080 ACCOUNT PASSWORD

Records a clean-up with a photo, delivers it and believes nothing that is not in a receipt.
Ends with "all is well", or with what was not as PROTOCOL.md says.
"""

import base64
import gzip
import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

import ed25519


def uuid7():
    """A UUIDv7: 48 bits of milliseconds, the rest at random."""
    raw = bytearray(int(time.time() * 1000).to_bytes(6, "big") + os.urandom(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(raw)))


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def digest_field(data):
    return "sha-256=:%s:" % base64.b64encode(hashlib.sha256(data).digest()).decode()


def text_of(value):
    """One exact text: it is hashed, stored and sent as it is made here."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def ok(self, *statuses):
        expect(self.status in (statuses or (200,)), "%d: %s" % (self.status, self.body[:300]))
        return self


class Server:
    """The calls of PROTOCOL.md."""

    def __init__(self, url):
        self.url, self.cookie = url.rstrip("/"), None

    def call(self, method, path, body=None, headers=None):
        request = urllib.request.Request(
            self.url + path, data=body, method=method, headers=headers or {}
        )
        if self.cookie:
            request.add_header("Cookie", self.cookie)
        try:
            with urllib.request.urlopen(request, timeout=60) as got:
                cookie = got.headers.get("Set-Cookie")
                if cookie:
                    self.cookie = cookie.split(";")[0]
                return Answer(got.status, got.headers, got.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def get(self, path):
        return self.call("GET", "/api/v1" + path)

    def post(self, path, value):
        body = gzip.compress(json.dumps(value).encode())
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        return self.call("POST", "/api/v1" + path, body, headers)


class Log:
    """One person's chain of entries on one installation."""

    def __init__(self, author):
        self.author, self.log_id = author, uuid.uuid4().hex
        self.seq, self.hash, self.boot = 0, None, os.urandom(8).hex()
        self.began = time.monotonic()

    def head(self):
        return {"log_id": self.log_id, "seq": self.seq, "hash": self.hash}

    def write(self, kind, fields, blobs, reach=None, record_id=None):
        entry_id = uuid7()
        body = {
            "salt": os.urandom(16).hex(),
            "app_version": "xunhe.py 1",
            "clock": {
                "wall_ms": int(time.time() * 1000),
                "mono_ms": int((time.monotonic() - self.began) * 1000),
                "boot_id": self.boot,
            },
            "fields": fields,
        }
        if reach:
            body["reach"] = reach
        body = text_of(body)
        header = {
            "v": 1,
            "entry_id": entry_id,
            "record_id": record_id or entry_id,
            "log_id": self.log_id,
            "seq": self.seq + 1,
            "prev_hash": self.hash,
            "author": self.author,
            "acting_post": None,
            "on_behalf_of": None,
            "kind": kind,
            "schema": 1,
            "body_sha256": sha256(body.encode()),
            "blobs": blobs,
        }
        header = text_of(header)
        self.seq, self.hash = self.seq + 1, sha256(header.encode())
        return {"header": header, "body": body, "sig": None}


def expect(holds, words):
    if not holds:
        sys.exit("not as PROTOCOL.md says: " + words)


def verified(receipt, keys):
    """The statement of a receipt whose signature holds."""
    statement = json.loads(receipt["statement"])
    key = next((k for k in keys if k["key_id"] == statement["key_id"]), None)
    expect(key is not None, "a receipt by an unknown key")
    public = base64.b64decode(key["public_key"])
    expect(key["key_id"] == sha256(public)[:16], "a key is named by its hash")
    signature = base64.b64decode(receipt["signature"])
    text = receipt["statement"].encode()
    expect(ed25519.verify(public, text, signature), "the signature of a receipt holds")
    expect(not ed25519.verify(public, text + b" ", signature), "and of nothing else")
    return statement


def photo():
    """Bytes that begin like a JPEG; larger than one chunk."""
    return b"\xff\xd8\xff\xe0" + os.urandom(700_000)


def upload(server, entry_id, data, chunk):
    """Sends a blob in two pieces and asks in between how much has arrived."""
    common = {"Content-Type": "application/octet-stream"}
    first = data[:chunk]
    begun = server.call(
        "POST",
        "/api/v1/blobs",
        first,
        {
            **common,
            "Xunhe-Entry": entry_id,
            "Upload-Complete": "?0",
            "Upload-Length": str(len(data)),
            "Content-Digest": digest_field(first),
            "Repr-Digest": digest_field(data),
        },
    ).ok(201)
    place = begun.headers["Location"]
    held = int(server.call("HEAD", place).ok(204).headers["Upload-Offset"])
    expect(held == len(first), "HEAD says how much is held")
    rest = data[held:]
    headers = {
        "Content-Type": "application/partial-upload",
        "Upload-Complete": "?1",
        "Content-Digest": digest_field(rest),
    }
    wrong = server.call("PATCH", place, rest, {**headers, "Upload-Offset": "7"})
    expect(wrong.status == 409, "a wrong offset answers 409")
    expect(int(wrong.headers["Upload-Offset"]) == held, "and says the right one")
    return server.call("PATCH", place, rest, {**headers, "Upload-Offset": str(held)}).ok()


def main(url, account, password):
    server = Server(url)
    device = uuid.uuid4().hex
    credentials = {"account": account, "password": password, "device_id": device}
    wrong = server.post("/session", {**credentials, "password": "no"})
    expect((wrong.status, wrong.json()["code"]) == (401, "wrong_credentials"), "sign-in can fail")
    me = server.post("/session", credentials).ok().json()
    hello = server.get("/sync/hello").ok().json()
    expect(hello["service"] == "xunhe" and hello["signed_in"], "hello after signing in")
    keys, limits = hello["receipt_keys"], hello["limits"]
    reach = server.get("/registers").ok().json()["reaches"][0]["id"]

    log, data = Log(me["person"]), photo()
    blob = {
        "sha256": sha256(data),
        "size": len(data),
        "mime": "image/jpeg",
        "role": "photo",
        "captured_via": "camera",
    }
    fields = {
        "rubbish": "LJ-01",
        "before": [blob["sha256"]],
        "after": [],
        "outcome": "fixed_on_spot",
        "note": "第二个客户端",
    }
    first = log.write("cleanup", fields, [blob], reach)
    record = json.loads(first["header"])["entry_id"]
    second = log.write("comment", {"text": "已清"}, [], record_id=record)
    future = log.write("from_the_future", {"x": 1}, [])
    broken = dict(first, body=first["body"].replace("第二个", "第三个"))

    announce = {
        "heads": [log.head()],
        "unsent": 3,
        "unsent_bytes": 1,
        "oldest_age_ms": 1,
        "blobs": 1,
        "blob_bytes": len(data),
        "parked": 0,
        "app_version": "xunhe.py 1",
        "persisted": True,
    }
    gaps = server.post("/sync/announce", announce).ok().json()["gaps"]
    expect(gaps == [{"log_id": log.log_id, "from": 1, "to": 3}], "gaps: %r" % gaps)

    entries = [first, second, future, broken]
    pushed = server.post("/sync/push", {"entries": entries}).ok().json()
    statuses = [r["status"] for r in pushed["results"]]
    expect(statuses[:3] == ["accepted", "accepted", "quarantined"], "statuses: %r" % statuses)
    last = pushed["results"][3]
    expect((last["status"], last["reason"]) == ("refused", "body_hash_mismatch"), repr(last))
    expect(pushed["results"][0]["missing_blobs"] == [blob["sha256"]], "the photo is missing")
    statement = verified(pushed["receipt"], keys)
    hashes = [sha256(e["header"].encode()) for e in entries[:3]]
    expect([e["hash"] for e in statement["entries"]] == hashes, "the receipt names what is held")
    expect(statement["server_id"] == hello["server_id"], "of this server")

    again = server.post("/sync/push", {"entries": [first]}).ok().json()
    expect(again["results"][0]["status"] == "duplicate", "sent twice is a duplicate")
    same = verified(again["receipt"], keys)["entries"][0]
    expect(same == statement["entries"][0], "with the same receipt")

    sent = upload(server, record, data, limits["chunk_bytes"]).json()
    held = verified(sent["receipt"], keys)["blobs"][0]
    expect((held["sha256"], held["size"]) == (blob["sha256"], len(data)), "the photo is held")

    asked = {"entries": hashes + ["0" * 64], "blobs": [[record, blob["sha256"]]]}
    statement = verified(server.post("/sync/verify", asked).ok().json()["receipt"], keys)
    expect([e["hash"] for e in statement["entries"]] == hashes, "verify names what is held")
    expect(len(statement["blobs"]) == 1, "and the photo")

    seen, cursor = {}, ""
    while True:
        page = server.get("/sync/pull" + ("?cursor=" + cursor if cursor else "")).ok().json()
        for row in page["rows"]:
            if "entry" in row:
                seen[sha256(row["entry"]["header"].encode())] = row["entry"]
        cursor = page["cursor"]
        if not page["more"]:
            break
    for pushed, entry_hash in ((first, hashes[0]), (second, hashes[1])):
        pulled = seen.get(entry_hash, {})
        same = all(pulled.get(part) == pushed[part] for part in ("header", "body"))
        expect(same, "pulled as it was pushed, byte for byte: %r" % pulled)

    server.call("DELETE", "/api/v1/session").ok(200, 204)
    expect(not server.get("/sync/hello").ok().json()["signed_in"], "signed out")
    print("all is well: %d rows pulled" % len(seen))


if __name__ == "__main__":
    main(*sys.argv[1:4])
