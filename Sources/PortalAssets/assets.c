#include "PortalAssets.h"

// `#embed` is of C23; the product's C is C17 otherwise, and clang has it there too.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t css[] = {
#embed "files/portal.css"
};
static const uint8_t js[] = {
#embed "files/portal.js"
};
static const uint8_t upload[] = {
#embed "files/upload.js"
};
static const uint8_t icon[] = {
#embed "files/icon.svg"
};

portal_file portal_css(void) { return (portal_file){css, sizeof css}; }
portal_file portal_js(void) { return (portal_file){js, sizeof js}; }
portal_file portal_icon(void) { return (portal_file){icon, sizeof icon}; }
portal_file portal_upload(void) { return (portal_file){upload, sizeof upload}; }
