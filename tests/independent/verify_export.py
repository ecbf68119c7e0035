#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second verifier, written from the C2SP texts alone (signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles,
tlog-proof, tlog-policy) with the standard library and the openssl command. It shares no line with told-audit.

    verify_export.py [--policy FILE] DIR          an export: DIR/checkpoint, DIR/vkey, tiles, bundles
    verify_export.py  --policy FILE PROOF...      .tlog-proof files

Prints one line for each thing that holds; says what is wrong and exits 1 at the first that does not.
"""
import base64
import hashlib
import os
import re
import subprocess
import sys
import tempfile

ED25519, COSIGNATURE = 1, 4
SPKI = bytes.fromhex("302a300506032b6570032100")
DASH = "\N{EM DASH} "


class Bad(Exception):
    pass


def need(good, what):
    if not good:
        raise Bad(what)


def sha256(data):
    return hashlib.sha256(data).digest()


def unbase64(text, what):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Bad(what + ": not base64") from None
    need(base64.b64encode(data).decode() == text, what + ": base64 is not canonical")
    return data


def decimal(text, what):
    need(re.fullmatch(r"0|[1-9][0-9]{0,18}", text), what + ": not a decimal number")
    return int(text)


# ---- the tree (RFC 6962 section 2.1) ----

def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def root_of(hashes):
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return node_hash(root_of(hashes[:k]), root_of(hashes[k:]))


def root_by_path(leaf, index, size, path):  # RFC 9162 section 2.1.3.2
    need(index < size, "index is not below the size")
    fn, sn, r = index, size - 1, leaf
    for p in path:
        need(sn != 0, "the path is too long")
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0, "the path is too short")
    return r


# ---- keys, notes, policies ----

class Key:
    def __init__(self, vkey):
        match = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+(.+)", vkey)
        need(match, "a verifier key has not the form name+id+key")
        self.name, typed = match[1], unbase64(match[3], "verifier key")
        need(len(typed) == 33 and typed[0] in (ED25519, COSIGNATURE), "a verifier key of unknown type")
        self.kind, self.key = typed[0], typed[1:]
        self.id = sha256(self.name.encode() + b"\n" + typed)[:4]
        need(self.id.hex() == match[2], "a verifier key whose id is not its own")
        self.last = None  # the largest size that it signs, where the policy says so

    def verifies(self, message, signature):
        with tempfile.TemporaryDirectory() as folder:
            names = [os.path.join(folder, name) for name in ("key", "message", "signature")]
            for name, content in zip(names, (SPKI + self.key, message, signature)):
                with open(name, "wb") as file:
                    file.write(content)
            command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", names[0], "-rawin",
                       "-in", names[1], "-sigfile", names[2]]
            return subprocess.run(command, capture_output=True, check=False).returncode == 0


class Policy:
    def __init__(self, text):
        self.logs, self.witnesses, self.groups, self.quorum = [], {}, {}, None
        need(text.endswith("\n"), "policy: the last line has no end")
        for line in text.splitlines():
            words = line.split()
            if words and words[0] == "#told-end":
                self.end(words)
                continue
            if words and words[0] == "#told-log":
                self.former(words)
                continue
            if not words or words[0].startswith("#"):
                continue
            if words[0] == "log" and len(words) in (2, 3):
                key = Key(words[1])
                need(all(other.key != key.key for other in self.logs), "policy: one public key in two log lines")
                self.logs.append(key)
            elif words[0] == "witness" and len(words) in (3, 4):
                self.witnesses[words[1]] = Key(words[2])
            elif words[0] == "group" and len(words) > 3:
                self.groups[words[1]] = (words[2], words[3:])
            elif words[0] == "quorum" and len(words) == 2 and self.quorum is None:
                self.quorum = words[1]
            else:
                raise Bad("policy: not understood: " + line)
        need(self.quorum is not None, "policy: it has no quorum line")

    def end(self, words):
        """#told-end NAME+ID SIZE: a log's key that signs nothing larger."""
        need(len(words) == 3, "policy: an end line of another form")
        keys = [key for key in self.logs if f"{key.name}+{key.id.hex()}" == words[1] and key.last is None]
        need(len(keys) == 1, "policy: the end of a key that no earlier line names")
        keys[0].last = decimal(words[2], "policy: the end of a key")

    def former(self, words):
        """#told-log VKEY SIZE: a log that ended, under the key of a later log of the same partnership."""
        need(len(words) == 3, "policy: the line of a log that ended has another form")
        key = Key(words[1])
        known = [other.name for other in self.logs if other.key == key.key]
        need(known and key.name not in known and {name.rpartition("/")[0] for name in known} ==
             {key.name.rpartition("/")[0]}, "policy: the key of a log that ended is that of no later one")
        key.last = decimal(words[2], "policy: the end of a log")
        self.logs.append(key)

    def met(self, name, signed):
        if name == "none":
            return True
        if name in self.witnesses:
            return name in signed
        need(name in self.groups, "policy: nobody is called " + name)
        threshold, members = self.groups[name]
        wanted = {"all": len(members), "any": 1}.get(threshold) or decimal(threshold, "policy: threshold")
        return sum(self.met(member, signed) for member in members) >= wanted


def open_note(note):
    """The text, and (name, id, bytes) of each signature line."""
    need(len(note) <= 65536, "checkpoint: too long")
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError:
        raise Bad("checkpoint: not UTF-8") from None
    need(not any(c < " " and c != "\n" for c in whole), "checkpoint: a control character")
    cut = whole.rfind("\n\n")
    need(cut >= 0 and whole.endswith("\n") and cut + 2 < len(whole), "checkpoint: not a signed note")
    lines = []
    for line in whole[cut + 2:-1].split("\n"):
        need(line.startswith(DASH), "checkpoint: a signature line of another form")
        name, _, blob = line[len(DASH):].partition(" ")
        data = unbase64(blob, "checkpoint: signature line")
        need(name and "+" not in name and len(data) > 4, "checkpoint: a signature line of another form")
        lines.append((name, data[:4], data[4:]))
    return whole[:cut + 1], lines


def open_checkpoint(note, logs, witnesses):
    """Origin, size, root, names of the witnesses that signed; at least one of the logs has signed under its name."""
    text, lines = open_note(note)
    parts = text.split("\n")
    need(len(parts) == 4 and parts[3] == "" and parts[0], "checkpoint: not three lines")
    size, root = decimal(parts[1], "checkpoint: size"), unbase64(parts[2], "checkpoint: root")
    need(len(root) == 32, "checkpoint: a root of another length")
    by_log, signed = False, set()
    for name, key_id, blob in lines:
        for key in logs:
            if (key.name, key.id) == (name, key_id) and key.kind == ED25519:
                need(len(blob) == 64 and key.verifies(text.encode(), blob), "checkpoint: the log's signature is wrong")
                by_log = by_log or name == parts[0] and (key.last is None or size <= key.last)
        for who, key in witnesses.items():
            if (key.name, key.id) == (name, key_id) and key.kind == COSIGNATURE:
                time = int.from_bytes(blob[:8], "big")
                message = f"cosignature/v1\ntime {time}\n".encode() + text.encode()
                need(len(blob) == 72 and key.verifies(message, blob[8:]), f"checkpoint: the cosignature of {who} is wrong")
                signed.add(who)
    need(by_log, "checkpoint: not signed by the log that it names")
    return parts[0], size, root, signed


# ---- tiles ----

def path_of(kind, index, width):
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03d}")
    return f"tile/{kind}/" + "/".join(groups) + (f".p/{width}" if width < 256 else "")


def tiles_of(count):
    return [(n, min(256, count - 256 * n)) for n in range((count + 255) // 256)]


def read(folder, name, limit):
    try:
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read(limit + 1)
    except OSError:
        raise Bad(name + ": cannot be read") from None
    need(len(data) <= limit, name + ": too long")
    return data


def entries_of(bundle, width, name):
    for _ in range(width):
        need(len(bundle) >= 2, name + ": it ends before its entries do")
        length = int.from_bytes(bundle[:2], "big")
        need(len(bundle) >= 2 + length, name + ": it ends within an entry")
        yield bundle[2:2 + length]
        bundle = bundle[2 + length:]
    need(not bundle, name + ": more stands behind its entries")


def check_tiles(folder, size, root):
    hashes = []
    for n, width in tiles_of(size):
        name = path_of("entries", n, width)
        hashes += [leaf_hash(entry) for entry in entries_of(read(folder, name, 256 * 65537), width, name)]
    need(root_of(hashes) == root, "the entries do not give the root of the checkpoint")
    level, files = 0, 0
    while hashes:
        for n, width in tiles_of(len(hashes)):
            name = path_of(level, n, width)
            need(read(folder, name, 8192) == b"".join(hashes[256 * n:256 * n + width]),
                 name + ": its hashes are not those of the entries")
            files += 1
        hashes = [root_of(hashes[256 * n:256 * n + 256]) for n in range(len(hashes) // 256)]
        level += 1
    return files


def check_export(folder, policy):
    text = read(folder, "vkey", 4096).decode("ascii", "replace")
    need(text.endswith("\n"), "vkey: it has no end of line")
    key = Key(text[:-1])
    need(key.kind == ED25519, "vkey: not a log's key")
    if policy:
        need(any((k.name, k.key) == (key.name, key.key) for k in policy.logs), "vkey: the policy does not name it")
    witnesses = policy.witnesses if policy else {}
    logs = policy.logs if policy else [key]
    origin, size, root, signed = open_checkpoint(read(folder, "checkpoint", 65536), logs, witnesses)
    files = check_tiles(folder, size, root)
    print(f"{origin}: {size} entries and {files} tiles give the root that the log has signed")
    judge_quorum(policy, signed)


# ---- proofs ----

def check_proof(name, policy):
    with open(name, "rb") as file:
        data = file.read(262145)
    need(len(data) <= 262144, "too long")
    head, cut, note = data.partition(b"\n\n")
    need(cut, "no empty line before the checkpoint")
    lines = head.decode("ascii", "replace").split("\n")
    need(lines[0] == "c2sp.org/tlog-proof@v1", "line 1: not a tlog-proof")
    need(len(lines) > 2 and lines[1].startswith("extra "), "line 2: no entry in an extra line")
    need(lines[2].startswith("index "), "line 3: no index")
    index, path = decimal(lines[2][6:], "index"), [unbase64(line, "path") for line in lines[3:]]
    need(all(len(p) == 32 for p in path) and len(path) <= 63, "path: not hashes")
    origin, size, root, signed = open_checkpoint(note, policy.logs, policy.witnesses)
    leaf = leaf_hash(unbase64(lines[1][6:], "extra"))
    need(root_by_path(leaf, index, size, path) == root, "the path does not lead to the root")
    print(f"{name}: entry {index} of {origin} is in the log of size {size}")
    judge_quorum(policy, signed)


def judge_quorum(policy, signed):
    if policy:
        need(policy.met(policy.quorum, signed), "too few witnesses have signed for the policy")


def main(words):
    policy = None
    if words[:1] == ["--policy"] and len(words) > 2:
        with open(words[1], encoding="utf-8") as file:
            policy = Policy(file.read())
        words = words[2:]
    if not words or (policy is None and not os.path.isdir(words[0])):
        print(__doc__, file=sys.stderr)
        return 2
    for name in words:
        try:
            if os.path.isdir(name):
                check_export(name, policy)
            else:
                check_proof(name, policy)
        except Bad as bad:
            print(f"{name}: {bad}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
