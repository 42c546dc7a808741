/* The server's side of TLS 1.2 and 1.3 by OpenSSL 3, without a socket: bytes come and go by two functions of the caller.
   No function keeps a pointer to bytes it is given, and none blocks. A context may be used by several threads once it is
   set up; a connection belongs to one thread at a time. */
#ifndef SB_TLS_H
#define SB_TLS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/* The most bytes of plain text in one record (RFC 8446, section 5.1): what one read brings, and one write takes. */
#define SB_TLS_RECORD_BYTES 16384

/* ---- Certificates, keys and rules, shared by connections ---- */

typedef struct sb_tls_context sb_tls_context;

/* What became of a PEM file; a negative status is −errno. */
#define SB_TLS_FILE_OK 0
#define SB_TLS_FILE_NOT_PEM 1   /* nothing of the wanted kind is in it */
#define SB_TLS_FILE_ENCRYPTED 2 /* a key under a passphrase */
#define SB_TLS_FILE_MISMATCH 3  /* the key is not that of the certificate */
#define SB_TLS_FILE_BAD 4       /* sb_tls_context_reason tells */

/* A context that takes TLS 1.2 (1.3 alone if `only13`) and newer, the suites with forward secrecy and authenticated
   encryption, and the application protocols http/1.1 and http/1.0. NULL if OpenSSL cannot make one. */
sb_tls_context *_Nullable sb_tls_context_new(int only13);
void sb_tls_context_free(sb_tls_context *context);

/* Takes the server's certificate, and those that lead from it to an authority, in this order. */
int sb_tls_use_certificates(sb_tls_context *context, const char *path);
/* Takes the certificate's private key; after the certificate. */
int sb_tls_use_key(sb_tls_context *context, const char *path);
/* Asks clients for a certificate of one of these authorities, and refuses those who have none if `required`. */
int sb_tls_use_client_authorities(sb_tls_context *context, const char *path, int required);

/* When the server's certificate begins and ends to be valid, in seconds since 1970; 1 on success. */
int sb_tls_validity(const sb_tls_context *context, int64_t *from, int64_t *until);

/* Why the call before failed, in OpenSSL's words; empty if it does not say. */
void sb_tls_context_reason(char *words, size_t capacity);

/* ---- One connection ---- */

typedef struct sb_tls sb_tls;

/* Reads up to `count` bytes from the peer: how many, 0 at the end, or −errno. */
typedef ptrdiff_t (*sb_tls_receive)(void *owner, void *bytes, size_t count);
/* Writes up to `count` bytes to the peer: how many, or −errno. */
typedef ptrdiff_t (*sb_tls_send)(void *owner, const void *bytes, size_t count);

/* What a read or a write came to, where it is not a number of bytes. */
#define SB_TLS_WANTS_READ -1
#define SB_TLS_WANTS_WRITE -2
#define SB_TLS_END -3     /* the peer has ended its direction */
#define SB_TLS_LOST -4    /* a function of the caller failed: sb_tls_error */
#define SB_TLS_BROKEN -5  /* the peer breaks the protocol or is refused, and has been told: sb_tls_reason */
#define SB_TLS_NOT_TLS -6 /* the peer speaks HTTP without TLS */

/* The server's end of a new connection, whose handshake the first reads carry out. The context must outlive it, and
   `owner` is passed to the functions. NULL if memory is short. */
sb_tls *_Nullable sb_tls_new(sb_tls_context *context, void *owner, sb_tls_receive receive, sb_tls_send send);
void sb_tls_free(sb_tls *tls);

/* Reads what one record holds, or a part of it: `capacity` bytes at most. Where it is SB_TLS_RECORD_BYTES or more,
   nothing that has been received from the peer is left behind but an unfinished record. */
ptrdiff_t sb_tls_read(sb_tls *tls, void *bytes, size_t capacity);
/* Writes one record's worth of the bytes. After SB_TLS_WANTS_WRITE the next call must begin with the same bytes, wherever
   they lie. */
ptrdiff_t sb_tls_write(sb_tls *tls, const void *bytes, size_t count);
/* Tells the peer, if it can still be told at once, that no more comes (close_notify). */
void sb_tls_end(sb_tls *tls);

int sb_tls_is_established(const sb_tls *tls);
/* −errno of the caller's function that failed. */
ptrdiff_t sb_tls_error(const sb_tls *tls);
/* Why the call before failed, in OpenSSL's words; empty if it does not say. */
void sb_tls_reason(const sb_tls *tls, char *words, size_t capacity);

#pragma clang assume_nonnull end

#endif
