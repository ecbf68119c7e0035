# SPDX-License-Identifier: Apache-2.0
# Every row of every table of vaults, so that before and after can be compared: rows.py OUT WORK PARTY... waits until
# nothing moves any more and writes OUT/PARTY, a row a line, and OUT/log, the messages that the log has. Databases are
# copied with what waits beside them, because their programs have them open; nothing is opened that is sealed.
import pathlib
import shutil
import sqlite3
import sys
import tempfile
import time

# When an agent last heard of the broker, and where the log ended then: they move with the clock.
CLOCK = ("meta 'checked' ", "meta 'checkpoint' ")


def shown(value):
    return value.hex() if isinstance(value, bytes) else repr(value)


def of_copy(path, read):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "copy.db"
        for end in ("", "-wal"):
            if pathlib.Path(f"{path}{end}").exists():
                shutil.copyfile(f"{path}{end}", f"{copy}{end}")
        with sqlite3.connect(copy) as database:
            return read(database)


def rows(database):
    lines = []
    for (table,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        lines += [table + " " + " ".join(map(shown, row)) for row in database.execute(f'SELECT * FROM "{table}"')]
    return sorted(line for line in lines if not line.startswith(CLOCK))


def messages(database):
    return sorted(shown(i) for (i,) in database.execute("SELECT id FROM duplicate"))


def look(work, parties):
    seen = {party: of_copy(work / party / "vault.db", rows) for party in parties}
    seen["log"] = of_copy(work / "broker" / "told.db", messages)
    return seen


def main(out, work, *parties):
    work, out = pathlib.Path(work), pathlib.Path(out)
    now, before, end = None, None, time.monotonic() + 120
    while now is None or now != before:
        if time.monotonic() > end:
            sys.exit("something moves all the time")
        time.sleep(0.2)
        try:
            before, now = now, look(work, parties)
        except sqlite3.DatabaseError:  # copied in the middle of a write
            before, now = None, None
    out.mkdir(exist_ok=True)
    for name, lines in now.items():
        (out / name).write_text("".join(line + "\n" for line in lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
