/* The digests of OpenSSL 3, behind names of our own: differences between library versions end in this target.
   No function keeps a pointer it is given; each int result is 1 on success and 0 on failure. */
#ifndef SB_DIGESTS_H
#define SB_DIGESTS_H

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stddef.h>
#include <stdint.h>

#define SB_SHA256_BYTES 32

#pragma clang assume_nonnull begin

/* A SHA-256 computation in progress: made by sb_sha256_new, freed by sb_sha256_free alone. */
typedef struct sb_sha256 sb_sha256;

static inline sb_sha256 *_Nullable sb_sha256_new(void) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(context);
        context = NULL;
    }
    return (sb_sha256 *)context;
}

static inline void sb_sha256_free(sb_sha256 *hash) {
    EVP_MD_CTX_free((EVP_MD_CTX *)hash);
}

static inline int sb_sha256_update(sb_sha256 *hash, const void *_Nullable bytes, size_t count) {
    return EVP_DigestUpdate((EVP_MD_CTX *)hash, bytes, count);
}

/* Writes SB_SHA256_BYTES bytes and starts anew. */
static inline int sb_sha256_finish(sb_sha256 *hash, uint8_t *digest) {
    EVP_MD_CTX *context = (EVP_MD_CTX *)hash;
    return EVP_DigestFinal_ex(context, digest, NULL) == 1 && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
}

/* Writes the SB_SHA256_BYTES bytes of the message's HMAC-SHA-256 (RFC 2104). */
static inline int sb_hmac_sha256(const void *key, size_t key_count, const void *message, size_t count, uint8_t *code) {
    unsigned int length = SB_SHA256_BYTES;
    return key_count <= INT32_MAX
        && HMAC(EVP_sha256(), key, (int)key_count, (const unsigned char *)message, count, code, &length) != NULL
        && length == SB_SHA256_BYTES;
}

/* Whether `count` bytes are the same, in a time that does not depend on where they differ. */
static inline int sb_is_equal(const void *left, const void *right, size_t count) {
    return CRYPTO_memcmp(left, right, count) == 0;
}

#pragma clang assume_nonnull end

#endif
