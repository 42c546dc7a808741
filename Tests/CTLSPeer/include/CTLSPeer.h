/* What the tests of TLS need of its other side: a blocking client, and certificates made on the spot. */
#ifndef SB_TLS_PEER_H
#define SB_TLS_PEER_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/* ---- Certificates ---- */

/* A certificate with its key. */
typedef struct sb_identity sb_identity;

/* Makes a certificate on the curve P-256 for the name and 127.0.0.1, valid between the instants in seconds from now. It
   is signed by `issuer`, or by itself; `is_authority` lets it sign others. NULL on failure. */
sb_identity *_Nullable sb_identity_new(
    const char *name, const sb_identity *_Nullable issuer, int is_authority, int64_t from, int64_t until);
void sb_identity_free(sb_identity *identity);

/* Writes the certificate in PEM form (the key, if `is_key`, under the passphrase if there is one) with a NUL: how many
   characters it has, or 0 if there is no room. */
size_t sb_identity_pem(
    const sb_identity *identity, int is_key, const char *_Nullable passphrase, char *text, size_t capacity);

/* ---- The client ---- */

typedef struct sb_peer sb_peer;

/* How a client speaks TLS. */
typedef struct sb_peer_options {
    /* 10 … 13 for TLS 1.0 … 1.3; 0 for OpenSSL's own bounds. */
    int minimum, maximum;
    /* Suites of TLS 1.2 and before; NULL for OpenSSL's own. */
    const char *_Nullable suites;
    /* Names of protocols, each behind its length; NULL for none. */
    const char *_Nullable protocols;
    /* Who signs for the server; NULL: whoever it is. */
    const sb_identity *_Nullable authority;
    const sb_identity *_Nullable identity;
} sb_peer_options;

/* A client on a connected, blocking socket, which it does not close. */
sb_peer *_Nullable sb_peer_new(int descriptor, const sb_peer_options *options);
void sb_peer_free(sb_peer *peer);

/* Carries out the handshake: 1 on success. */
int sb_peer_connect(sb_peer *peer);
/* Bytes read, 0 after close_notify, -1 on anything else. */
long sb_peer_read(sb_peer *peer, void *bytes, size_t capacity);
/* Bytes written, -1 on failure. */
long sb_peer_write(sb_peer *peer, const void *bytes, size_t count);
/* Sends close_notify. */
void sb_peer_end(sb_peer *peer);
/* Asks for new keys (TLS 1.3), or for another handshake (1.2): 1 if it could be asked. */
int sb_peer_rekey(sb_peer *peer);

/* 12, 13 … for TLS 1.2, 1.3 … */
int sb_peer_version(const sb_peer *peer);
int sb_peer_was_resumed(const sb_peer *peer);
/* Each writes words with a NUL: the suite, the chosen protocol, the server's common name, the last error. */
void sb_peer_suite(const sb_peer *peer, char *words, size_t capacity);
void sb_peer_protocol(const sb_peer *peer, char *words, size_t capacity);
void sb_peer_server_name(const sb_peer *peer, char *words, size_t capacity);
void sb_peer_reason(const sb_peer *peer, char *words, size_t capacity);

/* Lets the client resume the session that `earlier` has been given: 1 if it has been given one. */
int sb_peer_resume(sb_peer *peer, const sb_peer *earlier);

#pragma clang assume_nonnull end

#endif
