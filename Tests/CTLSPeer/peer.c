#include "identity.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sb_peer {
    SSL_CTX *context;
    SSL *ssl;
    /* The newest session the server has given. */
    SSL_SESSION *session;
};

static int version(int number) {
    switch (number) {
    case 10: return TLS1_VERSION;
    case 11: return TLS1_1_VERSION;
    case 12: return TLS1_2_VERSION;
    case 13: return TLS1_3_VERSION;
    default: return 0;
    }
}

static int keep_session(SSL *ssl, SSL_SESSION *session) {
    sb_peer *peer = SSL_get_app_data(ssl);
    SSL_SESSION_free(peer->session);
    peer->session = session;
    return 1;
}

static int set_up(SSL_CTX *context, const sb_peer_options *options) {
    /* Level 0 lets a test offer what nobody should. */
    SSL_CTX_set_security_level(context, options->maximum && options->maximum < 12 ? 0 : 1);
    SSL_CTX_set_options(context, SSL_OP_ALLOW_CLIENT_RENEGOTIATION | SSL_OP_LEGACY_SERVER_CONNECT);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, keep_session);
    int is_done = SSL_CTX_set_min_proto_version(context, version(options->minimum)) == 1
        && SSL_CTX_set_max_proto_version(context, version(options->maximum)) == 1;
    if (options->suites) is_done = is_done && SSL_CTX_set_cipher_list(context, options->suites) == 1;
    if (options->protocols) {
        is_done = is_done
            && SSL_CTX_set_alpn_protos(
                   context, (const unsigned char *)options->protocols, (unsigned int)strlen(options->protocols))
                == 0;
    }
    if (options->authority) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
        is_done = is_done && X509_STORE_add_cert(SSL_CTX_get_cert_store(context), options->authority->certificate) == 1;
    }
    if (options->identity) {
        is_done = is_done && SSL_CTX_use_certificate(context, options->identity->certificate) == 1
            && SSL_CTX_use_PrivateKey(context, options->identity->key) == 1;
    }
    return is_done;
}

sb_peer *sb_peer_new(int descriptor, const sb_peer_options *options) {
    ERR_clear_error();
    /* OpenSSL writes to sockets without MSG_NOSIGNAL. */
    signal(SIGPIPE, SIG_IGN);
    sb_peer *peer = calloc(1, sizeof *peer);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *ssl = context && set_up(context, options) ? SSL_new(context) : NULL;
    if (!peer || !ssl || SSL_set_fd(ssl, descriptor) != 1) {
        SSL_free(ssl);
        SSL_CTX_free(context);
        free(peer);
        return NULL;
    }
    *peer = (sb_peer){.context = context, .ssl = ssl};
    SSL_set_app_data(ssl, peer);
    SSL_set_connect_state(ssl);
    return peer;
}

void sb_peer_free(sb_peer *peer) {
    SSL_SESSION_free(peer->session);
    SSL_free(peer->ssl);
    SSL_CTX_free(peer->context);
    free(peer);
}

int sb_peer_connect(sb_peer *peer) {
    ERR_clear_error();
    return SSL_connect(peer->ssl) == 1;
}

long sb_peer_read(sb_peer *peer, void *bytes, size_t capacity) {
    ERR_clear_error();
    int count = SSL_read(peer->ssl, bytes, (int)capacity);
    if (count > 0) return count;
    return SSL_get_error(peer->ssl, count) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

long sb_peer_write(sb_peer *peer, const void *bytes, size_t count) {
    ERR_clear_error();
    int written = SSL_write(peer->ssl, bytes, (int)count);
    return written > 0 ? written : -1;
}

void sb_peer_end(sb_peer *peer) {
    ERR_clear_error();
    SSL_shutdown(peer->ssl);
}

int sb_peer_rekey(sb_peer *peer) {
    ERR_clear_error();
    if (SSL_version(peer->ssl) == TLS1_3_VERSION) return SSL_key_update(peer->ssl, SSL_KEY_UPDATE_REQUESTED);
    return SSL_renegotiate(peer->ssl) == 1 && SSL_do_handshake(peer->ssl) == 1;
}

int sb_peer_version(const sb_peer *peer) { return 10 + SSL_version(peer->ssl) - TLS1_VERSION; }

int sb_peer_was_resumed(const sb_peer *peer) { return SSL_session_reused(peer->ssl); }

void sb_peer_suite(const sb_peer *peer, char *words, size_t capacity) {
    snprintf(words, capacity, "%s", SSL_get_cipher_name(peer->ssl));
}

void sb_peer_protocol(const sb_peer *peer, char *words, size_t capacity) {
    const unsigned char *name;
    unsigned int count;
    SSL_get0_alpn_selected(peer->ssl, &name, &count);
    snprintf(words, capacity, "%.*s", (int)count, name ? (const char *)name : "");
}

void sb_peer_server_name(const sb_peer *peer, char *words, size_t capacity) {
    const X509 *certificate = SSL_get0_peer_certificate(peer->ssl);
    words[0] = 0;
    if (certificate) X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, words, (int)capacity);
}

void sb_peer_reason(const sb_peer *peer, char *words, size_t capacity) {
    (void)peer;
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    snprintf(words, capacity, "%s", reason ? reason : errno ? strerror(errno) : "");
}

int sb_peer_resume(sb_peer *peer, const sb_peer *earlier) {
    return earlier->session && SSL_set_session(peer->ssl, earlier->session) == 1;
}
