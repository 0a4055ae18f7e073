"""Reads Qt's binary resource files (`.rcc`), https://doc.qt.io/qt-6/resources.html; layout as in Qt's qresource.cpp."""

import struct
import zlib

FOLDER, COMPRESSED = 2, 1


class Rcc:
    def __init__(self, path):
        self.bytes = path.read_bytes()
        if self.bytes[:4] != b"qres":
            raise ValueError(f"{path} is no resource file")
        version, self.tree, self.data, self.names = struct.unpack(">4I", self.bytes[4:20])
        # From version 2 on each entry ends with the time of its last change.
        self.entry_size = 14 if version < 2 else 22

    def files(self, entry=0, above=""):
        """Path and bytes of each file below an entry."""
        begin = self.tree + entry * self.entry_size
        name, flags = struct.unpack(">IH", self.bytes[begin : begin + 6])
        path = f"{above}/{self.name(name)}" if entry else ""
        if flags & FOLDER:
            count, first = struct.unpack(">II", self.bytes[begin + 6 : begin + 14])
            for child in range(first, first + count):
                yield from self.files(child, path)
        else:
            yield path, self.content(begin, flags)

    def name(self, offset):
        begin = self.names + offset
        (length,) = struct.unpack(">H", self.bytes[begin : begin + 2])
        return self.bytes[begin + 6 : begin + 6 + 2 * length].decode("utf-16-be")

    def content(self, entry, flags):
        begin = self.data + struct.unpack(">I", self.bytes[entry + 10 : entry + 14])[0]
        (length,) = struct.unpack(">I", self.bytes[begin : begin + 4])
        content = self.bytes[begin + 4 : begin + 4 + length]
        return zlib.decompress(content[4:]) if flags & COMPRESSED else content
