#ifndef SB_COPENSSL_INTERNAL_H
#define SB_COPENSSL_INTERNAL_H

#include "tls.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <stdlib.h>

struct sb_tls_context {
    SSL_CTX *ssl;
    /* How connections reach their peer. */
    BIO_METHOD *io;
};

/* A way to the peer by the functions of a connection's owner. NULL if memory is short. */
BIO_METHOD *sb_tls_io_new(void);

#endif
