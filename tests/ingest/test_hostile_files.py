"""Files made to do harm: each ends in one plain line, nothing is executed, fetched, followed or filled up."""

from __future__ import annotations

import gzip
import io
import stat
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import docx
import pytest
from reading import SAMPLES, read

from ingest.collect import documents
from ingest.readers.item import Limits

ARTICLE = "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>T {}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), data)
    return path


def test_an_entity_bomb_is_a_word_nobody_defined(tmp_path: Path) -> None:
    """Entities that a file defines are never expanded; the record that uses one is refused, the next is read."""
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    path = tmp_path / "bomb.xml"
    path.write_text(
        f"<?xml version='1.0'?>{bomb}<PubmedArticleSet>{ARTICLE.format('&c;')}{ARTICLE.format('&beta; &lt; 1')}</PubmedArticleSet>"
    )
    found, errors = read(path)
    assert [d.source.title for d in found] == ["T β < 1"]
    assert len(errors) == 1
    assert "record 1: it is not well-formed XML" in errors[0]


def test_a_file_of_the_machine_is_not_read_into_a_document(tmp_path: Path) -> None:
    """An external entity gives nothing of the file that it names."""
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    path = tmp_path / "x.xml"
    path.write_text(
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]><PubmedArticleSet>{ARTICLE.format("&e;")}</PubmedArticleSet>'
    )
    found, errors = read(path)
    assert found == []
    assert errors
    assert "the secret" not in str(errors)


def test_a_zip_bomb_stops_at_the_limit(tmp_path: Path) -> None:
    """What is unpacked is counted, whatever the archive says of itself; what came before it is read."""
    bomb = zipped(
        tmp_path / "bomb.zip", a_DOT_ris=(SAMPLES / "table_wos.tsv").read_bytes(), z_DOT_txt=b"0" * 5_000_000
    )
    found, errors = read(bomb, Limits(file_mb=1))
    assert len(found) == 1
    assert errors == ["/z.txt: it unpacks to more than 1 MB; part it, or set CAVEAT_MAX_FILE_MB"]
    packed = tmp_path / "bomb.txt.gz"
    packed.write_bytes(gzip.compress(b"0" * 5_000_000))
    assert read(packed, Limits(file_mb=1))[1] == [
        "it unpacks to more than 1 MB; part it, or set CAVEAT_MAX_FILE_MB"
    ]


def test_archives_within_archives_end(tmp_path: Path) -> None:
    """Two levels are unpacked; a third is named and left."""
    inner = zipped(tmp_path / "1.zip", a_DOT_txt=b"Some text.").read_bytes()
    middle = zipped(tmp_path / "2.zip", one_DOT_zip=inner)
    assert len(read(middle)[0]) == 1
    outer = zipped(tmp_path / "3.zip", two_DOT_zip=middle.read_bytes())
    found, errors = read(outer)
    assert found == []
    assert errors == ["/two.zip/one.zip: an archive in an archive in an archive is not read; unpack it"]


def test_names_that_lead_out_of_an_archive_are_refused(tmp_path: Path) -> None:
    """No member is written where its name says, and a link is not followed."""
    path = tmp_path / "out.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../escaped.txt", "out")
        archive.writestr("/absolute.txt", "out")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("fine.txt", "Good text.")
    found, errors = read(path)
    assert [d.sections[0].text for d in found] == ["Good text."]
    assert len(errors) == 3
    assert not list(tmp_path.parent.rglob("escaped.txt"))


def test_damaged_archives_are_told(tmp_path: Path) -> None:
    """A cut-off archive, and one with a broken member, end in one line."""
    raw = zipped(tmp_path / "a.zip", a_DOT_txt=b"Some text." * 1000).read_bytes()
    (tmp_path / "cut.zip").write_bytes(raw[:80])
    assert read(tmp_path / "cut.zip")[1] == ["the archive is damaged or cut off"]
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"Some text." * 1000)[:30])
    assert read(tmp_path / "cut.gz")[1] == ["the archive is damaged or cut off"]
    broken = bytearray(raw)
    broken[45] ^= 0xFF
    (tmp_path / "broken.zip").write_bytes(bytes(broken))
    found, errors = read(tmp_path / "broken.zip")
    assert found == []
    assert len(errors) == 1


def test_loops_of_links_end(tmp_path: Path) -> None:
    """A folder that links to itself is read once."""
    (tmp_path / "a.txt").write_text("Some text.")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    errors: list[Exception] = []
    assert len(list(documents([tmp_path], errors.append))) == 1
    assert errors == []


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path) -> None:
    """Size is asked before anything is read."""
    path = tmp_path / "large.ris"
    with path.open("wb") as stream:
        stream.truncate(3_000_000_000)
    found, errors = read(path)
    assert found == []
    assert errors == ["it is larger than 1000 MB; part it, or set CAVEAT_MAX_FILE_MB"]


class _Watch(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    watch = HTTPServer(("127.0.0.1", 0), type("Watch", (_Watch,), {"asked": asked}))
    thread = threading.Thread(target=watch.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{watch.server_port}", asked
    watch.shutdown()
    watch.server_close()


def test_nothing_is_fetched(tmp_path: Path, server: tuple[str, list[str]]) -> None:
    """A real server that every kind of file points to is never asked."""
    base, asked = server
    text = "Zorilimab lowered the score by 5 points in the group that was treated. " * 6
    html = f'<html><head><title>A page</title><link rel="stylesheet" href="{base}/c.css"><meta http-equiv="refresh" content="0;url={base}/r"><base href="{base}/"></head><body><article><h1>A page</h1><p>{text}</p><img src="{base}/i.png"><iframe src="{base}/f"></iframe><script src="{base}/s.js"></script></article></body></html>'
    (tmp_path / "a.html").write_text(html)
    dtd = f'<!DOCTYPE PubmedArticleSet SYSTEM "{base}/x.dtd" [<!ENTITY % p SYSTEM "{base}/p.ent"> %p; <!ENTITY e SYSTEM "{base}/e">]>'
    (tmp_path / "b.xml").write_text(
        f"<?xml version='1.0'?>{dtd}<PubmedArticleSet>{ARTICLE.format('&e;')}</PubmedArticleSet>"
    )
    jats = (SAMPLES / "article.nxml").read_text().replace("JATS-archivearticle1.dtd", f"{base}/jats.dtd")
    (tmp_path / "c.nxml").write_text(jats)
    word = docx.Document()
    word.add_paragraph(text)
    word.part.relate_to(
        f"{base}/template.dotm",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate",
        is_external=True,
    )
    word.save(str(tmp_path / "d.docx"))
    found = [d for name in ("a.html", "b.xml", "c.nxml", "d.docx") for d in read(tmp_path / name)[0]]
    assert len(found) == 3
    assert asked == []


def test_a_confined_reader_has_no_network_and_no_other_program(tmp_path: Path) -> None:
    """The doors of the other process are really closed, and files cannot be written there."""
    import subprocess
    import sys

    tries = """
import sys
import socket, subprocess
from ingest.sandbox.confine import Confined, confine
confine(2000, 30)
def tried(what):
    try:
        what()
    except Confined:
        return
    raise SystemExit("went through")
tried(lambda: socket.create_connection(("127.0.0.1", 9)))
tried(lambda: subprocess.run(["true"]))
tried(lambda: open(sys.argv[1], "w"))
try:
    bytearray(4_000_000_000)
except MemoryError:
    print("closed")
"""
    target = tmp_path / "written"
    done = subprocess.run(
        [sys.executable, "-c", tries, str(target)], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("closed\n", 0), done.stderr
    assert not target.exists()


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("old.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "save it as .docx"),
        ("x.rtf", b"{\\rtf1 text}", "RTF is not read"),
        ("x.png", b"\x89PNG\r\n\x1a\n", "an image is not read"),
        ("x.txt", b"text\0more", "it is not text"),
        ("x.xml", b"<foo><bar/></foo>", "its first element is <foo>"),
        ("x.json", b'{"a": 1}', "JSON of a kind that is not read"),
        ("x.json", b'{"a": ', "it is not JSON"),
        ("x.json", b"[" * 100_000, "it is not JSON"),
        ("x.xml", b"<PubmedArticleSet></PubmedArticleSet>", "it holds no record"),
        ("x.ris", b"", "it has no text"),
        ("x.csv", b"a,b\n1,2\n", "no row of it names columns"),
        ("x.xml", b"<article><front/></article>", "it has no article-meta"),
    ],
)
def test_what_is_not_read_says_why(tmp_path: Path, name: str, raw: bytes, words: str) -> None:
    """Each refusal names what the file is, or what is wrong with it."""
    path = tmp_path / name
    path.write_bytes(raw)
    found, errors = read(path)
    assert found == []
    assert len(errors) == 1
    assert words in errors[0]


def test_a_workbook_is_named_as_one(tmp_path: Path) -> None:
    """Excel files look like archives, and are told apart."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    path = tmp_path / "x.xlsx"
    path.write_bytes(buffer.getvalue())
    assert read(path)[1] == ["an Excel workbook is not read; save the sheet as .csv"]
