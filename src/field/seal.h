// SPDX-License-Identifier: AGPL-3.0-or-later
// The sealed queue: what a phone finishes is encrypted to the server's public key, so that the
// phone cannot read it back and a lost phone shows nothing.
//
//   record = E ‖ AES-256-GCM ciphertext ‖ tag          E: the 65 bytes of an uncompressed P-256
//                                                      point, new for each record; tag: 16 bytes
//   okm    = HKDF-SHA256(ikm = ECDH(e, S), salt = E ‖ S, info = "doorstep sealed queue v1", 44)
//   key    = okm[0..31], iv = okm[32..43]
//   aad    = "<record id>|<device id>|<counter>"
//
// ECDH: NIST SP 800-56A; HKDF: RFC 5869; GCM: NIST SP 800-38D. P-256, because a browser's WebCrypto
// has it everywhere; the work is OpenSSL's. Because the key comes from a fresh E, an iv is never
// used twice with one key.
#ifndef FIELD_SEAL_H
#define FIELD_SEAL_H

#include "base/base.h"
#include "base/err.h"

enum {
    SEAL_PUBLIC = 65,  // bytes of a public key
    SEAL_PRIVATE = 32, // of a private one
    SEAL_TAG = 16,
    SEAL_MORE = SEAL_PUBLIC + SEAL_TAG, // a sealed record is longer than the plain one by this
};

struct seal_key {
    unsigned char public[SEAL_PUBLIC], private[SEAL_PRIVATE];
};

// Makes a pair from the system's chance. Fails (ERR_IO) only when OpenSSL does.
MUST_USE err seal_key_make(struct arena *a, struct seal_key *ret);
// The public half of a private key. ERR_INVALID when it is none (zero, or beyond the order).
MUST_USE err seal_key_public(struct arena *a, const unsigned char private[SEAL_PRIVATE],
                             unsigned char ret[SEAL_PUBLIC]);

// "id|device|42": what a record is bound to, so that nobody can put it in another one's place.
str seal_bound_to(struct arena *a, str id, str device, int64_t seq);

// Opens a record. ERR_INVALID, with a sentence for the coordinator, when it is too short, its point
// is none, or a bit of it, of its id or of its counter is not what was sealed. *ret is in the
// arena.
MUST_USE err seal_open(struct arena *a, const struct seal_key *key, str record, str bound_to,
                       str *ret);
// Seals, as a phone does: for paper that is keyed in elsewhere, and for tests. `with`: the pair the
// record's point comes from; NULL makes a new one, as it has to be but in a test.
MUST_USE err seal_make(struct arena *a, const unsigned char to[SEAL_PUBLIC], str plain,
                       str bound_to, const struct seal_key *with, str *ret);

// SHA-256 as 64 lower-case hexadecimal digits.
str sha256_hex(struct arena *a, str bytes);

#endif
