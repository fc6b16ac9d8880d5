"""Zip archives and the XML in them, within bounds: no bomb, no entity, no network (S5)."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

from lxml import etree

from studiolo_indexer.containers import OLE_MARK
from studiolo_indexer.errors import FileFailure

MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 128 * 2**20
MAX_TOTAL_BYTES = 512 * 2**20
MAX_RATIO = 200
SMALL_BYTES = 4 * 2**20
_BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, NotImplementedError, ValueError)


class Archive:
    """The members of a zip archive; each is unpacked in memory, within a bound for all of them together.

    Raises (on construction):
        FileFailure: file.password, file.damaged or file.bomb.
    """

    def __init__(self, data: bytes) -> None:
        if data.startswith(OLE_MARK):
            raise FileFailure("file.password", "It is protected with a password.")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise FileFailure("file.damaged", "Its archive is damaged.") from error
        members = self._zip.infolist()
        if len(members) > MAX_MEMBERS:
            raise FileFailure("file.bomb", "Its archive holds too many files.")
        self._left_bytes = MAX_TOTAL_BYTES
        self.names = [m.filename for m in members if not m.is_dir()]

    def read(self, name: str) -> bytes | None:
        """Unpack a member; None if there is none of that name.

        Raises:
            FileFailure: file.password, file.damaged or file.bomb.
        """
        try:
            info = self._zip.getinfo(name)
        except KeyError:
            return None
        if info.flag_bits & 1:
            raise FileFailure("file.password", "It is protected with a password.")
        if info.file_size > min(MAX_MEMBER_BYTES, self._left_bytes):
            raise FileFailure("file.bomb", "It is too large when unpacked.")
        if info.file_size > SMALL_BYTES and info.file_size > MAX_RATIO * max(1, info.compress_size):
            raise FileFailure("file.bomb", "A part of it is packed suspiciously small.")
        try:
            with self._zip.open(info) as stream:
                # One byte more than it claims: what an archive says of itself is no promise.
                content = stream.read(info.file_size + 1)
        except _BROKEN as error:
            raise FileFailure("file.damaged", "Its archive is damaged.") from error
        if len(content) > info.file_size:
            raise FileFailure("file.bomb", "A part of it is larger than it claims.")
        self._left_bytes -= len(content)
        return content

    def xml(self, name: str) -> etree._Element | None:
        """Unpack a member and parse it as XML; None if there is none of that name.

        Raises:
            FileFailure: As `read`, or for XML that is damaged or declares entities.
        """
        content = self.read(name)
        return None if content is None else parse_xml(content)


def parse_xml(content: bytes) -> etree._Element:
    """Parse XML that no one has vouched for: no entities, no DTD, no network, at most 256 levels.

    Raises:
        FileFailure: file.bomb if it declares entities, file.damaged if it is no XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FileFailure("file.damaged", "Its XML is damaged.") from error
    subset: Any = root.getroottree().docinfo.internalDTD  # Any: lxml's types lack what a DTD holds
    if subset is not None and next(iter(subset.iterentities()), None) is not None:
        raise FileFailure("file.bomb", "It declares XML entities, which no document of this kind does.")
    return root
