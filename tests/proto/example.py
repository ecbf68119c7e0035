# SPDX-License-Identifier: Apache-2.0
# Second opinion on PROTOCOL.md: recomputes its worked example from the formulas of the page alone, without our code.
# Usage: example.py PROTOCOL.md. Exit 0 all values follow, 1 one does not, 77 cannot run (python3-cryptography).
import hashlib
import hmac
import re
import struct
import sys

try:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
except ImportError:
    print("skipped: python3-cryptography is not installed")
    sys.exit(77)

NONCE = bytes(12)


def u32(n):
    return struct.pack(">I", n)


def part(data):
    return u32(len(data)) + data


def sha256(data):
    return hashlib.sha256(data).digest()


def mac(key, data):
    return hmac.digest(key, data, "sha256")


def values(page):
    """Name to bytes, of the last code block's "name (n bytes)" and the indented lines below."""
    found = {}
    for name, length, lines in re.findall(r"^(\S.*) \((\d+) bytes\)\n((?:  [0-9a-f]+\n)+)", page, re.M):
        found[name] = bytes.fromhex("".join(lines.split()))
        assert len(found[name]) == int(length), name
    return found


def x25519(secret, key):
    return X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(key))


def hpke_export(secret, key, enc, info, context):
    """RFC 9180 base mode, KEM 0x0020, KDF 0x0001, AEAD 0x0003: SetupBaseR, then Export of 32 bytes."""

    def extract(suite, salt, label, ikm):
        return mac(salt or bytes(32), b"HPKE-v1" + suite + label + ikm)

    def expand(suite, key_material, label, data):
        return mac(key_material, struct.pack(">H", 32) + b"HPKE-v1" + suite + label + data + b"\x01")

    kem = b"KEM" + struct.pack(">H", 0x20)
    hpke = b"HPKE" + struct.pack(">HHH", 0x20, 1, 3)
    shared = expand(kem, extract(kem, b"", b"eae_prk", x25519(secret, enc)), b"shared_secret", enc + key)
    schedule = b"\0" + extract(hpke, b"", b"psk_id_hash", b"") + extract(hpke, b"", b"info_hash", info)
    exporter = expand(hpke, extract(hpke, shared, b"secret", b""), b"exp", schedule)
    return expand(hpke, exporter, b"sec", context)


def hashes(v):
    leaf = sha256(b"\0" + part(b"told/1/REFERRAL") + part(v["header"]))
    lines = [v["acknowledgement, line 0: stored"], v["acknowledgement, line 1: digest"]]
    commitment = sha256(part(b"told/1/key") + v["section key"] + v["message id"] + u32(1))
    yield "HOU signing key id", sha256(v["HOU signing key"])
    yield "TT sealing key id", sha256(v["TT sealing key"])
    yield "SHA-256 of the ciphertext", sha256(v["ciphertext"])
    yield "key commitment", commitment
    yield "section digest", sha256(part(b"told/1/digest") + v["salt"] + part(v["section header"])
                                   + sha256(v["ciphertext"]) + commitment)
    yield "wrap info", part(b"told/1/wrap") + part(b"HOU") + part(b"TT") + v["TT sealing key id"]
    yield "wrap hash, as a grant would name it", sha256(v["enc"] + v["wrap"])
    yield "leaf, and root of a batch of one", leaf
    yield "what is signed", part(b"told/1/batch") + v["HOU signing key id"] + u32(1) + leaf
    yield "acknowledgement, root", sha256(b"\1" + b"".join(sha256(b"\0" + line) for line in lines))
    yield "presence proof", mac(v["card key"], part(b"told/1/presence") + part(v["consent part"]))


def ciphers(v):
    shared = x25519(v["TT sealing secret"], v["enrolment key of the broker"])
    aad = part(b"told/1/section") + part(b"HOU") + v["message id"] + part(v["section header"])
    padded = v["content"] + b"\x80" + bytes(-(len(v["content"]) + 1) % 256)
    context = part(b"told/1/wrap") + v["message id"] + v["section digest"]
    wrap_key = hpke_export(v["TT sealing secret"], v["TT sealing key"], v["enc"], v["wrap info"], context)
    yield "TT possession of its sealing key", mac(shared, part(b"told/1/possession") + part(b"TT") + v["TT sealing key"])
    yield "ciphertext", ChaCha20Poly1305(v["section key"]).encrypt(NONCE, padded, aad)
    yield "wrap", ChaCha20Poly1305(wrap_key).encrypt(NONCE, v["section key"], None)


def main():
    with open(sys.argv[1], encoding="utf-8") as page:
        v = values(page.read())
    for name, value in [*hashes(v), *ciphers(v)]:
        if v[name] != value:
            sys.exit(f"{name}: the formula gives {value.hex()}")
    key = Ed25519PublicKey.from_public_bytes(v["HOU signing key"])
    key.verify(v["signature"], v["what is signed"])
    key.verify(v["HOU possession of its signing key"], part(b"told/1/possession") + part(b"HOU") + v["HOU signing key"])
    print("every value of the worked example follows from the page")


if __name__ == "__main__":
    main()
