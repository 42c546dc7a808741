#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Mozilla's intermediate list of 2024 without the suites over finite fields, whose key exchange is slow. */
static const char suites12[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
static const char suites13[] = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
static const char groups[] = "X25519:P-256:P-384";
static const unsigned char session_scope[] = "switchback";

/* The names of the protocols that are spoken (RFC 7301), each behind its length, the best first. */
static const unsigned char protocols[] = "\x08http/1.1\x08http/1.0";

/* Chooses from a client's list; one without a protocol that is spoken ends the handshake. */
static int choose_protocol(
    SSL *ssl, const unsigned char **chosen, unsigned char *chosen_count, const unsigned char *list, unsigned int count,
    void *unused
) {
    (void)ssl, (void)unused;
    unsigned char *choice = NULL;
    int result = SSL_select_next_proto(&choice, chosen_count, protocols, sizeof protocols - 1, list, count);
    *chosen = choice;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* A service has nobody to ask for a passphrase: this only notes that one was asked for. */
static int no_passphrase(char *buffer, int capacity, int is_for_writing, void *was_asked) {
    (void)buffer, (void)capacity, (void)is_for_writing;
    *(int *)was_asked = 1;
    return -1;
}

static int set_up(SSL_CTX *ssl, int only13) {
    SSL_CTX_set_options(
        ssl, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE
                 /* Clients without AES instructions put ChaCha20 first, and are right. */
                 | SSL_OP_PRIORITIZE_CHACHA
                 /* Many end with a mere FIN. HTTP's own framing finds out what is cut short. */
                 | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(
        ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    /* Resumption by tickets: the sessions are the clients' to keep, under a key that lives as long as the context. */
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(ssl, choose_protocol, NULL);
    return SSL_CTX_set_min_proto_version(ssl, only13 ? TLS1_3_VERSION : TLS1_2_VERSION) == 1
        && SSL_CTX_set_max_proto_version(ssl, 0) == 1 && SSL_CTX_set_cipher_list(ssl, suites12) == 1
        && SSL_CTX_set_ciphersuites(ssl, suites13) == 1 && SSL_CTX_set1_groups_list(ssl, groups) == 1
        && SSL_CTX_set_session_id_context(ssl, session_scope, sizeof session_scope - 1) == 1;
}

sb_tls_context *sb_tls_context_new(int only13) {
    ERR_clear_error();
    sb_tls_context *context = calloc(1, sizeof *context);
    if (!context) return NULL;
    context->io = sb_tls_io_new();
    context->ssl = SSL_CTX_new(TLS_server_method());
    if (context->io && context->ssl && set_up(context->ssl, only13)) return context;
    sb_tls_context_free(context);
    return NULL;
}

void sb_tls_context_free(sb_tls_context *context) {
    SSL_CTX_free(context->ssl);
    BIO_meth_free(context->io);
    free(context);
}

/* Opens a file that is not a folder: 0 or −errno. */
static int open_file(const char *path, BIO **file) {
    ERR_clear_error();
    errno = 0;
    FILE *stream = fopen(path, "re");
    if (!stream) return errno ? -errno : -EIO;
    struct stat found;
    if (fstat(fileno(stream), &found) == 0 && S_ISDIR(found.st_mode)) {
        fclose(stream);
        return -EISDIR;
    }
    *file = BIO_new_fp(stream, BIO_CLOSE);
    if (*file) return 0;
    fclose(stream);
    return -ENOMEM;
}

/* Whether a file was read to its end without meeting what was looked for. */
static int is_at_end(void) {
    unsigned long error = ERR_peek_last_error();
    return (ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE)
        /* What is said of keys. */
        || (ERR_GET_LIB(error) == ERR_LIB_OSSL_DECODER && ERR_GET_REASON(error) == ERR_R_UNSUPPORTED);
}

static X509 *next_certificate(BIO *file) {
    int was_asked = 0;
    return PEM_read_bio_X509_AUX(file, NULL, no_passphrase, &was_asked);
}

static int use_certificates(SSL_CTX *ssl, BIO *file) {
    X509 *certificate = next_certificate(file);
    if (!certificate) return is_at_end() ? SB_TLS_FILE_NOT_PEM : SB_TLS_FILE_BAD;
    int is_taken = SSL_CTX_use_certificate(ssl, certificate) == 1 && SSL_CTX_clear_chain_certs(ssl) == 1;
    X509_free(certificate);
    if (!is_taken) return SB_TLS_FILE_BAD;
    while ((certificate = next_certificate(file))) {
        if (SSL_CTX_add0_chain_cert(ssl, certificate) != 1) {
            X509_free(certificate);
            return SB_TLS_FILE_BAD;
        }
    }
    return is_at_end() ? SB_TLS_FILE_OK : SB_TLS_FILE_BAD;
}

int sb_tls_use_certificates(sb_tls_context *context, const char *path) {
    BIO *file;
    int status = open_file(path, &file);
    if (status) return status;
    status = use_certificates(context->ssl, file);
    BIO_free(file);
    return status;
}

int sb_tls_use_key(sb_tls_context *context, const char *path) {
    BIO *file;
    int status = open_file(path, &file);
    if (status) return status;
    int is_encrypted = 0;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(file, NULL, no_passphrase, &is_encrypted);
    BIO_free(file);
    if (!key) return is_encrypted ? SB_TLS_FILE_ENCRYPTED : is_at_end() ? SB_TLS_FILE_NOT_PEM : SB_TLS_FILE_BAD;
    X509 *certificate = SSL_CTX_get0_certificate(context->ssl);
    if (certificate && X509_check_private_key(certificate, key) != 1) {
        status = SB_TLS_FILE_MISMATCH;
    } else if (SSL_CTX_use_PrivateKey(context->ssl, key) != 1) {
        status = SB_TLS_FILE_BAD;
    }
    EVP_PKEY_free(key);
    return status;
}

static int use_authorities(SSL_CTX *ssl, BIO *file) {
    X509 *certificate;
    int count = 0;
    while ((certificate = next_certificate(file))) {
        int is_taken =
            X509_STORE_add_cert(SSL_CTX_get_cert_store(ssl), certificate) == 1 && SSL_CTX_add_client_CA(ssl, certificate);
        X509_free(certificate);
        if (!is_taken) return SB_TLS_FILE_BAD;
        count += 1;
    }
    if (!is_at_end()) return SB_TLS_FILE_BAD;
    return count > 0 ? SB_TLS_FILE_OK : SB_TLS_FILE_NOT_PEM;
}

int sb_tls_use_client_authorities(sb_tls_context *context, const char *path, int required) {
    BIO *file;
    int status = open_file(path, &file);
    if (status) return status;
    status = use_authorities(context->ssl, file);
    BIO_free(file);
    SSL_CTX_set_verify(context->ssl, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), NULL);
    return status;
}

static int seconds(const ASN1_TIME *time, int64_t *seconds) {
    struct tm calendar;
    if (ASN1_TIME_to_tm(time, &calendar) != 1) return 0;
    *seconds = timegm(&calendar);
    return 1;
}

int sb_tls_validity(const sb_tls_context *context, int64_t *from, int64_t *until) {
    X509 *certificate = SSL_CTX_get0_certificate(context->ssl);
    return certificate && seconds(X509_get0_notBefore(certificate), from)
        && seconds(X509_get0_notAfter(certificate), until);
}

void sb_tls_context_reason(char *words, size_t capacity) {
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    snprintf(words, capacity, "%s", reason ? reason : "");
}
