#ifndef SB_IDENTITY_H
#define SB_IDENTITY_H

#include "CTLSPeer.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

struct sb_identity {
    X509 *certificate;
    EVP_PKEY *key;
};

#endif
