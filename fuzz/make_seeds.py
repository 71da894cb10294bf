#!/usr/bin/env python3
"""Makes the seeds of the fuzz targets from the recordings of real servers.

    python3 fuzz/make_seeds.py

Writes `fuzz/seeds/<target>/`, anew. One file for each shape that is new, a few KB a target:
recorded bytes, cut to whole small documents, with the few leading bytes that the target reads
its circumstances from (see `src/server.rs`). Short texts and the zip are made here.
"""

import hashlib
import io
import json
import pathlib
import shutil
import zipfile

HERE = pathlib.Path(__file__).parent
RECORDINGS = HERE.parent / "tests" / "recordings"
VERSIONS = ["2.40.12", "2.41.9", "2.42.5.2", "2.43.1"]
LARGEST = 2_000


def write(target, body):
    folder = HERE / "seeds" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha256(body).hexdigest()[:12]).write_bytes(body)


def steps():
    for number, version in enumerate(VERSIONS):
        for path in sorted((RECORDINGS / version).glob("*.json")):
            for step in json.loads(path.read_text())["steps"]:
                yield number, step


def body_of(response):
    if response.get("json") is not None:
        return json.dumps(response["json"], ensure_ascii=False, separators=(",", ":")).encode()
    return (response.get("text") or "").encode()


def shape(value):
    """What a document is made of, without what it says."""
    if isinstance(value, dict):
        return tuple(sorted((name, shape(member)) for name, member in value.items()))
    if isinstance(value, list):
        return ("list", *sorted({str(shape(member)) for member in value}))
    return type(value).__name__


def small(document):
    """The document with at most two members in each list."""
    if isinstance(document, dict):
        return {name: small(member) for name, member in document.items()}
    if isinstance(document, list):
        return [small(member) for member in document[:2]]
    return document


def main():
    shutil.rmtree(HERE / "seeds", ignore_errors=True)
    seen = set()

    def once(*key):
        if key in seen:
            return False
        seen.add(key)
        return True

    for number, step in steps():
        request, response = step["request"], step["response"]
        path, status, body = request["path"], response["status"], body_of(response)
        document = response.get("json")
        values = request.get("json")
        values = values.get("dataValues") if isinstance(values, dict) else None
        if isinstance(document, dict) and "importCount" in str(document):
            summary = document.get("response") or document
            code = next((c.get("errorCode") for c in summary.get("conflicts") or []), None)
            summary.pop("importOptions", None)
            if len(body) < LARGEST and once("answer", number > 2, status, code):
                place = {200: 0, 409: 1}.get(status, 2)
                write("import_answer", bytes([number, place, len(values or [1])]) + json.dumps(document).encode())
        elif "dataValueSets" in path and request["method"] == "GET" and len(body) > 30:
            if isinstance(document, dict):
                document = small(document)
                if once("values", number > 2, str(sorted(document)), shape(document["dataValues"][:1] if "dataValues" in document else [])):
                    write("value_json", json.dumps(document, separators=(",", ":")).encode())
            elif body.startswith((b"dataelement", b'"dataelement')):
                lines = b"".join(body.splitlines(keepends=True)[:4])
                if once("csv", lines.count(b"\n"), lines.split(b"\n")[0]):
                    write("value_csv", lines)
        elif status == 200 and isinstance(document, dict | list) and request["method"] == "GET":
            document = small(document)
            text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
            if len(text) < LARGEST // 4 and once("document", path.split("?")[0], type(document).__name__):
                write("documents", text)
        if status >= 300 or "text/html" in response["headers"].get("content-type", ""):
            head = "".join(
                f"{name}: {value}\n" for name, value in response["headers"].items()
                if name in ("content-type", "x-content-type-options")
            )
            through = "/run" in path and "/routes/" in path
            code = document.get("errorCode") if isinstance(document, dict) else None
            if len(body) < LARGEST // 4 and once("error", status, code, through):
                flags = bytes([number, 0b0101_0000 if through else 0b10]) + (status - 100).to_bytes(2, "big")
                write("error_body", flags + head.encode() + b"\n" + body)

    head = "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,value,storedby,lastupdated,comment,followup,deleted\n"
    row = '"deIntZeroP1","202601","ouFacA10001","HllvX50cXC0","HllvX50cXC0","5","amy","2026-11-22","two\nlines, ""so""",false,true\n'
    write("value_csv", ("\ufeff" + head + row).encode())
    write("value_csv", (head + row).replace("\n", "\r\n").encode())
    write("value_json", b"{}")
    write("error_body", bytes([0, 0, 1, 0x91]) + b"retry-after: Sun, 22 Nov 2026 06:30:00 GMT\ndate: Sun, 22 Nov 2026 06:28:45 GMT\n\n")
    write("error_body", bytes([3, 0, 0, 100]) + b"content-type: text/html\n\n<html><input type='password'></html>")
    for version in ["2.42.5.2", "2.43-SNAPSHOT", "2.43.1-rc1", "44.0", "2.39.6", "2.40.12+7"]:
        write("version", version.encode())
    for address in [
        "hmis.example.org", "HTTPS://HMIS.Example.org:8443/dhis/api/apps/x/#/y", "http://[::1]:8080/",
        "https://a.org/dhis-web-commons/security/login.action?x=1", "https://user:pass@a.org", "ftp://a.org",
    ]:
        write("address", address.encode())
    for period in [
        "20260131", "2026-01-31", "202601", "2026-01", "2026W5", "2026W05", "2026WedW5", "2026SunW53", "2026BiW1",
        "202601B", "2026Q1", "2026NovQ1", "2026S1", "2026AprilS1", "2026NovS2", "2026", "2026April", "2026Oct", "2026Feb",
    ]:
        write("period", period.encode())
    write("query", "fields=id,name,categoryCombo[id]\nfilter=id:in:[a,b]\nquery=District 1 & \u00e9\norgUnit=ouFacA10001".encode())
    write("query", b"dataSet=dsMonthly01\nperiod=202601\norgUnit=ouFacA10001\norgUnit=ouFacA10002\ncompression=gzip")
    manifest = b'{"name":"x","version":"1","activities":{"dhis":{"href":"*"}}}'
    for names in [["manifest.webapp", "index.html"], ["app/manifest.webapp", "app/a/b.js", "app//c.js"], ["../manifest.webapp"]]:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
                archive.writestr(info, manifest)
        write("app_package", packed.getvalue())


main()
