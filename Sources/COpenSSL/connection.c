#include "internal.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdio.h>

struct sb_tls {
    SSL *ssl;
    void *owner;
    sb_tls_receive receive;
    sb_tls_send send;
    /* −errno of the function that failed. */
    ptrdiff_t error;
    /* What the peer said first. */
    char first_byte;
    int has_begun;
    int has_reached_end;
    /* After a fatal error OpenSSL must not be asked for anything more. */
    int is_over;
};

/* ---- The way to the peer ---- */

static int clamped(ptrdiff_t count) { return count > INT32_MAX ? INT32_MAX : (int)count; }

static int io_read(BIO *bio, char *bytes, int count) {
    sb_tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (count <= 0) return 0;
    ptrdiff_t result = tls->receive(tls->owner, bytes, (size_t)count);
    if (result > 0) {
        if (!tls->has_begun) tls->first_byte = bytes[0];
        tls->has_begun = 1;
        return clamped(result);
    }
    if (result == 0) {
        tls->has_reached_end = 1;
        return 0;
    }
    if (result == -EAGAIN) {
        BIO_set_retry_read(bio);
    } else {
        tls->error = result;
    }
    return -1;
}

static int io_write(BIO *bio, const char *bytes, int count) {
    sb_tls *tls = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (count <= 0) return 0;
    ptrdiff_t result = tls->send(tls->owner, bytes, (size_t)count);
    if (result > 0) return clamped(result);
    if (result == 0 || result == -EAGAIN) {
        BIO_set_retry_write(bio);
    } else {
        tls->error = result;
    }
    return -1;
}

static long io_control(BIO *bio, int command, long number, void *pointer) {
    (void)number, (void)pointer;
    const sb_tls *tls = BIO_get_data(bio);
    switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_EOF: return tls->has_reached_end;
    default: return 0;
    }
}

BIO_METHOD *sb_tls_io_new(void) {
    /* Without a number of its own, of which a process has 127: nobody looks for this one by its number. */
    BIO_METHOD *io = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "connection");
    if (io && BIO_meth_set_read(io, io_read) && BIO_meth_set_write(io, io_write) && BIO_meth_set_ctrl(io, io_control)) {
        return io;
    }
    BIO_meth_free(io);
    return NULL;
}

/* ---- The connection ---- */

sb_tls *sb_tls_new(sb_tls_context *context, void *owner, sb_tls_receive receive, sb_tls_send send) {
    ERR_clear_error();
    sb_tls *tls = calloc(1, sizeof *tls);
    SSL *ssl = SSL_new(context->ssl);
    BIO *bio = BIO_new(context->io);
    if (!tls || !ssl || !bio) {
        BIO_free(bio);
        SSL_free(ssl);
        free(tls);
        return NULL;
    }
    *tls = (sb_tls){.ssl = ssl, .owner = owner, .receive = receive, .send = send};
    BIO_set_data(bio, tls);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    SSL_set_accept_state(ssl);
    return tls;
}

void sb_tls_free(sb_tls *tls) {
    SSL_free(tls->ssl);
    free(tls);
}

/* Whether a connection that failed began like a request: no record of TLS begins with a letter, and OpenSSL says nothing
   to a peer whose first record is none. */
static int is_plain_http(const sb_tls *tls) { return tls->first_byte >= 'A' && tls->first_byte <= 'Z'; }

/* What a call that moved no bytes came to. */
static ptrdiff_t outcome(sb_tls *tls, int result) {
    switch (SSL_get_error(tls->ssl, result)) {
    case SSL_ERROR_WANT_READ: return SB_TLS_WANTS_READ;
    case SSL_ERROR_WANT_WRITE: return SB_TLS_WANTS_WRITE;
    case SSL_ERROR_ZERO_RETURN: return SB_TLS_END;
    default: break;
    }
    tls->is_over = 1;
    if (tls->error) return SB_TLS_LOST;
    return is_plain_http(tls) ? SB_TLS_NOT_TLS : SB_TLS_BROKEN;
}

ptrdiff_t sb_tls_read(sb_tls *tls, void *bytes, size_t capacity) {
    if (tls->is_over) return SB_TLS_BROKEN;
    ERR_clear_error();
    int result = SSL_read(tls->ssl, bytes, clamped((ptrdiff_t)capacity));
    return result > 0 ? result : outcome(tls, result);
}

ptrdiff_t sb_tls_write(sb_tls *tls, const void *bytes, size_t count) {
    if (tls->is_over) return SB_TLS_BROKEN;
    ERR_clear_error();
    int result = SSL_write(tls->ssl, bytes, count > SB_TLS_RECORD_BYTES ? SB_TLS_RECORD_BYTES : (int)count);
    return result > 0 ? result : outcome(tls, result);
}

void sb_tls_end(sb_tls *tls) {
    if (tls->is_over || !sb_tls_is_established(tls)) return;
    ERR_clear_error();
    SSL_shutdown(tls->ssl);
}

int sb_tls_is_established(const sb_tls *tls) { return SSL_is_init_finished(tls->ssl); }

ptrdiff_t sb_tls_error(const sb_tls *tls) { return tls->error; }

void sb_tls_reason(const sb_tls *tls, char *words, size_t capacity) {
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    long found = SSL_get_verify_result(tls->ssl);
    if (found == X509_V_OK) {
        snprintf(words, capacity, "%s", reason ? reason : "");
    } else {
        snprintf(words, capacity, "%s: %s", reason ? reason : "", X509_verify_cert_error_string(found));
    }
}
