#include "identity.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

static int add_extension(X509 *certificate, X509 *issuer, int which, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, which, value);
    int is_added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return is_added;
}

static int fill(
    X509 *certificate, EVP_PKEY *key, X509 *issuer, EVP_PKEY *signer, const char *name, int is_authority, int64_t from,
    int64_t until
) {
    X509_NAME *subject = X509_get_subject_name(certificate);
    uint64_t serial = 0;
    if (RAND_bytes((unsigned char *)&serial, sizeof serial) != 1) return 0;
    return X509_set_version(certificate, X509_VERSION_3) == 1
        && ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1
        && X509_gmtime_adj(X509_getm_notBefore(certificate), (long)from)
        && X509_gmtime_adj(X509_getm_notAfter(certificate), (long)until) && X509_set_pubkey(certificate, key) == 1
        && X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1
        && X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1
        && add_extension(
               certificate, issuer, NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE")
        && add_extension(certificate, issuer, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1")
        && X509_sign(certificate, signer, EVP_sha256()) > 0;
}

sb_identity *sb_identity_new(
    const char *name, const sb_identity *issuer, int is_authority, int64_t from, int64_t until
) {
    sb_identity *identity = calloc(1, sizeof *identity);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    if (identity && key && certificate) {
        *identity = (sb_identity){.certificate = certificate, .key = key};
        X509 *above = issuer ? issuer->certificate : certificate;
        if (fill(certificate, key, above, issuer ? issuer->key : key, name, is_authority, from, until)) return identity;
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    free(identity);
    return NULL;
}

void sb_identity_free(sb_identity *identity) {
    X509_free(identity->certificate);
    EVP_PKEY_free(identity->key);
    free(identity);
}

size_t sb_identity_pem(
    const sb_identity *identity, int is_key, const char *passphrase, char *text, size_t capacity
) {
    BIO *memory = BIO_new(BIO_s_mem());
    if (!memory) return 0;
    int is_written =
        is_key ? PEM_write_bio_PrivateKey(
                     memory, identity->key, passphrase ? EVP_aes_128_cbc() : NULL, (const unsigned char *)passphrase,
                     passphrase ? (int)strlen(passphrase) : 0, NULL, NULL)
               : PEM_write_bio_X509(memory, identity->certificate);
    char *bytes;
    long count = BIO_get_mem_data(memory, &bytes);
    size_t length = is_written == 1 && count > 0 && (size_t)count < capacity ? (size_t)count : 0;
    memcpy(text, bytes, length);
    text[length] = 0;
    BIO_free(memory);
    return length;
}
